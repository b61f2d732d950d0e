//! A Stencil theme in memory: an immutable map of files, read from a folder or a zip.
//!
//! Nothing here changes a theme or knows about the guard.

mod archive;
mod cache;
pub mod check;
mod derived;
pub mod destinations;
pub mod endpoints;
mod entry_name;
mod error;
mod front_matter;
pub mod json;
mod link_value;
mod load;
pub mod pages;
mod parsed_texts;
pub mod parts;
pub mod references;
mod scan;
mod script_bundles;
pub mod scripts;
mod secrets;
mod template;
pub mod texts;
pub mod values;

pub use archive::parsed_templates;
pub use cache::Cache;
pub use error::{LoadError, beside};
pub use load::{load, load_again, read_zip};
pub use parsed_texts::ParsedTexts;
pub use parts::is_outside_theme;
pub use scan::Scan;

use crate::text::{LineIndex, Position};
use derived::Derived;
use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// One file of a theme. Its content never changes.
#[derive(Debug)]
pub struct File {
    /// The content.
    pub bytes: Vec<u8>,
    /// Whether its owner may execute it.
    pub executable: bool,
    derived: Derived,
}

impl File {
    /// Creates a file without derived results.
    pub fn new(bytes: Vec<u8>, executable: bool) -> Self {
        Self { bytes, executable, derived: Derived::default() }
    }

    /// Returns the result of `find` for the content; later calls return the stored result. Each kind of
    /// result needs a type of its own, or at least its own `variant`; `find` must depend on nothing but the
    /// content.
    pub fn derived<T: Any + Send + Sync>(
        &self,
        variant: u8,
        find: impl FnOnce(&[u8]) -> T,
    ) -> Arc<T> {
        self.derived.get(variant, || find(&self.bytes))
    }

    /// Reports whether the result of this type and variant is already stored.
    pub fn is_known<T: Any + Send + Sync>(&self, variant: u8) -> bool {
        self.derived.look::<T>(variant).is_some()
    }
}

impl PartialEq for File {
    fn eq(&self, other: &Self) -> bool {
        self.executable == other.executable && self.bytes == other.bytes
    }
}

impl Eq for File {}

impl Clone for File {
    /// Clones the content without the derived results, because the copy may be changed.
    fn clone(&self) -> Self {
        Self::new(self.bytes.clone(), self.executable)
    }
}

/// Files that belong to the theme's packages and are not uploaded themselves.
#[derive(Clone, Debug, Default)]
pub enum Packages {
    /// No packages.
    #[default]
    None,
    /// Files that are read on demand below this theme folder (`node_modules/…`).
    Folder(PathBuf),
    /// Files from a bundle's `parsed/`, by path below the theme's root. Templates are in the form into which
    /// the official assembler rewrote them.
    Parsed(Arc<BTreeMap<String, Vec<u8>>>),
}

/// An immutable theme. Cloning shares the files.
#[derive(Clone, Debug, Default)]
pub struct Theme {
    /// All files, by path below the root, separated by `/`.
    pub files: BTreeMap<String, Arc<File>>,
    /// All directories, by path without a final `/`; includes empty ones.
    pub directories: BTreeSet<String>,
    /// Where imports outside the theme come from.
    pub packages: Packages,
    /// Names at the folder's root that an earlier bundler generated; they are ignored.
    pub stale: BTreeSet<String>,
    /// Ignored files that may hold secrets, by path; `None` for a file that cannot be read.
    pub secrets: BTreeMap<String, Option<Arc<File>>>,
    /// Files of the theme that may hold secrets but are included nevertheless.
    pub included: BTreeSet<String>,
}

impl Theme {
    /// Reads a theme from a folder or a zip.
    ///
    /// # Errors
    /// When it cannot be read, or is not a theme.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, LoadError> {
        load(path.as_ref())
    }

    /// Returns the bytes of a file.
    pub fn bytes(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(|file| file.bytes.as_slice())
    }

    /// Returns the position of a byte in a file; `None` if there is no such file.
    pub fn position(&self, path: &str, offset: usize) -> Option<Position> {
        let file = self.files.get(path)?;
        Some(file.derived(0, LineIndex::new).position(&file.bytes, offset))
    }

    /// Returns the names of all templates: paths below `templates/` without `.html`, in byte order of paths.
    pub fn template_names(&self) -> impl Iterator<Item = &str> {
        self.template_files().map(|(name, _)| name)
    }

    /// Returns the names and files of all templates.
    pub fn template_files(&self) -> impl Iterator<Item = (&str, &Arc<File>)> {
        self.files.iter().filter_map(|(path, file)| {
            Some((path.strip_prefix("templates/")?.strip_suffix(".html")?, file))
        })
    }

    /// Returns the bytes of a template by name.
    pub fn template(&self, name: &str) -> Option<&[u8]> {
        self.bytes(&template_path(name))
    }

    /// Returns a template's file by name.
    pub fn template_file(&self, name: &str) -> Option<&File> {
        self.files.get(&template_path(name)).map(Arc::as_ref)
    }

    /// Returns the theme with some files added or replaced (`Some`) or removed (`None`).
    #[must_use]
    pub fn with(&self, changes: impl IntoIterator<Item = (String, Option<Vec<u8>>)>) -> Theme {
        let mut theme = self.clone();
        for (path, bytes) in changes {
            match bytes {
                Some(bytes) => {
                    let executable = theme.files.get(&path).is_some_and(|file| file.executable);
                    add_parents(&mut theme.directories, &path);
                    theme.files.insert(path, Arc::new(File::new(bytes, executable)));
                }
                None => {
                    theme.files.remove(&path);
                }
            }
        }
        theme
    }

    /// Returns the theme with some of the files that were ignored because they may hold secrets.
    ///
    /// # Errors
    /// When one of `paths` is not such a file, or cannot be read: its path.
    pub fn including(&self, paths: &[String]) -> Result<Theme, String> {
        let mut theme = self.clone();
        for path in paths.iter().map(|path| path.strip_prefix("./").unwrap_or(path)) {
            if theme.included.contains(path) {
                continue;
            }
            let Some(Some(file)) = theme.secrets.remove(path) else { return Err(path.to_owned()) };
            add_parents(&mut theme.directories, path);
            theme.files.insert(path.to_owned(), file);
            theme.included.insert(path.to_owned());
        }
        Ok(theme)
    }

    /// Reads a file outside the uploaded theme, such as `node_modules/p/a.scss`; `None` if it does not exist.
    pub fn package_file(&self, path: &str) -> Option<Vec<u8>> {
        match &self.packages {
            Packages::None => None,
            // All other files were read with the theme.
            Packages::Folder(_) if !is_outside_theme(path) => None,
            Packages::Folder(root) => std::fs::read(root.join(path)).ok(),
            Packages::Parsed(files) => files.get(path).cloned(),
        }
    }

    /// Lists the names directly in a folder outside the uploaded theme; `None` if the folder cannot be
    /// listed, so that only [`Self::package_file`] can find out whether a file exists.
    pub fn package_names(&self, folder: &str) -> Option<Vec<OsString>> {
        match &self.packages {
            Packages::Folder(root) if is_outside_theme(folder) => {
                match std::fs::read_dir(root.join(folder)) {
                    Ok(entries) => Some(entries.flatten().map(|entry| entry.file_name()).collect()),
                    Err(error) => (error.kind() == ErrorKind::NotFound).then(Vec::new),
                }
            }
            _ => None,
        }
    }
}

/// Returns the path of the template `name`.
pub(crate) fn template_path(name: &str) -> String {
    format!("templates/{name}.html")
}

fn add_parents(directories: &mut BTreeSet<String>, path: &str) {
    for (at, _) in path.match_indices('/') {
        directories.insert(path[..at].to_owned());
    }
}
