//! Judges a theme as it stands, whichever tool guarded it: what each page does for every kind of visitor,
//! compared with which pages are kept and who may see the others.
//!
//! It plans nothing and changes nothing, and reports a guard that it cannot prove.

use super::audience::Expected;
use super::checked_page::CheckedPage;
use super::checker::Checker;
use super::policy::usual_with;
use super::ways_out::Exit;
use super::{
    BuildError, PageOutcome, audience, guard_elements, guard_parameters, hosts,
    page_names::known_pages, portals, scripts, theme_settings, ways_out,
};
use crate::guard::group::Group;
use crate::guard::hide;
use crate::guard::link_settings::LinkSettings;
use crate::guard::paths::PathTable;
use crate::guard::search_engines::SearchEngines;
use crate::guard::storefront::Storefront;
use crate::guard::texts::Texts;
use crate::text::{Code, Finding};
use crate::theme::json::Identity;
use crate::theme::pages::Templates;
use crate::theme::{Theme, check as theme_check};
use crate::verify::Visitor;
use std::collections::{BTreeMap, BTreeSet};

/// The user's expectations of a guarded theme.
#[derive(Clone, Debug, Default)]
pub struct CheckOptions {
    /// The storefront; if missing, the addresses that shoppers are sent to are only reported.
    pub storefront: Option<Storefront>,
    /// Pages to keep besides the default ones, with or without `pages/`.
    pub keep: Vec<String>,
    /// Pages to guard although the default is to keep them.
    pub no_keep: Vec<String>,
    /// Pages that shoppers may see although they should not.
    pub allow_open: Vec<String>,
    /// Groups that may see guarded pages; if missing, groups that see them are only reported.
    pub allowed: Option<Vec<Group>>,
    /// Whether the local development server should redirect, too.
    pub guard_development: bool,
    /// Whether pages should be guarded in the theme editor's frame, too.
    pub guard_editor: bool,
    /// Whether the guard may be switched off in the theme editor.
    pub theme_settings: bool,
    /// The path rules that the guard should have; if missing, the rules in the theme count.
    pub paths: Option<PathTable>,
    /// The digest of the path rules that the theme's record names.
    pub recorded_paths: Option<String>,
    /// The parameter in which the cart ID should be passed on; not checked if missing.
    pub cart_param: Option<String>,
    /// What guarded pages should tell search engines; not checked if missing.
    pub search_engines: Option<SearchEngines>,
    /// What the link to the storefront should say; not checked if missing.
    pub texts: Option<Texts>,
    /// Origins besides the storefront's own that shoppers may be sent to.
    pub origins: Vec<String>,
    /// The settings that judge links on kept pages; if missing, the built-in rules do.
    pub links: Option<LinkSettings>,
    /// Whether to skip visitors for whom every outcome is right, because the report does not mention them.
    pub is_brief: bool,
}

/// The result of checking a theme.
#[derive(Debug)]
pub struct Checked {
    /// The theme's name and version.
    pub identity: Identity,
    /// The theme's pages, by name.
    pub pages: BTreeMap<String, CheckedPage>,
    /// The addresses that shoppers are sent to, with the number of pages that lead there.
    pub destinations: BTreeMap<String, usize>,
    /// Groups whose members see pages that shoppers do not, as the conditions spell them.
    pub groups: Vec<String>,
    /// The ways off the kept pages.
    pub exits: Vec<Exit>,
    /// What the user should know.
    pub findings: Vec<Finding>,
}

/// Judges `theme` as it stands.
///
/// # Errors
/// When the options name a page that the theme does not have.
pub fn check(theme: &Theme, options: &CheckOptions) -> Result<Checked, BuildError> {
    let templates = Templates::new(theme);
    let mut findings = theme_check::check(theme, &templates);
    let identity = super::identity(theme, &mut findings);
    let checker = checker(theme, &templates, options)?;
    let mut pages = pages(theme, &checker, &mut findings);
    findings.extend(checker.blocked_by_policy(&pages));
    findings.extend(guard_elements(theme, &checker, &pages, options));
    findings.extend(guard_parameters::unnamed(theme, &pages));
    guard_parameters::follow(theme, &mut pages);
    let usual = checker.audience.iter().filter(|kind| kind.is_usual());
    let usual: Vec<&Visitor> = usual.map(|kind| &kind.visitor).collect();
    findings.extend(ways_off(theme, &checker, options, &usual));
    let guarded = pages.iter().filter(|(_, page)| page.outcome == PageOutcome::Guarded);
    let guarded: BTreeSet<&str> = guarded.map(|(name, _)| name.as_str()).collect();
    findings.extend(portals::findings(theme, &templates, &guarded));
    let destinations = hosts::destinations(&pages);
    findings.extend(hosts::findings(theme, checker.storefront, &destinations));
    let asked = guard_parameters::Asked {
        paths: options.paths.as_ref(),
        recorded_paths: options.recorded_paths.as_deref(),
        origins: &options.origins,
        storefront: checker.storefront,
        cart_param: options.cart_param.as_deref(),
        guard_editor: options.guard_editor,
        theme_settings: options.theme_settings,
    };
    findings.extend(guard_parameters::findings(theme, &templates, &asked));
    let groups = checker.groups();
    findings.extend(groups_note(&groups));
    findings.extend(options.theme_settings.then(|| theme_settings::note(guarded.len())));
    let outcomes = pages.iter().map(|(name, page)| (name.clone(), page.outcome)).collect();
    let exits = ways_out::exits(theme, &templates, &outcomes, &usual);
    Ok(Checked { identity, pages, destinations, groups, exits, findings })
}

/// Gathers everything that pages are judged by.
fn checker<'a>(
    theme: &Theme,
    templates: &'a Templates,
    options: &'a CheckOptions,
) -> Result<Checker<'a>, BuildError> {
    let kept = usual_with(templates, None, &options.keep, &options.no_keep)?;
    let is_wanted = |expected, page: &str| {
        !options.is_brief || expected != Expected::Any || kept.contains(page)
    };
    let mut audience = audience::gather(
        templates,
        options.allowed.as_deref(),
        options.guard_development,
        options.theme_settings,
        &is_wanted,
    );
    audience::add_files(&mut audience, theme, templates, &kept);
    Ok(Checker {
        templates,
        allowed_open: known_pages(templates, &options.allow_open)?,
        audience,
        kept,
        storefront: options.storefront.as_ref(),
    })
}

/// Returns what becomes of each page, and adds the problems to `findings`.
fn pages(
    theme: &Theme,
    checker: &Checker<'_>,
    findings: &mut Vec<Finding>,
) -> BTreeMap<String, CheckedPage> {
    let mut pages = BTreeMap::new();
    for name in checker.templates.pages() {
        let (mut page, mut finding) = checker.page(name);
        let is_led = finding.is_none() && page.outcome == PageOutcome::Guarded;
        if is_led && guard_parameters::stays_at_checkout(theme, checker.templates, name) {
            finding = Some(checker.open_at_checkout(name, &mut page));
        }
        findings.extend(finding);
        pages.insert(name.to_owned(), page);
    }
    pages
}

/// Returns the findings about ways off the kept pages: links, scripts and hidden elements.
fn ways_off(
    theme: &Theme,
    Checker { templates, kept, storefront, .. }: &Checker<'_>,
    options: &CheckOptions,
    visitors: &[&Visitor],
) -> Vec<Finding> {
    let (links, has_settings) = (options.links.as_ref(), options.theme_settings);
    let mut findings = ways_out::findings(theme, templates, kept, *storefront, links, has_settings);
    let own_hosts = links.map_or(&[][..], |links| &links.own_hosts);
    let shop = scripts::Shop { theme, templates, kept, own_hosts };
    findings.extend(scripts::findings(&shop, visitors));
    findings.extend(hide::findings(theme, templates));
    findings
}

/// Returns the findings about what guarded pages should tell search engines and shoppers.
fn guard_elements(
    theme: &Theme,
    checker: &Checker<'_>,
    pages: &BTreeMap<String, CheckedPage>,
    options: &CheckOptions,
) -> Vec<Finding> {
    let Some(guests) = checker.audience.first() else { return Vec::new() };
    let (templates, verdicts) = (checker.templates, &guests.verdicts);
    let judged = guard_elements::Judged { theme, templates, pages, verdicts };
    let search_engines = options.search_engines.map(|asked| judged.search_engines(asked));
    let texts = options.texts.as_ref().map(|texts| judged.texts(texts));
    search_engines.into_iter().chain(texts).flatten().collect()
}

fn groups_note(groups: &[String]) -> Option<Finding> {
    (!groups.is_empty()).then(|| {
        let options: Vec<String> =
            groups.iter().map(|group| format!("--allow-group \"{group}\"")).collect();
        Finding::new(Code::GroupsFound, "members of some customer groups see guarded pages")
            .help(format!("say that they may: {}", options.join(" ")))
    })
}
