//! Talks to a store: its API, the files with its credentials, and its pages as a guest sees them.
//!
//! It knows no guard and no bundle. Time, sleep, random numbers and the environment come from outside, so
//! that tests can replace them. The token is sent only to the API's host.

mod answer;
pub mod channels;
pub mod checkout_settings;
mod client;
mod connection;
pub mod credentials;
pub mod editor_settings;
mod environment;
mod error;
pub mod guest;
mod job_errors;
mod jobs;
pub mod record;
mod retry;
pub mod rezip;
pub mod routes;
pub mod shown;
pub mod sites;
pub mod themes;
mod token;

pub use client::{Client, Repeat};
pub use connection::{ApiHost, HostError};
pub use environment::StoreEnvironment;
pub use error::{Refusal, StoreError};
pub use token::Token;
