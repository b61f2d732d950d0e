//! Checks `config.json`: the theme's developer and its variations.

use super::shape::{Violation, caret, violations};
use super::tables::{MARKETPLACE_CONFIG, PRIVATE_CONFIG};
use super::{items, text_of};
use crate::text::{Code, Finding, Location, Span};
use crate::theme::json::member;
use jsonc_parser::ast::Value;
use std::collections::BTreeMap;

pub(super) const PATH: &str = "config.json";

/// Members of `meta` that must not be empty.
const DEVELOPER: &[&str] = &["author_name", "author_email", "author_support_url"];

/// Returns everything that is wrong in `config`.
pub(super) fn check(config: &Value<'_>, marketplace: bool) -> Vec<Finding> {
    let shape = if marketplace { &MARKETPLACE_CONFIG } else { &PRIVATE_CONFIG };
    let mut findings: Vec<Finding> = violations(config, shape).iter().map(finding).collect();
    findings.extend(empty_developer(config));
    let variations = items(member(config, "variations"));
    if variations.is_empty() && !marketplace && config.as_object().is_some() {
        findings.extend(no_variation(config));
    }
    findings.extend(ids(variations));
    findings
}

fn finding(violation: &Violation) -> Finding {
    let message = format!("{} ({})", violation.message(), code(&violation.path));
    Finding::new(Code::InvalidConfig, message)
        .at(PATH, violation.span)
        .help(format!("{}; the official bundler stops here", violation.fix()))
}

/// Returns the platform's error number for a member at this path.
fn code(path: &str) -> &'static str {
    let is_id = path.starts_with("variations[") && path.ends_with("].id");
    match path {
        _ if is_id => "TR-901",
        _ if path.starts_with("meta.author_") => "TR-900",
        _ => "TR-800",
    }
}

fn empty_developer(config: &Value<'_>) -> Vec<Finding> {
    let meta = member(config, "meta");
    let values = DEVELOPER.iter().filter_map(|name| Some((name, member(meta?, name)?)));
    let values =
        values.filter(|(_, value)| text_of(value).is_some_and(|text| text.trim().is_empty()));
    values
        .map(|(name, value)| {
            empty(format!("`meta.{name}` is empty (TR-900)"), caret(value))
                .help("say who looks after the theme; the platform asks for it")
        })
        .collect()
}

fn empty(message: String, span: Span) -> Finding {
    Finding::new(Code::EmptyValue, message).at(PATH, span)
}

fn no_variation(config: &Value<'_>) -> Option<Finding> {
    let list = member(config, "variations");
    let is_list = list.is_none_or(|list| list.as_array().is_some());
    is_list.then(|| {
        Finding::new(Code::Variations, "the theme has no variation, so it cannot be activated")
            .at(PATH, caret(list.unwrap_or(config)))
            .help("add one to `variations`, with `name`, `id` and `meta`; the official bundler stops here")
    })
}

/// Reports ids of variations that are empty or already used.
fn ids(variations: &[Value<'_>]) -> Vec<Finding> {
    let mut first: BTreeMap<&str, Span> = BTreeMap::new();
    let mut findings = Vec::new();
    for (at, variation) in variations.iter().enumerate() {
        let Some((value, id)) = member(variation, "id").and_then(|id| Some((id, text_of(id)?)))
        else {
            continue;
        };
        if id.is_empty() {
            let message = format!("`variations[{at}].id` is empty (TR-901)");
            findings.push(empty(message, caret(value)).help("give the variation an id of its own"));
        } else if let Some(earlier) = first.get(id) {
            findings.push(taken(id, caret(value), *earlier));
        } else {
            first.insert(id, caret(value));
        }
    }
    findings
}

fn taken(id: &str, span: Span, earlier: Span) -> Finding {
    let message = format!("two variations have the id `{id}` (TR-902)");
    let mut finding = Finding::new(Code::Variations, message)
        .at(PATH, span)
        .help("give each variation an id of its own; the platform refuses the upload");
    let place = Location { path: PATH.to_owned(), span: Some(earlier) };
    finding.related.push((place, "the other one".to_owned()));
    finding
}
