//! Lossless reading of Handlebars templates that print HTML, over bytes.
//!
//! Reading never fails: what an engine would refuse is recorded with the place. Nothing here knows
//! about themes.

pub mod ast;
pub mod calls;
mod cursor;
mod expression;
pub mod html;
pub mod javascript;
mod lexer;
mod parser;

use ast::Statement;
use std::sync::Arc;

/// The two Handlebars versions that the platform renders with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dialect {
    /// Handlebars 3.0.8.
    V3,
    /// Handlebars 4.7.
    V4,
}

/// Where and why an engine refuses a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// Byte offset of the first thing that cannot stand there.
    pub offset: usize,
    /// One clause without a final full stop.
    pub message: String,
    /// Whether the engine might accept what we refuse, because we do not follow it that far.
    pub may_be_accepted: bool,
}

/// One template as both engines read it.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// What Handlebars 3.0.8 makes of it.
    pub v3: Result<Arc<[Statement]>, Rejection>,
    /// What Handlebars 4.7 makes of it.
    pub v4: Result<Arc<[Statement]>, Rejection>,
}

impl Template {
    /// The tree that both engines agree on, or that of the only one that accepts the template.
    pub fn statements(&self) -> Option<&[Statement]> {
        self.v3.as_deref().or(self.v4.as_deref()).ok()
    }
}

/// Reads a template as both engines would.
pub fn parse(source: &[u8]) -> Template {
    let read = |dialect: Dialect| parser::parse(source, dialect).map(Arc::from);
    Template { v3: read(Dialect::V3), v4: read(Dialect::V4) }
}
