//! Where the path rules lead each page of a theme on the storefront.

use super::page_names::known_page;
use super::policy::policy;
use super::{BuildError, BuildOptions, Templates};
use crate::guard::paths::{Address, PathRule, PathTable, RuleOrigin, hosted_address, hosted_pages};
use crate::guard::plan::Mechanism;
use crate::guard::storefront::Storefront;
use crate::text::{Code, Finding};
use crate::theme::Theme;
use crate::theme::texts::languages;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;

/// Where one address of the hosted shop leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PathLead {
    /// The page at that address, such as `pages/cart`; empty if unknown.
    pub page: String,
    /// The address; missing if the merchant chooses where the page is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Whether the page is kept, so that it leads nowhere.
    pub is_kept: bool,
    /// The full address that the page leads to, with `{name}` for values that a rule takes from the shopper's
    /// address; missing if the path stays the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leads_to: Option<String>,
    /// The rule that decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
}

/// Returns where each page of `theme` leads, from each of its addresses, ordered by page name.
///
/// # Errors
/// When the options do not fit the theme.
pub fn leads(theme: &Theme, options: &BuildOptions) -> Result<Vec<PathLead>, BuildError> {
    leads_of(&Templates::new(theme), options)
}

/// Does the same as [`leads()`] with templates that have been read already.
///
/// # Errors
/// When the options do not fit the theme.
pub fn leads_of(
    templates: &Templates,
    options: &BuildOptions,
) -> Result<Vec<PathLead>, BuildError> {
    let policy = policy(templates, options)?;
    let guards = policy.mechanism != Mechanism::None;
    let hosted = hosted_pages();
    let mut leads = Vec::new();
    for page in templates.pages() {
        let addresses = hosted.iter().filter(|hosted| hosted.page == page);
        let mut addresses: Vec<Option<String>> = addresses.map(|it| Some(it.address())).collect();
        if addresses.is_empty() {
            addresses.push(None);
        }
        let is_kept = policy.kept.contains(page) || !guards;
        for address in addresses {
            let page = page.to_owned();
            let lead = PathLead { page, address, is_kept, leads_to: None, rule: None };
            leads.push(if is_kept { lead } else { led(lead, &policy.paths, &policy.storefront) });
        }
    }
    Ok(leads)
}

/// Returns where the address `text` leads; `page` is the page that the theme shows there, if known.
///
/// # Errors
/// When the options do not fit the theme, or the theme has no such page.
pub fn try_address(
    text: &str,
    page: Option<&str>,
    theme: &Theme,
    options: &BuildOptions,
) -> Result<PathLead, BuildError> {
    let templates = Templates::new(theme);
    let page = page.map(|page| known_page(&templates, page)).transpose()?.unwrap_or_default();
    let paths = policy(&templates, options)?.paths;
    let address = Address { page: page.clone(), ..Address::parse(text) };
    let lead = paths.lead(&address, &options.storefront);
    let rule = lead.rule.and_then(|rule| paths.rules().get(rule));
    Ok(PathLead {
        page,
        address: Some(format!("{}{}{}", address.path, address.query, address.fragment)),
        is_kept: false,
        leads_to: Some(lead.address),
        rule: rule.map(|rule| rule.origin.to_string()),
    })
}

/// Adds to a lead where its page goes.
fn led(lead: PathLead, paths: &PathTable, storefront: &Storefront) -> PathLead {
    let address = Address {
        page: lead.page.clone(),
        ..Address::parse(lead.address.as_deref().unwrap_or("/path/of/the/page/"))
    };
    let found = paths.lead(&address, storefront).rule.and_then(|rule| paths.rules().get(rule));
    let target = found.map(|rule| match rule.to.origin() {
        Some(_) => rule.to.as_str().to_owned(),
        None => format!("{}{}", storefront.base(), rule.to.as_str()),
    });
    PathLead { leads_to: target, rule: found.map(|rule| rule.origin.to_string()), ..lead }
}

/// The target of an address that carries no values.
pub(super) struct BareLead {
    /// The target; only its path if it is on the storefront.
    pub(super) address: String,
    /// The target of the rule that decided.
    pub(super) target: String,
}

/// Returns where the address of a page leads, for use in a sentence; `None` if no rule decides.
pub(super) fn place(page: &str, address: Option<&str>, paths: &PathTable) -> Option<BareLead> {
    let known = address.map(str::to_owned).or_else(|| hosted_address(page));
    let address = Address { page: page.to_owned(), ..Address::parse(known.as_deref()?) };
    let base = Storefront::parse("https://storefront.invalid").ok()?;
    let lead = paths.lead(&address, &base);
    let target = paths.rules().get(lead.rule?)?.to.as_str().to_owned();
    let below = lead.address.strip_prefix(base.base());
    Some(BareLead { address: below.map_or(lead.address.clone(), str::to_owned), target })
}

/// Returns the findings about path rules: rules for kept pages, hosted addresses without a rule, and too many
/// rules.
pub(super) fn findings(paths: &PathTable, kept: &BTreeSet<String>, pages: &[&str]) -> Vec<Finding> {
    let for_kept = paths.rules().iter().filter_map(|rule| {
        let RuleOrigin::Settings(place) = &rule.origin else { return None };
        let page = kept.iter().find(|page| is_for_page_alone(rule, page))?;
        let page = page.trim_start_matches("pages/");
        let message = format!(
            "the rule at {place} is for the page `{page}`, which is kept: nobody is redirected from there"
        );
        Some(Finding::new(Code::PathOfKeptPage, message).help("remove the rule, or guard the page"))
    });
    for_kept.chain(unnamed(paths, kept, pages)).chain(many(paths)).collect()
}

/// The size in bytes above which path rules slow down every guarded page.
const MANY_BYTES: usize = 20_000;

/// Warns if the rules are too large in total.
fn many(paths: &PathTable) -> Option<Finding> {
    let kilobytes = paths.size() / 1000;
    let message = format!("the path rules have {kilobytes} kB, and every guarded page holds them");
    let help = "use `*` for a tail, and `{tail}` in the target";
    (paths.size() > MANY_BYTES).then(|| Finding::new(Code::ManyPathRules, message).help(help))
}

/// Warns about further storefronts for languages that the theme does not have.
pub(super) fn unused(theme: &Theme, storefront: &Storefront) -> Vec<Finding> {
    let locales = storefront.further().iter().filter_map(|further| further.visit.locale.as_ref());
    let languages = languages(theme);
    let is_missing = |locale: &&String| !languages.contains(*locale);
    let finding = |locale: &String| {
        let message = format!(
            "a further storefront is for the language `{locale}`, in which the theme shows no page: it has no lang/{locale}.json"
        );
        Finding::new(Code::UnusedStorefront, message).help(
            "name the language as its file in lang/ is named, or tell storefronts apart by host",
        )
    };
    locales.filter(is_missing).map(finding).collect()
}

/// Whether a rule is for this page alone.
fn is_for_page_alone(rule: &PathRule, page: &str) -> bool {
    if let Some(pages) = &rule.page {
        return pages.names().iter().all(|name| name == page);
    }
    let from = rule.from.as_ref().map(|from| from.as_str());
    hosted_pages()
        .iter()
        .any(|hosted| hosted.page == page && Some(hosted.address().as_str()) == from)
}

/// Notes the addresses that only the hosted shop has and that no rule names.
pub(super) fn unnamed(
    paths: &PathTable,
    kept: &BTreeSet<String>,
    pages: &[&str],
) -> Option<Finding> {
    let is_only_hosted =
        |path: &str| path.contains(".php") || path == "/compare/" || path == "/brands/";
    let mut found: Vec<&str> = Vec::new();
    for hosted in hosted_pages() {
        let is_led = place(hosted.page, Some(&hosted.address()), paths).is_some();
        let is_guarded = pages.contains(&hosted.page) && !kept.contains(hosted.page);
        if is_only_hosted(hosted.path) && is_guarded && !is_led && !found.contains(&hosted.path) {
            found.push(hosted.path);
        }
    }
    let list = found.join(", ");
    let message = format!(
        "Addresses that only the hosted shop has arrive at the storefront as they are: {list}"
    );
    let help = "say which platform the storefront is on (--paths catalyst), or where they lead (--fallback /, [[path]])";
    (!found.is_empty()).then(|| Finding::new(Code::HostedAddresses, message).help(help))
}
