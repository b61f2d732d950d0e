//! Templates of installed packages (`external/<package>/templates/…`); the official assembler rewrites
//! them so that their own includes lead into the package.

use super::source::{Source, folder_templates};
use crate::text::patterns::pattern;
use crate::theme::references::{self, Reference};
use crate::theme::{Packages, Theme};
use regex::{Captures, Regex};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};
use walkdir::WalkDir;

/// Matches an unquoted include; the group is its name.
pub(super) static INCLUDE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\{\{>\s*([\w|\-/]+)[^{]*?\}\}"));
/// Matches the parts of an include between its braces, stars and white space.
static PIECE: LazyLock<Regex> = LazyLock::new(|| pattern(r"[^>{}\s*]+"));

/// Reports whether a name refers to a template of a package.
pub(super) fn is_external(name: &str) -> bool {
    name.starts_with("external/")
}

/// Returns the path of the package template `name` below the theme's root.
pub(super) fn package_path(name: &str) -> Option<String> {
    let inside = name.strip_prefix("external/")?;
    let leaves = inside.split('/').any(|part| part == ".." || part == ".");
    (!leaves).then(|| format!("node_modules/{inside}.html"))
}

/// Returns the `external/<package>/templates/` at the start of a name.
pub(super) fn templates_folder(name: &str) -> Option<String> {
    const TEMPLATES: &str = "/templates/";
    let end = name.find(TEMPLATES).filter(|_| is_external(name))?;
    Some(name[..end + TEMPLATES.len()].to_owned())
}

/// Returns all templates of the packages that a quoted include of the theme refers to.
pub(super) fn whole_packages(
    theme: &Theme,
    templates: &BTreeMap<String, Source<'_>>,
) -> BTreeSet<String> {
    let quoted = templates
        .values()
        .flat_map(|source| &source.references.partials)
        .filter(|reference| reference.quoted);
    let folders: BTreeSet<String> =
        quoted.filter_map(|reference| templates_folder(&reference.name)).collect();
    folders.iter().flat_map(|folder| names_below(theme, folder)).collect()
}

/// Returns the names of all templates below an external folder that ends in a slash.
fn names_below(theme: &Theme, folder: &str) -> Vec<String> {
    let Some(inside) = folder.strip_prefix("external/") else {
        return Vec::new();
    };
    let below = format!("node_modules/{inside}");
    let name = |path: &str| {
        let name = path.strip_suffix(".html")?;
        let is_hidden = name.rsplit('/').next().is_some_and(|file| file.starts_with('.'));
        (!is_hidden && !name.is_empty()).then(|| format!("{folder}{name}"))
    };
    match &theme.packages {
        Packages::None => Vec::new(),
        Packages::Parsed(files) => {
            let paths = files.keys().filter_map(|path| path.strip_prefix(&below));
            paths.filter_map(name).collect()
        }
        Packages::Folder(root) => {
            let root = root.join(&below);
            let entries = WalkDir::new(&root).into_iter().filter_map(Result::ok);
            entries
                .filter(|entry| entry.file_type().is_file())
                .filter_map(|entry| {
                    let path = entry.path().strip_prefix(&root).ok()?.to_str()?.to_owned();
                    name(&path.replace('\\', "/"))
                })
                .collect()
        }
    }
}

/// Reads a template of a package.
pub(super) fn read(theme: &Theme, name: &str) -> Option<Source<'static>> {
    let bytes = theme.package_file(&package_path(name)?)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let base: String = name.split('/').take(3).collect::<Vec<&str>>().join("/");
    let references = references::find(&text);
    // In a bundle, the names in such templates already lead into the package.
    let is_rewritten = |found: &&Reference| {
        let inside = found.name.strip_prefix(base.as_str());
        let is_parsed = matches!(theme.packages, Packages::Parsed(_));
        is_parsed && found.quoted && inside.is_some_and(|rest| rest.starts_with('/'))
    };
    let partials = references.partials.iter().map(|found| match is_rewritten(&found) {
        true => found.name.clone(),
        // The assembler keeps these quotes, and so finds nothing.
        false if found.quoted => format!("{base}/{}", &text[found.span.range()]),
        false => format!("{base}/{}", found.name),
    });
    let dynamic = folder_templates(theme, &references, &format!("{base}/"));
    Some(Source {
        includes: partials.chain(dynamic).collect(),
        text: Cow::Owned(rewritten(&text, &base)),
        // These are positions in the file, not in the rewritten text.
        references: Arc::new(references),
    })
}

/// Rewrites `text` so that each unquoted include leads into the package.
fn rewritten(text: &str, base: &str) -> String {
    let rewrite = |include: &Captures<'_>| {
        let mut pieces = PIECE.find_iter(&include[0]).map(|piece| piece.as_str());
        let name = pieces.next().unwrap_or_default();
        let others: String = pieces.map(|piece| format!(" {piece}")).collect();
        format!("{{{{> '{base}/{name}'{others} }}}}")
    };
    INCLUDE.replace_all(text, rewrite).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn includes_in_a_package_are_rewritten_to_point_into_it() {
        assert_eq!(
            rewritten("{{> a/b x='1*2'  y=z}}{{>c}}{{> 'd'}}{{#> e}}", "external/p/templates"),
            "{{> 'external/p/templates/a/b' x='1 2' y=z }}{{> 'external/p/templates/c' }}{{> 'd'}}{{#> e}}"
        );
    }

    #[test]
    fn external_names_map_to_paths_in_node_modules() {
        assert_eq!(
            package_path("external/@s/p/templates/a").as_deref(),
            Some("node_modules/@s/p/templates/a.html")
        );
        assert_eq!(package_path("external/../../etc/x"), None);
        assert_eq!(
            templates_folder("external/@s/p/templates/a/b").as_deref(),
            Some("external/@s/p/templates/")
        );
    }
}
