//! Style sheets by path from a base folder, inside the theme or in its packages.

use crate::theme::Theme;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Reads style sheets and remembers them.
#[derive(Debug)]
pub(super) struct StyleFiles<'a> {
    theme: &'a Theme,
    base: String,
    read: RefCell<HashMap<String, Option<Rc<str>>>>,
}

impl<'a> StyleFiles<'a> {
    /// Style sheets seen from the folder `base`.
    pub fn new(theme: &'a Theme, base: &str) -> Self {
        Self { theme, base: base.to_owned(), read: RefCell::default() }
    }

    /// The names of the entries directly in the base folder that end in `suffix`, sorted; true
    /// for a directory.
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

    /// The text of `path`, which is relative to the base folder; `None` if there is none.
    pub fn text(&self, path: &str) -> Option<Rc<str>> {
        let path = self.theme_path(path)?;
        if let Some(text) = self.read.borrow().get(&path) {
            return text.clone();
        }
        let text = match self.theme.bytes(&path) {
            Some(bytes) => Some(String::from_utf8_lossy(bytes).into()),
            None => {
                self.theme.package_file(&path).map(|bytes| String::from_utf8_lossy(&bytes).into())
            }
        };
        self.read.borrow_mut().insert(path, text.clone());
        text
    }

    /// `path` as a path below the theme's root; `None` if it leaves the theme.
    pub fn theme_path(&self, path: &str) -> Option<String> {
        let path = join(&self.base, path);
        let leaves = path == ".." || path.starts_with("../") || path.contains('\0');
        (!leaves).then_some(path)
    }
}

/// `path` seen from `directory`, with `.` and `..` resolved.
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

/// `path` with `_` in front of its last part.
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
    fn paths_are_joined_as_file_systems_do() {
        assert_eq!(join("a/b", "../c"), "a/c");
        assert_eq!(join("a", "../../c"), "../c");
        assert_eq!(join("../../node_modules/p", "./x//y"), "../../node_modules/p/x/y");
        assert_eq!(join("", "x"), "x");
        assert_eq!(underscored("a/b"), "a/_b");
    }
}
