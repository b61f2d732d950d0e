//! The syntax tree of a template in Handlebars' own terms, with byte spans.

use crate::text::Span;

/// One statement of a template.
#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    /// Text that the engine copies; escapes (`\{{`) are still spelled as in the source.
    Content(Span),
    /// `{{! … }}` or `{{!-- … --}}`.
    Comment(Span),
    /// `{{x}}`, `{{{x}}}`, `{{&x}}`, `{{* x}}` (a decorator, v4 only).
    Mustache(Mustache),
    /// `{{> x}}`.
    Partial(PartialCall),
    /// `{{#x}}…{{/x}}` and its relatives.
    Block(Box<Block>),
}

impl Statement {
    /// Returns the span from its first to its last byte.
    pub fn span(&self) -> Span {
        match self {
            Self::Content(span) | Self::Comment(span) => *span,
            Self::Mustache(mustache) => mustache.span,
            Self::Partial(partial) => partial.span,
            Self::Block(block) => block.span,
        }
    }
}

/// `{{x}}` and its unescaped spellings.
#[derive(Clone, Debug, PartialEq)]
pub struct Mustache {
    /// From the first to the last brace.
    pub span: Span,
    /// The helper that is called, or the variable that is looked up.
    pub call: Call,
    /// Whether the output is HTML-escaped.
    pub escaped: bool,
}

/// `{{> name params hash}}`.
#[derive(Clone, Debug, PartialEq)]
pub struct PartialCall {
    /// From the first to the last brace.
    pub span: Span,
    /// `callee` is the name: a path, literal or sub-expression.
    pub call: Call,
}

/// The kind of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// `{{#x}}`.
    Section,
    /// `{{^x}}…{{/x}}`.
    Inverted,
    /// `{{{{x}}}}…{{{{/x}}}}`; the body is content only.
    Raw,
    /// `{{#> x}}` (v4 only).
    Partial,
    /// `{{#*inline}}` (v4 only).
    Decorator,
}

/// A block with its body and its `else` part.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// From the first brace of the opening tag to the last brace of the closing tag; for a chained
    /// `{{else if}}`, to where the chain's closing tag begins.
    pub span: Span,
    /// The opening tag (for a chain, the `{{else if …}}` tag).
    pub open: Span,
    /// Where the closing tag names the block again; `None` for a raw or chained block.
    pub close_name: Option<Span>,
    /// How the block is spelled.
    pub kind: BlockKind,
    /// The helper or variable that is called, with its arguments.
    pub call: Call,
    /// Names between the bars of `as |x y|`.
    pub block_params: Vec<String>,
    /// The body.
    pub body: Vec<Statement>,
    /// The statements after `{{else}}` or `{{^}}`; for `{{else if}}`, one chained block.
    pub inverse: Option<Vec<Statement>>,
}

/// A callee with its arguments.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The helper, variable or partial name.
    pub callee: Expression,
    /// Positional arguments.
    pub params: Vec<Expression>,
    /// `name=value` arguments, in order.
    pub hash: Vec<HashPair>,
}

/// `name=value`.
#[derive(Clone, Debug, PartialEq)]
pub struct HashPair {
    /// The name.
    pub key: String,
    /// The value.
    pub value: Expression,
}

/// A path, literal or sub-expression, with its span.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// Its span, including quotes and parentheses.
    pub span: Span,
    /// The kind of expression.
    pub kind: ExpressionKind,
}

/// The kinds of expression.
#[derive(Clone, Debug, PartialEq)]
pub enum ExpressionKind {
    /// `a.b`, `../a`, `@root.x`, `this`, `[a b]`.
    Path(Path),
    /// `'text'`, with the escaped quotes resolved.
    String(String),
    /// `12`, `-1.5`, as spelled.
    Number(String),
    /// `true`, `false`.
    Boolean(bool),
    /// `undefined`.
    Undefined,
    /// `null`.
    Null,
    /// `(helper …)`.
    SubExpression(Box<Call>),
}

/// A path as Handlebars' own syntax tree represents it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// Whether it starts with `@`.
    pub data: bool,
    /// Number of leading `../`.
    pub depth: usize,
    /// Segments without `this`, `.`, `..`, `@` and brackets.
    pub parts: Vec<String>,
    /// The spelling with brackets removed, as Handlebars calls it.
    pub original: String,
}
