//! What a file system says of a file without its being read, and when that can be relied on.
//!
//! A file that is written twice within one tick of the file system's clock looks the same both times. So a
//! stamp speaks for a file's content only if the file was read again when that tick was over; until then the
//! file is read each time.

use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

/// The longest tick of a file system that is in use: FAT's.
const TICK: Duration = Duration::from_secs(2);

/// Size, times and identity of a file. Any write changes it, but for those within one tick.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    length: u64,
    modified: Option<SystemTime>,
    own: Own,
}

impl Stamp {
    /// The stamp that this was found with.
    pub fn of(metadata: &Metadata) -> Self {
        Self { length: metadata.len(), modified: metadata.modified().ok(), own: own(metadata) }
    }
}

/// Device, number, time of the last change of any kind in seconds and nanoseconds, and mode.
#[cfg(unix)]
type Own = (u64, u64, i64, i64, u32);

#[cfg(unix)]
fn own(metadata: &Metadata) -> Own {
    use std::os::unix::fs::MetadataExt;
    let (seconds, nanoseconds) = (metadata.ctime(), metadata.ctime_nsec());
    (metadata.dev(), metadata.ino(), seconds, nanoseconds, metadata.mode())
}

/// The time of creation: another file in the same place has another.
#[cfg(not(unix))]
type Own = Option<SystemTime>;

#[cfg(not(unix))]
fn own(metadata: &Metadata) -> Own {
    metadata.created().ok()
}

/// Which file or folder stands at a path; another one that comes to stand there is told apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    path: PathBuf,
    /// Numbers are used again; the time of creation tells.
    own: ((u64, u64), Option<SystemTime>),
}

impl Identity {
    /// What stands there, links followed; `None` if nothing does.
    pub fn of(path: &Path) -> Option<Self> {
        let (path, metadata) = (path.canonicalize().ok()?, path.metadata().ok()?);
        Some(Self { path, own: (number(&metadata), metadata.created().ok()) })
    }

    /// Whether it lies below another, or is it.
    pub fn is_below(&self, other: &Self) -> bool {
        self.path.starts_with(&other.path)
    }
}

/// Whether an open file is the one that stands at `path`.
pub fn is_at(file: &std::fs::File, path: &Path) -> bool {
    let identity = |metadata: Metadata| (number(&metadata), metadata.created().ok());
    let (own, there) = (file.metadata().map(identity), path.symlink_metadata().map(identity));
    own.ok().is_some_and(|own| there.ok() == Some(own))
}

/// Device and number where there are such.
#[cfg(unix)]
fn number(metadata: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    (metadata.dev(), metadata.ino())
}

#[cfg(not(unix))]
fn number(_metadata: &Metadata) -> (u64, u64) {
    (0, 0)
}

/// That a file was read while it had a stamp, and what came of it.
#[derive(Clone, Debug)]
pub struct Stamped<T> {
    stamp: Stamp,
    /// When the stamp was seen for the first time.
    first: Instant,
    /// When the file was last read.
    read: Instant,
    /// What came of it.
    pub content: T,
}

impl<T> Stamped<T> {
    /// A file that is read now, after its stamp was taken; `earlier` is what was known of it before.
    pub fn new(stamp: Stamp, now: Instant, earlier: Option<&Self>, content: T) -> Self {
        let first = earlier.filter(|earlier| earlier.stamp == stamp).map(|earlier| earlier.first);
        Self { stamp, first: first.unwrap_or(now), read: now, content }
    }

    /// Whether the file had this stamp.
    pub fn is_of(&self, stamp: &Stamp) -> bool {
        self.stamp == *stamp
    }

    /// Whether a file with this stamp is as it was.
    pub fn holds(&self, stamp: &Stamp) -> bool {
        self.is_of(stamp) && self.read.duration_since(self.first) > TICK
    }
}

/// What time it is; a test has a time of its own.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Instant + Send + Sync>);

impl Clock {
    /// A clock that shows what `now` says; it must not go back.
    pub fn new(now: impl Fn() -> Instant + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The time.
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
