//! The script bundles that themes build from their sources: which sources stand for which bundle, and where a
//! bundle's own code goes.
//!
//! Bundles are too long and too dense to be analyzed as the sources are; only addresses that are written out
//! are found in them.

use super::{File, Theme};
use crate::syntax::javascript::Value;
use crate::text::patterns::{pattern, texts};
use regex::Regex;
use std::sync::LazyLock;

/// The usual script bundles of themes, each with its source.
const BUNDLES: &[(&str, &str)] = &[
    ("assets/dist/theme-bundle.main.js", "assets/js/app.js"),
    ("assets/dist/theme-bundle.js", "assets/js/app.js"),
    ("assets/dist/theme.bundle.js", "assets/js/app.js"),
];

/// Returns the source of a bundled file, if the theme has it, or else the path itself.
pub(super) fn source_of(theme: &Theme, path: &str) -> String {
    let made = BUNDLES.iter().find(|(bundle, _)| *bundle == path).map(|(_, source)| *source);
    made.filter(|source| theme.files.contains_key(*source)).unwrap_or(path).to_owned()
}

/// The addresses that are written out where a bundle navigates.
struct Navigations(Vec<Value>);

/// Matches an address with a host where a script navigates.
static NAVIGATION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?:location(?:\.href)?\s*=|\.(?:assign|replace|navigate)\(|open\()\s*["'`]((?:https?:)?//[^"'`\s]+)"#,
    )
});

/// Returns the addresses that are written out where a bundle navigates.
pub(super) fn targets(bundle: &File) -> Vec<Value> {
    let navigations = bundle.derived(0, |source| {
        let text = String::from_utf8_lossy(source);
        Navigations(texts(&NAVIGATION, &text).map(Value::from).collect())
    });
    navigations.0.clone()
}
