//! Asks a storefront, and no other site, whether the pages that shoppers are sent to exist: gently, and
//! without signing in.

use crate::guard::storefront::{Storefront, StorefrontError};
use crate::pipeline::leads::PathLead;
use crate::report::paths::{PathsReport, ProbedState, ProbedTarget};
use crate::report::{Failure, FailureCode};
use crate::store::StoreEnvironment;
use crate::store::guest::{FetchError, Guest, is_local};
use crate::text::{Code, Finding, Severity};
use std::collections::BTreeMap;
use url::Url;

const MAX_REDIRECTS: usize = 5;

/// Adds to a report whether each target exists on the storefront at `address`.
pub fn probe(report: &mut PathsReport, address: &str, environment: &StoreEnvironment) {
    if report.report.failure.is_some() {
        return;
    }
    let (site, url) = match Storefront::parse(address).map(|site| (Url::parse(site.base()), site)) {
        Ok((Ok(url), site)) => (site, url),
        Ok((Err(_), _)) => {
            return refuse(report, &StorefrontError::NotAbsolute(address.to_owned()));
        }
        Err(error) => return refuse(report, &error),
    };
    let guest = Guest::new(is_local(&url), environment);
    (environment.tell)(&format!("looking at {}", site.base()));
    let mut probed = targets(report);
    for target in &mut probed {
        match asked(&target.target, &report.storefront, &site) {
            Ok(url) => ask(&guest, target, url),
            Err(reason) => target.reason = Some(reason.to_owned()),
        }
    }
    report.report.findings.extend(findings(&probed, &site));
    report.probed = probed;
}

fn refuse(report: &mut PathsReport, error: &StorefrontError) {
    let failure = Failure {
        message: format!("--probe: {error}"),
        help: Some("write the storefront's address, such as `https://www.example.com`".to_owned()),
        place: None,
        code: FailureCode::InvalidStorefront,
    };
    report.report.failure = Some(failure);
}

/// Returns each target of the reported pages once, in an unknown state.
fn targets(report: &PathsReport) -> Vec<ProbedTarget> {
    let mut pages: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let leads = if report.tried.is_empty() { &report.pages } else { &report.tried };
    for lead in leads.iter().filter(|lead| !lead.is_kept) {
        let name = lead.page.trim_start_matches("pages/").to_owned();
        let names = pages.entry(target(lead, &report.storefront)).or_default();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let unknown = |(target, pages)| ProbedTarget {
        target,
        state: ProbedState::Unknown,
        status: None,
        leads_to: None,
        reason: None,
        pages,
    };
    pages.into_iter().map(unknown).collect()
}

/// Returns where an address leads, as far as known.
fn target(lead: &PathLead, storefront: &str) -> String {
    match (&lead.leads_to, &lead.address) {
        (Some(to), _) => to.clone(),
        (None, Some(address)) => format!("{storefront}{address}"),
        (None, None) => format!("{storefront}/{{path}}"),
    }
}

/// Returns the address to request, or why there is none. Values that only the shopper's address has are left
/// out of the query.
fn asked(target: &str, storefront: &str, site: &Storefront) -> Result<Url, &'static str> {
    let below = target
        .strip_prefix(storefront)
        .filter(|rest| rest.starts_with(['/', '?']) || rest.is_empty());
    let below = below.ok_or("it is on another site")?;
    let below = below.split('#').next().unwrap_or_default();
    let (path, query) = below.split_once('?').unwrap_or((below, ""));
    if path.contains('{') {
        return Err("it depends on the shopper's address");
    }
    let pairs: Vec<&str> =
        query.split('&').filter(|pair| !pair.is_empty() && !pair.contains('{')).collect();
    let query = if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) };
    Url::parse(&format!("{}{path}{query}", site.base())).map_err(|_| "it is no address")
}

/// Requests a target, following redirects within the same site.
fn ask(guest: &Guest<'_>, target: &mut ProbedTarget, from: Url) {
    let origin = from.origin();
    let mut at = from;
    for hops in 0..=MAX_REDIRECTS {
        let page = match guest.get(&at) {
            Ok(page) => page,
            Err(missed) => {
                target.reason = Some(reason(missed));
                return;
            }
        };
        target.status = Some(page.status);
        let next = page.header("location").filter(|_| (300..400).contains(&page.status));
        if let Some(Ok(next)) = next.map(|next| at.join(next)) {
            target.leads_to = Some(next.to_string());
            if next.origin() != origin {
                target.state = ProbedState::Redirects;
                target.reason = Some("to another site, which is not asked".to_owned());
                return;
            }
            at = next;
            continue;
        }
        target.state = match page.status {
            200..=299 if hops > 0 => ProbedState::Redirects,
            200..=299 => ProbedState::There,
            404 | 410 => ProbedState::Missing,
            _ => ProbedState::Unknown,
        };
        return;
    }
    target.reason = Some("it redirects again and again".to_owned());
}

fn reason(missed: FetchError) -> String {
    match missed {
        FetchError::NoHost => "there is no such host".to_owned(),
        FetchError::Closed => "it asked to be left alone".to_owned(),
        FetchError::NotSecure(reason) | FetchError::Failed(reason) => reason,
    }
}

/// Returns an error about missing targets, and a note about targets in an unknown state.
fn findings(probed: &[ProbedTarget], site: &Storefront) -> Vec<Finding> {
    let of = |state| probed.iter().filter(move |target| target.state == state);
    let list = |targets: Vec<&ProbedTarget>| {
        targets.iter().map(|target| target.target.as_str()).collect::<Vec<_>>().join(", ")
    };
    let missing: Vec<_> = of(ProbedState::Missing).collect();
    // Targets that depend on the shopper's address cannot be requested.
    let unknown: Vec<_> =
        of(ProbedState::Unknown).filter(|target| !target.target.contains('{')).collect();
    let mut findings = Vec::new();
    if !missing.is_empty() {
        let message = format!("{} does not have {}", site.base(), list(missing));
        let help = "add these pages to the storefront, or lead their addresses elsewhere ([[path]], --fallback)";
        let finding = Finding::new(Code::StorefrontMissing, message).help(help);
        findings.push(Finding { severity: Severity::Error, ..finding });
    }
    if !unknown.is_empty() {
        let message = format!("stencil-guard cannot tell whether these exist: {}", list(unknown));
        let finding = Finding::new(Code::LiveUnknown, message).help("look at them in a browser");
        findings.push(Finding { severity: Severity::Note, ..finding });
    }
    findings
}
