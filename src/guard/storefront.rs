//! The address of the storefront, checked and normalised once, and the addresses of further storefronts for
//! some hosts of the shop or some languages.
//!
//! This module does not fetch the address, so it cannot know whether a server answers there.

use serde::{Deserialize, Serialize};
use thiserror::Error;
use url::{Host, Url};

/// The headless site that shoppers on a guarded page are redirected to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Storefront {
    origin: String,
    base: String,
    /// Sorted from the most specific visit to the least specific.
    further: Vec<ScopedStorefront>,
}

/// A storefront for visits on one host of the shop, in one language, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopedStorefront {
    /// The visits that it is for.
    pub visit: Visit,
    /// The storefront for these visits.
    pub storefront: Storefront,
}

/// A host of the shop and a language; `None` matches any.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// The host of the shop, as browsers write it: with a port only if it is not the default one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The language of the page, named like its file in `lang/`, in lower case as the platform writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

impl Visit {
    /// Reports whether this matches a visit on a host in a language.
    fn fits(&self, host: &str, locale: &str) -> bool {
        self.host.as_ref().is_none_or(|own| own == host)
            && self.locale.as_ref().is_none_or(|own| own == locale)
    }
}

/// Why a text cannot be the address of a storefront.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StorefrontError {
    /// Not an address, or one without a scheme and host.
    #[error("`{0}` is not an absolute address; write it in full, like `https://www.example.com`")]
    NotAbsolute(String),
    /// Neither https, nor http on this computer.
    #[error("the storefront must use https; write `https://` (http is for localhost only)")]
    NotHttps,
    /// A user name or password.
    #[error(
        "the storefront address holds a user name or password; remove everything up to the `@`"
    )]
    Credentials,
    /// A query.
    #[error("the storefront address holds a query; remove the `?` and all that follows")]
    Query,
    /// A fragment.
    #[error("the storefront address holds a fragment; remove the `#` and all that follows")]
    Fragment,
}

impl Storefront {
    /// Reads an address the way browsers do.
    ///
    /// # Errors
    /// When the address is not absolute, not https, or has more than a host, port and path.
    pub fn parse(text: &str) -> Result<Storefront, StorefrontError> {
        let not_absolute = || StorefrontError::NotAbsolute(text.to_owned());
        let url = Url::parse(text).map_err(|_| not_absolute())?;
        if !text.contains("://") || !url.has_host() {
            return Err(not_absolute());
        }
        check(&url)?;
        Ok(Storefront {
            origin: url.origin().ascii_serialization(),
            base: url.as_str().trim_end_matches('/').to_owned(),
            further: Vec::new(),
        })
    }

    /// Returns this storefront with further storefronts.
    #[must_use]
    pub fn with(mut self, mut further: Vec<ScopedStorefront>) -> Self {
        // The first match wins: a host and a language, then a host, then a language.
        let rank = |visit: &Visit| (visit.host.is_none(), visit.locale.is_none());
        further.sort_by_key(|one| rank(&one.visit));
        self.further = further;
        self
    }

    /// Returns the storefronts for some hosts or languages only; the first match wins.
    #[must_use]
    pub fn further(&self) -> &[ScopedStorefront] {
        &self.further
    }

    /// Returns all storefronts, the default one first.
    pub fn all(&self) -> impl Iterator<Item = &Storefront> {
        std::iter::once(self).chain(self.further.iter().map(|further| &further.storefront))
    }

    /// Returns the storefront for a visit on a host of the shop in a language; pass an empty string for
    /// either if it is not known.
    #[must_use]
    pub fn of(&self, host: &str, locale: &str) -> &Storefront {
        let fits = |further: &&ScopedStorefront| further.visit.fits(host, locale);
        self.further.iter().find(fits).map_or(self, |further| &further.storefront)
    }

    /// Reports whether an address is that of one of the storefronts, or below it.
    #[must_use]
    pub fn holds(&self, address: &str) -> bool {
        let is_below = |base: &str| {
            let rest = address.strip_prefix(base);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
        };
        self.all().any(|storefront| is_below(&storefront.base))
    }

    /// Reports whether an origin is that of one of the storefronts.
    #[must_use]
    pub fn is_at(&self, origin: &str) -> bool {
        self.all().any(|storefront| storefront.origin == origin)
    }

    /// Returns scheme, host and port, as `location.origin` spells them.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Returns the host, without a port.
    #[must_use]
    pub fn host(&self) -> &str {
        let (_, authority) = self.origin.split_once("://").unwrap_or_default();
        match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((address, _)) => address,
            None => authority.split(':').next().unwrap_or_default(),
        }
    }

    /// Returns the address without a final slash, ready to have a path appended.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Returns the address of the storefront's home page.
    #[must_use]
    pub fn root(&self) -> String {
        format!("{}/", self.base)
    }
}

fn check(url: &Url) -> Result<(), StorefrontError> {
    if url.scheme() != "https" && !(url.scheme() == "http" && is_local(url)) {
        return Err(StorefrontError::NotHttps);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(StorefrontError::Credentials);
    }
    if url.query().is_some() {
        return Err(StorefrontError::Query);
    }
    if url.fragment().is_some() {
        return Err(StorefrontError::Fragment);
    }
    Ok(())
}

fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn valid_addresses_are_normalised() {
        for (text, base, origin) in [
            ("https://Shop.Example", "https://shop.example", "https://shop.example"),
            ("https://a.example:443/", "https://a.example", "https://a.example"),
            ("https://a.example:8443/fr//", "https://a.example:8443/fr", "https://a.example:8443"),
            (
                "https://b\u{fc}cher.example",
                "https://xn--bcher-kva.example",
                "https://xn--bcher-kva.example",
            ),
            ("https://a.example/{{x}}", "https://a.example/%7B%7Bx%7D%7D", "https://a.example"),
            ("http://localhost:3000", "http://localhost:3000", "http://localhost:3000"),
            ("http://a.localhost", "http://a.localhost", "http://a.localhost"),
            ("http://[::1]:1", "http://[::1]:1", "http://[::1]:1"),
            ("http://127.0.0.9", "http://127.0.0.9", "http://127.0.0.9"),
        ] {
            let storefront = Storefront::parse(text).unwrap();
            assert_eq!((storefront.base(), storefront.origin()), (base, origin), "{text}");
            assert_eq!(storefront.root(), format!("{base}/"));
            let url = Url::parse(origin).unwrap();
            assert_eq!(storefront.host(), url.host_str().unwrap().trim_matches(['[', ']']));
        }
    }

    #[test]
    fn most_specific_storefront_wins() {
        let further = |host: Option<&str>, locale: Option<&str>, url: &str| ScopedStorefront {
            visit: Visit { host: host.map(str::to_owned), locale: locale.map(str::to_owned) },
            storefront: Storefront::parse(url).unwrap(),
        };
        let storefront = Storefront::parse("https://www.example.com").unwrap().with(vec![
            further(None, Some("fr"), "https://www.example.com/fr"),
            further(Some("ca.example"), None, "https://www.example.ca"),
            further(Some("ca.example"), Some("fr"), "https://www.example.ca/fr"),
        ]);
        for (host, locale, base) in [
            ("", "", "https://www.example.com"),
            ("us.example", "en", "https://www.example.com"),
            ("us.example", "fr", "https://www.example.com/fr"),
            ("ca.example", "en", "https://www.example.ca"),
            ("ca.example", "fr", "https://www.example.ca/fr"),
            ("ca.example", "fr-CA", "https://www.example.ca"),
        ] {
            assert_eq!(storefront.of(host, locale).base(), base, "{host} {locale}");
        }
        assert!(
            storefront.holds("https://www.example.ca/fr?x")
                && storefront.is_at("https://www.example.ca")
        );
        assert!(!storefront.holds("https://www.example.cafe/"));
    }

    #[test]
    fn invalid_addresses_are_refused() {
        for text in
            ["", "shop.example", "/path", "//shop.example", "https:shop.example", "https://"]
        {
            let error = Storefront::parse(text).unwrap_err();
            assert_eq!(error, StorefrontError::NotAbsolute(text.to_owned()));
        }
        for (text, error) in [
            ("http://shop.example", StorefrontError::NotHttps),
            ("http://localhost.example", StorefrontError::NotHttps),
            ("ftp://localhost", StorefrontError::NotHttps),
            ("https://me@shop.example", StorefrontError::Credentials),
            ("https://:pw@shop.example", StorefrontError::Credentials),
            ("https://shop.example/?", StorefrontError::Query),
            ("https://shop.example/#", StorefrontError::Fragment),
        ] {
            assert_eq!(Storefront::parse(text), Err(error), "{text}");
        }
    }
}
