//! Writes the files that differ: all are staged, then renamed in the caller's order, so that each is always
//! complete.

use super::file::OutputFile;
use super::lock::Lock;
use super::single::{STAGED, create_folder, is_like, put, remove, stage, sweep};
use super::{
    FileList, OutputError, SNAPSHOT, Steps, THEME, listed, refuse_foreign, refuse_links,
    refuse_names,
};
use crate::stamp::{Clock, Identity, Stamp, Stamped};
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use tempfile::TempPath;

/// What was done to a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Paths of the files that were written, below the folder.
    pub written: Vec<String>,
    /// Paths of the files that were removed.
    pub removed: Vec<String>,
}

impl Changes {
    /// Reports whether nothing had to be changed.
    pub fn is_empty(&self) -> bool {
        self.written.is_empty() && self.removed.is_empty()
    }
}

/// A staged file that is about to be put in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pending<'n> {
    /// Its path below the folder.
    pub name: &'n str,
    /// Whether nothing is at this path yet.
    pub is_new: bool,
}

/// A function that sorts files into the order in which they are put in place. The order matters if the run is
/// stopped in between. The function is called only if there are several files.
pub type Order<'o> = dyn Fn(&mut [Pending<'_>]) + 'o;

/// What the last run found in a folder: the files that needed no writing.
#[derive(Debug, Default)]
pub struct Found {
    /// The folder itself.
    folder: Option<Identity>,
    sightings: HashMap<String, Stamped<()>>,
    /// Keeps other runs out of the folder while this value exists.
    lock: Option<Arc<Lock>>,
}

/// Writes a file, completely or not at all, unless it exists with this content already. Returns whether it
/// was written.
///
/// # Errors
/// When the file system refuses.
pub fn update_file(path: &Path, bytes: &[u8], steps: &mut Steps<'_>) -> Result<bool, OutputError> {
    let file = OutputFile::new(bytes, false);
    if path.symlink_metadata().is_ok_and(|metadata| is_like(path, &metadata, file)) {
        return Ok(false);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    // Other programs may use this folder, and another run may be writing other files in it; so only temporary
    // files with this file's name are removed.
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let prefix: String = format!("{STAGED}{name}").chars().take(60).collect::<String>() + "-";
    sweep(folder, &prefix);
    let staged = stage((folder, &prefix), path, file, steps)?;
    put(staged, path, steps)?;
    Ok(true)
}

/// Creates a file, completely or not at all.
///
/// # Errors
/// When the file exists already, or the file system refuses.
pub fn create_file(path: &Path, bytes: &[u8]) -> Result<(), OutputError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let place = (folder.unwrap_or(Path::new(".")), STAGED);
    let staged = stage(place, path, OutputFile::new(bytes, false), &mut Steps::default())?;
    staged.persist_noclobber(path).map_err(|error| match error.error.kind() {
        std::io::ErrorKind::AlreadyExists => OutputError::Exists(path.to_owned()),
        _ => OutputError::refused(path, error.error),
    })
}

/// Makes `folder` hold exactly `files`, besides files that this tool did not write, and returns what changed.
///
/// Temporary files are outside all folders that a development server watches.
///
/// # Errors
/// When the folder is not ours or the file system refuses.
pub fn write_folder(
    folder: &Path,
    files: &BTreeMap<&str, OutputFile<'_>>,
    order: &Order<'_>,
    steps: &mut Steps<'_>,
) -> Result<Changes, OutputError> {
    let (found, clock) = (Found::default(), Clock::default());
    let last = PreviousRun { found: &found, clock: &clock, who: "" };
    let mut changes = Changes::default();
    write_listed(folder, files, THEME, last, order, steps, &mut changes)?;
    Ok(changes)
}

/// Does the same as [`write_folder`] for a run that writes the folder repeatedly: a file is read again only
/// if it may have changed since the `last` time. Returns what it found this time, and adds what it changed to
/// `changes`, even if it fails.
///
/// # Errors
/// When the folder is not ours or the file system refuses.
pub fn write_folder_again(
    folder: &Path,
    files: &BTreeMap<&str, OutputFile<'_>>,
    last: PreviousRun<'_>,
    order: &Order<'_>,
    steps: &mut Steps<'_>,
    changes: &mut Changes,
) -> Result<Found, OutputError> {
    write_listed(folder, files, THEME, last, order, steps, changes)
}

/// Writes the list of files again, with `names`, if the folder lost it since it was `found`.
///
/// # Errors
/// When the file system refuses.
pub fn claim<'n>(
    folder: &Path,
    found: &Found,
    names: impl Iterator<Item = &'n str>,
    steps: &mut Steps<'_>,
) -> Result<(), OutputError> {
    let state = folder.join(THEME.path);
    if state.exists() || found.folder.is_none() || Identity::of(folder) != found.folder {
        return Ok(());
    }
    create_folder(state.parent().unwrap_or(folder), steps)?;
    write_state(&state, &THEME.list(&names.collect()), steps)
}

/// What the last run found, and how to compare with it.
#[derive(Clone, Copy, Debug)]
pub struct PreviousRun<'a> {
    /// What the last run found.
    pub found: &'a Found,
    /// The clock, the same one each time.
    pub clock: &'a Clock,
    /// The name of a run that goes on, for messages of other runs; otherwise empty.
    pub who: &'a str,
}

impl PreviousRun<'_> {
    /// Returns the lock of the folder, which may still be held since the last time.
    fn lock(self, folder: &Path, state: &Path) -> Result<Arc<Lock>, OutputError> {
        match &self.found.lock {
            Some(lock) if lock.is_held() => Ok(Arc::clone(lock)),
            _ => Ok(Arc::new(Lock::take(folder, state, self.who)?)),
        }
    }

    /// Returns the files that need no writing, each with its stamp if it has one. Runs in parallel.
    fn look<'n>(
        self,
        folder: &Path,
        files: &BTreeMap<&'n str, OutputFile<'_>>,
    ) -> BTreeMap<&'n str, Option<Stamped<()>>> {
        let look = |(name, file): (&&'n str, &OutputFile<'_>)| {
            Some((*name, self.look_at(name, &folder.join(name), *file)?))
        };
        files.par_iter().filter_map(look).collect()
    }

    /// Returns `None` if the file must be written; otherwise its stamp, if it has one.
    fn look_at(self, name: &str, path: &Path, file: OutputFile<'_>) -> Option<Option<Stamped<()>>> {
        // Take the stamp before reading: a later change then gives another stamp the next time.
        let metadata = path.symlink_metadata().ok()?;
        if file.yields {
            return Some(None);
        }
        let (stamp, earlier) = (Stamp::of(&metadata), self.found.sightings.get(name));
        if let Some(earlier) = earlier.filter(|known| file.as_before && known.holds(&stamp)) {
            return Some(Some(earlier.clone()));
        }
        let time = self.clock.now();
        is_like(path, &metadata, file).then(|| Some(Stamped::new(stamp, time, earlier, ())))
    }
}

/// Makes `folder` hold exactly the snapshot `files`, besides files that this tool did not write.
///
/// # Errors
/// When the folder or a file in it is not ours, or the file system refuses.
pub fn write_snapshot(
    folder: &Path,
    files: &BTreeMap<&str, OutputFile<'_>>,
) -> Result<Changes, OutputError> {
    let (found, clock) = (Found::default(), Clock::default());
    let last = PreviousRun { found: &found, clock: &clock, who: "" };
    let mut changes = Changes::default();
    let (order, mut steps) = (|_: &mut [Pending<'_>]| (), Steps::default());
    write_listed(folder, files, SNAPSHOT, last, &order, &mut steps, &mut changes)?;
    Ok(changes)
}

fn write_listed(
    folder: &Path,
    files: &BTreeMap<&str, OutputFile<'_>>,
    list_file: FileList,
    last: PreviousRun<'_>,
    order: &Order<'_>,
    steps: &mut Steps<'_>,
    changes: &mut Changes,
) -> Result<Found, OutputError> {
    may_write(folder, files, list_file)?;
    let state = folder.join(list_file.path);
    let staging = state.parent().unwrap_or(folder);
    create_folder(staging, steps)?;
    let lock = list_file.is_locked.then(|| last.lock(folder, staging)).transpose()?;
    // Another run may have written before this one got the lock.
    let earlier = may_write(folder, files, list_file)?;
    sweep(staging, STAGED);
    let current = last.look(folder, files);
    let is_current = |name: &str| current.contains_key(name);
    // Everything that needs disk space happens before the first file changes.
    let staged = stage_all((folder, staging), files, is_current, order, steps)?;
    let is_listed =
        !earlier.is_empty() && files.keys().copied().eq(earlier.iter().map(String::as_str));
    if !is_listed {
        // If this run is killed from here on, the next one knows which files it may remove.
        let all = files.keys().copied().chain(earlier.iter().map(String::as_str)).collect();
        write_state(&state, &list_file.list(&all), steps)?;
    }
    let gone = earlier.iter().filter(|name| !files.contains_key(name.as_str()));
    let (in_the_way, later): (Vec<&String>, Vec<&String>) =
        gone.partition(|name| is_in_the_way(name, files));
    for name in in_the_way {
        remove(folder, name, steps, &mut changes.removed)?;
    }
    let placed = put_all(folder, staged, steps, changes);
    if placed.as_ref().is_err_and(|error| !matches!(error, OutputError::FolderInTheWay(_))) {
        return placed.map(|()| Found::default());
    }
    // In reverse order, a theme's pages are removed before its layouts, and these before the components that
    // they include.
    for name in later.into_iter().rev() {
        remove(folder, name, steps, &mut changes.removed)?;
    }
    if !is_listed {
        write_state(&state, &list_file.list(&files.keys().copied().collect()), steps)?;
    }
    placed?;
    let known = current.into_iter().filter_map(|(name, known)| Some((name.to_owned(), known?)));
    Ok(Found { folder: Identity::of(folder), sightings: known.collect(), lock })
}

/// Checks that `files` may be written, and returns the files that an earlier run wrote.
fn may_write(
    folder: &Path,
    files: &BTreeMap<&str, OutputFile<'_>>,
    list_file: FileList,
) -> Result<Vec<String>, OutputError> {
    let earlier = listed(folder, list_file)?;
    // Files to remove must also be inside the folder.
    let names = files.keys().copied().chain(earlier.iter().map(String::as_str));
    refuse_links(folder, names.chain([list_file.path]))?;
    let known: HashSet<&str> = earlier.iter().map(String::as_str).collect();
    refuse_names(folder, files.keys().copied().filter(|name| !known.contains(name)))?;
    if !list_file.takes_all {
        refuse_foreign(folder, files.keys().copied(), &earlier)?;
    }
    Ok(earlier)
}

/// Puts staged files in place, in this order. A folder at the path of one does not stop the others.
fn put_all(
    folder: &Path,
    staged: Vec<(&str, TempPath)>,
    steps: &mut Steps<'_>,
    changes: &mut Changes,
) -> Result<(), OutputError> {
    for (name, _) in &staged {
        create_folder(folder.join(name).parent().unwrap_or(folder), steps)?;
    }
    let mut in_the_way = None;
    for (name, file) in staged {
        let path = folder.join(name);
        match put(file, &path, steps) {
            Ok(()) => changes.written.push(name.to_owned()),
            Err(_) if path.is_dir() => {
                in_the_way.get_or_insert(OutputError::FolderInTheWay(path));
            }
            Err(error) => return Err(error),
        }
    }
    in_the_way.map_or(Ok(()), Err)
}

/// Stages the files that are not current, and returns them in the order in which to put them in place.
fn stage_all<'n>(
    (folder, staging): (&Path, &Path),
    files: &BTreeMap<&'n str, OutputFile<'_>>,
    is_current: impl Fn(&str) -> bool,
    order: &Order<'_>,
    steps: &mut Steps<'_>,
) -> Result<Vec<(&'n str, TempPath)>, OutputError> {
    let mut staged = BTreeMap::new();
    for (name, file) in files.iter().filter(|(name, _)| !is_current(name)) {
        staged.insert(*name, stage((staging, STAGED), &folder.join(name), *file, steps)?);
    }
    let is_new = |name: &str| folder.join(name).symlink_metadata().is_err();
    let pending = staged.keys().map(|&name| Pending { name, is_new: is_new(name) });
    let mut pending: Vec<Pending<'n>> = pending.collect();
    if pending.len() > 1 {
        order(&mut pending);
    }
    Ok(pending.iter().filter_map(|Pending { name, .. }| staged.remove_entry(name)).collect())
}

/// Reports whether the file is where one of `files` needs a folder, or the other way round.
fn is_in_the_way(name: &str, files: &BTreeMap<&str, OutputFile<'_>>) -> bool {
    let above =
        |one: &str, other: &str| other.strip_prefix(one).is_some_and(|rest| rest.starts_with('/'));
    files.keys().any(|file| above(name, file) || above(file, name))
}

fn write_state(path: &Path, list: &str, steps: &mut Steps<'_>) -> Result<(), OutputError> {
    update_file(path, list.as_bytes(), steps).map(|_| ())
}

#[cfg(test)]
mod tests;
