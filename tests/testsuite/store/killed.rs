//! Whatever ends a run, and between whichever requests: the next one finds out where it stands.

use super::deploy::is_guarded;
use super::stand_in::{Fault, Misbehaviour};
use super::world::{World, ends};
use crate::driver::theme_zip;
use serde_json::Value;
use std::collections::BTreeSet;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use stencil_guard::store::rezip;

/// What each channel shows.
fn shown(world: &World) -> Vec<Option<(String, String)>> {
    world.store.state().channels.values().map(|channel| channel.active.clone()).collect()
}

/// Goes back, where a run may have ended before it changed anything.
fn go_back(world: &World, before: &[Option<(String, String)>], place: &str) {
    let is_as_before = shown(world) == before;
    let (status, document) = world.roll_back(None);
    let knows_nothing = document.to_string().contains("knows of nothing that was changed");
    assert!(status == 0 || (knows_nothing && is_as_before), "{place}: {document:#}");
    assert_eq!(shown(world), before, "{place}");
    world.assert_token_is_safe();
}

/// Ends a command at each of its requests, in every way. Then `look` says whether all is well; how often that was.
fn at_each_request(
    prepare: impl Fn() -> World,
    run: impl Fn(&World) -> (u8, Value),
    look: impl Fn(&World, &str),
) -> usize {
    let mut count = 0;
    for request in 0.. {
        let before = count;
        for end in ends() {
            let world = prepare();
            world.store.state().behave();
            if world.break_off(request, end, &run) {
                count += 1;
                look(&world, &format!("ended at request {request}, {end:?}"));
            }
        }
        if count == before {
            break;
        }
    }
    count
}

#[test]
fn interrupted_deploy_resumes_or_rolls_back() {
    let deploy = |world: &World| world.deploy(&world.deployment());
    let before = shown(&World::new());
    let go_on = |world: &World, place: &str| {
        let (status, document) = deploy(world);
        assert_eq!(status, 0, "{place}: {document:#}");
        assert!(is_guarded(world, 2), "{place}");
        assert_eq!(shown(world)[0], before[0], "{place}");
        assert_eq!(world.store.settled(), 3, "{place}");
        go_back(world, &before, place);
    };
    let count = at_each_request(World::new, deploy, go_on);
    assert!(count >= 72, "{count} ends only");
    let count = at_each_request(World::new, deploy, |world, place| go_back(world, &before, place));
    assert!(count >= 72, "{count} ends only");
}

fn with_theme() -> World {
    let world = World::new();
    world.playground.theme(&[("assets/mine.txt", "mine")]);
    world
}

#[test]
fn interrupted_push_to_two_channels_resumes_or_rolls_back() {
    let push = |world: &World| world.push(&[1, 2], false);
    let before = shown(&with_theme());
    let go_on = |world: &World, place: &str| {
        let (status, document) = push(world);
        assert_eq!(status, 0, "{place}: {document:#}");
        let now = shown(world);
        assert_eq!(world.store.settled(), 3, "{place}");
        assert!(now.iter().zip(&before).all(|(now, before)| now != before), "{place}");
        go_back(world, &before, place);
    };
    let count = at_each_request(with_theme, push, go_on);
    assert!(count >= 76, "{count} ends only");
    let count = at_each_request(with_theme, push, |world, place| go_back(world, &before, place));
    assert!(count >= 76, "{count} ends only");
}

#[test]
fn interrupted_rollback_of_two_channels_resumes() {
    let before = shown(&with_theme());
    let prepare = || {
        let world = with_theme();
        assert_eq!(world.push(&[1, 2], false).0, 0);
        world
    };
    let count = at_each_request(
        prepare,
        |world| world.roll_back(None),
        |world, place| {
            go_back(world, &before, place);
            let (status, document) = world.roll_back(None);
            assert_eq!(status, 0, "{place}: {document:#}");
        },
    );
    assert!(count >= 44, "{count} ends only");
}

/// A store that takes its time: the number of the job says what came of the bundle, long before the list does.
#[test]
fn slow_upload_is_awaited_and_not_repeated() {
    let world = World::new();
    world.store.state().polls = 12;
    let what = Misbehaviour::Cut { takes_effect: false };
    // The download's job is asked about thirteen times.
    world.store.misbehave(Fault { after: 14, ..Fault::always("GET /themes/jobs", what) });
    assert_eq!(world.deploy(&world.deployment()).0, 2);
    world.store.state().behave();
    let (status, document) = world.deploy(&world.deployment());
    assert_eq!(status, 0, "{document:#}");
    assert_eq!(world.store.settled(), 3);
    assert!(is_guarded(&world, 2));
}

/// Somebody else uploads while nobody knows whether ours arrived: theirs is not taken for ours.
#[test]
fn concurrent_upload_by_others_is_not_taken_for_ours() {
    let name = |name: &str| {
        let config = crate::driver::small_theme()[0].1.replace("\"Small\"", &format!("\"{name}\""));
        rezip::with_file(&theme_zip(&[]), "config.json", config.as_bytes()).unwrap()
    };
    // Another name; a theme of the marketplace; two of which nobody knows which is ours.
    for (name, zip, is_private, times) in [
        ("another", name("Other"), true, 1),
        ("of the marketplace", name("Small"), false, 1),
        ("two", name("Small"), true, 2),
    ] {
        let world = World::new();
        let shared = world.store.shared();
        let before = shown(&world);
        let meddle = move || {
            let mut state = shared.lock().unwrap();
            for _ in 0..times {
                let (uuid, theme) = state.theme_of(&zip, is_private);
                state.themes.insert(uuid, theme);
            }
        };
        let what = Misbehaviour::End { call: Arc::new(meddle), takes_effect: false };
        world.store.misbehave(Fault::once("POST /themes$", what));
        let (status, document) = world.deploy(&world.deployment());
        assert_eq!(status, 2, "{name}: {document:#}");
        assert_eq!(shown(&world), before, "{name}");
        world.store.state().behave();
        assert_eq!(world.deploy(&world.deployment()).0, 0, "{name}");
        assert_eq!(world.store.settled(), 3 + times, "{name}");
    }
}

/// After a no it is known that nothing of ours arrived, so what comes later is not ours either.
#[test]
fn upload_by_others_after_a_refusal_is_not_taken_for_ours() {
    let world = World::new();
    world.store.misbehave(Fault::once("POST /themes$", Misbehaviour::status(422, "no", false)));
    assert_eq!(world.deploy(&world.deployment()).0, 1);
    let theirs = {
        let mut state = world.store.state();
        let (uuid, theme) = state.theme_of(&theme_zip(&[]), true);
        state.themes.insert(uuid.clone(), theme);
        uuid
    };
    let (status, document) = world.deploy(&world.deployment());
    assert_eq!(status, 0, "{document:#}");
    assert_ne!(shown(&world)[1].as_ref().unwrap().0, theirs);
    assert!(is_guarded(&world, 2));
}

/// A theme of ours that somebody deleted in the control panel is sent again.
#[test]
fn deleted_theme_is_uploaded_again() {
    let world = with_theme();
    assert_eq!(world.push(&[2], false).0, 0);
    assert_eq!(world.roll_back(None).0, 0);
    let ours = world.store.state().themes.keys().last().unwrap().clone();
    world.store.state().themes.remove(&ours);
    let (status, document) = world.push(&[2], false);
    assert_eq!(status, 0, "{document:#}");
    assert_eq!(document["changes"]["theme"]["is-new"], true);
    assert_ne!(shown(&world)[1].as_ref().unwrap().0, ours);
}

/// The store forgets its jobs after a while; what came of them is still there.
#[test]
fn upload_with_a_forgotten_job_is_not_repeated() {
    let world = World::new();
    let deploy = |world: &World| world.deploy(&world.deployment());
    let what = Misbehaviour::Cut { takes_effect: true };
    // The job of the download ends with the second answer, that of the upload with the fourth.
    world.store.misbehave(Fault { after: 3, ..Fault::once("GET /themes/jobs", what) });
    world.store.misbehave(Fault {
        after: 4,
        ..Fault::always("GET /themes/jobs", Misbehaviour::Cut { takes_effect: false })
    });
    assert_eq!(deploy(&world).0, 2);
    assert_eq!(world.store.settled(), 3);
    world.store.state().behave();
    world.store.state().jobs.clear();
    let (status, document) = deploy(&world);
    assert_eq!(status, 0, "{document:#}");
    assert!(is_guarded(&world, 2));
    assert_eq!(world.store.settled(), 3);
}

/// A store that takes no more themes, the oldest inactive one of which is ours.
fn full() -> World {
    let world = with_theme();
    assert_eq!(world.push(&[], false).0, 0);
    world.playground.write("theme/assets/mine.txt", "newer");
    let mut state = world.store.state();
    let zip = state.shown(1).zip.clone();
    while state.themes.len() < 20 {
        let (uuid, theme) = state.theme_of(&zip, true);
        state.themes.insert(uuid, theme);
    }
    drop(state);
    world
}

#[test]
fn interrupted_push_to_a_full_store_removes_only_one_theme() {
    let names = |world: &World| -> BTreeSet<String> {
        world.store.state().themes.keys().cloned().collect()
    };
    let all = names(&full());
    let push = |world: &World| world.push(&[2], true);
    let count = at_each_request(full, push, |world, place| {
        let (status, document) = push(world);
        assert_eq!(status, 0, "{place}: {document:#}");
        assert_eq!(world.store.settled(), 20, "{place}");
        let now = names(world);
        assert_eq!(all.difference(&now).count(), 1, "{place}: more is gone than one");
    });
    assert!(count >= 80, "{count} ends only");
}

#[test]
fn killed_deploy_resumes_and_rolls_back() {
    for (request, after) in
        [("POST /themes$", 0), ("GET /themes/jobs", 2), ("POST /themes/actions/activate", 0)]
    {
        let world = World::new();
        let before = world.store.state().channels.clone();
        let child = Arc::new(Mutex::new(None::<std::process::Child>));
        let victim = child.clone();
        let kill = move || {
            if let Some(child) = victim.lock().unwrap().as_mut() {
                child.kill().unwrap();
            }
        };
        let what = Misbehaviour::Call(Arc::new(kill));
        world.store.misbehave(Fault { request: request.to_owned(), after, times: 1, what });
        let arguments = [
            "deploy",
            "--channel",
            "2",
            "--storefront",
            crate::driver::STOREFRONT,
            "--yes",
            "--no-live-check",
            "--record",
            "record.json",
        ];
        {
            // The store must not kill what is not there yet.
            let mut place = child.lock().unwrap();
            let mut command = world.program(&arguments);
            *place = Some(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
        }
        let wait = || child.lock().unwrap().as_mut().unwrap().try_wait().unwrap();
        let status = loop {
            match wait() {
                Some(status) => break status,
                None => std::thread::sleep(std::time::Duration::from_millis(10)),
            }
        };
        assert!(!status.success(), "{request}");
        let run = world.run(&arguments);
        assert_eq!(run.status, 0, "{request}: {}", run.messages);
        assert!(is_guarded(&world, 2), "{request}");
        assert_eq!(world.store.settled(), 3, "{request}");
        assert_eq!(world.roll_back(None).0, 0);
        assert_eq!(world.store.state().channels[&2].active, before[&2].active, "{request}");
        world.assert_token_is_safe();
    }
}
