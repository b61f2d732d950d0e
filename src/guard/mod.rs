//! What is put into a theme: the condition, the script and the snippets around it.
//!
//! Nothing here reads or writes files, and nothing here decides which template gets what.

pub mod condition;
pub mod script;
pub mod snippets;
pub mod storefront;
