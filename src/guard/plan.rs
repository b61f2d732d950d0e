//! Decides where the guard stands in a theme: a pure function from theme and policy to a plan.
//!
//! What the guard says is in `snippets`; when it speaks is in `condition`.

use super::{condition::Condition, snippets, storefront::Storefront};
use crate::syntax::ast::Statement;
use crate::syntax::html::{DocumentHead, document_head};
use crate::text::{Code, EditSet, Finding, Location, Span, TextEdit};
use crate::theme::Theme;
use crate::theme::pages::{Include, TemplateFile, Templates, literal_name};
use std::collections::{BTreeMap, BTreeSet};

/// Name of the partial that holds the guard.
pub const HEAD_PARTIAL: &str = "components/stencil-guard/head";

/// The include that prints the guard.
const GUARD: &str = "{{> components/stencil-guard/head}}";

/// Every AMP document loads its runtime from there.
const AMP_RUNTIME: &[u8] = b"cdn.ampproject.org/";

/// Variables that the guard's condition reads; a hash argument of that name would hide them.
const TESTED_VARIABLES: &[&str] = &["template", "page_type", "in_development"];

/// Who may see what.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Names of the kept pages, such as `pages/checkout`.
    pub kept: BTreeSet<String>,
    /// Where shoppers belong.
    pub storefront: Storefront,
    /// Whether the local development server redirects too.
    pub guard_development: bool,
}

/// What is to change in a theme.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Edits by path.
    pub edits: BTreeMap<String, EditSet>,
    /// Files to add, by path.
    pub new_files: BTreeMap<String, Vec<u8>>,
    /// What the user should know; an error means that the plan must not be used.
    pub findings: Vec<Finding>,
}

/// A snippet of ours cannot be rendered, which is a mistake in this program.
#[derive(Debug, thiserror::Error)]
#[error("the guard's own text cannot be written: {0}")]
pub struct PlanError(#[from] Box<handlebars::RenderError>);

/// Plans the redirect guard for `theme`.
///
/// # Errors
/// When the guard's own text cannot be written.
pub fn plan(theme: &Theme, templates: &Templates, policy: &Policy) -> Result<Plan, PlanError> {
    let mut planner = Planner {
        theme,
        templates,
        policy,
        documents: BTreeSet::new(),
        edits: BTreeMap::new(),
        plan: Plan::default(),
        guarded: BTreeMap::new(),
        amp: BTreeSet::new(),
    };
    planner.refuse_taken_names();
    planner.guard_layouts();
    planner.guard_pages();
    planner.finish()
}

/// `theme` with `plan` carried out.
pub fn apply(theme: &Theme, plan: &Plan) -> Theme {
    let edited = plan
        .edits
        .iter()
        .filter_map(|(path, edits)| Some((path.clone(), Some(edits.apply(theme.bytes(path)?)))));
    let added = plan
        .new_files
        .iter()
        .map(|(path, bytes)| (path.clone(), Some(bytes.clone())));
    theme.with(edited.chain(added))
}

struct Planner<'a> {
    theme: &'a Theme,
    templates: &'a Templates,
    policy: &'a Policy,
    /// Document layouts that get the guard.
    documents: BTreeSet<&'a str>,
    edits: BTreeMap<String, Vec<TextEdit>>,
    plan: Plan,
    /// Whether templates always print a guarded document, as far as it is known.
    guarded: BTreeMap<String, bool>,
    /// Guarded templates that are AMP documents.
    amp: BTreeSet<String>,
}

impl<'a> Planner<'a> {
    fn refuse_taken_names(&mut self) {
        let taken = self.theme.template_names().find(|name| {
            name.starts_with("components/stencil-guard/")
                || name.starts_with("layout/stencil-guard/")
        });
        if let Some(name) = taken {
            let finding = Finding::new(
                Code::NameTaken,
                "the theme already holds a guard, or files with a guard's names",
            )
            .in_file(path_of(name))
            .help("build from the theme as it was before it was guarded");
            self.plan.findings.push(finding);
        }
    }

    fn guard_layouts(&mut self) {
        for (name, file) in self
            .templates
            .iter()
            .filter(|(name, _)| name.starts_with("layout/"))
        {
            let source = self.theme.template(name).unwrap_or_default();
            match document_head(source, &file.syntax) {
                DocumentHead::Heads(tags) => {
                    self.documents.insert(name);
                    for tag in tags {
                        self.guard_head(name, tag.end);
                    }
                }
                DocumentHead::None => {}
                DocumentHead::Ambiguous { at, reason } => {
                    let finding = Finding::new(
                        Code::AmbiguousHtml,
                        format!("the place for the guard is not certain: {reason}"),
                    )
                    .at(path_of(name), at)
                    .help("give the layout one plain <head> outside of any {{#block}}");
                    self.plan.findings.push(finding);
                }
            }
        }
    }

    fn guard_pages(&mut self) {
        let pages: Vec<&str> = self.templates.pages().collect();
        for page in pages {
            let Some(file) = self.templates.get(page) else {
                continue;
            };
            let Some(statements) = file.syntax.statements() else {
                continue; // The engine cannot render it, so nobody can see it.
            };
            if self.policy.kept.contains(page) {
                self.free_kept_page(page, file);
            } else if !self.always_prints_guard(file, statements) {
                self.guard_page_itself(page, file);
            }
        }
    }

    /// Whether every way through `statements` prints a guarded document that knows its page.
    fn always_prints_guard(&mut self, file: &TemplateFile, statements: &[Statement]) -> bool {
        statements.iter().any(|statement| match statement {
            Statement::Partial(partial) => {
                let include = file
                    .includes
                    .iter()
                    .find(|include| include.span == partial.span);
                include.is_some_and(|include| self.include_prints_guard(include))
            }
            Statement::Block(block) => {
                let helper = literal_name(&block.call.callee.kind);
                let prints_elsewhere = matches!(helper.as_deref(), Some("partial" | "block"));
                !prints_elsewhere
                    && self.always_prints_guard(file, &block.body)
                    && block
                        .inverse
                        .as_ref()
                        .is_some_and(|inverse| self.always_prints_guard(file, inverse))
            }
            _ => false,
        })
    }

    fn include_prints_guard(&mut self, include: &Include) -> bool {
        if loses_condition(include) {
            return false;
        }
        if self.documents.contains(include.name.as_str()) {
            return true;
        }
        if let Some(&known) = self.guarded.get(&include.name) {
            return known;
        }
        let templates = self.templates;
        let Some(file) = templates.get(&include.name) else {
            return false;
        };
        let Some(statements) = file.syntax.statements() else {
            return false;
        };
        // What includes itself prints nothing for sure.
        self.guarded.insert(include.name.clone(), false);
        let prints = self.always_prints_guard(file, statements);
        self.guarded.insert(include.name.clone(), prints);
        prints
    }

    /// A kept page that calls its layout in a way that hides the tested variables gets a layout
    /// of its own, without the guard.
    fn free_kept_page(&mut self, page: &str, file: &TemplateFile) {
        for include in file
            .includes
            .iter()
            .filter(|include| loses_condition(include))
        {
            if self.documents.contains(include.name.as_str()) {
                self.include_without_guard(page, include);
            } else {
                self.refuse_if_guard_is_below(page, include);
            }
        }
    }

    /// A page whose layouts do not always print the guard prints it itself, before all else, and
    /// includes its layouts without it.
    fn guard_page_itself(&mut self, page: &str, file: &TemplateFile) {
        for include in &file.includes {
            if self.documents.contains(include.name.as_str()) {
                self.include_without_guard(page, include);
            }
        }
        self.note_amp(page);
        let source = self.theme.template(page).unwrap_or_default();
        // Alone on its line, so that what stood first on its own line still does: the engines
        // take white space away around such tags.
        let line = format!("{GUARD}{}", line_end(source));
        self.edit(
            page,
            Span::empty(file.text_start),
            line.into_bytes(),
            "guard",
        );
    }

    fn include_without_guard(&mut self, page: &str, include: &Include) {
        let below = include.name.trim_start_matches("layout/");
        let copy = format!("layout/stencil-guard/{below}");
        let text = self
            .theme
            .template(&include.name)
            .unwrap_or_default()
            .to_vec();
        self.plan.new_files.insert(path_of(&copy), text);
        self.edit(
            page,
            include.name_span,
            copy.into_bytes(),
            "layout without guard",
        );
    }

    fn refuse_if_guard_is_below(&mut self, page: &str, include: &Include) {
        let closure = self.templates.closure(&include.name);
        if closure.iter().any(|name| self.documents.contains(name)) {
            let finding = Finding::new(
                Code::AmbiguousHtml,
                "this kept page hides its name from its layout, through a template in between",
            )
            .at(path_of(page), include.span)
            .help("include the layout from the page itself, without a context");
            self.plan.findings.push(finding);
        }
    }

    fn guard_head(&mut self, layout: &str, head_end: usize) {
        self.note_amp(layout);
        self.edit(layout, Span::empty(head_end), GUARD.into(), "guard");
    }

    fn note_amp(&mut self, template: &str) {
        let source = self.theme.template(template).unwrap_or_default();
        if memchr::memmem::find(source, AMP_RUNTIME).is_some() {
            self.amp.insert(template.to_owned());
        }
    }

    fn edit(&mut self, template: &str, span: Span, replacement: Vec<u8>, origin: &str) {
        let edit = TextEdit {
            span,
            replacement,
            origin: origin.to_owned(),
        };
        self.edits.entry(path_of(template)).or_default().push(edit);
    }

    fn finish(mut self) -> Result<Plan, PlanError> {
        for (path, edits) in std::mem::take(&mut self.edits) {
            match EditSet::new(edits) {
                Ok(set) => {
                    self.plan.edits.insert(path, set);
                }
                Err(overlap) => {
                    let finding =
                        Finding::new(Code::AmbiguousHtml, overlap.to_string()).in_file(path);
                    self.plan.findings.push(finding);
                }
            }
        }
        self.plan.findings.extend(amp_warning(&self.amp));
        let kept: Vec<String> = self.policy.kept.iter().cloned().collect();
        let condition = Condition::guarded(&kept, self.policy.guard_development);
        let partial = snippets::head_partial(&condition, &self.policy.storefront)?;
        self.plan
            .new_files
            .insert(path_of(HEAD_PARTIAL), partial.into_bytes());
        Ok(self.plan)
    }
}

/// The line end that a file uses first.
fn line_end(source: &[u8]) -> &'static str {
    match memchr::memchr(b'\n', source) {
        Some(at) if at > 0 && source[at - 1] == b'\r' => "\r\n",
        _ => "\n",
    }
}

/// One warning for all AMP documents.
fn amp_warning(templates: &BTreeSet<String>) -> Option<Finding> {
    let mut paths = templates.iter().map(|name| path_of(name));
    let message =
        "this AMP document is no longer valid AMP, because the guard is a script of its own";
    let mut finding = Finding::new(Code::AmpValidity, message)
        .in_file(paths.next()?)
        .help("nothing needs to be done unless search engines should go on serving the AMP pages");
    for path in paths {
        finding
            .related
            .push((Location { path, span: None }, "likewise".to_owned()));
    }
    Some(finding)
}

/// Whether the included template cannot see the page's own variables.
fn loses_condition(include: &Include) -> bool {
    !include.keeps_context
        || include
            .hash_keys
            .iter()
            .any(|key| TESTED_VARIABLES.contains(&key.as_str()))
}

fn path_of(template: &str) -> String {
    format!("templates/{template}.html")
}
