//! The commands, one module each: they turn a request into a report, which `cli` prints.

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

/// What users must know before they activate a theme.
const AFFECTED: &str = "Every channel that uses this theme is affected, not only the headless one.";

/// Reads a theme. If `run_build` is set, the theme's own build runs first, for at most that many seconds.
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

/// Returns the theme's name and version, for display.
fn theme_title(identity: &Identity) -> String {
    let name = identity.name.as_deref().unwrap_or("The theme");
    match &identity.version {
        Some(version) => format!("{name} {version}"),
        None => name.to_owned(),
    }
}

/// Returns the path of a folder as a prefix for its files, with a final `/`; empty if `theme` is not a
/// folder, or if its path is absolute or contains `..`.
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
