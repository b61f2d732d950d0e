//! `stencil-guard snapshot`: writes what a build would deliver as small files for a repository, or checks
//! whether these files are up to date.

use super::build::{self, BuildRequest, Error};
use super::overview;
use crate::bundle;
use crate::output::{self, OutputError, OutputFile};
use crate::report::diff::{DiffReport, FileChange};
use crate::report::{Report, Status, snapshot};
use crate::text::{Code, Finding};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The arguments of `stencil-guard snapshot`.
#[derive(Clone, Debug)]
pub struct SnapshotRequest {
    /// What to build, and how; settings about outputs are ignored.
    pub build: BuildRequest,
    /// The folder of the snapshot.
    pub folder: PathBuf,
    /// Whether to only compare, and write nothing.
    pub check: bool,
}

/// Runs the command; the report lists the files of the snapshot that differ.
pub fn run(request: &SnapshotRequest) -> DiffReport {
    match take(request) {
        Ok(report) => report,
        Err(error) => DiffReport {
            report: Report::failed("snapshot", build::failure(error)),
            files: Vec::new(),
        },
    }
}

fn take(request: &SnapshotRequest) -> Result<DiffReport, Error> {
    let folder = request.folder.as_path();
    output::check_snapshot_place(folder, &request.build.theme, |path| {
        bundle::is_copied(path, true)
    })?;
    let earlier = output::check_snapshot(folder)?;
    let overview = overview::gather("snapshot", &request.build)?;
    let mut report = overview.report;
    if report.status() != Status::Done {
        return Ok(DiffReport { report, files: Vec::new() });
    }
    let wanted = snapshot::files(&overview.decisions);
    let files = changes(folder, &earlier, &wanted)?;
    if request.check {
        report.findings.extend(stale(folder, files.len(), earlier.is_empty()));
    } else {
        let file = |(name, bytes)| (name, OutputFile::new(bytes, false));
        let wanted = wanted.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
        output::write_snapshot(folder, &wanted.map(file).collect())?;
    }
    Ok(DiffReport { report, files })
}

/// Returns the files that differ between what `folder` holds and what it should hold.
fn changes(
    folder: &Path,
    earlier: &[String],
    wanted: &BTreeMap<String, Vec<u8>>,
) -> Result<Vec<FileChange>, OutputError> {
    let names: BTreeSet<&String> = earlier.iter().chain(wanted.keys()).collect();
    let mut changes = Vec::new();
    for name in names {
        let (before, after) = (read(&folder.join(name))?, wanted.get(name).cloned());
        if before != after {
            changes.push(FileChange { path: name.clone(), before, after });
        }
    }
    Ok(changes)
}

/// Reads a file; `None` if it does not exist.
fn read(path: &Path) -> Result<Option<Vec<u8>>, OutputError> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(OutputError::Io { path: path.to_owned(), source }),
    }
}

/// Returns a finding if the snapshot is not what it should be.
fn stale(folder: &Path, changes: usize, is_missing: bool) -> Option<Finding> {
    let folder = folder.display();
    let files = if changes == 1 { "file differs" } else { "files differ" };
    let message = match (is_missing, changes) {
        (_, 0) => return None,
        (true, _) => format!("there is no snapshot in {folder} yet"),
        (false, _) => format!("{changes} {files} from the snapshot in {folder}"),
    };
    let help =
        "if this is as it should be, run the same command without --check and commit the folder";
    Some(Finding::new(Code::StaleSnapshot, message).help(help))
}
