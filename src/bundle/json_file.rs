//! Reads the theme's JSON files as strictly as JavaScript does.

use crate::text::{Code, Finding, Severity, Span};
use crate::theme::json::{self, property_name};
use crate::theme::{File, Theme};
use jsonc_parser::ast::{Object, Value as Tree};
use jsonc_parser::common::Ranged;
use serde_json::{Map, Number, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Returns the value in `path`; `None` if there is no such file.
///
/// # Errors
/// When it is not JSON: a finding at that place.
pub(super) fn read(theme: &Theme, path: &str) -> Result<Option<Value>, Finding> {
    let Some(content) = theme.files.get(path).map(|file| content(file)) else {
        return Ok(None);
    };
    let in_file = |mut finding: Finding| {
        finding.primary.iter_mut().for_each(|place| place.path = path.to_owned());
        finding.message.push_str(json::error_number(path));
        finding
    };
    content.value.clone().map(Some).map_err(in_file)
}

/// The content of a JSON file.
pub(super) struct Content {
    /// Its value, or what is wrong with it, at a location without a path.
    pub(super) value: Result<Value, Finding>,
    /// The names of members that repeat an earlier name in the same object, and their positions.
    pub(super) repeated: Vec<(String, Span)>,
}

/// Returns the content of a JSON file, which is parsed only once.
pub(super) fn content(file: &File) -> Arc<Content> {
    let read = |bytes: &[u8]| {
        // Like JavaScript, this replaces bytes that are not UTF-8 with replacement characters.
        let text = String::from_utf8_lossy(bytes);
        let tree = tree("", &text);
        let mut repeated = Vec::new();
        tree.iter().for_each(|tree| note_repeated(tree, &mut repeated));
        Content { value: tree.map(|tree| value(&tree)), repeated }
    };
    file.derived(0, read)
}

/// Parses a JSON text into a tree with positions.
///
/// # Errors
/// When it is not JSON: a finding at that place.
pub(super) fn tree<'a>(path: &str, text: &'a str) -> Result<Tree<'a>, Finding> {
    let tree = json::parse(path, text.as_bytes())?;
    check(path, text)?;
    Ok(tree)
}

/// Returns what is wrong with a JSON file that is copied unchanged and never read: an error where JavaScript
/// fails. JavaScript accepts halves of characters (`\ud800`), and any nesting depth.
pub(super) fn refusal(theme: &Theme, path: &str) -> Option<Finding> {
    let file = theme.files.get(path)?;
    content(file).value.as_ref().err()?;
    let text = without_halves(&String::from_utf8_lossy(&file.bytes));
    let mut finding = tree(path, &text).err()?;
    if finding.message.contains("nesting depth") {
        finding.severity = Severity::Warning;
        finding.help = Some(
            "correct it; stencil-guard copies the file as it is, and the platform may refuse it"
                .to_owned(),
        );
    }
    Some(finding)
}

/// Replaces each escape of half a character; the text keeps its length.
fn without_halves(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        result.push_str(before);
        let is_half = matches!(
            escape.as_bytes(),
            [_, b'u', b'd' | b'D', b'8' | b'9' | b'a'..=b'f' | b'A'..=b'F', c, d, ..]
                if c.is_ascii_hexdigit() && d.is_ascii_hexdigit()
        );
        let length = match (is_half, escape.chars().nth(1)) {
            (true, _) => 6,
            (false, next) => 1 + next.map_or(0, char::len_utf8),
        };
        result.push_str(if is_half { "\\ufffd" } else { &escape[..length] });
        rest = &escape[length..];
    }
    result + rest
}

/// Rejects what the position-keeping parser accepts although it is not JSON.
fn check(path: &str, text: &str) -> Result<(), Finding> {
    let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) else {
        return Ok(());
    };
    let full = error.to_string();
    // JavaScript has no such limit, and the position-keeping parser has already read the whole text.
    if full.starts_with("recursion limit exceeded") {
        return Ok(());
    }
    let message = full.split(" at line ").next().unwrap_or(&full);
    let at = offset(text, error.line(), error.column());
    let number = json::error_number(path);
    Err(Finding::new(Code::InvalidJson, format!("this is not valid JSON: {message}{number}"))
        .at(path, Span::new(at, (at + 1).min(text.len()).max(at)))
        .help("correct the file; the platform takes plain JSON only, without comments"))
}

/// Returns the byte offset of a line and column, both counted from 1.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let lines = text.split_inclusive('\n').take(line.saturating_sub(1));
    let start: usize = lines.map(str::len).sum();
    (start + column.saturating_sub(1)).min(text.len())
}

fn value(tree: &Tree<'_>) -> Value {
    match tree {
        Tree::StringLit(text) => Value::String(text.value.to_string()),
        Tree::NumberLit(number) => {
            let number = number.value.parse().ok().and_then(Number::from_f64);
            number.map_or(Value::Null, Value::Number)
        }
        Tree::BooleanLit(boolean) => Value::Bool(boolean.value),
        Tree::NullKeyword(_) => Value::Null,
        Tree::Array(array) => array.elements.iter().map(value).collect(),
        Tree::Object(object) => {
            let members = object.properties.iter();
            let members = members
                .map(|property| (property_name(property).to_owned(), value(&property.value)));
            Value::Object(members.collect::<Map<_, _>>())
        }
    }
}

fn note_repeated(tree: &Tree<'_>, repeated: &mut Vec<(String, Span)>) {
    match tree {
        Tree::Array(array) => array.elements.iter().for_each(|item| note_repeated(item, repeated)),
        Tree::Object(object) => note_repeated_members(object, repeated),
        _ => {}
    }
}

fn note_repeated_members(object: &Object<'_>, repeated: &mut Vec<(String, Span)>) {
    let mut names = BTreeSet::new();
    for property in &object.properties {
        let name = property_name(property);
        if !names.insert(name) {
            let span = Span::new(property.name.start(), property.name.end());
            repeated.push((name.to_owned(), span));
        }
        note_repeated(&property.value, repeated);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::js_json;
    use crate::bundle::tests::theme;

    #[test]
    fn values_are_read_and_written_like_in_javascript() {
        let text = "{\"b\":1.0,\"2\":-0,\"a\":1e400,\"b\":[12345678901234567890,0.1e-6]}";
        let value = read(&theme(&[("x.json", text)]), "x.json").unwrap().unwrap();
        let written = String::from_utf8(js_json::write(&value)).unwrap();
        let compact: String = written.split_whitespace().collect();
        assert_eq!(compact, "{\"2\":0,\"b\":[12345678901234567000,1e-7],\"a\":null}");
    }

    #[test]
    fn json_that_javascript_rejects_is_an_error_with_a_span() {
        for text in [
            "",
            "{",
            "[1,]",
            "{'a':1}",
            "// c\n1",
            "\u{feff}{}",
            "01",
            "1.",
            "[\"a\nb\"]",
            "{}x",
            "nul",
            "[\"\\x\"]",
        ] {
            let finding = read(&theme(&[("x.json", text)]), "x.json").unwrap_err();
            assert_eq!(finding.code, Code::InvalidJson, "{text:?}");
            assert!(finding.primary.unwrap().span.unwrap().end <= text.len(), "{text:?}");
        }
        assert_eq!(read(&theme(&[]), "x.json").unwrap(), None);
    }

    #[test]
    fn copied_json_is_rejected_only_where_javascript_fails() {
        let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let said = |text: &str| {
            refusal(&theme(&[("lang/x.json", text)]), "lang/x.json").map(|finding| finding.severity)
        };
        for text in ["\"\\ud800\"", "\"\\uDFff\\\\\\ud83d\\ude00\"", "\"é\\\"\"", &deep(300)] {
            assert_eq!(said(text), None, "{text}");
        }
        for text in ["\"\\ud80\"", "\"\\ud8\"", "\"\\", "\"\\é\""] {
            assert_eq!(said(text), Some(Severity::Error), "{text}");
        }
        assert_eq!(said(&deep(2000)), Some(Severity::Warning));
    }
}
