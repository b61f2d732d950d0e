//! How far templates are followed, and what counts of those that are not.

use super::Walk;
use crate::verify::loose::leads;
use std::cell::OnceCell;

/// Includes inside one another that are followed; beyond, anything may be printed.
pub(super) const DEEPEST: usize = 100;
/// Templates that are followed for one page, counted as often as they are; themes come nowhere near.
pub(super) const MOST_VISITS: usize = 2_000;
/// What is looked at for one page to find out what names stand for, besides as much as it has bytes; themes come
/// nowhere near.
pub(super) const MOST_STEPS: usize = 20_000;

/// What is known of all templates that the platform has at hand for the page.
#[derive(Default)]
pub(super) struct Limits {
    bytes: OnceCell<usize>,
    /// Whether something in them may lead away.
    leads: OnceCell<bool>,
}

impl Walk<'_> {
    pub(super) fn is_too_deep(&self) -> bool {
        self.depth == DEEPEST
    }

    /// Whether there was so much to follow that the rest is not.
    pub(super) fn is_spent(&self) -> bool {
        let steps = self.library.steps;
        self.visits == MOST_VISITS || steps > MOST_STEPS && steps > MOST_STEPS + self.bytes()
    }

    /// Something is printed that is not followed.
    pub(super) fn give_up(&mut self) {
        self.prints_shop = true;
        self.output().read_anything();
        if self.may_lead() {
            self.output().lose_track();
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
