//! The addresses that shoppers are sent to, and whether they are the storefront's.

use super::checked_page::CheckedPage;
use crate::guard::storefront::Storefront;
use crate::text::{Code, Finding, Span};
use crate::theme::{Theme, template_path};
use crate::verify::{Doubt, Outcome, Verdict};
use memchr::memmem;
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

/// Returns the findings about addresses that are not the storefront's.
pub(super) fn findings(
    theme: &Theme,
    storefront: Option<&Storefront>,
    destinations: &BTreeMap<String, usize>,
) -> Vec<Finding> {
    let Some(storefront) = storefront else {
        return several_hosts(destinations).into_iter().collect();
    };
    let base = storefront.base();
    let foreign = destinations.iter().filter(|(address, _)| !storefront.holds(address));
    let finding = |(address, count): (&String, &usize)| {
        let verb = if *count == 1 { "page leads" } else { "pages lead" };
        let message = format!("{count} {verb} to {address}, which is not the storefront");
        let finding = Finding::new(Code::OtherHost, message)
            .help(format!("the storefront is {base}; guard the theme again for it"));
        match place(theme, address) {
            Some((path, span)) => finding.at(path, span),
            None => finding,
        }
    };
    foreign.map(finding).collect()
}

/// Returns an address without a final slash.
pub(super) fn bare(address: &str) -> String {
    address.trim_end_matches('/').to_owned()
}

fn host(address: &str) -> Option<String> {
    Url::parse(address).ok().and_then(|url| url.host_str().map(str::to_owned))
}

pub(super) fn origin(address: &str) -> String {
    Url::parse(address).map(|url| url.origin().ascii_serialization()).unwrap_or_default()
}

/// Whether a verdict leads to the storefront. Kept pages may send browsers without scripts anywhere else, as
/// themes that need scripts do.
pub(super) fn leads_to(verdict: &Verdict, storefront: &Storefront) -> bool {
    verdict.leads_to.iter().any(|address| storefront.is_at(&origin(address)))
}

/// Whether all doubts about a page are about its own scripts, refreshes and base elements, and these lead
/// elsewhere than to the storefront. That is the shop's own business; a script that leads to the storefront
/// is a guard that the tool cannot judge.
pub(super) fn is_own_script(verdict: &Verdict, storefront: Option<&Storefront>) -> bool {
    let is_foreign = |address: &str| {
        storefront.is_some_and(|storefront| !hosts_of(storefront).any(|own| host(address) == own))
    };
    let is_own = |doubt: &Doubt| match doubt {
        Doubt::UnknownScript(address) => address.as_deref().is_none_or(is_foreign),
        Doubt::Refresh(address) | Doubt::Base(address) => {
            address.as_deref().is_some_and(is_foreign)
        }
        _ => false,
    };
    verdict.outcome == Outcome::Uncertain
        && verdict.doubts.iter().all(is_own)
        && !names_storefront(verdict, storefront)
}

/// Does the same as [`is_own_script`] for a page that members of an allowed group see unguarded: for them,
/// odd markup is the shop's own business, too. For shoppers it is not.
pub(super) fn is_own_page(verdict: &Verdict, storefront: Option<&Storefront>) -> bool {
    let mut verdict = verdict.clone();
    verdict.doubts.remove(&Doubt::Markup);
    is_own_script(&verdict, storefront)
}

/// Whether a script of a page names the storefront and navigates, perhaps to it; the tool cannot tell when.
pub(super) fn names_storefront(verdict: &Verdict, storefront: Option<&Storefront>) -> bool {
    let mut hosts = storefront.into_iter().flat_map(hosts_of).flatten();
    hosts.any(|host| verdict.reach.reaches(&host))
}

/// Returns the host of each storefront.
fn hosts_of(storefront: &Storefront) -> impl Iterator<Item = Option<String>> {
    storefront.all().map(|storefront| host(storefront.origin()))
}

/// Returns the addresses that shoppers are sent to, with the number of pages that lead there.
pub(super) fn destinations(pages: &BTreeMap<String, CheckedPage>) -> BTreeMap<String, usize> {
    let mut destinations = BTreeMap::new();
    for address in pages.values().flat_map(|page| &page.leads_to) {
        *destinations.entry(address.clone()).or_default() += 1;
    }
    destinations
}

fn several_hosts(destinations: &BTreeMap<String, usize>) -> Option<Finding> {
    let origins: BTreeSet<String> = destinations.keys().map(|address| origin(address)).collect();
    let list = Vec::from_iter(origins.iter().map(String::as_str)).join(", ");
    (origins.len() > 1).then(|| {
        Finding::new(Code::SeveralHosts, format!("shoppers are sent to several hosts: {list}"))
            .help("say which is right with --storefront")
    })
}

/// Returns where the templates name the host of an address.
fn place(theme: &Theme, address: &str) -> Option<(String, Span)> {
    let url = Url::parse(address).ok()?;
    let host = url.host_str()?.as_bytes();
    theme.template_names().find_map(|name| {
        let at = memmem::find(theme.template(name)?, host)?;
        Some((template_path(name), Span::new(at, at + host.len())))
    })
}
