//! Portals that a theme loads and that the guard cuts off, because they run inside the shop's own pages.
//!
//! The list of portals is data: `theme-patches/portals.toml`.

use crate::text::{Code, Finding, Span};
use crate::theme::pages::Templates;
use crate::theme::{Theme, template_path};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::LazyLock;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    portal: Vec<Portal>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Portal {
    what: String,
    marks: Vec<String>,
    page: String,
    keep: String,
}

static PORTALS: LazyLock<Table> = LazyLock::new(|| {
    // A test checks that the file parses; if it did not, there would be no portals.
    toml::from_str(include_str!("../../theme-patches/portals.toml")).unwrap_or_default()
});

/// Warns about each portal that guarded pages load, unless the page on which it opens is kept.
pub(super) fn findings(
    theme: &Theme,
    templates: &Templates,
    guarded: &BTreeSet<&str>,
) -> Vec<Finding> {
    let portals = PORTALS.portal.iter();
    portals.filter_map(|portal| finding(portal, theme, templates, guarded)).collect()
}

fn finding(
    portal: &Portal,
    theme: &Theme,
    templates: &Templates,
    guarded: &BTreeSet<&str>,
) -> Option<Finding> {
    let opens_on = format!("pages/{}", portal.page);
    if templates.get(&opens_on).is_some() && !guarded.contains(opens_on.as_str()) {
        return None;
    }
    let place = |name: &str| {
        let text = theme.template(name)?;
        let found = portal.marks.iter().filter_map(|mark| {
            let at = memchr::memmem::find(text, mark.as_bytes())?;
            Some(Span::new(at, at + mark.len()))
        });
        found.min_by_key(|span| span.start)
    };
    let (name, span) = theme.template_names().find_map(|name| Some((name, place(name)?)))?;
    let loads = |page: &&&str| templates.closure(page).contains(name);
    let count = guarded.iter().filter(loads).count();
    let pages = match count {
        0 => return None,
        1 => "a guarded page leaves".to_owned(),
        count => format!("{count} guarded pages leave"),
    };
    let message = format!("the theme loads {} here, and {pages} before it runs", portal.what);
    let help =
        format!("keep the pages on which it runs ({}), or run it on the storefront", portal.keep);
    let path = template_path(name);
    Some(Finding::new(Code::PortalCutOff, message).at(path, span).help(help))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn portal_is_reported_while_its_page_is_guarded() {
        assert_eq!(PORTALS.portal.len(), 1);
        let texts = [
            ("layout/base", "<script src=\"https://cdn.bundleb2b.net/b2b/x.js\"></script>"),
            ("layout/plain", ""),
            ("pages/home", "{{> layout/base}}"),
            ("pages/cart", "{{> layout/base}}"),
            ("pages/account/orders/all", "{{> layout/base}}"),
            ("pages/checkout", "{{> layout/plain}}"),
        ];
        let files = texts.map(|(name, text)| (template_path(name), Some(text.into())));
        let theme = Theme::default().with(files);
        let templates = Templates::new(&theme);
        let found = |pages: &[&str]| findings(&theme, &templates, &pages.iter().copied().collect());
        let all = found(&["pages/home", "pages/cart", "pages/account/orders/all"]);
        let [finding] = all.as_slice() else { panic!("{all:?}") };
        assert_eq!(
            finding.message,
            "the theme loads the buyer portal of B2B Edition here, and 3 guarded pages leave before it runs"
        );
        assert_eq!(finding.primary.as_ref().unwrap().path, "templates/layout/base.html");
        assert!(found(&["pages/home", "pages/cart"]).is_empty());
        assert!(found(&[]).is_empty());
        let without = theme.with([("templates/layout/base.html".to_owned(), Some(Vec::new()))]);
        let guarded = BTreeSet::from(["pages/account/orders/all"]);
        assert!(findings(&without, &Templates::new(&without), &guarded).is_empty());
    }
}
