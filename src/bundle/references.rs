//! What a template refers to in the eyes of the official assembler, which searches text: comments,
//! raw blocks and escapes mean nothing to it. What the engine includes is another question.

use super::scan::{self, Lazy};
use crate::text::Span;

/// One mention of a template or a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    /// As looked up: without the quotes around it, without doubled slashes.
    pub name: String,
    /// The bytes of the text that spell the name.
    pub span: Span,
    /// Whether the whole name stands in quotes.
    pub quoted: bool,
}

/// All mentions in one template, in text order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct References {
    /// `{{> name}}`.
    pub partials: Vec<Reference>,
    /// `{{dynamicComponent "folder"}}`.
    pub folders: Vec<Reference>,
}

/// Reads the mentions in `text`.
pub(super) fn find(text: &str) -> References {
    let partials = scan::matches(text, "{{", |at| partial(text, at));
    let folders = dynamic_components(text);
    References {
        partials: partials.into_iter().filter_map(|(_, name)| partial_name(text, name)).collect(),
        folders: folders
            .into_iter()
            .map(|(_, name)| Reference {
                name: single_slashes(name.of(text.as_bytes())).trim_end_matches('/').to_owned(),
                span: name,
                quoted: true,
            })
            .collect(),
    }
}

/// `{{`, `#` at will, `>`, the name, anything but `{`, `}}`.
fn partial(text: &str, at: usize) -> Option<(usize, Span)> {
    let sign = scan::literal(text, at, "{{#").unwrap_or(at + 2);
    let start = scan::skip_spaces(text, scan::literal(text, sign, ">")?);
    let end = scan::run(text, start, is_name)?;
    Some((closing(text, end)?, Span::new(start, end)))
}

fn is_name(byte: u8) -> bool {
    scan::is_word(byte) || b"|-@'\"/".contains(&byte)
}

/// The end of the first `}}` at or after `from` unless a `{` comes before it.
pub(super) fn closing(text: &str, from: usize) -> Option<usize> {
    let rest = &text[from..];
    let inside = rest.split('{').next().unwrap_or(rest);
    scan::find(inside, 0, "}}").map(|end| from + end + 2)
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

/// All calls of `dynamicComponent` and their folders.
pub(super) fn dynamic_components(text: &str) -> Vec<(std::ops::Range<usize>, Span)> {
    let mut lazy = Lazy::default();
    scan::matches(text, "{{", |at| dynamic_component(text, at, &mut lazy))
}

fn dynamic_component(text: &str, at: usize, lazy: &mut Lazy) -> Option<(usize, Span)> {
    let name = scan::skip_spaces(text, at + 2);
    let after = scan::literal(text, name, "dynamicComponent")?;
    let is_quote = |byte: u8| matches!(byte, b'"' | b'\'');
    let start = scan::skip_spaces(text, after);
    let is_quoted = |at: usize| text.as_bytes().get(at).copied().is_some_and(is_quote);
    let start = is_quoted(start).then_some(start + 1)?;
    let end = scan::run(text, start, |byte| scan::is_word(byte) || b"|-/".contains(&byte))?;
    let rest = is_quoted(end).then_some(end + 1)?;
    let close = lazy.find(text, rest, |at| scan::literal(text, at, "}}"))?;
    Some((close, Span::new(start, end)))
}

/// A name as a key of the bundle: the official tool finds `/a` and `a` in the same file.
pub(super) fn looked_up(name: &str) -> String {
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
