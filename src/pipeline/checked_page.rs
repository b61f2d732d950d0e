//! What became of one page, as those who judge, count and report it hand it on.

use super::PageOutcome;
use crate::verify::Outcome;
use std::collections::BTreeSet;

/// What one page does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedPage {
    /// What becomes of it.
    pub outcome: PageOutcome,
    /// Why it is open, lost or uncertain, in one clause.
    pub reason: Option<String>,
    /// The addresses that shoppers are sent to, without a final slash.
    pub leads_to: BTreeSet<String>,
    /// Whether the text of the page is sent to shoppers along with what leads them away.
    pub sends_text: bool,
    /// What each kind of visitor gets, shoppers first.
    pub visitors: Vec<(String, Outcome)>,
}
