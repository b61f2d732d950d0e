//! Combines the user's path rules, platform and fallback into one checked table.

use super::storefronts;
use crate::config::{NamedOrigin, Settings};
use crate::guard::paths::{self, PathTable, Platform, Problem};
use crate::guard::storefront::Storefront;
use crate::report::Place;

/// The largest size of the path rules in bytes; the script of every guarded page holds them all.
const MAX_BYTES: usize = 64_000;

/// Why the user's path rules cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PathsError {
    #[error("{}", .0.trouble)]
    Rule(Box<Problem>),
    #[error(
        "the path rules have {0} bytes, and every guarded page would hold them; at most {MAX_BYTES} are allowed"
    )]
    TooLarge(usize),
}

impl PathsError {
    /// Returns what to do, and the place in the settings file.
    pub(super) fn explain(self) -> (Option<String>, Option<Place>) {
        match self {
            Self::Rule(problem) => storefronts::explain(*problem),
            Self::TooLarge(_) => {
                (Some("use `*` for a tail, and `{tail}` in the target".to_owned()), None)
            }
        }
    }
}

/// Returns the origins besides the storefront's own that rules may lead to.
pub(super) fn origins(settings: &Settings) -> Vec<String> {
    let origins = settings.origins.iter().flatten();
    origins.map(|NamedOrigin(origin)| origin.clone()).collect()
}

/// Builds the path table from the settings, and checks it.
pub(crate) fn table(settings: &Settings, storefront: &Storefront) -> Result<PathTable, PathsError> {
    let own = settings.path.as_deref().unwrap_or_default();
    let fallback = settings.fallback.clone().map(|path| path.0);
    let cart_param = settings.cart_param.as_ref().map(|name| name.0.clone());
    let table = PathTable::new(own, settings.paths.and_then(Platform::map), fallback)
        .with_cart_param(cart_param);
    let origins = origins(settings);
    let own_hosts = storefronts::own_hosts(settings);
    let mut problems = paths::check(&table, storefront, &origins, &own_hosts).into_iter();
    if let Some(problem) = problems.next() {
        return Err(PathsError::Rule(Box::new(problem)));
    }
    match table.size() {
        0..=MAX_BYTES => Ok(table),
        size => Err(PathsError::TooLarge(size)),
    }
}
