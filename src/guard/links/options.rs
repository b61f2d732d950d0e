//! What decisions about links depend on, besides the place of the link.

use super::arrival::Arrival;
use crate::guard::link_rules::Rules;
use crate::guard::link_settings::BackLinks;
use crate::guard::paths::{Address, PathTable, hosted_address};
use crate::guard::storefront::Storefront;
use crate::theme::destinations::{Destination, Target};
use std::collections::BTreeSet;

/// What is known about the store and its pages.
pub struct LinkOptions<'a> {
    /// The rules.
    pub rules: &'a Rules,
    /// Kept pages, such as `pages/checkout`.
    pub kept: &'a BTreeSet<String>,
    /// The storefront, if it is known.
    pub storefront: Option<&'a Storefront>,
    /// The path rules.
    pub paths: &'a PathTable,
    /// What happens to links into guarded pages.
    pub back_links: BackLinks,
    /// Hosts that belong to the store.
    pub own_hosts: &'a [String],
}

impl LinkOptions<'_> {
    /// Returns the address of a path on the storefront itself.
    pub(super) fn at(&self, path: &str) -> Option<Arrival> {
        Some(Arrival::on(self.storefront?, |storefront| format!("{}{path}", storefront.base())))
    }

    /// Returns where a path of the hosted shop leads on the storefront.
    pub(super) fn lead(&self, path: &str) -> Option<Arrival> {
        Some(self.arrival(self.storefront?, &Address::parse(path)))
    }

    fn arrival(&self, storefront: &Storefront, address: &Address) -> Arrival {
        Arrival::on(storefront, |storefront| self.paths.lead(address, storefront).address)
    }

    /// Returns where a link into a guarded page leads on the storefront, if the user wants that and the
    /// template says enough.
    pub(super) fn lead_back(&self, target: &Target) -> Option<Arrival> {
        let (Some(storefront), BackLinks::Storefront) = (self.storefront, self.back_links) else {
            return None;
        };
        let page = match target.destination {
            Destination::Page(page) => page,
            _ => "",
        };
        let path = target.path.clone().or_else(|| hosted_address(page))?;
        let address = Address { page: page.to_owned(), ..Address::parse(&path) };
        Some(self.arrival(storefront, &address))
    }
}
