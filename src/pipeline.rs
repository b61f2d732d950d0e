//! From a theme to a guarded theme that has been judged, and from there to a bundle.
//!
//! Pure: it reads and writes nothing, and it knows neither the command line nor how results look.

use crate::bundle;
use crate::guard::plan::{self, Plan, PlanError, Policy};
use crate::guard::storefront::Storefront;
use crate::text::{Code, EditSet, Finding, Severity};
use crate::theme::json::{self, Identity};
use crate::theme::pages::Templates;
use crate::theme::{Theme, check};
use crate::verify::{self, Outcome};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

/// Pages that everybody sees unless the user says otherwise; a theme has some of them.
pub const KEPT_BY_DEFAULT: &[&str] = &[
    "pages/checkout",
    "pages/order-complete",
    "pages/order-confirmation",
];

/// What the user decided about a build.
#[derive(Clone, Debug)]
pub struct BuildOptions {
    /// Where shoppers belong.
    pub storefront: Storefront,
    /// Pages to keep besides the default ones, with or without `pages/`.
    pub keep: Vec<String>,
    /// Pages to guard although they are kept by default.
    pub no_keep: Vec<String>,
    /// Whether the local development server redirects too.
    pub guard_development: bool,
    /// A new name for the theme.
    pub theme_name: Option<String>,
}

/// What becomes of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PageFate {
    /// Shown to everybody.
    Kept,
    /// Shoppers are sent to the storefront.
    Guarded,
    /// Shown although it should not be; nothing is written.
    Open,
    /// The engine refuses its template, so nobody sees it.
    Refused,
}

/// The outcome of a build before anything is written.
#[derive(Debug)]
pub struct Guarded {
    /// The theme with its guard.
    pub theme: Theme,
    /// Its templates.
    pub templates: Templates,
    /// The theme's name and version, after a renaming.
    pub identity: Identity,
    /// What becomes of each page, by name.
    pub pages: BTreeMap<String, PageFate>,
    /// Paths of the files that were edited.
    pub edited: Vec<String>,
    /// Paths of the files that were added.
    pub added: Vec<String>,
    /// What the user should know; after an error the theme must not be used.
    pub findings: Vec<Finding>,
}

impl Guarded {
    /// Whether nothing may be written.
    pub fn has_errors(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.severity == Severity::Error)
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
    /// The guard's own text cannot be written.
    #[error(transparent)]
    Plan(#[from] PlanError),
}

/// Guards `theme` and judges the result.
///
/// # Errors
/// When the options do not fit the theme; what is wrong with the theme itself is a finding.
pub fn guard(theme: &Theme, options: &BuildOptions) -> Result<Guarded, BuildError> {
    let templates = Templates::new(theme);
    let mut findings = check::check(theme, &templates);
    let kept = kept_pages(&templates, options)?;
    findings.extend(missing_kept_pages(&templates, options));
    let policy = Policy {
        kept,
        storefront: options.storefront.clone(),
        guard_development: options.guard_development,
    };
    let mut plan = plan::plan(theme, &templates, &policy)?;
    findings.append(&mut plan.findings);
    let identity = identity(theme, options, &mut plan, &mut findings);
    let guarded = plan::apply(theme, &plan);
    let guarded_templates = Templates::new(&guarded);
    let pages = judge(&guarded, &guarded_templates, &policy.kept, &mut findings);
    Ok(Guarded {
        theme: guarded,
        templates: guarded_templates,
        identity,
        pages,
        edited: plan.edits.into_keys().collect(),
        added: plan.new_files.into_keys().collect(),
        findings,
    })
}

/// The guarded theme as a bundle; `None` if it cannot become one, which the findings then say.
///
/// # Errors
/// When the container cannot be written.
pub fn bundle(guarded: &mut Guarded) -> io::Result<Option<Vec<u8>>> {
    let theme = &guarded.theme;
    guarded
        .findings
        .extend(bundle::warnings(theme, &guarded.templates));
    let generated = match bundle::generated(theme, &guarded.templates) {
        Ok(generated) => generated,
        Err(mut findings) => {
            guarded.findings.append(&mut findings);
            return Ok(None);
        }
    };
    let mut zip = Vec::new();
    bundle::write_zip(theme, &generated, &mut zip)?;
    let too_large = bundle::limits(theme, &generated, zip.len() as u64);
    let fits = too_large.is_empty();
    guarded.findings.extend(too_large);
    Ok(fits.then_some(zip))
}

fn kept_pages(
    templates: &Templates,
    options: &BuildOptions,
) -> Result<BTreeSet<String>, BuildError> {
    let mut kept: BTreeSet<String> = KEPT_BY_DEFAULT
        .iter()
        .map(|name| (*name).to_owned())
        .collect();
    for name in &options.keep {
        kept.insert(known_page(templates, name)?);
    }
    for name in &options.no_keep {
        kept.remove(&known_page(templates, name)?);
    }
    Ok(kept)
}

/// The page that the user means by `name`.
fn known_page(templates: &Templates, name: &str) -> Result<String, BuildError> {
    let short = name
        .strip_prefix("pages/")
        .unwrap_or(name)
        .trim_end_matches(".html");
    let full = format!("pages/{short}");
    if templates.get(&full).is_some() || KEPT_BY_DEFAULT.contains(&full.as_str()) {
        return Ok(full);
    }
    let similarity = |page: &str| strsim::jaro_winkler(short, page);
    let closest = templates
        .pages()
        .filter_map(|page| page.strip_prefix("pages/"))
        .max_by(|one, other| similarity(one).total_cmp(&similarity(other)))
        .map(str::to_owned);
    Err(BuildError::UnknownPage {
        name: name.to_owned(),
        closest,
    })
}

/// A note if shoppers cannot pay with this theme's own pages.
fn missing_kept_pages(templates: &Templates, options: &BuildOptions) -> Option<Finding> {
    let page = "pages/checkout";
    let is_wanted = !options
        .no_keep
        .iter()
        .any(|name| name.ends_with("checkout"));
    (is_wanted && templates.get(page).is_none()).then(|| {
        Finding::new(
            Code::KeptPageMissing,
            "the theme has no page `checkout`, so there is nothing to keep for it",
        )
        .help("the platform shows its own checkout then; nothing needs to be done")
    })
}

fn identity(
    theme: &Theme,
    options: &BuildOptions,
    plan: &mut Plan,
    findings: &mut Vec<Finding>,
) -> Identity {
    let config = theme.bytes("config.json").unwrap_or_default();
    let mut identity = json::identity(config).unwrap_or_else(|finding| {
        findings.push(finding);
        Identity::default()
    });
    if let Some(name) = &options.theme_name
        && let Ok(edit) = json::rename(config, name)
        && let Ok(edits) = EditSet::new(vec![edit])
    {
        plan.edits.insert("config.json".to_owned(), edits);
        identity.name = Some(name.clone());
    }
    identity
}

/// Compares what each page does with what it should do.
fn judge(
    theme: &Theme,
    templates: &Templates,
    kept: &BTreeSet<String>,
    findings: &mut Vec<Finding>,
) -> BTreeMap<String, PageFate> {
    let mut fates = BTreeMap::new();
    for (page, outcome) in verify::judge(theme, templates) {
        let path = format!("templates/{page}.html");
        let fate = match (outcome, kept.contains(&page)) {
            (Outcome::Shown, true) => PageFate::Kept,
            (Outcome::Redirected, false) => PageFate::Guarded,
            (Outcome::Refused, _) => PageFate::Refused,
            (Outcome::Shown, false) => {
                let message =
                    "shoppers would still see this page: its guard is not printed on every path";
                findings.push(Finding::new(Code::OpenPage, message).in_file(path).help(
                    "keep the page by name with --keep, or simplify how it includes its layout",
                ));
                PageFate::Open
            }
            (Outcome::Redirected, true) => {
                let message = "shoppers would be sent away from this page, although it is kept";
                findings.push(
                    Finding::new(Code::KeptPageGuarded, message)
                        .in_file(path)
                        .help("include its layout directly and without a context, or give up the page with --no-keep"),
                );
                PageFate::Guarded
            }
        };
        fates.insert(page, fate);
    }
    fates
}
