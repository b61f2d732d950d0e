//! Shows what is going to be done, and asks once.

use super::{Error, Notes};
use crate::store::Surroundings;
use crate::text::{Code, printable};

/// What somebody should have read before they say yes.
const RESERVATIONS: &[Code] = &[
    Code::SharedTheme,
    Code::SettingLeftOut,
    Code::HideDoubtful,
    Code::CheckoutUnread,
    Code::ChannelChanged,
    Code::StoreRefused,
];

/// What was found on the way to the plan and belongs into it.
pub(super) fn reservations(notes: &Notes) -> impl Iterator<Item = String> {
    let told = notes.findings.iter().filter(|finding| RESERVATIONS.contains(&finding.code));
    told.map(|finding| format!("mind: {}", finding.message))
}

/// Shows the plan, and asks unless that is not wanted.
pub(super) fn confirm(
    plan: &[String],
    yes: bool,
    surroundings: &Surroundings,
) -> Result<(), Error> {
    // Names and paths are the store's.
    (surroundings.show)(&printable(&format!("Plan\n  {}\n", plan.join("\n  "))));
    let wrong = |message: &str, help: &str| Error::Wrong {
        message: message.to_owned(),
        help: help.to_owned(),
    };
    match yes
        || (surroundings.ask)("Do this?").ok_or_else(|| {
            wrong(
                "there is no terminal to ask on, so stencil-guard changes nothing",
                "add --yes if that is what you want",
            )
        })? {
        true => Ok(()),
        false => Err(wrong(
            "the answer was no, so nothing is changed",
            "run the command again when it is time",
        )),
    }
}
