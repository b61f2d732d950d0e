//! The current state of a channel's site, and the report of a plan for it.

use super::Error;
use crate::pipeline::platform_links::links_of_route;
use crate::report::store::{RouteChange, RouteRow, RoutesReport};
use crate::store::channels::Channel;
use crate::store::routes::{Change, Route, RouteKey, Snapshot};
use crate::store::sites::Site;
use crate::store::{Client, StoreError};

/// A channel, its site, and the routes of the site.
#[derive(Debug)]
pub(super) struct Survey {
    pub(super) channel: Channel,
    pub(super) site: Site,
    pub(super) routes: Vec<Route>,
}

impl Survey {
    /// Reads a channel as it is now.
    pub(super) fn of(client: &Client<'_>, id: u64) -> Result<Self, Error> {
        let missing = |what: &str| StoreError::Missing(format!("the store has no {what} {id}"));
        let channels = client.channels()?;
        let channel = channels.into_iter().find(|channel| channel.id == id);
        let channel = channel.ok_or_else(|| missing("storefront channel"))?;
        let site = client.site(id)?.ok_or_else(|| missing("site of channel"))?;
        let routes = client.routes(site.id)?;
        Ok(Self { channel, site, routes })
    }

    /// Returns the address of the site, where its shoppers belong, without a final slash.
    fn url(&self) -> String {
        self.site.home().trim_end_matches('/').to_owned()
    }

    /// Returns what a restore file holds before the first change.
    pub(super) fn snapshot(&self, client: &Client<'_>) -> Snapshot {
        let mut snapshot =
            Snapshot::new(client.hash(), self.channel.id, self.site.id, &self.routes);
        snapshot.site_url = self.url();
        snapshot.checkout_url = self.site.address("checkout").map(str::to_owned);
        snapshot
    }

    /// Refuses a channel on WordPress: BigCommerce's plugin manages the routes and the site's address itself,
    /// and would undo changes made here.
    pub(super) fn refuse_own_writer(&self) -> Result<(), Error> {
        match self.channel.platform == "wordpress" {
            false => Ok(()),
            true => Err(Error::Wrong {
                message: format!(
                    "channel {} ({}) runs on WordPress, whose plugin writes the routes and addresses itself",
                    self.channel.id, self.channel.name
                ),
                help:
                    "set the pages in the plugin; `stencil-guard routes plan` shows what it wrote"
                        .to_owned(),
            }),
        }
    }

    /// Reports what `changes` make of the site's routes.
    pub(super) fn report(&self, changes: &[Change]) -> RoutesReport {
        let new = changes.iter().filter(|change| change.before().is_none());
        let there = self.routes.iter().map(|route| {
            let is_meant = |change: &&Change| match change {
                Change::Create { .. } => false,
                Change::Update { before, .. } | Change::Delete { before } => before.id == route.id,
            };
            row(route.into(), Some(&route.route), changes.iter().find(is_meant))
        });
        let new = new.map(|change| {
            let (kind, matching) = change.place();
            row(RouteKey::new(kind, matching), None, Some(change))
        });
        let mut routes: Vec<RouteRow> = there.chain(new).collect();
        routes.sort_by(|one, other| one.route.cmp(&other.route));
        RoutesReport {
            channel: self.channel.id,
            name: self.channel.name.clone(),
            site: self.url(),
            checkout: self.site.address("checkout").map(str::to_owned),
            routes,
            ..RoutesReport::default()
        }
    }
}

fn row(key: RouteKey, now: Option<&str>, change: Option<&Change>) -> RouteRow {
    let after = change.map_or(now, Change::after);
    RouteRow {
        route: key.to_string(),
        now: now.map(str::to_owned),
        after: after.map(str::to_owned),
        change: match change {
            None => RouteChange::None,
            Some(Change::Create { .. }) => RouteChange::Create,
            Some(Change::Update { .. }) => RouteChange::Update,
            Some(Change::Delete { .. }) => RouteChange::Delete,
        },
        links: links_of_route(key.kind()),
    }
}
