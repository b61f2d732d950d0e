//! Code frames: what is wrong, the lines with carets below them, and what to do. Which findings get a frame
//! is decided elsewhere.

use super::{Failure, Report, alike};
use crate::text::{Code, Finding, Severity, is_command, printable, printable_name};
use crate::theme::Theme;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

/// The maximum width of a code frame unless the terminal is narrower; longer lines are cut around the place.
const WIDTH: usize = 100;

/// The minimum width; below it, nothing of a line would be left.
const NARROWEST: usize = 32;

/// The room for a line's number, and for dots where the line is cut.
const GUTTER: usize = 8;

/// The maximum number of frames for one code.
const MAX_PER_KIND: usize = 20;

/// Formats frames, in colour, for findings of a report and for its failure. Equal warnings are merged, and of
/// each code only the first are shown and the others counted.
pub(super) fn some<'f>(findings: impl Iterator<Item = &'f Finding>, report: &Report) -> String {
    let mut counts: BTreeMap<Code, (usize, Severity)> = BTreeMap::new();
    let is_shown = |finding: &&Finding| {
        let (count, _) = counts.entry(finding.code).or_insert((0, finding.severity));
        *count += 1;
        *count <= MAX_PER_KIND
    };
    let merged = alike::merged(findings);
    let mut text = frames(merged.iter().filter(is_shown), report);
    for (code, (number, severity)) in counts {
        if let Some(more @ 1..) = number.checked_sub(MAX_PER_KIND) {
            let message = format!("{more} more like those above");
            let title = level(severity).primary_title(message).id(code.as_str());
            let help = Level::HELP.message("`--format json` lists them all");
            let _ = writeln!(
                text,
                "{}\n",
                renderer().render(&[Group::with_title(title).element(help)])
            );
        }
    }
    text + &failure(report)
}

/// Formats frames, in colour, for all findings of a report and for its failure.
pub(super) fn all<'f>(findings: impl Iterator<Item = &'f Finding>, report: &Report) -> String {
    frames(findings, report) + &failure(report)
}

fn frames<'f>(findings: impl Iterator<Item = &'f Finding>, report: &Report) -> String {
    let renderer = renderer();
    let mut text = String::new();
    for finding in findings {
        let frame = renderer.render(&[finding_frame(finding, report.source.as_ref())]);
        let _ = writeln!(text, "{frame}\n");
    }
    text
}

fn failure(report: &Report) -> String {
    let frame = |failure| format!("{}\n", renderer().render(&[failure_frame(failure)]));
    report.failure.as_ref().map(frame).unwrap_or_default()
}

fn renderer() -> Renderer {
    Renderer::styled().term_width(width())
}

/// Returns the maximum length of lines of code. If the terminal wrapped them, the carets would be in the
/// wrong places.
fn width() -> usize {
    let terminal = terminal_size::terminal_size_of(std::io::stderr());
    let code = |width: usize| width.saturating_sub(GUTTER).clamp(NARROWEST, WIDTH);
    terminal.map_or(WIDTH, |(width, _)| code(width.0.into()))
}

/// Limits a place to the part that fits; a line is never cut within it.
fn visible(span: Range<usize>) -> Range<usize> {
    match width() {
        WIDTH => span,
        width => span.start..span.end.min(span.start + width / 2),
    }
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
}

fn finding_frame<'a>(finding: &'a Finding, source: Option<&Theme>) -> Group<'a> {
    let title = level(finding.severity).primary_title(printable(&finding.message));
    let title = title.id(finding.code.as_str());
    let mut group = Group::with_title(title);
    if let Some(place) = &finding.primary {
        let bytes = source.and_then(|theme| theme.bytes(&place.path));
        group = match (place.span, bytes) {
            (Some(span), Some(bytes)) => group.element(excerpt(&place.path, bytes, span.range())),
            _ => group.element(Origin::path(printable_name(&place.path))),
        };
    }
    let notes = finding.related.iter().map(|(place, label)| {
        let line = |theme: &Theme| Some(theme.position(&place.path, place.span?.start)?.line);
        let path = printable_name(&place.path);
        match source.and_then(line) {
            Some(line) => format!("{}: {path}:{line}", printable(label)),
            None => format!("{}: {path}", printable(label)),
        }
    });
    let mut notes: Vec<String> = notes.collect();
    notes.dedup();
    for note in notes {
        group = group.element(Level::NOTE.message(note));
    }
    with_help(group, finding.help.as_deref())
}

fn failure_frame(failure: &Failure) -> Group<'_> {
    let mut group = Group::with_title(Level::ERROR.primary_title(printable(&failure.message)));
    if let Some(place) = &failure.place {
        let path = place.path.display().to_string();
        group = group.element(excerpt(&path, place.source.as_bytes(), place.span.clone()));
    }
    with_help(group, failure.help.as_deref())
}

fn with_help<'a>(group: Group<'a>, help: Option<&'a str>) -> Group<'a> {
    match help {
        Some(help) => group.element(Level::HELP.message(printable(help))),
        None => group,
    }
}

/// Returns the lines of a place, which are all that a frame shows. Each byte that is not UTF-8 becomes a `?`,
/// so that the caret stays in place; terminal control characters that the renderer does not replace become
/// signs of the same length.
fn excerpt<'a>(path: &str, bytes: &[u8], span: Range<usize>) -> Snippet<'a, Annotation<'a>> {
    let end = span.end.min(bytes.len());
    let start = span.start.min(end);
    let first = memchr::memrchr(b'\n', &bytes[..start]).map_or(0, |at| at + 1);
    let last = memchr::memchr(b'\n', &bytes[end..]).map_or(bytes.len(), |at| end + at);
    let mut text = String::with_capacity(last - first);
    for chunk in bytes[first..last].utf8_chunks() {
        text.extend(chunk.valid().chars().map(shown));
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    let caret = text.floor_char_boundary(start - first)..text.ceil_char_boundary(end - first);
    let caret = visible(caret);
    let caret = caret.start..text.floor_char_boundary(caret.end);
    let line = 1 + memchr::memchr_iter(b'\n', &bytes[..first]).count();
    let annotation = AnnotationKind::Primary.span(caret);
    Snippet::source(text)
        .path(printable_name(path).into_owned())
        .line_start(line)
        .annotation(annotation)
}

/// Returns a character of an excerpt, or a sign of the same number of bytes.
fn shown(character: char) -> char {
    match (is_command(character), character.len_utf8()) {
        (true, 2) => '\u{b7}',
        (true, 3) => char::REPLACEMENT_CHARACTER,
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Location, Span};

    fn report(source: &[u8], findings: Vec<Finding>) -> Report {
        let files = [("a.html".to_owned(), Some(source.to_vec()))];
        let source = Some(Theme::default().with(files));
        Report { command: "test", findings, source, failure: None, summary: None }
    }

    fn at(code: Code, start: usize, end: usize) -> Finding {
        Finding::new(code, "wrong").at("a.html", Span::new(start, end))
    }

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn after_twenty_similar_findings_the_rest_are_counted() {
        let findings = |count: usize| {
            let wrong =
                |number| Finding { message: format!("wrong {number}"), ..at(Code::BackLink, 0, 1) };
            let alike = (0..count).map(wrong);
            alike.chain([at(Code::LinkDoubtful, 0, 1)]).collect::<Vec<Finding>>()
        };
        let frames = |count: usize| {
            let report = report(b"x", findings(count));
            plain(&some(report.findings.iter(), &report))
        };
        assert_eq!(frames(20).matches("wrong").count(), 21);
        assert!(!frames(20).contains("more like"));
        assert_eq!(frames(23).matches("wrong").count(), 21);
        let counted = "warning[back-link]: 3 more like those above";
        assert!(frames(23).contains(counted), "{}", frames(23));
    }

    #[test]
    fn related_places_are_listed_with_their_lines() {
        let place = |path: &str, span| Location { path: path.to_owned(), span };
        let mut finding = at(Code::BackLink, 0, 1);
        finding.related = vec![
            (place("a.html", Some(Span::new(4, 5))), "here, too".to_owned()),
            (place("b.html", None), "and here".to_owned()),
        ];
        let report = report(b"one\ntwo", vec![finding]);
        let text = plain(&all(report.findings.iter(), &report));
        assert!(text.contains("= note: here, too: a.html:2\n"), "{text}");
        assert!(text.contains("= note: and here: b.html\n"), "{text}");
    }

    #[test]
    fn frame_shows_only_the_lines_of_its_place() {
        let text = b"one\ntw\xff bad\nthree\n";
        let report = report(text, vec![at(Code::BackLink, 7, 10), at(Code::BackLink, 18, 18)]);
        let text = plain(&all(report.findings.iter(), &report));
        assert!(text.contains("a.html:2:4\n  |\n2 | tw? bad\n  |    ^^^"), "{text}");
        assert!(text.contains("a.html:4:1"), "{text}");
        assert!(!text.contains("one"));
    }
}
