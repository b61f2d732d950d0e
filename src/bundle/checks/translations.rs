//! Checks `schemaTranslations.json`: the texts of the theme editor, to which `schema.json` refers by key.

use super::shape::{Violation, caret, violations};
use super::tables::TRANSLATIONS;
use super::{schema, some_of};
use crate::text::{Code, Finding, Span};
use crate::theme::json::{members, property_name};
use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged;
use std::collections::BTreeSet;

pub(super) const PATH: &str = "schemaTranslations.json";

/// Members of `schema.json` whose value is a key, or contains members whose value is one.
const NAMING: &[&str] = &["name", "content", "label", "settings", "options", "group"];
/// The start of keys that templates use, and not `schema.json`.
const REGION: &str = "RegionName";

/// Returns everything that is wrong in `translations`, given the keys in `schema`.
pub(super) fn check(schema: Option<&Value<'_>>, translations: Option<&Value<'_>>) -> Vec<Finding> {
    let mut used = Keys::default();
    if let Some(schema) = schema {
        used.collect(schema);
    }
    let Some(translations) = translations else {
        return no_file(&used).into_iter().collect();
    };
    let mut findings: Vec<Finding> =
        violations(translations, &TRANSLATIONS).iter().map(finding).collect();
    let members = members(translations);
    let known: BTreeSet<&str> = members.iter().map(|member| property_name(member)).collect();
    findings.extend(used.in_order.iter().filter(|(key, _)| !known.contains(key)).map(untranslated));
    for member in members {
        let key = property_name(member);
        if !used.seen.contains(key) && !is_of_region(key) {
            findings.push(unused(key, Span::new(member.name.start(), member.name.end())));
        }
    }
    findings
}

/// The keys in `schema.json`, each with the place of its first use.
#[derive(Default)]
struct Keys<'v> {
    in_order: Vec<(&'v str, Span)>,
    seen: BTreeSet<&'v str>,
}

impl<'v> Keys<'v> {
    fn collect(&mut self, value: &'v Value<'_>) {
        for element in super::items(Some(value)) {
            for member in members(element) {
                if !NAMING.contains(&property_name(member)) {
                    continue;
                }
                let key = super::text_of(&member.value).filter(|text| text.starts_with("i18n."));
                if let Some(key) = key.filter(|key| self.seen.insert(key)) {
                    self.in_order.push((key, caret(&member.value)));
                }
                self.collect(&member.value);
            }
        }
    }
}

/// Reports whether a key consists of `i18n`, any character, and the name of a region.
fn is_of_region(key: &str) -> bool {
    let mut rest = key.strip_prefix("i18n").unwrap_or_default().chars();
    rest.next().is_some_and(|next| !"\n\r\u{2028}\u{2029}".contains(next))
        && rest.as_str().starts_with(REGION)
}

fn finding(violation: &Violation) -> Finding {
    Finding::new(Code::InvalidTranslations, violation.message())
        .at(PATH, violation.span)
        .help(format!("{}; the official bundler stops here", violation.fix()))
}

fn no_file(used: &Keys<'_>) -> Option<Finding> {
    let (_, span) = used.in_order.first()?;
    let keys: Vec<&str> = used.in_order.iter().map(|(key, _)| *key).collect();
    let message =
        format!("there is no `{PATH}` for the keys that `schema.json` names: {}", some_of(&keys));
    Some(
        Finding::new(Code::InvalidTranslations, message)
            .at(schema::PATH, *span)
            .help("add the file, with a `default` for each key; the official bundler stops here"),
    )
}

fn untranslated((key, span): &(&str, Span)) -> Finding {
    let message = format!("`{PATH}` has no text for `{key}`");
    Finding::new(Code::InvalidTranslations, message)
        .at(schema::PATH, *span)
        .help("add the key there, or write the text itself here; the official bundler stops here")
}

fn unused(key: &str, span: Span) -> Finding {
    Finding::new(Code::InvalidTranslations, format!("`schema.json` does not use `{key}`"))
        .at(PATH, span)
        .help("remove it; the official bundler stops here")
}
