//! Records what a channel showed before and what was begun: a small file outside the theme, written before
//! the first change, so that the user can go back and the next run knows where the last one stopped.

use super::shown::Shown;
use crate::output::{self, OutputError, Steps};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The version of the format. It grows when a member changes its meaning.
const SCHEMA: u32 = 1;

/// The changes made in a store.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    schema: u32,
    /// The store's hash.
    store: String,
    /// The changes by channel ID.
    pub channels: BTreeMap<u64, Change>,
    /// Every bundle that was uploaded, or was about to be.
    pub uploads: Vec<Upload>,
}

/// The change of a channel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What the channel showed before; `None` if it had no theme.
    pub before: Option<Shown>,
    /// The theme that the channel was given, or was about to be.
    pub after: Option<String>,
}

/// The upload of a bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// The fingerprint of the bundle.
    pub digest: String,
    /// The themes in the store before the upload.
    pub known: BTreeSet<String>,
    /// The job that processes the upload, once the store has named it.
    pub job: Option<String>,
    /// The theme that the bundle became.
    pub theme: Option<String>,
}

/// Why a record cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The file cannot be read.
    #[error("cannot read the record {}: {reason}", path.display())]
    Unreadable {
        /// The path of the file.
        path: PathBuf,
        /// The reason.
        reason: String,
    },
    /// The file cannot be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// No folder is available for the file.
    #[error("there is no folder for the record of what is changed")]
    NoPlace,
}

/// A record and its file.
#[derive(Debug)]
pub struct RecordFile {
    path: PathBuf,
    /// The content of the file.
    pub record: Record,
}

impl RecordFile {
    /// Opens the record of a store; it is empty if there is no file yet.
    ///
    /// # Errors
    /// When the file is not a record, or is the record of another store.
    pub fn open(path: PathBuf, store: &str) -> Result<Self, RecordError> {
        let unreadable =
            |path: &Path, reason: String| RecordError::Unreadable { path: path.to_owned(), reason };
        let record = match std::fs::read(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Record { schema: SCHEMA, store: store.to_owned(), ..Record::default() }
            }
            Err(error) => return Err(unreadable(&path, error.to_string())),
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map_err(|error| unreadable(&path, error.to_string()))?,
        };
        if record.schema != SCHEMA {
            let reason = "another version of stencil-guard wrote it".to_owned();
            return Err(unreadable(&path, reason));
        }
        if record.store != store {
            return Err(unreadable(&path, format!("it is of the store {}", record.store)));
        }
        Ok(Self { path, record })
    }

    /// Returns the path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the file, completely or not at all.
    ///
    /// # Errors
    /// When the file system reports an error.
    pub fn save(&self) -> Result<(), RecordError> {
        save(&self.path, &self.record)
    }
}

/// Writes a value as JSON, completely or not at all.
pub(super) fn save(path: &Path, record: &impl Serialize) -> Result<(), RecordError> {
    let fail = |source| OutputError::Io { path: path.to_owned(), source };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(fail)?;
    }
    let text = serde_json::to_string_pretty(record);
    let text = text.map_err(|error| fail(error.into()))? + "\n";
    output::update_file(path, text.as_bytes(), &mut Steps::default())?;
    Ok(())
}

impl Record {
    /// Returns the upload of a bundle, if it was begun.
    pub fn upload(&self, digest: &str) -> Option<&Upload> {
        self.uploads.iter().rev().find(|upload| upload.digest == digest)
    }

    /// Records the state of an upload.
    pub fn set_upload(&mut self, upload: Upload) {
        self.uploads.retain(|other| other.digest != upload.digest);
        self.uploads.push(upload);
    }

    /// Forgets an upload that failed.
    pub fn forget_upload(&mut self, digest: &str) {
        self.uploads.retain(|other| other.digest != digest);
    }

    /// Whether stencil-guard uploaded a theme.
    pub fn is_ours(&self, theme: &str) -> bool {
        self.uploads.iter().any(|upload| upload.theme.as_deref() == Some(theme))
    }

    /// Records that a channel is about to get a theme. If the channel already shows a theme of ours, the
    /// theme to go back to stays the one from before.
    pub fn begin(&mut self, channel: u64, shown: Option<Shown>, after: &str) {
        let is_ours = shown.as_ref().is_some_and(|shown| self.is_ours(&shown.theme));
        let change = self.channels.entry(channel).or_default();
        if !is_ours || change.after.is_none() {
            change.before = shown;
        }
        change.after = Some(after.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(theme: &str) -> Shown {
        Shown { theme: theme.to_owned(), ..Shown::default() }
    }

    #[test]
    fn record_keeps_the_last_theme_that_is_not_ours() {
        let mut record = Record::default();
        for theme in ["one", "two"] {
            let theme = Some(theme.to_owned());
            record.uploads.push(Upload { theme, ..Upload::default() });
        }
        let before = |record: &Record| record.channels[&2].before.clone().unwrap().theme;
        record.begin(2, Some(shown("shop")), "one");
        assert_eq!(before(&record), "shop");
        record.begin(2, Some(shown("one")), "two");
        assert_eq!(before(&record), "shop");
        record.begin(2, Some(shown("new shop")), "two");
        assert_eq!(before(&record), "new shop");
    }

    #[test]
    fn record_round_trips_and_rejects_other_stores() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state/a.json");
        let mut file = RecordFile::open(path.clone(), "a").unwrap();
        file.record.begin(2, Some(shown("shop")), "one");
        file.save().unwrap();
        assert_eq!(RecordFile::open(path.clone(), "a").unwrap().record, file.record);
        let error = RecordFile::open(path.clone(), "b").unwrap_err().to_string();
        assert!(error.contains("of the store a"), "{error}");
        std::fs::write(&path, "{").unwrap();
        assert!(RecordFile::open(path, "a").is_err());
    }
}
