//! The watcher's last result that may be written, and how it is written.

use super::super::order;
use super::super::outputs::{self, Zip};
use crate::output::{self, Changes, Found, OutputError, Pending, PreviousRun, Steps};
use crate::pipeline::Guarded;
use crate::stamp::Clock;
use crate::text::{Code, Finding, Severity};
use crate::theme::Theme;
use crate::theme::pages::Templates;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// What a step has done to the outputs so far.
#[derive(Debug, Default)]
pub(super) struct Done {
    pub(super) changes: Changes,
    pub(super) bundle: Option<PathBuf>,
}

impl Done {
    pub(super) fn is_nothing(&self) -> bool {
        self.changes.is_empty() && self.bundle.is_none()
    }
}

/// The last result that may be written.
#[derive(Debug)]
pub(super) struct LastGoodBuild {
    pub(super) out: PathBuf,
    /// The theme that the result was made from.
    pub(super) source: Theme,
    pub(super) theme: Theme,
    pub(super) templates: Templates,
    /// What was found in the folder when the result was written.
    pub(super) found: Found,
    pub(super) zip: Option<Zip>,
    /// Templates that the engine already rejected at that time.
    pub(super) rejected: BTreeSet<String>,
}

impl LastGoodBuild {
    /// Raises the finding about a rejected template to an error if the engine accepted the template before:
    /// it is being edited, and must not be copied like this. New templates are judged as in a build.
    pub(super) fn refuse_broken(&self, guarded: &mut Guarded) {
        for finding in &mut guarded.findings {
            let was_taken =
                |path| self.source.files.contains_key(path) && !self.rejected.contains(path);
            if rejected([&*finding]).any(was_taken) {
                finding.severity = Severity::Error;
            }
        }
    }
}

/// Returns the paths of the templates that the engine rejects.
pub(super) fn rejected<'f>(
    findings: impl IntoIterator<Item = &'f Finding>,
) -> impl Iterator<Item = &'f str> {
    let rejected = findings.into_iter().filter(|finding| finding.code == Code::TemplateRejected);
    rejected.filter_map(|finding| Some(finding.primary.as_ref()?.path.as_str()))
}

/// Writes what differs, and returns what was found in the folder. Files that the development server builds in
/// the copy are left alone until the theme's own files change.
pub(super) fn write(
    good: &LastGoodBuild,
    earlier: Option<&LastGoodBuild>,
    clock: &Clock,
    done: &mut Done,
    steps: &mut Steps<'_>,
) -> Result<Found, OutputError> {
    let nothing = Found::default();
    let mut last = PreviousRun { found: &nothing, clock, who: "watch" };
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
