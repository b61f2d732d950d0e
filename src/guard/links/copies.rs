//! The names that copies for kept pages get.

use crate::guard::names;
use crate::theme::Theme;
use std::collections::BTreeMap;

/// The names that copies get.
#[derive(Default)]
pub(super) struct Copies {
    /// Of templates, by their names.
    pub(super) templates: BTreeMap<String, String>,
    /// Of folders of dynamic components, by their names.
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
