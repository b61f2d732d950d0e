//! Lists the 301 redirects that would do in front of the theme what the guard does inside it. The list is not
//! sent to the store: whether such a redirect works for an existing page is unproven.

use super::Error;
use crate::commands::{build, path_rules};
use crate::config::Settings;
use crate::guard::paths::{Address, hosted_pages};
use crate::guard::storefront::Storefront;
use crate::report::store::RedirectRow;
use std::collections::BTreeMap;

/// Paths that must keep working: the checkout, the pages that lead to it, and those that e-mails and sign-in
/// need.
const NEVER: &[&str] = &[
    "/checkout",
    "/cart.php",
    "/login.php",
    "/account.php",
    "/finishorder.php",
    "/unsubscribe.php",
];

/// Returns where each hosted address would lead on the `site`. Only paths distinguish addresses, as for
/// redirects.
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
