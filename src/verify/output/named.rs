//! Addresses that a page names for scripts to read, and the base of its relative addresses.

use super::Output;
use super::browser::Browser;
use crate::theme::values::may_name_host;
use crate::verify::Doubt;
use crate::verify::place::Place;
use crate::verify::tag::{self, HOLE};

/// Prefix of the attributes in which the guard keeps a link's original address; no script reads them.
const GUARD_PREFIX: &str = "data-guard-";

/// The link around what is read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum LinkAround {
    /// No link with a host.
    None,
    /// A link to this address.
    To(String),
    /// Perhaps a link: paths through the template ended in different ones.
    Any,
}

impl LinkAround {
    /// Merges the links around the ends of two paths.
    pub(super) fn join(&mut self, other: &Self) {
        if self != other {
            *self = Self::Any;
        }
    }
}

impl Output {
    /// Reads an attribute of an element that is shown, or that scripts find.
    pub(super) fn read_attribute(
        &mut self,
        element: &str,
        name: &str,
        value: &str,
        browser: Browser<'_>,
    ) {
        if self.left {
            return;
        }
        let reach = || browser.reach.borrow_mut();
        let is_data = name.starts_with("data-") && !name.starts_with(GUARD_PREFIX);
        match (element, name) {
            ("base", "href") => self.base(value),
            ("base", name) if name.contains(HOLE) => self.base(name),
            _ if !may_name_host(value) => {}
            _ if is_data => reach().name(value),
            ("script", "src") => reach().go(value),
            ("form", "action") | ("button" | "input", "formaction") => reach().form(value),
            ("input" | "option" | "button" | "data", "value")
            | ("link", "href")
            | ("meta", "content") => reach().name(value),
            _ => {}
        }
    }

    /// Reads the link that an element is, or is in: a script that clicks the element follows it.
    pub(super) fn read_link(
        &mut self,
        element: &str,
        attributes: &[(String, String)],
        browser: Browser<'_>,
    ) {
        if self.left {
            return;
        }
        let value = |name| tag::value(attributes, name);
        let mut reach = browser.reach.borrow_mut();
        if matches!(element, "a" | "/a" | "area" | "/area") {
            let address = value("href").or(value("xlink:href")).filter(|it| it.contains("//"));
            address.into_iter().for_each(|address| reach.link("", address));
            self.link =
                address.map_or(LinkAround::None, |address| LinkAround::To(address.to_owned()));
        }
        match (&self.link, value("id")) {
            (LinkAround::To(address), Some(id)) => reach.link(id, address),
            (LinkAround::Any, Some(id)) => reach.link_any(id),
            _ => {}
        }
    }

    /// Reads a text that scripts can read from its element.
    pub(super) fn read_text(&self, text: &str, browser: Browser<'_>) {
        if !self.left && may_name_host(text) {
            browser.reach.borrow_mut().show(text);
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
