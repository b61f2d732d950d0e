//! The reports of commands that talk to a store: for people, and as one JSON document.

use super::columns::columns;
use super::json::Head;
use super::{Report, human_findings, live, routes};
use schemars::JsonSchema;
use serde::Serialize;
use std::fmt::Write;
use std::path::PathBuf;

pub use super::live::{LiveHost, LivePage, LiveReport, LiveStorefront};
pub use super::routes::{
    CheckoutRow, RedirectRow, RouteChange, RouteRow, RoutesReport, ValueRow, lines as route_lines,
};

/// The result of a command that talks to a store.
#[derive(Debug)]
pub struct StoreReport {
    /// The findings, and why the command failed if it did.
    pub report: Report,
    /// The answer, if the command has one.
    pub answer: Option<Answer>,
}

/// The answer of a command.
#[derive(Debug)]
pub enum Answer {
    /// The store's channels.
    Channels(Vec<ChannelRow>),
    /// A theme that was written to a file.
    Downloaded(Downloaded),
    /// The changes in the store.
    Changes(Changes),
    /// What a guest gets from the store.
    Live(LiveReport),
    /// The routes of a site.
    Routes(RoutesReport),
}

/// A theme that was downloaded from a store.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Downloaded {
    /// The ID of the channel that shows the theme.
    pub channel: u64,
    /// The theme's name.
    pub theme: String,
    /// The theme's variation that is shown.
    pub variation: Option<String>,
    /// The file that the theme was written to.
    pub file: PathBuf,
    /// The size of that file in bytes.
    pub bytes: u64,
    /// The theme-editor settings that were written into the file.
    pub settings: Vec<String>,
}

/// The changes made in a store.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Changes {
    /// The planned changes, one line for each step.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub plan: Vec<String>,
    /// The theme that was uploaded, if there was one to upload.
    pub theme: Option<SentTheme>,
    /// The channels, with what became of each.
    pub channels: Vec<ChannelChange>,
    /// The file that records what to go back to.
    pub record: Option<PathBuf>,
    /// What a guest gets from the store now, if that was checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live: Option<LiveReport>,
}

/// A theme that is in the store now.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct SentTheme {
    /// The theme's UUID.
    pub uuid: String,
    /// The theme's name.
    pub name: String,
    /// Whether it was uploaded by this run; otherwise it was there already.
    pub is_new: bool,
    /// The theme that was removed to make room, uploaded by stencil-guard earlier.
    pub replaced: Option<String>,
}

/// What became of a channel.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct ChannelChange {
    /// The channel's ID.
    pub id: u64,
    /// The channel's name.
    pub name: String,
    /// The theme that the channel showed before.
    pub before: Option<String>,
    /// The theme that the channel shows now.
    pub after: Option<String>,
    /// The theme's variation.
    pub variation: Option<String>,
    /// Whether the command changed what the channel shows.
    pub is_changed: bool,
}

/// One channel.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct ChannelRow {
    /// The channel's ID.
    pub id: u64,
    /// The channel's name.
    pub name: String,
    /// The platform of the channel's storefront.
    pub platform: String,
    /// Whether that platform is not BigCommerce itself.
    pub is_headless: bool,
    /// The channel's status, such as `active`.
    pub status: String,
    /// The address of the channel's site.
    pub site: Option<String>,
    /// The address of the checkout, if it has one of its own.
    pub checkout: Option<String>,
    /// The name of the channel's theme.
    pub theme: Option<String>,
    /// The UUID of the channel's theme.
    pub theme_uuid: Option<String>,
}

/// The result of a command that talks to a store.
#[derive(Serialize, JsonSchema)]
pub(super) struct Document<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    /// The store's channels: the answer to `channels`.
    #[serde(skip_serializing_if = "Option::is_none")]
    channels: Option<&'a [ChannelRow]>,
    /// The theme that was written to a file: the answer to `download`.
    #[serde(skip_serializing_if = "Option::is_none")]
    downloaded: Option<&'a Downloaded>,
    /// What was done to the store: the answer to `push`, `deploy` and `rollback`.
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<&'a Changes>,
    /// What a guest gets from the store: the answer to `check` of an address.
    #[serde(skip_serializing_if = "Option::is_none")]
    live: Option<&'a LiveReport>,
    /// The routes of a site: the answer to `routes`.
    #[serde(skip_serializing_if = "Option::is_none")]
    routes: Option<&'a RoutesReport>,
}

/// Returns the whole report as one JSON document with a final newline.
///
/// # Errors
/// When a path is not UTF-8.
pub fn json(report: &StoreReport) -> serde_json::Result<String> {
    let answer = report.answer.as_ref();
    let document = Document {
        head: Head::new(&report.report),
        channels: answer.and_then(|answer| match answer {
            Answer::Channels(rows) => Some(rows.as_slice()),
            _ => None,
        }),
        downloaded: answer.and_then(|answer| match answer {
            Answer::Downloaded(download) => Some(download),
            _ => None,
        }),
        changes: answer.and_then(|answer| match answer {
            Answer::Changes(changes) => Some(changes),
            _ => None,
        }),
        live: answer.and_then(|answer| match answer {
            Answer::Live(live) => Some(live),
            _ => None,
        }),
        routes: answer.and_then(|answer| match answer {
            Answer::Routes(routes) => Some(routes),
            _ => None,
        }),
    };
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

/// Formats the results and the findings for people.
pub fn human(report: &StoreReport) -> (String, String) {
    let results = match &report.answer {
        Some(Answer::Channels(rows)) => channels(rows),
        Some(Answer::Downloaded(download)) => downloaded(download),
        Some(Answer::Changes(done)) => {
            let live = done.live.as_ref().map(|found| format!("\n{}", live::text(found)));
            changes(done) + &live.unwrap_or_default()
        }
        Some(Answer::Live(found)) => live::text(found),
        Some(Answer::Routes(found)) => routes::text(found),
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

fn downloaded(download: &Downloaded) -> String {
    let Downloaded { channel, theme, variation, file, bytes, settings } = download;
    let look = variation.as_ref().map(|name| format!(", {name}")).unwrap_or_default();
    let mut text = format!("{theme}{look}, as channel {channel} shows it\n");
    if !settings.is_empty() {
        let _ = writeln!(
            text,
            "  settings of the theme editor that were written into config.json: {}",
            settings.join(", ")
        );
    }
    let _ = writeln!(text, "\nWritten\n  {} ({bytes} bytes)", file.display());
    text
}

fn changes(done: &Changes) -> String {
    let mut text = String::new();
    if let Some(SentTheme { uuid, name, is_new, replaced }) = &done.theme {
        let verb = if *is_new { "uploaded " } else { "there     " };
        let _ = writeln!(text, "  {verb} {name} ({uuid})");
        if let Some(replaced) = replaced {
            let _ = writeln!(text, "  removed   {replaced}, uploaded by stencil-guard earlier");
        }
    }
    let none = || "no theme".to_owned();
    for channel in &done.channels {
        let ChannelChange { id, name, before, after, variation, is_changed } = channel;
        let look = variation.as_ref().map(|name| format!(", {name}")).unwrap_or_default();
        let after = after.clone().unwrap_or_else(none);
        let before = before.clone().unwrap_or_else(none);
        let _ = match is_changed {
            true => {
                writeln!(text, "  shown     channel {id} ({name}): {after}{look}; before: {before}")
            }
            false => writeln!(text, "  as it was channel {id} ({name}): {after}{look}"),
        };
    }
    let is_new = done.theme.as_ref().is_some_and(|theme| theme.is_new);
    if !is_new && done.channels.iter().all(|channel| !channel.is_changed) {
        return format!("Nothing is changed.\n{text}");
    }
    if let (Some(record), true) = (&done.record, done.channels.iter().any(|one| one.is_changed)) {
        let _ = writeln!(
            text,
            "\nTo go back: stencil-guard rollback ({} says to what)",
            record.display()
        );
    }
    text
}
