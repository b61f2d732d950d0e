//! The points of the checklist about the official bundle, each a test named by its number. What is
//! expected comes from the official bundler in the same run.

mod case;
pub(crate) mod compare;
mod contexts;
mod entries;
mod refused;
mod regions;
mod sheets;
mod templates;
mod texts;
mod whole;

use std::path::Path;
use std::process::Command;

use libtest_mimic::{Failed, Trial};

use crate::{bundler, node};
use case::{Case, Ending, Point};
use compare::{Bundle, official};

/// How many points the checklist has.
const POINTS: u8 = 61;

pub(crate) fn trials() -> Vec<Trial> {
    let tables = [
        entries::points(),
        templates::points(),
        texts::points(),
        sheets::points(),
        regions::points(),
        contexts::points(),
        refused::points(),
    ];
    let points: Vec<Point> = tables.into_iter().flatten().collect();
    let mut numbers: Vec<u8> = points.iter().map(|point| point.number).collect();
    numbers.extend(whole::NUMBERS);
    numbers.sort_unstable();
    let missing = bundler::missing();
    let complete = move || {
        let all = numbers.iter().copied().eq(1..=POINTS);
        all.then_some(()).ok_or_else(|| format!("the points are {numbers:?}").into())
    };
    let mut trials = vec![node::trial(bundler::KIND, "points_complete", missing, complete)];
    trials.extend(points.into_iter().map(|point| {
        let name = format!("point {:02}: {}", point.number, point.title);
        node::trial(bundler::KIND, &name, missing, move || holds(&point.cases))
    }));
    trials.extend(whole::trials());
    trials
}

fn holds(cases: &[Case]) -> Result<(), Failed> {
    for (index, case) in cases.iter().enumerate() {
        agrees(case).map_err(|error| {
            let message = error.message().unwrap_or_default();
            format!("case {}: {message}", index + 1)
        })?;
    }
    if cases.is_empty() { Err("the point has no case".into()) } else { Ok(()) }
}

/// Whether both bundlers end as the case says, with the same entries where both make a bundle.
fn agrees(case: &Case) -> Result<(), Failed> {
    let place = tempfile::tempdir()?;
    let theme = place.path().join("theme");
    case.write(&theme)?;
    let theirs = official(&theme, case.marketplace, case.source_maps, false)?;
    let zip = place.path().join("ours.zip");
    let mut bundle = Command::new(env!("CARGO_BIN_EXE_stencil-guard"));
    bundle.arg("bundle").arg(&theme).arg("--bundle").arg(&zip);
    bundle.args(case.marketplace.then_some("--marketplace"));
    bundle.args(case.source_maps.then_some("--source-maps"));
    let output = bundle.output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    let status = output.status.code();
    let ours = zip.exists().then(|| Bundle::read(&zip)).transpose()?;
    if ours.is_some() != (status == Some(0)) {
        return Err(format!("we end with {status:?}, but the zip says otherwise: {said}").into());
    }
    let is_said = |what: &str, code: &str| said.contains(&format!("{what}[{code}]"));
    let judged = match (case.ending, &theirs, &ours) {
        (Ending::Same, Ok(theirs), Some(ours)) => {
            theirs.equals(ours, &case.claims)?;
            return again(case, theirs, place.path());
        }
        (Ending::Refused(code), Err(_), None) => is_said("error", code),
        (Ending::Warned(code), Err(_), Some(ours)) => {
            ours.claimed(&case.claims)?;
            is_said("warning", code)
        }
        (Ending::Mended, Err(_), Some(ours)) => {
            ours.claimed(&case.claims)?;
            true
        }
        (Ending::Stricter(code), Ok(_), None) => is_said("error", code),
        (Ending::RefusedEarly(code), Err(theirs), None) => {
            // The zip stays where it is, and the official tool's status is 0.
            theirs.starts_with("Error: Your bundle") && is_said("error", code)
        }
        _ => false,
    };
    let theirs = theirs.map(|_| "a bundle");
    judged
        .then_some(())
        .ok_or_else(|| format!("theirs: {theirs:?}\nours: {status:?} {said}").into())
}

/// Whether the official bundle, bundled again by us as the zip alone, is what it was.
fn again(case: &Case, theirs: &Bundle, place: &Path) -> Result<(), Failed> {
    if case.is_incomplete {
        return Ok(());
    }
    let zip = place.join("theirs.zip");
    std::fs::write(&zip, &theirs.zip)?;
    let maps = case.source_maps.then_some("--source-maps");
    theirs.equals(&Bundle::ours(&zip, maps.as_slice())?, &[])
}
