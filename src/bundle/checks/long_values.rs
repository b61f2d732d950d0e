//! Checks for settings that are too long for their text field in the theme editor.

use super::shape::{below, caret};
use super::{config, items, text_of};
use crate::text::{Code, Finding, Location, Span};
use crate::theme::json::{member, members, property_name};
use jsonc_parser::ast::{ObjectProp, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The most characters of such a value.
const MOST: usize = 64;
/// The setting types that are text fields.
const TEXT_FIELDS: &[&str] = &["text", "input"];

/// Returns one finding for each setting whose value in `config`, or in a variation, is too long for its
/// field in `schema`.
pub(super) fn check(config: &Value<'_>, schema: &Value<'_>) -> Vec<Finding> {
    let fields = text_fields(schema);
    let mut long = of_settings(member(config, "settings"), "settings", &fields);
    for (at, variation) in items(member(config, "variations")).iter().enumerate() {
        let path = format!("variations[{at}].settings");
        long.extend(of_settings(member(variation, "settings"), &path, &fields));
    }
    let mut by_id: BTreeMap<&str, Vec<LongValue<'_>>> = BTreeMap::new();
    long.into_iter().for_each(|value| by_id.entry(value.id).or_default().push(value));
    by_id.values().filter_map(|values| finding(values)).collect()
}

struct LongValue<'v> {
    id: &'v str,
    path: String,
    span: Span,
    length: usize,
}

fn finding(values: &[LongValue<'_>]) -> Option<Finding> {
    let (LongValue { path, span, length, .. }, others) = values.split_first()?;
    let message = format!(
        "`{path}` has {length} characters; a value for a text field may have {MOST} (TR-4400)"
    );
    let finding = Finding::new(Code::LongValue, message)
        .at(config::PATH, *span)
        .help("shorten it, or take the setting out of `schema.json`");
    let related = others.iter().map(|other| {
        let place = Location { path: config::PATH.to_owned(), span: Some(other.span) };
        (place, format!("`{}` is too long, too", other.path))
    });
    Some(Finding { related: related.collect(), ..finding })
}

/// Returns the ids of all text fields.
fn text_fields<'v>(schema: &'v Value<'_>) -> BTreeSet<&'v str> {
    let groups = items(Some(schema)).iter();
    let settings = groups.flat_map(|group| items(member(group, "settings")));
    let is_field = |setting: &&Value<'_>| {
        let kind = member(setting, "type").and_then(text_of);
        kind.is_some_and(|kind| TEXT_FIELDS.contains(&kind))
    };
    settings.filter(is_field).filter_map(|setting| text_of(member(setting, "id")?)).collect()
}

fn of_settings<'v>(
    settings: Option<&'v Value<'_>>,
    path: &str,
    fields: &BTreeSet<&str>,
) -> Vec<LongValue<'v>> {
    let values = settings.map(members).unwrap_or_default();
    let long = |property: &'v ObjectProp<'_>| {
        let id = property_name(property);
        let length = text_of(&property.value)?.chars().count();
        let span = caret(&property.value);
        let is_too_long = fields.contains(id) && length > MOST;
        is_too_long.then(|| LongValue { id, path: below(path, id), span, length })
    };
    values.into_iter().filter_map(long).collect()
}
