//! Checks the language files: that they exist, and that they contain the texts that templates use.

use super::some_of;
use crate::bundle::json_file::{self, Content};
use crate::text::patterns::{groups, pattern};
use crate::text::{Code, Finding, Location, Severity, Span};
use crate::theme::{Theme, template_path};
use regex::Regex;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

const FOLDER: &str = "lang";
/// The language that the platform falls back to for each missing text.
const ENGLISH: &str = "lang/en.json";
/// Matches the key of a text that a template looks up.
static KEY: LazyLock<Regex> = LazyLock::new(|| pattern(r#"\{\{+\s*lang\s*["']([\w.-]+)"#));

/// Returns everything that is wrong with the language files of `theme`, except for invalid JSON.
pub(super) fn check(theme: &Theme) -> Vec<Finding> {
    let mut findings: Vec<Finding> = no_folder(theme).into_iter().collect();
    findings.extend(folders_inside(theme));
    let used = used(theme);
    let files: Vec<(&str, Arc<Content>)> = language_files(theme).collect();
    let english = files.iter().find(|(path, _)| *path == ENGLISH);
    let english = english.and_then(|(_, content)| content.value.as_ref().ok());
    let is_english = |key: &str| english.is_some_and(|texts| has(texts, key));
    let mut files_by_lacks: BTreeMap<(bool, Vec<&str>), Vec<&str>> = BTreeMap::new();
    for (path, content) in &files {
        let Ok(texts) = &content.value else { continue };
        let lacks = used.keys().map(String::as_str).filter(|key| !has(texts, key));
        let (replaced, lost): (Vec<&str>, Vec<&str>) = lacks.partition(|key| is_english(key));
        files_by_lacks.entry((false, lost)).or_default().push(path);
        files_by_lacks.entry((true, replaced)).or_default().push(path);
    }
    findings.extend(files_by_lacks.iter().filter_map(|((is_replaced, lacks), files)| {
        let place = used.get(*lacks.first()?)?;
        Some(lacking(files, lacks, *is_replaced, place))
    }));
    findings
}

fn no_folder(theme: &Theme) -> Option<Finding> {
    (!theme.directories.contains(FOLDER)).then(|| {
        Finding::new(Code::LanguageFolder, "the theme has no folder `lang`").help(
            "add `lang/en.json`, at least with an empty object; the official bundler stops here",
        )
    })
}

fn folders_inside(theme: &Theme) -> impl Iterator<Item = Finding> {
    let names = theme.directories.iter().filter_map(|path| path.strip_prefix("lang/"));
    names.filter(|name| !name.contains('/') && !name.starts_with('.')).map(|name| {
        Finding::new(Code::LanguageFolder, "there is a folder among the language files")
            .in_file(format!("{FOLDER}/{name}"))
            .help("move its files up or remove it; the official bundler makes no bundle then")
    })
}

/// Returns the language files with their content.
fn language_files(theme: &Theme) -> impl Iterator<Item = (&str, Arc<Content>)> {
    let files = theme.files.range("lang/".to_owned()..);
    files
        .take_while(|(path, _)| path.starts_with("lang/"))
        .filter(|(path, _)| !path["lang/".len()..].starts_with('.') && path.ends_with(".json"))
        .filter(|(path, _)| !path["lang/".len()..].contains('/'))
        .map(|(path, file)| (path.as_str(), json_file::content(file)))
}

/// Returns the keys that templates look up, each with the place of its first use.
fn used(theme: &Theme) -> BTreeMap<String, Location> {
    let mut used = BTreeMap::new();
    for name in theme.template_names() {
        let Some(file) = theme.template_file(name) else {
            continue;
        };
        for (key, span) in &file.derived(0, keys_in).0 {
            if !used.contains_key(key) {
                let path = template_path(name);
                used.insert(key.clone(), Location { path, span: Some(*span) });
            }
        }
    }
    used
}

/// Keys with their positions.
struct Keys(Vec<(String, Span)>);

/// Finds the keys that a template looks up; none if it is not UTF-8.
fn keys_in(template: &[u8]) -> Keys {
    let text = std::str::from_utf8(template).unwrap_or_default();
    Keys(groups(&KEY, text).map(|(_, span)| (text[span.range()].to_owned(), span)).collect())
}

/// Reports whether `texts` has a text for `key` that can be shown.
fn has(texts: &Value, key: &str) -> bool {
    let value = key.split('.').try_fold(texts, |value, part| value.get(part));
    match value {
        None | Some(Value::Null | Value::Bool(false)) => false,
        Some(Value::String(text)) => !text.is_empty(),
        Some(_) => true,
    }
}

/// Returns one finding for all files that lack the same texts, so that a text missing everywhere is reported
/// once. If `is_replaced`, the platform shows the English texts instead.
fn lacking(files: &[&str], lacks: &[&str], is_replaced: bool, place: &Location) -> Finding {
    let verb = if files.len() == 1 { "lacks" } else { "lack" };
    let texts = if lacks.len() == 1 { "a text" } else { "texts" };
    let (files, lacks) = (some_of(files), some_of(lacks));
    let message = format!("{files} {verb} {texts} that templates use: {lacks}");
    let finding = Finding::new(Code::MissingTranslation, message);
    let (severity, help) = match is_replaced {
        true => (Severity::Note, "shoppers of these languages see the English text there"),
        false => (
            finding.severity,
            "add what is missing, or remove what uses it; shoppers see its name instead of a text",
        ),
    };
    Finding { severity, primary: Some(place.clone()), ..finding.help(help) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_keys_of_lang_calls_are_found() {
        let found = |text: &'static str| -> Vec<&str> {
            groups(&KEY, text).map(|(_, span)| &text[span.range()]).collect()
        };
        assert_eq!(found("{{lang 'a.b-c_1'}}{{{ lang\n\"d\" x=1}}}"), ["a.b-c_1", "d"]);
        assert_eq!(found("{{lang \"\"}}{{lang x}}{{language 'x'}}(lang 'x')"), Vec::<&str>::new());
    }

    #[test]
    fn empty_translations_are_treated_as_missing() {
        let texts = serde_json::json!({"a": {"b": "", "c": "x"}, "d": null});
        assert!(has(&texts, "a.c") && has(&texts, "a"));
        assert!(!has(&texts, "a.b") && !has(&texts, "d") && !has(&texts, "a.c.length"));
    }
}
