//! Which files of a theme can be part of a bundle, by their names alone.

use std::path::Path;

/// Folders at the theme's root of which something is copied.
const FOLDERS: &[&str] = &["assets", "templates", "meta", "lang"];
/// Those in which a folder of packages is copied like any other.
const WITH_PACKAGES: &[&str] = &["assets", "templates", "meta"];
/// Files at the root that are read, and written anew.
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

/// Whether a file of this name at the theme's root is copied.
pub fn is_copied_at_root(name: &str) -> bool {
    COPIED.contains(&name) || is_webpack(name)
}

/// `webpack.`, anything, `.js`.
fn is_webpack(name: &str) -> bool {
    name.strip_prefix("webpack.").is_some_and(|rest| rest.ends_with(".js"))
}

/// Whether a path below the root may make a difference to a bundle.
pub(super) fn matters(below: &Path) -> bool {
    let mut parts = below.iter().map(|part| part.to_str());
    let first = parts.next().flatten().unwrap_or_default();
    let is_at_root = parts.next().is_none();
    FOLDERS.contains(&first) || is_at_root && (READ.contains(&first) || is_copied_at_root(first))
}

/// Whether a path below the root lies in a folder of packages that no bundle holds.
pub(super) fn is_of_packages(path: &str) -> bool {
    let mut parts = path.split('/');
    let first = parts.clone().next().unwrap_or_default();
    !WITH_PACKAGES.contains(&first) && parts.any(|part| part == "node_modules")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_matters_is_told_by_names() {
        for path in
            ["assets/x", "lang/.x/y", "templates", "README.md", "webpack.a.js", "schema.json"]
        {
            assert!(matters(Path::new(path)), "{path}");
        }
        for path in ["docs/x", "docs/config.json", "LICENSE", "webpack.js", ".git/x", "README.md/x"]
        {
            assert!(!matters(Path::new(path)), "{path}");
        }
    }

    #[test]
    fn packages_are_told_by_their_folder() {
        for path in
            ["node_modules/x", "tools/node_modules/x", "lang/node_modules", "a/b/node_modules"]
        {
            assert!(is_of_packages(path), "{path}");
        }
        for path in ["assets/node_modules/x", "templates/a/node_modules", "tools/node_modules.txt"]
        {
            assert!(!is_of_packages(path), "{path}");
        }
    }
}
