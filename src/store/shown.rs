//! What a channel shows, with IDs and names.

use super::{Client, StoreError};
use serde::{Deserialize, Serialize};

/// A theme on a channel, with its variation and settings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// The theme's UUID.
    pub theme: String,
    /// The theme's name.
    pub theme_name: String,
    /// The UUID of the theme-editor settings.
    pub configuration: Option<String>,
    /// The variation's UUID.
    pub variation: Option<String>,
    /// The variation's name.
    pub variation_name: Option<String>,
}

impl Client<'_> {
    /// Returns what a channel shows; `None` if it never had a theme.
    ///
    /// # Errors
    /// When the store does not answer.
    pub fn shown(&self, channel: u64) -> Result<Option<Shown>, StoreError> {
        let Some(active) = self.active_theme(channel)? else { return Ok(None) };
        let theme = self.theme(&active.theme)?;
        let configuration = active.configuration.as_deref();
        let configuration =
            configuration.map(|uuid| self.configuration(&active.theme, uuid)).transpose()?;
        let variation = configuration.and_then(|configuration| configuration.variation_uuid);
        let named = theme.variations.iter().find(|one| Some(&one.uuid) == variation.as_ref());
        Ok(Some(Shown {
            theme: active.theme,
            theme_name: theme.name.clone(),
            configuration: active.configuration,
            variation_name: named.map(|variation| variation.name.clone()),
            variation,
        }))
    }
}
