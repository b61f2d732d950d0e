//! What a command that makes a theme writes: a bundle, a folder, or both, after a look that they may
//! be written.

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

/// Where results go.
#[derive(Clone, Debug)]
pub(super) struct Outputs {
    pub(super) out: Option<PathBuf>,
    pub(super) bundle: Option<BundleChoice>,
    pub(super) dry_run: bool,
    strict: bool,
    /// What findings matter.
    settings: Settings,
    marketplace: bool,
    source_maps: bool,
    level: Level,
    style_check: bool,
}

/// A bundle and where it goes.
pub(super) type Zip = (PathBuf, Vec<u8>);

#[derive(Debug, thiserror::Error)]
pub(crate) enum WriteError {
    #[error("the bundle cannot be written: {0}")]
    Bundle(#[from] io::Error),
    #[error(transparent)]
    Output(#[from] OutputError),
    #[error("{SOURCE_DATE} is `{0}`, which is no number of seconds since 1970")]
    SourceDate(String),
}

/// The environment variable by which builds that can be repeated are given their time.
const SOURCE_DATE: &str = "SOURCE_DATE_EPOCH";

/// The time that entries are to have, if one is given.
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

    /// Refuses a folder that is somebody else's, or that touches the theme at `source`.
    pub(super) fn check_folder(&self, source: &Path) -> Result<(), OutputError> {
        if let Some(out) = &self.out {
            output::check_apart(out, source)?;
            output::check_folder(out)?;
        }
        Ok(())
    }

    /// Writes what was made of the theme at `source`, unless its findings forbid it; what was
    /// written, or would be. The bundle's default name ends in `suffix`.
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

    /// The bundle, if one is wanted and possible; all that forbids it is in the findings then. What is in
    /// the cache is not compressed again.
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
        self.weigh(guarded);
        Ok(zip)
    }

    /// Gives findings the weight that they are to have.
    pub(super) fn weigh(&self, guarded: &mut Guarded) {
        self.settings.weigh(&mut guarded.findings);
        if self.strict {
            guarded.refuse_warnings();
        }
    }

    /// The bundle in memory, if it is possible.
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

    /// Where the bundle goes; `None` if there is to be none.
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

/// What a bundle is called if nothing else is said.
pub(super) fn default_name(identity: &Identity, suffix: Option<&str>) -> String {
    let name = identity.name.as_deref().or(Some("Theme"));
    let parts = [name, identity.version.as_deref(), suffix];
    let name = parts.into_iter().flatten().collect::<Vec<_>>().join("-");
    let safe = |character: char| if "/\\:\0".contains(character) { '-' } else { character };
    format!("{}.zip", name.chars().map(safe).collect::<String>())
}

/// The files of a theme as a folder holds them.
pub(super) fn files(theme: &Theme) -> BTreeMap<&str, OutputFile<'_>> {
    let file = |(path, file)| {
        let (path, file): (&String, &Arc<File>) = (path, file);
        (path.as_str(), OutputFile::new(&file.bytes, file.executable))
    };
    theme.files.iter().map(file).collect()
}
