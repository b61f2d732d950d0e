//! Formats findings as SARIF 2.1.0, which code hosts and editors can read.

mod fingerprint;

use super::{Failure, Report};
use crate::text::{Code, Finding, Location, Position, Severity};
use crate::theme::Theme;
use fingerprint::Fingerprints;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use std::sync::Arc;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// The file for findings that are about no file; every theme has it.
const WHOLE_THEME: &str = "config.json";

/// Returns the report as one SARIF log with a final newline. `root` is put before the paths of the theme's
/// files.
///
/// # Errors
/// When it cannot be written, which no report is known to cause.
pub fn sarif(report: &Report, root: &str) -> serde_json::Result<String> {
    let rules: Vec<Value> = Code::ALL.iter().map(|code| rule(*code)).collect();
    let results = report.findings.iter().map(|finding| result(finding, report, root));
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "stencil-guard",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "invocations": [invocation(report)],
            "results": results.collect::<Vec<Value>>(),
        }],
    });
    Ok(serde_json::to_string_pretty(&log)? + "\n")
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn rule(code: Code) -> Value {
    let meaning = code.meaning();
    let help = format!(
        "{meaning} What to do about it stands with each result; `stencil-guard explain {code}` says what \
         the code means."
    );
    json!({
        "id": code.as_str(),
        "shortDescription": { "text": code.as_str().replace('-', " ") },
        "fullDescription": { "text": meaning },
        "help": { "text": help },
        "defaultConfiguration": { "level": level(code.severity()) },
    })
}

/// Describes whether the tool did its work, or why not.
fn invocation(report: &Report) -> Value {
    let notification = |failure: &Failure| {
        json!([{
            "descriptor": { "id": failure.code.as_str() },
            "level": "error",
            "message": { "text": failure.message },
        }])
    };
    match &report.failure {
        None => json!({ "executionSuccessful": true }),
        Some(failure) => json!({
            "executionSuccessful": false,
            "toolExecutionNotifications": notification(failure),
        }),
    }
}

/// Describes a finding with everything that GitHub's code scanning requires: a message, a place with all four
/// numbers, and a fingerprint.
fn result(finding: &Finding, report: &Report, root: &str) -> Value {
    let help = finding.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
    let theme = Location { path: WHOLE_THEME.to_owned(), span: None };
    let place = finding.primary.as_ref().unwrap_or(&theme);
    let (start, end) = region(place, report.source.as_ref());
    let file = report.source.as_ref().and_then(|theme| theme.files.get(&place.path));
    let fingerprints = file.map_or_else(Arc::default, |file| file.derived(0, Fingerprints::new));
    let physical = json!({
        "artifactLocation": { "uri": uri(root, &place.path) },
        "region": {
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        },
    });
    json!({
        "ruleId": finding.code.as_str(),
        "ruleIndex": Code::ALL.iter().position(|code| *code == finding.code),
        "level": level(finding.severity),
        "message": { "text": format!("{}{help}", finding.message) },
        "locations": [{ "physicalLocation": physical }],
        "partialFingerprints": {
            "primaryLocationLineHash": fingerprints.of_line(start.line),
        },
    })
}

/// Returns the start and the end of a finding; a finding about a file covers all of it.
fn region(place: &Location, source: Option<&Theme>) -> (Position, Position) {
    let (start, end) = place.span.map_or((0, usize::MAX), |span| (span.start, span.end));
    let at = |offset| source.and_then(|theme| theme.position(&place.path, offset));
    let first = Position { line: 1, column: 1 };
    (at(start).unwrap_or(first), at(end).unwrap_or(first))
}

/// The characters to encode in the path of a URI, so that it cannot be anything else.
const ENCODED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'_').remove(b'-').remove(b'~');

/// Returns a path as a relative URI.
fn uri(root: &str, path: &str) -> String {
    [root, path].map(|part| utf8_percent_encode(part, ENCODED).to_string()).concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("a b/", "templates/\u{e9}:x.html"), "a%20b/templates/%C3%A9%3Ax.html");
    }
}
