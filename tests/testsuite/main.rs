//! One binary for all tests that run the library or the program as a user would.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod bad_input;
mod build;
mod by_hand;
mod check;
mod damage;
mod damaged;
mod diff;
mod driver;
mod fail_closed;
mod floors;
mod modes;
mod mutations;
mod properties;
mod readme;
#[cfg(unix)]
mod reproducible;
mod sarif;
mod styles;
mod themes;
