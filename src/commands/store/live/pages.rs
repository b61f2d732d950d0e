//! The pages of a live store that should be kept, by the user's settings alone: the theme is not at hand.

use crate::pipeline::KEPT_BY_DEFAULT;
use crate::pipeline::page_names::stands_for;

/// The pages that the user wants kept, not kept, or allowed to be open.
#[derive(Clone, Debug, Default)]
pub(in crate::commands::store) struct Pages {
    keep: Vec<String>,
    no_keep: Vec<String>,
    allow_open: Vec<String>,
}

impl Pages {
    /// Combines the user's settings with the pages that are kept by default.
    pub(in crate::commands::store) fn new(
        keep: &[String],
        no_keep: &[String],
        allow_open: &[String],
    ) -> Self {
        let (keep, no_keep, allow_open) = (keep.to_vec(), no_keep.to_vec(), allow_open.to_vec());
        Self { keep, no_keep, allow_open }
    }

    /// Whether everybody should see a page, such as `pages/cart`.
    pub(super) fn is_kept(&self, page: &str) -> bool {
        let names = |names: &[String]| names.iter().any(|name| stands_for(name, page));
        (KEPT_BY_DEFAULT.contains(&page) || names(&self.keep)) && !names(&self.no_keep)
    }

    /// Whether shoppers may see a page, such as `blog`.
    pub(super) fn may_be_open(&self, page: &str) -> bool {
        self.allow_open.iter().any(|name| stands_for(name, page))
    }
}
