//! Links that the platform itself makes, in the hosted checkout and in e-mails, and what decides where each
//! of them leads.
//!
//! They are data: `theme-patches/platform-links.toml`. No template contains them, so the guard cannot change
//! them.

use super::PageOutcome;
use crate::text::{Code, Finding};
use crate::theme::template_path;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

#[derive(Default, Deserialize)]
struct Table {
    link: Vec<PlatformLink>,
}

/// A link that the platform itself makes.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct PlatformLink {
    /// The link, as a shopper would name it.
    pub what: String,
    /// What decides where the link leads.
    #[serde(flatten)]
    pub decided: DecidedBy,
    /// Whether the link leads to the address of the channel's site.
    #[serde(default)]
    pub leads_to_site: bool,
}

/// What decides where a link of the platform leads.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DecidedBy {
    /// The channel's route of this type (Sites & Routes).
    Route(String),
    /// Anything else, in words.
    By(String),
}

impl DecidedBy {
    /// Returns what decides, in words.
    pub fn phrase(&self) -> String {
        match self {
            Self::Route(kind) => format!("route {kind}"),
            Self::By(words) => words.clone(),
        }
    }
}

static LINKS: LazyLock<Table> = LazyLock::new(|| {
    // A test checks that the file parses; if it did not, there would be no links.
    toml::from_str(include_str!("../../theme-patches/platform-links.toml")).unwrap_or_default()
});

/// Returns all known links.
pub fn platform_links() -> &'static [PlatformLink] {
    &LINKS.link
}

/// Returns the links that follow the routes of one type.
pub fn links_of_route(kind: &str) -> Vec<&'static str> {
    let follows =
        |link: &&PlatformLink| matches!(&link.decided, DecidedBy::Route(route) if route == kind);
    platform_links().iter().filter(follows).map(|link| link.what.as_str()).collect()
}

/// Returns the links that follow the address of the channel's site.
pub fn links_to_site() -> Vec<&'static str> {
    let links = platform_links().iter().filter(|link| link.leads_to_site);
    links.map(|link| link.what.as_str()).collect()
}

/// The pages that show the hosted checkout.
const HOSTED: &[&str] = &["pages/checkout", "pages/order-confirmation"];

/// Notes each route or setting that decides where the platform's links lead, if shoppers see the hosted
/// checkout.
pub(super) fn findings(pages: &BTreeMap<String, PageOutcome>) -> Vec<Finding> {
    let is_seen =
        |page: &&&str| matches!(pages.get(**page), Some(PageOutcome::Kept | PageOutcome::Shown));
    let Some(page) = HOSTED.iter().find(is_seen) else { return Vec::new() };
    let links = platform_links();
    let is_first = |at: usize| links.iter().take(at).all(|link| link.decided != links[at].decided);
    let firsts = links.iter().enumerate().filter(|(at, _)| is_first(*at));
    firsts.map(|(_, link)| finding(link).in_file(template_path(page))).collect()
}

fn finding(first: &PlatformLink) -> Finding {
    let links = platform_links().iter().filter(|link| link.decided == first.decided);
    let links: Vec<&str> = links.map(|link| link.what.as_str()).collect();
    let help = match &first.decided {
        DecidedBy::By(_) if !first.leads_to_site => {
            "see that it leads to a place that shoppers may go to"
        }
        _ => "set it to your storefront; `stencil-guard routes plan` shows what it is",
    };
    let message = format!("{}: {}", first.decided.phrase(), links.join("; "));
    Finding::new(Code::PlatformLink, message).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platform_links_parse() {
        assert_eq!(platform_links().len(), 15);
        assert_eq!(links_of_route("cart").len(), 2);
        assert_eq!(links_to_site().len(), 1);
    }

    #[cfg(feature = "store")]
    #[test]
    fn routes_in_platform_links_are_known() {
        for link in platform_links() {
            let DecidedBy::Route(route) = &link.decided else { continue };
            assert!(crate::store::routes::is_known(route), "{route}");
        }
    }
}
