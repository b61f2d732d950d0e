//! `deploy` and `rollback`: one plan, one question, and a way back.

use super::stand_in::{self, Channel, Fault, Misbehaviour, Reply};
use super::world::{World, answering, said};
use crate::driver::{STOREFRONT, small_theme, theme_zip};
use serde_json::{Value, json};
use std::time::Duration;
use stencil_guard::commands::store::deploy::{self, DeployRequest};
use stencil_guard::commands::store::rollback::{self, RollbackRequest};
use stencil_guard::config::Settings;
use stencil_guard::pipeline::progress::NoProgress;
use stencil_guard::store::{StoreEnvironment, rezip};

/// The layout of the theme that a channel shows.
pub(crate) fn layout(world: &World, channel: u64) -> String {
    let file = tempfile::Builder::new().suffix(".zip").tempfile().unwrap();
    std::fs::write(file.path(), &world.store.state().shown(channel).zip).unwrap();
    let theme = stencil_guard::theme::load(file.path()).unwrap();
    let text =
        |path: &str| theme.bytes(path).map(|bytes| String::from_utf8(bytes.to_vec()).unwrap());
    let head = text("templates/components/stencil-guard/head.html").unwrap_or_default();
    text("templates/layout/base.html").unwrap() + &head
}

pub(crate) fn is_guarded(world: &World, channel: u64) -> bool {
    layout(world, channel).contains(STOREFRONT)
}

fn codes(document: &Value) -> Vec<&str> {
    document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["code"].as_str().unwrap())
        .collect()
}

/// How often the store was changed.
fn changes(world: &World) -> usize {
    let is_change = |line: &&String| {
        let is_upload = *line == "POST /themes";
        is_upload || line.starts_with("POST /themes/actions") || line.starts_with("DELETE")
    };
    world.store.requests().iter().filter(is_change).count()
}

#[test]
fn deploy_guards_a_channel_and_rollback_restores_it() {
    let world = World::new();
    let before = world.store.state().channels.clone();
    let (status, document) = world.deploy(&world.deployment());
    assert_eq!(status, 0, "{document:#}");
    assert!(is_guarded(&world, 2) && !is_guarded(&world, 1));
    assert_eq!(world.store.state().channels[&1].active, before[&1].active);
    let change = &document["changes"]["channels"][0];
    assert_eq!((&change["id"], &change["is-changed"]), (&json!(2), &json!(true)));
    assert_eq!(change["variation"], "Light");
    // Both ways to name the channel are used, since sources disagree.
    let state = world.store.state();
    let activation =
        state.log.iter().find(|seen| seen.line == "POST /themes/actions/activate").unwrap();
    assert_eq!(activation.request.parameter("channel_id"), Some("2"));
    assert_eq!(activation.request.json()["channel_id"], 2);
    assert_eq!(activation.request.json()["which"], "original");
    drop(state);

    let (status, document) = world.roll_back(None);
    assert_eq!(status, 0, "{document:#}");
    assert_eq!(world.store.state().channels[&2].active, before[&2].active);
    let changed = changes(&world);
    let (status, document) = world.roll_back(Some(2));
    assert_eq!((status, changes(&world)), (0, changed), "{document:#}");
    assert_eq!(document["changes"]["channels"][0]["is-changed"], false);
    world.assert_token_is_safe();
}

#[test]
fn second_deploy_changes_nothing() {
    let world = World::new();
    assert_eq!(world.deploy(&world.deployment()).0, 0);
    let changed = changes(&world);
    // With the record and without it, as on another machine.
    let other =
        DeployRequest { record: Some(world.playground.path("other.json")), ..world.deployment() };
    for request in [world.deployment(), other] {
        let (status, document) = world.deploy(&request);
        assert_eq!(status, 0, "{document:#}");
        assert_eq!(document["changes"]["channels"][0]["is-changed"], false);
        assert_eq!(document["changes"]["theme"]["is-new"], false);
        assert_eq!(changes(&world), changed);
    }
    // The way back is still that to the shop.
    assert_eq!(world.roll_back(None).0, 0);
    assert!(!is_guarded(&world, 2));
}

#[test]
fn own_theme_is_uploaded_once() {
    let world = World::new();
    world.playground.theme(&[("assets/mine.txt", "mine")]);
    let theme = Some(world.playground.path("theme"));
    let request = DeployRequest { theme, ..world.deployment() };
    assert_eq!(world.deploy(&request).0, 0);
    assert!(is_guarded(&world, 2));
    let changed = changes(&world);
    // Nobody is asked where nothing is to be done.
    let again = DeployRequest { yes: false, ..request };
    let (status, document) = world.deploy(&again);
    assert_eq!((status, changes(&world)), (0, changed), "{document:#}");
}

#[test]
fn channel_sharing_the_theme_is_named_before_any_change() {
    let world = World::new();
    {
        let mut state = world.store.state();
        let shared = state.channels[&2].active.clone();
        state.channels.get_mut(&1).unwrap().active = shared;
    }
    let (environment, shown) = answering(None);
    let request = DeployRequest { yes: false, ..world.deployment() };
    let (status, document) = said(&deploy::run(&request, &environment, &NoProgress));
    assert_eq!((status, changes(&world)), (2, 0));
    assert!(codes(&document).contains(&"shared-theme"), "{document:#}");
    let words = "channel 1 (Main) shows the same theme as channel 2";
    assert!(document.to_string().contains(words));
    assert!(shown.borrow().contains(&format!("mind: {words}")), "{}", shown.borrow());
}

#[test]
fn deploy_asks_before_changing_anything() {
    for (answer, expected, words) in
        [(None, 2, "--yes"), (Some(false), 2, "nothing is changed"), (Some(true), 0, "")]
    {
        let world = World::new();
        let (environment, shown) = answering(answer);
        let request = DeployRequest { yes: false, ..world.deployment() };
        let (status, document) = said(&deploy::run(&request, &environment, &NoProgress));
        assert_eq!(status, expected, "{document:#}");
        assert!(document.to_string().contains(words), "{document:#}");
        assert_eq!(changes(&world) > 0, answer == Some(true));
        assert_eq!(is_guarded(&world, 2), answer == Some(true));
        for part in [
            "channel 2 (Catalyst)",
            "https://checkout.example.com",
            "guard Small 1.0",
            "rollback --channel 2",
        ] {
            assert!(shown.borrow().contains(part), "{part}: {}", shown.borrow());
        }
    }
}

/// Names are the store's: none of them commands the terminal that shows the plan.
#[test]
fn plan_contains_no_control_characters() {
    let world = World::new();
    world.store.state().channels.get_mut(&2).unwrap().name = "Cata\u{1b}[2J\u{202e}lyst".to_owned();
    let (environment, shown) = answering(None);
    deploy::run(&world.deployment(), &environment, &NoProgress);
    let shown = shown.borrow();
    assert!(shown.contains("channel 2 (Cata\u{fffd}[2J\u{fffd}lyst)"), "{shown:?}");
}

#[test]
fn rollback_asks_before_changing_anything() {
    for (answer, expected, words) in
        [(None, 2, "--yes"), (Some(false), 2, "nothing is changed"), (Some(true), 0, "")]
    {
        let world = World::new();
        assert_eq!(world.deploy(&world.deployment()).0, 0);
        let before = changes(&world);
        let (environment, shown) = answering(answer);
        let record = Some(world.record());
        let request = RollbackRequest { store: world.request(), channel: None, record, yes: false };
        let (status, document) = said(&rollback::run(&request, &environment));
        assert_eq!(status, expected, "{document:#}");
        assert!(document.to_string().contains(words), "{document:#}");
        assert_eq!(changes(&world) > before, answer == Some(true));
        assert_eq!(is_guarded(&world, 2), answer != Some(true));
        for part in [
            "channel 2 (Catalyst): it shows Small, Light now, which stencil-guard put there",
            "show again on channel 2 what it showed before, with the settings it had: Small, Light",
            "nothing is deleted",
        ] {
            assert!(shown.borrow().contains(part), "{part}: {}", shown.borrow());
        }
        // What is back already is not asked about.
        if answer == Some(true) {
            let nobody = StoreEnvironment { ask: Box::new(|_| None), ..environment };
            assert_eq!(said(&rollback::run(&request, &nobody)).0, 0);
        }
    }
}

#[test]
fn theme_editor_settings_survive() {
    let config = small_theme()[0]
        .1
        .replace("\"settings\": {}", "\"settings\": { \"color\": \"#000000\", \"size\": 1 }");
    let config = config.replace(
        "\"variations\": [{ \"name\": \"Light\",",
        "\"variations\": [{ \"name\": \"Dark\", \"id\": \"dark\", \"meta\": { \"description\": \"d\" } }, { \"name\": \"Light\", \"settings\": { \"color\": \"#ffffff\" },",
    );
    let zip = rezip::with_file(&theme_zip(&[]), "config.json", config.as_bytes()).unwrap();
    for variation in [0, 1] {
        let world = World::new();
        let (set, color) = {
            let mut state = world.store.state();
            state.show(2, &zip, variation);
            let color = "#aa1122".to_owned();
            let settings = &mut state.settings(2).settings;
            settings.insert("color".to_owned(), color.clone().into());
            (settings.clone(), color)
        };
        let (status, document) = world.deploy(&world.deployment());
        assert_eq!(status, 0, "{document:#}");
        let name = ["Dark", "Light"][variation];
        assert_eq!(document["changes"]["channels"][0]["variation"], name);
        assert_eq!(world.store.state().settings(2).settings, set);
        assert!(document["changes"]["plan"].to_string().contains("color"));
        let request = DeployRequest { no_settings: true, ..world.deployment() };
        // Now they are the theme's own.
        assert_eq!(world.deploy(&request).1["changes"]["channels"][0]["is-changed"], false);
        assert_eq!(world.store.state().settings(2).settings["color"], color);
        // What is set afterwards is written into the next one.
        let later = Value::from("#bb2233");
        world.store.state().settings(2).settings.insert("color".to_owned(), later.clone());
        let (status, document) = world.deploy(&world.deployment());
        assert_eq!(status, 0, "{document:#}");
        let written = stand_in::config(&world.store.state().shown(2).zip).to_string();
        assert!(written.contains("#bb2233"), "{written}");
        assert_eq!(world.store.state().settings(2).settings["color"], later);
    }
}

/// The guard's own settings survive, too, whether the theme comes from the store or from a folder.
#[test]
fn guard_settings_survive() {
    let world = World::new();
    world.store.state().show(2, &theme_zip(&[]), 0);
    world.playground.theme(&[]);
    let mut request = world.deployment();
    let flags = Settings {
        storefront: Some(STOREFRONT.to_owned()),
        theme_settings: Some(true),
        ..Settings::default()
    };
    request.build.sources = flags.into();
    let (status, document) = world.deploy(&request);
    assert_eq!(status, 0, "{document:#}");
    let plan = document["changes"]["plan"].to_string();
    assert!(plan.contains("give the theme editor a switch for the guard"), "{plan}");
    let set = |world: &World| {
        let state = &mut world.store.state();
        let settings = &state.settings(2).settings;
        [&settings["stencil_guard_enabled"], &settings["stencil_guard_storefront"]]
            .map(Clone::clone)
    };
    assert_eq!(set(&world), [Value::from(true), Value::from("")]);
    let chosen: [Value; 2] = [false.into(), "https://new.example".into()];
    {
        let mut state = world.store.state();
        let settings = &mut state.settings(2).settings;
        settings.insert("stencil_guard_enabled".to_owned(), chosen[0].clone());
        settings.insert("stencil_guard_storefront".to_owned(), chosen[1].clone());
    }
    for theme in [None, Some(world.playground.path("theme"))] {
        let (status, document) = world.deploy(&DeployRequest { theme, ..request.clone() });
        assert_eq!(status, 0, "{document:#}");
        assert!(!codes(&document).contains(&"setting-left-out"), "{document:#}");
        assert_eq!(set(&world), chosen);
    }
}

#[test]
fn unguardable_theme_changes_nothing() {
    let missing = rezip::with_file(
        &theme_zip(&[]),
        "templates/pages/home.html",
        b"{{> nowhere/to/be/found}}",
    );
    let world = World::new();
    world.store.state().show(2, &missing.unwrap(), 0);
    let (status, document) = world.deploy(&world.deployment());
    assert_eq!((status, changes(&world)), (1, 0), "{document:#}");
    assert!(codes(&document).contains(&"missing-partial"), "{document:#}");
}

#[test]
fn rollback_leaves_a_theme_of_others_in_place() {
    let world = World::new();
    assert_eq!(world.deploy(&world.deployment()).0, 0);
    let other = world.store.state().show(2, &theme_zip(&[("assets/other.txt", b"x")]), 0);
    let changed = changes(&world);
    let (status, document) = world.roll_back(None);
    assert_eq!((status, changes(&world)), (1, changed));
    assert_eq!(codes(&document), ["channel-changed"]);
    assert_eq!(world.store.state().channels[&2].active.as_ref().unwrap().0, other);
}

#[test]
fn unusable_channels_are_errors() {
    let world = World::new();
    let none = Channel::new("New", "next", "https://new.example.com", None);
    world.store.state().channels.insert(7, none);
    for (channel, words) in [
        (Some(9), "no storefront channel 9"),
        (Some(7), "shows no theme"),
        (None, "no channel is given"),
    ] {
        let (status, document) = world.deploy(&DeployRequest { channel, ..world.deployment() });
        assert!(status > 0 && document.to_string().contains(words), "{document:#}");
    }
    let (status, document) = world.roll_back(Some(2));
    assert_eq!(status, 2);
    assert!(document.to_string().contains("nothing that was changed on channel 2"), "{document:#}");
    assert_eq!(changes(&world), 0);
}

/// A store that says no more than it must, and more than was asked for.
#[test]
fn terse_store_responses_are_understood() {
    let config = small_theme()[0].1.replace(
        "\"variations\": [",
        "\"variations\": [{ \"name\": \"Dark\", \"id\": \"dark\", \"meta\": { \"description\": \"d\" } }, ",
    );
    let zip = rezip::with_file(&theme_zip(&[]), "config.json", config.as_bytes()).unwrap();
    let world = World::new();
    {
        let mut state = world.store.state();
        // The other look was shown before, with settings of its own.
        let uuid = state.show(2, &zip, 0);
        let second = state.themes[&uuid].variations[1].0.clone();
        state.activate(2, &second, "original");
        state.is_terse = true;
    }
    let (status, document) = world.deploy(&world.deployment());
    assert_eq!(status, 0, "{document:#}");
    assert_eq!(document["changes"]["channels"][0]["variation"], "Light");
    assert!(is_guarded(&world, 2));
}

/// What the store does, when, the exit status, words of the message, whether the channel is guarded then,
/// and how many themes were uploaded after the command ran once more with a store that behaves.
struct Row {
    request: &'static str,
    what: Misbehaviour,
    times: usize,
    exit: u8,
    words: &'static str,
    is_guarded: bool,
    themes: usize,
}

#[test]
fn store_failures_are_reported_and_the_next_run_continues() {
    let status = Misbehaviour::status;
    let page = || Misbehaviour::Instead {
        reply: Reply::bytes(200, "text/html", b"<html>".to_vec()),
        takes_effect: true,
    };
    let job =
        |body: Value| Misbehaviour::Instead { reply: Reply::json(200, &body), takes_effect: false };
    let failed = |errors: Value| {
        job(
            json!({ "data": { "status": "FAILED", "percent_complete": 12, "result": {}, "warnings": [], "errors": errors } }),
        )
    };
    let working = || job(json!({ "data": { "status": "WORKING", "percent_complete": 18 } }));
    let elsewhere = || {
        let reply = Reply::bytes(302, "text/html", Vec::new());
        Misbehaviour::Instead {
            reply: reply.with("location", "http://127.0.0.2:9/x"),
            takes_effect: false,
        }
    };
    let (jobs, activate) = ("GET /themes/jobs", "POST /themes/actions/activate");
    let (start, link) = ("POST /themes/theme", "GET /downloads");
    let row = |request, what, times, exit, words, is_guarded, themes| Row {
        request,
        what,
        times,
        exit,
        words,
        is_guarded,
        themes,
    };
    let rows = [
        row(start, status(504, "Gateway Timeout", true), 1, 0, "", true, 1),
        row(start, status(422, "no", false), 1, 1, "no (422)", false, 1),
        row(link, status(403, "Request has expired", false), 1, 1, "Request has expired", false, 1),
        row(link, elsewhere(), 1, 2, "redirect to 127.0.0.2:9", false, 1),
        row(link, Misbehaviour::Truncate, 1, 0, "", true, 1),
        row(link, page(), 1, 2, "does not understand", false, 1),
        row(jobs, status(404, "Job Not Found", false), 3, 0, "", true, 1),
        row(jobs, status(404, "Job Not Found", false), 99, 1, "Job Not Found", false, 1),
        row(jobs, Misbehaviour::Slow(Duration::from_millis(20)), 1, 0, "", true, 1),
    ];
    check(rows);
    let uploads = |what, times, exit, words, is_guarded, themes| {
        row("POST /themes$", what, times, exit, words, is_guarded, themes)
    };
    check([
        uploads(status(504, "Gateway Timeout", true), 1, 0, "", true, 1),
        uploads(Misbehaviour::Cut { takes_effect: true }, 1, 0, "", true, 1),
        uploads(Misbehaviour::Cut { takes_effect: false }, 1, 2, "did not arrive whole", false, 1),
        uploads(status(504, "Gateway Timeout", false), 1, 2, "Gateway Timeout", false, 1),
        uploads(page(), 1, 0, "", true, 1),
        uploads(
            status(409, "You can only upload one theme at a time", false),
            1,
            1,
            "another upload is in progress",
            false,
            1,
        ),
        uploads(
            status(409, "You have reached your upload limit", false),
            1,
            1,
            "--replace-oldest",
            false,
            1,
        ),
        uploads(status(413, "Payload too large", false), 1, 1, "50 MB", false, 1),
        row(activate, status(504, "Gateway Timeout", true), 1, 0, "", true, 1),
        row(activate, status(504, "Gateway Timeout", false), 1, 0, "", true, 1),
        row(activate, status(504, "Gateway Timeout", false), 99, 2, "Gateway Timeout", false, 1),
        row(activate, Misbehaviour::Cut { takes_effect: true }, 1, 0, "", true, 1),
        row(
            activate,
            Misbehaviour::Cut { takes_effect: false },
            99,
            2,
            "did not arrive whole",
            false,
            1,
        ),
        row(activate, status(204, "", false), 1, 1, "still shows another theme", false, 1),
        row(
            activate,
            status(403, "You don't have a required scope", false),
            1,
            1,
            "Themes: modify",
            false,
            1,
        ),
    ]);
    let second =
        |what| Fault { request: "GET /themes/jobs".to_owned(), after: 2, times: usize::MAX, what };
    for (errors, exit, words) in [
        (json!([{ "error": "TR-800", "message": "bad config" }]), 1, "config.json"),
        (json!([{ "error_code": "TR-300", "message": "bad zip (TR-300)" }]), 1, "not a zip"),
        (
            json!([{ "error_code": "server_error", "message": "A server error occurred" }]),
            1,
            "passes by itself",
        ),
        (json!([]), 1, "gives no reason"),
    ] {
        let world = World::new();
        world.store.misbehave(second(failed(errors)));
        let (status, document) = world.deploy(&world.deployment());
        assert_eq!(status, exit, "{document:#}");
        assert!(document.to_string().contains(words), "{words}: {document:#}");
        goes_on(&world);
    }
    let world = World::new();
    world.store.misbehave(second(working()));
    let (status, document) = world.deploy(&world.deployment());
    assert_eq!(status, 2, "{document:#}");
    assert!(document.to_string().contains("has not ended after 600 seconds"), "{document:#}");
    assert_eq!(goes_on(&world), 1);
}

fn check<const N: usize>(rows: [Row; N]) {
    for (number, row) in rows.into_iter().enumerate() {
        let world = World::new();
        let Row { request, what, times, exit, words, .. } = row;
        let request = request.to_owned();
        world.store.misbehave(Fault { request, after: 0, times, what });
        let (status, document) = world.deploy(&world.deployment());
        assert_eq!(status, exit, "row {number}: {document:#}");
        assert!(document.to_string().contains(words), "row {number}: {document:#}");
        assert_eq!(is_guarded(&world, 2), row.is_guarded, "row {number}");
        assert!(!is_guarded(&world, 1));
        assert_eq!(goes_on(&world), row.themes, "row {number}");
    }
}

/// Runs the command again with a store that behaves; how many themes were uploaded in all.
fn goes_on(world: &World) -> usize {
    world.store.state().behave();
    let (status, document) = world.deploy(&world.deployment());
    assert_eq!(status, 0, "{document:#}");
    assert!(is_guarded(world, 2) && !is_guarded(world, 1));
    let (status, document) = world.roll_back(None);
    assert_eq!(status, 0, "{document:#}");
    assert!(!is_guarded(world, 2));
    world.assert_token_is_safe();
    world.store.state().themes.len() - 2
}

#[test]
fn hiding_links_is_planned_and_warns_about_a_custom_checkout() {
    let world = World::new();
    let mut request = world.deployment();
    let hide = Some(vec!["edit-cart".parse().unwrap()]);
    let flags = Settings { storefront: Some(STOREFRONT.to_owned()), hide, ..Settings::default() };
    request.build.sources = flags.into();
    world.store.state().checkout_settings["custom_checkout_script_url"] =
        "https://a.example/own.js".into();
    let (status, document) = world.deploy(&request);
    assert_eq!(status, 0, "{document:#}");
    let text = document.to_string();
    for words in [
        "change the checkout's pages: hide `Edit cart`",
        "the checkout runs a script of its own, https://a.example/own.js",
        "hide-doubtful",
    ] {
        assert!(text.contains(words), "{words}: {document:#}");
    }
    // Who may not know that deploys all the same.
    let world = World::new();
    world.store.state().denied.insert("/checkouts");
    let request = DeployRequest { store: world.request(), record: Some(world.record()), ..request };
    let (status, document) = world.deploy(&request);
    assert_eq!(status, 0, "{document:#}");
    assert!(document.to_string().contains("checkout-unread"), "{document:#}");
}
