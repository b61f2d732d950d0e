//! The report of `check`: a table for people, short when all is well, and a JSON document.

use super::json::{self, Head, PlaceView};
use super::{Report, Status};
use super::{frames, human};
use crate::pipeline::PageOutcome;
use crate::pipeline::checked_page::CheckedPage;
use crate::pipeline::ways_out::{End, Exit};
use crate::text::{Code, printable, printable_name};
use crate::verify::Outcome;
use crate::verify::ways_out::Kind;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;

/// All there is to say about one run of `check`.
#[derive(Debug)]
pub struct CheckReport {
    /// Findings, or why the tool could not do its work.
    pub report: Report,
    /// What was found.
    pub summary: Option<CheckSummary>,
}

/// What a theme does as it stands.
#[derive(Debug)]
pub struct CheckSummary {
    /// The theme.
    pub headline: String,
    /// What each page does.
    pub pages: BTreeMap<String, CheckedPage>,
    /// Where shoppers are sent, with the number of pages that do.
    pub destinations: BTreeMap<String, usize>,
    /// Groups whose members see pages that shoppers do not.
    pub groups: Vec<String>,
    /// The ways off its kept pages.
    pub exits: Vec<Exit>,
    /// Settings that come from the theme's own record, in words.
    pub recorded: Vec<String>,
}

/// Longest line of a list of pages.
const WIDTH: usize = 90;

/// Findings that the table tells page by page.
const IN_TABLE: &[Code] =
    &[Code::OpenPage, Code::PageLost, Code::CannotTell, Code::HostedAddresses];

/// The findings that the table does not tell.
pub fn human_findings(report: &CheckReport) -> String {
    let findings = report.report.findings.iter();
    let others = findings.filter(|finding| !IN_TABLE.contains(&finding.code));
    frames::some(others, &report.report)
}

/// The table: how many pages have which outcome, then those that are not as they should be.
pub fn human_table(report: &CheckReport) -> String {
    let Some(summary) = &report.summary else { return String::new() };
    let mut text = format!("{}\n", printable_name(&summary.headline));
    recorded_line(&mut text, &summary.recorded);
    for label in LABELS {
        outcome_line(&mut text, summary, label);
    }
    if !summary.groups.is_empty() {
        let _ = writeln!(text, "  groups  {}", summary.groups.join(", "));
    }
    exits_line(&mut text, &summary.exits);
    for label in LABELS {
        reasons(&mut text, summary, label);
    }
    human::as_they_are(&mut text, &report.report.findings);
    let is_open = summary.pages.values().any(|page| page.outcome == PageOutcome::Open);
    text.push_str(match report.report.status() {
        Status::Done if is_open => "\nEvery page that is open may be.\n",
        Status::Done => "\nNo page is open.\n",
        _ => "\nThis theme is not guarded as it should be.\n",
    });
    if is_open && report.report.status() != Status::Done {
        text.push_str(
            "`stencil-guard build` guards it; --keep and --allow-open say what may be seen.\n",
        );
    }
    for (row, help) in HELP {
        let is_there = summary.pages.values().any(|page| label(page) == *row);
        if is_there && report.report.status() != Status::Done {
            text.push_str(help);
        }
    }
    printable(&text).into_owned()
}

/// What helps where pages are lost, or nobody can tell.
const HELP: &[(&str, &str)] = &[
    ("lost", "--no-keep says which pages may be lost.\n"),
    ("cannot tell", "--allow-open says of which pages all is well.\n"),
];

/// What becomes of pages, in the order of the table.
const LABELS: &[&str] = &["kept", "guarded", "broken", "lost", "open", "cannot tell"];

fn label(page: &CheckedPage) -> &'static str {
    match page.outcome {
        PageOutcome::Kept | PageOutcome::Shown => "kept",
        PageOutcome::Guarded if page.reason.is_some() => "lost",
        PageOutcome::Guarded => "guarded",
        PageOutcome::Refused => "broken",
        PageOutcome::Open => "open",
        PageOutcome::Uncertain => "cannot tell",
    }
}

/// What the theme is judged by, as far as nobody else said it.
fn recorded_line(text: &mut String, recorded: &[String]) {
    if !recorded.is_empty() {
        let recorded = recorded.join(", ");
        let _ = writeln!(text, "judged by its own record: {}", printable_name(&recorded));
    }
}

fn outcome_line(text: &mut String, summary: &CheckSummary, row: &str) {
    let pages = summary.pages.iter().filter(|(_, page)| label(page) == row);
    let names: Vec<&str> = pages.map(|(name, _)| short(name)).collect();
    if names.is_empty() {
        return;
    }
    let note = match row {
        "guarded" => guarded_note(summary),
        "kept" | "broken" => names.join(", "),
        _ => String::new(),
    };
    let plural = if names.len() == 1 { " " } else { "s" };
    let row = format!("  {row:<11} {:>4} page{plural}  {note}", names.len());
    let _ = writeln!(text, "{}", printable_name(row.trim_end()));
}

/// How many ways off the kept pages end where, the worst last.
fn exits_line(text: &mut String, exits: &[Exit]) {
    let count = |end: End, kinds: fn(Kind) -> bool| {
        exits.iter().filter(|exit| exit.end == end && kinds(exit.kind)).count()
    };
    let is_seen = |kind| kind != Kind::Unseen;
    let parts = [
        (count(End::Kept, is_seen), "to kept pages"),
        (count(End::Outside, is_seen), "to other hosts"),
        (count(End::Guarded, is_seen), "into guarded pages"),
        (count(End::Open, is_seen), "into open pages"),
        (count(End::Unknown, is_seen), "whose end stencil-guard cannot tell"),
        (count(End::Unknown, |kind| kind == Kind::Unseen), "that no template shows"),
    ];
    let parts = parts.iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts.map(|(count, what)| format!("{count} {what}")).collect();
    if !parts.is_empty() {
        let (total, nothing) = (exits.len(), "");
        let _ =
            writeln!(text, "  {:<11} {total:>4} {nothing:<5}  {}", "ways out", parts.join(", "));
    }
}

fn guarded_note(summary: &CheckSummary) -> String {
    let addresses = shortest(summary.destinations.keys().map(String::as_str));
    let away = |page: &&CheckedPage| page.outcome == PageOutcome::Guarded && page.sends_text;
    let sends_text = summary.pages.values().filter(away).count();
    let text = match sends_text {
        0 => "",
        _ => "; browsers still receive their text",
    };
    format!("lead to {}{text}", addresses.join(" and "))
}

/// Addresses without those that lie below another one. They come in order.
fn shortest<'a>(addresses: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut shortest: Vec<&str> = Vec::new();
    for address in addresses {
        let is_below =
            |other: &&str| address.strip_prefix(*other).is_some_and(|rest| rest.starts_with('/'));
        if !shortest.iter().any(is_below) {
            shortest.push(address);
        }
    }
    shortest
}

fn reasons(text: &mut String, summary: &CheckSummary, row: &str) {
    let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, page) in summary.pages.iter().filter(|(_, page)| label(page) == row) {
        if let Some(reason) = &page.reason {
            by_reason.entry(reason).or_default().push(short(name));
        }
    }
    for (reason, names) in by_reason {
        let _ = writeln!(text, "\n{row}: {reason}");
        list(text, &names);
    }
}

/// Names in lines of a readable length.
fn list(text: &mut String, names: &[&str]) {
    let mut line = String::new();
    for (number, name) in names.iter().enumerate() {
        let comma = if number + 1 < names.len() { "," } else { "" };
        if !line.is_empty() && line.len() + name.len() > WIDTH {
            let _ = writeln!(text, " {line}");
            line.clear();
        }
        let _ = write!(line, " {}{comma}", printable_name(name));
    }
    if !line.is_empty() {
        let _ = writeln!(text, " {line}");
    }
}

fn short(name: &str) -> &str {
    name.trim_start_matches("pages/")
}

/// What a theme does as it stands.
#[derive(Serialize, JsonSchema)]
pub(super) struct Document<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    /// What each page does.
    pages: Vec<PageView<'a>>,
    /// Where shoppers are sent.
    destinations: Vec<DestinationView<'a>>,
    /// Groups whose members see pages that shoppers do not.
    groups: &'a [String],
    /// The ways off the kept pages.
    ways_out: Vec<ExitView<'a>>,
    /// Settings that come from the theme's own record, in words: nobody else said anything about them.
    recorded: &'a [String],
    /// Nothing: `check` writes no files.
    outputs: [(); 0],
}

/// A page.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CheckedPage")]
struct PageView<'a> {
    /// Its name, such as `pages/cart`.
    page: &'a str,
    /// What becomes of it.
    outcome: PageOutcome,
    /// Why it is not as it should be.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    /// Where it sends shoppers.
    leads_to: Vec<&'a str>,
    /// Whether its text is sent along, unseen.
    sends_text: bool,
    /// What each kind of visitor gets.
    visitors: BTreeMap<&'a str, Outcome>,
}

/// A way off a kept page.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Exit")]
struct ExitView<'a> {
    /// What it is.
    kind: Kind,
    /// The address as it is written, or what is printed.
    written: &'a str,
    /// What is at its end.
    end: End,
    /// Where it stands.
    place: PlaceView,
    /// The kept pages that print it.
    pages: &'a [String],
}

/// A place that shoppers are sent to.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SentTo")]
struct DestinationView<'a> {
    /// Its address.
    address: &'a str,
    /// How many pages send shoppers there.
    pages: usize,
}

/// The whole report as one JSON document with a final newline.
///
/// # Errors
/// When a path is not UTF-8.
pub fn json(report: &CheckReport) -> serde_json::Result<String> {
    let summary = report.summary.as_ref();
    let pages = summary.into_iter().flat_map(|summary| &summary.pages);
    let destinations = summary.into_iter().flat_map(|summary| &summary.destinations);
    let exits = summary.into_iter().flat_map(|summary| &summary.exits);
    let document = Document {
        head: Head::new(&report.report),
        pages: pages.map(page_view).collect(),
        destinations: destinations
            .map(|(address, pages)| DestinationView { address, pages: *pages })
            .collect(),
        groups: summary.map(|summary| summary.groups.as_slice()).unwrap_or_default(),
        ways_out: exits.map(|exit| exit_view(exit, report)).collect(),
        recorded: summary.map(|summary| summary.recorded.as_slice()).unwrap_or_default(),
        outputs: [],
    };
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

fn exit_view<'a>(exit: &'a Exit, report: &CheckReport) -> ExitView<'a> {
    ExitView {
        kind: exit.kind,
        written: &exit.written,
        end: exit.end,
        place: json::place_view(&exit.place, report.report.source.as_ref()),
        pages: &exit.pages,
    }
}

fn page_view<'a>((name, page): (&'a String, &'a CheckedPage)) -> PageView<'a> {
    PageView {
        page: name,
        outcome: page.outcome,
        reason: page.reason.as_deref(),
        leads_to: page.leads_to.iter().map(String::as_str).collect(),
        sends_text: page.sends_text,
        visitors: page.visitors.iter().map(|(name, outcome)| (name.as_str(), *outcome)).collect(),
    }
}
