//! The addresses at which a store shows its theme.

use super::Error;
use crate::guard::storefront::Storefront;
use crate::store::guest::is_local;
use crate::store::sites::Site;
use url::Url;

/// Parses the address of a store.
pub(super) fn given(text: &str) -> Result<Url, Error> {
    let wrong = |message: String| Error::Wrong {
        message,
        help: "write it like https://checkout.example.com".to_owned(),
    };
    let url =
        Url::parse(text).map_err(|_| wrong(format!("`{text}` is not the address of a store")))?;
    let has_secret = !url.username().is_empty() || url.password().is_some();
    if !url.has_host() || has_secret || !matches!(url.scheme(), "http" | "https") {
        return Err(wrong(format!("`{text}` is not the address of a store")));
    }
    if url.scheme() == "http" && !is_local(&url) {
        return Err(wrong(format!("`{text}` does not use https")));
    }
    Ok(url)
}

/// Returns the roots of all hosts that show the theme, the most important first: the given one, those of the
/// site, and each of these with or without `www`. The storefront is left out, because it does not show the
/// theme.
pub(super) fn all(first: Option<Url>, site: Option<&Site>, storefront: &Storefront) -> Vec<Url> {
    let kinds = ["checkout", "primary", "canonical"];
    let of_site = kinds.iter().filter_map(|kind| site?.address(kind));
    let of_site = of_site.filter_map(|address| given(address).ok());
    let is_storefront = |url: &Url| url.origin().ascii_serialization() == storefront.origin();
    let named = first.into_iter().chain(of_site).filter(|url| !is_storefront(url));
    let named: Vec<Url> = named.collect();
    let twins: Vec<Url> = named.iter().filter_map(twin).collect();
    let mut hosts: Vec<Url> = Vec::new();
    for mut url in named.into_iter().chain(twins) {
        url.set_path("/");
        url.set_query(None);
        url.set_fragment(None);
        if !is_storefront(&url) && !hosts.contains(&url) {
            hosts.push(url);
        }
    }
    hosts
}

/// Returns the same host with `www` added or removed; `None` if hardly anybody would write that host.
fn twin(url: &Url) -> Option<Url> {
    let host = url.domain()?;
    let other = match host.strip_prefix("www.") {
        Some(bare) => bare.to_owned(),
        None if is_registrable(host) => format!("www.{host}"),
        None => return None,
    };
    let mut twin = url.clone();
    twin.set_host(Some(&other)).ok()?;
    Some(twin)
}

/// Whether one host is the other with or without `www`.
pub(super) fn is_twin(one: &Url, other: &Url) -> bool {
    let bare = |url: &Url| url.domain().map(|host| host.trim_start_matches("www.").to_owned());
    one != other && bare(one).is_some() && bare(one) == bare(other)
}

/// Whether a host is a registrable domain, such as `example.com`.
fn is_registrable(host: &str) -> bool {
    psl::domain_str(host) == Some(host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sites::SiteUrl;

    #[test]
    fn storefront_is_not_a_host_of_the_theme() {
        let storefront = Storefront::parse("https://www.example.co.uk").unwrap();
        let url = |url: &str, kind: &str| SiteUrl { url: url.to_owned(), kind: kind.to_owned() };
        let site = Site {
            id: 1,
            channel_id: 2,
            url: String::new(),
            urls: vec![
                url("https://www.example.co.uk", "primary"),
                url("https://store-x-2.mybigcommerce.com/", "canonical"),
                url("https://checkout.example.co.uk", "checkout"),
            ],
            is_checkout_url_customized: None,
        };
        let hosts = all(given("https://CHECKOUT.example.co.uk/x?y").ok(), Some(&site), &storefront);
        let hosts: Vec<&str> = hosts.iter().map(Url::as_str).collect();
        assert_eq!(
            hosts,
            ["https://checkout.example.co.uk/", "https://store-x-2.mybigcommerce.com/"]
        );
        let hosts = all(given("https://shop.example").ok(), None, &storefront);
        assert_eq!(hosts[1].as_str(), "https://www.shop.example/");
        assert!(is_twin(&hosts[0], &hosts[1]) && !is_twin(&hosts[0], &hosts[0]));
    }

    #[test]
    fn incomplete_and_insecure_addresses_are_rejected() {
        assert!(given("http://127.0.0.1:1").is_ok() && given("https://a.example").is_ok());
        for text in ["a.example", "http://a.example", "ftp://a.example", "https://u:p@a.example"] {
            assert!(given(text).is_err(), "{text}");
        }
    }
}
