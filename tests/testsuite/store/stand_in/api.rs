//! The answers of the API, and of the host that hands out downloads.

use super::http::{Reply, Request};
use super::state::{Job, State};
use super::{HASH, TOKEN, routes, sites};
use serde_json::{Value, json};

/// Answers a request to the API.
pub(super) fn answer(state: &mut State, request: &Request) -> Reply {
    if request.path == "/admin/oauth/info" {
        return Reply::json(200, &json!({ "store_hash": HASH, "client_id": "x" }));
    }
    let Some(path) = request.path.strip_prefix(&format!("/stores/{HASH}/v3")) else {
        return no(404, "The requested entity was not found.");
    };
    if request.header("x-auth-token") != Some(TOKEN) {
        return no(
            401,
            "Unauthorized - the v3 Auth client ID or token in the request are not a valid combination for this store.",
        );
    }
    if !request.header("accept").is_some_and(|accepted| accepted.contains("application/json")) {
        return no(406, "Not acceptable");
    }
    if state.denied.iter().any(|start| path.starts_with(start)) {
        return no(403, "You don't have a required scope to access the endpoint");
    }
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    let reply = match (request.method.as_str(), parts.as_slice()) {
        ("GET", ["channels"]) => channels(state, request),
        ("GET", ["channels", id, "active-theme"]) => active_theme(state, id),
        ("GET", ["channels", id, "site"]) => site(state, id),
        ("GET", ["sites"]) => {
            let sites = state.channels.iter().map(|(id, channel)| channel.site_json(*id));
            page(state, request, sites.collect())
        }
        ("GET", ["sites", site, "routes"]) => match routes::list(state, site) {
            Some(all) => page(state, request, all),
            None => no(404, "The requested entity was not found."),
        },
        ("PUT", ["sites", id]) => sites::move_site(state, id, request),
        ("PUT", ["channels", id, "site", "checkout-url"]) => {
            sites::move_checkout(state, id, request)
        }
        ("DELETE", ["channels", id, "site", "checkout-url"]) => sites::no_checkout(state, id),
        ("PUT", ["checkouts", "settings", "channels", _]) => sites::set(state, request),
        ("PUT", ["sites", site, "routes"]) => routes::put_all(state, site, request),
        ("POST", ["sites", site, "routes"]) => routes::put(state, site, None, request),
        ("PUT", ["sites", site, "routes", id]) => routes::put(state, site, Some(id), request),
        ("DELETE", ["sites", site, "routes", id]) => routes::delete(state, site, id),
        ("GET", ["checkouts", "settings", "channels", _]) => {
            match state.checkout_settings.is_null() {
                true => no(404, "The requested entity was not found."),
                false => data(state, state.checkout_settings.clone()),
            }
        }
        ("GET", ["themes"]) => themes(state),
        ("POST", ["themes"]) => upload(state, request),
        ("GET", ["themes", "jobs", id]) => job(state, id),
        ("POST", ["themes", "actions", "activate"]) => activate(state, request),
        ("GET", ["themes", uuid]) => theme(state, uuid),
        ("DELETE", ["themes", uuid]) => delete(state, uuid),
        ("POST", ["themes", uuid, "actions", "download"]) => {
            match request.json()["which"] == "last_activated" {
                true => download(state, uuid),
                false => no(422, "another edition is wanted"),
            }
        }
        ("GET", ["themes", uuid, "configurations"]) => configurations(state, uuid, request),
        _ => no(404, "The requested entity was not found."),
    };
    reply
        .with("x-rate-limit-time-window-ms", "30000")
        .with("x-rate-limit-time-reset-ms", "15000")
        .with("x-rate-limit-requests-quota", "150")
        .with("x-rate-limit-requests-left", "149")
}

/// Answers a request to the other host.
pub(super) fn elsewhere(state: &mut State, request: &Request) -> Reply {
    let uuid = request.path.trim_start_matches("/downloads/").trim_end_matches(".zip");
    match state.themes.get(uuid) {
        Some(_) if state.links_expire => no(403, "Request has expired"),
        Some(theme) => Reply::bytes(200, "application/zip", theme.zip.clone()),
        None => no(404, "no such file"),
    }
}

pub(super) fn no(status: u16, title: &str) -> Reply {
    Reply::json(status, &json!({ "status": status, "title": title, "type": "/api-docs" }))
}

fn data(state: &State, value: Value) -> Reply {
    match state.is_bare && !value.is_array() {
        true => Reply::json(200, &value),
        false => Reply::json(200, &json!({ "data": value, "meta": {} })),
    }
}

/// One page of a list.
fn page(state: &State, request: &Request, all: Vec<Value>) -> Reply {
    let number = |name: &str| request.parameter(name).and_then(|text| text.parse::<usize>().ok());
    let size = number("limit").unwrap_or(50).min(state.page_size);
    let current = number("page").unwrap_or(1);
    let pages = all.len().div_ceil(size).max(1);
    let total = all.len();
    let some: Vec<Value> = all.into_iter().skip((current - 1) * size).take(size).collect();
    // One of the schemas spells it in this way.
    let pages_name = if request.path.ends_with("/sites") { "total_page" } else { "total_pages" };
    let mut pagination = json!({
        "total": total, "count": some.len(), "per_page": size, "current_page": current,
    });
    pagination[pages_name] = pages.into();
    Reply::json(200, &json!({ "data": some, "meta": { "pagination": pagination } }))
}

fn channels(state: &State, request: &Request) -> Reply {
    let is_wanted = |kind: &str| request.parameter("type:in").is_none_or(|wanted| wanted == kind);
    let channels = state.channels.iter().filter(|(_, channel)| is_wanted(channel.kind));
    page(state, request, channels.map(|(id, channel)| channel.json(*id)).collect())
}

fn active_theme(state: &State, id: &str) -> Reply {
    let channel = id.parse().ok().and_then(|id: u64| state.channels.get(&id));
    match channel.and_then(|channel| channel.active.clone()) {
        Some((theme, configuration)) => data(
            state,
            json!({
                "active_theme_uuid": theme,
                "active_theme_configuration_uuid": configuration,
                "active_theme_version_uuid": "v",
                "saved_theme_configuration_uuid": configuration,
            }),
        ),
        None => no(404, &format!("No active theme found with channel_id: {id}")),
    }
}

fn site(state: &State, id: &str) -> Reply {
    let id: u64 = id.parse().unwrap_or_default();
    match state.channels.get(&id) {
        Some(channel) => data(state, channel.site_json(id)),
        None => no(404, "The requested entity was not found."),
    }
}

fn theme_json(state: &State, uuid: &str) -> Option<Value> {
    let theme = state.themes.get(uuid)?;
    let is_active = state.channels.values().filter_map(|channel| channel.active.as_ref());
    let is_active = is_active.into_iter().any(|(active, _)| active == uuid);
    let variations = theme.variations.iter().map(
        |(uuid, name)| json!({ "uuid": uuid, "name": name, "description": "", "external_id": "" }),
    );
    Some(json!({
        "uuid": uuid, "name": theme.name, "is_private": theme.is_private, "is_active": is_active,
        "updated_at": theme.updated_at, "variations": variations.collect::<Vec<_>>(),
    }))
}

/// Jobs go on, whether anybody asks about them or not.
pub(super) fn go_on(state: &mut State) {
    let ids: Vec<String> = state.jobs.keys().cloned().collect();
    ids.iter().for_each(|id| drop(job(state, id)));
}

fn themes(state: &mut State) -> Reply {
    go_on(state);
    let list = state.themes.keys().filter_map(|uuid| theme_json(state, uuid));
    data(state, list.collect())
}

fn theme(state: &State, uuid: &str) -> Reply {
    match theme_json(state, uuid) {
        Some(mut theme) => {
            if state.is_terse {
                theme["variations"] = json!([]);
            }
            data(state, theme)
        }
        None => no(404, "The requested entity was not found."),
    }
}

fn delete(state: &mut State, uuid: &str) -> Reply {
    let is_active =
        |state: &State| theme_json(state, uuid).is_some_and(|one| one["is_active"] == true);
    if is_active(state) {
        return no(409, "The active theme cannot be deleted");
    }
    match state.themes.remove(uuid) {
        Some(_) => Reply::json(204, &Value::Null),
        None => no(404, "The requested entity was not found."),
    }
}

fn upload(state: &mut State, request: &Request) -> Reply {
    const MAX_THEMES: usize = 20;
    const MAX_BYTES: usize = 50 * 1024 * 1024;
    if request.body.len() > MAX_BYTES {
        return no(413, "Payload too large");
    }
    let Some(zip) = form_file(request) else {
        return no(415, "Unsupported media type");
    };
    if state.themes.values().filter(|theme| theme.is_private).count() >= MAX_THEMES {
        return no(
            409,
            "You have reached your upload limit. Delete an existing theme to upload another one.",
        );
    }
    let theme = state.theme_of(&zip, true);
    let id = format!("job-{}", state.number());
    let job = Job {
        polls_left: state.polls,
        result: json!({ "theme_id": theme.0 }),
        errors: state.job_errors.clone(),
        warnings: state.job_warnings.clone(),
        theme: Some(theme).filter(|_| state.job_errors.is_empty()),
    };
    state.jobs.insert(id.clone(), job);
    Reply::json(201, &json!({ "job_id": id }))
}

/// The one file of a form, if it is one with a name.
fn form_file(request: &Request) -> Option<Vec<u8>> {
    let kind = request.header("content-type")?.strip_prefix("multipart/form-data; boundary=")?;
    let start = format!("--{kind}\r\n");
    let body = request.body.strip_prefix(start.as_bytes())?;
    let end = memchr::memmem::find(body, b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&body[..end]).to_ascii_lowercase();
    let is_named = head.contains("name=\"file\"") && head.contains("filename=\"");
    let content = body[end + 4..].strip_suffix(format!("\r\n--{kind}--\r\n").as_bytes())?;
    is_named.then(|| content.to_vec())
}

fn download(state: &mut State, uuid: &str) -> Reply {
    if !state.themes.contains_key(uuid) {
        return no(404, "The requested entity was not found.");
    }
    let id = format!("job-{}", state.number());
    let link = format!("{}/downloads/{uuid}.zip?signature=x", state.other);
    let job = Job {
        polls_left: state.polls,
        result: json!({ "download_url": link }),
        errors: Vec::new(),
        warnings: Vec::new(),
        theme: None,
    };
    state.jobs.insert(id.clone(), job);
    Reply::json(200, &json!({ "job_id": id }))
}

fn job(state: &mut State, id: &str) -> Reply {
    let Some(job) = state.jobs.get_mut(id) else {
        return no(404, "Job Not Found");
    };
    let (status, percent) = match job.polls_left {
        0 if job.errors.is_empty() => ("COMPLETED", 100),
        0 => ("FAILED", 12),
        1 => ("WORKING", 60),
        _ => ("QUEUED", 0),
    };
    job.polls_left = job.polls_left.saturating_sub(1);
    let is_done = status == "COMPLETED";
    let answer = json!({
        "id": id, "time": "2026-01-01T00:00:00Z", "status": status, "percent_complete": percent,
        "result": if is_done { job.result.clone() } else { json!({}) },
        "warnings": if is_done { job.warnings.clone() } else { Vec::new() },
        "errors": if status == "FAILED" { job.errors.clone() } else { Vec::new() },
    });
    if is_done && let Some((uuid, theme)) = job.theme.take() {
        state.themes.insert(uuid, theme);
    }
    data(state, answer)
}

fn activate(state: &mut State, request: &Request) -> Reply {
    let body = request.json();
    let in_query = request.parameter("channel_id").and_then(|text| text.parse().ok());
    let channel = in_query.or_else(|| body["channel_id"].as_u64()).unwrap_or(1);
    let variation = body["variation_id"].as_str().unwrap_or_default().to_owned();
    match state.activate(channel, &variation, body["which"].as_str().unwrap_or("last_activated")) {
        true => Reply::json(204, &Value::Null),
        false => no(422, "JSON data is missing or invalid"),
    }
}

fn configurations(state: &State, uuid: &str, request: &Request) -> Reply {
    let Some(theme) = state.themes.get(uuid) else {
        return no(404, "The requested entity was not found.");
    };
    let Some(wanted) = request.parameter("uuid:in") else {
        return no(422, "a filter is needed");
    };
    let found =
        theme.configurations.iter().filter(|one| state.is_terse || one.uuid == wanted).map(|one| {
            json!({
                "uuid": one.uuid, "theme_uuid": uuid, "variation_uuid": one.variation,
                "settings": one.settings, "site_id": 0,
            })
        });
    data(state, found.collect())
}
