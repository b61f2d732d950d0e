//! What a channel shows, by number and by name.

use super::{Client, StoreError};
use serde::{Deserialize, Serialize};

/// A theme on a channel, in one of its looks, with settings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// The theme.
    pub theme: String,
    /// Its name.
    pub theme_name: String,
    /// The settings of the theme editor.
    pub configuration: Option<String>,
    /// The look.
    pub variation: Option<String>,
    /// Its name.
    pub variation_name: Option<String>,
}

impl Client<'_> {
    /// What a channel shows; `None` if it never had a theme.
    ///
    /// # Errors
    /// When the store does not say.
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
