//! Two settings of the theme that merchants change in the theme editor: whether pages are guarded, and which
//! storefront shoppers are redirected to.
//!
//! They are inserted into the theme's JSON files, which leaves every other byte as it is, and can be removed
//! again.

mod insert;
mod labels;
mod remove;
#[cfg(test)]
mod tests;

use super::names;
use super::storefront::Storefront;
use crate::theme::Theme;
use crate::theme::json::{member, members, parse, property_name};
pub(super) use insert::{Changes, plan};
use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged;
use labels::labels;
pub(super) use remove::restored;
use serde_json::Map;

/// The switch: pages are guarded unless it is `false`.
pub const ENABLED: &str = "stencil_guard_enabled";
/// The address of the storefront; empty for the one that the guard was built for.
pub const STOREFRONT: &str = "stencil_guard_storefront";
/// The maximum length of a value in a text field; the platform refuses longer ones (TR-4400).
pub const LONGEST: usize = 64;

const CONFIG: &str = "config.json";
const SCHEMA: &str = "schema.json";
const TRANSLATIONS: &str = "schemaTranslations.json";

/// What merchants set in the theme editor, as stored in `config.json` of a theme from a store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen(Vec<Choice>);

/// The value of one setting.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Choice {
    /// The index of the variation; `None` for the settings of the whole theme.
    variation: Option<usize>,
    name: String,
    /// The value as JSON.
    value: String,
}

impl Chosen {
    /// Returns this tool's settings among those of a store that the theme does not have yet, for all its
    /// variations.
    pub fn of_store(settings: &Map<String, serde_json::Value>, unknown: &[String]) -> Self {
        let own = unknown.iter().filter(|name| is_setting(name));
        let choices = own.filter_map(|name| {
            let value = settings.get(name)?;
            let is_fit = if *name == ENABLED { value.is_boolean() } else { value.is_string() };
            let (name, value) = (name.clone(), value.to_string());
            is_fit.then_some(Choice { variation: None, name, value })
        });
        Self(choices.collect())
    }

    /// Reports whether nothing was set.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Returns what merchants set in the theme editor of an already guarded theme.
pub fn chosen(theme: &Theme) -> Chosen {
    let bytes = theme.bytes(CONFIG).filter(|_| is_ours(theme)).unwrap_or_default();
    let Ok(root) = parse(CONFIG, bytes) else { return Chosen::default() };
    let all = settings_objects(&root).into_iter().flat_map(|(variation, settings)| {
        members(settings).into_iter().map(move |property| (variation, property))
    });
    let choices = all.filter_map(|(variation, property)| {
        let name = property_name(property).to_owned();
        let is_fit = match property.value {
            Value::BooleanLit(_) => name == ENABLED,
            Value::StringLit(_) => name == STOREFRONT,
            _ => false,
        };
        let value = &bytes[property.value.start()..property.value.end()];
        let value = String::from_utf8(value.to_vec()).ok()?;
        is_fit.then_some(Choice { variation, name, value })
    });
    Chosen(choices.collect())
}

/// Returns the settings of each variation, with its index, and those of the whole theme.
fn settings_objects<'a, 'v>(root: &'v Value<'a>) -> Vec<(Option<usize>, &'v Value<'a>)> {
    let variations = member(root, "variations").and_then(Value::as_array);
    let variations = variations.into_iter().flat_map(|list| &list.elements).enumerate();
    let own = variations.filter_map(|(at, it)| Some((Some(at), member(it, "settings")?)));
    own.chain(member(root, "settings").map(|settings| (None, settings))).collect()
}

/// Returns the settings in a section of `schema.json`.
fn settings_of<'a, 'v>(section: &'v Value<'a>) -> impl Iterator<Item = &'v Value<'a>> {
    let settings = member(section, "settings").and_then(Value::as_array);
    settings.into_iter().flat_map(|settings| &settings.elements)
}

/// Reports whether a setting of the theme is one of this tool's.
pub fn is_setting(name: &str) -> bool {
    [ENABLED, STOREFRONT].contains(&name)
}

fn is_key(name: &str) -> bool {
    labels().iter().any(|label| label.key == name)
}

fn is_id(value: &&Value<'_>) -> bool {
    matches!(value, Value::StringLit(text) if is_setting(&text.value))
}

/// Returns the mustache that prints the storefront from the settings.
pub fn printed_storefront() -> String {
    format!("{{{{theme_settings.{STOREFRONT}}}}}")
}

/// Returns the storefront from the settings, as a page of the store hands it to its script; `None` if there
/// is no valid one.
pub fn set_in(html: &str) -> Option<Storefront> {
    let (_, value) = html.split_once(r#" data-storefront=""#)?;
    let (value, _) = value.split_once('"')?;
    // The engine escapes nothing else that an address can hold.
    let text = value.replace("&#x3D;", "=").replace("&amp;", "&");
    let is_fit = text.starts_with("http") && text.chars().count() <= LONGEST;
    Storefront::parse(&text).ok().filter(|_| is_fit)
}

/// Wraps a text so that it is printed only while no storefront is set.
pub(super) fn unless_set(text: &str) -> String {
    format!("{{{{#unless theme_settings.{STOREFRONT}}}}}{text}{{{{/unless}}}}")
}

/// Reports whether one of this tool's guards in the theme reads the settings.
pub(super) fn is_ours(theme: &Theme) -> bool {
    let reads = |name| {
        let text = theme.template(name).unwrap_or_default();
        memchr::memmem::find(text, STOREFRONT.as_bytes()).is_some()
    };
    reads(names::HEAD) || reads(names::PAGE)
}
