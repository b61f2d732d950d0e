//! Byte positions, edits and findings, which all layers above use.
//!
//! Nothing here knows about templates.

mod counted;
mod edit;
mod finding;
mod line_index;
mod nearest;
pub mod patterns;
mod printable;
mod schema;
mod span;

pub use counted::counted;
pub use edit::{EditSet, Overlap, TextEdit};
pub use finding::{Code, Finding, Location, Severity};
pub use line_index::{LineIndex, Position};
pub use nearest::nearest;
pub use printable::{is_command, printable, printable_name};
pub use schema::AbsentIsNotNull;
pub use span::Span;
