//! The script files that a page loads: where they go.
//!
//! Those of a whole shop name the store, and go somewhere, in parts that have nothing to do with each other; so
//! only an address counts to which one of them goes.

use super::reach::Reach;
use super::tag::HOLE;
use crate::theme::Theme;
use crate::theme::pages::Templates;
use crate::theme::scripts::targets_of_files;

/// How far the script files that a page loads may reach.
pub fn of_files(theme: &Theme, templates: &Templates, page: &str) -> Reach {
    let mut reach = Reach::default();
    let targets = targets_of_files(theme, templates, page);
    targets.iter().for_each(|target| reach.go(&target.with_holes(HOLE)));
    reach
}
