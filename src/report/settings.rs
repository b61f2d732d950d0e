//! The report of `config`: each setting as a line of a settings file, with where it comes from beside it.

use super::Report;
use super::json::Head;
use schemars::JsonSchema;
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
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Setting")]
pub struct SettingRow {
    /// Its key in a settings file.
    pub key: &'static str,
    /// Its value; `None` if it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<serde_json::Value>")]
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

/// The settings that count.
#[derive(Serialize, JsonSchema)]
pub(super) struct Document<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    /// All settings; none with `--check`.
    settings: &'a [SettingRow],
}

/// The same as one JSON document with a final newline.
///
/// # Errors
/// When a path is not UTF-8.
pub fn json(report: &SettingsReport) -> serde_json::Result<String> {
    let document = Document { head: Head::new(&report.report), settings: &report.rows };
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}
