//! Why a theme could not be read, in words for the user. Nothing is decided here.

use crate::text::{nearest, printable_name};
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
        /// What may be meant instead: folders and zips in it, by their paths in it.
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
    /// What to do about it, if that is not in the message.
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

/// What a theme is.
const WHAT: &str =
    "the folder that holds config.json and templates, or the zip that the store hands out";

/// What to name instead of something that is no theme.
fn instead(path: &Path, inside: &[String]) -> String {
    let in_it = |name: &String| path.join(name).display().to_string();
    match inside {
        [one] if path.is_dir() => format!("there is one in it: name {}", in_it(one)),
        [one] => format!("it holds {one}: unpack it, and name that"),
        [_, ..] if path.is_dir() => {
            let names: Vec<String> = inside.iter().take(MOST_NAMES).map(in_it).collect();
            format!("there are some in it: name {}", names.join(" or "))
        }
        [_, ..] => format!("it holds {}: unpack it, and name one", inside.join(", ")),
        [] => around(path).unwrap_or_else(|| format!("name {WHAT}")),
    }
}

/// Most names that help anybody.
const MOST_NAMES: usize = 3;

/// The theme that something is a part of.
fn around(path: &Path) -> Option<String> {
    let is_theme =
        |folder: &&Path| folder.join("config.json").is_file() && folder.join("templates").is_dir();
    let theme = path.ancestors().skip(1).find(is_theme)?;
    let theme = if theme.as_os_str().is_empty() { Path::new(".") } else { theme };
    Some(format!("it is a part of a theme: name {}", theme.display()))
}

/// What stands beside something that is not there, if its name is misspelt, as a question.
pub fn beside(path: &Path) -> Option<String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let entries = std::fs::read_dir(folder.unwrap_or(Path::new("."))).ok()?;
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let names: Vec<String> = names.collect();
    let near = nearest(path.file_name()?.to_str()?, names.iter().map(String::as_str))?;
    Some(format!("did you mean {}?", path.with_file_name(near).display()))
}
