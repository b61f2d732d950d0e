//! Presents the style sheets that the official compiler would get as a file system for the library. It
//! contains nothing else: no import reaches the disk.

use crate::bundle::style_files::join;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// The style sheets, by the paths under which the library looks for them.
#[derive(Debug)]
pub(super) struct SheetFiles<'a> {
    by_path: BTreeMap<String, &'a str>,
    texts: &'a BTreeMap<String, String>,
}

impl<'a> SheetFiles<'a> {
    /// Creates the file system from texts by alias.
    pub(super) fn new(texts: &'a BTreeMap<String, String>) -> Self {
        let mut by_path = BTreeMap::new();
        for alias in texts.keys() {
            let path = join("", alias);
            // The library takes anything after a dot in a name for an extension, so it looks for `a.scss`
            // when a sheet imports `a.b`.
            if let Some(short) = shortened(&path) {
                by_path.entry(short).or_insert(alias.as_str());
            }
        }
        let exact = texts.keys().map(|alias| (join("", alias), alias.as_str()));
        by_path.extend(exact);
        Self { by_path, texts }
    }

    /// Returns the alias of the file at a path. For an absolute path, the official compiler looks in some
    /// folder of the sheets, but the library does not reveal which, so any alias that ends with the path
    /// matches.
    pub(super) fn alias(&self, path: &Path) -> Option<&'a str> {
        let text = path.to_str()?;
        let below = || text.starts_with('/').then(|| self.below(text)).flatten();
        self.by_path.get(&join("", text)).copied().or_else(below)
    }

    fn below(&self, end: &str) -> Option<&'a str> {
        self.texts.keys().map(String::as_str).find(|alias| alias.ends_with(end))
    }
}

/// Returns `dir/a.scss` for `dir/a.b.scss`.
fn shortened(path: &str) -> Option<String> {
    let stem = path.strip_suffix(".scss")?;
    let (start, end) = stem.rsplit_once('.')?;
    (!end.contains('/') && !start.is_empty() && !start.ends_with('/'))
        .then(|| format!("{start}.scss"))
}

impl grass_compiler::Fs for SheetFiles<'_> {
    fn is_dir(&self, _path: &Path) -> bool {
        false
    }

    fn is_file(&self, path: &Path) -> bool {
        self.alias(path).is_some()
    }

    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        Ok(self.alias(path).map_or_else(|| path.to_owned(), |alias| join("", alias).into()))
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let text = self.alias(path).and_then(|alias| self.texts.get(alias));
        text.map(|text| text.clone().into_bytes()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}
