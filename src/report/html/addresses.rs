//! The addresses where shoppers arrive, under the names that merchants use, and the links that the platform
//! itself makes.

use super::super::overview::{AddressDecision, Arrival, Decisions, PlatformLinkDecision};
use super::super::paths::SiteLead;
use super::super::words::short;
use super::around::sentence;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The names that merchants use for the pages of a theme.
static TITLES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    // A test checks that the file parses; if it did not, pages would have the names of their templates.
    toml::from_str(include_str!("../../../theme-patches/page-titles.toml")).unwrap_or_default()
});

/// The data of the section.
#[derive(Serialize)]
pub(super) struct View {
    storefront: String,
    /// The shoppers whom other storefronts are for, in sentences.
    further: Vec<String>,
    /// Addresses that e-mails or the checkout lead to.
    linked: Vec<Row>,
    /// All other addresses.
    others: Vec<Row>,
    platform: Vec<PlatformRow>,
}

/// One address, or several pages with the same text.
#[derive(Serialize)]
struct Row {
    key: &'static str,
    label: &'static str,
    titles: String,
    address: Option<String>,
    target: String,
    links: String,
    loses: Option<&'static str>,
}

/// One link that the platform itself makes.
#[derive(Serialize)]
struct PlatformRow {
    what: String,
    decided: String,
    target: Option<String>,
}

pub(super) fn view(decisions: &Decisions) -> View {
    let (linked, others): (Vec<_>, Vec<_>) =
        decisions.addresses.iter().partition(|address| !address.links.is_empty());
    View {
        storefront: decisions.storefront.clone(),
        further: decisions.storefronts.iter().map(SiteLead::sentence).collect(),
        linked: linked.into_iter().map(|address| row(address, decisions)).collect(),
        others: grouped(others.into_iter().map(|address| row(address, decisions)).collect()),
        platform: decisions.platform_links.iter().map(platform_row).collect(),
    }
}

fn row(address: &AddressDecision, decisions: &Decisions) -> Row {
    let (key, label) = look(address.arrival);
    Row {
        key,
        label,
        titles: title(&address.page).to_owned(),
        address: address.address.clone(),
        target: target(address, &decisions.storefront),
        links: address.links.iter().map(|link| sentence(link)).collect::<Vec<_>>().join(" "),
        loses: address.loses.filter(|_| address.arrival != Arrival::Stays),
    }
}

/// Merges pages that have no address of their own and lead to the same place into one row.
fn grouped(rows: Vec<Row>) -> Vec<Row> {
    let mut told: Vec<Row> = Vec::new();
    for row in rows {
        let is_same = |other: &&mut Row| {
            let (one, other) = (&row, &**other);
            one.address.is_none()
                && other.address.is_none()
                && (one.key, &one.target) == (other.key, &other.target)
        };
        match told.iter_mut().find(is_same) {
            Some(other) => other.titles = format!("{}; {}", other.titles, row.titles),
            None => told.push(row),
        }
    }
    told
}

fn look(arrival: Arrival) -> (&'static str, &'static str) {
    match arrival {
        Arrival::Stays => ("kept", "stays here"),
        Arrival::Known => ("guarded", "OK"),
        Arrival::Home => ("shown", "goes to the home page"),
        Arrival::Unknown => ("unclear", "unknown"),
    }
}

fn target(address: &AddressDecision, storefront: &str) -> String {
    match (&address.leads_to, &address.address) {
        _ if address.arrival == Arrival::Stays => "the page of this shop".to_owned(),
        // How a value is checked matters only to those who write rules.
        (Some(target), _) => target.replace(":int}", "}").replace(":ids}", "}"),
        (None, Some(own)) => format!("{storefront}{own}"),
        (None, None) => format!("the same path on {storefront}"),
    }
}

fn platform_row(decision: &PlatformLinkDecision) -> PlatformRow {
    PlatformRow {
        what: sentence(&decision.link.what),
        decided: sentence(&decision.link.decided.phrase()),
        target: decision.target.clone(),
    }
}

fn title(page: &str) -> &str {
    let page = short(page);
    TITLES.get(page).map_or(page, String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::paths::hosted_pages;

    #[test]
    fn every_hosted_page_has_a_title() {
        for hosted in hosted_pages() {
            assert!(TITLES.contains_key(short(hosted.page)), "{}", hosted.page);
        }
    }
}
