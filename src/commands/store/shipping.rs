//! Uploads a bundle to a store and shows it on channels. Before each change, it checks whether the change was
//! already made, for example by an interrupted run, and records what it is about to do.

use super::package::Package;
use super::places::Place;
use super::{Error, Notes};
use crate::report::store::{ChannelChange, SentTheme};
use crate::store::record::{RecordFile, Upload};
use crate::store::themes::{StoreTheme, Which};
use crate::store::{Client, StoreError};
use crate::text::{Code, Finding};
use std::collections::BTreeSet;
use std::time::Duration;

/// The largest bundle in bytes that the platform takes.
const MAX_BYTES: usize = 52_428_800;
/// How often to try an activation whose outcome is uncertain.
const MAX_ACTIVATIONS: u32 = 3;
const PAUSE: Duration = Duration::from_secs(2);

/// One run against one store.
pub(super) struct Shipping<'r, 's> {
    pub(super) client: &'r Client<'s>,
    pub(super) record: &'r mut RecordFile,
    /// Whether the oldest theme that stencil-guard uploaded may be deleted if the store is full.
    pub(super) replace_oldest: bool,
}

impl Shipping<'_, '_> {
    /// Uploads a bundle to the store and shows it on channels. If a step fails, reports how far the run got.
    pub(super) fn ship(
        &mut self,
        package: &Package,
        places: &[(Place, String)],
        notes: &mut Notes,
    ) -> Result<(SentTheme, Vec<ChannelChange>), Error> {
        let theme = self.send(package, notes)?;
        let mut done = Vec::new();
        let shown = self.show(&theme, places, &mut done);
        if shown.is_err() && !places.is_empty() {
            let state = format!("{} is in the store ({})", theme.name, theme.uuid);
            let places = places.iter().map(|(place, _)| place);
            notes.findings.push(unfinished(state, places, &done));
        }
        shown.map(|()| (theme, done))
    }

    /// Returns the store's theme for a bundle, uploading the bundle if necessary.
    fn send(&mut self, package: &Package, notes: &mut Notes) -> Result<SentTheme, Error> {
        if package.bytes.len() > MAX_BYTES {
            let message = format!(
                "the bundle has {} bytes; the platform takes {MAX_BYTES} at most (TR-500)",
                package.bytes.len()
            );
            let help = "remove or shrink large files".to_owned();
            notes.findings.push(Finding::new(Code::TooLarge, message).help(help));
            return Err(Error::Findings);
        }
        let digest = package.digest();
        let sent = |uuid: String, is_new: bool, replaced: Option<String>| SentTheme {
            uuid,
            name: package.name.clone(),
            is_new,
            replaced,
        };
        let themes = self.client.themes()?;
        if let Some(uuid) = self.arrived_earlier(&digest, package, &themes, notes)? {
            return Ok(sent(uuid, false, None));
        }
        let known = themes.into_iter().map(|theme| theme.uuid).collect();
        let mut upload = Upload { digest, known, job: None, theme: None };
        self.record.record.set_upload(upload.clone());
        self.record.save()?;
        let mut removed = None;
        let uuid = self.bring(package, &mut upload, &mut removed, notes).inspect_err(|_| {
            notes.findings.extend(removed.as_deref().map(made_room));
        })?;
        upload.theme = Some(uuid.clone());
        self.record.record.set_upload(upload);
        self.record.save()?;
        Ok(sent(uuid, true, removed))
    }

    /// Uploads a bundle, and waits for the resulting theme. Sets `removed` to the theme that was deleted to
    /// make room, if any.
    fn bring(
        &mut self,
        package: &Package,
        upload: &mut Upload,
        removed: &mut Option<String>,
        notes: &mut Notes,
    ) -> Result<String, Error> {
        let job = match self.start(package, upload, removed)? {
            Started::Arrived(uuid) => return Ok(uuid),
            Started::Job(job) => job,
        };
        upload.job = Some(job.clone());
        self.record.record.set_upload(upload.clone());
        self.record.save()?;
        self.finish(&job, package, upload, notes)
    }

    /// Returns the theme that an earlier run uploaded, if there is one.
    fn arrived_earlier(
        &mut self,
        digest: &str,
        package: &Package,
        themes: &[StoreTheme],
        notes: &mut Notes,
    ) -> Result<Option<String>, Error> {
        const LOOKS: u32 = 3;
        let Some(mut upload) = self.record.record.upload(digest).cloned() else { return Ok(None) };
        let is_there = |uuid: &String| themes.iter().any(|theme| theme.uuid == *uuid);
        let found = match (&upload.theme, &upload.job) {
            (Some(theme), _) => Some(theme.clone()).filter(is_there),
            (None, Some(job)) => match self.finish(job, package, &upload, notes) {
                Ok(uuid) => Some(uuid),
                Err(Error::Store(StoreError::JobFailed { .. })) => None,
                // The store forgets old jobs.
                Err(Error::Store(error)) if error.status() == Some(404) => {
                    self.look_for(package, &upload.known, LOOKS)?
                }
                Err(error) => return Err(error),
            },
            (None, None) => self.look_for(package, &upload.known, LOOKS)?,
        };
        match &found {
            Some(uuid) => {
                upload.theme = Some(uuid.clone());
                self.record.record.set_upload(upload);
            }
            None => self.record.record.forget_upload(digest),
        }
        self.record.save()?;
        Ok(found)
    }

    /// Starts the upload of a bundle; if its outcome is uncertain, checks whether the theme arrived.
    fn start(
        &mut self,
        package: &Package,
        upload: &Upload,
        removed: &mut Option<String>,
    ) -> Result<Started, Error> {
        let send = || self.client.start_upload(&package.file_name, &package.bytes);
        (self.client.environment().tell)(&format!(
            "uploading {} ({} bytes)",
            package.name,
            package.bytes.len()
        ));
        let job = match send() {
            Err(StoreError::Refused(refusal))
                if refusal.is_upload_limit() && self.replace_oldest =>
            {
                self.remove_oldest(removed)?;
                send()
            }
            other => other,
        };
        job.map(Started::Job).or_else(|error| self.look_after(error, package, upload))
    }

    /// Handles a failed upload: if its outcome is uncertain, checks whether the theme arrived; otherwise,
    /// forgets the upload.
    fn look_after(
        &mut self,
        error: StoreError,
        package: &Package,
        upload: &Upload,
    ) -> Result<Started, Error> {
        const LOOKS: u32 = 15;
        if error.is_uncertain() {
            let arrived = self.look_for(package, &upload.known, LOOKS)?;
            return arrived.map(Started::Arrived).ok_or(error.into());
        }
        self.record.record.forget_upload(&upload.digest);
        self.record.save()?;
        Err(error.into())
    }

    /// Waits for an upload job, and returns the resulting theme.
    fn finish(
        &mut self,
        job: &str,
        package: &Package,
        upload: &Upload,
        notes: &mut Notes,
    ) -> Result<String, Error> {
        let done = match self.client.follow_upload(job) {
            Err(error @ StoreError::JobFailed { .. }) => {
                self.record.record.forget_upload(&upload.digest);
                self.record.save()?;
                return Err(error.into());
            }
            other => other?,
        };
        let warnings = done
            .warnings
            .iter()
            .map(|text| Finding::new(Code::StoreWarning, format!("the store says: {text}")));
        notes.findings.extend(warnings);
        let named = done.result.get("theme_id").and_then(serde_json::Value::as_str);
        if let Some(uuid) = named {
            return Ok(uuid.to_owned());
        }
        self.look_for(package, &upload.known, 1)?.ok_or_else(|| {
            let message =
                "the store accepted the theme, but does not say which one it is".to_owned();
            StoreError::Missing(message).into()
        })
    }

    /// Looks for a theme that is not in `known` and has the bundle's name; `None` unless there is exactly
    /// one.
    fn look_for(
        &self,
        package: &Package,
        known: &BTreeSet<String>,
        looks: u32,
    ) -> Result<Option<String>, Error> {
        for _ in 0..looks {
            let is_it = |theme: &StoreTheme| {
                theme.is_private && theme.name == package.name && !known.contains(&theme.uuid)
            };
            let mut found = self.client.themes()?.into_iter().filter(is_it);
            match (found.next(), found.next()) {
                (Some(theme), None) => return Ok(Some(theme.uuid)),
                (Some(_), Some(_)) => return Ok(None),
                (None, _) => (self.client.environment().sleep)(PAUSE),
            }
        }
        Ok(None)
    }

    /// Deletes the oldest theme that stencil-guard uploaded, unless a channel shows it or a rollback needs
    /// it. Sets `removed` to its name.
    fn remove_oldest(&mut self, removed: &mut Option<String>) -> Result<(), Error> {
        let mut active = BTreeSet::new();
        for channel in self.client.channels()? {
            active.extend(self.client.active_theme(channel.id)?.map(|active| active.theme));
        }
        let going_back =
            self.record.record.channels.values().filter_map(|change| change.before.as_ref());
        active.extend(going_back.map(|shown| shown.theme.clone()));
        let themes = self.client.themes()?.into_iter();
        let may_navigate = |theme: &StoreTheme| {
            theme.is_private
                && !theme.is_active
                && !active.contains(&theme.uuid)
                && self.record.record.is_ours(&theme.uuid)
        };
        let oldest =
            themes.filter(may_navigate).min_by(|one, other| one.updated_at.cmp(&other.updated_at));
        let oldest = oldest.ok_or_else(|| Error::Wrong {
            message: "the store has no room for another theme, and stencil-guard uploaded none of its inactive themes".to_owned(),
            help: "delete one that you do not need in the control panel".to_owned(),
        })?;
        self.client.delete_theme(&oldest.uuid)?;
        *removed = Some(format!("{} ({})", oldest.name, oldest.uuid));
        for _ in 0..5 {
            if self.client.themes()?.iter().all(|theme| theme.uuid != oldest.uuid) {
                break;
            }
            (self.client.environment().sleep)(PAUSE);
        }
        Ok(())
    }

    /// Shows a theme on channels, each in the named variation, and adds each result to `done`.
    fn show(
        &mut self,
        theme: &SentTheme,
        places: &[(Place, String)],
        done: &mut Vec<ChannelChange>,
    ) -> Result<(), Error> {
        if places.is_empty() {
            return Ok(());
        }
        let variations = self.client.theme(&theme.uuid)?.variations;
        for (place, look) in places {
            let variation = variations.iter().find(|variation| variation.name == *look);
            let variation = variation.ok_or_else(|| {
                StoreError::Missing(format!("the uploaded theme has no variation `{look}`"))
            })?;
            let is_shown = place.theme() == Some(&theme.uuid)
                && place.shown.as_ref().and_then(|shown| shown.variation.as_ref())
                    == Some(&variation.uuid);
            if !is_shown {
                self.record.record.begin(place.id(), place.shown.clone(), &theme.uuid);
                self.record.save()?;
                activate(self.client, place.id(), (&theme.uuid, &variation.uuid), Which::Original)?;
            }
            done.push(ChannelChange {
                id: place.id(),
                name: place.channel.name.clone(),
                before: place.shown.as_ref().map(|shown| shown.theme_name.clone()),
                after: Some(theme.name.clone()),
                variation: Some(look.clone()),
                is_changed: !is_shown,
            });
        }
        Ok(())
    }
}

/// Reports that a theme was deleted to make room although the upload failed.
fn made_room(name: &str) -> Finding {
    let message = format!("{name}, uploaded by stencil-guard earlier, was removed to make room");
    Finding::new(Code::StoreUnfinished, message).help("run the same command again to go on")
}

/// Reports how far a failed command got: `state`, and which channels are `done`.
pub(super) fn unfinished<'p>(
    state: String,
    places: impl Iterator<Item = &'p Place>,
    done: &[ChannelChange],
) -> Finding {
    let is_done = |place: &Place| done.iter().any(|change| change.id == place.id());
    let channel = |place: &Place| match is_done(place) {
        true => format!("done: channel {}", place.id()),
        false => format!("not done: channel {}", place.id()),
    };
    let parts: Vec<String> = std::iter::once(state).chain(places.map(channel)).collect();
    Finding::new(Code::StoreUnfinished, parts.join("; ")).help(
        "run the same command again to go on; `stencil-guard channels` says what is shown now, and `stencil-guard rollback` goes back",
    )
}

enum Started {
    Job(String),
    /// The theme is in the store, but the job's name was lost.
    Arrived(String),
}

/// Activates a theme on a channel, and reads back whether it is shown. After an uncertain answer, checks
/// before trying again.
pub(super) fn activate(
    client: &Client<'_>,
    channel: u64,
    (theme, variation): (&str, &str),
    which: Which,
) -> Result<(), Error> {
    let is_shown = || -> Result<bool, StoreError> {
        let shown = client.shown(channel)?;
        Ok(shown.is_some_and(|shown| {
            shown.theme == theme && shown.variation.as_deref().is_none_or(|one| one == variation)
        }))
    };
    let pause = || (client.environment().sleep)(PAUSE);
    (client.environment().tell)(&format!("activating on channel {channel}"));
    let mut attempts = 0;
    loop {
        attempts += 1;
        match client.activate(variation, channel, which) {
            Ok(()) => break,
            Err(error) if error.is_uncertain() => {
                pause();
                if is_shown()? {
                    return Ok(());
                }
                if attempts == MAX_ACTIVATIONS {
                    return Err(error.into());
                }
            }
            Err(error) => return Err(error.into()),
        }
    }
    for _ in 0..5 {
        if is_shown()? {
            return Ok(());
        }
        pause();
    }
    let message = format!(
        "the store accepted the activation, but channel {channel} still shows another theme"
    );
    Err(StoreError::Missing(message).into())
}
