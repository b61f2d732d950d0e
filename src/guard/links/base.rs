//! Reports links to a place on a kept page whose head sets a base address: they lead elsewhere, usually to
//! the front page. Scripts may stop them, but this tool cannot know that.

use super::decide::{Link, Outcome};
use crate::guard::link_rules::Kind;
use crate::syntax::ast::Statement;
use crate::text::{Code, Finding, Span};
use crate::theme::pages::{Templates, literal_name};
use crate::theme::{Theme, template_path};
use std::collections::{BTreeMap, BTreeSet};

/// The expression with which the platform prints a base address of `/`.
const GENERATED: &str = "checkout.checkout_head";

/// Returns one warning about all pages with a base address and links to places on the page.
pub(super) fn finding<'t>(
    theme: &Theme,
    templates: &Templates,
    pages: impl Iterator<Item = &'t str>,
    links: &BTreeMap<String, Vec<Link>>,
) -> Option<Finding> {
    let mut with_base = Vec::new();
    let mut relative: Vec<&Link> = Vec::new();
    for page in pages {
        let closure = templates.closure(page);
        let of_page = closure.iter().filter_map(|name| links.get(*name)).flatten();
        let mut of_page = of_page.filter(|link| is_relative(link)).peekable();
        if of_page.peek().is_some() && closure.iter().any(|name| has_base(theme, templates, name)) {
            with_base.push(page);
            relative.extend(of_page);
        }
    }
    let first = *relative.first()?;
    let places: BTreeSet<(&str, Span)> =
        relative.iter().map(|link| (link.template.as_str(), link.span())).collect();
    let heads = match with_base.as_slice() {
        [page] => format!("the head of {page} sets"),
        pages => format!("the heads of {} set", pages.join(" and ")),
    };
    let message = format!(
        "{heads} a base address, so that `{}` leads there unless a script stops it ({} such links)",
        first.written,
        places.len()
    );
    let help = "if no script handles them, take them away with a rule of your own: leads-to = [\"fragment\", \"itself\"], do = \"strip\" (--patches)";
    let finding = Finding::new(Code::LinkDoubtful, message).help(help);
    Some(finding.at(template_path(&first.template), first.span()))
}

fn has_base(theme: &Theme, templates: &Templates, name: &str) -> bool {
    let file = templates.get(name);
    let statements = file.and_then(|file| file.syntax.statements()).unwrap_or_default();
    let source = theme.template(name).unwrap_or_default();
    let markup = templates.markup(theme, name);
    let mut bases = markup.tags.iter().filter(|tag| tag.element == "base");
    prints_generated_head(statements) || bases.any(|tag| tag.named(source, "href").next().is_some())
}

fn prints_generated_head(statements: &[Statement]) -> bool {
    statements.iter().any(|statement| match statement {
        Statement::Mustache(mustache) => {
            literal_name(&mustache.call.callee.kind).as_deref() == Some(GENERATED)
        }
        Statement::Block(block) => {
            let inverse = block.inverse.as_deref().unwrap_or_default();
            prints_generated_head(&block.body) || prints_generated_head(inverse)
        }
        _ => false,
    })
}

/// Reports whether a link is resolved against the base address, and stays on the page without one. A form
/// with an empty address is sent to the page itself.
fn is_relative(link: &Link) -> bool {
    let stays = link.leads_to.iter().any(|kind| matches!(kind, Kind::Itself | Kind::Fragment));
    let has_address = link.value.is_some_and(|value| !value.is_empty());
    let is_resolved = link.attribute.ends_with("href") || has_address;
    stays && link.outcome == Outcome::Keep && is_resolved
}
