//! Runs a build of several themes and prints its reports.

use super::formats::FindingsFormat;
use super::{ReportingArguments, emit, fit, or_error};
use crate::commands::batch;
pub(super) use crate::commands::batch::themes;
use crate::commands::build::BuildRequest;
use crate::config::BundleChoice;
use crate::report::{Failure, FailureCode, Report, Status, batch as lines, github};
use std::path::{Path, PathBuf};

/// Builds all `themes` and returns the worst exit status.
pub(super) fn run(
    themes: Vec<PathBuf>,
    request: &BuildRequest,
    reporting: ReportingArguments,
) -> u8 {
    if let Some(failure) = refused(request, reporting.format) {
        return reporting.print(Report::failed("build", failure), Path::new(""));
    }
    let requests = themes.into_iter().map(|theme| BuildRequest { theme, ..request.clone() });
    let is_json = reporting.format == FindingsFormat::Json;
    let show = |theme: &Path, mut report: Report| {
        reporting.apply_quiet(&mut report);
        let status = report.status();
        let is_quiet = reporting.quiet && status == Status::Done;
        let text = match reporting.format {
            FindingsFormat::Json => or_error(lines::item(theme, &report)),
            FindingsFormat::Github => github::github(&report, &crate::commands::root(theme)),
            FindingsFormat::Human | FindingsFormat::Sarif if is_quiet => String::new(),
            FindingsFormat::Human | FindingsFormat::Sarif => {
                fit::results(&lines::line(theme, &report))
            }
        };
        (status, text)
    };
    let mut worst = 0;
    let mut begin = if is_json { "[\n" } else { "" };
    batch::run(requests.collect(), show, |(status, text)| {
        let code = emit(&format!("{begin}{text}"), "", status);
        worst = worst.max(code);
        begin = if is_json { ",\n" } else { "" };
    });
    if is_json {
        worst = worst.max(emit("\n]\n", "", Status::Done));
    }
    worst
}

/// Returns why the request or the format cannot be used with several themes; `None` if they can.
fn refused(request: &BuildRequest, format: FindingsFormat) -> Option<Failure> {
    let (message, help) = if let Some(BundleChoice::File(_)) = request.sources.flags.bundle {
        (
            "--bundle names one file, and there are several themes",
            "leave it out: each bundle is called after its theme",
        )
    } else if format == FindingsFormat::Sarif {
        (
            "a SARIF log is about one theme, and there are several",
            "build them one by one, or take --format json",
        )
    } else {
        return None;
    };
    let (message, help) = (message.to_owned(), Some(help.to_owned()));
    Some(Failure { code: FailureCode::Usage, message, help, place: None })
}
