//! The calls about routes. Each changes one route. The platform's own documents do not agree about what the call for
//! many at once does to routes that are left out, so that it is for those who ask for it, and nothing is left out.

use crate::store::{Client, Repeat, StoreError};
use serde::{Deserialize, Serialize};
use ureq::http::Method;

/// Where links to pages of one type lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// Its number.
    pub id: u64,
    /// The type of page.
    #[serde(rename = "type")]
    pub kind: String,
    /// Which pages of this type: a number, or `*` or nothing for all of them.
    #[serde(default)]
    pub matching: String,
    /// A path that is appended to the address of the site.
    #[serde(default)]
    pub route: String,
}

/// One change of one route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A route that is not there yet.
    Create {
        /// The type of page.
        kind: String,
        /// Which pages.
        matching: String,
        /// Where they are to be.
        route: String,
    },
    /// Another path for a route.
    Update {
        /// The route as it is.
        before: Route,
        /// Where its pages are to be.
        route: String,
    },
    /// A route that is to go.
    Delete {
        /// The route as it is.
        before: Route,
    },
}

impl Change {
    /// Type and matching, as the store spells them.
    pub fn place(&self) -> (&str, &str) {
        match self {
            Self::Create { kind, matching, .. } => (kind, matching),
            Self::Update { before, .. } | Self::Delete { before } => {
                (&before.kind, &before.matching)
            }
        }
    }

    /// Where it led before; `None` if there was no route.
    pub fn before(&self) -> Option<&str> {
        match self {
            Self::Create { .. } => None,
            Self::Update { before, .. } | Self::Delete { before } => Some(&before.route),
        }
    }

    /// Where it leads afterwards; `None` if the route is gone.
    pub fn after(&self) -> Option<&str> {
        match self {
            Self::Create { route, .. } | Self::Update { route, .. } => Some(route),
            Self::Delete { .. } => None,
        }
    }
}

/// What is sent.
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
    /// All routes of a site.
    ///
    /// # Errors
    /// When the store does not say.
    pub fn routes(&self, site: u64) -> Result<Vec<Route>, StoreError> {
        self.list(&format!("/sites/{site}/routes"))
    }

    /// Makes new routes and changes others with one call, which names every route that there is.
    ///
    /// # Errors
    /// When the store does not do it.
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
        self.change(&Method::PUT, &path, &all, Repeat::CountsTwice).map(drop)
    }

    /// Changes one route. A store that has a route of this type and matching refuses another one, so that
    /// sending this twice does what sending it once does.
    ///
    /// # Errors
    /// When the store does not do it.
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
