//! What the official bundler generates for a theme, compared with our bundle entry by entry.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::{Failed, Trial};

use crate::engine;
use crate::node;

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

fn agrees(theme: &Path) -> Result<(), Failed> {
    let place = tempfile::tempdir()?;
    let name = theme.file_name().unwrap_or_default().to_string_lossy();
    let theirs = match official(theme, &place.path().join("official"))? {
        Ok(entries) if !GIVEN_UP.contains(&&*name) => entries,
        Ok(_) => return Err("the official bundler no longer gives up on this theme".into()),
        Err(_) if GIVEN_UP.contains(&&*name) => return Ok(()),
        Err(message) => return Err(message.into()),
    };
    let ours = our_own(theme, &place.path().join("ours.zip"))?;
    let mut wrong = Vec::new();
    for (entry, bytes) in &theirs {
        match ours.get(entry) {
            None => wrong.push(format!("{entry} is missing")),
            Some(other) if other != bytes => wrong.push(format!("{entry} differs")),
            Some(_) => {}
        }
    }
    let generated = |entry: &&String| entry.starts_with("parsed/") || *entry == "manifest.json";
    let extra = ours.keys().filter(generated).filter(|entry| !theirs.contains_key(*entry));
    wrong.extend(extra.map(|entry| format!("{entry} is ours alone")));
    if theirs.len() < 6 {
        wrong.push(format!("the official bundler generated {} files only", theirs.len()));
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

/// The official files by name, or why there are none.
fn official(
    theme: &Path,
    target: &Path,
) -> Result<Result<BTreeMap<String, Vec<u8>>, String>, Failed> {
    std::fs::create_dir(target)?;
    let output = Command::new("node")
        .arg(folder().join("bundle.mjs"))
        .arg(target)
        .current_dir(theme)
        .env("UV_THREADPOOL_SIZE", "1")
        .output()?;
    if !output.status.success() {
        return Ok(Err(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    let mut entries = BTreeMap::new();
    for entry in walkdir::WalkDir::new(target) {
        let entry = entry?;
        if entry.file_type().is_file() {
            let name = entry.path().strip_prefix(target)?.to_string_lossy().replace('\\', "/");
            entries.insert(name, std::fs::read(entry.path())?);
        }
    }
    Ok(Ok(entries))
}

/// The files of our bundle by name.
fn our_own(theme: &Path, zip: &Path) -> Result<BTreeMap<String, Vec<u8>>, Failed> {
    let output = Command::new(env!("CARGO_BIN_EXE_stencil-guard"))
        .arg("bundle")
        .arg(theme)
        .arg("--bundle")
        .arg(zip)
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let bytes = std::fs::read(zip)?;
    let archive = rawzip::ZipArchive::from_slice(&bytes)?;
    let mut entries = BTreeMap::new();
    let mut records = archive.entries();
    while let Some(record) = records.next_entry()? {
        let name = String::from_utf8_lossy(record.file_path().as_bytes()).into_owned();
        let entry = archive.get_entry(record.wayfinder())?;
        let mut content = Vec::new();
        match record.compression_method() {
            rawzip::CompressionMethod::STORE => content.extend_from_slice(entry.data()),
            _ => {
                let mut decoder = flate2::bufread::DeflateDecoder::new(entry.data());
                std::io::Read::read_to_end(&mut decoder, &mut content)?;
            }
        }
        entries.insert(name, content);
    }
    Ok(entries)
}
