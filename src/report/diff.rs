//! The report of `diff`: a unified diff that `patch` accepts, or the number of changed lines in each file.

use super::frames;
use super::json::Head;
use super::{Report, Status};
use crate::text::Severity;
use anstyle::{AnsiColor, Style};
use schemars::JsonSchema;
use serde::Serialize;
use similar::{ChangeTag, DiffOp, TextDiff};
use std::fmt::Write;
use std::ops::Range;

/// The report of one run of `diff`.
#[derive(Debug)]
pub struct DiffReport {
    /// The findings, or why the tool could not do its work.
    pub report: Report,
    /// The files that would change.
    pub files: Vec<FileChange>,
}

/// One file that would change.
#[derive(Debug)]
pub struct FileChange {
    /// The file's path in the theme.
    pub path: String,
    /// The file's present content; `None` if it would be added.
    pub before: Option<Vec<u8>>,
    /// The file's new content; `None` if it would be removed.
    pub after: Option<Vec<u8>>,
}

const HEADER: Style = Style::new().bold();
const HUNK: Style = AnsiColor::Cyan.on_default();
const ADDED: Style = AnsiColor::Green.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();

/// The number of unchanged lines around each change.
pub(super) const CONTEXT: usize = 3;

/// The length of the longest line in which the changed part is marked.
const LONGEST_MARKED: usize = 400;

/// Formats the findings that matter for the changes; notes are left to `build`.
pub fn human_findings(report: &DiffReport) -> String {
    let findings = report.report.findings.iter();
    frames::some(findings.filter(|finding| finding.severity != Severity::Note), &report.report)
}

/// Returns the unified diff, in colour; empty if nothing would change.
pub fn unified(report: &DiffReport) -> String {
    report.files.iter().map(|file| coloured(&plain(file))).collect()
}

/// Returns the unified diff without colours.
pub fn patch(files: &[FileChange]) -> String {
    files.iter().map(plain).collect()
}

/// Returns the unified diff of one file.
fn plain(file: &FileChange) -> String {
    // A tab tells `patch` that the blanks before it belong to the name.
    let end = if file.path.contains(' ') { "\t" } else { "" };
    let name = |side: &str, bytes: &Option<Vec<u8>>| match bytes {
        Some(_) => format!("{side}/{}{end}", file.path),
        None => "/dev/null".to_owned(),
    };
    let (old, new) = (name("a", &file.before), name("b", &file.after));
    if is_binary(&file.before) || is_binary(&file.after) {
        return format!("Binary files {} and {} differ\n", old.trim_end(), new.trim_end());
    }
    let (before, after) = (text(&file.before), text(&file.after));
    let (before, after) = (lines(&before), lines(&after));
    let diff = TextDiff::from_slices(&before, &after);
    let hunks = diff.grouped_ops(CONTEXT);
    let hunks: Vec<String> = hunks.iter().map(|ops| hunk(ops, &diff)).collect();
    format!("--- {old}\n+++ {new}\n{}", hunks.concat())
}

/// Formats changes that are close together, with the lines around them.
fn hunk(ops: &[DiffOp], diff: &TextDiff<'_, '_, str>) -> String {
    let range = |lines: Vec<Range<usize>>| {
        let start = lines.first().map_or(0, |lines| lines.start);
        let end = lines.last().map_or(0, |lines| lines.end);
        // An empty range names the line before it.
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

/// Returns the hunks of a change without line numbers, with `context` lines around each, for a file that
/// should change only if the hunks do; `None` if there is nothing to compare.
pub(super) fn hunks(file: &FileChange, context: usize) -> Option<String> {
    let (before, after) = (file.before.as_ref()?, file.after.as_ref()?);
    let (before, after) = (std::str::from_utf8(before).ok()?, std::str::from_utf8(after).ok()?);
    let (before, after) = (lines(before), lines(after));
    let diff = TextDiff::from_slices(&before, &after);
    let hunk = |ops: &Vec<DiffOp>| {
        let text = hunk(ops, &diff);
        // The header changes with every edit above the hunk, so it is dropped.
        text.split_once('\n').map_or_else(String::new, |(_, lines)| format!("@@\n{lines}"))
    };
    Some(diff.grouped_ops(context).iter().map(hunk).collect())
}

pub(super) fn is_binary(bytes: &Option<Vec<u8>>) -> bool {
    bytes.as_ref().is_some_and(|bytes| bytes.contains(&0))
}

pub(super) fn text(bytes: &Option<Vec<u8>>) -> String {
    String::from_utf8_lossy(bytes.as_deref().unwrap_or_default()).into_owned()
}

/// Splits a text into lines as `patch` counts them: a carriage return does not end a line.
pub(super) fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

fn coloured(diff: &str) -> String {
    let lines: Vec<&str> = lines(diff);
    let hunks = lines.iter().position(|line| line.starts_with("@@")).unwrap_or(lines.len());
    let mut text = String::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let removed = if at < hunks { 0 } else { run(&lines[at..], '-') };
        let added = run(&lines[at + removed..], '+');
        // If as many lines are added as removed, compare them pairwise.
        if removed > 0 && removed == added {
            let (old, new) = lines[at..at + 2 * removed].split_at(removed);
            let marks = || old.iter().zip(new).map(|(old, new)| changed(old, new));
            old.iter()
                .zip(marks())
                .for_each(|(line, (old, _))| marked(&mut text, line, REMOVED, old));
            new.iter()
                .zip(marks())
                .for_each(|(line, (_, new))| marked(&mut text, line, ADDED, new));
            at += 2 * removed;
            continue;
        }
        let style = match line.as_bytes().first() {
            _ if at < hunks => HEADER,
            Some(b'@') => HUNK,
            Some(b'+') => ADDED,
            Some(b'-') => REMOVED,
            _ => Style::new(),
        };
        marked(&mut text, line, style, 0..0);
        at += 1;
    }
    text
}

/// Counts the leading lines that start with a sign.
fn run(lines: &[&str], sign: char) -> usize {
    lines.iter().take_while(|line| line.starts_with(sign)).count()
}

/// Returns the part that differs in each of two lines of a diff; empty if the lines are too long to mark it.
fn changed(old: &str, new: &str) -> (Range<usize>, Range<usize>) {
    match old.len().max(new.len()) > LONGEST_MARKED {
        true => (0..0, 0..0),
        false => differing(old, new),
    }
}

/// Returns the part that differs in each of two lines of a diff, however long they are.
pub(super) fn differing(old: &str, new: &str) -> (Range<usize>, Range<usize>) {
    let (old, new) = (old.trim_end_matches('\n'), new.trim_end_matches('\n'));
    let alike = |(one, other): &(char, char)| one == other;
    let width = |characters: Vec<(char, char)>| -> usize {
        characters.iter().map(|(one, _)| one.len_utf8()).sum()
    };
    let head = 1 + width(old[1..].chars().zip(new[1..].chars()).take_while(alike).collect());
    let tails = old[head..].chars().rev().zip(new[head..].chars().rev());
    let tail = width(tails.take_while(alike).collect());
    // If the lines have nothing in common, the colour of the line is enough.
    if head == 1 && tail == 0 {
        return (0..0, 0..0);
    }
    (head..old.len() - tail, head..new.len() - tail)
}

/// Writes a line with a part of it marked.
fn marked(text: &mut String, line: &str, style: Style, mark: Range<usize>) {
    let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
    let parts = [
        (style, &line[..mark.start]),
        (style.invert(), &line[mark.clone()]),
        (style, &line[mark.end..]),
    ];
    for (style, part) in parts.into_iter().filter(|(_, part)| !part.is_empty()) {
        let _ = write!(text, "{style}{}{style:#}", harmless(part));
    }
    text.push_str(end);
}

/// Replaces characters that a terminal would take for commands.
fn harmless(line: &str) -> String {
    let shown = |character: char| match character {
        '\t' | '\r' | '\u{c}' => character,
        character if character.is_control() => char::REPLACEMENT_CHARACTER,
        character => character,
    };
    line.chars().map(shown).collect()
}

/// Formats how many lines are added and removed in each file, and in total.
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

/// Files that differ.
#[derive(Serialize, JsonSchema)]
pub(super) struct Document<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    /// Always empty: `build` reports what becomes of pages.
    pages: [(); 0],
    /// The files that differ.
    files: Vec<FileView<'a>>,
    /// Always empty: no theme is written.
    outputs: [(); 0],
}

/// A file that differs.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ChangedFile")]
struct FileView<'a> {
    /// The file's path.
    path: &'a str,
    /// How many lines are added.
    added: usize,
    /// How many lines are removed.
    removed: usize,
    /// The unified diff.
    diff: String,
}

/// Returns the whole report as one JSON document with a final newline.
///
/// # Errors
/// When it cannot be written, which no report is known to cause.
pub fn json(report: &DiffReport) -> serde_json::Result<String> {
    let files = report.files.iter().map(|file| {
        let (path, added, removed) = count(file);
        FileView { path, added, removed, diff: plain(file) }
    });
    let document = Document {
        head: Head::new(&report.report),
        pages: [],
        files: files.collect(),
        outputs: [],
    };
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diff(before: &str, after: &str) -> String {
        let bytes = |text: &str| Some(text.as_bytes().to_vec());
        plain(&FileChange { path: "x".to_owned(), before: bytes(before), after: bytes(after) })
    }

    #[test]
    fn diffs_use_the_format_that_patch_reads() {
        assert_eq!(
            diff("a\nb\n", "a\r\nb"),
            "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-a\n-b\n+a\r\n+b\n\\ No newline at end of file\n"
        );
        assert!(diff("", "a\n").contains("@@ -0,0 +1 @@\n+a\n"));
        assert!(diff("a\n", "").contains("@@ -1 +0,0 @@\n-a\n"));
        assert!(diff("a\0", "b").contains("Binary files a/x and b/x differ"));
        let path = "a b.html".to_owned();
        let blank =
            plain(&FileChange { path, before: Some(Vec::new()), after: Some(b"x".to_vec()) });
        assert!(blank.starts_with("--- a/a b.html\t\n+++ b/a b.html\t\n@@ "), "{blank}");
    }

    #[test]
    fn changed_part_of_a_line_is_found() {
        assert_eq!(changed("-<head>", "+<head>{{> x}}"), (7..7, 7..14));
        assert_eq!(changed("-a b c\n", "+a d c\n"), (3..4, 3..4));
        assert_eq!(changed("-\u{e9}\u{e8}", "+\u{e9}\u{ea}"), (3..5, 3..5));
        assert_eq!(changed("-aa", "+a"), (2..3, 2..2));
        assert_eq!(changed("-x", "+y"), (0..0, 0..0));
        let long = "x".repeat(LONGEST_MARKED);
        assert_eq!(changed(&format!("-{long}"), &format!("+{long}y")), (0..0, 0..0));
    }

    #[test]
    fn stripping_colours_yields_the_plain_diff() {
        for (before, after) in
            [("<head>\n", "<head>{{> x}}\n"), ("a\nb\nc", "a\nB\nc\nd"), ("--- x\n", "+++ y\n")]
        {
            let plain = diff(before, after);
            let coloured = coloured(&plain);
            assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
        }
        let escape = coloured("--- a\n+++ b\n@@ -0,0 +1 @@\n+\u{1b}[2J\n");
        assert!(!escape.contains("\u{1b}[2J"));
    }
}
