//! The routes that a site should have: those of the platform's map, overridden by those of the settings.

use super::{Error, Notes};
use crate::commands::build::{self, BuildRequest};
use crate::config::{Settings, Sources};
use crate::guard::paths::Platform;
use crate::store::routes::{RouteKey, TYPES, is_known};
use crate::text::{Code, Finding, nearest};
use std::collections::{BTreeMap, BTreeSet};

/// Stands for the path of the theme, which is not at hand; settings are looked for in the current folder.
const NO_THEME: &str = "live.zip";

/// Types of routes to which the checkout appends `?redirectTo=` and an address, whatever they contain.
const APPENDED_TO: &[&str] = &["login", "logout"];

/// The wanted routes, with the settings that they come from.
#[derive(Debug)]
pub(super) struct Wanted {
    /// Where each route should lead.
    pub(super) routes: BTreeMap<RouteKey, String>,
    /// Routes to remove.
    pub(super) gone: BTreeSet<RouteKey>,
    /// The platform's map, with its version and date, if one is used.
    pub(super) title: Option<String>,
    /// All settings.
    pub(super) settings: Settings,
}

impl Wanted {
    /// Returns what to do if no route is to be set or removed; `None` otherwise.
    pub(super) fn missing(&self) -> Option<&'static str> {
        match self.settings.paths {
            _ if !self.routes.is_empty() || !self.gone.is_empty() => None,
            Some(Platform::Wordpress) => Some(
                "BigCommerce's plugin for WordPress writes the routes of its channel itself; routes of your own stand in [routes] of the settings",
            ),
            _ => Some(
                "name the storefront's platform with --paths, or write [routes] into stencil-guard.toml",
            ),
        }
    }

    /// Returns the storefront's address, if the settings name it.
    pub(super) fn storefront(&self) -> Option<&str> {
        self.settings.storefront.as_deref().filter(|text| !text.is_empty())
    }

    /// Reads the wanted routes from the settings and the platform's map.
    pub(super) fn read(
        sources: &Sources,
        prune: &[RouteKey],
        notes: &mut Notes,
    ) -> Result<Self, Error> {
        let (theme, sources) = (NO_THEME.into(), sources.clone());
        let build = BuildRequest { theme, sources, dry_run: true, run_build: None };
        let settings = build::settings(&build)?;
        let map = settings.paths.and_then(Platform::map);
        let mut routes = BTreeMap::new();
        for (kind, route) in map.iter().flat_map(|map| &map.routes) {
            routes.insert(key(kind)?, route.clone());
        }
        for (name, path) in settings.routes.iter().flatten() {
            routes.insert(key(name)?, path.0.as_str().to_owned());
        }
        check(&routes, prune)?;
        notes.findings.extend(routes.keys().filter_map(unknown));
        let (gone, title) = (prune.iter().cloned().collect(), map.map(|map| map.title.clone()));
        Ok(Self { routes, gone, title, settings })
    }
}

fn key(name: &str) -> Result<RouteKey, Error> {
    name.parse().map_err(|error: crate::store::routes::KeyError| {
        wrong(error.to_string(), "correct the table [routes] of the settings")
    })
}

fn wrong(message: String, help: &str) -> Error {
    Error::Wrong { message, help: help.to_owned() }
}

fn check(routes: &BTreeMap<RouteKey, String>, prune: &[RouteKey]) -> Result<(), Error> {
    let is_open = |route: &str| route.contains(['?', '#']);
    let broken =
        routes.iter().find(|(key, route)| APPENDED_TO.contains(&key.kind()) && is_open(route));
    if let Some((key, route)) = broken {
        return Err(wrong(
            format!(
                "the route {key} is to be `{route}`, but the checkout appends `?redirectTo=` to it"
            ),
            "write a path without `?` and `#`",
        ));
    }
    match prune.iter().find(|key| routes.contains_key(key)) {
        Some(key) => Err(wrong(
            format!("the route {key} is wanted, and is to be removed with --prune"),
            "decide for one of the two",
        )),
        None => Ok(()),
    }
}

/// Warns about a type of route that stencil-guard does not know; the store decides whether it exists.
fn unknown(key: &RouteKey) -> Option<Finding> {
    let kind = key.kind();
    if is_known(kind) {
        return None;
    }
    let message = format!("stencil-guard knows no type of route `{kind}`; the store decides");
    let names = || TYPES.iter().map(|kind| kind.name);
    let help = nearest(kind, names()).map_or_else(
        || format!("known types are {}", names().collect::<Vec<_>>().join(", ")),
        |near| format!("did you mean `{near}`?"),
    );
    Some(Finding::new(Code::UnknownRoute, message).help(help))
}
