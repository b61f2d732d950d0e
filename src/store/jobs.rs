//! Follows jobs of the store until they have ended.

use super::{Client, StoreError, answer, job_errors};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::time::Duration;

/// A job that has succeeded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Job {
    /// The job's result.
    pub result: Map<String, Value>,
    /// The store's warnings.
    pub warnings: Vec<String>,
}

#[derive(Deserialize)]
struct State {
    #[serde(default)]
    status: String,
    #[serde(default)]
    percent_complete: Option<f64>,
    #[serde(default)]
    result: Option<Map<String, Value>>,
    #[serde(default)]
    warnings: Option<Vec<Value>>,
    #[serde(default)]
    errors: Option<Vec<Value>>,
}

const FIRST_PAUSE: Duration = Duration::from_millis(300);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// Some jobs never end, so the tool stops waiting after this time.
const LONGEST: Duration = Duration::from_secs(600);
/// How often a store may answer that it does not know a new job yet.
const MAX_UNKNOWN: u32 = 8;

impl Client<'_> {
    /// Waits until a job has ended; messages name its purpose `what`.
    pub(super) fn follow(&self, id: &str, what: &'static str) -> Result<Job, StoreError> {
        let (mut waited, mut pause, mut unknown) = (Duration::ZERO, FIRST_PAUSE, 0);
        let mut told = None;
        while waited < LONGEST {
            (self.environment().sleep)(pause);
            waited += pause;
            pause = pause.mul_f64(1.5).min(LONGEST_PAUSE);
            let state: State = match self.get(&format!("/themes/jobs/{id}")) {
                Err(error) if error.status() == Some(404) && unknown < MAX_UNKNOWN => {
                    unknown += 1;
                    continue;
                }
                other => other?,
            };
            match state.status.as_str() {
                "COMPLETED" => return Ok(ended(state)),
                "FAILED" => return Err(failed(&state, what)),
                _ => {}
            }
            let percent = state.percent_complete.unwrap_or_default();
            if told != Some(percent) {
                told = Some(percent);
                (self.environment().tell)(&format!(
                    "waiting for the store to {what}: {percent:.0} %"
                ));
            }
        }
        Err(StoreError::JobStalled { what, id: id.to_owned(), seconds: LONGEST.as_secs() })
    }
}

fn ended(state: State) -> Job {
    let warnings = state.warnings.unwrap_or_default();
    Job {
        result: state.result.unwrap_or_default(),
        warnings: warnings.iter().map(answer::entry).collect(),
    }
}

fn failed(state: &State, what: &'static str) -> StoreError {
    let errors = state.errors.as_deref().unwrap_or_default();
    let mut reasons: Vec<String> = errors.iter().map(answer::entry).collect();
    let is_passing =
        !reasons.is_empty() && reasons.iter().all(|reason| job_errors::is_passing(reason));
    for reason in &mut reasons {
        if let Some(meaning) = job_errors::meaning(reason) {
            *reason = format!("{reason}: {meaning}");
        }
    }
    if reasons.is_empty() {
        reasons.push("it gives no reason".to_owned());
    }
    StoreError::JobFailed { what, reasons, is_passing }
}
