//! What a visitor's browser has received so far, as far as it matters: whether it could show anything of the
//! shop, whether it left before that, and for where.

mod browser;
mod doubtful;
mod markup;
mod named;
mod scripts;
mod tags;
mod unknown;

pub(super) use browser::Browser;
use named::LinkAround;

use super::elements::Elements;
use super::place::Place;
use super::suspect_text::SuspectText;
use super::tag;
use super::{Doubt, SearchDirectives};
use std::collections::BTreeSet;

/// The output up to some point.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Output {
    place: Place,
    /// The start of a token that is unclear until more is read.
    start: String,
    elements: Elements,
    /// Whether something was printed that a visitor may see.
    pub(super) seen: bool,
    /// Whether the browser has left before anything could be seen.
    pub(super) left: bool,
    /// Whether the browser will leave, but goes on reading until then.
    pub(super) leaves_later: bool,
    /// Whether there is more than a document needs that only redirects.
    pub(super) shows_page: bool,
    /// Whether paths through the template ended in different places, so that all further markup is doubtful.
    confused: bool,
    /// Whether something was printed between tags that may be the start of a comment, or of an element that
    /// has text.
    may_hide: bool,
    /// The text that was read since the markup became doubtful, and that may not be text.
    suspect: SuspectText,
    /// Whether a policy in the document may forbid scripts.
    restricted: bool,
    /// Whether the browser left in the `noscript` whose content is being read as markup; `None` outside of
    /// one.
    noscript: Option<bool>,
    /// Whether a script ran whose effect on later scripts is unknown.
    pub(super) unknown_script: bool,
    /// Whether a theme setting was printed into the script or tag that is being read.
    has_setting: bool,
    /// What the document tells search engines.
    pub(super) search: SearchDirectives,
    /// Where the browser is sent.
    pub(super) leads_to: BTreeSet<String>,
    /// The link around what is read.
    link: LinkAround,
    /// The targets of links that were read after the browser left.
    pub(super) links: BTreeSet<String>,
    /// Signs that the browser may leave, which prove nothing.
    pub(super) doubts: BTreeSet<Doubt>,
}

impl Output {
    pub(super) fn new() -> Self {
        Self {
            place: Place::Text,
            start: String::new(),
            elements: Elements::default(),
            seen: false,
            left: false,
            leaves_later: false,
            shows_page: false,
            confused: false,
            may_hide: false,
            suspect: SuspectText::default(),
            restricted: false,
            noscript: None,
            unknown_script: false,
            has_setting: false,
            search: SearchDirectives::default(),
            leads_to: BTreeSet::new(),
            link: LinkAround::None,
            links: BTreeSet::new(),
            doubts: BTreeSet::new(),
        }
    }

    /// Whether the output ends between tags.
    pub(super) fn is_in_text(&self) -> bool {
        self.place == Place::Text && self.start.is_empty()
    }

    /// Whether unknown output that is printed now becomes part of what is read later.
    pub(super) fn takes_unknown(&self) -> bool {
        matches!(self.place, Place::Tag { .. } | Place::Script { .. }) || !self.start.is_empty()
    }

    /// Whether text that is printed now is shown, unless the browser has left.
    pub(super) fn shows_text(&self) -> bool {
        self.is_in_text() && !self.elements.is_inert()
    }

    /// Whether the output ends in a script.
    pub(super) fn is_in_script(&self) -> bool {
        matches!(self.place, Place::Script { .. }) && self.start.is_empty()
    }

    /// Whether browsers read what comes next in the same way after both outputs.
    pub(super) fn ends_like(&self, other: &Self) -> bool {
        self.left && other.left
            || self.place.is_like(&other.place)
                && (&self.elements, &self.start) == (&other.elements, &other.start)
    }

    /// Records that a visitor may see what is printed, unless it is in an element that shows nothing.
    fn see(&mut self) {
        self.seen |= !self.left && !self.elements.is_inert();
    }

    /// Merges the outputs of two paths that lead to the same point.
    pub(super) fn join(&mut self, other: &Self) {
        let goes_on = !self.left && !other.left;
        self.confused |= other.confused;
        self.may_hide |= other.may_hide;
        if goes_on {
            self.confused |= !self.place.meet(&other.place);
            self.confused |= !self.elements.meet(&other.elements);
            match [self.start.as_str(), other.start.as_str()] {
                [one, other] if one == other => {}
                [tag::UNKNOWN, ""] => {}
                ["", tag::UNKNOWN] => self.start.clone_from(&other.start),
                _ => self.confused = true,
            }
            if !self.suspect.join(&other.suspect) {
                self.mark_ambiguous();
            }
        }
        self.seen = (self.seen && !self.left) || (other.seen && !other.left);
        if self.left {
            self.place.clone_from(&other.place);
            self.start.clone_from(&other.start);
            self.elements.clone_from(&other.elements);
            self.suspect.clone_from(&other.suspect);
            self.noscript = other.noscript;
        }
        if self.left != other.left || self.leaves_later != other.leaves_later {
            self.doubts.insert(Doubt::SomeWays);
        }
        self.left &= other.left;
        self.leaves_later &= other.leaves_later;
        self.restricted |= other.restricted;
        self.unknown_script |= other.unknown_script;
        self.has_setting |= other.has_setting;
        self.search.join(&other.search);
        self.shows_page |= other.shows_page;
        self.leads_to.extend(other.leads_to.iter().cloned());
        self.link.join(&other.link);
        self.links.extend(other.links.iter().cloned());
        self.doubts.extend(other.doubts.iter().cloned());
    }
}

#[cfg(test)]
mod tests;
