//! Decides by name alone which files are part of a theme and can be part of a bundle.

use std::path::Path;

/// Folders at the theme's root from which files are copied.
const FOLDERS: &[&str] = &["assets", "templates", "meta", "lang"];
/// The folders in which a `node_modules` folder is copied like any other.
const WITH_PACKAGES: &[&str] = &["assets", "templates", "meta"];
/// Files at the root that are read and then written anew.
const READ: &[&str] = &["schema.json", "schemaTranslations.json"];
/// Files at the root that are copied.
const COPIED: &[&str] = &[
    "CHANGELOG.md",
    "config.json",
    ".eslintrc",
    ".eslintignore",
    "Gruntfile.js",
    "karma.conf.js",
    "package.json",
    "README.md",
    ".scss-lint.yml",
    "stencil.conf.cjs",
    "stencil.conf.mjs",
    "stencil.conf.js",
];

/// Names at the theme's root that are never part of a theme: version control, packages, secrets,
/// and what a bundler generated (which is stale as soon as a template changes).
const NOT_PART_OF_A_THEME: &[&str] = &[
    ".git",
    ".stencil-guard",
    "node_modules",
    "parsed",
    "manifest.json",
    ".stencil",
    "config.stencil.json",
    "secrets.stencil.json",
];

/// Reports whether a file of this name at the theme's root is copied.
pub fn is_copied_at_root(name: &str) -> bool {
    COPIED.contains(&name) || is_webpack(name)
}

/// Reports whether a name matches `webpack.*.js`.
fn is_webpack(name: &str) -> bool {
    name.strip_prefix("webpack.").is_some_and(|rest| rest.ends_with(".js"))
}

/// Reports whether a path below the root can affect a bundle.
pub(super) fn may_affect_bundle(below: &Path) -> bool {
    let mut parts = below.iter().map(|part| part.to_str());
    let first = parts.next().flatten().unwrap_or_default();
    let is_at_root = parts.next().is_none();
    FOLDERS.contains(&first) || is_at_root && (READ.contains(&first) || is_copied_at_root(first))
}

/// Reports whether a path below the root is in a `node_modules` folder that no bundle contains.
pub(super) fn is_in_package_folder(path: &str) -> bool {
    let mut parts = path.split('/');
    let first = parts.clone().next().unwrap_or_default();
    !WITH_PACKAGES.contains(&first) && parts.any(|part| part == "node_modules")
}

/// Reports whether a path below the root is not part of the theme and therefore ignored.
pub fn is_outside_theme(path: &str) -> bool {
    is_never_part_of_theme(path) || is_in_package_folder(path)
}

/// Reports whether a path is ignored even if a link inside the theme leads to it.
pub(super) fn is_never_part_of_theme(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or(path);
    let at_root = first == path;
    NOT_PART_OF_A_THEME.contains(&first)
        || (at_root && path.to_ascii_lowercase().ends_with(".zip"))
        || is_editor_temp_file(path.as_ref())
        || is_os_metadata(path)
}

/// Reports whether an editor keeps this file beside an open one: Emacs' lock, which is a dangling link, or
/// Vim's swap file. No bundle contains them. Other files that editors leave may be intentional.
pub(super) fn is_editor_temp_file(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    let is_swap = || name.len() > 5 && name[name.len() - 4..].starts_with(b".sw");
    name.starts_with(b".#") || (name.starts_with(b".") && is_swap())
}

/// Names that file managers and archivers of other operating systems create, at any depth.
const OF_OTHER_SYSTEMS: &[&str] = &[
    "$RECYCLE.BIN",
    ".AppleDouble",
    ".DS_Store",
    ".Spotlight-V100",
    ".TemporaryItems",
    ".Trashes",
    ".fseventsd",
    "@eaDir",
    "Desktop.ini",
    "Icon\r",
    "Thumbs.db",
    "__MACOSX",
    "desktop.ini",
    "ehthumbs.db",
    "thumbs.db",
];

/// Reports whether another operating system created this path; such files say nothing about a theme.
pub(super) fn is_os_metadata(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with("._") || OF_OTHER_SYSTEMS.contains(&part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_affect_a_bundle_are_recognised_by_name() {
        for path in
            ["assets/x", "lang/.x/y", "templates", "README.md", "webpack.a.js", "schema.json"]
        {
            assert!(may_affect_bundle(Path::new(path)), "{path}");
        }
        for path in ["docs/x", "docs/config.json", "LICENSE", "webpack.js", ".git/x", "README.md/x"]
        {
            assert!(!may_affect_bundle(Path::new(path)), "{path}");
        }
    }

    #[test]
    fn package_folders_are_recognised_by_path() {
        for path in
            ["node_modules/x", "tools/node_modules/x", "lang/node_modules", "a/b/node_modules"]
        {
            assert!(is_in_package_folder(path), "{path}");
        }
        for path in ["assets/node_modules/x", "templates/a/node_modules", "tools/node_modules.txt"]
        {
            assert!(!is_in_package_folder(path), "{path}");
        }
    }

    #[test]
    fn os_metadata_files_are_recognised_by_name() {
        for path in [
            "templates/pages/._home.html",
            "._config.json",
            "__MACOSX/templates/pages/._home.html",
            "__MACOSX/config.json",
            "assets/__MACOSX/x",
            "lang/.DS_Store",
            "templates/.AppleDouble/home.html",
            "assets/img/Thumbs.db",
            "assets/desktop.ini",
            ".Trashes/x",
            ".fseventsd/0",
            "@eaDir/x@SynoEAStream",
            "$RECYCLE.BIN/x",
        ] {
            assert!(is_os_metadata(path) && is_outside_theme(path), "{path}");
        }
        for path in
            ["templates/pages/_home.html", "assets/.x", "MACOSX/x", "assets/a._b", "x.DS_Store"]
        {
            assert!(!is_os_metadata(path), "{path}");
        }
    }
}
