//! Checks the front matter of templates as the official bundler does: it inserts the settings, and then
//! everything between the first two `---` of a file must be YAML, wherever they are.
//!
//! Findings are warnings, because two YAML parsers never agree on everything.

use super::config;
use super::mapped::Mapped;
use super::yaml;
use crate::text::{Code, Finding, Span};
use crate::theme::json::{member, members, property_name};
use crate::theme::{Theme, template_path};
use jsonc_parser::ast::Value;
use std::collections::BTreeMap;
use std::ops::Range;

const MARK: &str = "---";

/// Returns everything that is wrong with front matter in `theme`, whose settings are in `config`.
pub(super) fn check(theme: &Theme, config: &Value<'_>) -> Vec<Finding> {
    let settings = member(config, "settings");
    let values = settings_of(settings);
    let mut blocks = theme.template_names().filter_map(|name| {
        let text = std::str::from_utf8(theme.template(name)?).ok()?;
        Some((template_path(name), text, block(text)?))
    });
    if settings.is_none() {
        return blocks
            .next()
            .map(|(path, _, block)| no_settings(path, block))
            .into_iter()
            .collect();
    }
    blocks
        .flat_map(|(path, text, block)| {
            let found = yaml::judge(with_settings(text, block, &values));
            found.into_iter().map(move |problem| finding(&path, problem)).collect::<Vec<_>>()
        })
        .collect()
}

fn finding(path: &str, yaml::Problem { message, at }: yaml::Problem) -> Finding {
    Finding::new(Code::FrontMatter, format!("{message} (TR-1400)")).at(path, at).help(
        "correct it; or, if it is not front matter, avoid three dashes in a row: the official bundler takes all between the first two for YAML, and stops here",
    )
}

fn no_settings(path: String, block: Range<usize>) -> Finding {
    let message = format!("`{}` has no `settings`, which front matter needs", config::PATH);
    Finding::new(Code::FrontMatter, message)
        .at(path, Span::new(block.start, block.start + MARK.len()))
        .help("add `\"settings\": {}` there; the official bundler stops here")
}

/// Returns the range from the first `---` to the end of the next, if there is something between them.
fn block(text: &str) -> Option<Range<usize>> {
    let start = text.find(MARK)?;
    let inside = start + MARK.len();
    let first = text[inside..].chars().next()?.len_utf8();
    let end = inside + first + text[inside + first..].find(MARK)?;
    Some(start..end + MARK.len())
}

/// Returns the settings as JavaScript would print them.
fn settings_of(settings: Option<&Value<'_>>) -> BTreeMap<String, String> {
    let members = settings.map(members).unwrap_or_default();
    members
        .into_iter()
        .map(|member| (property_name(member).to_owned(), printed(&member.value)))
        .collect()
}

fn printed(value: &Value<'_>) -> String {
    match value {
        Value::StringLit(text) => text.value.to_string(),
        Value::NumberLit(number) => {
            let number: f64 = number.value.parse().unwrap_or_default();
            ryu_js::Buffer::new().format(number).to_owned()
        }
        Value::BooleanLit(boolean) => boolean.value.to_string(),
        Value::NullKeyword(_) => "null".to_owned(),
        Value::Object(_) => "[object Object]".to_owned(),
        Value::Array(array) => {
            let items: Vec<String> = array.elements.iter().map(printed).collect();
            items.join(",")
        }
    }
}

/// Returns the block of a template with each setting's name replaced by its value.
fn with_settings(text: &str, block: Range<usize>, values: &BTreeMap<String, String>) -> Mapped {
    let mut mapped = Mapped::default();
    let mut at = block.start;
    while let Some(open) = text[at..block.end].find("{{").map(|found| at + found) {
        mapped.push(&text[at..open], at);
        match setting(&text[open..block.end]) {
            Some((name, length)) if values.contains_key(name) => {
                mapped.push_at(&values[name], open);
                at = open + length;
            }
            _ => {
                mapped.push(&text[open..=open], open);
                at = open + 1;
            }
        }
    }
    mapped.push(&text[at..block.end], at);
    mapped
}

/// Returns the name in `{{theme_settings.name}}` at the start of `text`, and the length of the mustache.
fn setting(text: &str) -> Option<(&str, usize)> {
    let name = text.strip_prefix("{{")?.trim_start().strip_prefix("theme_settings.")?;
    let end = name.find("}}")?;
    let length = text.len() - name.len() + end + 2;
    Some((name[..end].trim_end(), length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn block_spans_the_first_two_marks_anywhere_in_the_file() {
        let found = |text: &'static str| block(text).map(|range| &text[range]);
        assert_eq!(found("---\na: 1\n---\nb---"), Some("---\na: 1\n---"));
        assert_eq!(found("<p>a---b ---c---"), Some("---b ---"));
        assert_eq!(found("-------"), Some("-------"));
        assert_eq!(found("------"), None);
        assert_eq!(found("--- \n"), None);
    }

    #[test]
    fn known_theme_settings_are_substituted() {
        let values = BTreeMap::from([("a".to_owned(), "12".to_owned())]);
        let text = "x---{{theme_settings.a}} {{ theme_settings.a }}{{theme_settings.b}}---";
        let mapped = with_settings(text, 1..text.len(), &values);
        assert_eq!(mapped.text(), "---12 12{{theme_settings.b}}---");
    }
}
