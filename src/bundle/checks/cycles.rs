//! Templates that include one another by names in quotes, at which the official assembler never ends.
//!
//! Without quotes it ends, and menus and comments are made that way, so nothing is said about those.

use crate::bundle::sources::{Source, Sources};
use crate::text::{Code, Finding, Location, Span};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// One finding for each ring of includes that a name in quotes is part of.
pub(in crate::bundle) fn check(sources: &Sources<'_>) -> Vec<Finding> {
    let mut search = Search { sources, done: BTreeSet::new(), way: Vec::new(), found: Vec::new() };
    let names: Vec<&str> = sources.listed().collect();
    names.into_iter().for_each(|name| search.from(name));
    search.found
}

/// A template on the way, and how many of its includes have been followed.
struct Step<'s> {
    name: &'s str,
    source: &'s Source<'s>,
    followed: usize,
}

struct Search<'s> {
    sources: &'s Sources<'s>,
    done: BTreeSet<&'s str>,
    way: Vec<Step<'s>>,
    found: Vec<Finding>,
}

impl<'s> Search<'s> {
    fn from(&mut self, name: &'s str) {
        self.enter(name);
        while let Some(step) = self.way.last_mut() {
            let next = step.source.includes.get(step.followed).map(String::as_str);
            step.followed += 1;
            match next.map(|name| name.trim_start_matches('/')) {
                None => drop(self.way.pop()),
                Some(name) => match self.way.iter().position(|step| step.name == name) {
                    Some(start) => self.found.extend(cycle(&self.way[start..])),
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

/// The include that a step followed last; `None` if it is no partial, but a dynamic component.
fn include(step: &Step<'_>) -> Option<(bool, Span)> {
    let reference = step.source.references.partials.get(step.followed.checked_sub(1)?)?;
    Some((reference.quoted, reference.span))
}

fn cycle(way: &[Step<'_>]) -> Option<Finding> {
    if !way.iter().any(|step| include(step).is_some_and(|(is_quoted, _)| is_quoted)) {
        return None;
    }
    let names: Vec<&str> = way.iter().chain(way.first()).map(|step| step.name).collect();
    let message = match names.len() {
        2 => format!("the template `{}` includes itself", names[0]),
        _ => format!("templates include one another: {}", names.join(" → ")),
    };
    let primary = way.last().map(|step| Location {
        path: format!("templates/{}.html", step.name),
        span: include(step)
            .map(|(_, span)| span)
            .filter(|_| matches!(step.source.text, Cow::Borrowed(_))),
    });
    let finding = Finding::new(Code::IncludeCycle, message);
    let help = "write the names without quotes, or end the ring; the official bundler never ends";
    Some(Finding { primary, ..finding.help(help) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::tests::theme;

    fn found(files: &[(&str, &str)]) -> Vec<Finding> {
        let theme = theme(files);
        check(&Sources::new(&theme))
    }

    #[test]
    fn each_quoted_ring_is_told_once() {
        let files = [
            ("templates/a.html", "{{> b}}{{> b}}{{> d}}"),
            ("templates/b.html", "{{> 'c'}}"),
            ("templates/c.html", "{{> a}}{{> gone}}"),
            ("templates/d.html", "{{> '/d'}}{{> b}}"),
        ];
        let found = found(&files);
        let messages: Vec<&str> = found.iter().map(|finding| finding.message.as_str()).collect();
        let ring = "templates include one another: a → b → c → a";
        assert_eq!(messages, [ring, "the template `d` includes itself"]);
        let place = found[0].primary.as_ref().unwrap();
        assert_eq!((place.path.as_str(), place.span), ("templates/c.html", Some(Span::new(4, 5))));
    }

    #[test]
    fn a_ring_without_quotes_is_none() {
        assert_eq!(found(&[("templates/a.html", "{{> b}}"), ("templates/b.html", "{{> a}}")]), []);
        assert_eq!(found(&[("templates/x/a.html", "{{dynamicComponent 'x'}}")]), []);
    }
}
