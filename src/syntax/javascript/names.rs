//! The names in a script: what they are set to, where they stand for the location, and how often each is
//! used.

use super::tree::{Tree, is_function};
use std::collections::{HashMap, HashSet};

/// What is known about the names in a script.
#[derive(Debug, Default)]
pub(super) struct Names<'c> {
    values: HashMap<&'c str, Vec<usize>>,
    /// Names that get their value from outside, or are changed.
    open: HashSet<&'c str>,
    /// How often each name occurs in the script.
    uses: HashMap<&'c str, usize>,
    /// Names that stand for the location, each with its function (0 for the script).
    locations: HashSet<(usize, &'c str)>,
    /// Names of a function's own variables, each with the function (0 for the script).
    own: HashSet<(usize, &'c str)>,
}

impl<'c> Names<'c> {
    pub(super) fn new(tree: &Tree<'c>) -> Self {
        let mut names = Self::default();
        for node in tree.all() {
            match tree.kind(node) {
                "identifier" | "property_identifier" | "shorthand_property_identifier" => {
                    *names.uses.entry(tree.text(node)).or_default() += 1;
                }
                "variable_declarator" => {
                    let name = tree.child(node, "name");
                    names.set(tree, name, tree.child(node, "value"), node);
                }
                "assignment_expression" => {
                    let left = tree.child(node, "left");
                    names.set(tree, left, tree.child(node, "right"), 0);
                }
                "augmented_assignment_expression" | "for_in_statement" => {
                    names.open.extend(tree.child(node, "left").map(|left| tree.text(left)));
                }
                kind if is_function(kind) => names.add_parameters(tree, node),
                _ => {}
            }
        }
        names.add_locations(tree);
        names
    }

    /// Records that `target` is set to `value`; `declarator` is 0 where nothing is declared.
    fn set(
        &mut self,
        tree: &Tree<'c>,
        target: Option<usize>,
        value: Option<usize>,
        declarator: usize,
    ) {
        let Some(target) = target else { return };
        if tree.kind(target) != "identifier" {
            return;
        }
        let name = tree.text(target);
        if let Some(value) = value {
            self.values.entry(name).or_default().push(value);
        }
        if declarator > 0 {
            self.own.insert((function_of(tree, declarator), name));
        }
    }

    fn add_parameters(&mut self, tree: &Tree<'c>, function: usize) {
        let one = tree.child(function, "parameter");
        let list = tree.child(function, "parameters");
        let many = list.into_iter().flat_map(|list| inside(tree, list));
        for name in one.into_iter().chain(many) {
            if matches!(tree.kind(name), "identifier" | "shorthand_property_identifier_pattern") {
                self.open.insert(tree.text(name));
                self.own.insert((function, tree.text(name)));
            }
        }
    }

    /// Finds names that are set to the location, or to another name for it.
    fn add_locations(&mut self, tree: &Tree<'c>) {
        for _ in 0..3 {
            let before = self.locations.len();
            for node in tree.all() {
                let (target, value) = match tree.kind(node) {
                    "variable_declarator" => (tree.child(node, "name"), tree.child(node, "value")),
                    "assignment_expression" => {
                        (tree.child(node, "left"), tree.child(node, "right"))
                    }
                    _ => continue,
                };
                let (Some(target), Some(value)) = (target, value) else { continue };
                let scope = function_of(tree, node);
                if tree.kind(target) == "identifier" && self.may_be_location(tree, value) {
                    self.locations.insert((scope, tree.text(target)));
                }
                if tree.kind(target) == "object_pattern" {
                    let renamed = inside(tree, target).filter_map(|pair| renamed(tree, pair));
                    self.locations.extend(renamed.map(|name| (scope, name)));
                }
            }
            if self.locations.len() == before {
                return;
            }
        }
    }

    /// Whether an expression is, or may be, the location.
    fn may_be_location(&self, tree: &Tree<'c>, node: usize) -> bool {
        let either = |fields: [&str; 2]| {
            let mut ways = fields.into_iter().filter_map(|field| tree.child(node, field));
            ways.any(|way| self.is_location(tree, way))
        };
        match tree.kind(node) {
            "ternary_expression" => either(["consequence", "alternative"]),
            "binary_expression" => {
                either(["left", "right"]) && {
                    let text = tree.text(node);
                    text.contains("||") || text.contains("&&") || text.contains("??")
                }
            }
            "assignment_expression" => {
                tree.child(node, "right").is_some_and(|right| self.is_location(tree, right))
            }
            _ => self.is_location(tree, node),
        }
    }

    /// Whether an expression is the location of some window.
    pub(super) fn is_location(&self, tree: &Tree<'c>, node: usize) -> bool {
        match tree.kind(node) {
            "identifier" => {
                let name = tree.text(node);
                let mut scopes =
                    tree.ancestors(node).filter(|outer| is_function(tree.kind(*outer)));
                let known = scopes.find_map(|scope| self.in_scope(scope, name));
                known.unwrap_or(name == "location" || self.locations.contains(&(0, name)))
            }
            "member_expression" => {
                tree.child(node, "property").is_some_and(|name| tree.text(name) == "location")
            }
            "subscript_expression" => {
                let index = tree.child(node, "index").map(|index| text_of(tree, index));
                index.is_some_and(|index| index == "location")
            }
            _ => false,
        }
    }

    /// Whether a name is the location in a function; `None` if the function neither declares it nor sets it
    /// to the location.
    fn in_scope(&self, scope: usize, name: &'c str) -> Option<bool> {
        let is_location = self.locations.contains(&(scope, name));
        (is_location || self.own.contains(&(scope, name))).then_some(is_location)
    }

    /// Whether a name is a variable of a function around this place.
    pub(super) fn is_own(&self, tree: &Tree<'c>, node: usize) -> bool {
        let name = tree.text(node);
        tree.ancestors(node).any(|outer| self.own.contains(&(outer, name)))
    }

    /// Returns the expressions that a name is set to; none if it may be anything else.
    pub(super) fn values_of(&self, name: &str) -> &[usize] {
        match self.values.get(name) {
            Some(values) if !self.open.contains(name) && values.len() <= 4 => values,
            _ => &[],
        }
    }

    /// Whether a name occurs only once.
    pub(super) fn is_used_once(&self, name: &str) -> bool {
        self.uses.get(name).is_some_and(|uses| *uses <= 1)
    }
}

/// Returns the name that `{ location: name }` gives to the location.
fn renamed<'c>(tree: &Tree<'c>, pair: usize) -> Option<&'c str> {
    let key = tree.child(pair, "key")?;
    let value = tree.child(pair, "value")?;
    (tree.kind(pair) == "pair_pattern" && text_of(tree, key) == "location")
        .then(|| tree.text(value))
}

/// Maximum number of nodes inside another that are visited.
const MAX_INSIDE: usize = 300;

/// Returns the nodes inside another.
fn inside(tree: &Tree<'_>, node: usize) -> impl Iterator<Item = usize> {
    let end = tree.range(node).end;
    (node + 1..tree.all().end)
        .take(MAX_INSIDE)
        .take_while(move |inner| tree.range(*inner).start < end)
}

/// Returns the function around a node, or 0 for the script.
fn function_of(tree: &Tree<'_>, node: usize) -> usize {
    tree.ancestors(node).find(|outer| is_function(tree.kind(*outer))).unwrap_or(0)
}

/// Returns a name or a literal text, in one piece or joined by `+`.
fn text_of(tree: &Tree<'_>, node: usize) -> String {
    let is_quote = |c: char| "'\"`+ ".contains(c);
    tree.text(node).replace(is_quote, "")
}
