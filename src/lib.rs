//! Guards a BigCommerce Stencil theme, so that shoppers of a headless store can pay in the hosted
//! checkout and go nowhere else in it.
//!
//! The floors, each importing only those below it:
//! `cli → commands → {config, report} → pipeline → {guard, verify, bundle, store} → theme → syntax → text`,
//! with `output` beside them; `stamp` lies below all.

pub mod bundle;
pub mod cli;
pub mod commands;
pub mod config;
pub mod guard;
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
