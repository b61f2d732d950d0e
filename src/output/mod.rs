//! Writes results so that no run leaves half a file: everything is staged beside its place and
//! renamed; folders are updated file by file, deletions last.
//!
//! Depends on no other floor.

mod place;

pub use place::{check_apart, check_file, check_page, check_snapshot_place};

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Component, Path, PathBuf};

/// What marks a folder as written by this tool: a file that lists the folder's own.
#[derive(Clone, Copy, Debug)]
struct Ledger {
    /// Its path in the folder.
    path: &'static str,
    /// What it begins with.
    head: &'static str,
    /// What stands behind every path.
    end: char,
    /// Whether files that it does not list may be written over.
    takes_all: bool,
}

/// Marks a theme, out of sight.
const THEME: Ledger = Ledger { path: ".stencil-guard/files", head: "", end: '\0', takes_all: true };

/// Marks a snapshot, which people read and keep in their repository.
const SNAPSHOT: Ledger = Ledger {
    path: "files.txt",
    head: "# The files of this snapshot; all are written by stencil-guard.\n",
    end: '\n',
    takes_all: false,
};

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
    /// A page must be told from the theme's own files.
    #[error("{} does not end in .html; give the page a name that does", .0.display())]
    NotAPage(PathBuf),
    /// The file is somebody else's.
    #[error("{} was not written by stencil-guard; remove it or choose another name", .0.display())]
    ForeignFile(PathBuf),
    /// A snapshot must be told from the theme's own files.
    #[error("{} lies where the theme's own files are; choose a folder beside them, such as guard-snapshot", .0.display())]
    AmongTheme(PathBuf),
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

/// A file for a folder.
#[derive(Clone, Copy, Debug)]
pub struct OutputFile<'a> {
    /// The content.
    pub bytes: &'a [u8],
    /// Whether the owner may execute it.
    pub executable: bool,
}

/// Writes one file, whole or not at all.
///
/// # Errors
/// When the file system refuses.
pub fn write_file(path: &Path, bytes: &[u8], executable: bool) -> Result<(), OutputError> {
    let fail = |source| OutputError::Io { path: path.to_owned(), source };
    let folder =
        path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut staged =
        tempfile::Builder::new().prefix(".stencil-guard-").tempfile_in(folder).map_err(fail)?;
    staged.write_all(bytes).map_err(fail)?;
    set_mode(staged.as_file(), executable).map_err(fail)?;
    staged.persist(path).map_err(|error| fail(error.error))?;
    Ok(())
}

/// Makes `folder` hold exactly `files`; unchanged files are not touched.
///
/// # Errors
/// When the folder is not ours or the file system refuses.
pub fn write_folder(
    folder: &Path,
    files: &BTreeMap<&str, OutputFile<'_>>,
) -> Result<(), OutputError> {
    write_listed(folder, files, THEME)
}

/// Makes `folder` hold exactly the snapshot `files` and what was not written by this tool.
///
/// # Errors
/// When the folder is not ours, or something else stands in the way, or the file system refuses.
pub fn write_snapshot(
    folder: &Path,
    files: &BTreeMap<&str, OutputFile<'_>>,
) -> Result<(), OutputError> {
    write_listed(folder, files, SNAPSHOT)
}

fn write_listed(
    folder: &Path,
    files: &BTreeMap<&str, OutputFile<'_>>,
    ledger: Ledger,
) -> Result<(), OutputError> {
    let earlier = listed(folder, ledger)?;
    // What is removed must be in the folder, too.
    let names = files.keys().copied().chain(earlier.iter().map(String::as_str));
    refuse_links(folder, names.chain([ledger.path]))?;
    if !ledger.takes_all {
        refuse_foreign(folder, files.keys().copied(), &earlier)?;
    }
    let gone = |name: &&String| !files.contains_key(name.as_str());
    let in_the_way = |name: &&String| {
        let above = |one: &str, other: &str| {
            other.strip_prefix(one).is_some_and(|rest| rest.starts_with('/'))
        };
        files.keys().any(|file| above(name, file) || above(file, name))
    };
    for name in earlier.iter().filter(gone).filter(in_the_way) {
        remove(folder, name)?;
    }
    // The list goes first, so that nothing is ever there that it does not name.
    let names: String = files.keys().map(|name| format!("{name}{}", ledger.end)).collect();
    let list = format!("{}{names}", ledger.head).into_bytes();
    write_changed(&folder.join(ledger.path), OutputFile { bytes: &list, executable: false })?;
    for (name, file) in files {
        write_changed(&folder.join(name), *file)?;
    }
    for name in earlier.iter().filter(gone).filter(|name| !in_the_way(name)) {
        remove(folder, name)?;
    }
    Ok(())
}

/// Writes a file, with the folders that it needs, unless it holds the same already.
fn write_changed(path: &Path, file: OutputFile<'_>) -> Result<(), OutputError> {
    if std::fs::read(path).is_ok_and(|bytes| bytes == file.bytes) {
        return Ok(());
    }
    create_parent(path)?;
    write_file(path, file.bytes, file.executable)
}

/// Removes a file, and the folders above it that are empty then.
fn remove(folder: &Path, name: &str) -> Result<(), OutputError> {
    let path = folder.join(name);
    match std::fs::remove_file(&path) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(OutputError::Io { path, source })
        }
        _ => {
            // A folder that holds something else stays.
            let above = path.ancestors().skip(1).take_while(|above| *above != folder);
            let _ = above.map(std::fs::remove_dir).take_while(Result::is_ok).count();
            Ok(())
        }
    }
}

/// Refuses to write over a file that is not ours.
fn refuse_foreign<'n>(
    folder: &Path,
    mut names: impl Iterator<Item = &'n str>,
    ours: &[String],
) -> Result<(), OutputError> {
    let is_foreign = |name: &&str| {
        !ours.iter().any(|own| own == name) && folder.join(name).symlink_metadata().is_ok()
    };
    match names.find(is_foreign) {
        Some(name) => Err(OutputError::ForeignFile(folder.join(name))),
        None => Ok(()),
    }
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
    listed(folder, THEME)
}

/// The files of the snapshot in `folder`, after a look that it is one or empty.
///
/// # Errors
/// When the folder holds something else, or cannot be read.
pub fn check_snapshot(folder: &Path) -> Result<Vec<String>, OutputError> {
    listed(folder, SNAPSHOT)
}

fn listed(folder: &Path, ledger: Ledger) -> Result<Vec<String>, OutputError> {
    let fail = |source| OutputError::Io { path: folder.to_owned(), source };
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let list = std::fs::read_to_string(folder.join(ledger.path)).ok();
    if let Some(names) = list.as_deref().and_then(|list| list.strip_prefix(ledger.head)) {
        let stays_inside = |name: &&str| {
            Path::new(name).components().all(|part| matches!(part, Component::Normal(_)))
        };
        let names = names.split_terminator(ledger.end).filter(stays_inside);
        return Ok(names.map(str::to_owned).collect());
    }
    let is_empty = std::fs::read_dir(folder).map_err(fail)?.next().is_none();
    if is_empty { Ok(Vec::new()) } else { Err(OutputError::NotOurs(folder.to_owned())) }
}

fn create_parent(path: &Path) -> Result<(), OutputError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)
        .map_err(|source| OutputError::Io { path: folder.to_owned(), source })
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

#[cfg(test)]
mod tests {
    use super::*;

    fn file(bytes: &[u8]) -> OutputFile<'_> {
        OutputFile { bytes, executable: false }
    }

    #[test]
    fn a_second_run_removes_what_is_gone_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        write_folder(folder.path(), &BTreeMap::from([("a/x", file(b"1")), ("y", file(b"2"))]))
            .unwrap();
        std::fs::write(folder.path().join("mine"), "keep").unwrap();
        write_folder(folder.path(), &BTreeMap::from([("y", file(b"3"))])).unwrap();
        assert!(!folder.path().join("a/x").exists());
        assert_eq!(std::fs::read(folder.path().join("y")).unwrap(), b"3");
        assert!(folder.path().join("mine").exists());
    }

    #[test]
    #[cfg(unix)]
    fn nothing_is_removed_through_a_link() {
        let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::fs::write(other.path().join("x"), "mine").unwrap();
        write_snapshot(folder.path(), &BTreeMap::from([("y", file(b"1"))])).unwrap();
        std::os::unix::fs::symlink(other.path(), folder.path().join("link")).unwrap();
        let list = format!("{}link/x\ny\n", SNAPSHOT.head);
        std::fs::write(folder.path().join(SNAPSHOT.path), list).unwrap();
        let error = write_snapshot(folder.path(), &BTreeMap::from([("y", file(b"1"))]));
        assert!(matches!(error, Err(OutputError::Link(_))));
        assert!(other.path().join("x").exists());
    }

    #[test]
    fn a_folder_of_somebody_else_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("mine"), "keep").unwrap();
        let error = write_folder(folder.path(), &BTreeMap::new()).unwrap_err();
        assert!(matches!(error, OutputError::NotOurs(_)));
    }
}
