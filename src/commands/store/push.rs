//! `stencil-guard push`: uploads a bundle to the store and, on request, shows it on channels, as one plan
//! that the user confirms first.

use super::confirm::{confirm, reservations};
use super::package::{self, Package};
use super::places::{self, Place};
use super::shipping::Shipping;
use super::{Error, Notes, StoreRequest, report};
use crate::pipeline::progress::Progress;
use crate::report::store::{Answer, Changes, StoreReport};
use crate::store::StoreEnvironment;
use std::path::PathBuf;

/// The arguments of `stencil-guard push`.
#[derive(Clone, Debug, Default)]
pub struct PushRequest {
    /// The store.
    pub store: StoreRequest,
    /// A bundle, or a theme to bundle.
    pub theme: PathBuf,
    /// The channels.
    pub channels: Vec<u64>,
    /// Whether the channels should show the theme, and in which variation; if unnamed, in their current one.
    pub activate: Option<Option<String>>,
    /// Whether the oldest theme that stencil-guard uploaded may be deleted if the store is full.
    pub replace_oldest: bool,
    /// The record of what to go back to; if missing, the default file.
    pub record: Option<PathBuf>,
    /// Whether to skip the confirmation.
    pub yes: bool,
}

/// Runs the command.
pub fn run(
    request: &PushRequest,
    environment: &StoreEnvironment,
    progress: &dyn Progress,
) -> StoreReport {
    report("push", |notes| push(request, environment, progress, notes))
}

fn push(
    request: &PushRequest,
    environment: &StoreEnvironment,
    progress: &dyn Progress,
    notes: &mut Notes,
) -> Result<Answer, Error> {
    if request.activate.is_some() && request.channels.is_empty() {
        return Err(Error::Wrong {
            message: "the theme is to be activated, but no channel is given".to_owned(),
            help: "name each channel with --channel; `stencil-guard channels` lists them"
                .to_owned(),
        });
    }
    let package = package::read(&request.theme, progress, notes)?;
    let client = request.store.open(Some(&request.theme), environment, notes)?;
    let (places, others) = places::find(&client, &request.channels)?;
    let mut wanted = Vec::new();
    if let Some(look) = &request.activate {
        for place in &places {
            wanted.push((place.clone(), self::look(look.as_deref(), place, &package)?));
        }
        places::tell_shared(&client, &places, &others, notes)?;
    }
    let mut record = places::record(request.record.as_deref(), &client)?;
    let plan = plan(&package, &wanted, notes);
    // An upload alone is not visible to shoppers, so it needs no confirmation.
    if !plan.is_empty() {
        confirm(&plan, request.yes, environment)?;
    }
    let replace_oldest = request.replace_oldest;
    let mut shipping = Shipping { client: &client, record: &mut record, replace_oldest };
    let (theme, channels) = shipping.ship(&package, &wanted, notes)?;
    let record = Some(record.path().to_owned());
    Ok(Answer::Changes(Changes { plan, theme: Some(theme), channels, record, live: None }))
}

/// Returns the steps of the plan, one line each; empty if no channel will show the theme.
fn plan(package: &Package, wanted: &[(Place, String)], notes: &Notes) -> Vec<String> {
    if wanted.is_empty() {
        return Vec::new();
    }
    let channel = |place: &Place| format!("channel {} ({})", place.id(), place.channel.name);
    let now = wanted.iter().map(|(place, _)| format!("{}: {}", channel(place), place.now()));
    let upload = format!("upload {} as a new theme ({} bytes)", package.name, package.bytes.len());
    let show = wanted
        .iter()
        .map(|(place, look)| format!("show it on {}, in the variation {look}", channel(place)));
    let back = wanted
        .iter()
        .map(|(place, _)| format!("to go back: stencil-guard rollback --channel {}", place.id()));
    now.chain([upload]).chain(show).chain(reservations(notes)).chain(back).collect()
}

/// Returns the variation in which a channel will show a bundle: the named one, else the channel's current
/// one, else the bundle's first.
pub(super) fn look(named: Option<&str>, place: &Place, package: &Package) -> Result<String, Error> {
    let look = named.or_else(|| place.variation());
    let names = &package.variations;
    let found = match look {
        Some(look) => names.iter().find(|name| *name == look),
        None => names.first(),
    };
    found.cloned().ok_or_else(|| Error::Wrong {
        message: format!(
            "the bundle has no variation `{}`, {}",
            look.unwrap_or_default(),
            if named.is_some() {
                "which was asked for".to_owned()
            } else {
                format!("in which channel {} shows its theme", place.id())
            }
        ),
        help: format!("choose one with --activate=NAME: {}", names.join(", ")),
    })
}
