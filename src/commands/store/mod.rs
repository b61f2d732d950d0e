//! Commands that talk to a store. They report what the store says; how to talk is for `store` to know.

mod access;
pub mod channels;

pub use access::StoreRequest;

use crate::report::store::{Answer, StoreReport};
use crate::report::{Failure, FailureCode, Report};
use crate::store::StoreError;
use crate::store::credentials::CredentialsError;
use crate::text::{Code, Finding};

#[derive(Debug, thiserror::Error)]
enum Error {
    #[error(transparent)]
    Credentials(#[from] CredentialsError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The report of a command that ended in one way or the other.
fn report(
    command: &'static str,
    findings: Vec<Finding>,
    result: Result<Answer, Error>,
) -> StoreReport {
    let mut report = Report { command, findings, source: None, failure: None, summary: None };
    let answer = match result {
        Ok(answer) => Some(answer),
        Err(Error::Store(error)) if error.is_answer() => {
            let finding = Finding::new(Code::StoreRefused, error.to_string()).help(error.help());
            report.findings.push(finding);
            None
        }
        Err(error) => {
            report.failure = Some(failure(&error));
            None
        }
    };
    StoreReport { report, answer }
}

fn failure(error: &Error) -> Failure {
    let help = match error {
        Error::Credentials(error) => error.help().to_owned(),
        Error::Store(error) => error.help(),
    };
    Failure { code: FailureCode::Store, message: error.to_string(), help: Some(help), place: None }
}
