//! HTML in a template: text is read as WHATWG's tokenizer reads it, and mustaches are holes.
//!
//! What a hole prints is assumed to leave the tokenizer where it was. If the branches of a block leave it in
//! different places, the result is marked as doubtful. This module does not know what an element is for.

mod head;
mod tags;
mod tokenizer;

pub use head::{DocumentHead, document_head};
pub use tags::{Markup, ScriptText, StartTag, TagAttribute, attributes_inside, markup};
