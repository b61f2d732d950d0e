//! The reports of commands that talk to a store: for people, and as one JSON document.

use super::json::{FindingView, SCHEMA, finding_views};
use super::{Report, Status, human_findings};
use serde::Serialize;
use std::fmt::Write;

/// The outcome of a command that talks to a store.
#[derive(Debug)]
pub struct StoreReport {
    /// What is worth telling, and why it failed if it did.
    pub report: Report,
    /// What was asked for, or done.
    pub answer: Option<Answer>,
}

/// What a command came to.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// The store's channels.
    Channels(Vec<ChannelRow>),
}

/// One channel.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ChannelRow {
    /// Its number.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// What it runs on.
    pub platform: String,
    /// Whether that is somebody else's program.
    pub is_headless: bool,
    /// Such as `active`.
    pub status: String,
    /// Where its shoppers belong.
    pub site: Option<String>,
    /// Where they pay, if that has an address of its own.
    pub checkout: Option<String>,
    /// The name of its theme.
    pub theme: Option<String>,
    /// The number of its theme.
    pub theme_uuid: Option<String>,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    command: &'a str,
    status: Status,
    findings: Vec<FindingView<'a>>,
    #[serde(flatten)]
    answer: Option<&'a Answer>,
}

/// The whole report as one JSON document with a final newline.
///
/// # Errors
/// When a path is not UTF-8.
pub fn json(report: &StoreReport) -> serde_json::Result<String> {
    let document = Document {
        schema: SCHEMA,
        command: report.report.command,
        status: report.report.status(),
        findings: finding_views(&report.report),
        answer: report.answer.as_ref(),
    };
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

/// Results for people, and all else.
pub fn human(report: &StoreReport) -> (String, String) {
    let results = match &report.answer {
        Some(Answer::Channels(rows)) => channels(rows),
        None => String::new(),
    };
    (results, human_findings(&report.report))
}

fn channels(rows: &[ChannelRow]) -> String {
    let none = || "none".to_owned();
    let head = ["channel", "name", "runs on", "status", "site", "checkout", "theme"];
    let mut table = vec![head.map(str::to_owned)];
    table.extend(rows.iter().map(|row| {
        let kind = if row.is_headless { " (headless)" } else { "" };
        [
            row.id.to_string(),
            row.name.clone(),
            format!("{}{kind}", row.platform),
            row.status.clone(),
            row.site.clone().unwrap_or_else(none),
            row.checkout.clone().unwrap_or_else(|| "the store's own".to_owned()),
            row.theme.clone().or_else(|| row.theme_uuid.clone()).unwrap_or_else(none),
        ]
    }));
    columns(&table)
}

/// A table whose columns stand one below the other.
fn columns<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: Vec<usize> = (0..N).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        let line = cells.collect::<Vec<String>>().join("  ");
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}
