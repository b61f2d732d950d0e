//! One module per command: from what was asked for to a report. Printing is left to `cli`.

pub mod build;
pub mod check;
pub mod diff;
pub mod explain;
mod links;
mod outputs;
pub mod remake;
pub mod watch;

use crate::theme::json::Identity;

/// What to know before a theme is activated.
const AFFECTED: &str = "Every channel that uses this theme is affected, not only the headless one.";

/// A theme as people call it.
fn theme_title(identity: &Identity) -> String {
    let name = identity.name.as_deref().unwrap_or("The theme");
    match &identity.version {
        Some(version) => format!("{name} {version}"),
        None => name.to_owned(),
    }
}
