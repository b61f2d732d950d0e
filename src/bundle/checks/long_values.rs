//! Settings that are typed into a text field of the Theme Editor and are too long for it.

use super::shape::{below, caret};
use super::{config, items, text_of};
use crate::text::{Code, Finding};
use crate::theme::json::{member, members, property_name};
use jsonc_parser::ast::Value;
use std::collections::BTreeSet;

/// Most characters of such a value.
const MOST: usize = 64;
/// Types of a setting that are text fields.
const TEXT_FIELDS: &[&str] = &["text", "input"];

/// One finding for each value in `config` that is too long for its field in `schema`.
pub(super) fn check(config: &Value<'_>, schema: &Value<'_>) -> Vec<Finding> {
    let fields = text_fields(schema);
    let mut findings = of_settings(member(config, "settings"), "settings", &fields);
    for (at, variation) in items(member(config, "variations")).iter().enumerate() {
        let path = format!("variations[{at}].settings");
        findings.extend(of_settings(member(variation, "settings"), &path, &fields));
    }
    findings
}

/// The ids of all text fields.
fn text_fields<'v>(schema: &'v Value<'_>) -> BTreeSet<&'v str> {
    let groups = items(Some(schema)).iter();
    let settings = groups.flat_map(|group| items(member(group, "settings")));
    let is_field = |setting: &&Value<'_>| {
        let kind = member(setting, "type").and_then(text_of);
        kind.is_some_and(|kind| TEXT_FIELDS.contains(&kind))
    };
    settings.filter(is_field).filter_map(|setting| text_of(member(setting, "id")?)).collect()
}

fn of_settings(settings: Option<&Value<'_>>, path: &str, fields: &BTreeSet<&str>) -> Vec<Finding> {
    let values = settings.map(members).unwrap_or_default();
    let values = values.into_iter().filter(|value| fields.contains(property_name(value)));
    values
        .filter_map(|value| {
            let length = text_of(&value.value)?.chars().count();
            let name = below(path, property_name(value));
            (length > MOST).then(|| {
                let message = format!(
                    "`{name}` has {length} characters; a value for a text field may have {MOST} (TR-4400)"
                );
                Finding::new(Code::LongValue, message)
                    .at(config::PATH, caret(&value.value))
                    .help("shorten it, or take the setting out of `schema.json`")
            })
        })
        .collect()
}
