//! What a document tells search engines about itself.

use super::tag::{self, HOLE};
use std::collections::BTreeSet;

/// What a document tells search engines. After a redirect, only the text of the redirecting template counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct SearchDirectives {
    /// Minimum number of canonical links.
    pub least: u8,
    /// Maximum number of canonical links.
    pub most: u8,
    /// The addresses of the canonical links, each up to the first part that the server prints into it.
    pub addresses: BTreeSet<String>,
    /// Whether it tells search engines on every path not to show the page.
    pub hides: bool,
}

impl SearchDirectives {
    /// Reads a tag.
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

    /// Merges what the document tells on two paths to the same point.
    pub(super) fn join(&mut self, other: &Self) {
        self.least = self.least.min(other.least);
        self.most = self.most.max(other.most);
        self.addresses.extend(other.addresses.iter().cloned());
        self.hides &= other.hides;
    }
}

/// Whether a list of words contains this one.
fn has_word(list: &str, word: &str) -> bool {
    let is_between = |c: char| c.is_ascii_whitespace() || c == ',';
    list.split(is_between).any(|own| own.eq_ignore_ascii_case(word))
}
