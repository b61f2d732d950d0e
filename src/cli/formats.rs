//! The formats of reports, and the functions that print them.

use super::progress::Lines;
use super::{fit, or_error};
use crate::commands;
use crate::report::{self, Report, Status};
use crate::text::Severity;
use clap::{Args, ValueEnum};
use std::io::{ErrorKind, Write};
use std::path::Path;

/// The format of a report: text for people, or one JSON document.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Human,
    Json,
}

#[cfg(feature = "store")]
impl Format {
    /// Returns the display of stages, which is shown only with the human format.
    pub(super) fn progress(self) -> Lines {
        Lines::new(self == Format::Json)
    }
}

/// The formats of a report with findings: those of [`Format`], and two that code hosts read.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FindingsFormat {
    Human,
    Json,
    Sarif,
    Github,
}

/// How a command with findings reports.
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
    /// Returns the display of stages, which is shown only with the human format and without `--quiet`.
    pub(super) fn progress(self) -> Lines {
        Lines::new(self.quiet || self.format != FindingsFormat::Human)
    }

    /// Returns the format if it also suits a report that is not about the files of a theme.
    #[cfg(feature = "store")]
    pub(super) fn without_files(self) -> Option<Format> {
        match self.format {
            FindingsFormat::Human => Some(Format::Human),
            FindingsFormat::Json => Some(Format::Json),
            FindingsFormat::Sarif | FindingsFormat::Github => None,
        }
    }

    /// Prints what a command that writes a theme did with `theme`, and returns the exit status.
    pub(super) fn print(self, mut report: Report, theme: &Path) -> u8 {
        self.apply_quiet(&mut report);
        let human =
            || (fit::results(&report::human_summary(&report)), report::human_findings(&report));
        self.print_as(&report, theme, human, || report::json(&report))
    }

    /// Removes the findings that `--quiet` leaves out.
    pub(super) fn apply_quiet(self, report: &mut Report) {
        if self.quiet {
            report.findings.retain(|finding| finding.severity == Severity::Error);
        }
    }

    /// Prints a report about `theme` and returns the exit status. `human` returns the texts for standard
    /// output and standard error.
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

/// Prints a report that holds only findings, or its failure, and returns the exit status.
pub(super) fn print(report: &Report, format: Format) -> u8 {
    let (results, rest) = match format {
        Format::Human if report.failure.is_none() => {
            (fit::results(&report::human_explanation(report)), String::new())
        }
        Format::Human => (String::new(), report::human_findings(report)),
        Format::Json => (or_error(report::json(report)), String::new()),
    };
    emit(&results, &rest, report.status())
}

/// Prints `results` unchanged to standard output and `rest`, wrapped, to standard error; returns the exit
/// status.
pub(super) fn emit(results: &str, rest: &str, status: Status) -> u8 {
    let told = anstream::stderr().write_all(fit::messages(rest).as_bytes());
    let printed = anstream::stdout().write_all(results.as_bytes());
    let errors = [told.err(), printed.err()].into_iter().flatten();
    match errors.filter(|error| !is_broken_pipe(error)).last() {
        Some(error) => {
            let _ = writeln!(anstream::stderr(), "error: cannot print: {error}");
            2
        }
        None => status.exit_code(),
    }
}

/// Reports whether a write failed only because the reader has closed the pipe, as `head` does.
pub(super) fn is_broken_pipe(error: &std::io::Error) -> bool {
    error.kind() == ErrorKind::BrokenPipe
}
