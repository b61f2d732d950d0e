//! `stencil-guard paths`: shows where each page of a theme leads on the storefront, and which rule decides.

use super::build::{self, BuildRequest, Error};
use crate::guard::paths::Platform;
use crate::guard::storefront::{ScopedStorefront, Storefront, Visit};
use crate::pipeline::{self, leads};
use crate::report::Report;
use crate::report::paths::{PathsReport, SiteLead};
use crate::theme;

/// Runs the command for all pages and for the addresses in `tries`; `page` is the page that the theme shows
/// there, if known.
pub fn run(request: &BuildRequest, tries: &[String], page: Option<&str>) -> PathsReport {
    let failed = |error| PathsReport {
        report: Report::failed("paths", build::failure(error)),
        storefront: String::new(),
        storefronts: Vec::new(),
        cart_param: None,
        map: None,
        pages: Vec::new(),
        tried: Vec::new(),
        probed: Vec::new(),
    };
    look(request, tries, page).unwrap_or_else(failed)
}

fn look(
    request: &BuildRequest,
    tries: &[String],
    page: Option<&str>,
) -> Result<PathsReport, Error> {
    let settings = build::settings(request)?;
    let options = build::options(&settings)?;
    let read = theme::load(&request.theme)?;
    let original = pipeline::unguard(&read).map_or(read, |unguarded| unguarded.theme);
    let pages = leads::leads(&original, &options)?;
    let tried = tries.iter().map(|text| leads::try_address(text, page, &original, &options));
    let tried = tried.collect::<Result<Vec<_>, _>>()?;
    let map = settings.paths.and_then(Platform::map).map(|map| map.title.clone());
    Ok(PathsReport {
        report: Report { command: "paths", source: Some(original), ..Report::default() },
        storefront: options.storefront.base().to_owned(),
        storefronts: sites(&options.storefront),
        cart_param: options.paths.cart_param().map(str::to_owned),
        map,
        pages,
        tried,
        probed: Vec::new(),
    })
}

/// Returns the storefronts that are only for some shoppers.
pub(super) fn sites(storefront: &Storefront) -> Vec<SiteLead> {
    let site = |ScopedStorefront { visit, storefront }: &ScopedStorefront| {
        let Visit { host, locale } = visit.clone();
        SiteLead { host, locale, url: storefront.base().to_owned() }
    };
    storefront.further().iter().map(site).collect()
}
