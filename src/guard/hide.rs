//! Hides links that the hosted checkout shows by itself, with one small style element on kept pages.
//!
//! The element comes directly after the `<head>` tag of the documents that these pages print.

use crate::guard::condition::Condition;
use crate::guard::hidden::{Hidden, marks_of_custom_checkouts, version};
use crate::guard::names;
use crate::guard::plan::{Mechanism, Plan, Policy, record};
use crate::syntax::html::{DocumentHead, document_head};
use crate::text::{Code, EditSet, Finding, Span, TextEdit};
use crate::theme::pages::{Include, Templates};
use crate::theme::{Theme, template_path};
use std::collections::{BTreeMap, BTreeSet};

/// The include that prints the style element.
pub const INCLUDE: &str = "{{> components/stencil-guard/hide}}";

/// Variables that identify the page; a hash argument of the same name would hide them from a layout.
const TESTED_VARIABLES: &[&str] = &["template", "page_type"];

/// Plans the style element for kept pages. This runs after links are planned and before the guard is.
pub fn plan(theme: &Theme, templates: &Templates, policy: &Policy) -> Plan {
    let mut plan = Plan::default();
    let mut shown = BTreeMap::new();
    let pages = by_page(&policy.links.hidden);
    for (page, hidden) in &pages {
        let name = format!("pages/{page}");
        let places = places(theme, templates, &name);
        let why = match (templates.get(&name), policy.kept.contains(&name)) {
            (None, _) => Some("the theme has no such page"),
            (_, false) => Some("the page is guarded"),
            _ if places.is_empty() => Some("it is not certain where the head of the page begins"),
            _ => None,
        };
        if let Some(why) = why {
            plan.findings.push(without_effect(page, hidden, why));
            continue;
        }
        for (template, spans) in places {
            plan.edits.insert(template_path(template), edits(&spans));
        }
        plan.findings.extend(told(theme, templates, page, hidden));
        shown.insert(*page, hidden.clone());
    }
    if plan.edits.is_empty() {
        return plan;
    }
    plan.new_files.insert(template_path(names::HIDE), element(&shown).into_bytes());
    if policy.mechanism == Mechanism::None {
        let (name, text) = record::of(policy);
        plan.new_files.insert(template_path(name), text.into_bytes());
    }
    plan
}

/// Returns the findings about the links that a theme hides.
pub fn findings(theme: &Theme, templates: &Templates) -> Vec<Finding> {
    let text = theme.template(names::HIDE).unwrap_or_default();
    let is_there = |hidden: &Hidden| {
        let page = format!("pages/{}", hidden.page());
        memchr::memmem::find(text, rule_of(*hidden).as_bytes()).is_some()
            && templates.closure(&page).contains(names::HIDE)
    };
    let hidden: Vec<Hidden> = Hidden::all().filter(is_there).collect();
    let pages = by_page(&hidden).into_iter();
    let told = pages.flat_map(|(page, hidden)| told(theme, templates, page, &hidden));
    let missing = record::read(theme).into_iter().flat_map(|record| missing(&record.hide, &hidden));
    told.chain(missing).collect()
}

/// Returns the findings about the hidden links of one page.
fn told(theme: &Theme, templates: &Templates, page: &str, hidden: &[Hidden]) -> Vec<Finding> {
    let fragile = hidden.iter().copied().filter(|hidden| hidden.is_fragile()).map(fragile);
    let found = hidden.iter().copied().map(found);
    found.chain(fragile).chain(custom_checkout(theme, templates, page)).collect()
}

/// Groups hidden links by page.
fn by_page(hidden: &[Hidden]) -> BTreeMap<&'static str, Vec<Hidden>> {
    let mut pages: BTreeMap<&str, Vec<Hidden>> = BTreeMap::new();
    let hidden: BTreeSet<Hidden> = hidden.iter().copied().collect();
    for hidden in hidden {
        pages.entry(hidden.page()).or_default().push(hidden);
    }
    pages
}

/// Returns the templates in which a page's document heads begin, and where; empty if that is not certain.
fn places<'t>(theme: &Theme, templates: &'t Templates, page: &str) -> Vec<(&'t str, Vec<Span>)> {
    let mut places = Vec::new();
    let knowing = knowing(templates, page);
    for name in templates.closure(page) {
        let Some(file) = templates.get(name) else { continue };
        let source = theme.template(name).unwrap_or_default();
        let is_fit = |tag: &Span| {
            source.get(tag.end) != Some(&b'}') && (name != page || tag.start >= file.starts.guard)
        };
        match document_head(source, &file.syntax) {
            DocumentHead::None => {}
            DocumentHead::Heads(tags) if knowing.contains(name) && tags.iter().all(is_fit) => {
                places.push((name, tags));
            }
            _ => return Vec::new(),
        }
    }
    places
}

/// Returns the page and its includes, as far as they can see which page it is.
fn knowing<'t>(templates: &'t Templates, page: &str) -> BTreeSet<&'t str> {
    let sees = |include: &&Include| {
        let hides = |key: &String| TESTED_VARIABLES.contains(&key.as_str());
        include.keeps_context && !include.hash_keys.iter().any(hides)
    };
    let mut known = BTreeSet::new();
    let mut next: Vec<&str> = vec![page];
    while let Some(name) = next.pop() {
        let Some((name, file)) = templates.entry(name) else { continue };
        if !templates.is_defined(name) && known.insert(name) {
            next.extend(file.includes.iter().filter(sees).map(|include| include.name.as_str()));
        }
    }
    known
}

fn edits(heads: &[Span]) -> EditSet {
    let edit = |head: &Span| TextEdit::new(Span::empty(head.end), INCLUDE, "hidden links");
    // Heads never overlap.
    EditSet::new(heads.iter().map(edit).collect()).unwrap_or_default()
}

/// Returns the template that prints the style element on the pages that it is for.
fn element(pages: &BTreeMap<&str, Vec<Hidden>>) -> String {
    let element = |(page, hidden): (&&str, &Vec<Hidden>)| {
        let rules: String = hidden.iter().copied().map(rule_of).collect();
        let style = format!("<style nonce=\"{{{{nonce}}}}\">{rules}</style>");
        Condition::kept_page(&format!("pages/{page}")).wrap(&style, "")
    };
    pages.iter().map(element).collect()
}

/// Returns a link's own CSS rule: a rule that a browser does not understand leaves the others alone.
fn rule_of(hidden: Hidden) -> String {
    format!("{}{{display:none!important}}", hidden.selector())
}

fn found(hidden: Hidden) -> Finding {
    let page = hidden.page();
    let place = match page {
        "checkout" => "the payment page changed",
        _ => "the page after an order changed",
    };
    let message = format!("{place}: {} is hidden", hidden.what());
    let finding =
        Finding::new(Code::LinkHidden, message).in_file(template_path(&format!("pages/{page}")));
    let seen = format!("its selector was read in {}", version());
    finding.help(hidden.advice().map_or(seen.clone(), |advice| format!("{advice}; {seen}")))
}

fn fragile(hidden: Hidden) -> Finding {
    let message = format!(
        "that `{}` hides {} depends on markup that the platform may change any day",
        hidden.name(),
        hidden.what()
    );
    Finding::new(Code::HideDoubtful, message)
        .in_file(template_path(&format!("pages/{}", hidden.page())))
        .help("look at the page after each change of the platform")
}

fn without_effect(page: &str, hidden: &[Hidden], why: &str) -> Finding {
    let names: Vec<&str> = hidden.iter().map(|hidden| hidden.name()).collect();
    let message = format!("`{}` hides nothing: {why}", names.join("`, `"));
    Finding::new(Code::HideDoubtful, message)
        .in_file(template_path(&format!("pages/{page}")))
        .help("leave it out of `hide`")
}

/// Returns the findings about links that the theme's record hides and the theme does not.
fn missing(recorded: &[String], hidden: &[Hidden]) -> Vec<Finding> {
    let is_missing = |name: &&String| !hidden.iter().any(|hidden| hidden.name() == name.as_str());
    let missing = recorded.iter().filter(is_missing).filter_map(|name| name.parse::<Hidden>().ok());
    let why = "the theme no longer holds the rule that hid it, or never did";
    missing.map(|hidden| without_effect(hidden.page(), &[hidden], why)).collect()
}

/// Returns a warning if a page brings a checkout of its own.
fn custom_checkout(theme: &Theme, templates: &Templates, page: &str) -> Option<Finding> {
    let page = format!("pages/{page}");
    for name in templates.closure(&page) {
        let source = theme.template(name).unwrap_or_default();
        let marks = marks_of_custom_checkouts();
        let found =
            marks.filter_map(|mark| Some((memchr::memmem::find(source, mark.as_bytes())?, mark)));
        if let Some((at, mark)) = found.min() {
            let message = "the theme brings a checkout of its own, in which other links may be hidden, or none";
            let span = Span::new(at, at + mark.len());
            return Some(
                Finding::new(Code::HideDoubtful, message)
                    .at(template_path(name), span)
                    .help("look at the page, or leave out `hide`"),
            );
        }
    }
    None
}
