//! The API calls for routes. Each changes one route, except the bulk call: the platform's own documents
//! disagree about what it does to routes that are left out, so it is used only on request, and names every
//! route.

use crate::store::{Client, Repeat, StoreError};
use serde::{Deserialize, Serialize};
use ureq::http::Method;

/// Where the links to pages of one type lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// The route's ID.
    pub id: u64,
    /// The type of page.
    #[serde(rename = "type")]
    pub kind: String,
    /// The pages of this type: a number, or `*` or nothing for all of them.
    #[serde(default)]
    pub matching: String,
    /// The path, which is appended to the address of the site.
    #[serde(default)]
    pub route: String,
}

/// One change of one route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Creates a route.
    Create {
        /// The type of page.
        kind: String,
        /// The pages of this type.
        matching: String,
        /// The path of the new route.
        route: String,
    },
    /// Changes the path of a route.
    Update {
        /// The route before the change.
        before: Route,
        /// The new path.
        route: String,
    },
    /// Deletes a route.
    Delete {
        /// The route before the change.
        before: Route,
    },
}

impl Change {
    /// Returns type and matching, as the store spells them.
    pub fn place(&self) -> (&str, &str) {
        match self {
            Self::Create { kind, matching, .. } => (kind, matching),
            Self::Update { before, .. } | Self::Delete { before } => {
                (&before.kind, &before.matching)
            }
        }
    }

    /// Returns the path before the change; `None` if there was no route.
    pub fn before(&self) -> Option<&str> {
        match self {
            Self::Create { .. } => None,
            Self::Update { before, .. } | Self::Delete { before } => Some(&before.route),
        }
    }

    /// Returns the path after the change; `None` if the route is deleted.
    pub fn after(&self) -> Option<&str> {
        match self {
            Self::Create { route, .. } | Self::Update { route, .. } => Some(route),
            Self::Delete { .. } => None,
        }
    }
}

/// The body of a request.
#[derive(Debug, Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<u64>,
    #[serde(rename = "type")]
    kind: &'a str,
    matching: &'a str,
    route: &'a str,
}

impl Client<'_> {
    /// Returns all routes of a site.
    ///
    /// # Errors
    /// When the store does not answer.
    pub fn routes(&self, site: u64) -> Result<Vec<Route>, StoreError> {
        self.list(&format!("/sites/{site}/routes"))
    }

    /// Creates and updates routes with one call, which names every existing route.
    ///
    /// # Errors
    /// When the store does not make the change.
    pub fn change_routes_at_once(
        &self,
        site: u64,
        current: &[Route],
        changes: &[Change],
    ) -> Result<(), StoreError> {
        let there = current.iter().map(|route| {
            let is_meant =
                |change: &&Change| matches!(change, Change::Update { before, .. } if before == route);
            let change = changes.iter().find(is_meant);
            let path = change.and_then(Change::after).unwrap_or(&route.route);
            let (kind, matching) = (&*route.kind, &*route.matching);
            Body { id: Some(route.id), kind, matching, route: path }
        });
        let new = changes.iter().filter_map(|change| match change {
            Change::Create { kind, matching, route } => {
                Some(Body { id: None, kind, matching, route })
            }
            _ => None,
        });
        let all: Vec<Body<'_>> = there.chain(new).collect();
        let path = format!("/sites/{site}/routes");
        self.change(&Method::PUT, &path, &all, Repeat::NotIdempotent).map(drop)
    }

    /// Changes one route. A store refuses a second route of the same type and matching, so sending the
    /// request twice has the same effect as sending it once.
    ///
    /// # Errors
    /// When the store does not make the change.
    pub fn change_route(&self, site: u64, change: &Change) -> Result<(), StoreError> {
        let path = format!("/sites/{site}/routes");
        let (kind, matching) = change.place();
        let body = |route| Body { id: None, kind, matching, route };
        match change {
            Change::Create { route, .. } => {
                self.change(&Method::POST, &path, &body(route), Repeat::Harmless).map(drop)
            }
            Change::Update { before, route } => {
                let path = format!("{path}/{}", before.id);
                self.change(&Method::PUT, &path, &body(route), Repeat::Harmless).map(drop)
            }
            Change::Delete { before } => self.delete(&format!("{path}/{}", before.id)),
        }
    }
}
