//! The right side of a rule: a path on the storefront or a whole address, with values that are taken from the
//! hosted address.

use serde::{Deserialize, Serialize};
use std::str::FromStr;
use thiserror::Error;
use url::Url;

/// Where a rule leads, such as `/account/orders/{order_id:int}/` or `/search/?term={search_query}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Target {
    text: String,
    values: Vec<Value>,
    origin: Option<String>,
}

/// A placeholder for a value in a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) name: String,
    pub(super) kind: Kind,
}

/// What a value must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Any text but an empty one, `.` or `..`.
    Text,
    /// Digits.
    Number,
    /// Numbers, separated by commas.
    Numbers,
}

/// Why a text cannot be the target of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TargetError {
    /// Neither a path nor an https address.
    #[error(
        "`{0}` is neither a path, which begins with `/`, nor an address that begins with `https://`"
    )]
    Neither(String),
    /// A user name or password.
    #[error("`{0}` holds a user name or password; remove everything up to the `@`")]
    Credentials(String),
    /// A value in the host.
    #[error("`{0}` has a value before its path; write scheme and host out")]
    ValueInHost(String),
    /// Two slashes at the start, which browsers read as another host.
    #[error("`{0}` begins with two slashes, which lead to another host; write one")]
    TwoSlashes(String),
    /// Unbalanced braces.
    #[error("`{0}` has a brace without its partner; write a value as `{{name}}`")]
    Braces(String),
    /// An invalid value.
    #[error("`{{{value}}}` is not a value: {why}")]
    Value {
        /// The text between the braces.
        value: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A character that an address cannot hold, or a second question mark.
    #[error(
        "`{0}` holds a fragment, a second `?`, or a character that no address holds; remove it"
    )]
    Character(String),
}

impl FromStr for Target {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, TargetError> {
        let owned = || text.to_owned();
        let is_odd = |letter: char| letter.is_control() || "#\\<>\"' `^|".contains(letter);
        if text.contains(is_odd) || text.matches('?').count() > 1 || text.contains("---") {
            return Err(TargetError::Character(owned()));
        }
        let values = values(text)?;
        let origin = match text {
            _ if text.starts_with("//") => return Err(TargetError::TwoSlashes(owned())),
            _ if text.starts_with('/') || text.starts_with("{path}") => None,
            _ => Some(origin(text)?),
        };
        Ok(Self { text: owned(), values, origin })
    }
}

/// Returns the origin of a whole address.
fn origin(text: &str) -> Result<String, TargetError> {
    let neither = || TargetError::Neither(text.to_owned());
    let (scheme, rest) = text.split_once("://").ok_or_else(neither)?;
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    if authority.contains(['{', '}']) {
        return Err(TargetError::ValueInHost(text.to_owned()));
    }
    let url = Url::parse(&format!("{scheme}://{authority}")).map_err(|_| neither())?;
    let is_local =
        url.host_str().is_some_and(|host| host == "localhost" || host.ends_with(".localhost"));
    if !url.username().is_empty() || url.password().is_some() {
        return Err(TargetError::Credentials(text.to_owned()));
    }
    let origin = url.origin().ascii_serialization();
    // The script uses the origin as written.
    let is_plain = text.starts_with(&origin);
    match url.scheme() == "https" || (url.scheme() == "http" && is_local) {
        true if is_plain => Ok(origin),
        _ => Err(neither()),
    }
}

fn values(text: &str) -> Result<Vec<Value>, TargetError> {
    let mut values = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let inner = rest[at..].strip_prefix('{').and_then(|inner| inner.split_once('}'));
        let Some((inner, after)) = inner.filter(|(inner, _)| !inner.contains('{')) else {
            return Err(TargetError::Braces(text.to_owned()));
        };
        values.push(Value::parse(inner)?);
        rest = after;
    }
    Ok(values)
}

impl Value {
    /// Parses the text between braces.
    pub(super) fn parse(inner: &str) -> Result<Self, TargetError> {
        let wrong = |why| TargetError::Value { value: inner.to_owned(), why };
        let (name, kind) = inner.split_once(':').unwrap_or((inner, ""));
        let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "_.-".contains(letter);
        if name.is_empty() || !name.chars().all(is_letter) {
            return Err(wrong("a name has letters, digits, `_`, `-` and `.`"));
        }
        let kind = match kind {
            "" if !inner.contains(':') => Kind::Text,
            "int" => Kind::Number,
            "ids" if name == "tail" => Kind::Numbers,
            "ids" => return Err(wrong("only `tail` can be a list of numbers")),
            _ => return Err(wrong("what follows `:` is `int`, or `ids` for a list of numbers")),
        };
        Ok(Self { name: name.to_owned(), kind })
    }
}

impl TryFrom<String> for Target {
    type Error = TargetError;

    fn try_from(text: String) -> Result<Self, TargetError> {
        text.parse()
    }
}

impl From<Target> for String {
    fn from(target: Target) -> Self {
        target.text
    }
}

impl Target {
    /// Returns the storefront's home page.
    pub fn home() -> Self {
        Self { text: "/".to_owned(), values: Vec::new(), origin: None }
    }

    /// Returns the target as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns scheme and host, if it is a whole address.
    pub fn origin(&self) -> Option<&str> {
        self.origin.as_deref()
    }

    /// Returns the names of its values.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(|value| value.name.as_str())
    }

    /// Reports whether it holds the number of the product, which only the server knows.
    pub fn names_product(&self) -> bool {
        self.names().any(|name| name == PRODUCT)
    }
}

/// The value for the number of the product that a page shows.
pub(super) const PRODUCT: &str = "product.id";

/// Values that are not query parameters.
pub(super) const RESERVED: &[&str] = &["path", "tail", "last", PRODUCT];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_paths_or_addresses() {
        for (text, origin) in [
            ("/", None),
            ("{path}", None),
            ("/a/{order_id:int}/", None),
            ("/compare/?ids={tail:ids}", None),
            ("https://blog.example.com/{tail}", Some("https://blog.example.com")),
            ("http://localhost:3000/x", Some("http://localhost:3000")),
        ] {
            let target: Target = text.parse().unwrap();
            assert_eq!((target.as_str(), target.origin()), (text, origin));
        }
    }

    #[test]
    fn unsafe_and_malformed_targets_are_refused() {
        let wrong = |text: &str| text.parse::<Target>().unwrap_err();
        for text in [
            "",
            "cart",
            "javascript:alert(1)",
            "http://a.example/",
            "ftp://a.example",
            "https://",
            "HTTPS://A.example/",
        ] {
            assert_eq!(wrong(text), TargetError::Neither(text.to_owned()), "{text}");
        }
        assert!(matches!(wrong("//evil.example"), TargetError::TwoSlashes(_)));
        assert!(matches!(wrong("https://me@a.example/"), TargetError::Credentials(_)));
        assert!(matches!(wrong("https://{host}/"), TargetError::ValueInHost(_)));
        for text in ["/{a", "/a}", "/{{a}}", "/{a{b}}"] {
            assert!(matches!(wrong(text), TargetError::Braces(_)), "{text}");
        }
        for text in ["/{}", "/{a b}", "/{a:}", "/{a:float}", "/{ids:ids}"] {
            let error = wrong(text);
            assert!(
                matches!(error, TargetError::Value { .. } | TargetError::Character(_)),
                "{text}"
            );
        }
        for text in ["/a#b", "/a\\b", "/a?b?c", "/a b", "/a\nb"] {
            assert!(matches!(wrong(text), TargetError::Character(_)), "{text}");
        }
    }
}
