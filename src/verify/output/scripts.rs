//! What a script of the page does: it leaves, may leave, or may keep a later script from leaving.

use super::Output;
use super::browser::Browser;
use crate::verify::place::{Place, find_end, go_on, hides_its_end, is_cut};
use crate::verify::script::{Reading, Runs};
use crate::verify::{Doubt, Place as VisitorPlace};

impl Output {
    pub(super) fn script<'t>(&mut self, input: &'t str, browser: Browser<'_>) -> &'t str {
        let end = find_end(input, "script");
        let read = end.unwrap_or_else(|| self.place.start_of_end(input));
        let Place::Script { runs, has_nonce, text } = &mut self.place else { return input };
        go_on(text, &input[..read]);
        if end.is_none() {
            self.start = input[read..].to_owned();
            return "";
        }
        let (runs, has_nonce, text) = (*runs, *has_nonce, std::mem::take(text));
        self.place = Place::Text;
        if hides_its_end(&text) {
            self.mark_ambiguous();
        }
        self.confused |= is_cut(&text);
        // A script that parses without errors holds no markup.
        if runs == Runs::Never || text.contains('<') && !browser.readings.of(&text).is_whole {
            self.doubt_hidden(&text);
        }
        if runs == Runs::Never && !self.left && !is_cut(&text) {
            self.read_idle(&text, browser);
        }
        if runs != Runs::Never && !self.left {
            self.run(runs, has_nonce, &text, browser);
        }
        &input[read..]
    }

    /// Reads a script element that does not run: another script can read it, and can insert it so that it
    /// does run.
    fn read_idle(&mut self, text: &str, browser: Browser<'_>) {
        let reading = browser.readings.of(text);
        if self.elements.is_inert() {
            self.doubt_script_after_raw(text);
        }
        match reading.is_whole && !reading.leaves.is_empty() {
            true => browser.reach.borrow_mut().add_idle(&reading),
            false => browser.reach.borrow_mut().name(text),
        }
    }

    fn run(&mut self, runs: Runs, has_nonce: bool, script: &str, browser: Browser<'_>) {
        let Some(target) = (browser.known)(script) else {
            return self.doubt_script(script, has_nonce, browser);
        };
        if !browser.runs(has_nonce) || browser.visitor.place() == VisitorPlace::CheckoutPath {
            return;
        }
        self.leads_to.insert(target);
        let doubt = match runs {
            _ if self.confused => Doubt::SomeWays,
            Runs::Perhaps | Runs::Never => Doubt::SomeWays,
            _ if self.restricted => Doubt::Restricted,
            Runs::AtOnce if !self.seen && self.unknown_script => Doubt::ScriptBefore,
            Runs::AtOnce if !self.seen => {
                self.left = true;
                return;
            }
            Runs::AtOnce | Runs::Later => Doubt::SeenFirst,
        };
        self.doubts.insert(doubt);
    }

    fn doubt_script(&mut self, script: &str, has_nonce: bool, browser: Browser<'_>) {
        if self.left || !browser.runs(has_nonce) {
            return;
        }
        if is_cut(script) {
            self.unknown_script = true;
            return self.mark_ambiguous();
        }
        let reading = browser.readings.of(script);
        self.unknown_script |= !reading.is_inert;
        browser.reach.borrow_mut().add(&reading);
        if self.has_setting && reading.goes_there {
            self.doubts.insert(Doubt::SetAddress);
        }
        self.doubt(Some(&reading));
    }

    /// Records that a script may leave by itself.
    pub(super) fn doubt(&mut self, reading: Option<&Reading>) {
        let leaves = reading.into_iter().flat_map(|reading| &reading.leaves);
        self.doubts.extend(leaves.cloned().map(Doubt::UnknownScript));
    }
}
