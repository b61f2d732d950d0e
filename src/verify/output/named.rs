//! Addresses that a page names for scripts to read, and the base of its relative addresses.

use super::Output;
use crate::verify::Doubt;
use crate::verify::place::Place;
use crate::verify::tag::{self, HOLE};

/// Prefix of the attributes in which the guard keeps a link's original address; no script reads them.
const GUARD_PREFIX: &str = "data-guard-";

impl Output {
    /// Reads an attribute of an element that is shown, or that scripts find.
    pub(super) fn read_attribute(&mut self, element: &str, name: &str, value: &str) {
        if self.left {
            return;
        }
        let is_data = name.starts_with("data-") && !name.starts_with(GUARD_PREFIX);
        match (element, name) {
            ("base", "href") => self.base(value),
            ("base", name) if name.contains(HOLE) => self.base(name),
            _ if is_data && value.contains('.') => self.reach.name(value),
            _ if !value.contains("//") => {}
            ("script", "src") => self.reach.go(value),
            ("input" | "option" | "button" | "data", "value")
            | ("link", "href")
            | ("meta", "content") => self.reach.name(value),
            _ => {}
        }
    }

    /// Reads the address that all relative addresses begin with.
    fn base(&mut self, address: &str) {
        let address = address.trim();
        let inside = address.strip_prefix('/').map(|rest| rest.starts_with(['/', '\\', HOLE]));
        match tag::absolute(address) {
            Some(address) => self.doubts.insert(Doubt::Base(Some(address))),
            None if inside == Some(false) || !address.contains([HOLE, ':', '\\']) => return,
            None => self.doubts.insert(Doubt::Base(None)),
        };
    }

    /// Whether the output ends in a `base` tag, on which all relative addresses depend.
    pub(in crate::verify) fn is_in_base(&self) -> bool {
        matches!(&self.place, Place::Tag { name, .. } if name == "base")
    }

    /// Records that a theme setting is printed.
    pub(in crate::verify) fn read_setting(&mut self) {
        self.has_setting |= matches!(self.place, Place::Script { .. } | Place::Tag { .. });
    }
}
