//! `stencil-guard undo`: gives back the theme from before its guard.

use super::outputs::{Outputs, WriteError};
use super::theme_title;
use crate::config::Settings;
use crate::output::OutputError;
use crate::pipeline;
use crate::report::{Failure, Report, Summary};
use crate::theme::{self, LoadError};
use std::path::PathBuf;

/// What was asked for on the command line.
#[derive(Clone, Debug)]
pub struct UndoRequest {
    /// A folder or a zip.
    pub theme: PathBuf,
    /// The flags; only those about outputs count.
    pub flags: Settings,
    /// Whether nothing is to be written.
    pub dry_run: bool,
}

/// Runs the command.
pub fn run(request: &UndoRequest) -> Report {
    undo(request).unwrap_or_else(|error| {
        let failure = Failure { message: error.to_string(), ..Failure::default() };
        Report::failed("undo", failure)
    })
}

#[derive(Debug, thiserror::Error)]
enum Error {
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error("the theme holds no guard, so there is nothing to undo")]
    NotGuarded,
    #[error(transparent)]
    Output(#[from] OutputError),
    #[error(transparent)]
    Write(#[from] WriteError),
}

fn undo(request: &UndoRequest) -> Result<Report, Error> {
    let outputs = Outputs::new(&request.flags, request.dry_run);
    outputs.check_folder(&request.theme)?;
    let source = theme::load(&request.theme)?;
    let mut result = pipeline::unguard(&source).ok_or(Error::NotGuarded)?;
    let outputs = outputs.write(&mut result, &request.theme, None)?;
    let summary = Summary {
        headline: format!("{}, without its guard", theme_title(&result.identity)),
        pages: result.pages,
        guarded: String::new(),
        edited: result.edited,
        added: result.added,
        removed: result.removed,
        outputs,
        dry_run: request.dry_run,
    };
    Ok(Report {
        command: "undo",
        findings: result.findings,
        source: Some(source),
        failure: None,
        summary: Some(summary),
    })
}
