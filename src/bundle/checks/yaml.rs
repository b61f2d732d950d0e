//! Finds what the official bundler's YAML reader would reject in a text.

use super::mapped::Mapped;
use crate::text::Span;
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Tag};
use std::collections::BTreeSet;
use std::ops::Range;

/// The most repairs of a text; a text that needs more is not checked.
const MAX_REPAIRS: usize = 300;
/// The parser's message for a line of quoted text that is indented too little.
const STRAY_LINE: &str = "invalid indentation in quoted scalar";
/// The parser's messages for a line in brackets that is indented too little.
const STRAY_ITEMS: [&str; 2] = ["invalid indentation", "invalid indentation in flow construct"];
/// Indentation that is deep enough inside any collection.
const INDENT: &str = "                                ";
/// The prefix of YAML's own tags.
const OWN_TYPES: &str = "tag:yaml.org,2002:";

/// The key whose value is merged into the surrounding object.
const MERGE: &str = "<<";

/// A problem in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub message: String,
    pub at: Span,
}

/// Returns everything that is wrong with `source`, which begins with `---`.
pub(super) fn judge(mut source: Mapped) -> Vec<Problem> {
    if let Some(index) = source.characters().position(is_unprintable) {
        let message = "front matter contains a control character".to_owned();
        return vec![Problem { message, at: source.span(index) }];
    }
    // The official reader keeps text after the dashes in its column, as on a line of its own.
    source.insert(3, "\n   ");
    for _ in 0..MAX_REPAIRS {
        let mut reader = Reader::new(&source);
        let Err(error) = reader.read() else {
            return reader.problems;
        };
        let index = error.marker().index();
        // The official reader also accepts items in brackets in any column.
        if STRAY_ITEMS.contains(&error.info()) {
            source.insert(index, INDENT);
            continue;
        }
        if error.info() != STRAY_LINE {
            let message = format!("this is not YAML: {}", error.info());
            return vec![Problem { message, at: source.span(index) }];
        }
        // The official reader accepts the lines of a quoted text in any column.
        let lines = source.quoted_lines(index);
        if lines.iter().any(|line| source.is_separator(*line)) {
            let message = "a text in quotes is not closed before the next `---`".to_owned();
            return vec![Problem { message, at: source.span(index) }];
        }
        lines.iter().rev().for_each(|line| source.insert(*line, INDENT));
    }
    Vec::new()
}

fn is_unprintable(character: char) -> bool {
    matches!(character, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{84}'
        | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
}

/// The content of one collection so far.
enum Level {
    List,
    Map {
        keys: BTreeSet<String>,
        is_key_next: bool,
        /// Whether the last key was `<<`.
        merges: bool,
    },
}

struct Reader<'a> {
    source: &'a Mapped,
    text: Vec<char>,
    levels: Vec<Level>,
    /// The columns in which the collections of `levels` begin; `None` in brackets.
    columns: Vec<Option<usize>>,
    /// The number of levels when a key began that is a collection itself.
    outside_key: Option<usize>,
    documents: usize,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    fn new(source: &'a Mapped) -> Self {
        Self {
            source,
            // The official reader treats a byte order mark inside the text as a letter.
            text: source.text().replace('\u{feff}', "\u{fffd}").chars().collect(),
            levels: Vec::new(),
            columns: Vec::new(),
            outside_key: None,
            documents: 0,
            problems: Vec::new(),
        }
    }

    fn read(&mut self) -> Result<(), ScanError> {
        // If the parser gets the text as one string, it counts some bytes as characters.
        let text = self.text.clone();
        for event in Parser::new_from_iter(text.iter().copied()) {
            let (event, span) = event?;
            let (start, end) = (span.start.index(), span.end.index());
            match &event {
                Event::Scalar(text, style, ..) => self.shape(text, *style, start..end),
                Event::SequenceStart(..) | Event::MappingStart(..) => {
                    let is_in_brackets = matches!(self.columns.last(), Some(None))
                        || matches!(self.text.get(start), Some('[' | '{'));
                    self.columns.push((!is_in_brackets).then_some(span.start.col()));
                }
                Event::SequenceEnd | Event::MappingEnd => drop(self.columns.pop()),
                _ => {}
            }
            self.event(&event, start);
        }
        Ok(())
    }
}

impl Reader<'_> {
    fn add(&mut self, index: usize, message: String) {
        self.problems.push(Problem { message, at: self.source.span(index) });
    }

    fn event(&mut self, event: &Event<'_>, index: usize) {
        match event {
            Event::DocumentStart(_) => self.documents += 1,
            Event::Scalar(text, style, _, tag) => {
                self.tag(tag.as_deref(), index, |name| fits(name, text, *style));
                self.scalar(text, *style, index);
            }
            Event::Alias(_) => drop(self.node(None)),
            Event::SequenceStart(_, tag) => {
                self.tag(tag.as_deref(), index, |name| ["seq", "omap", "pairs"].contains(&name));
                self.collection(None, index, Level::List);
            }
            Event::MappingStart(_, tag) => {
                self.tag(tag.as_deref(), index, |name| ["map", "set"].contains(&name));
                let level = Level::Map { keys: BTreeSet::new(), is_key_next: true, merges: false };
                // JavaScript prints all objects alike, so any two of them are the same key.
                self.collection(Some("[object Object]".to_owned()), index, level);
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.levels.pop();
                self.outside_key = self.outside_key.filter(|outside| self.levels.len() > *outside);
            }
            _ => {}
        }
    }

    /// Reports a text that is not allowed where it is, although other readers accept it.
    fn shape(&mut self, text: &str, style: ScalarStyle, range: Range<usize>) {
        let is_in_brackets = matches!(self.columns.last(), Some(None));
        let is_plain = style == ScalarStyle::Plain;
        if is_plain && text.is_empty() && !is_in_brackets {
            let before = self.text[..range.start].iter().rev().find(|c| !c.is_whitespace());
            if self.is_key_next()
                && self.text.get(range.start) == Some(&':')
                && before != Some(&'?')
            {
                self.add(range.start, "a key is missing in front matter".to_owned());
            }
        }
        if self.is_bare_block(style, range.start) {
            let message = "a text after `|` or `>` in front matter must be indented";
            self.add(range.start, message.to_owned());
        }
        let outside = self.columns.iter().rev().copied().flatten().next();
        let text = self.text.get(range.clone()).unwrap_or_default();
        let lines = text.split(|c| *c == '\n').skip(1);
        let is_stray = |line: &[char]| {
            let indent = line.iter().take_while(|c| **c == ' ').count();
            line.iter().any(|c| !c.is_whitespace())
                && outside.is_some_and(|column| indent <= column)
        };
        if is_plain && is_in_brackets && lines.into_iter().any(is_stray) {
            let message = "a text in brackets goes on too far to the left in front matter";
            self.add(range.start, message.to_owned());
        }
    }

    /// Reports whether a block scalar that is a whole document begins without indentation.
    fn is_bare_block(&self, style: ScalarStyle, start: usize) -> bool {
        let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        // `start` is at the first line of the scalar, or at the `|` or `>` before it.
        let sign = usize::from(matches!(self.text.get(start), Some('|' | '>')));
        let mut lines = self.text[start..].split(|c| *c == '\n').skip(sign);
        let first = lines.find(|line| line.iter().any(|c| !c.is_whitespace()));
        let is_bare =
            |line: &[char]| !line[0].is_whitespace() && !line.starts_with(&['-', '-', '-']);
        is_block && self.columns.is_empty() && first.is_some_and(is_bare)
    }

    fn is_key_next(&self) -> bool {
        matches!(self.levels.last(), Some(Level::Map { is_key_next: true, .. }))
    }

    fn collection(&mut self, key: Option<String>, index: usize, level: Level) {
        let node = self.node(key);
        if node == Node::TakenKey {
            self.add(index, "two keys in front matter are the same".to_owned());
        }
        if matches!(node, Node::Key | Node::TakenKey) {
            self.outside_key.get_or_insert(self.levels.len());
        }
        self.levels.push(level);
    }

    /// Registers a node, which would have the key `key`, and returns its role.
    fn node(&mut self, key: Option<String>) -> Node {
        let Some(Level::Map { keys, is_key_next, merges }) = self.levels.last_mut() else {
            return Node::Value;
        };
        let is_key = std::mem::replace(is_key_next, !*is_key_next);
        let merged = std::mem::replace(merges, is_key && key.as_deref() == Some(MERGE));
        match key {
            _ if merged => Node::Merged,
            _ if !is_key => Node::Value,
            _ if *merges => Node::Key,
            Some(key) if keys.contains(&key) => Node::TakenKey,
            key => {
                keys.extend(key);
                Node::Key
            }
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, index: usize) {
        match self.node(Some(key(text, style))) {
            Node::Key => {}
            Node::TakenKey => self.add(index, format!("the key `{text}` appears twice")),
            Node::Merged => self.add(index, "the value of `<<` must be an object".to_owned()),
            Node::Value if self.is_judged() && text.trim().ends_with([',', ';']) => {
                let last = if text.trim().ends_with(',') { "a comma" } else { "a semicolon" };
                self.add(index, format!("a value in front matter ends in {last}"));
            }
            Node::Value => {}
        }
    }

    /// Reports whether the ends of values matter here: only in the first document, and not in its keys.
    fn is_judged(&self) -> bool {
        self.documents <= 1 && self.outside_key.is_none()
    }

    fn tag(&mut self, tag: Option<&Tag>, index: usize, fits: impl Fn(&str) -> bool) {
        let Some(tag) = tag else {
            return;
        };
        let is_known = tag.handle == OWN_TYPES && fits(&tag.suffix);
        let is_plain = tag.handle.is_empty() && tag.suffix == "!" || tag.suffix.is_empty();
        if !is_known && !is_plain {
            self.add(
                index,
                "a value in front matter begins with `!`, which needs quotes".to_owned(),
            );
        }
    }
}

#[derive(PartialEq, Eq)]
enum Node {
    Key,
    TakenKey,
    Value,
    /// The value of `<<`.
    Merged,
}

/// Reports whether a text fits one of YAML's own types. The official reader considers only plain scalars.
fn fits(kind: &str, text: &str, style: ScalarStyle) -> bool {
    let is_plain = style == ScalarStyle::Plain;
    match kind {
        "str" | "timestamp" | "merge" | "binary" => true,
        "null" => matches!(key(text, style).as_str(), "null"),
        "bool" => is_plain && matches!(key(text, style).as_str(), "true" | "false"),
        "int" => is_plain && is_whole(text),
        "float" => is_plain && number(text).is_some(),
        _ => false,
    }
}

fn is_whole(text: &str) -> bool {
    let digits = text.trim_start_matches(['+', '-']);
    let radixes = [("0b", 2), ("0x", 16), ("0o", 8), ("", 10)];
    radixes.iter().any(|(start, radix)| {
        digits.strip_prefix(start).is_some_and(|rest| u128::from_str_radix(rest, *radix).is_ok())
    })
}

/// Returns a decimal number as JavaScript prints it.
fn number(text: &str) -> Option<String> {
    let is_decimal = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    let number: f64 = text.parse().ok().filter(|_| is_decimal)?;
    Some(ryu_js::Buffer::new().format(number).to_owned())
}

/// Returns the member name that JavaScript derives from a key: it prints the value.
fn key(text: &str, style: ScalarStyle) -> String {
    match text {
        // A quoted `<<` does not merge, so it must not look like the key that does.
        "<<" if style != ScalarStyle::Plain => "<< ".to_owned(),
        _ if style != ScalarStyle::Plain => text.to_owned(),
        "" | "~" | "null" | "Null" | "NULL" => "null".to_owned(),
        "true" | "True" | "TRUE" => "true".to_owned(),
        "false" | "False" | "FALSE" => "false".to_owned(),
        _ => number(text).unwrap_or_else(|| text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let mut source = Mapped::default();
        source.push(text, 0);
        judge(source).into_iter().map(|problem| problem.message).collect()
    }

    #[test]
    fn typical_front_matter_is_accepted() {
        for text in [
            "---\nproduct:\n    videos:\n        limit: 8\n---",
            "---\na: {{theme_settings.unknown}}\nb: [1, {c: d}]\n---",
            "---\ngql: \"query {\n  a\n}\"\nb: 'it''s\n} '\n---",
            "--- a: 1\n---",
            "---\n---",
            "---\na: {{b\n c}}\nd: {{e: \nf}}\n? \n: g\n---",
            "---\na: \"x,\" # y,\nb: z\n---\nc: d,",
        ] {
            let expected = usize::from(text.contains("x,"));
            assert_eq!(found(text).len(), expected, "{text:?}: {:?}", found(text));
        }
    }

    #[test]
    fn yaml_that_the_official_reader_rejects_is_reported() {
        for (text, expected) in [
            ("---\na: 1,\nb:\n  - x;\n---", "a value in front matter ends in a comma"),
            ("---\na: 1\nb: 2\na: 3\n---", "the key `a` appears twice"),
            ("---\n1: 1\n1.0: 2\n---", "the key `1.0` appears twice"),
            ("---\na:\n\tb: 1\n---", "this is not YAML: "),
            ("---\na: b: c\n---", "this is not YAML: "),
            ("---\na: 'b\nc: d\n---", "a text in quotes is not closed before the next `---`"),
            ("---\na: !b c\n---", "a value in front matter begins with `!`, which needs quotes"),
            ("---\n<<: c\n---", "the value of `<<` must be an object"),
            ("---\n{{a}}: 1\n{{b}}: 2\n---", "two keys in front matter are the same"),
            ("---\n: a\n---", "a key is missing in front matter"),
            ("---\na: {{b\nc}}\n---", "a text in brackets goes on too far to the left"),
            ("---|\na\n---", "a text after `|` or `>` in front matter must be indented"),
            ("---\na: !!int b\n---", "a value in front matter begins with `!`"),
            ("---\na: 1\n\u{feff}---\n---", "this is not YAML: "),
            ("---\na: \u{1}\n---", "front matter contains a control character"),
        ] {
            let found = found(text);
            assert!(
                found.first().is_some_and(|first| first.starts_with(expected)),
                "{text:?}: {found:?}"
            );
        }
    }

    #[test]
    fn problems_are_located_in_the_original_source() {
        let mut source = Mapped::default();
        source.push("---\n\"a\": \"x\ny\"\n", 10);
        source.push_at("long value", 25);
        source.push(": 1,\n---", 30);
        let problems = judge(source);
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].at, Span::new(32, 33));
    }

    #[test]
    fn multibyte_characters_do_not_cause_a_panic() {
        let mut source = Mapped::default();
        source.push("---\n%\u{1F600}\n---", 0);
        judge(source);
    }

    proptest::proptest! {
        #[test]
        fn reader_never_panics(text in "[-a\\[\\]{}:,!&*|>'\"%@`# \t\r\n?<é\\\\\u{1F600}]{0,40}") {
            let mut source = Mapped::default();
            source.push(&format!("---{text}---"), 0);
            judge(source);
        }
    }
}
