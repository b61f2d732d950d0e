//! Merges the layers of settings: default ← file ← profile ← environment ← flags.

use super::{ConfigError, EnvironmentError, Settings, SettingsFile};
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

/// Where a setting comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The program.
    Default,
    /// A settings file.
    File(PathBuf),
    /// A profile of the settings file.
    Profile(String),
    /// An environment variable.
    Environment,
    /// The command line.
    Flags,
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => formatter.write_str("default"),
            Self::File(path) => write!(formatter, "{}", path.display()),
            Self::Profile(name) => write!(formatter, "profile {name}"),
            Self::Environment => formatter.write_str("environment"),
            Self::Flags => formatter.write_str("command line"),
        }
    }
}

/// Settings merged from several layers, and the layer that each comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effective {
    /// The settings.
    pub settings: Settings,
    /// The layer of each key that has a value.
    pub origins: BTreeMap<&'static str, Origin>,
}

impl Effective {
    /// Returns these settings with `layer` merged over them.
    #[must_use]
    pub fn under(mut self, origin: &Origin, layer: Settings) -> Self {
        let said = layer.set_keys();
        self.settings = layer.over(self.settings);
        let left = self.settings.set_keys();
        self.origins.retain(|key, _| left.contains(key));
        self.origins.extend(said.into_iter().map(|key| (key, origin.clone())));
        self
    }

    /// Returns these settings, with the default for each that has no value.
    #[must_use]
    pub fn with_defaults(mut self) -> Self {
        let names_pages = self.settings.keep.is_some() || self.settings.no_keep.is_some();
        self.settings = self.settings.over(Settings::defaults());
        if names_pages {
            self.settings.keep.get_or_insert_default();
            self.settings.no_keep.get_or_insert_default();
        }
        for key in self.settings.set_keys() {
            self.origins.entry(key).or_insert(Origin::Default);
        }
        self
    }
}

/// The sources of settings, besides the defaults.
#[derive(Clone, Debug)]
pub struct Sources {
    /// The settings file, if one was named.
    pub file: Option<PathBuf>,
    /// The profile, if one was named.
    pub profile: Option<String>,
    /// The settings from the environment.
    pub environment: Result<Settings, EnvironmentError>,
    /// The settings from the command line.
    pub flags: Settings,
}

impl From<Settings> for Sources {
    /// Creates sources that hold only flags.
    fn from(flags: Settings) -> Self {
        Self { file: None, profile: None, environment: Ok(Settings::default()), flags }
    }
}

impl Sources {
    /// Reads and merges all sources. The settings file is the one at `usual` if none was named. With
    /// `is_copy`, that file was copied from another folder: its paths are right only there, so they are
    /// ignored.
    ///
    /// # Errors
    /// When the settings file cannot be used, or has no such profile.
    pub fn read(&self, usual: &Path, is_copy: bool) -> Result<Effective, ConfigError> {
        let path = self.file.as_deref().unwrap_or(usual);
        let mut effective = Effective::default();
        if self.file.is_some() || path.exists() {
            let file = SettingsFile::read(path)?;
            let is_copy = is_copy && self.file.is_none();
            let own = |settings: Settings| match is_copy {
                true => Settings { out: None, bundle: None, patches: None, ..settings },
                false => settings,
            };
            let settings = own(file.settings.clone());
            effective = effective.under(&Origin::File(path.to_owned()), settings);
            if let Some(name) = &self.profile {
                let profile = own(file.profile(name, path)?);
                effective = effective.under(&Origin::Profile(name.clone()), profile);
            }
        } else if let Some(name) = &self.profile {
            return Err(ConfigError::NoFile { path: path.to_owned(), name: name.clone() });
        }
        let environment = effective.under(&Origin::Environment, self.environment.clone()?);
        Ok(environment.under(&Origin::Flags, self.flags.clone()))
    }
}
