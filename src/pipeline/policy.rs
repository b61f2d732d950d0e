//! The user's choices applied to one theme: the pages that everybody sees, and everything else about a guard.

use super::page_names::known_pages;
use super::{BuildError, BuildOptions, KEPT_BY_DEFAULT};
use crate::guard::plan::{Mechanism, Policy};
use crate::text::{Code, Finding};
use crate::theme::Theme;
use crate::theme::pages::Templates;
use std::collections::BTreeSet;

/// The page on which shoppers pay.
pub const PAYMENT: &str = "pages/checkout";

/// Returns the policy of a build.
pub(super) fn policy(templates: &Templates, options: &BuildOptions) -> Result<Policy, BuildError> {
    let pages: Vec<&str> =
        templates.pages().filter_map(|page| page.strip_prefix("pages/")).collect();
    Ok(Policy {
        mechanism: options.mechanism.clone(),
        kept: kept_pages(templates, options)?,
        storefront: options.storefront.clone(),
        guard_development: options.guard_development,
        guard_editor: options.guard_editor,
        theme_settings: options.theme_settings && options.mechanism != Mechanism::None,
        chosen: options.chosen.clone(),
        paths: options.paths.for_pages(&pages),
        texts: options.texts.clone(),
        search_engines: options.search_engines,
        links: options.links.clone(),
        theme_name: options.theme_name.clone(),
    })
}

/// Returns the pages that a build keeps.
fn kept_pages(
    templates: &Templates,
    options: &BuildOptions,
) -> Result<BTreeSet<String>, BuildError> {
    let guards_none = options.mechanism == Mechanism::None;
    // If no page is guarded, shoppers still reach the checkout through the cart.
    let cart = "pages/cart";
    let cart = Some(cart).filter(|cart| guards_none && templates.get(cart).is_some());
    let kept = usual_with(templates, cart, &options.keep, &options.no_keep)?;
    match kept.contains(PAYMENT) || guards_none || options.stop_payments {
        true => Ok(kept),
        false => Err(BuildError::StopsPayments),
    }
}

/// Returns the default kept pages, `others` and the pages of `keep`, without those of `no_keep`.
pub(super) fn usual_with(
    templates: &Templates,
    others: Option<&str>,
    keep: &[String],
    no_keep: &[String],
) -> Result<BTreeSet<String>, BuildError> {
    let usual = KEPT_BY_DEFAULT.iter().copied().chain(others);
    let mut kept: BTreeSet<String> = usual.map(str::to_owned).collect();
    kept.append(&mut known_pages(templates, keep)?);
    let guarded = known_pages(templates, no_keep)?;
    Ok(&kept - &guarded)
}

/// Checks that the theme has every page that the options name.
///
/// # Errors
/// When the theme lacks one of them.
pub fn check_names(theme: &Theme, options: &BuildOptions) -> Result<(), BuildError> {
    let templates = Templates::new(theme);
    for names in [&options.keep, &options.no_keep, &options.allow_open] {
        known_pages(&templates, names)?;
    }
    Ok(())
}

/// Notes that the theme has no page of its own on which shoppers pay.
pub(super) fn missing_kept_pages(templates: &Templates, options: &BuildOptions) -> Option<Finding> {
    let is_wanted = !options.no_keep.iter().any(|name| name.ends_with("checkout"));
    (is_wanted && templates.get(PAYMENT).is_none()).then(|| {
        Finding::new(
            Code::KeptPageMissing,
            "the theme has no page `checkout`, so there is nothing to keep for it",
        )
        .help("the platform shows its own page instead")
    })
}
