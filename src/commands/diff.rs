//! `stencil-guard diff`: shows what `build` would change in the theme's files, without writing anything.

use super::build::{self, BuildRequest, Error};
use crate::pipeline::{self, Guarded};
use crate::report::Report;
use crate::report::diff::{DiffReport, FileChange};
use crate::theme::{self, Theme};

/// Runs the command; settings about outputs are ignored.
pub fn run(request: &BuildRequest) -> DiffReport {
    match diff(request) {
        Ok(report) => report,
        Err(error) => {
            DiffReport { report: Report::failed("diff", build::failure(error)), files: Vec::new() }
        }
    }
}

fn diff(request: &BuildRequest) -> Result<DiffReport, Error> {
    let settings = build::settings(request)?;
    let options = build::options(&settings)?;
    let source = theme::load(&request.theme)?;
    let mut guarded = pipeline::guard(&source, &options)?;
    settings.apply_severities(&mut guarded.findings);
    if settings.strict.unwrap_or_default() {
        guarded.refuse_warnings();
    }
    // A build with errors would write nothing.
    let files = if guarded.has_errors() { Vec::new() } else { changes(&source, &guarded) };
    let report = Report {
        command: "diff",
        findings: guarded.findings,
        source: Some(source),
        ..Report::default()
    };
    Ok(DiffReport { report, files })
}

/// Returns the files that differ, sorted by path.
pub(super) fn changes(source: &Theme, guarded: &Guarded) -> Vec<FileChange> {
    let paths = [&guarded.edited, &guarded.added, &guarded.removed];
    let mut paths: Vec<&String> = paths.into_iter().flatten().collect();
    paths.sort_unstable();
    let bytes = |theme: &Theme, path: &str| theme.bytes(path).map(<[u8]>::to_vec);
    let change = |path: &String| FileChange {
        path: path.clone(),
        before: bytes(source, path),
        after: bytes(&guarded.theme, path),
    };
    paths.into_iter().map(change).collect()
}
