//! Recognizes files that may hold secrets, such as tokens and private keys, by name; no output may contain
//! them.

use serde::Deserialize;
use std::path::{Component, Path};

/// The settings file of the official tool; it may name a file with a token.
pub(super) const SETTINGS: &str = "config.stencil.json";

/// Extensions of files that hold keys or certificates.
const EXTENSIONS: &[&str] = &[
    "cer", "crt", "der", "jks", "key", "keystore", "p12", "p7b", "p8", "pem", "pfx", "pkcs12",
    "ppk",
];

/// Names of files that hold tokens, passwords or keys.
const NAMES: &[&str] = &[
    ".htpasswd",
    ".netrc",
    ".npmrc",
    ".pypirc",
    ".stencil",
    "id_dsa",
    "id_ecdsa",
    "id_ed25519",
    "id_rsa",
];

/// Decides which files of one theme may hold secrets.
#[derive(Debug, Default)]
pub(super) struct Secrets {
    /// The path below the theme's root that the settings name.
    named: Option<String>,
}

#[derive(Default, Deserialize)]
struct Settings {
    #[serde(rename = "secretsFileName")]
    name: Option<String>,
}

impl Secrets {
    /// Creates the rules for a theme with these settings of the official tool.
    pub(super) fn new(settings: Option<&[u8]>) -> Self {
        let settings = settings.map(|bytes| bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
        let settings = settings.and_then(|bytes| serde_json::from_slice::<Settings>(bytes).ok());
        Self { named: settings.unwrap_or_default().name.as_deref().and_then(below_root) }
    }

    /// Reports whether the file `path` below the root may hold secrets.
    pub(super) fn holds(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        let lower = name.to_ascii_lowercase();
        let extension = lower.rsplit_once('.').map_or("", |(_, extension)| extension);
        NAMES.contains(&lower.as_str())
            || EXTENSIONS.contains(&extension)
            || lower == ".env"
            || lower.starts_with(".env.")
            || lower.starts_with("secrets.stencil") && extension == "json"
            || self.named.as_deref() == Some(path)
    }

    /// Reports whether a file of this name, in any folder, may be the one that the settings name.
    pub(super) fn names(&self, name: &str) -> bool {
        self.named.as_deref().is_some_and(|named| named.rsplit('/').next() == Some(name))
    }
}

/// Resolves a path in the settings below the root; `None` if it leads elsewhere.
fn below_root(spelled: &str) -> Option<String> {
    let spelled = spelled.replace('\\', "/");
    let mut parts: Vec<&str> = Vec::new();
    for part in Path::new(&spelled).components() {
        match part {
            Component::Normal(part) => parts.push(part.to_str()?),
            Component::ParentDir => drop(parts.pop()?),
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_recognised_by_file_name() {
        let none = Secrets::new(None);
        for path in [
            ".env",
            ".env.production",
            "a/.env.local",
            "assets/key.pem",
            "assets/A.PEM",
            "x.key",
            "server.crt",
            "a/b/id_rsa",
            ".npmrc",
            "secrets.stencil-demo.json",
            "x/secrets.stencil.json",
            "a/AuthKey.p8",
            "store.p12",
            "putty.ppk",
            "sub/.stencil",
            ".NETRC",
        ] {
            assert!(none.holds(path), "{path}");
        }
        for path in [
            "assets/js/key.js",
            "assets/envelope.svg",
            ".environment",
            "assets/.envelope",
            "pem",
            "keys/x.json",
            "assets/id_rsa.pub",
            "lang/secrets.json",
            "assets/monkey",
            "a.pem/x.html",
        ] {
            assert!(!none.holds(path), "{path}");
        }
    }

    #[test]
    fn secrets_file_name_is_read_from_stencil_settings() {
        let named = |settings: &str| Secrets::new(Some(settings.as_bytes())).named;
        for (spelled, path) in [
            ("my.json", Some("my.json")),
            ("./my.json", Some("my.json")),
            ("./a//b.json", Some("a/b.json")),
            ("a/../my.json", Some("my.json")),
            ("a\\\\b.json", Some("a/b.json")),
            ("../my.json", None),
            ("/etc/my.json", None),
            ("", None),
            (".", None),
        ] {
            let settings = format!("{{\"port\": 3000, \"secretsFileName\": \"{spelled}\"}}");
            assert_eq!(named(&settings).as_deref(), path, "{spelled}");
        }
        assert_eq!(named("\u{feff}{\"secretsFileName\": \"x\"}").as_deref(), Some("x"));
        for settings in ["", "{", "[]", "{}", "{\"secretsFileName\": null}"] {
            assert_eq!(named(settings), None, "{settings}");
        }
    }
}
