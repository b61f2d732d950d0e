//! The redirect guard: one include directly after the `<head>` of each layout that is a document,
//! and in pages that do not always print such a layout.

use super::PlanError;
use super::draft::{DEEPEST, Draft, include_at};
use super::front_matter::{dropped, fragile, takes_text};
use crate::guard::{names, snippets};
use crate::syntax::ast::{Block, BlockKind, Statement};
use crate::syntax::html::{DocumentHead, document_head};
use crate::text::{Code, Finding, Span};
use crate::theme::pages::{
    Include, KEEP_CONTEXT, TemplateFile, Templates, literal_name, prints_nothing,
};
use std::collections::BTreeMap;

/// The include that prints the guard.
pub(in crate::guard) const GUARD: &str = "{{> components/stencil-guard/head}}";

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

pub(super) fn plan(draft: &mut Draft<'_>) -> Result<(), PlanError> {
    let condition = draft.condition();
    let partial = draft.lead(|leading| snippets::head_partial(&condition, leading))?;
    draft.add(names::HEAD, partial.into_bytes());
    draft.note_own_canonical();
    guard_layouts(draft);
    draft.free_kept_pages();
    let mut starts = Starts::new(draft.templates);
    for (page, file) in draft.guarded_pages() {
        let statements = file.syntax.statements().unwrap_or_default();
        let guards_itself = starts.statements(draft, page, statements) != Start::Guard;
        if guards_itself {
            guard_page_itself(draft, page, file);
        }
        if let Some(start) = file.starts.development {
            guard_in_development(draft, page, file, start, guards_itself);
        }
    }
    Ok(())
}

/// Guards a page once more where the development server begins its text, if what stands before would be
/// missed there.
fn guard_in_development(
    draft: &mut Draft<'_>,
    page: &str,
    file: &TemplateFile,
    start: usize,
    guards_itself: bool,
) {
    let is_guarded = |templates: &Templates| {
        let statements = templates.get(page).and_then(|file| file.syntax.statements());
        let statements = statements.unwrap_or_default();
        Starts::new(templates).statements(draft, page, statements) == Start::Guard
    };
    if !guards_itself && draft.templates.in_development(page).as_ref().is_some_and(is_guarded) {
        return;
    }
    let source = draft.theme.template(page).unwrap_or_default();
    if takes_text(source, file, start) {
        draft.edit(page, Span::empty(start), guard_line(source, start), "guard");
    } else {
        draft.find(dropped(page, start));
    }
}

/// Whether an include prints a layout that holds the guard.
fn is_guarded(draft: &Draft<'_>, include: &Include) -> bool {
    let has_guard =
        matches!(draft.documents.get(include.name.as_str()), Some(DocumentHead::Heads(_)));
    has_guard && draft.is_document(include)
}

fn guard_layouts(draft: &mut Draft<'_>) {
    for (name, head) in draft.documents.clone() {
        match head {
            DocumentHead::Heads(tags) => {
                draft.note_amp(name);
                let source = draft.theme.template(name).unwrap_or_default();
                for tag in tags {
                    if takes_braces(source, tag.end) {
                        draft.edit(name, Span::empty(tag.end), GUARD.into(), "guard");
                    } else {
                        draft.find(brace(name, tag));
                    }
                }
            }
            DocumentHead::Ambiguous { at, reason } => draft.find(
                Finding::new(
                    Code::AmbiguousHtml,
                    format!("the place for the guard is not certain: {reason}"),
                )
                .at(format!("templates/{name}.html"), at)
                .help("give the layout one plain <head> outside of any {{#block}}"),
            ),
            // The pages guard themselves.
            DocumentHead::Sometimes | DocumentHead::None => {}
        }
    }
}

/// Whether what ends with two braces can be put in at `at`: with a third the engine would read something else.
fn takes_braces(source: &[u8], at: usize) -> bool {
    source.get(at) != Some(&b'}')
}

fn brace(layout: &str, tag: Span) -> Finding {
    let message = "the guard cannot stand here, because a brace follows";
    Finding::new(Code::AmbiguousHtml, message)
        .at(format!("templates/{layout}.html"), tag)
        .help("put a space or a new line after the tag")
}

/// A page that does not start with a layout that holds the guard prints it itself, before all else, and
/// includes its layouts without it.
fn guard_page_itself(draft: &mut Draft<'_>, page: &str, file: &TemplateFile) {
    for include in &file.includes {
        if is_guarded(draft, include) {
            draft.include_unguarded(page, include);
        }
    }
    draft.note_amp(page);
    let source = draft.theme.template(page).unwrap_or_default();
    if let Some(head) = own_head(source, file) {
        draft.edit(page, Span::empty(head.end), GUARD.into(), "guard");
        return;
    }
    let start = file.starts.guard;
    if file.starts.is_fragile {
        draft.find(fragile(page));
    }
    draft.edit(page, Span::empty(start), guard_line(source, start), "guard");
}

/// The guard alone on its line, so that what stood first on its own line still does: the engines take white
/// space away around such tags.
fn guard_line(source: &[u8], at: usize) -> Vec<u8> {
    match source[..at].last() {
        // The line before is front matter, and has no end yet.
        Some(last) if *last != b'\n' => format!("{}{GUARD}", line_end(source)),
        _ => format!("{GUARD}{}", line_end(source)),
    }
    .into_bytes()
}

/// The `<head>` tag of the document that a page is itself, if nothing else is printed before it. The guard
/// behind it leaves the document type first, which decides how browsers show the page.
fn own_head(source: &[u8], file: &TemplateFile) -> Option<Span> {
    let DocumentHead::Heads(tags) = document_head(source, &file.syntax) else { return None };
    let [tag] = tags.as_slice() else { return None };
    // A tag that stands before the text is none for those who drop what is there.
    if tag.start < file.starts.guard || !takes_braces(source, tag.end) {
        return None;
    }
    let mut before = Vec::new();
    for statement in file.syntax.statements()? {
        let span = statement.span();
        match statement {
            _ if span.start >= tag.start => break,
            Statement::Content(_) => {
                let start = span.start.max(file.starts.guard).min(span.end);
                before.extend_from_slice(&source[start..span.end.min(tag.start)]);
            }
            Statement::Comment(_) => {}
            Statement::Mustache(mustache) if prints_nothing(&mustache.call) => {}
            // It stays inside the attribute that it is printed into.
            Statement::Mustache(mustache) if mustache.escaped => before.push(b'x'),
            _ => return None,
        }
    }
    begins_document(&before).then_some(*tag)
}

/// Whether a text is a document type and the start tag of a document, and nothing else is seen of it.
fn begins_document(text: &[u8]) -> bool {
    let mut rest = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text).trim_ascii_start();
    let has_name = |rest: &[u8], name: &[u8]| {
        rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
    };
    let mut is_document = false;
    while !rest.is_empty() {
        let end: &[u8] = match rest {
            _ if rest.starts_with(b"<!--") => b"-->",
            _ if has_name(rest, b"<!doctype") || has_name(rest, b"<html") => b">",
            _ => return false,
        };
        is_document |= end == b">";
        let Some(at) = memchr::memmem::find(rest, end) else { return false };
        rest = rest[at + end.len()..].trim_ascii_start();
    }
    is_document
}

/// The line end that a file uses first.
fn line_end(source: &[u8]) -> &'static str {
    match memchr::memchr(b'\n', source) {
        Some(at) if at > 0 && source[at - 1] == b'\r' => "\r\n",
        _ => "\n",
    }
}

/// What a template prints first, on every way through it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Start {
    /// Nothing at all.
    Nothing,
    /// A layout that holds the guard and knows its page.
    Guard,
    /// Something else, or not the same on all ways.
    Other,
}

/// How templates start, as far as it is known.
struct Starts<'t> {
    templates: &'t Templates,
    known: BTreeMap<String, Start>,
    depth: usize,
}

impl<'t> Starts<'t> {
    fn new(templates: &'t Templates) -> Self {
        Self { templates, known: BTreeMap::new(), depth: 0 }
    }

    /// How `statements` of the template `name` start.
    fn statements(&mut self, draft: &Draft<'_>, name: &str, statements: &[Statement]) -> Start {
        let starts = statements.iter().map(|statement| self.statement(draft, name, statement));
        let mut printing = starts.filter(|start| *start != Start::Nothing);
        printing.next().unwrap_or(Start::Nothing)
    }

    fn statement(&mut self, draft: &Draft<'_>, name: &str, statement: &Statement) -> Start {
        let templates = self.templates;
        let include = |span| templates.get(name).and_then(|file| include_at(file, span));
        match statement {
            Statement::Comment(_) => Start::Nothing,
            Statement::Content(span) => {
                let text = templates.content(name, *span);
                let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
                if text.trim_ascii().is_empty() { Start::Nothing } else { Start::Other }
            }
            Statement::Mustache(mustache) if prints_nothing(&mustache.call) => Start::Nothing,
            Statement::Mustache(_) => Start::Other,
            Statement::Partial(partial) => {
                include(partial.span).map_or(Start::Other, |include| self.include(draft, include))
            }
            Statement::Block(block) if block.kind == BlockKind::Partial => {
                include(block.open).map_or(Start::Other, |include| self.include(draft, include))
            }
            Statement::Block(block) => self.block(draft, name, block),
        }
    }

    fn block(&mut self, draft: &Draft<'_>, name: &str, block: &Block) -> Start {
        let helper = literal_name(&block.call.callee.kind).unwrap_or_default();
        if helper == "partial" {
            return Start::Nothing;
        }
        if helper == "block" || !KEEP_CONTEXT.contains(&helper.as_str()) {
            return Start::Other;
        }
        let body = self.statements(draft, name, &block.body);
        let inverse = self.statements(draft, name, block.inverse.as_deref().unwrap_or_default());
        if body == inverse { body } else { Start::Other }
    }

    fn include(&mut self, draft: &Draft<'_>, include: &Include) -> Start {
        if draft.loses_condition(include) || self.templates.is_defined(&include.name) {
            return Start::Other;
        }
        if is_guarded(draft, include) {
            return Start::Guard;
        }
        if let Some(&known) = self.known.get(&include.name) {
            return known;
        }
        let templates = self.templates;
        let file = templates.get(&include.name);
        let statements = file.and_then(|file| file.syntax.statements());
        let Some(statements) = statements.filter(|_| self.depth < DEEPEST) else {
            return Start::Other;
        };
        // What includes itself is not certain.
        self.known.insert(include.name.clone(), Start::Other);
        self.depth += 1;
        let start = self.statements(draft, &include.name, statements);
        self.depth -= 1;
        self.known.insert(include.name.clone(), start);
        start
    }
}
