//! Commands that take a theme and no settings: `undo` gives back the theme from before its guard,
//! `bundle` makes a bundle of a theme as it stands.

use super::outputs::{Outputs, WriteError};
use super::{AFFECTED, theme_title};
use crate::config::Settings;
use crate::output::OutputError;
use crate::pipeline::{self, Guarded};
use crate::report::{Failure, LinkCounts, Report, Summary};
use crate::theme::{self, LoadError, Theme};
use std::path::PathBuf;

/// What was asked for on the command line.
#[derive(Clone, Debug)]
pub struct RemakeRequest {
    /// A folder or a zip.
    pub theme: PathBuf,
    /// The flags; only those about outputs count.
    pub flags: Settings,
    /// Whether nothing is to be written.
    pub dry_run: bool,
}

/// Runs `undo`.
pub fn undo(request: &RemakeRequest) -> Report {
    let unguard = |theme: &Theme| pipeline::unguard(theme).ok_or(Error::NotGuarded);
    report("undo", remake("undo", request, unguard, "without its guard", AFFECTED))
}

/// Runs `bundle`.
pub fn bundle(request: &RemakeRequest) -> Report {
    let as_it_stands = |theme: &Theme| Ok(pipeline::as_it_stands(theme));
    report("bundle", remake("bundle", request, as_it_stands, "as it stands", ""))
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

fn report(command: &'static str, result: Result<Report, Error>) -> Report {
    result.unwrap_or_else(|error| {
        let failure = Failure { message: error.to_string(), ..Failure::default() };
        Report::failed(command, failure)
    })
}

fn remake(
    command: &'static str,
    request: &RemakeRequest,
    make: impl Fn(&Theme) -> Result<Guarded, Error>,
    what: &str,
    lead: &'static str,
) -> Result<Report, Error> {
    let outputs = Outputs::new(&request.flags, request.dry_run);
    outputs.check_folder(&request.theme)?;
    let source = theme::load(&request.theme)?;
    let mut result = make(&source)?;
    let outputs = outputs.write(&mut result, &request.theme, None)?;
    let summary = Summary {
        lead,
        headline: format!("{}, {what}", theme_title(&result.identity)),
        pages: result.pages,
        guarded: String::new(),
        links: LinkCounts::default(),
        edited: result.edited,
        added: result.added,
        removed: result.removed,
        outputs,
        dry_run: request.dry_run,
    };
    Ok(Report {
        command,
        findings: result.findings,
        source: Some(source),
        failure: None,
        summary: Some(summary),
    })
}
