//! Checks what the storefront does with shoppers who are sent there: whether the pages exist and do not send
//! them back, and whether its sign-in and sign-out pages redirect only to the storefront itself.

use super::visit::{Visits, path};
use crate::guard::paths::{Address, PathTable};
use crate::guard::storefront::Storefront;
use crate::pipeline::live::LiveOutcome;
use crate::report::store::{LivePage, LiveStorefront};
use crate::store::guest::{FetchError, Guest};
use std::collections::BTreeSet;
use url::Url;

const MAX_REDIRECTS: usize = 5;
/// A host that cannot exist.
const ELSEWHERE: &str = "stencil-guard-open-redirect.invalid";
/// The sign-in and sign-out pages that the checkout sends shoppers to, with `redirectTo` in the query.
const SIGNING: &[&str] = &["/login", "/logout"];

/// Where a chain of redirects through the storefront ends.
enum End {
    There,
    Missing,
    LeadsBack,
    Elsewhere,
    Unknown(String),
}

/// Checks the addresses of the storefront that shoppers are sent to; `None` if there are none.
pub(super) fn look(
    guest: &Guest<'_>,
    visits: &Visits<'_>,
    pages: &[LivePage],
    (storefront, paths): (&Storefront, &PathTable),
) -> Option<LiveStorefront> {
    let names: Vec<&str> = pages.iter().filter_map(|page| page.page.as_deref()).collect();
    let names: Vec<&str> = names.iter().map(|page| page.trim_start_matches("pages/")).collect();
    let paths = paths.for_pages(&names);
    let targets: BTreeSet<Url> = pages
        .iter()
        .filter(|page| page.outcome == LiveOutcome::Guarded)
        .flat_map(|page| {
            let target = |to: &String| target(to, page, (storefront, &paths));
            page.leads_to.iter().filter_map(target).collect::<Vec<_>>()
        })
        .collect();
    let mut found =
        LiveStorefront { address: storefront.base().to_owned(), ..LiveStorefront::default() };
    if targets.is_empty() {
        return None;
    }
    (guest.environment().tell)(&format!("looking at {}", storefront.base()));
    for target in &targets {
        let short = path(target);
        match walk(guest, visits, target) {
            End::There | End::Elsewhere => found.there.push(short),
            End::Missing => found.missing.push(short),
            End::LeadsBack => found.leads_back.push(short),
            End::Unknown(reason) => {
                found.unknown = Some(reason);
                return Some(found);
            }
        }
    }
    for page in SIGNING {
        sign(guest, visits, page, storefront, &mut found);
    }
    Some(found)
}

/// Returns the address that a page sends shoppers to. If that is the storefront's own address, the guard's
/// script follows the path rules from the page.
fn target(
    leads_to: &str,
    page: &LivePage,
    (storefront, paths): (&Storefront, &PathTable),
) -> Option<Url> {
    let is_carried = leads_to.trim_end_matches('/') == storefront.base();
    let name =
        page.page.as_ref().map(|page| format!("pages/{}", page.trim_start_matches("pages/")));
    let address = Address { page: name.unwrap_or_default(), ..Address::parse(&page.path) };
    let lead = paths.lead(&address, storefront).address;
    Url::parse(if is_carried { &lead } else { leads_to }).ok()
}

/// Checks whether a sign-in or sign-out page exists, and whether it redirects to any site that its query
/// names.
fn sign(
    guest: &Guest<'_>,
    visits: &Visits<'_>,
    page: &str,
    storefront: &Storefront,
    found: &mut LiveStorefront,
) {
    let address =
        |to: &str| Url::parse(&format!("{}{page}?redirectTo={to}", storefront.base())).ok();
    let Some(usual) = address("/") else { return };
    if matches!(walk(guest, visits, &usual), End::Missing) {
        found.without_sign_in.push(page.to_owned());
        return;
    }
    for to in [format!("//{ELSEWHERE}/"), format!("https://{ELSEWHERE}/")] {
        let end = address(&to).map(|address| walk(guest, visits, &address));
        if matches!(end, Some(End::Elsewhere)) && !found.open_redirects.contains(&page.to_owned()) {
            found.open_redirects.push(page.to_owned());
        }
    }
}

/// Follows the storefront's redirects from an address.
fn walk(guest: &Guest<'_>, visits: &Visits<'_>, from: &Url) -> End {
    let mut at = from.clone();
    for _ in 0..=MAX_REDIRECTS {
        let page = match guest.get(&at) {
            Ok(page) => page,
            Err(FetchError::NoHost) => return End::Unknown("there is no such host".to_owned()),
            Err(FetchError::Closed) => {
                return End::Unknown("it refuses further requests for now".to_owned());
            }
            Err(FetchError::NotSecure(reason) | FetchError::Failed(reason)) => {
                return End::Unknown(reason);
            }
        };
        let next = page.header("location").filter(|_| (300..400).contains(&page.status));
        match (page.status, next.map(|next| at.join(next))) {
            (_, Some(Ok(next))) if visits.is_own(&next) => return End::LeadsBack,
            (_, Some(Ok(next))) if next.host_str() == Some(ELSEWHERE) => return End::Elsewhere,
            (_, Some(Ok(next))) => at = next,
            (404 | 410, _) => return End::Missing,
            (403 | 429 | 500.., _) => {
                return End::Unknown(format!("{at} answers with status {}", page.status));
            }
            _ => return End::There,
        }
    }
    End::Unknown(format!("{from} redirects again and again"))
}
