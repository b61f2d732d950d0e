//! Finds where a script goes to another page: where it sets the location, opens a page, or may do so unseen.

use super::Way;
use super::names::Names;
use super::timing;
use super::tree::Tree;
use super::values::{Reader, Value};

/// How a script goes somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WayKind {
    /// It leaves the page.
    Leaves,
    /// It opens a new window.
    Opens,
    /// It clicks an element or submits a form, which may leave the page; the target is the element's ID.
    Clicks,
    /// It runs something that may leave the page, without an address next to it.
    Unseen,
}

/// Names of windows that stand for the page's own instead of a new one.
const OWN_WINDOWS: &[&str] = &["_self", "_top", "_parent"];
/// Expressions for a window that `open` may be called on.
const WINDOWS: &[&str] =
    &["window", "self", "top", "parent", "globalThis", "frames", "document.defaultView"];
/// Names of methods that submit a form, follow a link or open a page.
const BY_NAME: &[&str] = &["click", "navigate", "open", "requestSubmit", "submit"];
/// Parts of a location that lead to another page if they are set.
const PARTS: &[&str] = &["href", "pathname", "search", "host", "hostname", "port", "protocol"];
/// Functions that take a location and only read it.
const READERS: &[&str] = &[
    "String",
    "URL",
    "URLSearchParams",
    "decodeURI",
    "decodeURIComponent",
    "encodeURI",
    "encodeURIComponent",
    "error",
    "info",
    "log",
    "parse",
    "stringify",
    "warn",
];

/// Finds the ways of one script.
pub(super) struct Finder<'a> {
    pub(super) reader: &'a Reader<'a>,
    pub(super) ways: Vec<Way>,
}

impl<'a> Finder<'a> {
    /// Checks every node.
    pub(super) fn look(&mut self) {
        for node in self.reader.tree.all() {
            match self.reader.tree.kind(node) {
                "call_expression" => self.call(node),
                "new_expression" => self.construction(node),
                "variable_declarator" => self.declaration(node),
                "identifier" | "member_expression" | "subscript_expression" => {
                    self.location(node);
                    self.opener(node);
                }
                _ => {}
            }
        }
    }

    fn names(&self) -> &'a Names<'a> {
        self.reader.names
    }

    fn tree(&self) -> &'a Tree<'a> {
        self.reader.tree
    }

    fn add(&mut self, kind: WayKind, node: usize, targets: Vec<Value>) {
        let timing = timing::of(self.tree(), self.names(), node);
        let span = self.tree().range(node);
        self.ways.push(Way { kind, timing, span, targets });
    }

    /// Returns the last name of the called function, and the object that it is a property of.
    fn called(&self, call: usize) -> Option<(&'a str, Option<usize>)> {
        let tree = self.tree();
        let function = tree.child(call, "function")?;
        match tree.kind(function) {
            "identifier" => Some((tree.text(function), None)),
            "member_expression" => {
                let name = tree.child(function, "property")?;
                Some((tree.text(name), tree.child(function, "object")))
            }
            _ => None,
        }
    }

    fn call(&mut self, node: usize) {
        let arguments = self.tree().arguments(node);
        let Some((name, object)) = self.called(node) else { return self.computed(node) };
        let of = object.map(|object| self.tree().text(object));
        let is_window = of.is_none_or(|of| WINDOWS.contains(&of))
            || of == Some("document") && arguments.len() > 1;
        match name {
            "open" if is_window && !self.is_own(node) => self.opening(node, &arguments),
            "navigate"
                if of.is_some_and(|of| of == "navigation" || of.ends_with(".navigation")) =>
            {
                self.add(WayKind::Leaves, node, self.first(&arguments));
            }
            "submit" | "requestSubmit" | "click" if object.is_some() && arguments.is_empty() => {
                // jQuery clicks without following links.
                let is_idle = name == "click" && of.is_some_and(is_jquery);
                let kind = if is_idle { WayKind::Unseen } else { WayKind::Clicks };
                self.add(kind, node, object.and_then(|it| self.element(it)).into_iter().collect());
            }
            "dispatchEvent" if self.names_event(&arguments, &["click", "submit"]) => {
                self.add(WayKind::Clicks, node, Vec::new());
            }
            "trigger" if self.names_event(&arguments, &["submit"]) => {
                self.add(WayKind::Clicks, node, Vec::new());
            }
            "eval" | "Function" | "execScript" => self.add(WayKind::Unseen, node, Vec::new()),
            "setTimeout" | "setInterval" | "write" | "writeln" => {
                let text = arguments.first().and_then(|first| self.reader.text(*first));
                let is_put_together = || {
                    let kind = arguments.first().map(|first| self.tree().kind(*first));
                    name.starts_with("set") && kind == Some("binary_expression")
                };
                if text.map_or_else(is_put_together, |text| is_code(&text)) {
                    self.add(WayKind::Unseen, node, Vec::new());
                }
            }
            _ => {}
        }
    }

    /// Returns the ID by which an expression finds an element of the page.
    fn element(&self, node: usize) -> Option<Value> {
        let tree = self.tree();
        let named = self.names().values_of(tree.text(node));
        let call = match named {
            [] => tree.bare(node),
            [one] => tree.bare(*one),
            _ => return None,
        };
        let (name, _) = self.called(call)?;
        let [argument] = tree.arguments(call)[..] else { return None };
        let text = self.reader.text(argument)?;
        let id = match name {
            "getElementById" => text.as_str(),
            "querySelector" => text.strip_prefix('#')?,
            _ => return None,
        };
        let is_plain = id.chars().all(|letter| letter.is_alphanumeric() || "_-".contains(letter));
        is_plain.then(|| Value::from(id))
    }

    /// Whether the first argument names one of these events.
    fn names_event(&self, arguments: &[usize], names: &[&str]) -> bool {
        let event = arguments.first().map(|event| self.tree().text(*event));
        event.is_some_and(|event| names.iter().any(|name| event.contains(name)))
    }

    /// Checks a call whose function name is put together, or in brackets.
    fn computed(&mut self, node: usize) {
        let tree = self.tree();
        let index = tree.child(node, "function").and_then(|called| tree.child(called, "index"));
        let Some(index) = index else { return };
        let is_plain = matches!(tree.kind(index), "string" | "number" | "identifier");
        let leads = |name: String| BY_NAME.contains(&name.as_str());
        if self.reader.text(index).map_or(!is_plain, leads) {
            self.add(WayKind::Unseen, node, Vec::new());
        }
    }

    /// Whether the called name is a variable of the script's own.
    fn is_own(&self, call: usize) -> bool {
        let function = self.tree().child(call, "function");
        function.is_some_and(|function| {
            self.tree().kind(function) == "identifier" && self.names().is_own(self.tree(), function)
        })
    }

    fn first(&self, arguments: &[usize]) -> Vec<Value> {
        arguments.first().map(|first| self.reader.values(*first)).unwrap_or_default()
    }

    fn opening(&mut self, node: usize, arguments: &[usize]) {
        let window = arguments.get(1).and_then(|window| self.reader.text(*window));
        let is_own = window
            .as_deref()
            .is_some_and(|window| OWN_WINDOWS.iter().any(|own| own.eq_ignore_ascii_case(window)));
        let kind = if is_own { WayKind::Leaves } else { WayKind::Opens };
        if !arguments.is_empty() {
            self.add(kind, node, self.first(arguments));
        }
        // The name of the window is known only at run time.
        if arguments.len() > 1 && window.is_none() {
            self.add(WayKind::Unseen, node, Vec::new());
        }
    }

    /// Checks for `window.open` under another name.
    fn opener(&mut self, node: usize) {
        let tree = self.tree();
        let is_opener = matches!(tree.text(node), "window.open" | "self.open" | "globalThis.open");
        let is_called = || {
            let parent = tree.parent(node).map(|parent| tree.kind(parent));
            parent == Some("call_expression") && tree.role(node) == "function"
        };
        if is_opener && !is_called() {
            self.add(WayKind::Unseen, node, Vec::new());
        }
    }

    fn construction(&mut self, node: usize) {
        let name = self.tree().child(node, "constructor").map(|name| self.tree().text(name));
        if name == Some("Function") {
            self.add(WayKind::Unseen, node, Vec::new());
        }
    }

    /// Checks for `var location` outside of all functions, which is the window's location.
    fn declaration(&mut self, node: usize) {
        let tree = self.tree();
        let (Some(name), Some(value)) = (tree.child(node, "name"), tree.child(node, "value"))
        else {
            return;
        };
        let list = tree.parent(node);
        let is_global = list.is_some_and(|list| {
            tree.kind(list) == "variable_declaration" && tree.parent(list) == Some(0)
        });
        if is_global && tree.text(name) == "location" {
            self.add(WayKind::Leaves, name, self.reader.values(value));
        }
    }

    /// Checks what the script does with a location.
    fn location(&mut self, node: usize) {
        if self.tree().role(node) == "property" || !self.names().is_location(self.tree(), node) {
            return;
        }
        let Some(parent) = self.tree().parent(node) else { return };
        match (self.tree().kind(parent), self.tree().role(node)) {
            ("member_expression" | "subscript_expression", "object") => self.part(node, parent),
            ("assignment_expression" | "augmented_assignment_expression", "left") => {
                // Setting another name for the location only gives that name another value.
                if self.tree().kind(node) != "identifier" || self.tree().text(node) == "location" {
                    let value = self.tree().child(parent, "right");
                    let values = value.map(|value| self.reader.values(value));
                    self.add(WayKind::Leaves, node, values.unwrap_or_default());
                }
            }
            _ if self.is_only_read(node, parent) => {}
            _ => self.add(WayKind::Unseen, node, Vec::new()),
        }
    }

    /// Whether a location is only read, or gets another name, which is followed.
    fn is_only_read(&self, node: usize, parent: usize) -> bool {
        let tree = self.tree();
        match (tree.kind(parent), tree.role(node)) {
            ("assignment_expression", "right") => {
                tree.child(parent, "left").is_some_and(|left| tree.kind(left) == "identifier")
            }
            ("variable_declarator", "value") => {
                let pattern = tree.child(parent, "name").map(|name| tree.text(name));
                pattern.is_none_or(|name| !name.contains("replace") && !name.contains("assign"))
            }
            ("arguments", _) => {
                let called = tree.parent(parent).and_then(|call| {
                    let name = tree.child(call, "constructor");
                    name.map(|name| tree.text(name)).or(self.called(call).map(|(name, _)| name))
                });
                called.is_some_and(|name| READERS.contains(&name))
            }
            ("binary_expression", _) => !self.is_passed_on(parent),
            ("ternary_expression", role) => role == "condition" || !self.is_passed_on(parent),
            (
                "expression_statement"
                | "if_statement"
                | "template_substitution"
                | "unary_expression"
                | "variable_declaration"
                | "while_statement",
                _,
            ) => true,
            ("formal_parameters", _) | (_, "name" | "parameter") => true,
            _ => false,
        }
    }

    /// Whether an expression that contains a location is passed on to something other than a name.
    fn is_passed_on(&self, node: usize) -> bool {
        let tree = self.tree();
        let text = tree.text(node);
        let is_choice = ["||", "??", "&&", "?"].iter().any(|choice| text.contains(choice));
        let parent = tree.parent(node).map(|parent| tree.kind(parent)).unwrap_or_default();
        is_choice && matches!(parent, "arguments" | "array" | "pair" | "return_statement")
    }

    /// Checks what the script does with a part of a location.
    fn part(&mut self, location: usize, part: usize) {
        let tree = self.tree();
        let name = match tree.child(part, "property") {
            Some(name) => Some(tree.text(name).to_owned()),
            None => tree.child(part, "index").and_then(|index| self.reader.text(index)),
        };
        let Some(parent) = tree.parent(part) else { return };
        let is_set = match tree.kind(parent) {
            "assignment_expression" | "augmented_assignment_expression" => {
                tree.role(part) == "left"
            }
            "for_in_statement" => tree.role(part) == "left",
            "update_expression"
            | "array_pattern"
            | "object_assignment_pattern"
            | "pair_pattern" => true,
            _ => false,
        };
        let is_called = tree.kind(parent) == "call_expression" && tree.role(part) == "function";
        let value = tree.child(parent, "right");
        match name.as_deref() {
            Some("replace" | "assign") if is_called => {
                let targets = self.first(&tree.arguments(parent));
                self.add(WayKind::Leaves, location, targets);
            }
            Some("replace" | "assign") => self.add(WayKind::Unseen, location, Vec::new()),
            Some(name) if is_set && PARTS.contains(&name) => {
                let values = value.map(|value| self.reader.values(value)).unwrap_or_default();
                let values = match name {
                    "href" | "pathname" => values,
                    "search" => vec![Value::default()],
                    _ => Vec::new(),
                };
                self.add(WayKind::Leaves, location, values);
            }
            None if is_set || is_called => self.add(WayKind::Leaves, location, Vec::new()),
            _ => {}
        }
    }
}

/// Whether an expression is a jQuery object, as far as its text shows.
fn is_jquery(expression: &str) -> bool {
    ["$(", "jQuery("].iter().any(|start| expression.starts_with(start))
}

/// Whether a text that is run or written may leave the page.
fn is_code(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["location", "navigat", "refresh", "<script", "open(", "submit("]
        .iter()
        .any(|word| text.contains(word))
}
