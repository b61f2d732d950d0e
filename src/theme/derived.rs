//! Results that are derived from a file's content and stored with the file.
//!
//! A file never changes once it is part of a theme; a changed file is a new file. So whatever follows from
//! its bytes alone is computed once and shared by all themes that hold the file, for as long as one of them
//! lives. No other cache has to be consulted, can grow or can go stale: a warm run merely holds on to its
//! files (see `cache`). Results that depend on more than one file do not belong here.

use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};

/// A result and its variant, which distinguishes several results of one type.
type Entry = (u8, Arc<dyn Any + Send + Sync>);

/// Results, told apart by type and variant.
#[derive(Default)]
pub(super) struct Derived(Mutex<Vec<Entry>>);

impl Derived {
    /// Returns the result of this type and variant; computes it with `find` if it is not known yet.
    pub(super) fn get<T: Any + Send + Sync>(
        &self,
        variant: u8,
        find: impl FnOnce() -> T,
    ) -> Arc<T> {
        if let Some(known) = self.look(variant) {
            return known;
        }
        // Not under the lock: `find` may take long, and may ask for other results of the same file.
        let found = Arc::new(find());
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.push((variant, Arc::clone(&found) as Arc<dyn Any + Send + Sync>));
        found
    }

    /// Returns the result of this type and variant, if it is known.
    pub(super) fn look<T: Any + Send + Sync>(&self, variant: u8) -> Option<Arc<T>> {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut alike = entries.iter().filter(|(of, _)| *of == variant);
        alike.find_map(|(_, known)| Arc::clone(known).downcast().ok())
    }
}

impl std::fmt::Debug for Derived {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Derived")
    }
}
