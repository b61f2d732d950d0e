//! Where outputs may go: never into the theme that is read, and never over what is somebody else's.

use super::OutputError;
use std::path::{Path, PathBuf};

/// Refuses a folder that lies in, over or around `source`.
///
/// # Errors
/// When it does.
pub fn check_apart(folder: &Path, source: &Path) -> Result<(), OutputError> {
    let (real_folder, real_source) = (real_path(folder), real_path(source));
    if real_folder.starts_with(&real_source) || real_source.starts_with(&real_folder) {
        return Err(OutputError::TouchesSource(folder.to_owned()));
    }
    Ok(())
}

/// Refuses a bundle that is no `.zip`, has no folder to go to, or would replace `source` or lie
/// deeper in it than its root.
///
/// # Errors
/// When it would.
pub fn check_file(file: &Path, source: &Path) -> Result<(), OutputError> {
    match has_extension(file, "zip") {
        true => check_place(file, source),
        false => Err(OutputError::NotAZip(file.to_owned())),
    }
}

/// Refuses a page that is no `.html`, has no folder to go to, lies in `source`, or
/// would replace a file that does not begin with `mark`.
///
/// # Errors
/// When it would.
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

/// Refuses a folder for a snapshot that lies over or around `source`, or in it where `is_taken` says, of a
/// path below the theme's root, that it would become part of the theme.
///
/// # Errors
/// When it does.
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

/// Refuses a file that has no folder to go to, or would lie deeper in `source` than its root.
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

/// The absolute path, links resolved as far as it exists.
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
    fn outputs_in_over_or_around_the_source_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("theme");
        std::fs::create_dir(&source).unwrap();
        assert!(check_apart(&source.join("new/out"), &source).is_err());
        assert!(check_apart(&source, &source).is_err());
        assert!(check_apart(folder.path(), &source).is_err());
        assert!(check_apart(&folder.path().join("out"), &source).is_ok());
    }
}
