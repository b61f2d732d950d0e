//! Finds the style sheets that templates name, and which of them the official bundler compiles before it
//! writes a bundle: it searches only the text between tags, and recognizes only some characters in a name.

use super::style_files::join;
use crate::text::patterns::{pattern, texts};
use crate::theme::Theme;
use regex::Regex;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

const CALL: &str = "stylesheet";
/// Matches what a call names, with any characters.
static NAMED: LazyLock<Regex> = LazyLock::new(|| pattern(r#"stylesheet\s+["'|](\N*?)["'|]"#));
/// Matches what the official bundler reads of a call: the name without its first and last character.
static READ: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#"\{\{\s*(?i-u:stylesheet)\s*[A-Za-z/'".-]([A-Za-z/'".-]*)[A-Za-z/'".-]"#)
});

/// Returns the root style sheets that templates name, relative to `assets/scss`, each with whether the
/// official bundler compiles it.
pub(super) fn roots(theme: &Theme) -> BTreeMap<String, bool> {
    let mut roots = BTreeMap::new();
    let files = theme.files.range("templates/".to_owned()..);
    let files = files.take_while(|(path, _)| path.starts_with("templates/"));
    for (_, file) in files {
        if memchr::memmem::find(&file.bytes, CALL.as_bytes()).is_none() {
            continue;
        }
        let text = String::from_utf8_lossy(&file.bytes);
        for (piece, is_text) in pieces(&text) {
            let piece = &text[piece];
            let named = texts(&NAMED, piece).map(|name| (name, false));
            let read = texts(&READ, if is_text { piece } else { "" }).map(|name| (name, true));
            for (name, is_compiled) in named.chain(read) {
                if let Some(sheet) = sheet(theme, name) {
                    *roots.entry(sheet).or_default() |= is_compiled;
                }
            }
        }
    }
    roots
}

/// Returns the sheet that a template refers to by `name`, unless it is plain CSS.
fn sheet(theme: &Theme, name: &str) -> Option<String> {
    let (as_css, as_scss) =
        (name.replacen("/scss/", "/css/", 1), name.replacen("/css/", "/scss/", 1));
    let candidates = [
        name.to_owned(),
        as_scss.clone(),
        as_css.clone(),
        as_scss.replacen(".css", ".scss", 1),
        as_css.replacen(".scss", ".css", 1),
    ];
    let is_there = |path: &String| theme.files.contains_key(path);
    let path = candidates.iter().map(|path| join("", path)).find(is_there)?;
    // The part before the extension names a sheet in the folder of sheets.
    let below = path.split('/').skip(2).collect::<Vec<_>>().join("/");
    let (stem, extension) = below.rsplit_once('.')?;
    let sheet = format!("{stem}.scss");
    (extension != "css" && is_there(&format!("assets/scss/{sheet}"))).then_some(sheet)
}

/// Splits a text into its tags and the text between them, which is marked with `true`; comments are left out.
fn pieces(text: &str) -> Vec<(Range<usize>, bool)> {
    let mut pieces = Vec::new();
    let (mut at, mut from) = (0, 0);
    while let Some(open) = find(text, at, "<") {
        let rest = &text[open..];
        let (end, is_comment) = match rest.as_bytes() {
            [b'<', b'!', b'-', b'-', ..] => {
                (find(text, open + 4, "-->").map_or(text.len(), |end| end + 3), true)
            }
            [b'<', b'/' | b'!' | b'?' | b'a'..=b'z' | b'A'..=b'Z', ..] => {
                (tag_end(text, open), false)
            }
            _ => {
                at = open + 1;
                continue;
            }
        };
        pieces.push((from..open, true));
        if !is_comment {
            pieces.push((open..end, false));
        }
        (at, from) = (end, end);
    }
    pieces.push((from..text.len(), true));
    pieces
}

/// Returns where `needle` begins at or after `from`.
fn find(text: &str, from: usize, needle: &str) -> Option<usize> {
    text.get(from..)?.find(needle).map(|at| from + at)
}

/// Returns where the tag that begins at `open` ends. Quotes count only after a `=`.
fn tag_end(text: &str, open: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = open;
    let mut is_value = false;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'>' => return at + 1,
            b'"' | b'\'' if is_value => {
                let rest = &bytes[at + 1..];
                at += 1 + memchr::memchr(byte, rest).unwrap_or(rest.len());
                is_value = false;
            }
            _ => is_value = byte == b'=' || is_value && byte.is_ascii_whitespace(),
        }
        at += 1;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::tests::theme;

    fn found(template: &str) -> Vec<(String, bool)> {
        let theme = theme(&[
            ("templates/a.txt", template),
            ("assets/scss/t.scss", ""),
            ("assets/scss/t2.scss", ""),
            ("assets/scss/sub/x.scss", ""),
            ("assets/scss/plain.scss", ""),
            ("assets/css/plain.css", ""),
        ]);
        roots(&theme).into_iter().collect()
    }

    #[test]
    fn roots_tell_which_sheets_the_official_bundler_compiles() {
        let compiled = [
            ("{{{stylesheet '/assets/css/t.css'}}}", "t.scss"),
            ("{{stylesheet 'assets/css/t.css' x=1}}", "t.scss"),
            ("{{StyleSheet\"/assets/scss/t.scss\"}}stylesheet", "t.scss"),
            ("{{!-- {{stylesheet '/assets/css/t.css'}} --}}", "t.scss"),
            ("<p>{{stylesheet '/assets/css/sub/x.css'}}</p>", "sub/x.scss"),
        ];
        for (text, sheet) in compiled {
            assert_eq!(found(text), [(sheet.to_owned(), true)], "{text}");
        }
        let not_compiled = [
            ("{{stylesheet '/assets/css/t2.css'}}", "t2.scss"),
            ("<p title=\"{{stylesheet '/assets/css/t.css'}}\">", "t.scss"),
            ("<p {{stylesheet '/assets/css/t.css'}}>", "t.scss"),
        ];
        for (text, sheet) in not_compiled {
            assert_eq!(found(text), [(sheet.to_owned(), false)], "{text}");
        }
        for text in [
            "<!-- {{stylesheet '/assets/css/t.css'}} -->",
            "{{stylesheet '/assets/css/plain.css'}}",
            "{{stylesheet '/assets/scss/gone.scss'}}",
            "{{stylesheet ''}}{{stylesheet}}{{stylesheet '}}",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
