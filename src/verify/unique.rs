//! Values that are held once each: whether two are equal, their numbers tell, however much is in them.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::rc::Rc;

/// A value that its collection holds once.
#[derive(Debug)]
pub(super) struct Unique<T> {
    /// In the order in which the collection got them.
    number: usize,
    value: Rc<T>,
}

impl<T> Unique<T> {
    pub(super) fn number(&self) -> usize {
        self.number
    }
}

impl<T> Clone for Unique<T> {
    fn clone(&self) -> Self {
        Self { number: self.number, value: Rc::clone(&self.value) }
    }
}

impl<T> Deref for Unique<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> PartialEq for Unique<T> {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl<T> Eq for Unique<T> {}

impl<T> Ord for Unique<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.number.cmp(&other.number)
    }
}

impl<T> PartialOrd for Unique<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Hash for Unique<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.number.hash(state);
    }
}

/// All values of a kind.
#[derive(Debug)]
pub(super) struct Collection<T>(BTreeMap<Rc<T>, usize>);

impl<T> Default for Collection<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Ord> Collection<T> {
    /// The one that equals this.
    pub(super) fn get(&mut self, value: T) -> Unique<T> {
        if let Some((value, number)) = self.0.get_key_value(&value) {
            return Unique { number: *number, value: Rc::clone(value) };
        }
        let (number, value) = (self.0.len(), Rc::new(value));
        self.0.insert(Rc::clone(&value), number);
        Unique { number, value }
    }
}
