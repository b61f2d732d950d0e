//! Evaluates expressions to texts, which consist of written-out, printed and unknown parts.

use super::code::Code;
use super::decoded;
use super::names::Names;
use super::tree::{Tree, unescaped};
use std::cell::Cell;

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// Written out.
    Text(String),
    /// Printed by this mustache.
    Printed(String),
    /// Known only at run time.
    Unknown,
    /// The address of the page itself.
    Here,
    /// `location.protocol`.
    Protocol,
    /// The host of the page itself.
    Host,
}

/// A text that an expression may evaluate to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Value(Vec<Part>);

impl Value {
    fn unknown() -> Self {
        Self(vec![Part::Unknown])
    }

    /// Whether nothing is known about its start.
    pub fn is_unknown(&self) -> bool {
        matches!(self.0.first(), Some(Part::Unknown))
    }

    /// Returns the whole text, if all of it is written out.
    fn written_out(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// Returns the text as a template would spell a link, with `{{unknown}}` for unknown parts. Leaves out
    /// the page's own address and its own host at the start.
    pub fn as_link(&self) -> String {
        self.spelled("{{unknown}}")
    }

    /// Returns the text, with `hole` for the parts that are unknown or printed.
    pub fn with_holes(&self, hole: char) -> String {
        let hole = hole.to_string();
        let known = self.0.iter().map(|part| match part {
            Part::Printed(_) => Part::Unknown,
            part => part.clone(),
        });
        Self(known.collect()).spelled(&hole)
    }

    /// Returns the text for people to read.
    pub fn for_people(&self) -> String {
        self.spelled("…")
    }

    fn spelled(&self, unknown: &str) -> String {
        let parts = self.0.as_slice();
        let is_slashes = |part: &Part| matches!(part, Part::Text(text) if text == "//");
        let own_host = match parts {
            [Part::Protocol, slashes, Part::Host, ..] if is_slashes(slashes) => 3,
            [Part::Text(start), Part::Host, ..] if start.ends_with("//") => 2,
            _ => 0,
        };
        let is_here = parts.get(own_host) == Some(&Part::Here);
        let mut spelled = String::new();
        for part in &parts[own_host + usize::from(is_here)..] {
            match part {
                Part::Text(text) | Part::Printed(text) => spelled.push_str(text),
                Part::Unknown | Part::Host => spelled.push_str(unknown),
                Part::Protocol => spelled.push_str("https:"),
                // After a host, the page's address is a path.
                Part::Here => spelled.extend(["/", unknown]),
            }
        }
        spelled
    }

    fn push(&mut self, part: Part) {
        match (self.0.last_mut(), part) {
            (_, Part::Text(text)) if text.is_empty() => {}
            (Some(Part::Text(before)), Part::Text(text)) => before.push_str(&text),
            (Some(Part::Unknown), Part::Unknown) => {}
            (_, part) => self.0.push(part),
        }
    }

    fn then(&self, other: &Self) -> Self {
        let mut both = self.clone();
        other.0.iter().cloned().for_each(|part| both.push(part));
        both
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self(vec![Part::Text(text.to_owned())])
    }
}

/// Maximum number of values that are followed for one expression.
const MAX_VALUES: usize = 8;
/// Maximum nesting of expressions that are followed.
const MAX_DEPTH: usize = 100;
/// Maximum number of expressions that are followed for one value.
const MAX_STEPS: usize = 400;
/// Maximum length of a text that is put together.
const LONGEST: usize = 4_000;

/// Evaluates the expressions of a script.
pub(super) struct Reader<'a> {
    pub(super) code: &'a Code,
    pub(super) tree: &'a Tree<'a>,
    pub(super) names: &'a Names<'a>,
    /// The number of expressions followed so far for the current value.
    steps: Cell<usize>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(code: &'a Code, tree: &'a Tree<'a>, names: &'a Names<'a>) -> Self {
        Self { code, tree, names, steps: Cell::new(0) }
    }

    /// Returns the texts that an expression may evaluate to.
    pub(super) fn values(&self, node: usize) -> Vec<Value> {
        self.steps.set(0);
        self.at_depth(node, 0)
    }

    /// Returns the only text that an expression may evaluate to, if it is written out.
    pub(super) fn text(&self, node: usize) -> Option<String> {
        match self.values(node).as_slice() {
            [value] => value.written_out().map(str::to_owned),
            _ => None,
        }
    }

    /// Returns the only text that a part of the current value may evaluate to, if it is written out.
    fn written_out(&self, node: usize, depth: usize) -> Option<String> {
        match self.at_depth(node, depth).as_slice() {
            [value] => value.written_out().map(str::to_owned),
            _ => None,
        }
    }

    fn at_depth(&self, node: usize, depth: usize) -> Vec<Value> {
        let node = self.tree.bare(node);
        let steps = self.steps.replace(self.steps.get() + 1);
        let goes_on = depth < MAX_DEPTH && steps < MAX_STEPS;
        let all = if goes_on { self.found(node, depth + 1) } else { Vec::new() };
        let is_short = |value: &Value| value.for_people().len() <= LONGEST;
        match !all.is_empty() && all.len() <= MAX_VALUES && all.iter().all(is_short) {
            true => all,
            false => vec![Value::unknown()],
        }
    }

    fn found(&self, node: usize, depth: usize) -> Vec<Value> {
        let tree = self.tree;
        match tree.kind(node) {
            "string" => {
                let text = tree.text(node);
                let inner = text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
                vec![self.of_text(&unescaped(inner))]
            }
            "number" => vec![self.of_text(tree.text(node))],
            "template_string" => self.of_template(node, depth),
            "identifier" => self.of_name(node, depth),
            "binary_expression" => self.of_operation(node, depth),
            "ternary_expression" => self.either(node, ["consequence", "alternative"], depth),
            "member_expression" | "subscript_expression" => {
                let written = self.written(node, depth);
                match written.is_empty() {
                    true => vec![self.of_member(node)],
                    false => written.iter().flat_map(|it| self.at_depth(*it, depth)).collect(),
                }
            }
            "call_expression" => self.of_call(node, depth),
            "sequence_expression" => {
                let last = tree.children(node).last();
                last.map(|last| self.at_depth(last, depth)).unwrap_or_default()
            }
            _ => Vec::new(),
        }
    }

    fn of_text(&self, text: &str) -> Value {
        let mut value = Value::default();
        for (piece, is_hole) in self.code.parts(text) {
            value.push(match (is_hole, piece.is_empty()) {
                (true, true) => Part::Unknown,
                (true, false) => Part::Printed(piece.to_owned()),
                (false, _) => Part::Text(piece.to_owned()),
            });
        }
        value
    }

    fn of_template(&self, node: usize, depth: usize) -> Vec<Value> {
        let mut values = vec![Value::default()];
        for child in self.tree.children(node) {
            let next = match self.tree.kind(child) {
                "template_substitution" => {
                    let inner = self.tree.children(child).next();
                    inner.map(|inner| self.at_depth(inner, depth)).unwrap_or_default()
                }
                _ => vec![self.of_text(&unescaped(self.tree.text(child)))],
            };
            values = joined(&values, &next);
        }
        values
    }

    /// Returns what a name is set to anywhere in the script, or what is printed in its place.
    fn of_name(&self, node: usize, depth: usize) -> Vec<Value> {
        let name = self.tree.text(node);
        if self.code.parts(name).any(|(_, is_hole)| is_hole) {
            return vec![self.of_text(name)];
        }
        let set = self.names.values_of(name);
        set.iter().flat_map(|value| self.at_depth(*value, depth)).collect()
    }

    /// Returns the expressions that a node stands for: what a name is set to, or what a key of that contains.
    fn written(&self, node: usize, depth: usize) -> Vec<usize> {
        let tree = self.tree;
        let node = tree.bare(node);
        let steps = self.steps.replace(self.steps.get() + 1);
        if depth >= MAX_DEPTH || steps >= MAX_STEPS {
            return Vec::new();
        }
        match tree.kind(node) {
            "identifier" => self.names.values_of(tree.text(node)).to_vec(),
            "member_expression" | "subscript_expression" => {
                let key = tree.child(node, "property").or(tree.child(node, "index"));
                let key = key.map(|key| tree.text(key).trim_matches(['"', '\'']));
                let outer = tree.child(node, "object");
                let outer = outer.map(|outer| self.written(outer, depth + 1)).unwrap_or_default();
                let (Some(key), false) = (key, outer.is_empty()) else { return Vec::new() };
                outer.into_iter().flat_map(|outer| self.at_key(outer, key)).collect()
            }
            _ => vec![node],
        }
    }

    /// Returns what a key of a written-out object or list contains.
    fn at_key(&self, node: usize, key: &str) -> Vec<usize> {
        let tree = self.tree;
        let node = tree.bare(node);
        match (tree.kind(node), key.parse::<usize>()) {
            ("array", Ok(number)) => tree.children(node).nth(number).into_iter().collect(),
            ("object", _) => {
                let is_meant = |pair: &usize| {
                    let own = tree.child(*pair, "key").map(|own| tree.text(own));
                    own.is_some_and(|own| own.trim_matches(['"', '\'']) == key)
                };
                let pairs = tree.children(node).filter(is_meant);
                pairs.filter_map(|pair| tree.child(pair, "value")).collect()
            }
            _ => Vec::new(),
        }
    }

    fn of_operation(&self, node: usize, depth: usize) -> Vec<Value> {
        let (Some(left), Some(right)) =
            (self.tree.child(node, "left"), self.tree.child(node, "right"))
        else {
            return Vec::new();
        };
        // Parentheses belong to the operands.
        let operator = self.tree.between(left, right).trim_matches(['(', ')', ' ', '\n']);
        match operator {
            "+" => joined(&self.at_depth(left, depth), &self.at_depth(right, depth)),
            "||" | "??" => self.either(node, ["left", "right"], depth),
            "&&" => self.at_depth(right, depth),
            _ => Vec::new(),
        }
    }

    fn either(&self, node: usize, fields: [&str; 2], depth: usize) -> Vec<Value> {
        let ways = fields.into_iter().filter_map(|field| self.tree.child(node, field));
        ways.flat_map(|way| self.at_depth(way, depth)).collect()
    }

    /// Returns the value of a part of the page's own address; any other member is unknown.
    fn of_member(&self, node: usize) -> Value {
        let tree = self.tree;
        let property = tree.child(node, "property").map(|name| tree.text(name));
        let object = tree.child(node, "object").map(|object| tree.text(object));
        let is_location =
            object.is_some_and(|object| object == "location" || object.ends_with(".location"));
        match property {
            Some("href" | "pathname") if is_location => Value(vec![Part::Here]),
            Some("URL" | "documentURI") if object == Some("document") => Value(vec![Part::Here]),
            Some("origin") if is_location => Value::default(),
            Some("protocol") if is_location => Value(vec![Part::Protocol]),
            Some("host" | "hostname") if is_location => Value(vec![Part::Host]),
            Some("search") if is_location => self.of_text("?"),
            Some("hash") if is_location => self.of_text("#"),
            _ => Value::unknown(),
        }
    }

    /// Evaluates calls that return what they are given, that join a written-out list, or that decode a
    /// written-out text.
    fn of_call(&self, node: usize, depth: usize) -> Vec<Value> {
        let tree = self.tree;
        let Some(function) = tree.child(node, "function") else { return Vec::new() };
        let arguments = tree.arguments(node);
        let property = tree.child(function, "property").map(|name| tree.text(name));
        let object = tree.child(function, "object");
        let name = property.unwrap_or(tree.text(function));
        let written_out = |node| self.written_out(node, depth);
        if let Some(text) = decoded::text(tree, name, object, &arguments, written_out) {
            return vec![self.of_text(&text)];
        }
        match (property, object, arguments.as_slice()) {
            (Some("concat"), Some(object), added) => {
                let start = self.at_depth(object, depth);
                added.iter().fold(start, |all, one| joined(&all, &self.at_depth(*one, depth)))
            }
            (Some("join"), Some(list), [between]) => {
                let lists = self.written(list, depth);
                let [list] = lists.as_slice() else { return Vec::new() };
                if tree.kind(*list) != "array" {
                    return Vec::new();
                }
                let between = self.at_depth(*between, depth);
                let mut values = Vec::new();
                for item in tree.children(*list) {
                    let next = self.at_depth(item, depth);
                    values = match values.is_empty() {
                        true => next,
                        false => joined(&joined(&values, &between), &next),
                    };
                }
                values
            }
            (Some("toString" | "trim"), Some(object), []) => self.at_depth(object, depth),
            (None, _, [one]) if tree.text(function) == "String" => self.at_depth(*one, depth),
            _ => Vec::new(),
        }
    }
}

fn joined(ones: &[Value], others: &[Value]) -> Vec<Value> {
    let both = ones.iter().flat_map(|one| others.iter().map(move |other| one.then(other)));
    let mut both: Vec<Value> = both.take(MAX_VALUES + 1).collect();
    both.dedup();
    both
}
