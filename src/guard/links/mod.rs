//! Back links: links on kept pages that lead into the rest of the shop, and what happens to them.
//!
//! Rules, which are data, decide about a link by where it leads (`theme::destinations`). Links are renamed,
//! never deleted, so that the change can be undone; files that other pages use are edited in a copy.

mod arrival;
mod bare;
mod base;
pub mod content;
mod copies;
pub mod decide;
mod edits;
mod findings;
mod folders;
mod judge;
mod kinds;
pub mod options;
mod plan;
mod reach;
mod texts;
pub mod undo;

pub use arrival::Arrival;
pub use bare::plan as plan_bare;
pub use decide::{Link, Outcome};
pub use plan::{LinkPlan, plan};
