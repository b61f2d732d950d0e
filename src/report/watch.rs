//! What a watcher did, as one line of JSON or some lines for people.

use super::json::{SCHEMA, finding_views};
use super::{Report, Status, human_findings};
use crate::output::Changes;
use std::path::Path;

/// One line of JSON, with its end.
///
/// # Errors
/// When a path is not UTF-8.
pub fn json(
    report: &Report,
    changes: &Changes,
    bundle: Option<&Path>,
) -> serde_json::Result<String> {
    let event = serde_json::json!({
        "schema": SCHEMA,
        "command": report.command,
        "status": report.status(),
        "written": changes.written,
        "removed": changes.removed,
        "bundle": bundle,
        "findings": finding_views(report),
    });
    Ok(serde_json::to_string(&event)? + "\n")
}

/// Lines for people: what is wrong, or what was brought over.
pub fn human(report: &Report, changes: &Changes, bundle: Option<&Path>) -> String {
    let is_wrong = report.status() != Status::Done;
    if is_wrong && changes.is_empty() && bundle.is_none() {
        return format!(
            "{}Nothing is written; the last good state stays.\n",
            human_findings(report)
        );
    }
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
    let rest = if is_wrong { "; the theme is not brought over before it is mended" } else { "" };
    format!("{files}{removed}{bundle}{rest}\n")
}
