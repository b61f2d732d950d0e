//! The store's themes: list, download, upload, activation, removal.

use super::jobs::Job;
use super::{Client, Repeat, StoreError};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use ureq::http::Method;

/// A theme of the store.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct StoreTheme {
    /// Its number.
    pub uuid: String,
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// Whether somebody uploaded it.
    #[serde(default)]
    pub is_private: bool,
    /// Whether a storefront shows it.
    #[serde(default)]
    pub is_active: bool,
    /// When it was changed.
    #[serde(default)]
    pub updated_at: Option<String>,
    /// Its looks.
    #[serde(default)]
    pub variations: Vec<Variation>,
}

/// One look of a theme.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Variation {
    /// Its number.
    pub uuid: String,
    /// Its name.
    #[serde(default)]
    pub name: String,
}

/// The settings that somebody made in the theme editor.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Configuration {
    /// Its number.
    #[serde(default)]
    pub uuid: String,
    /// The look that it belongs to.
    #[serde(default, alias = "variation_id")]
    pub variation_uuid: Option<String>,
    /// The settings.
    #[serde(default)]
    pub settings: Map<String, Value>,
}

/// Which settings an activated theme begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those of its files.
    Original,
    /// Those that it was last shown with.
    LastActivated,
}

impl Which {
    fn word(self) -> &'static str {
        match self {
            Which::Original => "original",
            Which::LastActivated => "last_activated",
        }
    }
}

impl Client<'_> {
    /// All themes of the store.
    ///
    /// # Errors
    /// When the store does not say.
    pub fn themes(&self) -> Result<Vec<StoreTheme>, StoreError> {
        self.get("/themes")
    }

    /// One theme, with its variations.
    ///
    /// # Errors
    /// When there is none, or the store does not say.
    pub fn theme(&self, uuid: &str) -> Result<StoreTheme, StoreError> {
        let theme: StoreTheme = self.get(&format!("/themes/{uuid}"))?;
        if !theme.variations.is_empty() {
            return Ok(theme);
        }
        // The reference says that only the list has variations.
        let listed = self.themes()?.into_iter().find(|listed| listed.uuid == uuid);
        Ok(listed.unwrap_or(theme))
    }

    /// The settings of a theme by their number.
    ///
    /// # Errors
    /// When there are none, or the store does not say.
    pub fn configuration(&self, theme: &str, uuid: &str) -> Result<Configuration, StoreError> {
        let list: Vec<Configuration> =
            self.get(&format!("/themes/{theme}/configurations?uuid:in={uuid}"))?;
        let found = list.into_iter().find(|one| one.uuid.is_empty() || one.uuid == uuid);
        found.ok_or_else(|| {
            StoreError::Missing(format!("the store has no settings {uuid} for the theme {theme}"))
        })
    }

    /// The theme as a zip, without what was set in the theme editor.
    ///
    /// # Errors
    /// When the store cannot hand it out.
    pub fn download_theme(&self, theme: &str) -> Result<Vec<u8>, StoreError> {
        const WHAT: &str = "hand out the theme";
        let path = format!("/themes/{theme}/actions/download");
        let body = json!({ "which": Which::LastActivated.word() });
        // A job more harms nobody.
        let started = self.change(&Method::POST, &path, &body, Repeat::Harmless)?;
        let job = job_id(&format!("POST {path}"), &started)?;
        let done = self.follow(&job, WHAT)?;
        let link = done.result.get("download_url").and_then(Value::as_str);
        let link = link.ok_or_else(|| StoreError::Unexpected {
            request: format!("GET /themes/jobs/{job}"),
            reason: "the job has ended without a link".to_owned(),
        })?;
        self.fetch(link)
    }

    /// Sends a bundle; the job that takes it in.
    ///
    /// # Errors
    /// When the store does not take it. After an uncertain error it may have all the same.
    pub fn start_upload(&self, name: &str, bundle: &[u8]) -> Result<String, StoreError> {
        let answer = self.upload("/themes", name, bundle)?;
        job_id("POST /themes", &answer)
    }

    /// Follows the job that takes a bundle in.
    ///
    /// # Errors
    /// When the store refuses the theme, or does not say.
    pub fn follow_upload(&self, job: &str) -> Result<Job, StoreError> {
        self.follow(job, "take in the theme")
    }

    /// Shows a theme on one channel.
    ///
    /// # Errors
    /// When the store refuses. After an uncertain error the theme may be shown all the same.
    pub fn activate(&self, variation: &str, channel: u64, which: Which) -> Result<(), StoreError> {
        // The reference has the channel in the query, the official tool in the body.
        let path = format!("/themes/actions/activate?channel_id={channel}");
        let body =
            json!({ "variation_id": variation, "channel_id": channel, "which": which.word() });
        self.change(&Method::POST, &path, &body, Repeat::CountsTwice).map(drop)
    }

    /// Removes a theme from the store.
    ///
    /// # Errors
    /// When the store refuses.
    pub fn delete_theme(&self, uuid: &str) -> Result<(), StoreError> {
        self.delete(&format!("/themes/{uuid}"))
    }
}

fn job_id(request: &str, answer: &Value) -> Result<String, StoreError> {
    let id = answer.get("job_id").or_else(|| answer.pointer("/data/job_id"));
    id.and_then(Value::as_str).map(str::to_owned).ok_or_else(|| StoreError::Unexpected {
        request: request.to_owned(),
        reason: "it names no job".to_owned(),
    })
}
