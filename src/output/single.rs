//! Operations on single files: stage, put in place, remove.

use super::file::OutputFile;
use super::{OutputError, Step, Steps};
use std::io::Write;
use std::path::Path;
use tempfile::TempPath;

/// The prefix of the names of temporary files.
pub(super) const STAGED: &str = ".stencil-guard-staged-";

/// Removes the temporary files that a killed run left behind.
pub(super) fn sweep(staging: &Path, prefix: &str) {
    let entries = std::fs::read_dir(staging).into_iter().flatten().flatten();
    for entry in entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix)) {
        // A file that cannot be removed does no harm.
        let _ = std::fs::remove_file(entry.path());
    }
}

/// Reports whether `path` already holds this file. A link never counts as the file, wherever it leads.
pub(super) fn is_like(path: &Path, metadata: &std::fs::Metadata, file: OutputFile<'_>) -> bool {
    metadata.is_file()
        && metadata.len() == file.bytes.len() as u64
        && has_mode(metadata, file.executable)
        && std::fs::read(path).is_ok_and(|bytes| bytes == file.bytes)
}

/// Writes the file for `path` to a temporary file in `staging`.
pub(super) fn stage(
    (staging, prefix): (&Path, &str),
    path: &Path,
    file: OutputFile<'_>,
    steps: &mut Steps<'_>,
) -> Result<TempPath, OutputError> {
    let fail = |source| OutputError::refused(path, source);
    steps.before(Step::Stage(staging)).map_err(fail)?;
    let mut staged = tempfile::Builder::new().prefix(prefix).tempfile_in(staging).map_err(fail)?;
    staged.write_all(file.bytes).map_err(fail)?;
    set_mode(staged.as_file(), file.executable).map_err(fail)?;
    // Close the file: there may be more staged files than a process may have open.
    Ok(staged.into_temp_path())
}

/// Renames a staged file to `path`.
pub(super) fn put(staged: TempPath, path: &Path, steps: &mut Steps<'_>) -> Result<(), OutputError> {
    let fail = |source| OutputError::refused(path, source);
    steps.before(Step::Rename(path)).map_err(fail)?;
    staged.persist(path).map_err(|error| fail(error.error))
}

/// Removes a file, and the folders above it that are empty afterwards.
pub(super) fn remove(
    folder: &Path,
    name: &str,
    steps: &mut Steps<'_>,
    removed: &mut Vec<String>,
) -> Result<(), OutputError> {
    let path = folder.join(name);
    let outcome = steps.before(Step::Remove(&path)).and_then(|()| std::fs::remove_file(&path));
    use std::io::ErrorKind::{NotADirectory, NotFound};
    match outcome {
        Ok(()) => removed.push(name.to_owned()),
        // The file is gone, or a run that was stopped replaced its folder by a file.
        Err(source) if matches!(source.kind(), NotFound | NotADirectory) => {}
        Err(source) => return Err(OutputError::refused(&path, source)),
    }
    // A folder that holds something else is kept.
    let above = path.ancestors().skip(1).take_while(|above| *above != folder);
    let _ = above.map(std::fs::remove_dir).take_while(Result::is_ok).count();
    Ok(())
}

pub(super) fn create_folder(folder: &Path, steps: &mut Steps<'_>) -> Result<(), OutputError> {
    if folder.is_dir() {
        return Ok(());
    }
    steps
        .before(Step::CreateFolder(folder))
        .and_then(|()| std::fs::create_dir_all(folder))
        .map_err(|source| OutputError::refused(folder, source))
}

#[cfg(unix)]
fn set_mode(file: &std::fs::File, executable: bool) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = if executable { 0o755 } else { 0o644 };
    file.set_permissions(std::fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode(_file: &std::fs::File, _executable: bool) -> std::io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn has_mode(metadata: &std::fs::Metadata, executable: bool) -> bool {
    use std::os::unix::fs::PermissionsExt;
    (metadata.permissions().mode() & 0o100 != 0) == executable
}

#[cfg(not(unix))]
fn has_mode(_metadata: &std::fs::Metadata, _executable: bool) -> bool {
    true
}
