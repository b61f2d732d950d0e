//! The names of copies for kept pages.

use crate::guard::names;
use crate::theme::Theme;
use std::collections::BTreeMap;

/// The names of copies.
#[derive(Default)]
pub(super) struct Copies {
    /// The copies of templates, by the original's name.
    pub(super) templates: BTreeMap<String, String>,
    /// The copies of folders of dynamic components, by the original's name.
    pub(super) folders: BTreeMap<String, String>,
}

impl Copies {
    pub(super) fn new(theme: &Theme) -> Self {
        Self {
            templates: names::copies(theme.template_names()),
            folders: names::folder_copies(theme.template_names()),
        }
    }
}
