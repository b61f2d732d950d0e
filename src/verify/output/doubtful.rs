//! Checks whether markup that browsers may read in different ways may lead away.

use super::Output;
use crate::text::patterns::pattern;
use crate::verify::Doubt;
use crate::verify::place::Place;
use crate::verify::suspect_text::leads;
use regex::Regex;
use std::sync::LazyLock;

/// Words of which all markup and scripts that lead away contain one.
const LEADING: &[&str] = &["location", "navigat", "refresh", "REFRESH", "Refresh"];

fn may_lead(text: &str) -> bool {
    LEADING.iter().any(|word| text.contains(word))
}

/// Matches tags that lead away, or run a script that does.
static LEADING_TAG: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)<(?:base|meta|script)|<[a-z][^>]*\son[a-z]+\s*=|javascript:"));

impl Output {
    /// Records that it is unclear how browsers read the markup from here on.
    pub(in crate::verify) fn mark_ambiguous(&mut self) {
        if !self.left {
            self.confused = true;
            self.doubts.insert(Doubt::Markup);
        }
    }

    /// Records a doubt if text that may not be text may lead away.
    pub(in crate::verify) fn doubt_text(&mut self, text: &str) {
        if self.confused && !self.left && self.suspect.read(text) {
            self.doubts.insert(Doubt::Markup);
        }
    }

    /// Records a doubt if what looks like a tag may be a script that leads away.
    pub(in crate::verify) fn doubt_tag(
        &mut self,
        name: &str,
        text: &str,
        attributes: &[(String, String)],
    ) {
        let is_odd = |name: &str| name.contains(|c: char| "(){}[];,'\"<`".contains(c));
        if self.confused && (text.contains('<') || is_odd(name)) {
            self.doubt_hidden(name);
            self.doubt_hidden(text);
        } else if self.may_hide && !self.left && text.contains('<') {
            self.doubts.extend(may_lead(text).then_some(Doubt::Markup));
        } else if attributes.iter().any(|(name, _)| is_odd(name)) {
            self.doubt_text(text);
        }
    }

    /// Ends the page; if it ends inside unclear markup, checks whether that may lead away.
    pub(in crate::verify) fn finish(&mut self) {
        let is_clear = !self.confused && !self.may_hide;
        if is_clear || self.left {
            return;
        }
        self.doubts.extend(leads(&self.start).then_some(Doubt::Markup));
        match std::mem::replace(&mut self.place, Place::Text) {
            Place::Tag { name, text, .. } => {
                self.doubt_hidden(&name);
                self.doubt_hidden(&text);
                self.doubt_after_raw(&text);
            }
            Place::Script { text, .. } => self.doubt_hidden(&text),
            _ => {}
        }
    }

    /// Records a doubt if content that may not be hidden may lead away.
    pub(in crate::verify) fn doubt_hidden(&mut self, hidden: &str) {
        if self.confused && !self.left && may_lead(hidden) {
            self.doubts.insert(Doubt::Markup);
        }
    }

    /// Records a doubt if a script in an element that shows nothing may lead away: raw output before it may have
    /// begun a comment or a text in which the element's start is.
    pub(in crate::verify) fn doubt_script_after_raw(&mut self, script: &str) {
        if self.may_hide && !self.left && may_lead(script) && leads(script) {
            self.doubts.insert(Doubt::Markup);
        }
    }

    /// Records a doubt if a comment, a tag or a text may lead away: raw output before it may have begun a comment
    /// or a text that ends in there.
    pub(in crate::verify) fn doubt_after_raw(&mut self, hidden: &str) {
        if self.may_hide && !self.left && may_lead(hidden) && LEADING_TAG.is_match(hidden) {
            self.doubts.insert(Doubt::Markup);
        }
    }
}
