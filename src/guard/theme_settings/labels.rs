//! The labels of the settings in the theme editor, in the languages of the theme's translations.
//!
//! The texts are in `snippets/theme-editor.toml`.

use crate::guard::language::Language;
use crate::theme::json::{members, property_name};
use jsonc_parser::ast::Value;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// One label, in several languages.
#[derive(Deserialize)]
pub(super) struct Label {
    /// Its key in `schema.json`.
    pub(super) key: String,
    /// The text for all languages that are not among the others.
    #[serde(rename = "en")]
    pub(super) english: String,
    #[serde(flatten)]
    others: BTreeMap<Language, String>,
}

#[derive(Default, Deserialize)]
struct File {
    labels: Vec<Label>,
}

static FILE: LazyLock<File> = LazyLock::new(|| {
    // A test parses the file, so this never falls back to an empty one.
    toml::from_str(include_str!("../../../snippets/theme-editor.toml")).unwrap_or_default()
});

/// Returns all labels, in the order in which the section shows them.
pub(super) fn labels() -> &'static [Label] {
    &FILE.labels
}

impl Label {
    /// Returns the text for a language of a theme, in any region; `None` if English stands in for it.
    fn of(&self, language: &Language) -> Option<&str> {
        let name = language.name().to_ascii_lowercase();
        let own = self.others.iter().find(|(own, _)| own.stands_for(&name));
        own.map(|(_, text)| text.as_str())
    }

    /// Returns the member for the theme's translations, as lines.
    pub(super) fn member(&self, languages: &[Language]) -> Vec<String> {
        let texts =
            languages.iter().filter_map(|language| Some((language.name(), self.of(language)?)));
        let texts = [("default", self.english.as_str())].into_iter().chain(texts);
        let mut lines: Vec<String> = texts
            .map(|(name, text)| format!("  \"{name}\": {},", serde_json::json!(text)))
            .collect();
        // The last line has no comma.
        lines.last_mut().map(String::pop);
        lines.insert(0, format!("\"{}\": {{", self.key));
        lines.push("}".to_owned());
        lines
    }
}

/// Returns the languages of a theme's translations, as spelled there, each once.
pub(super) fn languages(translations: &Value<'_>) -> Vec<Language> {
    let mut languages = Vec::new();
    for property in members(translations).into_iter().flat_map(|entry| members(&entry.value)) {
        let language = Language::try_from(property_name(property).to_owned());
        languages.extend(language.ok().filter(|language| !languages.contains(language)));
    }
    languages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_cover_the_same_languages_as_the_link_text() {
        let link: toml::Table =
            toml::from_str(include_str!("../../../snippets/texts.toml")).unwrap();
        let languages: Vec<&str> =
            link["texts"].as_table().unwrap().keys().map(String::as_str).collect();
        assert_eq!(labels().len(), 4);
        // The program's name is the same in all of them.
        for label in &labels()[1..] {
            let mut own: Vec<&str> = label.others.keys().map(Language::name).collect();
            own.push("en");
            own.sort_unstable();
            assert_eq!(own, languages, "{}", label.key);
        }
        assert!(labels()[0].others.is_empty());
    }
}
