//! One module per command: from what was asked for to a report. Printing is left to `cli`.

mod arrivals;
pub mod batch;
pub mod build;
pub mod check;
pub mod config;
pub mod diff;
pub mod explain;
pub mod init;
mod links;
mod order;
mod outputs;
mod overview;
mod path_rules;
pub mod paths;
pub mod remake;
pub mod report;
pub mod serve;
pub mod snapshot;
#[cfg(feature = "store")]
pub mod store;
mod storefronts;
pub mod style_compiler;
pub mod theme_build;
pub mod watch;

use crate::pipeline::progress::{Progress, Stage};
use crate::theme::json::Identity;
use crate::theme::{self, Theme};
use std::path::{Component, Path};

/// What to know before a theme is activated.
const AFFECTED: &str = "Every channel that uses this theme is affected, not only the headless one.";

/// Reads a theme, after its own build has run for at most so many seconds, if that is asked for.
fn load(
    path: &Path,
    run_build: Option<u32>,
    progress: &dyn Progress,
) -> Result<Theme, build::Error> {
    if let Some(seconds) = run_build {
        progress.begin(Stage::Building);
        theme_build::run(path, seconds)?;
    }
    progress.begin(Stage::Reading);
    Ok(theme::load(path)?)
}

/// A theme as people call it.
fn theme_title(identity: &Identity) -> String {
    let name = identity.name.as_deref().unwrap_or("The theme");
    match &identity.version {
        Some(version) => format!("{name} {version}"),
        None => name.to_owned(),
    }
}

/// Where a folder's files are for somebody who stands in the current one, with a final `/`; empty for
/// what does not lie below it.
pub fn root(theme: &Path) -> String {
    let parts: Option<Vec<&str>> = theme
        .components()
        .filter(|part| *part != Component::CurDir)
        .map(|part| match part {
            Component::Normal(name) => name.to_str(),
            _ => None,
        })
        .collect();
    let parts = parts.filter(|_| theme.is_dir()).unwrap_or_default();
    parts.iter().flat_map(|part| [part, "/"]).collect()
}
