//! The redirect guard: one include directly after the `<head>` tag of each layout that is a document, and one
//! in each page that does not always print such a layout.

use super::PlanError;
use super::draft::Draft;
use super::front_matter::{dropped, fragile, takes_text};
use super::prints::{BYTE_ORDER_MARK, Printed, Prints, Question};
use crate::guard::{names, snippets};
use crate::syntax::ast::Statement;
use crate::syntax::html::{DocumentHead, document_head};
use crate::text::{Code, Finding, Span};
use crate::theme::pages::{TemplateFile, Templates, prints_nothing};
use crate::theme::template_path;

/// The include that prints the guard.
pub(in crate::guard) const GUARD: &str = "{{> components/stencil-guard/head}}";

pub(super) fn plan(draft: &mut Draft<'_>) -> Result<(), PlanError> {
    let condition = draft.condition();
    let partial = draft.lead(|leading| snippets::head_partial(&condition, leading))?;
    draft.add(names::HEAD, partial.into_bytes());
    draft.note_own_canonical();
    guard_layouts(draft);
    draft.free_kept_pages();
    let mut starts = Prints::new(draft.templates, Question::Start);
    for (page, file) in draft.guarded_pages() {
        let guards_itself = starts.page(draft, page) != Printed::Layout;
        if guards_itself {
            guard_page_itself(draft, page, file);
        }
        if let Some(start) = file.starts.development {
            guard_in_development(draft, page, file, start, guards_itself);
        }
    }
    Ok(())
}

/// Guards a page again where the development server begins to read its text, if the server would miss the
/// guard before that place.
fn guard_in_development(
    draft: &mut Draft<'_>,
    page: &str,
    file: &TemplateFile,
    start: usize,
    guards_itself: bool,
) {
    let is_guarded = |templates: &Templates| {
        Prints::new(templates, Question::Start).page(draft, page) == Printed::Layout
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
                .at(template_path(name), at)
                .help("give the layout one plain <head> outside of any {{#block}}"),
            ),
            // The pages hold the guard themselves.
            DocumentHead::Sometimes | DocumentHead::None => {}
        }
    }
}

/// Reports whether the guard's include fits at `at`: with a third brace after it, the engine would read
/// something else.
fn takes_braces(source: &[u8], at: usize) -> bool {
    source.get(at) != Some(&b'}')
}

fn brace(layout: &str, tag: Span) -> Finding {
    let message = "the guard cannot stand here, because a brace follows";
    Finding::new(Code::AmbiguousHtml, message)
        .at(template_path(layout), tag)
        .help("put a space or a new line after the tag")
}

/// Guards a page that does not start with a guarded layout: the page prints the guard first, and includes its
/// layouts unguarded.
fn guard_page_itself(draft: &mut Draft<'_>, page: &str, file: &TemplateFile) {
    for include in &file.includes {
        if draft.holds_guard(include) {
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

/// Returns the guard on a line of its own, so that a tag that was alone on its line still is: the engines
/// remove white space around such tags.
fn guard_line(source: &[u8], at: usize) -> Vec<u8> {
    match source[..at].last() {
        // The line before is front matter without a line ending.
        Some(last) if *last != b'\n' => format!("{}{GUARD}", line_end(source)),
        _ => format!("{GUARD}{}", line_end(source)),
    }
    .into_bytes()
}

/// Returns the `<head>` tag of a page that is itself a document, if the page prints nothing else before it. A
/// guard after this tag keeps the document type first, which decides how browsers show the page.
fn own_head(source: &[u8], file: &TemplateFile) -> Option<Span> {
    let DocumentHead::Heads(tags) = document_head(source, &file.syntax) else { return None };
    let [tag] = tags.as_slice() else { return None };
    // Tools that drop everything before the text do not see a tag there.
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
            // Its escaped output stays inside the attribute that it is printed into.
            Statement::Mustache(mustache) if mustache.escaped => before.push(b'x'),
            _ => return None,
        }
    }
    begins_document(&before).then_some(*tag)
}

/// Reports whether a text holds a document type or an `<html>` tag, and otherwise only comments.
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

/// Returns the line ending that a file uses first.
fn line_end(source: &[u8]) -> &'static str {
    match memchr::memchr(b'\n', source) {
        Some(at) if at > 0 && source[at - 1] == b'\r' => "\r\n",
        _ => "\n",
    }
}
