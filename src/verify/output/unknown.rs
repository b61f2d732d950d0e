//! Reads unknown output of templates: a word, raw markup, the nonce, or anything.

use super::Output;
use crate::verify::place::{Place, keep};
use crate::verify::tag::{self, HOLE};

/// Adds something unknown to a text.
fn add_hole(text: &mut String) {
    if !text.ends_with(HOLE) {
        text.push(HOLE);
    }
}

impl Output {
    /// Reads unknown output that stays within what it is printed into.
    pub(in crate::verify) fn read_unknown(&mut self) {
        self.give_up_start();
        match &mut self.place {
            Place::Text => self.see(),
            Place::Tag { text, part, .. } => {
                *part = part.after_unknown();
                add_hole(text);
            }
            Place::Script { text, .. } => add_hole(text),
            // The output may end in dashes.
            Place::Comment => self.start = tag::UNKNOWN.to_owned(),
            _ => {}
        }
    }

    /// Reads output that may be anything, and may end what it is printed into.
    pub(in crate::verify) fn read_raw(&mut self) {
        let is_seen = self.shows_text();
        self.read_unknown();
        self.confused |= !is_seen && !self.left;
        self.may_hide |= is_seen && !self.left;
    }

    /// Reads the nonce of the store's policy.
    pub(in crate::verify) fn read_nonce(&mut self) {
        self.give_up_start();
        match &mut self.place {
            Place::Tag { text, part, .. } => {
                *part = part.after_unknown();
                keep(text, tag::NONCE);
            }
            _ => self.read_unknown(),
        }
    }

    /// Reads output that may be anything, including markup.
    pub(in crate::verify) fn read_anything(&mut self) {
        self.read_unknown();
        self.confused |= !self.left;
    }

    /// Gives up an unfinished token, which may become anything once unknown output follows it.
    pub(super) fn give_up_start(&mut self) {
        if self.start.is_empty() || self.start == tag::UNKNOWN {
            return;
        }
        self.confused |= !self.left;
        let start = std::mem::take(&mut self.start);
        match &mut self.place {
            Place::Text => {
                self.markup(&start);
            }
            Place::Script { text, .. } => keep(text, &start),
            _ => {}
        }
    }
}
