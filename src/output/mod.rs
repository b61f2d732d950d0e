//! Writes results so that no run leaves half a file: everything is staged beside its place and
//! renamed; folders are updated file by file, deletions last.
//!
//! Depends on no other floor.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
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
    /// A page must be told from the theme's own files.
    #[error("{} does not end in .html; give the page a name that does", .0.display())]
    NotAPage(PathBuf),
    /// The file is somebody else's.
    #[error("{} was not written by stencil-guard; remove it or choose another name", .0.display())]
    ForeignFile(PathBuf),
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
    let earlier = check_folder(folder)?;
    refuse_links(folder, files.keys().copied().chain([STATE_FILE]))?;
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
    let state: String = files.keys().map(|name| format!("{name}\0")).collect();
    create_parent(&folder.join(STATE_FILE))?;
    write_file(&folder.join(STATE_FILE), state.as_bytes(), false)?;
    for (name, file) in files {
        let path = folder.join(name);
        if std::fs::read(&path).is_ok_and(|bytes| bytes == file.bytes) {
            continue;
        }
        create_parent(&path)?;
        write_file(&path, file.bytes, file.executable)?;
    }
    for name in earlier.iter().filter(gone).filter(|name| !in_the_way(name)) {
        remove(folder, name)?;
    }
    Ok(())
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
    let is_empty = std::fs::read_dir(folder).map_err(fail)?.next().is_none();
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
    match has_extension(file, "zip") {
        true => check_place(file, source),
        false => Err(OutputError::NotAZip(file.to_owned())),
    }
}

/// Refuses a page that is no `.html`, has no folder to go to, lies deeper in `source` than its root, or
/// would replace a file that does not begin with `mark`.
///
/// # Errors
/// When it would.
pub fn check_page(file: &Path, source: &Path, mark: &str) -> Result<(), OutputError> {
    if !has_extension(file, "html") {
        return Err(OutputError::NotAPage(file.to_owned()));
    }
    check_place(file, source)?;
    match std::fs::read(file) {
        Ok(bytes) if !bytes.starts_with(mark.as_bytes()) => {
            Err(OutputError::ForeignFile(file.to_owned()))
        }
        _ => Ok(()),
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
    fn a_folder_of_somebody_else_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("mine"), "keep").unwrap();
        let error = write_folder(folder.path(), &BTreeMap::new()).unwrap_err();
        assert!(matches!(error, OutputError::NotOurs(_)));
    }

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
