//! The report of `config`: each setting as a line of a settings file, with its origin beside it.

use super::Report;
use super::json::Head;
use schemars::JsonSchema;
use serde::Serialize;
use std::fmt::Write;

/// The report of the settings.
#[derive(Debug)]
pub struct SettingsReport {
    /// Why the tool could not do its work, if it could not.
    pub report: Report,
    /// All settings.
    pub rows: Vec<SettingRow>,
}

/// One setting.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Setting")]
pub struct SettingRow {
    /// The key in a settings file.
    pub key: &'static str,
    /// The value; `None` if the setting has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<serde_json::Value>")]
    pub value: Option<toml::Value>,
    /// The layer that the value comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
}

/// The column where origins begin, unless a value is longer.
const COLUMN: usize = 40;

/// Formats the settings as a settings file.
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

/// The settings in effect.
#[derive(Serialize, JsonSchema)]
pub(super) struct Document<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    /// All settings; empty with `--check`.
    settings: &'a [SettingRow],
}

/// Returns the report as one JSON document with a final newline.
///
/// # Errors
/// When a path is not UTF-8.
pub fn json(report: &SettingsReport) -> serde_json::Result<String> {
    let document = Document { head: Head::new(&report.report), settings: &report.rows };
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}
