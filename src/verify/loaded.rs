//! Finds where a page may go through what is beside its templates: the script files that it loads, the texts
//! that it looks up, and the settings of the theme.
//!
//! A file for a whole shop may name the store in one part and go somewhere in an unrelated part, so only
//! addresses that a file goes to count.

use super::reach::Reach;
use super::suspect_text::leads;
use super::tag::HOLE;
use crate::theme::Theme;
use crate::theme::pages::Templates;
use crate::theme::scripts::targets_of_files;
use crate::theme::values::NamedText;

/// Returns how far the script files that a page loads may reach.
pub fn of_files(theme: &Theme, templates: &Templates, page: &str) -> Reach {
    let mut reach = Reach::default();
    let targets = targets_of_files(theme, templates, page);
    targets.iter().for_each(|target| reach.go(&target.with_holes(HOLE)));
    reach
}

/// Returns how far the scripts of a page may reach through texts that it prints. A text may be a script
/// itself, or may be read by one.
pub fn of_texts<'t>(texts: impl IntoIterator<Item = &'t NamedText>) -> Reach {
    let mut reach = Reach::default();
    for NamedText { text, .. } in texts {
        match leads(text) {
            true => reach.go(text),
            false => reach.name(text),
        }
    }
    reach
}
