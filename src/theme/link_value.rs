//! Splits the value of a link into its parts: written-out text and what mustaches print, for each form that
//! blocks give the value.
//!
//! This module reads values and knows no addresses; `destinations` determines where a value leads.

use super::template::{KEEP_CONTEXT, literal_name};
use crate::syntax;
use crate::syntax::ast::{BlockKind, Call, Expression, ExpressionKind, Statement};

/// Helpers that print the address of a file.
const FILE_HELPERS: &[&str] = &[
    "cdn",
    "getImage",
    "getImageSrcset",
    "getContentImage",
    "getContentImageSrcset",
    "getImageManagerImage",
    "getImageManagerImageSrcset",
];

/// The most forms of a value; a value with more is not followed.
const MAX_FORMS: usize = 32;

/// A part of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    /// The output of an expression of this name.
    Expression(String),
    /// The address of a file.
    File,
}

/// Returns all forms of a value, a template without its quotes; `None` if there are too many, or if it is not
/// a valid template.
pub(super) fn forms(value: &[u8]) -> Option<Vec<Vec<Piece>>> {
    let template = syntax::parse(value);
    let forms = forms_of(value, template.statements()?)?;
    (forms.len() <= MAX_FORMS).then_some(forms)
}

/// Returns all forms that `statements` may print; `None` if there are too many.
fn forms_of(source: &[u8], statements: &[Statement]) -> Option<Vec<Vec<Piece>>> {
    let mut forms = vec![Vec::new()];
    for statement in statements {
        let ways = match statement {
            Statement::Content(span) => vec![vec![Piece::Text(text(span.of(source)))]],
            Statement::Comment(_) => continue,
            Statement::Mustache(mustache) => vec![printed(&mustache.call)],
            Statement::Partial(partial) => {
                let name = literal_name(&partial.call.callee.kind).unwrap_or_default();
                vec![vec![Piece::Expression(format!("> {name}"))]]
            }
            Statement::Block(block) => {
                let helper = literal_name(&block.call.callee.kind).unwrap_or_default();
                let inverse = block.inverse.as_deref().unwrap_or_default();
                let is_choice = KEEP_CONTEXT.contains(&helper.as_str()) || helper == "with";
                match block.kind {
                    BlockKind::Section | BlockKind::Inverted if is_choice => {
                        let mut ways = forms_of(source, &block.body)?;
                        ways.extend(forms_of(source, inverse)?);
                        ways
                    }
                    _ => vec![vec![Piece::Expression(format!("#{helper}"))]],
                }
            }
        };
        if forms.len() * ways.len() > MAX_FORMS {
            return None;
        }
        let longer = forms.iter().flat_map(|form: &Vec<Piece>| {
            ways.iter().map(move |way| form.iter().chain(way).cloned().collect())
        });
        forms = longer.collect();
    }
    Some(forms)
}

/// Named character references that occur in addresses, besides numeric ones.
const REFERENCES: &[(&str, char)] = &[
    ("amp;", '&'),
    ("colon;", ':'),
    ("sol;", '/'),
    ("num;", '#'),
    ("quest;", '?'),
    ("period;", '.'),
    ("equals;", '='),
    ("commat;", '@'),
    ("Tab;", '\t'),
    ("NewLine;", '\n'),
];

/// Returns the text as browsers see it, with its character references resolved.
fn text(bytes: &[u8]) -> String {
    let source = String::from_utf8_lossy(bytes);
    let mut text = String::with_capacity(source.len());
    let mut rest = source.as_ref();
    while let Some(at) = rest.find('&') {
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match reference(rest) {
            Some((letter, length)) => {
                text.push(letter);
                rest = &rest[length..];
            }
            None => text.push('&'),
        }
    }
    text + rest
}

/// Returns the character that a reference stands for, and the length of the reference after the ampersand.
fn reference(text: &str) -> Option<(char, usize)> {
    let Some(number) = text.strip_prefix('#') else {
        let known = REFERENCES.iter().find(|(name, _)| text.starts_with(name));
        return known.map(|(name, letter)| (*letter, name.len()));
    };
    let (digits, radix) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    let end = digits.find(|letter: char| !letter.is_digit(radix)).unwrap_or(digits.len());
    let letter = char::from_u32(u32::from_str_radix(&digits[..end], radix).ok()?)?;
    let semicolon = usize::from(digits[end..].starts_with(';'));
    Some((letter, text.len() - digits.len() + end + semicolon))
}

/// Returns what a mustache prints.
fn printed(call: &Call) -> Vec<Piece> {
    let name = literal_name(&call.callee.kind).unwrap_or_default();
    let has_arguments = !call.params.is_empty() || !call.hash.is_empty();
    match name.as_str() {
        name if FILE_HELPERS.contains(&name) => vec![Piece::File],
        "concat" => call.params.iter().flat_map(value).collect(),
        name if has_arguments => vec![Piece::Expression(format!("{name}()"))],
        _ => value(&call.callee),
    }
}

fn value(expression: &Expression) -> Vec<Piece> {
    match &expression.kind {
        ExpressionKind::Path(path) => {
            let name = path.parts.join(".");
            let from_root = name.strip_prefix("root.").filter(|_| path.data);
            vec![Piece::Expression(from_root.unwrap_or(&name).to_owned())]
        }
        ExpressionKind::String(text) | ExpressionKind::Number(text) => {
            vec![Piece::Text(text.clone())]
        }
        ExpressionKind::SubExpression(call) => printed(call),
        _ => vec![Piece::Expression(String::new())],
    }
}
