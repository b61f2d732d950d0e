//! Carries out changes to routes, and reads back the result.

use super::{Error, Notes};
use crate::store::routes::{Change, Route, RouteKey};
use crate::store::{Client, StoreError};
use crate::text::{Code, Finding};
use std::path::Path;
use std::time::Duration;

/// How often to check whether the store shows the changes.
pub(super) const LOOKS: usize = 5;
/// The pause between two checks.
pub(super) const PAUSE: Duration = Duration::from_secs(2);

/// Changes the routes of one site.
pub(super) struct Carrier<'c> {
    pub(super) client: &'c Client<'c>,
    pub(super) site: u64,
    /// The restore file.
    pub(super) way_back: &'c Path,
}

impl Carrier<'_> {
    /// Carries out all changes, one by one. If one fails, reports how many were made.
    pub(super) fn carry_out(&self, changes: &[Change], notes: &mut Notes) -> Result<(), Error> {
        for (done, change) in changes.iter().enumerate() {
            if let Err(error) = self.change(change) {
                notes.findings.push(self.unfinished(done, changes.len()));
                return Err(error.into());
            }
        }
        Ok(())
    }

    /// Creates and updates routes with one call, and removes routes one by one. The call names every route,
    /// so it does not matter what it would do to others.
    pub(super) fn carry_out_at_once(
        &self,
        before: &[Route],
        changes: &[Change],
        notes: &mut Notes,
    ) -> Result<(), Error> {
        let (gone, others): (Vec<Change>, Vec<Change>) =
            changes.iter().cloned().partition(|change| change.after().is_none());
        if others.is_empty() {
            return self.carry_out(&gone, notes);
        }
        if self.client.routes(self.site)? != before {
            return Err(Error::Wrong {
                message: "somebody else changed routes just now, so none is changed".to_owned(),
                help: "run the same command again".to_owned(),
            });
        }
        (self.client.environment().tell)("changing routes");
        let sent = self.client.change_routes_at_once(self.site, before, &others);
        if let Err(error) = sent {
            let now = self.client.routes(self.site)?;
            let done = others.iter().filter(|change| is_made(change, &now)).count();
            if !error.is_uncertain() || done < others.len() {
                notes.findings.push(self.unfinished(done, changes.len()));
                return Err(error.into());
            }
        }
        self.carry_out(&gone, notes)
    }

    /// Returns the finding for a failed change to an address or a setting.
    pub(super) fn stopped(&self) -> Finding {
        let message = "not all addresses and settings are changed";
        Finding::new(Code::RoutesUnfinished, message).help(self.ways_on())
    }

    fn unfinished(&self, done: usize, all: usize) -> Finding {
        let message = format!("{done} of {all} routes are changed");
        Finding::new(Code::RoutesUnfinished, message).help(self.ways_on())
    }

    fn ways_on(&self) -> String {
        format!(
            "run the same command again to go on, or go back: stencil-guard routes restore {}",
            self.way_back.display()
        )
    }

    /// Makes one change. Before reporting an uncertain answer or a conflict as a failure, checks the routes:
    /// a store may make the change but lose the answer, and then refuse the same route a second time.
    fn change(&self, change: &Change) -> Result<(), StoreError> {
        let (kind, matching) = change.place();
        let name = RouteKey::new(kind, matching);
        (self.client.environment().tell)(&format!("changing the route {name}"));
        let Err(error) = self.client.change_route(self.site, change) else { return Ok(()) };
        let is_conflict = matches!(error.status(), Some(409 | 422));
        if !error.is_uncertain() && !is_conflict {
            return Err(error);
        }
        let now = self.client.routes(self.site)?;
        match is_made(change, &now) {
            true => Ok(()),
            false => Err(error),
        }
    }

    /// Reads back the routes, and reports those that did not change as requested and others that changed.
    pub(super) fn look_again(
        &self,
        before: &[Route],
        changes: &[Change],
        notes: &mut Notes,
    ) -> Result<(), Error> {
        let mut wrong = Vec::new();
        for look in 0..LOOKS {
            if look > 0 {
                (self.client.environment().sleep)(PAUSE);
            }
            let now = self.client.routes(self.site).inspect_err(|_| {
                notes.findings.push(self.unfinished(changes.len(), changes.len()));
            })?;
            wrong = differences(before, changes, &now);
            if wrong.is_empty() {
                return Ok(());
            }
        }
        notes.findings.extend(wrong.into_iter().map(|key| {
            let message =
                format!("the store took all changes, but the route {key} is not what it should be");
            let help =
                "run `stencil-guard routes plan`, and look whether another app changes routes";
            Finding::new(Code::RoutesDiffer, message).help(help)
        }));
        Ok(())
    }
}

/// Whether the routes are as a change wants them.
fn is_made(change: &Change, now: &[Route]) -> bool {
    let (kind, matching) = change.place();
    let key = RouteKey::new(kind, matching);
    let mut said = now.iter().filter(|route| RouteKey::from(*route) == key);
    match change {
        Change::Create { route, .. } => said.any(|one| one.route == *route),
        Change::Update { before, route } => {
            said.any(|one| one.id == before.id && one.route == *route)
        }
        Change::Delete { before } => said.all(|one| one.id != before.id),
    }
}

/// Returns the routes that are not as the changes should have left them.
fn differences(before: &[Route], changes: &[Change], now: &[Route]) -> Vec<RouteKey> {
    let key = |change: &Change| {
        let (kind, matching) = change.place();
        RouteKey::new(kind, matching)
    };
    let unmade = changes.iter().filter(|change| !is_made(change, now)).map(key);
    let is_touched = |id: u64| {
        changes.iter().any(|change| match change {
            Change::Create { .. } => false,
            Change::Update { before, .. } | Change::Delete { before } => before.id == id,
        })
    };
    let untouched = before.iter().filter(|route| !is_touched(route.id));
    let moved = untouched.filter(|route| !now.contains(route)).map(RouteKey::from);
    unmade.chain(moved).collect()
}
