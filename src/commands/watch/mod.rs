//! `stencil-guard watch`: keeps a guarded copy of a theme up to date, by the same functions as build.
//!
//! What wakes it decides nothing: each step looks at everything and compares contents. What it holds on to
//! from one step to the next saves work and decides nothing either; without it, a step is a build.

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
    /// What is worth telling; its summary is not filled.
    pub report: Report,
    /// What was done to the folder.
    pub changes: Changes,
    /// The bundle, if it was written.
    pub bundle: Option<PathBuf>,
    /// Whether there is a good state by now, of this step or an earlier one.
    pub has_good: bool,
}

/// How much a step had to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Files of the theme that were read.
    pub read: usize,
    /// Templates that were scanned, those that a build changes on its way each time.
    pub scanned: usize,
    /// Files of the folder that were written.
    pub written: usize,
}

/// Follows one theme.
#[derive(Debug)]
pub struct Watcher {
    request: BuildRequest,
    clock: Clock,
    scan: Scan,
    cache: Cache,
    work: Work,
    /// What the last step read; `None` if the next must build whatever it reads.
    seen: Option<Inputs>,
    good: Option<LastGoodBuild>,
    /// The folder of rules that the settings named last.
    rules: Option<PathBuf>,
    /// What keeps the last theme that was read from being brought over.
    standing: Vec<Finding>,
    /// The failure that was told last.
    told: Option<String>,
    /// How often, without a break, the theme changed while it was read.
    put_off: usize,
    /// Whether another run holds the folder.
    is_locked_out: bool,
}

/// After so many times it is told that a theme changes all the time.
const MOST_PUT_OFF: usize = 5;

/// All that a result depends on.
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
                // Packages of a folder are too many to be looked at each time.
                _ => true,
            }
    }
}

impl Watcher {
    /// A watcher that has seen nothing yet.
    pub fn new(request: BuildRequest) -> Self {
        Self::with_clock(request, Clock::default())
    }

    /// The same, going by this clock.
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

    /// Whether another run holds the folder, so that this one has nothing to follow.
    pub fn is_locked_out(&self) -> bool {
        self.is_locked_out && self.good.is_none()
    }

    /// What is wrong with the command line, so that no change of any file can mend it.
    pub fn wrong_flags(&self) -> Option<Event> {
        let failure = failure(flags::check(&self.request).err()?);
        let (report, changes) = (Report::failed("watch", failure), Changes::default());
        Some(Event { report, changes, bundle: None, has_good: false })
    }

    /// What the next step will read, as far as is known.
    pub fn places(&self) -> Places {
        let others = self.request.sources.file.iter().chain(&self.request.sources.flags.patches);
        let mut others: Vec<PathBuf> = others.chain(&self.rules).cloned().collect();
        // It may come.
        others.push(build::settings_file(&self.request.theme));
        Places { theme: self.request.theme.clone(), others }
    }

    /// How much the last step had to do.
    pub fn work(&self) -> Work {
        self.work
    }

    /// Reads everything, and brings the outputs up to date; `None` if there is nothing to tell.
    ///
    /// Where something is wrong, the last good outputs stay.
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
        // What is wrong may lie in packages, which are not looked at otherwise.
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

    /// What went away while the theme was read; nothing is wrong with it then.
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

    /// What is no longer as it was read; what has come since is seen the next time.
    fn changed(&self, inputs: &Inputs) -> Result<Option<String>, Error> {
        let settings = self.read_settings()?;
        let is_same = settings == inputs.settings && read_rules(&settings)? == inputs.rules;
        Ok(match is_same {
            true => self.scan.changed().map(str::to_owned),
            false => Some("a file of settings or rules".to_owned()),
        })
    }

    /// What changed may have been read when it was saved by half. It is looked at again because it changed;
    /// only if that does not end, there is something to tell.
    fn put_off(&mut self, what: String) -> Option<Report> {
        self.put_off += 1;
        (self.put_off == MOST_PUT_OFF).then(|| {
            // That it rests is told, too, whatever it is then.
            self.seen = None;
            let message = format!("{what} changes each time that the theme is read");
            let help = Some("nothing is brought over before it rests".to_owned());
            Report::failed("watch", Failure { message, help, ..Failure::default() })
        })
    }

    fn read_settings(&self) -> Result<Settings, Error> {
        let mut settings = build::settings(&self.request)?;
        // Who watches did not ask for a bundle unless it has a name.
        if !matches!(settings.bundle, Some(BundleChoice::File(_))) {
            settings.bundle = Some(BundleChoice::Wanted(false));
        }
        // The development server compiles style sheets itself, and tells what is wrong with them.
        settings.style_check = Some(false);
        Ok(settings)
    }

    /// Brings a theme over; not if it changed meanwhile: it may have been read when it was saved by half,
    /// and is looked at again because it changed.
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

/// Name and text of each file of rules.
fn read_rules(settings: &Settings) -> Result<Vec<(String, String)>, Error> {
    let files = settings.patches.as_deref().map(links::rule_files).transpose()?;
    Ok(files.unwrap_or_default())
}

fn report(theme: &Theme, findings: Vec<Finding>) -> Report {
    let source = Some(theme.clone());
    Report { command: "watch", findings, source, failure: None, summary: None }
}
