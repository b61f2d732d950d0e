//! The store's channels, and the theme that each of them shows.

use super::{Client, StoreError};
use serde::Deserialize;

/// A sales channel of a store.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Channel {
    /// The channel's ID.
    pub id: u64,
    /// The channel's name.
    #[serde(default)]
    pub name: String,
    /// The channel's platform: `bigcommerce` for a hosted storefront.
    #[serde(default)]
    pub platform: String,
    /// The channel's status, such as `active` or `prelaunch`.
    #[serde(default)]
    pub status: String,
}

impl Channel {
    /// Whether another program than BigCommerce serves the storefront.
    pub fn is_headless(&self) -> bool {
        self.platform != "bigcommerce"
    }
}

/// The theme of a channel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct ActiveTheme {
    /// The theme's UUID.
    #[serde(rename = "active_theme_uuid")]
    pub theme: String,
    /// The theme's settings, as they are shown.
    #[serde(rename = "active_theme_configuration_uuid", default)]
    pub configuration: Option<String>,
    /// The theme's settings, as last saved in the theme editor.
    #[serde(rename = "saved_theme_configuration_uuid", default)]
    pub saved_configuration: Option<String>,
}

impl Client<'_> {
    /// Returns all storefront channels of the store.
    ///
    /// # Errors
    /// When the store does not answer.
    pub fn channels(&self) -> Result<Vec<Channel>, StoreError> {
        self.list("/channels?available=true&type:in=storefront")
    }

    /// Returns the theme that a channel shows; `None` if it never had one.
    ///
    /// # Errors
    /// When the store does not answer.
    pub fn active_theme(&self, channel: u64) -> Result<Option<ActiveTheme>, StoreError> {
        match self.get(&format!("/channels/{channel}/active-theme")) {
            Err(error) if error.status() == Some(404) => Ok(None),
            other => other.map(Some),
        }
    }
}
