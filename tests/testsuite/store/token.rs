//! The token: where it comes from, and where it never goes.

use super::stand_in::{Fault, HASH, Misbehaviour, Reply, TOKEN};
use super::world::{World, environment, finished};
use std::process::Command;
use stencil_guard::store::credentials::{self, Asked};
use stencil_guard::store::{ApiHost, Client};

/// The program without anything about a store in its environment.
fn bare(world: &World, arguments: &[&str]) -> crate::driver::Run {
    let mut command = world.program(arguments);
    finished(
        command
            .env_remove("BIGCOMMERCE_ACCESS_TOKEN")
            .env_remove("BIGCOMMERCE_STORE_HASH")
            .output()
            .unwrap(),
    )
}

#[test]
fn token_is_read_from_stencil_cli_files() {
    let world = World::new();
    let config = serde_json::json!({ "normalStoreUrl": world.store.host(), "customLayouts": {} });
    world.playground.write("config.stencil.json", config.to_string());
    let secrets = serde_json::json!({ "accessToken": TOKEN });
    world.playground.write("secrets.stencil.json", secrets.to_string());
    let run = bare(&world, &["channels"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    let state = world.store.state();
    let hash = state.log.iter().find(|seen| seen.line == "GET /admin/oauth/info").unwrap();
    assert_eq!(hash.request.header("x-auth-token"), None);
}

#[test]
fn missing_token_error_names_the_variable() {
    let world = World::new();
    let run = bare(&world, &["channels", "--store-hash", HASH]);
    assert_eq!(run.status, 2);
    assert!(run.messages.contains("no access token is given"), "{}", run.messages);
    assert!(run.messages.contains("BIGCOMMERCE_ACCESS_TOKEN"), "{}", run.messages);
    assert!(world.store.requests().is_empty());
}

#[test]
fn redirects_are_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let world = World::new();
        let target = format!("{}/stolen", world.store.other_host());
        let reply = Reply::bytes(status, "text/html", Vec::new()).with("location", &target);
        world.store.misbehave(Fault::always(
            "GET /channels",
            Misbehaviour::Instead { reply, takes_effect: false },
        ));
        let run = world.run(&["channels"]);
        assert_eq!(run.status, 2, "{}", run.messages);
        let host = world.store.other_host();
        assert!(run.messages.contains(host.trim_start_matches("http://")), "{}", run.messages);
        assert!(world.store.state().log.iter().all(|seen| seen.to_api), "{status}");
    }
}

#[test]
fn plain_http_is_refused_before_anything_is_sent() {
    let world = World::new();
    let mut command = Command::new(env!("CARGO_BIN_EXE_stencil-guard"));
    command.args(["channels", "--api-host", "http://api.example.com", "--store-hash", HASH]);
    let run = finished(command.env("BIGCOMMERCE_ACCESS_TOKEN", TOKEN).output().unwrap());
    assert_eq!(run.status, 2);
    assert!(run.messages.contains("https"), "{}", run.messages);
    drop(world);
}

#[test]
fn token_file_tracked_by_git_is_warned_about() {
    let world = World::new();
    world.playground.write("token-of-mine", TOKEN);
    let git = |arguments: &[&str]| {
        let status =
            Command::new("git").args(arguments).current_dir(world.playground.path("")).output();
        status.is_ok_and(|output| output.status.success())
    };
    if !git(&["init", "--quiet"]) {
        // A machine without git tracks nothing.
        return;
    }
    let run = bare(&world, &["channels", "--store-hash", HASH, "--token-file", "token-of-mine"]);
    assert_eq!((run.status, run.messages.as_str()), (0, ""));
    assert!(git(&["add", "token-of-mine"]));
    let run = bare(&world, &["channels", "--store-hash", HASH, "--token-file", "token-of-mine"]);
    assert_eq!(run.status, 0);
    assert!(run.messages.contains("git tracks token-of-mine"), "{}", run.messages);
}

/// Whatever is asked for, an answer that leads elsewhere is the end of it.
#[test]
fn no_deploy_request_follows_a_redirect() {
    for request in [
        "GET /channels",
        "GET /themes",
        "POST /themes/theme",
        "GET /themes/jobs",
        "GET /downloads",
        "POST /themes$",
        "POST /themes/actions/activate",
    ] {
        for status in [302, 307] {
            let world = World::new();
            let target = format!("{}/stolen", world.store.other_host());
            let reply = Reply::bytes(status, "text/html", Vec::new()).with("location", &target);
            let what = Misbehaviour::Instead { reply, takes_effect: false };
            world.store.misbehave(Fault::always(request, what));
            let (status, document) = world.deploy(&world.deployment());
            assert_eq!(status, 2, "{request}: {document:#}");
            assert!(document.to_string().contains("with a redirect to 127.0.0.1"), "{document:#}");
            let is_stolen = world.store.state().log.iter().any(|seen| seen.line.contains("stolen"));
            assert!(!is_stolen, "{request}");
            world.assert_token_is_safe();
        }
    }
}

/// A store, or what stands in front of it, may say in an answer what it was sent.
#[test]
fn token_is_redacted_from_store_messages() {
    let errors = serde_json::json!({ "x-auth-token": [TOKEN] });
    let body = serde_json::json!({ "title": format!("no: {TOKEN}"), "errors": errors });
    for status in [401, 422, 502] {
        let world = World::new();
        let reply = Reply::json(status, &body);
        let what = Misbehaviour::Instead { reply, takes_effect: false };
        world.store.misbehave(Fault::always("GET /channels", what));
        for format in ["human", "json"] {
            let run = world.run(&["channels", "--format", format]);
            assert!(run.status > 0);
            assert!(format!("{run:?}").contains("no: ***"), "{run:?}");
        }
        let (_, document) = world.deploy(&world.deployment());
        assert!(document.to_string().contains("no: ***"), "{document:#}");
        world.assert_token_is_safe();
    }
    let world = World::new();
    world.store.state().job_warnings =
        vec![serde_json::json!({ "warning": "W", "message": format!("sent with {TOKEN}") })];
    let (status, document) = world.deploy(&world.deployment());
    assert_eq!(status, 0, "{document:#}");
    assert!(document.to_string().contains("sent with ***"), "{document:#}");
    world.assert_token_is_safe();
}

/// What a panic or a careless line would print.
#[test]
fn debug_output_redacts_the_token() {
    let (environment, _) = environment();
    let access = credentials::find(&Asked::default(), &environment).unwrap();
    let shown = format!("{access:?}");
    let client = Client::new(ApiHost::default(), access.store_hash, access.token, &environment);
    let shown = format!("{shown} {client:?} {:?}", World::new().request());
    assert!(shown.contains("***") && !shown.contains(TOKEN), "{shown}");
}
