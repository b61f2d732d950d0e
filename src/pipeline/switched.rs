//! Guards that hang on a switch among the theme's settings, which merchants turn as they like.

use crate::theme::pages::Templates;
use crate::verify::{self, KnownScripts, Outcome, Visitor};

/// Says which switch decides about an uncertain page, in one clause; `None` if none does alone.
pub(super) fn explain(
    templates: &Templates,
    page: &str,
    visitor: &Visitor,
    known_scripts: KnownScripts<'_>,
) -> Option<String> {
    let leaves = |switch: &str, is_on: bool| {
        let mut visitor = visitor.clone();
        visitor.switches.insert(switch.to_owned(), is_on);
        let verdict = verify::judge_page(templates, page, &visitor, known_scripts);
        matches!(verdict.outcome, Outcome::Redirected | Outcome::Replaced)
    };
    verify::switches(templates, page).into_iter().find_map(|switch| {
        let state = match (leaves(&switch, true), leaves(&switch, false)) {
            (true, false) => "on",
            (false, true) => "off",
            _ => return None,
        };
        Some(format!("it redirects only while the theme setting `{switch}` is {state}"))
    })
}
