//! Splits a Handlebars template into tokens, as the engine's own lexer does.
//!
//! The rules follow Handlebars' published lexer one by one and in its order, because its first matching rule
//! wins. The lexer does not know which sequences of tokens make sense.

use super::{Dialect, Rejection};
use crate::text::Span;
use memchr::memmem;

/// The terminals of Handlebars' grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Content,
    Comment,
    OpenRawBlock,
    CloseRawBlock,
    EndRawBlock,
    OpenPartial,
    OpenPartialBlock,
    OpenBlock,
    OpenDecoratorBlock,
    OpenEndBlock,
    Inverse,
    OpenInverse,
    OpenInverseChain,
    OpenUnescaped,
    OpenAmpersand,
    Open,
    Close,
    CloseUnescaped,
    OpenSubExpression,
    CloseSubExpression,
    Equals,
    Identifier,
    Separator,
    String,
    Data,
    Boolean,
    Undefined,
    Null,
    Number,
    OpenBlockParams,
    CloseBlockParams,
    EndOfInput,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Span,
}

/// What the lexer is reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Text,
    /// Text that starts with an escaped `{{`.
    EscapedText,
    Mustache,
    /// A raw block's body, inside this many raw blocks.
    Raw(usize),
}

pub(super) struct Lexer<'s> {
    source: &'s [u8],
    dialect: Dialect,
    state: State,
    at: usize,
}

impl<'s> Lexer<'s> {
    pub(super) fn new(source: &'s [u8], dialect: Dialect) -> Self {
        Self { source, dialect, state: State::Text, at: 0 }
    }

    pub(super) fn next(&mut self) -> Result<Token, Rejection> {
        match self.state {
            State::Text => self.text(),
            State::EscapedText => self.escaped_text(),
            State::Mustache => self.in_mustache(),
            State::Raw(depth) => self.raw(depth),
        }
    }

    fn rest(&self) -> &'s [u8] {
        &self.source[self.at..]
    }

    fn token(&mut self, kind: TokenKind, length: usize) -> Token {
        let span = Span::new(self.at, self.at + length);
        self.at = span.end;
        Token { kind, span }
    }

    fn last(&mut self, kind: TokenKind, length: usize) -> Token {
        self.state = State::Text;
        self.token(kind, length)
    }

    fn reject<T>(&self, at: usize, message: &str) -> Result<T, Rejection> {
        Err(Rejection { offset: at, message: message.to_owned(), may_be_accepted: false })
    }

    /// Returns text as the next token; the engine's lexer stops at a NUL byte.
    fn content(&mut self, length: usize) -> Result<Token, Rejection> {
        match memchr::memchr(0, &self.rest()[..length]) {
            Some(nul) => self.reject(self.at + nul, "there is a NUL character in the text"),
            None => Ok(self.token(TokenKind::Content, length)),
        }
    }

    fn text(&mut self) -> Result<Token, Rejection> {
        let rest = self.rest();
        if rest.is_empty() {
            return Ok(self.token(TokenKind::EndOfInput, 0));
        }
        let Some(length) = memmem::find(rest, b"{{") else {
            return self.content(rest.len());
        };
        self.state = match &rest[..length] {
            [.., b'\\', b'\\'] => State::Mustache,
            [.., b'\\'] => State::EscapedText,
            _ => State::Mustache,
        };
        if length == 0 { self.next() } else { self.content(length) }
    }

    fn escaped_text(&mut self) -> Result<Token, Rejection> {
        self.state = State::Text;
        let rest = self.rest();
        let next = memmem::find(&rest[2..], b"{{").map(|at| at + 2);
        // Up to two backslashes before the next `{{` belong to what follows.
        let length = next.map_or(rest.len(), |next| {
            let backslashes = rest[2..next].iter().rev().take(2).take_while(|&&byte| byte == b'\\');
            next - backslashes.count()
        });
        self.content(length)
    }

    fn raw(&mut self, depth: usize) -> Result<Token, Rejection> {
        let rest = self.rest();
        if self.dialect == Dialect::V4
            && rest.starts_with(b"{{{{")
            && rest.get(4).is_some_and(|&byte| byte != b'/')
        {
            self.state = State::Raw(depth + 1);
            return Ok(self.token(TokenKind::Content, 4));
        }
        if let Some(length) = raw_end(rest) {
            self.state = if depth > 1 { State::Raw(depth - 1) } else { State::Text };
            let kind = if depth > 1 { TokenKind::Content } else { TokenKind::EndRawBlock };
            return Ok(self.token(kind, length));
        }
        let end = match self.dialect {
            Dialect::V3 => memmem::find(rest, b"{{{{/"),
            Dialect::V4 => {
                rest.get(1..).and_then(|rest| memmem::find(rest, b"{{{{")).map(|at| at + 1)
            }
        };
        match end {
            Some(length) => self.content(length),
            None => self.reject(self.at, "the raw block is never closed"),
        }
    }

    fn in_mustache(&mut self) -> Result<Token, Rejection> {
        use TokenKind::*;
        while let Some(length) = whitespace(self.rest()) {
            self.at += length;
        }
        let rest = self.rest();
        match rest {
            [] => Ok(self.token(EndOfInput, 0)),
            [b'(', ..] => Ok(self.token(OpenSubExpression, 1)),
            [b')', ..] => Ok(self.token(CloseSubExpression, 1)),
            [b'{', b'{', b'{', b'{', ..] => Ok(self.token(OpenRawBlock, 4)),
            [b'}', b'}', b'}', b'}', ..] => {
                self.state = State::Raw(1);
                Ok(self.token(CloseRawBlock, 4))
            }
            [b'{', b'{', ..] => self.opening(),
            [b'=', ..] => Ok(self.token(Equals, 1)),
            [b'.', b'.', ..] => Ok(self.token(Identifier, 2)),
            [b'.', after @ ..] if ends_identifier(after) => Ok(self.token(Identifier, 1)),
            [b'/' | b'.', ..] => Ok(self.token(Separator, 1)),
            [b'}', b'}', b'}', ..] => Ok(self.last(CloseUnescaped, 3)),
            [b'}', b'~', b'}', b'}', ..] => Ok(self.last(CloseUnescaped, 4)),
            [b'}', b'}', ..] => Ok(self.last(Close, 2)),
            [b'~', b'}', b'}', ..] => Ok(self.last(Close, 3)),
            [quote @ (b'"' | b'\''), ..] => match delimited(rest, *quote, true) {
                Some(length) => Ok(self.token(String, length)),
                None => self.reject(self.at, "the text is never closed"),
            },
            [b'@', ..] => Ok(self.token(Data, 1)),
            [b'|', ..] => Ok(self.token(CloseBlockParams, 1)),
            [b'[', ..] => match delimited(rest, b']', self.dialect == Dialect::V4) {
                Some(length) => Ok(self.token(Identifier, length)),
                None => self.reject(self.at, "the bracket is never closed"),
            },
            _ => self.word(),
        }
    }

    /// Reads a token that starts with `{{`; the lexer enters its mustache state before every such token.
    fn opening(&mut self) -> Result<Token, Rejection> {
        use TokenKind::*;
        let rest = self.rest();
        let strip = usize::from(rest.get(2) == Some(&b'~'));
        let after = &rest[2 + strip..];
        let open = 2 + strip;
        let v4 = self.dialect == Dialect::V4;
        match after {
            [b'>', ..] => Ok(self.token(OpenPartial, open + 1)),
            [b'#', b'>', ..] if v4 => Ok(self.token(OpenPartialBlock, open + 2)),
            [b'#', b'*', ..] if v4 => Ok(self.token(OpenDecoratorBlock, open + 2)),
            [b'#', ..] => Ok(self.token(OpenBlock, open + 1)),
            [b'/', ..] => Ok(self.token(OpenEndBlock, open + 1)),
            [b'^', inner @ ..] => Ok(match closing(inner) {
                Some(length) => self.last(Inverse, open + 1 + length),
                None => self.token(OpenInverse, open + 1),
            }),
            [b'{', ..] => Ok(self.token(OpenUnescaped, open + 1)),
            [b'&', ..] => Ok(self.token(OpenAmpersand, open + 1)),
            [b'!', ..] => self.comment(open),
            [b'*', ..] if v4 => Ok(self.token(Open, open + 1)),
            _ => Ok(match otherwise(after) {
                Some((length, true)) => self.last(Inverse, open + length),
                Some((length, false)) => self.token(OpenInverseChain, open + length),
                None => self.token(Open, open),
            }),
        }
    }

    fn comment(&mut self, open: usize) -> Result<Token, Rejection> {
        let rest = self.rest();
        let end = if rest[open..].starts_with(b"!--") {
            let plain = memmem::find(rest, b"--}}").map(|at| at + 4);
            let strip = memmem::find(rest, b"--~}}").map(|at| at + 5);
            plain.into_iter().chain(strip).min()
        } else {
            memmem::find(rest, b"}}").map(|at| at + 2)
        };
        match end {
            Some(length) => Ok(self.last(TokenKind::Comment, length)),
            None => self.reject(self.at, "the comment is never closed"),
        }
    }

    fn word(&mut self) -> Result<Token, Rejection> {
        let rest = self.rest();
        for (text, kind) in LITERALS {
            if rest.strip_prefix(*text).is_some_and(ends_literal) {
                return Ok(self.token(*kind, text.len()));
            }
        }
        if let Some(length) = number(rest) {
            return Ok(self.token(TokenKind::Number, length));
        }
        if let Some(length) = block_params(rest) {
            return Ok(self.token(TokenKind::OpenBlockParams, length));
        }
        let length = identifier(rest);
        if length > 0 && ends_identifier(&rest[length..]) {
            return Ok(self.token(TokenKind::Identifier, length));
        }
        let text: std::string::String =
            std::string::String::from_utf8_lossy(&rest[length..]).chars().take(1).collect();
        if text.is_empty() {
            return self.reject(self.at + length, "the template ends inside a mustache");
        }
        self.reject(self.at + length, &format!("`{text}` is not allowed here in a mustache"))
    }
}

const LITERALS: &[(&[u8], TokenKind)] = &[
    (b"true", TokenKind::Boolean),
    (b"false", TokenKind::Boolean),
    (b"undefined", TokenKind::Undefined),
    (b"null", TokenKind::Null),
];

/// Returns the length of `{{{{/name}}}}` at the start of `rest`.
fn raw_end(rest: &[u8]) -> Option<usize> {
    let inner = rest.strip_prefix(b"{{{{/")?;
    let name = identifier(inner);
    (name > 0 && inner[name..].starts_with(b"}}}}")).then_some(5 + name + 4)
}

/// Returns the length up to and including `}}`, with white space and a `~` allowed before it.
fn closing(rest: &[u8]) -> Option<usize> {
    let blanks = whitespace(rest).unwrap_or(0);
    let strip = usize::from(rest.get(blanks) == Some(&b'~'));
    rest[blanks + strip..].starts_with(b"}}").then_some(blanks + strip + 2)
}

/// Returns the length of `else`, and whether it closes the mustache at once.
fn otherwise(rest: &[u8]) -> Option<(usize, bool)> {
    let blanks = whitespace(rest).unwrap_or(0);
    let inner = rest[blanks..].strip_prefix(b"else")?;
    let word_goes_on =
        inner.first().is_some_and(|&byte| byte.is_ascii_alphanumeric() || byte == b'_');
    match closing(inner) {
        Some(length) => Some((blanks + 4 + length, true)),
        None => (!word_goes_on).then_some((blanks + 4, false)),
    }
}

/// Returns the length of a text between two `end`s (for a bracket: up to the `end`). If only an escaped `end`
/// is left, that one closes the text, as in a regular expression that backtracks.
fn delimited(rest: &[u8], end: u8, escapes: bool) -> Option<usize> {
    let mut escaped = None;
    let mut at = 1;
    while at < rest.len() {
        if rest[at] == end {
            return Some(at + 1);
        }
        if escapes && rest[at] == b'\\' && rest.get(at + 1) == Some(&end) {
            escaped = Some(at + 2);
            at += 1;
        }
        at += 1;
    }
    escaped
}

fn number(rest: &[u8]) -> Option<usize> {
    let digits = |from: usize| rest[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let sign = usize::from(rest.first() == Some(&b'-'));
    let whole = digits(sign);
    let mut length = sign + whole;
    if rest.get(length) == Some(&b'.') {
        let fraction = digits(length + 1);
        length += if fraction > 0 { 1 + fraction } else { 0 };
    }
    (whole > 0 && ends_literal(&rest[length..])).then_some(length)
}

fn block_params(rest: &[u8]) -> Option<usize> {
    let blanks = whitespace(rest.strip_prefix(b"as")?)?;
    (rest.get(2 + blanks) == Some(&b'|')).then_some(2 + blanks + 1)
}

/// Returns the length of the run of characters that are allowed in an identifier.
fn identifier(rest: &[u8]) -> usize {
    let mut at = 0;
    while at < rest.len() && !EXCLUDED.contains(&rest[at]) && space(&rest[at..]).is_none() {
        at += 1;
    }
    at
}

const EXCLUDED: &[u8] = b"!\"#%&'()*+,./;<=>@[\\]^`{|}~";

fn ends_identifier(rest: &[u8]) -> bool {
    matches!(rest.first(), Some(b'=' | b'~' | b'}' | b'/' | b'.' | b')' | b'|'))
        || space(rest).is_some()
}

fn ends_literal(rest: &[u8]) -> bool {
    matches!(rest.first(), Some(b'~' | b'}' | b')')) || space(rest).is_some()
}

/// Returns the length of the run of white space; `None` if there is none.
fn whitespace(rest: &[u8]) -> Option<usize> {
    let mut length = 0;
    while let Some(one) = space(&rest[length..]) {
        length += one;
    }
    (length > 0).then_some(length)
}

/// Returns the length of the first character, if JavaScript's `\s` matches it.
fn space(rest: &[u8]) -> Option<usize> {
    match rest {
        [b'\t'..=b'\r' | b' ', ..] => Some(1),
        [0xC2, 0xA0, ..] => Some(2),
        [0xE1, 0x9A, 0x80, ..]
        | [0xE2, 0x80, 0x80..=0x8A | 0xA8 | 0xA9 | 0xAF, ..]
        | [0xE2, 0x81, 0x9F, ..]
        | [0xE3, 0x80, 0x80, ..]
        | [0xEF, 0xBB, 0xBF, ..] => Some(3),
        _ => None,
    }
}
