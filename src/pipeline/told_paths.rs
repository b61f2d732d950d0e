//! Whether what a theme's guard was told is what the settings ask for, and leads to named origins only.

use super::checker::CheckedPage;
use super::hosts::bare;
use super::inspect::CheckOptions;
use crate::guard::paths::{AT_CHECKOUT, Address, PathTable, hosted_address};
use crate::guard::script::{Redirect, told_in};
use crate::text::{Code, Finding};
use crate::theme::Theme;
use crate::theme::pages::Templates;
use std::collections::{BTreeMap, BTreeSet};

/// What is wrong with what guards in `theme` were told.
pub(super) fn findings(
    theme: &Theme,
    templates: &Templates,
    options: &CheckOptions,
) -> Vec<Finding> {
    let (expected, recorded) = (options.paths.as_ref(), options.recorded_paths.as_deref());
    let pages: Vec<&str> =
        templates.pages().filter_map(|page| page.strip_prefix("pages/")).collect();
    let expected = expected.map(|paths| rules(&paths.for_pages(&pages)));
    let mut findings = Vec::new();
    for name in theme.template_names() {
        let path = format!("templates/{name}.html");
        for told in told_in(theme.template(name).unwrap_or_default()) {
            let strange = strange_origins(&told, &options.origins);
            findings.extend(strange.into_iter().map(|origin| other_host(&origin).in_file(&path)));
            let differs = expected.as_ref().and_then(|expected| difference(expected, &told));
            findings.extend(differs.map(|difference| other_paths(&difference).in_file(&path)));
            let is_other = |digest| expected.is_none() && told.paths.digest() != digest;
            findings.extend(recorded.filter(|digest| is_other(*digest)).map(|_| changed(&path)));
            let is_open = options.guard_editor && !told.guards_editor;
            findings.extend(is_open.then(|| open_in_editor().in_file(&path)));
        }
    }
    findings
}

/// Puts in the place of the storefront, for each page, the address that shoppers with scripts arrive at from the
/// page's own address; only if all guards of the theme say the same.
pub(super) fn follow(theme: &Theme, pages: &mut BTreeMap<String, CheckedPage>) {
    let templates = theme.template_names().filter_map(|name| theme.template(name));
    let mut told = templates.flat_map(told_in);
    let Some(Redirect { storefront, paths, .. }) = told.next() else { return };
    if told.any(|other| other.paths != paths || other.storefront != storefront) {
        return;
    }
    for (name, page) in pages {
        let Some(address) = hosted_address(name) else { continue };
        let address = Address { page: name.clone(), ..Address::parse(&address) };
        let lead = paths.lead(&address, &storefront);
        if lead.rule.is_some() && page.leads_to.remove(storefront.base()) {
            page.leads_to.insert(bare(&lead.address));
        }
    }
}

/// Whether a page stands at addresses of the hosted checkout, where a guard that it prints does nothing.
pub(super) fn stays_at_checkout(theme: &Theme, templates: &Templates, page: &str) -> bool {
    let told = |name: &&str| told_in(theme.template(name).unwrap_or_default());
    let closure = templates.closure(page);
    let mut guards = closure.iter().flat_map(told);
    AT_CHECKOUT.contains(&page) && guards.any(|redirect| !redirect.everywhere)
}

/// Origins that rules lead to and that nobody named.
fn strange_origins(told: &Redirect, origins: &[String]) -> BTreeSet<String> {
    let rules = told.paths.rules().iter();
    let targets = rules.flat_map(|rule| rule.fallback.iter().chain([&rule.to]));
    let is_named = |origin: &&str| {
        *origin == told.storefront.origin() || origins.iter().any(|named| named == origin)
    };
    let wanted = targets.filter_map(|target| target.origin());
    wanted.filter(|origin| !is_named(origin)).map(str::to_owned).collect()
}

/// The rules of a table as a guard holds them.
fn rules(table: &PathTable) -> Vec<String> {
    let text = |rule| serde_json::to_string(rule).unwrap_or_default();
    table.rules().iter().map(text).collect()
}

/// How the rules of a guard differ from the expected ones, in one clause.
fn difference(expected: &[String], told: &Redirect) -> Option<String> {
    let own = rules(&told.paths);
    let at = expected.iter().zip(&own).position(|(expected, own)| expected != own);
    match (at, expected.len().cmp(&own.len())) {
        (Some(at), _) => Some(format!("its rule {} is {}, not {}", at + 1, own[at], expected[at])),
        (None, std::cmp::Ordering::Equal) => None,
        _ => Some(format!("it has {} rules, not {}", own.len(), expected.len())),
    }
}

fn changed(path: &str) -> Finding {
    let message = "the path rules of the guard are not those that the theme was guarded with";
    Finding::new(Code::OtherPaths, message).in_file(path).help("guard the theme again")
}

fn open_in_editor() -> Finding {
    let message = "the guard leaves pages alone in the frame of the theme editor";
    Finding::new(Code::OtherGuard, message).help("guard the theme again, with --guard-editor")
}

fn other_host(origin: &str) -> Finding {
    let message = format!("a path rule of the guard leads to {origin}, which is no named origin");
    Finding::new(Code::OtherHost, message).help(format!(
        "guard the theme again, or name it in the settings: origins = [\"{origin}\"]"
    ))
}

fn other_paths(difference: &str) -> Finding {
    let message =
        format!("the path rules of the guard are not those of the settings: {difference}");
    Finding::new(Code::OtherPaths, message).help("guard the theme again with these settings")
}
