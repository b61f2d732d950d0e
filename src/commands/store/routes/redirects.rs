//! What a list of 301 redirects would be that does in front of the theme what the guard does in it. Nothing is sent:
//! nobody has proved that such a redirect works for a page that exists.

use super::Error;
use crate::commands::{build, path_rules};
use crate::config::Settings;
use crate::guard::paths::{Address, hosted_pages};
use crate::guard::storefront::Storefront;
use crate::report::store::RedirectRow;
use std::collections::BTreeMap;

/// Paths that must go on working: the checkout, what leads into it, and what e-mails and signing in need.
const NEVER: &[&str] = &[
    "/checkout",
    "/cart.php",
    "/login.php",
    "/account.php",
    "/finishorder.php",
    "/unsubscribe.php",
];

/// Where each hosted address would lead on the `site`. Addresses are told apart by their paths alone, as redirects do.
pub(super) fn list(settings: &Settings, site: &str) -> Result<Vec<RedirectRow>, Error> {
    let storefront = Storefront::parse(site).map_err(build::Error::from)?;
    let table = path_rules::table(settings, &storefront).map_err(build::Error::from)?;
    let mut rows = BTreeMap::new();
    for hosted in hosted_pages().into_iter().filter(|hosted| hosted.action.is_none()) {
        if NEVER.iter().any(|path| hosted.path.starts_with(path)) {
            continue;
        }
        let page = hosted.page.to_owned();
        let lead = table.lead(&Address { page, ..Address::parse(hosted.path) }, &storefront);
        rows.entry(hosted.path).or_insert(lead.address);
    }
    let row = |(from, to): (&str, String)| RedirectRow { from: from.to_owned(), to };
    Ok(rows.into_iter().map(row).collect())
}
