//! Finds the settings and removes them.

use super::{
    CONFIG, SCHEMA, TRANSLATIONS, is_id, is_key, is_setting, settings_objects, settings_of,
};
use crate::text::{EditSet, Span, TextEdit};
use crate::theme::Theme;
use crate::theme::json::{member, members, parse, property_name};
use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged;

/// Finds the first part of a file that this tool added.
type Find = fn(&Value<'_>, &[u8]) -> Option<Span>;

/// Returns the theme's files without the settings; `None` for a file that the theme did not have.
pub(in crate::guard) fn restored(theme: &Theme) -> Vec<(String, Option<Vec<u8>>)> {
    let mut files = Vec::new();
    let found: [(&str, Find); 3] =
        [(CONFIG, own_in_config), (SCHEMA, own_section), (TRANSLATIONS, own_translation)];
    for (path, find) in found {
        let Some(bytes) = theme.bytes(path) else { continue };
        let mut text = bytes.to_vec();
        if path == SCHEMA && was_added(&text) {
            files.push((path.to_owned(), None));
            continue;
        }
        while let Some(shorter) = without_one(path, &text, find) {
            text = shorter;
        }
        if text != bytes {
            files.push((path.to_owned(), Some(text)));
        }
    }
    files
}

/// Returns the text without the first part that this tool added; `None` if there is none.
fn without_one(path: &str, text: &[u8], find: Find) -> Option<Vec<u8>> {
    let item = find(&parse(path, text).ok()?, text)?;
    let span = with_separator(text, item);
    Some(EditSet::new(vec![TextEdit::new(span, "", "undo")]).ok()?.apply(text))
}

/// Extends a member or element to the white space before it and the comma after it, or for the last of
/// several to the comma before it.
fn with_separator(text: &[u8], item: Span) -> Span {
    let is_space = |byte: &u8| byte.is_ascii_whitespace();
    let before = text[..item.start].iter().rposition(|byte| !is_space(byte)).unwrap_or(0);
    let behind = text[item.end..].iter().position(|byte| !is_space(byte)).unwrap_or(0) + item.end;
    match (text.get(behind), text.get(before)) {
        (Some(b','), _) => Span::new(before + 1, behind + 1),
        (_, Some(b',')) => Span::new(before, item.end),
        _ => Span::new(before + 1, item.end),
    }
}

fn own_in_config(root: &Value<'_>, text: &[u8]) -> Option<Span> {
    let whole =
        root.as_object()?.properties.iter().find(|property| property_name(property) == "settings");
    // Where this tool added the whole object, nothing separates its brace from the first setting.
    let is_added = whole.filter(|whole| {
        let own = members(&whole.value);
        let is_first = text.get(whole.value.start() + 1) == Some(&b'"');
        is_first && !own.is_empty() && own.iter().all(|own| is_setting(property_name(own)))
    });
    if let Some(whole) = is_added {
        return Some(Span::new(whole.start(), whole.end()));
    }
    // The theme editor stores what merchants set in a variation.
    let all = settings_objects(root).into_iter();
    let mut own = all
        .flat_map(|(_, settings)| members(settings))
        .filter(|property| is_setting(property_name(property)));
    own.next().map(|property| Span::new(property.start(), property.end()))
}

fn own_section(root: &Value<'_>, _: &[u8]) -> Option<Span> {
    let is_own = |section: &&Value<'_>| {
        settings_of(section).filter_map(|setting| member(setting, "id")).any(|id| is_id(&id))
    };
    let section = root.as_array()?.elements.iter().find(is_own)?;
    Some(Span::new(section.start(), section.end()))
}

fn own_translation(root: &Value<'_>, _: &[u8]) -> Option<Span> {
    let mut properties = root.as_object()?.properties.iter();
    let property = properties.find(|property| is_key(property_name(property)))?;
    Some(Span::new(property.start(), property.end()))
}

/// Reports whether a `schema.json` holds only this tool's section, laid out like a file that it added.
fn was_added(text: &[u8]) -> bool {
    let is_alone = |root: &Value<'_>| root.as_array().is_some_and(|list| list.elements.len() == 1);
    text.starts_with(b"[\n")
        && parse(SCHEMA, text)
            .is_ok_and(|root| is_alone(&root) && own_section(&root, text).is_some())
}
