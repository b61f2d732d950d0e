//! Writes results so that no run leaves half a file: everything is staged beside its place and
//! renamed; folders are updated file by file, deletions last.
//!
//! Depends on no other floor.

mod steps;
mod write;

pub use steps::{Step, Steps};
pub use write::{Changes, OutputFile, update_file, write_folder};

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

/// Marks a folder as written by this tool; holds the list of its files.
const STATE_FILE: &str = ".stencil-guard/files";

/// Why an output could not be written.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The file system refused.
    #[error("cannot write {}: {source}", path.display())]
    Io {
        /// What was to be written.
        path: PathBuf,
        /// Why it failed.
        source: std::io::Error,
    },
    /// The folder holds something else.
    #[error("{} is not empty and was not written by stencil-guard; give an empty folder", .0.display())]
    NotOurs(PathBuf),
    /// A link stands where a folder should.
    #[error("{} is a link; remove it, nothing is written through links", .0.display())]
    Link(PathBuf),
    /// A bundle must be told from the theme's own files.
    #[error("{} does not end in .zip; give the bundle a name that does", .0.display())]
    NotAZip(PathBuf),
    /// There is no folder to write into.
    #[error("{} cannot be written: there is no such folder", .0.display())]
    NoFolder(PathBuf),
    /// A folder stands where a file should be written.
    #[error("{} is a folder; give the name of a file", .0.display())]
    NotAFile(PathBuf),
    /// The output would touch the theme that is read.
    #[error("{} lies in, over or around the theme itself; choose another place", .0.display())]
    TouchesSource(PathBuf),
}

/// Refuses to write below a link, which may lead anywhere.
fn refuse_links<'n>(
    folder: &Path,
    names: impl Iterator<Item = &'n str>,
) -> Result<(), OutputError> {
    let parents: BTreeSet<&Path> =
        names.flat_map(|name| Path::new(name).ancestors().skip(1)).collect();
    let is_link =
        |path: &PathBuf| path.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink());
    // The folder itself may be one.
    let below = parents.into_iter().filter(|parent| !parent.as_os_str().is_empty());
    match below.map(|parent| folder.join(parent)).find(is_link) {
        Some(link) => Err(OutputError::Link(link)),
        None => Ok(()),
    }
}

/// The files an earlier run wrote into `folder`, after a look that it is ours or empty.
///
/// # Errors
/// When the folder holds something else, or cannot be read.
pub fn check_folder(folder: &Path) -> Result<Vec<String>, OutputError> {
    let fail = |source| OutputError::Io { path: folder.to_owned(), source };
    if !folder.exists() {
        return Ok(Vec::new());
    }
    if let Ok(state) = std::fs::read_to_string(folder.join(STATE_FILE)) {
        let stays_inside = |name: &&str| {
            Path::new(name).components().all(|part| matches!(part, Component::Normal(_)))
        };
        return Ok(state.split_terminator('\0').filter(stays_inside).map(str::to_owned).collect());
    }
    // A run that was killed at its very start leaves the folder of the list, and no list.
    let own = Path::new(STATE_FILE).parent().and_then(Path::file_name);
    let is_own = |entry: std::io::Result<std::fs::DirEntry>| {
        entry.is_ok_and(|entry| Some(entry.file_name().as_os_str()) == own)
    };
    let is_empty = std::fs::read_dir(folder).map_err(fail)?.all(is_own);
    if is_empty { Ok(Vec::new()) } else { Err(OutputError::NotOurs(folder.to_owned())) }
}

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
    if file.extension().is_none_or(|extension| !extension.eq_ignore_ascii_case("zip")) {
        return Err(OutputError::NotAZip(file.to_owned()));
    }
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
