//! Guards a BigCommerce Stencil theme, so that shoppers of a headless store can pay in the hosted
//! checkout and go nowhere else in it.
//!
//! Programs use [`Theme`], [`Guard`] and what these give back. The words, as in README.md: a page is *kept* if shoppers
//! still see it, and *guarded* if they do not: they are *redirected* to the storefront, or it is *replaced* by a small
//! page. It is *open* if they see it although they should not, and *uncertain* if the tool cannot tell. A link is
//! *disabled* if it leads nowhere, and *retargeted* if it leads to the storefront instead.
//!
//! The floors, each importing only those below it:
//! `{cli, library} → commands → {config, report} → pipeline → {guard, verify, bundle, store} → theme → syntax → text`,
//! with `output` beside them; `stamp` lies below all.

pub mod bundle;
pub mod cli;
pub mod commands;
pub mod config;
pub mod guard;
mod library;
pub mod output;
pub mod pipeline;
pub mod report;
pub mod stamp;
#[cfg(feature = "store")]
pub mod store;
pub mod syntax;
pub mod text;
pub mod theme;
pub mod verify;

pub use config::Mode;
pub use library::{Error, Guard, GuardedTheme, Judgement};
pub use pipeline::PageOutcome;
pub use pipeline::checked_page::CheckedPage;
pub use text::{Code, Finding, Severity};
pub use theme::{LoadError, Theme};
