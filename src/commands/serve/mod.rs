//! `stencil-guard serve`: a page for a browser on this computer, on which somebody drops a theme and decides
//! which pages to keep.
//!
//! It does what the commands do and by the same code; it keeps themes in memory and writes nothing.

mod access;
mod answers;
mod choices;
mod last_seen;
mod server;
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
}
