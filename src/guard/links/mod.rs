//! Back links: what on a kept page leads into the rest of the shop, and what becomes of it.
//!
//! A link is judged by where it leads (`theme::destinations`) and by rules, which are data. It is renamed,
//! never deleted, so that it can be undone; files that other pages use are edited in a copy.

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
mod plan;
mod reach;
pub mod situation;
mod texts;
pub mod undo;

pub use arrival::Arrival;
pub use bare::plan as plan_bare;
pub use decide::{Link, Outcome};
pub use plan::{LinkPlan, plan};
