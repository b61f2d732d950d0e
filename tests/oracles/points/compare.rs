//! Bundles as they are stored, and what may differ between the official one and ours.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use std::process::Command;

use libtest_mimic::Failed;
use serde_json::json;

use super::case::Claim;
use crate::node::Driver;

static OFFICIAL: Driver = Driver::new("bundler/whole.mjs");

/// The entries of a bundle by name.
#[derive(Debug)]
pub(crate) struct Bundle {
    pub(crate) entries: BTreeMap<String, Entry>,
    doubled: Vec<String>,
    /// As it was read.
    pub(crate) zip: Vec<u8>,
}

#[derive(Debug)]
pub(crate) struct Entry {
    content: Vec<u8>,
    mode: u32,
    is_utf8: bool,
}

/// The official bundle of a theme, or how the bundler fails.
pub(crate) fn official(
    theme: &Path,
    marketplace: bool,
    source_maps: bool,
    unchecked: bool,
) -> Result<Result<Bundle, String>, Failed> {
    let place = tempfile::tempdir()?;
    let answer = OFFICIAL.ask(json!({
        "theme": theme, "zip": place.path(), "unchecked": unchecked,
        "marketplace": marketplace, "sourceMaps": source_maps,
    }))?;
    match (answer["zip"].as_str(), answer["error"].as_str()) {
        (Some(zip), _) => Ok(Ok(Bundle::read(Path::new(zip))?)),
        (_, Some(error)) => Ok(Err(error.to_owned())),
        _ => Err(format!("no answer: {answer}").into()),
    }
}

impl Bundle {
    /// Reads a zip.
    pub(crate) fn read(zip: &Path) -> Result<Self, Failed> {
        let bytes = std::fs::read(zip)?;
        let archive = rawzip::ZipArchive::from_slice(&bytes)?;
        let mut bundle = Self { entries: BTreeMap::new(), doubled: Vec::new(), zip: Vec::new() };
        let mut records = archive.entries();
        while let Some(record) = records.next_entry()? {
            let name = String::from_utf8_lossy(record.file_path().as_bytes()).into_owned();
            let (mode, is_utf8) = (record.mode().value(), record.flags().is_utf8());
            let method = record.compression_method();
            let data = archive.get_entry(record.wayfinder())?;
            let mut content = Vec::new();
            if method == rawzip::CompressionMethod::STORE {
                content.extend_from_slice(data.data());
            } else {
                flate2::bufread::DeflateDecoder::new(data.data()).read_to_end(&mut content)?;
            }
            let entry = Entry { content, mode, is_utf8 };
            if bundle.entries.insert(name.clone(), entry).is_some() {
                bundle.doubled.push(name);
            }
        }
        Ok(Self { zip: bytes, ..bundle })
    }

    /// Ours of a theme, a folder or a zip.
    pub(crate) fn ours(theme: &Path, options: &[&str]) -> Result<Self, Failed> {
        let place = tempfile::tempdir()?;
        let zip = place.path().join("ours.zip");
        let mut bundle = Command::new(env!("CARGO_BIN_EXE_stencil-guard"));
        let output =
            bundle.arg("bundle").arg(theme).arg("--bundle").arg(&zip).args(options).output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
        }
        Self::read(&zip)
    }

    /// What is in an entry, if there is one.
    pub(crate) fn content(&self, name: &str) -> Option<&[u8]> {
        self.entries.get(name).map(|entry| entry.content.as_slice())
    }

    /// Writes all entries below a folder.
    pub(crate) fn unpack(&self, folder: &Path) -> std::io::Result<()> {
        for (name, entry) in &self.entries {
            let path = folder.join(name);
            if name.ends_with('/') {
                std::fs::create_dir_all(path)?;
            } else {
                std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
                std::fs::write(path, &entry.content)?;
            }
        }
        Ok(())
    }

    /// Whether `ours` is the same bundle but for the listed differences, and this one is as claimed.
    pub(crate) fn equals(&self, ours: &Self, claims: &[(String, Claim)]) -> Result<(), Failed> {
        self.claimed(claims)?;
        let wrong = self.differences(ours);
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
    }

    /// Whether this one is as claimed.
    pub(crate) fn claimed(&self, claims: &[(String, Claim)]) -> Result<(), Failed> {
        for (entry, claim) in claims {
            claim.check(entry, self.content(entry))?;
        }
        Ok(())
    }

    /// How `ours` differs from this one.
    pub(crate) fn differences(&self, ours: &Self) -> Vec<String> {
        let mut wrong: Vec<String> = Vec::new();
        for name in self.doubled.iter().chain(&ours.doubled) {
            wrong.push(format!("{name} stands twice"));
        }
        for (name, entry) in self.entries.iter().filter(|(name, _)| !is_left_out(name)) {
            match ours.entries.get(name) {
                None => wrong.push(format!("{name} is missing")),
                Some(other) if entry.is_link() => {
                    if self.meant(name, entry).is_some_and(|meant| meant.content != other.content) {
                        wrong.push(format!("{name} is not what the link means"));
                    }
                }
                Some(other) => {
                    wrong.extend(entry.difference(other).map(|what| format!("{name}: {what}")))
                }
            }
        }
        let more = |name: &&String| is_left_out(name) || !self.entries.contains_key(*name);
        wrong.extend(ours.entries.keys().filter(more).map(|name| format!("{name} is ours alone")));
        wrong
    }
}

impl Bundle {
    /// The file that a link means, if the bundle has it.
    fn meant(&self, name: &str, link: &Entry) -> Option<&Entry> {
        let mut parts: Vec<&str> = name.split('/').collect();
        parts.pop();
        for part in std::str::from_utf8(&link.content).ok()?.split('/') {
            match part {
                ".." => drop(parts.pop()),
                part => parts.push(part),
            }
        }
        let name = parts.join("/");
        let meant = self.entries.get(&name)?;
        if meant.is_link() { self.meant(&name, meant) } else { Some(meant) }
    }
}

impl Entry {
    fn is_link(&self) -> bool {
        self.mode & 0o170_000 == 0o120_000
    }

    fn difference(&self, ours: &Self) -> Option<String> {
        // We keep of the permissions whether a file can be run.
        let plain = |mode: u32| if mode & 0o111 == 0 { 0o100_644 } else { 0o100_755 };
        let mode = if self.mode >> 12 == 4 { 0o040_755 } else { plain(self.mode) };
        if ours.mode != mode {
            return Some(format!("mode {:o}, not {mode:o}", ours.mode));
        }
        if ours.is_utf8 != self.is_utf8 {
            return Some("the UTF-8 flag differs".to_owned());
        }
        let text = |entry: &Self| {
            String::from_utf8_lossy(&entry.content[..entry.content.len().min(2000)]).into_owned()
        };
        let differs = ours.content != self.content;
        differs
            .then(|| format!("the content differs\ntheirs: {}\nours: {}", text(self), text(ours)))
    }
}

/// Whether we leave the file out because the platform refuses it.
pub(super) fn is_left_out(name: &str) -> bool {
    name.starts_with("templates/") && !name.ends_with('/') && !name.ends_with(".html")
}
