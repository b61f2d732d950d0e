//! What is known of a file's content, kept with the file.
//!
//! A file never changes once it is part of a theme; a changed one is another file. So whatever follows from
//! its bytes alone is found once and shared by all themes that hold the file, for as long as one of them
//! lives. There is no other cache to be asked, to grow or to be wrong: to be warm is to hold on to files
//! (see `cache`). What follows from more than one file does not belong here.

use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};

/// A result, and which of several of its type it is.
type Entry = (u8, Arc<dyn Any + Send + Sync>);

/// Results by their types.
#[derive(Default)]
pub(super) struct Derived(Mutex<Vec<Entry>>);

impl Derived {
    /// The result of this type and variant, which `find` finds if nobody did.
    pub(super) fn get<T: Any + Send + Sync>(
        &self,
        variant: u8,
        find: impl FnOnce() -> T,
    ) -> Arc<T> {
        if let Some(known) = self.look(variant) {
            return known;
        }
        // Not under the lock: it may take long, and ask for other results of the same file.
        let found = Arc::new(find());
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.push((variant, Arc::clone(&found) as Arc<dyn Any + Send + Sync>));
        found
    }

    /// The result of this type and variant, if it was found.
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
