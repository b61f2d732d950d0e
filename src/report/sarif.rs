//! The report of `check` in SARIF 2.1.0, the format in which code hosts and editors take findings.

use super::check::CheckReport;
use super::{Failure, Report};
use crate::text::{Code, Finding, LineIndex, Location, Severity};
use serde_json::{Value, json};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The report as one SARIF log with a final newline.
///
/// # Errors
/// When it cannot be written, which no report is known to cause.
pub fn sarif(report: &CheckReport) -> serde_json::Result<String> {
    let CheckReport { report, root, .. } = report;
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
    let text = code.as_str().replace('-', " ");
    json!({
        "id": code.as_str(),
        "shortDescription": { "text": text },
        "defaultConfiguration": { "level": level(code.severity()) },
    })
}

/// That the tool did its work, or why not.
fn invocation(report: &Report) -> Value {
    let notification =
        |failure: &Failure| json!([{ "level": "error", "message": { "text": failure.message } }]);
    match &report.failure {
        None => json!({ "executionSuccessful": true }),
        Some(failure) => json!({
            "executionSuccessful": false,
            "toolExecutionNotifications": notification(failure),
        }),
    }
}

fn result(finding: &Finding, report: &Report, root: &str) -> Value {
    let help = finding.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
    let locations = finding.primary.iter().map(|place| location(place, report, root));
    json!({
        "ruleId": finding.code.as_str(),
        "ruleIndex": Code::ALL.iter().position(|code| *code == finding.code),
        "level": level(finding.severity),
        "message": { "text": format!("{}{help}", finding.message) },
        "locations": locations.collect::<Vec<Value>>(),
    })
}

fn location(place: &Location, report: &Report, root: &str) -> Value {
    let mut physical = json!({ "artifactLocation": { "uri": uri(root, &place.path) } });
    let bytes = report.source.as_ref().and_then(|theme| theme.bytes(&place.path));
    if let (Some(span), Some(bytes)) = (place.span, bytes) {
        let index = LineIndex::new(bytes);
        let (start, end) = (index.position(bytes, span.start), index.position(bytes, span.end));
        physical["region"] = json!({
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        });
    }
    json!({ "physicalLocation": physical })
}

/// A path as a relative URI.
fn uri(root: &str, path: &str) -> String {
    let mut uri = String::new();
    for byte in root.bytes().chain(path.bytes()) {
        if byte.is_ascii_alphanumeric() || b"/._-~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("a b/", "templates/\u{e9}:x.html"), "a%20b/templates/%C3%A9%3Ax.html");
    }
}
