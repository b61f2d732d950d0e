//! Whether the parameters in a theme's guard are those that the settings ask for, and lead to named origins
//! only.

use super::checked_page::CheckedPage;
use super::hosts::bare;
use super::{PageOutcome, leads};
use crate::guard::paths::{AT_CHECKOUT, Address, PathTable, hosted_address};
use crate::guard::script::{Redirect, parse_all};
use crate::guard::storefront::{ScopedStorefront, Storefront};
use crate::text::{Code, Finding};
use crate::theme::pages::Templates;
use crate::theme::{Theme, template_path};
use std::collections::{BTreeMap, BTreeSet};

/// The parameters that guards should have, as far as the options give them.
pub(super) struct Asked<'a> {
    /// The path rules.
    pub(super) paths: Option<&'a PathTable>,
    /// The digest of the path rules that the theme's record names.
    pub(super) recorded_paths: Option<&'a str>,
    /// Origins besides the storefronts' own that shoppers may be sent to.
    pub(super) origins: &'a [String],
    /// The storefront that shoppers should be sent to.
    pub(super) storefront: Option<&'a Storefront>,
    /// The parameter in which the cart ID is passed on.
    pub(super) cart_param: Option<&'a str>,
    /// Whether pages are guarded in the theme editor's frame, too.
    pub(super) guard_editor: bool,
    /// Whether the storefront may be set in the theme editor.
    pub(super) theme_settings: bool,
}

/// Returns what is wrong with the parameters of the guards in `theme`.
pub(super) fn findings(theme: &Theme, templates: &Templates, asked: &Asked<'_>) -> Vec<Finding> {
    let (expected, recorded) = (asked.paths, asked.recorded_paths);
    let pages: Vec<&str> =
        templates.pages().filter_map(|page| page.strip_prefix("pages/")).collect();
    let expected = expected.map(|paths| rules(&paths.for_pages(&pages)));
    let mut findings = Vec::new();
    for name in theme.template_names() {
        let path = template_path(name);
        for told in parse_all(theme.template(name).unwrap_or_default()) {
            let strange = strange_origins(&told, asked.origins);
            findings.extend(strange.into_iter().map(|origin| other_host(&origin).in_file(&path)));
            let differs = expected.as_ref().and_then(|expected| difference(expected, &told));
            findings.extend(differs.map(|difference| other_paths(&difference).in_file(&path)));
            let is_other = |digest| expected.is_none() && told.paths.digest() != digest;
            findings.extend(recorded.filter(|digest| is_other(*digest)).map(|_| changed(&path)));
            findings.extend(differing(asked, &told).map(|finding| finding.in_file(&path)));
            let is_open = asked.guard_editor && !told.guards_editor;
            findings.extend(is_open.then(|| open_in_editor().in_file(&path)));
            let is_deaf = asked.theme_settings && !told.reads_setting;
            findings.extend(is_deaf.then(|| without_setting().in_file(&path)));
        }
    }
    findings
}

/// Replaces the storefront among a page's targets by the address where shoppers with scripts arrive from the
/// page's own address; only if all guards of the theme agree.
pub(super) fn follow(theme: &Theme, pages: &mut BTreeMap<String, CheckedPage>) {
    let templates = theme.template_names().filter_map(|name| theme.template(name));
    let mut told = templates.flat_map(parse_all);
    let Some(Redirect { storefront, paths, .. }) = told.next() else { return };
    if told.any(|other| other.paths != paths || other.storefront != storefront) {
        return;
    }
    for (name, page) in pages {
        let Some(address) = hosted_address(name) else { continue };
        let address = Address { page: name.clone(), ..Address::parse(&address) };
        for storefront in storefront.all() {
            let alone = storefront.clone().with(Vec::new());
            let lead = paths.lead(&address, &alone);
            if lead.rule.is_some() && page.leads_to.remove(alone.base()) {
                page.leads_to.insert(bare(&lead.address));
            }
        }
    }
}

/// Notes the addresses of guarded pages that only the hosted shop has and that no rule of the guard names.
pub(super) fn unnamed(theme: &Theme, pages: &BTreeMap<String, CheckedPage>) -> Option<Finding> {
    let templates = theme.template_names().filter_map(|name| theme.template(name));
    let told = templates.flat_map(parse_all).next()?;
    let is_guarded = |page: &CheckedPage| page.outcome == PageOutcome::Guarded;
    let guarded = pages.iter().filter(|(_, page)| is_guarded(page)).map(|(name, _)| name.as_str());
    let guarded: Vec<&str> = guarded.collect();
    let finding = leads::unnamed(&told.paths, &BTreeSet::new(), &guarded)?;
    let help = finding.help.clone().unwrap_or_default();
    Some(finding.help(format!("build the theme again, and {help}")))
}

/// Whether a page is served at addresses of the hosted checkout, where the guard that it prints does nothing.
pub(super) fn stays_at_checkout(theme: &Theme, templates: &Templates, page: &str) -> bool {
    let told = |name: &&str| parse_all(theme.template(name).unwrap_or_default());
    let closure = templates.closure(page);
    let mut guards = closure.iter().flat_map(told);
    AT_CHECKOUT.contains(&page) && guards.any(|redirect| !redirect.everywhere)
}

/// Returns the origins that rules lead to but the settings do not name.
fn strange_origins(told: &Redirect, origins: &[String]) -> BTreeSet<String> {
    let rules = told.paths.rules().iter();
    let targets = rules.flat_map(|rule| rule.fallback.iter().chain([&rule.to]));
    let is_named = |origin: &&str| {
        told.storefront.is_at(origin) || origins.iter().any(|named| named == origin)
    };
    let wanted = targets.filter_map(|target| target.origin());
    wanted.filter(|origin| !is_named(origin)).map(str::to_owned).collect()
}

/// Returns the rules of a table as a guard contains them.
fn rules(table: &PathTable) -> Vec<String> {
    let text = |rule| serde_json::to_string(rule).unwrap_or_default();
    table.rules().iter().map(text).collect()
}

/// Describes how the rules of a guard differ from the expected ones, in one clause.
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

/// Reports how the storefronts and the cart parameter differ from the expected ones.
fn differing(asked: &Asked<'_>, told: &Redirect) -> Option<Finding> {
    let sites = |storefront: &Storefront| {
        let words = storefront.further().iter().map(|ScopedStorefront { visit, storefront }| {
            let who: Vec<&str> =
                visit.host.iter().chain(&visit.locale).map(String::as_str).collect();
            format!("{} for {}", storefront.base(), who.join(" "))
        });
        let words: Vec<String> = words.collect();
        if words.is_empty() { "none".to_owned() } else { words.join(", ") }
    };
    let further =
        asked.storefront.filter(|expected| expected.further() != told.storefront.further());
    let further = further.map(|expected| {
        let (own, expected) = (sites(&told.storefront), sites(expected));
        format!("the further storefronts of the guard are {own}; they should be {expected}")
    });
    let cart = asked.cart_param;
    let own = told.paths.cart_param();
    let cart = cart.filter(|expected| own != Some(*expected)).map(|expected| match own {
        Some(own) => format!("the guard hands on the cart ID as `{own}`, not as `{expected}`"),
        None => format!("the guard does not hand on the cart ID as `{expected}`"),
    });
    let message = further.or(cart)?;
    Some(Finding::new(Code::OtherGuard, message).help("guard the theme again with these settings"))
}

fn open_in_editor() -> Finding {
    let message = "the guard leaves pages alone in the frame of the theme editor";
    Finding::new(Code::OtherGuard, message).help("guard the theme again, with --guard-editor")
}

fn without_setting() -> Finding {
    let message = "the guard ignores the storefront that is set in the theme editor";
    Finding::new(Code::OtherGuard, message).help("guard the theme again, with --theme-settings")
}

fn other_host(origin: &str) -> Finding {
    let message =
        format!("a path rule of the guard leads to {origin}, which is not a named origin");
    Finding::new(Code::OtherHost, message).help(format!(
        "guard the theme again, or name it in the settings: origins = [\"{origin}\"]"
    ))
}

fn other_paths(difference: &str) -> Finding {
    let message =
        format!("the path rules of the guard are not those of the settings: {difference}");
    Finding::new(Code::OtherPaths, message).help("guard the theme again with these settings")
}
