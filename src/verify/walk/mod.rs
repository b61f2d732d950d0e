//! Follows the templates of a page as the engine would for one visitor, and returns what they get.
//!
//! This module handles how templates lead to one another; `output` handles how browsers read their text.

mod idle;
mod limits;
mod names;
mod printed;

use super::condition::{EvaluationContext, Visibility};
use super::definitions::{Definitions, Library, Scope};
use super::output::{Browser, Output};
use super::script::Readings;
use super::tracked_visitor::TrackedVisitor;
use super::value::Truth;
use super::{Doubt, KnownScripts, Outcome, Reach, SearchDirectives, Verdict, tag};
use crate::syntax::ast::{Block, BlockKind, Statement};
use crate::text::Span;
use crate::theme::pages::{Templates, literal_name};
use limits::Limits;
use printed::{passes_markup, shadows_a_helper};
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::rc::Rc;

/// Returns what a visitor gets from one page.
pub(super) fn follow(
    templates: &Templates,
    page: &str,
    visitor: &TrackedVisitor<'_>,
    (known, readings): (KnownScripts<'_>, &Readings),
) -> Verdict {
    let reach = RefCell::default();
    let browser = Browser { visitor, known, readings, reach: &reach };
    let mut walk = Walk::new(templates, page, browser);
    match walk.template(page, Visibility::Page) {
        Some(()) => walk.verdict(),
        None => Verdict {
            outcome: Outcome::Refused,
            leads_to: BTreeSet::new(),
            doubts: BTreeSet::new(),
            reach: Reach::default(),
            search: SearchDirectives::default(),
        },
    }
}

/// A template's name, and a span in it.
pub(super) type Piece = (String, Span);

/// Returns the branches of blocks that a visitor of a page reaches, and whether each may be printed.
pub(super) fn branches(
    templates: &Templates,
    page: &str,
    visitor: &TrackedVisitor<'_>,
    (known, readings): (KnownScripts<'_>, &Readings),
) -> BTreeMap<Piece, bool> {
    let reach = RefCell::default();
    let browser = Browser { visitor, known, readings, reach: &reach };
    let mut walk = Walk::new(templates, page, browser);
    let _ = walk.template(page, Visibility::Page);
    let owned =
        |((name, span), is_printed): ((&str, Span), bool)| ((name.to_owned(), span), is_printed);
    walk.branches.into_iter().map(owned).collect()
}

/// The state that earlier templates pass on to later ones.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct State<'a> {
    output: Rc<Output>,
    definitions: Definitions<'a>,
    scope: Scope<'a>,
}

impl<'a> State<'a> {
    /// Merges the states of two paths that lead to the same point.
    fn join(&mut self, other: &Self, library: &mut Library<'a>) {
        if !Rc::ptr_eq(&self.output, &other.output) && self.output != other.output {
            Rc::make_mut(&mut self.output).join(&other.output);
        }
        self.definitions.join(library, &other.definitions);
    }
}

struct Walk<'a> {
    templates: &'a Templates,
    context: EvaluationContext<'a>,
    browser: Browser<'a>,
    state: State<'a>,
    library: Library<'a>,
    available: OnceCell<BTreeSet<&'a str>>,
    in_any_spelling: OnceCell<BTreeSet<&'a str>>,
    limits: Limits,
    /// The state after a template, by its name, what it sees and the state before it; `None` while it is
    /// followed.
    known: BTreeMap<(&'a str, Visibility, State<'a>), Option<State<'a>>>,
    /// String literals in expressions that are printed somewhere and may be part of an address.
    literals: BTreeSet<String>,
    /// Whether each branch of a block may be printed.
    branches: BTreeMap<(&'a str, Span), bool>,
    /// Templates that may print something.
    printing: BTreeSet<String>,
    /// Whether anything is printed that comes from the shop and not from the templates.
    prints_shop: bool,
    /// Templates in which the browser left.
    left_in: BTreeSet<String>,
    /// Whether the browser has left on every path.
    is_gone: bool,
    /// The number of alternatives, to be joined later, around the current place.
    alternatives: usize,
    /// Templates that include, at any depth, no template in which the browser left.
    dead_ends: HashSet<&'a str>,
    /// The templates around the current place, the outermost first.
    inside: Vec<&'a str>,
    depth: usize,
    visits: usize,
}

impl<'a> Walk<'a> {
    fn new(templates: &'a Templates, page: &'a str, browser: Browser<'a>) -> Self {
        let mut library = Library::default();
        let state = State {
            output: Rc::new(Output::new()),
            definitions: library.definitions(),
            scope: library.scope(),
        };
        Self {
            templates,
            context: EvaluationContext {
                page,
                visitor: browser.visitor,
                visibility: Visibility::Page,
            },
            browser,
            state,
            library,
            available: OnceCell::new(),
            in_any_spelling: OnceCell::new(),
            limits: Limits::default(),
            known: BTreeMap::new(),
            literals: BTreeSet::new(),
            branches: BTreeMap::new(),
            printing: BTreeSet::new(),
            prints_shop: false,
            left_in: BTreeSet::new(),
            is_gone: false,
            alternatives: 0,
            dead_ends: HashSet::new(),
            inside: Vec::new(),
            depth: 0,
            visits: 0,
        }
    }

    fn verdict(mut self) -> Verdict {
        self.output().finish();
        let is_alone =
            self.printing.len() <= 1 && !self.prints_shop && !self.state.output.shows_page;
        let Output {
            seen,
            left,
            leaves_later,
            leads_to,
            links,
            unknown_script,
            search,
            mut doubts,
            ..
        } = Rc::unwrap_or_clone(self.state.output);
        let outcome = match (left, leaves_later) {
            (true, _) if is_alone => Outcome::Replaced,
            (true, _) => Outcome::Redirected,
            (false, true) if unknown_script => {
                doubts.insert(Doubt::ScriptBefore);
                Outcome::Uncertain
            }
            (false, true) if is_alone && !seen => Outcome::Replaced,
            (false, true) => {
                doubts.insert(Doubt::PageBehindRefresh);
                Outcome::Uncertain
            }
            (false, false) if doubts.is_empty() => Outcome::Shown,
            (false, false) => Outcome::Uncertain,
        };
        let is_replaced = outcome == Outcome::Replaced;
        if outcome != Outcome::Uncertain {
            doubts.clear();
        }
        let links = links.into_iter().filter(|_| is_replaced);
        let leads_to = leads_to.into_iter().chain(links).collect();
        let mut reach = self.browser.reach.take();
        reach.print(&self.literals);
        Verdict { outcome, leads_to, doubts, reach, search }
    }

    /// Follows one template; `None` if the engine refuses it.
    fn template(&mut self, name: &str, visibility: Visibility) -> Option<()> {
        let (name, file) = self.templates.entry(name)?;
        let statements = file.syntax.statements()?;
        let key = (name, visibility, self.state.clone());
        match self.known.get(&key) {
            Some(Some(after)) => self.state = after.clone(),
            // A template that includes itself may print anything.
            Some(None) => self.output().read_anything(),
            None => self.follow(key, statements),
        }
        Some(())
    }

    /// Follows a template for the first time in this state.
    fn follow(&mut self, key: (&'a str, Visibility, State<'a>), statements: &'a [Statement]) {
        let (name, visibility) = (key.0, key.1);
        self.known.insert(key.clone(), None);
        if self.depth > 0 {
            self.front_matter(name);
        }
        self.inside.push(name);
        self.go_inside(name, statements, visibility);
        self.inside.pop();
        self.known.insert(key, Some(self.state.clone()));
    }

    /// Reads the front matter of an included page, because nothing strips it there.
    fn front_matter(&mut self, name: &str) {
        let text = self.templates.before_text(name);
        if text.is_empty() {
            return;
        }
        match memchr::memmem::find(text, b"{{") {
            Some(_) => self.output().read_anything(),
            None => self.text(name, text),
        }
    }

    /// Follows statements of a template or body that is printed here.
    fn go_inside(&mut self, name: &'a str, statements: &'a [Statement], visibility: Visibility) {
        if self.is_too_deep() || self.is_spent() {
            return self.give_up();
        }
        self.visits += 1;
        self.depth += 1;
        self.statements(name, statements, visibility);
        self.depth -= 1;
    }

    fn statements(&mut self, name: &'a str, statements: &'a [Statement], visibility: Visibility) {
        let has_inlines = self.templates.have_inlines();
        let outer = has_inlines.then(|| self.enter_inlines(name, statements)).flatten();
        for statement in statements {
            match statement {
                // Text that is not read need not be looked up.
                Statement::Content(_) if self.is_skimmed(name) => {}
                Statement::Content(span) => {
                    self.text(name, self.templates.content(name, *span));
                }
                Statement::Partial(partial) => self.include(name, &partial.call, visibility, None),
                Statement::Block(block) => self.block(name, block, visibility),
                // `front_matter` handles mustaches before the page's text.
                Statement::Mustache(_) if self.templates.is_before_text(name, statement.span()) => {
                }
                Statement::Mustache(mustache) => self.mustache(name, mustache, visibility),
                Statement::Comment(_) => {}
            }
        }
        if let Some(outer) = outer {
            self.state.scope = outer;
        }
    }

    fn text(&mut self, name: &str, text: &[u8]) {
        if !text.trim_ascii().is_empty() {
            self.prints(name);
        }
        // After the browser has left, only text of the template that made it leave counts.
        if self.state.output.left && !self.left_in.contains(name) {
            return;
        }
        let text = String::from_utf8_lossy(text);
        match text.contains(tag::NONCE) {
            true => Rc::make_mut(&mut self.state.output)
                .read(&text.replace(tag::NONCE, tag::UNKNOWN), self.browser),
            false => Rc::make_mut(&mut self.state.output).read(&text, self.browser),
        }
        if self.state.output.left {
            self.left_in.insert(name.to_owned());
        }
    }

    fn block(&mut self, name: &'a str, block: &'a Block, visibility: Visibility) {
        let helper = literal_name(&block.call.callee.kind).unwrap_or_default();
        let inverse = block.inverse.as_deref().unwrap_or_default();
        match (block.kind, helper.as_ref()) {
            (BlockKind::Partial, _) => {
                return self.include(name, &block.call, visibility, Some(block));
            }
            // `enter_inlines` has collected its definition.
            (BlockKind::Decorator, _) => return,
            (_, "partial") => return self.define(name, block),
            (_, "block") => return self.print_defined(name, block, visibility),
            _ => {}
        }
        if shadows_a_helper(block) {
            return self.give_up();
        }
        self.note_literals(&block.call);
        let truth = EvaluationContext { visibility, ..self.context }.block(&helper, &block.call);
        let truth = if block.kind == BlockKind::Inverted { truth.not() } else { truth };
        self.note(name, &block.body, truth != Truth::No);
        self.note(name, inverse, truth != Truth::Yes);
        match truth {
            Truth::Yes => self.statements(name, &block.body, visibility),
            Truth::No => self.statements(name, inverse, visibility),
            Truth::Unknown => self.either(
                |walk| walk.statements(name, &block.body, visibility),
                |walk| walk.statements(name, inverse, visibility),
            ),
            Truth::Unsupported => {
                self.print_around(name, &helper, &block.call);
                let outer = self.state.scope.has_markup;
                self.state.scope.has_markup |= passes_markup(&block.call);
                self.follow_optional(name, &block.body);
                self.follow_optional(name, inverse);
                self.state.scope.has_markup = outer;
            }
        }
    }

    /// Records whether a branch may be printed; being printed once is enough.
    fn note(&mut self, name: &'a str, branch: &[Statement], is_printed: bool) {
        if let (Some(first), Some(last)) = (branch.first(), branch.last()) {
            let span = Span::new(first.span().start, last.span().end);
            *self.branches.entry((name, span)).or_default() |= is_printed;
        }
    }

    /// Follows two alternatives, of which a visitor gets one, and joins the results.
    fn either(&mut self, one: impl FnOnce(&mut Self), other: impl FnOnce(&mut Self)) {
        let before = self.state.clone();
        self.alternatives += 1;
        one(self);
        let after_one = std::mem::replace(&mut self.state, before);
        other(self);
        self.alternatives -= 1;
        self.state.join(&after_one, &mut self.library);
    }

    /// Follows a body that is printed any number of times, even zero, and with other variables: what it may
    /// print counts, but none of it is certain.
    fn follow_optional(&mut self, name: &'a str, body: &'a [Statement]) {
        self.either(|walk| walk.repeat(name, body), |_| {});
    }

    /// Follows a body that is printed at least once. If it ends in another place of the HTML than it began,
    /// browsers may read it differently when it is printed again.
    fn repeat(&mut self, name: &'a str, body: &'a [Statement]) {
        let before = Rc::clone(&self.state.output);
        self.statements(name, body, Visibility::Nothing);
        if self.state.output.ends_like(&before) {
            return;
        }
        let once = Rc::clone(&self.state.output);
        let mut is_same = false;
        self.either(
            |walk| {
                walk.statements(name, body, Visibility::Nothing);
                is_same = walk.state.output.ends_like(&once);
            },
            |_| {},
        );
        if !is_same {
            self.output().mark_ambiguous();
        }
    }

    fn print_unknown(&mut self, name: &str) {
        self.prints(name);
        self.output().read_unknown();
    }

    fn output(&mut self) -> &mut Output {
        Rc::make_mut(&mut self.state.output)
    }

    /// Returns all templates that the platform has available for the page.
    fn all_available(&self) -> &BTreeSet<&'a str> {
        let (templates, page) = (self.templates, self.context.page);
        self.available.get_or_init(|| templates.available(page))
    }

    /// Returns the same templates, those that are available only under a name with an extra slash, and those
    /// that are included as only some tools find them, such as by `{{~> name}}`.
    fn all_in_any_spelling(&self) -> &BTreeSet<&'a str> {
        let (templates, page) = (self.templates, self.context.page);
        self.in_any_spelling.get_or_init(|| {
            let known = templates.available_in_any_spelling(page).into_iter();
            templates.closure_of(known.chain(templates.closure(page)))
        })
    }
}

#[cfg(test)]
mod tests;
