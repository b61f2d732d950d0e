//! Style sheets that the official compiler takes or refuses, and what our check says of them.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use libtest_mimic::{Failed, Trial};
use serde_json::Value;
use stencil_guard::bundle::style_check::{self, StyleOutcome, StyleSheet};

use crate::bundler;
use crate::engine;
use crate::node;
use crate::sass_cases::{AGREED, FILES, SETTINGS, TOO_MILD, TOO_STRICT};

const KIND: &str = "sass";

pub(crate) fn trials() -> Vec<Trial> {
    let missing = missing();
    let trial = |theme: PathBuf| {
        let name = theme.file_name().unwrap_or_default().to_string_lossy().into_owned();
        node::trial(KIND, &format!("sass::{name}"), missing, move || theme_agrees(&theme))
    };
    let cases = node::trial(KIND, "sass::cases", missing, cases_agree);
    engine::themes().into_iter().map(trial).chain([cases]).collect()
}

fn missing() -> Option<&'static str> {
    if let Some(reason) = bundler::missing() {
        return Some(reason);
    }
    let mut load = Command::new("node");
    load.args(["-e", "require('@bigcommerce/node-sass')"]).current_dir(bundler::folder());
    let loads = load.stdout(Stdio::null()).stderr(Stdio::null()).status();
    let loads = loads.is_ok_and(|status| status.success());
    (!loads).then_some("run `npm rebuild @bigcommerce/node-sass` in tests/oracles/bundler")
}

fn theme_agrees(theme: &Path) -> Result<(), Failed> {
    let theme = stencil_guard::theme::load(theme)?;
    compare(&style_check::sheets(&theme))
}

/// Where the two are known to differ, they have to, and elsewhere they must not.
fn cases_agree() -> Result<(), Failed> {
    let lists = [(AGREED, None), (TOO_MILD, Some(true)), (TOO_STRICT, Some(false))];
    let mut wrong = Vec::new();
    for (cases, expected) in lists {
        let sheets: Vec<StyleSheet> = cases.iter().map(|text| sheet(text)).collect();
        for ((text, sheet), theirs) in cases.iter().zip(&sheets).zip(official(&sheets)?) {
            let ours = style_check::compile(sheet);
            let takes = (is_taken(&ours), theirs.is_null());
            if takes != expected.map_or((takes.1, takes.1), |ours| (ours, !ours)) {
                wrong.push(format!("{text}\nofficial: {theirs}\nours: {ours:?}"));
            }
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n\n").into()) }
}

/// Whether nothing is said about it.
fn is_taken(outcome: &StyleOutcome) -> bool {
    matches!(outcome, StyleOutcome::Compiled | StyleOutcome::Taken)
}

fn sheet(text: &str) -> StyleSheet {
    let root = "theme.scss".to_owned();
    let more = FILES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let files = more.chain([(root.clone(), text.to_owned())]).collect();
    let settings = serde_json::from_str(SETTINGS).unwrap_or_default();
    StyleSheet { root, files, settings }
}

/// Asks both about `sheets`.
fn compare(sheets: &[StyleSheet]) -> Result<(), Failed> {
    let theirs = official(sheets)?;
    let mut wrong = Vec::new();
    for (sheet, theirs) in sheets.iter().zip(&theirs) {
        let ours = style_check::compile(sheet);
        if is_taken(&ours) != theirs.is_null() {
            wrong.push(format!("{}: official: {theirs}\nours: {ours:?}", sheet.root));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

/// What the official compiler says of each.
fn official(sheets: &[StyleSheet]) -> Result<Vec<Value>, Failed> {
    let mut child = Command::new("node")
        .arg(bundler::folder().join("sass.mjs"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut input = child.stdin.take().ok_or("node has no standard input")?;
    let lines: Result<Vec<String>, _> = sheets.iter().map(serde_json::to_string).collect();
    let lines = lines?;
    let writer =
        std::thread::spawn(move || lines.iter().try_for_each(|line| writeln!(input, "{line}")));
    let output = child.wait_with_output()?;
    writer.join().map_err(|_| "the questions were not asked")??;
    let answers: Result<Vec<Value>, _> = output
        .stdout
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(serde_json::from_slice)
        .collect();
    let answers = answers?;
    if answers.len() != sheets.len() {
        return Err(format!("{} answers to {} questions", answers.len(), sheets.len()).into());
    }
    Ok(answers)
}
