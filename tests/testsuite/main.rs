//! One binary for all tests that run the library or the program as a user would.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod action;
mod archives;
mod bad_input;
mod batch;
mod build;
mod bundle_codes;
mod bundle_options;
mod by_hand;
mod check;
mod check_messages;
mod checks;
mod damage;
mod damaged;
mod diff;
mod driver;
mod dynamic_components;
mod fail_closed;
mod first_run;
mod formats;
mod front_matter;
mod growth;
mod guard_elements;
mod hide;
mod init;
mod kept_forms;
mod layers;
mod leaving;
mod leaving_elsewhere;
mod leaving_scripts;
mod links;
mod locked;
mod members;
mod misread;
mod modes;
mod mutations;
mod odd_themes;
mod outside;
mod paths;
mod progress;
mod properties;
mod readme;
mod record;
mod refused;
mod report;
#[cfg(unix)]
mod reproducible;
mod sarif;
mod schemas;
mod secrets;
mod serve;
#[cfg(feature = "store")]
mod serve_store;
mod settings;
mod shell;
mod snapshot;
mod spelled;
#[cfg(feature = "store")]
mod store;
mod storefronts;
mod style_check;
mod styles;
mod terminal;
mod texts;
mod theme_build;
mod theme_settings;
mod themes;
mod visitors;
mod watch;
mod watch_follows;
mod watch_killed;
mod watch_sequences;
mod watch_waits;
mod watch_warm;
mod whole_themes;
