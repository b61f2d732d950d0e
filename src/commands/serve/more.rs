//! Settings for which the page has no field, as the text of a settings file.
//!
//! A setting that has a field can be set only there, so that the field and the text never disagree. Importing
//! a settings file moves such settings into their fields.

use crate::config::{ConfigError, FILE_NAME, Settings, SettingsFile};
use std::ops::Range;
use std::path::Path;
use toml::Spanned;
use toml::de::DeTable;

/// The settings that have a field.
pub(super) const FIELDS: &[&str] = &[
    "storefront",
    "mode",
    "paths",
    "fallback",
    "search-engines",
    "cart-param",
    "allow-group",
    "keep",
    "no-keep",
    "own-host",
    "theme-name",
    "kept-chrome",
    "back-links",
    "hide",
    "guard-editor",
    "theme-settings",
];

/// The settings that say where a build writes. The page writes nothing but downloads.
const OUTPUTS: &[&str] = &["out", "bundle"];

/// The setting that names a folder of link rules. The page reads no folders.
const RULES: &str = "patches";

/// Reads the settings without a field from a text.
///
/// # Errors
/// When the text is not a settings file, or holds a setting that has a field or that the page must not set.
pub(super) fn read(text: &str) -> Result<Settings, ConfigError> {
    let settings = parse(text)?;
    let refused = keys(text).into_iter().find_map(|key| refusal(text, key));
    refused.map_or(Ok(settings), Err)
}

/// A settings file from which all settings that have a field were taken.
pub(super) struct ImportedSettings {
    /// All settings of the file.
    pub(super) settings: Settings,
    /// The remaining text.
    pub(super) rest: String,
    /// The fields that the file sets.
    pub(super) fields: Vec<String>,
    /// The settings that the page ignores.
    pub(super) left_out: Vec<String>,
}

/// Takes the settings that have a field out of a settings file.
///
/// # Errors
/// When the text is not a settings file, or holds a setting that the page must not set.
pub(super) fn take(text: &str) -> Result<ImportedSettings, ConfigError> {
    let settings = parse(text)?;
    let mut keys = keys(text);
    keys.sort_by_key(|key| key.span.start);
    let (mut rest, mut fields, mut left_out) = (text.to_owned(), Vec::new(), Vec::new());
    let mut is_empty = true;
    // From last to first, so that the spans of earlier keys stay valid.
    for key in keys.into_iter().rev() {
        let taken = match key.name.as_str() {
            name if FIELDS.contains(&name) => &mut fields,
            name if OUTPUTS.contains(&name) => &mut left_out,
            _ => {
                is_empty = false;
                match refusal(text, key) {
                    Some(error) => return Err(error),
                    None => continue,
                }
            }
        };
        rest.replace_range(lines(text, &key), "");
        taken.insert(0, key.name);
    }
    if is_empty {
        // Only comments are left.
        rest.clear();
    }
    Ok(ImportedSettings { settings, rest: rest.trim_start().to_owned(), fields, left_out })
}

fn parse(text: &str) -> Result<Settings, ConfigError> {
    SettingsFile::parse(Path::new(FILE_NAME), text).map(|file| file.settings)
}

/// A top-level key of a settings file.
struct Key {
    name: String,
    span: Range<usize>,
    value: Range<usize>,
}

fn keys(text: &str) -> Vec<Key> {
    let table = DeTable::parse(text).map(Spanned::into_inner).unwrap_or_default();
    let key = |(name, value): (Spanned<_>, Spanned<_>)| Key {
        span: name.span(),
        value: value.span(),
        name: ToString::to_string(name.get_ref()),
    };
    table.into_iter().map(key).collect()
}

/// Returns why a key may not appear in the text; `None` if it may.
fn refusal(text: &str, Key { name, span, .. }: Key) -> Option<ConfigError> {
    let (message, help) = match name.as_str() {
        name if FIELDS.contains(&name) => (
            format!("`{name}` has a field of its own on this page"),
            "set it there, and leave it out here",
        ),
        name if OUTPUTS.contains(&name) => (
            format!(
                "`{name}` says where a build writes, and this page writes nothing but what you download"
            ),
            "leave it out here",
        ),
        RULES => (
            format!("`{RULES}` names a folder, and this page reads none"),
            "leave it out here, or build on the command line",
        ),
        _ => return None,
    };
    let (path, text) = (FILE_NAME.into(), text.to_owned());
    Some(ConfigError::Invalid { path, text, span, message, help: Some(help.to_owned()) })
}

/// Returns the lines of a key, with the comment directly above it.
fn lines(text: &str, key: &Key) -> Range<usize> {
    let line_start = |at: usize| text[..at].rfind('\n').map_or(0, |at| at + 1);
    let mut start = line_start(key.span.start);
    while start > 0 {
        let above = line_start(start - 1);
        if !text[above..start].starts_with('#') {
            break;
        }
        start = above;
    }
    let end = text[key.value.end..].find('\n').map_or(text.len(), |at| key.value.end + at + 1);
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"# Where shoppers belong.
storefront = "https://www.example.com" # ours
out = "../guarded"
keep = [
    "cart", # a page
]

# In France.
[[storefronts]]
host = "fr.store.example.com"
url = "https://www.example.fr"
"#;

    #[test]
    fn settings_with_a_field_are_moved_and_the_rest_is_unchanged() {
        let taken = take(FILE).unwrap();
        assert_eq!(
            (taken.fields, taken.left_out),
            (vec!["storefront".into(), "keep".into()], vec!["out".to_owned()])
        );
        let (_, rest) = FILE.split_once("]\n\n").unwrap();
        assert_eq!(taken.rest, rest);
        assert_eq!(taken.settings.keep, Some(vec!["cart".to_owned()]));
        let read = read(&taken.rest).unwrap();
        assert_eq!(read.set_keys(), ["storefronts"]);
        // A profile also stays as it is.
        let text = "mode = \"replace\"\n[profile.staging]\nmode = \"redirect\"";
        assert_eq!(take(text).unwrap().rest, "[profile.staging]\nmode = \"redirect\"");
        assert_eq!(take("# nothing\nmode = \"replace\"\n# at all\n").unwrap().rest, "");
    }

    #[test]
    fn unusable_settings_are_reported_with_their_place() {
        for (text, at, words) in [
            ("ignore = []\nmode = \"links\"", 12, "has a field of its own"),
            ("out = \"a\"", 0, "writes nothing"),
            ("patches = \"a\"", 0, "reads none"),
            ("mod = 1", 0, "there is no setting `mod`"),
            ("[[storefronts]]\nurl = 1", 22, "expected a text in quotation marks"),
        ] {
            let Err(ConfigError::Invalid { span, message, .. }) = read(text) else {
                panic!("{text}")
            };
            assert!(span.start == at && message.contains(words), "{text}: {span:?} {message}");
        }
        assert!(take("patches = \"a\"").is_err());
    }
}
