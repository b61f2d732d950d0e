//! The channels that a command works on, and the record of changes to them.

use super::{Error, Notes};
use crate::store::channels::Channel;
use crate::store::record::{RecordError, RecordFile};
use crate::store::shown::Shown;
use crate::store::{Client, StoreEnvironment, StoreError};
use crate::text::{Code, Finding};
use std::path::{Path, PathBuf};

/// A channel, and what it shows.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) channel: Channel,
    pub(super) shown: Option<Shown>,
}

impl Place {
    pub(super) fn id(&self) -> u64 {
        self.channel.id
    }

    pub(super) fn theme(&self) -> Option<&str> {
        self.shown.as_ref().map(|shown| shown.theme.as_str())
    }

    /// The name of the variation that the channel shows.
    pub(super) fn variation(&self) -> Option<&str> {
        self.shown.as_ref()?.variation_name.as_deref()
    }

    /// Describes what the channel shows now, as a line of the plan.
    pub(super) fn now(&self) -> String {
        match &self.shown {
            Some(shown) => {
                let look = shown.variation_name.as_deref().unwrap_or("a variation that is gone");
                format!("it shows {}, {look}, now", shown.theme_name)
            }
            None => "it shows no theme now".to_owned(),
        }
    }
}

/// Returns the channels with these numbers, and all other channels of the store.
pub(super) fn find(
    client: &Client<'_>,
    wanted: &[u64],
) -> Result<(Vec<Place>, Vec<Channel>), Error> {
    let channels = client.channels()?;
    let missing = wanted.iter().find(|id| channels.iter().all(|channel| channel.id != **id));
    if let Some(id) = missing {
        return Err(StoreError::Missing(format!("the store has no storefront channel {id}")).into());
    }
    let (wanted, others): (Vec<Channel>, Vec<Channel>) =
        channels.into_iter().partition(|channel| wanted.contains(&channel.id));
    let place = |channel: Channel| {
        let shown = client.shown(channel.id)?;
        Ok(Place { channel, shown })
    };
    let places: Result<Vec<Place>, StoreError> = wanted.into_iter().map(place).collect();
    Ok((places?, others))
}

/// Reports the other channels that show a theme which one of `places` is about to replace.
pub(super) fn tell_shared(
    client: &Client<'_>,
    places: &[Place],
    others: &[Channel],
    notes: &mut Notes,
) -> Result<(), Error> {
    for other in others {
        let active = client.active_theme(other.id)?.map(|active| active.theme);
        let same =
            places.iter().find(|place| active.is_some() && place.theme() == active.as_deref());
        notes.findings.extend(same.map(|place| {
            let message = format!(
                "channel {} ({}) shows the same theme as channel {} and goes on showing it",
                other.id,
                other.name,
                place.id()
            );
            Finding::new(Code::SharedTheme, message)
        }));
    }
    Ok(())
}

/// Returns the given channel, or else the one that the environment names.
pub(super) fn one(given: Option<u64>, environment: &StoreEnvironment) -> Result<u64, Error> {
    let variable = || environment.variable("BIGCOMMERCE_CHANNEL_ID")?.trim().parse().ok();
    given.or_else(variable).ok_or_else(|| Error::Wrong {
        message: "no channel is given".to_owned(),
        help: "give its number with --channel; `stencil-guard channels` lists them".to_owned(),
    })
}

/// Opens the record of a store: the given file, or else the default one in the state folder.
pub(super) fn record(given: Option<&Path>, client: &Client<'_>) -> Result<RecordFile, Error> {
    let path = match given {
        Some(path) => path.to_owned(),
        None => {
            let folder = state_folder(client.environment()).ok_or(RecordError::NoPlace)?;
            folder.join(format!("{}.json", client.hash()))
        }
    };
    Ok(RecordFile::open(path, client.hash())?)
}

/// Returns the default path of the restore file for a channel's routes.
pub(super) fn restore_file(client: &Client<'_>, channel: u64) -> Result<PathBuf, RecordError> {
    let folder = state_folder(client.environment()).ok_or(RecordError::NoPlace)?;
    Ok(folder.join(format!("{}-routes-of-{channel}.json", client.hash())))
}

/// Returns the folder where stencil-guard keeps its state.
fn state_folder(environment: &StoreEnvironment) -> Option<PathBuf> {
    let variable = |name: &str| environment.variable(name).map(PathBuf::from);
    let home = || Some(variable("HOME")?.join(".local/state"));
    let folder = variable("XDG_STATE_HOME").or_else(|| variable("LOCALAPPDATA")).or_else(home);
    Some(folder?.join("stencil-guard"))
}
