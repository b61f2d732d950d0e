//! The syntax tree of a script, as a flat list in source order.
//!
//! The parser keeps its own stack, so that no nesting overflows ours, and continues after what it does not
//! understand. Other modules decide what a node means.

use std::ops::{ControlFlow, Range};
use std::sync::LazyLock;
use tree_sitter::{Language, ParseOptions, ParseState, Parser};

static LANGUAGE: LazyLock<Language> = LazyLock::new(|| tree_sitter_javascript::LANGUAGE.into());

/// A node that has a name in the grammar.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    /// Its name in the grammar.
    pub(super) kind: &'static str,
    /// The field of its parent that holds it.
    pub(super) field: &'static str,
    start: usize,
    end: usize,
    parent: usize,
    /// The first node after all nodes inside this one.
    after: usize,
}

/// The nodes of a script by number; 0 is the whole script.
pub(super) struct Tree<'c> {
    code: &'c str,
    nodes: Vec<Node>,
    /// Whether the script was parsed without errors.
    pub(super) is_whole: bool,
}

/// Maximum length in bytes of a script that is parsed.
const LONGEST: usize = 4 << 20;
/// Maximum number of the parser's progress reports; a bundle of a megabyte takes about 15,000.
const MAX_REPORTS: usize = 60_000;
/// Maximum number of nodes around another that are visited.
const MAX_DEPTH: usize = 500;

impl<'c> Tree<'c> {
    /// Parses a script. One that is too long has a single node.
    pub(super) fn new(code: &'c str) -> Self {
        let parsed = (code.len() <= LONGEST).then(|| parse(code)).flatten();
        let Some(parsed) = parsed else {
            let end = code.len();
            let nothing = Node { kind: "", field: "", start: 0, end, parent: 0, after: 1 };
            return Self { code, nodes: vec![nothing], is_whole: false };
        };
        let is_whole = !parsed.root_node().has_error();
        Self { code, nodes: flat(&parsed), is_whole }
    }

    pub(super) fn kind(&self, node: usize) -> &'static str {
        self.nodes[node].kind
    }

    pub(super) fn field(&self, node: usize) -> &'static str {
        self.nodes[node].field
    }

    pub(super) fn range(&self, node: usize) -> Range<usize> {
        self.nodes[node].start..self.nodes[node].end
    }

    pub(super) fn text(&self, node: usize) -> &'c str {
        self.code.get(self.range(node)).unwrap_or_default()
    }

    /// The numbers of all nodes, in source order.
    pub(super) fn all(&self) -> Range<usize> {
        0..self.nodes.len()
    }

    /// Returns the node around a node, ignoring parentheses; `None` for the whole script.
    pub(super) fn parent(&self, node: usize) -> Option<usize> {
        let parent = self.nodes[self.outermost(node)].parent;
        (node != 0).then_some(parent)
    }

    /// Returns the field of the parent that holds a node, ignoring parentheses.
    pub(super) fn role(&self, node: usize) -> &'static str {
        self.field(self.outermost(node))
    }

    /// Returns an expression with all parentheses around it.
    fn outermost(&self, mut node: usize) -> usize {
        while node != 0 && self.kind(self.nodes[node].parent) == "parenthesized_expression" {
            node = self.nodes[node].parent;
        }
        node
    }

    /// Returns the nodes around a node, from the inside out.
    pub(super) fn ancestors(&self, node: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(self.parent(node), |node| self.parent(*node)).take(MAX_DEPTH)
    }

    pub(super) fn children(&self, node: usize) -> impl Iterator<Item = usize> {
        let after = self.nodes[node].after;
        let first = Some(node + 1).filter(|first| *first < after);
        let children = std::iter::successors(first, move |child| {
            Some(self.nodes[*child].after).filter(|next| *next < after)
        });
        children.filter(|child| !matches!(self.kind(*child), "comment" | "html_comment"))
    }

    /// Returns the child in a field, without its parentheses.
    pub(super) fn child(&self, node: usize, field: &str) -> Option<usize> {
        let child = self.children(node).find(|child| self.field(*child) == field)?;
        Some(self.bare(child))
    }

    /// Returns an expression without the parentheses around it.
    pub(super) fn bare(&self, mut node: usize) -> usize {
        while self.kind(node) == "parenthesized_expression"
            && let Some(inner) = self.children(node).next()
        {
            node = inner;
        }
        node
    }

    /// Returns the arguments of a call.
    pub(super) fn arguments(&self, call: usize) -> Vec<usize> {
        let list = self.child(call, "arguments");
        let list = list.filter(|list| self.kind(*list) == "arguments");
        list.into_iter().flat_map(|list| self.children(list)).map(|node| self.bare(node)).collect()
    }

    /// Returns the text between two nodes, such as the operator of an expression.
    pub(super) fn between(&self, one: usize, other: usize) -> &'c str {
        self.code.get(self.nodes[one].end..self.nodes[other].start).unwrap_or_default().trim()
    }
}

fn parse(code: &str) -> Option<tree_sitter::Tree> {
    let mut parser = Parser::new();
    parser.set_language(&LANGUAGE).ok()?;
    let mut reports = 0;
    let mut count = |_: &ParseState| {
        reports += 1;
        if reports > MAX_REPORTS { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let options = ParseOptions::new().progress_callback(&mut count);
    let bytes = code.as_bytes();
    parser.parse_with_options(&mut |at, _| bytes.get(at..).unwrap_or_default(), None, Some(options))
}

/// Returns the nodes of a tree that have names, each before the nodes inside it.
fn flat(tree: &tree_sitter::Tree) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::new();
    // The nodes around the cursor; a node without a name is replaced by the named node around it.
    let mut open: Vec<(usize, bool)> = Vec::new();
    let mut cursor = tree.walk();
    loop {
        let node = cursor.node();
        let kind = LANGUAGE.node_kind_for_id(node.kind_id()).unwrap_or_default();
        let field = cursor.field_id().and_then(|id| LANGUAGE.field_name_for_id(id.get()));
        let field = field.unwrap_or_default();
        let parent = open.last().map_or(0, |(parent, _)| *parent);
        let Range { start, end } = node.byte_range();
        let is_named = node.is_named();
        open.push((if is_named { nodes.len() } else { parent }, is_named));
        if is_named {
            nodes.push(Node { kind, field, start, end, parent, after: 0 });
        }
        if cursor.goto_first_child() {
            continue;
        }
        loop {
            let after = nodes.len();
            if let Some((number, true)) = open.pop() {
                nodes[number].after = after;
            }
            if cursor.goto_next_sibling() {
                break;
            }
            if !cursor.goto_parent() {
                return nodes;
            }
        }
    }
}

/// Resolves the escapes in a string literal, which is given without its quotes.
pub(super) fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        plain.push_str(before);
        let Some(first) = after.chars().next() else { break };
        let after = &after[first.len_utf8()..];
        let (character, length) = match first {
            'x' => (hexadecimal(after.get(..2)), 2),
            'u' if after.starts_with('{') => {
                let end = after.find('}').unwrap_or_default();
                (hexadecimal(after.get(1..end)), end + 1)
            }
            'u' => (hexadecimal(after.get(..4)), 4),
            'n' | 'r' | 't' | 'b' | 'f' | 'v' => (Some(' '), 0),
            '\n' | '\r' => (None, 0),
            other => (Some(other), 0),
        };
        plain.extend(character);
        rest = after.get(length..).unwrap_or_default();
    }
    plain + rest
}

fn hexadecimal(digits: Option<&str>) -> Option<char> {
    u32::from_str_radix(digits?, 16).ok().and_then(char::from_u32)
}

/// Whether a node of this kind is a function.
pub(super) fn is_function(kind: &str) -> bool {
    matches!(
        kind,
        "arrow_function"
            | "function_declaration"
            | "function_expression"
            | "generator_function"
            | "generator_function_declaration"
            | "method_definition"
    )
}
