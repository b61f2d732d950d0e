//! Finds the texts of language files that hold markup, with their positions, and the texts that a template
//! prints.
//!
//! Other modules determine where the links in these texts lead and what to do with them.

use super::json;
use super::template::literal_name;
use super::{File, Theme};
use crate::syntax::ast::{Expression, ExpressionKind, Statement};
use crate::syntax::calls::each_call;
use crate::text::Span;
use jsonc_parser::ast::StringLit;
use jsonc_parser::common::Ranged;
use std::collections::BTreeSet;
use std::sync::Arc;

/// One text with markup in a language file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Its key, such as `header.welcome`.
    pub key: String,
    /// Its value, with the escapes of JSON resolved.
    pub value: Vec<u8>,
    /// The offset in the file of each byte of the value, followed by the offset of its end.
    origins: Vec<usize>,
}

impl Text {
    /// Maps a span of the value to the file.
    pub fn origin(&self, span: Span) -> Span {
        let at = |offset: usize| self.origins.get(offset).or(self.origins.last()).copied();
        let start = at(span.start).unwrap_or_default();
        Span::new(start, at(span.end).unwrap_or(start).max(start))
    }
}

/// Returns the languages of a theme by the platform's names: the names of their files, in lower case.
pub fn languages(theme: &Theme) -> BTreeSet<String> {
    files(theme).map(|(_, name, _)| name.to_lowercase()).collect()
}

/// Returns the language files of a theme, each with its path and its name without the extension.
pub(super) fn files(theme: &Theme) -> impl Iterator<Item = (&str, &str, &File)> {
    let files = theme.files.range("lang/".to_owned()..);
    let below = files.map_while(|(path, file)| Some((path, path.strip_prefix("lang/")?, file)));
    below.filter_map(|(path, name, file)| {
        let stem = name.strip_suffix(".json")?;
        let is_read = !name.starts_with('.') && !name.contains('/');
        is_read.then_some((path.as_str(), stem, file.as_ref()))
    })
}

/// Returns the language files of a theme, each with its texts that hold markup.
pub fn with_markup(theme: &Theme) -> impl Iterator<Item = (&str, Arc<Texts>)> {
    files(theme).map(|(path, _, file)| (path, read(file)))
}

/// Texts of one file.
#[derive(Debug)]
pub struct Texts(pub Vec<Text>);

fn read(file: &File) -> Arc<Texts> {
    file.derived(0, |bytes| {
        let mut texts = Vec::new();
        // The bundle reads the same file and reports what is wrong with it.
        if let Ok(tree) = json::parse("", bytes) {
            json::each_text(&tree, &mut |key, text| texts.extend(with_places(key, text, bytes)));
        }
        Texts(texts)
    })
}

/// Returns a text with its places, if it holds markup.
fn with_places(key: &str, text: &StringLit<'_>, file: &[u8]) -> Option<Text> {
    let inside = Span::new(text.start() + 1, text.end().saturating_sub(1));
    let read = text.value.contains('<').then(|| decoded(key, inside, file))??;
    (String::from_utf8_lossy(&read.value) == text.value).then_some(read)
}

/// Decodes the text between two quotes.
fn decoded(key: &str, inside: Span, file: &[u8]) -> Option<Text> {
    let source = std::str::from_utf8(file.get(inside.start..inside.end)?).ok()?;
    let mut text = Text { key: key.to_owned(), value: Vec::new(), origins: Vec::new() };
    let mut at = 0;
    while let Some(letter) = source[at..].chars().next() {
        let (letter, length) = match letter {
            '\\' => escape(&source[at..])?,
            letter => (letter, letter.len_utf8()),
        };
        let mut bytes = [0; 4];
        let bytes = letter.encode_utf8(&mut bytes).as_bytes();
        text.value.extend_from_slice(bytes);
        text.origins.extend(bytes.iter().map(|_| inside.start + at));
        at += length;
    }
    text.origins.push(inside.end);
    Some(text)
}

/// Returns the character that an escape stands for, and the length of the escape.
fn escape(source: &str) -> Option<(char, usize)> {
    let half = |at: usize| {
        let digits = source.get(at..)?.strip_prefix("\\u")?.get(..4)?;
        u16::from_str_radix(digits, 16).ok()
    };
    let simple = match source.chars().nth(1)? {
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => {
            let first = half(0)?;
            if let Some(letter) = char::from_u32(first.into()) {
                return Some((letter, 6));
            }
            let both = char::decode_utf16([first, half(6)?]).next()?.ok()?;
            return Some((both, 12));
        }
        letter => letter,
    };
    Some((simple, 1 + simple_length(source)))
}

/// Returns the length in bytes of the character after a backslash.
fn simple_length(source: &str) -> usize {
    source.chars().nth(1).map_or(0, char::len_utf8)
}

/// Texts that a template looks up.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asked {
    /// The text with this key.
    Key(String),
    /// All texts whose keys begin with this.
    Start(String),
    /// A text whose key is known only at run time.
    Unknown,
}

impl Asked {
    /// Reports whether the text of `key` is, or may be, one of them.
    pub fn includes(&self, key: &str) -> bool {
        match self {
            Self::Key(asked) => asked == key,
            Self::Start(start) => key.starts_with(start.as_str()),
            Self::Unknown => true,
        }
    }
}

/// Returns the texts that `statements` look up, also as arguments of other calls.
pub fn asked(statements: &[Statement]) -> Vec<Asked> {
    let mut found = Vec::new();
    each_call(statements, &mut |call| match literal_name(&call.callee.kind).as_deref() {
        Some("lang") => found.extend(call.params.first().map(by_key)),
        Some("langJson") => found.push(call.params.first().map_or_else(all, by_start)),
        _ => {}
    });
    found.sort();
    found.dedup();
    found
}

/// A text that a template looks up by its key, with the values that it inserts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilledText {
    /// The key of the text.
    pub key: String,
    /// The placeholders whose value is a variable, each with the path of the variable.
    pub values: Vec<(String, String)>,
}

/// Returns the texts that `statements` look up by key, each time with the values that they insert.
pub fn filled(statements: &[Statement]) -> Vec<FilledText> {
    let mut found = Vec::new();
    each_call(statements, &mut |call| {
        let is_text = literal_name(&call.callee.kind).as_deref() == Some("lang");
        let key = call.params.first().filter(|_| is_text).map(|key| &key.kind);
        let Some(ExpressionKind::String(key)) = key else { return };
        let values = call.hash.iter().filter_map(|pair| match &pair.value.kind {
            ExpressionKind::Path(path) => Some((pair.key.clone(), path.original.clone())),
            _ => None,
        });
        found.push(FilledText { key: key.clone(), values: values.collect() });
    });
    found
}

fn all() -> Asked {
    Asked::Start(String::new())
}

fn by_start(start: &Expression) -> Asked {
    match &start.kind {
        ExpressionKind::String(start) => Asked::Start(start.clone()),
        _ => all(),
    }
}

fn by_key(key: &Expression) -> Asked {
    match &key.kind {
        ExpressionKind::String(key) => Asked::Key(key.clone()),
        ExpressionKind::SubExpression(call) => {
            let is_concat = literal_name(&call.callee.kind).as_deref() == Some("concat");
            let first = call.params.first().filter(|_| is_concat).map(|first| &first.kind);
            match first {
                Some(ExpressionKind::String(start)) if !start.is_empty() => {
                    Asked::Start(start.clone())
                }
                _ => Asked::Unknown,
            }
        }
        _ => Asked::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::parse;

    #[test]
    fn texts_with_markup_map_back_to_their_source() {
        let file =
            br#"{"a": {"b.c": "\u00e9\ud83d\ude00 <a href=\"\/x\">"}, "d": "plain", "e": ["<i>"]}"#;
        let theme = Theme::default().with([("lang/en.json".to_owned(), Some(file.to_vec()))]);
        let (path, texts) = with_markup(&theme).next().unwrap();
        let keys: Vec<&str> = texts.0.iter().map(|text| text.key.as_str()).collect();
        assert_eq!((path, keys), ("lang/en.json", vec!["a.b.c", "e.0"]));
        let text = &texts.0[0];
        assert_eq!(String::from_utf8_lossy(&text.value), "\u{e9}\u{1f600} <a href=\"/x\">");
        let at = memchr::memmem::find(&text.value, b"/x").unwrap();
        let origin = text.origin(Span::new(at, at + 2));
        assert_eq!(&file[origin.start..origin.end], br"\/x");
    }

    #[test]
    fn looked_up_keys_are_found_in_nested_calls() {
        let found = |template: &str| asked(parse(template.as_bytes()).statements().unwrap());
        let key = |key: &str| vec![Asked::Key(key.to_owned())];
        let start = |start: &str| vec![Asked::Start(start.to_owned())];
        assert_eq!(found("{{{lang 'a.b' x=1}}}"), key("a.b"));
        assert_eq!(found("{{> x text=(lang 'a.b')}}"), key("a.b"));
        assert_eq!(
            found("{{#if x}}{{else}}{{#with (concat (lang 'a') 'c')}}{{/with}}{{/if}}"),
            key("a")
        );
        assert_eq!(found("{{{langJson 'a'}}}"), start("a"));
        assert_eq!(found("{{{langJson}}}"), start(""));
        assert_eq!(found("{{lang (concat 'a.' x)}}"), start("a."));
        assert_eq!(found("{{lang x}}"), [Asked::Unknown]);
        assert_eq!(found("{{language 'x'}}"), []);
    }

    #[test]
    fn values_passed_to_lang_are_found() {
        let found = |template: &str| filled(parse(template.as_bytes()).statements().unwrap());
        let text = |values: &[(&str, &str)]| {
            let values = values.iter().map(|(name, path)| ((*name).to_owned(), (*path).to_owned()));
            vec![FilledText { key: "a.b".to_owned(), values: values.collect() }]
        };
        assert_eq!(
            found("{{{lang 'a.b' url=file_url name=../x.y}}}"),
            text(&[("url", "file_url"), ("name", "../x.y")])
        );
        assert_eq!(found("{{> x text=(lang 'a.b' url='/x' n=1 z=(concat a b))}}"), text(&[]));
        assert_eq!(found("{{lang x url=y}}{{langJson 'a.b'}}"), []);
    }
}
