//! Records a site's routes before stencil-guard changes them: a small file, written before the first change.

use super::api::{Change, Route};
use super::plan::RouteKey;
use super::values::{self, ValueChange, ValueStep, Values};
use crate::store::record::{self, RecordError};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The version of the format. It grows when a member changes its meaning.
const SCHEMA: u32 = 1;

/// The state of a site before the first change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    schema: u32,
    /// The store's hash.
    pub store: String,
    /// The channel's ID.
    pub channel: u64,
    /// The site's ID.
    pub site: u64,
    /// The address of the site.
    pub site_url: String,
    /// The address of the checkout.
    pub checkout_url: Option<String>,
    /// All routes when the file was begun.
    pub routes: Vec<Route>,
    steps: Vec<Step>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    values: Vec<ValueStep>,
}

/// The changes that were made, or were about to be, to one route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Step {
    #[serde(rename = "type")]
    kind: String,
    matching: String,
    /// The path before our first change; `None` if there was no route.
    before: Option<String>,
    /// The paths that we have written since; `None` for a route that we removed.
    ours: Vec<Option<String>>,
}

/// The way back from the present state of a site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RestorePlan {
    /// The changes to make.
    pub changes: Vec<Change>,
    /// Routes that somebody else has changed since; they stay.
    pub others: Vec<RouteKey>,
    /// The addresses and settings to change.
    pub values: Vec<ValueChange>,
    /// Names of addresses and settings that somebody else has changed since; they stay.
    pub other_values: Vec<String>,
}

impl Snapshot {
    /// Creates a snapshot of a site as it is.
    pub fn new(store: &str, channel: u64, site: u64, routes: &[Route]) -> Self {
        Self {
            schema: SCHEMA,
            store: store.to_owned(),
            channel,
            site,
            routes: routes.to_vec(),
            ..Self::default()
        }
    }

    /// Records changes that are about to be made. A route goes back to its path before our first change or,
    /// if somebody else has changed it since, to theirs.
    pub fn begin(&mut self, changes: &[Change]) {
        for change in changes {
            let (kind, matching) = change.place();
            let (before, after) = (change.before(), change.after().map(str::to_owned));
            let is_same = |step: &&mut Step| step.kind == kind && step.matching == matching;
            let known = self.steps.iter_mut().find(is_same);
            let is_ours = |step: &Step| step.ours.iter().any(|ours| ours.as_deref() == before);
            match known {
                Some(step) if is_ours(step) => step.ours.push(after),
                Some(step) => {
                    step.before = before.map(str::to_owned);
                    step.ours = vec![after];
                }
                None => self.steps.push(Step {
                    kind: kind.to_owned(),
                    matching: matching.to_owned(),
                    before: before.map(str::to_owned),
                    ours: vec![after],
                }),
            }
        }
    }

    /// Records changes of addresses and settings that are about to be made.
    pub fn begin_values(&mut self, changes: &[ValueChange]) {
        values::begin(&mut self.values, changes);
    }

    /// Whether settings of the checkout were changed.
    pub fn has_settings(&self) -> bool {
        self.values.iter().any(ValueStep::is_setting)
    }

    /// Returns the whole way back from the `current` routes, addresses and settings.
    pub fn full_restore_plan(&self, current: &[Route], values: &Values) -> RestorePlan {
        let mut back = self.back(current);
        (back.values, back.other_values) = values::back(&self.values, values);
        back
    }

    /// Returns the way back from the `current` routes: routes that we removed are created first, and routes
    /// that we created are deleted last.
    pub fn back(&self, current: &[Route]) -> RestorePlan {
        let mut back = RestorePlan::default();
        for step in &self.steps {
            let mut routes = current.iter().filter(|route| self.is_of(step, route)).peekable();
            if routes.peek().is_none() {
                back.add(step, None);
            }
            routes.for_each(|route| back.add(step, Some(route)));
        }
        back.changes.sort_by_key(|change| match change {
            Change::Create { .. } => 0,
            Change::Update { .. } => 1,
            Change::Delete { .. } => 2,
        });
        back
    }

    /// Whether a route belongs to a step. A store may spell the key of a new route in its own way.
    fn is_of(&self, step: &Step, route: &Route) -> bool {
        let is_named =
            |kind: &str, matching: &str| route.kind == kind && route.matching == matching;
        let was_there = || self.routes.iter().any(|old| is_named(&old.kind, &old.matching));
        let is_same_key =
            || RouteKey::from(route) == RouteKey::new(&step.kind, &step.matching) && !was_there();
        is_named(&step.kind, &step.matching) || (step.before.is_none() && is_same_key())
    }
}

impl RestorePlan {
    fn add(&mut self, step: &Step, now: Option<&Route>) {
        let said = now.map(|route| route.route.as_str());
        if said == step.before.as_deref() {
            return;
        }
        if step.ours.iter().all(|ours| ours.as_deref() != said) {
            self.others.push(RouteKey::new(&step.kind, &step.matching));
            return;
        }
        let change = match (now.cloned(), step.before.clone()) {
            (Some(before), Some(route)) => Change::Update { before, route },
            (Some(before), None) => Change::Delete { before },
            (None, Some(route)) => {
                Change::Create { kind: step.kind.clone(), matching: step.matching.clone(), route }
            }
            (None, None) => return,
        };
        self.changes.push(change);
    }
}

/// A snapshot and its file.
#[derive(Debug)]
pub struct RestoreFile {
    path: PathBuf,
    /// The content of the file.
    pub snapshot: Snapshot,
}

impl RestoreFile {
    /// Opens the file of a site if it exists; otherwise it holds this `fresh` snapshot and is not written
    /// yet.
    ///
    /// # Errors
    /// When the file is not a snapshot, or is one of another site.
    pub fn open(path: PathBuf, fresh: Snapshot) -> Result<Self, RecordError> {
        if !path.exists() {
            return Ok(Self { path, snapshot: fresh });
        }
        let file = Self::read(path)?;
        let is_same = |one: &Snapshot, other: &Snapshot| {
            one.store == other.store && one.channel == other.channel && one.site == other.site
        };
        match is_same(&file.snapshot, &fresh) {
            true => Ok(file),
            false => {
                let Snapshot { store, channel, site, .. } = &file.snapshot;
                let reason =
                    format!("it is of channel {channel}, site {site} of the store {store}");
                Err(RecordError::Unreadable { path: file.path.clone(), reason })
            }
        }
    }

    /// Reads the file of a site that was changed.
    ///
    /// # Errors
    /// When the file is not a snapshot.
    pub fn read(path: PathBuf) -> Result<Self, RecordError> {
        let unreadable = |reason: String| RecordError::Unreadable { path: path.clone(), reason };
        let bytes = std::fs::read(&path).map_err(|error| unreadable(error.to_string()))?;
        let snapshot: Snapshot =
            serde_json::from_slice(&bytes).map_err(|error| unreadable(error.to_string()))?;
        if snapshot.schema != SCHEMA {
            return Err(unreadable("another version of stencil-guard wrote it".to_owned()));
        }
        Ok(Self { path, snapshot })
    }

    /// Returns the path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the file, completely or not at all.
    ///
    /// # Errors
    /// When the file system reports an error.
    pub fn save(&self) -> Result<(), RecordError> {
        record::save(&self.path, &self.snapshot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(id: u64, kind: &str, matching: &str, route: &str) -> Route {
        Route { id, kind: kind.to_owned(), matching: matching.to_owned(), route: route.to_owned() }
    }

    fn update(before: &Route, route: &str) -> Change {
        Change::Update { before: before.clone(), route: route.to_owned() }
    }

    #[test]
    fn restoring_undoes_all_our_changes() {
        let old = route(1, "cart", "", "/cart.php");
        let (one, two) = (route(1, "cart", "", "/one"), route(1, "cart", "", "/two"));
        let mut snapshot = Snapshot::new("s", 2, 3, std::slice::from_ref(&old));
        snapshot.begin(&[update(&old, "/one")]);
        snapshot.begin(&[update(&one, "/two")]);
        for current in [&one, &two] {
            let back = snapshot.back(std::slice::from_ref(current));
            assert_eq!(back.changes, [update(current, "/cart.php")]);
        }
        assert_eq!(snapshot.back(&[old]), RestorePlan::default());
    }

    #[test]
    fn changes_by_others_are_kept() {
        let (old, theirs) = (route(1, "cart", "*", "/a"), route(1, "cart", "*", "/theirs"));
        let mut snapshot = Snapshot::new("s", 2, 3, std::slice::from_ref(&old));
        snapshot.begin(&[update(&old, "/ours")]);
        let back = snapshot.back(std::slice::from_ref(&theirs));
        assert_eq!((back.changes.len(), back.others), (0, vec![RouteKey::from(&theirs)]));
        // If we change it after that, we go back to theirs.
        snapshot.begin(&[update(&theirs, "/ours again")]);
        let now = route(1, "cart", "*", "/ours again");
        assert_eq!(snapshot.back(std::slice::from_ref(&now)).changes, [update(&now, "/theirs")]);
    }

    #[test]
    fn created_routes_are_deleted_and_deleted_ones_recreated() {
        let gone = route(1, "search", "*", "/s");
        let mut snapshot = Snapshot::new("s", 2, 3, std::slice::from_ref(&gone));
        let new = Change::Create {
            kind: "cart".to_owned(),
            matching: "*".to_owned(),
            route: "/cart/".to_owned(),
        };
        snapshot.begin(&[new, Change::Delete { before: gone.clone() }]);
        // The store spells the key in its own way.
        let created = route(9, "cart", "", "/cart/");
        let back = snapshot.back(std::slice::from_ref(&created)).changes;
        let again = Change::Create {
            kind: "search".to_owned(),
            matching: "*".to_owned(),
            route: "/s".to_owned(),
        };
        assert_eq!(back, [again, Change::Delete { before: created }]);
        assert_eq!(snapshot.back(&[gone]), RestorePlan::default());
    }
}
