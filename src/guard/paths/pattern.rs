//! The left side of a rule: a path of the hosted shop, matched by whole segments, with conditions on its
//! query.

use super::address::Address;
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use thiserror::Error;
use url::{Url, form_urlencoded};

/// A path such as `/account.php?action=view_order` or `/compare/*`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pattern {
    text: String,
    segments: Vec<String>,
    /// Whether any tail may follow.
    is_open: bool,
    conditions: Vec<(String, String)>,
}

/// Why a text cannot be the path of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PatternError {
    /// It does not begin with a slash.
    #[error("`{0}` is not a path; it must begin with `/`")]
    NoPath(String),
    /// A star that is neither a whole segment at the end nor at the start of a segment.
    #[error(
        "`{0}` has a `*` where none can be; write `/*` at the end, or `*` before the rest of a segment"
    )]
    Star(String),
    /// A fragment, which servers never see, or a character that no path holds.
    #[error("`{0}` holds a fragment, or a character that no path holds; remove it")]
    Character(String),
}

/// Characters with a meaning in patterns of other tools, but not here.
const FOREIGN: &[char] =
    &['#', '{', '}', '[', ']', '(', ')', '^', '$', '|', '\\', '<', '>', '"', ' '];

impl FromStr for Pattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        let owned = || text.to_owned();
        if !text.starts_with('/') {
            return Err(PatternError::NoPath(owned()));
        }
        if text.contains(FOREIGN) {
            return Err(PatternError::Character(owned()));
        }
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let path = as_browsers_write(path).ok_or_else(|| PatternError::Character(owned()))?;
        let mut segments: Vec<String> = pieces(&path).map(str::to_ascii_lowercase).collect();
        let is_open = segments.pop_if(|last| last == "*").is_some();
        let is_stray =
            |segment: &String| segment.rfind('*').is_some_and(|at| at > 0) || segment == "*";
        if segments.iter().any(is_stray) {
            return Err(PatternError::Star(owned()));
        }
        let conditions: Vec<(String, String)> =
            form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let mut written = format!("/{}", segments.join("/"));
        if is_open {
            written = format!("{}/*", written.trim_end_matches('/'));
        }
        if !query.is_empty() {
            written = format!("{written}?{query}");
        }
        Ok(Self { text: written, segments, is_open, conditions })
    }
}

impl TryFrom<String> for Pattern {
    type Error = PatternError;

    fn try_from(text: String) -> Result<Self, PatternError> {
        text.parse()
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        pattern.text
    }
}

impl Pattern {
    /// Returns the pattern in its normalized form.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the names and values that the query must have; `*` stands for any value.
    pub fn conditions(&self) -> &[(String, String)] {
        &self.conditions
    }

    /// Returns the segments after the pattern, and the language before it; `None` if an address does not
    /// match.
    pub(super) fn tail<'a>(&self, address: &'a Address) -> Option<(Vec<&'a str>, Option<&'a str>)> {
        let is_right = |(name, value): &(String, String)| match value.as_str() {
            "*" => address.parameter(name).is_some(),
            value => address.parameter(name).as_deref() == Some(value),
        };
        if !self.conditions.iter().all(is_right) {
            return None;
        }
        let own: Vec<&str> = pieces(&address.path).collect();
        if let Some(tail) = self.behind(&own) {
            return Some((tail, None));
        }
        let (locale, rest) = own.split_first().filter(|(first, _)| is_locale(first))?;
        Some((self.behind(rest)?, Some(locale)))
    }

    fn behind<'a>(&self, own: &[&'a str]) -> Option<Vec<&'a str>> {
        let (start, tail) = own.split_at_checked(self.segments.len())?;
        let fits = |(wanted, own): (&String, &&str)| {
            let own = own.to_ascii_lowercase();
            *wanted == own || wanted.strip_prefix('*').is_some_and(|end| own.ends_with(end))
        };
        let fits = self.segments.iter().zip(start).all(fits);
        (fits && (self.is_open || tail.is_empty())).then(|| tail.to_vec())
    }

    /// Reports whether every address that matches `other` also matches this pattern.
    pub(super) fn covers(&self, other: &Self) -> bool {
        let (start, tail) = match other.segments.split_at_checked(self.segments.len()) {
            Some(halves) => halves,
            None => return false,
        };
        let is_wider = |(own, other): (&String, &String)| {
            own == other || own.strip_prefix('*').is_some_and(|end| other.ends_with(end))
        };
        let asks_no_more = self.conditions.iter().all(|(name, value)| {
            let same =
                |(other, its): &(String, String)| other == name && (its == value || value == "*");
            other.conditions.iter().any(same)
        });
        let tail_fits = self.is_open || (tail.is_empty() && !other.is_open);
        tail_fits && asks_no_more && self.segments.iter().zip(start).all(is_wider)
    }
}

/// Returns the segments of a path that are not empty.
pub(super) fn pieces(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|piece| !piece.is_empty())
}

/// Reports whether a segment looks like the language before a shop's paths, such as `fr` or `pt-br`.
fn is_locale(segment: &str) -> bool {
    let letters =
        |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    let mut parts = segment.splitn(2, ['-', '_']);
    parts.next().is_some_and(letters) && parts.next().is_none_or(letters)
}

/// Returns a path as browsers write it, with its special characters encoded.
pub(super) fn as_browsers_write(path: &str) -> Option<String> {
    let base = Url::parse("https://store.invalid").ok()?;
    let mut url = base.clone();
    url.set_path(path);
    Some(url.path().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tail(pattern: &str, address: &str) -> Option<String> {
        let pattern: Pattern = pattern.parse().unwrap();
        let address = Address::parse(address);
        let (tail, locale) = pattern.tail(&address)?;
        Some(format!("{}|{}", locale.unwrap_or_default(), tail.join("/")))
    }

    #[test]
    fn patterns_match_whole_segments() {
        for (pattern, address, expected) in [
            ("/cart.php", "/cart.php", Some("|")),
            ("/cart.php", "//CART.php/", Some("|")),
            ("/cart.php", "/fr/cart.php", Some("fr|")),
            ("/cart.php", "/pt-BR/cart.php", Some("pt-BR|")),
            ("/cart.php", "/shop/cart.php", None),
            ("/cart.php", "/cart.php5", None),
            ("/cart.php", "/cart.php/x", None),
            ("/compare/*", "/compare/1/2", Some("|1/2")),
            ("/compare/*", "/compare", Some("|")),
            ("/compare/*", "/compared/1", None),
            ("/*", "/a/b", Some("|a/b")),
            ("/*.php", "/anything.php", Some("|")),
            ("/*.php", "/a/b.php", None),
            ("/gr\u{f6}\u{df}e", "/gr%C3%B6%c3%9fe", Some("|")),
            ("/login.php?action=logout", "/login.php?x=1&action=logout", Some("|")),
            ("/login.php?action=logout", "/login.php?action=logout&action=x", None),
            ("/login.php?action=logout", "/login.php", None),
            ("/search.php?q=*", "/search.php?q=", Some("|")),
            ("/search.php?q=*", "/search.php", None),
        ] {
            assert_eq!(tail(pattern, address).as_deref(), expected, "{pattern} {address}");
        }
    }

    #[test]
    fn malformed_patterns_are_refused() {
        for text in ["", "cart.php", "https://a.example/x", "/a#b", "/a/(b|c)", "/a/{b}", "/^a$"] {
            assert!(text.parse::<Pattern>().is_err(), "{text}");
        }
        for text in ["/a*", "/a/*/b", "/a**"] {
            assert_eq!(text.parse::<Pattern>(), Err(PatternError::Star(text.to_owned())));
        }
    }

    #[test]
    fn a_wider_pattern_covers_a_narrower_one() {
        let covers = |one: &str, other: &str| {
            let (one, other): (Pattern, Pattern) = (one.parse().unwrap(), other.parse().unwrap());
            one.covers(&other)
        };
        for (one, other) in [
            ("/*", "/cart.php"),
            ("/*.php", "/cart.php?action=x"),
            ("/a/*", "/a/b/*"),
            ("/login.php", "/login.php?action=logout"),
            ("/x?a=*", "/x?a=1&b=2"),
        ] {
            assert!(covers(one, other), "{one} {other}");
            assert!(!covers(other, one), "{other} {one}");
        }
        assert!(!covers("/a", "/b") && !covers("/a", "/a/*"));
    }
}
