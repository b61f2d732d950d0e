//! What links are judged by, besides where they stand.

use crate::guard::link_rules::Rules;
use crate::guard::link_settings::BackLinks;
use crate::guard::paths::{Address, PathTable, hosted_address};
use crate::guard::storefront::Storefront;
use crate::theme::destinations::{Destination, Target};
use std::collections::BTreeSet;

/// What is known of the store and its pages.
pub struct Situation<'a> {
    /// The rules.
    pub rules: &'a Rules,
    /// Kept pages, such as `pages/checkout`.
    pub kept: &'a BTreeSet<String>,
    /// Where shoppers belong, if that is known.
    pub storefront: Option<&'a Storefront>,
    /// Which path leads where there.
    pub paths: &'a PathTable,
    /// What becomes of links into guarded pages.
    pub back_links: BackLinks,
    /// Hosts that belong to the store.
    pub own_hosts: &'a [String],
}

impl Situation<'_> {
    /// Where a path of the hosted shop leads on the storefront.
    pub(super) fn lead(&self, path: &str) -> Option<String> {
        Some(self.paths.lead(&Address::parse(path), self.storefront?).address)
    }

    /// Where a link into a guarded page leads on the storefront, if the template says enough to know.
    pub(super) fn lead_back(&self, target: &Target) -> Option<String> {
        let (Some(storefront), BackLinks::Storefront) = (self.storefront, self.back_links) else {
            return None;
        };
        let page = match target.destination {
            Destination::Page(page) => page,
            _ => "",
        };
        let path = target.path.clone().or_else(|| hosted_address(page))?;
        let address = Address { page: page.to_owned(), ..Address::parse(&path) };
        Some(self.paths.lead(&address, storefront).address)
    }
}
