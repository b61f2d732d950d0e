//! Orders the files of a theme for writing, so that a folder that an interrupted run has only partly written
//! shows no page that neither version shows.

use crate::guard::names;
use crate::output::Pending;
use crate::theme::pages::Templates;

/// The phase in which a file is written.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum OrderState {
    /// A new file that is not a page: nothing includes it yet.
    New,
    /// A template that includes a guard, directly or through others. The templates that it includes are
    /// written first, so its guard is in place when it is.
    Guarded,
    /// A file that includes no guard. By now, no template relies on a guard in this file's earlier version.
    Unguarded,
}

/// Sorts files into the order in which they are written; `templates` are the templates of their theme.
pub(super) fn sort(pending: &mut [Pending<'_>], templates: &Templates) {
    pending.sort_by_cached_key(|file| {
        let is_page = file.name.starts_with("templates/pages/");
        if file.is_new && !is_page {
            return (OrderState::New, 0, file.name.to_owned());
        }
        let name = template_name(file.name);
        let closure = name.map(|name| templates.closure(name)).unwrap_or_default();
        let is_guarded = [names::HEAD, names::PAGE].iter().any(|guard| closure.contains(guard));
        let turn = if is_guarded { OrderState::Guarded } else { OrderState::Unguarded };
        // A template's closure is larger than the closure of anything it includes.
        (turn, closure.len(), file.name.to_owned())
    });
}

fn template_name(path: &str) -> Option<&str> {
    path.strip_prefix("templates/")?.strip_suffix(".html")
}
