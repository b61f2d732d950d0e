//! Talks to a store: its API, the files that say how to reach it, and its pages as a guest gets them.
//!
//! It knows no guard and no bundle. Time, sleep, chance and the environment come from outside, so that a
//! test has its own. The token goes to the API's host and nowhere else.

mod answer;
pub mod channels;
pub mod checkout_settings;
mod client;
mod connection;
pub mod credentials;
pub mod editor_settings;
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
mod surroundings;
pub mod themes;
mod token;

pub use client::{Client, Repeat};
pub use connection::{ApiHost, HostError};
pub use error::{Refusal, StoreError};
pub use surroundings::Surroundings;
pub use token::Token;
