//! From a theme to a guarded theme that has been judged, and from there to a bundle.
//!
//! Pure: it reads and writes nothing, and it knows neither the command line nor how results look.

mod audience;
mod bundling;
mod carts;
pub mod checked_page;
mod checker;
mod guard;
mod hosts;
pub mod inspect;
mod judge;
pub mod leads;
#[cfg(feature = "store")]
pub mod live;
mod odd_markup;
pub mod outside;
pub mod page_names;
pub mod parsed;
mod places;
pub mod platform_links;
mod policy;
mod portals;
pub mod progress;
mod scripts;
mod stages;
mod switched;
mod theme_settings;
mod told_elements;
mod told_paths;
pub mod visits;
pub mod ways_out;
mod words;

pub use bundling::{BundleOptions, BundleTools, bundle};
pub use guard::{guard, guard_again, links};
pub use policy::{PAYMENT, check_names};

use crate::guard::link_settings::LinkSettings;
use crate::guard::links::Link;
use crate::guard::paths::PathTable;
use crate::guard::plan::{Mechanism, PlanError};
use crate::guard::search_engines::SearchEngines;
use crate::guard::storefront::Storefront;
use crate::guard::texts::Texts;
use crate::guard::theme_settings::Chosen;
use crate::guard::undo::{lost, undo};
use crate::text::{Code, Finding, Severity, nearest};
use crate::theme::json::{self, Identity};
use crate::theme::pages::Templates;
use crate::theme::{Theme, check};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// Pages that everybody sees unless the user says otherwise; a theme has some of them.
pub const KEPT_BY_DEFAULT: &[&str] =
    &["pages/checkout", "pages/order-complete", "pages/order-confirmation"];

/// What the user decided about a build.
#[derive(Clone, Debug)]
pub struct BuildOptions {
    /// What guarded pages do.
    pub mechanism: Mechanism,
    /// Where shoppers belong.
    pub storefront: Storefront,
    /// Pages to keep besides the default ones, with or without `pages/`.
    pub keep: Vec<String>,
    /// Pages to guard although they are kept by default.
    pub no_keep: Vec<String>,
    /// Whether the page on which shoppers pay may be guarded, too.
    pub stop_payments: bool,
    /// Pages that shoppers may go on seeing if no guard can be placed.
    pub allow_open: Vec<String>,
    /// Which path leads where.
    pub paths: PathTable,
    /// What the link to the storefront says.
    pub texts: Texts,
    /// What guarded pages tell search engines.
    pub search_engines: SearchEngines,
    /// What becomes of links on kept pages.
    pub links: LinkSettings,
    /// Whether the local development server redirects too.
    pub guard_development: bool,
    /// Whether pages are guarded in the frame of the theme editor, too.
    pub guard_editor: bool,
    /// Whether the guard can be switched off, and its storefront changed, in the theme editor.
    pub theme_settings: bool,
    /// What merchants set in the theme editor before; without it, what the theme itself says counts.
    pub chosen: Chosen,
    /// A new name for the theme.
    pub theme_name: Option<String>,
    /// Files that may hold secrets and belong into the outputs all the same.
    pub include: Vec<String>,
}

/// What becomes of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PageOutcome {
    /// Shown to everybody.
    Kept,
    /// Shoppers are sent to the storefront; members of allowed groups may see it.
    Guarded,
    /// Shown as before, because no page is guarded.
    Shown,
    /// Shown although it should not be; nothing is written.
    Open,
    /// The tool cannot tell whether it is shown.
    Uncertain,
    /// The engine refuses its template, so nobody sees it.
    Refused,
}

/// The outcome of a build before anything is written.
#[derive(Debug)]
pub struct Guarded {
    /// The theme as it was read, which places in findings are in.
    pub source: Theme,
    /// The theme with its guard.
    pub theme: Theme,
    /// Its templates.
    pub templates: Templates,
    /// How many templates had to be scanned, those on the way to the guarded theme too.
    pub scanned: usize,
    /// The theme's name and version, after a renaming.
    pub identity: Identity,
    /// What becomes of each page, by name.
    pub pages: BTreeMap<String, PageOutcome>,
    /// What becomes of each link of the kept pages.
    pub links: Vec<Link>,
    /// Paths of the files that were edited.
    pub edited: Vec<String>,
    /// Paths of the files that were added.
    pub added: Vec<String>,
    /// Paths of the files that were removed, with an earlier guard.
    pub removed: Vec<String>,
    /// What the user should know; after an error the theme must not be used.
    pub findings: Vec<Finding>,
}

impl Guarded {
    /// Whether nothing may be written.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Makes every warning an error.
    pub fn refuse_warnings(&mut self) {
        let is_warning = |finding: &&mut Finding| finding.severity == Severity::Warning;
        let warnings = self.findings.iter_mut().filter(is_warning);
        warnings.for_each(|finding| finding.severity = Severity::Error);
    }
}

/// Why a build could not even be tried.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// A page was named that the theme does not have.
    #[error("the theme has no page `{name}`")]
    UnknownPage {
        /// As given.
        name: String,
        /// The closest page that there is.
        closest: Option<String>,
    },
    /// The page on which shoppers pay would be guarded.
    #[error("`checkout` would be guarded, and nobody could pay any more")]
    StopsPayments,
    /// A file was named that was not left out.
    #[error("no file called `{name}` was left out of the theme, so it cannot be included")]
    NotLeftOut {
        /// As given.
        name: String,
        /// The closest file that was.
        closest: Option<String>,
    },
    /// The guard's own text cannot be written.
    #[error(transparent)]
    Plan(#[from] PlanError),
}

/// The theme with files that were left out of it because they may hold secrets.
///
/// # Errors
/// When one was not left out.
pub fn including(theme: &Theme, paths: &[String]) -> Result<Theme, BuildError> {
    theme.including(paths).map_err(|name| {
        let closest = nearest(&name, theme.secrets.keys().map(String::as_str)).map(str::to_owned);
        BuildError::NotLeftOut { name, closest }
    })
}

/// The theme from before its guard; `None` if it holds none.
pub fn unguard(theme: &Theme) -> Option<Guarded> {
    let original = undo(theme)?;
    let (edited, added, removed) = differences(theme, &original);
    let source = theme.clone();
    let mut result = Guarded { source, edited, added, removed, ..as_it_stands(&original) };
    result.findings.extend(lost(&result.templates));
    Some(result)
}

/// A theme to which nothing is done.
pub fn as_it_stands(theme: &Theme) -> Guarded {
    let templates = Templates::new(theme);
    let mut findings = check::check(theme, &templates);
    // Nothing has to be proved about it, and the platform may take it.
    let is_deep = |finding: &&mut Finding| finding.code == Code::NestedTooDeeply;
    findings.iter_mut().filter(is_deep).for_each(|finding| finding.severity = Severity::Warning);
    Guarded {
        pages: templates.pages().map(|page| (page.to_owned(), PageOutcome::Shown)).collect(),
        identity: identity(theme, &mut findings),
        source: theme.clone(),
        theme: theme.clone(),
        scanned: templates.scanned(),
        templates,
        links: Vec::new(),
        edited: Vec::new(),
        added: Vec::new(),
        removed: Vec::new(),
        findings,
    }
}

/// Paths of the files that were edited, added and removed.
fn differences(before: &Theme, after: &Theme) -> (Vec<String>, Vec<String>, Vec<String>) {
    let only_in = |one: &Theme, other: &Theme| {
        let paths = one.files.keys().filter(|path| !other.files.contains_key(*path));
        paths.cloned().collect::<Vec<String>>()
    };
    let edited = after
        .files
        .iter()
        .filter(|(path, file)| before.files.get(*path).is_some_and(|earlier| earlier != *file));
    let edited = edited.map(|(path, _)| path.clone()).collect();
    (edited, only_in(after, before), only_in(before, after))
}

fn identity(theme: &Theme, findings: &mut Vec<Finding>) -> Identity {
    let config = theme.bytes("config.json").unwrap_or_default();
    json::identity(config).unwrap_or_else(|finding| {
        findings.push(finding);
        Identity::default()
    })
}
