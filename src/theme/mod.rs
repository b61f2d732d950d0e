//! A Stencil theme in memory: an immutable map of files, read from a folder or a zip.
//!
//! Nothing here changes a theme or knows about guards.

mod archive;
pub mod check;
pub mod destinations;
mod hosted_paths;
pub mod json;
mod link_value;
mod load;
pub mod pages;

pub use archive::parsed_templates;
pub use load::{LoadError, load};

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

/// One file of a theme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The content.
    pub bytes: Vec<u8>,
    /// Whether the owner may execute it.
    pub executable: bool,
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
}

impl Theme {
    /// The bytes of a file.
    pub fn bytes(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(|file| file.bytes.as_slice())
    }

    /// The names of all templates: paths below `templates/` without `.html`, in byte order of paths.
    pub fn template_names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().filter_map(|path| path.strip_prefix("templates/")?.strip_suffix(".html"))
    }

    /// The bytes of a template by name.
    pub fn template(&self, name: &str) -> Option<&[u8]> {
        self.bytes(&format!("templates/{name}.html"))
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
                    theme.files.insert(path, Arc::new(File { bytes, executable }));
                }
                None => {
                    theme.files.remove(&path);
                }
            }
        }
        theme
    }

    /// A file outside the uploaded theme, such as `node_modules/p/a.scss`; `None` when absent.
    pub fn package_file(&self, path: &str) -> Option<Vec<u8>> {
        match &self.packages {
            Packages::None => None,
            Packages::Folder(root) => std::fs::read(root.join(path)).ok(),
            Packages::Parsed(files) => files.get(path).cloned(),
        }
    }
}

fn add_parents(directories: &mut BTreeSet<String>, path: &str) {
    for (at, _) in path.match_indices('/') {
        directories.insert(path[..at].to_owned());
    }
}
