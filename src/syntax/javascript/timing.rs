//! Determines when a place in a script runs: at once, on a user action, or perhaps.

use super::names::Names;
use super::tree::{Tree, is_function};

/// When something runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Timing {
    /// As soon as the script runs, if its conditions hold.
    AtOnce,
    /// Something may call it, at an unknown time.
    Perhaps,
    /// On a user action.
    Waits,
}

/// Events that users trigger; a handler of any other event may run by itself.
const USER_EVENTS: &[&str] = &[
    "blur",
    "change",
    "click",
    "contextmenu",
    "dblclick",
    "drag",
    "drop",
    "focus",
    "focusin",
    "focusout",
    "hover",
    "input",
    "keydown",
    "keypress",
    "keyup",
    "mousedown",
    "mouseenter",
    "mouseleave",
    "mousemove",
    "mouseout",
    "mouseover",
    "mouseup",
    "pointerdown",
    "pointerup",
    "scroll",
    "select",
    "submit",
    "tap",
    "touchend",
    "touchmove",
    "touchstart",
    "wheel",
];

/// Calls that register a handler for the event in their first argument.
const REGISTERS: &[&str] = &["addEventListener", "on", "one", "bind", "delegate", "live"];

/// Returns when a node of a script runs.
pub(super) fn of(tree: &Tree<'_>, names: &Names<'_>, node: usize) -> Timing {
    let functions = tree.ancestors(node).filter(|outer| is_function(tree.kind(*outer)));
    functions.map(|function| of_function(tree, names, function)).max().unwrap_or(Timing::AtOnce)
}

/// Returns when a function runs, given that the code around it runs.
fn of_function(tree: &Tree<'_>, names: &Names<'_>, function: usize) -> Timing {
    let Some(parent) = tree.parent(function) else { return Timing::Perhaps };
    let own_name = tree.child(function, "name");
    match (tree.kind(function), tree.kind(parent)) {
        ("function_declaration" | "generator_function_declaration", _) => {
            by_name(tree, names, own_name)
        }
        ("method_definition", _) => match own_name.map(|name| tree.text(name)) {
            Some("constructor") => Timing::Perhaps,
            _ => by_name(tree, names, own_name),
        },
        (_, "call_expression") if tree.role(function) == "function" => Timing::AtOnce,
        (_, "arguments") => of_argument(tree, parent),
        (_, "variable_declarator") => by_name(tree, names, tree.child(parent, "name")),
        (_, "pair") => by_name(tree, names, tree.child(parent, "key")),
        (_, "assignment_expression") => {
            let target = tree.child(parent, "left");
            let property = target.and_then(|target| tree.child(target, "property"));
            let name = property.or(target);
            let event = name.and_then(|name| tree.text(name).strip_prefix("on"));
            match event {
                Some(event) if USER_EVENTS.contains(&event) => Timing::Waits,
                Some(_) => Timing::Perhaps,
                None => by_name(tree, names, name),
            }
        }
        (_, "member_expression") => {
            match tree.child(parent, "property").map(|name| tree.text(name)) {
                Some("call" | "apply") => Timing::AtOnce,
                _ => Timing::Perhaps,
            }
        }
        _ => Timing::Perhaps,
    }
}

/// Returns when a function runs that has a name; nothing calls it if its name occurs nowhere else.
fn by_name(tree: &Tree<'_>, names: &Names<'_>, name: Option<usize>) -> Timing {
    let is_only_here = name.is_some_and(|name| names.is_used_once(tree.text(name)));
    if is_only_here { Timing::Waits } else { Timing::Perhaps }
}

/// Returns when a function runs that is an argument of a call.
fn of_argument(tree: &Tree<'_>, arguments: usize) -> Timing {
    let Some(call) = tree.parent(arguments) else { return Timing::Perhaps };
    let called = tree.child(call, "function");
    let property = called.and_then(|called| tree.child(called, "property"));
    let is_register = |name: &&str| *name == REGISTERS[0];
    let plain = called.map(|called| tree.text(called)).filter(is_register);
    let name = property.map(|name| tree.text(name)).or(plain);
    let Some(name) = name else { return Timing::Perhaps };
    let first = tree.children(arguments).next();
    let event = match REGISTERS.contains(&name) {
        true => first.map(|first| tree.text(first)).unwrap_or_default(),
        false => name,
    };
    let events = event.trim_matches(['"', '\'', '`']).split_ascii_whitespace();
    let mut plain = events.map(|event| event.split('.').next().unwrap_or_default()).peekable();
    let waits = plain.peek().is_some() && plain.all(|event| USER_EVENTS.contains(&event));
    if waits { Timing::Waits } else { Timing::Perhaps }
}
