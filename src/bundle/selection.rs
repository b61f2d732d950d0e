//! Selects the files and directories of a theme that go into its bundle.

use crate::text::{Code, Finding};
use crate::theme::{Theme, parts};

/// Reports whether the official bundler copies the file or directory `path`, with or without source maps.
pub fn is_copied(path: &str, source_maps: bool) -> bool {
    let Some((top, rest)) = path.split_once('/') else {
        return parts::is_copied_at_root(path);
    };
    let is_hidden = rest.split('/').any(|part| part.starts_with('.'));
    let matches = match top {
        "assets" => {
            let is_map = rest.ends_with(".js.map");
            rest != "cdn" && !rest.starts_with("cdn/") && (source_maps || !is_map)
        }
        "templates" | "meta" => true,
        "lang" => !rest.contains('/'),
        _ => false,
    };
    matches && !is_hidden
}

/// Reports whether the platform refuses a file, although the official bundler copies it (TR-601).
fn is_refused(path: &str) -> bool {
    path.starts_with("templates/") && !path.ends_with(".html")
}

/// Returns the files to copy, in byte order of their paths.
pub(super) fn files(theme: &Theme, source_maps: bool) -> impl Iterator<Item = &str> {
    let paths = theme.files.keys().map(String::as_str);
    paths.filter(move |path| is_copied(path, source_maps) && !is_refused(path))
}

/// Returns the directories that get entries of their own; the top folders do not.
pub(super) fn directories(theme: &Theme, source_maps: bool) -> impl Iterator<Item = &str> {
    let paths = theme.directories.iter().map(String::as_str);
    paths.filter(move |path| is_copied(path, source_maps))
}

/// Reports the files that are left out because the platform refuses them.
pub(super) fn left_out(theme: &Theme) -> Vec<Finding> {
    let paths = theme.files.keys();
    paths
        .filter(|path| is_copied(path, false) && is_refused(path))
        .map(|path| {
            Finding::new(
                Code::FileLeftOut,
                "this file is left out of the bundle: the platform takes only `.html` below `templates/` (TR-601)",
            )
            .in_file(path.as_str())
            .help("move it to another folder or remove it")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::tests::theme;

    #[test]
    fn same_files_are_copied_as_by_the_official_bundler() {
        let copied = [
            "assets/a/b.js",
            "assets/cdn-foo/x",
            "assets/css/app.css.map",
            "assets/x.js.map/a.js",
            "assets/js/node_modules/p/i.js",
            "meta/app.js.map",
            "lang/en.json",
            "templates/a.html",
            "templates/x.js.map/a.html",
            ".eslintrc",
            ".eslintignore",
            ".scss-lint.yml",
            "README.md",
            "config.json",
            "webpack.a.b.js",
            "webpack..js",
            "webpack.js.js",
        ];
        let not_copied = [
            "assets/cdn/x",
            "assets/.hidden",
            "assets/.dir/x",
            "assets/a.js.map",
            "assets/js/.app.js.map",
            "lang/sub/en.json",
            "lang/.hidden.json",
            "templates/.dot.html",
            "templates/.dir/d.html",
            "webpack.config.mjs",
            "readme.md",
            "LICENSE",
            "package-lock.json",
            "schema.json",
            "schemaTranslations.json",
            "manifest.json",
            "parsed/x.json",
            "other/x",
            ".stylelintrc",
        ];
        for path in copied {
            assert!(is_copied(path, false) && is_copied(path, true), "{path}");
        }
        for path in not_copied {
            assert!(!is_copied(path, false), "{path}");
            assert_eq!(is_copied(path, true), path == "assets/a.js.map", "{path}");
        }
    }

    #[test]
    fn nested_directories_get_entries() {
        let mut theme = theme(&[
            ("assets/a/b.js", ""),
            ("assets/cdn/x/y", ""),
            ("templates/x.js.map/a.html", ""),
            ("assets/x.js.map/a.js", ""),
            ("lang/en.json", "{}"),
            ("other/x/y", ""),
        ]);
        theme.directories.insert("meta/empty".to_owned());
        let directories: Vec<&str> = directories(&theme, false).collect();
        assert_eq!(directories, ["assets/a", "meta/empty", "templates/x.js.map"]);
    }

    #[test]
    fn files_the_platform_rejects_are_left_out_and_reported() {
        let theme = theme(&[
            ("templates/a.html", ""),
            ("templates/notes.txt", ""),
            ("templates/UP.HTML", ""),
            ("templates/.DS_Store", ""),
        ]);
        assert_eq!(files(&theme, false).collect::<Vec<_>>(), ["templates/a.html"]);
        let left_out = left_out(&theme);
        let paths: Vec<&str> = left_out
            .iter()
            .map(|finding| finding.primary.as_ref().unwrap().path.as_str())
            .collect();
        assert_eq!(paths, ["templates/UP.HTML", "templates/notes.txt"]);
    }
}
