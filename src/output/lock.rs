//! One run at a time writes a folder. The lock is the system's own, so that it goes with its process, however
//! that ends; its file says who holds it.

use super::OutputError;
use crate::stamp::is_at;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The lock's file, beside the list of files.
const NAME: &str = "lock";

/// After so many times that another run took its lock file away, this one gives up.
const MOST_TRIES: usize = 1000;

/// The right to write a folder, until it is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    /// `None` on a file system that has no locks.
    file: Option<File>,
}

impl Lock {
    /// Takes the lock of `folder`, whose `state` folder exists, for a run that `who` says more of.
    ///
    /// # Errors
    /// When another run holds it, or the file system refuses.
    pub(super) fn take(folder: &Path, state: &Path, who: &str) -> Result<Self, OutputError> {
        let path = state.join(NAME);
        let fail = |source| OutputError::refused(&path, source);
        for _ in 0..MOST_TRIES {
            let mut options = OpenOptions::new();
            let file = options.read(true).write(true).create(true).truncate(false).open(&path);
            let mut file = file.map_err(fail)?;
            match file.try_lock() {
                // Who held it has taken the file away meanwhile, and a third may hold another.
                Ok(()) if !is_at(&file, &path) => continue,
                Ok(()) => {
                    let comma = if who.is_empty() { "" } else { ", " };
                    let holder = format!("{who}{comma}process {}", std::process::id());
                    file.set_len(0)
                        .and_then(|()| file.write_all(holder.as_bytes()))
                        .map_err(fail)?;
                    return Ok(Self { path, file: Some(file) });
                }
                Err(TryLockError::WouldBlock) => {
                    let holder = std::fs::read_to_string(&path).unwrap_or_default();
                    return Err(OutputError::InUse { folder: folder.to_owned(), holder });
                }
                Err(TryLockError::Error(_)) => return Ok(Self { path, file: None }),
            }
        }
        Err(OutputError::InUse { folder: folder.to_owned(), holder: String::new() })
    }

    /// Whether its file still stands where other runs look for it.
    pub(super) fn is_held(&self) -> bool {
        self.file.as_ref().is_none_or(|file| is_at(file, &self.path))
    }
}

impl Drop for Lock {
    /// The file goes while the lock is still held, so that nobody else's is taken away.
    fn drop(&mut self) {
        if self.is_held() {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
