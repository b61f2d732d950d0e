//! A visitor that records which questions were asked about it, so that visitors with the same answers are
//! judged only once. It knows nothing about templates.

use super::{Customer, Place, Scripts, Setting, Visitor};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

/// A visitor, and a record of what was asked about them.
pub(super) struct TrackedVisitor<'a> {
    visitor: &'a Visitor,
    customer: Cell<bool>,
    scripts: Cell<bool>,
    place: Cell<bool>,
    is_development: Cell<bool>,
    switches: RefCell<BTreeSet<String>>,
    settings: RefCell<BTreeSet<String>>,
}

impl<'a> TrackedVisitor<'a> {
    pub(super) fn new(visitor: &'a Visitor) -> Self {
        let no = || Cell::new(false);
        Self {
            visitor,
            customer: no(),
            scripts: no(),
            place: no(),
            is_development: no(),
            switches: RefCell::default(),
            settings: RefCell::default(),
        }
    }

    pub(super) fn customer(&self) -> &'a Customer {
        self.customer.set(true);
        &self.visitor.customer
    }

    pub(super) fn scripts(&self) -> Scripts {
        self.scripts.set(true);
        self.visitor.scripts
    }

    pub(super) fn place(&self) -> Place {
        self.place.set(true);
        self.visitor.place
    }

    pub(super) fn is_development(&self) -> bool {
        self.is_development.set(true);
        self.visitor.is_development
    }

    /// Whether a switch among the theme's settings is on, if that is known.
    pub(super) fn switch(&self, name: &str) -> Option<bool> {
        self.switches.borrow_mut().insert(name.to_owned());
        let is_on = match self.setting(name) {
            Some(Setting::Missing) => Some(false),
            Some(Setting::Switch(is_on)) => Some(*is_on),
            Some(Setting::Text(text)) => Some(!text.is_empty()),
            None => None,
        };
        is_on.or_else(|| self.visitor.switches.get(name).copied())
    }

    /// Returns the value of a theme setting, if it is known.
    pub(super) fn setting(&self, name: &str) -> Option<&'a Setting> {
        self.settings.borrow_mut().insert(name.to_owned());
        self.visitor.settings.get(name)
    }

    /// Returns the switches that were asked for.
    pub(super) fn asked_switches(&self) -> BTreeSet<String> {
        self.switches.borrow().clone()
    }

    /// Whether another visitor gives the same answers to everything that was asked.
    pub(super) fn speaks_for(&self, other: &Visitor) -> bool {
        let own = self.visitor;
        let same = [
            (&self.customer, own.customer == other.customer),
            (&self.scripts, own.scripts == other.scripts),
            (&self.place, own.place == other.place),
            (&self.is_development, own.is_development == other.is_development),
        ];
        let (switches, settings) = (self.switches.borrow(), self.settings.borrow());
        same.iter().all(|(asked, is_same)| *is_same || !asked.get())
            && switches.iter().all(|name| own.switches.get(name) == other.switches.get(name))
            && settings.iter().all(|name| own.settings.get(name) == other.settings.get(name))
    }
}
