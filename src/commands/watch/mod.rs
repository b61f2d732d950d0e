//! `stencil-guard watch`: keeps a guarded copy of a theme up to date, by the same functions as build.
//!
//! What wakes it decides nothing: each step reads everything and compares contents.

mod burst;
mod wake;

use super::build::{self, BuildRequest, Error, failure};
use super::links;
use super::outputs::{self, Outputs, Zip};
use crate::config::{BundleChoice, Settings};
use crate::output::{self, Changes, Steps};
use crate::pipeline::progress::Silent;
use crate::pipeline::{self, Guarded};
use crate::report::Report;
use crate::text::{Code, Finding, Severity};
use crate::theme::{self, Theme};
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
}

/// Follows one theme.
#[derive(Debug)]
pub struct Watcher {
    request: BuildRequest,
    /// What the last step read; `None` if the next must build whatever it reads.
    seen: Option<Inputs>,
    good: Option<Good>,
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
    zip: Option<Zip>,
    /// Templates that the engine refused even then.
    rejected: BTreeSet<String>,
}

impl Watcher {
    /// A watcher that has seen nothing yet.
    pub fn new(request: BuildRequest) -> Self {
        Self { request, seen: None, good: None, standing: Vec::new(), told: None }
    }

    /// Reads everything, and brings the outputs up to date; `None` if there is nothing to tell.
    ///
    /// Where something is wrong, the last good outputs stay.
    pub fn step(&mut self, steps: &mut Steps<'_>) -> Option<Event> {
        match self.try_step(steps) {
            Ok(event) => {
                self.told = None;
                event
            }
            Err(error) => {
                self.seen = None;
                let failure = failure(error);
                let is_new = self.told.as_ref() != Some(&failure.message);
                self.told = Some(failure.message.clone());
                is_new.then(|| event(Report::failed("watch", failure)))
            }
        }
    }

    fn try_step(&mut self, steps: &mut Steps<'_>) -> Result<Option<Event>, Error> {
        let inputs = self.read()?;
        if self.seen.as_ref() != Some(&inputs) {
            return self.build(inputs, steps).map(Some);
        }
        let mut mended = event(report(&inputs.theme, self.standing.clone()));
        if let Some(good) = &self.good {
            write(good, self.good.as_ref(), &mut mended, steps)?;
        }
        Ok((!mended.changes.is_empty() || mended.bundle.is_some()).then_some(mended))
    }

    fn read(&self) -> Result<Inputs, Error> {
        let mut settings = build::settings(&self.request)?;
        // Who watches did not ask for a bundle unless it has a name.
        if !matches!(settings.bundle, Some(BundleChoice::File(_))) {
            settings.bundle = Some(BundleChoice::Wanted(false));
        }
        // The development server compiles style sheets itself, and tells what is wrong with them.
        settings.style_check = Some(false);
        let rules = settings.patches.as_deref().map(links::rule_files).transpose()?;
        let theme = theme::load(&self.request.theme)?;
        Ok(Inputs { settings, rules: rules.unwrap_or_default(), theme })
    }

    fn build(&mut self, inputs: Inputs, steps: &mut Steps<'_>) -> Result<Event, Error> {
        let options = build::options(&inputs.settings)?;
        let outputs = Outputs::new(&inputs.settings, false);
        let out = outputs.out.clone().ok_or(Error::NoFolder)?;
        outputs.check_folder(&self.request.theme)?;
        let mut guarded = pipeline::guard(&inputs.theme, &options)?;
        let zip = outputs.zip(&mut guarded, &self.request.theme, None, &Silent)?;
        self.refuse_broken(&mut guarded);
        let is_good = !guarded.has_errors();
        let mut event = event(report(&inputs.theme, std::mem::take(&mut guarded.findings)));
        if is_good {
            let rejected = rejected(&event.report.findings).map(str::to_owned).collect();
            let good = Good { out, theme: guarded.theme, zip, rejected };
            write(&good, self.good.as_ref(), &mut event, steps)?;
            self.good = Some(good);
            self.standing.clear();
        } else {
            self.standing.clone_from(&event.report.findings);
        }
        self.seen = Some(inputs);
        Ok(event)
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

/// Paths of the templates that the engine refuses.
fn rejected<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> impl Iterator<Item = &'f str> {
    let rejected = findings.into_iter().filter(|finding| finding.code == Code::TemplateRejected);
    rejected.filter_map(|finding| Some(finding.primary.as_ref()?.path.as_str()))
}

fn report(theme: &Theme, findings: Vec<Finding>) -> Report {
    let source = Some(theme.clone());
    Report { command: "watch", findings, source, failure: None, summary: None }
}

fn event(report: Report) -> Event {
    Event { report, changes: Changes::default(), bundle: None }
}

/// Writes what differs. What the development server builds in the copy is the developer's, until the
/// theme's own file changes.
fn write(
    good: &Good,
    earlier: Option<&Good>,
    event: &mut Event,
    steps: &mut Steps<'_>,
) -> Result<(), Error> {
    let mut files = outputs::files(&good.theme);
    for (path, file) in &mut files {
        let is_changed =
            earlier.is_some_and(|earlier| earlier.theme.bytes(path) != Some(file.bytes));
        file.yields = path.starts_with("assets/dist/") && !is_changed;
    }
    event.changes = output::write_folder(&good.out, &files, steps)?;
    if let Some((path, bytes)) = &good.zip
        && output::update_file(path, bytes, steps)?
    {
        event.bundle = Some(path.clone());
    }
    Ok(())
}
