//! The addresses of a store's channels.

use super::{Client, StoreError};
use serde::Deserialize;

/// The site of a channel.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Site {
    /// Its number.
    pub id: u64,
    /// The channel.
    pub channel_id: u64,
    /// Where shoppers belong.
    #[serde(default)]
    pub url: String,
    /// All its addresses.
    #[serde(default)]
    pub urls: Vec<SiteUrl>,
    /// Whether the checkout has an address of its own.
    #[serde(default)]
    pub is_checkout_url_customized: Option<bool>,
}

/// An address of a site.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SiteUrl {
    /// The address.
    pub url: String,
    /// `primary`, `canonical` or `checkout`.
    #[serde(rename = "type")]
    pub kind: String,
}

impl Site {
    /// Its address of this kind.
    pub fn address(&self, kind: &str) -> Option<&str> {
        self.urls.iter().find(|url| url.kind == kind).map(|url| url.url.as_str())
    }
}

impl Client<'_> {
    /// All sites of the store.
    ///
    /// # Errors
    /// When the store does not say.
    pub fn sites(&self) -> Result<Vec<Site>, StoreError> {
        self.list("/sites")
    }

    /// The site of a channel; `None` if it has none.
    ///
    /// # Errors
    /// When the store does not say.
    pub fn site(&self, channel: u64) -> Result<Option<Site>, StoreError> {
        match self.get(&format!("/channels/{channel}/site")) {
            Err(error) if error.status() == Some(404) => Ok(None),
            other => other.map(Some),
        }
    }
}
