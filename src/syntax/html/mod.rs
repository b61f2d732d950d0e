//! HTML over a template: text as WHATWG's tokenizer reads it, mustaches as holes.
//!
//! What a hole prints is taken to leave the reader where it was. Where the branches of a block leave it
//! in different places, doubt is recorded. Nothing here knows what an element is for.

mod head;
mod tags;
mod tokenizer;

pub use head::{DocumentHead, document_head};
pub use tags::{Markup, ScriptText, StartTag, TagAttribute, attributes_inside, markup};
