//! Says what a visitor gets from each page of any theme, from its templates alone.
//!
//! It knows no plan, no rule and no name of a generated file: it follows the templates as the
//! engine would for that visitor on a live store and looks for a script that leaves.

mod output;

use crate::syntax::ast::{Block, BlockKind, Call, Expression, ExpressionKind, Statement};
use crate::theme::Theme;
use crate::theme::pages::{Templates, literal_name, prints_nothing};
use output::Output;
use rayon::prelude::*;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Who looks at a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Visitor {
    /// Nobody who is signed in.
    Guest,
    /// A customer who is signed in.
    Customer {
        /// The number of the customer group; 0 without one.
        group_id: u64,
        /// Its name; empty without one.
        group_name: String,
    },
}

/// What a visitor gets from a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The page itself.
    Shown,
    /// A script that leaves for the storefront, whatever the theme's settings are.
    Redirected,
    /// Such a script, and nothing but the template that holds it.
    Replaced,
    /// One or the other, or the page is seen before the script runs.
    Uncertain,
    /// Nothing: the engine refuses the template.
    Refused,
}

/// What a visitor gets from every page, by page name.
pub fn judge(theme: &Theme, templates: &Templates, visitor: &Visitor) -> BTreeMap<String, Outcome> {
    let pages: Vec<&str> = templates.pages().collect();
    pages
        .par_iter()
        .map(|page| ((*page).to_owned(), judge_page(theme, templates, visitor, page)))
        .collect()
}

fn judge_page(theme: &Theme, templates: &Templates, visitor: &Visitor, page: &str) -> Outcome {
    let mut walk = Walk {
        theme,
        templates,
        visitor,
        page,
        output: Output::new(),
        known: BTreeMap::new(),
        printing: BTreeSet::new(),
        depth: 0,
    };
    if walk.template(page, true).is_none() {
        return Outcome::Refused;
    }
    match walk.output {
        Output { left: true, .. } if walk.printing.len() <= 1 => Outcome::Replaced,
        Output { left: true, .. } => Outcome::Redirected,
        Output { may_leave: true, .. } => Outcome::Uncertain,
        _ => Outcome::Shown,
    }
}

struct Walk<'a> {
    theme: &'a Theme,
    templates: &'a Templates,
    visitor: &'a Visitor,
    page: &'a str,
    output: Output,
    /// What the output is after a template that starts with some output, with and without sight of
    /// the page.
    known: BTreeMap<(String, bool, Output), Output>,
    /// Templates that may print something.
    printing: BTreeSet<String>,
    depth: usize,
}

/// Includes inside one another that are followed; beyond, anything may be printed.
const DEEPEST: usize = 100;

impl Walk<'_> {
    /// Follows one template; `None` if the engine refuses it.
    fn template(&mut self, name: &str, sees_page: bool) -> Option<()> {
        let statements = self.templates.get(name)?.syntax.statements()?;
        let key = (name.to_owned(), sees_page, self.output.clone());
        if let Some(after) = self.known.get(&key) {
            self.output = after.clone();
            return Some(());
        }
        if self.depth == DEEPEST {
            self.output.read_unknown();
            return Some(());
        }
        // What includes itself prints anything.
        let mut unknown = self.output.clone();
        unknown.read_unknown();
        self.known.insert(key.clone(), unknown);
        self.depth += 1;
        self.statements(name, statements, sees_page);
        self.depth -= 1;
        self.known.insert(key, self.output.clone());
        Some(())
    }

    fn statements(&mut self, name: &str, statements: &[Statement], sees_page: bool) {
        for statement in statements {
            match statement {
                Statement::Content(span) => {
                    let text = self.templates.content(self.theme, name, *span);
                    self.note_print(name, !text.trim_ascii().is_empty());
                    self.output.read(&String::from_utf8_lossy(text));
                }
                Statement::Partial(partial) => self.include(name, &partial.call, sees_page),
                Statement::Block(block) => self.block(name, block, sees_page),
                Statement::Mustache(mustache) if !prints_nothing(&mustache.call) => {
                    self.print_unknown(name);
                }
                Statement::Mustache(_) | Statement::Comment(_) => {}
            }
        }
    }

    fn block(&mut self, name: &str, block: &Block, sees_page: bool) {
        if block.kind == BlockKind::Partial {
            return self.include(name, &block.call, sees_page);
        }
        let helper = literal_name(&block.call.callee.kind).unwrap_or_default();
        let inverse = block.inverse.as_deref().unwrap_or_default();
        match self.condition(&helper, &block.call, sees_page) {
            Truth::Yes => self.statements(name, &block.body, sees_page),
            Truth::No => self.statements(name, inverse, sees_page),
            Truth::Unknown => {
                let before = self.output.clone();
                self.statements(name, &block.body, sees_page);
                let body = std::mem::replace(&mut self.output, before);
                self.statements(name, inverse, sees_page);
                self.output = self.output.clone().join(body);
            }
            Truth::Elsewhere if helper == "partial" || block.kind == BlockKind::Decorator => {}
            Truth::Elsewhere => {
                self.print_unknown(name);
                self.lose_sight(name, block);
            }
        }
    }

    /// Follows a body that is printed anywhere from never to often, with other variables: what it
    /// may print counts, what it prints for sure does not.
    fn lose_sight(&mut self, name: &str, block: &Block) {
        let before = self.output.clone();
        self.statements(name, &block.body, false);
        self.output = self.output.clone().join(before);
    }

    fn note_print(&mut self, name: &str, prints: bool) {
        if prints {
            self.printing.insert(name.to_owned());
        }
    }

    fn print_unknown(&mut self, name: &str) {
        self.note_print(name, true);
        self.output.read_unknown();
    }

    fn include(&mut self, from: &str, call: &Call, sees_page: bool) {
        let name = literal_name(&call.callee.kind).filter(|name| !self.templates.is_defined(name));
        let hides = call.hash.iter().any(|pair| TESTED_VARIABLES.contains(&pair.key.as_str()));
        let sees_page = sees_page && call.params.is_empty() && !hides;
        if name.is_none_or(|name| self.template(&name, sees_page).is_none()) {
            self.print_unknown(from);
        }
    }

    /// Number and name of the visitor's group.
    fn group(&self) -> (String, String) {
        match self.visitor {
            Visitor::Guest => (String::new(), String::new()),
            Visitor::Customer { group_id, group_name } => {
                (group_id.to_string(), group_name.clone())
            }
        }
    }

    fn condition(&self, helper: &str, call: &Call, sees_page: bool) -> Truth {
        match helper {
            "partial" | "block" => Truth::Elsewhere,
            "or" => any(call.params.iter().map(|param| self.truth(param, sees_page))),
            "if" => self.test(call, sees_page),
            "unless" => self.test(call, sees_page).not(),
            // The body may see other variables, or none at all.
            _ => Truth::Elsewhere,
        }
    }

    fn truth(&self, expression: &Expression, sees_page: bool) -> Truth {
        match &expression.kind {
            ExpressionKind::SubExpression(call) => match literal_name(&call.callee.kind).as_deref()
            {
                Some("if") => self.test(call, sees_page),
                Some("unless") => self.test(call, sees_page).not(),
                _ => Truth::Unknown,
            },
            _ => match self.value(expression, sees_page) {
                Some(value) => Truth::of(!value.is_empty()),
                None => Truth::Unknown,
            },
        }
    }

    /// `if` with one argument, or with left, operator and right.
    fn test(&self, call: &Call, sees_page: bool) -> Truth {
        match call.params.as_slice() {
            [only] => self.truth(only, sees_page),
            [left, operator, right] => {
                let (Some(left), Some(right)) =
                    (self.value(left, sees_page), self.value(right, sees_page))
                else {
                    return Truth::Unknown;
                };
                match &operator.kind {
                    ExpressionKind::String(text) if text == "===" || text == "==" => {
                        Truth::of(left == right)
                    }
                    ExpressionKind::String(text) if text == "!==" || text == "!=" => {
                        Truth::of(left != right)
                    }
                    _ => Truth::Unknown,
                }
            }
            _ => Truth::Unknown,
        }
    }

    /// The value of an expression for a guest on a live store, where it is certain; what is
    /// absent or false counts as an empty text.
    fn value(&self, expression: &Expression, sees_page: bool) -> Option<String> {
        match &expression.kind {
            ExpressionKind::String(text) | ExpressionKind::Number(text) => Some(text.clone()),
            ExpressionKind::Boolean(value) => {
                Some(if *value { "true".to_owned() } else { String::new() })
            }
            ExpressionKind::Path(path) if path.depth == 0 && !path.data => {
                match path.original.as_str() {
                    // Whatever stands in its place is not known.
                    "template" | "page_type" | "in_development" if !sees_page => None,
                    "template" => Some(self.page.to_owned()),
                    "page_type" => Some(page_type(self.page).to_owned()),
                    "in_development" => Some(String::new()),
                    "customer.customer_group_id" if sees_page => Some(self.group().0),
                    "customer.customer_group_name" if sees_page => Some(self.group().1),
                    _ => None,
                }
            }
            ExpressionKind::SubExpression(call) => match literal_name(&call.callee.kind).as_deref()
            {
                Some("decodeURI") => decoded(call),
                _ => None,
            },
            _ => None,
        }
    }
}

/// Variables that a hash argument of an include would hide.
const TESTED_VARIABLES: &[&str] = &["template", "page_type", "in_development", "customer"];

/// `page_type` where the platform documents it and a guard may read it.
fn page_type(page: &str) -> &'static str {
    match page {
        "pages/checkout" => "checkout",
        "pages/order-confirmation" => "orderconfirmation",
        _ => "another page type",
    }
}

fn decoded(call: &Call) -> Option<String> {
    let [Expression { kind: ExpressionKind::String(text), .. }] = call.params.as_slice() else {
        return None;
    };
    let form = text.replace('+', "%2B");
    url::form_urlencoded::parse(form.as_bytes()).next().map(|(name, _)| name.into_owned())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Truth {
    Yes,
    No,
    Unknown,
    /// The body is printed somewhere else, or with other variables.
    Elsewhere,
}

impl Truth {
    fn of(value: bool) -> Self {
        if value { Self::Yes } else { Self::No }
    }

    fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            other => other,
        }
    }
}

fn any(truths: impl Iterator<Item = Truth>) -> Truth {
    truths.fold(Truth::No, |all, one| match (all, one) {
        (Truth::Yes, _) | (_, Truth::Yes) => Truth::Yes,
        (Truth::No, Truth::No) => Truth::No,
        _ => Truth::Unknown,
    })
}
