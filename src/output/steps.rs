//! The steps of a writer, and a place for tests to stop it before any of them.

use std::path::Path;

/// What a writer is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'p> {
    /// Make a folder, and those above it.
    CreateFolder(&'p Path),
    /// Write bytes to a temporary file in this folder.
    Stage(&'p Path),
    /// Put the temporary file in this place.
    Rename(&'p Path),
    /// Remove a file.
    Remove(&'p Path),
}

/// Asked before each step whether it may be taken.
pub type Gate<'g> = dyn FnMut(Step<'_>) -> std::io::Result<()> + 'g;

/// A run of steps; by default, all of them are taken.
#[derive(Default)]
pub struct Steps<'g> {
    gate: Option<&'g mut Gate<'g>>,
}

impl<'g> Steps<'g> {
    /// Steps that `gate` lets pass or stops: with an error as of a full disk, say.
    pub fn through(gate: &'g mut Gate<'g>) -> Self {
        Self { gate: Some(gate) }
    }

    /// Fails if the step must not be taken.
    pub(super) fn before(&mut self, step: Step<'_>) -> std::io::Result<()> {
        match &mut self.gate {
            Some(gate) => gate(step),
            None => Ok(()),
        }
    }
}
