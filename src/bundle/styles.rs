//! Builds `parsed/scss/*.json` and `parsed/css/*.json`: each root style sheet with its imports, which the
//! official assembler finds by text. The compiler may reach other files.

use super::js_json;
use super::style_files::{StyleFiles, join, underscored};
use crate::text::patterns::{pattern, texts};
use crate::theme::Theme;
use regex::Regex;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, LazyLock};

/// Matches an import; the group is its name.
static IMPORT: LazyLock<Regex> = LazyLock::new(|| pattern(r#"@import\s+["'](\N+?)["'];"#));

/// Returns the style sheets for the `css_compiler` of `config.json`.
pub(super) fn files<'t>(theme: &'t Theme, compiler: &str) -> StyleFiles<'t> {
    match compiler {
        "css" => StyleFiles::new(theme, "assets/dist/css"),
        other => StyleFiles::new(theme, &format!("assets/{other}")),
    }
}

/// Returns all parsed style files for this compiler.
pub(super) fn parsed(files: &StyleFiles<'_>, compiler: &str) -> Vec<(String, Vec<u8>)> {
    let folder = if compiler == "css" { "parsed/css" } else { "parsed/scss" };
    let roots = files.roots(&format!(".{compiler}"));
    let parsed = roots.into_iter().map(|(name, is_directory)| {
        let tree = if is_directory { Vec::new() } else { tree(files, &name, compiler) };
        let entries = tree.iter().map(|member| (member.key.as_str(), member.text.as_ref()));
        (format!("{folder}/{name}.json"), js_json::write_texts(entries))
    });
    parsed.collect()
}

/// A style sheet in the import tree of a root.
#[derive(Debug)]
pub(super) struct Member {
    /// The alias with the compiler's extension.
    pub key: String,
    /// The path relative to the base folder.
    pub path: String,
    /// The text.
    pub text: Arc<str>,
}

/// Returns the root `name` and all that it imports, breadth first.
pub(super) fn tree(files: &StyleFiles<'_>, name: &str, compiler: &str) -> Vec<Member> {
    let extension = format!(".{compiler}");
    let mut found: Vec<Member> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let root = name.strip_suffix(&extension).unwrap_or(name);
    let mut next = VecDeque::from([root.to_owned()]);
    while let Some(alias) = next.pop_front() {
        let alias = alias.strip_suffix(".scss").unwrap_or(&alias);
        let key = key(alias, &extension);
        if places.get(&key).is_some_and(|&at| !found[at].text.is_empty()) {
            continue;
        }
        let Some((path, text)) = resolve(files, alias, compiler) else {
            continue;
        };
        next.extend(texts(&IMPORT, &text).map(|import| imported(alias, import)));
        if !places.contains_key(&key) {
            places.insert(key.clone(), found.len());
            found.push(Member { key, path, text });
        }
    }
    found
}

fn resolve(files: &StyleFiles<'_>, alias: &str, compiler: &str) -> Option<(String, Arc<str>)> {
    let exact = format!("{alias}.{compiler}");
    let partial = format!("{}.{compiler}", underscored(alias));
    let css = (compiler == "scss").then(|| format!("{alias}.css"));
    let mut candidates = [exact, partial].into_iter().chain(css);
    candidates.find_map(|path| files.text(&path).map(|text| (path, text)))
}

/// Resolves an import: relative to the sheet's directory, or unchanged in a root sheet.
fn imported(alias: &str, import: &str) -> String {
    match alias.rsplit_once('/') {
        Some((directory, _)) => join(directory, import),
        _ => import.to_owned(),
    }
}

fn key(alias: &str, extension: &str) -> String {
    let mut key = String::with_capacity(alias.len() + extension.len());
    for c in alias.chars() {
        let c = if c == '\\' { '/' } else { c };
        if c != '/' || key.len() < 2 || !key.ends_with('/') {
            key.push(c);
        }
    }
    key + extension
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::tests::theme;
    use serde_json::Value;

    fn all_parsed(theme: &Theme, compiler: &str) -> Vec<(String, Vec<u8>)> {
        parsed(&files(theme, compiler), compiler)
    }

    fn keys(files: &[(&str, &str)], path: &str, compiler: &str) -> Vec<String> {
        let parsed = all_parsed(&theme(files), compiler);
        let (_, bytes) = parsed.iter().find(|(name, _)| name == path).unwrap();
        let value: Value = serde_json::from_slice(bytes).unwrap();
        value.as_object().unwrap().keys().cloned().collect()
    }

    #[test]
    fn imports_are_followed_in_raw_text() {
        let root = "@import \"a\";// @import 'in/comment';\n@import 'x';@import \"./d\";@import \"../o\";\
            @import 'sub/c';@import 'ext.scss';@import\n  '_u';@import 'gone';\
            @import \"l1\", \"l2\"; @import \"s\" ;@use \"s\";@import\"s\";@import url('s');";
        let files = [
            ("assets/scss/theme.scss", root),
            ("assets/scss/_a.scss", ""),
            ("assets/scss/in/comment.scss", ""),
            ("assets/scss/x.css", "p{}"),
            ("assets/scss/d.scss", "@import './ext';@import './d2';"),
            ("assets/scss/d2.scss", ""),
            ("assets/o.scss", ""),
            ("assets/scss/sub/c.scss", "@import './d';@import 'a';@import '../theme';"),
            ("assets/scss/sub/d.scss", ""),
            ("assets/scss/ext.scss", ""),
            ("assets/scss/_u.scss", ""),
            ("assets/scss/l1.scss", ""),
            ("assets/scss/s.scss", ""),
        ];
        let expected = [
            "theme.scss",
            "a.scss",
            "in/comment.scss",
            "x.scss",
            "./d.scss",
            "../o.scss",
            "sub/c.scss",
            "ext.scss",
            "_u.scss",
            "d2.scss",
            "sub/d.scss",
        ];
        assert_eq!(keys(&files, "parsed/scss/theme.scss.json", "scss"), expected);
        assert_eq!(keys(&files, "parsed/scss/_a.scss.json", "scss"), ["_a.scss"]);
    }

    #[test]
    fn exact_name_wins_over_underscored_name() {
        let files = [
            ("assets/scss/t.scss", "@import 'a';"),
            ("assets/scss/a.scss", "exact"),
            ("assets/scss/_a.scss", "partial"),
        ];
        let parsed = all_parsed(&theme(&files), "scss");
        let text = String::from_utf8(parsed[2].1.clone()).unwrap();
        assert_eq!(parsed[2].0, "parsed/scss/t.scss.json");
        assert!(text.contains("exact") && !text.contains("partial"), "{text}");
    }

    #[test]
    fn each_compiler_reads_its_own_folder() {
        let files = [
            ("assets/dist/css/x.css", "@import 'b';"),
            ("assets/dist/css/b.css", ""),
            ("assets/less/theme.less", ""),
            ("assets/less/d.less/x", ""),
        ];
        assert_eq!(keys(&files, "parsed/css/x.css.json", "css"), ["x.css", "b.css"]);
        assert_eq!(keys(&files, "parsed/scss/theme.less.json", "less"), ["theme.less"]);
        assert_eq!(keys(&files, "parsed/scss/d.less.json", "less"), [""; 0]);
        assert!(all_parsed(&theme(&files), "scss").is_empty());
    }

    #[test]
    fn keys_of_package_sheets_keep_their_paths() {
        use crate::theme::{Packages, Theme};
        let outside = [
            ("node_modules/p/f.scss", "@import 'g/h';"),
            ("node_modules/p/g/_h.scss", "@import '../f';"),
        ];
        let outside = outside.map(|(path, text)| (path.to_owned(), text.into()));
        let theme = Theme {
            packages: Packages::Parsed(std::sync::Arc::new(outside.into())),
            ..theme(&[("assets/scss/t.scss", "@import \"../../node_modules/p/f\";")])
        };
        let parsed = all_parsed(&theme, "scss");
        let value: Value = serde_json::from_slice(&parsed[0].1).unwrap();
        let keys: Vec<&String> = value.as_object().unwrap().keys().collect();
        assert_eq!(
            keys,
            ["t.scss", "../../node_modules/p/f.scss", "../../node_modules/p/g/h.scss"]
        );
    }
}
