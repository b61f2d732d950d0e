//! The parser's position in a template: the current token and the nesting depth.
//!
//! It handles tokens only; the grammar is in [`super::expression`] and [`super::parser`].

use super::lexer::{Lexer, Token, TokenKind};
use super::{Dialect, Rejection};
use crate::text::Span;

/// Maximum nesting of blocks and sub-expressions; real templates stay below 20.
const MAX_DEPTH: usize = 200;

/// The state that the parts of the grammar share: a template and the current token.
pub(super) struct Parser<'s> {
    pub(super) source: &'s [u8],
    pub(super) dialect: Dialect,
    lexer: Lexer<'s>,
    /// The current token.
    pub(super) token: Token,
    /// Where the previous token ended.
    pub(super) end: usize,
    depth: usize,
}

impl<'s> Parser<'s> {
    /// Starts at the first token of `source`.
    pub(super) fn new(source: &'s [u8], dialect: Dialect) -> Result<Self, Rejection> {
        let mut lexer = Lexer::new(source, dialect);
        let token = lexer.next()?;
        Ok(Self { source, dialect, lexer, token, end: 0, depth: 0 })
    }

    pub(super) fn at(&self, kind: TokenKind) -> bool {
        self.token.kind == kind
    }

    pub(super) fn advance(&mut self) -> Result<Token, Rejection> {
        let token = std::mem::replace(
            &mut self.token,
            Token { kind: TokenKind::EndOfInput, span: Span::empty(self.end) },
        );
        self.end = token.span.end;
        if token.kind != TokenKind::EndOfInput {
            self.token = self.lexer.next()?;
        }
        Ok(token)
    }

    pub(super) fn expect(&mut self, kind: TokenKind, wanted: &str) -> Result<Token, Rejection> {
        if self.at(kind) { self.advance() } else { self.unexpected(wanted) }
    }

    pub(super) fn unexpected<T>(&self, wanted: &str) -> Result<T, Rejection> {
        let message = match self.token.kind {
            TokenKind::EndOfInput => format!("expected {wanted}, but the template ends here"),
            _ => {
                let text = String::from_utf8_lossy(self.token.span.of(self.source));
                let text: String = text.chars().take(40).collect();
                format!("expected {wanted}, found `{text}`")
            }
        };
        reject(self.token.span.start, message)
    }

    /// Runs `read` one level deeper.
    pub(super) fn nested<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Rejection>,
    ) -> Result<T, Rejection> {
        if self.depth == MAX_DEPTH {
            return Err(Rejection {
                offset: self.token.span.start,
                message: format!("more than {MAX_DEPTH} levels are nested here"),
                may_be_accepted: true,
            });
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }
}

pub(super) fn reject<T>(offset: usize, message: String) -> Result<T, Rejection> {
    Err(Rejection { offset, message, may_be_accepted: false })
}
