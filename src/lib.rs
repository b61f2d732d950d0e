//! Guards a BigCommerce Stencil theme, so that shoppers of a headless store can pay in the hosted
//! checkout and go nowhere else in it.
//!
//! Rust programs start with [`Theme`] and [`Guard`]. The terms are those of README.md: a page is *kept* if
//! shoppers still see it, and *guarded* if they do not: either they are *redirected* to the storefront, or a
//! small page *replaces* it. A page is *open* if shoppers see it although they should not, and *uncertain* if
//! the tool cannot tell. A link is *disabled* if it leads nowhere, and *retargeted* if it leads to the
//! storefront instead.
//!
//! The modules form layers. Each imports only from the layers below it:
//!
//! ```text
//! {cli, library} → commands → {config, report} → pipeline
//!     → {guard, verify, bundle, store} → theme → syntax → text
//! ```
//!
//! `output` is beside them, and `stamp` below all.

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
