//! A lock, so that only one run at a time writes a folder. It is a file lock of the operating system, which
//! releases it however the process ends. The text of the lock file names the holder.

use super::OutputError;
use crate::stamp::is_at;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The name of the lock file, which is beside the list of files.
const NAME: &str = "lock";

/// How often a run tries again after another run has removed the lock file.
const MAX_TRIES: usize = 1000;

/// The right to write a folder, until this is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    /// The locked file; `None` on a file system without locks.
    file: Option<File>,
}

impl Lock {
    /// Locks `folder`, whose folder `state` exists, for a run that `who` describes; `who` may be empty.
    ///
    /// # Errors
    /// When another run holds the lock, or the file system refuses.
    pub(super) fn take(folder: &Path, state: &Path, who: &str) -> Result<Self, OutputError> {
        let path = state.join(NAME);
        let fail = |source| OutputError::refused(&path, source);
        for _ in 0..MAX_TRIES {
            let mut options = OpenOptions::new();
            let file = options.read(true).write(true).create(true).truncate(false).open(&path);
            let mut file = file.map_err(fail)?;
            match file.try_lock() {
                // The earlier holder has just removed this file, and a third run may have locked a new one.
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

    /// Reports whether the lock file is still at the path where other runs look for it.
    pub(super) fn is_held(&self) -> bool {
        self.file.as_ref().is_none_or(|file| is_at(file, &self.path))
    }
}

impl Drop for Lock {
    /// Removes the file while the lock is still held, so that it cannot be the file of another run.
    fn drop(&mut self) {
        if self.is_held() {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
