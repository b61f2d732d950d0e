//! The storefront that the settings name, with further ones for certain hosts of the shop or certain
//! languages.

use crate::config::{Settings, StorefrontRow};
use crate::guard::paths::{Problem, RuleOrigin, RulePlace, RuleProblem};
use crate::guard::storefront::{ScopedStorefront, Storefront, StorefrontError};
use crate::report::Place;
use url::{Position, Url};

/// Why the user's storefronts cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StorefrontsError {
    #[error(transparent)]
    Address(#[from] StorefrontError),
    #[error("{}", .0.trouble)]
    Row(Box<Problem>),
}

impl StorefrontsError {
    /// Returns what to do, and the place in the settings file.
    pub(super) fn explain(self) -> (Option<String>, Option<Place>) {
        match self {
            Self::Row(problem) => explain(*problem),
            Self::Address(_) => (None, None),
        }
    }
}

/// Returns what to do about a rule or a row, and its place in the settings file.
pub(super) fn explain(problem: Problem) -> (Option<String>, Option<Place>) {
    let help = problem.trouble.help().to_owned();
    let span = problem.span();
    let source = problem.place.text.to_string();
    (Some(help), Some(Place { path: problem.place.file, source, span }))
}

/// Returns the storefront, with further ones; `None` if the settings name none.
pub(crate) fn all(settings: &Settings) -> Result<Option<Storefront>, StorefrontsError> {
    let address = settings.storefront.as_deref().filter(|text| !text.is_empty());
    let Some(storefront) = address.map(Storefront::parse).transpose()? else { return Ok(None) };
    let rows = settings.storefronts.as_deref().unwrap_or_default();
    let mut further = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        if let Some(trouble) = trouble(row, &rows[..at], rows, &storefront) {
            return Err(StorefrontsError::Row(Box::new(Problem { place: place(row), trouble })));
        }
        let storefront = Storefront::parse(&row.url.0)?;
        further.push(ScopedStorefront { visit: row.visit(), storefront });
    }
    Ok(Some(storefront.with(further)))
}

/// Returns the hosts of the store that the settings name, without ports.
pub(super) fn own_hosts(settings: &Settings) -> Vec<String> {
    let rows = settings.storefronts.iter().flatten();
    let hosts = rows.filter_map(|row| row.host.as_ref()).map(|host| without_port(&host.0));
    settings.own_host.iter().flatten().cloned().chain(hosts).collect()
}

fn trouble(
    row: &StorefrontRow,
    earlier: &[StorefrontRow],
    rows: &[StorefrontRow],
    storefront: &Storefront,
) -> Option<RuleProblem> {
    if row.host.is_none() && row.locale.is_none() {
        return Some(RuleProblem::ForEverybody);
    }
    if let Some(other) = earlier.iter().find(|other| other.visit() == row.visit()) {
        return Some(RuleProblem::SameVisit(other.origin.to_string()));
    }
    let targets = rows.iter().map(|row| row.url.0.as_str()).chain([storefront.base()]);
    let mut targets = targets.filter_map(host_of);
    let host = row.host.as_ref()?;
    targets.any(|target| target == host.0).then(|| RuleProblem::HostIsTarget(host.0.clone()))
}

fn host_of(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    Some(url[Position::BeforeHost..Position::AfterPort].to_owned())
}

fn without_port(host: &str) -> String {
    let url = Url::parse(&format!("https://{host}")).ok();
    url.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_else(|| host.to_owned())
}

fn place(row: &StorefrontRow) -> RulePlace {
    match &row.origin {
        RuleOrigin::Settings(place) => place.clone(),
        _ => RulePlace::default(),
    }
}
