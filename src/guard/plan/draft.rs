//! A plan under construction: what both mechanisms need to know about a theme, and how they record changes.

use super::{Mechanism, Plan, Policy};
use crate::guard::condition::Condition;
use crate::guard::search_engines::{SearchEngines, has_own_canonical};
use crate::guard::snippets::SnippetContext;
use crate::guard::theme_settings::Changes;
use crate::guard::{names, rename, theme_settings};
use crate::syntax::html::{DocumentHead, document_head};
use crate::text::{Code, EditSet, Finding, Location, Span, TextEdit};
use crate::theme::pages::{Include, TemplateFile, Templates};
use crate::theme::texts::languages;
use crate::theme::{Theme, template_path};
use std::collections::{BTreeMap, BTreeSet};

/// The host that every AMP document loads its runtime from.
const AMP_RUNTIME: &[u8] = b"cdn.ampproject.org/";

/// Variables that a guard's condition reads; a hash argument of the same name would hide them.
const TESTED_VARIABLES: &[&str] = &["template", "page_type", "in_development", "customer"];

/// The maximum depth of nested includes; whatever is deeper counts as unknown.
pub(super) const MAX_DEPTH: usize = 100;

pub(super) struct Draft<'a> {
    pub(super) theme: &'a Theme,
    pub(super) templates: &'a Templates,
    pub(super) policy: &'a Policy,
    /// The heads of the layouts that are documents.
    pub(super) documents: BTreeMap<&'a str, DocumentHead>,
    /// The new names of layouts that are moved or copied.
    moved_layouts: BTreeMap<String, String>,
    edits: BTreeMap<String, Vec<TextEdit>>,
    plan: Plan,
    /// Guarded templates that are AMP documents.
    amp: BTreeSet<String>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(theme: &'a Theme, templates: &'a Templates, policy: &'a Policy) -> Self {
        let heads =
            templates.iter().filter(|(name, _)| name.starts_with("layout/")).map(|(name, file)| {
                (name, document_head(theme.template(name).unwrap_or_default(), &file.syntax))
            });
        Self {
            theme,
            templates,
            policy,
            documents: heads.filter(|(_, head)| *head != DocumentHead::None).collect(),
            moved_layouts: names::moved(theme.template_names(), "layout/", names::LAYOUTS),
            edits: BTreeMap::new(),
            plan: Plan::default(),
            amp: BTreeSet::new(),
        }
    }

    /// Returns the condition that lets kept pages, the development server and unknown pages through.
    pub(super) fn condition(&self) -> Condition {
        let kept: Vec<String> = self.policy.kept.iter().cloned().collect();
        let condition = Condition::guarded(&kept, self.policy.guard_development);
        if self.policy.theme_settings { condition.or_switched_off() } else { condition }
    }

    /// Returns the guarded pages, except those that no engine accepts: nobody sees them.
    pub(super) fn guarded_pages(&self) -> Vec<(&'a str, &'a TemplateFile)> {
        self.pages(false)
    }

    pub(super) fn kept_pages(&self) -> Vec<(&'a str, &'a TemplateFile)> {
        self.pages(true)
    }

    fn pages(&self, kept: bool) -> Vec<(&'a str, &'a TemplateFile)> {
        let templates = self.templates;
        let pages = templates.pages().filter(|page| self.policy.kept.contains(*page) == kept);
        let pages = pages.filter_map(|page| Some((page, templates.get(page)?)));
        pages.filter(|(_, file)| file.syntax.statements().is_some()).collect()
    }

    /// Reports whether an include prints a layout that is a document, and not a partial that a page defines
    /// under its name at run time.
    pub(super) fn is_document(&self, include: &Include) -> bool {
        let name = include.name.as_str();
        self.documents.contains_key(name) && !self.templates.is_defined(name)
    }

    /// Reports whether an include prints a layout that holds the guard of redirect mode.
    pub(super) fn holds_guard(&self, include: &Include) -> bool {
        let head = self.documents.get(include.name.as_str());
        matches!(head, Some(DocumentHead::Heads(_))) && self.is_document(include)
    }

    /// Makes kept pages whose includes hide the tested variables from a layout include the unguarded layout.
    pub(super) fn free_kept_pages(&mut self) {
        for (page, _) in self.kept_pages() {
            for name in self.templates.closure(page) {
                self.free_includes(page, name);
            }
        }
    }

    /// Makes the page include its layouts unguarded where its own includes hide the variables, and reports
    /// such includes in templates in between.
    fn free_includes(&mut self, page: &str, template: &str) {
        let Some(file) = self.templates.get(template) else { return };
        let hiding = file.includes.iter().filter(|include| self.loses_condition(include));
        for include in hiding.collect::<Vec<_>>() {
            if template == page && self.is_document(include) {
                self.include_unguarded(page, include);
            } else if self.leads_to_document(&include.name) {
                let message = "a kept page hides its name from its layout here, through a template in between";
                let finding = Finding::new(Code::AmbiguousHtml, message)
                    .at(template_path(template), include.span)
                    .help("include the layout from the page itself, or without a context");
                self.plan.findings.push(finding);
            }
        }
    }

    fn leads_to_document(&self, name: &str) -> bool {
        self.templates.closure(name).iter().any(|name| self.documents.contains_key(name))
    }

    /// Makes `page` include the unguarded layout.
    pub(super) fn include_unguarded(&mut self, page: &str, include: &Include) {
        self.plan.findings.extend(names::check_restorable_name(page, include));
        let layout = self.keep_layout(&include.name);
        for span in &include.name_spans {
            self.edit(page, *span, layout.clone().into_bytes(), "layout without guard");
        }
    }

    /// Adds a template with a layout's unchanged text, and returns its name.
    pub(super) fn keep_layout(&mut self, layout: &str) -> String {
        let kept = self.moved_layouts.get(layout).cloned().unwrap_or_default();
        let text = self.theme.template(layout).unwrap_or_default().to_vec();
        self.add(&kept, text);
        kept
    }

    /// Calls `write` with what the guard's snippets need.
    pub(super) fn lead<T>(&self, write: impl FnOnce(&SnippetContext<'_>) -> T) -> T {
        let redirect = self.policy.redirect();
        let pages: Vec<&str> = self.guarded_pages().into_iter().map(|(page, _)| page).collect();
        let told: Vec<&str> =
            pages.iter().copied().filter(|page| !self.speaks_for_itself(page)).collect();
        let (paths, storefront) = (&redirect.paths, &redirect.storefront);
        let search_engines = self.policy.search_engines.element(&told, paths, storefront);
        let search_engines = &self.while_built_in(search_engines);
        let texts = &self.policy.texts.for_languages(&languages(self.theme));
        let context = SnippetContext { redirect: &redirect, pages: &pages, texts, search_engines };
        write(&context)
    }

    /// Wraps a canonical link so that it is printed only while the theme editor sets no other storefront.
    fn while_built_in(&self, element: String) -> String {
        let is_about_it = self.policy.search_engines == SearchEngines::Canonical;
        match self.policy.theme_settings && is_about_it && !element.is_empty() {
            true => theme_settings::unless_set(&element),
            false => element,
        }
    }

    /// Reports whether a guarded page would have two canonical links: in redirect mode, the guard comes
    /// before the theme's own head.
    fn speaks_for_itself(&self, page: &str) -> bool {
        self.policy.mechanism == Mechanism::Redirect
            && self.policy.search_engines == SearchEngines::Canonical
            && has_own_canonical(self.theme, self.templates, page)
    }

    /// Adds a finding if pages get no canonical link because they may print one of their own.
    pub(super) fn note_own_canonical(&mut self) {
        let mut pages = self.guarded_pages().into_iter();
        let Some((first, _)) = pages.find(|(page, _)| self.speaks_for_itself(page)) else { return };
        let message = "this page prints a canonical link, or `head.meta_tags` with one in it; such guarded pages get no second one";
        let finding = Finding::new(Code::OwnCanonical, message).in_file(template_path(first));
        self.find(finding.help("use --search-engines noindex, or the mode replace or conditional"));
    }

    pub(super) fn add(&mut self, template: &str, text: Vec<u8>) {
        self.plan.new_files.insert(template_path(template), text);
    }

    pub(super) fn edit(&mut self, template: &str, span: Span, replacement: Vec<u8>, origin: &str) {
        let edit = TextEdit::new(span, replacement, origin);
        self.edits.entry(template_path(template)).or_default().push(edit);
    }

    pub(super) fn find(&mut self, finding: Finding) {
        self.plan.findings.push(finding);
    }

    /// Records a guarded template for the AMP warning, if it is an AMP document.
    pub(super) fn note_amp(&mut self, template: &str) {
        let source = self.theme.template(template).unwrap_or_default();
        if memchr::memmem::find(source, AMP_RUNTIME).is_some() {
            self.amp.insert(template.to_owned());
        }
    }

    pub(super) fn rename(&mut self, name: &str) {
        // Errors in this file are reported where its name is read.
        let config = self.theme.bytes("config.json").unwrap_or_default();
        if let Ok(renaming) = rename::rename(config, name) {
            self.edits.entry("config.json".to_owned()).or_default().push(renaming.edit);
            self.add(names::RENAMED, renaming.record.into_bytes());
        }
    }

    /// Adds the settings that merchants can change in the theme editor.
    pub(super) fn add_theme_settings(&mut self) {
        match theme_settings::plan(self.theme, &self.policy.chosen) {
            Ok(Changes { edits, new_file }) => {
                for (path, edit) in edits {
                    self.edits.entry(path.to_owned()).or_default().push(edit);
                }
                let new_file = new_file.map(|(path, text)| (path.to_owned(), text));
                self.plan.new_files.extend(new_file);
            }
            Err(finding) => self.find(finding),
        }
    }

    /// Reports whether the included template cannot see the page's own variables.
    pub(super) fn loses_condition(&self, include: &Include) -> bool {
        let hides = |key: &String| {
            TESTED_VARIABLES.contains(&key.as_str())
                || self.policy.theme_settings && key == "theme_settings"
        };
        !include.keeps_context || include.hash_keys.iter().any(hides)
    }

    pub(super) fn finish(mut self) -> Plan {
        self.plan.findings.extend(amp_warning(&self.amp));
        for (path, edits) in self.edits {
            match EditSet::new(edits) {
                Ok(set) => {
                    self.plan.edits.insert(path, set);
                }
                Err(overlap) => {
                    let finding = Finding::new(Code::AmbiguousHtml, overlap.to_string());
                    self.plan.findings.push(finding.in_file(path));
                }
            }
        }
        self.plan
    }
}

/// Returns one warning for all AMP documents.
fn amp_warning(templates: &BTreeSet<String>) -> Option<Finding> {
    let places = templates.iter().map(|name| Location { path: template_path(name), span: None });
    let message =
        "the guard makes this AMP document invalid AMP, because it is a script of its own";
    let finding = Finding::new(Code::AmpValidity, message)
        .help("search engines may stop serving these pages as AMP; the guard works all the same");
    (!templates.is_empty()).then(|| finding.at_all(places, "likewise"))
}

/// Returns the template's include at `span`.
pub(super) fn include_at(file: &TemplateFile, span: Span) -> Option<&Include> {
    file.includes.iter().find(|include| include.span == span)
}
