//! Bundles that are ready to upload: a bundle as it is, or a theme that is bundled first.

use super::{Error, Notes};
use crate::commands::build;
use crate::commands::load;
use crate::commands::outputs::{Outputs, WriteError};
use crate::config::{BundleChoice, Settings};
use crate::output::OutputError;
use crate::pipeline::progress::Progress;
use crate::pipeline::{self, Guarded};
use crate::store::editor_settings::variation_names;
use crate::text::Severity;
use crate::theme::{Cache, Theme};
use md5::{Digest, Md5};
use std::path::Path;

/// A bundle, with its name and its variations.
pub(super) struct Package {
    pub(super) bytes: Vec<u8>,
    /// The name of the bundle's file, for the store.
    pub(super) file_name: String,
    /// The name of the theme.
    pub(super) name: String,
    pub(super) variations: Vec<String>,
}

impl Package {
    /// Creates a package from the bundle of a theme.
    pub(super) fn new(bytes: Vec<u8>, theme: &Theme) -> Self {
        let config = theme.bytes("config.json").unwrap_or_default();
        let identity = crate::theme::json::identity(config).unwrap_or_default();
        let name = identity.name.unwrap_or_else(|| "Theme".to_owned());
        Self { bytes, file_name: format!("{name}.zip"), name, variations: variation_names(config) }
    }

    /// Returns the MD5 digest of the bundle, which tells bundles apart.
    pub(super) fn digest(&self) -> String {
        Md5::digest(&self.bytes).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Reads a bundle, or bundles a theme as it stands.
pub(super) fn read(
    path: &Path,
    progress: &dyn Progress,
    notes: &mut Notes,
) -> Result<Package, Error> {
    let theme = load(path, None, progress)?;
    let is_bundle = !path.is_dir()
        && !crate::theme::parsed_templates(path).map_err(build::Error::from)?.is_empty();
    if is_bundle {
        let bytes = std::fs::read(path)
            .map_err(|source| OutputError::Io { path: path.to_owned(), source })?;
        return Ok(Package::new(bytes, &theme));
    }
    let mut made = pipeline::unchanged(&theme);
    pack(&mut made, &Settings::default(), path, progress, notes)
}

/// Bundles a theme; the findings say what prevents it.
pub(super) fn pack(
    made: &mut Guarded,
    settings: &Settings,
    source: &Path,
    progress: &dyn Progress,
    notes: &mut Notes,
) -> Result<Package, Error> {
    // The bundle is not written; its path must only lie outside the theme.
    let nowhere = std::env::temp_dir().join("stencil-guard.zip");
    let bundle = Some(BundleChoice::File(nowhere));
    let settings = Settings { bundle, out: None, ..settings.clone() };
    let outputs = Outputs::new(&settings, true);
    let zip = outputs.zip(made, source, None, progress, &mut Cache::default());
    let zip = zip.map_err(|error: WriteError| build::Error::from(error))?;
    let has_errors = made.has_errors();
    notes.source = Some(made.source.clone());
    // `build` is the command that reports notes.
    let findings = made.findings.iter().filter(|finding| finding.severity != Severity::Note);
    notes.findings.extend(findings.cloned());
    match zip {
        Some((_, bytes)) if !has_errors => Ok(Package::new(bytes, &made.theme)),
        _ => Err(Error::Findings),
    }
}
