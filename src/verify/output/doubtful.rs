//! Markup of which it is not clear what browsers make of it: what may lead away in there.

use super::Output;
use crate::verify::Doubt;
use crate::verify::loose::leads;
use crate::verify::place::Place;

/// What stands in all markup and scripts that lead away.
const LEADING: &[&str] = &["location", "navigat", "refresh", "REFRESH", "Refresh"];

fn may_lead(text: &str) -> bool {
    LEADING.iter().any(|word| text.contains(word))
}

impl Output {
    /// What browsers make of the markup from here on is not clear.
    pub(in crate::verify) fn lose_track(&mut self) {
        if !self.left {
            self.confused = true;
            self.doubts.insert(Doubt::Markup);
        }
    }

    /// What is not clear to be text may lead away.
    pub(in crate::verify) fn doubt_text(&mut self, text: &str) {
        if self.confused && !self.left && self.loose.read(text) {
            self.doubts.insert(Doubt::Markup);
        }
    }

    /// What is not clear to be a tag may be a script.
    pub(in crate::verify) fn doubt_tag(
        &mut self,
        name: &str,
        text: &str,
        attributes: &[(String, String)],
    ) {
        let is_odd = |name: &str| name.contains(|c: char| "(){}[];,'\"<`".contains(c));
        if self.confused && (text.contains('<') || is_odd(name)) {
            self.look_into(name);
            self.look_into(text);
        } else if self.may_hide && !self.left && text.contains('<') {
            self.doubts.extend(may_lead(text).then_some(Doubt::Markup));
        } else if attributes.iter().any(|(name, _)| is_odd(name)) {
            self.doubt_text(text);
        }
    }

    /// The page ends. Where it ends in something that is not clear, that may be something else.
    pub(in crate::verify) fn finish(&mut self) {
        if !self.confused || self.left {
            return;
        }
        self.doubts.extend(leads(&self.start).then_some(Doubt::Markup));
        match std::mem::replace(&mut self.place, Place::Text) {
            Place::Tag { name, text, .. } => {
                self.look_into(&name);
                self.look_into(&text);
            }
            Place::Script { text, .. } => self.look_into(&text),
            _ => {}
        }
    }

    /// What is not clear to be hidden may lead away.
    pub(in crate::verify) fn look_into(&mut self, hidden: &str) {
        if self.confused && !self.left && may_lead(hidden) {
            self.doubts.insert(Doubt::Markup);
        }
    }
}
