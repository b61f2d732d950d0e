//! Links of kept pages that lead into the shop, in a theme as it stands.
//!
//! It judges by where links lead and by our own rules; how the theme came to be as it is, it does not know.

use crate::guard::links::decide::{self, Outcome, Situation};
use crate::guard::links::rules::Rules;
use crate::guard::storefront::Storefront;
use crate::text::{Code, Finding};
use crate::theme::Theme;
use crate::theme::pages::Templates;
use std::collections::{BTreeMap, BTreeSet};

/// One warning for each such link.
pub(super) fn findings(
    theme: &Theme,
    templates: &Templates,
    kept: &BTreeSet<String>,
    storefront: Option<&Storefront>,
) -> Vec<Finding> {
    // Our own rules are read in a test, too.
    let Ok(rules) = Rules::new(&[]) else { return Vec::new() };
    let storefront = storefront.map_or("", Storefront::base);
    let situation = Situation { rules: &rules, kept, storefront, own_hosts: &[] };
    let mut printed: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for page in templates.pages().filter(|page| kept.contains(*page)) {
        for name in templates.closure(page) {
            printed.entry(name).or_default().push(page);
        }
    }
    let of_template = |(name, pages): (&str, Vec<&str>)| {
        let source = theme.template(name).unwrap_or_default();
        let markup = templates.markup(theme, name);
        let links = decide::links(&situation, name, source, &markup, &pages, &BTreeSet::new());
        let ways_out = links.into_iter().filter(|link| link.outcome != Outcome::Keep);
        let findings = ways_out.map(|link| {
            let places: Vec<&str> = link.leads_to.iter().map(|kind| kind.phrase()).collect();
            let message =
                format!("a link on {} leads to {}", pages.join(", "), places.join(" or "));
            Finding::new(Code::BackLink, message).at(format!("templates/{name}.html"), link.span())
        });
        findings.collect::<Vec<_>>()
    };
    printed.into_iter().flat_map(of_template).collect()
}
