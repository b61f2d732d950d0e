//! The report of `config`: each setting as a line of a settings file, with where it comes from beside it.

use super::json::{self, FindingView};
use super::{Report, Status};
use serde::Serialize;
use std::fmt::Write;

/// All there is to say about settings.
#[derive(Debug)]
pub struct SettingsReport {
    /// Why the tool could not do its work, if so.
    pub report: Report,
    /// All settings.
    pub rows: Vec<SettingRow>,
}

/// One setting.
#[derive(Debug, Serialize)]
pub struct SettingRow {
    /// Its key in a settings file.
    pub key: &'static str,
    /// Its value; `None` if it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<toml::Value>,
    /// The layer that it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
}

/// Where the column of origins begins if no value is longer.
const COLUMN: usize = 40;

/// The settings as a file could hold them.
pub fn human(report: &SettingsReport) -> String {
    let mut text = String::new();
    let mut unset = Vec::new();
    for row in &report.rows {
        match (&row.value, &row.from) {
            (Some(value), Some(from)) => {
                let line = format!("{} = {value}", row.key);
                let _ = writeln!(text, "{line:COLUMN$} # {from}");
            }
            _ => unset.push(row.key),
        }
    }
    if !unset.is_empty() {
        let _ = writeln!(text, "# without a value: {}", unset.join(", "));
    }
    text
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    command: &'a str,
    status: Status,
    findings: Vec<FindingView<'a>>,
    settings: &'a [SettingRow],
}

/// The same as one JSON document with a final newline.
///
/// # Errors
/// When a path is not UTF-8.
pub fn json(report: &SettingsReport) -> serde_json::Result<String> {
    let document = Document {
        schema: json::SCHEMA,
        command: report.report.command,
        status: report.report.status(),
        findings: json::finding_views(&report.report),
        settings: &report.rows,
    };
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}
