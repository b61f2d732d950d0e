//! Brings files over, each whole: all that differ are staged, then renamed in an order that the caller gives.

use super::file::OutputFile;
use super::lock::Lock;
use super::single::{STAGED, create_folder, is_like, put, remove, stage, sweep};
use super::{
    Ledger, OutputError, SNAPSHOT, Steps, THEME, listed, refuse_foreign, refuse_links, refuse_names,
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
    /// Whether all was as it should be.
    pub fn is_empty(&self) -> bool {
        self.written.is_empty() && self.removed.is_empty()
    }
}

/// A file that is about to be put in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pending<'n> {
    /// Its path below the folder.
    pub name: &'n str,
    /// Whether nothing stands in its place.
    pub is_new: bool,
}

/// Puts files in the order in which they are put in their places. It matters to a run that is stopped in
/// between, which leaves some files as they were; it is asked only if there are several.
pub type Order<'o> = dyn Fn(&mut [Pending<'_>]) + 'o;

/// Files of a folder that were found to be as they should be, the last time that it was written.
#[derive(Debug, Default)]
pub struct Found {
    /// The folder itself.
    folder: Option<Identity>,
    sightings: HashMap<String, Stamped<()>>,
    /// Keeps other runs from the folder as long as this is known.
    lock: Option<Arc<Lock>>,
}

/// Writes a file unless it is there already, whole or not at all; whether it was written.
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
    // The folder may be anybody's, and other files in it be written by another run of ours.
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let prefix: String = format!("{STAGED}{name}").chars().take(60).collect::<String>() + "-";
    sweep(folder, &prefix);
    let staged = stage((folder, &prefix), path, file, steps)?;
    put(staged, path, steps)?;
    Ok(true)
}

/// Writes a file that is not there yet, whole or not at all.
///
/// # Errors
/// When there is one, or the file system refuses.
pub fn create_file(path: &Path, bytes: &[u8]) -> Result<(), OutputError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let place = (folder.unwrap_or(Path::new(".")), STAGED);
    let staged = stage(place, path, OutputFile::new(bytes, false), &mut Steps::default())?;
    staged.persist_noclobber(path).map_err(|error| match error.error.kind() {
        std::io::ErrorKind::AlreadyExists => OutputError::Exists(path.to_owned()),
        _ => OutputError::refused(path, error.error),
    })
}

/// Makes `folder` hold exactly `files`, besides what was never written here; what had to be done.
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
    let last = Last { found: &found, clock: &clock, who: "" };
    let mut changes = Changes::default();
    write_listed(folder, files, THEME, last, order, steps, &mut changes)?;
    Ok(changes)
}

/// The same for a run that goes on, where what was found the last time is looked at again only if it may have changed; what is
/// found this time. What had to be done is in `changes`, after a failure, too.
///
/// # Errors
/// When the folder is not ours or the file system refuses.
pub fn write_folder_again(
    folder: &Path,
    files: &BTreeMap<&str, OutputFile<'_>>,
    last: Last<'_>,
    order: &Order<'_>,
    steps: &mut Steps<'_>,
    changes: &mut Changes,
) -> Result<Found, OutputError> {
    write_listed(folder, files, THEME, last, order, steps, changes)
}

/// Lists `names` anew as ours in a folder that lost its list since it was `found`.
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

/// What was found the last time, and what time it is now.
#[derive(Clone, Copy, Debug)]
pub struct Last<'a> {
    /// What the last run found.
    pub found: &'a Found,
    /// The same clock each time.
    pub clock: &'a Clock,
    /// What the run is called, if it does not end soon.
    pub who: &'a str,
}

impl Last<'_> {
    /// The lock of the folder, which the last time may have left.
    fn lock(self, folder: &Path, state: &Path) -> Result<Arc<Lock>, OutputError> {
        match &self.found.lock {
            Some(lock) if lock.is_held() => Ok(Arc::clone(lock)),
            _ => Ok(Arc::new(Lock::take(folder, state, self.who)?)),
        }
    }

    /// Looks at all files, on all processors: those that need no writing, and what is known of them.
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

    /// What is known of a file that needs no writing; `None` if it does.
    fn look_at(self, name: &str, path: &Path, file: OutputFile<'_>) -> Option<Option<Stamped<()>>> {
        // The stamp comes first: what changes after it has another the next time.
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

/// Makes `folder` hold exactly the snapshot `files`, besides what was never written here.
///
/// # Errors
/// When the folder is not ours, or something else stands in the way, or the file system refuses.
pub fn write_snapshot(
    folder: &Path,
    files: &BTreeMap<&str, OutputFile<'_>>,
) -> Result<Changes, OutputError> {
    let (found, clock) = (Found::default(), Clock::default());
    let last = Last { found: &found, clock: &clock, who: "" };
    let mut changes = Changes::default();
    let (order, mut steps) = (|_: &mut [Pending<'_>]| (), Steps::default());
    write_listed(folder, files, SNAPSHOT, last, &order, &mut steps, &mut changes)?;
    Ok(changes)
}

fn write_listed(
    folder: &Path,
    files: &BTreeMap<&str, OutputFile<'_>>,
    ledger: Ledger,
    last: Last<'_>,
    order: &Order<'_>,
    steps: &mut Steps<'_>,
    changes: &mut Changes,
) -> Result<Found, OutputError> {
    may_write(folder, files, ledger)?;
    let state = folder.join(ledger.path);
    let staging = state.parent().unwrap_or(folder);
    create_folder(staging, steps)?;
    let lock = match ledger.is_locked {
        true => Some(last.lock(folder, staging)?),
        false => None,
    };
    // Another run may have written since.
    let earlier = may_write(folder, files, ledger)?;
    sweep(staging, STAGED);
    let current = last.look(folder, files);
    let is_current = |name: &str| current.contains_key(name);
    // All that needs room on the disk comes before the first file that changes.
    let staged = stage_all((folder, staging), files, is_current, order, steps)?;
    let is_listed =
        !earlier.is_empty() && files.keys().copied().eq(earlier.iter().map(String::as_str));
    if !is_listed {
        // A run that is killed here knows the next time what it may remove.
        let all = files.keys().copied().chain(earlier.iter().map(String::as_str)).collect();
        write_state(&state, &ledger.list(&all), steps)?;
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
    // A theme's pages go before its layouts, and these before the components that they include.
    for name in later.into_iter().rev() {
        remove(folder, name, steps, &mut changes.removed)?;
    }
    if !is_listed {
        write_state(&state, &ledger.list(&files.keys().copied().collect()), steps)?;
    }
    placed?;
    let known = |(name, known): (&str, Option<Stamped<()>>)| Some((name.to_owned(), known?));
    let sightings = current.into_iter().filter_map(known).collect();
    Ok(Found { folder: Identity::of(folder), sightings, lock })
}

/// The files that an earlier run wrote, after a look that these may be written.
fn may_write(
    folder: &Path,
    files: &BTreeMap<&str, OutputFile<'_>>,
    ledger: Ledger,
) -> Result<Vec<String>, OutputError> {
    let earlier = listed(folder, ledger)?;
    // What is removed must be in the folder, too.
    let names = files.keys().copied().chain(earlier.iter().map(String::as_str));
    refuse_links(folder, names.chain([ledger.path]))?;
    let known: HashSet<&str> = earlier.iter().map(String::as_str).collect();
    refuse_names(folder, files.keys().copied().filter(|name| !known.contains(name)))?;
    if !ledger.takes_all {
        refuse_foreign(folder, files.keys().copied(), &earlier)?;
    }
    Ok(earlier)
}

/// Puts staged files in their places, in this order. A folder in the place of one does not keep the others.
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

/// Stages the files that are not current, in the order in which they are to be put in their places.
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

/// Whether a file stands where a folder is needed, or the other way round.
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
