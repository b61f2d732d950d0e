//! Builds `schema.json` of a bundle: the theme's own file with a mark on each setting that a template reads.

use super::sources::Sources;
use crate::text::patterns::{pattern, texts};
use regex::Regex;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Matches a setting that a template reads; the group is its id. The characters around it belong to the
/// match, so if two settings have only one character between them, the second one is not found.
static SETTING: LazyLock<Regex> = LazyLock::new(|| pattern(r"\Wtheme_settings\.(\N+?)\W"));

/// Ids that are always in the official bundler's set, because it is a JavaScript object.
const ALWAYS: &[&str] = &[
    "constructor",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "toString",
    "valueOf",
    "__proto__",
    "__defineGetter__",
    "__defineSetter__",
    "__lookupGetter__",
    "__lookupSetter__",
];

/// Sets `force_reload` on each setting whose id a template of the theme reads.
pub(super) fn mark_reloads(schema: &mut Value, sources: &Sources<'_>) {
    let is_hidden = |name: &str| name.split('/').any(|part| part.starts_with('.'));
    let read: BTreeSet<&str> = sources
        .listed()
        .filter(|name| !is_hidden(name))
        .filter_map(|name| sources.get(name))
        .flat_map(|source| texts(&SETTING, &source.text))
        .collect();
    let groups = schema.as_array_mut().into_iter().flatten();
    let settings = groups.filter_map(|group| group.get_mut("settings")?.as_array_mut());
    for setting in settings.flatten().filter_map(Value::as_object_mut) {
        let id = setting.get("id").and_then(Value::as_str);
        if id.is_some_and(|id| read.contains(id) || ALWAYS.contains(&id)) {
            setting.insert("force_reload".to_owned(), Value::Bool(true));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::tests::theme;
    use serde_json::json;

    #[test]
    fn settings_are_found_by_the_official_pattern() {
        let cases: &[(&str, &[&str])] = &[
            ("{{theme_settings.x}}", &["x"]),
            (" theme_settings.a theme_settings.b ", &["a"]),
            (" theme_settings.a  theme_settings.b ", &["a", "b"]),
            (" theme_settings.a theme_settings.b theme_settings.c ", &["a", "c"]),
            ("theme_settings.x ", &[]),
            (" theme_settings.x", &[]),
            ("mytheme_settings.n ", &[]),
            (" theme_settings.g.h ", &["g"]),
            (" theme_settings.a-b ", &["a"]),
            (" theme_settings.a\n", &["a"]),
            (" theme_settings.\na", &[]),
            ("étheme_settings.aé", &["a"]),
        ];
        for (text, expected) in cases {
            assert_eq!(texts(&SETTING, text).collect::<Vec<_>>(), *expected, "{text:?}");
        }
    }

    #[test]
    fn used_settings_get_force_reload_last_or_in_place() {
        let theme = theme(&[
            ("templates/a.html", "{{theme_settings.x}}{{theme_settings.y}}"),
            ("templates/.h.html", "{{theme_settings.z}}"),
        ]);
        let mut schema = json!([{"name": "n", "settings": [
            {"id": "x", "type": "t"},
            {"force_reload": false, "id": "y"},
            {"id": "z", "force_reload": false},
            {"id": "toString"},
            {"type": "heading"},
        ]}, {"settings": 5}, 7]);
        mark_reloads(&mut schema, &Sources::new(&theme));
        assert_eq!(
            schema[0]["settings"].to_string(),
            "[{\"id\":\"x\",\"type\":\"t\",\"force_reload\":true},{\"force_reload\":true,\"id\":\"y\"},\
             {\"id\":\"z\",\"force_reload\":false},{\"id\":\"toString\",\"force_reload\":true},{\"type\":\"heading\"}]"
        );
    }
}
