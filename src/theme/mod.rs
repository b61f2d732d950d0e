//! A Stencil theme in memory: an immutable map of files, read from a folder or a zip.
//!
//! Nothing here changes a theme or knows about guards.

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
pub mod scripts;
mod secrets;
mod template;
pub mod texts;

pub use archive::parsed_templates;
pub use cache::Cache;
pub use error::{LoadError, beside};
pub use load::{load, load_again, read_zip};
pub use parsed_texts::ParsedTexts;
pub use parts::is_left_behind;
pub use scan::Scan;

use crate::text::{LineIndex, Position};
use derived::Derived;
use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// One file of a theme. Its content is never changed.
#[derive(Debug)]
pub struct File {
    /// The content.
    pub bytes: Vec<u8>,
    /// Whether the owner may execute it.
    pub executable: bool,
    derived: Derived,
}

impl File {
    /// A file of which nothing is known yet.
    pub fn new(bytes: Vec<u8>, executable: bool) -> Self {
        Self { bytes, executable, derived: Derived::default() }
    }

    /// What `find` makes of the content, from the first time on. Each kind of result has a type of its own,
    /// or at least a `variant`; `find` must look at nothing else.
    pub fn derived<T: Any + Send + Sync>(
        &self,
        variant: u8,
        find: impl FnOnce(&[u8]) -> T,
    ) -> Arc<T> {
        self.derived.get(variant, || find(&self.bytes))
    }

    /// Whether that was found before.
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
    /// The copy may be changed, so nothing is known of it.
    fn clone(&self) -> Self {
        Self::new(self.bytes.clone(), self.executable)
    }
}

/// Files that belong to the theme's packages and are not uploaded themselves.
#[derive(Clone, Debug, Default)]
pub enum Packages {
    /// There are none.
    #[default]
    None,
    /// Read on demand below this theme folder (`node_modules/…`).
    Folder(PathBuf),
    /// Taken from a bundle's `parsed/`; keys are paths below the theme's root. Templates are as the
    /// official assembler rewrote them.
    Parsed(Arc<BTreeMap<String, Vec<u8>>>),
}

/// An immutable theme. Cloning shares the files.
#[derive(Clone, Debug, Default)]
pub struct Theme {
    /// All files by path below the root, with `/`.
    pub files: BTreeMap<String, Arc<File>>,
    /// All directories by path, without a final `/`; empty ones too.
    pub directories: BTreeSet<String>,
    /// Where imports outside the theme come from.
    pub packages: Packages,
    /// Names at the root of a folder that an earlier bundler made, and that are left behind.
    pub stale: BTreeSet<String>,
    /// Files that may hold secrets, by path, and that are left behind; `None` if one cannot be read.
    pub secrets: BTreeMap<String, Option<Arc<File>>>,
    /// Files that may hold secrets and are among the theme's files all the same.
    pub included: BTreeSet<String>,
}

impl Theme {
    /// Reads a theme from a folder or a zip.
    ///
    /// # Errors
    /// When it cannot be read, or is no theme.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, LoadError> {
        load(path.as_ref())
    }

    /// The bytes of a file.
    pub fn bytes(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(|file| file.bytes.as_slice())
    }

    /// The place of a byte in a file; `None` if there is no such file.
    pub fn position(&self, path: &str, offset: usize) -> Option<Position> {
        let file = self.files.get(path)?;
        Some(file.derived(0, LineIndex::new).position(&file.bytes, offset))
    }

    /// The names of all templates: paths below `templates/` without `.html`, in byte order of paths.
    pub fn template_names(&self) -> impl Iterator<Item = &str> {
        self.template_files().map(|(name, _)| name)
    }

    /// The names and files of all templates.
    pub fn template_files(&self) -> impl Iterator<Item = (&str, &Arc<File>)> {
        self.files.iter().filter_map(|(path, file)| {
            Some((path.strip_prefix("templates/")?.strip_suffix(".html")?, file))
        })
    }

    /// The bytes of a template by name.
    pub fn template(&self, name: &str) -> Option<&[u8]> {
        self.bytes(&template_path(name))
    }

    /// A template's file by name.
    pub fn template_file(&self, name: &str) -> Option<&File> {
        self.files.get(&template_path(name)).map(Arc::as_ref)
    }

    /// The same theme with some files added or replaced (`Some`) or removed (`None`).
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

    /// The same theme with these of its files that were left behind because they may hold secrets.
    ///
    /// # Errors
    /// When one is none of them, or cannot be read: its path.
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

    /// A file outside the uploaded theme, such as `node_modules/p/a.scss`; `None` when absent.
    pub fn package_file(&self, path: &str) -> Option<Vec<u8>> {
        match &self.packages {
            Packages::None => None,
            // All else was read with the theme.
            Packages::Folder(_) if !is_left_behind(path) => None,
            Packages::Folder(root) => std::fs::read(root.join(path)).ok(),
            Packages::Parsed(files) => files.get(path).cloned(),
        }
    }

    /// The names of what lies directly in a folder outside the uploaded theme; `None` where only asking for
    /// a file can tell.
    pub fn package_names(&self, folder: &str) -> Option<Vec<OsString>> {
        match &self.packages {
            Packages::Folder(root) if is_left_behind(folder) => {
                match std::fs::read_dir(root.join(folder)) {
                    Ok(entries) => Some(entries.flatten().map(|entry| entry.file_name()).collect()),
                    Err(error) => (error.kind() == ErrorKind::NotFound).then(Vec::new),
                }
            }
            _ => None,
        }
    }
}

/// The path of the template `name`.
pub(crate) fn template_path(name: &str) -> String {
    format!("templates/{name}.html")
}

fn add_parents(directories: &mut BTreeSet<String>, path: &str) {
    for (at, _) in path.match_indices('/') {
        directories.insert(path[..at].to_owned());
    }
}
