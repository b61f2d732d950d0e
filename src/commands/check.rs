//! `stencil-guard check`: says what each page of a theme does as it stands, whoever guarded it.

use super::build::{self, BuildRequest, Error};
use super::{links, path_rules, theme_title};
use crate::config::{Mode, Settings};
use crate::guard::group::Group;
use crate::guard::paths::PathTable;
use crate::guard::storefront::Storefront;
use crate::pipeline::inspect::{self, CheckOptions};
use crate::pipeline::parsed;
use crate::report::Report;
use crate::report::check::{CheckReport, CheckSummary};
use crate::theme;

/// Runs the command; of the request only what a theme is judged by counts.
pub fn run(request: &BuildRequest) -> CheckReport {
    match check(request) {
        Ok(report) => report,
        Err(error) => {
            CheckReport { report: Report::failed("check", build::failure(error)), summary: None }
        }
    }
}

fn check(request: &BuildRequest) -> Result<CheckReport, Error> {
    let settings = build::settings(request)?;
    let options = options(&settings)?;
    let source = theme::load(&request.theme)?;
    let mut checked = inspect::check(&source, &options)?;
    checked.findings.extend(parsed::stale(&source, &theme::parsed_templates(&request.theme)?));
    settings.weigh(&mut checked.findings);
    let summary = CheckSummary {
        headline: format!("{}, as it stands", theme_title(&checked.identity)),
        pages: checked.pages,
        destinations: checked.destinations,
        groups: checked.groups,
        exits: checked.exits,
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

pub(crate) fn options(settings: &Settings) -> Result<CheckOptions, Error> {
    let storefront = settings.storefront.as_deref().map(Storefront::parse).transpose()?;
    Ok(CheckOptions {
        keep: settings.keep.clone().unwrap_or_default(),
        no_keep: settings.no_keep.clone().unwrap_or_default(),
        allow_open: settings.allow_open.clone().unwrap_or_default(),
        allowed: allowed(settings)?,
        guard_development: settings.guard_development.unwrap_or(false),
        paths: paths(settings, storefront.as_ref())?,
        origins: path_rules::origins(settings),
        storefront,
        links: Some(links::settings(settings)?),
    })
}

/// Which path should lead where; `None` if nothing is said about that.
fn paths(settings: &Settings, storefront: Option<&Storefront>) -> Result<Option<PathTable>, Error> {
    let is_said = settings.paths.is_some()
        || settings.fallback.is_some()
        || settings.path.as_ref().is_some_and(|rules| !rules.is_empty());
    let none = Storefront::parse(build::NO_STOREFRONT)?;
    let table = is_said.then(|| path_rules::table(settings, storefront.unwrap_or(&none)));
    Ok(table.transpose()?)
}

/// Groups that may see guarded pages; `None` if nothing is said about that.
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
