//! `stencil-guard download`: downloads the theme that a channel shows, with the settings of the theme editor.

use super::places::{self, Place};
use super::{Error, Notes, StoreRequest, report};
use crate::guard::theme_settings::{self, Chosen};
use crate::output::{self, Steps};
use crate::report::Failure;
use crate::report::store::{Answer, Downloaded, StoreReport};
use crate::store::editor_settings::{Merged, merge};
use crate::store::shown::Shown;
use crate::store::{Client, StoreEnvironment, StoreError, rezip};
use crate::text::{Code, Finding};
use crate::theme::{self, LoadError, Theme};
use std::path::{Path, PathBuf};

/// The arguments of `stencil-guard download`.
#[derive(Clone, Debug, Default)]
pub struct DownloadRequest {
    /// The store.
    pub store: StoreRequest,
    /// The channel; if missing, the one that the environment names.
    pub channel: Option<u64>,
    /// The file to write the theme to.
    pub output: PathBuf,
    /// Whether to leave out the settings of the theme editor.
    pub no_settings: bool,
}

/// Stands for the path of the source theme: the theme is not read from a file, so the output cannot overwrite
/// it.
const NO_THEME: &str = "downloaded theme";

/// Runs the command.
pub fn run(request: &DownloadRequest, environment: &StoreEnvironment) -> StoreReport {
    report("download", |notes| download(request, environment, notes))
}

fn download(
    request: &DownloadRequest,
    environment: &StoreEnvironment,
    notes: &mut Notes,
) -> Result<Answer, Error> {
    output::check_file(&request.output, Path::new(NO_THEME))?;
    let channel = places::one(request.channel, environment)?;
    let client = request.store.open(None, environment, notes)?;
    let (mut places, _) = places::find(&client, &[channel])?;
    let place = places.remove(0);
    let ChannelTheme { zip, settings, .. } =
        hand_out(&client, &place, !request.no_settings, notes)?;
    output::update_file(&request.output, &zip, &mut Steps::default())?;
    Ok(Answer::Downloaded(Downloaded {
        channel,
        theme: place.shown.as_ref().map(|shown| shown.theme_name.clone()).unwrap_or_default(),
        variation: place.variation().map(str::to_owned),
        file: request.output.clone(),
        bytes: zip.len() as u64,
        settings,
    }))
}

/// Downloads the theme that a channel shows into memory.
pub(in crate::commands) fn take(
    store: &StoreRequest,
    channel: u64,
    environment: &StoreEnvironment,
) -> Result<Theme, Failure> {
    let take = || {
        let mut notes = Notes::default();
        let client = store.open(None, environment, &mut notes)?;
        let (mut places, _) = places::find(&client, &[channel])?;
        hand_out(&client, &places.remove(0), true, &mut notes)
    };
    take().map(|handed| handed.theme).map_err(super::failure)
}

/// A theme as a channel shows it.
pub(super) struct ChannelTheme {
    pub(super) zip: Vec<u8>,
    pub(super) theme: Theme,
    /// The names of the theme editor's settings that were written into the theme.
    pub(super) settings: Vec<String>,
}

/// Downloads the theme that a channel shows, with the settings of the theme editor if `with_settings` is set.
pub(super) fn hand_out(
    client: &Client<'_>,
    place: &Place,
    with_settings: bool,
    notes: &mut Notes,
) -> Result<ChannelTheme, Error> {
    let shown = place.shown.as_ref().ok_or_else(|| {
        StoreError::Missing(format!("channel {} shows no theme that can be downloaded", place.id()))
    })?;
    let zip = client.download_theme(&shown.theme)?;
    let theme = read(&zip)?;
    let set = match with_settings {
        true => editor_settings(client, shown, &theme, notes)?,
        false => None,
    };
    let Some(Set { config: Some(config), settings, .. }) = set else {
        return Ok(ChannelTheme { zip, theme, settings: Vec::new() });
    };
    let zip = rezip::with_file(&zip, "config.json", &config).map_err(odd)?;
    let theme = theme.with([("config.json".to_owned(), Some(config))]);
    Ok(ChannelTheme { zip, theme, settings })
}

/// The settings of the theme editor.
pub(super) struct Set {
    /// The theme's `config.json` with these settings; `None` if it holds them already.
    pub(super) config: Option<Vec<u8>>,
    /// The names of the settings that differ from the theme's own.
    pub(super) settings: Vec<String>,
    /// The values of a guard's own settings, if the theme does not have these settings yet.
    pub(super) chosen: Chosen,
}

/// Returns the settings of a store's theme editor for a theme; `None` if the store does not report them.
pub(super) fn editor_settings(
    client: &Client<'_>,
    shown: &Shown,
    theme: &Theme,
    notes: &mut Notes,
) -> Result<Option<Set>, Error> {
    let Some(configuration) = &shown.configuration else { return Ok(None) };
    let configuration = client.configuration(&shown.theme, configuration)?;
    let name = shown.variation_name.clone().unwrap_or_default();
    let config = theme.bytes("config.json").unwrap_or_default();
    let Merged { config, changed, mut unknown } = merge(config, &name, &configuration.settings)?;
    let chosen = Chosen::of_store(&configuration.settings, &unknown);
    unknown.retain(|name| !theme_settings::is_setting(name));
    if !unknown.is_empty() {
        let message = format!(
            "settings of the theme editor that the theme does not have are left out: {}",
            unknown.join(", ")
        );
        notes.findings.push(Finding::new(Code::SettingLeftOut, message));
    }
    let config = (!changed.is_empty()).then(|| config.into_bytes());
    Ok(Some(Set { config, settings: changed, chosen }))
}

/// Reads a theme from a zip in memory.
fn read(zip: &[u8]) -> Result<Theme, Error> {
    let file = tempfile::Builder::new().prefix("stencil-guard-").suffix(".zip").tempfile();
    let file = file.and_then(|file| std::fs::write(file.path(), zip).map(|()| file));
    let file = file.map_err(|error| Error::Wrong {
        message: format!("cannot write a temporary file: {error}"),
        help: "make room in the folder for temporary files".to_owned(),
    })?;
    theme::load(file.path()).map_err(|error| match error {
        LoadError::Zip { reason, .. } => odd(reason),
        other => odd(other.to_string()),
    })
}

/// Returns the error for a download that is not a theme.
fn odd(reason: String) -> Error {
    let request = "GET the theme's zip".to_owned();
    Error::Store(StoreError::Unexpected { request, reason })
}
