//! `stencil-guard channels`: lists the channels of the store, and what each one shows.

use super::{Error, StoreRequest, report};
use crate::report::store::{Answer, ChannelRow, StoreReport};
use crate::store::channels::Channel;
use crate::store::sites::Site;
use crate::store::{Client, StoreEnvironment};

/// Runs the command.
pub fn run(request: &StoreRequest, environment: &StoreEnvironment) -> StoreReport {
    report("channels", |notes| list(&request.open(None, environment, notes)?))
}

fn list(client: &Client<'_>) -> Result<Answer, Error> {
    let channels = client.channels()?;
    let sites = client.sites()?;
    let themes = client.themes()?;
    let row = |channel: Channel| {
        let active = client.active_theme(channel.id)?.map(|active| active.theme);
        let theme = themes.iter().find(|theme| Some(&theme.uuid) == active.as_ref());
        let site = sites.iter().find(|site| site.channel_id == channel.id);
        let address = |kind: &str| site.and_then(|site| site.address(kind)).map(str::to_owned);
        Ok(ChannelRow {
            is_headless: channel.is_headless(),
            site: address("primary").or_else(|| site.map(|site: &Site| site.url.clone())),
            checkout: address("checkout"),
            theme: theme.map(|theme| theme.name.clone()),
            theme_uuid: active,
            id: channel.id,
            name: channel.name,
            platform: channel.platform,
            status: channel.status,
        })
    };
    let rows: Result<Vec<ChannelRow>, Error> = channels.into_iter().map(row).collect();
    Ok(Answer::Channels(rows?))
}
