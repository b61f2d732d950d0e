//! Chooses the pages of a host to check: those that every store has, and some of each kind in its site map.
//! They are fetched as a crawler would fetch them, which changes nothing.

use crate::store::guest::{Guest, WebPage};
use crate::theme::destinations::{Destination, LinkContext, targets};
use url::Url;

/// A page to check.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) address: Url,
    /// The theme's page at this address, if known.
    pub(super) page: Option<&'static str>,
}

/// Paths that every store answers with a page. Their numbers and tokens belong to nobody.
const EVERYWHERE: &[&str] = &[
    "/",
    "/cart.php",
    "/login.php",
    "/login.php?action=create_account",
    "/login.php?action=reset_password",
    "/login.php?action=change_password&c=0&t=x",
    "/account.php",
    "/account.php?action=order_status",
    "/account.php?action=view_order&order_id=0",
    "/account.php?action=print_invoice&order_id=0",
    "/account.php?action=view_returns",
    "/account.php?action=inbox",
    "/wishlist.php",
    "/giftcertificates.php",
    "/giftcertificates.php?action=balance",
    "/giftcertificates.php?action=redeem",
    "/search.php?search_query=stencil-guard",
    "/compare/",
    "/brands/",
    "/blog/",
    "/sitemap.php",
    "/subscribe.php?result=success",
    "/unsubscribe.php",
    "/orderstatus.php",
    "/stencil-guard-looks-for-a-page-that-is-not-there/",
    "/checkout",
];

/// Paths to check on further hosts, which show the same theme.
const ELSEWHERE: &[&str] = &["/", "/cart.php", "/login.php", "/checkout"];

/// The types of site map parts, and the theme's page that each type lists.
const KINDS: &[(&str, &str)] = &[
    ("products", "pages/product"),
    ("categories", "pages/category"),
    ("brands", "pages/brand"),
    ("pages", "pages/page"),
    ("news", "pages/blog-post"),
    ("blog", "pages/blog-post"),
];

/// How many parts of a site map are read, and how many pages of each are checked.
const MAX_PARTS: usize = 6;
const SAMPLE: usize = 3;

/// Returns the pages of a host to check.
pub(super) fn of(guest: &Guest<'_>, host: &Url, is_first: bool) -> Vec<Found> {
    let paths = if is_first { EVERYWHERE } else { ELSEWHERE };
    let mut found: Vec<Found> = paths
        .iter()
        .filter_map(|path| {
            let address = host.join(path).ok()?;
            Some(Found { page: page(&address), address })
        })
        .collect();
    if is_first {
        for one in listed(guest, host) {
            if found.iter().all(|other| other.address != one.address) {
                found.push(one);
            }
        }
    }
    found
}

/// Returns the page of the theme that the platform shows at an address.
pub(super) fn page(address: &Url) -> Option<&'static str> {
    let path = &address[url::Position::BeforePath..url::Position::AfterQuery];
    let target = targets(path.as_bytes(), LinkContext::default()).into_iter().next()?;
    match target.destination {
        Destination::Page(page) => Some(page),
        Destination::PageAction(act) => act.shows,
        Destination::Checkout => Some("pages/checkout"),
        _ => None,
    }
}

/// Returns some pages of each kind that the site map lists.
fn listed(guest: &Guest<'_>, host: &Url) -> Vec<Found> {
    let mut found = Vec::new();
    for address in site_maps(guest, host) {
        let Some(text) = file(guest, host, &address) else { continue };
        let parts = match text.contains("<sitemapindex") {
            true => locations(&text).take(MAX_PARTS).filter_map(|part| here(host, &part)).collect(),
            false => Vec::new(),
        };
        if parts.is_empty() {
            found.extend(sample(host, &address, &text));
        }
        for part in parts {
            let text = file(guest, host, &part).unwrap_or_default();
            found.extend(sample(host, &part, &text));
        }
    }
    found
}

/// Returns the first pages of one part of a site map.
fn sample(host: &Url, part: &Url, text: &str) -> Vec<Found> {
    let kind = part.query_pairs().find(|(name, _)| name == "type").map(|(_, kind)| kind);
    let kind = KINDS.iter().find(|(name, _)| kind.as_deref() == Some(*name));
    let addresses = locations(text).filter_map(|address| here(host, &address));
    let found = addresses
        .take(SAMPLE)
        .map(|address| Found { page: page(&address).or(kind.map(|(_, page)| *page)), address });
    found.collect()
}

/// Returns the address of the site map: the first that `robots.txt` names, or else the default one.
fn site_maps(guest: &Guest<'_>, host: &Url) -> Vec<Url> {
    let robots = host.join("/robots.txt").ok().and_then(|address| file(guest, host, &address));
    let named: Vec<Url> = robots
        .unwrap_or_default()
        .lines()
        .filter_map(|line| {
            let (name, address) = line.split_once(':')?;
            let is_map = name.trim().eq_ignore_ascii_case("sitemap");
            is_map.then(|| here(host, address.trim())).flatten()
        })
        .take(1)
        .collect();
    match named.is_empty() {
        true => host.join("/xmlsitemap.php").into_iter().collect(),
        false => named,
    }
}

/// Returns the same path on this host, because a site map names the host that the site prefers.
fn here(host: &Url, address: &str) -> Option<Url> {
    let mut url = host.join(address).ok()?;
    let path = url[url::Position::BeforePath..url::Position::AfterQuery].to_owned();
    url = host.join(&path).ok()?;
    // A path that begins with two slashes would lead to another host.
    (url.origin() == host.origin()).then_some(url)
}

/// Fetches a file of this host, following one redirect within the host.
fn file(guest: &Guest<'_>, host: &Url, address: &Url) -> Option<String> {
    let mut page: WebPage = guest.get(address).ok()?;
    if (300..400).contains(&page.status) {
        page = guest.get(&here(host, page.header("location")?)?).ok()?;
    }
    (page.status == 200).then(|| page.text())
}

/// Returns the contents of the `loc` elements of a site map.
fn locations(text: &str) -> impl Iterator<Item = String> {
    text.split("<loc>").skip(1).filter_map(|rest| {
        let address = rest.split("</loc>").next()?.trim();
        let address = address.trim_start_matches("<![CDATA[").trim_end_matches("]]>");
        Some(address.replace("&amp;", "&"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_map_to_their_page_templates() {
        let page = |path: &str| page(&Url::parse("https://a.example").unwrap().join(path).unwrap());
        for (path, expected) in [
            ("/", Some("pages/home")),
            ("/checkout", Some("pages/checkout")),
            ("/login.php?action=change_password&c=0&t=x", Some("pages/auth/new-password")),
            ("/account.php?action=print_invoice&order_id=0", Some("pages/account/orders/invoice")),
            ("/orderstatus.php", None),
        ] {
            assert_eq!(page(path), expected, "{path}");
        }
    }

    #[test]
    fn site_map_addresses_are_moved_to_this_host() {
        let host = Url::parse("https://checkout.example.com/").unwrap();
        let here = |address: &str| here(&host, address).map(String::from);
        assert_eq!(
            here("https://shop.example.com/a?type=b&page=1#x").as_deref(),
            Some("https://checkout.example.com/a?type=b&page=1")
        );
        assert_eq!(here("https://shop.example.com//evil.example/"), None);
        let text = "<urlset><url><loc> https://a/?x=1&amp;y=2 </loc></url><url><loc><![CDATA[https://a/b]]></loc>";
        assert_eq!(locations(text).collect::<Vec<_>>(), ["https://a/?x=1&y=2", "https://a/b"]);
    }
}
