//! The report for programs: one versioned JSON document.

use super::{Failure, Output, Report, Status};
use crate::guard::link_rules::Kind;
use crate::guard::links::{Link, Outcome};
use crate::pipeline::PageOutcome;
use crate::text::{Finding, LineIndex, Location, Severity};
use crate::theme::{Theme, template_path};
use schemars::JsonSchema;
use serde::Serialize;

/// The version of the format of all documents.
pub(super) const SCHEMA: u32 = 1;

/// The members that every document begins with.
#[derive(Serialize, JsonSchema)]
pub(super) struct Head<'a> {
    /// The version of the format. It grows when a member changes its meaning or is removed, not when one is
    /// added.
    schema: u32,
    /// The name of the command.
    command: &'a str,
    /// How the run ended.
    status: Status,
    /// The findings; the last one says why the tool could not do its work, if it could not.
    findings: Vec<FindingView<'a>>,
}

impl<'a> Head<'a> {
    pub(super) fn new(report: &'a Report) -> Self {
        Self {
            schema: SCHEMA,
            command: report.command,
            status: report.status(),
            findings: finding_views(report),
        }
    }
}

/// The result for a theme.
#[derive(Serialize, JsonSchema)]
pub(super) struct Document<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    /// What becomes of each page.
    pages: Vec<PageView<'a>>,
    /// The files that differ from the theme that was read.
    files: FilesView<'a>,
    /// What becomes of each link of the kept pages.
    links: Vec<LinkView<'a>>,
    /// The outputs that were written, or would be.
    outputs: &'a [Output],
}

/// One finding.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Finding")]
pub(super) struct FindingView<'a> {
    /// A stable name of the kind of finding; `explain` prints its meaning.
    code: &'a str,
    /// The severity.
    severity: Severity,
    /// What is wrong, as one sentence without a full stop.
    message: &'a str,
    /// The place, if the finding has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<PlaceView>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    /// Other places that explain the finding.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<RelatedView<'a>>,
}

/// Another place of a finding.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Related")]
struct RelatedView<'a> {
    /// What is at that place.
    label: &'a str,
    /// The place.
    place: PlaceView,
}

/// A place in a file, lines and columns from 1.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Place")]
pub(super) struct PlaceView {
    /// The path of the file; in a theme, below its root.
    path: String,
    /// The line; if missing, the whole file is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    /// The column, in characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
}

/// Paths of the files that differ from the theme that was read.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Files")]
struct FilesView<'a> {
    /// The files that were edited.
    edited: &'a [String],
    /// The files that were added.
    added: &'a [String],
    /// The files that were removed.
    removed: &'a [String],
}

/// What becomes of a link on a kept page.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Link")]
struct LinkView<'a> {
    /// Where the link stands.
    place: PlaceView,
    /// The element that holds the link.
    element: &'a str,
    /// The attribute that holds the link.
    attribute: &'a str,
    /// The address as written in the template.
    value: &'a str,
    /// What the link leads to; several if it is not always the same.
    leads_to: &'a [Kind],
    /// What becomes of the link.
    becomes: LinkChange,
    /// Where the link leads now, if it was retargeted.
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'a str>,
    /// The rule that decided.
    rule: RuleView<'a>,
    /// Why the link needs a look.
    #[serde(skip_serializing_if = "Option::is_none")]
    doubt: Option<&'a str>,
}

/// The rule that decided about a link.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Rule")]
struct RuleView<'a> {
    /// The file that contains the rule.
    file: &'a str,
    /// The rule's name.
    name: &'a str,
    /// The reason for the rule.
    why: &'a str,
}

/// What becomes of a link.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum LinkChange {
    /// It leads where it did before.
    Kept,
    /// It is disabled and leads nowhere.
    Renamed,
    /// It is retargeted to the storefront.
    Retargeted,
}

/// A page.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Page")]
struct PageView<'a> {
    /// The page's name, such as `pages/cart`.
    page: &'a str,
    /// What becomes of the page.
    outcome: PageOutcome,
}

/// Returns the whole report as one JSON document with a final newline.
///
/// # Errors
/// When a path is not UTF-8.
pub fn json(report: &Report) -> serde_json::Result<String> {
    Ok(serde_json::to_string_pretty(&document(report))? + "\n")
}

/// Returns a command's result as a document that can be serialized.
pub(super) fn document(report: &Report) -> Document<'_> {
    let summary = report.summary.as_ref();
    let pages = summary.into_iter().flat_map(|summary| &summary.pages);
    let links = summary.into_iter().flat_map(|summary| &summary.link_list);
    Document {
        head: Head::new(report),
        pages: pages.map(|(page, outcome)| PageView { page, outcome: *outcome }).collect(),
        files: FilesView {
            edited: summary.map(|summary| summary.edited.as_slice()).unwrap_or_default(),
            added: summary.map(|summary| summary.added.as_slice()).unwrap_or_default(),
            removed: summary.map(|summary| summary.removed.as_slice()).unwrap_or_default(),
        },
        links: links.map(|link| link_view(link, report.source.as_ref())).collect(),
        outputs: summary.map(|summary| summary.outputs.as_slice()).unwrap_or_default(),
    }
}

fn link_view<'a>(link: &'a Link, source: Option<&Theme>) -> LinkView<'a> {
    let (becomes, target) = match &link.outcome {
        Outcome::Keep => (LinkChange::Kept, None),
        Outcome::Strip => (LinkChange::Renamed, None),
        Outcome::Retarget(arrival) => (LinkChange::Retargeted, Some(arrival.address.as_str())),
    };
    let path = template_path(&link.template);
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

/// Returns all findings, with the failure as the last one.
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
