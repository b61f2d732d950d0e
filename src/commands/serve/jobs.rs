//! Runs one job at a time on the store, in the background, so that it finishes even if the page is closed.
//!
//! Each job runs a command. The job keeps the command's plan and progress for the page, and passes the
//! command's question to the page.

use super::answers::{Answer, refuse};
use crate::pipeline::progress::{Progress, Stage};
use crate::report::store::{StoreReport, human, json};
use crate::store::StoreEnvironment;
use serde_json::{Value, json};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// The phase of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// The job finds out what there is to do.
    Preparing,
    /// The job waits for the user's confirmation.
    Asking,
    /// The job makes the changes.
    Working,
    /// The job has ended.
    Ended,
}

impl Phase {
    fn name(self) -> &'static str {
        match self {
            Self::Preparing => "preparing",
            Self::Asking => "asking",
            Self::Working => "working",
            Self::Ended => "ended",
        }
    }
}

/// The state of a job, for the page.
#[derive(Debug)]
struct Job {
    number: u64,
    /// The equivalent command line.
    command: String,
    phase: Phase,
    plan: Vec<String>,
    progress: Vec<String>,
    answer: Option<bool>,
    outcome: Value,
}

/// The last job, whether it has ended or not.
#[derive(Clone, Debug, Default)]
pub(super) struct Jobs {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    job: Mutex<Option<Job>>,
    answered: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Option<Job>> {
        self.job.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Job)) {
        self.lock().as_mut().map(change);
    }
}

impl Jobs {
    /// Whether a job is working and must not be interrupted.
    pub(super) fn is_busy(&self) -> bool {
        let phase = self.shared.lock().as_ref().map(|job| job.phase);
        matches!(phase, Some(Phase::Preparing | Phase::Working))
    }

    /// Starts a job, unless the last one has not ended yet.
    pub(super) fn start(
        &self,
        command: String,
        work: impl FnOnce(&JobProgress) -> StoreReport + Send + 'static,
    ) -> Answer {
        let mut job = self.shared.lock();
        let last = job.as_ref().map_or(0, |job| job.number);
        if job.as_ref().is_some_and(|job| job.phase != Phase::Ended) {
            return refuse(
                "Something is being done to the store, or waits for your answer.".to_owned(),
            );
        }
        *job = Some(Job {
            number: last + 1,
            command,
            phase: Phase::Preparing,
            plan: Vec::new(),
            progress: Vec::new(),
            answer: None,
            outcome: json!({ "message": "The program made a mistake and stopped; look at what the channel shows." }),
        });
        drop(job);
        let progress = JobProgress { shared: Arc::clone(&self.shared) };
        std::thread::spawn(move || {
            let end = End(Arc::clone(&progress.shared));
            let outcome = outcome(work(&progress));
            progress.shared.change(|job| job.outcome = outcome);
            drop(end);
        });
        self.state()
    }

    /// Answers with the state of the last job.
    pub(super) fn state(&self) -> Answer {
        let state = self.shared.lock().as_ref().map(|job| {
            json!({
                "number": job.number, "command": job.command, "phase": job.phase.name(), "plan": job.plan,
                "progress": job.progress,
                "outcome": (job.phase == Phase::Ended).then_some(&job.outcome),
            })
        });
        Answer::Facts(json!({ "job": state }), true)
    }

    /// Confirms or declines the job of this number.
    pub(super) fn answer(&self, number: u64, yes: bool) -> Answer {
        self.shared.change(|job| {
            if job.number == number && job.phase == Phase::Asking && job.answer.is_none() {
                job.answer = Some(yes);
            }
        });
        self.shared.answered.notify_all();
        self.state()
    }
}

/// Ends the job when dropped, even after a panic.
struct End(Arc<Shared>);

impl Drop for End {
    fn drop(&mut self) {
        self.0.change(|job| job.phase = Phase::Ended);
    }
}

/// Receives the output of a command, and answers its question.
pub(super) struct JobProgress {
    shared: Arc<Shared>,
}

impl JobProgress {
    /// Returns the real environment, with the page in place of a terminal.
    pub(super) fn environment(&self) -> StoreEnvironment {
        let shared = || Arc::clone(&self.shared);
        let (tells, shows, asks) = (shared(), shared(), shared());
        StoreEnvironment {
            tell: Box::new(move |text| tells.change(|job| job.progress.push(text.to_owned()))),
            show: Box::new(move |text| {
                // The first line is the heading.
                let lines = text.lines().skip(1).map(|line| line.trim().to_owned());
                shows.change(|job| job.plan.extend(lines));
            }),
            ask: Box::new(move |_| Some(asks.ask())),
            ..StoreEnvironment::default()
        }
    }
}

impl Shared {
    /// Waits for the page's answer.
    fn ask(&self) -> bool {
        self.change(|job| job.phase = Phase::Asking);
        let waits = |job: &mut Option<Job>| job.as_ref().is_some_and(|job| job.answer.is_none());
        let guard = self.answered.wait_while(self.lock(), waits);
        let mut guard = guard.unwrap_or_else(PoisonError::into_inner);
        let Some(job) = guard.as_mut() else { return false };
        job.phase = Phase::Working;
        job.answer.unwrap_or_default()
    }
}

impl Progress for JobProgress {
    fn begin(&self, stage: Stage) {
        self.shared.change(|job| job.progress.push(stage.words().to_owned()));
    }
}

/// Returns the result of a command, as its report words it.
fn outcome(report: StoreReport) -> Value {
    let (results, _) = human(&report);
    let document: Value =
        json(&report).ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    json!({ "status": document["status"], "findings": document["findings"], "results": results })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Report;
    use std::time::{Duration, Instant};

    fn seen(jobs: &Jobs) -> Value {
        let Answer::Facts(facts, true) = jobs.state() else { panic!("no facts") };
        facts["job"].clone()
    }

    fn until(jobs: &Jobs, phase: &str) -> Value {
        let start = Instant::now();
        while seen(jobs)["phase"] != phase {
            assert!(start.elapsed() < Duration::from_secs(60), "{}", seen(jobs));
            std::thread::yield_now();
        }
        seen(jobs)
    }

    fn report() -> StoreReport {
        StoreReport { report: Report { command: "deploy", ..Report::default() }, answer: None }
    }

    #[test]
    fn job_waits_for_its_answer_and_reports_the_outcome() {
        let jobs = Jobs::default();
        jobs.start("stencil-guard deploy".to_owned(), |progress| {
            let environment = progress.environment();
            (environment.show)("Plan\n  one\n  two\n");
            let answer = (environment.ask)("Do this?");
            (environment.tell)(&format!("{answer:?}"));
            report()
        });
        let asking = until(&jobs, "asking");
        assert_eq!(asking["plan"], json!(["one", "two"]));
        assert!(asking["outcome"].is_null() && !jobs.is_busy());
        // Rejects another job, and an answer for another job.
        assert!(matches!(jobs.start(String::new(), |_| report()), Answer::Facts(_, false)));
        jobs.answer(7, true);
        assert_eq!(seen(&jobs)["phase"], "asking");
        jobs.answer(1, false);
        let ended = until(&jobs, "ended");
        assert_eq!(
            (&ended["progress"], &ended["outcome"]["status"]),
            (&json!(["Some(false)"]), &json!("done"))
        );
        assert!(matches!(jobs.start(String::new(), |_| report()), Answer::Facts(_, true)));
    }

    #[test]
    fn only_the_first_answer_to_the_current_question_applies() {
        let jobs = Jobs::default();
        let given = || jobs.shared.lock().as_ref().and_then(|job| job.answer);
        for number in [1, 2] {
            let (go_on, waits) = std::sync::mpsc::channel();
            jobs.start(String::new(), move |_| {
                waits.recv().unwrap();
                report()
            });
            assert_eq!(seen(&jobs)["number"], number);
            assert!(jobs.is_busy());
            // The job has not asked yet.
            jobs.answer(number, true);
            assert_eq!(given(), None);
            jobs.shared.change(|job| job.phase = Phase::Asking);
            jobs.answer(number - 1, true);
            assert_eq!(given(), None);
            jobs.answer(number, false);
            jobs.answer(number, true);
            assert_eq!(given(), Some(false));
            go_on.send(()).unwrap();
            until(&jobs, "ended");
        }
    }

    #[test]
    fn panic_ends_the_job() {
        let jobs = Jobs::default();
        jobs.start(String::new(), |_| panic!("a mistake, made by a test"));
        let ended = until(&jobs, "ended");
        assert!(ended["outcome"]["message"].as_str().unwrap().contains("made a mistake"));
        assert!(!jobs.is_busy());
    }
}
