//! Reads a settings file and one of its profiles.

use super::{FileTable, KEYS, Settings, places};
use crate::text::nearest;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The name of the settings file.
pub const FILE_NAME: &str = "stencil-guard.toml";

/// The table that holds settings for one occasion, such as `[profile.staging]`.
const PROFILE: &str = "profile";

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
        /// What to do.
        help: Option<String>,
    },
    /// A profile is asked for that the file does not have.
    #[error("{} has no profile `{name}`", path.display())]
    NoProfile {
        /// The file.
        path: PathBuf,
        /// The profile.
        name: String,
        /// Those that it has.
        others: Vec<String>,
    },
    /// A profile is asked for, and there is no file.
    #[error("there is no {}, which would hold the profile `{name}`", path.display())]
    NoFile {
        /// Where the file would be.
        path: PathBuf,
        /// The profile.
        name: String,
    },
    /// A variable of the environment says something that is not understood.
    #[error(transparent)]
    Environment(#[from] EnvironmentError),
}

/// A variable of the environment says something that is not understood.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the environment variable {name} is `{value}`, which is no value for it{why}")]
pub struct EnvironmentError {
    /// The variable.
    pub name: String,
    /// What it says.
    pub value: String,
    /// What it should say, after a colon; may be empty.
    pub why: String,
}

/// What a settings file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SettingsFile {
    /// What always counts.
    pub settings: Settings,
    /// What counts for one occasion, by name.
    pub profiles: BTreeMap<String, Settings>,
}

impl SettingsFile {
    /// Reads a settings file; paths in it are below its own folder.
    ///
    /// # Errors
    /// When it cannot be read or says something that is not understood.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Io { path: path.to_owned(), source })?;
        Self::parse(path, &text)
    }

    /// Reads the text of a settings file at `path`.
    ///
    /// # Errors
    /// When it says something that is not understood.
    pub fn parse(path: &Path, text: &str) -> Result<Self, ConfigError> {
        let table: FileTable = toml::from_str(text).map_err(|error| invalid(path, text, &error))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let (mut settings, mut profiles) = table.split();
        places::note(path, text, &mut settings, &mut profiles);
        let below = |(name, profile): (String, Settings)| (name, profile.below(folder));
        Ok(Self {
            settings: settings.below(folder),
            profiles: profiles.into_iter().map(below).collect(),
        })
    }

    /// The settings of the profile called `name`, of the file at `path`.
    ///
    /// # Errors
    /// When there is none.
    pub fn profile(&self, name: &str, path: &Path) -> Result<Settings, ConfigError> {
        self.profiles.get(name).cloned().ok_or_else(|| ConfigError::NoProfile {
            path: path.to_owned(),
            name: name.to_owned(),
            others: self.profiles.keys().cloned().collect(),
        })
    }
}

/// Names of flags that no file may hold.
const FLAGS_ONLY: &[&str] = &[
    "build-timeout",
    "check",
    "config",
    "dry-run",
    "format",
    "no-bundle",
    "no-style-check",
    "run-build",
];

fn invalid(path: &Path, text: &str, error: &toml::de::Error) -> ConfigError {
    let span = error.span().unwrap_or(0..0);
    let key = text.get(span.clone()).unwrap_or_default();
    let is_unknown_key = error.message().starts_with("unknown field");
    let (message, help) = match is_unknown_key {
        true if error.message().contains("`from`") => {
            (format!("a path rule has no `{key}`"), Some(OF_A_RULE.to_owned()))
        }
        true if error.message().contains("`locale`") => {
            (format!("a further storefront has no `{key}`"), Some(OF_A_STOREFRONT.to_owned()))
        }
        true => (format!("there is no setting `{key}`"), Some(instead_of(key))),
        false => (error.message().to_owned(), None),
    };
    ConfigError::Invalid { path: path.to_owned(), text: text.to_owned(), span, message, help }
}

const OF_A_RULE: &str = "it has `from`, `page`, `to`, `fallback` and `query`";

const OF_A_STOREFRONT: &str = "it has `host`, `locale` and `url`";

/// What to write instead of a key that there is not.
fn instead_of(key: &str) -> String {
    let names = || KEYS.iter().map(|key| key.name);
    let suggestion = match key {
        "no-bundle" => "write `bundle = false`",
        "no-style-check" => "write `style-check = false`",
        PROFILE => "a profile holds no other profile",
        _ if FLAGS_ONLY.contains(&key) => "this is for the command line only",
        _ => {
            let nearest = nearest(key, names().chain([PROFILE]));
            return nearest.map_or_else(
                || format!("the settings are {}", names().collect::<Vec<_>>().join(", ")),
                |nearest| format!("did you mean `{nearest}`?"),
            );
        }
    };
    suggestion.to_owned()
}
