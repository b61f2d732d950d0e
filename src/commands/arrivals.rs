//! Gathers where shoppers arrive from each address of the hosted shop, and through the links that the
//! platform itself makes.

use super::build::Error;
use crate::config::Settings;
use crate::guard::paths::{Platform, is_meant};
use crate::guard::plan::Mechanism;
use crate::pipeline::BuildOptions;
use crate::pipeline::leads::{PathLead, leads_of};
use crate::pipeline::outside::{OutsideLink, outside_links};
use crate::pipeline::platform_links::{DecidedBy, PlatformLink, platform_links as links};
use crate::report::overview::{AddressDecision, Arrival, PlatformLinkDecision};
use crate::theme::pages::Templates;

/// Returns where each address of the hosted shop leads; empty if no page is guarded.
pub(super) fn addresses(
    templates: &Templates,
    options: &BuildOptions,
    settings: &Settings,
) -> Result<Vec<AddressDecision>, Error> {
    if options.mechanism == Mechanism::None {
        return Ok(Vec::new());
    }
    let home = &options.storefront.root();
    let knows_paths = settings.paths.is_some_and(|platform| platform != Platform::None);
    let decision = |lead: PathLead| {
        let outside: Vec<&OutsideLink> =
            outside_links().iter().filter(|link| leads_to(link, &lead)).collect();
        AddressDecision {
            arrival: arrival(&lead, home, knows_paths),
            links: outside.iter().map(|link| link.what.as_str()).collect(),
            loses: outside.iter().find_map(|link| link.loses(lead.leads_to.as_deref())),
            page: lead.page,
            address: lead.address,
            leads_to: lead.leads_to,
        }
    };
    Ok(leads_of(templates, options)?.into_iter().map(decision).collect())
}

/// Whether the link leads to the page of `lead`, and to its address if the link has a path.
fn leads_to(link: &OutsideLink, lead: &PathLead) -> bool {
    lead.page.strip_prefix("pages/") == Some(&link.page)
        && (link.path.is_none() || link.path == lead.address)
}

fn arrival(lead: &PathLead, home: &str, knows_paths: bool) -> Arrival {
    let is_home = lead.page == "pages/home";
    match &lead.leads_to {
        _ if lead.is_kept => Arrival::Stays,
        Some(target) if target == home && !is_home => Arrival::Home,
        Some(_) => Arrival::Known,
        None if is_home || (knows_paths && is_free(&lead.page)) => Arrival::Known,
        None => Arrival::Unknown,
    }
}

/// Pages whose addresses the merchant chooses. A storefront's platform has them at the same addresses, unless
/// its map says otherwise.
const FREE: &[&str] =
    &["blog", "blog-post", "brand", "category", "contact-us", "page", "product", "custom/*"];

fn is_free(page: &str) -> bool {
    let page = page.trim_start_matches("pages/");
    FREE.iter().any(|name| is_meant(name, page))
}

/// Returns the links that the platform itself makes, each with the target that the settings or the
/// storefront's platform define for it.
pub(super) fn platform_links(
    options: &BuildOptions,
    settings: &Settings,
) -> Vec<PlatformLinkDecision> {
    let base = options.storefront.base();
    let own = |kind: &String| settings.routes.as_ref()?.get(kind).map(|path| path.0.as_str());
    let mapped = |kind: &String| {
        settings.paths.and_then(Platform::map)?.routes.get(kind).map(String::as_str)
    };
    let target = |link: &PlatformLink| match &link.decided {
        DecidedBy::Route(kind) => {
            own(kind).or_else(|| mapped(kind)).map(|path| format!("{base}{path}"))
        }
        DecidedBy::By(_) => link.leads_to_site.then(|| base.to_owned()),
    };
    links().iter().map(|link| PlatformLinkDecision { link, target: target(link) }).collect()
}
