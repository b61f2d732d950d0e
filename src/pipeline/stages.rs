//! A theme that several plans change in turn, each made for the result of the one before.
//!
//! Places in the findings of later plans are mapped back to the original theme, which the user knows.

use crate::guard::names;
use crate::guard::plan::{self, Plan};
use crate::text::{Finding, Span};
use crate::theme::pages::Templates;
use crate::theme::{Cache, Theme, template_path};
use std::collections::BTreeMap;

/// A theme in between the original and the guarded one.
pub(super) struct Stages<'s> {
    /// The theme as it is now.
    pub(super) theme: Theme,
    /// The theme's current templates.
    pub(super) templates: Templates,
    /// The findings, at places in the original theme.
    pub(super) findings: Vec<Finding>,
    /// How many templates had to be scanned.
    pub(super) scanned: usize,
    cache: &'s mut Cache,
    done: Vec<Plan>,
    /// The paths of the originals, by the paths of their copies.
    originals: BTreeMap<String, String>,
}

impl<'s> Stages<'s> {
    pub(super) fn new(theme: &Theme, templates: Templates, cache: &'s mut Cache) -> Self {
        let copies = names::copies(theme.template_names()).into_iter();
        let copies = copies.chain(names::bare_copies(theme.template_names()));
        Self {
            theme: theme.clone(),
            scanned: templates.scanned(),
            templates,
            findings: Vec::new(),
            cache,
            done: Vec::new(),
            originals: copies
                .map(|(name, copy)| (template_path(&copy), template_path(&name)))
                .collect(),
        }
    }

    /// Applies a plan that was made for the theme as it is now.
    pub(super) fn apply(&mut self, mut plan: Plan) {
        for finding in plan.findings.drain(..).collect::<Vec<_>>() {
            let traced = self.traced(finding);
            self.findings.push(traced);
        }
        let made = plan.edits.keys().chain(plan.new_files.keys());
        self.theme = self.cache.reuse(plan::apply(&self.theme, &plan), made);
        self.templates = Templates::new(&self.theme);
        self.scanned += self.templates.scanned();
        self.done.push(plan);
    }

    fn traced(&self, mut finding: Finding) -> Finding {
        let Some(place) = &mut finding.primary else { return finding };
        for plan in self.done.iter().rev() {
            if let (Some(edits), Some(span)) = (plan.edits.get(&place.path), &mut place.span) {
                *span = Span::new(edits.source_offset(span.start), edits.source_offset(span.end));
            }
        }
        if let Some(original) = self.originals.get(&place.path) {
            place.path.clone_from(original);
            place.span = None;
        }
        finding
    }
}
