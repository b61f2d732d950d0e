//! The result of checking one page, shared by the checker, the totals and the reports.

use super::PageOutcome;
use crate::verify::Outcome;
use std::collections::BTreeSet;

/// The result of checking one page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedPage {
    /// What becomes of the page.
    pub outcome: PageOutcome,
    /// Why it is open, lost or uncertain, in one clause.
    pub reason: Option<String>,
    /// The addresses that shoppers are sent to, without a final slash.
    pub leads_to: BTreeSet<String>,
    /// Whether shoppers receive the page's text along with the redirect.
    pub sends_text: bool,
    /// What each kind of visitor gets, shoppers first.
    pub visitors: Vec<(String, Outcome)>,
}
