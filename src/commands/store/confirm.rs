//! Shows what is going to be done, and asks once.

use super::Error;
use crate::store::Surroundings;
use crate::text::printable;

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
