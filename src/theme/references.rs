//! What a template refers to in the eyes of the official assembler, which searches text: comments,
//! raw blocks and escapes mean nothing to it. What the engine includes is another question.

use crate::text::Span;
use crate::text::patterns::{groups, pattern};
use regex::Regex;
use std::sync::LazyLock;

/// An include: its name.
static PARTIAL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"\{\{#?>\s*([\w|\-@'"/]+)[^{]*?\}\}"#));
/// A call of `dynamicComponent`: its folder.
pub static DYNAMIC_COMPONENT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"\{\{\s*dynamicComponent\s*["']([\w|\-/]+)["']\N*?\}\}"#));

/// One mention of a template or a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// As looked up: without the quotes around it, without doubled slashes.
    pub name: String,
    /// The bytes of the text that spell the name.
    pub span: Span,
    /// Whether the whole name stands in quotes.
    pub quoted: bool,
}

/// All mentions in one template, in text order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct References {
    /// `{{> name}}`.
    pub partials: Vec<Reference>,
    /// `{{dynamicComponent "folder"}}`.
    pub folders: Vec<Reference>,
}

/// Reads the mentions in `text`.
pub fn find(text: &str) -> References {
    References {
        partials: groups(&PARTIAL, text).filter_map(|(_, name)| partial_name(text, name)).collect(),
        folders: groups(&DYNAMIC_COMPONENT, text)
            .map(|(_, name)| Reference {
                name: single_slashes(name.of(text.as_bytes())).trim_end_matches('/').to_owned(),
                span: name,
                quoted: true,
            })
            .collect(),
    }
}

fn partial_name(text: &str, span: Span) -> Option<Reference> {
    let spelled = &text[span.range()];
    let is_quote = |c: char| matches!(c, '"' | '\'');
    let inner = spelled
        .strip_prefix(is_quote)
        .and_then(|rest| rest.strip_suffix(is_quote))
        .filter(|inner| !inner.is_empty());
    (spelled != "@partial-block").then(|| Reference {
        name: single_slashes(inner.unwrap_or(spelled).as_bytes()),
        span,
        quoted: inner.is_some(),
    })
}

/// A name as a key of the bundle: the official tool finds `/a` and `a` in the same file.
pub fn looked_up(name: &str) -> String {
    single_slashes(name.as_bytes()).trim_start_matches('/').to_owned()
}

/// A name as the file system takes it: runs of slashes count as one.
fn single_slashes(name: &[u8]) -> String {
    let mut name = String::from_utf8_lossy(name).into_owned();
    while name.contains("//") {
        name = name.replace("//", "/");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn partials(text: &str) -> Vec<String> {
        let found = find(text).partials;
        found.into_iter().map(|found| found.name).collect()
    }

    #[test]
    fn mentions_are_found_by_text() {
        let counted = [
            "{{> a}}",
            "{{>a}}",
            "{{#> a}}",
            "{{> \"a\"}}",
            "{{> 'a'}}",
            "{{> \"a'}}",
            "{{{> a}}}",
            "{{> a ~}}",
            "{{>\n a\n  b=c\n}}",
            "{{!-- {{> a}} --}}",
            "<!-- {{> a}} -->",
            "\\{{> a}}",
            "{{> a.b}}",
            "{{> a b=\"}\"}}",
            "{{ {{> a}}",
        ];
        for text in counted {
            assert_eq!(partials(text), ["a"], "{text}");
        }
        let not_counted = [
            "{{~> a}}",
            "{{ > a}}",
            "{{> a x=\"{y}\"}}",
            "{{> (f)}}",
            "{{> @partial-block}}",
            "{{##> a}}",
            "{{> a",
            "{{> }}",
        ];
        for text in not_counted {
            assert_eq!(partials(text), [""; 0], "{text}");
        }
        assert_eq!(partials("{{> x//y}}{{> \"my z\"}}"), ["x/y", "\"my"]);
        assert_eq!(partials("{{> components/foo.bar}}{{> /lead}}"), ["components/foo", "/lead"]);
    }

    #[test]
    fn a_mention_has_its_place() {
        let found = find("é{{> 'a/b' }}");
        assert_eq!(found.partials[0].span, Span::new(6, 11));
        assert!(found.partials[0].quoted);
    }

    #[test]
    fn dynamic_components_are_found_by_text() {
        let folders = |text: &str| -> Vec<String> {
            let found = find(text).folders;
            found.into_iter().map(|found| found.name).collect()
        };
        for text in [
            "{{dynamicComponent \"d\"}}",
            "{{{ dynamicComponent 'd/' x=1 }}}",
            "{{dynamicComponent\n'd'}}",
        ] {
            assert_eq!(folders(text), ["d"], "{text}");
        }
        for text in [
            "{{dynamicComponent 'd'\n}}",
            "{{x (dynamicComponent 'd')}}",
            "{{dynamicComponent d}}",
            "{{dynamicComponent 'd e'}}",
        ] {
            assert_eq!(folders(text), [""; 0], "{text}");
        }
    }
}
