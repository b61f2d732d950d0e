//! The store's themes: list, download, upload, activation, removal.

use super::jobs::Job;
use super::{Client, Repeat, StoreError};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use ureq::http::Method;

/// A theme of the store.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct StoreTheme {
    /// The theme's UUID.
    pub uuid: String,
    /// The theme's name.
    #[serde(default)]
    pub name: String,
    /// Whether the merchant uploaded the theme.
    #[serde(default)]
    pub is_private: bool,
    /// Whether a storefront shows the theme.
    #[serde(default)]
    pub is_active: bool,
    /// When the theme was last changed.
    #[serde(default)]
    pub updated_at: Option<String>,
    /// The theme's variations.
    #[serde(default)]
    pub variations: Vec<Variation>,
}

/// A variation of a theme.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Variation {
    /// The variation's UUID.
    pub uuid: String,
    /// The variation's name.
    #[serde(default)]
    pub name: String,
}

/// Settings saved in the theme editor.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Configuration {
    /// The UUID of the settings.
    #[serde(default)]
    pub uuid: String,
    /// The variation that they belong to.
    #[serde(default, alias = "variation_id")]
    pub variation_uuid: Option<String>,
    /// The settings.
    #[serde(default)]
    pub settings: Map<String, Value>,
}

/// The settings that an activated theme begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The settings in the theme's files.
    Original,
    /// The settings that the theme was last shown with.
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
    /// Returns all themes of the store.
    ///
    /// # Errors
    /// When the store does not answer.
    pub fn themes(&self) -> Result<Vec<StoreTheme>, StoreError> {
        self.get("/themes")
    }

    /// Returns one theme, with its variations.
    ///
    /// # Errors
    /// When there is no such theme, or the store does not answer.
    pub fn theme(&self, uuid: &str) -> Result<StoreTheme, StoreError> {
        let theme: StoreTheme = self.get(&format!("/themes/{uuid}"))?;
        if !theme.variations.is_empty() {
            return Ok(theme);
        }
        // According to the API reference, only the list has variations.
        let listed = self.themes()?.into_iter().find(|listed| listed.uuid == uuid);
        Ok(listed.unwrap_or(theme))
    }

    /// Returns the settings of a theme by their UUID.
    ///
    /// # Errors
    /// When there are no such settings, or the store does not answer.
    pub fn configuration(&self, theme: &str, uuid: &str) -> Result<Configuration, StoreError> {
        let list: Vec<Configuration> =
            self.get(&format!("/themes/{theme}/configurations?uuid:in={uuid}"))?;
        let found = list.into_iter().find(|one| one.uuid.is_empty() || one.uuid == uuid);
        found.ok_or_else(|| {
            StoreError::Missing(format!("the store has no settings {uuid} for the theme {theme}"))
        })
    }

    /// Downloads the theme as a zip, without the settings of the theme editor.
    ///
    /// # Errors
    /// When the store does not provide it.
    pub fn download_theme(&self, theme: &str) -> Result<Vec<u8>, StoreError> {
        const WHAT: &str = "hand out the theme";
        let path = format!("/themes/{theme}/actions/download");
        let body = json!({ "which": Which::LastActivated.word() });
        // A second job does no harm.
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

    /// Uploads a bundle and returns the job that processes it.
    ///
    /// # Errors
    /// When the store does not accept it. After an uncertain error it may have accepted it nevertheless.
    pub fn start_upload(&self, name: &str, bundle: &[u8]) -> Result<String, StoreError> {
        let answer = self.upload("/themes", name, bundle)?;
        job_id("POST /themes", &answer)
    }

    /// Waits for the job that processes an upload.
    ///
    /// # Errors
    /// When the store refuses the theme, or does not answer.
    pub fn follow_upload(&self, job: &str) -> Result<Job, StoreError> {
        self.follow(job, "take in the theme")
    }

    /// Shows a theme on one channel.
    ///
    /// # Errors
    /// When the store refuses. After an uncertain error the theme may be shown nevertheless.
    pub fn activate(&self, variation: &str, channel: u64, which: Which) -> Result<(), StoreError> {
        // The API reference has the channel in the query, the official tool in the body.
        let path = format!("/themes/actions/activate?channel_id={channel}");
        let body =
            json!({ "variation_id": variation, "channel_id": channel, "which": which.word() });
        self.change(&Method::POST, &path, &body, Repeat::NotIdempotent).map(drop)
    }

    /// Deletes a theme from the store.
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
