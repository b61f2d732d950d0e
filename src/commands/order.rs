//! In which order the files of a theme are put in their places, so that a folder in which only some of them
//! were, because a run was stopped, shows no page that neither version shows.

use crate::guard::names;
use crate::output::Pending;
use crate::theme::pages::Templates;

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
    pending.sort_by_cached_key(|file| {
        let is_page = file.name.starts_with("templates/pages/");
        if file.is_new && !is_page {
            return (Turn::New, 0, file.name.to_owned());
        }
        let name = template_name(file.name);
        let closure = name.map(|name| templates.closure(name)).unwrap_or_default();
        let is_guarded = [names::HEAD, names::PAGE].iter().any(|guard| closure.contains(guard));
        let turn = if is_guarded { Turn::Guarded } else { Turn::Unguarded };
        // What a template includes, includes less than it.
        (turn, closure.len(), file.name.to_owned())
    });
}

fn template_name(path: &str) -> Option<&str> {
    path.strip_prefix("templates/")?.strip_suffix(".html")
}
