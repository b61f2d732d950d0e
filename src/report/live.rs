//! What a guest gets from a live store, as a table for people and as data.

use super::columns::columns;
use crate::pipeline::live::LiveOutcome;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt::Write;

/// What a guest gets from a live store.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct LiveReport {
    /// The addresses at which the store shows its theme, the most important first.
    pub hosts: Vec<LiveHost>,
    /// What the storefront makes of those who are led there; `None` if nobody is.
    pub storefront: Option<LiveStorefront>,
    /// How many requests it took.
    pub requests: usize,
}

/// One address of the store.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct LiveHost {
    /// The address.
    pub address: String,
    /// Its pages that were looked at.
    pub pages: Vec<LivePage>,
}

/// One page of a live store.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct LivePage {
    /// Its path and query.
    pub path: String,
    /// The page of the theme that is shown there, if that is known.
    pub page: Option<String>,
    /// Where the store itself sent the guest before anything was judged.
    pub sent_to: Option<String>,
    /// What becomes of it.
    pub outcome: LiveOutcome,
    /// Where a guest is led.
    pub leads_to: BTreeSet<String>,
    /// Why.
    pub reason: Option<String>,
    /// Whether there is no such host.
    #[serde(skip)]
    pub is_absent: bool,
}

/// What the storefront makes of shoppers who are led there. Paths are those of the storefront.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct LiveStorefront {
    /// Its address.
    pub address: String,
    /// Pages that are there.
    pub there: Vec<String>,
    /// Pages that are not.
    pub missing: Vec<String>,
    /// Pages that lead back into the shop.
    pub leads_back: Vec<String>,
    /// Pages to sign in or out that are not there.
    pub without_sign_in: Vec<String>,
    /// Pages that lead to any site.
    pub open_redirects: Vec<String>,
    /// Why it could not be looked at further.
    pub unknown: Option<String>,
}

/// A table of each address, with what is not as it should be at its end.
pub(super) fn text(live: &LiveReport) -> String {
    let mut text = String::new();
    for host in &live.hosts {
        let _ = writeln!(text, "{}, as a guest gets it", host.address.trim_end_matches('/'));
        let mut pages: Vec<&LivePage> = host.pages.iter().collect();
        pages.sort_by_key(|page| rank(page.outcome));
        let rows: Vec<[String; 3]> = pages.into_iter().map(row).collect();
        text.push_str(&columns(&rows));
        text.push('\n');
    }
    if let Some(storefront) = &live.storefront {
        text.push_str(&of_storefront(storefront));
    }
    let is_right = |page: &LivePage| rank(page.outcome) < rank(LiveOutcome::Unknown);
    let mut pages = live.hosts.iter().flat_map(|host| &host.pages);
    let verdict = match pages.all(is_right) {
        true => "Every page that was looked at is as it should be.",
        false => "This store is not guarded as it should be, or nobody can say.",
    };
    let _ = writeln!(text, "{verdict} ({} requests)", live.requests);
    text
}

/// What is as it should be comes first.
fn rank(outcome: LiveOutcome) -> usize {
    let order = [
        LiveOutcome::Kept,
        LiveOutcome::SentOn,
        LiveOutcome::Guarded,
        LiveOutcome::Unknown,
        LiveOutcome::Misled,
        LiveOutcome::Lost,
        LiveOutcome::Open,
    ];
    order.iter().position(|other| *other == outcome).unwrap_or(order.len())
}

fn row(page: &LivePage) -> [String; 3] {
    let word = match page.outcome {
        LiveOutcome::Kept => "kept",
        LiveOutcome::SentOn => "sent on",
        LiveOutcome::Guarded => "guarded",
        LiveOutcome::Unknown => "cannot tell",
        LiveOutcome::Misled => "misled",
        LiveOutcome::Lost => "lost",
        LiveOutcome::Open => "open",
    };
    let to: Vec<&str> = page.leads_to.iter().map(String::as_str).collect();
    let to = to.join(", ");
    let path = match &page.sent_to {
        Some(sent_to) => format!("{} -> {sent_to}", page.path),
        None => page.path.clone(),
    };
    let note = match (&page.reason, to.is_empty()) {
        (Some(reason), true) => reason.clone(),
        (Some(reason), false) => format!("to {to}; {reason}"),
        (None, true) => String::new(),
        (None, false) => format!("to {to}"),
    };
    [format!("  {word}"), path, note]
}

fn of_storefront(found: &LiveStorefront) -> String {
    let mut text = format!("{}, where shoppers are led\n", found.address);
    let rows =
        [("there", &found.there), ("missing", &found.missing), ("leads back", &found.leads_back)];
    for (word, paths) in rows.into_iter().filter(|(_, paths)| !paths.is_empty()) {
        let _ = writeln!(text, "  {word:<11}  {}", paths.join("  "));
    }
    if let Some(reason) = &found.unknown {
        let _ = writeln!(text, "  cannot tell  {reason}");
    }
    text.push('\n');
    text
}
