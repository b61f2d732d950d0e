//! Which folders the system is asked to watch for a theme, its settings and its rules.

use crate::stamp::Identity;
use crate::theme::is_left_behind;
use notify::RecursiveMode;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// All that a watcher reads.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// The theme: a folder or a zip.
    pub theme: PathBuf,
    /// Files and folders beside it: a settings file, a folder of rules.
    pub others: Vec<PathBuf>,
}

/// A folder to watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) folder: PathBuf,
    pub(super) mode: RecursiveMode,
    /// The names in it that matter; all if there is none.
    only: BTreeSet<OsString>,
    identity: Option<Identity>,
}

impl Asked {
    fn new(folder: PathBuf, mode: RecursiveMode, only: Option<OsString>) -> Self {
        let identity = Identity::of(&folder);
        Self { folder, mode, only: only.into_iter().collect(), identity }
    }

    /// Whether something at `path` concerns us as far as this folder goes.
    pub(super) fn is_about(&self, path: &Path) -> bool {
        let is_below = path.starts_with(&self.folder);
        is_below
            && (self.only.is_empty()
                || path.file_name().is_none_or(|name| self.only.contains(name)))
    }

    /// Whether what happens in another folder is told for this one.
    fn covers(&self, other: &Self) -> bool {
        match (&self.identity, &other.identity, self.mode) {
            (Some(own), Some(other), RecursiveMode::Recursive) => other.is_below(own),
            (own, other, _) => own == other,
        }
    }
}

impl Places {
    /// What to ask for. Each place is watched from its folder, too, where it may come to be another one: saved by
    /// rename, moved away and back, a link to elsewhere.
    pub(super) fn asked(&self) -> Vec<Asked> {
        let places = std::iter::once(&self.theme).chain(&self.others);
        let places =
            places.map(|place| std::path::absolute(place).unwrap_or_else(|_| place.clone()));
        let mut asked = Vec::new();
        for (number, place) in places.enumerate() {
            if let (Some(folder), Some(name)) = (place.parent(), place.file_name()) {
                add(
                    &mut asked,
                    Asked::new(
                        folder.to_owned(),
                        RecursiveMode::NonRecursive,
                        Some(name.to_owned()),
                    ),
                );
            }
            if place.is_dir() {
                if number == 0 {
                    theme_folders(&place, &mut asked);
                }
                add(&mut asked, Asked::new(place, RecursiveMode::NonRecursive, None));
            }
        }
        asked
    }
}

/// The folders of a theme, without its packages and all else that is left behind, of which there may be very
/// many.
fn theme_folders(root: &Path, asked: &mut Vec<Asked>) {
    let entries = std::fs::read_dir(root).into_iter().flatten().flatten();
    let is_watched = |name: &OsString| name.to_str().is_some_and(|name| !is_left_behind(name));
    let names = entries.map(|entry| entry.file_name()).filter(is_watched);
    // Their order is another each time.
    let folders: BTreeSet<PathBuf> = names.map(|name| root.join(name)).collect();
    for folder in folders.into_iter().filter(|folder| folder.is_dir()) {
        add(asked, Asked::new(folder, RecursiveMode::Recursive, None));
    }
}

/// Adds a folder, once: to ask for one twice would take back that those below it are watched, too.
fn add(asked: &mut Vec<Asked>, new: Asked) {
    match asked.iter_mut().find(|asked| asked.covers(&new)) {
        Some(asked) if asked.only.is_empty() || new.only.is_empty() => asked.only.clear(),
        Some(asked) => asked.only.extend(new.only),
        None => asked.push(new),
    }
}
