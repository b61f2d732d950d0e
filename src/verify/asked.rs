//! What about a visitor decided what they get, so that nobody is judged twice for nothing.

use super::Visitor;
use std::cell::Cell;

/// The questions that were asked about a visitor.
#[derive(Default)]
pub(super) struct Asked {
    pub(super) customer: Cell<bool>,
    pub(super) scripts: Cell<bool>,
    pub(super) place: Cell<bool>,
    pub(super) is_development: Cell<bool>,
    pub(super) switches: Cell<bool>,
}

impl Asked {
    /// As if everything had been asked.
    pub(super) fn anything() -> Self {
        let yes = || Cell::new(true);
        Self {
            customer: yes(),
            scripts: yes(),
            place: yes(),
            is_development: yes(),
            switches: yes(),
        }
    }

    /// Whether the answers for two visitors may differ.
    pub(super) fn tells_apart(&self, one: &Visitor, other: &Visitor) -> bool {
        (self.customer.get() && one.customer != other.customer)
            || (self.scripts.get() && one.scripts != other.scripts)
            || (self.place.get() && one.place != other.place)
            || (self.is_development.get() && one.is_development != other.is_development)
            || (self.switches.get() && one.switches != other.switches)
    }
}
