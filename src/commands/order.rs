//! In which order the files of a theme are put in their places, so that a folder in which only some of them
//! were, because a run was stopped, shows no page that neither version shows.

use crate::guard::names;
use crate::output::Pending;
use crate::theme::pages::Templates;
use std::collections::BTreeSet;

/// When a file's turn comes.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    /// Nothing can include it yet.
    New,
    /// It includes a guard, itself or through others. What it includes comes before it: once it is there, its
    /// guard is.
    Guarded,
    /// It includes none. What still relies on a guard in its earlier version is gone by now.
    Unguarded,
}

/// Sorts files of a theme that has these templates.
pub(super) fn sort(pending: &mut [Pending<'_>], templates: &Templates) {
    let guarded = guarded(templates);
    pending.sort_by_cached_key(|file| {
        let name = template_name(file.name);
        let turn = match name {
            _ if file.is_new && !file.name.starts_with("templates/pages/") => Turn::New,
            Some(name) if guarded.contains(name) => Turn::Guarded,
            _ => Turn::Unguarded,
        };
        // What a template includes, includes less than it.
        (turn, name.map_or(0, |name| templates.closure(name).len()), file.name.to_owned())
    });
}

fn template_name(path: &str) -> Option<&str> {
    path.strip_prefix("templates/")?.strip_suffix(".html")
}

/// The texts of a guard, and all templates that include one of them, directly or not.
fn guarded(templates: &Templates) -> BTreeSet<&str> {
    let mut guarded: BTreeSet<&str> = BTreeSet::from([names::HEAD, names::PAGE]);
    loop {
        let count = guarded.len();
        for (name, _) in templates.iter() {
            if templates.included_by(name).iter().any(|included| guarded.contains(included)) {
                guarded.insert(name);
            }
        }
        if guarded.len() == count {
            return guarded;
        }
    }
}
