//! What a document tells search engines about itself.

use super::tag::{self, HOLE};
use std::collections::BTreeSet;

/// What a document tells search engines, as far as it is read: behind what leads away, only the template that
/// does is.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tells {
    /// How many canonical links there are at least.
    pub least: u8,
    /// How many there are at most.
    pub most: u8,
    /// Their addresses, each up to what the server prints into it.
    pub addresses: BTreeSet<String>,
    /// Whether it tells them on every way not to show the page.
    pub hides: bool,
}

impl Tells {
    /// A tag is read.
    pub(super) fn read(&mut self, name: &str, attributes: &[(String, String)]) {
        let value = |name| tag::value(attributes, name).unwrap_or_default();
        match name {
            "link" if has_word(value("rel"), "canonical") => {
                self.least = self.least.saturating_add(1);
                self.most = self.most.saturating_add(1);
                let known = value("href").split(HOLE).next().unwrap_or_default();
                self.addresses.insert(known.trim_ascii().to_owned());
            }
            "meta" if value("name").trim_ascii().eq_ignore_ascii_case("robots") => {
                self.hides |= ["noindex", "none"].iter().any(|it| has_word(value("content"), it));
            }
            _ => {}
        }
    }

    /// What is certain of two ways to the same point.
    pub(super) fn join(&mut self, other: Self) {
        self.least = self.least.min(other.least);
        self.most = self.most.max(other.most);
        self.addresses.extend(other.addresses);
        self.hides &= other.hides;
    }
}

/// Whether a list of words holds this one.
fn has_word(list: &str, word: &str) -> bool {
    let is_between = |c: char| c.is_ascii_whitespace() || c == ',';
    list.split(is_between).any(|own| own.eq_ignore_ascii_case(word))
}
