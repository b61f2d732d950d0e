//! Finds before the upload what the platform or its bundler would reject in a theme.
//!
//! All findings are reported together. Only what one of the two really refuses is an error. Unreadable JSON,
//! missing partials and sizes are reported where the bundle is assembled.

mod config;
pub(super) mod cycles;
mod duplicates;
mod files;
mod front_matter;
mod images;
mod languages;
mod long_values;
mod mapped;
mod placeholders;
mod schema;
mod shape;
mod tables;
mod translations;
mod vocabulary;
mod yaml;

use super::json_file;
use crate::text::Finding;
use crate::theme::Theme;
use jsonc_parser::ast::Value;
use std::borrow::Cow;

/// Returns everything that is wrong with `theme`, as a theme for one store or for the marketplace.
pub fn check(theme: &Theme, marketplace: bool) -> Vec<Finding> {
    let text = |path: &str| theme.bytes(path).map(String::from_utf8_lossy);
    let texts = [text(config::PATH), text(schema::PATH), text(translations::PATH)];
    let config = tree(config::PATH, texts[0].as_ref());
    let schema = tree(schema::PATH, texts[1].as_ref());
    let translations = tree(translations::PATH, texts[2].as_ref());
    let mut findings = Vec::new();
    if let Some(config) = &config {
        findings.extend(config::check(config, marketplace));
    }
    if let Some(schema) = &schema {
        findings.extend(schema::check(schema));
    }
    if marketplace {
        findings.extend(schema::missing(theme));
    }
    // If one of the two files cannot be read, the keys in it are unknown.
    let is_known = |at: usize, tree: &Option<Value<'_>>| texts[at].is_none() || tree.is_some();
    if is_known(1, &schema) && is_known(2, &translations) {
        findings.extend(translations::check(schema.as_ref(), translations.as_ref()));
    }
    if let (Some(config), Some(schema)) = (&config, &schema) {
        findings.extend(long_values::check(config, schema));
    }
    findings.extend(duplicates::check(theme));
    findings.extend(config.iter().flat_map(|config| front_matter::check(theme, config)));
    findings.extend(languages::check(theme));
    findings.extend(placeholders::check(theme));
    findings.extend(files::check(theme));
    if let Some(config) = config.as_ref().filter(|_| marketplace) {
        findings.extend(images::check(theme, config));
    }
    findings
}

/// Returns the tree of a file, if the file exists and can be read.
fn tree<'a>(path: &str, text: Option<&'a Cow<'_, str>>) -> Option<Value<'a>> {
    text.and_then(|text| json_file::tree(path, text).ok())
}

/// Returns the text of a value, if it is a string.
fn text_of<'v>(value: &'v Value<'_>) -> Option<&'v str> {
    value.as_string_lit().map(|text| &*text.value)
}

/// Returns the items of a value, if it is a list.
fn items<'v, 'a>(value: Option<&'v Value<'a>>) -> &'v [Value<'a>] {
    let array = value.and_then(Value::as_array);
    array.map(|array| array.elements.as_slice()).unwrap_or_default()
}

/// Lists the first few names and how many more there are.
pub(super) fn some_of(names: &[&str]) -> String {
    const MOST: usize = 3;
    let shown: Vec<String> = names.iter().take(MOST).map(|name| format!("`{name}`")).collect();
    let rest = names.len().saturating_sub(MOST);
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    format!("{}{more}", shown.join(", "))
}
