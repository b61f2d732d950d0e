//! One module per command: from what was asked for to a report. Printing is left to `cli`.

pub mod build;
mod outputs;
pub mod undo;

use crate::theme::json::Identity;

/// A theme as people call it.
fn theme_title(identity: &Identity) -> String {
    let name = identity.name.as_deref().unwrap_or("The theme");
    match &identity.version {
        Some(version) => format!("{name} {version}"),
        None => name.to_owned(),
    }
}
