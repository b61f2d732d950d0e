//! The addresses of a store's channels.

use super::{Client, Repeat, StoreError};
use serde::Deserialize;
use serde_json::json;
use ureq::http::Method;

/// The site of a channel.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Site {
    /// The site's ID.
    pub id: u64,
    /// The channel's ID.
    pub channel_id: u64,
    /// The site's main address.
    #[serde(default)]
    pub url: String,
    /// All addresses of the site.
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
    /// Returns the site's address of this kind.
    pub fn address(&self, kind: &str) -> Option<&str> {
        self.urls.iter().find(|url| url.kind == kind).map(|url| url.url.as_str())
    }
}

impl Site {
    /// Returns the site's main address.
    pub fn home(&self) -> &str {
        self.address("primary").unwrap_or(&self.url)
    }

    /// Returns the address of the checkout, if it has one of its own.
    pub fn own_checkout(&self) -> Option<&str> {
        self.address("checkout").filter(|_| self.is_checkout_url_customized != Some(false))
    }
}

impl Client<'_> {
    /// Returns all sites of the store.
    ///
    /// # Errors
    /// When the store does not answer.
    pub fn sites(&self) -> Result<Vec<Site>, StoreError> {
        self.list("/sites")
    }

    /// Changes the address of a site. The address of its checkout stays.
    ///
    /// # Errors
    /// When the store does not make the change.
    pub fn move_site(&self, site: u64, url: &str) -> Result<(), StoreError> {
        let body = json!({ "url": url });
        self.change(&Method::PUT, &format!("/sites/{site}"), &body, Repeat::Harmless).map(drop)
    }

    /// Changes the address of a channel's checkout; with `None`, removes its own address.
    ///
    /// # Errors
    /// When the store does not make the change.
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

    /// Returns the site of a channel; `None` if it has none.
    ///
    /// # Errors
    /// When the store does not answer.
    pub fn site(&self, channel: u64) -> Result<Option<Site>, StoreError> {
        match self.get(&format!("/channels/{channel}/site")) {
            Err(error) if error.status() == Some(404) => Ok(None),
            other => other.map(Some),
        }
    }
}
