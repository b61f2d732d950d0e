//! The report for people: code frames for problems, then a summary in plain words.

use super::{OutputKind, Report, Status, Summary, frames};
use crate::pipeline::PageOutcome;
use crate::text::{Code, Finding, Severity, printable, printable_name};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Formats the findings that the summary leaves out, and the failure, in colour; empty if there are none.
pub fn human_findings(report: &Report) -> String {
    frames::some(report.findings.iter().filter(|finding| !is_summed_up(finding)), report)
}

/// Formats the errors and the failure, in colour.
pub fn human_errors(report: &Report) -> String {
    let errors = report.findings.iter().filter(|finding| finding.severity == Severity::Error);
    frames::some(errors, report)
}

/// Formats all findings, for commands that were asked for findings.
pub fn human_explanation(report: &Report) -> String {
    frames::all(report.findings.iter(), report)
}

/// Whether the summary covers a finding: there are too many decisions about links to show one by one, and
/// links out of reach are not a fault of the theme.
pub(super) fn is_summed_up(finding: &Finding) -> bool {
    use Code::{LinkHidden, LinkKept, LinkRenamed, LinkRetargeted};
    let links = [LinkRenamed, LinkRetargeted, LinkKept, LinkHidden];
    links.contains(&finding.code) || is_unseen(finding.code) || is_about_addresses(finding.code)
}

/// Whether a code is about links that no template contains.
pub(super) fn is_unseen(code: Code) -> bool {
    matches!(code, Code::OutOfReach | Code::NotInTheme)
}

/// Whether a code is about where links from elsewhere lead.
pub(super) fn is_about_addresses(code: Code) -> bool {
    matches!(code, Code::LinkFromOutside | Code::HostedAddresses | Code::PlatformLink)
}

/// Formats what was done, in plain words; empty if the tool could not do its work.
pub fn human_summary(report: &Report) -> String {
    match (report.status(), &report.summary) {
        (Status::Done, Some(summary)) => {
            let mut text = summary_text(summary, &report.findings);
            nothing_written(&mut text, report.command, summary);
            settings(&mut text, summary);
            upload(&mut text, report.command, summary);
            printable(&text).into_owned()
        }
        (Status::Findings, Some(summary)) if !summary.outputs.is_empty() => {
            let mut text = "A build would write nothing, because of the errors above.\n".to_owned();
            outputs(&mut text, summary);
            printable(&text).into_owned()
        }
        (Status::Findings, _) => "Nothing is written, because of the errors above.\n".to_owned(),
        _ => String::new(),
    }
}

fn summary_text(summary: &Summary, findings: &[Finding]) -> String {
    let mut text = String::new();
    if !summary.lead.is_empty() {
        let _ = writeln!(text, "{}\n", summary.lead);
    }
    let _ = writeln!(text, "{}", printable_name(&summary.headline));
    let pages = |outcome: PageOutcome| -> Vec<&str> {
        let of_outcome = summary.pages.iter().filter(|(_, page)| **page == outcome);
        of_outcome.map(|(name, _)| name.trim_start_matches("pages/")).collect()
    };
    // Guarded and shown pages are too many to name.
    for (label, outcome, names) in [
        ("kept", PageOutcome::Kept, None),
        ("guarded", PageOutcome::Guarded, Some(summary.guarded.as_str())),
        ("shown", PageOutcome::Shown, Some("")),
        ("OPEN", PageOutcome::Open, None),
        ("UNSURE", PageOutcome::Uncertain, None),
        ("broken", PageOutcome::Refused, None),
    ] {
        let pages = pages(outcome);
        let names = names.map_or_else(|| pages.join(", "), str::to_owned);
        line(&mut text, label, pages.len(), "page", &names);
    }
    for (label, count, what) in [
        ("disabled", summary.links.renamed, "they lead nowhere now"),
        ("retargeted", summary.links.retargeted, "they lead to the storefront now"),
        ("stay", summary.links.kept, "they lead where they did"),
    ] {
        line(&mut text, label, count, "link", what);
    }
    for (label, names) in
        [("edited", &summary.edited), ("added", &summary.added), ("removed", &summary.removed)]
    {
        files(&mut text, label, names);
    }
    hidden(&mut text, findings);
    from_outside(&mut text, findings);
    as_they_are(&mut text, findings);
    from_platform(&mut text, findings);
    out_of_reach(&mut text, findings);
    outputs(&mut text, summary);
    text
}

/// Writes the findings of one kind below a heading, if there are any.
fn section(
    text: &mut String,
    heading: &str,
    findings: &[Finding],
    is_meant: impl Fn(Code) -> bool,
    row: impl Fn(&Finding) -> String,
) {
    let mut findings = findings.iter().filter(|finding| is_meant(finding.code)).peekable();
    if findings.peek().is_some() {
        let _ = writeln!(text, "\n{heading}");
    }
    findings.for_each(|finding| text.push_str(&row(finding)));
}

/// Formats the message of a finding, with its help on the next line.
fn with_help(finding: &Finding) -> String {
    let more = match finding.related.len() {
        0 => String::new(),
        count => format!(", and {count} more"),
    };
    let help = finding.help.as_deref().unwrap_or_default();
    format!("  {}{more}\n    {help}\n", printable_name(&finding.message))
}

/// Writes the links of the checkout that are hidden, which changes the platform's own pages.
pub(super) fn hidden(text: &mut String, findings: &[Finding]) {
    let heading = "Links of the checkout that are hidden";
    section(text, heading, findings, |code| code == Code::LinkHidden, with_help);
}

/// Writes the links to guarded pages that no template contains, one line each.
fn from_outside(text: &mut String, findings: &[Finding]) {
    let row = |finding: &Finding| {
        let path = finding.primary.as_ref().map_or("", |place| &place.path);
        let page =
            path.strip_prefix("templates/pages/").and_then(|path| path.strip_suffix(".html"));
        let flag = format!("--keep {}", page.unwrap_or(path));
        format!("  {}\n", printable_name(&format!("{flag:<32}  {}", finding.message)))
    };
    let heading = "Links from outside the theme to guarded pages, which these flags keep";
    section(text, heading, findings, |code| code == Code::LinkFromOutside, row);
}

/// Writes the addresses of the hosted shop that no rule names.
pub(super) fn as_they_are(text: &mut String, findings: &[Finding]) {
    for finding in findings.iter().filter(|finding| finding.code == Code::HostedAddresses) {
        let _ = writeln!(text, "\n{}", printable_name(&finding.message));
        let _ = writeln!(text, "  {}", finding.help.as_deref().unwrap_or_default());
    }
}

/// Writes what decides where the platform's links lead, one line each.
fn from_platform(text: &mut String, findings: &[Finding]) {
    let row = |finding: &Finding| {
        let (decides, links) = finding.message.split_once(": ").unwrap_or(("", &finding.message));
        format!("  {}\n", printable_name(&format!("{decides:<28}  {links}")))
    };
    let heading =
        "Links that the platform makes itself, and what of the channel decides where each leads";
    section(text, heading, findings, |code| code == Code::PlatformLink, row);
}

/// Writes the links that no template contains, so that the tool could not change them.
fn out_of_reach(text: &mut String, findings: &[Finding]) {
    section(text, "Links that no template holds", findings, is_unseen, with_help);
}

/// The maximum number of names to write out; if there are more, the files in each folder are counted.
const MAX_NAMES: usize = 10;

fn line(text: &mut String, label: &str, count: usize, noun: &str, rest: &str) {
    if count > 0 {
        let plural = if count == 1 { " " } else { "s" };
        let row = format!("  {label:<10}{count:>4} {noun}{plural}  {}", printable_name(rest));
        let _ = writeln!(text, "{}", row.trim_end());
    }
}

/// Writes files in a column beside their number.
fn files(text: &mut String, label: &str, names: &[String]) {
    let rows = by_folder(names);
    let Some((first, others)) = rows.split_first() else { return };
    line(text, label, names.len(), "file", first);
    for row in others {
        let _ = writeln!(text, "{:24}{}", "", printable_name(row));
    }
}

/// Returns the names or, if there are many, folders below `templates/` with the number of files in each.
fn by_folder(names: &[String]) -> Vec<String> {
    if names.len() <= MAX_NAMES {
        return names.to_vec();
    }
    let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for name in names {
        let end = name.match_indices('/').take(3).last().map_or(0, |(at, _)| at + 1);
        folders.entry(&name[..end]).or_default().push(name);
    }
    let rows = folders.into_iter().flat_map(|(folder, names)| match names.len() {
        0..2 => names.into_iter().map(str::to_owned).collect(),
        count => vec![format!("{folder} ({count} files)")],
    });
    rows.collect()
}

fn outputs(text: &mut String, summary: &Summary) {
    if summary.outputs.is_empty() {
        return;
    }
    let heading = if summary.dry_run { "Would write" } else { "Written" };
    let _ = writeln!(text, "\n{heading}");
    for output in &summary.outputs {
        let kind = match output.kind {
            OutputKind::Bundle => "bundle",
            OutputKind::Folder => "folder",
            OutputKind::Report => "report",
            OutputKind::Settings => "file",
        };
        let _ = writeln!(text, "  {kind:<8}{} ({})", output.path.display(), size(output.bytes));
    }
}

/// Writes what to do with a new settings file.
fn settings(text: &mut String, summary: &Summary) {
    if summary.outputs.iter().any(|output| output.kind == OutputKind::Settings) {
        text.push_str(
            "\nLook through it, then run `stencil-guard build` on the same theme; --config names the file if it is \
             elsewhere.\n",
        );
    }
}

/// Writes how to upload the bundle to the store.
fn upload(text: &mut String, command: &str, summary: &Summary) {
    let bundle = summary.outputs.iter().find(|output| output.kind == OutputKind::Bundle);
    let Some(bundle) = bundle.filter(|_| !summary.dry_run) else { return };
    let file = shell_word(&bundle.path.display().to_string());
    text.push_str(
        "\nTo upload and activate it on one channel (a headless channel has no theme screen)",
    );
    if cfg!(feature = "store") {
        let all = if command == "build" { " (`deploy` does all at once)" } else { "" };
        let _ =
            write!(text, ":\n  stencil-guard push {file} --channel CHANNEL --activate{all}\nOr");
    } else {
        text.push(',');
    }
    let _ = write!(
        text,
        " with BigCommerce's own tool, in a folder where `stencil init` was run:\n  \
         stencil push -f {file} -a -c CHANNEL\n\
         CHANNEL is the channel's number in the control panel. `-a` activates the first variation of the\n\
         theme; `-a NAME` another.\n",
    );
    if command == "build" {
        text.push_str("To go back, do the same with the theme's own zip.\n");
    }
}

/// Writes that nothing was written because no output was asked for.
fn nothing_written(text: &mut String, command: &str, summary: &Summary) {
    if summary.outputs.is_empty() && command != "report" {
        text.push_str(
            "\nNothing is written: the settings ask for neither a bundle nor a folder (--out DIR).\n",
        );
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

/// Quotes a word for a shell if necessary.
fn shell_word(text: &str) -> String {
    let is_plain =
        |character: char| character.is_ascii_alphanumeric() || "/._-+".contains(character);
    if text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_files_are_counted_by_folder() {
        let names = |count: usize| -> Vec<String> {
            let copies = (1..count).map(|number| format!("templates/components/copies/a/{number}"));
            copies.chain(["templates/layout/base.html".to_owned()]).collect()
        };
        assert_eq!(by_folder(&names(10)), names(10));
        let counted = ["templates/components/copies/ (10 files)", "templates/layout/base.html"];
        assert_eq!(by_folder(&names(11)), counted);
    }
}
