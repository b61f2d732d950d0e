//! Writes what a command makes of a theme: a bundle, a folder, or both, after checking that they may be
//! written.

use super::order;
use super::style_compiler::OwnProcess;
use crate::bundle::ZipOptions;
use crate::bundle::style_check::StyleCompiler;
use crate::config::{BundleChoice, Level, Settings};
use crate::output::{self, OutputError, OutputFile, Pending, Steps};
use crate::pipeline::progress::{Progress, Stage};
use crate::pipeline::{self, BundleOptions, BundleTools, Guarded};
use crate::report::{Output, OutputKind};
use crate::theme::json::Identity;
use crate::theme::{Cache, File, Theme};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where results go, and with which options they are made.
#[derive(Clone, Debug)]
pub(super) struct Outputs {
    pub(super) out: Option<PathBuf>,
    pub(super) bundle: Option<BundleChoice>,
    pub(super) dry_run: bool,
    strict: bool,
    /// The settings that adjust the severity of findings.
    settings: Settings,
    marketplace: bool,
    source_maps: bool,
    level: Level,
    style_check: bool,
}

/// A bundle's path and its bytes.
pub(super) type Zip = (PathBuf, Vec<u8>);

#[derive(Debug, thiserror::Error)]
pub(crate) enum WriteError {
    #[error("the bundle cannot be written: {0}")]
    Bundle(#[from] io::Error),
    #[error(transparent)]
    Output(#[from] OutputError),
    #[error("{SOURCE_DATE} is `{0}`, which is not a number of seconds since 1970")]
    SourceDate(String),
}

/// The environment variable that sets the time stamp of reproducible builds.
const SOURCE_DATE: &str = "SOURCE_DATE_EPOCH";

/// Returns the time stamp for the bundle's entries, if one is given.
fn source_date() -> Result<Option<i64>, WriteError> {
    let value = std::env::var_os(SOURCE_DATE).filter(|value| !value.is_empty());
    let parse = |value: std::ffi::OsString| {
        let text = value.to_string_lossy();
        text.parse().map_err(|_| WriteError::SourceDate(text.into_owned()))
    };
    value.map(parse).transpose()
}

impl Outputs {
    pub(super) fn new(settings: &Settings, dry_run: bool) -> Self {
        Self {
            out: settings.out.clone(),
            bundle: settings.bundle.clone(),
            dry_run,
            strict: settings.strict.unwrap_or_default(),
            settings: settings.clone(),
            marketplace: settings.marketplace.unwrap_or_default(),
            source_maps: settings.source_maps.unwrap_or_default(),
            level: settings.level.unwrap_or_default(),
            style_check: settings.style_check.unwrap_or(true),
        }
    }

    /// Refuses an output folder that holds foreign files, or that overlaps the theme at `source`.
    pub(super) fn check_folder(&self, source: &Path) -> Result<(), OutputError> {
        if let Some(out) = &self.out {
            output::check_apart(out, source)?;
            output::check_folder(out)?;
        }
        Ok(())
    }

    /// Writes what was made of the theme at `source`, unless the findings include errors. Returns the
    /// outputs; a dry run only lists them. The bundle's default name ends in `suffix`.
    pub(super) fn write(
        &self,
        guarded: &mut Guarded,
        source: &Path,
        suffix: Option<&str>,
        progress: &dyn Progress,
    ) -> Result<Vec<Output>, WriteError> {
        let zip = self.zip(guarded, source, suffix, progress, &mut Cache::default())?;
        if guarded.has_errors() {
            return Ok(Vec::new());
        }
        if !self.dry_run {
            progress.begin(Stage::Writing);
            self.write_all(guarded, zip.as_ref())?;
        }
        Ok(self.list(guarded, zip.as_ref()))
    }

    /// Makes the bundle, if one is wanted and possible; the findings say what prevents it. Files in the cache
    /// are not compressed again.
    pub(super) fn zip(
        &self,
        guarded: &mut Guarded,
        source: &Path,
        suffix: Option<&str>,
        progress: &dyn Progress,
        cache: &mut Cache,
    ) -> Result<Option<Zip>, WriteError> {
        let path = self.bundle_path(&guarded.identity, suffix);
        if let Some(path) = &path {
            output::check_file(path, source)?;
        }
        let zip = match path {
            Some(path) => {
                let bytes = self.bundle_bytes(guarded, progress, cache)?;
                bytes.map(|bytes| (path, bytes))
            }
            None => None,
        };
        self.apply_severities(guarded);
        Ok(zip)
    }

    /// Applies the user's severity settings to the findings; in strict mode, warnings become errors.
    pub(super) fn apply_severities(&self, guarded: &mut Guarded) {
        self.settings.apply_severities(&mut guarded.findings);
        if self.strict {
            guarded.refuse_warnings();
        }
    }

    /// Makes the bundle in memory, if possible.
    pub(super) fn bundle_bytes(
        &self,
        guarded: &mut Guarded,
        progress: &dyn Progress,
        cache: &mut Cache,
    ) -> Result<Option<Vec<u8>>, WriteError> {
        let compiler: &dyn StyleCompiler = &OwnProcess;
        let tools = BundleTools { progress, styles: self.style_check.then_some(compiler) };
        Ok(pipeline::bundle(guarded, &self.bundle_options()?, &tools, cache)?)
    }

    fn bundle_options(&self) -> Result<BundleOptions, WriteError> {
        let mut zip = ZipOptions {
            level: self.level.into(),
            source_maps: self.source_maps,
            ..ZipOptions::default()
        };
        if let Some(time) = source_date()? {
            zip.time = time;
        }
        Ok(BundleOptions { marketplace: self.marketplace, zip, all_variations: self.strict })
    }

    /// Returns the path of the bundle; `None` if no bundle is wanted.
    fn bundle_path(&self, identity: &Identity, suffix: Option<&str>) -> Option<PathBuf> {
        match &self.bundle {
            Some(BundleChoice::File(path)) => Some(path.clone()),
            Some(BundleChoice::Wanted(false)) => None,
            Some(BundleChoice::Wanted(true)) | None => {
                Some(PathBuf::from(default_name(identity, suffix)))
            }
        }
    }

    fn write_all(&self, guarded: &Guarded, zip: Option<&Zip>) -> Result<(), OutputError> {
        if let Some(out) = &self.out {
            let order = |pending: &mut [Pending<'_>]| order::sort(pending, &guarded.templates);
            output::write_folder(out, &files(&guarded.theme), &order, &mut Steps::default())?;
        }
        if let Some((path, bytes)) = zip {
            output::update_file(path, bytes, &mut Steps::default())?;
        }
        Ok(())
    }

    fn list(&self, guarded: &Guarded, zip: Option<&Zip>) -> Vec<Output> {
        let bundle = zip.map(|(path, bytes)| Output {
            kind: OutputKind::Bundle,
            path: path.clone(),
            bytes: bytes.len() as u64,
        });
        let folder = self.out.as_ref().map(|path| Output {
            kind: OutputKind::Folder,
            path: path.clone(),
            bytes: guarded.theme.files.values().map(|file| file.bytes.len() as u64).sum(),
        });
        bundle.into_iter().chain(folder).collect()
    }
}

/// Returns the default file name of a bundle.
pub(super) fn default_name(identity: &Identity, suffix: Option<&str>) -> String {
    let name = identity.name.as_deref().or(Some("Theme"));
    let parts = [name, identity.version.as_deref(), suffix];
    let name = parts.into_iter().flatten().collect::<Vec<_>>().join("-");
    let safe = |character: char| if "/\\:\0".contains(character) { '-' } else { character };
    format!("{}.zip", name.chars().map(safe).collect::<String>())
}

/// Returns the files of a theme as output files, by path.
pub(super) fn files(theme: &Theme) -> BTreeMap<&str, OutputFile<'_>> {
    let file = |(path, file)| {
        let (path, file): (&String, &Arc<File>) = (path, file);
        (path.as_str(), OutputFile::new(&file.bytes, file.executable))
    };
    theme.files.iter().map(file).collect()
}
