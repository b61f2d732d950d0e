//! `push` and `download`.

use super::stand_in::{Channel, Fault, Misbehaviour, Reply, config};
use super::world::{World, environment, finished, said};
use crate::driver::{small_theme, theme_zip};
use serde_json::{Value, json};
use stencil_guard::commands::store::push::{self, PushRequest};
use stencil_guard::pipeline::progress::NoProgress;

#[test]
fn bundle_is_uploaded_unchanged_and_shown_on_named_channels() {
    let world = World::new();
    world.playground.theme(&[]);
    let made = world.playground.run(&["bundle", "theme", "--bundle", "mine.zip"]);
    assert_eq!(made.status, 0, "{}", made.messages);
    let before = world.store.state().channels.clone();
    let run = world.run(&["push", "mine.zip"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    assert!(run.results.contains("uploaded"), "{}", run.results);
    assert_eq!(world.store.state().channels[&2].active, before[&2].active);
    let bundle = std::fs::read(world.playground.path("mine.zip")).unwrap();
    let sent = world.store.state().themes.values().filter(|theme| theme.zip == bundle).count();
    assert_eq!(sent, 1);
    // What is there already is not sent again.
    let run = world.run(&["push", "mine.zip", "--channel", "2", "--activate", "--yes"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    assert_eq!(world.store.state().themes.len(), 3);
    assert_eq!(world.store.state().shown(2).zip, bundle);
    assert_eq!(world.store.state().channels[&1].active, before[&1].active);
    let run = world.run(&["push", "mine.zip", "--channel", "2", "--activate", "--yes"]);
    assert!(run.results.starts_with("Nothing is changed."), "{}", run.results);
    assert_eq!(world.run(&["rollback", "--yes"]).status, 0);
    assert_eq!(world.store.state().channels[&2].active, before[&2].active);
    world.assert_token_is_safe();
}

#[test]
fn folder_is_bundled_first_and_its_errors_stop_the_push() {
    let world = World::new();
    world.playground.theme(&[]);
    assert_eq!(world.run(&["push", "theme"]).status, 0);
    assert_eq!(world.store.state().themes.len(), 3);
    world.playground.write("theme/templates/pages/home.html", "{{> nowhere}}");
    let run = world.run(&["push", "theme"]);
    assert_eq!(run.status, 1, "{}", run.messages);
    assert!(run.messages.contains("missing-partial"), "{}", run.messages);
    assert_eq!(world.store.state().themes.len(), 3);
}

/// A theme with two looks.
fn two_looks() -> World {
    let world = World::new();
    let two = small_theme()[0].1.replace(
        "\"variations\": [",
        "\"variations\": [{ \"name\": \"Dark\", \"id\": \"dark\", \"meta\": { \"description\": \"d\" } }, ",
    );
    world.playground.theme(&[("config.json", &two)]);
    world
}

/// The look in which channel 2 shows its theme.
fn shown_look(world: &World) -> String {
    let mut state = world.store.state();
    let uuid = state.settings(2).variation.clone();
    let looks = &state.shown(2).variations;
    looks.iter().find(|(look, _)| *look == uuid).unwrap().1.clone()
}

#[test]
fn activation_keeps_the_variation_unless_one_is_named() {
    let world = two_looks();
    let look = |arguments: &[&str]| {
        let run = world
            .run(&[&["push", "theme", "--channel", "2", "--format", "json"], arguments].concat());
        let document: Value = serde_json::from_str(&run.results).unwrap();
        (run.status, document["changes"]["channels"][0]["variation"].clone(), document.to_string())
    };
    for (flag, name) in [("--activate", "Light"), ("--activate=Dark", "Dark")] {
        assert_eq!(look(&[flag, "--yes"]).1, name);
        assert_eq!(shown_look(&world), name);
    }
    let (status, _, said) = look(&["--activate=Blue"]);
    assert!(
        status == 2 && said.contains("no variation `Blue`") && said.contains("Dark, Light"),
        "{said}"
    );
    let run = world.run(&["push", "theme", "--activate"]);
    assert!(run.status == 2 && run.messages.contains("--channel"), "{}", run.messages);
}

#[test]
fn activation_shows_a_plan_and_asks_first() {
    let world = World::new();
    world.playground.theme(&[]);
    let now = || {
        let state = world.store.state();
        (state.themes.len(), state.channels[&2].active.clone())
    };
    let before = now();
    let run = world.run(&["push", "theme", "--channel", "2", "--activate"]);
    assert_eq!(run.status, 2, "{}", run.messages);
    for line in [
        "Plan\n",
        ": it shows ",
        "upload Small as a new theme (",
        "show it on channel 2 (",
        "to go back: stencil-guard rollback --channel 2\n",
        "no terminal to ask on, so stencil-guard changes nothing",
    ] {
        assert!(run.messages.contains(line), "{line}: {}", run.messages);
    }
    assert!(now() == before, "something changed");
    // What is uploaded only, nobody sees.
    let run = world.run(&["push", "theme", "--channel", "2"]);
    assert!(run.status == 0 && !run.messages.contains("Plan"), "{}", run.messages);
}

#[test]
fn activation_without_effect_is_detected() {
    let world = two_looks();
    let push = |look: &str| {
        let request = PushRequest {
            store: world.request(),
            theme: world.playground.path("theme"),
            channels: vec![2],
            activate: Some(Some(look.to_owned())),
            replace_oldest: false,
            record: Some(world.record()),
            yes: true,
        };
        said(&push::run(&request, &environment().0, &NoProgress))
    };
    assert_eq!(push("Light").0, 0);
    let what = Misbehaviour::status(204, "", false);
    world.store.misbehave(Fault::once("POST /themes/actions/activate", what));
    let (status, document) = push("Dark");
    assert_eq!(status, 1, "{document:#}");
    assert!(document.to_string().contains("still shows another theme"), "{document:#}");
    assert_eq!(push("Dark").0, 0);
    assert_eq!(shown_look(&world), "Dark");
}

#[test]
fn activation_with_a_lost_response_is_not_repeated() {
    let world = World::new();
    world.playground.theme(&[]);
    let activate = "POST /themes/actions/activate";
    world.store.misbehave(Fault::once(activate, Misbehaviour::Cut { takes_effect: true }));
    let (status, document) = world.push(&[2], false);
    assert_eq!(status, 0, "{document:#}");
    assert_eq!(world.store.count(activate), 1);
}

#[test]
fn channel_sharing_the_theme_is_named() {
    let world = World::new();
    world.playground.theme(&[]);
    {
        let mut state = world.store.state();
        let shared = state.channels[&2].active.clone();
        state.channels.get_mut(&1).unwrap().active = shared;
    }
    let (status, document) = world.push(&[2], false);
    assert_eq!(status, 0, "{document:#}");
    let words = "channel 1 (Main) shows the same theme as channel 2 and goes on showing it";
    assert!(document["findings"].to_string().contains(words), "{document:#}");
}

/// Fills the store with themes of others, to what it takes.
fn fill(world: &World) {
    let mut state = world.store.state();
    while state.themes.len() < 20 {
        let (uuid, theme) = state.theme_of(&theme_zip(&[]), true);
        state.themes.insert(uuid, theme);
    }
}

#[test]
fn full_store_gives_up_only_our_themes() {
    let world = World::new();
    world.playground.theme(&[]);
    assert_eq!(world.run(&["push", "theme"]).status, 0);
    let ours = world.store.state().themes.keys().last().unwrap().clone();
    fill(&world);
    let foreign: Vec<String> =
        world.store.state().themes.keys().filter(|uuid| **uuid != ours).cloned().collect();
    world.playground.write("theme/assets/new.txt", "new");
    let run = world.run(&["push", "theme"]);
    assert!(run.status == 1 && run.messages.contains("--replace-oldest"), "{}", run.messages);
    let run = world.run(&["push", "theme", "--replace-oldest"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    assert!(run.results.contains(&ours), "{}", run.results);
    assert!(foreign.iter().all(|uuid| world.store.state().themes.contains_key(uuid)));
    // What channels show, and what there is to go back to, never goes.
    let run = world.run(&["push", "theme", "--channel", "2", "--activate", "--yes"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    world.playground.write("theme/assets/new.txt", "newer");
    let run = world.run(&["push", "theme", "--replace-oldest"]);
    assert!(
        run.status > 0 && run.messages.contains("none of its inactive themes"),
        "{}",
        run.messages
    );
    assert_eq!(world.store.state().themes.len(), 20);
}

/// Brings a theme of its own for each of these texts into the store.
fn push_each<const N: usize>(world: &World, texts: [&str; N]) -> [String; N] {
    texts.map(|text| {
        world.playground.theme(&[("assets/new.txt", text)]);
        let (status, document) = world.push(&[], false);
        assert_eq!(status, 0, "{document:#}");
        document["changes"]["theme"]["uuid"].as_str().unwrap().to_owned()
    })
}

#[test]
fn our_oldest_theme_makes_room() {
    let world = World::new();
    let ours = push_each(&world, ["one", "two", "three"]);
    // The list has them in another order.
    for (uuid, day) in ours.iter().zip([2, 1, 3]) {
        let mut state = world.store.state();
        state.themes.get_mut(uuid).unwrap().updated_at = format!("2025-06-{day:02}T00:00:00Z");
    }
    fill(&world);
    world.playground.write("theme/assets/new.txt", "four");
    let (status, document) = world.push(&[], true);
    assert_eq!(status, 0, "{document:#}");
    let is_there = |uuid: &String| world.store.state().themes.contains_key(uuid);
    assert_eq!(ours.each_ref().map(is_there), [true, false, true], "{document:#}");
}

/// Some place that is no channel with a storefront may show one: the store says that it is in use.
#[test]
fn our_theme_that_the_store_calls_active_is_not_removed() {
    let world = World::new();
    let [shown, newer] = push_each(&world, ["one", "two"]);
    {
        let mut state = world.store.state();
        let till = Channel::new("Till", "square", "https://till.example.com", None);
        state.channels.insert(3, Channel { kind: "pos", ..till });
        let look = state.themes[&shown].variations[0].0.clone();
        assert!(state.activate(3, &look, "original"));
        for (uuid, day) in [(&shown, 1), (&newer, 2)] {
            state.themes.get_mut(uuid).unwrap().updated_at = format!("2025-06-{day:02}T00:00:00Z");
        }
    }
    fill(&world);
    world.playground.write("theme/assets/new.txt", "three");
    let (status, document) = world.push(&[], true);
    assert_eq!(status, 0, "{document:#}");
    let is_there = |uuid: &String| world.store.state().themes.contains_key(uuid);
    assert_eq!((is_there(&shown), is_there(&newer)), (true, false), "{document:#}");
}

/// Only one answer means that the store has no room for another theme.
#[test]
fn refusal_for_another_reason_removes_no_theme() {
    let world = World::new();
    let [ours] = push_each(&world, ["one"]);
    world.playground.write("theme/assets/new.txt", "two");
    let what = Misbehaviour::status(413, "The file is larger than the upload limit", false);
    world.store.misbehave(Fault::once("POST /themes$", what));
    let (status, document) = world.push(&[], true);
    assert_eq!(status, 1, "{document:#}");
    assert_eq!(world.store.count("DELETE"), 0);
    assert!(world.store.state().themes.contains_key(&ours));
}

/// The list may name a theme for a while after it is gone; until then the store is full.
#[test]
fn upload_is_retried_only_once_the_deletion_shows() {
    let world = World::new();
    let [ours] = push_each(&world, ["one"]);
    fill(&world);
    let list = json!({ "data": [{ "uuid": ours, "name": "Small", "is_private": true }] });
    let what = Misbehaviour::Instead { reply: Reply::json(200, &list), takes_effect: false };
    let request = "GET /themes$".to_owned();
    world.store.misbehave(Fault { request, after: 2, times: 2, what });
    world.playground.write("theme/assets/new.txt", "two");
    let (status, document) = world.push(&[], true);
    assert_eq!(status, 0, "{document:#}");
    let requests = world.store.requests();
    let gone = requests.iter().position(|line| line.starts_with("DELETE")).unwrap();
    let list = "GET /themes";
    assert_eq!(requests[gone + 1..gone + 5], [list, list, list, "POST /themes"]);
}

/// Somebody showed a theme of ours in the control panel: that is what there is to go back to, then.
#[test]
fn rollback_target_is_not_removed_to_make_room() {
    let world = World::new();
    let [shown, newer] = push_each(&world, ["one", "two"]);
    let before = {
        let mut state = world.store.state();
        let look = state.themes[&shown].variations[0].0.clone();
        assert!(state.activate(2, &look, "original"));
        state.channels[&2].active.clone()
    };
    let day = |uuid: &String, day: &str| {
        world.store.state().themes.get_mut(uuid).unwrap().updated_at = day.to_owned();
    };
    day(&shown, "2025-06-01T00:00:00Z");
    day(&newer, "2025-06-02T00:00:00Z");
    world.playground.write("theme/assets/new.txt", "three");
    let (status, document) = world.push(&[2], false);
    assert_eq!(status, 0, "{document:#}");
    fill(&world);
    world.playground.write("theme/assets/new.txt", "four");
    let (status, document) = world.push(&[], true);
    assert_eq!(status, 0, "{document:#}");
    let is_there = |uuid: &String| world.store.state().themes.contains_key(uuid);
    assert_eq!((is_there(&shown), is_there(&newer)), (true, false), "{document:#}");
    assert_eq!(world.roll_back(None).0, 0);
    assert_eq!(world.store.state().channels[&2].active, before);
}

#[test]
fn oversized_bundle_is_not_sent() {
    let world = World::new();
    let large = vec![0; 52_428_800];
    let more: [(&str, &[u8]); 2] =
        [("parsed/templates/pages/home.html", b"{}"), ("assets/large.bin", &large)];
    world.playground.write("large.zip", theme_zip(&more));
    let run = world.run(&["push", "large.zip", "--format", "json"]);
    assert_eq!(run.status, 1, "{}", run.messages);
    assert!(run.results.contains("the platform takes 52428800 at most"), "{}", run.results);
    assert_eq!(world.store.count("POST"), 0);
}

#[test]
fn download_includes_theme_editor_settings() {
    let world = World::new();
    let coloured =
        small_theme()[0].1.replace("\"settings\": {}", "\"settings\": { \"color\": \"#000\" }");
    let zip =
        stencil_guard::store::rezip::with_file(&theme_zip(&[]), "config.json", coloured.as_bytes());
    let zip = zip.unwrap();
    {
        let mut state = world.store.state();
        state.show(2, &zip, 0);
        let settings = &mut state.settings(2).settings;
        settings.insert("color".to_owned(), json!("#123"));
        settings.insert("gone".to_owned(), json!(1));
    }
    let run = world.run(&["download", "--channel", "2", "--output", "theme.zip"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    assert!(run.messages.contains("gone"), "{}", run.messages);
    let file = std::fs::read(world.playground.path("theme.zip")).unwrap();
    assert_eq!(config(&file)["variations"][0]["settings"]["color"], "#123");
    let run = world.run(&["download", "--channel", "2", "--output", "plain.zip", "--no-settings"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    assert_eq!(std::fs::read(world.playground.path("plain.zip")).unwrap(), zip);
    // The channel may come from the environment.
    let mut command = world.program(&["download", "--output", "named.zip", "--no-settings"]);
    let run = finished(command.env("BIGCOMMERCE_CHANNEL_ID", "2").output().unwrap());
    assert_eq!(run.status, 0, "{}", run.messages);
    assert_eq!(std::fs::read(world.playground.path("named.zip")).unwrap(), zip);
    let run = world.run(&["download", "--channel", "2", "--output", "theme.txt"]);
    assert!(run.status == 2 && run.messages.contains(".zip"), "{}", run.messages);
    world.assert_token_is_safe();
}

#[test]
fn partial_failure_names_finished_and_unfinished_channels() {
    let world = World::new();
    world.playground.theme(&[]);
    let before = world.store.state().channels.clone();
    let refuse = |after| {
        let what = Misbehaviour::status(403, "You don't have a required scope", false);
        world
            .store
            .misbehave(Fault { after, ..Fault::always("POST /themes/actions/activate", what) });
    };
    refuse(1);
    let push = ["push", "theme", "--channel", "1", "--channel", "2", "--activate", "--yes"];
    let run = world.run(&push);
    assert_eq!(run.status, 1, "{}", run.messages);
    assert!(run.messages.contains("Small is in the store (theme-"), "{}", run.messages);
    let words = "; done: channel 1; not done: channel 2";
    assert!(run.messages.contains(words), "{}", run.messages);
    world.store.state().behave();
    let run = world.run(&push);
    assert_eq!(run.status, 0, "{}", run.messages);
    assert!(run.results.contains("as it was channel 1"), "{}", run.results);
    refuse(1);
    let run = world.run(&["rollback", "--yes"]);
    assert_eq!(run.status, 1, "{}", run.messages);
    let words = "not every channel is back; done: channel 1; not done: channel 2";
    assert!(run.messages.contains(words), "{}", run.messages);
    world.store.state().behave();
    assert_eq!(world.run(&["rollback", "--yes"]).status, 0);
    let now = world.store.state().channels.clone();
    assert!(now.iter().all(|(id, channel)| channel.active == before[id].active));
}

/// A channel that showed nothing cannot be given back; the others can.
#[test]
fn empty_channel_does_not_block_rollback_of_others() {
    let world = World::new();
    world.playground.theme(&[]);
    let none = Channel::new("New", "next", "https://new.example.com", None);
    world.store.state().channels.insert(0, none);
    let before = world.store.state().channels[&2].active.clone();
    let run =
        world.run(&["push", "theme", "--channel", "0", "--channel", "2", "--activate", "--yes"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    let run = world.run(&["rollback", "--yes"]);
    assert_eq!(run.status, 1, "{}", run.messages);
    assert!(run.messages.contains("channel 0 showed no theme before"), "{}", run.messages);
    assert_eq!(world.store.state().channels[&2].active, before);
}
