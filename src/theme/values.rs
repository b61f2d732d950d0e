//! Texts from beside the templates that a page may print: those of language files, and the values of settings.
//!
//! Only texts that may name a host are kept. Other modules determine what a page does with them.

use super::json;
use super::pages::Templates;
use super::texts::{self, Asked};
use super::{File, Theme};
use memchr::memmem;
use std::sync::Arc;

/// A text that may name a host, with its key in its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedText {
    /// Its key, such as `header.welcome` or `settings.logo_size`.
    pub key: String,
    /// The text itself, with the escapes of JSON resolved.
    pub text: String,
}

/// Returns the texts of language files that a page looks up, as far as they may name a host.
pub fn looked_up(theme: &Theme, templates: &Templates, page: &str) -> Vec<NamedText> {
    let statements = templates
        .closure(page)
        .into_iter()
        .filter_map(|name| templates.get(name)?.syntax.statements());
    let asked: Vec<Asked> = statements.flat_map(texts::asked).collect();
    let is_asked = |named: &NamedText| asked.iter().any(|asked| asked.includes(&named.key));
    texts::files(theme).flat_map(|(_, _, file)| those(file, &is_asked)).collect()
}

/// Returns the values in `config.json` of the settings that a page reads, as far as they may name a host.
pub fn of_settings(theme: &Theme, templates: &Templates, page: &str) -> Vec<NamedText> {
    let sources: Vec<&[u8]> =
        templates.closure(page).into_iter().filter_map(|name| theme.template(name)).collect();
    let is_read = |named: &NamedText| {
        // `settings.name`, or `variations.0.settings.name`.
        let Some((_, name)) = named.key.rsplit_once("settings.") else { return false };
        sources.iter().any(|source| reads_setting(source, name.as_bytes()))
    };
    theme.files.get("config.json").map(|file| those(file, &is_read)).unwrap_or_default()
}

/// Whether a template reads the setting with this name, or one whose name it does not spell out.
fn reads_setting(source: &[u8], name: &[u8]) -> bool {
    let mut all = memmem::find_iter(source, SETTINGS).map(|at| &source[at + SETTINGS.len()..]);
    all.any(|rest| match rest.strip_prefix(b".") {
        Some(rest) if !rest.starts_with(b"[") => rest.starts_with(name),
        _ => true,
    })
}

/// The variable that holds the theme's settings.
const SETTINGS: &[u8] = b"theme_settings";

struct NamedTexts(Vec<NamedText>);

/// Returns the texts of a file that are wanted.
fn those(file: &File, is_wanted: &dyn Fn(&NamedText) -> bool) -> Vec<NamedText> {
    read(file).0.iter().filter(|named| is_wanted(named)).cloned().collect()
}

fn read(file: &File) -> Arc<NamedTexts> {
    file.derived(0, |bytes| {
        let mut found = Vec::new();
        // The bundle reads the same file and reports what is wrong with it.
        if let Ok(tree) = json::parse("", bytes) {
            json::each_text(&tree, &mut |key, text| {
                let text = text.value.as_ref();
                if may_name_host(text) {
                    found.push(NamedText { key: key.to_owned(), text: text.to_owned() });
                }
            });
        }
        NamedTexts(found)
    })
}

/// Whether a text has a dot between two letters or digits, as all hosts of shops have.
pub fn may_name_host(text: &str) -> bool {
    text.as_bytes().windows(3).any(|part| {
        part[1] == b'.' && part[0].is_ascii_alphanumeric() && part[2].is_ascii_alphanumeric()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_texts_that_may_name_a_host_are_found() {
        let language =
            r#"{"a": {"b": "See https:\/\/a.example", "c": "No. None"}, "d": ["x", "b.example"]}"#;
        let config = r#"{"meta": {"site": "shop.example"}, "settings": {"logo": "250x100", "shop": "c.example", "x": "d.example"}}"#;
        let page = "{{lang 'a.b'}}{{lang 'a.c'}}{{theme_settings.shop}}{{site}}";
        let file = |text: &str| Some(text.as_bytes().to_vec());
        let theme = Theme::default().with([
            ("templates/pages/x.html".to_owned(), file(page)),
            ("lang/en.json".to_owned(), file(language)),
            ("config.json".to_owned(), file(config)),
        ]);
        let named =
            |key: &str, text: &str| NamedText { key: key.to_owned(), text: text.to_owned() };
        let templates = Templates::new(&theme);
        let expected = [named("a.b", "See https://a.example")];
        assert_eq!(looked_up(&theme, &templates, "pages/x"), expected);
        let expected = [named("settings.shop", "c.example")];
        assert_eq!(of_settings(&theme, &templates, "pages/x"), expected);
    }

    #[test]
    fn unnamed_setting_reads_match_any_setting() {
        for source in ["{{theme_settings.a}}", "{{json theme_settings}}", "{{theme_settings.[a]}}"]
        {
            assert!(reads_setting(source.as_bytes(), b"a"), "{source}");
        }
        for source in ["{{theme_settings.b}}", "{{settings.a}}", ""] {
            assert!(!reads_setting(source.as_bytes(), b"a"), "{source}");
        }
    }
}
