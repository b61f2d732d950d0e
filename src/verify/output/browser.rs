//! How a browser treats what it receives.

use crate::verify::reach::Reach;
use crate::verify::script::Readings;
use crate::verify::tracked_visitor::TrackedVisitor;
use crate::verify::{KnownScripts, Scripts};
use std::cell::RefCell;

/// A visitor's browser, and what is known of the scripts that it receives.
#[derive(Clone, Copy)]
pub(in crate::verify) struct Browser<'a> {
    /// The visitor who uses it.
    pub(in crate::verify) visitor: &'a TrackedVisitor<'a>,
    /// Scripts that are known to leave as soon as they run.
    pub(in crate::verify) known: KnownScripts<'a>,
    /// Cache of scripts that were read.
    pub(in crate::verify) readings: &'a Readings,
    /// How far the scripts of the page may reach, whichever path through its templates prints them.
    pub(in crate::verify) reach: &'a RefCell<Reach>,
}

impl Browser<'_> {
    /// Whether scripts are switched off.
    pub(super) fn is_without_scripts(self) -> bool {
        self.visitor.scripts() == Scripts::Off
    }

    /// Whether it runs a script, given whether the script has the nonce of the store's policy.
    pub(super) fn runs(self, has_nonce: bool) -> bool {
        match self.visitor.scripts() {
            Scripts::Run => true,
            Scripts::Off => false,
            Scripts::WithNonce => has_nonce,
        }
    }
}
