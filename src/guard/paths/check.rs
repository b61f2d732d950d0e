//! Checks well-formed rules: each by itself, against earlier rules, and against the store and its storefront.

use super::lead::is_parameter;
use super::{PathRule, PathTable, Pattern, RuleOrigin, RulePlace};
use crate::guard::storefront::Storefront;

/// A problem with one of the user's rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The place of the rule.
    pub place: RulePlace,
    /// What is wrong.
    pub trouble: RuleProblem,
}

/// What can be wrong with a rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleProblem {
    /// It has neither a path nor a page.
    #[error("a path rule needs `from` or `page`, which say for what it is")]
    ForNothing,
    /// It leads to an origin that the settings do not name.
    #[error(
        "this rule leads to {0}, which is not the storefront's origin; shoppers only go to named origins"
    )]
    OtherOrigin(String),
    /// It leads to the store itself.
    #[error("this rule leads to {0}, which is the store itself: shoppers would go in circles")]
    BackToStore(String),
    /// An earlier rule matches every address that it is for.
    #[error("this rule is never reached: {0} takes every address that it is for")]
    Shadowed(String),
    /// It passes a secret to another site.
    #[error("this rule hands on `{0}`, which gives access to a cart or an account")]
    Secret(String),
    /// Its fallback has values of its own.
    #[error("the fallback of this rule has values of its own; it must always work")]
    OpenFallback,
    /// A further storefront has neither a host nor a language.
    #[error("a further storefront needs `host` or `locale`, which say for whom it is")]
    ForEverybody,
    /// Another further storefront is for the same host and language.
    #[error("{0} names a storefront for the same host and language")]
    SameVisit(String),
    /// A host of the store is also a storefront's.
    #[error("{0} is a storefront's host, and cannot be the store's: shoppers would go in circles")]
    HostIsTarget(String),
    /// It leads to an address that another rule treats as one of the hosted shop's.
    #[error("this rule leads to {0}, a hosted address which leads on to {1}")]
    LeadsBack(String, String),
}

impl Problem {
    /// Returns the bytes of the settings file that the problem is about.
    pub fn span(&self) -> std::ops::Range<usize> {
        match self.trouble {
            RuleProblem::ForNothing
            | RuleProblem::Shadowed(_)
            | RuleProblem::ForEverybody
            | RuleProblem::SameVisit(_)
            | RuleProblem::HostIsTarget(_) => self.place.span.clone(),
            _ => self.place.target.clone(),
        }
    }
}

impl RuleProblem {
    /// Returns what to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::ForNothing => "add `from = \"/path\"` or `page = \"name\"`",
            Self::OtherOrigin(_) => "write a path, or name the origin: origins = [\"https://…\"]",
            Self::BackToStore(_) => "name an address of the storefront",
            Self::Shadowed(_) => "move it before that rule, or remove it",
            Self::Secret(_) => "remove the value, and keep the page that needs it (--keep)",
            Self::OpenFallback => "write a path without `{}`",
            Self::ForEverybody => {
                "add `host = \"fr.store.example.com\"` or `locale = \"fr\"`; all others belong to `storefront`"
            }
            Self::SameVisit(_) => "remove one of them",
            Self::HostIsTarget(_) => {
                "name a host of the store, where its pages and the checkout are"
            }
            Self::LeadsBack(..) => {
                "lead to a path that the storefront has and the hosted shop does not"
            }
        }
    }
}

/// Parameters that work once, or give access to a cart or an account.
const SECRETS: &[&str] = &["data", "orderToken", "token", "c", "t"];

/// Checks the user's rules in a table, for a storefront with further `origins` and a store on `own_hosts`.
pub fn check(
    table: &PathTable,
    storefront: &Storefront,
    origins: &[String],
    own_hosts: &[String],
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (at, rule) in table.rules().iter().enumerate() {
        let RuleOrigin::Settings(place) = &rule.origin else { continue };
        let earlier = &table.rules()[..at];
        let trouble = alone(rule)
            .or_else(|| origin(rule, storefront, origins, own_hosts))
            .or_else(|| shadow(rule, earlier))
            .or_else(|| leads_back(rule, table, storefront));
        problems.extend(trouble.map(|trouble| Problem { place: place.clone(), trouble }));
    }
    problems
}

fn alone(rule: &PathRule) -> Option<RuleProblem> {
    if rule.from.is_none() && rule.page.is_none() {
        return Some(RuleProblem::ForNothing);
    }
    if rule.fallback.as_ref().is_some_and(|fallback| fallback.names().next().is_some()) {
        return Some(RuleProblem::OpenFallback);
    }
    let secret = rule.to.names().find(|name| is_parameter(name) && SECRETS.contains(name));
    secret.map(|name| RuleProblem::Secret(name.to_owned()))
}

fn origin(
    rule: &PathRule,
    storefront: &Storefront,
    origins: &[String],
    own_hosts: &[String],
) -> Option<RuleProblem> {
    let targets = [Some(&rule.to), rule.fallback.as_ref()];
    let mut wanted = targets.into_iter().flatten().filter_map(|target| target.origin());
    wanted.find_map(|origin| {
        let host = url::Url::parse(origin).ok()?.host_str()?.to_owned();
        if own_hosts.iter().any(|own| own.eq_ignore_ascii_case(&host)) {
            return Some(RuleProblem::BackToStore(origin.to_owned()));
        }
        let is_named = storefront.is_at(origin) || origins.iter().any(|named| named == origin);
        (!is_named).then(|| RuleProblem::OtherOrigin(origin.to_owned()))
    })
}

fn shadow(rule: &PathRule, earlier: &[PathRule]) -> Option<RuleProblem> {
    let pages = |rule: &PathRule| rule.page.as_ref().map(|pages| pages.names().to_vec());
    let takes_all = |other: &&PathRule| {
        let has_pages = match (pages(other), pages(rule)) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(other), Some(own)) => own.iter().all(|name| other.contains(name)),
        };
        let has_paths = match (&other.from, &rule.from) {
            (None, _) => true,
            (Some(other), None) => other.as_str() == "/*",
            (Some(other), Some(own)) => other.covers(own),
        };
        has_pages && has_paths
    };
    let other = earlier.iter().find(takes_all)?;
    let from = other.from.as_ref().map(Pattern::as_str);
    let name = match from {
        Some(from) => format!("{} (`{from}`)", other.origin),
        None => other.origin.to_string(),
    };
    Some(RuleProblem::Shadowed(name))
}

/// Reports a rule that leads to one of the hosted shop's own paths: another rule would redirect it again, if
/// the same host served both.
fn leads_back(rule: &PathRule, table: &PathTable, storefront: &Storefront) -> Option<RuleProblem> {
    let is_path = rule.to.origin().is_none();
    let has_values = rule.to.names().next().is_some();
    let is_hosted = rule.to.as_str().split('?').next().is_some_and(|path| path.ends_with(".php"));
    if !is_path || has_values || !is_hosted {
        return None;
    }
    let address = super::Address::parse(rule.to.as_str());
    let lead = table.lead(&address, storefront);
    lead.rule.map(|_| RuleProblem::LeadsBack(rule.to.as_str().to_owned(), lead.address))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn troubles(rules: &str) -> Vec<(usize, String)> {
        let text: std::sync::Arc<str> = rules.into();
        let rules: std::collections::BTreeMap<String, Vec<PathRule>> =
            toml::from_str(rules).unwrap();
        let placed = rules["path"].iter().enumerate().map(|(number, rule)| {
            let span = number..number;
            let place = RulePlace {
                file: "rules.toml".into(),
                text: text.clone(),
                span: span.clone(),
                target: span,
            };
            PathRule { origin: RuleOrigin::Settings(place), ..rule.clone() }
        });
        let rules: Vec<PathRule> = placed.collect();
        let storefront = Storefront::parse("https://shop.example").unwrap();
        let table = PathTable::new(&rules, super::super::Platform::None.map(), None);
        let origins = ["https://blog.example".to_owned()];
        let problems = check(&table, &storefront, &origins, &["store.example".to_owned()]);
        let named = |problem: Problem| (problem.span().start, problem.trouble.to_string());
        problems.into_iter().map(named).collect()
    }

    #[test]
    fn valid_rules_have_no_problems() {
        let rules = r#"
            [[path]]
            from = "/login.php?action=logout"
            to = "/bye"
            [[path]]
            from = "/login.php"
            to = "https://shop.example/in"
            [[path]]
            page = "blog"
            to = "https://blog.example/{path}"
            [[path]]
            page = ["product", "category"]
            to = "/p/{last}"
        "#;
        assert_eq!(troubles(rules), []);
    }

    #[test]
    fn problems_are_reported_at_their_rule() {
        for (rules, rule, part) in [
            ("[[path]]\nto = \"/x\"", 0, "needs `from` or `page`"),
            ("[[path]]\nfrom = \"/a\"\nto = \"https://evil.example/\"", 0, "https://evil.example"),
            ("[[path]]\nfrom = \"/a\"\nto = \"https://store.example/\"", 0, "the store itself"),
            (
                "[[path]]\nfrom = \"/a/*\"\nto = \"/\"\n[[path]]\nfrom = \"/a/b\"\nto = \"/b\"",
                1,
                "rules.toml:1 (`/a/*`)",
            ),
            ("[[path]]\nfrom = \"/cart.php\"\nto = \"/cart/{token}\"", 0, "hands on `token`"),
            ("[[path]]\nfrom = \"/a\"\nto = \"/{x}\"\nfallback = \"/{y}\"", 0, "always work"),
            ("[[path]]\nfrom = \"/a\"\nto = \"/cart.php\"", 0, "leads on to https://shop.example/"),
        ] {
            let found = troubles(rules);
            assert_eq!(found.len(), 1, "{rules}: {found:?}");
            assert!(found[0].0 == rule && found[0].1.contains(part), "{rules}: {found:?}");
        }
    }
}
