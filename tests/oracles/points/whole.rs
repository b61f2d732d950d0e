//! Points about whole themes: our shop and those named by `STENCIL_GUARD_THEMES`.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use libtest_mimic::{Failed, Trial};

use super::compare::{Bundle, official};
use crate::{bundler, engine, node};

/// The points that this module is about.
pub(super) const NUMBERS: [u8; 4] = [1, 2, 50, 61];
const CONTEXT: &str = "parsed/stencilContext.json";

/// Both bundles of a theme.
struct Bundles {
    theirs: Bundle,
    ours: Bundle,
}

/// A theme whose bundles are made when they are first asked for.
#[derive(Clone)]
struct Whole {
    theme: PathBuf,
    bundles: Arc<OnceLock<Result<Bundles, String>>>,
}

pub(super) fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    let shop =
        |theme: &PathBuf| !theme.starts_with(env!("CARGO_MANIFEST_DIR")) || theme.ends_with("shop");
    for theme in engine::themes().into_iter().filter(shop) {
        let name = theme.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let whole = Whole { theme, bundles: Arc::default() };
        let mut add = |point: &str, test: fn(&Whole) -> Result<(), Failed>| {
            let whole = whole.clone();
            let name = format!("point {point} ({name})");
            trials
                .push(node::trial(bundler::KIND, &name, bundler::missing(), move || test(&whole)));
        };
        add("01: the same entries on a whole theme", same_names);
        add("02: the same content on a whole theme", same_content);
        add("50: the same variables on a whole theme", same_context);
        add("61: a bundle of a bundle is that bundle", again);
    }
    trials
}

impl Whole {
    fn bundles(&self) -> Result<&Bundles, Failed> {
        let made = || self.make().map_err(|error| error.message().unwrap_or_default().to_owned());
        self.bundles.get_or_init(made).as_ref().map_err(Failed::from)
    }

    fn make(&self) -> Result<Bundles, Failed> {
        let theirs = official(&self.theme, false, false, true)??;
        Ok(Bundles { theirs, ours: Bundle::ours(&self.theme, &[])? })
    }
}

fn same_names(whole: &Whole) -> Result<(), Failed> {
    let Bundles { theirs, ours } = whole.bundles()?;
    let count = |bundle: &Bundle, test: fn(&str) -> bool| {
        bundle.entries.keys().filter(|name| test(name)).count()
    };
    let tests: [fn(&str) -> bool; 4] = [
        |name| !super::compare::is_left_out(name),
        |name| name.ends_with('/'),
        |name| name.starts_with("parsed/templates/"),
        |name| name.starts_with("parsed/scss/"),
    ];
    let counts = tests.map(|test| (count(theirs, test), count(ours, test)));
    let [(all, _), (directories, _), (templates, _), _] = counts;
    if all < 60 || directories < 5 || templates < 30 {
        return Err(format!("the theme is too small: {counts:?}").into());
    }
    let same = counts.iter().all(|(theirs, ours)| theirs == ours);
    same.then_some(())
        .ok_or_else(|| format!("entries, directories, templates, sheets: {counts:?}").into())
}

fn same_content(whole: &Whole) -> Result<(), Failed> {
    let Bundles { theirs, ours } = whole.bundles()?;
    theirs.equals(ours, &[])
}

fn same_context(whole: &Whole) -> Result<(), Failed> {
    let Bundles { theirs, ours } = whole.bundles()?;
    let totals = [theirs, ours].map(|bundle| -> Option<(usize, u64)> {
        let text = bundle.content(CONTEXT)?;
        let object: serde_json::Map<String, serde_json::Value> =
            serde_json::from_slice(text).ok()?;
        Some((
            object.len(),
            object.values().filter_map(|variable| variable["count"].as_u64()).sum(),
        ))
    });
    let is_same = totals[0] == totals[1] && totals[0].is_some_and(|(keys, _)| keys > 40);
    is_same.then_some(()).ok_or_else(|| format!("keys and counts: {totals:?}").into())
}

/// Bundles their bundle again, with their own packages and as the zip alone.
fn again(whole: &Whole) -> Result<(), Failed> {
    let place = tempfile::tempdir()?;
    let (zip, folder) = (place.path().join("official.zip"), place.path().join("folder"));
    let Bundles { theirs, .. } = whole.bundles()?;
    std::fs::write(&zip, &theirs.zip)?;
    theirs.unpack(&folder)?;
    link(&whole.theme.join("node_modules"), &folder.join("node_modules"))?;
    let again = official(&folder, false, false, true)??;
    let wrong = theirs.differences(&Bundle::ours(&zip, &[])?);
    let changed: Vec<&String> =
        again.entries.keys().filter(|name| again.content(name) != theirs.content(name)).collect();
    let same = wrong.is_empty() && changed.is_empty() && again.entries.len() > 60;
    same.then_some(()).ok_or_else(|| format!("{wrong:?}\nofficial: {changed:?}").into())
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> std::io::Result<()> {
    if from.is_dir() { std::os::unix::fs::symlink(from, to) } else { Ok(()) }
}

#[cfg(not(unix))]
fn link(_from: &Path, _to: &Path) -> std::io::Result<()> {
    Ok(())
}
