//! A map by name of which copies share what they have in common, so that a copy costs nothing and two that
//! were one before are joined where they differ only.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::rc::Rc;

/// So many branches a node has, each for some bits of a name's digest.
const WIDTH: usize = 16;
/// Nodes inside one another.
const DEPTH: u32 = 5;

/// A map by name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SharedMap<V>(Branch<V>);

/// A part of a map; the same part of another may be the very same.
#[derive(Debug)]
struct Branch<V>(Option<Rc<Node<V>>>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Node<V> {
    Inner([Branch<V>; WIDTH]),
    Leaf(BTreeMap<String, V>),
}

impl<V> Default for SharedMap<V> {
    fn default() -> Self {
        Self(Branch(None))
    }
}

impl<V> Clone for Branch<V> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<V: PartialEq> PartialEq for Branch<V> {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other) || self.0 == other.0
    }
}

impl<V: Eq> Eq for Branch<V> {}

impl<V: Ord> Ord for Branch<V> {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.is_same(other) { Ordering::Equal } else { self.0.cmp(&other.0) }
    }
}

impl<V: PartialOrd> PartialOrd for Branch<V> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        if self.is_same(other) { Some(Ordering::Equal) } else { self.0.partial_cmp(&other.0) }
    }
}

impl<V: Clone> SharedMap<V> {
    pub(super) fn get(&self, name: &str) -> Option<&V> {
        let digest = digest(name);
        let mut branch = &self.0;
        for depth in 0..DEPTH {
            match branch.0.as_deref()? {
                Node::Inner(branches) => branch = &branches[place(digest, depth)],
                Node::Leaf(_) => return None,
            }
        }
        match branch.0.as_deref()? {
            Node::Leaf(values) => values.get(name),
            Node::Inner(_) => None,
        }
    }

    pub(super) fn insert(&mut self, name: String, value: V) {
        self.0.insert(digest(&name), 0, name, value);
    }

    /// All names with their values, in no order that means anything.
    pub(super) fn entries(&self) -> Vec<(&str, &V)> {
        let mut found = Vec::new();
        self.0.collect(&mut found);
        found
    }

    /// Makes one map of two: `both` says what stands for a name that they do not share.
    pub(super) fn join(
        &mut self,
        other: &Self,
        both: &mut impl FnMut(&str, Option<&V>, Option<&V>) -> V,
    ) {
        self.0.join(&other.0, 0, both);
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
}

impl<V: Clone> Branch<V> {
    /// What is in here, as its own.
    fn node(&mut self, depth: u32) -> &mut Node<V> {
        let new = || Rc::new(if depth == DEPTH { Node::leaf() } else { Node::inner() });
        Rc::make_mut(self.0.get_or_insert_with(new))
    }

    fn insert(&mut self, digest: u32, depth: u32, name: String, value: V) {
        match self.node(depth) {
            Node::Inner(branches) => {
                branches[place(digest, depth)].insert(digest, depth + 1, name, value);
            }
            Node::Leaf(values) => drop(values.insert(name, value)),
        }
    }

    fn collect<'m>(&'m self, found: &mut Vec<(&'m str, &'m V)>) {
        match self.0.as_deref() {
            Some(Node::Inner(branches)) => branches.iter().for_each(|branch| branch.collect(found)),
            Some(Node::Leaf(values)) => {
                found.extend(values.iter().map(|(name, value)| (name.as_str(), value)));
            }
            None => {}
        }
    }

    fn join(
        &mut self,
        other: &Self,
        depth: u32,
        both: &mut impl FnMut(&str, Option<&V>, Option<&V>) -> V,
    ) {
        if self.is_same(other) {
            return;
        }
        match (self.node(depth), other.0.as_deref()) {
            (Node::Inner(own), Some(Node::Inner(others))) => {
                for (own, other) in own.iter_mut().zip(others) {
                    own.join(other, depth + 1, both);
                }
            }
            (Node::Inner(own), _) => {
                own.iter_mut().for_each(|own| own.join(&Self(None), depth + 1, both));
            }
            (Node::Leaf(own), other) => {
                let empty = BTreeMap::new();
                let others = match other {
                    Some(Node::Leaf(others)) => others,
                    _ => &empty,
                };
                let names = own.keys().chain(others.keys().filter(|name| !own.contains_key(*name)));
                let joined =
                    names.map(|name| (name.clone(), both(name, own.get(name), others.get(name))));
                *own = joined.collect();
            }
        }
    }
}

impl<V> Node<V> {
    fn inner() -> Self {
        Self::Inner(std::array::from_fn(|_| Branch(None)))
    }

    fn leaf() -> Self {
        Self::Leaf(BTreeMap::new())
    }
}

/// Which branch of a node at this depth a name is in.
fn place(digest: u32, depth: u32) -> usize {
    (digest >> (4 * depth)) as usize % WIDTH
}

/// A number that is the same for the same name in every run (FNV-1a).
fn digest(name: &str) -> u32 {
    let start = 0x811c_9dc5_u32;
    let digest =
        name.bytes().fold(start, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    digest ^ (digest >> 15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_joined_where_they_differ_only() {
        let mut map = SharedMap::default();
        let name = |number: usize| format!("n{number}");
        for number in 0..1_000 {
            map.insert(name(number), 1);
        }
        let mut copy = map.clone();
        copy.insert(name(7), 2);
        copy.insert("new".to_owned(), 3);
        let mut asked = 0;
        map.join(&copy, &mut |_, one, other| {
            asked += 1;
            10 * one.unwrap_or(&0) + other.unwrap_or(&0)
        });
        assert!(asked < 5, "{asked}");
        assert_eq!([map.get("n7"), map.get("new"), map.get("n8")], [Some(&12), Some(&3), Some(&1)]);
        assert_eq!(map.entries().len(), 1_001);
        let mut none = SharedMap::default();
        none.join(&copy, &mut |_, _, other| *other.unwrap());
        assert_eq!((none == copy, none.cmp(&copy)), (true, Ordering::Equal));
        assert!(map != copy && map.get("none").is_none());
    }
}
