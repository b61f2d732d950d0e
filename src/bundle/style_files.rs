//! Reads style sheets by their path from a base folder, inside the theme or in its packages.

use crate::theme::Theme;
use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Reads style sheets and caches them.
#[derive(Debug)]
pub(super) struct StyleFiles<'a> {
    theme: &'a Theme,
    base: String,
    read: Mutex<HashMap<String, Option<Arc<str>>>>,
    /// The names in package folders, in lower case; `None` if a folder cannot be listed.
    folders: Mutex<HashMap<String, Option<HashSet<String>>>>,
}

impl<'a> StyleFiles<'a> {
    /// Creates a reader for style sheets with paths relative to the folder `base`.
    pub fn new(theme: &'a Theme, base: &str) -> Self {
        Self { theme, base: base.to_owned(), read: Mutex::default(), folders: Mutex::default() }
    }

    /// Returns the names directly in the base folder that end in `suffix`, sorted, each with whether it is a
    /// directory.
    pub fn roots(&self, suffix: &str) -> Vec<(String, bool)> {
        let prefix = format!("{}/", self.base);
        let files = self.theme.files.keys().map(|path| (path, false));
        let directories = self.theme.directories.iter().map(|path| (path, true));
        let mut roots: Vec<(String, bool)> = files
            .chain(directories)
            .filter_map(|(path, is_directory)| {
                let name = path.strip_prefix(&prefix)?;
                let is_root = name.ends_with(suffix) && !name.contains('/');
                is_root.then(|| (name.to_owned(), is_directory))
            })
            .collect();
        roots.sort_unstable();
        roots
    }

    /// Returns the text of `path`, which is relative to the base folder; `None` if there is no such file.
    pub fn text(&self, path: &str) -> Option<Arc<str>> {
        let path = self.theme_path(path)?;
        if let Some(text) = lock(&self.read).get(&path) {
            return text.clone();
        }
        let text = match self.theme.bytes(&path) {
            Some(bytes) => Some(String::from_utf8_lossy(bytes).into()),
            None if self.may_be_in_package(&path) => {
                self.theme.package_file(&path).map(|bytes| String::from_utf8_lossy(&bytes).into())
            }
            None => None,
        };
        lock(&self.read).insert(path, text.clone());
        text
    }

    /// Reports whether `path` may exist: an import has many candidates, and most of them do not exist. Some
    /// file systems ignore the case of letters, and how they are composed.
    fn may_be_in_package(&self, path: &str) -> bool {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let lower = |name: OsString| name.to_string_lossy().to_lowercase();
        let list = || Some(self.theme.package_names(folder)?.into_iter().map(lower).collect());
        let mut folders = lock(&self.folders);
        let names = folders.entry(folder.to_owned()).or_insert_with(list);
        let is_listed = |names: &HashSet<String>| names.contains(&name.to_lowercase());
        !name.is_ascii() || names.as_ref().is_none_or(is_listed)
    }

    /// Returns `path` as a path below the theme's root; `None` if it leaves the theme.
    pub fn theme_path(&self, path: &str) -> Option<String> {
        let path = join(&self.base, path);
        let leaves = path == ".." || path.starts_with("../") || path.contains('\0');
        (!leaves).then_some(path)
    }
}

/// Locks a cache, which is valid even if a thread panicked while it held the lock.
fn lock<T>(known: &Mutex<T>) -> MutexGuard<'_, T> {
    known.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Resolves `path` against `directory`, including `.` and `..`.
pub(super) fn join(directory: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in directory.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Returns `path` with `_` before its last part.
pub(super) fn underscored(path: &str) -> String {
    match path.rsplit_once('/') {
        Some((directory, name)) => format!("{directory}/_{name}"),
        None => format!("_{path}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_joined_like_in_a_file_system() {
        assert_eq!(join("a/b", "../c"), "a/c");
        assert_eq!(join("a", "../../c"), "../c");
        assert_eq!(join("../../node_modules/p", "./x//y"), "../../node_modules/p/x/y");
        assert_eq!(join("", "x"), "x");
        assert_eq!(underscored("a/b"), "a/_b");
    }
}
