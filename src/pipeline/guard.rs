//! Guards a theme, step by step, and judges the result.

use super::page_names::known_pages;
use super::policy::{missing_kept_pages, policy};
use super::stages::Stages;
use super::{
    BuildError, BuildOptions, Guarded, PageOutcome, audience, carts, differences, identity,
    including, judge, leads, outside, platform_links, portals, scripts, theme_settings,
};
use crate::guard::links::{self, Link, LinkPlan};
use crate::guard::plan::{self, Mechanism, Policy};
use crate::guard::theme_settings::chosen;
use crate::guard::undo::{lost, undo, undo_scanned};
use crate::guard::{hide, names};
use crate::text::{Code, Finding};
use crate::theme::pages::Templates;
use crate::theme::{Cache, Theme, check};
use crate::verify::Visitor;
use std::collections::BTreeMap;

/// Guards `theme` and judges the result. An earlier guard in it is removed first.
///
/// # Errors
/// When the options do not fit the theme. Problems of the theme itself are findings.
pub fn guard(theme: &Theme, options: &BuildOptions) -> Result<Guarded, BuildError> {
    guard_again(theme, options, &mut Cache::default())
}

/// Does the same as [`guard()`], and takes files that are unchanged since the last run from the cache.
///
/// # Errors
/// When the options do not fit the theme. Problems of the theme itself are findings.
pub fn guard_again(
    theme: &Theme,
    options: &BuildOptions,
    cache: &mut Cache,
) -> Result<Guarded, BuildError> {
    cache.begin_run();
    let theme = &including(theme, &options.include)?;
    let templates = Templates::new(theme);
    let undone = undo_scanned(theme, &templates).map(|it| cache.reuse(it, theme.files.keys()));
    let original = undone.as_ref().unwrap_or(theme);
    let templates = undone.as_ref().map_or(templates, Templates::new);
    let mut policy = policy(&templates, options)?;
    if policy.chosen.is_empty() {
        policy.chosen = chosen(theme);
    }
    let mut findings = check::check(original, &templates);
    if undone.is_some() {
        findings.push(guarded_before());
        findings.extend(lost(&templates));
    }
    findings.extend(before_guard(original, &templates, options, &policy));
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
    judge::downgrade_placement_errors(&mut findings, &templates, &pages, &allowed_open);
    findings.extend(after_guard(original, &templates, &policy, &pages));
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

/// Finds what the guard does not change: missing kept pages, names that the guard needs, scripts that lead off
/// kept pages, and portals that guarded pages cut off.
fn before_guard(
    theme: &Theme,
    templates: &Templates,
    options: &BuildOptions,
    policy: &Policy,
) -> Vec<Finding> {
    let shop =
        scripts::Shop { theme, templates, kept: &policy.kept, own_hosts: &policy.links.own_hosts };
    let shoppers = audience::shoppers().map(Visitor::new);
    let mut findings: Vec<Finding> = missing_kept_pages(templates, options).into_iter().collect();
    findings.extend(names::taken(theme));
    findings.extend(scripts::findings(&shop, &shoppers.each_ref()));
    if policy.mechanism != Mechanism::None {
        let guarded = templates.pages().filter(|page| !policy.kept.contains(*page)).collect();
        findings.extend(portals::findings(theme, templates, &guarded));
    }
    findings
}

/// Returns what the user should know about the guard.
fn after_guard(
    original: &Theme,
    templates: &Templates,
    policy: &Policy,
    pages: &BTreeMap<String, PageOutcome>,
) -> Vec<Finding> {
    let mut findings = outside::findings(pages, &policy.paths);
    findings.extend(platform_links::findings(pages));
    findings.extend(carts::unused(policy, templates));
    if policy.mechanism != Mechanism::None {
        let names: Vec<&str> = templates.pages().collect();
        findings.extend(leads::findings(&policy.paths, &policy.kept, &names));
        findings.extend(leads::unused(original, &policy.storefront));
    }
    if policy.theme_settings {
        let guarded = pages.values().filter(|outcome| **outcome == PageOutcome::Guarded);
        findings.push(theme_settings::note(guarded.count()));
    }
    findings
}

/// Disables or retargets the links of kept pages.
fn rename_links(stages: &mut Stages<'_>, policy: &Policy) -> Vec<Link> {
    stages.apply(links::plan_bare(&stages.theme, &stages.templates, policy));
    let LinkPlan { plan, links } = links::plan(&stages.theme, &stages.templates, policy);
    stages.apply(plan);
    links
}

/// Returns what a build would decide about the links of kept pages, and the unguarded theme that contains
/// them.
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

fn guarded_before() -> Finding {
    let message = "the theme was guarded before; its guard was taken out and a new one put in";
    Finding::new(Code::GuardedBefore, message)
}
