//! An address of the hosted shop, as browsers and the platform read it.

use url::{Position, Url, form_urlencoded};

/// An address of the hosted shop, and the page that the shop shows there.
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
    /// The host of the shop, as browsers write it; empty if it is not known.
    pub host: String,
    /// The language of the page; empty if it is not known.
    pub locale: String,
    /// The cart ID, if the server gives it; empty otherwise.
    pub cart: String,
}

impl Address {
    /// Parses an address, or a path with query and fragment, the way browsers do.
    pub fn parse(text: &str) -> Self {
        let base = Url::parse("https://store.invalid").ok();
        let url = Url::parse(text).ok().filter(Url::has_host);
        let host =
            url.as_ref().map(|url| url[Position::BeforeHost..Position::AfterPort].to_owned());
        // Joined as text, so that a path that begins with two slashes does not become a host.
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
            host: host.unwrap_or_default(),
            ..Self::default()
        }
    }

    /// Returns the last value of a parameter, which is the one that the platform uses.
    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        let query = self.query.trim_start_matches('?');
        let values = form_urlencoded::parse(query.as_bytes()).filter(|(own, _)| own == name);
        values.last().map(|(_, value)| value.into_owned())
    }

    /// Returns the query without the parameters that `goes` selects, and without those that give access to a
    /// cart or an account. The rest stays as written.
    pub(super) fn rest(&self, goes: &dyn Fn(&str) -> bool) -> String {
        let Some(query) = self.query.strip_prefix('?') else { return String::new() };
        let is_gone = |name: &str| self.is_secret(name) || goes(name);
        let stays =
            |pair: &&str| !form_urlencoded::parse(pair.as_bytes()).any(|(name, _)| is_gone(&name));
        let signs = std::iter::once('?').chain(std::iter::repeat('&'));
        let pairs = query.split('&').zip(signs).filter(|(pair, _)| stays(pair));
        let kept: String = pairs.map(|(pair, sign)| format!("{sign}{pair}")).collect();
        kept.strip_prefix('&').map(|kept| format!("?{kept}")).unwrap_or(kept)
    }

    /// Returns the cart ID, if it looks like one.
    pub(super) fn cart(&self) -> Option<&str> {
        let lengths = [8, 4, 4, 4, 12];
        let parts: Vec<&str> = self.cart.split('-').collect();
        let is_right = |(part, length): (&&str, usize)| {
            part.len() == length && part.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        let is_number = parts.len() == lengths.len() && parts.iter().zip(lengths).all(is_right);
        is_number.then_some(self.cart.as_str())
    }

    /// Reports whether a parameter works once, or gives access to a cart or an account.
    fn is_secret(&self, name: &str) -> bool {
        let path = self.path.to_ascii_lowercase();
        let is_at = |file: &str| path.ends_with(file) || path.contains(&format!("{file}/"));
        match name.to_ascii_lowercase().as_str() {
            "data" | "ordertoken" => true,
            "token" => is_at("/cart.php"),
            "c" | "t" => is_at("/login.php"),
            _ => false,
        }
    }
}
