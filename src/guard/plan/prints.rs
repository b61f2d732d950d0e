//! Determines what templates print on every path through them, as far as that is known: nothing, a layout
//! that the guard handles, or something else.

use super::draft::{Draft, MAX_DEPTH, include_at};
use crate::syntax::ast::{Block, BlockKind, Statement};
use crate::theme::pages::{Include, KEEP_CONTEXT, Templates, literal_name, prints_nothing};
use std::collections::BTreeMap;

pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What a template prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Printed {
    /// Nothing but white space.
    Nothing,
    /// A layout that can see which page it is on.
    Layout,
    /// Something else, or not the same on all paths.
    Other,
}

/// What to determine about templates.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    /// What they print first; only layouts that hold the guard count as layouts.
    Start,
    /// Everything that they print; only layouts that are documents count as layouts.
    Whole,
}

/// The answers to a question, cached by template.
pub(super) struct Prints<'t> {
    templates: &'t Templates,
    question: Question,
    known: BTreeMap<String, Printed>,
    depth: usize,
}

impl<'t> Prints<'t> {
    pub(super) fn new(templates: &'t Templates, question: Question) -> Self {
        Self { templates, question, known: BTreeMap::new(), depth: 0 }
    }

    /// Returns what a page prints.
    pub(super) fn page(&mut self, draft: &Draft<'_>, page: &str) -> Printed {
        let statements = self.templates.get(page).and_then(|file| file.syntax.statements());
        self.statements(draft, page, statements.unwrap_or_default())
    }

    /// Returns what `statements` of the template `name` print.
    fn statements(&mut self, draft: &Draft<'_>, name: &str, statements: &[Statement]) -> Printed {
        let is_start = self.question == Question::Start;
        let printed = statements.iter().map(|statement| self.statement(draft, name, statement));
        let mut printed = printed.filter(|printed| *printed != Printed::Nothing);
        let first = printed.next().unwrap_or(Printed::Nothing);
        if is_start || printed.count() == 0 { first } else { Printed::Other }
    }

    fn statement(&mut self, draft: &Draft<'_>, name: &str, statement: &Statement) -> Printed {
        let templates = self.templates;
        let include = |span| templates.get(name).and_then(|file| include_at(file, span));
        match statement {
            Statement::Comment(_) => Printed::Nothing,
            Statement::Content(span) if self.is_blank(templates.content(name, *span)) => {
                Printed::Nothing
            }
            Statement::Mustache(mustache) if prints_nothing(&mustache.call) => Printed::Nothing,
            Statement::Content(_) | Statement::Mustache(_) => Printed::Other,
            Statement::Partial(partial) => {
                include(partial.span).map_or(Printed::Other, |include| self.include(draft, include))
            }
            Statement::Block(block) if block.kind == BlockKind::Partial => {
                include(block.open).map_or(Printed::Other, |include| self.include(draft, include))
            }
            Statement::Block(block) => self.block(draft, name, block),
        }
    }

    fn is_blank(&self, text: &[u8]) -> bool {
        let unmarked =
            text.strip_prefix(BYTE_ORDER_MARK).filter(|_| self.question == Question::Start);
        unmarked.unwrap_or(text).trim_ascii().is_empty()
    }

    fn block(&mut self, draft: &Draft<'_>, name: &str, block: &Block) -> Printed {
        let helper = literal_name(&block.call.callee.kind).unwrap_or_default();
        if helper == "partial" {
            return Printed::Nothing;
        }
        if helper == "block" || !KEEP_CONTEXT.contains(&helper.as_str()) {
            return Printed::Other;
        }
        let body = self.statements(draft, name, &block.body);
        let inverse = self.statements(draft, name, block.inverse.as_deref().unwrap_or_default());
        if body == inverse { body } else { Printed::Other }
    }

    fn include(&mut self, draft: &Draft<'_>, include: &Include) -> Printed {
        if draft.loses_condition(include) || self.templates.is_defined(&include.name) {
            return Printed::Other;
        }
        let is_layout = match self.question {
            Question::Start => draft.holds_guard(include),
            Question::Whole => draft.is_document(include),
        };
        if is_layout {
            return Printed::Layout;
        }
        if let Some(&known) = self.known.get(&include.name) {
            return known;
        }
        let file = self.templates.get(&include.name);
        let statements = file.and_then(|file| file.syntax.statements());
        let Some(statements) = statements.filter(|_| self.depth < MAX_DEPTH) else {
            return Printed::Other;
        };
        // A template that includes itself is not certain.
        self.known.insert(include.name.clone(), Printed::Other);
        self.depth += 1;
        let printed = self.statements(draft, &include.name, statements);
        self.depth -= 1;
        self.known.insert(include.name.clone(), printed);
        printed
    }
}
