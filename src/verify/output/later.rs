//! What scripts of a page may do when somebody does something.

use crate::verify::script::Reading;
use std::collections::BTreeSet;

/// What scripts of a page may do when somebody does something.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::verify) struct Later {
    /// The hosts that scripts name which go to another page.
    goes_near: BTreeSet<String>,
    /// The hosts that any script names.
    named: BTreeSet<String>,
    /// Whether a script goes to an address that it has from elsewhere.
    goes_anywhere: bool,
}

impl Later {
    pub(super) fn add(&mut self, reading: &Reading) {
        self.goes_anywhere |= reading.goes_anywhere;
        let hosts = if reading.goes { &mut self.goes_near } else { &mut self.named };
        hosts.extend(reading.hosts.iter().cloned());
    }

    pub(super) fn join(&mut self, other: &Self) {
        self.goes_near.extend(other.goes_near.iter().cloned());
        self.named.extend(other.named.iter().cloned());
        self.goes_anywhere |= other.goes_anywhere;
    }

    /// The hosts that scripts may go to.
    pub(in crate::verify) fn hosts(mut self) -> BTreeSet<String> {
        if self.goes_anywhere {
            self.goes_near.append(&mut self.named);
        }
        self.goes_near
    }
}
