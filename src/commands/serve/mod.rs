//! `stencil-guard serve`: a page for a browser on this computer, on which somebody drops a theme and decides
//! which pages to keep.
//!
//! It does what the commands do and by the same code; it keeps themes in memory, and writes nothing but the record of
//! what was done to a store.

mod access;
mod answers;
mod choices;
#[cfg(feature = "store")]
mod jobs;
mod last_seen;
mod more;
mod server;
#[cfg(feature = "store")]
mod store;
mod themes;

pub use server::{ServeError, Server};

use std::path::PathBuf;

/// What was asked for on the command line.
#[derive(Clone, Debug)]
pub struct ServeRequest {
    /// A theme that the page offers, besides those that are dropped on it.
    pub theme: Option<PathBuf>,
    /// The port to listen on; 0 takes any that is free.
    pub port: u16,
    /// The store of which the page may deploy to a channel, if there is a right to.
    #[cfg(feature = "store")]
    pub store: super::store::StoreRequest,
    /// Where it is put down what channels can go back to.
    #[cfg(feature = "store")]
    pub record: Option<PathBuf>,
}
