//! What a browser does with what it gets.

use crate::verify::script::Readings;
use crate::verify::tracked_visitor::TrackedVisitor;
use crate::verify::{KnownScripts, Scripts};

/// What the browser does with what it gets.
#[derive(Clone, Copy)]
pub(in crate::verify) struct Browser<'a> {
    /// Whose it is.
    pub(in crate::verify) visitor: &'a TrackedVisitor<'a>,
    /// Scripts that are known to leave as soon as they run.
    pub(in crate::verify) known: KnownScripts<'a>,
    /// Scripts that were read.
    pub(in crate::verify) readings: &'a Readings,
}

impl Browser<'_> {
    /// Whether scripts are switched off.
    pub(super) fn is_without_scripts(self) -> bool {
        self.visitor.scripts() == Scripts::Off
    }

    /// Whether it runs a script, given whether that has the nonce of the store's policy.
    pub(super) fn runs(self, has_nonce: bool) -> bool {
        match self.visitor.scripts() {
            Scripts::Run => true,
            Scripts::Off => false,
            Scripts::WithNonce => has_nonce,
        }
    }
}
