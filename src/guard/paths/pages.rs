//! Matches pages to rules, and finds the addresses of pages in the hosted shop.

use super::{Address, PathTable};
use crate::guard::storefront::Storefront;
use crate::theme::endpoints::{Action, ENDPOINTS, EndpointAction};

/// An address of the hosted shop and the page that it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostedPage {
    /// The page, such as `pages/cart`.
    pub page: &'static str,
    /// The path.
    pub path: &'static str,
    /// The `action` in its query.
    pub action: Option<&'static str>,
}

impl HostedPage {
    /// Returns the path and query.
    pub fn address(&self) -> String {
        match self.action {
            Some(action) => format!("{}?action={action}", self.path),
            None => self.path.to_owned(),
        }
    }
}

/// Pages at addresses of the hosted checkout.
pub const AT_CHECKOUT: &[&str] =
    &["pages/checkout", "pages/order-complete", "pages/order-confirmation"];

/// Returns the pages whose addresses are the same in every store.
pub fn hosted_pages() -> Vec<HostedPage> {
    let shown = ENDPOINTS.iter().filter_map(|endpoint| match endpoint.does {
        EndpointAction::Shows(page) => Some((endpoint, page)),
        _ => None,
    });
    let pages = shown.flat_map(|(endpoint, page)| {
        let actions: Vec<Option<&'static str>> = match endpoint.action {
            Action::OneOf(actions) => actions.iter().map(|action| Some(*action)).collect(),
            // A wish list is shown by its number.
            Action::Any if endpoint.path == "/wishlist.php" => vec![Some("viewwishlistitems")],
            Action::Any | Action::None => vec![None],
        };
        actions.into_iter().map(|action| HostedPage { page, path: endpoint.path, action })
    });
    pages.collect()
}

/// Returns the first address that shows a page in every store; `None` if the merchant chooses its addresses.
pub fn hosted_address(page: &str) -> Option<String> {
    hosted_pages().iter().find(|hosted| hosted.page == page).map(HostedPage::address)
}

/// The maximum number of places to distinguish for browsers without scripts.
const MAX_PLACES: usize = 24;

/// Returns where browsers without scripts go, with the pages that lead to each place, as far as the page
/// alone decides it. Pages that lead to the home page, or to a place that is not known, are left out.
pub fn places<'p>(
    table: &PathTable,
    pages: impl Iterator<Item = &'p str>,
    storefront: &Storefront,
) -> Vec<(String, Vec<String>)> {
    let mut places: Vec<(String, Vec<String>)> = Vec::new();
    for page in pages {
        let Some(place) = place(table, page, storefront) else { continue };
        match places.iter().position(|(known, _)| *known == place) {
            Some(at) => places[at].1.push(page.to_owned()),
            None if places.len() == MAX_PLACES => {}
            None => places.push((place, vec![page.to_owned()])),
        }
    }
    places
}

/// Returns where a page alone leads, if that is known and not the home page.
fn place(table: &PathTable, page: &str, storefront: &Storefront) -> Option<String> {
    let hosted = hosted_address(page);
    let address =
        Address { page: page.to_owned(), ..Address::parse(hosted.as_deref().unwrap_or("/")) };
    let lead = table.lead(&address, storefront);
    let rule = table.rules().get(lead.rule?)?;
    // Without a known path, only a rule for the page applies, and only if its target has no values.
    let is_certain = hosted.is_some() || (rule.from.is_none() && rule.to.names().next().is_none());
    (is_certain && lead.address != storefront.root()).then_some(lead.address)
}

/// Reports whether a rule for `name` applies to `page` (given without `pages/`). A page with a custom
/// template counts as a page of the kind that the template is for.
pub fn is_meant(name: &str, page: &str) -> bool {
    let name = name.strip_prefix("pages/").unwrap_or(name);
    let is_custom = || {
        let kind = page.strip_prefix("custom/").and_then(|rest| rest.split('/').next());
        kind == Some(name)
    };
    fits(name, page) || is_custom()
}

/// Reports whether a text matches a pattern in which each `*` stands for anything.
fn fits(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(after) = text.strip_prefix(start) else { return false };
    (0..=after.len()).any(|at| after.is_char_boundary(at) && fits(rest, &after[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_match_by_name_pattern_or_kind() {
        for (name, page) in [
            ("category", "category"),
            ("pages/category", "category"),
            ("account/*", "account/orders/all"),
            ("*", "home"),
            ("category", "custom/category/sale"),
        ] {
            assert!(is_meant(name, page), "{name} {page}");
        }
        assert!(!is_meant("category", "categories") && !is_meant("account/*", "accounts"));
    }

    #[test]
    fn hosted_pages_have_their_platform_address() {
        let address = |page: &str| {
            let pages = hosted_pages();
            pages.iter().find(|hosted| hosted.page == page).map(HostedPage::address)
        };
        assert_eq!(address("pages/cart").as_deref(), Some("/cart.php"));
        let order = address("pages/account/orders/details");
        assert_eq!(order.as_deref(), Some("/account.php?action=view_order"));
        assert_eq!(address("pages/product"), None);
    }
}
