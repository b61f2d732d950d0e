//! The addresses of a store's channels.

use super::{Client, Repeat, StoreError};
use serde::Deserialize;
use serde_json::json;
use ureq::http::Method;

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

impl Site {
    /// Where shoppers belong.
    pub fn home(&self) -> &str {
        self.address("primary").unwrap_or(&self.url)
    }

    /// The address that was given to the checkout, if one was.
    pub fn own_checkout(&self) -> Option<&str> {
        self.address("checkout").filter(|_| self.is_checkout_url_customized != Some(false))
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

    /// Gives a site another address. The address of its checkout stays.
    ///
    /// # Errors
    /// When the store does not do it.
    pub fn move_site(&self, site: u64, url: &str) -> Result<(), StoreError> {
        let body = json!({ "url": url });
        self.change(&Method::PUT, &format!("/sites/{site}"), &body, Repeat::Harmless).map(drop)
    }

    /// Gives the checkout of a channel another address; with `None` none of its own.
    ///
    /// # Errors
    /// When the store does not do it.
    pub fn move_checkout(&self, channel: u64, url: Option<&str>) -> Result<(), StoreError> {
        let path = format!("/channels/{channel}/site/checkout-url");
        match url {
            Some(url) => {
                let body = json!({ "url": url });
                self.change(&Method::PUT, &path, &body, Repeat::Harmless).map(drop)
            }
            None => self.delete(&path),
        }
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
