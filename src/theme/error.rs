//! Why a theme could not be read, in words for the user. Nothing is decided here.

use crate::text::printable_name;
use std::io;
use std::path::{Path, PathBuf};

/// Why a theme could not be read.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file system refused.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// What was to be read.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// The folder or zip lacks what every theme has.
    #[error("{} is not a Stencil theme: it has no {missing}", path.display())]
    NotATheme {
        /// What was given.
        path: PathBuf,
        /// The file that is missing.
        missing: &'static str,
    },
    /// A link points outside the theme or to nothing.
    #[error("{} is a link to nothing inside the theme; replace it with the file it means, or remove it", path.display())]
    StrayLink {
        /// The link.
        path: PathBuf,
    },
    /// A link leads back to a folder that contains it.
    #[error("{} is a link that leads back to its own folder; remove it", path.display())]
    LinkLoop {
        /// The link.
        path: PathBuf,
    },
    /// There is no end to it.
    #[error("{} holds more than {most} files and folders; is it the theme's own folder, and do links in it multiply?", path.display())]
    TooMany {
        /// The folder.
        path: PathBuf,
        /// How many are read at most.
        most: usize,
    },
    /// A path cannot be written in a bundle.
    #[error("a bundle cannot hold a file called {}; rename it", printable_name(&path.display().to_string()))]
    BadName {
        /// The file.
        path: PathBuf,
    },
    /// The zip is damaged, encrypted or hostile.
    #[error("cannot use {}: {reason}", path.display())]
    Zip {
        /// The zip.
        path: PathBuf,
        /// What is wrong and what to do.
        reason: String,
    },
}

impl LoadError {
    /// What went away below `root` while it was read; nothing is wrong with the theme then.
    pub fn vanished(&self, root: &Path) -> Option<&Path> {
        match self {
            Self::Io { path, source } if source.kind() == io::ErrorKind::NotFound => {
                Some(path.as_path()).filter(|path| *path != root)
            }
            _ => None,
        }
    }
}
