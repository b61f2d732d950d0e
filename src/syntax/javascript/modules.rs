//! Finds what a script loads: other modules, each with the keys that need it, and the templates that it
//! requests.

use super::tree::Tree;
use super::values::Reader;
use std::collections::{BTreeMap, BTreeSet};

/// A module that a script loads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Its name or path, as spelled.
    pub path: String,
    /// The keys of an object for which it is loaded; empty if it is always loaded.
    pub keys: BTreeSet<String>,
}

/// Returns the modules that a script loads.
pub(super) fn imports(tree: &Tree<'_>, reader: &Reader<'_>) -> Vec<Import> {
    let mut found = Vec::new();
    let keys_of = keys_of_values(tree);
    let keys = |name: Option<usize>| {
        let keys = name.and_then(|name| keys_of.get(tree.text(name)));
        keys.cloned().unwrap_or_default()
    };
    for node in tree.all() {
        match tree.kind(node) {
            "import_statement" | "export_statement" => {
                let path = tree.child(node, "source").and_then(|source| reader.text(source));
                let clause = tree.children(node).find(|child| tree.kind(*child) == "import_clause");
                let name = clause.and_then(|clause| tree.children(clause).next());
                found.extend(path.map(|path| Import { path, keys: keys(name) }));
            }
            "call_expression" if is_import(tree, node) => {
                let path = tree.arguments(node).first().and_then(|path| reader.text(*path));
                let around = tree
                    .ancestors(node)
                    .find(|outer| matches!(tree.kind(*outer), "pair" | "variable_declarator"));
                let keys = around.map(|outer| match key_of(tree, outer) {
                    Some(key) => BTreeSet::from([key]),
                    None => keys(tree.child(outer, "name")),
                });
                found.extend(path.map(|path| Import { path, keys: keys.unwrap_or_default() }));
            }
            _ => {}
        }
    }
    found
}

fn is_import(tree: &Tree<'_>, call: usize) -> bool {
    let called = tree.child(call, "function");
    called.is_some_and(|called| tree.kind(called) == "import" || tree.text(called) == "require")
}

/// Returns the keys of pairs whose value is a name, by that name.
fn keys_of_values<'c>(tree: &Tree<'c>) -> BTreeMap<&'c str, BTreeSet<String>> {
    let mut keys: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for node in tree.all().filter(|node| tree.kind(*node) == "pair") {
        let value = tree.child(node, "value").filter(|value| tree.kind(*value) == "identifier");
        if let (Some(value), Some(key)) = (value, key_of(tree, node)) {
            keys.entry(tree.text(value)).or_default().insert(key);
        }
    }
    keys
}

/// Returns the key of a pair, without quotes.
fn key_of(tree: &Tree<'_>, pair: usize) -> Option<String> {
    let key = tree.child(pair, "key")?;
    Some(tree.text(key).trim_matches(['"', '\'']).to_owned())
}

/// Keys that contain the templates that a script requests from the store.
const TEMPLATE_KEYS: &[&str] = &["template", "templates", "stencil-template"];

/// Returns the names of templates that a script may request: texts below such a key, and texts that contain a
/// slash.
pub(super) fn templates(tree: &Tree<'_>, reader: &Reader<'_>) -> BTreeSet<String> {
    let is_text = |node: &usize| {
        matches!(tree.kind(*node), "string" | "template_string" | "binary_expression")
    };
    let texts = tree.all().filter(is_text);
    let mut found = BTreeSet::new();
    for node in texts {
        let mut outer = tree.ancestors(node).take(4);
        let is_below_key = outer.any(|outer| {
            let name = key_of(tree, outer)
                .or_else(|| tree.child(outer, "name").map(|name| tree.text(name).to_owned()));
            name.is_some_and(|name| TEMPLATE_KEYS.contains(&name.to_ascii_lowercase().as_str()))
        });
        let is_path = |text: &String| is_below_key || text.contains('/');
        found.extend(reader.text(node).filter(is_path));
    }
    found
}
