//! `stencil-guard watch`: keeps a guarded copy of a theme up to date, by the same functions as build.
//!
//! What wakes it decides nothing: each step looks at everything and compares contents. What it holds on to
//! from one step to the next saves work and decides nothing either; without it, a step is a build.

mod burst;
mod places;
mod wake;

use super::build::{self, BuildRequest, Error, failure};
use super::links;
use super::order;
use super::outputs::{self, Outputs, Zip};
use crate::config::{BundleChoice, Settings};
use crate::output::{self, Changes, Found, Last, Pending, Steps};
use crate::pipeline::progress::Silent;
use crate::pipeline::{self, Guarded};
use crate::report::Report;
use crate::stamp::Clock;
use crate::text::{Code, Finding, Severity};
use crate::theme::pages::Templates;
use crate::theme::{self, Scan, Shelf, Theme};
pub use places::Places;
use std::collections::BTreeSet;
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

/// What a step did to the outputs, so far.
#[derive(Debug, Default)]
struct Done {
    changes: Changes,
    bundle: Option<PathBuf>,
}

impl Done {
    fn is_nothing(&self) -> bool {
        self.changes.is_empty() && self.bundle.is_none()
    }
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
    shelf: Shelf,
    work: Work,
    /// What the last step read; `None` if the next must build whatever it reads.
    seen: Option<Inputs>,
    good: Option<Good>,
    /// The folder of rules that the settings named last.
    rules: Option<PathBuf>,
    /// What keeps the last theme that was read from being brought over.
    standing: Vec<Finding>,
    /// The failure that was told last.
    told: Option<String>,
}

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
    }
}

/// The last result that may be written.
#[derive(Debug)]
struct Good {
    out: PathBuf,
    theme: Theme,
    templates: Templates,
    /// What was found in the folder when this was written.
    found: Found,
    zip: Option<Zip>,
    /// Templates that the engine refused even then.
    rejected: BTreeSet<String>,
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
            shelf: Shelf::default(),
            work: Work::default(),
            seen: None,
            good: None,
            rules: None,
            standing: Vec::new(),
            told: None,
        }
    }

    /// What the next step will read, as far as is known.
    pub fn places(&self) -> Places {
        let others = self.request.config.iter().chain(&self.request.flags.patches);
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
        let inputs = self.read()?;
        if let Some(good) = &self.good {
            let names = good.theme.files.keys().map(String::as_str);
            output::claim(&good.out, &good.found, names, steps)?;
        }
        if self.seen.as_ref() != Some(&inputs) {
            return self.build(inputs, done, steps);
        }
        if let Some(good) = &mut self.good {
            good.found = write(good, Some(good), &self.clock, done, steps)?;
        }
        let is_mended = !done.is_nothing();
        Ok(is_mended.then(|| report(&inputs.theme, self.standing.clone())))
    }

    fn read(&mut self) -> Result<Inputs, Error> {
        let settings = self.read_settings()?;
        self.rules.clone_from(&settings.patches);
        let rules = read_rules(&settings)?;
        let theme = theme::load_again(&self.request.theme, &mut self.scan)?;
        self.work.read = self.scan.read();
        Ok(Inputs { settings, rules, theme })
    }

    /// Whether what was read is still there; what has come since is seen the next time.
    fn is_current(&self, inputs: &Inputs) -> Result<bool, Error> {
        let settings = self.read_settings()?;
        let is_same = settings == inputs.settings && read_rules(&settings)? == inputs.rules;
        Ok(is_same && self.scan.is_current())
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
        let mut guarded = pipeline::guard_again(&inputs.theme, &options, &mut self.shelf)?;
        self.work.scanned = guarded.scanned;
        let theme = &self.request.theme;
        let zip = outputs.zip(&mut guarded, theme, None, &Silent, &mut self.shelf)?;
        self.refuse_broken(&mut guarded);
        if !self.is_current(&inputs)? {
            return Ok(None);
        }
        let is_good = !guarded.has_errors();
        let report = report(&inputs.theme, std::mem::take(&mut guarded.findings));
        if is_good {
            let rejected = rejected(&report.findings).map(str::to_owned).collect();
            let found = Found::default();
            let Guarded { theme, templates, .. } = guarded;
            let mut good = Good { out, theme, templates, found, zip, rejected };
            good.found = write(&good, self.good.as_ref(), &self.clock, done, steps)?;
            self.good = Some(good);
            self.standing.clear();
        } else {
            self.standing.clone_from(&report.findings);
        }
        self.seen = Some(inputs);
        Ok(Some(report))
    }

    /// A template that the engine took before is being edited; it is not brought over like this.
    fn refuse_broken(&self, guarded: &mut Guarded) {
        let Some(good) = &self.good else { return };
        for finding in &mut guarded.findings {
            let is_new = rejected([&*finding]).any(|path| !good.rejected.contains(path));
            if is_new {
                finding.severity = Severity::Error;
            }
        }
    }
}

/// Name and text of each file of rules.
fn read_rules(settings: &Settings) -> Result<Vec<(String, String)>, Error> {
    let files = settings.patches.as_deref().map(links::rule_files).transpose()?;
    Ok(files.unwrap_or_default())
}

/// Paths of the templates that the engine refuses.
fn rejected<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> impl Iterator<Item = &'f str> {
    let rejected = findings.into_iter().filter(|finding| finding.code == Code::TemplateRejected);
    rejected.filter_map(|finding| Some(finding.primary.as_ref()?.path.as_str()))
}

fn report(theme: &Theme, findings: Vec<Finding>) -> Report {
    let source = Some(theme.clone());
    Report { command: "watch", findings, source, failure: None, summary: None }
}

/// Writes what differs; what was found in the folder. What the development server builds in the copy is the
/// developer's, until the theme's own file changes.
fn write(
    good: &Good,
    earlier: Option<&Good>,
    clock: &Clock,
    done: &mut Done,
    steps: &mut Steps<'_>,
) -> Result<Found, Error> {
    let nothing = Found::default();
    let mut last = Last { found: &nothing, clock };
    let mut files = outputs::files(&good.theme);
    if let Some(earlier) = earlier {
        for (path, file) in &mut files {
            file.as_before = earlier.theme.files.get(*path) == good.theme.files.get(*path);
        }
        if earlier.out == good.out {
            last.found = &earlier.found;
        }
    }
    for (path, file) in &mut files {
        file.yields = path.starts_with("assets/dist/") && (file.as_before || earlier.is_none());
    }
    let order = |pending: &mut [Pending<'_>]| order::sort(pending, &good.templates);
    let changes = &mut done.changes;
    let found = output::write_folder_again(&good.out, &files, last, &order, steps, changes)?;
    if let Some((path, bytes)) = &good.zip
        && output::update_file(path, bytes, steps)?
    {
        done.bundle = Some(path.clone());
    }
    Ok(found)
}
