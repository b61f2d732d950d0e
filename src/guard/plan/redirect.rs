//! The redirect guard: one include directly after the `<head>` of each layout that is a document,
//! and in pages that do not always print such a layout.

use super::PlanError;
use super::draft::{Draft, include_at, loses_condition};
use crate::guard::{names, snippets};
use crate::syntax::ast::{BlockKind, Statement};
use crate::syntax::html::DocumentHead;
use crate::text::{Code, Finding, Span};
use crate::theme::pages::{Include, TemplateFile, literal_name};
use std::collections::BTreeMap;

/// The include that prints the guard.
pub(in crate::guard) const GUARD: &str = "{{> components/stencil-guard/head}}";

pub(super) fn plan(draft: &mut Draft<'_>) -> Result<(), PlanError> {
    let partial = snippets::head_partial(&draft.condition(), &draft.policy.storefront)?;
    draft.add(names::HEAD, partial.into_bytes());
    guard_layouts(draft);
    draft.free_kept_pages();
    let mut reach = Reach { known: BTreeMap::new() };
    for (page, file) in draft.guarded_pages() {
        let statements = file.syntax.statements().unwrap_or_default();
        if !reach.always_prints_guard(draft, file, statements) {
            guard_page_itself(draft, page, file);
        }
    }
    Ok(())
}

fn guard_layouts(draft: &mut Draft<'_>) {
    for (name, head) in draft.documents.clone() {
        match head {
            DocumentHead::Heads(tags) => {
                draft.note_amp(name);
                for tag in tags {
                    draft.edit(name, Span::empty(tag.end), GUARD.into(), "guard");
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
            DocumentHead::None => {}
        }
    }
}

/// A page whose layouts do not always print the guard prints it itself, before all else, and
/// includes its layouts without it.
fn guard_page_itself(draft: &mut Draft<'_>, page: &str, file: &TemplateFile) {
    for include in &file.includes {
        if draft.is_document(&include.name) {
            draft.include_unguarded(page, include);
        }
    }
    draft.note_amp(page);
    let source = draft.theme.template(page).unwrap_or_default();
    // Alone on its line, so that what stood first on its own line still does: the engines take
    // white space away around such tags.
    let line = format!("{GUARD}{}", line_end(source));
    draft.edit(page, Span::empty(file.text_start), line.into_bytes(), "guard");
}

/// The line end that a file uses first.
fn line_end(source: &[u8]) -> &'static str {
    match memchr::memchr(b'\n', source) {
        Some(at) if at > 0 && source[at - 1] == b'\r' => "\r\n",
        _ => "\n",
    }
}

/// Which templates always print a guarded document, as far as it is known.
struct Reach {
    known: BTreeMap<String, bool>,
}

impl Reach {
    /// Whether every way through `statements` prints a guarded document that knows its page.
    fn always_prints_guard(
        &mut self,
        draft: &Draft<'_>,
        file: &TemplateFile,
        statements: &[Statement],
    ) -> bool {
        statements.iter().any(|statement| match statement {
            Statement::Partial(partial) => include_at(file, partial.span)
                .is_some_and(|include| self.include_prints_guard(draft, include)),
            Statement::Block(block) if block.kind == BlockKind::Partial => {
                include_at(file, block.open)
                    .is_some_and(|include| self.include_prints_guard(draft, include))
            }
            Statement::Block(block) => {
                let helper = literal_name(&block.call.callee.kind);
                let prints_elsewhere = matches!(helper.as_deref(), Some("partial" | "block"));
                !prints_elsewhere
                    && self.always_prints_guard(draft, file, &block.body)
                    && block
                        .inverse
                        .as_ref()
                        .is_some_and(|inverse| self.always_prints_guard(draft, file, inverse))
            }
            _ => false,
        })
    }

    fn include_prints_guard(&mut self, draft: &Draft<'_>, include: &Include) -> bool {
        if loses_condition(include) {
            return false;
        }
        if draft.is_document(&include.name) {
            return true;
        }
        if let Some(&known) = self.known.get(&include.name) {
            return known;
        }
        let Some(file) = draft.templates.get(&include.name) else {
            return false;
        };
        let Some(statements) = file.syntax.statements() else {
            return false;
        };
        // What includes itself prints nothing for sure.
        self.known.insert(include.name.clone(), false);
        let prints = self.always_prints_guard(draft, file, statements);
        self.known.insert(include.name.clone(), prints);
        prints
    }
}
