//! What a template refers to according to the official assembler, which searches text: it ignores that a
//! reference may be in a comment, in a raw block or escaped. The engine may include other templates.

use crate::text::Span;
use crate::text::patterns::{groups, pattern};
use regex::Regex;
use std::sync::LazyLock;

/// Matches an include; the group is its name.
static PARTIAL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"\{\{#?>\s*([\w|\-@'"/]+)[^{]*?\}\}"#));
/// Matches a call of `dynamicComponent`; the group is its folder.
pub static DYNAMIC_COMPONENT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"\{\{\s*dynamicComponent\s*["']([\w|\-/]+)["']\N*?\}\}"#));

/// A reference to a template or a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The name as it is looked up: without the quotes around it, without doubled slashes.
    pub name: String,
    /// The bytes that spell the name.
    pub span: Span,
    /// Whether the whole name is quoted.
    pub quoted: bool,
}

/// All references in one template, in text order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct References {
    /// References of the form `{{> name}}`.
    pub partials: Vec<Reference>,
    /// References of the form `{{dynamicComponent "folder"}}`.
    pub folders: Vec<Reference>,
}

/// Finds the references in `text`.
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

/// Turns a name into a key of the bundle: the official tool finds `/a` and `a` in the same file.
pub fn looked_up(name: &str) -> String {
    single_slashes(name.as_bytes()).trim_start_matches('/').to_owned()
}

/// Collapses runs of slashes, as the file system does.
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
    fn partials_are_found_by_text_even_in_comments() {
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
    fn partial_span_includes_its_quotes() {
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
