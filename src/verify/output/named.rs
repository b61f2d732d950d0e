//! Addresses that a page names for scripts to read, and the base of its relative addresses.

use super::Output;
use crate::theme::values::may_name_host;
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
            _ if !may_name_host(value) => {}
            _ if is_data => self.reach.name(value),
            ("script", "src") => self.reach.go(value),
            ("form", "action") | ("button" | "input", "formaction") => self.reach.form(value),
            ("input" | "option" | "button" | "data", "value")
            | ("link", "href")
            | ("meta", "content") => self.reach.name(value),
            _ => {}
        }
    }

    /// Reads the links that an element is, or is in: a script that clicks the element follows them.
    pub(super) fn read_link(&mut self, element: &str, attributes: &[(String, String)]) {
        if self.left {
            return;
        }
        let value = |name| tag::value(attributes, name);
        if matches!(element, "a" | "/a" | "area" | "/area") {
            self.links_around.clear();
            let address = value("href").or(value("xlink:href")).filter(|it| it.contains("//"));
            self.links_around.extend(address.map(str::to_owned));
            self.links_around.iter().for_each(|address| self.reach.link("", address));
        }
        if let Some(id) = value("id") {
            self.links_around.iter().for_each(|address| self.reach.link(id, address));
        }
    }

    /// Reads a text that scripts can read from its element.
    pub(super) fn read_text(&mut self, text: &str) {
        if !self.left && may_name_host(text) {
            self.reach.show(text);
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
