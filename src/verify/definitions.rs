//! Partials that templates define while they are rendered, by `{{#partial}}`, for `{{#block}}` to print.

use crate::syntax::ast::Statement;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// A body that is printed elsewhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Body<'a> {
    /// The template in which it stands.
    pub(super) template: &'a str,
    /// Where in it.
    pub(super) start: usize,
    /// What is printed.
    pub(super) statements: &'a [Statement],
}

impl Body<'_> {
    fn place(&self) -> (&str, usize) {
        (self.template, self.start)
    }
}

impl PartialEq for Body<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.place() == other.place()
    }
}

impl Eq for Body<'_> {}

impl Ord for Body<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.place().cmp(&other.place())
    }
}

impl PartialOrd for Body<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Of each name that is defined on some way, the bodies that it may stand for; `None` is none.
type Bodies<'a> = BTreeMap<String, BTreeSet<Option<Body<'a>>>>;

/// What is defined at some point.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Definitions<'a>(Rc<Bodies<'a>>);

impl<'a> Definitions<'a> {
    /// From here on, the name stands for this body.
    pub(super) fn define(&mut self, name: String, body: Body<'a>) {
        Rc::make_mut(&mut self.0).insert(name, BTreeSet::from([Some(body)]));
    }

    /// What the name may stand for.
    pub(super) fn bodies(&self, name: &str) -> Vec<Option<Body<'a>>> {
        let bodies = self.0.get(name).map(|bodies| bodies.iter().copied().collect());
        bodies.unwrap_or_else(|| vec![None])
    }

    /// What may be defined after either of two ways.
    pub(super) fn join(&mut self, other: &Self) {
        if self == other {
            return;
        }
        let names: BTreeSet<&String> = self.0.keys().chain(other.0.keys()).collect();
        let of_both = |name: &String| {
            let bodies = self.bodies(name).into_iter().chain(other.bodies(name));
            (name.clone(), bodies.collect())
        };
        self.0 = Rc::new(names.into_iter().map(of_both).collect());
    }
}
