//! Tests against the real engine, bundler and browser.
fn main() {}
