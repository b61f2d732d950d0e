//! Kept pages in whose markup it is not clear what browsers make of it. They are what they were before the
//! guard if that prints nothing on them.

use super::ways_out::Printed;
use crate::guard::names::{HEAD, PAGE};
use crate::syntax::ast::Statement;
use crate::text::Span;
use crate::theme::pages::Templates;
use crate::verify::{Doubt, Outcome, Verdict, Visitor};

/// Whether all that is doubtful about a page is the theme's own markup: the theme holds a guard, which
/// prints nothing on the page for any of these visitors.
pub(super) fn is_as_it_was(
    templates: &Templates,
    page: &str,
    seen: &[(&Visitor, &Verdict)],
) -> bool {
    let is_odd = |verdict: &Verdict| {
        let is_markup = verdict.doubts.iter().all(|doubt| *doubt == Doubt::Markup);
        verdict.outcome == Outcome::Uncertain && is_markup && verdict.leads_to.is_empty()
    };
    let is_fine = |verdict: &Verdict| verdict.outcome == Outcome::Shown || is_odd(verdict);
    let is_guarded = [HEAD, PAGE].iter().any(|name| templates.get(name).is_some());
    is_guarded
        && seen.iter().all(|(_, verdict)| is_fine(verdict))
        && !prints_guard(templates, page, seen)
}

/// Whether a page prints something of the guard's own templates for one of the visitors.
fn prints_guard(templates: &Templates, page: &str, seen: &[(&Visitor, &Verdict)]) -> bool {
    let visitors: Vec<&Visitor> = seen.iter().map(|(visitor, _)| *visitor).collect();
    let pages = templates.pages().filter(|name| *name == page);
    let printed = Printed::new(templates, pages, &visitors);
    [HEAD, PAGE].iter().any(|name| {
        let file = templates.get(name);
        // What the engine refuses prints nothing, and is told elsewhere.
        let statements = file.and_then(|file| file.syntax.statements()).unwrap_or_default();
        let mut pieces = Vec::new();
        collect(templates, name, statements, &mut pieces);
        pieces.iter().any(|piece| !printed.on(name, *piece).is_empty())
    })
}

/// What statements print by themselves.
fn collect(templates: &Templates, name: &str, statements: &[Statement], pieces: &mut Vec<Span>) {
    for statement in statements {
        match statement {
            Statement::Content(span) => {
                let is_blank = templates.content(name, *span).trim_ascii().is_empty();
                pieces.extend((!is_blank).then_some(*span));
            }
            Statement::Mustache(_) | Statement::Partial(_) => pieces.push(statement.span()),
            Statement::Block(block) => {
                collect(templates, name, &block.body, pieces);
                collect(templates, name, block.inverse.as_deref().unwrap_or_default(), pieces);
            }
            Statement::Comment(_) => {}
        }
    }
}
