//! Reads the theme's own JSON as strictly as the platform does, and keeps the positions.
//!
//! This module knows how JSON is spelled and where `config.json` keeps the theme's name; other modules know
//! what the other values mean.

use crate::text::{Code, Finding, Span, TextEdit};
use jsonc_parser::ast::{ObjectProp, ObjectPropName, StringLit, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use std::collections::BTreeMap;

/// Allows only what RFC 8259 allows.
const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// The byte order mark that some editors write at the start of a file.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Parses the JSON in `bytes` into a tree with byte offsets; the finding names `path`.
///
/// # Errors
/// When it is not JSON: a finding at that place.
pub fn parse<'a>(path: &str, bytes: &'a [u8]) -> Result<Value<'a>, Finding> {
    let finding = |span: Span, message: String| {
        let number = error_number(path);
        Finding::new(Code::InvalidJson, format!("this is not valid JSON: {message}{number}"))
            .at(path, span)
            .help("correct the file; the platform takes plain JSON only, without comments")
    };
    let text = std::str::from_utf8(bytes).map_err(|error| {
        finding(Span::empty(error.valid_up_to()), "a byte is not UTF-8".to_owned())
    })?;
    if text.starts_with(BYTE_ORDER_MARK) {
        let span = Span::new(0, BYTE_ORDER_MARK.len_utf8());
        return Err(finding(span, "it begins with a byte order mark".to_owned()).help(
            "save the file as UTF-8 without one (\"no BOM\"); the official bundler stops here",
        ));
    }
    let parsed = parse_to_ast(text, &CollectOptions::default(), &STRICT).map_err(|error| {
        let range = error.range();
        finding(Span::new(range.start, range.end), error.kind().to_string())
    })?;
    parsed.value.ok_or_else(|| finding(Span::empty(0), "it is empty".to_owned()))
}

/// Returns the platform's error number for a file that it cannot read, as a suffix for a message.
pub fn error_number(path: &str) -> &'static str {
    match path {
        "config.json" => " (TR-800)",
        "schema.json" => " (TR-1000)",
        _ => "",
    }
}

/// The theme's name and version in `config.json`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// `name`, if there is one.
    pub name: Option<String>,
    /// `version`, if there is one.
    pub version: Option<String>,
}

/// Reads the name and version in the bytes of `config.json`.
///
/// # Errors
/// When it is not JSON.
pub fn identity(config: &[u8]) -> Result<Identity, Finding> {
    // Like JavaScript, this replaces bytes that are not UTF-8 with replacement characters.
    let text = String::from_utf8_lossy(config);
    let value = parse("config.json", text.as_bytes())?;
    let text = |name: &str| match member(&value, name) {
        Some(Value::StringLit(text)) => Some(text.value.to_string()),
        _ => None,
    };
    Ok(Identity { name: text("name"), version: text("version") })
}

/// Returns the edit that renames the theme in `config.json`.
///
/// # Errors
/// When it is not JSON, or not an object.
pub fn rename(config: &[u8], name: &str) -> Result<TextEdit, Finding> {
    let value = parse("config.json", config)?;
    let quoted = serde_json::Value::from(name).to_string();
    let (span, replacement) = match (&value, member(&value, "name")) {
        (_, Some(old)) => (Span::new(old.start(), old.end()), quoted),
        (Value::Object(object), None) => {
            let comma = if object.properties.is_empty() { "" } else { ", " };
            (Span::empty(object.start() + 1), format!("\"name\": {quoted}{comma}"))
        }
        _ => {
            let finding = Finding::new(Code::InvalidJson, "this must be an object");
            return Err(finding.at("config.json", Span::new(value.start(), value.end())));
        }
    };
    Ok(TextEdit::new(span, replacement, "--theme-name"))
}

/// Returns a member of an object; of several with the same name, the last one counts, as in JavaScript.
pub fn member<'a, 'v>(value: &'v Value<'a>, name: &str) -> Option<&'v Value<'a>> {
    let Value::Object(object) = value else {
        return None;
    };
    let is_named = |property: &&ObjectProp<'_>| property_name(property) == name;
    object.properties.iter().rev().find(is_named).map(|property| &property.value)
}

/// Returns the members of an object that count, in the order of the text: of several with the same name, the
/// last one. Empty for any other value.
pub fn members<'a, 'v>(value: &'v Value<'a>) -> Vec<&'v ObjectProp<'a>> {
    let properties = value.as_object().map(|object| object.properties.as_slice());
    let properties = properties.unwrap_or_default();
    let last: BTreeMap<&str, usize> =
        properties.iter().enumerate().map(|(at, property)| (property_name(property), at)).collect();
    let counts =
        |(at, property): &(usize, &ObjectProp<'_>)| last.get(property_name(property)) == Some(at);
    properties.iter().enumerate().filter(counts).map(|(_, property)| property).collect()
}

/// Calls `visit` for each text in a value, in the order of the file, with its key: the names of the members and
/// the numbers of the items around it, joined by dots.
pub fn each_text<'a, 'v>(value: &'v Value<'a>, visit: &mut dyn FnMut(&str, &'v StringLit<'a>)) {
    each_text_below(value, "", visit);
}

fn each_text_below<'a, 'v>(
    value: &'v Value<'a>,
    key: &str,
    visit: &mut dyn FnMut(&str, &'v StringLit<'a>),
) {
    let below = |name: &str| if key.is_empty() { name.to_owned() } else { format!("{key}.{name}") };
    match value {
        Value::Object(_) => {
            for member in members(value) {
                each_text_below(&member.value, &below(property_name(member)), visit);
            }
        }
        Value::Array(array) => {
            for (number, value) in array.elements.iter().enumerate() {
                each_text_below(value, &below(&number.to_string()), visit);
            }
        }
        Value::StringLit(text) => visit(key, text),
        _ => {}
    }
}

/// Returns the name of a member.
pub fn property_name<'v>(property: &'v ObjectProp<'_>) -> &'v str {
    match &property.name {
        ObjectPropName::String(text) => &text.value,
        ObjectPropName::Word(word) => word.value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::EditSet;

    #[test]
    fn renaming_changes_only_the_name() {
        let renamed = |config: &str| {
            let edits = EditSet::new(vec![rename(config.as_bytes(), "A \"b\"").unwrap()]).unwrap();
            String::from_utf8(edits.apply(config.as_bytes())).unwrap()
        };
        assert_eq!(
            renamed("{ \"name\" : \"x\",\r\n \"v\": 1}"),
            "{ \"name\" : \"A \\\"b\\\"\",\r\n \"v\": 1}"
        );
        assert_eq!(renamed("{}"), "{\"name\": \"A \\\"b\\\"\"}");
        assert_eq!(renamed("{\"v\": 1}"), "{\"name\": \"A \\\"b\\\"\", \"v\": 1}");
    }

    #[test]
    fn invalid_config_json_is_reported() {
        let error = identity(b"{\"name\": \"x\",}").unwrap_err();
        assert_eq!(error.code, Code::InvalidJson);
        assert!(error.message.ends_with(" (TR-800)"), "{}", error.message);
        assert_eq!(error.primary.unwrap().path, "config.json");
        assert!(identity(b"{\"name\": 'x'}").is_err());
        assert!(identity(b"// c\n{}").is_err());
        assert!(identity(b"\xff").is_err());
        assert!(identity(b"{\"name\": \"caf\xe9\"}").is_ok());
        assert!(identity(b"").is_err());
        let identity = identity(b"{\"name\":\"N\",\"version\":\"1.2\"}").unwrap();
        assert_eq!(
            (identity.name.as_deref(), identity.version.as_deref()),
            (Some("N"), Some("1.2"))
        );
    }
}
