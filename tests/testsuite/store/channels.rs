//! `channels`, and how any command deals with a store that is slow, busy, odd or down.

use super::stand_in::{Channel, Fault, Misbehaviour, Reply};
use super::world::{World, environment};
use serde_json::{Value, json};
use std::time::Duration;
use stencil_guard::commands::store::{StoreRequest, channels};
use stencil_guard::report::store;

#[test]
fn channels_are_listed_with_their_themes() {
    let world = World::new();
    let run = world.run(&["channels"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    assert_eq!(
        run.results,
        "channel  name      runs on              status  site                      checkout                                        theme\n\
         1        Main      bigcommerce          active  https://main.example.com  https://store-standin1-1.mybigcommerce.com      Small\n\
         2        Catalyst  catalyst (headless)  active  https://shop.example.com  https://checkout.example.com                    Small\n"
            .replace("                                        theme", "                                    theme")
            .replace("com      Small\n2", "com  Small\n2")
            .replace("https://checkout.example.com                    Small", "https://checkout.example.com                Small")
    );
    let document: Value =
        serde_json::from_str(&world.run(&["channels", "--format", "json"]).results).unwrap();
    assert_eq!(document["status"], "done");
    assert_eq!(document["channels"][1]["id"], 2);
    assert_eq!(document["channels"][1]["is-headless"], true);
    assert_eq!(document["channels"][1]["checkout"], "https://checkout.example.com");
    world.assert_token_is_safe();
}

#[test]
fn all_pages_of_a_list_are_read() {
    let world = World::new();
    {
        let mut state = world.store.state();
        state.page_size = 2;
        for id in 3..8 {
            let site = format!("https://{id}.example.com");
            state.channels.insert(id, Channel::new("Pop-up", "next", &site, None));
        }
    }
    let run = world.run(&["channels"]);
    assert_eq!(run.results.lines().count(), 8, "{}", run.results);
    assert!(run.results.contains("https://7.example.com"));
    // Channels without a theme are no error.
    assert!(run.results.lines().last().unwrap().ends_with("none"));
}

#[test]
fn channels_that_cannot_show_a_theme_are_left_out() {
    let world = World::new();
    let till = Channel { kind: "pos", ..Channel::new("Till", "square", "https://x.example", None) };
    world.store.state().channels.insert(3, till);
    let run = world.run(&["channels"]);
    assert!(run.status == 0 && !run.results.contains("Till"), "{run:?}");
    let run = world.run(&["download", "--channel", "3", "--output", "theme.zip"]);
    assert!(run.status == 1 && run.messages.contains("no storefront channel 3"), "{run:?}");
}

#[test]
fn responses_without_an_envelope_are_accepted() {
    let world = World::new();
    world.store.state().is_bare = true;
    assert_eq!(world.run(&["channels"]).status, 0);
}

/// A request in this process, where waiting takes no time: the exit status, all that was said, the waits.
fn listed(world: &World) -> (u8, String, Vec<Duration>) {
    let (environment, waits) = environment();
    let request = StoreRequest { api_host: Some(world.store.host()), ..StoreRequest::default() };
    let report = channels::run(&request, &environment);
    let waits = waits.borrow().clone();
    (report.report.status().exit_code(), store::json(&report).unwrap(), waits)
}

#[test]
fn store_failures_are_retried_or_reported() {
    let busy = |headers: &[(&str, &str)]| {
        let reply = Reply::json(429, &json!({ "status": 429, "title": "Too many requests" }));
        let reply = headers.iter().fold(reply, |reply, (name, value)| reply.with(name, value));
        Misbehaviour::Instead { reply, takes_effect: false }
    };
    let page = |status| Misbehaviour::Instead {
        reply: Reply::bytes(status, "text/html", b"<html>sorry</html>".to_vec()),
        takes_effect: false,
    };
    let status = |status, title| Misbehaviour::status(status, title, false);
    let milliseconds = Duration::from_millis;
    // What the store does, how often, the exit status, words of the message, the waits.
    let table = [
        (busy(&[("x-rate-limit-time-reset-ms", "1500")]), 1, 0, "", vec![milliseconds(1750)]),
        (busy(&[("x-retry-after", "3")]), 1, 0, "", vec![milliseconds(3250)]),
        (busy(&[]), 2, 0, "", vec![milliseconds(375), milliseconds(750)]),
        (busy(&[("x-retry-after", "4000")]), 1, 2, "within 300 seconds", vec![]),
        // It asks to wait once more and once more: there is an end to it.
        (
            busy(&[("x-retry-after", "100")]),
            99,
            2,
            "within 300 seconds",
            vec![milliseconds(100_250), milliseconds(100_250)],
        ),
        (status(500, "Internal Server Error"), 1, 0, "", vec![milliseconds(375)]),
        (status(502, "Bad Gateway"), 1, 0, "", vec![milliseconds(375)]),
        (status(504, "Gateway Timeout"), 2, 0, "", vec![milliseconds(375), milliseconds(750)]),
        (
            status(503, "Service Unavailable"),
            99,
            2,
            "Service Unavailable (503)",
            vec![milliseconds(375), milliseconds(750), milliseconds(1500)],
        ),
        (Misbehaviour::Cut { takes_effect: false }, 1, 0, "", vec![milliseconds(375)]),
        (
            Misbehaviour::Cut { takes_effect: false },
            99,
            2,
            "did not arrive whole",
            vec![milliseconds(375), milliseconds(750), milliseconds(1500)],
        ),
        (Misbehaviour::Truncate, 1, 0, "", vec![milliseconds(375)]),
        (Misbehaviour::Slow(milliseconds(50)), 1, 0, "", vec![]),
        (page(200), 1, 2, "text/html instead of JSON", vec![]),
        (page(502), 1, 0, "", vec![milliseconds(375)]),
        (status(401, "Unauthorized"), 1, 1, "check the token", vec![]),
        (
            status(403, "You don't have a required scope to access the endpoint"),
            1,
            1,
            "Channel Settings",
            vec![],
        ),
        (status(404, "The requested entity was not found."), 1, 1, "--store-hash", vec![]),
        (status(422, "JSON data is missing or invalid"), 1, 1, "missing or invalid (422)", vec![]),
    ];
    for (number, (what, times, exit, words, expected)) in table.into_iter().enumerate() {
        let world = World::new();
        let request = "GET /channels".to_owned();
        world.store.misbehave(Fault { request, after: 0, times, what });
        let (status, said, waits) = listed(&world);
        assert_eq!(status, exit, "row {number}: {said}");
        assert!(said.contains(words), "row {number}: {said}");
        assert_eq!(waits, expected, "row {number}");
    }
}

#[test]
fn unreachable_store_is_named() {
    let world = World::new();
    let (environment, _) = environment();
    let api_host = Some("http://127.0.0.1:9".to_owned());
    let report = channels::run(&StoreRequest { api_host, ..StoreRequest::default() }, &environment);
    let said = store::json(&report).unwrap();
    assert_eq!(report.report.status().exit_code(), 2);
    assert!(said.contains("cannot reach 127.0.0.1:9"), "{said}");
    drop(world);
}
