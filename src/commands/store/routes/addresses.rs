//! Checks whether the addresses of a site and of its checkout fit each other and the storefront.

use crate::store::sites::Site;
use crate::text::{Code, Finding};
use url::Url;

/// The longest host name that a certificate takes.
const LONGEST_HOST: usize = 64;

/// Returns what is wrong with the addresses of a site; `storefront` is where its shoppers belong, if known.
pub(super) fn judge(site: &Site, storefront: Option<&str>) -> Vec<Finding> {
    let url = site.address("primary").unwrap_or(&site.url);
    let elsewhere = storefront.and_then(|storefront| elsewhere(site.channel_id, url, storefront));
    let checkout = site.address("checkout").and_then(|checkout| checkout_trouble(url, checkout));
    elsewhere.into_iter().chain(checkout).collect()
}

/// Reports a site that is not at the storefront's origin.
fn elsewhere(channel: u64, url: &str, storefront: &str) -> Option<Finding> {
    let (site, wanted) = (Url::parse(url).ok()?, Url::parse(storefront).ok()?);
    if site.origin() == wanted.origin() {
        return None;
    }
    let message =
        format!("the site of channel {channel} is {url}, but the storefront is {storefront}");
    let help = "all routes and \"Continue shopping\" after an order lead to the site: change its address (`routes apply --site-url URL`, or in the control panel), or the setting `storefront`";
    Some(Finding::new(Code::SiteAddress, message).help(help))
}

/// Reports a checkout whose host is too long, or on another domain than its site.
fn checkout_trouble(site: &str, checkout: &str) -> Option<Finding> {
    if let Some(message) = Url::parse(checkout).ok().and_then(|checkout| too_long(&checkout)) {
        let help = "give the checkout a shorter address: `routes apply --checkout-url URL`, or in the control panel";
        return Some(Finding::new(Code::CheckoutAddress, message).help(help));
    }
    let message = other_domain(site, checkout)?;
    let better = format!("checkout.{}", host(site)?.trim_start_matches("www."));
    let help = format!(
        "browsers that block cookies of other sites lose the cart and the session on the way: give the checkout an address of the same domain: `routes apply --checkout-url https://{better}`, or in the control panel"
    );
    Some(Finding::new(Code::CheckoutAddress, message).help(help))
}

/// Returns why no certificate can be made for an address; `None` if its host is short enough.
pub(super) fn too_long(url: &Url) -> Option<String> {
    let length = url.host_str()?.chars().count();
    (length > LONGEST_HOST).then(|| {
        format!(
            "the host {} has {length} characters, and a certificate takes {LONGEST_HOST}",
            url.host_str().unwrap_or_default()
        )
    })
}

/// Returns why a checkout does not fit its site; `None` if both are on the same registrable domain.
pub(super) fn other_domain(site: &str, checkout: &str) -> Option<String> {
    let (site, checkout) = (host(site)?, host(checkout)?);
    (owner(&site) != owner(&checkout))
        .then(|| format!("the checkout is on {checkout}, another domain than {site}"))
}

fn host(text: &str) -> Option<String> {
    Url::parse(text).ok()?.host_str().map(str::to_owned)
}

/// Returns the registrable domain of a host, or the host itself if it has none.
fn owner(host: &str) -> &str {
    psl::domain_str(host).unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sites::SiteUrl;

    fn said(site: &str, checkout: &str, storefront: Option<&str>) -> Vec<String> {
        let url = |kind: &str, url: &str| SiteUrl { url: url.to_owned(), kind: kind.to_owned() };
        let site = Site {
            id: 7,
            channel_id: 2,
            url: site.to_owned(),
            urls: vec![url("primary", site), url("checkout", checkout)],
            is_checkout_url_customized: Some(true),
        };
        judge(&site, storefront).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn checkout_must_be_on_the_domain_of_its_site() {
        for (site, checkout, words) in [
            ("https://shop.example.com", "https://checkout.example.com", ""),
            ("https://www.shop.co.uk", "https://checkout.shop.co.uk", ""),
            ("https://shop.co.uk", "https://other.co.uk", "other.co.uk, another domain than shop"),
            ("https://a.example.com", "https://store-x.mybigcommerce.com", "another domain"),
            ("https://localhost:3000", "https://localhost", ""),
            ("nonsense", "https://a.example.com", ""),
        ] {
            let said = said(site, checkout, None).concat();
            assert_eq!(said.is_empty(), words.is_empty(), "{said}");
            assert!(said.contains(words), "{said}");
        }
        let host = |length: usize| format!("https://{}.example.com", "a".repeat(length - 12));
        assert_eq!(said("https://example.com", &host(64), None), [""; 0]);
        let long = said("https://example.com", &host(65), None).concat();
        assert!(long.contains("has 65 characters"), "{long}");
    }

    #[test]
    fn site_must_match_the_storefront() {
        let judged = |storefront| said("https://a.example", "https://pay.a.example", storefront);
        assert!(judged(None).is_empty());
        assert!(judged(Some("https://a.example/fr")).is_empty());
        let found = judged(Some("https://b.example"));
        assert_eq!(
            found,
            ["the site of channel 2 is https://a.example, but the storefront is https://b.example"]
        );
    }
}
