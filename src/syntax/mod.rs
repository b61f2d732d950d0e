//! Parses Handlebars templates that print HTML, losslessly and over bytes.
//!
//! Parsing never fails: if an engine would refuse a template, the result says where and why. This module
//! knows nothing about themes.

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
    /// Byte offset of the first thing that is not allowed there.
    pub offset: usize,
    /// The reason, as one clause without a final full stop.
    pub message: String,
    /// Whether the engine might accept the template, because only our nesting limit refuses it.
    pub may_be_accepted: bool,
}

/// A template as both engines read it.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// The statements that Handlebars 3.0.8 reads, or why it refuses the template.
    pub v3: Result<Arc<[Statement]>, Rejection>,
    /// The statements that Handlebars 4.7 reads, or why it refuses the template.
    pub v4: Result<Arc<[Statement]>, Rejection>,
}

impl Template {
    /// Returns the statements that v3 reads, or those that v4 reads if v3 refuses the template.
    pub fn statements(&self) -> Option<&[Statement]> {
        self.v3.as_deref().or(self.v4.as_deref()).ok()
    }
}

/// Parses a template as both engines would.
pub fn parse(source: &[u8]) -> Template {
    let read = |dialect: Dialect| parser::parse(source, dialect).map(Arc::from);
    Template { v3: read(Dialect::V3), v4: read(Dialect::V4) }
}
