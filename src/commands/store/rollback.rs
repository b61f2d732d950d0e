//! `stencil-guard rollback`: makes channels show again what they showed before, as one plan that the user
//! confirms before anything changes. It never deletes anything.

use super::confirm::{confirm, reservations};
use super::places::{self, Place};
use super::shipping::{activate, unfinished};
use super::{Error, Notes, StoreRequest, report};
use crate::report::store::{Answer, Changes, ChannelChange, StoreReport};
use crate::store::record::Change;
use crate::store::shown::Shown;
use crate::store::themes::Which;
use crate::store::{Client, StoreEnvironment};
use crate::text::{Code, Finding};
use std::path::PathBuf;

/// The arguments of `stencil-guard rollback`.
#[derive(Clone, Debug, Default)]
pub struct RollbackRequest {
    /// The store.
    pub store: StoreRequest,
    /// The channel; if missing, all channels that were changed.
    pub channel: Option<u64>,
    /// The record of what to go back to; if missing, the default file.
    pub record: Option<PathBuf>,
    /// Whether to skip the confirmation.
    pub yes: bool,
}

/// Runs the command.
pub fn run(request: &RollbackRequest, environment: &StoreEnvironment) -> StoreReport {
    report("rollback", |notes| rollback(request, environment, notes))
}

fn rollback(
    request: &RollbackRequest,
    environment: &StoreEnvironment,
    notes: &mut Notes,
) -> Result<Answer, Error> {
    let client = request.store.open(None, environment, notes)?;
    let record = places::record(request.record.as_deref(), &client)?;
    let is_meant = |id: &u64| request.channel.is_none_or(|channel| channel == *id);
    let wanted: Vec<u64> = record.record.channels.keys().copied().filter(is_meant).collect();
    if wanted.is_empty() {
        let which = request.channel.map(|id| format!(" on channel {id}")).unwrap_or_default();
        return Err(Error::Wrong {
            message: format!(
                "{} knows of nothing that was changed{which}",
                record.path().display()
            ),
            help: "name the record of the change with --record".to_owned(),
        });
    }
    let (places, _) = places::find(&client, &wanted)?;
    let mut ways = Vec::new();
    for place in &places {
        if let Some(change) = record.record.channels.get(&place.id()) {
            ways.extend(way_back(place, change, notes));
        }
    }
    let plan = plan(&ways, notes);
    if !plan.is_empty() {
        confirm(&plan, request.yes, environment)?;
    }
    let mut channels = Vec::new();
    for way in &ways {
        way.go(&client).inspect_err(|_| {
            let state = "not every channel is back".to_owned();
            notes.findings.push(unfinished(state, places.iter(), &channels));
        })?;
        channels.push(way.done());
    }
    Ok(Answer::Changes(Changes { plan, theme: None, channels, record: None, live: None }))
}

/// A channel, and what it showed before it was changed.
struct WayBack<'a> {
    place: &'a Place,
    before: &'a Shown,
    /// Whether the channel already shows that again.
    is_back: bool,
}

impl WayBack<'_> {
    /// Makes the channel show again what it showed before.
    fn go(&self, client: &Client<'_>) -> Result<(), Error> {
        let Self { place, before, is_back } = self;
        if *is_back {
            return Ok(());
        }
        let variation = before.variation.as_deref().unwrap_or_default();
        activate(client, place.id(), (&before.theme, variation), Which::LastActivated)
    }

    /// Returns the change to the channel, for the report.
    fn done(&self) -> ChannelChange {
        let Self { place, before, is_back } = self;
        ChannelChange {
            id: place.id(),
            name: place.channel.name.clone(),
            before: place.shown.as_ref().map(|shown| shown.theme_name.clone()),
            after: Some(before.theme_name.clone()),
            variation: before.variation_name.clone(),
            is_changed: !is_back,
        }
    }

    /// Returns the steps of the plan for this channel.
    fn plan(&self) -> [String; 2] {
        let named = |shown: Option<&Shown>| {
            let shown = shown.map(|shown| (&shown.theme_name, shown.variation_name.as_deref()));
            shown.map_or_else(
                || "no theme".to_owned(),
                |(theme, look)| format!("{theme}, {}", look.unwrap_or("a variation that is gone")),
            )
        };
        let Self { place, before, .. } = self;
        let (id, name) = (place.id(), &place.channel.name);
        [
            format!(
                "channel {id} ({name}): it shows {} now, which stencil-guard put there",
                named(place.shown.as_ref())
            ),
            format!(
                "show again on channel {id} what it showed before, with the settings it had: {}",
                named(Some(before))
            ),
        ]
    }
}

/// Returns how a channel goes back; `None` if it showed no theme before, or if somebody else has changed it
/// since.
fn way_back<'a>(
    place: &'a Place,
    Change { before, after }: &'a Change,
    notes: &mut Notes,
) -> Option<WayBack<'a>> {
    let Some(before) = before else {
        let message =
            format!("channel {} showed no theme before, and cannot be made to", place.id());
        let help = "show another theme in the control panel, or leave it";
        notes.findings.push(Finding::new(Code::StoreRefused, message).help(help));
        return None;
    };
    let is_back = place.theme() == Some(&before.theme);
    if !is_back && place.theme() != after.as_deref() {
        let now = place.shown.as_ref().map_or("no theme", |shown| &shown.theme_name);
        let message = format!(
            "channel {} shows {now}, which stencil-guard did not put there, so it stays",
            place.id()
        );
        let help = format!("activate {} in the control panel, or leave it", before.theme_name);
        notes.findings.push(Finding::new(Code::ChannelChanged, message).help(help));
        return None;
    }
    Some(WayBack { place, before, is_back })
}

/// Returns the steps of the plan, one line each; empty if nothing changes.
fn plan(ways: &[WayBack<'_>], notes: &Notes) -> Vec<String> {
    let mut plan: Vec<String> =
        ways.iter().filter(|way| !way.is_back).flat_map(WayBack::plan).collect();
    if plan.is_empty() {
        return plan;
    }
    plan.extend(reservations(notes));
    plan.push("nothing is deleted; deploying once more guards it again".to_owned());
    plan
}
