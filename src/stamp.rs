//! Detects from a file's metadata, without reading it, that it is unchanged, and knows when that is reliable.
//!
//! A file that is written twice within one tick of the file system's clock has the same metadata both times.
//! So a stamp proves that the content is unchanged only if the file was read again after that tick; until
//! then, the file is read each time.

use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

/// The longest tick of any file system in use: that of FAT.
const TICK: Duration = Duration::from_secs(2);

/// The size, times and identity of a file. Any write changes the stamp, except a second one within one tick.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    length: u64,
    modified: Option<SystemTime>,
    own: Own,
}

impl Stamp {
    /// Returns the stamp that `metadata` describes.
    pub fn of(metadata: &Metadata) -> Self {
        Self { length: metadata.len(), modified: metadata.modified().ok(), own: own(metadata) }
    }
}

/// Device, inode number, `ctime` in seconds and nanoseconds, and mode.
#[cfg(unix)]
type Own = (u64, u64, i64, i64, u32);

#[cfg(unix)]
fn own(metadata: &Metadata) -> Own {
    use std::os::unix::fs::MetadataExt;
    let (seconds, nanoseconds) = (metadata.ctime(), metadata.ctime_nsec());
    (metadata.dev(), metadata.ino(), seconds, nanoseconds, metadata.mode())
}

/// The time of creation, which differs for another file at the same path.
#[cfg(not(unix))]
type Own = Option<SystemTime>;

#[cfg(not(unix))]
fn own(metadata: &Metadata) -> Own {
    metadata.created().ok()
}

/// The identity of the file or folder at a path. Another one that replaces it has another identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    path: PathBuf,
    /// Device and inode number, with the time of creation because file systems reuse numbers.
    own: ((u64, u64), Option<SystemTime>),
}

impl Identity {
    /// Returns the identity of what is at `path`, following links; `None` if nothing is there.
    pub fn of(path: &Path) -> Option<Self> {
        let (path, metadata) = (path.canonicalize().ok()?, path.metadata().ok()?);
        Some(Self { path, own: (number(&metadata), metadata.created().ok()) })
    }

    /// Reports whether the path lies below that of `other`, or is the same.
    pub fn is_below(&self, other: &Self) -> bool {
        self.path.starts_with(&other.path)
    }
}

/// Reports whether an open file is the one at `path`, without following a link there.
pub fn is_at(file: &std::fs::File, path: &Path) -> bool {
    let identity = |metadata: Metadata| (number(&metadata), metadata.created().ok());
    let (own, there) = (file.metadata().map(identity), path.symlink_metadata().map(identity));
    own.ok().is_some_and(|own| there.ok() == Some(own))
}

/// Returns the device and the inode number; zeros where the system has none.
#[cfg(unix)]
fn number(metadata: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    (metadata.dev(), metadata.ino())
}

#[cfg(not(unix))]
fn number(_metadata: &Metadata) -> (u64, u64) {
    (0, 0)
}

/// The content read from a file, with the file's stamp at that time.
#[derive(Clone, Debug)]
pub struct Stamped<T> {
    stamp: Stamp,
    /// When the stamp was seen for the first time.
    first: Instant,
    /// When the file was last read.
    read: Instant,
    /// What was read or computed from the file.
    pub content: T,
}

impl<T> Stamped<T> {
    /// Records a file that is read at `now`, after its stamp was taken; `earlier` is the previous record of
    /// it.
    pub fn new(stamp: Stamp, now: Instant, earlier: Option<&Self>, content: T) -> Self {
        let first = earlier.filter(|earlier| earlier.stamp == stamp).map(|earlier| earlier.first);
        Self { stamp, first: first.unwrap_or(now), read: now, content }
    }

    /// Reports whether the file had this stamp.
    pub fn is_of(&self, stamp: &Stamp) -> bool {
        self.stamp == *stamp
    }

    /// Reports whether a file that has this stamp now is certainly unchanged.
    pub fn holds(&self, stamp: &Stamp) -> bool {
        self.is_of(stamp) && self.read.duration_since(self.first) > TICK
    }
}

/// A source of the current time, which tests can replace.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Instant + Send + Sync>);

impl Clock {
    /// Creates a clock from `now`, which must not go back.
    pub fn new(now: impl Fn() -> Instant + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// Returns the current time.
    pub fn now(&self) -> Instant {
        (self.0)()
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new(Instant::now)
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Clock")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_speaks_for_a_file_that_was_read_when_its_tick_was_over() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let stamp = |text: &str| {
            std::fs::write(file.path(), text).unwrap();
            Stamp::of(&file.path().metadata().unwrap())
        };
        let (start, one) = (Instant::now(), stamp("1"));
        let first = Stamped::new(one.clone(), start, None, ());
        assert!(!first.holds(&one));
        let soon = Stamped::new(one.clone(), start + TICK / 2, Some(&first), ());
        assert!(!soon.holds(&one));
        let later = Stamped::new(one.clone(), start + 2 * TICK, Some(&soon), ());
        assert!(later.holds(&one));
        let other = stamp("22");
        assert!(!later.holds(&other));
        assert!(!Stamped::new(other.clone(), start + 3 * TICK, Some(&later), ()).holds(&other));
    }
}
