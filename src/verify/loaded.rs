//! Finds where the script files that a page loads go.
//!
//! A file for a whole shop may name the store in one part and go somewhere in an unrelated part, so only
//! addresses that a file goes to count.

use super::reach::Reach;
use super::tag::HOLE;
use crate::theme::Theme;
use crate::theme::pages::Templates;
use crate::theme::scripts::targets_of_files;

/// Returns how far the script files that a page loads may reach.
pub fn of_files(theme: &Theme, templates: &Templates, page: &str) -> Reach {
    let mut reach = Reach::default();
    let targets = targets_of_files(theme, templates, page);
    targets.iter().for_each(|target| reach.go(&target.with_holes(HOLE)));
    reach
}
