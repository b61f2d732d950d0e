//! The official bundle of each test theme, compared with ours entry by entry.

use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};

use crate::points::compare::{Bundle, official};
use crate::{engine, node};

pub(crate) const KIND: &str = "bundler";
/// Themes of our own that the official bundler gives up on: a partial is mentioned in a comment, or
/// defined at run time, that is no file.
const GIVEN_UP: [&str; 2] = ["odd-comments", "odd-runtime-partial"];

pub(crate) fn trials() -> Vec<Trial> {
    let missing = missing();
    let themes = engine::themes().into_iter();
    let trial = |theme: PathBuf| {
        let name = theme.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let test = move || agrees(&theme);
        node::trial(KIND, &format!("bundler::{name}"), missing, test)
    };
    themes.map(trial).collect()
}

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracles/bundler")
}

pub(crate) fn missing() -> Option<&'static str> {
    if !node::runs() {
        return Some("node is not installed");
    }
    let package = folder().join("node_modules/@bigcommerce/stencil-cli");
    (!package.is_dir()).then_some("run `npm ci --ignore-scripts` in tests/oracles/bundler")
}

/// Whether both bundles have the same entries.
fn agrees(theme: &Path) -> Result<(), Failed> {
    let name = theme.file_name().unwrap_or_default().to_string_lossy();
    let theirs = match (official(theme, false, false, true)?, GIVEN_UP.contains(&&*name)) {
        (Ok(bundle), false) => bundle,
        (Ok(_), true) => return Err("the official bundler no longer gives up on this theme".into()),
        (Err(_), true) => return Ok(()),
        (Err(message), false) => return Err(message.into()),
    };
    if theirs.entries.len() < 10 {
        return Err(format!("the official bundle has {} entries only", theirs.entries.len()).into());
    }
    theirs.equals(&Bundle::ours(theme, &[])?, &[])
}
