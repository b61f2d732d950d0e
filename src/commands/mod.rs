//! One module per command: from what was asked for to a report. Printing is left to `cli`.

pub mod build;
pub mod check;
pub mod config;
pub mod diff;
pub mod explain;
mod links;
mod order;
mod outputs;
mod overview;
pub mod remake;
pub mod report;
pub mod serve;
pub mod snapshot;
#[cfg(feature = "store")]
pub mod store;
pub mod style_compiler;
pub mod theme_build;
pub mod watch;

use crate::pipeline::progress::{Progress, Stage};
use crate::theme::json::Identity;
use crate::theme::{self, LoadError, Theme};
use std::path::Path;
use theme_build::ThemeBuildError;

/// What to know before a theme is activated.
const AFFECTED: &str = "Every channel that uses this theme is affected, not only the headless one.";

/// Reads a theme, after its own build has run for at most so many seconds, if that is asked for.
fn load<E: From<LoadError> + From<ThemeBuildError>>(
    path: &Path,
    run_build: Option<u32>,
    progress: &dyn Progress,
) -> Result<Theme, E> {
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
