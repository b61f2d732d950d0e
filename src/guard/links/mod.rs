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
pub mod rules;
pub mod situation;
mod texts;
pub mod undo;

pub use arrival::Arrival;
pub use bare::plan as plan_bare;
pub use decide::{Link, Outcome};
pub use plan::{LinkPlan, plan};

use super::hidden::Hidden;
use rules::Rules;

/// What the user decided about links.
#[derive(Clone, Debug)]
pub struct LinkSettings {
    /// Hosts that belong to the store besides its own.
    pub own_hosts: Vec<String>,
    /// The rules.
    pub rules: Rules,
    /// What kept pages show around their own content.
    pub kept_chrome: KeptChrome,
    /// What becomes of links into guarded pages.
    pub back_links: BackLinks,
    /// Links of the hosted checkout that are hidden.
    pub hidden: Vec<Hidden>,
}

/// What becomes of links on kept pages that lead into guarded ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BackLinks {
    /// They lead nowhere.
    #[default]
    Strip,
    /// They lead to the storefront, by the path rules. Where a template does not say enough, they lead nowhere.
    Storefront,
}

/// What kept pages show around their own content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeptChrome {
    /// Header, navigation and footer, as ever.
    #[default]
    Full,
    /// The logo only.
    Bare,
}
