//! What a complete tag does: it begins or ends an element, redirects by a refresh, or may leave by a handler.

use super::Output;
use super::browser::Browser;
use crate::verify::Doubt;
use crate::verify::place::Place;
use crate::verify::script::{Runs, loads_before_all_else, runs};
use crate::verify::tag::{self, HOLE, Refresh, Target};

/// Elements whose content is text, whatever it looks like; `noscript` is one while scripts run.
const TEXTS: &[&str] =
    &["iframe", "noembed", "noframes", "noscript", "style", "textarea", "title", "xmp"];

/// Whether the content of an element is text.
pub(super) fn has_text(name: &str) -> bool {
    name == "script" || TEXTS.contains(&name)
}

impl Output {
    pub(super) fn after_tag(
        &mut self,
        name: String,
        attributes: &[(String, String)],
        browser: Browser<'_>,
    ) {
        self.place = Place::Text;
        let value = |name| tag::value(attributes, name);
        let is_inert = self.elements.is_inert();
        if !is_inert {
            self.search.read(&name, attributes);
        }
        match name.as_str() {
            "script" => {
                self.unknown_script |= !self.left && !is_inert && loads_before_all_else(attributes);
                let has_nonce = value("nonce") == Some(tag::NONCE);
                let runs = if is_inert { Runs::Never } else { runs(attributes) };
                self.has_setting = false;
                self.place = Place::Script { runs, has_nonce, text: String::new() };
            }
            // The element has no end, except where browsers do not take it for a `plaintext`.
            "plaintext" => {
                self.mark_ambiguous();
                self.place = Place::Hidden(tag::UNKNOWN.to_owned());
            }
            name if TEXTS.contains(&name) && !self.reads_as_markup(name, browser) => {
                self.place = Place::Hidden(name.to_owned());
            }
            // An unclear end tag may have ended the inert element.
            _ if is_inert && !self.confused => {}
            "noscript" if browser.is_without_scripts() => self.noscript = Some(false),
            "/noscript" => self.noscript = None,
            "meta" => self.meta(attributes, browser),
            _ if self.confused && value("http-equiv").is_some() => self.meta(attributes, browser),
            "a" | "area" if self.left => {
                let target = value("href").and_then(tag::absolute);
                let of_guard = self.noscript == Some(true);
                let links = if of_guard { &mut self.leads_to } else { &mut self.links };
                links.extend(target);
            }
            _ => {}
        }
        if !is_inert || self.confused {
            self.handlers(&name, attributes, browser);
        }
    }

    /// Reads the attributes of an element: scripts, and what scripts can read.
    fn handlers(&mut self, element: &str, attributes: &[(String, String)], browser: Browser<'_>) {
        self.read_link(element, attributes, browser);
        let loads_first = matches!(element, "link" | "script" | "style");
        for (name, value) in attributes {
            self.read_attribute(element, name, value, browser);
            let script = tag::script_of(name, value);
            let Some(script) = script.filter(|_| !self.left && browser.runs(false)) else {
                continue;
            };
            let reading = browser.readings.of(script);
            browser.reach.borrow_mut().add(&reading);
            // Browsers call these handlers on loading, without a user action.
            let is_at_once = matches!(name.as_str(), "onload" | "onerror" | "onpageshow");
            if is_at_once {
                self.unknown_script |= loads_first && !reading.is_inert && script.contains('(');
                self.doubts
                    .extend((self.has_setting && reading.goes_there).then_some(Doubt::SetAddress));
                self.doubt(Some(&reading));
            }
        }
    }

    /// Whether browsers read an element's content as markup, as they do for `noscript` without scripts.
    fn reads_as_markup(&self, name: &str, browser: Browser<'_>) -> bool {
        name == "noscript" && browser.is_without_scripts()
    }

    pub(super) fn meta(&mut self, attributes: &[(String, String)], browser: Browser<'_>) {
        let kind = tag::value(attributes, "http-equiv").unwrap_or_default();
        let content = tag::value(attributes, "content").unwrap_or_default();
        let is_open = kind.contains(HOLE) || attributes.iter().any(|(name, _)| name.contains(HOLE));
        self.restricted |= is_open || kind.eq_ignore_ascii_case("content-security-policy");
        if !kind.eq_ignore_ascii_case("refresh") {
            // The unknown output may make it a refresh.
            let may_be =
                kind.contains(HOLE) || is_open && content.to_ascii_lowercase().contains("url");
            let doubt = tag::refresh(content).filter(|_| may_be).map(|refresh| refresh.doubt());
            return self.doubts.extend(doubt);
        }
        let target = match tag::refresh(content) {
            None => return,
            Some(Refresh { is_at_once: true, target: Target::Full(target) }) => target,
            Some(refresh) => {
                self.doubts.insert(refresh.doubt());
                return;
            }
        };
        self.leads_to.insert(target);
        if self.seen || self.confused {
            self.doubts.insert(Doubt::SeenFirst);
        } else if browser.is_without_scripts() {
            self.left = true;
            self.noscript = self.noscript.map(|_| true);
        } else {
            // The browser leaves after it has read the document, which may be seen by then.
            self.leaves_later = true;
        }
    }
}
