//! A small theme made for one point of the checklist, and what is claimed about its official bundle.

use std::path::Path;

use libtest_mimic::Failed;
use md5::Digest;

/// One point of the checklist.
pub(crate) struct Point {
    pub(crate) number: u8,
    pub(crate) title: &'static str,
    pub(crate) cases: Vec<Case>,
}

/// A theme and what both bundlers do with it.
#[derive(Default)]
pub(crate) struct Case {
    files: Vec<(String, Content)>,
    pub(crate) ending: Ending,
    pub(crate) marketplace: bool,
    pub(crate) source_maps: bool,
    /// Whether the zip lacks something that its parts were made of.
    pub(crate) is_incomplete: bool,
    pub(crate) claims: Vec<(String, Claim)>,
}

enum Content {
    Bytes(Vec<u8>),
    Executable,
    Directory,
    /// A symbolic link to this.
    Link(String),
    Absent,
}

/// How the two bundlers end; all but the first two are differences that the guide lists.
#[derive(Clone, Copy, Default)]
pub(crate) enum Ending {
    /// Both make a bundle, with the same entries.
    #[default]
    Same,
    /// Both refuse the theme, ours with this code.
    Refused(&'static str),
    /// The official bundler fails; ours makes a bundle, and warns with this code.
    Warned(&'static str),
    /// The official bundler fails; ours makes a bundle.
    Mended,
    /// The official bundler leaves a bundle that the platform refuses; ours refuses with this code.
    RefusedEarly(&'static str),
    /// The official bundler makes a bundle; ours refuses with this code.
    Stricter(&'static str),
}

/// What an entry of the official bundle is like; so a theme that misses its point is noticed.
pub(crate) enum Claim {
    Is(&'static str),
    Absent,
    Present,
    Holds(String),
    Lacks(String),
    Keys(Vec<&'static str>),
}

/// A theme that both bundlers take.
const BASE: [(&str, &str); 4] = [
    ("config.json", CONFIG),
    ("lang/en.json", "{}"),
    ("templates/layout/base.html", "<html><head></head><body></body></html>"),
    ("templates/pages/home.html", "---\nhero: true\n---\nHome"),
];
const CONFIG: &str = r#"{"name": "Point", "version": "1.0", "css_compiler": "scss", "settings": {"known": "k"},
"meta": {"author_name": "A", "author_email": "a@example.com", "author_support_url": "x"},
"variations": [{"name": "Light", "id": "light", "meta": {"description": ""}}]}"#;

/// A point about the base theme with one change or more.
pub(crate) fn point(number: u8, title: &'static str, cases: Vec<Case>) -> Point {
    Point { number, title, cases }
}

/// The base theme.
pub(crate) fn case() -> Case {
    let mut case = Case::default().file("assets/scss/.keep", "");
    for (path, text) in BASE {
        case = case.file(path, text);
    }
    case
}

/// The base theme with one file over it.
pub(crate) fn with(path: &str, text: impl AsRef<[u8]>) -> Case {
    case().file(path, text)
}

/// The base theme with another text in `config.json`.
pub(crate) fn config(from: &str, to: &str) -> Case {
    assert!(CONFIG.contains(from), "{from}");
    with("config.json", CONFIG.replace(from, to))
}

/// Where the parsed file of a template stands.
pub(crate) fn parsed(name: &str) -> String {
    let digest = md5::Md5::digest(name.as_bytes());
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("parsed/templates/{hex}.json")
}

impl Case {
    pub(crate) fn file(mut self, path: &str, text: impl AsRef<[u8]>) -> Self {
        self.files.push((path.to_owned(), Content::Bytes(text.as_ref().to_vec())));
        self
    }

    pub(crate) fn files(self, paths: &[&str]) -> Self {
        paths.iter().fold(self, |case, path| case.file(path, *path))
    }

    pub(crate) fn executable(mut self, path: &str) -> Self {
        self.files.push((path.to_owned(), Content::Executable));
        self
    }

    pub(crate) fn directory(mut self, path: &str) -> Self {
        self.files.push((path.to_owned(), Content::Directory));
        self
    }

    pub(crate) fn link(mut self, path: &str, target: &str) -> Self {
        self.files.push((path.to_owned(), Content::Link(target.to_owned())));
        self
    }

    pub(crate) fn without(mut self, path: &str) -> Self {
        self.files.push((path.to_owned(), Content::Absent));
        self
    }

    pub(crate) fn ends(mut self, ending: Ending) -> Self {
        self.ending = ending;
        self
    }

    pub(crate) fn for_marketplace(mut self) -> Self {
        self.marketplace = true;
        self
    }

    pub(crate) fn with_source_maps(mut self) -> Self {
        self.source_maps = true;
        self
    }

    /// The bundle cannot be made again from its zip, by nobody.
    pub(crate) fn incomplete(mut self) -> Self {
        self.is_incomplete = true;
        self
    }

    pub(crate) fn has(self, entries: &[&str]) -> Self {
        entries.iter().fold(self, |case, entry| case.claim(*entry, Claim::Present))
    }

    pub(crate) fn has_no(self, entries: &[&str]) -> Self {
        entries.iter().fold(self, |case, entry| case.claim(*entry, Claim::Absent))
    }

    pub(crate) fn is(self, entry: &str, text: &'static str) -> Self {
        self.claim(entry, Claim::Is(text))
    }

    pub(crate) fn holds(self, entry: &str, text: &str) -> Self {
        self.claim(entry, Claim::Holds(text.to_owned()))
    }

    pub(crate) fn lacks(self, entry: &str, text: &str) -> Self {
        self.claim(entry, Claim::Lacks(text.to_owned()))
    }

    /// The keys of an entry, in order.
    pub(crate) fn keys(self, entry: &str, keys: &[&'static str]) -> Self {
        self.claim(entry, Claim::Keys(keys.to_vec()))
    }

    /// The names in the parsed file of a template, in order.
    pub(crate) fn closure(self, name: &str, keys: &[&'static str]) -> Self {
        self.keys(&parsed(name), keys)
    }

    fn claim(mut self, entry: impl Into<String>, claim: Claim) -> Self {
        self.claims.push((entry.into(), claim));
        self
    }

    /// Writes the theme.
    pub(crate) fn write(&self, folder: &Path) -> std::io::Result<()> {
        for (path, content) in &self.files {
            let path = folder.join(path);
            std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
            match content {
                Content::Bytes(bytes) => std::fs::write(path, bytes)?,
                Content::Link(target) => link(target, &path)?,
                Content::Directory => std::fs::create_dir_all(path)?,
                Content::Absent => std::fs::remove_file(path)?,
                Content::Executable => {
                    std::fs::write(&path, "#!/bin/sh\n")?;
                    make_executable(&path)?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(unix)]
fn link(target: &str, path: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(target, path)
}

#[cfg(not(unix))]
fn link(_target: &str, path: &Path) -> std::io::Result<()> {
    std::fs::write(path, "")
}

#[cfg(unix)]
fn make_executable(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_executable(_path: &Path) -> std::io::Result<()> {
    Ok(())
}

impl Claim {
    /// Whether an entry is as claimed.
    pub(crate) fn check(&self, entry: &str, content: Option<&[u8]>) -> Result<(), Failed> {
        let text = content.map(String::from_utf8_lossy);
        let holds = match (self, &text) {
            (Self::Absent, text) => text.is_none(),
            (Self::Present, Some(_)) => true,
            (Self::Is(expected), Some(text)) => text == expected,
            (Self::Holds(part), Some(text)) => text.contains(part.as_str()),
            (Self::Lacks(part), Some(text)) => !text.contains(part.as_str()),
            (Self::Keys(keys), Some(text)) => {
                let object: serde_json::Map<String, serde_json::Value> =
                    serde_json::from_str(text)?;
                object.keys().eq(keys)
            }
            (_, None) => false,
        };
        let text = text.unwrap_or("nothing".into());
        holds
            .then_some(())
            .ok_or_else(|| format!("{entry} is not as the point says: {text}").into())
    }
}
