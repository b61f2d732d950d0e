//! Writes results so that no run leaves an incomplete file: each file is staged and then renamed. In a
//! folder, all changed files are staged before the first is renamed, and files are removed last. A run that
//! is stopped between two renames leaves files of both versions; the next run writes the rest.
//!
//! Depends on no other layer but `stamp`, which is below all others.

mod file;
mod lock;
mod place;
mod single;
mod steps;
mod write;

pub use file::OutputFile;
pub use place::{check_apart, check_file, check_page, check_snapshot_place};
pub use steps::{Step, Steps};
pub use write::{
    Changes, Found, Order, Pending, PreviousRun, claim, create_file, update_file, write_folder,
    write_folder_again, write_snapshot,
};

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

/// The list of files that marks a folder as written by this tool.
#[derive(Clone, Copy, Debug)]
struct FileList {
    /// The path of the list in the folder.
    path: &'static str,
    /// The text at its start.
    head: &'static str,
    /// The terminator of each path.
    end: char,
    /// Whether files that are not listed may be overwritten.
    takes_all: bool,
    /// Whether only one run at a time may write the folder.
    is_locked: bool,
}

impl FileList {
    /// Returns the text of the list for these files.
    fn list(&self, names: &BTreeSet<&str>) -> String {
        let names: String = names.iter().map(|name| format!("{name}{}", self.end)).collect();
        format!("{}{names}", self.head)
    }
}

/// The list in the folder of a theme, where a hidden folder holds it.
const THEME: FileList = FileList {
    path: ".stencil-guard/files",
    head: "",
    end: '\0',
    takes_all: true,
    is_locked: true,
};

/// The list in the folder of a snapshot, which people read and keep in their repository.
const SNAPSHOT: FileList = FileList {
    path: "files.txt",
    head: "# The files of this snapshot; all are written by stencil-guard.\n",
    end: '\n',
    takes_all: false,
    is_locked: false,
};

/// Why an output could not be written.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The file system refused.
    #[error("cannot write {}: {source}", path.display())]
    Io {
        /// The path that could not be written.
        path: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
    /// The folder is not empty, and this tool did not write it.
    #[error("{} is not empty and was not written by stencil-guard; give an empty folder", .0.display())]
    NotOurs(PathBuf),
    /// There is a link where a folder should be.
    #[error("{} is a link; remove it, nothing is written through links", .0.display())]
    Link(PathBuf),
    /// The bundle's name does not end in `.zip`, so it could be mistaken for one of the theme's own files.
    #[error("{} does not end in .zip; give the bundle a name that does", .0.display())]
    NotAZip(PathBuf),
    /// The page's name does not end in `.html`, so it could be mistaken for one of the theme's own files.
    #[error("{} does not end in .html; give the page a name that does", .0.display())]
    NotAPage(PathBuf),
    /// This tool did not write the file.
    #[error("{} was not written by stencil-guard; remove it or choose another name", .0.display())]
    ForeignFile(PathBuf),
    /// The snapshot would be among the theme's own files.
    #[error("{} lies where the theme's own files are; choose a folder beside them, such as guard-snapshot", .0.display())]
    AmongTheme(PathBuf),
    /// The file exists and must not be overwritten.
    #[error("{} exists already, and is not written over", .0.display())]
    Exists(PathBuf),
    /// The folder to write into does not exist.
    #[error("{} cannot be written: there is no such folder; create it first", .0.display())]
    NoFolder(PathBuf),
    /// There is a folder where a file should be written.
    #[error("{} is a folder; give the name of a file", .0.display())]
    NotAFile(PathBuf),
    /// There is a file where a folder should be written.
    #[error("{} is a file; give the name of a folder", .0.display())]
    NotAFolder(PathBuf),
    /// There is a folder where a file of an output folder should be written.
    #[error("{} is a folder where a file must be written; remove it", .0.display())]
    FolderInTheWay(PathBuf),
    /// Another run is writing the folder.
    #[error("{} is being written by another run of stencil-guard{}", folder.display(), in_brackets(holder))]
    InUse {
        /// The folder.
        folder: PathBuf,
        /// How that run describes itself; may be empty.
        holder: String,
    },
    /// The output would be inside, replace or contain the theme that is read.
    #[error("{} lies in, over or around the theme itself; choose another place", .0.display())]
    TouchesSource(PathBuf),
}

/// Returns the note in brackets, to follow a sentence; empty if the note is empty.
fn in_brackets(note: &str) -> String {
    if note.is_empty() { String::new() } else { format!(" ({note})") }
}

impl OutputError {
    /// Reports whether another run is writing the folder.
    pub fn is_in_use(&self) -> bool {
        matches!(self, Self::InUse { .. })
    }

    /// Returns what to do about the error, unless its message says so already.
    pub fn help(&self) -> Option<String> {
        use ErrorKind::{PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
        let help = match self {
            Self::InUse { .. } => {
                "wait until that run has ended, or end it; or give another folder: --out DIR"
            }
            Self::Io { source, .. } => match source.kind() {
                PermissionDenied | ReadOnlyFilesystem => {
                    "choose a place where you may write, or change the rights of this one"
                }
                StorageFull | QuotaExceeded => "make room there, or choose another place",
                _ => return None,
            },
            _ => return None,
        };
        Some(help.to_owned())
    }

    /// Wraps the system's error about `path`. Some errors name the temporary file, whose name differs each
    /// time; such an error is reduced to its kind, so that the same failure gives the same message.
    fn refused(path: &Path, source: std::io::Error) -> Self {
        let is_told = matches!(source.kind(), ErrorKind::PermissionDenied | ErrorKind::StorageFull);
        let is_plain = source.raw_os_error().is_some() && !is_told;
        let source = if is_plain { source } else { source.kind().into() };
        Self::Io { path: path.to_owned(), source }
    }
}

/// Refuses to overwrite a file that is not among `ours`.
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

/// The length in bytes from which a name may be too long for a file system. File systems limit bytes or
/// characters.
const LONG_NAME: usize = 100;

/// Refuses names that the file system does not accept, before anything is written.
fn refuse_names<'n>(
    folder: &Path,
    names: impl Iterator<Item = &'n str>,
) -> Result<(), OutputError> {
    let there = folder.ancestors().find(|above| above.is_dir()).unwrap_or(Path::new("."));
    for name in names {
        let path = folder.join(name);
        // The folders above the file may not exist yet, so each long part is tried in a folder that does.
        let long = name.split('/').filter(|part| part.len() > LONG_NAME);
        for tried in long.map(|part| there.join(part)).chain([path.clone()]) {
            match tried.symlink_metadata() {
                Err(source) if source.kind() == ErrorKind::InvalidFilename => {
                    return Err(OutputError::refused(&path, source));
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// Refuses to write through a link in the folder, which may lead anywhere.
fn refuse_links<'n>(
    folder: &Path,
    names: impl Iterator<Item = &'n str>,
) -> Result<(), OutputError> {
    // The folder itself may be a link.
    let mut below: BTreeSet<&str> = BTreeSet::new();
    for mut path in names {
        while let Some((parent, _)) = path.rsplit_once('/')
            && below.insert(parent)
        {
            path = parent;
        }
    }
    let is_link =
        |path: &PathBuf| path.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink());
    let below = below.into_iter();
    match below.map(|parent| folder.join(parent)).find(is_link) {
        Some(link) => Err(OutputError::Link(link)),
        None => Ok(()),
    }
}

/// Returns the files that an earlier run wrote into `folder`; none if it is empty or does not exist.
///
/// # Errors
/// When the folder holds something else, or cannot be read.
pub fn check_folder(folder: &Path) -> Result<Vec<String>, OutputError> {
    listed(folder, THEME)
}

/// Reports whether an earlier run wrote a theme into `folder`.
pub fn is_ours(folder: &Path) -> bool {
    folder.join(THEME.path).is_file()
}

/// Returns the files of the snapshot in `folder`; none if it is empty or does not exist.
///
/// # Errors
/// When the folder holds something else, or cannot be read.
pub fn check_snapshot(folder: &Path) -> Result<Vec<String>, OutputError> {
    listed(folder, SNAPSHOT)
}

fn listed(folder: &Path, list_file: FileList) -> Result<Vec<String>, OutputError> {
    let fail = |source| OutputError::Io { path: folder.to_owned(), source };
    match folder.ancestors().find(|there| there.exists()) {
        Some(file) if !file.is_dir() => return Err(OutputError::NotAFolder(file.to_owned())),
        Some(there) if there == folder => {}
        _ => return Ok(Vec::new()),
    }
    let list = std::fs::read_to_string(folder.join(list_file.path)).ok();
    if let Some(names) = list.as_deref().and_then(|list| list.strip_prefix(list_file.head)) {
        let stays_inside = |name: &&str| {
            Path::new(name).components().all(|part| matches!(part, Component::Normal(_)))
        };
        let names = names.split_terminator(list_file.end).filter(stays_inside);
        return Ok(names.map(str::to_owned).collect());
    }
    // A run that was killed at its very start leaves the folder of the list without the list.
    let own = Path::new(list_file.path).parent().and_then(Path::file_name);
    let is_own = |entry: std::io::Result<std::fs::DirEntry>| {
        entry.is_ok_and(|entry| Some(entry.file_name().as_os_str()) == own)
    };
    let is_empty = std::fs::read_dir(folder).map_err(fail)?.all(is_own);
    if is_empty { Ok(Vec::new()) } else { Err(OutputError::NotOurs(folder.to_owned())) }
}
