//! Partials that templates define while they are rendered: by `{{#partial}}`, for everything rendered later,
//! and by `{{#*inline}}` and `{{#> name}}`, only for what is rendered there.

use super::shared_map::{self, SharedMap};
use super::unique::{Collection, Unique};
use crate::syntax::ast::Statement;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// A body that is printed elsewhere.
#[derive(Clone, Debug)]
pub(super) struct Body<'a> {
    /// The template that contains it.
    pub(super) template: &'a str,
    /// Where its block starts in the template.
    pub(super) start: usize,
    /// The statements that are printed.
    pub(super) statements: &'a [Statement],
    /// The inline partials that it sees; `None` for those at the place where it is printed.
    pub(super) inlines: Option<Unique<Inlines<'a>>>,
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
        self.place().cmp(&other.place()).then_with(|| self.inlines.cmp(&other.inlines))
    }
}

impl PartialOrd for Body<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Inline partials by name.
pub(super) type Inlines<'a> = BTreeMap<String, Unique<Body<'a>>>;

/// What names stand for only at some point of a template.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Scope<'a> {
    /// Inline partials.
    pub(super) inlines: Unique<Inlines<'a>>,
    /// What `@partial-block` stands for.
    pub(super) block: Option<Unique<PartialBlock<'a>>>,
    /// Whether variables may hold markup that a template built.
    pub(super) has_markup: bool,
}

/// The body of a `{{#> name}}` that is being rendered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PartialBlock<'a> {
    /// Its body.
    pub(super) body: Unique<Body<'a>>,
    /// What names stand for at the place of the block.
    pub(super) scope: Scope<'a>,
}

/// The bodies that a defined name may stand for; `None` among them if it may be undefined.
type Bodies<'a> = BTreeSet<Option<Unique<Body<'a>>>>;

/// Everything that templates define, each value stored once.
#[derive(Default)]
pub(super) struct Library<'a> {
    names: Collection<String>,
    spelled: Vec<Unique<String>>,
    bodies: Collection<Body<'a>>,
    sets: Collection<Bodies<'a>>,
    inlines: Collection<Inlines<'a>>,
    blocks: Collection<PartialBlock<'a>>,
    unions: BTreeMap<[usize; 2], Unique<Bodies<'a>>>,
    /// How many of these values were visited to resolve names.
    pub(super) steps: usize,
}

impl<'a> Library<'a> {
    pub(super) fn body(&mut self, body: Body<'a>) -> Unique<Body<'a>> {
        self.bodies.get(body)
    }

    pub(super) fn inlines(&mut self, inlines: Inlines<'a>) -> Unique<Inlines<'a>> {
        self.steps += inlines.len();
        self.inlines.get(inlines)
    }

    pub(super) fn block(&mut self, block: PartialBlock<'a>) -> Unique<PartialBlock<'a>> {
        self.blocks.get(block)
    }

    /// Returns a scope that defines no names.
    pub(super) fn scope(&mut self) -> Scope<'a> {
        Scope { inlines: self.inlines(Inlines::new()), block: None, has_markup: false }
    }

    /// Returns empty definitions.
    pub(super) fn definitions(&mut self) -> Definitions<'a> {
        Definitions { named: SharedMap::default(), unnamed: self.sets.get(Bodies::new()) }
    }

    fn name(&mut self, name: &str) -> usize {
        let name = self.names.get(name.to_owned());
        if name.number() == self.spelled.len() {
            self.spelled.push(name.clone());
        }
        name.number()
    }

    fn union(
        &mut self,
        one: &Unique<Bodies<'a>>,
        other: &Unique<Bodies<'a>>,
    ) -> Unique<Bodies<'a>> {
        self.steps += 1;
        if one == other {
            return one.clone();
        }
        let mut key = [one.number(), other.number()];
        key.sort_unstable();
        if let Some(known) = self.unions.get(&key) {
            return known.clone();
        }
        self.steps += one.len() + other.len();
        let union = self.sets.get(one.union(other).cloned().collect());
        self.unions.insert(key, union.clone());
        union
    }
}

/// What a defined name stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Defined<'a> {
    bodies: Unique<Bodies<'a>>,
    /// The unnamed bodies from before the name was defined on every path, which cannot stand for it.
    hidden: Unique<Bodies<'a>>,
}

/// The partials that are defined at some point.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Definitions<'a> {
    named: SharedMap<Defined<'a>>,
    /// Bodies whose name is computed at run time: each may stand for any name.
    unnamed: Unique<Bodies<'a>>,
}

impl<'a> Definitions<'a> {
    /// Defines the name as this body from here on.
    pub(super) fn define(&mut self, library: &mut Library<'a>, name: &str, body: Body<'a>) {
        let name = library.name(name);
        let body = library.body(body);
        if name >= shared_map::END {
            return self.define_unnamed(library, body);
        }
        let bodies = library.sets.get(BTreeSet::from([Some(body)]));
        self.named.insert(name, Defined { bodies, hidden: self.unnamed.clone() });
    }

    /// Defines an unknown name as this body from here on.
    pub(super) fn define_unnamed(&mut self, library: &mut Library<'a>, body: Unique<Body<'a>>) {
        let body = library.sets.get(BTreeSet::from([Some(body)]));
        self.unnamed = library.union(&self.unnamed, &body);
    }

    /// Whether the name may stand for a body.
    pub(super) fn may_define(&self, library: &mut Library<'a>, name: &str) -> bool {
        !self.unnamed.is_empty() || self.named.get(library.name(name)).is_some()
    }

    /// Returns everything that the name may stand for.
    pub(super) fn bodies(&self, library: &mut Library<'a>, name: &str) -> Bodies<'a> {
        let bodies: Bodies<'a> = match self.named.get(library.name(name)) {
            Some(Defined { bodies, hidden }) => {
                bodies.iter().chain(self.unnamed.difference(hidden)).cloned().collect()
            }
            None => std::iter::once(None).chain(self.unnamed.iter().cloned()).collect(),
        };
        library.steps += bodies.len();
        bodies
    }

    /// Returns all bodies that a name with this start may stand for.
    pub(super) fn below(
        &self,
        library: &mut Library<'a>,
        start: &str,
    ) -> BTreeSet<Unique<Body<'a>>> {
        let named = self.named.entries();
        library.steps += named.len();
        let is_meant = |number: usize| library.spelled[number].starts_with(start);
        let sets: BTreeSet<&Unique<Bodies<'a>>> = named
            .into_iter()
            .filter(|(number, _)| is_meant(*number))
            .map(|(_, defined)| &defined.bodies)
            .chain([&self.unnamed])
            .collect();
        library.steps += sets.iter().map(|set| set.len()).sum::<usize>();
        sets.into_iter().flat_map(|set| set.iter()).flatten().cloned().collect()
    }

    /// Merges what may be defined after either of two paths.
    pub(super) fn join(&mut self, library: &mut Library<'a>, other: &Self) {
        let none = library.sets.get(Bodies::new());
        let undefined =
            Defined { bodies: library.sets.get(BTreeSet::from([None])), hidden: none.clone() };
        self.named.join(&other.named, &mut |one, other| {
            let [one, other] = [one, other].map(|it| it.unwrap_or(&undefined));
            let is_same = one.hidden == other.hidden;
            Defined {
                bodies: library.union(&one.bodies, &other.bodies),
                // Taking more for possible than there is does no harm.
                hidden: if is_same { one.hidden.clone() } else { none.clone() },
            }
        });
        self.unnamed = library.union(&self.unnamed, &other.unnamed);
    }
}
