//! Checks where outputs may be written: never into the theme that is read, and never over files that this
//! tool did not write.

use super::OutputError;
use std::path::{Path, PathBuf};

/// Refuses a folder that is inside `source`, contains it or is the same.
///
/// # Errors
/// When the folder is refused.
pub fn check_apart(folder: &Path, source: &Path) -> Result<(), OutputError> {
    let (real_folder, real_source) = (real_path(folder), real_path(source));
    if real_folder.starts_with(&real_source) || real_source.starts_with(&real_folder) {
        return Err(OutputError::TouchesSource(folder.to_owned()));
    }
    Ok(())
}

/// Refuses a bundle that is not a `.zip`, whose folder does not exist, or that would replace `source` or be
/// in it anywhere but directly in its root.
///
/// # Errors
/// When the file is refused.
pub fn check_file(file: &Path, source: &Path) -> Result<(), OutputError> {
    match has_extension(file, "zip") {
        true => check_place(file, source),
        false => Err(OutputError::NotAZip(file.to_owned())),
    }
}

/// Refuses a page that is not an `.html` file, whose folder does not exist, that would be in `source`, or
/// that would replace a file that does not start with `mark`.
///
/// # Errors
/// When the file is refused.
pub fn check_page(file: &Path, source: &Path, mark: &str) -> Result<(), OutputError> {
    if !has_extension(file, "html") {
        return Err(OutputError::NotAPage(file.to_owned()));
    }
    check_place(file, source)?;
    let (real_file, real_source) = (real_path(file), real_path(source));
    if real_file.starts_with(&real_source) {
        return Err(OutputError::TouchesSource(file.to_owned()));
    }
    match std::fs::read(file) {
        Ok(bytes) if !bytes.starts_with(mark.as_bytes()) => {
            Err(OutputError::ForeignFile(file.to_owned()))
        }
        _ => Ok(()),
    }
}

/// Refuses a folder for a snapshot that is or contains `source`, or that is inside it at a path where its
/// files would become part of the theme. `is_taken` reports this for a path below the theme's root.
///
/// # Errors
/// When the folder is refused.
pub fn check_snapshot_place(
    folder: &Path,
    source: &Path,
    is_taken: impl Fn(&str) -> bool,
) -> Result<(), OutputError> {
    let (real_folder, real_source) = (real_path(folder), real_path(source));
    if real_source.starts_with(&real_folder) {
        return Err(OutputError::TouchesSource(folder.to_owned()));
    }
    let below = real_folder.strip_prefix(&real_source).ok();
    match below.is_some_and(|below| is_taken(&below.join("files.html").to_string_lossy())) {
        true => Err(OutputError::AmongTheme(folder.to_owned())),
        false => Ok(()),
    }
}

fn has_extension(file: &Path, wanted: &str) -> bool {
    file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(wanted))
}

/// Refuses a file whose folder does not exist, that is a folder itself, or that would be in `source` anywhere
/// but directly in its root.
fn check_place(file: &Path, source: &Path) -> Result<(), OutputError> {
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty());
    if parent.is_some_and(|parent| !parent.is_dir()) {
        return Err(OutputError::NoFolder(file.to_owned()));
    }
    let (real_file, real_source) = (real_path(file), real_path(source));
    let is_in_root = real_source.is_dir() && real_file.parent() == Some(real_source.as_path());
    if real_file.is_dir() {
        return Err(OutputError::NotAFile(file.to_owned()));
    }
    if real_file.starts_with(&real_source) && !is_in_root {
        return Err(OutputError::TouchesSource(file.to_owned()));
    }
    Ok(())
}

/// Returns the absolute path, with links resolved in the part of it that exists.
fn real_path(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    for ancestor in absolute.ancestors() {
        if let (Ok(real), Ok(rest)) = (ancestor.canonicalize(), absolute.strip_prefix(ancestor)) {
            return real.join(rest);
        }
    }
    absolute
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_that_overlap_the_source_are_rejected() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("theme");
        std::fs::create_dir(&source).unwrap();
        assert!(check_apart(&source.join("new/out"), &source).is_err());
        assert!(check_apart(&source, &source).is_err());
        assert!(check_apart(folder.path(), &source).is_err());
        assert!(check_apart(&folder.path().join("out"), &source).is_ok());
    }
}
