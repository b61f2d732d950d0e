//! The report of a build of several themes: one line for each, or one list for programs.

use super::json::{self, Document};
use super::{Report, Status, Summary};
use crate::pipeline::PageOutcome;
use crate::text::{Severity, counted};
use schemars::JsonSchema;
use serde::Serialize;
use std::path::Path;

/// The result for one of several themes.
#[derive(Serialize, JsonSchema)]
pub(super) struct Item<'a> {
    /// The path of the theme, as given.
    theme: String,
    #[serde(flatten)]
    document: Document<'a>,
}

/// Returns the result for a theme as an item of a JSON list.
///
/// # Errors
/// When a path is not UTF-8.
pub fn item(theme: &Path, report: &Report) -> serde_json::Result<String> {
    let item = Item { theme: theme.display().to_string(), document: json::document(report) };
    serde_json::to_string_pretty(&item)
}

/// Returns the result for a theme in one line.
pub fn line(theme: &Path, report: &Report) -> String {
    let (status, what) = match (report.status(), &report.summary, &report.failure) {
        (Status::Done, Some(summary), _) => ("done", done(summary, report)),
        (_, _, Some(failure)) => {
            let help = failure.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
            ("failed", format!("{}{help}", failure.message))
        }
        _ => ("errors", errors(report)),
    };
    format!("{status:<8}{}: {what}\n", theme.display())
}

fn done(summary: &Summary, report: &Report) -> String {
    let pages = |wanted: PageOutcome| summary.pages.values().filter(|one| **one == wanted).count();
    let warnings =
        report.findings.iter().filter(|finding| finding.severity == Severity::Warning).count();
    let warnings = match warnings {
        0 => String::new(),
        1 => ", 1 warning (a build of it alone shows it)".to_owned(),
        count => format!(", {count} warnings (a build of it alone shows them)"),
    };
    let outputs = summary.outputs.iter().map(|output| output.path.display().to_string());
    let outputs = outputs.collect::<Vec<String>>().join(", ");
    let outputs = match (outputs.as_str(), summary.dry_run) {
        ("", _) => outputs,
        (_, true) => format!("; would write {outputs}"),
        (_, false) => format!("; {outputs}"),
    };
    let (kept, guarded) = (pages(PageOutcome::Kept), pages(PageOutcome::Guarded));
    let kept = counted(kept, "page");
    format!("{}; {kept} kept, {guarded} guarded{warnings}{outputs}", summary.headline)
}

fn errors(report: &Report) -> String {
    let mut errors = report
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| &finding.message);
    let first = errors.next().map(String::as_str).unwrap_or_default();
    match errors.count() {
        0 => first.to_owned(),
        more => format!("{first}; and {more} more, which a build of this theme alone shows"),
    }
}
