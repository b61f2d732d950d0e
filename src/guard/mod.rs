//! Generates what goes into a guarded theme (condition, script, snippets), plans where it goes, and removes
//! it.
//!
//! Nothing here reads or writes files.

pub mod condition;
mod escape;
pub mod group;
pub mod hidden;
pub mod hide;
mod language;
pub mod link_rules;
pub mod link_settings;
pub mod links;
pub mod names;
pub mod paths;
pub mod plan;
pub mod rename;
pub mod script;
pub mod search_engines;
pub mod snippets;
pub mod storefront;
pub mod texts;
pub mod theme_settings;
pub mod undo;
