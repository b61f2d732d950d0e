//! The findings about a live store.

use super::pages::Pages;
use crate::guard::storefront::Storefront;
use crate::pipeline::live::LiveOutcome;
use crate::report::store::{LiveHost, LiveReport, LiveStorefront};
use crate::text::{Code, Finding, Severity, counted};
use std::collections::BTreeMap;

/// Returns everything that is wrong; pages that the user allows to be open, in `named`, only cause warnings.
pub(super) fn of(live: &LiveReport, named: &Pages, storefront: &Storefront) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        live.hosts.iter().flat_map(|host| of_host(host, named, storefront)).collect();
    findings.extend(live.storefront.iter().flat_map(of_storefront));
    findings
}

/// Returns the findings about a host; pages that are wrong for the same reason share a finding.
fn of_host(host: &LiveHost, named: &Pages, storefront: &Storefront) -> Vec<Finding> {
    let mut same: BTreeMap<(Code, bool, &str), Vec<&str>> = BTreeMap::new();
    for page in &host.pages {
        let Some(code) = code(page.outcome) else { continue };
        let is_allowed = code != Code::PageLost
            && page.page.as_ref().is_some_and(|page| named.may_be_open(page));
        let reason = page.reason.as_deref().unwrap_or_default();
        same.entry((code, is_allowed, reason)).or_default().push(&page.path);
    }
    let finding = |((code, is_allowed, reason), paths): ((Code, bool, &str), Vec<&str>)| {
        let address = host.address.trim_end_matches('/');
        let message = message(code, address, &paths, reason);
        let mut finding = Finding::new(code, message).help(help(code, storefront));
        if is_allowed {
            finding.severity = Severity::Warning;
            finding = finding.help("it may be, by --allow-open");
        }
        finding
    };
    same.into_iter().map(finding).collect()
}

fn code(outcome: LiveOutcome) -> Option<Code> {
    match outcome {
        LiveOutcome::Kept | LiveOutcome::Guarded | LiveOutcome::SentOn => None,
        LiveOutcome::Open => Some(Code::OpenPage),
        LiveOutcome::Lost => Some(Code::PageLost),
        LiveOutcome::Misled => Some(Code::OtherHost),
        LiveOutcome::Unknown => Some(Code::LiveUnknown),
    }
}

fn message(code: Code, host: &str, paths: &[&str], reason: &str) -> String {
    let pages = match paths {
        [path] => format!("{host}{path}"),
        [first, rest @ ..] => format!("{host}{first} and {} more", counted(rest.len(), "page")),
        [] => host.to_owned(),
    };
    let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
    match code {
        Code::OpenPage => format!("a guest sees {pages}{reason}"),
        Code::PageLost => format!("a guest is led away from {pages}{reason}"),
        Code::OtherHost => format!("a guest is led from {pages} to another site{reason}"),
        _ => format!("stencil-guard cannot tell what a guest gets from {pages}{reason}"),
    }
}

fn help(code: Code, storefront: &Storefront) -> String {
    match code {
        Code::OpenPage => "if the theme was activated a moment ago, look again in two minutes (--wait 120); else guard the theme with `stencil-guard deploy`".to_owned(),
        Code::PageLost => "keep the page with --keep when the theme is guarded".to_owned(),
        Code::OtherHost => format!("guard the theme again for {}", storefront.base()),
        _ => "look again when this has passed; until then nothing is proved".to_owned(),
    }
}

fn of_storefront(found: &LiveStorefront) -> Vec<Finding> {
    let list = |paths: &[String]| paths.join(", ");
    let mut findings = Vec::new();
    let mut add = |is_so: bool, code, message: String, help: &str| {
        if is_so {
            findings.push(Finding::new(code, message).help(help));
        }
    };
    let address = &found.address;
    add(
        !found.leads_back.is_empty(),
        Code::StorefrontLeadsBack,
        format!("{address} sends shoppers back into the shop from {}", list(&found.leads_back)),
        "take the redirect out of the storefront: shoppers would go round in a circle",
    );
    add(
        !found.missing.is_empty(),
        Code::StorefrontMissing,
        format!("{address} has no {}", list(&found.missing)),
        "add these pages to the storefront, or redirect them there",
    );
    add(
        found.unknown.is_some(),
        Code::LiveUnknown,
        format!("cannot look at {address}: {}", found.unknown.as_deref().unwrap_or_default()),
        "look again when the storefront answers",
    );
    add(
        !found.open_redirects.is_empty(),
        Code::StorefrontOpenRedirect,
        format!(
            "{address} leads to any site that redirectTo names: {}",
            list(&found.open_redirects)
        ),
        "accept paths of the storefront only: attackers can use this for phishing",
    );
    add(
        !found.without_sign_in.is_empty(),
        Code::StorefrontSignIn,
        format!("{address} has no {}", list(&found.without_sign_in)),
        "the checkout leads there with `redirectTo` only if shoppers sign in on the storefront",
    );
    findings
}
