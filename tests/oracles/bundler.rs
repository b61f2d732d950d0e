//! The official bundle of each test theme, compared with ours entry by entry.

use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};

use crate::points::compare::{Bundle, official};
use crate::{engine, node};

pub(crate) const KIND: &str = "bundler";
/// Themes of our own that the official bundler gives up on: a partial is mentioned in a comment, or
/// defined at run time, that is no file. They are compared in a copy that has it.
const GIVEN_UP: [&str; 2] = ["odd-comments", "odd-runtime-partial"];
/// What it says of them, before the names.
const MISSING: &str = "are/is missing:";

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
    match (official(theme, false, false, true)?, GIVEN_UP.contains(&&*name)) {
        (Ok(theirs), false) => equals(theme, &theirs),
        (Ok(_), true) => Err("the official bundler no longer gives up on this theme".into()),
        (Err(message), false) => Err(message.into()),
        (Err(message), true) => completed(theme, message),
    }
}

fn equals(theme: &Path, theirs: &Bundle) -> Result<(), Failed> {
    if theirs.entries.len() < 10 {
        return Err(format!("the official bundle has {} entries only", theirs.entries.len()).into());
    }
    theirs.equals(&Bundle::ours(theme, &[])?, &[])
}

/// Compares the bundles of a theme to which the templates are added that the official bundler misses.
fn completed(theme: &Path, mut message: String) -> Result<(), Failed> {
    let place = tempfile::tempdir()?;
    let copy = place.path().join("theme");
    for entry in walkdir::WalkDir::new(theme).into_iter().flatten() {
        let target = copy.join(entry.path().strip_prefix(theme)?);
        if entry.file_type().is_dir() {
            std::fs::create_dir_all(target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    loop {
        let names = message.split_once(MISSING).ok_or_else(|| message.clone())?.1;
        let mut added = 0;
        // The last one is followed by the end of a colour.
        let lines = names.lines().map(|line| line.split('\u{1b}').next().unwrap_or_default());
        for name in lines.map(str::trim).filter(|name| is_name(name)) {
            let file = copy.join(format!("templates/{name}.html"));
            if !file.exists() {
                std::fs::create_dir_all(file.parent().unwrap_or(&copy))?;
                std::fs::write(file, "added")?;
                added += 1;
            }
        }
        match official(&copy, false, false, true)? {
            Ok(theirs) => return equals(&copy, &theirs),
            Err(again) if added > 0 => message = again,
            Err(again) => return Err(again.into()),
        }
    }
}

fn is_name(text: &str) -> bool {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || "_-/".contains(c);
    !text.is_empty() && text.chars().all(is_of_name)
}
