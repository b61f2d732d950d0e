//! `stencil-guard push`: a bundle into the store, and onto channels if that is asked for, as one plan that is shown
//! and asked about before anything is changed.

use super::confirm::{confirm, reservations};
use super::package::{self, Package};
use super::places::{self, Place};
use super::shipping::Shipping;
use super::{Error, Notes, StoreRequest, report};
use crate::pipeline::progress::Progress;
use crate::report::store::{Answer, Changes, StoreReport};
use crate::store::Surroundings;
use std::path::PathBuf;

/// What was asked for on the command line.
#[derive(Clone, Debug, Default)]
pub struct PushRequest {
    /// The store.
    pub store: StoreRequest,
    /// A bundle, or a theme.
    pub theme: PathBuf,
    /// The channels.
    pub channels: Vec<u64>,
    /// Whether they are to show it, and in which look if not in that of today.
    pub activate: Option<Option<String>>,
    /// Whether the oldest theme of ours may go if the store is full.
    pub replace_oldest: bool,
    /// Where it is put down what to go back to.
    pub record: Option<PathBuf>,
    /// Whether nobody is asked.
    pub yes: bool,
}

/// Runs the command.
pub fn run(
    request: &PushRequest,
    surroundings: &Surroundings,
    progress: &dyn Progress,
) -> StoreReport {
    report("push", |notes| push(request, surroundings, progress, notes))
}

fn push(
    request: &PushRequest,
    surroundings: &Surroundings,
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
    let client = request.store.open(Some(&request.theme), surroundings, notes)?;
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
    // What is uploaded only, nobody sees.
    if !plan.is_empty() {
        confirm(&plan, request.yes, surroundings)?;
    }
    let replace_oldest = request.replace_oldest;
    let mut shipping = Shipping { client: &client, record: &mut record, replace_oldest };
    let (theme, channels) = shipping.ship(&package, &wanted, notes)?;
    let record = Some(record.path().to_owned());
    Ok(Answer::Changes(Changes { plan, theme: Some(theme), channels, record, live: None }))
}

/// What is going to be done, one line a step; nothing if no channel is to show the theme.
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

/// The look in which a channel is to show a bundle: the one that was named, else that of today.
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
