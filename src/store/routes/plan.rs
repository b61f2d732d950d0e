//! Plans the changes that give a site the wanted routes. It has no store and no clock: routes in, changes
//! out.

use super::api::{Change, Route};
use super::types::is_single;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

/// Matches all pages of a type.
const ALL: &str = "*";

/// The pages that a route is for. For a type with only one page, an empty matching and `*` are the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RouteKey {
    kind: String,
    matching: String,
}

/// Why a text is not a route key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` names no route; write a type such as cart, or a type and what it matches: product:12"
)]
pub struct KeyError(String);

impl RouteKey {
    /// Returns the key of a route with this type and matching.
    pub fn new(kind: &str, matching: &str) -> Self {
        let matching = match matching {
            "" if is_single(kind) => ALL,
            other => other,
        };
        Self { kind: kind.to_owned(), matching: matching.to_owned() }
    }

    /// Returns the type.
    pub fn kind(&self) -> &str {
        &self.kind
    }
}

impl From<&Route> for RouteKey {
    fn from(route: &Route) -> Self {
        Self::new(&route.kind, &route.matching)
    }
}

impl FromStr for RouteKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (kind, matching) = text.split_once(':').unwrap_or((text, ALL));
        let is_letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        match !kind.is_empty() && kind.chars().all(is_letter) {
            true => Ok(Self::new(kind, matching)),
            false => Err(KeyError(text.to_owned())),
        }
    }
}

impl fmt::Display for RouteKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.matching.as_str() {
            ALL => formatter.write_str(&self.kind),
            matching => write!(formatter, "{}:{matching}", self.kind),
        }
    }
}

/// Plans the changes that turn the `current` routes of a site into those that are `wanted`: first the new
/// routes, then the changed ones, then those to delete. All other routes stay, and so does the store's
/// spelling of a key. If the store has both spellings of one key, both routes are changed.
pub fn plan(
    current: &[Route],
    wanted: &BTreeMap<RouteKey, String>,
    gone: &BTreeSet<RouteKey>,
) -> Vec<Change> {
    let is_there = |key: &RouteKey| current.iter().any(|route| RouteKey::from(route) == *key);
    let new = wanted.iter().filter(|(key, _)| !is_there(key)).map(|(key, route)| Change::Create {
        kind: key.kind.clone(),
        matching: key.matching.clone(),
        route: route.clone(),
    });
    let other = current.iter().filter_map(|before| {
        let route = wanted.get(&before.into()).filter(|route| **route != before.route)?;
        Some(Change::Update { before: before.clone(), route: route.clone() })
    });
    let gone = current.iter().filter(|route| gone.contains(&RouteKey::from(*route)));
    let gone = gone.map(|before| Change::Delete { before: before.clone() });
    new.chain(other).chain(gone).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(id: u64, kind: &str, matching: &str, route: &str) -> Route {
        Route { id, kind: kind.to_owned(), matching: matching.to_owned(), route: route.to_owned() }
    }

    fn wanted(rows: &[(&str, &str)]) -> BTreeMap<RouteKey, String> {
        rows.iter().map(|(key, route)| (key.parse().unwrap(), (*route).to_owned())).collect()
    }

    #[test]
    fn routes_that_differ_are_changed_once() {
        let current = [
            route(1, "cart", "", "/cart.php"),
            route(2, "home", "*", "/"),
            route(3, "product", "7", "/seven"),
            route(4, "vlog", "*", "/vlog"),
        ];
        let wanted = wanted(&[("cart", "/cart/"), ("home", "/"), ("login", "/login/")]);
        let changes = plan(&current, &wanted, &BTreeSet::new());
        let create = Change::Create {
            kind: "login".to_owned(),
            matching: "*".to_owned(),
            route: "/login/".to_owned(),
        };
        let update = Change::Update { before: current[0].clone(), route: "/cart/".to_owned() };
        assert_eq!(changes, [create, update]);
    }

    #[test]
    fn both_spellings_of_one_key_are_changed() {
        let current = [route(1, "cart", "", "/a"), route(2, "cart", "*", "/b")];
        assert_eq!(plan(&current, &wanted(&[("cart", "/c")]), &BTreeSet::new()).len(), 2);
        assert_eq!(plan(&current, &wanted(&[("cart", "/b")]), &BTreeSet::new()).len(), 1);
        // For a type with many pages, they are two keys.
        let current = [route(1, "product", "", "/a"), route(2, "product", "*", "/b")];
        assert_eq!(plan(&current, &wanted(&[("product", "/c")]), &BTreeSet::new()).len(), 1);
    }

    #[test]
    fn only_named_routes_are_deleted() {
        let current = [route(1, "cart", "", "/a"), route(2, "product", "7", "/b")];
        let named = |text: &str| BTreeSet::from([text.parse().unwrap()]);
        let none = BTreeMap::new();
        for (name, left) in [("cart", Some(0)), ("product:7", Some(1)), ("product", None)] {
            let expected: Vec<Change> =
                left.iter().map(|at| Change::Delete { before: current[*at].clone() }).collect();
            assert_eq!(plan(&current, &none, &named(name)), expected, "{name}");
        }
    }

    #[test]
    fn route_keys_parse_and_print_in_one_spelling() {
        for (text, written) in [("cart", "cart"), ("cart:", "cart"), ("product:12", "product:12")] {
            assert_eq!(text.parse::<RouteKey>().unwrap().to_string(), written);
        }
        for text in ["", ":1", "a b", "/cart"] {
            assert!(text.parse::<RouteKey>().is_err(), "{text}");
        }
    }
}
