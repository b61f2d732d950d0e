//! The reports of `routes`: what each route is and should be, and which links follow it.

use super::columns::columns;
use crate::text::printable;
use schemars::JsonSchema;
use serde::Serialize;
use std::fmt::Write;
use std::path::PathBuf;

/// The routes of a site, and what becomes of them.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct RoutesReport {
    /// The ID of the channel.
    pub channel: u64,
    /// The channel's name.
    pub name: String,
    /// The address of the channel's site, without a final slash.
    pub site: String,
    /// The address of the checkout.
    pub checkout: Option<String>,
    /// The platform's map that defines the wanted routes, with its version and date, if one is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub map: Option<String>,
    /// The settings of the checkout, if they were requested and the account may read them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checkout_settings: Option<CheckoutRow>,
    /// Addresses and settings that are to change, or were changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<ValueRow>,
    /// The routes.
    pub routes: Vec<RouteRow>,
    /// The 301 redirects for a list, if that was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub redirects: Vec<RedirectRow>,
    /// Whether the changes were made; otherwise they are only planned.
    pub is_done: bool,
    /// The file that records the previous routes, if something was changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restore_file: Option<PathBuf>,
}

/// An address or a setting of the checkout.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Value")]
pub struct ValueRow {
    /// `site-url`, `checkout-url`, or the API's name of a setting of the checkout.
    pub name: String,
    /// The value when the command began; `null` if it was not set.
    pub now: serde_json::Value,
    /// The value after the change.
    pub after: serde_json::Value,
    /// The links that follow the value, as far as known.
    pub links: Vec<&'static str>,
}

impl ValueRow {
    fn shown(value: &serde_json::Value) -> String {
        match value {
            serde_json::Value::Null => "none".to_owned(),
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }

    fn step(&self) -> String {
        let (now, after) = (Self::shown(&self.now), Self::shown(&self.after));
        format!("the {}: {now} → {after}", self.name)
    }
}

/// One redirect of a list.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Redirect")]
pub struct RedirectRow {
    /// The path in the hosted shop.
    pub from: String,
    /// Where the redirect would lead.
    pub to: String,
}

/// The settings of a checkout that its links depend on.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CheckoutSettings")]
#[serde(rename_all = "kebab-case")]
pub struct CheckoutRow {
    /// Whether shoppers sign in and out on the storefront.
    pub signs_in_on_storefront: Option<bool>,
    /// The address of the terms, if shoppers must agree to terms and these are a link.
    pub terms: Option<String>,
    /// The script of the merchant's own checkout, if there is one.
    pub script: Option<String>,
}

/// One route.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Route")]
#[serde(rename_all = "kebab-case")]
pub struct RouteRow {
    /// The route's type, and what it matches if that is not all pages of the type.
    pub route: String,
    /// Where the route led when the command began; `null` if there was no such route.
    pub now: Option<String>,
    /// Where the route leads after the change; `null` if it is removed.
    pub after: Option<String>,
    /// What becomes of the route.
    pub change: RouteChange,
    /// The links that follow the route, as far as known.
    pub links: Vec<&'static str>,
}

/// What becomes of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RouteChange {
    /// It stays as it is.
    None,
    /// It is created.
    Create,
    /// It is changed.
    Update,
    /// It is removed.
    Delete,
}

impl RouteChange {
    fn word(self, is_done: bool) -> &'static str {
        match (self, is_done) {
            (Self::None, _) => "stays",
            (Self::Create, false) => "create",
            (Self::Create, true) => "created",
            (Self::Update, false) => "change",
            (Self::Update, true) => "changed",
            (Self::Delete, false) => "remove",
            (Self::Delete, true) => "removed",
        }
    }
}

impl RoutesReport {
    fn changed(&self) -> impl Iterator<Item = &RouteRow> {
        self.routes.iter().filter(|row| row.change != RouteChange::None)
    }

    /// Returns the address of the site after the change.
    fn site_after(&self) -> &str {
        let moved = self.values.iter().find(|row| row.name == "site-url");
        moved.and_then(|row| row.after.as_str()).unwrap_or(&self.site)
    }

    fn title(&self) -> String {
        let checkout = self.checkout.as_deref().unwrap_or("none of its own");
        let Self { channel, name, site, .. } = self;
        format!("channel {channel} ({name}): site {site}, checkout {checkout}")
    }
}

/// Formats the planned changes, one line for each step.
pub fn lines(report: &RoutesReport) -> Vec<String> {
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
    let line = |row: &RouteRow| {
        let word = row.change.word(false);
        format!("{word} the route {}: {} → {}", row.route, or_none(&row.now), or_none(&row.after))
    };
    let values = report.values.iter().map(|row| format!("change {}", row.step()));
    std::iter::once(report.title()).chain(values).chain(report.changed().map(line)).collect()
}

const REDIRECTS: &str = "301 redirects, as a list would hold them (nothing is applied: nobody has proved that they work for
pages that exist, or on the checkout's host)";

/// Formats the report for people.
pub(super) fn text(report: &RoutesReport) -> String {
    let mut text = format!("Routes of {}\n", report.title());
    if let Some(map) = &report.map {
        let _ = writeln!(text, "wanted by the map of {map}");
    }
    if !report.routes.is_empty() {
        let dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "–".to_owned());
        let (now, after) = if report.is_done { ("BEFORE", "NOW") } else { ("NOW", "WANTED") };
        let mut rows = vec![["ROUTE", now, after, ""].map(str::to_owned)];
        rows.extend(report.routes.iter().map(|row| {
            let word = row.change.word(report.is_done).to_owned();
            [row.route.clone(), dash(&row.now), dash(&row.after), word]
        }));
        let _ = write!(text, "\n{}", columns(&rows));
    }
    if !report.values.is_empty() {
        let verb = if report.is_done { "changed" } else { "change" };
        text.push_str("\nAddresses and settings\n");
        for row in &report.values {
            let links = match row.links.as_slice() {
                [] => String::new(),
                links => format!(" ({} follows)", links.join(", ")),
            };
            let _ = writeln!(text, "  {verb} {}{links}", row.step());
        }
    }
    let links: Vec<String> = report.changed().flat_map(|row| link_lines(row, report)).collect();
    if !links.is_empty() {
        let _ = write!(text, "\nLinks\n{}", links.concat());
    }
    if !report.redirects.is_empty() {
        let rows: Vec<[String; 2]> =
            report.redirects.iter().map(|row| [row.from.clone(), row.to.clone()]).collect();
        let _ = write!(text, "\n{REDIRECTS}\n{}", columns(&rows));
    }
    let _ = match (
        report.changed().count() + report.values.len(),
        report.is_done,
        &report.restore_file,
    ) {
        (0, ..) => writeln!(text, "\nNothing is to be changed."),
        (_, true, Some(file)) => {
            writeln!(text, "\nTo go back: stencil-guard routes restore {}", file.display())
        }
        (_, true, None) => writeln!(text, "\nAll this is as it was before."),
        (_, false, _) => writeln!(text, "\n`routes apply` makes these changes."),
    };
    printable(&text).into_owned()
}

/// Formats one line for each link that a change moves.
fn link_lines(row: &RouteRow, report: &RoutesReport) -> Vec<String> {
    let address = |path: &Option<String>, site: &str| match path {
        Some(path) => format!("{site}{path}"),
        None => "the platform's own address".to_owned(),
    };
    let (verb, then) = if report.is_done { ("leads", "before") } else { ("will lead", "now") };
    let after = address(&row.after, report.site_after());
    let now = address(&row.now, &report.site);
    row.links.iter().map(|link| format!("  {link}: {verb} to {after} ({then} {now})\n")).collect()
}
