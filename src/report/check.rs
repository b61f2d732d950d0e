//! The report of `check`: a table for people, short if nothing is wrong, and a JSON document.

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

/// The report of one run of `check`.
#[derive(Debug)]
pub struct CheckReport {
    /// The findings, or why the tool could not do its work.
    pub report: Report,
    /// The summary; missing if the tool could not do its work.
    pub summary: Option<CheckSummary>,
}

/// What a theme does as it stands.
#[derive(Debug)]
pub struct CheckSummary {
    /// The theme.
    pub headline: String,
    /// What each page does.
    pub pages: BTreeMap<String, CheckedPage>,
    /// The addresses that shoppers are sent to, with the number of pages that lead there.
    pub destinations: BTreeMap<String, usize>,
    /// Groups whose members see pages that shoppers do not.
    pub groups: Vec<String>,
    /// The ways off the kept pages.
    pub exits: Vec<Exit>,
    /// Settings that come from the theme's own record, in words.
    pub recorded: Vec<String>,
}

/// The maximum width of a list of pages.
const WIDTH: usize = 90;

/// Findings that the table reports page by page.
const IN_TABLE: &[Code] =
    &[Code::OpenPage, Code::PageLost, Code::CannotTell, Code::HostedAddresses];

/// Formats the findings that the table does not report.
pub fn human_findings(report: &CheckReport) -> String {
    let findings = report.report.findings.iter();
    let others = findings.filter(|finding| !IN_TABLE.contains(&finding.code));
    frames::some(others, &report.report)
}

/// Formats the table: how many pages have which outcome, then the pages with problems.
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
        Status::Done if is_open => "\n--allow-open allows every open page.\n",
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

/// Hints for lost pages and for pages that the tool cannot judge.
const HELP: &[(&str, &str)] = &[
    ("lost", "--no-keep names pages that may be guarded.\n"),
    ("cannot tell", "--allow-open names pages that may stay as they are.\n"),
];

/// The outcomes of pages, in the order of the table.
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

/// Writes the settings that come from the theme's own record because no other source gives them.
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

/// Writes how many ways off the kept pages end where, the worst last.
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

/// Drops addresses that lie below another one. The addresses must be sorted.
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

/// Writes names in lines of a readable length.
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
    /// The addresses that shoppers are sent to.
    destinations: Vec<DestinationView<'a>>,
    /// Groups whose members see pages that shoppers do not.
    groups: &'a [String],
    /// The ways off the kept pages.
    ways_out: Vec<ExitView<'a>>,
    /// Settings that come from the theme's own record because no other source gives them, in words.
    recorded: &'a [String],
    /// Always empty: `check` writes no files.
    outputs: [(); 0],
}

/// A checked page.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CheckedPage")]
struct PageView<'a> {
    /// The page's name, such as `pages/cart`.
    page: &'a str,
    /// What becomes of the page.
    outcome: PageOutcome,
    /// The problem with the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    /// The addresses that it sends shoppers to.
    leads_to: Vec<&'a str>,
    /// Whether shoppers receive the page's text along with the redirect, unseen.
    sends_text: bool,
    /// What each kind of visitor gets.
    visitors: BTreeMap<&'a str, Outcome>,
}

/// A way off a kept page.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Exit")]
struct ExitView<'a> {
    /// The kind of way out.
    kind: Kind,
    /// The address as written, or what is printed.
    written: &'a str,
    /// Where it ends.
    end: End,
    /// Where the way out stands.
    place: PlaceView,
    /// The kept pages that print it.
    pages: &'a [String],
}

/// An address that shoppers are sent to.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SentTo")]
struct DestinationView<'a> {
    /// The address.
    address: &'a str,
    /// How many pages send shoppers there.
    pages: usize,
}

/// Returns the whole report as one JSON document with a final newline.
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
