//! Values that are stored once each, so that comparing them takes only their numbers, however large they are.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::rc::Rc;

/// A value that its collection stores once.
#[derive(Debug)]
pub(super) struct Unique<T> {
    /// Numbers follow the order in which the collection received the values.
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

/// All values of one type, each stored once.
#[derive(Debug)]
pub(super) struct Collection<T>(BTreeMap<Rc<T>, usize>);

impl<T> Default for Collection<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Ord> Collection<T> {
    /// Returns the stored value that equals `value`; stores it first if there is none.
    pub(super) fn get(&mut self, value: T) -> Unique<T> {
        if let Some((value, number)) = self.0.get_key_value(&value) {
            return Unique { number: *number, value: Rc::clone(value) };
        }
        let (number, value) = (self.0.len(), Rc::new(value));
        self.0.insert(Rc::clone(&value), number);
        Unique { number, value }
    }
}
