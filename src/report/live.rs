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
    /// The answers of the storefront that guests are redirected to; `None` if no page redirects.
    pub storefront: Option<LiveStorefront>,
    /// The number of requests.
    pub requests: usize,
}

/// One address of the store.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct LiveHost {
    /// The address.
    pub address: String,
    /// The pages that were checked.
    pub pages: Vec<LivePage>,
}

/// One page of a live store.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct LivePage {
    /// The page's path and query.
    pub path: String,
    /// The page of the theme that is shown there, if known.
    pub page: Option<String>,
    /// The address that the store itself redirected the guest to before the page was judged.
    pub sent_to: Option<String>,
    /// What becomes of the page.
    pub outcome: LiveOutcome,
    /// The addresses that a guest is redirected to.
    pub leads_to: BTreeSet<String>,
    /// The reason for the outcome.
    pub reason: Option<String>,
    /// Whether the host does not exist.
    #[serde(skip)]
    pub is_absent: bool,
}

/// The answers of the storefront that shoppers are redirected to. Paths are those of the storefront.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct LiveStorefront {
    /// The storefront's address.
    pub address: String,
    /// Pages that exist.
    pub there: Vec<String>,
    /// Pages that do not exist.
    pub missing: Vec<String>,
    /// Pages that lead back into the shop.
    pub leads_back: Vec<String>,
    /// Pages to sign in or out that do not exist.
    pub without_sign_in: Vec<String>,
    /// Pages that redirect to any site.
    pub open_redirects: Vec<String>,
    /// Why the storefront could not be checked further.
    pub unknown: Option<String>,
}

/// Formats a table for each address; the pages with problems come last.
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
        false => "This store is not guarded as it should be, or stencil-guard cannot tell.",
    };
    let _ = writeln!(text, "{verdict} ({} requests)", live.requests);
    text
}

/// Returns the position of an outcome in a table; good outcomes come first.
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
