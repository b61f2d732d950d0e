//! Tracks where in the HTML an output ends, and keeps the text of the tag or script that it ends in.

use super::script::Runs;
use super::tag::HOLE;

/// Where in the HTML the output ends.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Text,
    Tag {
        name: String,
        /// The text between the name and the end of the output.
        text: String,
        part: Part,
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
    /// Inside this element, whose content browsers read as text.
    Hidden(String),
}

/// The part of a start tag that is being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// Before the first or the next attribute.
    BeforeName,
    Name,
    AfterName,
    /// One of the three above; what comes next means the same in all of them, unless it is a `=`.
    AroundName,
    BeforeValue,
    Unquoted,
    Quoted(char),
}

impl Part {
    /// Returns the part after a character that does not end the tag.
    pub(super) fn after(self, character: char) -> Self {
        let is_space = character.is_ascii_whitespace();
        match (self, character) {
            (Self::Quoted(quote), _) if quote == character => Self::BeforeName,
            (Self::Quoted(_), _) => self,
            (Self::Unquoted, _) if is_space => Self::BeforeName,
            (Self::Unquoted, _) => self,
            (Self::BeforeValue, '"' | '\'') => Self::Quoted(character),
            (Self::BeforeValue, _) if is_space => self,
            (Self::BeforeValue, _) => Self::Unquoted,
            (_, '/') => Self::BeforeName,
            (Self::AroundName, '=') => Self::BeforeValue,
            (Self::AroundName, _) if is_space => self,
            (Self::Name | Self::AfterName, '=') => Self::BeforeValue,
            (Self::Name | Self::AfterName, _) if is_space => Self::AfterName,
            (Self::BeforeName, _) if is_space => self,
            _ => Self::Name,
        }
    }

    /// Returns the part after unknown output that stays within what it is printed into.
    pub(super) fn after_unknown(self) -> Self {
        match self {
            Self::BeforeValue => Self::Unquoted,
            Self::BeforeName | Self::AfterName | Self::AroundName => Self::Name,
            part => part,
        }
    }
}

impl Place {
    /// Merges two possible places, as far as they are alike; returns whether they are.
    pub(super) fn meet(&mut self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Tag { name, text, part },
                Self::Tag { name: o_name, text: o_text, part: o_part },
            ) => {
                meet_texts(text, o_text);
                let is_around = |part: &Part| {
                    use Part::{AfterName, AroundName, BeforeName, Name};
                    matches!(part, BeforeName | Name | AfterName | AroundName)
                };
                if part != o_part && is_around(part) && is_around(o_part) {
                    *part = Part::AroundName;
                    return name == o_name;
                }
                name == o_name && part == o_part
            }
            (
                Self::Script { runs, has_nonce, text },
                Self::Script { runs: o_runs, has_nonce: o_nonce, text: o_text },
            ) => {
                meet_scripts(text, o_text);
                runs == o_runs && has_nonce == o_nonce
            }
            (own, other) => own == other,
        }
    }
}

impl Place {
    /// Whether two places are the same, whatever text was read there.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Tag { name, part, .. }, Self::Tag { name: o_name, part: o_part, .. }) => {
                name == o_name && part == o_part
            }
            (Self::Script { runs, .. }, Self::Script { runs: o_runs, .. }) => runs == o_runs,
            (own, other) => own == other,
        }
    }
}

/// Merges two possible texts of a tag: one of them, and then the rest of the other, from the word in which it
/// differs.
fn meet_texts(text: &mut String, other: &str) {
    if text == other {
        return;
    }
    let word = common_words(text, other);
    keep(text, &format!("{HOLE} {}{HOLE}", &other[word..]));
}

/// Separates the alternative texts of a script.
const BETWEEN: &str = "\n\0\n";

/// Merges two possible texts of a script: their common start, and then, on lines of their own, the rest of
/// each, from the word in which they differ.
fn meet_scripts(text: &mut String, other: &str) {
    if text == other {
        return;
    }
    let start = common_words(text, other);
    let rest = &other[start..];
    text.insert_str(start, BETWEEN);
    keep(text, &format!("{BETWEEN}{rest}{BETWEEN}"));
}

/// Returns the length of the common start of two texts, up to the word in which they differ.
fn common_words(one: &str, other: &str) -> usize {
    let alike = one.chars().zip(other.chars()).take_while(|(one, other)| one == other);
    let alike: usize = alike.map(|(one, _)| one.len_utf8()).sum();
    let is_in_word = |letter: char| letter.is_alphanumeric() || "-_$.".contains(letter);
    other[..alike].trim_end_matches(is_in_word).len()
}

/// Appends text to a script, which may continue a name that began in more than one way.
pub(super) fn go_on(script: &mut String, more: &str) {
    if script.ends_with(BETWEEN) && more.starts_with(char::is_alphanumeric) {
        script.pop();
    }
    keep(script, more);
}

/// Maximum length in bytes of the text that is kept of a tag or script; hardly any comes near it.
const LONGEST: usize = 1 << 17;

/// Appends what is read of a tag or script to its text, as far as there is room.
pub(super) fn keep(text: &mut String, more: &str) {
    if text.len() + more.len() <= LONGEST {
        text.push_str(more);
        return;
    }
    let room = LONGEST.saturating_sub(text.len());
    let kept = &more[..more.floor_char_boundary(room)];
    text.push_str(kept);
    if kept.len() < more.len() {
        let missing = (LONGEST + 1).saturating_sub(text.len());
        text.extend(std::iter::repeat_n(HOLE, missing));
    }
}

/// Whether there was more text than is kept.
pub(super) fn is_cut(text: &str) -> bool {
    text.len() > LONGEST
}

/// Returns where the end tag of the element `name` begins.
pub(super) fn find_end(text: &str, name: &str) -> Option<usize> {
    let is_end = |at: &usize| is_named(&text[at + 2..], name) == Some(true);
    text.match_indices("</").map(|(at, _)| at).find(is_end)
}

/// Whether a text begins with the whole name of an element; `None` if that depends on what follows.
fn is_named(text: &str, name: &str) -> Option<bool> {
    let (own, after) = text.as_bytes().split_at(name.len().min(text.len()));
    let is_whole = |next: &u8| next.is_ascii_whitespace() || b"/>".contains(next);
    match own.eq_ignore_ascii_case(&name.as_bytes()[..own.len()]) {
        true => after.first().map(is_whole),
        false => Some(false),
    }
}

/// Maximum length in bytes of an unfinished token that is kept until more text follows.
const LONGEST_START: usize = 1 << 8;

/// Whether a text that begins with `<` ends before it is clear what it is the start of.
pub(super) fn is_unfinished(text: &str) -> bool {
    if text.len() > LONGEST_START {
        return false;
    }
    let inner = text.strip_prefix('<').unwrap_or(text);
    let name = inner.strip_prefix('/').unwrap_or(inner);
    let is_open = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic()) && !name.contains(ends_name)
    };
    matches!(inner, "" | "/" | "!" | "!-" | "!--" | "!---") || is_open(name)
}

/// Whether a character ends the name of a tag.
pub(super) fn ends_name(character: char) -> bool {
    character.is_ascii_whitespace() || character == '>' || character == '/'
}

impl Place {
    /// Returns where the start of this place's end may begin, in a text that does not end it; the text's
    /// length if there is no such start.
    pub(super) fn start_of_end(&self, text: &str) -> usize {
        let name = match self {
            Self::Comment => {
                let start = ["--!", "--", "-"].into_iter().find(|start| text.ends_with(start));
                return text.len() - start.map_or(0, str::len);
            }
            Self::Script { .. } => "script",
            Self::Hidden(name) => name,
            _ => return text.len(),
        };
        let begins_end = |at: &usize| match text[at + 1..].strip_prefix('/') {
            Some(own) => is_named(own, name).is_none(),
            None => at + 1 == text.len(),
        };
        text.rfind('<').filter(begins_end).unwrap_or(text.len())
    }
}

/// Whether a script may continue after what looks like its end tag: in browsers it does if another script
/// begins inside a comment.
pub(super) fn hides_its_end(script: &str) -> bool {
    let comment = script.split_once("<!--").map(|(_, comment)| comment);
    let mut starts = comment
        .into_iter()
        .flat_map(|text| text.match_indices('<').map(move |(at, _)| &text[at + 1..]));
    starts.any(|text| is_named(text, "script") != Some(false))
}
