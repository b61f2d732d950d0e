//! Checks text in doubtful markup: whether it would lead away if browsers read it as a tag or a script.
//!
//! It finds only what does not look like prose; words that come in several pieces are put together.

use crate::text::patterns::pattern;
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Words that lead away wherever they appear in a script or a tag.
const WORDS: &[&str] = &[
    "http-equiv",
    "assign(",
    "click(",
    "eval(",
    "function(",
    "navigate(",
    "open(",
    "submit(",
    "write(",
    LOCATION,
];

/// Also an ordinary English word; the text around it decides.
const LOCATION: &str = "location";

/// Maximum length of the kept end of a text, and of what matters in the text after it.
const LONGEST: usize = 24;

/// Matches these words, in upper or lower case.
static FINDER: LazyLock<Regex> = LazyLock::new(|| {
    let words: Vec<String> = WORDS.iter().map(|word| regex::escape(word)).collect();
    pattern(&format!("(?i-u){}", words.join("|")))
});

/// Characters before `location` in code.
const JOINTS: [char; 5] = ['.', '(', '[', '\'', '"'];

/// Maximum number of possible ends that are tracked.
const MAX_ENDS: usize = 8;

/// The possible ends of the text read so far, which may be the start of such a word.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SuspectText(BTreeSet<String>);

impl SuspectText {
    /// Reads more text, and returns whether it may lead away.
    pub(super) fn read(&mut self, text: &str) -> bool {
        let blanks = text.len() - text.trim_start().len();
        let head = &text[..text.ceil_char_boundary((blanks + LONGEST).min(text.len()))];
        let goes_on = self.0.iter().any(|start| leads(&(start.clone() + head)));
        if self.0.is_empty() || text.len() > 2 * LONGEST {
            self.0 = BTreeSet::from([end(text)]);
        } else {
            self.0 = self.0.iter().map(|start| end(&(start.clone() + text))).collect();
        }
        goes_on || leads(text)
    }

    /// Merges two possible texts; returns false if there are too many ends.
    pub(super) fn join(&mut self, other: &Self) -> bool {
        if self == other {
            return true;
        }
        if self.0.is_empty() || other.0.is_empty() {
            self.0.insert(String::new());
        }
        self.0.extend(other.0.iter().cloned());
        if self.0.len() == 1 && self.0.contains("") {
            self.0.clear();
        }
        self.0.len() <= MAX_ENDS
    }
}

/// Whether a text contains something that leads away.
pub(super) fn leads(text: &str) -> bool {
    FINDER.find_iter(text).any(|found| {
        !found.as_str().eq_ignore_ascii_case(LOCATION)
            || is_used(&text[..found.start()], &text[found.end()..])
    })
}

/// Whether the code reads or sets the `location` between these two texts.
fn is_used(before: &str, after: &str) -> bool {
    let next = after.trim_start();
    let is_member = |text: &str| text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '[');
    // A class name in a style sheet continues like this.
    let is_class = after.strip_prefix('-').is_some_and(is_member) || next.starts_with('{');
    before.ends_with(JOINTS) && !after.starts_with(')') && !is_class
        || next.starts_with(['=', '['])
        || next.strip_prefix("?.").is_some()
        || after.strip_prefix('.').is_some_and(is_member)
}

/// Returns, in lower case, the end of a text that may be the start of a word or of the code around one.
fn end(text: &str) -> String {
    let from = text.ceil_char_boundary(text.len().saturating_sub(LONGEST));
    let text = text[from..].to_ascii_lowercase();
    let may_begin = |at: &usize| {
        let rest = &text[*at..];
        let is_joint = rest.len() == 1 && rest.starts_with(JOINTS);
        let begins =
            |word: &&str| word.as_bytes()[0] == rest.as_bytes()[0] && word.starts_with(rest);
        is_joint || rest.starts_with(LOCATION) || WORDS.iter().any(begins)
    };
    let starts = text.char_indices().map(|(at, _)| at);
    let Some(at) = starts.clone().find(may_begin) else { return String::new() };
    // The character before it counts, too.
    let before = starts.take_while(|start| *start < at).last();
    text[before.unwrap_or(at)..].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reads(pieces: &[&str]) -> bool {
        let mut text = SuspectText::default();
        pieces.iter().filter(|piece| text.read(piece)).count() > 0
    }

    #[test]
    fn code_is_distinguished_from_prose() {
        for code in [
            "location='x'",
            "location = x",
            "window.location",
            "location.href",
            "location['href']",
            "location?.replace",
            "Object.assign(location, x)",
            "top['location']",
            "meta HTTP-EQUIV=refresh",
            "navigation.navigate(x)",
            "x.submit()",
        ] {
            assert!(reads(&[code]), "{code}");
        }
        for words in [
            "Our location.",
            "location",
            "Location: here",
            "(location)",
            "Locations",
            "open a page",
        ] {
            assert!(!reads(&[words]), "{words}");
        }
    }

    #[test]
    fn words_split_across_pieces_are_recognised() {
        assert!(reads(&["x loca", "tion.hr", "ef"]));
        assert!(
            reads(&["location", " = x"])
                && reads(&["location.", "href"])
                && reads(&["a.", "location"])
        );
        assert!(reads(&["http-", "", "equiv"]) && reads(&["LOCA", "TION.href"]));
        let blanks = " ".repeat(100);
        assert!(reads(&["location", &format!("{blanks}= x")]));
        assert!(reads(&[&format!("x.loc{blanks}x.loca"), &format!("tion = x{blanks}")]));
        assert!(!reads(&["loca", " tion="]));
        let (mut one, mut other) = (SuspectText::default(), SuspectText::default());
        one.read("loca");
        assert!(!other.read("else") && one.join(&other));
        assert!(one.read("tion="));
    }
}
