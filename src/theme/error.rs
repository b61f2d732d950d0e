//! Explains to the user why a theme could not be read; this module decides nothing.

use crate::text::{nearest, printable_name};
use std::io;
use std::path::{Path, PathBuf};

/// Why a theme could not be read.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file system reported an error.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// The file or folder that could not be read.
        path: PathBuf,
        /// The error.
        source: io::Error,
    },
    /// The folder or zip lacks a file that every theme has.
    #[error("{} is not a Stencil theme: it has no {missing}", path.display())]
    NotATheme {
        /// The path that the user gave.
        path: PathBuf,
        /// The file that is missing.
        missing: &'static str,
        /// What the user may have meant: folders and zips inside, relative to `path`.
        inside: Vec<String>,
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
    /// The folder seems endless.
    #[error("{} holds more than {most} files and folders; is it the theme's own folder, and do links in it multiply?", path.display())]
    TooMany {
        /// The folder.
        path: PathBuf,
        /// The most files and folders that are read.
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
        /// What is wrong, and what to do.
        reason: String,
    },
}

impl LoadError {
    /// Returns what to do about the error, if the message does not say so.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::NotATheme { path, inside, .. } => Some(instead(path, inside)),
            Self::Zip { path, .. } => Some(around(path)?),
            Self::Io { path, source } if source.kind() == io::ErrorKind::NotFound => {
                Some(beside(path).unwrap_or_else(|| format!("name {WHAT}")))
            }
            Self::Io { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => {
                Some("change its rights, or run this as somebody who may read it".to_owned())
            }
            _ => None,
        }
    }

    /// Returns the path below `root` that vanished during the read, if that is the error; the theme itself is
    /// fine.
    pub fn vanished(&self, root: &Path) -> Option<&Path> {
        match self {
            Self::Io { path, source } if source.kind() == io::ErrorKind::NotFound => {
                Some(path.as_path()).filter(|path| *path != root)
            }
            _ => None,
        }
    }
}

/// Describes a theme to the user.
const WHAT: &str =
    "the folder that holds config.json and templates, or the zip that the store hands out";

/// Returns what to name instead of a path that is not a theme.
fn instead(path: &Path, inside: &[String]) -> String {
    let in_it = |name: &String| path.join(name).display().to_string();
    match inside {
        [one] if path.is_dir() => format!("there is one in it: name {}", in_it(one)),
        [one] => format!("it holds {one}: unpack it, and name that"),
        [_, ..] if path.is_dir() => {
            let names: Vec<String> = inside.iter().take(MAX_NAMES).map(in_it).collect();
            format!("there are some in it: name {}", names.join(" or "))
        }
        [_, ..] => format!("it holds {}: unpack it, and name one", inside.join(", ")),
        [] => around(path).unwrap_or_else(|| format!("name {WHAT}")),
    }
}

/// The most names that a help text lists.
const MAX_NAMES: usize = 3;

/// Returns a hint at the theme that contains `path`, if there is one.
fn around(path: &Path) -> Option<String> {
    let is_theme =
        |folder: &&Path| folder.join("config.json").is_file() && folder.join("templates").is_dir();
    let theme = path.ancestors().skip(1).find(is_theme)?;
    let theme = if theme.as_os_str().is_empty() { Path::new(".") } else { theme };
    Some(format!("it is a part of a theme: name {}", theme.display()))
}

/// Asks whether the user meant a similar name in the same folder; `None` if there is none.
pub fn beside(path: &Path) -> Option<String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let entries = std::fs::read_dir(folder.unwrap_or(Path::new("."))).ok()?;
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let names: Vec<String> = names.collect();
    let near = nearest(path.file_name()?.to_str()?, names.iter().map(String::as_str))?;
    Some(format!("did you mean {}?", path.with_file_name(near).display()))
}
