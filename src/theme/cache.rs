//! Keeps the files of the last run, so that the next run reuses them with everything derived from them.
//!
//! A run creates many files: those that it edits, and those that it generates. If one of them equals the file
//! of the last run, the older one replaces it. This is the only difference between a warm and a cold run: a
//! cold run is the same run with an empty cache.

use super::{File, Theme};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Files by path; one path may have had several contents in one run.
type Files = HashMap<String, Vec<Arc<File>>>;

/// The files of this run and of the one before.
#[derive(Debug, Default)]
pub struct Cache {
    now: Files,
    before: Files,
}

impl Cache {
    /// Begins a run and forgets the files that the last run did not use.
    pub fn begin_run(&mut self) {
        self.before = std::mem::take(&mut self.now);
    }

    /// Returns the equal file that was at this path before, or else `file` itself.
    pub fn share(&mut self, path: &str, file: Arc<File>) -> Arc<File> {
        let equal = |files: &Vec<Arc<File>>| files.iter().find(|known| **known == file).cloned();
        if let Some(known) = self.now.get(path).and_then(equal) {
            return known;
        }
        let known = self.before.get(path).and_then(equal).unwrap_or(file);
        self.now.entry(path.to_owned()).or_default().push(Arc::clone(&known));
        known
    }

    /// Returns the theme, with each file at `paths` replaced by an equal earlier one, if there is one.
    #[must_use]
    pub fn reuse<'p>(
        &mut self,
        mut theme: Theme,
        paths: impl Iterator<Item = &'p String>,
    ) -> Theme {
        for path in paths {
            if let Some(file) = theme.files.get_mut(path) {
                *file = self.share(path, Arc::clone(file));
            }
        }
        theme
    }

    /// Returns files with these contents, reusing earlier files that are equal.
    pub fn files(&mut self, contents: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Arc<File>> {
        let file = |(path, bytes)| {
            let (path, bytes): (String, Vec<u8>) = (path, bytes);
            let file = self.share(&path, Arc::new(File::new(bytes, false)));
            (path, file)
        };
        contents.into_iter().map(file).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_file_is_reused_until_a_run_does_not_use_it() {
        let file = |text: &str| Arc::new(File::new(text.into(), false));
        let mut cache = Cache::default();
        let first = cache.share("a", file("1"));
        let is_first = |shared: &Arc<File>| Arc::ptr_eq(shared, &first);
        cache.begin_run();
        assert!(!is_first(&cache.share("a", file("2"))));
        assert!(!is_first(&cache.share("b", file("1"))));
        assert!(is_first(&cache.share("a", file("1"))));
        cache.begin_run();
        cache.begin_run();
        assert!(!is_first(&cache.share("a", file("1"))));
    }

    #[test]
    fn derived_values_are_computed_once() {
        let file = File::new(b"abc".to_vec(), false);
        assert_eq!(*file.derived(0, <[u8]>::len), 3);
        assert_eq!(*file.derived(0, |_| -> usize { unreachable!() }), 3);
        assert_eq!(*file.derived(1, |bytes| bytes.len() + 1), 4);
        assert_eq!(*file.derived(0, |bytes| bytes.to_vec()), b"abc");
    }
}
