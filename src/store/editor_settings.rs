//! Writes a store's theme-editor settings into `config.json`, as the official tool's `pull` does.
//!
//! The API cannot set them in a store: they travel only in the theme's own file.

use jsonc_parser::ParseOptions;
use jsonc_parser::cst::{CstInputValue, CstObject, CstObjectProp, CstRootNode};
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

/// A `config.json` with a store's settings added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// The content of the whole file.
    pub config: String,
    /// The names of the settings that changed.
    pub changed: Vec<String>,
    /// The names of the settings that the theme does not have.
    pub unknown: Vec<String>,
}

/// Why settings cannot be written into a theme.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("`config.json` of the theme cannot be read: {0}")]
    Unreadable(String),
    /// The theme does not have the variation that the channel shows.
    #[error("the theme has no variation `{0}`, which the channel shows")]
    NoVariation(String),
    /// A setting has another type in the store than in the theme.
    #[error("the setting `{name}` is {theirs} in the store and {ours} in the theme")]
    OtherKind {
        /// The setting's name.
        name: String,
        /// Its type in the store.
        theirs: &'static str,
        /// Its type in the theme.
        ours: &'static str,
    },
}

/// Returns `config.json` with the store's `settings` in the variation of this name. Settings that the theme
/// does not have are left out; every other byte stays.
///
/// # Errors
/// When the file cannot be read or has no such variation, or when a setting has another type.
pub fn merge(
    config: &[u8],
    variation: &str,
    settings: &Map<String, Value>,
) -> Result<Merged, SettingsError> {
    let unreadable = |reason: &str| SettingsError::Unreadable(reason.to_owned());
    let text = std::str::from_utf8(config).map_err(|error| unreadable(&error.to_string()))?;
    // The parser that keeps the format also accepts comments; the platform's tools do not.
    serde_json::from_str::<IgnoredAny>(text).map_err(|error| unreadable(&error.to_string()))?;
    let root = CstRootNode::parse(text, &ParseOptions::default())
        .map_err(|error| unreadable(&error.to_string()))?;
    let all = root.object_value().ok_or_else(|| unreadable("it is no object"))?;
    let defaults = object(&all, "settings").map(values).unwrap_or_default();
    let own = find_variation(&all, variation)
        .ok_or_else(|| SettingsError::NoVariation(variation.to_owned()))?;
    let overrides = object(&own, "settings").map(values).unwrap_or_default();
    let (mut changed, mut unknown) = (Vec::new(), Vec::new());
    for (name, theirs) in settings {
        let Some(default) = defaults.get(name) else {
            unknown.push(name.clone());
            continue;
        };
        // An override that is no longer wanted is compared, too, or it would stay.
        let ours = overrides.get(name).unwrap_or(default);
        if kind(ours) != kind(theirs) {
            let (theirs, ours) = (kind(theirs), kind(ours));
            return Err(SettingsError::OtherKind { name: name.clone(), theirs, ours });
        }
        if !is_equal(ours, theirs) {
            set(&own, name, theirs);
            changed.push(name.clone());
        }
    }
    Ok(Merged { config: root.to_string(), changed, unknown })
}

/// Returns the names of the variations in a `config.json`; empty if it cannot be read.
pub fn variation_names(config: &[u8]) -> Vec<String> {
    let value: Value = serde_json::from_slice(config).unwrap_or_default();
    let list = value.get("variations").and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|one| one.get("name")?.as_str().map(str::to_owned)).collect()
}

fn find_variation(all: &CstObject, name: &str) -> Option<CstObject> {
    let list = last(all, "variations")?.array_value()?;
    let is_named = |variation: &CstObject| {
        let own = last(variation, "name").and_then(|property| property.value()?.to_serde_value());
        own.as_ref().and_then(Value::as_str) == Some(name)
    };
    list.elements().into_iter().filter_map(|element| element.as_object()).find(is_named)
}

/// Returns a member of an object; if two have the same name, the last one, as in JavaScript.
fn last(object: &CstObject, name: &str) -> Option<CstObjectProp> {
    let mut properties = object.properties().into_iter().rev();
    properties.find(|property| property.decoded_name().as_deref() == Some(name))
}

fn object(parent: &CstObject, name: &str) -> Option<CstObject> {
    last(parent, name)?.object_value()
}

fn values(object: CstObject) -> Map<String, Value> {
    object.to_serde_value().and_then(|value| value.as_object().cloned()).unwrap_or_default()
}

fn set(variation: &CstObject, name: &str, value: &Value) {
    let settings = match last(variation, "settings") {
        Some(property) => property.object_value_or_set(),
        None => variation.object_value_or_set("settings"),
    };
    match last(&settings, name) {
        Some(property) => property.set_value(input(value)),
        None => {
            settings.append(name, input(value));
        }
    }
}

fn input(value: &Value) -> CstInputValue {
    match value {
        Value::Null => CstInputValue::Null,
        Value::Bool(value) => CstInputValue::Bool(*value),
        Value::Number(number) => CstInputValue::Number(number.to_string()),
        Value::String(text) => CstInputValue::String(text.clone()),
        Value::Array(list) => CstInputValue::Array(list.iter().map(input).collect()),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| (name.clone(), input(value)));
            CstInputValue::Object(members.collect())
        }
    }
}

/// Returns the type of a value, as JavaScript tells types apart.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Bool(_) => "yes or no",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Null | Value::Array(_) | Value::Object(_) => "an object",
    }
}

/// Whether two values are equal in JavaScript, where `1` equals `1.0`.
fn is_equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| is_equal(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let same = |(name, value): (&String, &Value)| {
                other.get(name).is_some_and(|other| is_equal(value, other))
            };
            one.len() == other.len() && one.iter().all(same)
        }
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const CONFIG: &str = "{\r\n  \"settings\": { \"color\": \"#000\", \"size\": 1, \"on\": true, \"list\": [1] },\r\n\t\"variations\": [\r\n {\"name\": \"Light\", \"settings\": {\"color\": \"#fff\"}},\r\n {\"name\": \"Dark\"} ]\r\n}";

    fn merged(variation: &str, settings: Value) -> Result<Merged, SettingsError> {
        merge(CONFIG.as_bytes(), variation, settings.as_object().unwrap())
    }

    #[test]
    fn only_changed_values_are_rewritten() {
        let same = merged("Light", json!({"color": "#fff", "size": 1.0, "list": [1]})).unwrap();
        assert_eq!((same.config.as_str(), same.changed.len()), (CONFIG, 0));
        let one = merged("Light", json!({"color": "#000", "other": 1})).unwrap();
        assert_eq!(one.config, CONFIG.replace("\"#fff\"", "\"#000\""));
        assert_eq!(
            (one.changed, one.unknown),
            (vec!["color".to_owned()], vec!["other".to_owned()])
        );
        let new = merged("Dark", json!({"color": "a\"b", "on": false})).unwrap();
        let value: Value = serde_json::from_str(&new.config).unwrap();
        assert_eq!(value["variations"][1]["settings"], json!({"color": "a\"b", "on": false}));
        assert!(new.config.starts_with(&CONFIG[..CONFIG.find("{\"name\": \"Dark\"").unwrap()]));
    }

    #[test]
    fn mismatched_settings_and_unreadable_files_are_rejected() {
        assert_eq!(merged("Blue", json!({})), Err(SettingsError::NoVariation("Blue".to_owned())));
        for wrong in [json!({"color": 1}), json!({"size": "1"}), json!({"on": null})] {
            assert!(matches!(merged("Light", wrong), Err(SettingsError::OtherKind { .. })));
        }
        assert!(matches!(merge(b"[]", "x", &Map::new()), Err(SettingsError::Unreadable(_))));
        for odd in ["{", "{\"variations\": [{\"name\": \"x\"}], /* c */}", "{\"a\": 1,}"] {
            let merged = merge(odd.as_bytes(), "x", &Map::new());
            assert!(matches!(merged, Err(SettingsError::Unreadable(_))), "{odd}");
        }
    }
}
