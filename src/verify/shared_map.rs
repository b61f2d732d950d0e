//! A map by number whose copies share what they have in common: a copy costs nothing, and joining two copies
//! only visits the parts in which they differ.
//!
//! Crates with such a map bring half a dozen dependencies or more; numbers need no hashing and no balancing.

use std::cmp::Ordering;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hash};
use std::rc::Rc;

/// Number of branches of a node; each digit of a number, in this base, selects one.
const WIDTH: usize = 16;
/// Number of levels of nodes.
const DEPTH: u32 = 5;

/// The first number that does not fit into a map.
pub(super) const END: usize = WIDTH.pow(DEPTH);

/// A map by number.
#[derive(Clone, Debug)]
pub(super) struct SharedMap<V> {
    /// A hash of all entries, whatever their order: maps that differ nearly always have different digests.
    digest: u64,
    root: Branch<V>,
}

/// A part of a map, which several maps may share.
#[derive(Debug)]
struct Branch<V>(Option<Rc<Node<V>>>);

#[derive(Clone, Debug, PartialEq)]
enum Node<V> {
    Inner([Branch<V>; WIDTH]),
    Leaf([Option<V>; WIDTH]),
}

impl<V> Default for SharedMap<V> {
    fn default() -> Self {
        Self { digest: 0, root: Branch(None) }
    }
}

impl<V> Clone for Branch<V> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<V: PartialEq> PartialEq for SharedMap<V> {
    fn eq(&self, other: &Self) -> bool {
        self.digest == other.digest && self.root == other.root
    }
}

impl<V: Eq> Eq for SharedMap<V> {}

impl<V: Ord> Ord for SharedMap<V> {
    fn cmp(&self, other: &Self) -> Ordering {
        match self.digest.cmp(&other.digest) {
            Ordering::Equal if self.root == other.root => Ordering::Equal,
            Ordering::Equal => self.entries().cmp(&other.entries()),
            order => order,
        }
    }
}

impl<V: Ord> PartialOrd for SharedMap<V> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<V: PartialEq> PartialEq for Branch<V> {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other) || self.0 == other.0
    }
}

impl<V> SharedMap<V> {
    /// Returns all numbers with their values.
    pub(super) fn entries(&self) -> Vec<(usize, &V)> {
        let mut found = Vec::new();
        self.root.collect(0, &mut found);
        found
    }
}

impl<V: Clone + Hash> SharedMap<V> {
    pub(super) fn get(&self, number: usize) -> Option<&V> {
        let mut branch = &self.root;
        for depth in 0..DEPTH {
            match branch.0.as_deref()? {
                Node::Inner(branches) => branch = &branches[place(number, depth)],
                Node::Leaf(values) => return values[place(number, depth)].as_ref(),
            }
        }
        None
    }

    /// Sets the value of a number below `END`.
    pub(super) fn insert(&mut self, number: usize, value: V) {
        let mut node = self.root.node(0);
        for depth in 0..DEPTH {
            match node {
                Node::Inner(branches) => node = branches[place(number, depth)].node(depth + 1),
                Node::Leaf(values) => {
                    let own = &mut values[place(number, depth)];
                    self.digest ^= digest(number, own.as_ref()) ^ digest(number, Some(&value));
                    *own = Some(value);
                    return;
                }
            }
        }
    }

    /// Joins `other` into this map: `both` returns the value of a number in a part that they do not share.
    pub(super) fn join(
        &mut self,
        other: &Self,
        both: &mut impl FnMut(Option<&V>, Option<&V>) -> V,
    ) {
        self.root.join(&other.root, (0, 0), &mut |number, own, other| {
            let joined = both(own, other);
            self.digest ^= digest(number, own) ^ digest(number, Some(&joined));
            joined
        });
    }
}

impl<V> Branch<V> {
    fn is_same(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(other)) => Rc::ptr_eq(one, other),
            (None, None) => true,
            _ => false,
        }
    }

    fn collect<'m>(&'m self, start: usize, found: &mut Vec<(usize, &'m V)>) {
        let at = |place: usize| start * WIDTH + place;
        match self.0.as_deref() {
            Some(Node::Inner(branches)) => {
                branches.iter().enumerate().for_each(|(place, it)| it.collect(at(place), found));
            }
            Some(Node::Leaf(values)) => {
                let values = values.iter().enumerate();
                found.extend(values.filter_map(|(place, it)| Some((at(place), it.as_ref()?))));
            }
            None => {}
        }
    }
}

impl<V: Clone> Branch<V> {
    /// Returns the node for writing: creates it if it is missing, and copies it if it is shared.
    fn node(&mut self, depth: u32) -> &mut Node<V> {
        let inner = || Node::Inner(std::array::from_fn(|_| Self(None)));
        let leaf = || Node::Leaf(std::array::from_fn(|_| None));
        let new = || Rc::new(if depth + 1 == DEPTH { leaf() } else { inner() });
        Rc::make_mut(self.0.get_or_insert_with(new))
    }

    /// Does the same for a branch whose numbers begin with `start`.
    fn join(
        &mut self,
        other: &Self,
        (start, depth): (usize, u32),
        both: &mut impl FnMut(usize, Option<&V>, Option<&V>) -> V,
    ) {
        if self.is_same(other) {
            return;
        }
        let at = |place: usize| start * WIDTH + place;
        match (self.node(depth), other.0.as_deref()) {
            (Node::Inner(own), others) => {
                for (place, own) in own.iter_mut().enumerate() {
                    let other = match others {
                        Some(Node::Inner(others)) => &others[place],
                        _ => &Self(None),
                    };
                    own.join(other, (at(place), depth + 1), both);
                }
            }
            (Node::Leaf(own), others) => {
                for (place, own) in own.iter_mut().enumerate() {
                    let other = match others {
                        Some(Node::Leaf(others)) => others[place].as_ref(),
                        _ => None,
                    };
                    if own.is_some() || other.is_some() {
                        *own = Some(both(at(place), own.as_ref(), other));
                    }
                }
            }
        }
    }
}

/// Returns the index of the branch that holds a number, in a node at this depth.
fn place(number: usize, depth: u32) -> usize {
    number / WIDTH.pow(DEPTH - 1 - depth) % WIDTH
}

/// Returns a hash of a number and its value, the same in every run; 0 without a value.
fn digest<V: Hash>(number: usize, value: Option<&V>) -> u64 {
    let hasher = BuildHasherDefault::<DefaultHasher>::default();
    value.map_or(0, |value| hasher.hash_one((number, value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn join_visits_only_parts_that_differ() {
        let mut map = SharedMap::default();
        for number in 0..1_000 {
            map.insert(number, 1);
        }
        let mut copy = map.clone();
        copy.insert(7, 2);
        copy.insert(END - 1, 3);
        let mut asked = 0;
        map.join(&copy, &mut |one, other| {
            asked += 1;
            10 * one.unwrap_or(&0) + other.unwrap_or(&0)
        });
        assert!(asked <= 2 * WIDTH, "{asked}");
        assert_eq!([map.get(7), map.get(END - 1), map.get(16)], [Some(&12), Some(&3), Some(&1)]);
        assert_eq!(map.entries().len(), 1_001);
        let mut none = SharedMap::default();
        none.join(&copy, &mut |_, other| *other.unwrap());
        assert_eq!((none == copy, none.cmp(&copy)), (true, Ordering::Equal));
        assert!(map != copy && map.get(2_000).is_none());
    }
}
