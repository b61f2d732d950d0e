//! The report of `paths`: where each page of a theme leads, one line each.

use super::Report;
use super::columns::columns;
use super::json::Head;
use crate::pipeline::leads::PathLead;
use crate::text::printable;
use schemars::JsonSchema;
use serde::Serialize;

/// A storefront for some shoppers only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SiteLead {
    /// The host of the shop that these shoppers visit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The language in which these shoppers see the shop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// The storefront's address, without a final slash.
    pub url: String,
}

impl SiteLead {
    /// Describes these shoppers and where they are led, in one sentence.
    pub fn sentence(&self) -> String {
        let host = self.host.iter().map(|host| format!("on {host}"));
        let locale = self.locale.iter().map(|locale| format!("in the language {locale}"));
        let who: Vec<String> = host.chain(locale).collect();
        format!("Shoppers {} are led to {} instead.", who.join(" "), self.url)
    }
}

/// The report of where pages lead.
#[derive(Debug)]
pub struct PathsReport {
    /// Why the tool could not do its work, if it could not.
    pub report: Report,
    /// The address of the storefront, without a final slash.
    pub storefront: String,
    /// Further storefronts, for some hosts of the shop or some languages only.
    pub storefronts: Vec<SiteLead>,
    /// The parameter in which the cart ID is passed on from the cart.
    pub cart_param: Option<String>,
    /// The platform's map, with its version and date, if one is used.
    pub map: Option<String>,
    /// Where each page leads.
    pub pages: Vec<PathLead>,
    /// Where the addresses lead that the user asked to try.
    pub tried: Vec<PathLead>,
    /// The storefront's answers for the targets, if it was asked.
    pub probed: Vec<ProbedTarget>,
}

/// Whether a page of the storefront is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProbedState {
    /// The page exists.
    There,
    /// The page's address redirects to another one.
    Redirects,
    /// The page does not exist.
    Missing,
    /// The tool cannot tell.
    Unknown,
}

/// A storefront's answer for one target.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct ProbedTarget {
    /// The address that pages lead to, with `{name}` for values of the shopper's address.
    pub target: String,
    /// Whether the target exists.
    pub state: ProbedState,
    /// The HTTP status of the last answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The address that the target redirects to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leads_to: Option<String>,
    /// Why the tool cannot tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The pages that lead there.
    pub pages: Vec<String>,
}

/// Formats the report for people.
pub fn human(report: &PathsReport) -> String {
    if report.report.failure.is_some() {
        return String::new();
    }
    if !report.probed.is_empty() {
        let mut rows = vec![["TARGET", "ANSWER", "FROM"].map(str::to_owned)];
        rows.extend(report.probed.iter().map(|target| probed_row(target, &report.storefront)));
        return printable(&columns(&rows)).into_owned();
    }
    if !report.tried.is_empty() {
        let rows: Vec<[String; 3]> = report.tried.iter().map(tried_row).collect();
        return printable(&columns(&rows)).into_owned();
    }
    let map = report.map.as_ref().map(|map| format!(" ({map})")).unwrap_or_default();
    let mut rows = vec![["PAGE", "ADDRESS", "LEADS TO", "DECIDED BY"].map(str::to_owned)];
    rows.extend(report.pages.iter().map(|lead| row(lead, &report.storefront)));
    let mut text = format!("Where pages lead on {}{map}\n\n{}", report.storefront, columns(&rows));
    for site in &report.storefronts {
        text.push_str(&format!("\n{}\n", site.sentence()));
    }
    if let Some(name) = &report.cart_param {
        text.push_str(&format!("\nThe cart leads there with its ID as `{name}`.\n"));
    }
    printable(&text).into_owned()
}

fn row(lead: &PathLead, storefront: &str) -> [String; 4] {
    let page = lead.page.trim_start_matches("pages/").to_owned();
    let address = lead.address.clone().unwrap_or_else(|| "any".to_owned());
    let below = |to: &String| to.strip_prefix(storefront).unwrap_or(to).to_owned();
    let target = match (&lead.leads_to, lead.is_kept) {
        (_, true) => "nowhere: the page is kept".to_owned(),
        (Some(to), false) => below(to),
        (None, false) => "the same path".to_owned(),
    };
    [page, address, target, lead.rule.clone().unwrap_or_default()]
}

fn tried_row(lead: &PathLead) -> [String; 3] {
    let address = lead.address.clone().unwrap_or_default();
    let target = lead.leads_to.clone().unwrap_or_default();
    [address, target, lead.rule.clone().unwrap_or_else(|| "the same path".to_owned())]
}

fn probed_row(target: &ProbedTarget, storefront: &str) -> [String; 3] {
    let below = target.target.strip_prefix(storefront).unwrap_or(&target.target);
    let word = match target.state {
        ProbedState::There => "is there",
        ProbedState::Redirects => "redirects",
        ProbedState::Missing => "is missing",
        ProbedState::Unknown => "unknown",
    };
    let status = target.status.map(|status| status.to_string());
    let to = target.leads_to.as_ref().map(|to| format!("to {to}"));
    let details: Vec<String> = [status, to, target.reason.clone()].into_iter().flatten().collect();
    let answer = match details.is_empty() {
        true => word.to_owned(),
        false => format!("{word} ({})", details.join(", ")),
    };
    [below.to_owned(), answer, target.pages.join(" ")]
}

/// Where pages lead.
#[derive(Serialize, JsonSchema)]
pub(super) struct Document<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    /// The address of the storefront.
    storefront: &'a str,
    /// Further storefronts, for some hosts of the shop or some languages only.
    #[serde(skip_serializing_if = "<[SiteLead]>::is_empty")]
    storefronts: &'a [SiteLead],
    /// The parameter in which the cart ID is passed on from the cart.
    #[serde(rename = "cartParam", skip_serializing_if = "Option::is_none")]
    cart_param: Option<&'a str>,
    /// The platform's map, with its version and date.
    #[serde(skip_serializing_if = "Option::is_none")]
    map: Option<&'a str>,
    /// Where each page leads, at each of its addresses.
    pages: &'a [PathLead],
    /// Where the addresses lead that the user asked to try.
    tried: &'a [PathLead],
    /// The storefront's answers for the targets; empty if it was not asked.
    probed: &'a [ProbedTarget],
}

/// Returns the report as one JSON document with a final newline.
///
/// # Errors
/// When a path is not UTF-8.
pub fn json(report: &PathsReport) -> serde_json::Result<String> {
    let document = Document {
        head: Head::new(&report.report),
        storefront: &report.storefront,
        storefronts: &report.storefronts,
        cart_param: report.cart_param.as_deref(),
        map: report.map.as_deref(),
        pages: &report.pages,
        tried: &report.tried,
        probed: &report.probed,
    };
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}
