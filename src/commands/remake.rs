//! Commands that take a theme and no settings: `undo` gives back the theme from before its guard,
//! `bundle` makes a bundle of a theme as it stands.

use super::build::{Error, failure};
use super::outputs::Outputs;
use super::{AFFECTED, load, theme_title};
use crate::config::Settings;
use crate::pipeline::progress::Progress;
use crate::pipeline::{self, Guarded};
use crate::report::{Report, Summary};
use crate::theme::Theme;
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
    /// For how many seconds the theme's own build may run; `None` if it is not to run.
    pub run_build: Option<u32>,
}

/// Runs `undo`.
pub fn undo(request: &RemakeRequest, progress: &dyn Progress) -> Report {
    let unguard = |theme: &Theme| pipeline::unguard(theme).ok_or(Error::NotGuarded);
    report("undo", remake("undo", request, progress, unguard, ("without its guard", AFFECTED)))
}

/// Runs `bundle`.
pub fn bundle(request: &RemakeRequest, progress: &dyn Progress) -> Report {
    let as_it_stands = |theme: &Theme| Ok(pipeline::as_it_stands(theme));
    report("bundle", remake("bundle", request, progress, as_it_stands, ("as it stands", "")))
}

fn report(command: &'static str, result: Result<Report, Error>) -> Report {
    result.unwrap_or_else(|error| Report::failed(command, failure(error)))
}

fn remake(
    command: &'static str,
    request: &RemakeRequest,
    progress: &dyn Progress,
    make: impl Fn(&Theme) -> Result<Guarded, Error>,
    (what, lead): (&str, &'static str),
) -> Result<Report, Error> {
    let outputs = Outputs::new(&request.flags, request.dry_run);
    outputs.check_folder(&request.theme)?;
    let source = load(&request.theme, request.run_build, progress)?;
    let source =
        pipeline::including(&source, request.flags.include.as_deref().unwrap_or_default())?;
    let mut result = make(&source)?;
    let outputs = outputs.write(&mut result, &request.theme, None, progress)?;
    let summary = Summary {
        lead,
        headline: format!("{}, {what}", theme_title(&result.identity)),
        pages: result.pages,
        edited: result.edited,
        added: result.added,
        removed: result.removed,
        outputs,
        dry_run: request.dry_run,
        ..Summary::default()
    };
    Ok(Report {
        command,
        findings: result.findings,
        source: Some(source),
        summary: Some(summary),
        ..Report::default()
    })
}
