//! Commands that take a theme and no settings: `undo` gives back the theme from before its guard,
//! `bundle` makes a bundle of a theme as it stands.

use super::build::not_left_out;
use super::outputs::{Outputs, WriteError};
use super::theme_build::ThemeBuildError;
use super::{AFFECTED, load, theme_title};
use crate::config::Settings;
use crate::output::OutputError;
use crate::pipeline::progress::Progress;
use crate::pipeline::{self, BuildError, Guarded};
use crate::report::{Failure, FailureCode, LinkCounts, Report, Summary};
use crate::theme::{LoadError, Theme};
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

#[derive(Debug, thiserror::Error)]
enum Error {
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error(transparent)]
    ThemeBuild(#[from] ThemeBuildError),
    #[error("the theme holds no guard, so there is nothing to undo")]
    NotGuarded,
    #[error(transparent)]
    Build(#[from] BuildError),
    #[error(transparent)]
    Output(#[from] OutputError),
    #[error(transparent)]
    Write(#[from] WriteError),
}

fn report(command: &'static str, result: Result<Report, Error>) -> Report {
    result.unwrap_or_else(|error| {
        let help = match &error {
            Error::Load(error) => error.help(),
            Error::ThemeBuild(error) => Some(error.help().to_owned()),
            Error::Build(BuildError::NotLeftOut { closest, .. }) => {
                Some(not_left_out(closest.clone()))
            }
            Error::Output(error) | Error::Write(WriteError::Output(error)) => error.help(),
            _ => None,
        };
        let code = match &error {
            Error::Load(_) => FailureCode::UnreadableTheme,
            Error::ThemeBuild(_) => FailureCode::ThemeBuild,
            Error::Build(_) => FailureCode::Failed,
            Error::NotGuarded => FailureCode::NotGuarded,
            Error::Output(_) | Error::Write(_) => FailureCode::Output,
        };
        let failure = Failure { code, message: error.to_string(), help, place: None };
        Report::failed(command, failure)
    })
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
    let source = load::<Error>(&request.theme, request.run_build, progress)?;
    let source =
        pipeline::including(&source, request.flags.include.as_deref().unwrap_or_default())?;
    let mut result = make(&source)?;
    let outputs = outputs.write(&mut result, &request.theme, None, progress)?;
    let summary = Summary {
        lead,
        headline: format!("{}, {what}", theme_title(&result.identity)),
        pages: result.pages,
        guarded: String::new(),
        links: LinkCounts::default(),
        link_list: Vec::new(),
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
