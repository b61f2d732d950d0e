//! Formats what a watcher did, as one line of JSON or some lines for people.

use super::human::is_summed_up;
use super::json::Head;
use super::{Report, Status, frames};
use crate::output::Changes;
use crate::text::{Code, Finding, Severity};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::Path;

/// One event.
#[derive(Serialize, JsonSchema)]
pub(super) struct Event<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    /// The files that were written, as paths in the theme.
    written: &'a [String],
    /// The files that were removed, as paths in the theme.
    removed: &'a [String],
    /// The bundle that was written, if one was.
    bundle: Option<&'a Path>,
}

/// Returns one line of JSON, including the line end.
///
/// # Errors
/// When a path is not UTF-8.
pub fn json(
    report: &Report,
    changes: &Changes,
    bundle: Option<&Path>,
) -> serde_json::Result<String> {
    let head = Head::new(report);
    let event = Event { head, written: &changes.written, removed: &changes.removed, bundle };
    Ok(serde_json::to_string(&event)? + "\n")
}

/// The findings that people have seen. A warning is printed only when it is new.
#[derive(Debug, Default)]
pub struct ReportedFindings(BTreeSet<(Code, Option<String>, String)>);

impl ReportedFindings {
    /// Formats lines for people: the problems, and what was written. `has_good` says whether an earlier good
    /// state exists.
    pub fn human(
        &mut self,
        report: &Report,
        changes: &Changes,
        bundle: Option<&Path>,
        has_good: bool,
    ) -> String {
        let is_wrong = report.status() != Status::Done;
        let is_unchanged = changes.is_empty() && bundle.is_none();
        let text = self.findings(report, is_wrong && is_unchanged);
        match (is_wrong && is_unchanged, has_good) {
            (true, true) => text + "Nothing is written; the last good build stays.\n",
            (true, false) => text + "Nothing is written.\n",
            (false, _) => text + &done(is_wrong, changes, bundle),
        }
    }

    fn findings(&mut self, report: &Report, with_errors: bool) -> String {
        let key = |finding: &Finding| {
            let path = finding.primary.as_ref().map(|place| place.path.clone());
            (finding.code, path, finding.message.clone())
        };
        let is_told = |finding: &&Finding| match finding.severity {
            Severity::Error => with_errors,
            Severity::Warning => finding.code == Code::OpenPage || !self.0.contains(&key(finding)),
            Severity::Note => false,
        };
        let findings = report.findings.iter().filter(|finding| !is_summed_up(finding));
        let text = frames::some(findings.filter(is_told), report);
        // If the theme could not be read, its findings are unknown.
        if report.failure.is_none() {
            self.0 = report.findings.iter().map(key).collect();
        }
        text
    }
}

/// Describes what was done, in one line.
fn done(is_wrong: bool, changes: &Changes, bundle: Option<&Path>) -> String {
    let files = match changes.written.as_slice() {
        [] => "all is up to date".to_owned(),
        [file] => format!("{file} written"),
        files => format!("{} files written", files.len()),
    };
    let removed = match changes.removed.len() {
        0 => String::new(),
        count => format!(", {count} removed"),
    };
    let bundle = bundle.map(|path| format!(", {} written", path.display())).unwrap_or_default();
    let rest =
        if is_wrong { "; the guarded copy stays as it is until the theme is fixed" } else { "" };
    format!("{files}{removed}{bundle}{rest}\n")
}
