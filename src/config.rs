//! Settings from `stencil-guard.toml` and from the command line, in layers: default ← file ← flags.
//!
//! It says what was asked for; what the values mean is for the pipeline to check.

use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The name of the settings file.
pub const FILE_NAME: &str = "stencil-guard.toml";

/// How the theme is guarded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Guarded pages send every shopper to the storefront.
    #[default]
    Redirect,
    /// Members of allowed groups see guarded pages; all others get a page that leads away.
    Conditional,
    /// Everybody gets a page that leads away instead of guarded pages.
    Replace,
    /// No page is guarded.
    Links,
}

/// What kept pages show around their own content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum KeptChromeSetting {
    /// Header, navigation and footer.
    #[default]
    Full,
    /// The logo only.
    Bare,
}

/// Whether and where the bundle is written.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum BundleChoice {
    /// `true`: under the default name; `false`: not at all.
    Wanted(bool),
    /// To this file.
    File(PathBuf),
}

/// How hard the bundle is compressed, from 0 (not at all) to 9.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u8")]
pub struct Level(u8);

impl Default for Level {
    fn default() -> Self {
        Self(6)
    }
}

impl TryFrom<u8> for Level {
    type Error = &'static str;

    fn try_from(level: u8) -> Result<Self, Self::Error> {
        if level <= 9 { Ok(Self(level)) } else { Err("a level is a number from 0 to 9") }
    }
}

impl std::str::FromStr for Level {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::try_from(text.parse::<u8>().unwrap_or(u8::MAX))
    }
}

impl From<Level> for u8 {
    fn from(level: Level) -> Self {
        level.0
    }
}

/// One layer of settings; what is `None` is left to the layer below.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// Address of the storefront.
    pub storefront: Option<String>,
    /// How the theme is guarded.
    pub mode: Option<Mode>,
    /// Customer groups that see guarded pages: numbers, or `name:` and a name.
    pub allow_group: Option<Vec<String>>,
    /// Pages to keep besides the default ones.
    pub keep: Option<Vec<String>>,
    /// Pages to guard although they are kept by default.
    pub no_keep: Option<Vec<String>>,
    /// Pages that shoppers may go on seeing if no guard can be placed.
    pub allow_open: Option<Vec<String>>,
    /// Folder for the guarded theme.
    pub out: Option<PathBuf>,
    /// The bundle.
    pub bundle: Option<BundleChoice>,
    /// A new name for the theme.
    pub theme_name: Option<String>,
    /// Whether the local development server redirects too.
    pub guard_development: Option<bool>,
    /// Hosts that belong to the store besides its own.
    pub own_host: Option<Vec<String>>,
    /// Folder with the user's rules about links.
    pub patches: Option<PathBuf>,
    /// What kept pages show around their own content.
    pub kept_chrome: Option<KeptChromeSetting>,
    /// Whether warnings stop a build.
    pub strict: Option<bool>,
    /// Whether the theme is for the marketplace, which asks for more.
    pub marketplace: Option<bool>,
    /// Whether source maps of scripts go into the bundle.
    pub source_maps: Option<bool>,
    /// How hard the bundle is compressed.
    pub level: Option<Level>,
    /// Whether style sheets are compiled, to see whether that works.
    pub style_check: Option<bool>,
}

/// The keys of a settings file.
const KEYS: &[&str] = &[
    "storefront",
    "mode",
    "allow-group",
    "keep",
    "no-keep",
    "allow-open",
    "out",
    "bundle",
    "theme-name",
    "guard-development",
    "own-host",
    "patches",
    "kept-chrome",
    "strict",
    "marketplace",
    "source-maps",
    "level",
    "style-check",
];

/// Why a settings file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It says something that is not understood.
    #[error("{message}")]
    Invalid {
        /// The file.
        path: PathBuf,
        /// Its text.
        text: String,
        /// Where in the text.
        span: Range<usize>,
        /// What is wrong.
        message: String,
        /// The key that may have been meant.
        closest: Option<&'static str>,
    },
}

impl Settings {
    /// Reads a settings file; paths in it are below its own folder.
    ///
    /// # Errors
    /// When it cannot be read or says something that is not understood.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Io { path: path.to_owned(), source })?;
        let mut settings: Settings =
            toml::from_str(&text).map_err(|error| invalid(path, &text, &error))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        settings.out = settings.out.map(|out| folder.join(out));
        settings.patches = settings.patches.map(|patches| folder.join(patches));
        if let Some(BundleChoice::File(file)) = &mut settings.bundle {
            *file = folder.join(&file);
        }
        Ok(settings)
    }

    /// These settings, and where they say nothing those of the layer `below`.
    #[must_use]
    pub fn over(self, below: Settings) -> Settings {
        // Named one by one, so that a new setting cannot be forgotten here.
        let Settings {
            storefront,
            mode,
            allow_group,
            keep,
            no_keep,
            allow_open,
            out,
            bundle,
            theme_name,
            guard_development,
            own_host,
            patches,
            kept_chrome,
            strict,
            marketplace,
            source_maps,
            level,
            style_check,
        } = self;
        // The two say one thing together: which pages are kept.
        let names_pages = keep.is_some() || no_keep.is_some();
        Settings {
            storefront: storefront.or(below.storefront),
            mode: mode.or(below.mode),
            allow_group: allow_group.or(below.allow_group),
            keep: if names_pages { keep } else { below.keep },
            no_keep: if names_pages { no_keep } else { below.no_keep },
            allow_open: allow_open.or(below.allow_open),
            out: out.or(below.out),
            bundle: bundle.or(below.bundle),
            theme_name: theme_name.or(below.theme_name),
            guard_development: guard_development.or(below.guard_development),
            own_host: own_host.or(below.own_host),
            patches: patches.or(below.patches),
            kept_chrome: kept_chrome.or(below.kept_chrome),
            strict: strict.or(below.strict),
            marketplace: marketplace.or(below.marketplace),
            source_maps: source_maps.or(below.source_maps),
            level: level.or(below.level),
            style_check: style_check.or(below.style_check),
        }
    }
}

fn invalid(path: &Path, text: &str, error: &toml::de::Error) -> ConfigError {
    let span = error.span().unwrap_or(0..0);
    let key = text.get(span.clone()).unwrap_or_default();
    let is_unknown_key = error.message().starts_with("unknown field");
    let closest = is_unknown_key
        .then(|| {
            KEYS.iter()
                .copied()
                .max_by(|one, other| similarity(key, one).total_cmp(&similarity(key, other)))
        })
        .flatten();
    let message = match is_unknown_key {
        true => format!("there is no setting `{key}`"),
        false => error.message().to_owned(),
    };
    ConfigError::Invalid { path: path.to_owned(), text: text.to_owned(), span, message, closest }
}

fn similarity(key: &str, name: &str) -> f64 {
    strsim::jaro_winkler(&key.to_ascii_lowercase().replace('_', "-"), name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Settings, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        std::fs::write(&path, text).unwrap();
        Settings::read(&path)
    }

    #[test]
    fn every_key_is_read() {
        let settings = read(
            "storefront = 'https://a.example'\nmode = 'redirect'\nallow-group = ['7', 'name:Staff']\nkeep = ['cart']\nno-keep = []\nallow-open = ['a']\n\
             out = '../out'\nbundle = false\ntheme-name = 'N'\nguard-development = true\nown-host = ['a.example']\npatches = 'p'\n\
             kept-chrome = 'bare'\nstrict = true\nmarketplace = true\nsource-maps = true\nlevel = 9\nstyle-check = false\n",
        )
        .unwrap();
        assert_eq!(settings.clone().over(Settings::default()), settings);
        assert!(settings.out.unwrap().ends_with("../out"));
        assert_eq!(settings.bundle, Some(BundleChoice::Wanted(false)));
        assert!(read("level = 10").is_err() && read("level = -1").is_err());
        for key in KEYS {
            let known = match read(&format!("{key} = {{}}")) {
                Err(ConfigError::Invalid { closest, .. }) => closest.is_none(),
                _ => false,
            };
            assert!(known, "{key}");
        }
    }

    #[test]
    fn an_unknown_key_is_refused_with_the_nearest() {
        let Err(ConfigError::Invalid { span, message, closest, .. }) =
            read("keep = []\nstore_front = 'x'\n")
        else {
            panic!("accepted");
        };
        assert_eq!(span, 10..21);
        assert_eq!(message, "there is no setting `store_front`");
        assert_eq!(closest, Some("storefront"));
    }

    #[test]
    fn flags_win_over_the_file() {
        let flags = Settings { storefront: Some("a".to_owned()), ..Settings::default() };
        let file = Settings {
            storefront: Some("b".to_owned()),
            keep: Some(vec!["cart".to_owned()]),
            ..Settings::default()
        };
        let merged = flags.over(file);
        assert_eq!(merged.storefront.as_deref(), Some("a"));
        assert_eq!(merged.keep, Some(vec!["cart".to_owned()]));
    }
}
