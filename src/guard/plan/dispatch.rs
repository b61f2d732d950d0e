//! The dispatching guard: layouts that are documents move away unchanged, and in their place stands
//! one line that includes either them or the document that leads to the storefront.
//!
//! A page that prints anything besides such a layout is moved and dispatched in the same way.

use super::PlanError;
use super::draft::{DEEPEST, Draft, include_at};
use super::front_matter::fragile;
use crate::guard::condition::Condition;
use crate::guard::group::Group;
use crate::guard::{names, snippets};
use crate::syntax::ast::{BlockKind, Statement};
use crate::text::{Code, EditSet, Finding, Span, TextEdit};
use crate::theme::pages::{
    Include, KEEP_CONTEXT, TemplateFile, Templates, literal_name, prints_nothing,
};
use std::collections::BTreeMap;

pub(super) fn plan(draft: &mut Draft<'_>, groups: &[Group]) -> Result<(), PlanError> {
    let page = draft.lead(snippets::page_partial)?;
    draft.add(names::PAGE, page.into_bytes());
    let condition = groups.iter().fold(draft.condition(), Condition::or_group);
    for layout in draft.documents.keys().copied().collect::<Vec<_>>() {
        let kept = draft.keep_layout(layout);
        let length = draft.theme.template(layout).unwrap_or_default().len();
        draft.note_amp(layout);
        draft.edit(layout, Span::new(0, length), dispatch(&condition, &kept), "guard");
    }
    draft.free_kept_pages();
    let moved = names::moved(draft.templates.pages(), "pages/", names::PAGES);
    let mut prints = Prints::new(draft.templates);
    for (page, file) in draft.guarded_pages() {
        let in_development = draft.templates.in_development(page);
        let also_there = |templates: Templates| Prints::new(&templates).page(draft, page);
        let all = [prints.page(draft, page)].into_iter().chain(in_development.map(also_there));
        if all.collect::<Vec<_>>().iter().any(|printed| *printed != Printed::Document)
            && let Some(name) = moved.get(page)
        {
            move_page(draft, page, file, name, &condition);
        }
    }
    if !groups.is_empty() {
        warn_about_signing_in(draft);
    }
    Ok(())
}

/// The one line: the template for those who are let through, else the document that leads away.
fn dispatch(condition: &Condition, template: &str) -> Vec<u8> {
    let through = format!("{{{{> {template}}}}}");
    let instead = format!("{{{{> {}}}}}", names::PAGE);
    condition.wrap(&through, &instead).into_bytes()
}

/// Moves a page's text away; in it, layouts are included as they were, because the page decides.
fn move_page(
    draft: &mut Draft<'_>,
    page: &str,
    file: &TemplateFile,
    name: &str,
    condition: &Condition,
) {
    let source = draft.theme.template(page).unwrap_or_default();
    let mut edits = vec![TextEdit {
        span: Span::new(0, file.starts.guard),
        replacement: Vec::new(),
        origin: "front matter".to_owned(),
    }];
    for include in
        file.includes.iter().filter(|include| draft.is_document(include)).collect::<Vec<_>>()
    {
        names::spelled_otherwise(page, include).into_iter().for_each(|finding| draft.find(finding));
        let layout = draft.keep_layout(&include.name);
        edits.extend(include.name_spans.iter().map(|span| TextEdit {
            span: *span,
            replacement: layout.clone().into_bytes(),
            origin: "layout without guard".to_owned(),
        }));
    }
    match EditSet::new(edits) {
        Ok(edits) if ends_line(source, file.starts.guard) => draft.add(name, edits.apply(source)),
        Ok(_) => draft.add(name, names::NO_TEXT.into()),
        Err(overlap) => draft.find(Finding::new(Code::AmbiguousHtml, overlap.to_string())),
    }
    draft.note_amp(page);
    if file.starts.is_fragile {
        draft.find(fragile(page));
    }
    let start = file.starts.guard;
    let mut text = dispatch(condition, name);
    if !ends_line(source, start) {
        text.insert(0, b'\n');
    }
    draft.edit(page, Span::new(start, source.len()), text, "guard");
}

/// Whether a line can begin at `at`; what ends there is front matter, and may lack its line end.
fn ends_line(source: &[u8], at: usize) -> bool {
    source[..at].last().is_none_or(|last| *last == b'\n')
}

fn warn_about_signing_in(draft: &mut Draft<'_>) {
    let page = "pages/auth/login";
    if draft.templates.get(page).is_some() && !draft.policy.kept.contains(page) {
        draft.find(
            Finding::new(
                Code::NoSignIn,
                "members of the allowed groups cannot sign in, except by a login token, because the sign-in page is guarded",
            )
            .in_file(format!("templates/{page}.html"))
            .help("keep it with --keep auth/login"),
        );
    }
}

/// What a template prints on every way through it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Printed {
    /// Nothing but white space.
    Nothing,
    /// One document that is dispatched, and nothing else.
    Document,
    /// Something else, or not the same on all ways.
    Other,
}

impl Printed {
    fn then(self, next: Self) -> Self {
        match (self, next) {
            (Self::Nothing, other) | (other, Self::Nothing) => other,
            _ => Self::Other,
        }
    }
}

/// What templates print, as far as it is known.
struct Prints<'t> {
    templates: &'t Templates,
    known: BTreeMap<String, Printed>,
    depth: usize,
}

impl<'t> Prints<'t> {
    fn new(templates: &'t Templates) -> Self {
        Self { templates, known: BTreeMap::new(), depth: 0 }
    }

    /// What a page prints.
    fn page(&mut self, draft: &Draft<'_>, page: &str) -> Printed {
        let statements = self.templates.get(page).and_then(|file| file.syntax.statements());
        self.statements(draft, page, statements.unwrap_or_default())
    }

    /// What `statements` of the template `name` print.
    fn statements(&mut self, draft: &Draft<'_>, name: &str, statements: &[Statement]) -> Printed {
        let templates = self.templates;
        let file = templates.get(name);
        let is_blank = |span| templates.content(name, span).trim_ascii().is_empty();
        let printed = statements.iter().map(|statement| match statement {
            Statement::Content(span) if is_blank(*span) => Printed::Nothing,
            Statement::Comment(_) => Printed::Nothing,
            Statement::Mustache(mustache) if prints_nothing(&mustache.call) => Printed::Nothing,
            Statement::Partial(partial) => file
                .and_then(|file| include_at(file, partial.span))
                .map_or(Printed::Other, |include| self.include(draft, include)),
            Statement::Block(block) if block.kind == BlockKind::Partial => file
                .and_then(|file| include_at(file, block.open))
                .map_or(Printed::Other, |include| self.include(draft, include)),
            Statement::Block(block) => {
                let helper = literal_name(&block.call.callee.kind).unwrap_or_default();
                let inverse = block.inverse.as_deref().unwrap_or_default();
                match helper.as_str() {
                    "partial" => Printed::Nothing,
                    "block" => Printed::Other,
                    helper if KEEP_CONTEXT.contains(&helper) => {
                        let body = self.statements(draft, name, &block.body);
                        if body == self.statements(draft, name, inverse) {
                            body
                        } else {
                            Printed::Other
                        }
                    }
                    _ => Printed::Other,
                }
            }
            Statement::Content(_) | Statement::Mustache(_) => Printed::Other,
        });
        printed.fold(Printed::Nothing, Printed::then)
    }

    fn include(&mut self, draft: &Draft<'_>, include: &Include) -> Printed {
        if draft.loses_condition(include) || self.templates.is_defined(&include.name) {
            return Printed::Other;
        }
        if draft.is_document(include) {
            return Printed::Document;
        }
        if let Some(&known) = self.known.get(&include.name) {
            return known;
        }
        let templates = self.templates;
        let file = templates.get(&include.name);
        let statements = file.and_then(|file| file.syntax.statements());
        let Some(statements) = statements.filter(|_| self.depth < DEEPEST) else {
            return Printed::Other;
        };
        // What includes itself is not certain.
        self.known.insert(include.name.clone(), Printed::Other);
        self.depth += 1;
        let printed = self.statements(draft, &include.name, statements);
        self.depth -= 1;
        self.known.insert(include.name.clone(), printed);
        printed
    }
}
