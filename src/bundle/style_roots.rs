//! The style sheets that templates name, and which of them the official bundler compiles before it makes a
//! bundle: it reads text between tags, and few characters of a name.

use super::scan::{self, Lazy};
use super::style_files::join;
use crate::theme::Theme;
use std::collections::BTreeMap;
use std::ops::Range;

const CALL: &str = "stylesheet";

/// The root style sheets that templates name, relative to `assets/scss`; true if the official bundler
/// compiles them.
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
            let named = names(&text[piece.clone()]).into_iter().map(|name| (name, false));
            let read = if is_text { names_as_read(&text[piece]) } else { Vec::new() };
            let read = read.into_iter().map(|name| (name, true));
            for (name, is_compiled) in named.chain(read) {
                if let Some(sheet) = sheet(theme, name) {
                    *roots.entry(sheet).or_default() |= is_compiled;
                }
            }
        }
    }
    roots
}

/// The sheet that stands for what a template names, unless that is plain CSS.
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
    // What stands before the extension names a sheet in the folder of sheets.
    let below = path.split('/').skip(2).collect::<Vec<_>>().join("/");
    let (stem, extension) = below.rsplit_once('.')?;
    let sheet = format!("{stem}.scss");
    (extension != "css" && is_there(&format!("assets/scss/{sheet}"))).then_some(sheet)
}

/// What the calls in a text name, whatever its characters are.
fn names(text: &str) -> Vec<&str> {
    let mut lazy = Lazy::default();
    let found = scan::matches(text, CALL, |at| {
        let start = scan::some_spaces(text, at + CALL.len())?;
        let start = scan::quote(text, start)?;
        let end = lazy.find(text, start, |at| scan::quote(text, at).map(|_| at))?;
        Some((end, &text[start..end]))
    });
    found.into_iter().map(|(_, name)| name).collect()
}

/// What the official bundler reads of the names in a text.
fn names_as_read(text: &str) -> Vec<&str> {
    let found = scan::matches(text, "{{", |at| {
        let call = scan::skip_spaces(text, at + 2);
        let is_call = |name: &[u8]| name.eq_ignore_ascii_case(CALL.as_bytes());
        text.as_bytes().get(call..call + CALL.len()).filter(|name| is_call(name))?;
        let start = scan::skip_spaces(text, call + CALL.len());
        let is_read = |byte: u8| byte.is_ascii_alphabetic() || b"/'\".-".contains(&byte);
        let end = scan::run(text, start, is_read)?;
        Some((end, text.get(start + 1..end - 1)?))
    });
    found.into_iter().map(|(_, name)| name).collect()
}

/// The tags of a text and what stands between them, which is marked; comments are left out.
fn pieces(text: &str) -> Vec<(Range<usize>, bool)> {
    let mut pieces = Vec::new();
    let (mut at, mut from) = (0, 0);
    while let Some(open) = scan::find(text, at, "<") {
        let rest = &text[open..];
        let (end, is_comment) = match rest.as_bytes() {
            [b'<', b'!', b'-', b'-', ..] => {
                (scan::find(text, open + 4, "-->").map_or(text.len(), |end| end + 3), true)
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

/// Where the tag that begins at `open` ends. Quotes count behind a `=` only.
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
    fn what_the_official_bundler_compiles_is_known() {
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
