//! Parses the expressions of Handlebars' grammar: names, paths, literals and the arguments of a call.
//!
//! The statements are in `parser`.

use super::ast::*;
use super::cursor::{Parser, reject};
use super::lexer::{Token, TokenKind};
use super::{Dialect, Rejection};
use crate::text::Span;

impl Parser<'_> {
    pub(super) fn block_params(&mut self) -> Result<Vec<String>, Rejection> {
        let mut names = Vec::new();
        if !self.at(TokenKind::OpenBlockParams) {
            return Ok(names);
        }
        self.advance()?;
        while names.is_empty() || self.at(TokenKind::Identifier) {
            let name = self.expect(TokenKind::Identifier, "a block parameter")?;
            names.push(self.spelled(name));
        }
        let end = self.expect(TokenKind::CloseBlockParams, "`|`")?;
        // The engine removes brackets from the list as a whole, which fails.
        if in_brackets(&names.join(",")).is_some() {
            let message = "block parameters are not allowed in brackets".to_owned();
            return reject(end.span.start, message);
        }
        Ok(names)
    }

    pub(super) fn call(&mut self, wanted: &str) -> Result<Call, Rejection> {
        let callee = self.helper_name(wanted)?;
        self.arguments(callee)
    }

    pub(super) fn arguments(&mut self, callee: Expression) -> Result<Call, Rejection> {
        let mut call = Call { callee, params: Vec::new(), hash: Vec::new() };
        while self.starts_expression() {
            let before = self.token;
            let expression = self.param("a value")?;
            // One identifier before `=` is a key; a path is not.
            let is_key = before.kind == TokenKind::Identifier && before.span == expression.span;
            if is_key && self.at(TokenKind::Equals) {
                self.advance()?;
                let key = self.segment(before).0;
                let value = self.param("a value")?;
                call.hash.push(HashPair { key, value });
            } else if call.hash.is_empty() {
                call.params.push(expression);
            } else {
                return reject(
                    before.span.start,
                    "a value without a name follows one with a name".to_owned(),
                );
            }
        }
        Ok(call)
    }

    fn starts_expression(&self) -> bool {
        use TokenKind::*;
        matches!(
            self.token.kind,
            OpenSubExpression | Identifier | Data | String | Number | Boolean | Undefined | Null
        )
    }

    pub(super) fn param(&mut self, wanted: &str) -> Result<Expression, Rejection> {
        if self.at(TokenKind::OpenSubExpression) {
            return self.nested(Self::sub_expression);
        }
        self.helper_name(wanted)
    }

    fn sub_expression(&mut self) -> Result<Expression, Rejection> {
        let open = self.advance()?;
        let call = self.call("the name of a helper")?;
        let close = self.expect(TokenKind::CloseSubExpression, "`)`")?;
        Ok(Expression {
            span: open.span.to(close.span),
            kind: ExpressionKind::SubExpression(Box::new(call)),
        })
    }

    pub(super) fn helper_name(&mut self, wanted: &str) -> Result<Expression, Rejection> {
        let spelled = |parser: &Self| {
            String::from_utf8_lossy(parser.token.span.of(parser.source)).into_owned()
        };
        let kind = match self.token.kind {
            TokenKind::Identifier | TokenKind::Data => return self.path(),
            TokenKind::String => ExpressionKind::String(unquoted(&spelled(self))),
            TokenKind::Number => ExpressionKind::Number(spelled(self)),
            TokenKind::Boolean => ExpressionKind::Boolean(spelled(self) == "true"),
            TokenKind::Undefined => ExpressionKind::Undefined,
            TokenKind::Null => ExpressionKind::Null,
            _ => return self.unexpected(wanted),
        };
        Ok(Expression { span: self.advance()?.span, kind })
    }

    fn path(&mut self) -> Result<Expression, Rejection> {
        let start = self.token.span.start;
        let data = self.at(TokenKind::Data);
        let mut path = Path { data, depth: 0, parts: Vec::new(), original: String::new() };
        if data {
            self.advance()?;
            path.original.push('@');
        }
        loop {
            let token = self.expect(TokenKind::Identifier, "a name")?;
            let (part, literal) = self.segment(token);
            path.original.push_str(&part);
            let climbs = !literal && matches!(part.as_str(), "." | ".." | "this");
            if climbs && !path.parts.is_empty() {
                return reject(token.span.start, format!("`{part}` is not allowed inside a path"));
            }
            path.depth += usize::from(climbs && part == "..");
            if !climbs {
                path.parts.push(part);
            }
            if !self.at(TokenKind::Separator) {
                break;
            }
            let separator = self.advance()?;
            path.original.push(if separator.span.of(self.source) == b"/" { '/' } else { '.' });
        }
        Ok(Expression { span: Span::new(start, self.end), kind: ExpressionKind::Path(path) })
    }

    /// Returns a path segment without its brackets, and whether it had any.
    fn segment(&self, token: Token) -> (String, bool) {
        let text = self.spelled(token);
        match in_brackets(&text) {
            Some(inner) => (inner.to_owned(), true),
            None => (text, false),
        }
    }

    /// Returns an identifier as the engine's lexer passes it on.
    fn spelled(&self, token: Token) -> String {
        let text = String::from_utf8_lossy(token.span.of(self.source));
        match self.dialect {
            Dialect::V4 if text.starts_with('[') => without_escapes(&text),
            _ => text.into_owned(),
        }
    }
}

fn unquoted(text: &str) -> String {
    let quote = &text[..1];
    text[1..text.len() - 1].replace(&format!("\\{quote}"), quote)
}

/// Returns the text between brackets. The engine does not recognize the brackets of a name that spans several
/// lines.
fn in_brackets(text: &str) -> Option<&str> {
    let line_ends = ['\n', '\r', '\u{2028}', '\u{2029}'];
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    (!inner.contains(line_ends)).then_some(inner)
}

/// Returns the text with `\\` and `\]` resolved.
fn without_escapes(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let escaped = if character == '\\' {
            characters.next_if(|next| matches!(next, '\\' | ']'))
        } else {
            None
        };
        result.push(escaped.unwrap_or(character));
    }
    result
}

/// What the engine compares between the opening and the closing tag of a block, in JavaScript's terms.
#[derive(PartialEq)]
pub(super) enum Identity {
    Text(String),
    Number(f64),
    Boolean(bool),
    Undefined,
    Null,
}

pub(super) fn identity(kind: &ExpressionKind) -> Identity {
    match kind {
        ExpressionKind::Path(path) => Identity::Text(path.original.clone()),
        ExpressionKind::String(text) => Identity::Text(text.clone()),
        ExpressionKind::Number(digits) => Identity::Number(digits.parse().unwrap_or(f64::NAN)),
        ExpressionKind::Boolean(value) => Identity::Boolean(*value),
        ExpressionKind::Null => Identity::Null,
        // The engine compares spellings, and a sub-expression has none.
        ExpressionKind::Undefined | ExpressionKind::SubExpression(_) => Identity::Undefined,
    }
}
