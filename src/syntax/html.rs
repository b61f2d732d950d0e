//! HTML over a template: text as WHATWG's tokenizer reads it, mustaches as holes.
//!
//! It finds where a document's `<head>` starts. What a hole prints is taken to leave the reader where
//! it was; where the branches of a block leave it in different places, doubt is recorded.

use super::Template;
use super::ast::{Block, BlockKind, ExpressionKind, Statement};
use crate::text::Span;

/// Where the head of the document that a template prints starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentHead {
    /// The whole `<head …>` start tags; several only in branches that exclude one another.
    Heads(Vec<Span>),
    /// There is one on some ways through the template, but not on all.
    Sometimes,
    /// The template prints no head of its own.
    None,
    /// There is one, but where is not certain.
    Ambiguous {
        /// The doubtful place.
        at: Span,
        /// One clause without a final full stop.
        reason: String,
    },
}

/// Finds the head of the document that the template prints. A template that no engine accepts
/// prints nothing.
pub fn document_head(source: &[u8], template: &Template) -> DocumentHead {
    let mut finder = HeadFinder { source, heads: Vec::new(), doubt: None };
    let start = Reader { place: Place::Data, past_head: false };
    let end = finder.statements(template.statements().unwrap_or_default(), start);
    match finder.doubt {
        Some((at, reason)) => DocumentHead::Ambiguous { at, reason: reason.to_owned() },
        None if finder.heads.is_empty() => DocumentHead::None,
        None if !end.past_head => DocumentHead::Sometimes,
        None => DocumentHead::Heads(finder.heads),
    }
}

/// Where the tokenizer stands.
#[derive(Clone, Debug, PartialEq)]
enum Place {
    Data,
    Tag(Tag),
    /// `<!-- … -->`.
    Comment,
    /// `<!doctype …>`, `</ …>`, `<? …>`: everything up to the next `>`.
    Declaration,
    /// The content of this element, in lower case, up to its end tag.
    RawText(Vec<u8>),
    /// The branches of a block disagree.
    Unknown,
}

#[derive(Clone, Debug, PartialEq)]
struct Tag {
    start: usize,
    /// In lower case; empty if a mustache prints it.
    name: Vec<u8>,
    part: Part,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Part {
    Name,
    Attributes,
    BeforeValue,
    Unquoted,
    Quoted(u8),
}

/// Elements whose content is text up to their end tag, or is no part of the document itself.
const RAW_TEXT: &[&[u8]] = &[
    b"script",
    b"style",
    b"title",
    b"textarea",
    b"xmp",
    b"iframe",
    b"noembed",
    b"noframes",
    b"noscript",
    b"template",
    b"svg",
    b"math",
];

/// The tokenizer on one path through the template.
#[derive(Clone, Debug, PartialEq)]
struct Reader {
    place: Place,
    /// Whether a head has started; browsers ignore any further one.
    past_head: bool,
}

struct HeadFinder<'s> {
    source: &'s [u8],
    heads: Vec<Span>,
    doubt: Option<(Span, &'static str)>,
}

impl HeadFinder<'_> {
    fn statements(&mut self, statements: &[Statement], mut reader: Reader) -> Reader {
        for statement in statements {
            reader = match statement {
                Statement::Content(span) => self.content(*span, reader),
                Statement::Comment(_) => reader,
                Statement::Mustache(_) | Statement::Partial(_) => after_hole(reader),
                Statement::Block(block) => {
                    let before = reader.past_head;
                    let entry = before_block(reader);
                    let body = self.statements(&block.body, entry.clone());
                    let inverse = block.inverse.as_deref().unwrap_or_default();
                    let inverse = self.statements(inverse, entry);
                    match block.kind {
                        BlockKind::Raw | BlockKind::Partial => body,
                        // What a page may put in the place of the body is not known.
                        _ if is_replaceable(block) => Reader { past_head: before, ..body },
                        _ => self.join(body, inverse),
                    }
                }
            };
        }
        reader
    }

    /// One reader for what follows two branches.
    fn join(&mut self, one: Reader, other: Reader) -> Reader {
        let past_head = one.past_head && other.past_head;
        let place = match (one.place, other.place) {
            (one, other) if one == other => one,
            (Place::Tag(one), Place::Tag(other))
                if one.start == other.start && one.is_loose() && other.is_loose() =>
            {
                Place::Tag(Tag { part: Part::Attributes, ..one })
            }
            (one, other) => {
                for place in [one, other] {
                    if let Place::Tag(tag) = place
                        && tag.name == b"head"
                        && !past_head
                    {
                        self.doubt(
                            tag.start,
                            "its `<head>` tag ends in one branch of a block and not in the other",
                        );
                    }
                }
                Place::Unknown
            }
        };
        Reader { place, past_head }
    }

    fn doubt(&mut self, at: usize, reason: &'static str) {
        self.doubt.get_or_insert((Span::new(at, at + b"<head".len()), reason));
    }

    fn content(&mut self, span: Span, mut reader: Reader) -> Reader {
        let text = &self.source[..span.end];
        let mut at = span.start;
        while at < span.end && !reader.past_head {
            at = match &mut reader.place {
                Place::Data => data(text, at, &mut reader.place),
                Place::Comment => past_comment(text, at, &mut reader.place),
                Place::Declaration => past(text, at, b">", &mut reader.place),
                Place::RawText(name) => match raw_text_end(&text[at..], name) {
                    Some(length) => {
                        reader.place = Place::Declaration;
                        at + length
                    }
                    None => span.end,
                },
                Place::Tag(tag) => {
                    let end = tag.read(text, at);
                    if let Some(end) = end {
                        let found = tag.name == b"head";
                        if found {
                            self.heads.push(Span::new(tag.start, end));
                            reader.past_head = true;
                        }
                        reader.place = tag.content();
                    }
                    end.unwrap_or(span.end)
                }
                Place::Unknown => {
                    if let Some(offset) = head_like(&text[at..]) {
                        self.doubt(at + offset, "a block before its `<head>` leaves a tag or comment open in one branch only");
                    }
                    span.end
                }
            };
        }
        reader
    }
}

/// Whether a block defines a part of a page, or is the place for one.
fn is_replaceable(block: &Block) -> bool {
    let helper = match &block.call.callee.kind {
        ExpressionKind::Path(path) => path.original.as_str(),
        _ => "",
    };
    matches!(helper, "block" | "partial")
}

/// Reads on from `at` to the next tag, comment or declaration, and says where its inside starts.
fn data(text: &[u8], at: usize, place: &mut Place) -> usize {
    let Some(offset) = memchr::memchr(b'<', &text[at..]) else {
        return text.len();
    };
    let start = at + offset;
    let (next, length) = match &text[start + 1..] {
        [b'!', b'-', b'-', rest @ ..] => match rest {
            [b'>', ..] => (Place::Data, 5),
            [b'-', b'>', ..] => (Place::Data, 6),
            _ => (Place::Comment, 4),
        },
        [b'!' | b'/' | b'?', ..] => (Place::Declaration, 2),
        // At the end of a text a mustache prints the tag's name.
        [] => (Place::Tag(Tag { start, name: Vec::new(), part: Part::Name }), 1),
        [letter, ..] if letter.is_ascii_alphabetic() => {
            (Place::Tag(Tag { start, name: Vec::new(), part: Part::Name }), 1)
        }
        _ => (Place::Data, 1),
    };
    *place = next;
    start + length
}

/// Reads on to after a comment, which `--!>` ends, too.
fn past_comment(text: &[u8], at: usize, place: &mut Place) -> usize {
    let end = |end| memchr::memmem::find(&text[at..], end).unwrap_or(usize::MAX);
    let mark: &[u8] = if end(b"--!>") < end(b"-->") { b"--!>" } else { b"-->" };
    past(text, at, mark, place)
}

/// Reads on to after `end`.
fn past(text: &[u8], at: usize, end: &[u8], place: &mut Place) -> usize {
    match memchr::memmem::find(&text[at..], end) {
        Some(offset) => {
            *place = Place::Data;
            at + offset + end.len()
        }
        None => text.len(),
    }
}

/// Length up to the name in the end tag of the element `name`.
fn raw_text_end(text: &[u8], name: &[u8]) -> Option<usize> {
    memchr::memmem::find_iter(text, b"</")
        .find(|&at| starts_with_name(&text[at + 2..], name))
        .map(|at| at + 2)
}

/// Where something that may be a head's start tag stands.
fn head_like(text: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'<', text).find(|&at| starts_with_name(&text[at + 1..], b"head"))
}

fn starts_with_name(text: &[u8], name: &[u8]) -> bool {
    let ends = |byte: Option<&u8>| {
        byte.is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'))
    };
    text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
        && ends(text.get(name.len()))
}

impl Tag {
    /// Reads on from `at`; where the tag ended, if it did.
    fn read(&mut self, text: &[u8], at: usize) -> Option<usize> {
        for (at, &byte) in text.iter().enumerate().skip(at) {
            if byte == b'>' && !matches!(self.part, Part::Quoted(_)) {
                return Some(at + 1);
            }
            self.part = match (self.part, byte) {
                (Part::Name, b'/') => Part::Attributes,
                (Part::Name, _) if byte.is_ascii_whitespace() => Part::Attributes,
                (Part::Name, _) => {
                    self.name.push(byte.to_ascii_lowercase());
                    Part::Name
                }
                (Part::Attributes, b'=') => Part::BeforeValue,
                (Part::BeforeValue, b'"' | b'\'') => Part::Quoted(byte),
                (Part::BeforeValue, _) if !byte.is_ascii_whitespace() => Part::Unquoted,
                (Part::Unquoted, _) if byte.is_ascii_whitespace() => Part::Attributes,
                (Part::Quoted(quote), _) if byte == quote => Part::Attributes,
                (part, _) => part,
            };
        }
        None
    }

    /// What follows the tag.
    fn content(&self) -> Place {
        match RAW_TEXT.contains(&self.name.as_slice()) {
            true => Place::RawText(self.name.clone()),
            false => Place::Data,
        }
    }

    /// Whether it is read on outside quotes.
    fn is_loose(&self) -> bool {
        !matches!(self.part, Part::Quoted(_))
    }
}

/// A mustache inside a tag is part of its name or value.
fn after_hole(mut reader: Reader) -> Reader {
    if let Place::Tag(tag) = &mut reader.place {
        match tag.part {
            Part::Name => {
                tag.name.clear();
                tag.part = Part::Attributes;
            }
            Part::BeforeValue => tag.part = Part::Unquoted,
            _ => {}
        }
    }
    reader
}

/// A block glued to a tag's name holds attributes.
fn before_block(mut reader: Reader) -> Reader {
    if let Place::Tag(tag) = &mut reader.place
        && tag.part == Part::Name
    {
        tag.part = Part::Attributes;
    }
    reader
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    fn heads(source: &str) -> Vec<&str> {
        match document_head(source.as_bytes(), &parse(source.as_bytes())) {
            DocumentHead::Heads(spans) => spans.iter().map(|span| &source[span.range()]).collect(),
            DocumentHead::None => Vec::new(),
            DocumentHead::Ambiguous { .. } => vec!["?"],
            DocumentHead::Sometimes => vec!["sometimes"],
        }
    }

    #[test]
    fn finds_the_start_tag_that_a_browser_would_take() {
        assert_eq!(heads("<!doctype html><html><head><title>"), ["<head>"]);
        assert_eq!(
            heads("<HTML><HEAD lang='a>b' data-x={{y}} >x"),
            ["<HEAD lang='a>b' data-x={{y}} >"]
        );
        assert_eq!(
            heads("<!-- <head> --><html{{#if a}} class=\"x\"{{/if}}><head{{#if b}} c{{/if}}>"),
            ["<head{{#if b}} c{{/if}}>"]
        );
        assert_eq!(heads("<script>'<head>'</script><header><head>"), ["<head>"]);
        assert_eq!(heads("<a title=\"<head>\"><p>{{! <head> }}"), Vec::<&str>::new());
        assert_eq!(
            heads("{{#if a}}<head>{{else}}<head id=b>{{/if}}<head>"),
            ["<head>", "<head id=b>"]
        );
        assert_eq!(heads("<head><body><script>var a = '<head>'"), ["<head>"]);
        assert_eq!(heads("<!-- {{#if a}} --><p><!-- {{/if}} --><head>"), ["<head>"]);
        assert_eq!(
            heads("<svg><head></svg><template><head></template><noscript><head></noscript><head>"),
            ["<head>"]
        );
        assert_eq!(heads("<!-- a --!><head a><!-- b --><head b>"), ["<head a>"]);
        assert_eq!(heads("<!--[if IE]><head><![endif]--><{{t}} a><h{{n}}><head/>"), ["<head/>"]);
    }

    #[test]
    fn a_head_that_may_be_left_out_is_none_to_rely_on() {
        assert_eq!(heads("<html>{{#if a}}<head>{{/if}}<body>"), ["sometimes"]);
        assert_eq!(heads("<html>{{#block 'h'}}<head>{{/block}}<body>"), ["sometimes"]);
        assert_eq!(heads("<html>{{#each a}}<head>{{/each}}<body>"), ["sometimes"]);
    }

    #[test]
    fn doubt_is_recorded_and_not_resolved() {
        assert_eq!(heads("{{#if a}}<!-- {{/if}}<head>"), ["?"]);
        assert_eq!(heads("<head {{#if a}}x>{{/if}}"), ["?"]);
        assert_eq!(heads("<head>{{#if a}}<!-- {{/if}}<head>"), ["<head>"]);
    }
}
