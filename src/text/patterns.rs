//! The official bundler searches texts with JavaScript's regular expressions. This module compiles the same
//! patterns with the crate `regex`.
//!
//! Each pattern is in the module that uses it, spelled as closely to the official one as the crate allows.

use crate::text::Span;
use regex::{Captures, Match, Regex};

/// The equivalent of JavaScript's `\s`.
const SPACE: &str =
    r"[\t-\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}]";
/// The equivalent of JavaScript's `\w`.
const WORD: &str = "[0-9A-Za-z_]";
/// The equivalent of JavaScript's `\W`.
const NO_WORD: &str = "[^0-9A-Za-z_]";
/// The equivalent of JavaScript's `.`.
const NO_LINE_BREAK: &str = r"[^\n\r\x{2028}\x{2029}]";

/// Compiles a pattern in which `\s`, `\w` and `\W` have JavaScript's meaning, and `\N` means JavaScript's
/// `.`.
#[expect(
    clippy::expect_used,
    reason = "each pattern is a constant that the tests of its module try"
)]
pub fn pattern(javascript: &str) -> Regex {
    let meant = javascript.replace(r"\s", SPACE).replace(r"\w", WORD);
    let meant = meant.replace(r"\W", NO_WORD).replace(r"\N", NO_LINE_BREAK);
    Regex::new(&meant).expect("the pattern is a constant")
}

/// Returns, for each match, its span and the span of its first group.
pub fn groups(pattern: &Regex, text: &str) -> impl Iterator<Item = (Span, Span)> {
    let place = |found: Match<'_>| Span::new(found.start(), found.end());
    let places = move |found: Captures<'_>| {
        found.get(0).zip(found.get(1)).map(|(whole, group)| (place(whole), place(group)))
    };
    pattern.captures_iter(text).filter_map(places)
}

/// Returns the text of the first group of each match.
pub fn texts<'t>(pattern: &Regex, text: &'t str) -> impl Iterator<Item = &'t str> {
    let first = |found: Captures<'t>| found.get(1).map(|group| group.as_str());
    pattern.captures_iter(text).filter_map(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn character_classes_match_javascript() {
        let (space, word, any) = (pattern(r"^\s$"), pattern(r"^\w$"), pattern(r"^\N$"));
        for (text, expected) in [
            (" ", [true, false, true]),
            ("\n", [true, false, false]),
            ("\r", [true, false, false]),
            ("\u{2028}", [true, false, false]),
            ("\u{feff}", [true, false, true]),
            ("\u{85}", [false, false, true]),
            ("_", [false, true, true]),
            ("é", [false, false, true]),
        ] {
            let found = [&space, &word, &any].map(|pattern| pattern.is_match(text));
            assert_eq!(found, expected, "{text:?}");
        }
        assert!(pattern(r"^[\w.]\W$").is_match(".é"));
    }
}
