//! Decides which templates need not be followed any more.

use super::Walk;
use std::collections::HashSet;

impl<'a> Walk<'a> {
    /// Whether it no longer matters what a template prints: the browser has left on every path, more than the
    /// redirecting template is certainly printed, and nothing in this template affects where the browser is
    /// sent.
    pub(super) fn is_idle(&mut self, name: &str) -> bool {
        self.is_gone |= self.alternatives == 0 && self.state.output.left;
        let is_alone = self.printing.len() <= 1 && !self.prints_shop;
        self.is_gone && !is_alone && !self.state.output.takes_unknown() && !self.leads_back(name)
    }

    /// Whether the browser left in this template, or in one that it includes at any depth.
    fn leads_back(&mut self, name: &str) -> bool {
        if self.left_in.contains(name) {
            return true;
        }
        let includes = |name: &str| {
            let file = self.templates.get(name);
            file.into_iter().flat_map(|file| &file.includes).map(|include| include.name.as_str())
        };
        let mut next: Vec<&'a str> = includes(name).collect();
        let mut seen = HashSet::new();
        while let Some(name) = next.pop() {
            if self.left_in.contains(name) {
                return true;
            }
            if !self.dead_ends.contains(name) && seen.insert(name) {
                next.extend(includes(name));
            }
        }
        self.dead_ends.extend(seen);
        false
    }

    pub(super) fn prints(&mut self, name: &str) {
        if !self.printing.contains(name) {
            self.printing.insert(name.to_owned());
        }
    }

    /// Whether the text of a template can be skipped: it is known to print something, and its text no longer
    /// matters.
    pub(super) fn is_skimmed(&self, name: &str) -> bool {
        self.state.output.left && self.printing.contains(name) && !self.left_in.contains(name)
    }
}
