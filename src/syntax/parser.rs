//! Parses the statements of Handlebars' grammar, which consist of the expressions in [`super::expression`].
//!
//! It accepts exactly what the engine's parser accepts, up to a nesting depth that cannot overflow the stack.

use super::ast::*;
use super::cursor::{Parser, reject};
use super::expression::{Identity, identity};
use super::lexer::TokenKind;
use super::{Dialect, Rejection};
use crate::text::Span;

pub(super) fn parse(source: &[u8], dialect: Dialect) -> Result<Vec<Statement>, Rejection> {
    let mut parser = Parser::new(source, dialect)?;
    let statements = parser.program()?;
    parser.expect(TokenKind::EndOfInput, "a statement")?;
    Ok(statements)
}

/// The tag that opens a block, up to its closing braces.
struct Opening {
    span: Span,
    call: Call,
    block_params: Vec<String>,
}

impl Parser<'_> {
    fn program(&mut self) -> Result<Vec<Statement>, Rejection> {
        let mut statements = Vec::new();
        while let Some(statement) = self.statement()? {
            statements.push(statement);
        }
        Ok(statements)
    }

    /// Parses the next statement; returns `None` before a token that can only end a program.
    fn statement(&mut self) -> Result<Option<Statement>, Rejection> {
        use TokenKind::*;
        let statement = match self.token.kind {
            Content => Statement::Content(self.advance()?.span),
            Comment => Statement::Comment(self.advance()?.span),
            Open | OpenUnescaped | OpenAmpersand => Statement::Mustache(self.mustache()?),
            OpenPartial => Statement::Partial(self.partial()?),
            OpenBlock | OpenDecoratorBlock | OpenInverse | OpenPartialBlock | OpenRawBlock => {
                Statement::Block(Box::new(self.nested(Self::block)?))
            }
            _ => return Ok(None),
        };
        Ok(Some(statement))
    }

    fn mustache(&mut self) -> Result<Mustache, Rejection> {
        let open = self.advance()?;
        let call = self.call("a name")?;
        let close = match open.kind {
            TokenKind::OpenUnescaped => self.expect(TokenKind::CloseUnescaped, "`}}}`")?,
            _ => self.expect(TokenKind::Close, "`}}`")?,
        };
        let escaped = open.kind == TokenKind::Open;
        Ok(Mustache { span: open.span.to(close.span), call, escaped })
    }

    fn partial(&mut self) -> Result<PartialCall, Rejection> {
        let open = self.advance()?;
        let callee = self.param("the name of a partial")?;
        let call = self.arguments(callee)?;
        let close = self.expect(TokenKind::Close, "`}}`")?;
        Ok(PartialCall { span: open.span.to(close.span), call })
    }

    fn block(&mut self) -> Result<Block, Rejection> {
        let kind = match self.token.kind {
            TokenKind::OpenRawBlock => return self.raw_block(),
            TokenKind::OpenInverse => BlockKind::Inverted,
            TokenKind::OpenPartialBlock => BlockKind::Partial,
            TokenKind::OpenDecoratorBlock => BlockKind::Decorator,
            _ => BlockKind::Section,
        };
        let opening = self.opening(kind)?;
        let body = self.program()?;
        let inverse = self.inverse(kind)?;
        let close_name = self.closing(&opening.call.callee)?;
        let block = opening.into_block(kind, body, inverse, self.end);
        Ok(Block { close_name: Some(close_name), ..block })
    }

    fn opening(&mut self, kind: BlockKind) -> Result<Opening, Rejection> {
        let open = self.advance()?;
        let call = match kind {
            BlockKind::Partial => {
                let callee = self.param("the name of a partial")?;
                self.arguments(callee)?
            }
            _ => self.call("the name of a helper")?,
        };
        let block_params =
            if kind == BlockKind::Partial { Vec::new() } else { self.block_params()? };
        let close = self.expect(TokenKind::Close, "`}}`")?;
        Ok(Opening { span: open.span.to(close.span), call, block_params })
    }

    /// Parses what follows `{{else}}`, `{{^}}` or `{{else x}}`, if a block of this kind may have it.
    fn inverse(&mut self, kind: BlockKind) -> Result<Option<Vec<Statement>>, Rejection> {
        let may_chain = kind == BlockKind::Section;
        match self.token.kind {
            TokenKind::Inverse if may_chain || kind == BlockKind::Inverted => {
                self.advance()?;
                Ok(Some(self.program()?))
            }
            TokenKind::OpenInverseChain if may_chain => {
                let chained = self.nested(Self::chained_block)?;
                Ok(Some(vec![Statement::Block(Box::new(chained))]))
            }
            _ => Ok(None),
        }
    }

    fn chained_block(&mut self) -> Result<Block, Rejection> {
        let opening = self.opening(BlockKind::Section)?;
        let body = self.program()?;
        let inverse = self.inverse(BlockKind::Section)?;
        Ok(opening.into_block(BlockKind::Section, body, inverse, self.end))
    }

    /// Parses the closing tag, and returns where it names the block.
    fn closing(&mut self, opened: &Expression) -> Result<Span, Rejection> {
        if self.at(TokenKind::EndOfInput) {
            return reject(opened.span.start, "this block is never closed".to_owned());
        }
        self.expect(TokenKind::OpenEndBlock, "the end of the block")?;
        let name = self.helper_name("the name of the block")?;
        self.expect(TokenKind::Close, "`}}`")?;
        if identity(&opened.kind) != identity(&name.kind) {
            let spelled = |expression: &Expression| {
                String::from_utf8_lossy(expression.span.of(self.source)).into_owned()
            };
            let message =
                format!("`{}` closes a block that `{}` opened", spelled(&name), spelled(opened));
            return reject(name.span.start, message);
        }
        Ok(name.span)
    }

    fn raw_block(&mut self) -> Result<Block, Rejection> {
        let open = self.advance()?;
        let call = self.call("the name of a helper")?;
        let close = self.expect(TokenKind::CloseRawBlock, "`}}}}`")?;
        let mut body = Vec::new();
        // v3 expects one piece of text; before a wrong end, its lexer repeats an empty piece forever.
        while self.at(TokenKind::Content) && (self.dialect == Dialect::V4 || body.len() < 2) {
            body.push(Statement::Content(self.advance()?.span));
        }
        if self.dialect == Dialect::V3 && body.len() != 1 {
            return self.unexpected("one piece of text");
        }
        let end = self.expect(TokenKind::EndRawBlock, "the end of the raw block")?;
        let name = Span::new(end.span.start + 5, end.span.end - 4);
        let name = String::from_utf8_lossy(name.of(self.source)).into_owned();
        if identity(&call.callee.kind) != Identity::Text(name) {
            return reject(
                end.span.start,
                "this closes another raw block than the one opened".to_owned(),
            );
        }
        let opening = Opening { span: open.span.to(close.span), call, block_params: Vec::new() };
        Ok(opening.into_block(BlockKind::Raw, body, None, end.span.end))
    }
}

impl Opening {
    fn into_block(
        self,
        kind: BlockKind,
        body: Vec<Statement>,
        inverse: Option<Vec<Statement>>,
        end: usize,
    ) -> Block {
        Block {
            span: Span::new(self.span.start, end),
            open: self.span,
            close_name: None,
            kind,
            call: self.call,
            block_params: self.block_params,
            body,
            inverse,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Template, parse};
    use super::*;

    fn accepted(template: &Template) -> (bool, bool) {
        (template.v3.is_ok(), template.v4.is_ok())
    }

    /// Templates that both versions of the engine accept.
    const BOTH: &[&str] = &[
        "",
        "{{a}}",
        "{{{a.[b c].d}}}",
        "{{~a~}}",
        "{{&a}}",
        "{{'a.b' c=d}}",
        "{{> layout/base}}",
        "{{>'x' a=(b c)}}",
        "{{#if a}}b{{else if c}}d{{else}}e{{/if}}",
        "{{^a}}b{{^}}c{{/a}}",
        "{{!-- }} --}}",
        "{{! a }}",
        "\\{{a",
        "\\\\{{a}}",
        "{{#each a as |b c|}}{{/each}}",
        "{{foo.0.bar}}",
        "{{#a}}{{/'a'}}",
        "{{{{raw}}}} {{x}} {{{{/raw}}}}",
        "}} a }}",
        "{{> (lookup . 'x')}}",
        "{{> @partial-block}}",
        "{{../../a}}",
        "{{@root.a}}",
        "{{a b=1 c='\\'' d=\"x\"}}",
    ];
    /// Templates that neither version accepts.
    const NEITHER: &[&str] = &[
        "{{else}}",
        "{{}name}}",
        "{{a",
        "{{#a}}{{/b}}",
        "{{foo.0}}",
        "{{foo.this}}",
        "{{foo/../bar}}",
        "{{(x)}}",
        "{{> /x}}",
        "{{> components//x}}",
        "{{!-- a }}",
        "{{#a}}",
        "{{a b=1 c}}",
        "{{{a}}",
        "{{a}}}",
        "\0",
        "{{'a}}",
        "{{#a}}{{else}}{{else}}{{/a}}",
    ];
    /// Templates that only the later version accepts.
    const LATER: &[&str] =
        &["{{#> x}}a{{/x}}", "{{#*inline 'x'}}a{{/inline}}", "{{* d}}", "{{{{raw}}}}{{{{/raw}}}}"];

    #[test]
    fn accepts_the_same_templates_as_the_engines() {
        for (sources, expected) in
            [(BOTH, (true, true)), (NEITHER, (false, false)), (LATER, (false, true))]
        {
            for source in sources {
                assert_eq!(accepted(&parse(source.as_bytes())), expected, "{source}");
            }
        }
    }

    #[test]
    fn block_params_may_not_be_a_list_in_brackets() {
        for (source, accepted) in [
            ("{{#a as |[b c]|}}{{/a}}", false),
            ("{{#a as |[b] [c]|}}{{/a}}", false),
            ("{{#a as |[b] c|}}{{/a}}", true),
            ("{{#a as |b [c]|}}{{/a}}", true),
        ] {
            assert_eq!(parse(source.as_bytes()).v3.is_ok(), accepted, "{source}");
        }
    }

    #[test]
    fn raw_block_with_malformed_end_is_rejected_without_looping() {
        let template = parse(b"{{{{a}}}}{{{{/ a}}}}");
        assert_eq!(accepted(&template), (false, false));
    }

    #[test]
    fn spans_cover_whole_tags_and_blocks() {
        let source = "a{{#if b}}c{{> d }}{{else if e}}f{{/if}}";
        let statements = parse(source.as_bytes()).v3.unwrap();
        let Statement::Block(block) = &statements[1] else { panic!("{statements:?}") };
        let text = |span: Span| &source[span.range()];
        assert_eq!(text(block.span), "{{#if b}}c{{> d }}{{else if e}}f{{/if}}");
        assert_eq!(text(block.open), "{{#if b}}");
        let Statement::Partial(partial) = &block.body[1] else { panic!("{block:?}") };
        assert_eq!(text(partial.span), "{{> d }}");
        let Some([Statement::Block(chained)]) = block.inverse.as_deref() else {
            panic!("{block:?}")
        };
        assert_eq!(text(chained.span), "{{else if e}}f");
    }

    #[test]
    fn rejection_has_an_offset_and_a_message() {
        let rejection = parse(b"{{#if a}}{{/unless}}").v3.unwrap_err();
        assert_eq!(rejection.offset, 12);
        assert_eq!(rejection.message, "`unless` closes a block that `if` opened");
    }

    #[test]
    fn excessive_nesting_is_rejected_without_crashing() {
        let blocks = "{{#a}}".repeat(100_000);
        assert!(parse(blocks.as_bytes()).v3.unwrap_err().may_be_accepted);
        assert!(!parse(b"{{#a}}").v3.unwrap_err().may_be_accepted);
        let calls = format!("{{{{a {}", "(a ".repeat(100_000));
        assert!(parse(calls.as_bytes()).v4.is_err());
    }
}
