//! Turns a theme into a guarded theme that has been judged, and that into a bundle.
//!
//! Pure: it reads and writes no files, and it knows neither the command line nor the form of the reports.

mod audience;
mod bundling;
mod carts;
pub mod checked_page;
mod checker;
mod guard;
mod guard_elements;
mod guard_parameters;
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

/// Pages that everybody sees unless the user says otherwise; a theme may lack some of them.
pub const KEPT_BY_DEFAULT: &[&str] =
    &["pages/checkout", "pages/order-complete", "pages/order-confirmation"];

/// The user's choices about a build.
#[derive(Clone, Debug)]
pub struct BuildOptions {
    /// What guarded pages do.
    pub mechanism: Mechanism,
    /// The storefront that shoppers are sent to.
    pub storefront: Storefront,
    /// Pages to keep besides the default ones, with or without `pages/`.
    pub keep: Vec<String>,
    /// Pages to guard although the default is to keep them.
    pub no_keep: Vec<String>,
    /// Whether the page on which shoppers pay may be guarded, too.
    pub stop_payments: bool,
    /// Pages that shoppers may still see if no guard can be placed.
    pub allow_open: Vec<String>,
    /// The path rules.
    pub paths: PathTable,
    /// What the link to the storefront says.
    pub texts: Texts,
    /// What guarded pages tell search engines.
    pub search_engines: SearchEngines,
    /// What becomes of links on kept pages.
    pub links: LinkSettings,
    /// Whether the local development server redirects, too.
    pub guard_development: bool,
    /// Whether pages are guarded in the theme editor's frame, too.
    pub guard_editor: bool,
    /// Whether the theme editor can switch the guard off and change its storefront.
    pub theme_settings: bool,
    /// The values that merchants have set in the theme editor; if empty, those in the theme itself count.
    pub chosen: Chosen,
    /// A new name for the theme, if it is to be renamed.
    pub theme_name: Option<String>,
    /// Ignored files to include in the outputs although they may hold secrets.
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
    /// The theme as it was read; places in findings refer to it.
    pub source: Theme,
    /// The guarded theme.
    pub theme: Theme,
    /// The guarded theme's templates.
    pub templates: Templates,
    /// How many templates had to be scanned, including those of intermediate themes.
    pub scanned: usize,
    /// The theme's name and version, after any renaming.
    pub identity: Identity,
    /// What becomes of each page, by name.
    pub pages: BTreeMap<String, PageOutcome>,
    /// What becomes of each link of the kept pages.
    pub links: Vec<Link>,
    /// Paths of the files that were edited.
    pub edited: Vec<String>,
    /// Paths of the files that were added.
    pub added: Vec<String>,
    /// Paths of the files that were removed together with an earlier guard.
    pub removed: Vec<String>,
    /// What the user should know; after an error the theme must not be used.
    pub findings: Vec<Finding>,
}

impl Guarded {
    /// Whether the findings contain an error, so that nothing may be written.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Turns every warning into an error.
    pub fn refuse_warnings(&mut self) {
        let is_warning = |finding: &&mut Finding| finding.severity == Severity::Warning;
        let warnings = self.findings.iter_mut().filter(is_warning);
        warnings.for_each(|finding| finding.severity = Severity::Error);
    }
}

/// Why a build could not start.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The options name a page that the theme does not have.
    #[error("the theme has no page `{name}`")]
    UnknownPage {
        /// The name as given.
        name: String,
        /// The closest existing page.
        closest: Option<String>,
    },
    /// The build would guard the page on which shoppers pay.
    #[error("`checkout` would be guarded, and nobody could pay any more")]
    StopsPayments,
    /// The options name a file to include that is not an ignored file.
    #[error("no file called `{name}` was left out of the theme, so it cannot be included")]
    NotLeftOut {
        /// The name as given.
        name: String,
        /// The closest ignored file.
        closest: Option<String>,
    },
    /// The guard's own text cannot be written.
    #[error(transparent)]
    Plan(#[from] PlanError),
}

/// Returns the theme with the given files, which were ignored because they may hold secrets.
///
/// # Errors
/// When one of the files was not ignored.
pub fn including(theme: &Theme, paths: &[String]) -> Result<Theme, BuildError> {
    theme.including(paths).map_err(|name| {
        let closest = nearest(&name, theme.secrets.keys().map(String::as_str)).map(str::to_owned);
        BuildError::NotLeftOut { name, closest }
    })
}

/// Returns the theme as it was before it was guarded; `None` if it has no guard.
pub fn unguard(theme: &Theme) -> Option<Guarded> {
    let original = undo(theme)?;
    let (edited, added, removed) = differences(theme, &original);
    let source = theme.clone();
    let mut result = Guarded { source, edited, added, removed, ..unchanged(&original) };
    result.findings.extend(lost(&result.templates));
    Some(result)
}

/// Returns a theme that is left as it is.
pub fn unchanged(theme: &Theme) -> Guarded {
    let templates = Templates::new(theme);
    let mut findings = check::check(theme, &templates);
    // Nothing has to be proved about the theme, and the platform may accept it.
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

/// Returns the paths of the files that were edited, added and removed.
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
