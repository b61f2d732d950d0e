//! The steps of a writer; a test can make the writer fail before any of them.

use std::path::Path;

/// A step that a writer is about to take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'p> {
    /// Create a folder, and those above it.
    CreateFolder(&'p Path),
    /// Write bytes to a temporary file in this folder.
    Stage(&'p Path),
    /// Rename a temporary file to this path.
    Rename(&'p Path),
    /// Remove a file.
    Remove(&'p Path),
}

/// A function that is called before each step; if it fails, the step fails.
pub type StepHook<'g> = dyn FnMut(Step<'_>) -> std::io::Result<()> + 'g;

/// The steps of one run; by default, all of them are taken.
#[derive(Default)]
pub struct Steps<'g> {
    hook: Option<&'g mut StepHook<'g>>,
}

impl<'g> Steps<'g> {
    /// Creates steps that `hook` permits, or stops with an error, such as that of a full disk.
    pub fn with_hook(hook: &'g mut StepHook<'g>) -> Self {
        Self { hook: Some(hook) }
    }

    /// Fails if the hook stops the step.
    pub(super) fn before(&mut self, step: Step<'_>) -> std::io::Result<()> {
        match &mut self.hook {
            Some(hook) => hook(step),
            None => Ok(()),
        }
    }
}
