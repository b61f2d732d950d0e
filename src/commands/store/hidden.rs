//! Checks whether hiding links of the checkout can work in a store.

use super::{Error, Notes};
use crate::guard::hidden::Hidden;
use crate::store::Client;
use crate::text::{Code, Finding};

/// Returns the line of the plan about hidden links; `None` if no link is hidden.
pub(super) fn line(hidden: &[Hidden]) -> Option<String> {
    let what: Vec<&str> = hidden.iter().map(|hidden| hidden.what()).collect();
    let what = Some(what.join(", ")).filter(|what| !what.is_empty())?;
    Some(format!("change the checkout's pages: hide {what}"))
}

/// Warns if a channel's checkout runs its own script, whose links may have other markup.
pub(super) fn look(
    client: &Client<'_>,
    channel: u64,
    hidden: &[Hidden],
    notes: &mut Notes,
) -> Result<(), Error> {
    if hidden.is_empty() {
        return Ok(());
    }
    let finding = match client.checkout_settings(channel) {
        Ok(settings) => settings.own_script().map(|script| {
            let message = format!(
                "the checkout runs a script of its own, {script}, in which other links may be hidden, or none"
            );
            Finding::new(Code::HideDoubtful, message).help("look at the page, or leave out `hide`")
        }),
        Err(error) if error.is_answer() => {
            let message = format!(
                "whether the checkout runs a script of its own, in which nothing may be hidden, is not known: {error}"
            );
            Some(Finding::new(Code::CheckoutUnread, message).help(error.help()))
        }
        Err(error) => return Err(error.into()),
    };
    notes.findings.extend(finding);
    Ok(())
}
