//! Kept pages without the shop around them: a copy of their storewide layout has neither header, navigation
//! nor footer, but the logo, the page's own content and the scripts in the head and at the end.
//!
//! This runs before links are decided, so that nothing is copied for links that are no longer there.

use super::decide::{self, Outcome, Printed};
use super::plan::options;
use crate::guard::link_settings::KeptChrome;
use crate::guard::names;
use crate::guard::plan::{Plan, Policy};
use crate::syntax::ast::{Block, Statement};
use crate::syntax::html::Markup;
use crate::text::{Code, EditSet, Finding, Span, TextEdit};
use crate::theme::pages::{Include, KEEP_CONTEXT, Templates, literal_name};
use crate::theme::{Theme, template_path};
use std::collections::{BTreeMap, BTreeSet};

/// The template that prints the store's logo.
const LOGO: &str = include_str!("../../../snippets/logo.html");

/// Elements that hold the chrome around a page.
const CHROME: &[&str] = &["header", "nav", "footer"];

/// What every page needs from its layout.
const NEEDED: &[&str] = &["footer.scripts", "head.scripts", "jsContext"];

/// Plans the copies of layouts, if the user wants them.
pub fn plan(theme: &Theme, templates: &Templates, policy: &Policy) -> Plan {
    if policy.links.kept_chrome == KeptChrome::Full {
        return Plan::default();
    }
    let kept = |page: &&str| policy.kept.contains(*page);
    let others = templates.pages().filter(|page| !kept(page));
    let mut remover = ChromeRemover {
        theme,
        templates,
        policy,
        storewide: templates.closure_of(others),
        names: names::bare_copies(theme.template_names()),
        copies: BTreeMap::new(),
        plan: Plan::default(),
    };
    for page in templates.pages().filter(kept) {
        let edits = remover.page_edits(page);
        remover.change(page, edits, None);
    }
    if !remover.plan.new_files.is_empty() {
        let logo = LOGO.trim_end().as_bytes().to_vec();
        remover.plan.new_files.insert(template_path(names::LOGO), logo);
    }
    remover.plan
}

/// What an include in a layout is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// It leads into the shop, and the page works without it.
    Chrome,
    /// It prints the page, or something that the page needs.
    Frame,
    Other,
}

/// What a template holds.
#[derive(Default)]
struct Found {
    /// The chrome around the page.
    chrome: Vec<Span>,
    /// Includes that print the page, or something that it needs.
    frames: Vec<Include>,
}

struct ChromeRemover<'a> {
    theme: &'a Theme,
    templates: &'a Templates,
    policy: &'a Policy,
    /// The templates of pages that are not kept.
    storewide: BTreeSet<&'a str>,
    names: BTreeMap<String, String>,
    /// The names of the copies made so far; `None` if the template needs none.
    copies: BTreeMap<String, Option<String>>,
    plan: Plan,
}

impl<'a> ChromeRemover<'a> {
    /// Returns the edits that make a kept page include bare layouts.
    fn page_edits(&mut self, page: &str) -> Vec<TextEdit> {
        let file = self.templates.get(page);
        let includes = file.map(|file| file.includes.clone()).unwrap_or_default();
        let leads_to_layout = |include: &&Include| {
            let closure = self.templates.closure(&include.name);
            let mut layouts = closure.iter().filter(|name| name.starts_with("layout/"));
            layouts.any(|layout| self.storewide.contains(layout))
        };
        let layouts: Vec<&Include> = includes.iter().filter(leads_to_layout).collect();
        layouts.into_iter().flat_map(|include| self.include_copy(page, include, true)).collect()
    }

    /// Returns the edits that make an include print the copy, if there is one.
    fn include_copy(&mut self, name: &str, include: &Include, wants_logo: bool) -> Vec<TextEdit> {
        let copy = self.copy(&include.name, wants_logo);
        if copy.is_some() {
            self.plan.findings.extend(names::check_restorable_name(name, include));
        }
        let edits = copy
            .into_iter()
            .flat_map(|copy| include.name_spans.iter().map(move |span| edit(*span, copy.clone())));
        edits.collect()
    }

    /// Makes the bare copy of a template and returns its name; `None` if the template is bare already. The
    /// logo replaces the first piece of chrome.
    fn copy(&mut self, name: &str, wants_logo: bool) -> Option<String> {
        if let Some(known) = self.copies.get(name) {
            return known.clone();
        }
        // A template that includes itself is not followed again.
        self.copies.insert(name.to_owned(), None);
        if self.templates.is_defined(name) {
            return None;
        }
        let statements = self.templates.get(name)?.syntax.statements()?;
        let mut found = Found::default();
        self.look(name, &self.templates.markup(self.theme, name), statements, &mut found);
        let source = self.theme.template(name).unwrap_or_default();
        found.chrome.retain(|span| can_go(source, *span));
        found.chrome.sort();
        let mut edits: Vec<TextEdit> =
            found.chrome.iter().map(|span| edit(*span, String::new())).collect();
        if let Some(first) = edits.first_mut().filter(|_| wants_logo) {
            first.replacement = format!("{{{{> {}}}}}", names::LOGO).into_bytes();
        }
        let still_wants_logo = wants_logo && edits.is_empty();
        for include in &found.frames {
            edits.extend(self.include_copy(name, include, still_wants_logo));
        }
        let copy = self.names.get(name).filter(|_| !edits.is_empty()).cloned();
        if let Some(copy) = &copy {
            self.change(name, edits, Some(copy));
        }
        self.copies.insert(name.to_owned(), copy.clone());
        copy
    }

    /// Records the change of a template, in a copy or in place.
    fn change(&mut self, name: &str, edits: Vec<TextEdit>, copy: Option<&str>) {
        let source = self.theme.template(name).unwrap_or_default();
        match (EditSet::new(edits), copy) {
            (Ok(edits), Some(copy)) => {
                self.plan.new_files.insert(template_path(copy), edits.apply(source));
            }
            (Ok(edits), None) if !edits.is_empty() => {
                self.plan.edits.insert(template_path(name), edits);
            }
            (Ok(_), None) => {}
            (Err(overlap), _) => {
                let finding = Finding::new(Code::AmbiguousHtml, overlap.to_string());
                self.plan.findings.push(finding.in_file(template_path(name)));
            }
        }
    }

    /// Finds the chrome in a template, and the includes that print the page.
    fn look(&self, name: &str, markup: &Markup, statements: &[Statement], found: &mut Found) {
        let elements = self.elements(name, markup, statements);
        let file = self.templates.get(name);
        let includes = file.map(|file| file.includes.as_slice()).unwrap_or_default();
        for statement in statements {
            let is_inside = |element: &Span| element.contains(statement.span().start);
            match statement {
                _ if elements.iter().any(is_inside) => {}
                Statement::Partial(partial) => {
                    let include = includes.iter().find(|include| include.span == partial.span);
                    match include.map(|include| (self.role(&include.name), include)) {
                        Some((Role::Chrome, include)) => found.chrome.push(include.span),
                        Some((Role::Frame, include)) => found.frames.push(include.clone()),
                        _ => {}
                    }
                }
                Statement::Block(block) if keeps_context(block) => {
                    self.look(name, markup, &block.body, found);
                    let inverse = block.inverse.as_deref().unwrap_or_default();
                    self.look(name, markup, inverse, found);
                }
                _ => {}
            }
        }
        found.chrome.extend(elements);
    }

    /// Returns the spans of chrome elements in `statements` that hold nothing that the page needs.
    fn elements(&self, name: &str, markup: &Markup, statements: &[Statement]) -> Vec<Span> {
        let source = self.theme.template(name).unwrap_or_default();
        let mut found: Vec<Span> = Vec::new();
        for tag in &markup.tags {
            let is_chrome = CHROME.contains(&tag.element.as_str());
            let is_inside = found.last().is_some_and(|last| last.contains(tag.start));
            if is_chrome
                && !is_inside
                && let Some(span) = element(source, statements, tag.start, &tag.element)
            {
                let mut held =
                    statements.iter().filter(|statement| span.contains(statement.span().start));
                if !held.any(|statement| self.is_needed(statement)) {
                    found.push(span);
                }
            }
        }
        found
    }

    fn role(&self, name: &str) -> Role {
        let closure = self.templates.closure(name);
        let needs = closure.iter().any(|name| {
            let file = self.templates.get(name);
            let statements = file.and_then(|file| file.syntax.statements()).unwrap_or_default();
            statements.iter().any(is_needed_itself)
        });
        match needs {
            true => Role::Frame,
            false if closure.iter().any(|name| self.leads_away(name)) => Role::Chrome,
            false => Role::Other,
        }
    }

    /// Reports whether a template has a link that leads into the shop.
    fn leads_away(&self, name: &str) -> bool {
        let options = options(self.policy, &self.policy.kept);
        let source = self.theme.template(name).unwrap_or_default();
        let markup = self.templates.markup(self.theme, name);
        let printed = Printed {
            template: name,
            source,
            markup: &markup,
            pages: &[""],
            content_of: &BTreeSet::new(),
            given: &BTreeSet::new(),
        };
        let links = decide::links(&options, printed);
        links.iter().any(|link| link.outcome != Outcome::Keep)
    }

    fn is_needed(&self, statement: &Statement) -> bool {
        let frames = |statement: &Statement| match statement {
            Statement::Partial(partial) => literal_name(&partial.call.callee.kind)
                .is_none_or(|name| self.role(&name) == Role::Frame),
            _ => false,
        };
        is_needed_itself(statement) || frames(statement)
    }
}

/// Reports whether a statement prints a part of the page, or something that every page needs.
fn is_needed_itself(statement: &Statement) -> bool {
    match statement {
        Statement::Mustache(mustache) => literal_name(&mustache.call.callee.kind)
            .is_some_and(|name| NEEDED.contains(&name.as_str())),
        Statement::Block(block) => {
            let is_place = literal_name(&block.call.callee.kind).as_deref() == Some("block");
            let inverse = block.inverse.as_deref().unwrap_or_default();
            is_place || block.body.iter().chain(inverse).any(is_needed_itself)
        }
        _ => false,
    }
}

/// Reports whether `span` can be replaced without the new text merging with the text around it.
fn can_go(source: &[u8], span: Span) -> bool {
    let before = source[..span.start].last();
    let after = source.get(span.end);
    !matches!(before, Some(b'{' | b'\\' | b'<')) && after != Some(&b'}')
}

fn keeps_context(block: &Block) -> bool {
    let helper = literal_name(&block.call.callee.kind).unwrap_or_default();
    helper != "block" && KEEP_CONTEXT.contains(&helper.as_str())
}

/// Returns the span from the start tag at `start` to its end tag, if both are in texts of `statements`
/// themselves.
fn element(source: &[u8], statements: &[Statement], start: usize, name: &str) -> Option<Span> {
    let (opening, closing) = (format!("<{name}"), format!("</{name}"));
    let mut depth = 0;
    for statement in statements {
        let Statement::Content(span) = statement else { continue };
        if span.end <= start {
            continue;
        }
        let from = span.start.max(start);
        if depth == 0 && !span.contains(start) {
            return None;
        }
        let text = String::from_utf8_lossy(&source[from..span.end]).to_ascii_lowercase();
        for (at, _) in text.match_indices('<') {
            let starts = |mark: &str| {
                let rest = text[at..].strip_prefix(mark);
                rest.is_some_and(|rest| {
                    !rest.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '-')
                })
            };
            if starts(&opening) {
                depth += 1;
            } else if starts(&closing) {
                depth -= 1;
                if depth == 0 {
                    let end = memchr::memchr(b'>', &source[from + at..span.end])?;
                    return Some(Span::new(start, from + at + end + 1));
                }
            }
        }
    }
    None
}

fn edit(span: Span, replacement: String) -> TextEdit {
    TextEdit::new(span, replacement, "bare layout")
}
