//! `stencil-guard config`: shows the effective settings, and where each comes from.

use super::build::{self, BuildRequest, Error};
use crate::config::{Effective, FILE_NAME, KEYS, Settings, SettingsFile, Sources};
use crate::pipeline;
use crate::report::Report;
use crate::report::settings::{SettingRow, SettingsReport};
use crate::theme::{self, LoadError};
use std::path::Path;

/// Reports the settings, without checking whether they fit the theme.
pub fn run(request: &BuildRequest) -> SettingsReport {
    // Otherwise, a user who misspells the theme's path would take the defaults for its settings.
    if let Some(error) = missing(&request.theme) {
        return failed(error.into());
    }
    let rows = build::effective(request).map(|effective| rows(&effective.with_defaults()));
    match rows {
        Ok(rows) => SettingsReport { report: report(), rows },
        Err(error) => failed(error.into()),
    }
}

/// Checks whether the settings can be used for the theme. If no profile is named, checks each profile as
/// well.
pub fn check(request: &BuildRequest) -> SettingsReport {
    match try_check(request) {
        Ok(()) => SettingsReport { report: report(), rows: Vec::new() },
        Err(error) => failed(error),
    }
}

/// Returns the error of loading the theme if nothing exists at its path.
fn missing(theme: &Path) -> Option<LoadError> {
    if theme.exists() { None } else { theme::load(theme).err() }
}

fn report() -> Report {
    Report { command: "config", findings: Vec::new(), source: None, failure: None, summary: None }
}

fn failed(error: Error) -> SettingsReport {
    SettingsReport { report: Report::failed("config", build::failure(error)), rows: Vec::new() }
}

fn rows(effective: &Effective) -> Vec<SettingRow> {
    let values = toml::Table::try_from(&effective.settings).unwrap_or_default();
    let row = |key: &'static str| SettingRow {
        key,
        value: values.get(key).cloned(),
        from: effective.origins.get(key).map(ToString::to_string),
    };
    KEYS.iter().map(|key| row(key.name)).collect()
}

fn try_check(request: &BuildRequest) -> Result<(), Error> {
    let path = request.sources.file.clone();
    let path = path.unwrap_or_else(|| build::settings_file(&request.theme));
    let mut profiles = vec![request.sources.profile.clone()];
    if request.sources.profile.is_none() && path.exists() {
        profiles.extend(SettingsFile::read(&path)?.profiles.into_keys().map(Some));
    }
    let theme = theme::load(&request.theme)?;
    for profile in profiles {
        let sources = Sources { profile, ..request.sources.clone() };
        let settings = build::settings(&BuildRequest { sources, ..request.clone() })?;
        // A build needs a storefront, but the settings may leave it to a flag.
        let none =
            Settings { storefront: Some(build::NO_STOREFRONT.to_owned()), ..Settings::default() };
        pipeline::check_names(&theme, &build::options(&settings.over(none))?)?;
    }
    Ok(())
}

/// Returns what `--check` prints when nothing is wrong.
pub fn all_is_well(request: &BuildRequest) -> String {
    let usual = build::settings_file(&request.theme);
    let path = request.sources.file.as_deref().unwrap_or(&usual);
    match path.exists() {
        true => format!("{} can be used.\n", path.display()),
        false => {
            format!("There is no {FILE_NAME}; the settings of the command line can be used.\n")
        }
    }
}
