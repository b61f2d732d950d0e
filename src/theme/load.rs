//! Reads a theme from a folder or a zip. No link lets it read anything outside the theme, and it ignores what
//! an earlier bundler generated.

use super::error::LoadError;
use super::parts::{self, is_editor_temp_file, is_never_part_of_theme, is_outside_theme};
use super::secrets::{self, Secrets};
use super::{Packages, Scan, Theme, archive};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fs::Metadata;
use std::io;
use std::path::Path;
use std::sync::Arc;
use walkdir::{DirEntry, WalkDir};

/// A limit that no theme comes near; links to folders can make a folder look endless.
const MAX_ENTRIES: usize = 20_000;

/// The names that a bundler generates.
const GENERATED: &[&str] = &["parsed", "manifest.json"];

/// The file that every theme has.
const CONFIG: &str = "config.json";

/// Reads the theme at `path`.
///
/// # Errors
/// When it cannot be read, or is not a theme.
pub fn load(path: &Path) -> Result<Theme, LoadError> {
    load_again(path, &mut Scan::default())
}

/// Like [`load`], but reads only files that may have changed since `scan` read them.
///
/// # Errors
/// When it cannot be read, or is not a theme.
pub fn load_again(path: &Path, scan: &mut Scan) -> Result<Theme, LoadError> {
    let metadata = std::fs::metadata(path).map_err(|source| io_error(path, source))?;
    let theme = if metadata.is_dir() {
        load_folder(path, scan)?
    } else {
        scan.begin_run();
        let file = scan.file("", path, &metadata).map_err(|source| io_error(path, source))?;
        match file.derived.look::<Theme>(0) {
            Some(known) => Theme::clone(&known),
            None => {
                let theme = archive::read(path, &file.bytes)?;
                Theme::clone(&file.derived(0, |_| theme))
            }
        }
    };
    checked(theme, path)
}

/// Reads the theme in a zip in memory; error messages use `name`.
///
/// # Errors
/// When it cannot be read, or is not a theme.
pub fn read_zip(name: &Path, bytes: &[u8]) -> Result<Theme, LoadError> {
    checked(archive::read(name, bytes)?, name)
}

fn checked(theme: Theme, path: &Path) -> Result<Theme, LoadError> {
    match theme.files.contains_key(CONFIG) {
        true => Ok(theme),
        false => Err(LoadError::NotATheme {
            path: path.to_owned(),
            missing: CONFIG,
            inside: inside(&theme, path),
        }),
    }
}

/// Returns what the user may have meant by a path that is not a theme: themes below it, or zips in it.
fn inside(theme: &Theme, path: &Path) -> Vec<String> {
    let is_theme = |folder: &&str| theme.directories.contains(&format!("{folder}/templates"));
    let folders = theme.files.keys().filter_map(|path| path.strip_suffix("/config.json"));
    let folders: Vec<String> = folders.filter(is_theme).map(str::to_owned).collect();
    match std::fs::read_dir(path) {
        _ if !folders.is_empty() => folders,
        Ok(entries) => {
            let names =
                entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
            let mut zips: Vec<String> = names.filter(|name| archive::is_zip(name)).collect();
            zips.sort();
            zips
        }
        Err(_) => std::fs::read(path).map(|bytes| archive::zips(&bytes)).unwrap_or_default(),
    }
}

fn load_folder(root: &Path, scan: &mut Scan) -> Result<Theme, LoadError> {
    let real_root = root.canonicalize().map_err(|source| io_error(root, source))?;
    let mut theme = Theme { packages: Packages::Folder(real_root.clone()), ..Theme::default() };
    let walk = WalkDir::new(&real_root)
        .follow_links(true)
        .min_depth(1)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| !is_skipped(&real_root, entry));
    let is_there = |name: &&&str| real_root.join(name).exists();
    theme.stale = GENERATED.iter().filter(is_there).map(|name| (*name).to_owned()).collect();
    let entries = walk.filter(|entry| !is_skipped_error(&real_root, entry)).take(MAX_ENTRIES + 1);
    let entries = entries.map(|entry| entry.map_err(|error| walk_error(root, error)));
    let entries = entries.collect::<Result<Vec<DirEntry>, LoadError>>()?;
    if entries.len() > MAX_ENTRIES {
        return Err(LoadError::TooMany { path: root.to_owned(), most: MAX_ENTRIES });
    }
    scan.begin_run();
    // The metadata calls take most of the time.
    let metadata = |entry: &DirEntry| match entry.file_type().is_file() {
        true => std::fs::metadata(entry.path()).map(Some),
        false => Ok(None),
    };
    let metadata: Vec<_> = entries.par_iter().map(metadata).collect();
    let secrets = Secrets::new(std::fs::read(real_root.join(secrets::SETTINGS)).ok().as_deref());
    for (entry, metadata) in entries.iter().zip(metadata) {
        add_entry(&mut theme, &real_root, entry, metadata, scan, &secrets)?;
    }
    let packages = unpacked_packages(&real_root, scan)?;
    if !packages.is_empty() {
        theme.stale.clear();
        theme.packages = Packages::Parsed(Arc::new(packages));
    }
    Ok(theme)
}

/// Returns the package files in an unpacked theme download, which holds them only in its parsed files.
fn unpacked_packages(root: &Path, scan: &mut Scan) -> Result<BTreeMap<String, Vec<u8>>, LoadError> {
    let mut packages = BTreeMap::new();
    let is_download = GENERATED.iter().all(|name| root.join(name).exists());
    if !is_download || root.join("node_modules").exists() {
        return Ok(packages);
    }
    let walk = WalkDir::new(root.join("parsed")).sort_by_file_name().into_iter();
    for entry in walk.take(MAX_ENTRIES) {
        let entry = entry.map_err(|error| walk_error(root, error))?;
        let name = relative(root, entry.path()).filter(|_| entry.file_type().is_file());
        let Some(name) = name else { continue };
        let metadata = entry.metadata().map_err(|error| walk_error(root, error))?;
        let file = scan.file(&name, entry.path(), &metadata);
        let file = file.map_err(|source| io_error(entry.path(), source))?;
        packages.extend(archive::package_files(&name, &file.bytes));
    }
    Ok(packages)
}

/// Reports whether to skip a file or folder: it is not part of the theme, or it is a stray link
/// or has an unusable name, and no bundle needs it.
fn is_skipped(root: &Path, entry: &DirEntry) -> bool {
    let may_affect_bundle = || entry.path().strip_prefix(root).is_ok_and(parts::may_affect_bundle);
    match relative(root, entry.path()) {
        Some(path) if is_outside_theme(&path) => true,
        Some(_) if !entry.path_is_symlink() || stays_inside(root, entry.path()) => false,
        _ => !may_affect_bundle(),
    }
}

/// Reports whether an error is about a stray or circular link that no bundle needs, or about an editor's
/// file.
fn is_skipped_error(root: &Path, entry: &walkdir::Result<DirEntry>) -> bool {
    let Err(error) = entry else {
        return false;
    };
    if error.path().is_some_and(is_editor_temp_file) {
        return true;
    }
    let is_link =
        |path: &Path| path.is_symlink() && (error.loop_ancestor().is_some() || !path.exists());
    let below =
        error.path().filter(|path| is_link(path)).and_then(|path| path.strip_prefix(root).ok());
    below.is_some_and(|below| !parts::may_affect_bundle(below))
}

fn add_entry(
    theme: &mut Theme,
    root: &Path,
    entry: &DirEntry,
    metadata: io::Result<Option<Metadata>>,
    scan: &mut Scan,
    secrets: &Secrets,
) -> Result<(), LoadError> {
    let path = entry.path();
    let name = relative(root, path).ok_or_else(|| LoadError::BadName { path: path.to_owned() })?;
    let fail = |source| io_error(path, source);
    if entry.path_is_symlink() && !stays_inside(root, path) {
        return Err(LoadError::StrayLink { path: path.to_owned() });
    }
    if entry.file_type().is_dir() {
        theme.directories.insert(name);
    } else if is_secret(secrets, root, entry, &name) {
        let metadata = metadata.ok().flatten();
        let file = metadata.and_then(|metadata| scan.file(&name, path, &metadata).ok());
        theme.secrets.insert(name, file);
    } else if let Some(metadata) = metadata.map_err(fail)? {
        let file = scan.file(&name, path, &metadata).map_err(fail)?;
        theme.files.insert(name, file);
    }
    Ok(())
}

/// Reports whether the file `name` may hold secrets.
fn is_secret(secrets: &Secrets, root: &Path, entry: &DirEntry, name: &str) -> bool {
    // A link gives its target another name.
    let is_named = || entry.file_name().to_str().is_some_and(|name| secrets.names(name));
    let may_be_linked = entry.path_is_symlink() || is_named();
    let real = || relative(root, &entry.path().canonicalize().ok()?);
    secrets.holds(name) || may_be_linked && real().is_some_and(|real| secrets.holds(&real))
}

/// Reports whether a link leads to something that is part of the theme.
fn stays_inside(root: &Path, link: &Path) -> bool {
    let target = link.canonicalize().ok().and_then(|target| relative(root, &target));
    target.is_some_and(|target| !is_never_part_of_theme(&target))
}

/// Returns `path` below `root`, separated by `/`; `None` if it is not UTF-8 or contains a backslash.
fn relative(root: &Path, path: &Path) -> Option<String> {
    let below = path.strip_prefix(root).ok()?;
    let parts: Option<Vec<&str>> = below.iter().map(|part| part.to_str()).collect();
    parts.map(|parts| parts.join("/")).filter(|name| !name.contains('\\'))
}

fn io_error(path: &Path, source: std::io::Error) -> LoadError {
    LoadError::Io { path: path.to_owned(), source }
}

fn walk_error(root: &Path, error: walkdir::Error) -> LoadError {
    let path = error.path().unwrap_or(root).to_owned();
    if error.loop_ancestor().is_some() {
        return LoadError::LinkLoop { path };
    }
    let is_link = path.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink());
    if is_link && !path.exists() {
        return LoadError::StrayLink { path };
    }
    // The error itself would repeat the path, so only its source is kept.
    let source = error.into_io_error().unwrap_or_else(|| io::ErrorKind::Other.into());
    LoadError::Io { path, source }
}
