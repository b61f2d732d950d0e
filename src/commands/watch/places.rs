//! The folders to watch for a theme, its settings and its rules.

use crate::stamp::Identity;
use crate::theme::is_outside_theme;
use notify::RecursiveMode;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// All files and folders that a watcher reads.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// The theme: a folder or a zip.
    pub theme: PathBuf,
    /// Further files and folders: a settings file, a folder of rules.
    pub others: Vec<PathBuf>,
}

/// A folder to watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) folder: PathBuf,
    pub(super) mode: RecursiveMode,
    /// The names in the folder that matter; if empty, all names.
    only: BTreeSet<OsString>,
    identity: Option<Identity>,
}

impl Asked {
    fn new(folder: PathBuf, mode: RecursiveMode, only: Option<OsString>) -> Self {
        let identity = Identity::of(&folder);
        Self { folder, mode, only: only.into_iter().collect(), identity }
    }

    /// Whether an event at `path` is relevant to this folder.
    pub(super) fn is_about(&self, path: &Path) -> bool {
        let is_below = path.starts_with(&self.folder);
        is_below
            && (self.only.is_empty()
                || path.file_name().is_none_or(|name| self.only.contains(name)))
    }

    /// Whether watching this folder also reports events in the `other` folder.
    fn covers(&self, other: &Self) -> bool {
        match (&self.identity, &other.identity, self.mode) {
            (Some(own), Some(other), RecursiveMode::Recursive) => other.is_below(own),
            (own, other, _) => own == other,
        }
    }
}

impl Places {
    /// Returns the folders to watch. The parent folder of each place is watched, too, because the place may
    /// be replaced: saved by rename, moved away and back, or linked to elsewhere.
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

/// Adds the folders of a theme, without packages and other ignored folders, because they may be very many.
fn theme_folders(root: &Path, asked: &mut Vec<Asked>) {
    let entries = std::fs::read_dir(root).into_iter().flatten().flatten();
    let is_watched = |name: &OsString| name.to_str().is_some_and(|name| !is_outside_theme(name));
    let names = entries.map(|entry| entry.file_name()).filter(is_watched);
    // The system lists them in no fixed order.
    let folders: BTreeSet<PathBuf> = names.map(|name| root.join(name)).collect();
    for folder in folders.into_iter().filter(|folder| folder.is_dir()) {
        add(asked, Asked::new(folder, RecursiveMode::Recursive, None));
    }
}

/// Adds a folder once: watching a folder twice would stop the watching of the folders below it.
fn add(asked: &mut Vec<Asked>, new: Asked) {
    match asked.iter_mut().find(|asked| asked.covers(&new)) {
        Some(asked) if asked.only.is_empty() || new.only.is_empty() => asked.only.clear(),
        Some(asked) => asked.only.extend(new.only),
        None => asked.push(new),
    }
}
