//! `stencil-guard rollback`: channels show again what they showed before. Nothing is ever deleted.

use super::places;
use super::shipping::{activate, unfinished};
use super::{Error, Notes, StoreRequest, report};
use crate::report::store::{Answer, Changes, ChannelChange, StoreReport};
use crate::store::Surroundings;
use crate::store::record::Change;
use crate::store::themes::Which;
use crate::text::{Code, Finding};
use std::path::PathBuf;

/// What was asked for on the command line.
#[derive(Clone, Debug, Default)]
pub struct RollbackRequest {
    /// The store.
    pub store: StoreRequest,
    /// The channel; all that were changed if none is given.
    pub channel: Option<u64>,
    /// Where it is put down what to go back to.
    pub record: Option<PathBuf>,
}

/// Runs the command.
pub fn run(request: &RollbackRequest, surroundings: &Surroundings) -> StoreReport {
    let mut notes = Notes::default();
    let result = rollback(request, surroundings, &mut notes);
    report("rollback", notes, result)
}

fn rollback(
    request: &RollbackRequest,
    surroundings: &Surroundings,
    notes: &mut Notes,
) -> Result<Answer, Error> {
    let client = request.store.open(None, surroundings, notes)?;
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
    let mut channels = Vec::new();
    for place in &places {
        let Some(Change { before, after }) = record.record.channels.get(&place.id()) else {
            continue;
        };
        let Some(before) = before else {
            let message =
                format!("channel {} showed no theme before, and cannot be made to", place.id());
            let help = "show another theme in the control panel, or leave it";
            notes.findings.push(Finding::new(Code::StoreRefused, message).help(help));
            continue;
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
            continue;
        }
        if !is_back {
            let variation = before.variation.as_deref().unwrap_or_default();
            activate(&client, place.id(), (&before.theme, variation), Which::LastActivated)
                .inspect_err(|_| {
                    let state = "not every channel is back".to_owned();
                    notes.findings.push(unfinished(state, places.iter(), &channels));
                })?;
        }
        channels.push(ChannelChange {
            id: place.id(),
            name: place.channel.name.clone(),
            before: place.shown.as_ref().map(|shown| shown.theme_name.clone()),
            after: Some(before.theme_name.clone()),
            variation: before.variation_name.clone(),
            is_changed: !is_back,
        });
    }
    Ok(Answer::Changes(Changes {
        plan: Vec::new(),
        theme: None,
        channels,
        record: None,
        live: None,
    }))
}
