//! Reads a theme from a zip: a bundle, a theme downloaded from a store, or either of them inside a folder.
//!
//! Entry names are decoded and normalised before any check looks at them. Sizes are bounded before
//! anything is inflated, and no entry may name a path outside the theme.

use super::entry_name::{self, EntryName};
use super::error::LoadError;
use super::parsed_texts::ParsedTexts;
use super::parts::{is_os_metadata, is_outside_theme};
use super::secrets::{self, Secrets};
use super::{File, Packages, Theme};
use rawzip::extra_fields::ExtraFieldId;
use rawzip::{CompressionMethod, ZipArchive, ZipFileHeaderRecord, ZipSliceArchive};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

/// Limits that no theme comes near: the platform takes 50 MB zipped.
const MAX_BYTES: u64 = 512 * 1024 * 1024;
const MAX_ENTRIES: u64 = 50_000;

const UNIX_FILE_TYPE: u32 = 0o170_000;
const UNIX_FOLDER: u32 = 0o040_000;
const UNIX_LINK: u32 = 0o120_000;

/// The file that marks a folder as a theme.
const CONFIG: &str = "config.json";

/// Reads the zip in `bytes`; error messages name `path`.
pub(super) fn read(path: &Path, bytes: &[u8]) -> Result<Theme, LoadError> {
    read_theme(bytes).map_err(|reason| LoadError::Zip { path: path.to_owned(), reason })
}

fn read_theme(bytes: &[u8]) -> Result<Theme, String> {
    let archive = ZipArchive::from_slice(bytes).map_err(damaged)?;
    let mut zip = Zip::new(&archive)?;
    let mut theme = Theme::default();
    let mut packages = BTreeMap::new();
    let secrets = zip.secrets()?;
    for (name, entry) in zip.below_top() {
        if let Kind::Folder = entry.kind {
            theme.directories.insert(name);
        } else if name.starts_with("parsed/") {
            packages.extend(package_files(&name, &zip.file(&name, &entry)?.bytes));
        } else if is_outside_theme(&name) {
            continue;
        } else if secrets.holds(&name) {
            let file = zip.file(&name, &entry).ok().map(Arc::new);
            theme.secrets.insert(name, file);
        } else {
            for (at, _) in name.match_indices('/') {
                theme.directories.insert(name[..at].to_owned());
            }
            let file = zip.file(&name, &entry)?;
            theme.files.insert(name, Arc::new(file));
        }
    }
    theme.directories.retain(|name| !is_outside_theme(name));
    theme.packages = Packages::Parsed(Arc::new(packages));
    Ok(theme)
}

/// Returns the names of the zips inside a zip that is not a theme itself.
pub(super) fn zips(bytes: &[u8]) -> Vec<String> {
    let Ok(archive) = ZipArchive::from_slice(bytes) else { return Vec::new() };
    let entries = Zip::new(&archive).map(|zip| zip.entries).unwrap_or_default();
    entries.into_keys().filter(|name| is_zip(name)).collect()
}

/// Reports whether `name` is the name of a zip.
pub(super) fn is_zip(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with(".zip")
}

/// Reads the parsed templates of the bundle at `path`, by the names of their files. The platform renders
/// these instead of the theme's own templates. Empty for a folder, and for a zip without any.
///
/// # Errors
/// When the bundle cannot be read.
pub fn parsed_templates(path: &Path) -> Result<BTreeMap<String, Vec<u8>>, LoadError> {
    if path.is_dir() {
        return Ok(BTreeMap::new());
    }
    let bytes =
        std::fs::read(path).map_err(|source| LoadError::Io { path: path.to_owned(), source })?;
    read_parsed(&bytes).map_err(|reason| LoadError::Zip { path: path.to_owned(), reason })
}

fn read_parsed(bytes: &[u8]) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let archive = ZipArchive::from_slice(bytes).map_err(damaged)?;
    let mut zip = Zip::new(&archive)?;
    let entries = zip.below_top().into_iter();
    let parsed = entries.filter(|(name, entry)| {
        entry.kind != Kind::Folder && name.starts_with("parsed/templates/")
    });
    let read = |(name, entry): (String, Entry<'_>)| {
        let file = zip.file(&name, &entry)?;
        Ok((name, file.bytes))
    };
    parsed.map(read).collect()
}

/// Returns the package files that a zip holds only inside its parsed file `name`, by path below the theme's
/// root: imports from outside `assets/`, and templates from outside the theme.
pub(super) fn package_files(name: &str, parsed: &[u8]) -> Vec<(String, Vec<u8>)> {
    let path: fn(&str) -> Option<String> = match name.split('/').nth(1) {
        Some("scss") => |key| key.strip_prefix("../../").map(str::to_owned),
        // Most bundles have none of them, and reading all their parsed templates is slow.
        Some("templates") if memchr::memmem::find(parsed, b"\"external/").is_some() => {
            |key| Some(format!("node_modules/{}.html", key.strip_prefix("external/")?))
        }
        _ => return Vec::new(),
    };
    let texts: ParsedTexts = serde_json::from_slice(parsed).unwrap_or_default();
    let file = |(key, text): (String, String)| Some((path(&key)?, text.into_bytes()));
    texts.0.into_iter().filter_map(file).collect()
}

/// The kind of a zip entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Folder,
    File,
    Link,
}

#[derive(Clone)]
struct Entry<'a> {
    kind: Kind,
    header: ZipFileHeaderRecord<'a>,
}

/// A zip, with its entries by path.
struct Zip<'a> {
    archive: &'a ZipSliceArchive<&'a [u8]>,
    entries: BTreeMap<String, Entry<'a>>,
    /// The folder, with `/`, that holds the whole theme; empty if the theme is at the zip's root.
    top: String,
    /// How many more bytes may be inflated.
    left: u64,
}

impl<'a> Zip<'a> {
    fn new(archive: &'a ZipSliceArchive<&'a [u8]>) -> Result<Self, String> {
        if archive.entries_hint() > MAX_ENTRIES {
            return Err(format!("it has more than {MAX_ENTRIES} entries"));
        }
        let entries = list(archive)?;
        let top = top_folder(&entries)?;
        Ok(Self { archive, entries, top, left: MAX_BYTES })
    }

    /// Returns the entries of the theme's folder, by path below it.
    fn below_top(&self) -> Vec<(String, Entry<'a>)> {
        let below = |(name, entry): (&String, &Entry<'a>)| {
            let name = name.strip_prefix(&self.top).filter(|name| !name.is_empty())?;
            Some((name.to_owned(), entry.clone()))
        };
        self.entries.iter().filter_map(below).collect()
    }

    /// Finds out which of the theme's files may hold secrets.
    fn secrets(&mut self) -> Result<Secrets, String> {
        let name = format!("{}{}", self.top, secrets::SETTINGS);
        let entry = self.entries.get(&name).filter(|entry| entry.kind == Kind::File).cloned();
        let settings = entry.map(|entry| self.file(&name, &entry)).transpose()?;
        Ok(Secrets::new(settings.as_ref().map(|file| file.bytes.as_slice())))
    }

    /// Reads the file `name`.
    fn file(&mut self, name: &str, entry: &Entry<'_>) -> Result<File, String> {
        if entry.kind == Kind::Link {
            return Err(format!("its entry {name} is a link; give the theme's folder instead"));
        }
        let header = &entry.header;
        let local = self.archive.get_entry(header.wayfinder()).map_err(damaged)?;
        let (claim, method) = (header.uncompressed_size_hint(), header.compression_method());
        let content = inflate(&local, method, claim, &mut self.left)
            .map_err(|reason| format!("its entry {name} {reason}"))?;
        Ok(File::new(content, header.mode().value() & 0o100 != 0))
    }
}

fn damaged(error: rawzip::Error) -> String {
    format!("it is damaged or not a zip ({error}); download it again")
}

/// Lists all entries by path, except for those that other operating systems add.
fn list<'a>(archive: &'a ZipSliceArchive<&'a [u8]>) -> Result<BTreeMap<String, Entry<'a>>, String> {
    let mut result: BTreeMap<String, Entry<'a>> = BTreeMap::new();
    let mut entries = archive.entries();
    while let Some(header) = entries.next_entry().map_err(damaged)? {
        let name = entry_name::normalise(&decoded_name(&header))?;
        if name.path.is_empty() || is_os_metadata(&name.path) {
            continue;
        }
        if header.flags().is_encrypted() {
            return Err("it is encrypted; unpack it and give the folder".to_owned());
        }
        let kind = kind(&name, &header)?;
        match result.insert(name.path.clone(), Entry { kind, header }) {
            Some(earlier) if (earlier.kind, kind) != (Kind::Folder, Kind::Folder) => {
                return Err(format!("it has two entries called {}", name.path));
            }
            _ => {}
        }
    }
    match result.keys().find(|name| stands_below_file(name, &result)) {
        Some(name) => Err(format!("its entry {name} lies below a file")),
        None => Ok(result),
    }
}

fn decoded_name(header: &ZipFileHeaderRecord<'_>) -> String {
    let mut fields = header.extra_fields();
    let field = fields.find(|(id, _)| *id == ExtraFieldId::INFO_ZIP_UNICODE_PATH);
    let raw = header.file_path();
    let field = field.map(|(_, field)| field);
    entry_name::decode(raw.as_bytes(), header.flags().is_utf8(), field)
}

/// Determines the kind of an entry from its name, attributes and size.
fn kind(name: &EntryName, header: &ZipFileHeaderRecord<'_>) -> Result<Kind, String> {
    let is_empty = header.uncompressed_size_hint() == 0;
    match header.mode().value() & UNIX_FILE_TYPE {
        _ if name.is_folder && !is_empty => {
            Err(format!("its entry {} is a folder with content of its own", name.path))
        }
        _ if name.is_folder => Ok(Kind::Folder),
        UNIX_FOLDER if is_empty => Ok(Kind::Folder),
        UNIX_LINK => Ok(Kind::Link),
        _ => Ok(Kind::File),
    }
}

/// Reports whether a parent folder of an entry is a file.
fn stands_below_file(name: &str, entries: &BTreeMap<String, Entry<'_>>) -> bool {
    let is_file = |above: &str| entries.get(above).is_some_and(|entry| entry.kind != Kind::Folder);
    name.match_indices('/').any(|(at, _)| is_file(&name[..at]))
}

/// Returns the folder that holds the whole theme, with a final `/`; empty if the theme is at the zip's root.
fn top_folder(entries: &BTreeMap<String, Entry<'_>>) -> Result<String, String> {
    if entries.contains_key(CONFIG) {
        return Ok(String::new());
    }
    let has_templates = |folder: &str| {
        let below = format!("{folder}/templates/");
        entries.range(below.clone()..).next().is_some_and(|(name, _)| name.starts_with(&below))
    };
    let folders = entries.keys().filter_map(|name| name.strip_suffix(CONFIG)?.strip_suffix('/'));
    let themes: BTreeSet<&str> = folders.filter(|folder| has_templates(folder)).collect();
    let is_inside =
        |folder: &&str| folder.match_indices('/').any(|(at, _)| themes.contains(&folder[..at]));
    let outermost: Vec<&str> = themes.iter().copied().filter(|folder| !is_inside(folder)).collect();
    match outermost.as_slice() {
        [] => Ok(String::new()),
        [folder] => Ok(format!("{folder}/")),
        folders => Err(several_themes(folders)),
    }
}

fn several_themes(folders: &[&str]) -> String {
    let names: Vec<String> = folders.iter().map(|folder| format!("{folder:?}")).collect();
    format!(
        "it holds several themes, in the folders {}; zip one of them alone, or unpack it and give the folder of one",
        names.join(" and ")
    )
}

fn inflate(
    entry: &rawzip::ZipSliceEntry<'_>,
    method: CompressionMethod,
    claim: u64,
    left: &mut u64,
) -> Result<Vec<u8>, String> {
    let too_large = || format!("unpacks to more than {} MB", MAX_BYTES >> 20);
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
