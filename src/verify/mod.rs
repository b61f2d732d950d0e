//! Says what a visitor gets from each page of any theme, from its templates alone.
//!
//! It knows no plan, no rule and no name of a generated file: it follows the templates as the
//! engine would for that visitor on a live store and looks for a script that leaves.

use crate::syntax::ast::{Block, BlockKind, Call, Expression, ExpressionKind, Statement};
use crate::theme::Theme;
use crate::theme::pages::{Templates, literal_name, prints_nothing};
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
    let mut walk =
        Walk { theme, templates, visitor, page, known: BTreeMap::new(), printing: BTreeSet::new() };
    match walk.template(page, true) {
        Some(true) if walk.printing.len() <= 1 => Outcome::Replaced,
        Some(true) => Outcome::Redirected,
        Some(false) => Outcome::Shown,
        None => Outcome::Refused,
    }
}

struct Walk<'a> {
    theme: &'a Theme,
    templates: &'a Templates,
    visitor: &'a Visitor,
    page: &'a str,
    /// Whether a template always prints a script that leaves, with and without sight of the page.
    known: BTreeMap<(String, bool), bool>,
    /// Templates that may print something.
    printing: BTreeSet<String>,
}

impl Walk<'_> {
    /// Whether a template always prints a script that leaves; `None` if the engine refuses it.
    fn template(&mut self, name: &str, sees_page: bool) -> Option<bool> {
        let file = self.templates.get(name)?;
        let statements = file.syntax.statements()?;
        let key = (name.to_owned(), sees_page);
        if let Some(&leaves) = self.known.get(&key) {
            return Some(leaves);
        }
        // What includes itself prints nothing for sure.
        self.known.insert(key.clone(), false);
        let leaves = self.statements(name, statements, sees_page);
        self.known.insert(key, leaves);
        Some(leaves)
    }

    fn statements(&mut self, name: &str, statements: &[Statement], sees_page: bool) -> bool {
        let mut scripts = ScriptText::default();
        let mut leaves = false;
        for statement in statements {
            leaves |= match statement {
                Statement::Content(span) => {
                    let text = self.templates.content(self.theme, name, *span);
                    self.note_print(name, !text.trim_ascii().is_empty());
                    scripts.read(text)
                }
                Statement::Partial(partial) => self.include(name, &partial.call, sees_page),
                Statement::Block(block) => self.block(name, block, sees_page),
                Statement::Mustache(mustache) => {
                    self.note_print(name, !prints_nothing(&mustache.call));
                    false
                }
                Statement::Comment(_) => false,
            };
        }
        leaves
    }

    fn block(&mut self, name: &str, block: &Block, sees_page: bool) -> bool {
        if block.kind == BlockKind::Partial {
            return self.include(name, &block.call, sees_page);
        }
        let helper = literal_name(&block.call.callee.kind).unwrap_or_default();
        let inverse = block.inverse.as_deref().unwrap_or_default();
        match self.condition(&helper, &block.call, sees_page) {
            Truth::Yes => self.statements(name, &block.body, sees_page),
            Truth::No => self.statements(name, inverse, sees_page),
            Truth::Unknown => {
                let body = self.statements(name, &block.body, sees_page);
                self.statements(name, inverse, sees_page) && body
            }
            Truth::Elsewhere => {
                self.note_print(name, helper != "partial");
                false
            }
        }
    }

    fn note_print(&mut self, name: &str, prints: bool) {
        if prints {
            self.printing.insert(name.to_owned());
        }
    }

    fn include(&mut self, from: &str, call: &Call, sees_page: bool) -> bool {
        let Some(name) = literal_name(&call.callee.kind) else {
            self.note_print(from, true);
            return false;
        };
        let hides = call.hash.iter().any(|pair| TESTED_VARIABLES.contains(&pair.key.as_str()));
        let sees_page = sees_page && call.params.is_empty() && !hides;
        self.template(&name, sees_page).unwrap_or(false)
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
                    "template" if sees_page => Some(self.page.to_owned()),
                    "page_type" if sees_page => Some(page_type(self.page).to_owned()),
                    "template" | "page_type" | "in_development" => Some(String::new()),
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

/// Follows literal text and notices a classic script that replaces the location. A script's text
/// may be cut by mustaches in its start tag, such as the nonce.
#[derive(Default)]
struct ScriptText {
    in_script: bool,
    in_comment: bool,
}

impl ScriptText {
    fn read(&mut self, text: &[u8]) -> bool {
        let text = String::from_utf8_lossy(text).to_ascii_lowercase();
        let mut rest = text.as_str();
        loop {
            let mark = if self.in_comment {
                "-->"
            } else if self.in_script {
                "</script"
            } else {
                "<"
            };
            let (before, at) = match rest.find(mark) {
                Some(at) => (&rest[..at], at),
                None => (rest, rest.len()),
            };
            if self.in_script && !self.in_comment && before.contains("location.replace(") {
                return true;
            }
            if at == rest.len() {
                return false;
            }
            rest = &rest[at..];
            if self.in_comment {
                self.in_comment = false;
            } else if self.in_script {
                self.in_script = false;
            } else if rest.starts_with("<!--") {
                self.in_comment = true;
            } else if rest.starts_with("<script") {
                self.in_script = true;
            }
            rest = &rest[1..];
        }
    }
}
