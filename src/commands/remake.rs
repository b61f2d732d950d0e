//! Commands that take a theme and no settings file: `undo` removes the guard from a theme, and `bundle`
//! bundles a theme as it stands.

use super::build::{Error, failure};
use super::outputs::Outputs;
use super::{AFFECTED, load, theme_title};
use crate::config::Settings;
use crate::pipeline::progress::Progress;
use crate::pipeline::{self, Guarded};
use crate::report::{Report, Summary};
use crate::theme::Theme;
use std::path::PathBuf;

/// The arguments of `stencil-guard undo` and `stencil-guard bundle`.
#[derive(Clone, Debug)]
pub struct RemakeRequest {
    /// A folder or a zip.
    pub theme: PathBuf,
    /// The flags; those about the guard are ignored.
    pub flags: Settings,
    /// Whether to write nothing.
    pub dry_run: bool,
    /// The time limit of the theme's own build in seconds; `None` to skip that build.
    pub run_build: Option<u32>,
}

/// Runs `undo`.
pub fn undo(request: &RemakeRequest, progress: &dyn Progress) -> Report {
    let unguard = |theme: &Theme| pipeline::unguard(theme).ok_or(Error::NotGuarded);
    report("undo", remake("undo", request, progress, unguard, ("without its guard", AFFECTED)))
}

/// Runs `bundle`.
pub fn bundle(request: &RemakeRequest, progress: &dyn Progress) -> Report {
    let unchanged = |theme: &Theme| Ok(pipeline::unchanged(theme));
    report("bundle", remake("bundle", request, progress, unchanged, ("as it stands", "")))
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
