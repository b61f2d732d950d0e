//! Decides, by a list of what is allowed, whether a script only stores data, so that nothing after it works
//! differently.

use super::tree::Tree;

/// Names under which scripts of shops store data; browsers define none of them. Nor do browsers define names
/// that begin with an underscore.
const DATA: &[&str] = &[
    "BCData",
    "BODL",
    "GoogleAnalyticsObject",
    "dataLayer",
    "fbq",
    "ga",
    "gtag",
    "stencilBootstrap",
];

/// The function that passes its arguments to `dataLayer`, without white space.
const GTAG: &str = "functiongtag(){dataLayer.push(arguments)}";

/// Whether a script stores data and does nothing else.
pub(super) fn is_inert(tree: &Tree<'_>) -> bool {
    tree.is_whole && tree.children(0).all(|statement| is_inert_statement(tree, statement))
}

fn is_inert_statement(tree: &Tree<'_>, node: usize) -> bool {
    match tree.kind(node) {
        "empty_statement" => true,
        "variable_declaration" | "lexical_declaration" => tree.children(node).all(|declarator| {
            let name = tree.child(declarator, "name");
            let value = tree.child(declarator, "value");
            name.is_some_and(|name| is_name_of_data(tree.text(name)))
                && value.is_none_or(|value| is_data(tree, value))
        }),
        "function_declaration" => {
            let text: String = tree.text(node).split_ascii_whitespace().collect();
            text.replace(";}", "}") == GTAG
        }
        "expression_statement" => {
            tree.children(node).all(|expression| is_inert_expression(tree, tree.bare(expression)))
        }
        _ => false,
    }
}

fn is_inert_expression(tree: &Tree<'_>, node: usize) -> bool {
    let child = |field: &str| tree.child(node, field);
    match tree.kind(node) {
        "assignment_expression" | "augmented_assignment_expression" => {
            let target = child("left").map(|left| tree.text(left)).unwrap_or_default();
            let name = target.strip_prefix("window.").unwrap_or(target);
            let is_allowed = is_name_of_data(name)
                || target == "document.documentElement.className"
                || is_dataset(target);
            is_allowed && child("right").is_some_and(|right| is_data(tree, right))
        }
        "call_expression" => {
            let called = child("function").map(|called| tree.text(called)).unwrap_or_default();
            let called = called.strip_prefix("window.").unwrap_or(called);
            let class_list = called.strip_prefix("document.documentElement.classList.");
            let is_allowed = matches!(called, "dataLayer.push" | "gtag" | "fbq")
                || matches!(class_list, Some("add" | "remove" | "replace" | "toggle"));
            is_allowed && tree.arguments(node).iter().all(|argument| is_data(tree, *argument))
        }
        "string" => true,
        _ => false,
    }
}

fn is_dataset(target: &str) -> bool {
    let name = target.strip_prefix("document.documentElement.dataset.");
    name.is_some_and(|name| name.chars().all(char::is_alphanumeric))
}

fn is_name_of_data(name: &str) -> bool {
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_plain && (name.starts_with('_') || DATA.contains(&name))
}

/// Whether an expression only gives a value, without any effect.
fn is_data(tree: &Tree<'_>, node: usize) -> bool {
    let node = tree.bare(node);
    let all = || tree.children(node).all(|child| is_data(tree, child));
    match tree.kind(node) {
        "string" | "number" | "true" | "false" | "null" | "undefined" | "regex" => true,
        "property_identifier" => true,
        "array" | "object" | "pair" | "binary_expression" | "ternary_expression"
        | "unary_expression" => all(),
        "identifier" => is_name_of_data(tree.text(node)),
        "member_expression" => {
            let text = tree.text(node);
            is_name_of_data(text.strip_prefix("window.").unwrap_or(text))
                || text == "document.documentElement.className"
        }
        "new_expression" => tree.text(node).replace(' ', "") == "newDate()",
        "call_expression" => tree.text(node) == "Date.now()",
        _ => false,
    }
}
