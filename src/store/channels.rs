//! The store's channels, and the theme that each of them shows.

use super::{Client, StoreError};
use serde::Deserialize;

/// A place where a store sells.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Channel {
    /// Its number.
    pub id: u64,
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// What it runs on: `bigcommerce` for a hosted storefront.
    #[serde(default)]
    pub platform: String,
    /// Such as `active` or `prelaunch`.
    #[serde(default)]
    pub status: String,
}

impl Channel {
    /// Whether its storefront is somebody else's program.
    pub fn is_headless(&self) -> bool {
        self.platform != "bigcommerce"
    }
}

/// The theme of a channel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct ActiveTheme {
    /// The theme.
    #[serde(rename = "active_theme_uuid")]
    pub theme: String,
    /// Its settings, as they are shown.
    #[serde(rename = "active_theme_configuration_uuid", default)]
    pub configuration: Option<String>,
    /// Its settings, as they were last saved in the editor.
    #[serde(rename = "saved_theme_configuration_uuid", default)]
    pub saved_configuration: Option<String>,
}

impl Client<'_> {
    /// All storefronts of the store.
    ///
    /// # Errors
    /// When the store does not say.
    pub fn channels(&self) -> Result<Vec<Channel>, StoreError> {
        self.list("/channels?available=true&type:in=storefront")
    }

    /// The theme that a channel shows; `None` if it never had one.
    ///
    /// # Errors
    /// When the store does not say.
    pub fn active_theme(&self, channel: u64) -> Result<Option<ActiveTheme>, StoreError> {
        match self.get(&format!("/channels/{channel}/active-theme")) {
            Err(error) if error.status() == Some(404) => Ok(None),
            other => other.map(Some),
        }
    }
}
