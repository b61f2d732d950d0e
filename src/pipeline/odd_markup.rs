//! Kept pages with markup that is too odd to say what browsers make of it. Such a page is still as it was
//! before the guard if the guard prints nothing on it and nothing else on it leads to the storefront.

use super::ways_out::Printed;
use crate::guard::names::{HEAD, PAGE};
use crate::guard::storefront::Storefront;
use crate::guard::theme_settings;
use crate::syntax::ast::Statement;
use crate::text::Span;
use crate::theme::pages::Templates;
use crate::verify::{Doubt, Outcome, Verdict, Visitor};
use memchr::memmem;

/// The guard's templates that send visitors away.
const OF_GUARD: [&str; 2] = [HEAD, PAGE];

/// Whether the theme's own markup is the only doubt about a page: the theme has a guard, the guard prints
/// nothing on the page for these visitors, and no template of the page names the storefront except in a link.
pub(super) fn is_unchanged(
    templates: &Templates,
    page: &str,
    seen: &[(&Visitor, &Verdict)],
    storefront: &Storefront,
) -> bool {
    let is_odd = |verdict: &Verdict| {
        let is_markup = verdict.doubts.iter().all(|doubt| *doubt == Doubt::Markup);
        verdict.outcome == Outcome::Uncertain && is_markup && verdict.leads_to.is_empty()
    };
    let is_fine = |verdict: &Verdict| verdict.outcome == Outcome::Shown || is_odd(verdict);
    let is_guarded = OF_GUARD.iter().any(|name| templates.get(name).is_some());
    is_guarded
        && seen.iter().all(|(_, verdict)| is_fine(verdict))
        && !leads_away(templates, page, seen, storefront)
}

/// Whether a page prints, for one of the visitors, something from the guard's own templates or a template
/// that names the storefront.
fn leads_away(
    templates: &Templates,
    page: &str,
    seen: &[(&Visitor, &Verdict)],
    storefront: &Storefront,
) -> bool {
    let visitors: Vec<&Visitor> = seen.iter().map(|(visitor, _)| *visitor).collect();
    let pages = templates.pages().filter(|name| *name == page);
    let printed = Printed::new(templates, pages, &visitors);
    printed.templates().any(|name| {
        // A template that the engine refuses prints nothing, and another finding reports it.
        let statements = templates.get(name).and_then(|file| file.syntax.statements());
        let statements = statements.unwrap_or_default();
        if OF_GUARD.contains(&name) {
            let mut pieces = Vec::new();
            collect(templates, name, statements, &mut pieces);
            return pieces.iter().any(|piece| !printed.on(name, *piece).is_empty());
        }
        let mut literal = Vec::new();
        join(templates, name, statements, &mut literal);
        let texts = [templates.bytes(name), &literal].map(<[u8]>::to_ascii_lowercase);
        texts.iter().any(|text| names(text, storefront) || refreshes(text))
    })
}

/// Whether a lowercase text prints the storefront that is set in the theme editor, or names a storefront's
/// host anywhere but at the start of a link's address.
fn names(text: &[u8], storefront: &Storefront) -> bool {
    let is_set = memmem::find(text, theme_settings::STOREFRONT.as_bytes()).is_some();
    is_set
        || storefront.all().any(|storefront| {
            let host = storefront.host().to_ascii_lowercase();
            let mut places = memmem::find_iter(text, host.as_bytes());
            !host.is_empty() && places.any(|at| !is_link(&text[..at]))
        })
}

/// Whether a lowercase text contains what may be a meta refresh.
fn refreshes(text: &[u8]) -> bool {
    let mut places = memmem::find_iter(text, b"http-equiv");
    places.any(|at| {
        let tag = &text[at..];
        let tag = &tag[..memchr::memchr(b'>', tag).unwrap_or(tag.len())];
        memmem::find(tag, b"refresh").is_some()
    })
}

/// Whether a text ends right before the host of a link.
fn is_link(before: &[u8]) -> bool {
    let start =
        [&b"https://"[..], b"http://", b"//"].iter().find_map(|it| before.strip_suffix(*it));
    let start = start.and_then(|it| it.strip_suffix(b"href=\"").or(it.strip_suffix(b"href='")));
    start.and_then(<[u8]>::last).is_some_and(u8::is_ascii_whitespace)
}

/// Appends the literal text of statements, as it is printed if the mustaches in between print nothing.
fn join(templates: &Templates, name: &str, statements: &[Statement], text: &mut Vec<u8>) {
    for statement in statements {
        match statement {
            Statement::Content(span) => text.extend(templates.content(name, *span)),
            Statement::Block(block) => {
                join(templates, name, &block.body, text);
                join(templates, name, block.inverse.as_deref().unwrap_or_default(), text);
            }
            _ => {}
        }
    }
}

/// Collects the spans of what statements print themselves.
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
