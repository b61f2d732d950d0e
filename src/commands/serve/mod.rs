//! `stencil-guard serve`: serves a page to a browser on this computer, where the user drops a theme and
//! decides which pages to keep.
//!
//! The page uses the same code as the commands. The server keeps themes in memory, and writes nothing but the
//! record of changes to a store.

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

/// The arguments of `stencil-guard serve`.
#[derive(Clone, Debug)]
pub struct ServeRequest {
    /// A theme that the page offers, besides those that the user drops on it.
    pub theme: Option<PathBuf>,
    /// The port to listen on; 0 takes any that is free.
    pub port: u16,
    /// The store whose channels the page may deploy to, if it has access.
    #[cfg(feature = "store")]
    pub store: super::store::StoreRequest,
    /// The record of what channels can go back to; if missing, the default file.
    #[cfg(feature = "store")]
    pub record: Option<PathBuf>,
}
