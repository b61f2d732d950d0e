//! Members with the same name in the theme's JSON files: all but the last are lost without a word.

use super::{config, schema, translations};
use crate::text::{Code, Finding, Span};
use crate::theme::Theme;
use crate::theme::json::property_name;
use jsonc_parser::ast::{Object, Value};
use jsonc_parser::common::Ranged;
use std::collections::BTreeSet;

/// One finding for each member that an earlier one has the name of.
pub(super) fn check(theme: &Theme) -> Vec<Finding> {
    let own = [config::PATH, schema::PATH, translations::PATH];
    let languages = theme.files.range("lang/".to_owned()..).map(|(path, _)| path.as_str());
    let languages = languages.take_while(|path| path.starts_with("lang/"));
    own.into_iter().chain(languages).flat_map(|path| in_file(theme, path)).collect()
}

fn in_file(theme: &Theme, path: &str) -> Vec<Finding> {
    let found = theme.files.get(path).map(|file| file.derived(0, doubles));
    let finding = |(name, span): &(String, Span)| {
        let message = format!("`{name}` appears twice; only the last one counts");
        Finding::new(Code::DuplicateKey, message).at(path, *span).help("remove one of them")
    };
    found.iter().flat_map(|found| &found.0).map(finding).collect()
}

/// Names that stand twice, and where.
struct Doubles(Vec<(String, Span)>);

fn doubles(bytes: &[u8]) -> Doubles {
    let mut found = Vec::new();
    if let Some(tree) = super::tree("", Some(&String::from_utf8_lossy(bytes))) {
        walk(&tree, &mut found);
    }
    Doubles(found)
}

fn walk(value: &Value<'_>, found: &mut Vec<(String, Span)>) {
    match value {
        Value::Array(array) => array.elements.iter().for_each(|item| walk(item, found)),
        Value::Object(object) => members(object, found),
        _ => {}
    }
}

fn members(object: &Object<'_>, found: &mut Vec<(String, Span)>) {
    let mut names = BTreeSet::new();
    for property in &object.properties {
        let name = property_name(property);
        if !names.insert(name) {
            found.push((name.to_owned(), Span::new(property.name.start(), property.name.end())));
        }
        walk(&property.value, found);
    }
}
