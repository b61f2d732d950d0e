//! Finds templates that include one another endlessly: by quoted names, on which the official assembler
//! never ends, or unconditionally, on which the engine gives up.
//!
//! Menus and comments rely on cycles of conditional includes, so these are not reported.

use crate::bundle::source::Source;
use crate::bundle::sources::Sources;
use crate::syntax::ast::Statement;
use crate::text::{Code, Finding, Location, Span};
use crate::theme::pages::Templates;
use crate::theme::template_path;
use std::collections::BTreeSet;

/// The help text for a cycle of unconditional includes.
const ENDLESS: &str = "put one of them under a condition, or remove it; the platform's engine gives up on a page that comes here";
/// The help text for a cycle with a quoted name.
const QUOTED: &str =
    "write the names without quotes, or end the cycle; the official bundler never ends";

/// Returns one finding for each cycle of includes that never ends.
pub(in crate::bundle) fn check(sources: &Sources<'_>, templates: &Templates) -> Vec<Finding> {
    let is_quoted = |step: &Step<'_>| include(step).is_some_and(|(is_quoted, _)| is_quoted);
    let mut found = cycles(sources, &|step| is_unconditional(templates, step), |_| true, ENDLESS);
    let quoted = cycles(sources, &|_| true, |way| way.iter().any(is_quoted), QUOTED);
    let is_new = |cycle: &Finding| found.iter().all(|other| other.primary != cycle.primary);
    found.extend(quoted.into_iter().filter(is_new).collect::<Vec<_>>());
    found
}

/// Returns a finding for each cycle of includes that `follows` accepts, if `is_told` accepts the whole cycle.
fn cycles(
    sources: &Sources<'_>,
    follows: &dyn Fn(&Step<'_>) -> bool,
    is_told: impl Fn(&[Step<'_>]) -> bool,
    help: &str,
) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut search = Search { sources, done: BTreeSet::new(), way: Vec::new(), follows };
    for name in sources.listed() {
        search.from(name, &mut |way| found.extend(is_told(way).then(|| cycle(way).help(help))));
    }
    found
}

/// Reports whether the include that a step followed last is outside of all blocks.
fn is_unconditional(templates: &Templates, step: &Step<'_>) -> bool {
    let statements = templates.get(step.name).and_then(|file| file.syntax.statements());
    let place = include(step).map(|(_, span)| span.start);
    let stands_in = |statement: &Statement| match statement {
        Statement::Partial(partial) => place.is_some_and(|at| partial.span.range().contains(&at)),
        _ => false,
    };
    statements.unwrap_or_default().iter().any(stands_in)
}

/// A template on the current path, and how many of its includes have been followed.
struct Step<'s> {
    name: &'s str,
    source: &'s Source<'s>,
    followed: usize,
}

struct Search<'s, 'f> {
    sources: &'s Sources<'s>,
    done: BTreeSet<&'s str>,
    way: Vec<Step<'s>>,
    /// Whether to follow the include that a step is at.
    follows: &'f dyn Fn(&Step<'_>) -> bool,
}

impl<'s> Search<'s, '_> {
    fn from(&mut self, name: &'s str, tell: &mut dyn FnMut(&[Step<'s>])) {
        self.enter(name);
        while let Some(step) = self.way.last_mut() {
            let next = step.source.includes.get(step.followed).map(String::as_str);
            step.followed += 1;
            match next.map(|name| name.trim_start_matches('/')) {
                None => drop(self.way.pop()),
                Some(_) if !(self.follows)(step) => {}
                Some(name) => match self.way.iter().position(|step| step.name == name) {
                    Some(start) => tell(&self.way[start..]),
                    None => self.enter(name),
                },
            }
        }
    }

    fn enter(&mut self, name: &'s str) {
        if let Some(source) = self.sources.get(name)
            && self.done.insert(name)
        {
            self.way.push(Step { name, source, followed: 0 });
        }
    }
}

/// Returns the include that a step followed last; `None` if it is a dynamic component.
fn include(step: &Step<'_>) -> Option<(bool, Span)> {
    let reference = step.source.references.partials.get(step.followed.checked_sub(1)?)?;
    Some((reference.quoted, reference.span))
}

fn cycle(way: &[Step<'_>]) -> Finding {
    let names: Vec<&str> = way.iter().chain(way.first()).map(|step| step.name).collect();
    let message = match names.len() {
        2 => format!("the template `{}` includes itself", names[0]),
        _ => format!("templates include one another: {}", names.join(" → ")),
    };
    let primary = way.last().map(|step| Location {
        path: template_path(step.name),
        span: include(step).map(|(_, span)| span).filter(|_| step.source.has_places()),
    });
    Finding { primary, ..Finding::new(Code::IncludeCycle, message) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::tests::theme;

    fn found(files: &[(&str, &str)]) -> Vec<Finding> {
        let theme = theme(files);
        check(&Sources::new(&theme), &Templates::new(&theme))
    }

    #[test]
    fn each_quoted_cycle_is_reported_once() {
        let files = [
            ("templates/a.html", "{{#if x}}{{> b}}{{/if}}{{> b}}{{> d}}"),
            ("templates/b.html", "{{> 'c'}}"),
            ("templates/c.html", "{{#if x}}{{> a}}{{/if}}{{> gone}}"),
            ("templates/d.html", "{{#if x}}{{> '/d'}}{{/if}}{{> b}}"),
        ];
        let found = found(&files);
        let messages: Vec<&str> = found.iter().map(|finding| finding.message.as_str()).collect();
        let cycle = "templates include one another: a → b → c → a";
        assert_eq!(messages, [cycle, "the template `d` includes itself"]);
        let place = found[0].primary.as_ref().unwrap();
        assert_eq!(
            (place.path.as_str(), place.span),
            ("templates/c.html", Some(Span::new(13, 14)))
        );
    }

    #[test]
    fn unquoted_cycles_are_reported_only_if_unconditional() {
        let files = |text: &str| {
            found(&[("templates/a.html", "{{> b}}{{> 'c'}}"), ("templates/b.html", text)])
        };
        for text in ["{{#if x}}{{> a}}{{/if}}", "{{!-- {{> a}} --}}", "{{#x}}{{else}}{{> a}}{{/x}}"]
        {
            assert_eq!(files(text), []);
        }
        assert_eq!(files("{{> a}}")[0].help.as_deref(), Some(ENDLESS));
        assert_eq!(files("{{> 'a'}}").len(), 1);
        assert_eq!(found(&[("templates/x/a.html", "{{dynamicComponent 'x'}}")]), []);
    }
}
