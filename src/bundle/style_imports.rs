//! Finds the style imports that the style compiler would follow and that lead nowhere. It reads style sheets
//! as the compiler does: it ignores comments, and a list stands for several imports.

use super::style_files::{StyleFiles, join, underscored};
use super::style_roots;
use crate::text::{Code, Finding, Location, Severity, Span};
use crate::theme::Theme;
use std::collections::BTreeSet;

const IMPORT: &[u8] = b"@import";

/// An import that the compiler does not pass on as plain CSS.
#[derive(Debug, PartialEq, Eq)]
struct Import<'t> {
    name: &'t str,
    span: Span,
}

/// Returns one finding for all missing imports from packages, and one for each other import that leads
/// nowhere: an error where the official bundler would stop, a warning where the platform may miss the file
/// later.
pub(super) fn missing(theme: &Theme, files: &StyleFiles<'_>) -> Vec<Finding> {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let roots = style_roots::roots(theme);
    let mut found = |is_compiled: bool| {
        let next = roots.iter().filter(|(_, compiled)| **compiled == is_compiled);
        lost(files, next.map(|(root, _)| root.clone()).collect(), &mut seen)
    };
    let mut findings = findings(found(true));
    let mut warnings = self::findings(found(false));
    warnings.iter_mut().for_each(|finding| finding.severity = Severity::Warning);
    findings.append(&mut warnings);
    findings
}

/// Returns the imports that lead nowhere in the sheets `next` and in all that they import, except those
/// `seen`.
fn lost(
    files: &StyleFiles<'_>,
    mut next: Vec<String>,
    seen: &mut BTreeSet<String>,
) -> Vec<(String, Location)> {
    let mut lost: Vec<(String, Location)> = Vec::new();
    next.retain(|root| seen.insert(root.clone()));
    while let Some(sheet) = next.pop() {
        let Some(text) = files.text(&sheet) else {
            continue;
        };
        for import in imports(&text) {
            match resolve(files, &sheet, import.name) {
                Some(path) if seen.insert(path.clone()) => next.push(path),
                Some(_) => {}
                None => lost.extend(files.theme_path(&sheet).map(|path| {
                    let span = Some(import.span);
                    (import.name.to_owned(), Location { path, span })
                })),
            }
        }
    }
    lost.sort_by(|(_, one), (_, other)| (&one.path, one.span).cmp(&(&other.path, other.span)));
    lost
}

/// Resolves an import of `sheet`: relative to the sheet, or else to the base folder.
fn resolve(files: &StyleFiles<'_>, sheet: &str, import: &str) -> Option<String> {
    const EXTENSIONS: &[&str] = &["", ".scss", ".sass", ".css"];
    let directory = sheet.rsplit_once('/').map_or("", |(directory, _)| directory);
    let candidates = [directory, ""].into_iter().flat_map(|directory| {
        let path = join(directory, import);
        let partial = underscored(&path);
        let index = format!("{path}/_index");
        [path, partial, index]
    });
    candidates
        .flat_map(|path| EXTENSIONS.iter().map(move |extension| format!("{path}{extension}")))
        .find(|path| files.text(path).is_some())
}

/// Returns the imports in a style sheet that the compiler does not pass on as plain CSS.
fn imports(text: &str) -> Vec<Import<'_>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        at = match skip(text, at) {
            Some(end) => end,
            None if bytes[at..].starts_with(IMPORT) => list(text, at + IMPORT.len(), &mut found),
            None => next_start(bytes, at + 1),
        };
    }
    found
}

/// Returns the next offset from `at` on where a comment, string, URL or import may begin.
fn next_start(bytes: &[u8], at: usize) -> usize {
    let found = bytes[at..].iter().position(|byte| b"/\"'u@".contains(byte));
    found.map_or(bytes.len(), |length| at + length)
}

/// Returns the end of the comment, string or URL that begins at `at`.
fn skip(text: &str, at: usize) -> Option<usize> {
    let rest = &text.as_bytes()[at..];
    let end_of = |needle: &str, from: usize| {
        let found = memchr::memmem::find(&text.as_bytes()[from..], needle.as_bytes());
        found.map_or(text.len(), |end| from + end + needle.len())
    };
    match rest {
        [b'/', b'/', ..] => Some(end_of("\n", at)),
        [b'/', b'*', ..] => Some(end_of("*/", at + 2)),
        [b'"' | b'\'', ..] => Some(string_end(text, at)),
        [b'u', b'r', b'l', b'(', after, ..] if !matches!(after, b'"' | b'\'') => {
            Some(end_of(")", at))
        }
        _ => None,
    }
}

/// Returns the end of the quoted string that begins at `at`; a line break also ends it.
fn string_end(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let mut end = at + 1;
    while let Some(&byte) = bytes.get(end) {
        match byte {
            b'\\' => end += 2,
            b'\n' => return end,
            byte => {
                end += 1;
                if byte == bytes[at] {
                    return end;
                }
            }
        }
    }
    text.len()
}

/// Reads the list after `@import` and returns its end.
fn list<'t>(text: &'t str, mut at: usize, found: &mut Vec<Import<'t>>) -> usize {
    let bytes = text.as_bytes();
    let mut name: Option<Span> = None;
    let mut has_condition = false;
    let mut take = |name: Option<Span>, has_condition: bool| {
        if let Some(span) = name.filter(|_| !has_condition) {
            found.extend(import(text, span));
        }
    };
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b';' | b'{' | b'}' => break,
            b',' => {
                take(name.take(), has_condition);
                has_condition = false;
                at += 1;
            }
            b'"' | b'\'' => {
                let end = string_end(text, at);
                match name {
                    None => name = Some(Span::new(at, end)),
                    Some(_) => has_condition = true,
                }
                at = end;
            }
            byte => {
                let next = skip(text, at);
                let is_comment = byte == b'/' && next.is_some();
                has_condition |= !is_comment && !byte.is_ascii_whitespace();
                at = next.unwrap_or(at + 1);
            }
        }
    }
    take(name, has_condition);
    at
}

/// Returns the import in a quoted string, unless the compiler passes it on as plain CSS.
fn import(text: &str, span: Span) -> Option<Import<'_>> {
    let name = text.get(span.start + 1..span.end.checked_sub(1)?)?;
    let is_address = ["http://", "https://", "//"].iter().any(|start| name.starts_with(start));
    let is_plain = is_address || name.ends_with(".css") || name.contains("#{") || name.is_empty();
    (!is_plain).then_some(Import { name, span })
}

fn findings(lost: Vec<(String, Location)>) -> Vec<Finding> {
    let (packages, own): (Vec<_>, Vec<_>) =
        lost.into_iter().partition(|(name, _)| name.contains("node_modules/"));
    let own = own.into_iter().map(|(name, place)| Finding {
        primary: Some(place),
        ..Finding::new(
            Code::MissingStyleImport,
            format!("the style sheet `{name}` does not exist, so the platform could not compile this one"),
        )
        .help("create the file or remove the import")
    });
    packages_missing(packages).into_iter().chain(own).collect()
}

fn packages_missing(lost: Vec<(String, Location)>) -> Option<Finding> {
    let packages: BTreeSet<String> = lost.iter().map(|(name, _)| package(name)).collect();
    let packages: Vec<String> = packages.into_iter().collect();
    let mut places = lost.into_iter().map(|(_, place)| place);
    let primary = places.next()?;
    let message =
        format!("style sheets import packages that are not installed: {}", packages.join(", "));
    Some(Finding {
        primary: Some(primary),
        related: places
            .map(|place| (place, "imported here, too".to_owned()))
            .collect(),
        ..Finding::new(Code::MissingStyleImport, message).help(
            "run `npm ci` in the theme's folder first; a zip downloaded from the store needs no packages",
        )
    })
}

/// Returns the package that an import path leads into.
fn package(import: &str) -> String {
    let inside = import.rsplit("node_modules/").next().unwrap_or(import);
    let parts = if inside.starts_with('@') { 2 } else { 1 };
    inside.split('/').take(parts).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::tests::theme;

    #[test]
    fn imports_are_parsed_like_the_compiler_does() {
        let cases: &[(&str, &[&str])] = &[
            ("@import \"a\", 'b' , \"c\"", &["a", "b", "c"]),
            ("@import 'a' ;@import\"b\";", &["a", "b"]),
            ("// @import 'a';\n/* @import 'b'; */@import 'c';", &["c"]),
            ("@import url(x), url('y'), 'z'", &["z"]),
            ("@import 'http://x/y', '//x', 'x.css', 'x' screen;", &[]),
            ("a{b:url(//x)}@import 'c';", &["c"]),
            ("a{b:\"@import 'c';\"}", &[]),
            ("@import /* 'x' */ 'a' // 'b'\n;", &["a"]),
            ("@import '", &[]),
            ("@import", &[]),
        ];
        for (text, expected) in cases {
            let names: Vec<&str> = imports(text).into_iter().map(|found| found.name).collect();
            assert_eq!(names, *expected, "{text}");
        }
    }

    fn found(files: &[(&str, &str)]) -> Vec<Finding> {
        let theme = theme(files);
        missing(&theme, &StyleFiles::new(&theme, "assets/scss"))
    }

    #[test]
    fn only_reachable_missing_imports_are_reported() {
        let files = [
            ("templates/a.html", "{{{stylesheet '/assets/css/theme.css'}}}"),
            ("assets/scss/theme.scss", "@import 'x', 'd/y';\n@import 'z';"),
            ("assets/scss/_x.scss", ""),
            ("assets/scss/d/y.scss", "@import 'x', 'w', '../v', 'plain';"),
            ("assets/scss/d/_w.sass", ""),
            ("assets/scss/v.scss", ""),
            ("assets/scss/plain.css", ""),
            ("assets/scss/unused.scss", "@import 'gone';"),
        ];
        let found = found(&files);
        assert_eq!(found.len(), 1);
        let place = found[0].primary.clone().unwrap();
        assert_eq!(place.path, "assets/scss/theme.scss");
        assert_eq!(place.span, Some(Span::new(28, 31)));
        assert_eq!(found[0].severity, Severity::Error);
    }

    #[test]
    fn missing_imports_of_uncompiled_sheets_are_warnings() {
        let found = found(&[
            (
                "templates/a.html",
                "<p x=\"{{stylesheet '/assets/css/a.css'}}\">{{stylesheet '/assets/css/b2.css'}}",
            ),
            ("assets/scss/a.scss", "@import 'gone';"),
            ("assets/scss/b2.scss", "@import 'lost';"),
        ]);
        let severities: Vec<Severity> = found.iter().map(|finding| finding.severity).collect();
        assert_eq!(severities, [Severity::Warning; 2]);
    }

    #[test]
    fn missing_packages_are_reported_once() {
        let root = "@import '../../node_modules/@a/b/c', '../../node_modules/d/e', 'own';";
        let found = found(&[
            ("templates/a.html", "{{{stylesheet \"assets/css/theme.css\"}}}"),
            ("assets/scss/theme.scss", root),
        ]);
        assert_eq!(found.len(), 2);
        assert!(found[0].message.ends_with("not installed: @a/b, d"), "{}", found[0].message);
        assert_eq!(found[0].related.len(), 1);
        assert!(found[0].help.as_ref().unwrap().contains("npm ci"));
        assert!(found[1].message.contains("`own`"));
    }
}
