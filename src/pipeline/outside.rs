//! Links from outside the theme that end on guarded pages: where they lead now, and which flag keeps the page.
//!
//! The links are data: `theme-patches/outside.toml`. No template holds them, so that nothing can be renamed.

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

/// One link that comes from outside the theme.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutsideLink {
    /// The page that it leads to, without `pages/`.
    pub page: String,
    /// What it is, as the beginning of a sentence.
    pub what: String,
    /// Its path in the store, if it is the same for everybody.
    pub path: Option<String>,
    /// What the guard does not carry over.
    pub loses: Option<String>,
}

impl OutsideLink {
    /// What the guard does not carry over to `target`; nothing if that takes values from the address.
    pub fn loses(&self, target: Option<&str>) -> Option<&str> {
        let carries = target.is_some_and(|target| target.contains('{'));
        self.loses.as_deref().filter(|_| !carries)
    }
}

/// All links that are known to come from outside a theme.
pub fn outside_links() -> &'static [OutsideLink] {
    &LINKS.link
}

static LINKS: LazyLock<Table> = LazyLock::new(|| {
    // A test reads the file; without it there would be no links.
    toml::from_str(include_str!("../../theme-patches/outside.toml")).unwrap_or_default()
});

/// A note for each link that ends on a guarded page, and one about what nobody can see in a theme.
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
    fn the_links_are_read() {
        assert_eq!(LINKS.link.len(), 16);
        for link in &LINKS.link {
            let Some(path) = &link.path else { continue };
            let script = path.split('?').next().unwrap_or_default();
            assert!(ENDPOINTS.iter().any(|endpoint| endpoint.path == script), "{path}");
        }
    }
}
