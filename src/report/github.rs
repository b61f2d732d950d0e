//! Formats findings as workflow commands of GitHub Actions, which shows them beside the lines that they are
//! about.

use super::{Failure, Report};
use crate::text::{Finding, Severity};

/// Formats one line for each finding, and for the failure. `root` is put before the paths of the theme's
/// files.
pub fn github(report: &Report, root: &str) -> String {
    let findings = report.findings.iter().map(|finding| line(finding, report, root));
    findings.chain(report.failure.as_ref().map(failure)).collect()
}

fn line(finding: &Finding, report: &Report, root: &str) -> String {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut properties = vec![("title", finding.code.to_string())];
    if let Some(place) = &finding.primary {
        properties.push(("file", format!("{root}{}", place.path)));
        let source = report.source.as_ref();
        let start = place.span.map(|span| span.start);
        let start = start.and_then(|start| source?.position(&place.path, start));
        if let Some(start) = start {
            properties.push(("line", start.line.to_string()));
            properties.push(("col", start.column.to_string()));
        }
    }
    command(level, &properties, &with_help(&finding.message, finding.help.as_deref()))
}

fn failure(failure: &Failure) -> String {
    let title = [("title", failure.code.as_str().to_owned())];
    command("error", &title, &with_help(&failure.message, failure.help.as_deref()))
}

fn with_help(message: &str, help: Option<&str>) -> String {
    help.map_or_else(|| message.to_owned(), |help| format!("{message}; {help}"))
}

/// Formats a workflow command, escaped so that no text ends its line or property early.
fn command(level: &str, properties: &[(&str, String)], message: &str) -> String {
    let property = |(name, value): &(&str, String)| {
        format!("{name}={}", data(value).replace(':', "%3A").replace(',', "%2C"))
    };
    let properties: Vec<String> = properties.iter().map(property).collect();
    format!("::{level} {}::{}\n", properties.join(","), data(message))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_characters_are_escaped_in_commands() {
        let line = command("error", &[("file", "a,b:c%\n".to_owned())], "x\r\n::error ::100%");
        assert_eq!(line, "::error file=a%2Cb%3Ac%25%0A::x%0D%0A::error ::100%25\n");
    }
}
