//! Shows the plan, and asks for confirmation once.

use super::{Error, Notes};
use crate::store::StoreEnvironment;
use crate::text::{Code, printable};

/// The findings that users should read before they confirm.
const RESERVATIONS: &[Code] = &[
    Code::SharedTheme,
    Code::SettingLeftOut,
    Code::HideDoubtful,
    Code::CheckoutUnread,
    Code::ChannelChanged,
    Code::StoreRefused,
];

/// Returns the findings so far that belong in the plan.
pub(super) fn reservations(notes: &Notes) -> impl Iterator<Item = String> {
    let told = notes.findings.iter().filter(|finding| RESERVATIONS.contains(&finding.code));
    told.map(|finding| format!("mind: {}", finding.message))
}

/// Shows the plan, and asks for confirmation unless `yes` is set.
pub(super) fn confirm(
    plan: &[String],
    yes: bool,
    environment: &StoreEnvironment,
) -> Result<(), Error> {
    // Names and paths come from the store, so they may contain control characters.
    (environment.show)(&printable(&format!("Plan\n  {}\n", plan.join("\n  "))));
    let wrong = |message: &str, help: &str| Error::Wrong {
        message: message.to_owned(),
        help: help.to_owned(),
    };
    match yes
        || (environment.ask)("Do this?").ok_or_else(|| {
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
