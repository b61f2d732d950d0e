//! Links from outside the theme to guarded pages: where they lead now, and which flag keeps the page.
//!
//! The links are data: `theme-patches/outside.toml`. No template contains them, so the guard cannot change
//! them.

use super::{PageOutcome, leads};
use crate::guard::paths::PathTable;
use crate::text::{Code, Finding};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    link: Vec<OutsideLink>,
}

/// A link that comes from outside the theme.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutsideLink {
    /// The page that the link leads to, without `pages/`.
    pub page: String,
    /// What the link is, as the beginning of a sentence.
    pub what: String,
    /// The link's path in the store, if it is the same for everybody.
    pub path: Option<String>,
    /// What the redirect does not pass on.
    pub loses: Option<String>,
}

impl OutsideLink {
    /// Returns what the redirect to `target` does not pass on; `None` if the target takes values from the
    /// address.
    pub fn loses(&self, target: Option<&str>) -> Option<&str> {
        let carries = target.is_some_and(|target| target.contains('{'));
        self.loses.as_deref().filter(|_| !carries)
    }
}

/// Returns all known links from outside a theme.
pub fn outside_links() -> &'static [OutsideLink] {
    &LINKS.link
}

static LINKS: LazyLock<Table> = LazyLock::new(|| {
    // A test checks that the file parses; if it did not, there would be no links.
    toml::from_str(include_str!("../../theme-patches/outside.toml")).unwrap_or_default()
});

/// Notes each link that ends on a guarded page, and the places outside the theme that the tool cannot see.
pub(super) fn findings(pages: &BTreeMap<String, PageOutcome>, paths: &PathTable) -> Vec<Finding> {
    let is_guarded = |link: &&OutsideLink| {
        pages.get(&format!("pages/{}", link.page)) == Some(&PageOutcome::Guarded)
    };
    let links = LINKS.link.iter().filter(is_guarded);
    links.map(|link| finding(link, paths)).chain([unseen()]).collect()
}

fn finding(link: &OutsideLink, paths: &PathTable) -> Finding {
    let OutsideLink { page, what, path, .. } = link;
    let led = leads::place(&format!("pages/{page}"), path.as_deref(), paths);
    let loses = link.loses(led.as_ref().map(|led| led.target.as_str()));
    let led = led.as_ref().map(|led| led.address.as_str());
    let path = led.or(path.as_deref()).unwrap_or("the same path");
    let without = loses.map(|loses| format!(", without {loses}")).unwrap_or_default();
    let message = format!("{what} now leads to {path} on the storefront{without}");
    Finding::new(Code::LinkFromOutside, message)
        .in_file(format!("templates/pages/{page}.html"))
        .help(format!("keep the page (--keep {page}), or see that your storefront answers there"))
}

fn unseen() -> Finding {
    let message = "the store's scripts (Script Manager), mail templates and Page Builder content may hold some";
    let help = "look for links and scripts there that lead to guarded pages";
    Finding::new(Code::NotInTheme, message).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::endpoints::ENDPOINTS;

    #[test]
    fn outside_links_parse_and_name_known_paths() {
        assert_eq!(LINKS.link.len(), 16);
        for link in &LINKS.link {
            let Some(path) = &link.path else { continue };
            let script = path.split('?').next().unwrap_or_default();
            assert!(ENDPOINTS.iter().any(|endpoint| endpoint.path == script), "{path}");
        }
    }
}
