//! What a script does that matters to a shopper: where it goes, and what it names.
//!
//! A JavaScript parser reads the script; what a mustache prints into it is a hole. About code that it does
//! not follow, this module reports nothing or too much, but never that all is well. It knows nothing about
//! themes or shops.

mod code;
mod decoded;
mod inert;
mod modules;
mod names;
mod timing;
mod tree;
mod values;
mod ways;

pub use code::Code;
pub use modules::Import;
pub use timing::Timing;
pub use values::Value;
pub use ways::WayKind;

use names::Names;
use std::collections::BTreeSet;
use std::ops::Range;
use tree::Tree;
use values::Reader;
use ways::Finder;

/// A way to another page.
#[derive(Clone, Debug)]
pub struct Way {
    /// How the script goes there.
    pub kind: WayKind,
    /// When the script goes there.
    pub timing: Timing,
    /// Its place in the script's text.
    pub span: Range<usize>,
    /// The addresses that it may go to, or the ID of what it clicks; empty if none is known.
    pub targets: Vec<Value>,
}

impl Way {
    /// Whether the script itself shows where it goes, or that this is known only at run time.
    pub fn is_seen(&self) -> bool {
        !matches!(self.kind, WayKind::Clicks | WayKind::Unseen)
    }
}

/// What is known about a script.
#[derive(Clone, Debug)]
pub struct Script {
    /// Where it goes, in source order.
    pub ways: Vec<Way>,
    /// The texts that it names, as far as they are written out.
    pub texts: BTreeSet<String>,
    /// Texts that contain the start of a link, with their places.
    pub links: Vec<(Range<usize>, Value)>,
    /// The modules that it loads.
    pub imports: Vec<Import>,
    /// Texts that may be names of templates that it requests from the store.
    pub templates: BTreeSet<String>,
    /// Whether it was parsed without errors.
    pub is_whole: bool,
    /// Whether it only stores data.
    pub is_inert: bool,
}

/// Reads a script.
pub fn read(code: &Code) -> Script {
    let tree = Tree::new(code.text());
    let names = Names::new(&tree);
    let reader = Reader::new(code, &tree, &names);
    let mut finder = Finder { reader: &reader, ways: Vec::new() };
    finder.look();
    let mut ways = finder.ways;
    let values = texts(&tree, &reader);
    let is_link = |(_, value): &&(Range<usize>, Value)| value.as_link().contains("<a ");
    let links = values.iter().filter(is_link).cloned().collect();
    let texts = values.iter().map(|(_, value)| value.for_people());
    let mut texts: BTreeSet<String> = texts.filter(|text| !text.is_empty()).collect();
    if !tree.is_whole && may_go_somewhere(code.text().as_bytes()) {
        let span = 0..code.text().len();
        let (kind, timing) = (WayKind::Unseen, Timing::Perhaps);
        ways.push(Way { kind, timing, span, targets: Vec::new() });
        texts.insert(code.text().to_owned());
    }
    Script {
        ways,
        texts,
        links,
        imports: modules::imports(&tree, &reader),
        templates: modules::templates(&tree, &reader),
        is_whole: tree.is_whole,
        is_inert: inert::is_inert(&tree),
    }
}

/// Words of which a script needs at least one to go anywhere that can be found.
const WORDS: &[&[u8]] = &[b"location", b"navigat", b"open(", b"submit(", b"eval", b"refresh"];

/// Whether a text may be a script that goes somewhere, without parsing it.
fn may_go_somewhere(text: &[u8]) -> bool {
    WORDS.iter().any(|word| memchr::memmem::find(text, word).is_some())
}

/// Returns the texts that are written out, each put together as far as possible, with their places.
fn texts(tree: &Tree<'_>, reader: &Reader<'_>) -> Vec<(Range<usize>, Value)> {
    let is_text = |node: &usize| match tree.kind(*node) {
        "string" | "template_string" | "binary_expression" => true,
        "call_expression" => decoded::is_decoder(tree, *node),
        _ => false,
    };
    let is_outermost = |node: &usize| {
        tree.parent(*node).is_none_or(|parent| tree.kind(parent) != "binary_expression")
    };
    let nodes = tree.all().filter(is_text).filter(is_outermost);
    nodes
        .flat_map(|node| {
            let place = tree.range(node);
            reader.values(node).into_iter().map(move |value| (place.clone(), value))
        })
        .collect()
}

#[cfg(test)]
mod tests;
