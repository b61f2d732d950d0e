//! Renames links, and restores their names.
//!
//! It only inserts text, before the names of attributes: a link that a shopper cannot follow any longer is
//! still there, word for word.

use super::decide::{Link, Outcome};
use crate::syntax::html::{Markup, StartTag};
use crate::text::{EditSet, Span, TextEdit};
use memchr::memmem;
use std::collections::{HashMap, HashSet};

/// Precedes the name of an attribute, so that browsers no longer know it.
const PREFIX: &str = "data-guard-";

/// Marks the address that is inserted before a retargeted one.
const RETARGETED: &str = "data-guard-retargeted ";

/// The method that disables submitting; a form that has fields keeps them.
const INERT: &str = "method=\"dialog\" ";

/// Reports whether a text holds what only this module writes.
pub fn is_renamed(source: &[u8]) -> bool {
    memmem::find(source, PREFIX.as_bytes()).is_some()
}

/// Returns the edits of a template for its links.
pub fn edits(source: &[u8], markup: &Markup, links: &[Link]) -> Vec<TextEdit> {
    let changed = links.iter().filter(|link| link.outcome != Outcome::Keep);
    let tags: HashMap<usize, &StartTag> = markup.tags.iter().map(|tag| (tag.start, tag)).collect();
    let shared = shared_attributes(markup);
    // The contents of a raw block are printed as written.
    let has_raw = memmem::find(source, b"{{{{").is_some();
    let mut edits: Vec<TextEdit> = changed
        .flat_map(|link| {
            let tag = tags.get(&link.tag);
            let methods = tag.map(|tag| methods(source, &shared, tag, link)).unwrap_or_default();
            [insertion(link.name.start, before(source, link, has_raw))].into_iter().chain(methods)
        })
        .collect();
    edits.sort_by_key(|edit| edit.span);
    // All actions of a form share its method.
    edits.dedup();
    edits
}

/// Returns what to insert before a link's name; nothing that the engine must evaluate, if a raw block may be
/// around it.
fn before(source: &[u8], link: &Link, may_be_raw: bool) -> String {
    match (&link.outcome, link.attribute.as_str()) {
        (Outcome::Retarget(arrival), _) => {
            let name = String::from_utf8_lossy(link.name.of(source));
            let address = match may_be_raw {
                true => escaped(&arrival.address),
                false => arrival.written(escaped),
            };
            format!("{RETARGETED}{name}=\"{address}\" {PREFIX}")
        }
        (_, "action") => format!("{INERT}{PREFIX}"),
        (_, "formaction") => format!("form{INERT}{PREFIX}"),
        _ => PREFIX.to_owned(),
    }
}

/// Renames the method of a disabled form or button, too, unless the method also belongs to another branch's
/// tag: then it stays, because browsers use the first of two.
fn methods(source: &[u8], shared: &HashSet<Span>, tag: &StartTag, link: &Link) -> Vec<TextEdit> {
    let name = match link.attribute.as_str() {
        "action" => "method",
        "formaction" => "formmethod",
        _ => return Vec::new(),
    };
    let methods = tag.named(source, name).filter(|method| !shared.contains(&method.name));
    methods.map(|method| insertion(method.name.start, PREFIX.to_owned())).collect()
}

/// Returns the name spans of attributes that belong to several tags.
fn shared_attributes(markup: &Markup) -> HashSet<Span> {
    let mut owners: HashMap<Span, usize> = HashMap::new();
    let all = markup.tags.iter().flat_map(|tag| tag.attributes.iter().map(move |own| (tag, own)));
    let shared = all
        .filter(|(tag, attribute)| *owners.entry(attribute.name).or_insert(tag.start) != tag.start);
    shared.map(|(_, attribute)| attribute.name).collect()
}

fn insertion(at: usize, text: String) -> TextEdit {
    TextEdit::new(Span::empty(at), text, "back link")
}

/// Escapes an address for an attribute in a template: no quote, no mustache, no three dashes.
fn escaped(address: &str) -> String {
    let address = address.replace('&', "&amp;").replace('"', "%22").replace('<', "%3C");
    address.replace('{', "%7B").replace('}', "%7D").replace("---", "--%2D")
}

/// Returns the text from before its links were renamed; `None` if none were.
pub fn restored(source: &[u8]) -> Option<Vec<u8>> {
    if !is_renamed(source) {
        return None;
    }
    let mut edits: Vec<TextEdit> = Vec::new();
    for at in memmem::find_iter(source, PREFIX.as_bytes()) {
        if edits.last().is_some_and(|edit| at < edit.span.end) {
            continue;
        }
        edits.push(TextEdit::new(inserted(source, at), "", "undo"));
    }
    EditSet::new(edits).ok().map(|edits| edits.apply(source))
}

/// Returns the span of everything that was inserted around the prefix at `at`.
fn inserted(source: &[u8], at: usize) -> Span {
    let after = at + PREFIX.len();
    let before = |text: &str| source[..at].ends_with(text.as_bytes());
    let follows = |name: &str| {
        let name = name.as_bytes();
        source[after..].get(..name.len()).is_some_and(|text| text.eq_ignore_ascii_case(name))
    };
    if source[at..].starts_with(RETARGETED.as_bytes()) {
        // The address itself may hold anything but a quote.
        let quotes = memchr::memchr_iter(b'"', &source[after..]).take(2).last().unwrap_or(0);
        let next = memmem::find(&source[after + quotes..], PREFIX.as_bytes());
        return Span::new(at, next.map_or(after, |next| after + quotes + next + PREFIX.len()));
    }
    let form = format!("form{INERT}");
    let in_json = |text: &str| text.replace('"', "\\\"");
    let methods = match (follows("formaction"), follows("action")) {
        (true, _) => vec![in_json(&form), form],
        (_, true) => vec![in_json(INERT), INERT.to_owned()],
        _ => Vec::new(),
    };
    let length = methods.iter().find(|method| before(method)).map_or(0, String::len);
    Span::new(at - length, after)
}
