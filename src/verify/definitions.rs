//! Partials that templates define while they are rendered: by `{{#partial}}`, for all that comes later, and by
//! `{{#*inline}}` and `{{#> name}}`, for what is rendered in their place.

use super::shared_map::SharedMap;
use crate::syntax::ast::Statement;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// A body that is printed elsewhere.
#[derive(Clone, Debug)]
pub(super) struct Body<'a> {
    /// The template in which it stands.
    pub(super) template: &'a str,
    /// Where in it.
    pub(super) start: usize,
    /// What is printed.
    pub(super) statements: &'a [Statement],
    /// The inline partials that it sees; without any, those of where it is printed.
    pub(super) inlines: Option<Inlines<'a>>,
}

/// Compares what is shared: most often it is the very same, and what is in it need not be looked at.
fn compared<T: Ord>(one: Option<&Rc<T>>, other: Option<&Rc<T>>) -> Ordering {
    match (one, other) {
        (Some(one), Some(other)) if Rc::ptr_eq(one, other) => Ordering::Equal,
        (one, other) => one.cmp(&other),
    }
}

impl Body<'_> {
    fn place(&self) -> (&str, usize, bool) {
        (self.template, self.start, self.statements.is_empty())
    }
}

impl PartialEq for Body<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Body<'_> {}

impl Ord for Body<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let inlines = || compared(self.inlines.as_ref(), other.inlines.as_ref());
        self.place().cmp(&other.place()).then_with(inlines)
    }
}

impl PartialOrd for Body<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Inline partials by name.
pub(super) type Inlines<'a> = Rc<BTreeMap<String, Body<'a>>>;

/// What stands for names at some point only.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope<'a> {
    /// Inline partials.
    pub(super) inlines: Inlines<'a>,
    /// What `@partial-block` stands for.
    pub(super) block: Option<Rc<PartialBlock<'a>>>,
    /// Whether variables may hold markup that a template put together.
    pub(super) has_markup: bool,
}

impl Ord for Scope<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let block = || compared(self.block.as_ref(), other.block.as_ref());
        let markup = || self.has_markup.cmp(&other.has_markup);
        compared(Some(&self.inlines), Some(&other.inlines)).then_with(block).then_with(markup)
    }
}

impl PartialEq for Scope<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Scope<'_> {}

impl PartialOrd for Scope<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The body of a `{{#> name}}` that is being rendered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PartialBlock<'a> {
    /// Its body.
    pub(super) body: Body<'a>,
    /// What names stand for where it stands.
    pub(super) scope: Scope<'a>,
}

/// The bodies that a name may stand for that is defined on some way; `None` is none.
type Bodies<'a> = BTreeSet<Option<Body<'a>>>;

/// What is defined at some point.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Definitions<'a> {
    named: SharedMap<Bodies<'a>>,
    /// Bodies with a name that is found at run time: each may stand for any.
    unnamed: Rc<BTreeSet<Body<'a>>>,
}

impl<'a> Definitions<'a> {
    /// From here on, the name stands for this body.
    pub(super) fn define(&mut self, name: String, body: Body<'a>) {
        self.named.insert(name, BTreeSet::from([Some(body)]));
    }

    /// From here on, some name may stand for this body.
    pub(super) fn define_unnamed(&mut self, body: Body<'a>) {
        let named = self.named.entries();
        let named: Vec<String> = named.into_iter().map(|(name, _)| name.to_owned()).collect();
        for name in named {
            let mut bodies = self.named.get(&name).cloned().unwrap_or_default();
            bodies.insert(Some(body.clone()));
            self.named.insert(name, bodies);
        }
        Rc::make_mut(&mut self.unnamed).insert(body);
    }

    /// Whether the name may stand for a body.
    pub(super) fn may_define(&self, name: &str) -> bool {
        !self.unnamed.is_empty() || self.named.get(name).is_some()
    }

    /// What the name may stand for.
    pub(super) fn bodies(&self, name: &str) -> Vec<Option<Body<'a>>> {
        match self.named.get(name) {
            Some(bodies) => bodies.iter().cloned().collect(),
            None => self.of_no_name().into_iter().collect(),
        }
    }

    /// What a name may stand for that is not defined.
    fn of_no_name(&self) -> Bodies<'a> {
        std::iter::once(None).chain(self.unnamed.iter().cloned().map(Some)).collect()
    }

    /// All bodies that some name may stand for that begins so.
    pub(super) fn below(&self, start: &str) -> BTreeSet<Body<'a>> {
        let named = self.named.entries().into_iter().filter(|(name, _)| name.starts_with(start));
        let named = named.flat_map(|(_, bodies)| bodies).flatten();
        named.chain(self.unnamed.iter()).cloned().collect()
    }

    /// What may be defined after either of two ways.
    pub(super) fn join(&mut self, other: &Self) {
        let undefined = [self.of_no_name(), other.of_no_name()];
        self.named.join(&other.named, &mut |_, one, other| {
            let [no_one, no_other] = &undefined;
            one.unwrap_or(no_one).union(other.unwrap_or(no_other)).cloned().collect()
        });
        if !Rc::ptr_eq(&self.unnamed, &other.unnamed) && self.unnamed != other.unnamed {
            self.unnamed = Rc::new(self.unnamed.union(&other.unnamed).cloned().collect());
        }
    }
}
