//! Where in the HTML an output ends, and what is kept of the tag or script that it ends in.

use super::script::Runs;
use super::tag::HOLE;

/// Where in the HTML the output ends.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Text,
    Tag {
        name: String,
        /// Between the name and here.
        text: String,
        quote: Option<char>,
        after_equals: bool,
    },
    Comment,
    /// What browsers treat as a comment up to the next `>`.
    Bogus,
    Script {
        runs: Runs,
        /// Whether it has the nonce of the store's policy.
        has_nonce: bool,
        text: String,
    },
    /// Inside an element of which nothing is shown, or whose text is not.
    Hidden(String),
}

impl Place {
    /// Makes one place of two, as far as they are alike; whether they are.
    pub(super) fn meet(&mut self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Tag { name, text, quote, after_equals },
                Self::Tag { name: o_name, text: o_text, quote: o_quote, after_equals: o_equals },
            ) => {
                meet_texts(text, o_text);
                name == o_name && quote == o_quote && after_equals == o_equals
            }
            (
                Self::Script { runs, has_nonce, text },
                Self::Script { runs: o_runs, has_nonce: o_nonce, text: o_text },
            ) => {
                meet_texts(text, o_text);
                runs == o_runs && has_nonce == o_nonce
            }
            (own, other) => own == other,
        }
    }
}

/// A text of which two are possible.
fn meet_texts(text: &mut String, other: &str) {
    if text != other && !text.ends_with(HOLE) {
        text.push(HOLE);
    }
}

/// Longest text of a tag or script that is kept; nothing that matters is near it.
const LONGEST: usize = 1 << 16;

/// Adds what is read of a tag or script to its text.
pub(super) fn keep(text: &mut String, more: &str) {
    if text.len() + more.len() <= LONGEST {
        text.push_str(more);
    } else if !text.ends_with(HOLE) {
        text.push(HOLE);
    }
}

/// Where the end tag of the element `name` begins.
pub(super) fn find_end(text: &str, name: &str) -> Option<usize> {
    let is_end = |at: &usize| {
        let rest = &text.as_bytes()[at + 2..];
        let (own, after) = rest.split_at(name.len().min(rest.len()));
        let is_whole = |next: &u8| next.is_ascii_whitespace() || b"/>".contains(next);
        own.eq_ignore_ascii_case(name.as_bytes()) && after.first().is_none_or(is_whole)
    };
    text.match_indices("</").map(|(at, _)| at).find(is_end)
}
