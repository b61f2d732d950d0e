//! Limits on how far templates are followed, and what is assumed about those that are not.

use super::Walk;
use crate::verify::suspect_text::leads;
use std::cell::OnceCell;

/// Maximum nesting of includes that are followed; anything may be printed below it.
pub(super) const MAX_DEPTH: usize = 100;
/// Maximum number of templates that are followed for one page, counting repetitions; themes come nowhere near
/// it.
pub(super) const MAX_VISITS: usize = 2_000;
/// Maximum number of steps to resolve names for one page, in addition to one per byte of the available
/// templates; themes come nowhere near it.
pub(super) const MAX_STEPS: usize = 20_000;

/// Facts about all templates that the platform has available for the page.
#[derive(Default)]
pub(super) struct Limits {
    bytes: OnceCell<usize>,
    /// Whether anything in them may lead away.
    leads: OnceCell<bool>,
}

impl Walk<'_> {
    pub(super) fn is_too_deep(&self) -> bool {
        self.depth == MAX_DEPTH
    }

    /// Whether a limit is reached, so that the rest is not followed.
    pub(super) fn is_spent(&self) -> bool {
        let steps = self.library.steps;
        self.visits == MAX_VISITS || steps > MAX_STEPS && steps > MAX_STEPS + self.bytes()
    }

    /// Records that something is printed that is not followed.
    pub(super) fn give_up(&mut self) {
        self.prints_shop = true;
        self.output().read_anything();
        if self.may_lead() {
            self.output().mark_ambiguous();
        }
    }

    fn bytes(&self) -> usize {
        let length = |name: &&str| self.templates.bytes(name).len();
        *self.limits.bytes.get_or_init(|| self.all_in_any_spelling().iter().map(length).sum())
    }

    fn may_lead(&self) -> bool {
        let leads = |name: &&str| leads(&String::from_utf8_lossy(self.templates.bytes(name)));
        *self.limits.leads.get_or_init(|| self.all_in_any_spelling().iter().any(leads))
    }
}
