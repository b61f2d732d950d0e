//! From a theme to a guarded theme that has been judged, and from there to a bundle.
//!
//! Pure: it reads and writes nothing, and it knows neither the command line nor how results look.

mod audience;
mod bundling;
mod carts;
pub mod checked_page;
mod checker;
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

use crate::guard::hide;
use crate::guard::link_settings::LinkSettings;
use crate::guard::links::{self, Link, LinkPlan};
use crate::guard::names;
use crate::guard::paths::PathTable;
use crate::guard::plan::{self, Mechanism, PlanError, Policy};
use crate::guard::search_engines::SearchEngines;
use crate::guard::storefront::Storefront;
use crate::guard::texts::Texts;
use crate::guard::theme_settings::{Chosen, chosen};
use crate::guard::undo::{lost, undo, undo_scanned};
use crate::text::{Code, Finding, Severity, nearest};
use crate::theme::json::{self, Identity};
use crate::theme::pages::Templates;
use crate::theme::{Cache, Theme, check};
use crate::verify::Visitor;
use page_names::known_pages;
use schemars::JsonSchema;
use serde::Serialize;
use stages::Stages;
use std::collections::{BTreeMap, BTreeSet};

/// Pages that everybody sees unless the user says otherwise; a theme has some of them.
pub const KEPT_BY_DEFAULT: &[&str] =
    &["pages/checkout", "pages/order-complete", "pages/order-confirmation"];

/// The page on which shoppers pay.
pub const PAYMENT: &str = "pages/checkout";

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

/// Guards `theme` and judges the result. A guard that it holds already is taken out first.
///
/// # Errors
/// When the options do not fit the theme; what is wrong with the theme itself is a finding.
pub fn guard(theme: &Theme, options: &BuildOptions) -> Result<Guarded, BuildError> {
    guard_again(theme, options, &mut Cache::default())
}

/// The same, where files that come out as they did in the last run are in the cache.
///
/// # Errors
/// When the options do not fit the theme; what is wrong with the theme itself is a finding.
pub fn guard_again(
    theme: &Theme,
    options: &BuildOptions,
    cache: &mut Cache,
) -> Result<Guarded, BuildError> {
    cache.begin_run();
    let theme = &including(theme, &options.include)?;
    let templates = Templates::new(theme);
    let undone = undo_scanned(theme, &templates);
    let undone = undone.map(|undone| cache.reuse(undone, theme.files.keys()));
    let original = undone.as_ref().unwrap_or(theme);
    let templates = undone.as_ref().map_or(templates, Templates::new);
    let mut policy = policy(&templates, options)?;
    if policy.chosen.is_empty() {
        policy.chosen = chosen(theme);
    }
    let mut findings = check::check(original, &templates);
    findings.extend(undone.as_ref().map(|_| guarded_before()));
    findings.extend(undone.iter().flat_map(|_| lost(&templates)));
    findings.extend(missing_kept_pages(&templates, options));
    findings.extend(names::taken(original));
    findings.extend(script_findings(original, &templates, &policy));
    if policy.mechanism != Mechanism::None {
        let guarded = templates.pages().filter(|page| !policy.kept.contains(*page)).collect();
        findings.extend(portals::findings(original, &templates, &guarded));
    }
    let mut stages = Stages::new(original, templates, cache);
    let links = rename_links(&mut stages, &policy);
    if !policy.links.hidden.is_empty() {
        stages.apply(hide::plan(&stages.theme, &stages.templates, &policy));
    }
    let plan = plan::plan(&stages.theme, &stages.templates, &policy)?;
    stages.apply(plan);
    let Stages { theme: guarded, templates, findings: mut planned, scanned, .. } = stages;
    findings.append(&mut planned);
    let allowed_open = known_pages(&templates, &options.allow_open)?;
    let pages = judge::judge(&guarded, &templates, &policy, &allowed_open, &mut findings);
    judge::excuse(&mut findings, &templates, &pages, &allowed_open);
    findings.extend(outside::findings(&pages, &policy.paths));
    findings.extend(platform_links::findings(&pages));
    findings.extend(carts::unused(&policy, &templates));
    if policy.mechanism != Mechanism::None {
        let names: Vec<&str> = templates.pages().collect();
        findings.extend(leads::findings(&policy.paths, &policy.kept, &names));
        findings.extend(leads::unused(original, &policy.storefront));
    }
    if policy.theme_settings {
        let is_guarded = |outcome: &&PageOutcome| **outcome == PageOutcome::Guarded;
        findings.push(theme_settings::note(pages.values().filter(is_guarded).count()));
    }
    let identity = identity(&guarded, &mut findings);
    let (edited, added, removed) = differences(theme, &guarded);
    Ok(Guarded {
        source: theme.clone(),
        theme: guarded,
        templates,
        scanned,
        identity,
        pages,
        links,
        edited,
        added,
        removed,
        findings,
    })
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

/// Where the scripts of the kept pages lead.
fn script_findings(theme: &Theme, templates: &Templates, policy: &Policy) -> Vec<Finding> {
    let shop =
        scripts::Shop { theme, templates, kept: &policy.kept, own_hosts: &policy.links.own_hosts };
    let shoppers: Vec<Visitor> = audience::shoppers().map(Visitor::new).to_vec();
    let shoppers: Vec<&Visitor> = shoppers.iter().collect();
    let kept = templates.pages().filter(|page| policy.kept.contains(*page));
    let printed = ways_out::Printed::new(templates, kept, &shoppers);
    scripts::findings(&shop, &|name, span| !printed.on(name, span).is_empty())
}

/// Renames the links of kept pages, in what is left of them.
fn rename_links(stages: &mut Stages<'_>, policy: &Policy) -> Vec<Link> {
    stages.apply(links::plan_bare(&stages.theme, &stages.templates, policy));
    let LinkPlan { plan, links } = links::plan(&stages.theme, &stages.templates, policy);
    stages.apply(plan);
    links
}

fn policy(templates: &Templates, options: &BuildOptions) -> Result<Policy, BuildError> {
    let pages: Vec<&str> =
        templates.pages().filter_map(|page| page.strip_prefix("pages/")).collect();
    Ok(Policy {
        mechanism: options.mechanism.clone(),
        kept: kept_pages(templates, options)?,
        storefront: options.storefront.clone(),
        guard_development: options.guard_development,
        guard_editor: options.guard_editor,
        theme_settings: options.theme_settings && options.mechanism != Mechanism::None,
        chosen: options.chosen.clone(),
        paths: options.paths.for_pages(&pages),
        texts: options.texts.clone(),
        search_engines: options.search_engines,
        links: options.links.clone(),
        theme_name: options.theme_name.clone(),
    })
}

/// What a build would decide about the links of kept pages, and the theme from before any guard in which
/// they stand.
///
/// # Errors
/// When the options do not fit the theme.
pub fn links(theme: &Theme, options: &BuildOptions) -> Result<(Theme, Vec<Finding>), BuildError> {
    let original = undo(theme).unwrap_or_else(|| theme.clone());
    let templates = Templates::new(&original);
    let policy = policy(&templates, options)?;
    let mut cache = Cache::default();
    let mut stages = Stages::new(&original, templates, &mut cache);
    rename_links(&mut stages, &policy);
    let mut findings = stages.findings;
    findings.retain(|finding| finding.code.is_about_a_link());
    Ok((original, findings))
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

fn guarded_before() -> Finding {
    let message = "the theme was guarded before; its guard was taken out and a new one put in";
    Finding::new(Code::GuardedBefore, message)
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

fn kept_pages(
    templates: &Templates,
    options: &BuildOptions,
) -> Result<BTreeSet<String>, BuildError> {
    let mut kept: BTreeSet<String> =
        KEPT_BY_DEFAULT.iter().map(|name| (*name).to_owned()).collect();
    // Where no page is guarded, shoppers still come to the checkout through the cart.
    let cart = "pages/cart";
    if options.mechanism == Mechanism::None && templates.get(cart).is_some() {
        kept.insert(cart.to_owned());
    }
    kept.append(&mut known_pages(templates, &options.keep)?);
    for page in known_pages(templates, &options.no_keep)? {
        kept.remove(&page);
    }
    let is_shown = kept.contains(PAYMENT) || options.mechanism == Mechanism::None;
    match is_shown || options.stop_payments {
        true => Ok(kept),
        false => Err(BuildError::StopsPayments),
    }
}

/// Whether the theme has every page that the options name.
///
/// # Errors
/// When it does not have one.
pub fn check_names(theme: &Theme, options: &BuildOptions) -> Result<(), BuildError> {
    let templates = Templates::new(theme);
    for names in [&options.keep, &options.no_keep, &options.allow_open] {
        known_pages(&templates, names)?;
    }
    Ok(())
}

/// A note if shoppers cannot pay with this theme's own pages.
fn missing_kept_pages(templates: &Templates, options: &BuildOptions) -> Option<Finding> {
    let page = "pages/checkout";
    let is_wanted = !options.no_keep.iter().any(|name| name.ends_with("checkout"));
    (is_wanted && templates.get(page).is_none()).then(|| {
        Finding::new(
            Code::KeptPageMissing,
            "the theme has no page `checkout`, so there is nothing to keep for it",
        )
        .help("the platform shows its own page instead")
    })
}

fn identity(theme: &Theme, findings: &mut Vec<Finding>) -> Identity {
    let config = theme.bytes("config.json").unwrap_or_default();
    json::identity(config).unwrap_or_else(|finding| {
        findings.push(finding);
        Identity::default()
    })
}
