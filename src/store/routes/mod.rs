//! The routes of a site: where links that the platform itself makes lead, and how to change that.
//!
//! Pure functions decide what to do; only `api` talks to the store.

mod api;
mod plan;
mod restore;
mod types;
mod values;

pub use self::values::{CHECKOUT_URL, SITE_URL, ValueChange, Values, is_same, value_changes};
pub use api::{Change, Route};
pub use plan::{KeyError, RouteKey, plan};
pub use restore::{RestoreFile, RestorePlan, Snapshot};
pub use types::{RouteType, TYPES, is_known};
