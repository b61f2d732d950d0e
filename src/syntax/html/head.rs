//! Finds where the head starts in the document that a template prints.

use super::tokenizer::Part;
use super::tokenizer::{Event, Place, Tag, starts_with_name};
use crate::syntax::Template;
use crate::syntax::ast::{Block, BlockKind, ExpressionKind, Mustache, PartialCall, Statement};
use crate::text::Span;

/// Where the head starts in the document that a template prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentHead {
    /// The whole `<head …>` start tags; there are several only in branches that exclude one another.
    Heads(Vec<Span>),
    /// There is a head on some paths through the template, but not on all.
    Sometimes,
    /// The template prints no head of its own.
    None,
    /// There is a head, but its place is not certain.
    Ambiguous {
        /// The doubtful place.
        at: Span,
        /// The reason, as one clause without a final full stop.
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

/// Elements whose content is text up to their end tag, or not part of the document itself.
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
                Statement::Mustache(Mustache { span, .. })
                | Statement::Partial(PartialCall { span, .. }) => {
                    reader.place.pass_hole(*span);
                    reader
                }
                Statement::Block(block) => {
                    let before = reader.past_head;
                    let mut entry = reader;
                    entry.place.enter_block();
                    let body = self.statements(&block.body, entry.clone());
                    let inverse = block.inverse.as_deref().unwrap_or_default();
                    let inverse = self.statements(inverse, entry);
                    match block.kind {
                        BlockKind::Raw | BlockKind::Partial => body,
                        // It is unknown what a page may replace the body with.
                        _ if is_replaceable(block) => Reader { past_head: before, ..body },
                        _ => self.join(body, inverse),
                    }
                }
            };
        }
        reader
    }

    /// Returns one reader for what follows two branches.
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
            if reader.place == Place::Unknown
                && let Some(offset) = head_like(&text[at..])
            {
                self.doubt(
                    at + offset,
                    "a block before its `<head>` leaves a tag or comment open in one branch only",
                );
            }
            let (next, event) = reader.place.step(text, at, RAW_TEXT);
            if let Some(Event::StartTag { start, end, element }) = event
                && element == b"head"
            {
                self.heads.push(Span::new(start, end));
                reader.past_head = true;
            }
            at = next;
        }
        reader
    }
}

/// Whether a block defines a part of a page, or is a placeholder for one.
fn is_replaceable(block: &Block) -> bool {
    let helper = match &block.call.callee.kind {
        ExpressionKind::Path(path) => path.original.as_str(),
        _ => "",
    };
    matches!(helper, "block" | "partial")
}

/// Returns where something begins that may be the start tag of a head.
fn head_like(text: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'<', text).find(|&at| starts_with_name(&text[at + 1..], b"head"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::parse;

    fn heads(source: &str) -> Vec<&str> {
        match document_head(source.as_bytes(), &parse(source.as_bytes())) {
            DocumentHead::Heads(spans) => spans.iter().map(|span| &source[span.range()]).collect(),
            DocumentHead::None => Vec::new(),
            DocumentHead::Ambiguous { .. } => vec!["?"],
            DocumentHead::Sometimes => vec!["sometimes"],
        }
    }

    #[test]
    fn finds_the_head_tag_that_browsers_use() {
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
        // A script inside a comment of a script ends first.
        let inside = "<script><!-- <script> </script><head> --></script><head id=a>";
        assert_eq!(heads(inside), ["<head id=a>"]);
        let closed = "<script><!-- <script> --> </script><head id=a>";
        assert_eq!(heads(closed), ["<head id=a>"]);
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
    fn conditional_head_is_reported_as_sometimes() {
        assert_eq!(heads("<html>{{#if a}}<head>{{/if}}<body>"), ["sometimes"]);
        assert_eq!(heads("<html>{{#block 'h'}}<head>{{/block}}<body>"), ["sometimes"]);
        assert_eq!(heads("<html>{{#each a}}<head>{{/each}}<body>"), ["sometimes"]);
    }

    #[test]
    fn head_in_unclear_markup_is_ambiguous() {
        assert_eq!(heads("{{#if a}}<!-- {{/if}}<head>"), ["?"]);
        assert_eq!(heads("<head {{#if a}}x>{{/if}}"), ["?"]);
        assert_eq!(heads("<head>{{#if a}}<!-- {{/if}}<head>"), ["<head>"]);
    }
}
