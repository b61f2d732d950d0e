//! Patterns as the official bundler has them: it finds things by text, with JavaScript's regular expressions.
//!
//! Each pattern stands in the module that uses it, as near to the official spelling as the library allows.

use crate::text::Span;
use regex::{Captures, Match, Regex};

/// What JavaScript's `\s` stands for.
const SPACE: &str =
    r"[\t-\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}]";
/// What JavaScript's `\w` stands for.
const WORD: &str = "[0-9A-Za-z_]";
/// What JavaScript's `\W` stands for.
const NO_WORD: &str = "[^0-9A-Za-z_]";
/// What JavaScript's `.` stands for.
const NO_LINE_BREAK: &str = r"[^\n\r\x{2028}\x{2029}]";

/// A pattern in which `\s`, `\w` and `\W` mean what they mean to JavaScript, and `\N` what `.` does.
#[expect(
    clippy::expect_used,
    reason = "each pattern is a constant that the tests of its module try"
)]
pub fn pattern(javascript: &str) -> Regex {
    let meant = javascript.replace(r"\s", SPACE).replace(r"\w", WORD);
    let meant = meant.replace(r"\W", NO_WORD).replace(r"\N", NO_LINE_BREAK);
    Regex::new(&meant).expect("the pattern is a constant")
}

/// The place of the first group of each match, behind that of the whole match.
pub fn groups(pattern: &Regex, text: &str) -> impl Iterator<Item = (Span, Span)> {
    let place = |found: Match<'_>| Span::new(found.start(), found.end());
    let places = move |found: Captures<'_>| {
        found.get(0).zip(found.get(1)).map(|(whole, group)| (place(whole), place(group)))
    };
    pattern.captures_iter(text).filter_map(places)
}

/// The text of the first group of each match.
pub fn texts<'t>(pattern: &Regex, text: &'t str) -> impl Iterator<Item = &'t str> {
    let first = |found: Captures<'t>| found.get(1).map(|group| group.as_str());
    pattern.captures_iter(text).filter_map(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_those_of_javascript() {
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
