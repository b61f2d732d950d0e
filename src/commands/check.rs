//! `stencil-guard check`: reports what each page of a theme does as it stands, no matter what guarded it.

use super::build::{self, BuildRequest, Error};
use super::{links, path_rules, storefronts, theme_title};
use crate::config::{
    CartParameter, GroupSetting, Mode, SearchEnginesSetting, Settings, StorefrontRow,
};
use crate::guard::group::Group;
use crate::guard::paths::PathTable;
use crate::guard::plan::record::{self, Record};
use crate::guard::storefront::Storefront;
use crate::guard::texts::Texts;
use crate::pipeline::KEPT_BY_DEFAULT;
use crate::pipeline::inspect::{self, CheckOptions};
use crate::pipeline::parsed;
use crate::report::Report;
use crate::report::check::{CheckReport, CheckSummary};
use crate::theme::{self, Theme};
use clap::ValueEnum;
use std::collections::BTreeSet;

/// Runs the command; settings that do not affect the verdict are ignored. A brief report leaves out visitors
/// for whom every outcome is right.
pub fn run(request: &BuildRequest, is_brief: bool) -> CheckReport {
    match check(request, is_brief) {
        Ok(report) => report,
        Err(error) => {
            CheckReport { report: Report::failed("check", build::failure(error)), summary: None }
        }
    }
}

fn check(request: &BuildRequest, is_brief: bool) -> Result<CheckReport, Error> {
    let source = theme::load(&request.theme)?;
    let (settings, recorded) = with_record(build::settings(request)?, &source);
    let recorded_paths = record::read(&source).map(|record| record.paths);
    let options = CheckOptions { recorded_paths, is_brief, ..options(&settings)? };
    let mut checked = inspect::check(&source, &options)?;
    checked.findings.extend(parsed::stale(&source, &theme::parsed_templates(&request.theme)?));
    settings.apply_severities(&mut checked.findings);
    let summary = CheckSummary {
        headline: format!("{}, as it stands", theme_title(&checked.identity)),
        pages: checked.pages,
        destinations: checked.destinations,
        groups: checked.groups,
        exits: checked.exits,
        recorded,
    };
    let report = Report {
        command: "check",
        findings: checked.findings,
        source: Some(source),
        failure: None,
        summary: None,
    };
    Ok(CheckReport { report, summary: Some(summary) })
}

/// Returns the settings, completed from the record that a guarded theme holds of itself, and the added
/// settings in words.
fn with_record(settings: Settings, theme: &Theme) -> (Settings, Vec<String>) {
    let recorded = record::read(theme).and_then(|record| recorded(&record, theme));
    let Some(mut recorded) = recorded else { return (settings, Vec::new()) };
    // These two settings belong together: they say who may see guarded pages.
    if settings.mode.is_some() || settings.allow_group.is_some() {
        (recorded.mode, recorded.allow_group) = (None, None);
    }
    let before = settings.clone();
    let settings = settings.over(recorded);
    let added = added(&before, &settings);
    (settings, added)
}

/// Returns the settings that a record holds. Pages that the theme no longer has are left out; a record with
/// an invalid storefront, mode or group is ignored.
fn recorded(record: &Record, theme: &Theme) -> Option<Settings> {
    let kept: BTreeSet<String> = record.kept.iter().map(|page| format!("pages/{page}")).collect();
    let short = |page: &str| page.strip_prefix("pages/").unwrap_or(page).to_owned();
    let is_usual = |page: &&String| KEPT_BY_DEFAULT.contains(&page.as_str());
    let keep = kept.iter().filter(|page| !is_usual(page) && theme.template(page).is_some());
    let no_keep = KEPT_BY_DEFAULT.iter().filter(|page| !kept.contains(**page));
    let mut groups = record.allow_group.iter();
    if Storefront::parse(&record.storefront).is_err()
        || groups.any(|group| Group::parse(group).is_err())
    {
        return None;
    }
    Some(Settings {
        storefront: Some(record.storefront.clone()),
        mode: Some(Mode::from_str(&record.mode, false).ok()?),
        allow_group: Some(record.allow_group.iter().cloned().map(GroupSetting::from).collect()),
        keep: Some(keep.map(|page| short(page)).collect()),
        no_keep: Some(no_keep.map(|page| short(page)).collect()),
        guard_development: Some(record.guard_development),
        guard_editor: Some(record.guard_editor),
        theme_settings: Some(record.theme_settings),
        search_engines: SearchEnginesSetting::from_str(&record.search_engines, false).ok(),
        texts: record.texts(),
        storefronts: record
            .further()
            .map(|(visit, url)| StorefrontRow::new(&visit, &url))
            .collect(),
        cart_param: record.cart_param.clone().and_then(|name| CartParameter::try_from(name).ok()),
        ..Settings::default()
    })
}

/// Returns the settings that `after` has and `before` does not, in words.
fn added(before: &Settings, after: &Settings) -> Vec<String> {
    let mode = after.mode.and_then(|mode| mode.to_possible_value());
    let groups = after.allow_group.iter().flatten().map(|group| group.0.as_str());
    let pages = |pages: &Option<Vec<String>>| pages.iter().flatten().cloned().collect();
    let switch =
        |value: Option<bool>| value.filter(|is_on| *is_on).iter().map(bool::to_string).collect();
    let search = after.search_engines.filter(|it| *it != SearchEnginesSetting::None);
    let search = search.and_then(|search| search.to_possible_value());
    let sites = after.storefronts.iter().flatten().map(|row| row.url.0.clone());
    let cart = after.cart_param.iter().map(|name| name.0.clone());
    let texts = after.texts.iter().flatten().map(|(language, _)| String::from(language.clone()));
    let rows: [(bool, &str, Vec<String>); 12] = [
        (before.storefront.is_none(), "storefront", after.storefront.iter().cloned().collect()),
        (before.storefronts.is_none(), "storefronts", sites.collect()),
        (before.cart_param.is_none(), "cart-param", cart.collect()),
        (
            before.mode.is_none(),
            "mode",
            mode.iter().map(|mode| mode.get_name().to_owned()).collect(),
        ),
        (before.allow_group.is_none(), "allow-group", groups.map(str::to_owned).collect()),
        (before.keep.is_none(), "keep", pages(&after.keep)),
        (before.no_keep.is_none(), "no-keep", pages(&after.no_keep)),
        (before.guard_development.is_none(), "guard-development", switch(after.guard_development)),
        (before.guard_editor.is_none(), "guard-editor", switch(after.guard_editor)),
        (before.theme_settings.is_none(), "theme-settings", switch(after.theme_settings)),
        (
            before.search_engines.is_none(),
            "search-engines",
            search.iter().map(|search| search.get_name().to_owned()).collect(),
        ),
        (before.texts.is_none(), "texts", texts.collect()),
    ];
    let new = rows.into_iter().filter(|(is_new, _, values)| *is_new && !values.is_empty());
    new.map(|(_, key, values)| format!("{key} {}", values.join(" "))).collect()
}

pub(crate) fn options(settings: &Settings) -> Result<CheckOptions, Error> {
    let storefront = storefronts::all(settings)?;
    Ok(CheckOptions {
        keep: settings.keep.clone().unwrap_or_default(),
        no_keep: settings.no_keep.clone().unwrap_or_default(),
        allow_open: settings.allow_open.clone().unwrap_or_default(),
        allowed: allowed(settings)?,
        guard_development: settings.guard_development.unwrap_or(false),
        guard_editor: settings.guard_editor.unwrap_or(false),
        theme_settings: settings.theme_settings.unwrap_or(false),
        paths: paths(settings, storefront.as_ref())?,
        recorded_paths: None,
        cart_param: settings.cart_param.as_ref().map(|name| name.0.clone()),
        search_engines: settings.search_engines.map(Into::into),
        texts: settings.texts.as_ref().map(Texts::with),
        origins: path_rules::origins(settings),
        storefront,
        links: Some(links::settings(settings)?),
        is_brief: false,
    })
}

/// Returns the path rules; `None` if the settings define none.
fn paths(settings: &Settings, storefront: Option<&Storefront>) -> Result<Option<PathTable>, Error> {
    let is_said = settings.paths.is_some()
        || settings.fallback.is_some()
        || settings.path.as_ref().is_some_and(|rules| !rules.is_empty());
    let none = Storefront::parse(build::NO_STOREFRONT)?;
    let table = is_said.then(|| path_rules::table(settings, storefront.unwrap_or(&none)));
    Ok(table.transpose()?)
}

/// Returns the groups that may see guarded pages; `None` if the settings do not define them.
fn allowed(settings: &Settings) -> Result<Option<Vec<Group>>, Error> {
    match (&settings.allow_group, settings.mode) {
        (Some(groups), _) => {
            let groups: Result<_, _> = groups.iter().map(|group| Group::parse(&group.0)).collect();
            Ok(Some(groups?))
        }
        (None, Some(Mode::Redirect | Mode::Replace)) => Ok(Some(Vec::new())),
        (None, Some(Mode::Conditional | Mode::Links) | None) => Ok(None),
    }
}
