//! Resolves the pages that the user names: by name, by pattern, or by the name of a group.
//!
//! The groups are data: `theme-patches/groups.toml`.

use super::{BuildError, KEPT_BY_DEFAULT};
use crate::guard::paths::is_meant;
use crate::text::nearest;
use crate::theme::pages::Templates;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

static GROUPS: LazyLock<BTreeMap<String, Vec<String>>> = LazyLock::new(|| {
    // A test checks that the file parses; if it did not, there would be no groups.
    toml::from_str(include_str!("../../theme-patches/groups.toml")).unwrap_or_default()
});

/// Returns the names of the groups.
pub fn groups() -> impl Iterator<Item = &'static str> {
    GROUPS.keys().map(String::as_str)
}

/// Returns the pages of a theme that belong to a group.
pub fn in_group(group: &str, templates: &Templates) -> BTreeSet<String> {
    let names = GROUPS.get(group).into_iter().flatten();
    names.flat_map(|name| fitting(name, templates)).collect()
}

/// Returns the pages that `names` stand for.
///
/// # Errors
/// When the theme has no such page.
pub fn known_pages(
    templates: &Templates,
    names: &[String],
) -> Result<BTreeSet<String>, BuildError> {
    let mut pages = BTreeSet::new();
    for name in names {
        pages.append(&mut meant(templates, name)?);
    }
    Ok(pages)
}

/// Whether a name, a pattern or a group stands for `page`, in any theme.
pub fn stands_for(name: &str, page: &str) -> bool {
    let page = short(page);
    let named = short(name);
    let named = named.strip_suffix(".html").unwrap_or(named);
    let of_group = GROUPS.get(name).into_iter().flatten();
    is_meant(named, page) || of_group.into_iter().any(|name| is_meant(name, page))
}

/// Whether `page` is among the pages that `names` stand for.
pub fn is_named(templates: &Templates, names: &[String], page: &str) -> bool {
    known_pages(templates, names).is_ok_and(|pages| pages.contains(page))
}

/// Returns the pages that one name, pattern or group stands for.
fn meant(templates: &Templates, name: &str) -> Result<BTreeSet<String>, BuildError> {
    let page = known_page(templates, name);
    if page.is_err() && GROUPS.contains_key(name) {
        return Ok(in_group(name, templates));
    }
    if !name.contains('*') {
        return page.map(|page| BTreeSet::from([page]));
    }
    let pages: BTreeSet<String> = fitting(short(name), templates).collect();
    match pages.is_empty() {
        true => Err(BuildError::UnknownPage { name: name.to_owned(), closest: None }),
        false => Ok(pages),
    }
}

/// Returns the pages of the theme that match a pattern without `pages/`.
fn fitting<'t>(pattern: &'t str, templates: &'t Templates) -> impl Iterator<Item = String> + 't {
    let is_it = move |page: &&str| {
        page.strip_prefix("pages/").is_some_and(|short| is_meant(pattern, short))
    };
    templates.pages().filter(is_it).map(str::to_owned)
}

/// Returns the page that `name` stands for.
pub(super) fn known_page(templates: &Templates, name: &str) -> Result<String, BuildError> {
    let named = short(name);
    let is_page = |name: &str| templates.get(&format!("pages/{name}")).is_some();
    let named = named.strip_suffix(".html").filter(|_| !is_page(named)).unwrap_or(named);
    let full = format!("pages/{named}");
    if templates.get(&full).is_some() || KEPT_BY_DEFAULT.contains(&full.as_str()) {
        return Ok(full);
    }
    let closest = closest(templates, named).map(str::to_owned);
    Err(BuildError::UnknownPage { name: name.to_owned(), closest })
}

/// Returns a name without the folders that all pages are in.
fn short(name: &str) -> &str {
    let folders = ["templates/", "pages/"];
    folders.iter().fold(name, |name, folder| name.strip_prefix(folder).unwrap_or(name))
}

/// Returns the page or group that a misspelt name, or the last part of a name, probably stands for.
fn closest<'t>(templates: &'t Templates, name: &str) -> Option<&'t str> {
    let pages = || templates.pages().filter_map(|page| page.strip_prefix("pages/"));
    let mut same = pages().filter(|page| last_part(page) == name);
    same.next()
        .or_else(|| nearest(name, pages().chain(groups().map(|group| -> &'t str { group }))))
        .or_else(|| {
            let near = nearest(name, pages().map(last_part))?;
            pages().find(|page| last_part(page) == near)
        })
}

/// Returns a page's name without its folders.
fn last_part(page: &str) -> &str {
    page.rsplit('/').next().unwrap_or(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_groups_parse() {
        let names: Vec<&str> = groups().collect();
        let expected =
            ["account", "essentials", "gift-certificates", "legal", "returns", "sign-in"];
        assert_eq!(names, expected);
        assert_eq!(GROUPS["essentials"].len(), 6);
    }
}
