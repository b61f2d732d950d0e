//! Whatever ends a run, and between whichever requests: the next one finds out where it stands.

use super::deploy::is_guarded;
use super::stand_in::{Fault, Misbehaviour};
use super::world::World;
use std::process::Stdio;
use std::sync::{Arc, Mutex};

/// Deploys, where the store is gone for good from a request on; whether that stopped it.
fn stopped_at(world: &World, request: usize, takes_effect: bool) -> bool {
    let cut = |after, times, takes_effect| Fault {
        request: String::new(),
        after,
        times,
        what: Misbehaviour::Cut { takes_effect },
    };
    world.store.misbehave(cut(request, 1, takes_effect));
    world.store.misbehave(cut(request + 1, usize::MAX, false));
    let (status, _) = world.deploy(&world.deployment());
    world.store.state().behave();
    status != 0
}

#[test]
fn a_run_that_is_stopped_between_any_two_requests_is_taken_up() {
    let mut stopped = 0;
    for request in 0.. {
        let mut is_over = true;
        for takes_effect in [true, false] {
            let world = World::new();
            let before = world.store.state().channels.clone();
            if !stopped_at(&world, request, takes_effect) {
                continue;
            }
            is_over = false;
            stopped += 1;
            let place = format!("stopped at request {request}, done: {takes_effect}");
            let (status, document) = world.deploy(&world.deployment());
            assert_eq!(status, 0, "{place}: {document:#}");
            assert!(is_guarded(&world, 2), "{place}");
            assert_eq!(world.store.state().channels[&1].active, before[&1].active, "{place}");
            assert_eq!(world.store.state().themes.len(), 3, "{place}");
            let (status, document) = world.roll_back(None);
            assert_eq!(status, 0, "{place}: {document:#}");
            assert_eq!(world.store.state().channels[&2].active, before[&2].active, "{place}");
            world.assert_token_is_safe();
        }
        if is_over {
            break;
        }
    }
    assert!(stopped >= 36, "{stopped} stops only");
}

#[test]
fn a_run_that_is_killed_is_taken_back() {
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
        assert_eq!(world.store.state().themes.len(), 3, "{request}");
        assert_eq!(world.roll_back(None).0, 0);
        assert_eq!(world.store.state().channels[&2].active, before[&2].active, "{request}");
        world.assert_token_is_safe();
    }
}
