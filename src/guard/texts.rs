//! The text of the link to the storefront, in the page's language.
//!
//! The built-in texts are in `snippets/texts.toml`. The server chooses one by `locale_name`: the name of one
//! of the theme's language files, which the platform writes in lower case, or nothing if none fits the
//! shopper.

use super::condition::Condition;
use super::escape::attribute;
pub use super::language::Language;
use super::language::OTHERS;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// The language whose text stands in for all languages without one.
const ENGLISH: &str = "en";
/// The maximum length of a text in characters; every guarded page holds it.
const LONGEST: usize = 200;

#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct File {
    right_to_left: Vec<String>,
    texts: BTreeMap<Language, LinkText>,
}

static FILE: LazyLock<File> = LazyLock::new(|| {
    // A test parses the file, so this never falls back to an empty one.
    toml::from_str(include_str!("../../snippets/texts.toml")).unwrap_or_default()
});

impl Language {
    /// Reports whether the language is written from right to left: by its script if it names one, else by the
    /// language.
    fn is_right_to_left(&self) -> bool {
        let mut parts = self.name().split('-').map(str::to_ascii_lowercase);
        let language = parts.next().unwrap_or_default();
        let script =
            parts.find(|part| part.len() == 4 && !part.starts_with(|c: char| c.is_ascii_digit()));
        FILE.right_to_left.contains(&script.unwrap_or(language))
    }

    fn direction(&self) -> &'static str {
        if self.is_right_to_left() { "rtl" } else { "ltr" }
    }
}

/// A text of one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String", rename = "LinkText")]
pub struct LinkText(String);

impl TryFrom<String> for LinkText {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        // Directional marks would reverse the text that follows them.
        let is_odd = |c: char| {
            c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        match text.trim().is_empty() || text.contains(is_odd) || text.chars().count() > LONGEST {
            true => Err(format!(
                "the text of a link is one line of 1 to {LONGEST} characters, without control characters"
            )),
            false => Ok(Self(text)),
        }
    }
}

impl From<LinkText> for String {
    fn from(text: LinkText) -> Self {
        text.0
    }
}

/// The texts of a guard: the built-in ones, overridden by those of the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texts(BTreeMap<Language, LinkText>);

impl Default for Texts {
    fn default() -> Self {
        Self(FILE.texts.clone())
    }
}

impl Texts {
    /// Returns the built-in texts, overridden by those that are given.
    #[must_use]
    pub fn with(given: &BTreeMap<Language, LinkText>) -> Self {
        let mut texts = Self::default();
        for (language, text) in given {
            texts.0.retain(|own, _| !own.name().eq_ignore_ascii_case(language.name()));
            texts.0.insert(language.clone(), text.clone());
        }
        texts
    }

    /// Returns the texts that are not built in, each with its language.
    pub(super) fn given(&self) -> impl Iterator<Item = (&str, &str)> {
        let given = self.0.iter().filter(|(language, text)| FILE.texts.get(language) != Some(text));
        given.map(|(language, text)| (language.name(), text.0.as_str()))
    }

    /// Reports whether a template with the guard holds these texts and no others: all of them, or only those
    /// that pages in these languages show.
    #[must_use]
    pub fn stand_in(&self, template: &str, languages: &BTreeSet<String>) -> bool {
        let all = [self.for_languages(languages).link(), self.link()];
        all.iter().any(|link| {
            let link = format!("{link}</a>");
            let for_script = format!("<template><a target=\"_top\"{link}</template><script");
            let others = template.matches("</a>").count() - template.matches(&link).count();
            others == 0 && template.contains(&for_script) && template.matches(&link).count() > 1
        })
    }

    /// Returns the texts without the built-in ones that no page in these languages shows.
    pub(super) fn for_languages(&self, languages: &BTreeSet<String>) -> Self {
        let chosen = self.chosen();
        let shown = |page: &String| {
            let mut fitting = chosen.iter().filter(|(language, _)| language.stands_for(page));
            fitting.next().map(|(language, _)| *language)
        };
        let shown: BTreeSet<&Language> = languages.iter().filter_map(shown).collect();
        let is_asked = |language: &Language| chosen.iter().any(|(asked, _)| *asked == language);
        let is_needed = |language: &Language, text: &LinkText| {
            !is_asked(language)
                || shown.contains(language)
                || FILE.texts.get(language) != Some(text)
        };
        let texts = self.0.iter().filter(|(language, text)| is_needed(language, text));
        Self(texts.map(|(language, text)| (language.clone(), text.clone())).collect())
    }

    /// Returns the end of a link's start tag and the link's text, in the page's language, such as
    /// ` lang="de" dir="ltr">Weiter`.
    pub(super) fn link(&self) -> String {
        let chosen = self.chosen();
        let last = match self.of(OTHERS) {
            Some(text) => format!(" dir=\"auto\">{}", attribute(&text.0)),
            None => self.of(ENGLISH).map(|text| words(ENGLISH, "ltr", text)).unwrap_or_default(),
        };
        // The language that is tested first is the outermost block.
        chosen.into_iter().rev().fold(last, |rest, (language, text)| {
            Condition::language(language.name())
                .wrap(&words(language.name(), language.direction(), text), &rest)
        })
    }

    /// Returns the start tag of a document in the page's language.
    pub(super) fn html(&self) -> String {
        let tag = |direction: &str| format!("<html lang=\"{{{{locale_name}}}}\"{direction}>");
        // Tests each language by itself, because a region's direction may differ from its language's.
        let chosen = self.chosen();
        if !chosen.iter().any(|(language, _)| language.is_right_to_left()) {
            return tag("");
        }
        chosen.into_iter().rev().fold(tag(""), |rest, (language, _)| {
            let tag = tag(&format!(" dir=\"{}\"", language.direction()));
            Condition::language(language.name()).wrap(&tag, &rest)
        })
    }

    /// Returns the languages to test for, those with more parts first.
    fn chosen(&self) -> Vec<(&Language, &LinkText)> {
        let stands_for_others = if self.of(OTHERS).is_some() { OTHERS } else { ENGLISH };
        let is_asked =
            |language: &Language| ![OTHERS, stands_for_others].contains(&language.name());
        let mut chosen: Vec<_> = self.0.iter().filter(|(language, _)| is_asked(language)).collect();
        chosen.sort_by_key(|(language, _)| Reverse(language.name().split('-').count()));
        chosen
    }

    fn of(&self, name: &str) -> Option<&LinkText> {
        self.0
            .iter()
            .find(|(language, _)| language.name().eq_ignore_ascii_case(name))
            .map(|(_, text)| text)
    }
}

/// Returns a text after the attributes that declare its language and direction.
fn words(language: &str, direction: &str, text: &LinkText) -> String {
    format!(" lang=\"{language}\" dir=\"{direction}\">{}", attribute(&text.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(pairs: &[(&str, &str)]) -> Texts {
        let pairs = pairs.iter().map(|(language, text)| {
            let language = Language::try_from((*language).to_owned()).unwrap();
            (language, LinkText::try_from((*text).to_owned()).unwrap())
        });
        Texts::with(&pairs.collect())
    }

    #[test]
    fn built_in_texts_cover_ten_languages() {
        let names: Vec<&str> = FILE.texts.keys().map(|language| language.name()).collect();
        assert_eq!(names, ["de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt", "sv"]);
        assert!(!Texts::default().link().contains("---"));
    }

    #[test]
    fn default_text_comes_last() {
        let own = Texts::default().link();
        assert!(own.ends_with(&format!(
            " lang=\"en\" dir=\"ltr\">Continue to the store{}",
            "{{/or}}".repeat(9)
        )));
        assert!(!own.contains("'en'"), "{own}");
        let others = given(&[("default", "Go <on> & {{up}}")]).link();
        assert!(others.contains("' en'") || others.contains("'===' 'en'"), "{others}");
        let last = " dir=\"auto\">Go &lt;on&gt; &amp; &#123;&#123;up&#125;&#125;{{/or}}";
        assert!(others.contains(last), "{others}");
    }

    #[test]
    fn regions_are_tested_before_their_language() {
        let texts = given(&[("pt-BR", "Ir para a loja"), ("DE", "Los")]).link();
        let at = |text: &str| texts.find(text).unwrap_or_else(|| panic!("{text}: {texts}"));
        assert!(at("Ir para a loja") < at("Continuar para a loja"), "{texts}");
        assert!(at("lang=\"DE\" dir=\"ltr\">Los") > 0 && !texts.contains("Weiter"), "{texts}");
    }

    #[test]
    fn texts_for_languages_absent_from_the_theme_are_dropped() {
        let left = |texts: &Texts, languages: &[&str]| -> Vec<String> {
            let languages = languages.iter().map(|name| (*name).to_owned()).collect();
            let texts = texts.for_languages(&languages);
            texts.0.into_keys().map(String::from).collect()
        };
        let own = Texts::default();
        let english = own.for_languages(&["en".to_owned()].into()).link();
        assert_eq!(english, " lang=\"en\" dir=\"ltr\">Continue to the store");
        for (languages, names) in [
            (&[][..], &["en"][..]),
            (&["en", "en-us", "frr", "da"], &["en"]),
            (&["de"], &["de", "en"]),
            (&["en", "fr-ca", "pt-br"], &["en", "fr", "pt"]),
        ] {
            assert_eq!(left(&own, languages), names, "{languages:?}");
        }
        // Texts from the settings are kept, and replace the built-in ones that they stand in for.
        let given = given(&[("pt-BR", "Ir"), ("ar", "x"), ("default", "y")]);
        assert_eq!(left(&given, &["de"]), ["ar", "de", "default", "pt-BR"]);
        assert_eq!(left(&given, &["en-gb", "pt-br"]), ["ar", "default", "en", "pt-BR"]);
        assert_eq!(left(&given, &["pt"]), ["ar", "default", "pt", "pt-BR"]);
    }

    #[test]
    fn text_direction_follows_script_or_language() {
        for (language, is_right_to_left) in [
            ("ar", true),
            ("ar-EG", true),
            ("HE", true),
            ("pa-Arab-PK", true),
            ("fa", true),
            ("az-Latn", false),
            ("ku-Arab", true),
            ("de-AT", false),
            ("ar-Latn", false),
            ("default", false),
            ("sr-1901", false),
        ] {
            let language = Language::try_from(language.to_owned()).unwrap();
            assert_eq!(language.is_right_to_left(), is_right_to_left, "{language:?}");
        }
        assert_eq!(Texts::default().html(), "<html lang=\"{{locale_name}}\">");
        let html = given(&[("ar", "x"), ("ar-Latn", "y")]).html();
        assert!(html.contains("'ar'") && html.contains("dir=\"rtl\""), "{html}");
        assert!(html.find("ar-latn") < html.find("'ar'"), "{html}");
    }

    #[test]
    fn invalid_languages_and_texts_are_refused() {
        for name in [
            "",
            "d",
            "deutsch",
            "de_AT",
            "de-",
            "de-\u{e9}",
            "-de",
            "de AT",
            "de--at",
            "12",
            "Default",
        ] {
            assert!(Language::try_from(name.to_owned()).is_err(), "{name}");
        }
        for text in ["", " ", "a\nb", "a\u{202e}b", "\0", &"x".repeat(201)] {
            assert!(LinkText::try_from(text.to_owned()).is_err(), "{text:?}");
        }
    }
}
