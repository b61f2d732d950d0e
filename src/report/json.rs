//! The report for programs: one versioned JSON document.

use super::{Failure, Output, Report, Status};
use crate::guard::links::rules::Kind;
use crate::guard::links::{Link, Outcome};
use crate::pipeline::PageOutcome;
use crate::text::{Finding, LineIndex, Location, Severity};
use crate::theme::Theme;
use serde::Serialize;

/// Grows when a member changes its meaning or goes away; new members do not count.
pub(super) const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    command: &'a str,
    status: Status,
    findings: Vec<FindingView<'a>>,
    pages: Vec<PageView<'a>>,
    files: FilesView<'a>,
    links: Vec<LinkView<'a>>,
    outputs: &'a [Output],
}

/// One finding.
#[derive(Serialize)]
pub(super) struct FindingView<'a> {
    code: &'a str,
    severity: Severity,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<PlaceView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<RelatedView<'a>>,
}

/// Another place that a finding is about.
#[derive(Serialize)]
struct RelatedView<'a> {
    label: &'a str,
    place: PlaceView,
}

/// A place in a file, lines and columns from 1.
#[derive(Serialize)]
pub(super) struct PlaceView {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
}

/// Paths of the files that differ from those of the theme that was read.
#[derive(Serialize)]
struct FilesView<'a> {
    edited: &'a [String],
    added: &'a [String],
    removed: &'a [String],
}

/// What becomes of a link on a kept page.
#[derive(Serialize)]
struct LinkView<'a> {
    place: PlaceView,
    element: &'a str,
    attribute: &'a str,
    value: &'a str,
    leads_to: &'a [Kind],
    becomes: &'static str,
    /// Where it leads now, if it was moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'a str>,
    rule: RuleView<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    doubt: Option<&'a str>,
}

/// The rule that decided about a link.
#[derive(Serialize)]
struct RuleView<'a> {
    file: &'a str,
    name: &'a str,
    why: &'a str,
}

#[derive(Serialize)]
struct PageView<'a> {
    page: &'a str,
    #[serde(rename = "fate")]
    outcome: PageOutcome,
}

/// The whole report as one JSON document with a final newline.
///
/// # Errors
/// When a path is not UTF-8.
pub fn json(report: &Report) -> serde_json::Result<String> {
    let summary = report.summary.as_ref();
    let pages = summary.into_iter().flat_map(|summary| &summary.pages);
    let links = summary.into_iter().flat_map(|summary| &summary.link_list);
    let document = Document {
        schema: SCHEMA,
        command: report.command,
        status: report.status(),
        findings: finding_views(report),
        pages: pages.map(|(page, outcome)| PageView { page, outcome: *outcome }).collect(),
        files: FilesView {
            edited: summary.map(|summary| summary.edited.as_slice()).unwrap_or_default(),
            added: summary.map(|summary| summary.added.as_slice()).unwrap_or_default(),
            removed: summary.map(|summary| summary.removed.as_slice()).unwrap_or_default(),
        },
        links: links.map(|link| link_view(link, report.source.as_ref())).collect(),
        outputs: summary.map(|summary| summary.outputs.as_slice()).unwrap_or_default(),
    };
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

fn link_view<'a>(link: &'a Link, source: Option<&Theme>) -> LinkView<'a> {
    let (becomes, target) = match &link.outcome {
        Outcome::Keep => ("kept", None),
        Outcome::Strip => ("renamed", None),
        Outcome::Retarget(address) => ("retargeted", Some(address.as_str())),
    };
    let path = format!("templates/{}.html", link.template);
    LinkView {
        place: place_view(&Location { path, span: Some(link.span()) }, source),
        element: &link.element,
        attribute: &link.attribute,
        value: &link.written,
        leads_to: &link.leads_to,
        becomes,
        target,
        rule: RuleView { file: &link.reason.file, name: &link.reason.rule, why: &link.reason.why },
        doubt: link.doubt.as_deref(),
    }
}

/// All findings, and the failure as one more.
pub(super) fn finding_views(report: &Report) -> Vec<FindingView<'_>> {
    let source = report.source.as_ref();
    let findings = report.findings.iter().map(|finding| finding_view(finding, source));
    findings.chain(report.failure.as_ref().map(failure_view)).collect()
}

fn finding_view<'a>(finding: &'a Finding, source: Option<&Theme>) -> FindingView<'a> {
    let related = finding.related.iter();
    let related =
        related.map(|(place, label)| RelatedView { label, place: place_view(place, source) });
    FindingView {
        code: finding.code.as_str(),
        severity: finding.severity,
        message: &finding.message,
        place: finding.primary.as_ref().map(|place| place_view(place, source)),
        help: finding.help.as_deref(),
        related: related.collect(),
    }
}

pub(super) fn place_view(place: &Location, source: Option<&Theme>) -> PlaceView {
    let in_theme = |theme: &Theme| theme.position(&place.path, place.span?.start);
    let position = source.and_then(in_theme);
    PlaceView {
        path: place.path.clone(),
        line: position.map(|position| position.line),
        column: position.map(|position| position.column),
    }
}

fn failure_view(failure: &Failure) -> FindingView<'_> {
    let place = failure.place.as_ref().map(|place| {
        let bytes = place.source.as_bytes();
        let position = LineIndex::new(bytes).position(bytes, place.span.start);
        PlaceView {
            path: place.path.display().to_string(),
            line: Some(position.line),
            column: Some(position.column),
        }
    });
    FindingView {
        code: failure.code.as_str(),
        severity: Severity::Error,
        message: &failure.message,
        place,
        help: failure.help.as_deref(),
        related: Vec::new(),
    }
}
