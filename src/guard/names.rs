//! Names of the templates that the guard adds.
//!
//! All are of `[a-z][a-z0-9_-]*` segments, so that they can be included without quotes and the
//! official bundler sees them.

use std::collections::{BTreeMap, BTreeSet};

/// Prints the guard first in a document's head.
pub const HEAD: &str = "components/stencil-guard/head";
/// Prints the whole document that shoppers get instead of a page.
pub const PAGE: &str = "components/stencil-guard/page";
/// Says what a renamed theme was called; prints nothing.
pub const RENAMED: &str = "components/stencil-guard/renamed";
/// Where the layouts are that the guard moved or copied.
pub const LAYOUTS: &str = "layout/stencil-guard/";
/// Where the texts of pages are that the guard moved.
pub const PAGES: &str = "components/stencil-guard/pages/";

/// Whether a template was added by a guard.
pub fn is_added(name: &str) -> bool {
    [HEAD, PAGE, RENAMED].contains(&name) || name.starts_with(LAYOUTS) || name.starts_with(PAGES)
}

/// Whether a template stands where only a guard's templates may.
pub fn is_reserved(name: &str) -> bool {
    name.starts_with("components/stencil-guard/") || name.starts_with(LAYOUTS)
}

/// The name below `folder` for each of `names`, which start with `own`.
pub fn moved<'a>(
    names: impl Iterator<Item = &'a str>,
    own: &str,
    folder: &str,
) -> BTreeMap<String, String> {
    let mut taken = BTreeSet::new();
    names
        .filter(|name| !is_reserved(name))
        .filter_map(|name| Some((name, name.strip_prefix(own)?)))
        .map(|(name, below)| {
            let plain = format!("{folder}{}", plain(below));
            let numbered = (2..).map(|number| format!("{plain}-{number}"));
            let free =
                std::iter::once(plain.clone()).chain(numbered).find(|name| !taken.contains(name));
            let free = free.unwrap_or(plain);
            taken.insert(free.clone());
            (name.to_owned(), free)
        })
        .collect()
}

/// The path with every segment in plain letters.
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
    fn moved_names_are_plain_and_differ() {
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
