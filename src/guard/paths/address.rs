//! An address of the hosted shop, as browsers and the platform read it.

use url::{Url, form_urlencoded};

/// An address of the hosted shop, and which page the shop shows there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// The path as browsers write it.
    pub path: String,
    /// The query with its `?`; may be empty.
    pub query: String,
    /// The fragment with its `#`; may be empty.
    pub fragment: String,
    /// The template of the page, such as `pages/product`; empty if that is not known.
    pub page: String,
    /// The number of the product; empty if there is none.
    pub product: String,
}

impl Address {
    /// An address, or a path with query and fragment, as a browser would take it.
    pub fn parse(text: &str) -> Self {
        let base = Url::parse("https://store.invalid").ok();
        let url = Url::parse(text).ok().filter(Url::has_host);
        // As text: a path that begins with two slashes is not to become a host.
        let url = url.or_else(|| Url::parse(&format!("https://store.invalid{text}")).ok()).or(base);
        let Some(url) = url else { return Self::default() };
        let part = |sign: &str, part: Option<&str>| {
            part.filter(|part| !part.is_empty())
                .map(|part| format!("{sign}{part}"))
                .unwrap_or_default()
        };
        Self {
            path: url.path().to_owned(),
            query: part("?", url.query()),
            fragment: part("#", url.fragment()),
            ..Self::default()
        }
    }

    /// The last value of a parameter, which is the one that counts for the platform.
    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        let query = self.query.trim_start_matches('?');
        let values = form_urlencoded::parse(query.as_bytes()).filter(|(own, _)| own == name);
        values.last().map(|(_, value)| value.into_owned())
    }

    /// The query without what goes, and without what gives access to a cart or an account. What stays is as it
    /// was written.
    pub(super) fn rest(&self, goes: &dyn Fn(&str) -> bool) -> String {
        let Some(query) = self.query.strip_prefix('?') else { return String::new() };
        let secrets = self.secrets();
        let is_gone = |name: &str| secrets.contains(&name) || goes(name);
        let stays =
            |pair: &&str| !form_urlencoded::parse(pair.as_bytes()).any(|(name, _)| is_gone(&name));
        let signs = std::iter::once('?').chain(std::iter::repeat('&'));
        let pairs = query.split('&').zip(signs).filter(|(pair, _)| stays(pair));
        let kept: String = pairs.map(|(pair, sign)| format!("{sign}{pair}")).collect();
        kept.strip_prefix('&').map(|kept| format!("?{kept}")).unwrap_or(kept)
    }

    /// Parameters that work once, or give access to a cart or an account.
    fn secrets(&self) -> Vec<&'static str> {
        let everywhere = ["data", "orderToken"];
        let path = self.path.to_ascii_lowercase();
        let names = |file: &str| path.ends_with(file) || path.contains(&format!("{file}/"));
        let mut actions = form_urlencoded::parse(self.query.trim_start_matches('?').as_bytes());
        let sets_password =
            actions.any(|(name, value)| name == "action" && value == "change_password");
        let here: &[&str] = match () {
            () if names("/cart.php") => &["token"],
            () if names("/login.php") && sets_password => &["c", "t"],
            () => &[],
        };
        everywhere.iter().chain(here).copied().collect()
    }
}
