//! The sections that are not about pages: ways out of kept pages, places that templates cannot reach,
//! exemptions, and notices.

use super::super::alike;
use super::super::human::{is_about_addresses, is_unseen};
use super::super::overview::{Decisions, LinkDecision, Overview};
use super::super::words::{self, link_counts, link_words, short};
use crate::text::{Code, Finding, Location, Severity};
use crate::theme::{Theme, template_path};
use serde::Serialize;

/// The links of one template.
#[derive(Serialize)]
pub(super) struct Template {
    path: String,
    printed_on: String,
    counts: String,
    links: Vec<Links>,
}

/// Links with the same outcome.
#[derive(Serialize)]
struct Links {
    written: Vec<Written>,
    #[serde(flatten)]
    outcome: LinkOutcome,
}

/// One link as the template spells it.
#[derive(Serialize)]
struct Written {
    line: usize,
    element: String,
    attribute: String,
    value: String,
}

#[derive(PartialEq, Serialize)]
struct LinkOutcome {
    key: &'static str,
    label: &'static str,
    becomes: String,
    why: String,
    rule: String,
    doubt: Option<String>,
}

pub(super) fn templates(decisions: &Decisions) -> Vec<Template> {
    let links = &decisions.links;
    let groups = links.chunk_by(|one, other| one.link.template == other.link.template);
    groups.filter_map(|links| links.first().map(|first| template(first, links))).collect()
}

fn template(first: &LinkDecision, links: &[LinkDecision]) -> Template {
    let names: Vec<&str> = first.pages.iter().map(|page| short(page)).collect();
    Template {
        path: template_path(&first.link.template),
        printed_on: match names.is_empty() {
            true => "Scripts of kept pages fetch it.".to_owned(),
            false => format!("On {}.", names.join(", ")),
        },
        counts: link_counts(links),
        links: grouped(links),
    }
}

fn grouped(links: &[LinkDecision]) -> Vec<Links> {
    let mut told: Vec<Links> = Vec::new();
    for decision in links {
        let outcome = outcome(decision);
        let link = &decision.link;
        let written = Written {
            line: link.line,
            element: link.element.clone(),
            attribute: link.attribute.clone(),
            value: link.written.clone(),
        };
        match told.iter_mut().find(|links| links.outcome == outcome) {
            Some(links) => links.written.push(written),
            None => told.push(Links { written: vec![written], outcome }),
        }
    }
    told
}

fn outcome(decision: &LinkDecision) -> LinkOutcome {
    let link = &decision.link;
    let (look, becomes) = link_words(link);
    LinkOutcome {
        key: look.key,
        label: look.label,
        becomes,
        why: link.reason.why.clone(),
        rule: format!("{} of {}", link.reason.rule, link.reason.file),
        doubt: link.doubt.clone(),
    }
}

/// Links that no template contains.
#[derive(Serialize)]
pub(super) struct Reach {
    what: String,
    places: Vec<String>,
    todo: String,
}

pub(super) fn reach(overview: &Overview) -> Vec<Reach> {
    let findings = overview.report.findings.iter();
    let out_of_reach = findings.filter(|finding| is_unseen(finding.code));
    let view = |finding: &Finding| {
        // The message names the first place; here all places are in a list.
        let (what, first) = finding.message.rsplit_once(": ").unwrap_or((&finding.message, ""));
        let first = finding.primary.iter().map(|place| (place, first));
        let more = finding.related.iter().map(|(place, name)| (place, name.as_str()));
        Reach {
            what: sentence(what),
            places: first
                .chain(more)
                .map(|(place, name)| format!("{name} in {}", place.path))
                .collect(),
            todo: sentence(finding.help.as_deref().unwrap_or_default()),
        }
    };
    out_of_reach.map(view).collect()
}

/// A finding that needs a look, or is worth knowing.
#[derive(Serialize)]
pub(super) struct Notice {
    key: &'static str,
    label: &'static str,
    message: String,
    places: Vec<String>,
    help: String,
}

/// Returns the findings that nothing else on the page shows, the worst first; equal ones are merged.
pub(super) fn notices(overview: &Overview) -> Vec<Notice> {
    let is_shown = |finding: &&Finding| {
        use Code::{LinkKept, LinkRenamed, LinkRetargeted};
        matches!(finding.code, LinkKept | LinkRenamed | LinkRetargeted)
            || is_unseen(finding.code)
            || is_about_addresses(finding.code)
    };
    let findings = overview.report.findings.iter().filter(|finding| !is_shown(finding));
    let mut findings = alike::merged(findings);
    findings.sort_by_key(|finding| finding.severity);
    let mut notices: Vec<Notice> = Vec::new();
    for finding in findings {
        let mut notice = notice(&finding, overview.report.source.as_ref());
        let is_same = |other: &&mut Notice| {
            (other.key, &other.message, &other.help) == (notice.key, &notice.message, &notice.help)
        };
        match notices.iter_mut().find(is_same) {
            Some(other) => other.places.append(&mut notice.places),
            None => notices.push(notice),
        }
    }
    notices
}

fn notice(finding: &Finding, source: Option<&Theme>) -> Notice {
    let (key, label) = match finding.severity {
        Severity::Error => ("open", "error"),
        Severity::Warning => ("unclear", "warning"),
        Severity::Note => ("shown", "note"),
    };
    let places = finding.primary.iter().chain(finding.related.iter().map(|(place, _)| place));
    Notice {
        key,
        label,
        message: sentence(&finding.message),
        places: places.map(|place| line(place, source)).collect(),
        help: finding.help.as_deref().map(sentence).unwrap_or_default(),
    }
}

/// Formats the path of a place, with its line if it has one.
fn line(place: &Location, source: Option<&Theme>) -> String {
    let in_theme = |theme: &Theme| theme.position(&place.path, place.span?.start);
    match source.and_then(in_theme) {
        Some(position) => format!("{}, line {}", place.path, position.line),
        None => place.path.clone(),
    }
}

/// A page or a kind of visitor that the guard leaves out.
#[derive(Serialize)]
pub(super) struct Exemption {
    what: String,
    why: String,
}

pub(super) fn exempt(decisions: &Decisions) -> Vec<Exemption> {
    words::exempt(decisions).into_iter().map(|(what, why)| Exemption { what, why }).collect()
}

/// Turns a clause into a sentence with a capital letter and a full stop.
pub(super) fn sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let end = if clause.is_empty() || clause.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}
