//! Guards that depend on a switch in the theme's settings, which merchants can turn on and off.

use crate::theme::pages::Templates;
use crate::verify::{self, KnownScripts, Outcome, Visitor};

/// Returns, in one clause, the switch that decides about an uncertain page; `None` if no single switch does.
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
