//! Names of the templates that the guard adds.
//!
//! All names consist of `[a-z][a-z0-9_-]*` segments, so that they can be included without quotes and the
//! official bundler finds them.

use crate::text::{Code, Finding};
use crate::theme::pages::Include;
use crate::theme::{Theme, template_path};
use std::collections::{BTreeMap, BTreeSet};

/// Prints the guard at the start of a document's head.
pub const HEAD: &str = "components/stencil-guard/head";
/// Prints the whole document that shoppers get instead of a page.
pub const PAGE: &str = "components/stencil-guard/page";
/// Records what a renamed theme was called; prints nothing.
pub const RENAMED: &str = "components/stencil-guard/renamed";
/// Records what the theme was guarded with; nothing includes it.
pub const RECORD: &str = "components/stencil-guard/record";
/// Prints the store's logo on bare kept pages.
pub const LOGO: &str = "components/stencil-guard/logo";
/// Prints the style element that hides links of the checkout.
pub const HIDE: &str = "components/stencil-guard/hide";
/// Marks a theme whose links were renamed without a guard; prints nothing.
pub const LINKS: &str = "components/stencil-guard/links";
/// Stands in for the moved text of a page that ends with its front matter, without a final newline.
pub const NO_TEXT: &str = "{{! The page ends with its front matter. }}";
/// The folder of the layouts that the guard moved.
pub const LAYOUTS: &str = "layout/stencil-guard/";
/// The folder of the page texts that the guard moved.
pub const PAGES: &str = "components/stencil-guard/pages/";

/// The folder of copies with renamed links, below `layout/` and `components/`.
const KEPT: &str = "stencil-guard-kept/";
/// The folder of copies without the chrome around a page, below `layout/` and `components/`.
const BARE: &str = "stencil-guard-bare/";

/// Reports whether a guard added a template; copies for kept pages do not count.
pub fn is_added(name: &str) -> bool {
    [HEAD, PAGE, RENAMED, RECORD, LOGO, HIDE].contains(&name)
        || name.starts_with(LAYOUTS)
        || name.starts_with(PAGES)
}

/// Reports whether a template is a copy for kept pages.
pub fn is_copy(name: &str) -> bool {
    is_below(name, KEPT) || is_bare(name)
}

/// Reports whether a template is a copy without the chrome around a page.
pub fn is_bare(name: &str) -> bool {
    is_below(name, BARE)
}

fn is_below(name: &str, folder: &str) -> bool {
    let below = ["layout/", "components/"].iter().find_map(|start| name.strip_prefix(start));
    below.is_some_and(|below| below.starts_with(folder))
}

/// Reports whether a template has a name that is reserved for this tool's templates.
pub fn is_reserved(name: &str) -> bool {
    name.starts_with("components/stencil-guard/") || name.starts_with(LAYOUTS) || is_copy(name)
}

/// Returns an error if the theme, which holds no guard, has a template with a reserved name.
pub fn taken(theme: &Theme) -> Option<Finding> {
    let name = theme.template_names().find(|name| is_reserved(name))?;
    let message = "the theme has a template of its own at a path that the guard needs";
    let finding = Finding::new(Code::NameTaken, message).in_file(template_path(name));
    Some(finding.help("rename it, and the includes that name it"))
}

/// Returns an error if an include's name is spelled in a way that could not be restored after replacing it.
pub fn check_restorable_name(template: &str, include: &Include) -> Option<Finding> {
    let message = format!(
        "the guard must include another template here, but `{}` is not written plainly, so `undo` could not restore it",
        include.name
    );
    let finding = Finding::new(Code::AmbiguousHtml, message)
        .at(template_path(template), include.span)
        .help("write the name without white space or brackets inside");
    (!include.is_plain).then_some(finding)
}

/// Returns the name of the copy with renamed links for each of `names`.
pub fn copies<'a>(names: impl Iterator<Item = &'a str>) -> BTreeMap<String, String> {
    copies_below(names, KEPT)
}

/// Returns the folder for a copy of each folder that holds one of `names`. The copied templates keep their
/// own names, because these are found at run time.
pub fn folder_copies<'a>(names: impl Iterator<Item = &'a str>) -> BTreeMap<String, String> {
    let names = names.filter(|name| !is_reserved(name) || is_copy(name));
    let folders: BTreeSet<&str> = names.filter_map(|name| Some(name.rsplit_once('/')?.0)).collect();
    let mut taken = BTreeSet::new();
    let copy = |folder: &str| {
        // No copy lies in another, because the official bundler does not read a folder that holds folders.
        let plain = plain(&folder.replace('/', "-"));
        free(&format!("components/{KEPT}stencil-guard-folders/{plain}"), &mut taken)
    };
    let copies: Vec<String> = folders.iter().copied().map(copy).collect();
    folders.into_iter().map(str::to_owned).zip(copies).collect()
}

/// Returns the name of the copy without chrome for each of `names`.
pub fn bare_copies<'a>(names: impl Iterator<Item = &'a str>) -> BTreeMap<String, String> {
    copies_below(names, BARE)
}

fn copies_below<'a>(
    names: impl Iterator<Item = &'a str>,
    folder: &str,
) -> BTreeMap<String, String> {
    let (layouts, others): (Vec<&str>, Vec<&str>) =
        names.partition(|name| name.starts_with("layout/"));
    let mut copies = moved(layouts.into_iter(), "layout/", &format!("layout/{folder}"));
    let (components, others): (Vec<&str>, Vec<&str>) =
        others.into_iter().partition(|name| name.starts_with("components/"));
    let below = format!("components/{folder}");
    copies.extend(moved(components.into_iter(), "components/", &below));
    // Templates outside the two folders get a folder of their own, so that no two names collide.
    copies.extend(moved(others.into_iter(), "", &format!("{below}stencil-guard-other/")));
    copies
}

/// Returns the name below `folder` for each of `names`, which start with `own`.
pub fn moved<'a>(
    names: impl Iterator<Item = &'a str>,
    own: &str,
    folder: &str,
) -> BTreeMap<String, String> {
    let mut taken = BTreeSet::new();
    names
        .filter(|name| !is_reserved(name) || is_copy(name))
        .filter_map(|name| Some((name, name.strip_prefix(own)?)))
        .map(|(name, below)| {
            let plain = format!("{folder}{}", plain(below));
            (name.to_owned(), free(&plain, &mut taken))
        })
        .collect()
}

/// Returns `plain`, with a number appended if it is already `taken`, and adds the result to `taken`.
fn free(plain: &str, taken: &mut BTreeSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{plain}-{number}"));
    let mut names = std::iter::once(plain.to_owned()).chain(numbered);
    let free = names.find(|name| !taken.contains(name)).unwrap_or_default();
    taken.insert(free.clone());
    free
}

/// Returns the path with every segment reduced to `[a-z][a-z0-9_-]*`.
fn plain(path: &str) -> String {
    let segments = path.split('/').map(|segment| {
        let mut plain = String::new();
        for character in segment.chars() {
            let character = character.to_ascii_lowercase();
            let fits = character.is_ascii_alphanumeric() || character == '_';
            if fits {
                plain.push(character);
            } else if !plain.ends_with('-') {
                plain.push('-');
            }
        }
        if plain.starts_with(|first: char| first.is_ascii_lowercase()) {
            plain
        } else {
            format!("t{plain}")
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moved_names_are_plain_and_unique() {
        let names = [
            "layout/base",
            "layout/Base",
            "layout/a  b",
            "layout/404",
            "layout/x/\u{e9}",
            "layout/stencil-guard/old",
        ];
        let moved = moved(names.into_iter(), "layout/", LAYOUTS);
        let mut values: Vec<&str> = moved.values().map(String::as_str).collect();
        values.sort_unstable();
        let below = ["a-b", "base", "base-2", "t404", "x/t-"];
        assert_eq!(values, below.map(|name| format!("layout/stencil-guard/{name}")));
    }
}
