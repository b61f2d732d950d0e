//! Reads a settings file and one of its profiles.

use super::faults;
use super::{FileTable, Settings, places};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The name of the settings file.
pub const FILE_NAME: &str = "stencil-guard.toml";

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
    /// Its text is not valid.
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
    /// The file does not have the requested profile.
    #[error("{} has no profile `{name}`", path.display())]
    NoProfile {
        /// The file.
        path: PathBuf,
        /// The profile.
        name: String,
        /// The profiles that it has.
        others: Vec<String>,
    },
    /// A profile is requested, but there is no file.
    #[error("there is no {}, which would hold the profile `{name}`", path.display())]
    NoFile {
        /// Where the file would be.
        path: PathBuf,
        /// The profile.
        name: String,
    },
    /// An environment variable has a value that is not valid.
    #[error(transparent)]
    Environment(#[from] EnvironmentError),
}

/// An environment variable has a value that is not valid.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the environment variable {name} is `{value}`, which is not a valid value{why}")]
pub struct EnvironmentError {
    /// The variable.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Why it is not valid, with a leading `: `, or the possible values, with a leading `; `; may be empty.
    pub why: String,
}

/// The content of a settings file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SettingsFile {
    /// The settings that always apply.
    pub settings: Settings,
    /// The settings of each profile, by name.
    pub profiles: BTreeMap<String, Settings>,
}

impl SettingsFile {
    /// Reads a settings file. Paths in it are relative to its folder.
    ///
    /// # Errors
    /// When the file cannot be read or is not valid.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Io { path: path.to_owned(), source })?;
        Self::parse(path, &text)
    }

    /// Parses the text of the settings file at `path`.
    ///
    /// # Errors
    /// When the text is not valid.
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

    /// Returns the settings of the profile `name`; `path` is the path of the file, for the error.
    ///
    /// # Errors
    /// When there is no such profile.
    pub fn profile(&self, name: &str, path: &Path) -> Result<Settings, ConfigError> {
        self.profiles.get(name).cloned().ok_or_else(|| ConfigError::NoProfile {
            path: path.to_owned(),
            name: name.to_owned(),
            others: self.profiles.keys().cloned().collect(),
        })
    }
}

fn invalid(path: &Path, text: &str, error: &toml::de::Error) -> ConfigError {
    let span = error.span().unwrap_or(0..0);
    let part = text.get(span.clone()).unwrap_or_default();
    let (message, help) = faults::explain(error.message(), part);
    ConfigError::Invalid { path: path.to_owned(), text: text.to_owned(), span, message, help }
}
