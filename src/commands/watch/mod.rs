//! `stencil-guard watch`: keeps a guarded copy of a theme up to date, with the same functions as `build`.
//!
//! What wakes the watcher does not affect the result: each step looks at everything and compares contents.
//! The state kept between steps only saves work; without it, a step is a build.

mod burst;
mod flags;
mod last_good_build;
mod places;
mod wake;

use super::build::{self, BuildRequest, Error, failure};
use super::links;
use super::outputs::Outputs;
use crate::config::{BundleChoice, Settings};
use crate::output::{self, Changes, Found, Steps};
use crate::pipeline::progress::NoProgress;
use crate::pipeline::{self, Guarded};
use crate::report::{Failure, Report};
use crate::stamp::Clock;
use crate::text::Finding;
use crate::theme::{self, Cache, Packages, Scan, Theme};
use last_good_build::{Done, LastGoodBuild, rejected, write};
pub use places::Places;
use std::path::PathBuf;
pub use wake::Wake;

/// What a step did.
#[derive(Debug)]
pub struct Event {
    /// The report to show; it has no summary.
    pub report: Report,
    /// The changes to the folder.
    pub changes: Changes,
    /// The bundle, if it was written.
    pub bundle: Option<PathBuf>,
    /// Whether this step or an earlier one had a good result.
    pub has_good: bool,
}

/// How much a step had to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Files of the theme that were read.
    pub read: usize,
    /// Templates that were scanned, including those that a build changes on its way, which are scanned each
    /// time.
    pub scanned: usize,
    /// Files of the folder that were written.
    pub written: usize,
}

/// Keeps the guarded copy of one theme up to date.
#[derive(Debug)]
pub struct Watcher {
    request: BuildRequest,
    clock: Clock,
    scan: Scan,
    cache: Cache,
    work: Work,
    /// What the last step read; `None` if the next step must build in any case.
    seen: Option<Inputs>,
    good: Option<LastGoodBuild>,
    /// The folder of link rules that the settings last named.
    rules: Option<PathBuf>,
    /// The findings that keep the last theme that was read from being written.
    standing: Vec<Finding>,
    /// The message of the last failure that was reported.
    told: Option<String>,
    /// How many times in a row the theme changed while it was being read.
    put_off: usize,
    /// Whether another run holds the folder.
    is_locked_out: bool,
}

/// How many times in a row the theme may change before the watcher reports it.
const MAX_PUT_OFF: usize = 5;

/// Everything that a result depends on.
#[derive(Debug)]
struct Inputs {
    settings: Settings,
    rules: Vec<(String, String)>,
    theme: Theme,
}

impl PartialEq for Inputs {
    fn eq(&self, other: &Self) -> bool {
        self.settings == other.settings
            && self.rules == other.rules
            && self.theme.files == other.theme.files
            && self.theme.directories == other.theme.directories
            && self.theme.stale == other.theme.stale
            && self.theme.secrets == other.theme.secrets
            && match (&self.theme.packages, &other.theme.packages) {
                (Packages::Parsed(own), Packages::Parsed(other)) => own == other,
                // A folder has too many packages to look at each time.
                _ => true,
            }
    }
}

impl Watcher {
    /// Creates a watcher that has not read anything yet.
    pub fn new(request: BuildRequest) -> Self {
        Self::with_clock(request, Clock::default())
    }

    /// Creates a watcher that uses this clock.
    pub fn with_clock(request: BuildRequest, clock: Clock) -> Self {
        Self {
            request,
            scan: Scan::new(clock.clone()),
            clock,
            cache: Cache::default(),
            work: Work::default(),
            seen: None,
            good: None,
            rules: None,
            standing: Vec::new(),
            told: None,
            put_off: 0,
            is_locked_out: false,
        }
    }

    /// Whether another run holds the folder and this one has not written a result.
    pub fn is_locked_out(&self) -> bool {
        self.is_locked_out && self.good.is_none()
    }

    /// Returns an error in the command line that no change to a file can fix, if there is one.
    pub fn wrong_flags(&self) -> Option<Event> {
        let failure = failure(flags::check(&self.request).err()?);
        let (report, changes) = (Report::failed("watch", failure), Changes::default());
        Some(Event { report, changes, bundle: None, has_good: false })
    }

    /// Returns what the next step will read, as far as known.
    pub fn places(&self) -> Places {
        let others = self.request.sources.file.iter().chain(&self.request.sources.flags.patches);
        let mut others: Vec<PathBuf> = others.chain(&self.rules).cloned().collect();
        // This file may be created later.
        others.push(build::settings_file(&self.request.theme));
        Places { theme: self.request.theme.clone(), others }
    }

    /// Returns how much the last step had to do.
    pub fn work(&self) -> Work {
        self.work
    }

    /// Reads everything, and brings the outputs up to date; `None` if there is nothing to report.
    ///
    /// If something is wrong, the last good outputs stay.
    pub fn step(&mut self, steps: &mut Steps<'_>) -> Option<Event> {
        self.work = Work::default();
        let mut done = Done::default();
        let report = match self.try_step(&mut done, steps) {
            Ok(report) => {
                self.told = None;
                report
            }
            Err(error) => {
                self.seen = None;
                self.is_locked_out = error.is_in_use();
                let failure = failure(error);
                let is_new = self.told.as_ref() != Some(&failure.message) || !done.is_nothing();
                self.told = Some(failure.message.clone());
                is_new.then(|| Report::failed("watch", failure))
            }
        };
        let Done { changes, bundle } = done;
        self.work.written = changes.written.len();
        Some(Event { report: report?, changes, bundle, has_good: self.good.is_some() })
    }

    fn try_step(
        &mut self,
        done: &mut Done,
        steps: &mut Steps<'_>,
    ) -> Result<Option<Report>, Error> {
        let inputs = match self.read() {
            Ok(inputs) => inputs,
            Err(error) => return self.vanished(&error).ok_or(error).map(|path| self.put_off(path)),
        };
        if let Some(good) = &self.good {
            let names = good.theme.files.keys().map(String::as_str);
            output::claim(&good.out, &good.found, names, steps)?;
        }
        if self.seen.as_ref() != Some(&inputs) {
            return self.build(inputs, done, steps);
        }
        self.put_off = 0;
        // The cause may lie in packages, which are not compared otherwise.
        if !self.standing.is_empty() {
            let standing = self.standing.clone();
            let report = self.build(inputs, done, steps)?;
            let has_failed = report.as_ref().is_some_and(|report| report.failure.is_some());
            if has_failed || self.standing != standing {
                return Ok(report);
            }
        }
        if let Some(good) = &mut self.good {
            good.found = write(good, Some(good), &self.clock, done, steps)?;
        }
        let seen = self.seen.as_ref().filter(|_| !done.is_nothing());
        Ok(seen.map(|seen| report(&seen.theme, self.standing.clone())))
    }

    /// Returns the path that vanished while the theme was being read, which is no error of the theme.
    fn vanished(&self, error: &Error) -> Option<String> {
        let Error::Load(error) = error else { return None };
        error.vanished(&self.request.theme).map(|path| path.display().to_string())
    }

    fn read(&mut self) -> Result<Inputs, Error> {
        let settings = self.read_settings()?;
        self.rules.clone_from(&settings.patches);
        let rules = read_rules(&settings)?;
        let theme = theme::load_again(&self.request.theme, &mut self.scan)?;
        self.work.read = self.scan.read();
        Ok(Inputs { settings, rules, theme })
    }

    /// Returns what has changed since it was read; the next step sees what is new.
    fn changed(&self, inputs: &Inputs) -> Result<Option<String>, Error> {
        let settings = self.read_settings()?;
        let is_same = settings == inputs.settings && read_rules(&settings)? == inputs.rules;
        Ok(match is_same {
            true => self.scan.changed().map(str::to_owned),
            false => Some("a file of settings or rules".to_owned()),
        })
    }

    /// Puts off a theme that changed while it was being read, because a file may have been half saved. The
    /// change leads to another step; only a theme that keeps changing is reported.
    fn put_off(&mut self, what: String) -> Option<Report> {
        self.put_off += 1;
        (self.put_off == MAX_PUT_OFF).then(|| {
            // When the theme stops changing, the next step must report, whatever it finds.
            self.seen = None;
            let message = format!("{what} changes every time stencil-guard reads the theme");
            let help = Some("stencil-guard waits until it stops changing".to_owned());
            Report::failed("watch", Failure { message, help, ..Failure::default() })
        })
    }

    fn read_settings(&self) -> Result<Settings, Error> {
        let mut settings = build::settings(&self.request)?;
        // The watcher makes a bundle only if the settings name its file.
        if !matches!(settings.bundle, Some(BundleChoice::File(_))) {
            settings.bundle = Some(BundleChoice::Wanted(false));
        }
        // The development server compiles style sheets itself, and reports their errors.
        settings.style_check = Some(false);
        Ok(settings)
    }

    /// Builds the theme and writes the result, unless the theme changed meanwhile: a file may have been half
    /// saved, and the change leads to another step.
    fn build(
        &mut self,
        inputs: Inputs,
        done: &mut Done,
        steps: &mut Steps<'_>,
    ) -> Result<Option<Report>, Error> {
        let options = build::options(&inputs.settings)?;
        let outputs = Outputs::new(&inputs.settings, false);
        let out = outputs.out.clone().ok_or(Error::NoFolder)?;
        outputs.check_folder(&self.request.theme)?;
        let mut guarded = pipeline::guard_again(&inputs.theme, &options, &mut self.cache)?;
        self.work.scanned = guarded.scanned;
        let theme = &self.request.theme;
        let zip = outputs.zip(&mut guarded, theme, None, &NoProgress, &mut self.cache)?;
        if let Some(good) = &self.good {
            good.refuse_broken(&mut guarded);
        }
        if let Some(changed) = self.changed(&inputs)? {
            return Ok(self.put_off(changed));
        }
        self.put_off = 0;
        let is_good = !guarded.has_errors();
        let report = report(&inputs.theme, std::mem::take(&mut guarded.findings));
        if is_good {
            let rejected = rejected(&report.findings).map(str::to_owned).collect();
            let found = Found::default();
            let Guarded { source, theme, templates, .. } = guarded;
            let mut good = LastGoodBuild { out, source, theme, templates, found, zip, rejected };
            good.found = write(&good, self.good.as_ref(), &self.clock, done, steps)?;
            self.good = Some(good);
            self.standing.clear();
        } else {
            self.standing.clone_from(&report.findings);
        }
        self.seen = Some(inputs);
        Ok(Some(report))
    }
}

/// Returns the name and text of each rule file.
fn read_rules(settings: &Settings) -> Result<Vec<(String, String)>, Error> {
    let files = settings.patches.as_deref().map(links::rule_files).transpose()?;
    Ok(files.unwrap_or_default())
}

fn report(theme: &Theme, findings: Vec<Finding>) -> Report {
    let source = Some(theme.clone());
    Report { command: "watch", findings, source, failure: None, summary: None }
}
