//! The text of a script that a template prints, in which names that no script uses stand for mustaches.

use crate::syntax::Template;
use crate::syntax::ast::Statement;
use crate::text::Span;

/// Begins and ends the name that stands for a hole; a letter that no script uses.
const MARK: char = '\u{a66e}';

/// A script with holes.
#[derive(Clone, Debug, Default)]
pub struct Code {
    text: String,
    /// The mustache that fills each hole, as spelled.
    holes: Vec<String>,
    /// Where each piece of the text comes from in the source, in order.
    origins: Vec<(usize, usize)>,
}

impl Code {
    /// Creates the code of a script in which `hole` stands for what is not known.
    pub fn with_holes(script: &str, hole: char) -> Self {
        let mut code = Self::default();
        for (number, piece) in script.split(hole).enumerate() {
            if number > 0 {
                code.push_hole("", 0);
            }
            code.push(piece, 0);
        }
        code
    }

    /// Creates the code of a script that consists of the `pieces` of a template, with mustaches between them.
    pub fn in_template(source: &[u8], pieces: &[Span]) -> Self {
        let mut code = Self::default();
        let mut end = pieces.first().map_or(0, |piece| piece.start);
        for piece in pieces {
            code.push_mustaches(source, Span::new(end, piece.start));
            let text = piece.of(source);
            // The last piece includes the start of the end tag.
            let text = text.strip_suffix(b"</").unwrap_or(text);
            code.push(&String::from_utf8_lossy(text), piece.start);
            end = piece.end;
        }
        code
    }

    /// Creates the code of a script in an attribute's value; `None` if the value is not a valid template by
    /// itself.
    pub fn in_attribute(source: &[u8], value: Span) -> Option<Self> {
        let template: Template = crate::syntax::parse(value.of(source));
        let mut code = Self::default();
        code.push_statements(value.of(source), template.statements()?);
        code.origins = vec![(0, value.start)];
        Some(code)
    }

    fn push_statements(&mut self, source: &[u8], statements: &[Statement]) {
        for statement in statements {
            match statement {
                Statement::Content(span) => {
                    self.text.push_str(&decoded(&String::from_utf8_lossy(span.of(source))));
                }
                Statement::Comment(_) => {}
                Statement::Mustache(mustache) => {
                    self.push_hole(&String::from_utf8_lossy(mustache.span.of(source)), 0);
                }
                Statement::Partial(partial) => {
                    self.push_hole(&String::from_utf8_lossy(partial.span.of(source)), 0);
                }
                Statement::Block(block) => {
                    self.push_statements(source, &block.body);
                    let inverse = block.inverse.as_deref().unwrap_or_default();
                    self.push_statements(source, inverse);
                }
            }
        }
    }

    /// Adds the mustaches between two pieces; those that print nothing themselves become a space.
    fn push_mustaches(&mut self, source: &[u8], gap: Span) {
        let text = String::from_utf8_lossy(gap.of(source)).into_owned();
        let inner = text.trim_start_matches('{').trim_start_matches(['~', ' ']);
        let is_silent = inner.starts_with(['#', '/', '!', '^']) || inner.starts_with("else");
        match text.is_empty() || is_silent {
            true => self.text.push(' '),
            false => self.push_hole(&text, gap.start),
        }
    }

    fn push(&mut self, text: &str, origin: usize) {
        self.origins.push((self.text.len(), origin));
        self.text.push_str(text);
    }

    fn push_hole(&mut self, written: &str, origin: usize) {
        self.origins.push((self.text.len(), origin));
        self.text.push(MARK);
        self.text.push_str(&self.holes.len().to_string());
        self.text.push(MARK);
        self.holes.push(written.to_owned());
    }

    /// Returns the text, with names for the holes.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Returns the source position of a position in the text.
    pub fn origin(&self, at: usize) -> usize {
        let piece = self.origins.partition_point(|(start, _)| *start <= at);
        let piece = piece.checked_sub(1).and_then(|piece| self.origins.get(piece));
        piece.map_or(at, |(start, origin)| origin + at - start)
    }

    /// Splits a text into what is written out (`false`) and what is printed into each hole (`true`).
    pub(super) fn parts<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (&'t str, bool)> {
        text.split(MARK).enumerate().filter_map(|(number, piece)| match number % 2 {
            0 => (!piece.is_empty()).then_some((piece, false)),
            _ => {
                let number: usize = piece.parse().ok()?;
                Some((self.holes.get(number)?.as_str(), true))
            }
        })
    }
}

/// Decodes the character references that scripts in attributes use.
fn decoded(text: &str) -> String {
    let pairs = [("&quot;", "\""), ("&apos;", "'"), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">")];
    let text = pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    text.replace("&amp;", "&")
}
