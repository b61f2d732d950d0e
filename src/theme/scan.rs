//! Reads the files of a folder; a repeated scan reads only those that may have changed.

use super::File;
use crate::stamp::{Clock, Stamp, Stamped};
use rayon::prelude::*;
use std::collections::HashMap;
use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The files that earlier scans of a folder have read. An empty scan reads everything.
#[derive(Debug, Default)]
pub struct Scan {
    clock: Clock,
    before: HashMap<String, Stamped<Read>>,
    now: HashMap<String, Stamped<Read>>,
    read: usize,
}

/// A file and the path that it was read from.
#[derive(Clone, Debug)]
struct Read {
    path: PathBuf,
    file: Arc<File>,
}

impl Scan {
    /// Creates a scan that has read nothing yet and uses this clock.
    pub fn new(clock: Clock) -> Self {
        Self { clock, ..Self::default() }
    }

    /// Returns how many files were read since the last scan began.
    pub fn read(&self) -> usize {
        self.read
    }

    /// Returns the name of a file that has changed since the last scan, if there is one.
    pub fn changed(&self) -> Option<&str> {
        let is_changed =
            |(_, sighting): &(&String, &Stamped<Read>)| !is_current(sighting).unwrap_or(false);
        self.now.par_iter().find_any(is_changed).map(|(name, _)| name.as_str())
    }

    /// Begins a scan and forgets the files that the last one did not find.
    pub(super) fn begin_run(&mut self) {
        self.before = std::mem::take(&mut self.now);
        self.read = 0;
    }

    /// Returns the file at `path`, which is called `name` and has just been found with `metadata`. As long as
    /// the content is unchanged, this is the same `File`.
    pub(super) fn file(
        &mut self,
        name: &str,
        path: &Path,
        metadata: &Metadata,
    ) -> io::Result<Arc<File>> {
        let stamp = Stamp::of(metadata);
        let earlier = self.before.remove(name);
        let sighting = match earlier {
            Some(earlier) if earlier.holds(&stamp) => earlier,
            earlier => {
                let now = self.clock.now();
                self.read += 1;
                let file = Arc::new(File::new(std::fs::read(path)?, is_executable(metadata)));
                let same = earlier.as_ref().map(|earlier| &earlier.content.file);
                let file = same.filter(|same| **same == file).cloned().unwrap_or(file);
                let content = Read { path: path.to_owned(), file };
                Stamped::new(stamp, now, earlier.as_ref(), content)
            }
        };
        let file = Arc::clone(&sighting.content.file);
        self.now.insert(name.to_owned(), sighting);
        Ok(file)
    }
}

fn is_current(sighting: &Stamped<Read>) -> io::Result<bool> {
    let Read { path, file } = &sighting.content;
    let stamp = Stamp::of(&std::fs::metadata(path)?);
    Ok(sighting.is_of(&stamp) && (sighting.holds(&stamp) || std::fs::read(path)? == file.bytes))
}

#[cfg(unix)]
fn is_executable(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o100 != 0
}

#[cfg(not(unix))]
fn is_executable(_metadata: &Metadata) -> bool {
    false
}
