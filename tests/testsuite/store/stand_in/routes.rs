//! Routes of sites, as the reference says: one key can be there once, and a change of one answers with 201.

use super::api::no;
use super::http::{Reply, Request};
use super::state::State;
use serde_json::{Value, json};

/// A route: number, type, what it matches, and where it leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) id: u64,
    pub(crate) kind: String,
    pub(crate) matching: String,
    pub(crate) route: String,
}

impl Route {
    pub(crate) fn new(id: u64, kind: &str, matching: &str, route: &str) -> Self {
        let [kind, matching, route] = [kind, matching, route].map(str::to_owned);
        Self { id, kind, matching, route }
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "id": self.id, "type": self.kind, "matching": self.matching, "route": self.route,
        })
    }
}

/// The routes of the site of a channel, whose number is its own and 1000.
fn of_site<'s>(state: &'s mut State, site: &str) -> Option<&'s mut Vec<Route>> {
    let channel = site.parse::<u64>().ok()?.checked_sub(1000)?;
    state.channels.get_mut(&channel).map(|channel| &mut channel.routes)
}

pub(super) fn list(state: &mut State, site: &str) -> Option<Vec<Value>> {
    Some(of_site(state, site)?.iter().map(Route::json).collect())
}

/// A new route, or with a number another content of one.
pub(super) fn put(state: &mut State, site: &str, id: Option<&str>, request: &Request) -> Reply {
    let body = request.json();
    let text = |name: &str| body[name].as_str().map(str::to_owned);
    let (Some(kind), Some(matching), Some(route)) = (text("type"), text("matching"), text("route"))
    else {
        return no(422, "JSON data is missing or invalid");
    };
    // It respells what is new.
    let matching = match (state.spelling, matching.as_str(), id) {
        (Some(spelling), "" | "*", None) => spelling.to_owned(),
        _ => matching,
    };
    let number = state.number() as u64 + 5000;
    let Some(routes) = of_site(state, site) else {
        return no(404, "The requested entity was not found.");
    };
    let id = match id {
        None => number,
        Some(id) => match routes.iter().find(|route| route.id.to_string() == id) {
            Some(route) => route.id,
            None => return no(404, "The requested entity was not found."),
        },
    };
    let is_taken =
        |route: &Route| route.id != id && route.kind == kind && route.matching == matching;
    if routes.iter().any(is_taken) {
        let field =
            format!("Route already exists for site {site} matching {matching} for type {kind}");
        let errors = json!({ "matching.type": field });
        let body = json!({ "status": "422", "title": "Input is invalid.", "errors": errors });
        return Reply::json(422, &body);
    }
    let route = Route { id, kind, matching, route };
    let answer = json!({ "data": route.json(), "meta": {} });
    match routes.iter_mut().find(|old| old.id == id) {
        Some(old) => *old = route,
        None => routes.push(route),
    }
    Reply::json(201, &answer)
}

/// All routes at once: those with a number are changed, others are new. Nothing is saved if one is refused. What
/// becomes of routes that are not named, the reference and a guide say differently.
pub(super) fn put_all(state: &mut State, site: &str, request: &Request) -> Reply {
    let Value::Array(rows) = request.json() else {
        return no(422, "JSON data is missing or invalid");
    };
    let numbers: Vec<u64> = rows.iter().map(|_| state.number() as u64 + 5000).collect();
    let replaces = state.bulk_replaces;
    let Some(routes) = of_site(state, site) else {
        return no(404, "The requested entity was not found.");
    };
    let mut new = if replaces { Vec::new() } else { routes.clone() };
    let mut errors = serde_json::Map::new();
    for (at, (row, number)) in rows.iter().zip(numbers).enumerate() {
        let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        let id = row["id"].as_u64();
        let (kind, matching) = (text("type"), text("matching"));
        let route = Route { id: id.unwrap_or(number), kind, matching, route: text("route") };
        new.retain(|old| old.id != route.id);
        let is_same = |old: &Route| old.kind == route.kind && old.matching == route.matching;
        let is_unknown = id.is_some_and(|id| routes.iter().all(|old| old.id != id));
        if is_unknown || new.iter().any(is_same) {
            let message = format!(
                "Route already exists for site {site} matching {} for type {}",
                route.matching, route.kind
            );
            errors.insert(format!("{at}.matching.type"), message.into());
        }
        new.push(route);
    }
    if !errors.is_empty() {
        let body = json!({
            "status": 422, "title": "Bulk operation has failed", "type": "/api-docs",
            "errors": errors, "meta": { "saved_records": 0 },
        });
        return Reply::json(422, &body);
    }
    *routes = new;
    let data: Vec<Value> = routes.iter().map(Route::json).collect();
    Reply::json(200, &json!({ "data": data, "meta": {} }))
}

pub(super) fn delete(state: &mut State, site: &str, id: &str) -> Reply {
    let Some(routes) = of_site(state, site) else {
        return no(404, "The requested entity was not found.");
    };
    let before = routes.len();
    routes.retain(|route| route.id.to_string() != id);
    match routes.len() < before {
        true => Reply::json(204, &Value::Null),
        false => no(404, "The requested entity was not found."),
    }
}
