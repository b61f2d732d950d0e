//! The formats of reports, and how they are printed.

use super::inspect::or_error;
use super::progress::Lines;
use crate::commands;
use crate::report::{self, Report, Status};
use crate::text::Severity;
use clap::{Args, ValueEnum};
use std::io::Write;
use std::path::Path;

/// For people, or one JSON document.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Human,
    Json,
}

impl Format {
    /// People are shown what is done; a program waits for the document.
    pub(super) fn progress(self) -> Lines {
        Lines::new(self == Format::Json)
    }
}

/// The same, and those in which code hosts take findings.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FindingsFormat {
    Human,
    Json,
    Sarif,
    Github,
}

/// How a command reports that has findings.
#[derive(Args, Clone, Copy)]
#[command(next_help_heading = "Outputs")]
pub(super) struct ReportingArguments {
    /// How to report: human, json, sarif (code hosts, editors) or github (job logs) [default: human]
    #[arg(long, value_enum, default_value_t = FindingsFormat::Human, hide_default_value = true, hide_possible_values = true)]
    pub(super) format: FindingsFormat,
    /// Show errors only
    #[arg(long, short)]
    pub(super) quiet: bool,
}

impl ReportingArguments {
    /// People are shown what is done, unless they want quiet; a program waits for the document.
    pub(super) fn progress(self) -> Lines {
        Lines::new(self.quiet || self.format != FindingsFormat::Human)
    }

    /// Prints what a command that makes a theme did with `theme`; the exit status.
    pub(super) fn print(self, mut report: Report, theme: &Path) -> u8 {
        self.hush(&mut report);
        let human = || (report::human_summary(&report), report::human_findings(&report));
        self.print_as(&report, theme, human, || report::json(&report))
    }

    /// Leaves out what is not to be shown.
    pub(super) fn hush(self, report: &mut Report) {
        if self.quiet {
            report.findings.retain(|finding| finding.severity == Severity::Error);
        }
    }

    /// Prints a report about `theme`, of which `human` makes the results and all else; the exit status.
    pub(super) fn print_as(
        self,
        report: &Report,
        theme: &Path,
        human: impl FnOnce() -> (String, String),
        json: impl FnOnce() -> serde_json::Result<String>,
    ) -> u8 {
        let root = commands::root(theme);
        let (results, rest) = match self.format {
            FindingsFormat::Human if self.quiet => (String::new(), report::human_errors(report)),
            FindingsFormat::Human => human(),
            FindingsFormat::Json => (or_error(json()), String::new()),
            FindingsFormat::Sarif => (or_error(report::sarif::sarif(report, &root)), String::new()),
            FindingsFormat::Github => (report::github::github(report, &root), String::new()),
        };
        emit(&results, &rest, report.status())
    }
}

/// Prints a report whose findings are all there is to say, or why there are none; the exit status.
pub(super) fn print(report: &Report, format: Format) -> u8 {
    let (results, rest) = match format {
        Format::Human if report.failure.is_none() => {
            (report::human_explanation(report), String::new())
        }
        Format::Human => (String::new(), report::human_findings(report)),
        Format::Json => (or_error(report::json(report)), String::new()),
    };
    emit(&results, &rest, report.status())
}

/// Prints results to standard output and all else to standard error; the exit status.
pub(super) fn emit(results: &str, rest: &str, status: Status) -> u8 {
    let failed = write!(anstream::stderr(), "{rest}").is_err()
        | write!(anstream::stdout(), "{results}").is_err();
    // A reader that went away (`| head`) is no failure of ours, but its work is not done either.
    if failed { 2 } else { status.exit_code() }
}
