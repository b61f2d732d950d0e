//! The report of `diff`: a unified diff that `patch` takes, or how many lines change in which file.

use super::json::{self, FindingView};
use super::{Report, Status};
use anstyle::{AnsiColor, Style};
use serde::Serialize;
use similar::{ChangeTag, DiffOp, TextDiff};
use std::fmt::Write;
use std::ops::Range;

/// All there is to say about one run of `diff`.
#[derive(Debug)]
pub struct DiffReport {
    /// Findings, or why the tool could not do its work.
    pub report: Report,
    /// The files that would change.
    pub files: Vec<FileChange>,
}

/// One file that would change.
#[derive(Debug)]
pub struct FileChange {
    /// Its path in the theme.
    pub path: String,
    /// What it holds; `None` if it would be added.
    pub before: Option<Vec<u8>>,
    /// What it would hold; `None` if it would be removed.
    pub after: Option<Vec<u8>>,
}

const HEADER: Style = Style::new().bold();
const HUNK: Style = AnsiColor::Cyan.on_default();
const ADDED: Style = AnsiColor::Green.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();

/// Unchanged lines around each change.
const CONTEXT: usize = 3;

/// The unified diff, in colour; empty if nothing would change.
pub fn unified(report: &DiffReport) -> String {
    report.files.iter().map(|file| coloured(&plain(file))).collect()
}

/// The unified diff of one file.
fn plain(file: &FileChange) -> String {
    let name = |side: &str, bytes: &Option<Vec<u8>>| match bytes {
        Some(_) => format!("{side}/{}", file.path),
        None => "/dev/null".to_owned(),
    };
    let (old, new) = (name("a", &file.before), name("b", &file.after));
    if is_binary(&file.before) || is_binary(&file.after) {
        return format!("Binary files {old} and {new} differ\n");
    }
    let (before, after) = (text(&file.before), text(&file.after));
    let (before, after) = (lines(&before), lines(&after));
    let diff = TextDiff::from_slices(&before, &after);
    let hunks = diff.grouped_ops(CONTEXT);
    let hunks: Vec<String> = hunks.iter().map(|ops| hunk(ops, &diff)).collect();
    format!("--- {old}\n+++ {new}\n{}", hunks.concat())
}

/// Changes close to one another, with the lines around them.
fn hunk(ops: &[DiffOp], diff: &TextDiff<'_, '_, str>) -> String {
    let range = |lines: Vec<Range<usize>>| {
        let start = lines.first().map_or(0, |lines| lines.start);
        let end = lines.last().map_or(0, |lines| lines.end);
        // Of no lines at all, the one before is named.
        let first = start + usize::from(end > start);
        if end == start + 1 { first.to_string() } else { format!("{first},{}", end - start) }
    };
    let old = range(ops.iter().map(DiffOp::old_range).collect());
    let new = range(ops.iter().map(DiffOp::new_range).collect());
    let mut text = format!("@@ -{old} +{new} @@\n");
    for change in ops.iter().flat_map(|op| diff.iter_changes(op)) {
        let line: &str = change.value();
        let end = if line.ends_with('\n') { "" } else { "\n\\ No newline at end of file\n" };
        let _ = write!(text, "{}{line}{end}", change.tag());
    }
    text
}

fn is_binary(bytes: &Option<Vec<u8>>) -> bool {
    bytes.as_ref().is_some_and(|bytes| bytes.contains(&0))
}

fn text(bytes: &Option<Vec<u8>>) -> String {
    String::from_utf8_lossy(bytes.as_deref().unwrap_or_default()).into_owned()
}

/// Lines as `patch` counts them: a carriage return ends none.
fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

fn coloured(diff: &str) -> String {
    let mut text = String::new();
    let mut is_header = true;
    for line in diff.split_inclusive('\n') {
        is_header &= !line.starts_with("@@");
        let style = match line.as_bytes().first() {
            _ if is_header => HEADER,
            Some(b'@') => HUNK,
            Some(b'+') => ADDED,
            Some(b'-') => REMOVED,
            _ => Style::new(),
        };
        let (shown, end) = line.strip_suffix('\n').map_or((line, ""), |shown| (shown, "\n"));
        let _ = write!(text, "{style}{}{style:#}{end}", harmless(shown));
    }
    text
}

/// A line without what terminals take for a command.
fn harmless(line: &str) -> String {
    let shown = |character: char| match character {
        '\t' | '\r' | '\u{c}' => character,
        character if character.is_control() => char::REPLACEMENT_CHARACTER,
        character => character,
    };
    line.chars().map(shown).collect()
}

/// How many lines are added and removed in each file, then in all.
pub fn stat(report: &DiffReport) -> String {
    let counts: Vec<(&str, usize, usize)> = report.files.iter().map(count).collect();
    let width = counts.iter().map(|(path, ..)| path.chars().count()).max().unwrap_or_default();
    let mut text = String::new();
    for (path, added, removed) in &counts {
        let _ = writeln!(
            text,
            " {path:<width$} | {ADDED}{added:>4}+{ADDED:#} {REMOVED}{removed:>4}-{REMOVED:#}"
        );
    }
    let added: usize = counts.iter().map(|(_, added, _)| added).sum();
    let removed: usize = counts.iter().map(|(.., removed)| removed).sum();
    let files = if counts.len() == 1 { "file" } else { "files" };
    let _ =
        writeln!(text, " {} {files} changed, {added} lines added, {removed} removed", counts.len());
    if report.report.status() == Status::Done { text } else { String::new() }
}

fn count(file: &FileChange) -> (&str, usize, usize) {
    let (before, after) = (text(&file.before), text(&file.after));
    let (before, after) = (lines(&before), lines(&after));
    let diff = TextDiff::from_slices(&before, &after);
    let of = |tag| diff.iter_all_changes().filter(|change| change.tag() == tag).count();
    (&file.path, of(ChangeTag::Insert), of(ChangeTag::Delete))
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    command: &'a str,
    status: Status,
    findings: Vec<FindingView<'a>>,
    pages: [(); 0],
    files: Vec<FileView<'a>>,
    outputs: [(); 0],
}

#[derive(Serialize)]
struct FileView<'a> {
    path: &'a str,
    added: usize,
    removed: usize,
    diff: String,
}

/// The whole report as one JSON document with a final newline.
///
/// # Errors
/// When it cannot be written, which no report is known to cause.
pub fn json(report: &DiffReport) -> serde_json::Result<String> {
    let files = report.files.iter().map(|file| {
        let (path, added, removed) = count(file);
        FileView { path, added, removed, diff: plain(file) }
    });
    let document = Document {
        schema: json::SCHEMA,
        command: report.report.command,
        status: report.report.status(),
        findings: json::finding_views(&report.report),
        pages: [],
        files: files.collect(),
        outputs: [],
    };
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}
