//! Commands that talk to a store and report its answers. The module `store` knows how to talk to it.

mod access;
pub mod channels;
mod confirm;
pub mod deploy;
pub mod download;
mod hidden;
pub mod live;
mod package;
mod places;
pub mod probe;
pub mod push;
pub mod rollback;
pub mod routes;
mod shipping;

pub use access::StoreRequest;

use super::build;
use crate::output::OutputError;
use crate::report::store::{Answer, StoreReport};
use crate::report::{Failure, FailureCode, Report};
use crate::store::StoreError;
use crate::store::credentials::CredentialsError;
use crate::store::editor_settings::SettingsError;
use crate::store::record::RecordError;
use crate::text::{Code, Finding};
use crate::theme::Theme;

#[derive(Debug, thiserror::Error)]
enum Error {
    #[error(transparent)]
    Credentials(#[from] CredentialsError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Settings(#[from] SettingsError),
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error(transparent)]
    Output(#[from] OutputError),
    #[error(transparent)]
    Build(#[from] build::Error),
    #[error("{message}")]
    Wrong { message: String, help: String },
    /// The findings say what is wrong.
    #[error("the findings say why")]
    Findings,
}

/// What a command collects for its report.
#[derive(Debug, Default)]
struct Notes {
    findings: Vec<Finding>,
    /// The theme that the places of findings are in.
    source: Option<Theme>,
}

/// Runs a command, and turns its result into a report.
fn report(
    command: &'static str,
    run: impl FnOnce(&mut Notes) -> Result<Answer, Error>,
) -> StoreReport {
    let mut notes = Notes::default();
    let result = run(&mut notes);
    let Notes { findings, source } = notes;
    let mut report = Report { command, findings, source, ..Report::default() };
    let answer = match result {
        Ok(answer) => Some(answer),
        Err(Error::Findings) => None,
        Err(error) if is_no(&error) => {
            let failure = failure(error);
            let finding = Finding::new(Code::StoreRefused, failure.message);
            report.findings.push(finding.help(failure.help.unwrap_or_default()));
            None
        }
        Err(error) => {
            report.failure = Some(failure(error));
            None
        }
    };
    StoreReport { report, answer }
}

/// Whether the store refuses a request, or would refuse it.
fn is_no(error: &Error) -> bool {
    match error {
        Error::Store(error) => error.is_answer(),
        Error::Settings(_) => true,
        _ => false,
    }
}

fn failure(error: Error) -> Failure {
    let message = error.to_string();
    let help = match error {
        Error::Credentials(error) => error.help().to_owned(),
        Error::Store(error) => error.help(),
        Error::Settings(SettingsError::NoVariation(_)) => {
            "give the theme a variation of this name, or leave the settings out with --no-settings"
                .to_owned()
        }
        Error::Settings(_) => {
            "make the theme's value the same kind, or leave the settings out with --no-settings"
                .to_owned()
        }
        Error::Record(_) => "name another file with --record".to_owned(),
        Error::Wrong { help, .. } => help,
        Error::Build(error) => return build::failure(error),
        Error::Output(_) | Error::Findings => {
            return Failure { message, ..Failure::default() };
        }
    };
    Failure { code: FailureCode::Store, message, help: Some(help), place: None }
}
