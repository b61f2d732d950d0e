//! The page's requests to a store: list its channels, download a channel's theme, deploy to a channel, and
//! roll back.
//!
//! The server finds the store and its credentials as the commands do; the page only names a channel.

use super::ServeRequest;
use super::answers::{Answer, gone, introduce, refuse, refuse_for, told};
use super::choices::{Choices, quoted};
use super::jobs::Jobs;
use super::themes::{LoadedTheme, Origin, Themes};
use crate::commands::build::{self, BuildRequest};
use crate::commands::store::deploy::{self, DeployRequest, KnownInputs};
use crate::commands::store::rollback::{self, RollbackRequest};
use crate::commands::store::{StoreRequest, channels, download};
use crate::config::Settings;
use crate::report::store::json;
use crate::store::StoreEnvironment;
use serde::Deserialize;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The store that the page works with.
pub(super) struct Store {
    request: StoreRequest,
    record: Option<PathBuf>,
    pub(super) jobs: Jobs,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OneChannel {
    channel: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Confirmation {
    number: u64,
    yes: bool,
}

/// A request to deploy a theme.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Deployment {
    /// The number of a theme that the server keeps.
    theme: u64,
    channel: u64,
    choices: Choices,
    #[serde(default)]
    no_settings: bool,
    #[serde(default)]
    replace_oldest: bool,
    #[serde(default)]
    no_live_check: bool,
}

impl Store {
    /// Returns the store that the command line names.
    pub(super) fn new(request: &ServeRequest) -> Self {
        let beside = request.theme.clone();
        let store = StoreRequest { beside, ..request.store.clone() };
        Self { request: store, record: request.record.clone(), jobs: Jobs::default() }
    }

    /// Whether a job is working and must not be interrupted.
    pub(super) fn is_busy(&self) -> bool {
        self.jobs.is_busy()
    }

    /// Carries out a request of the page; `None` if there is no such request.
    pub(super) fn answer(&self, wanted: &str, body: &[u8], themes: &Themes) -> Option<Answer> {
        Some(match wanted {
            "channels" => self.channels(),
            "job" => self.jobs.state(),
            "take" => read(body, |OneChannel { channel }| self.take(channel, themes)),
            "deploy" => read(body, |wanted| self.deploy(wanted, themes)),
            "rollback" => read(body, |OneChannel { channel }| self.roll_back(channel)),
            "answer" => read(body, |Confirmation { number, yes }| self.jobs.answer(number, yes)),
            _ => return None,
        })
    }

    fn channels(&self) -> Answer {
        let report = channels::run(&self.request, &StoreEnvironment::default());
        let is_there = report.answer.is_some();
        let text = json(&report).unwrap_or_default();
        let mut document: Value = serde_json::from_str(&text).unwrap_or_default();
        if !is_there {
            // The last finding says why.
            let finding = document["findings"].as_array().and_then(|findings| findings.last());
            document = finding.cloned().unwrap_or_default();
        }
        Answer::Facts(document, is_there)
    }

    fn take(&self, channel: u64, themes: &Themes) -> Answer {
        let taken = download::take(&self.request, channel, &StoreEnvironment::default());
        match taken {
            Ok(theme) => {
                let origin = Origin::Channel { channel, command: self.download(channel) };
                let number = themes.keep(format!("channel-{channel}.zip"), origin, theme);
                themes.with(number, |number, held| introduce(number, held)).unwrap_or_else(gone)
            }
            Err(failure) => refuse_for(failure),
        }
    }

    fn deploy(&self, wanted: Deployment, themes: &Themes) -> Answer {
        themes.with(wanted.theme, |_, held| self.deploy_theme(&wanted, held)).unwrap_or_else(gone)
    }

    fn deploy_theme(&self, wanted: &Deployment, held: &LoadedTheme) -> Answer {
        // If the theme came from this channel, it is downloaded again: the channel may show another one by
        // now.
        let is_shown =
            matches!(&held.origin, Origin::Channel { channel, .. } if *channel == wanted.channel);
        let theme = (!is_shown).then(|| held.theme.clone());
        let path = (!is_shown).then(|| path(held));
        let command = match self.command(wanted, held, path.as_deref()) {
            Ok(command) => command,
            Err(error) => return refuse(error.to_string()),
        };
        let request = DeployRequest {
            store: self.request.clone(),
            channel: Some(wanted.channel),
            theme: path,
            build: BuildRequest {
                theme: PathBuf::new(),
                sources: Settings::default().into(),
                dry_run: true,
                run_build: None,
            },
            no_settings: wanted.no_settings,
            yes: false,
            replace_oldest: wanted.replace_oldest,
            record: self.record.clone(),
            no_live_check: wanted.no_live_check,
        };
        let settings = match wanted.choices.settings() {
            Ok(settings) => settings,
            Err(error) => return refuse_for(build::failure(error.into())),
        };
        self.jobs.start(command, move |progress| {
            let given = KnownInputs { settings, theme };
            deploy::run_given(&request, given, &progress.environment(), progress)
        })
    }

    /// Returns the equivalent `deploy` command line.
    fn command(
        &self,
        wanted: &Deployment,
        held: &LoadedTheme,
        path: Option<&Path>,
    ) -> Result<String, serde_json::Error> {
        let mut words = vec!["stencil-guard deploy".to_owned()];
        words.extend(path.map(|path| quoted(&path.to_string_lossy())));
        words.push(format!("--channel {}", wanted.channel));
        let by_file = path.is_some() && held.origin.settings().is_some();
        words.extend(wanted.choices.flags(by_file)?);
        let switches = [
            ("--no-settings", wanted.no_settings),
            ("--replace-oldest", wanted.replace_oldest),
            ("--no-live-check", wanted.no_live_check),
        ];
        let switched = switches.iter().filter(|(_, is_on)| *is_on);
        words.extend(switched.map(|(name, _)| (*name).to_owned()));
        words.extend(self.flags());
        let before = held.origin.command().filter(|_| path.is_some());
        let before = before.map(|command| format!("{command}\n")).unwrap_or_default();
        Ok(before + &words.join(" "))
    }

    /// Returns the command line that downloads the theme of a channel.
    fn download(&self, channel: u64) -> String {
        let words = [format!("--channel {channel} --output channel-{channel}.zip")];
        let words: Vec<String> = words.into_iter().chain(self.store_flags()).collect();
        format!("stencil-guard download {}", words.join(" "))
    }

    fn roll_back(&self, channel: u64) -> Answer {
        let command = ["stencil-guard rollback".to_owned(), format!("--channel {channel}")];
        let command: Vec<String> = command.into_iter().chain(self.flags()).collect();
        let request = RollbackRequest {
            store: self.request.clone(),
            channel: Some(channel),
            record: self.record.clone(),
            yes: false,
        };
        self.jobs.start(command.join(" "), move |progress| {
            rollback::run(&request, &progress.environment())
        })
    }

    /// Returns the flags of `serve` that name the store and its record.
    fn flags(&self) -> impl Iterator<Item = String> {
        let record = self.record.as_ref().map(|path| path.to_string_lossy());
        let record = record.map(|record| format!("--record {}", quoted(&record)));
        self.store_flags().chain(record)
    }

    fn store_flags(&self) -> impl Iterator<Item = String> {
        let StoreRequest { store_hash, token_file, api_host, .. } = &self.request;
        let token_file = token_file.as_ref().map(|path| path.to_string_lossy().into_owned());
        let flags = [
            ("--store-hash", store_hash.clone()),
            ("--token-file", token_file),
            ("--api-host", api_host.clone()),
        ];
        let said = |(name, value): (&str, Option<String>)| {
            value.map(|value| format!("{name} {}", quoted(&value)))
        };
        flags.into_iter().filter_map(said)
    }
}

/// Returns the path of a theme; for a dropped file only its name, because its folder is unknown and the page
/// must not name one.
fn path(held: &LoadedTheme) -> PathBuf {
    let path = PathBuf::from(&held.name);
    match held.origin {
        Origin::Local { .. } => path,
        _ => path.file_name().map_or_else(|| "theme.zip".into(), PathBuf::from),
    }
}

/// Parses a request of the page, and carries it out with `act`.
fn read<T: for<'de> Deserialize<'de>>(body: &[u8], act: impl FnOnce(T) -> Answer) -> Answer {
    match serde_json::from_slice(body) {
        Ok(wanted) => act(wanted),
        Err(error) => refuse(told(&error)),
    }
}
