//! One thing at a time that is done to the store: in the background, so that it ends well whatever becomes of the page.
//!
//! The work is that of a command. What the command shows and tells is kept for the page, and where it asks, it waits
//! for the page's answer.

use super::answers::{Answer, refuse};
use crate::pipeline::progress::{Progress, Stage};
use crate::report::store::{StoreReport, human, json};
use crate::store::Surroundings;
use serde_json::{Value, json};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// It finds out what is to be done.
    Preparing,
    /// It waits for somebody to agree.
    Asking,
    /// It does it.
    Working,
    /// It has ended.
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

/// What the page may know about a job.
#[derive(Debug)]
struct Job {
    number: u64,
    /// The command that does the same.
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
    /// Whether something is being done that must not be broken off.
    pub(super) fn is_busy(&self) -> bool {
        let phase = self.shared.lock().as_ref().map(|job| job.phase);
        matches!(phase, Some(Phase::Preparing | Phase::Working))
    }

    /// Begins with a job, unless there is one that has not ended.
    pub(super) fn start(
        &self,
        command: String,
        work: impl FnOnce(&Teller) -> StoreReport + Send + 'static,
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
        let teller = Teller { shared: Arc::clone(&self.shared) };
        std::thread::spawn(move || {
            let end = End(Arc::clone(&teller.shared));
            let outcome = outcome(work(&teller));
            teller.shared.change(|job| job.outcome = outcome);
            drop(end);
        });
        self.state()
    }

    /// The last job, as the page is told.
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

    /// Somebody agrees to the job of this number, or does not.
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

/// Ends the job, even if the program makes a mistake.
struct End(Arc<Shared>);

impl Drop for End {
    fn drop(&mut self) {
        self.0.change(|job| job.phase = Phase::Ended);
    }
}

/// Takes what a command tells, and brings the answer to what it asks.
pub(super) struct Teller {
    shared: Arc<Shared>,
}

impl Teller {
    /// The real world, with the page in the place of a terminal.
    pub(super) fn surroundings(&self) -> Surroundings {
        let shared = || Arc::clone(&self.shared);
        let (tells, shows, asks) = (shared(), shared(), shared());
        Surroundings {
            tell: Box::new(move |text| tells.change(|job| job.progress.push(text.to_owned()))),
            show: Box::new(move |text| {
                // The first line is the heading.
                let lines = text.lines().skip(1).map(|line| line.trim().to_owned());
                shows.change(|job| job.plan.extend(lines));
            }),
            ask: Box::new(move |_| Some(asks.ask())),
            ..Surroundings::default()
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

impl Progress for Teller {
    fn begin(&self, stage: Stage) {
        self.shared.change(|job| job.progress.push(stage.words().to_owned()));
    }
}

/// What came of a command, in its own words.
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
    fn a_job_asks_once_and_tells_what_came_of_it() {
        let jobs = Jobs::default();
        jobs.start("stencil-guard deploy".to_owned(), |teller| {
            let surroundings = teller.surroundings();
            (surroundings.show)("Plan\n  one\n  two\n");
            let answer = (surroundings.ask)("Do this?");
            (surroundings.tell)(&format!("{answer:?}"));
            report()
        });
        let asking = until(&jobs, "asking");
        assert_eq!(asking["plan"], json!(["one", "two"]));
        assert!(asking["outcome"].is_null() && !jobs.is_busy());
        // Another job, and an answer to another question.
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
    fn an_answer_is_for_the_question_that_is_asked_and_the_first_one_counts() {
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
            // Nothing is asked yet.
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
    fn a_mistake_of_the_program_ends_the_job() {
        let jobs = Jobs::default();
        jobs.start(String::new(), |_| panic!("a mistake, made by a test"));
        let ended = until(&jobs, "ended");
        assert!(ended["outcome"]["message"].as_str().unwrap().contains("made a mistake"));
        assert!(!jobs.is_busy());
    }
}
