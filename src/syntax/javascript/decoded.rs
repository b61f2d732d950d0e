//! Computes what standard functions make of written-out texts: `atob`, `decodeURIComponent`,
//! `String.fromCharCode`, a reversed or replaced text.
//!
//! It knows these functions only; whatever else a script computes is unknown.

use super::tree::Tree;
use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use percent_encoding::percent_decode_str;

/// Decodes base64 as `atob` does, with or without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Names of the functions that this module knows.
const NAMES: &[&str] = &[
    "atob",
    "decodeURI",
    "decodeURIComponent",
    "fromCharCode",
    "fromCodePoint",
    "join",
    "replace",
    "replaceAll",
    "unescape",
];

/// Whether a call is one of these functions.
pub(super) fn is_decoder(tree: &Tree<'_>, call: usize) -> bool {
    let function = tree.child(call, "function");
    let name = function.and_then(|it| tree.child(it, "property").or(Some(it)));
    name.is_some_and(|name| NAMES.contains(&tree.text(name)))
}

/// Returns the text that a call with this function name evaluates to; `None` if it is unknown. `text`
/// returns what an expression evaluates to.
pub(super) fn text(
    tree: &Tree<'_>,
    name: &str,
    object: Option<usize>,
    arguments: &[usize],
    text: impl Fn(usize) -> Option<String>,
) -> Option<String> {
    match (name, object, arguments) {
        ("atob", _, [one]) => base64(&text(*one)?),
        ("decodeURI" | "decodeURIComponent" | "unescape", _, [one]) => {
            Some(percent_decode_str(&text(*one)?).decode_utf8().ok()?.into_owned())
        }
        ("fromCharCode" | "fromCodePoint", _, numbers) => {
            numbers.iter().map(|number| character(&text(*number)?)).collect()
        }
        ("join", Some(list), [between]) if text(*between)?.is_empty() => {
            Some(text(reversed(tree, list)?)?.chars().rev().collect())
        }
        ("replace" | "replaceAll", Some(object), [old, new]) => {
            let (whole, new) = (text(object)?, text(*new)?);
            match pattern(tree, *old) {
                Some(old) => Some(whole.replace(old, &new)),
                None if name == "replaceAll" => Some(whole.replace(&text(*old)?, &new)),
                None => Some(whole.replacen(&text(*old)?, &new, 1)),
            }
        }
        _ => None,
    }
}

fn base64(text: &str) -> Option<String> {
    let text: String = text.split_ascii_whitespace().collect();
    String::from_utf8(BASE64.decode(text).ok()?).ok()
}

fn character(number: &str) -> Option<char> {
    let number = match number.strip_prefix("0x") {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => number.parse(),
    };
    char::from_u32(number.ok()?)
}

/// Returns the text whose letters a list holds from the last to the first: `text.split('').reverse()`.
fn reversed(tree: &Tree<'_>, list: usize) -> Option<usize> {
    let list = method(tree, list, "reverse")?;
    method(tree, list, "split").or_else(|| {
        // `[...text]` is the same list.
        let spread = tree.children(tree.bare(list)).next()?;
        (tree.kind(spread) == "spread_element").then(|| tree.children(spread).next())?
    })
}

/// Returns the object of a call of this method.
fn method(tree: &Tree<'_>, call: usize, name: &str) -> Option<usize> {
    let function = tree.child(tree.bare(call), "function")?;
    let is_meant = tree.text(tree.child(function, "property")?) == name;
    is_meant.then(|| tree.child(function, "object"))?
}

/// Returns what a global regular expression matches, if that is a single text: `/#/g`.
fn pattern<'a>(tree: &Tree<'a>, node: usize) -> Option<&'a str> {
    let literal = tree.text(tree.bare(node)).strip_prefix('/')?.strip_suffix("/g")?;
    let is_plain = |letter: char| letter.is_alphanumeric() || " #%&,:;=@_~-".contains(letter);
    (!literal.is_empty() && literal.chars().all(is_plain)).then_some(literal)
}
