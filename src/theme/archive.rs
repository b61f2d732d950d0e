//! Reads a theme from a zip: a bundle, what a store hands out, or either inside one top folder.
//!
//! Sizes are bounded before anything is inflated, and no entry may name a place outside the theme.

use super::load::{LoadError, is_left_behind};
use super::{File, Packages, Theme};
use rawzip::{CompressionMethod, ZipArchive};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

/// No theme comes near these: the platform takes 50 MB zipped.
const MOST_BYTES: u64 = 512 * 1024 * 1024;
const MOST_ENTRIES: u64 = 50_000;

const UNIX_FILE_TYPE: u32 = 0o170_000;
const UNIX_LINK: u32 = 0o120_000;

/// Reads the zip in `bytes`; `path` is for messages.
pub(super) fn read(path: &Path, bytes: &[u8]) -> Result<Theme, LoadError> {
    let fail = |reason: String| LoadError::Zip { path: path.to_owned(), reason };
    let entries = read_entries(bytes).map_err(fail)?;
    let top = top_folder(&entries);
    let mut theme = Theme::default();
    let mut packages = BTreeMap::new();
    for (name, entry) in entries {
        let Some(name) = name.strip_prefix(&top) else {
            continue;
        };
        let Some(file) = entry else {
            theme.directories.insert(name.trim_end_matches('/').to_owned());
            continue;
        };
        if name.starts_with("parsed/") {
            packages.extend(package_files(name, &file.bytes));
        } else if !is_left_behind(name) {
            for (at, _) in name.match_indices('/') {
                theme.directories.insert(name[..at].to_owned());
            }
            theme.files.insert(name.to_owned(), Arc::new(file));
        }
    }
    theme.directories.retain(|name| !name.is_empty() && !is_left_behind(name));
    theme.packages = Packages::Parsed(Arc::new(packages));
    Ok(theme)
}

/// The parsed templates of the bundle at `path`, by the names of their files, which the platform renders
/// instead of the theme's own; empty for a folder, and for a zip that holds none.
///
/// # Errors
/// When it cannot be read.
pub fn parsed_templates(path: &Path) -> Result<BTreeMap<String, Vec<u8>>, LoadError> {
    if path.is_dir() {
        return Ok(BTreeMap::new());
    }
    let bytes =
        std::fs::read(path).map_err(|source| LoadError::Io { path: path.to_owned(), source })?;
    let fail = |reason: String| LoadError::Zip { path: path.to_owned(), reason };
    let entries = read_entries(&bytes).map_err(fail)?;
    let top = top_folder(&entries).to_owned();
    let parsed = entries.into_iter().filter_map(|(name, file)| {
        let name = name.strip_prefix(&top)?;
        name.starts_with("parsed/templates/").then_some((name.to_owned(), file?.bytes))
    });
    Ok(parsed.collect())
}

/// Files of packages, by path below the theme's root, that are in no zip but in its parsed file `name`:
/// imports that lie outside `assets/`, and templates that are not the theme's own.
fn package_files(name: &str, parsed: &[u8]) -> Vec<(String, Vec<u8>)> {
    let path: fn(&str) -> Option<String> = match name.split('/').nth(1) {
        Some("scss") => |key| key.strip_prefix("../../").map(str::to_owned),
        // Most bundles have none, and their many parsed templates need not be read.
        Some("templates") if memchr::memmem::find(parsed, b"\"external/").is_some() => {
            |key| Some(format!("node_modules/{}.html", key.strip_prefix("external/")?))
        }
        _ => return Vec::new(),
    };
    let texts: BTreeMap<String, String> = serde_json::from_slice(parsed).unwrap_or_default();
    let file = |(key, text): (String, String)| Some((path(&key)?, text.into_bytes()));
    texts.into_iter().filter_map(file).collect()
}

/// The folder, with `/`, that holds the whole theme; empty if the theme is at the zip's root.
fn top_folder(entries: &BTreeMap<String, Option<File>>) -> String {
    if entries.contains_key("config.json") {
        return String::new();
    }
    entries
        .keys()
        .filter_map(|name| name.strip_suffix("/config.json"))
        .find(|folder| !folder.contains('/'))
        .map(|folder| format!("{folder}/"))
        .unwrap_or_default()
}

/// All entries by name; `None` for a directory.
fn read_entries(bytes: &[u8]) -> Result<BTreeMap<String, Option<File>>, String> {
    let damaged =
        |error: rawzip::Error| format!("it is damaged or no zip ({error}); download it again");
    let archive = ZipArchive::from_slice(bytes).map_err(damaged)?;
    if archive.entries_hint() > MOST_ENTRIES {
        return Err(format!("it has more than {MOST_ENTRIES} entries"));
    }
    let mut result = BTreeMap::new();
    let mut left = MOST_BYTES;
    let mut entries = archive.entries();
    while let Some(entry) = entries.next_entry().map_err(damaged)? {
        let name = safe_name(entry.file_path().as_bytes())?;
        let mode = entry.mode().value();
        if mode & UNIX_FILE_TYPE == UNIX_LINK {
            return Err(format!("its entry {name} is a link; give the theme's folder instead"));
        }
        if entry.flags().is_encrypted() {
            return Err("it is encrypted; unpack it and give the folder".to_owned());
        }
        let file = if entry.is_dir() {
            None
        } else {
            let local = archive.get_entry(entry.wayfinder()).map_err(damaged)?;
            let claim = entry.uncompressed_size_hint();
            let content = inflate(&local, entry.compression_method(), claim, &mut left)
                .map_err(|reason| format!("its entry {name} {reason}"))?;
            Some(File::new(content, mode & 0o100 != 0))
        };
        if result.insert(name.clone(), file).is_some() {
            return Err(format!("it has two entries called {name}"));
        }
    }
    match result.keys().find(|name| stands_below_file(name, &result)) {
        Some(name) => Err(format!("its entry {name} lies below a file")),
        None => Ok(result),
    }
}

/// Whether a file stands where an entry needs a folder.
fn stands_below_file(name: &str, entries: &BTreeMap<String, Option<File>>) -> bool {
    name.match_indices('/').any(|(at, _)| entries.get(&name[..at]).is_some_and(Option::is_some))
}

fn inflate(
    entry: &rawzip::ZipSliceEntry<'_>,
    method: CompressionMethod,
    claim: u64,
    left: &mut u64,
) -> Result<Vec<u8>, String> {
    let too_large = || format!("unpacks to more than {} MB", MOST_BYTES >> 20);
    *left = left.checked_sub(claim).ok_or_else(too_large)?;
    let mut content = Vec::new();
    let data = entry.data();
    let read = if method == CompressionMethod::STORE {
        entry.verifying_reader(data).take(claim + 1).read_to_end(&mut content)
    } else if method == CompressionMethod::DEFLATE {
        let decoder = flate2::bufread::DeflateDecoder::new(data);
        entry.verifying_reader(decoder).take(claim + 1).read_to_end(&mut content)
    } else {
        return Err("is compressed in a way that stencil-guard does not know".to_owned());
    };
    read.map_err(|error| format!("is damaged ({error})"))?;
    if content.len() as u64 != claim {
        return Err("does not unpack to the size it claims".to_owned());
    }
    Ok(content)
}

/// The name with `/`, refused when it could leave the theme.
fn safe_name(raw: &[u8]) -> Result<String, String> {
    let name = String::from_utf8_lossy(raw).replace('\\', "/");
    let leaves = name.starts_with('/')
        || name.contains('\0')
        || name.split('/').any(|part| part == ".." || part == ".")
        || name.as_bytes().get(1) == Some(&b':');
    if leaves || name.is_empty() {
        return Err(format!("its entry {name:?} leaves the theme"));
    }
    Ok(name)
}
