//! `routes`: what a site has becomes what is wanted, one change at a time, and can always be given back.

use super::stand_in::{Fault, Misbehaviour, Reply, Route, StandIn};
use super::world::{World, answering, ends, environment, said};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use stencil_guard::commands::store::routes::{
    self, Action, RestoreRequest, RoutesRequest, ValueChoices,
};
use stencil_guard::config::Settings;
use stencil_guard::guard::paths::Platform;
use stencil_guard::store::routes::{Change, RestorePlan, RouteKey, Snapshot, plan};

/// Routes of a shop that was set up by hand, with each spelling and a type that nobody knows.
pub(super) fn first() -> Vec<Route> {
    vec![
        Route::new(11, "cart", "", "/cart.php"),
        Route::new(12, "home", "*", "/"),
        Route::new(13, "login", "*", "/login.php"),
        Route::new(14, "product", "7", "/seven"),
        Route::new(15, "vlog", "*", "/vlog"),
        Route::new(16, "search", "", "/search.php"),
        Route::new(17, "search", "*", "/find"),
    ]
}

pub(super) fn world() -> World {
    let world = World::new();
    world.store.state().channels.get_mut(&2).unwrap().routes = first();
    world
}

pub(super) fn routes_of(store: &StandIn) -> Vec<Route> {
    store.state().channels[&2].routes.clone()
}

/// What routes say, whatever their numbers are.
pub(super) fn contents(routes: &[Route]) -> BTreeSet<(String, String, String)> {
    routes
        .iter()
        .map(|route| (route.kind.clone(), route.matching.clone(), route.route.clone()))
        .collect()
}

fn request(world: &World, action: Action) -> RoutesRequest {
    let flags = Settings { paths: Some(Platform::Catalyst), ..Settings::default() };
    let (store, sources) = (world.request(), flags.into());
    let values = ValueChoices::default();
    RoutesRequest { store, channel: Some(2), sources, prune: Vec::new(), values, action }
}

pub(super) fn applying(world: &World) -> RoutesRequest {
    let restore_file = Some(world.playground.path("before.json"));
    request(world, Action::Apply { restore_file, yes: true, at_once: false, wait: None })
}

fn apply(world: &World) -> (u8, Value) {
    said(&routes::run(&applying(world), &environment().0))
}

pub(super) fn restore(world: &World) -> (u8, Value) {
    let file = world.playground.path("before.json");
    let request = RestoreRequest { store: world.request(), file, yes: true };
    said(&routes::restore(&request, &environment().0))
}

/// How many routes the plan would change.
fn left(world: &World) -> usize {
    let (status, document) =
        said(&routes::run(&request(world, Action::Plan { redirects: false }), &environment().0));
    assert_eq!(status, 0, "{document:#}");
    let rows = document["routes"]["routes"].as_array().unwrap();
    rows.iter().filter(|row| row["change"] != "none").count()
}

pub(super) fn codes(document: &Value) -> Vec<&str> {
    let findings = document["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["code"].as_str().unwrap()).collect()
}

fn is_change(line: &str) -> bool {
    ["POST ", "PUT ", "DELETE "].iter().any(|method| line.starts_with(method))
}

pub(super) fn changes(world: &World) -> usize {
    world.store.requests().iter().filter(|line| is_change(line)).count()
}

#[test]
fn plan_is_applied_completely_and_restored() {
    for (spelling, page_size) in [(None, 50), (Some(""), 3), (Some("*"), 1)] {
        let world = world();
        world.store.state().page_size = page_size;
        world.store.state().spelling = spelling;
        assert_eq!(left(&world), 10);
        assert_eq!(changes(&world), 0);
        let (status, document) = apply(&world);
        assert_eq!(status, 0, "{document:#}");
        assert_eq!((left(&world), changes(&world)), (0, 10));
        let now = routes_of(&world.store);
        for row in [
            Route::new(11, "cart", "", "/cart/"),
            Route::new(14, "product", "7", "/seven"),
            Route::new(15, "vlog", "*", "/vlog"),
        ] {
            assert!(now.contains(&row), "{row:?}: {now:?}");
        }
        // One route a request: the call for all of them at once is understood in two ways.
        let sites = "/sites/1002/routes";
        assert!(!world.store.requests().contains(&format!("PUT {sites}")));
        let (status, document) = apply(&world);
        assert_eq!((status, changes(&world)), (0, 10), "{document:#}");
        let (status, document) = restore(&world);
        assert_eq!(status, 0, "{document:#}");
        assert_eq!(routes_of(&world.store), first());
        let changed = changes(&world);
        assert_eq!((restore(&world).0, changes(&world)), (0, changed));
        world.assert_token_is_safe();
    }
}

#[test]
fn plan_lists_each_difference_with_its_links() {
    let world = world();
    let arguments = ["routes", "plan", "--channel", "2", "--paths", "catalyst"];
    let run = world.run(&arguments);
    assert_eq!((run.status, run.messages.as_str()), (0, ""));
    for line in [
        "Routes of channel 2 (Catalyst): site https://shop.example.com, checkout https://checkout.example.com",
        "wanted by the map of Catalyst core 1.4.0, read 2026-01-09",
        "cart                  /cart.php    /cart/                   change",
        "vlog                  /vlog        /vlog                    stays",
        "  \"Edit cart\" in the checkout: will lead to https://shop.example.com/cart/ (now https://shop.example.com/cart.php)",
    ] {
        assert!(run.results.contains(&format!("{line}\n")), "{line}\n{}", run.results);
    }
    let run = world.run(&[&arguments[..], &["--format", "json"]].concat());
    let document: Value = serde_json::from_str(&run.results).unwrap();
    let rows = document["routes"]["routes"].as_array().unwrap();
    let cart = rows.iter().find(|row| row["route"] == "cart").unwrap();
    assert_eq!((&cart["now"], &cart["after"]), (&"/cart.php".into(), &"/cart/".into()));
    assert_eq!(cart["links"][0], "\"Edit cart\" in the checkout");
    assert_eq!(changes(&world), 0);
}

#[test]
fn addresses_and_settings_that_affect_links_are_reported() {
    let plan = ["routes", "plan", "--channel", "2", "--paths", "catalyst", "--format", "json"];
    let run = |world: &World, more: &[&str]| {
        let run = world.run(&[&plan[..], more].concat());
        assert_eq!(run.status, 0, "{}", run.messages);
        serde_json::from_str::<Value>(&run.results).unwrap()
    };
    let right = ["--storefront", "https://shop.example.com"];
    let document = run(&world(), &right);
    assert_eq!(codes(&document), [""; 0]);
    assert_eq!(document["routes"]["checkout-settings"]["signs-in-on-storefront"], true);
    let world = world();
    {
        let mut state = world.store.state();
        state.channels.get_mut(&2).unwrap().checkout = None;
        state.checkout_settings = serde_json::json!({
            "is_order_terms_and_conditions_enabled": true,
            "order_terms_and_conditions_type": "link",
            "order_terms_and_conditions_link": "https://store-standin1-2.mybigcommerce.com/terms",
            "custom_checkout_script_url": "https://scripts.example.com/own.js",
        });
    }
    let document = run(&world, &["--storefront", "https://www.example.com"]);
    let expected = [
        "site-address",
        "checkout-address",
        "checkout-sign-in",
        "checkout-settings",
        "checkout-settings",
    ];
    assert_eq!(codes(&document), expected, "{document:#}");
    // Who may not know, plans routes all the same.
    world.store.state().denied.insert("/checkouts");
    let document = run(&world, &right);
    assert_eq!(codes(&document), ["checkout-address", "checkout-unread"], "{document:#}");
    assert!(document.to_string().contains("Checkouts: "), "{document:#}");
    assert_eq!(changes(&world), 0);
    world.assert_token_is_safe();
}

#[test]
fn listed_redirects_never_touch_checkout_paths() {
    let world = world();
    let arguments = ["routes", "plan", "--channel", "2", "--paths", "catalyst", "--redirects"];
    let run = world.run(&arguments);
    assert_eq!((run.status, changes(&world)), (0, 0), "{}", run.messages);
    assert!(run.results.contains("nobody has proved"), "{}", run.results);
    let run = world.run(&[&arguments[..], &["--format", "json"]].concat());
    assert_eq!(crate::schemas::faults("routes", &run.results), Vec::<String>::new());
    let document: Value = serde_json::from_str(&run.results).unwrap();
    let rows = document["routes"]["redirects"].as_array().unwrap();
    let gift = serde_json::json!({
        "from": "/giftcertificates.php", "to": "https://shop.example.com/gift-certificates/",
    });
    assert!(rows.contains(&gift), "{rows:?}");
    for start in ["/checkout", "/cart.php", "/login.php", "/account.php"] {
        assert!(rows.iter().all(|row| !row["from"].as_str().unwrap().starts_with(start)));
    }
    assert!(rows.iter().all(|row| row["to"].as_str().unwrap().starts_with("https://shop.example")));
}

#[test]
fn killed_run_can_be_completed_or_restored() {
    for (request, after) in [("POST /sites/1002/routes", 0), ("PUT /sites/1002/routes", 2)] {
        for goes_on in [true, false] {
            let world = world();
            let child = Arc::new(Mutex::new(None::<std::process::Child>));
            let victim = child.clone();
            let kill = move || victim.lock().unwrap().as_mut().unwrap().kill().unwrap();
            let what = Misbehaviour::Call(Arc::new(kill));
            let request = request.to_owned();
            world.store.misbehave(Fault { request, after, times: 1, what });
            let arguments = ["routes", "apply", "--channel", "2", "--paths", "catalyst", "--yes"];
            let arguments = [&arguments[..], &["--restore-file", "before.json"]].concat();
            {
                // The store must not kill what is not there yet.
                let mut place = child.lock().unwrap();
                let mut command = world.program(&arguments);
                *place = Some(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
            }
            let wait = || child.lock().unwrap().as_mut().unwrap().try_wait().unwrap();
            while wait().is_none() {
                std::thread::sleep(std::time::Duration::from_millis(10));
            }
            assert_ne!(left(&world), 0);
            if goes_on {
                assert_eq!((world.run(&arguments).status, left(&world)), (0, 0));
            }
            let run = world.run(&["routes", "restore", "before.json", "--yes"]);
            assert_eq!(run.status, 0, "{}", run.messages);
            assert_eq!(contents(&routes_of(&world.store)), contents(&first()));
            world.assert_token_is_safe();
        }
    }
}

#[test]
fn own_routes_override_the_map() {
    let world = world();
    let settings = "paths = 'catalyst'\nroutes = { cart = '/basket?x=1', product = '/p/{slug}', blogg = '/b' }\n";
    world.playground.write("stencil-guard.toml", settings);
    let run = world.run(&["routes", "apply", "--channel", "2", "--yes"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    assert!(run.messages.contains("did you mean `blog`?"), "{}", run.messages);
    let now = contents(&routes_of(&world.store));
    for (kind, matching, route) in
        [("cart", "", "/basket?x=1"), ("product", "*", "/p/{slug}"), ("login", "*", "/login/")]
    {
        assert!(now.contains(&(kind.to_owned(), matching.to_owned(), route.to_owned())), "{now:?}");
    }
    let file = run.results.lines().last().unwrap().split(" restore ").nth(1).unwrap();
    let run = world.run(&["routes", "restore", file, "--yes"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    assert_eq!(contents(&routes_of(&world.store)), contents(&first()));
    world.assert_token_is_safe();
}

#[test]
fn invalid_routes_are_refused_before_any_request() {
    for (settings, arguments, words) in [
        ("routes = { login = '/in?a=b' }", &[][..], "?redirectTo="),
        ("routes = { logout = '/out#x' }", &[], "fragment"),
        ("routes = { cart = 'https://a.example/' }", &[], "not the path of a route"),
        ("routes = { product = '/{number}' }", &[], "not the path of a route"),
        ("routes = { 'a b' = '/x' }", &[], "names no route"),
        ("paths = 'catalyst'", &["--prune", "cart"], "is wanted, and is to be removed"),
    ] {
        let world = world();
        world.playground.write("stencil-guard.toml", settings);
        let run = world.run(&[&["routes", "plan", "--channel", "2"], arguments].concat());
        assert_eq!(run.status, 2, "{settings}: {}", run.messages);
        assert!(run.messages.contains(words), "{settings}: {}", run.messages);
        assert!(world.store.requests().is_empty());
    }
}

#[test]
fn plan_without_wanted_routes_lists_the_current_ones() {
    for (paths, words) in [("none", "--paths"), ("wordpress", "plugin for WordPress")] {
        let world = world();
        let run = world.run(&["routes", "plan", "--channel", "2", "--paths", paths]);
        assert_eq!(run.status, 0, "{}", run.messages);
        assert!(run.messages.contains("nothing says where routes should lead"));
        assert!(run.messages.contains(words), "{}", run.messages);
        assert!(run.results.contains("Nothing is to be changed."), "{}", run.results);
        assert!(run.results.contains("\ncart       /cart.php    /cart.php    stays\n"));
        let requests = world.store.requests().len();
        let run = world.run(&["routes", "apply", "--channel", "2", "--paths", paths, "--yes"]);
        assert_eq!((run.status, world.store.requests().len()), (2, requests));
        assert!(run.messages.contains(words), "{}", run.messages);
    }
}

#[test]
fn prune_removes_only_named_routes_and_restore_adds_them_back() {
    let world = world();
    let prune = ["vlog", "product:7", "search"].map(|name| name.parse().unwrap()).to_vec();
    let flags: Settings = Settings::default();
    let request = RoutesRequest { sources: flags.into(), prune, ..applying(&world) };
    let (status, document) = said(&routes::run(&request, &environment().0));
    assert_eq!(status, 0, "{document:#}");
    assert_eq!(routes_of(&world.store), first()[..3]);
    assert_eq!(restore(&world).0, 0);
    assert_eq!(contents(&routes_of(&world.store)), contents(&first()));
}

#[test]
fn deleting_an_already_deleted_route_is_not_an_error() {
    let world = world();
    let what = Misbehaviour::status(404, "The requested entity was not found.", true);
    world.store.misbehave(Fault::always("DELETE /sites", what));
    let flags = Settings::default();
    let prune = vec!["vlog".parse().unwrap()];
    let request = RoutesRequest { sources: flags.into(), prune, ..applying(&world) };
    let (status, document) = said(&routes::run(&request, &environment().0));
    assert_eq!(status, 0, "{document:#}");
}

#[test]
fn apply_asks_before_changing_anything() {
    for (answer, expected, words) in
        [(None, 2, "--yes"), (Some(false), 2, "nothing is changed"), (Some(true), 0, "")]
    {
        let world = world();
        let (environment, shown) = answering(answer);
        let restore_file = Some(world.playground.path("before.json"));
        let request =
            request(&world, Action::Apply { restore_file, yes: false, at_once: false, wait: None });
        let (status, document) = said(&routes::run(&request, &environment));
        assert_eq!(status, expected, "{document:#}");
        assert!(document.to_string().contains(words), "{document:#}");
        let shown = shown.borrow();
        assert!(shown.contains("change the route cart: /cart.php → /cart/\n"), "{shown}");
        assert!(shown.contains("to go back: stencil-guard routes restore "), "{shown}");
        let is_done = expected == 0;
        assert_eq!(changes(&world) > 0, is_done);
        assert_eq!(world.playground.path("before.json").exists(), is_done);
    }
}

#[test]
fn wordpress_channels_are_planned_but_not_changed() {
    let world = world();
    world.store.state().channels.get_mut(&2).unwrap().platform = "wordpress".to_owned();
    assert_eq!(left(&world), 10);
    let (status, document) = apply(&world);
    assert_eq!((status, changes(&world)), (2, 0), "{document:#}");
    assert!(
        document.to_string().contains("plugin writes the routes and addresses itself"),
        "{document:#}"
    );
}

#[test]
fn missing_scopes_are_named() {
    for (path, scope) in [("/channels", "Channel Settings"), ("/sites", "Sites & Routes")] {
        let world = world();
        world.store.state().denied.insert(path);
        let (status, document) = apply(&world);
        assert_eq!((status, changes(&world)), (1, 0), "{document:#}");
        assert!(document.to_string().contains(scope), "{document:#}");
        assert!(!world.playground.path("before.json").exists());
    }
}

#[test]
fn refusal_midway_reports_progress() {
    let world = world();
    let what = Misbehaviour::status(403, "You don't have a required scope", false);
    let request = "PUT /sites/1002/routes".to_owned();
    world.store.misbehave(Fault { request, after: 1, times: usize::MAX, what });
    let (status, document) = apply(&world);
    assert_eq!(status, 1, "{document:#}");
    assert_eq!(codes(&document), ["routes-unfinished", "store-refused"]);
    assert!(document.to_string().contains("7 of 10 routes are changed"), "{document:#}");
    world.store.state().behave();
    assert_eq!((apply(&world).0, left(&world)), (0, 0));
    assert_eq!(restore(&world).0, 0);
    assert_eq!(contents(&routes_of(&world.store)), contents(&first()));
}

#[test]
fn concurrent_changes_by_others_are_reported_and_kept() {
    // Another program creates the same route between the plan and its turn.
    let world = world();
    let shared = world.store.shared();
    let meddle = move || {
        let mut state = shared.lock().unwrap();
        let routes = &mut state.channels.get_mut(&2).unwrap().routes;
        routes.push(Route::new(99, "logout", "*", "/bye"));
    };
    let what = Misbehaviour::Call(std::sync::Arc::new(meddle));
    world.store.misbehave(Fault::once("POST /sites/1002/routes", what));
    let (status, document) = apply(&world);
    assert_eq!(status, 1, "{document:#}");
    assert!(document.to_string().contains("already exists"), "{document:#}");
    world.store.state().behave();
    assert_eq!((apply(&world).0, left(&world)), (0, 0));
    // What they wrote last is theirs.
    let edit = |kind: &str, route: &str| {
        let mut state = world.store.state();
        let routes = &mut state.channels.get_mut(&2).unwrap().routes;
        routes.iter_mut().find(|one| one.kind == kind).unwrap().route = route.to_owned();
    };
    edit("cart", "/theirs");
    let (status, document) = restore(&world);
    assert_eq!((status, codes(&document)), (1, vec!["route-changed"]), "{document:#}");
    let now = routes_of(&world.store);
    let said = |kind: &str| now.iter().find(|one| one.kind == kind).map(|one| one.route.as_str());
    assert_eq!((said("cart"), said("logout")), (Some("/theirs"), Some("/bye")));
    assert_eq!((said("login"), said("account")), (Some("/login.php"), None));
}

/// Others, or the store itself, may move a route that nobody named.
#[test]
fn route_changed_during_a_run_is_reported() {
    let world = world();
    let shared = world.store.shared();
    let meddle = move || {
        let mut state = shared.lock().unwrap();
        let routes = &mut state.channels.get_mut(&2).unwrap().routes;
        routes.iter_mut().find(|one| one.kind == "vlog").unwrap().route = "/moved".to_owned();
    };
    let what = Misbehaviour::Call(Arc::new(meddle));
    world.store.misbehave(Fault::once("PUT /sites/1002/routes/11", what));
    let (status, document) = apply(&world);
    assert_eq!((status, codes(&document)), (1, vec!["routes-differ"]), "{document:#}");
    assert!(document.to_string().contains("the route vlog is not"), "{document:#}");
}

#[test]
fn accepted_change_without_effect_is_detected() {
    let world = world();
    let reply = Reply::json(201, &serde_json::json!({ "data": {}, "meta": {} }));
    let what = Misbehaviour::Instead { reply, takes_effect: false };
    world.store.misbehave(Fault::once("PUT /sites/1002/routes/11", what));
    let (status, document) = apply(&world);
    assert_eq!((status, codes(&document)), (1, vec!["routes-differ"]), "{document:#}");
    assert!(document.to_string().contains("the route cart is not"), "{document:#}");
}

#[test]
fn lost_responses_are_recovered_from() {
    for (request, what) in [
        ("POST /sites", Misbehaviour::Cut { takes_effect: true }),
        ("POST /sites", Misbehaviour::status(502, "Bad Gateway", true)),
        ("PUT /sites", Misbehaviour::Cut { takes_effect: true }),
        ("GET /sites", Misbehaviour::Truncate),
    ] {
        let world = world();
        world.store.misbehave(Fault::once(request, what));
        let (status, document) = apply(&world);
        assert_eq!(status, 0, "{request}: {document:#}");
        assert_eq!(left(&world), 0);
        assert_eq!(routes_of(&world.store).len(), first().len() + 6);
    }
    // The answer is lost, and then the store is too busy to say more.
    let world = world();
    let request = "PUT /sites/1002/routes/11";
    world.store.misbehave(Fault::once(request, Misbehaviour::Cut { takes_effect: true }));
    let reply = Reply::json(429, &serde_json::json!({ "title": "Too many requests" }));
    let reply = reply.with("x-retry-after", "4000");
    let busy = Misbehaviour::Instead { reply, takes_effect: false };
    world.store.misbehave(Fault { after: 1, ..Fault::once(request, busy) });
    let (status, document) = apply(&world);
    assert_eq!(status, 0, "{document:#}");
    assert_eq!(left(&world), 0);
}

#[test]
fn restore_file_of_another_channel_is_refused() {
    let world = world();
    assert_eq!(apply(&world).0, 0);
    world.store.state().channels.get_mut(&1).unwrap().routes = first();
    let changed = changes(&world);
    let other = RoutesRequest { channel: Some(1), ..applying(&world) };
    let (status, document) = said(&routes::run(&other, &environment().0));
    assert_eq!((status, changes(&world)), (2, changed), "{document:#}");
    assert!(document.to_string().contains("it is of channel 2"), "{document:#}");
    // Nor is one of another site or store.
    let whole = world.playground.read("before.json");
    for (ours, theirs, words) in [
        ("\"site\": 1002", "\"site\": 1003", "is of channel 2, site 1003 of the store standin1"),
        ("\"store\": \"standin1\"", "\"store\": \"other\"", "site 1002 of the store other"),
    ] {
        assert!(whole.contains(ours), "{whole}");
        world.playground.write("before.json", whole.replace(ours, theirs));
        let (status, document) = restore(&world);
        assert_eq!((status, changes(&world)), (2, changed), "{document:#}");
        assert!(document.to_string().contains(words), "{document:#}");
    }
    world.playground.write("before.json", "{}");
    assert_eq!((restore(&world).0, changes(&world)), (2, changed));
}

/// Applies and gives back routes, both ended in each way at each request; `look` says whether applying came to
/// something, and whether going back did.
pub(super) fn at_each_request(
    apply: fn(&World) -> (u8, Value),
    look: impl Fn(&World, bool, &str),
) -> usize {
    let mut count = 0;
    for request in 0.. {
        let before = count;
        for end in ends() {
            for goes_on in [true, false] {
                let place = format!("ended at request {request}, {end:?}, goes on: {goes_on}");
                let world = world();
                if !world.break_off(request, end, apply) {
                    continue;
                }
                count += 1;
                if goes_on {
                    let (status, document) = apply(&world);
                    assert_eq!(status, 0, "{place}: {document:#}");
                    look(&world, true, &place);
                }
                // Nothing was changed if there is no file.
                if world.playground.path("before.json").exists() {
                    world.break_off(request, end, restore);
                    let (status, document) = restore(&world);
                    assert_eq!(status, 0, "{place}: {document:#}");
                }
                look(&world, false, &place);
                world.assert_token_is_safe();
            }
        }
        if count == before {
            break;
        }
    }
    count
}

#[test]
fn interrupted_run_can_be_completed_or_restored() {
    let count = at_each_request(apply, |world, is_applied, place| match is_applied {
        true => assert_eq!(left(world), 0, "{place}"),
        false => assert_eq!(contents(&routes_of(&world.store)), contents(&first()), "{place}"),
    });
    assert!(count >= 112, "{count} ends only");
}

/// Some routes as a store could have them: each key once.
fn any_routes() -> impl Strategy<Value = Vec<stencil_guard::store::routes::Route>> {
    let kind = prop::sample::select(vec!["cart", "home", "login", "product", "vlog"]);
    let matching = prop::sample::select(vec!["", "*", "7"]);
    let route = prop::sample::select(vec!["/", "/a", "/b"]);
    prop::collection::btree_map((kind, matching), route, 0..8).prop_map(|rows| {
        let rows = rows.into_iter().enumerate();
        rows.map(|(at, ((kind, matching), route))| stencil_guard::store::routes::Route {
            id: at as u64,
            kind: kind.to_owned(),
            matching: matching.to_owned(),
            route: route.to_owned(),
        })
        .collect()
    })
}

/// What a store makes of changes.
fn made(
    routes: &[stencil_guard::store::routes::Route],
    changes: &[Change],
) -> Vec<stencil_guard::store::routes::Route> {
    let mut routes = routes.to_vec();
    for change in changes {
        match change {
            Change::Create { kind, matching, route } => {
                let is_taken =
                    routes.iter().any(|one| one.kind == *kind && one.matching == *matching);
                assert!(!is_taken, "{change:?}");
                routes.push(stencil_guard::store::routes::Route {
                    id: routes.iter().map(|one| one.id + 1).max().unwrap_or(0),
                    kind: kind.clone(),
                    matching: matching.clone(),
                    route: route.clone(),
                });
            }
            Change::Update { before, route } => {
                let one = routes.iter_mut().find(|one| one.id == before.id).unwrap();
                one.route.clone_from(route);
            }
            Change::Delete { before } => routes.retain(|one| one.id != before.id),
        }
    }
    routes
}

/// The routes, whatever their numbers are.
fn said_by(routes: &[stencil_guard::store::routes::Route]) -> BTreeSet<(String, String, String)> {
    let said = |route: &stencil_guard::store::routes::Route| {
        (route.kind.clone(), route.matching.clone(), route.route.clone())
    };
    routes.iter().map(said).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn plan_changes_only_named_routes(
        current in any_routes(),
        other in any_routes(),
        gone in any_routes(),
    ) {
        let wanted: BTreeMap<RouteKey, String> =
            other.iter().map(|route| (route.into(), route.route.clone())).collect();
        let gone: BTreeSet<RouteKey> = gone.iter().map(RouteKey::from).collect();
        let gone: BTreeSet<RouteKey> =
            gone.into_iter().filter(|key| !wanted.contains_key(key)).collect();
        let changes = plan(&current, &wanted, &gone);
        let now = made(&current, &changes);
        for (key, route) in &wanted {
            let mut named = now.iter().filter(|one| RouteKey::from(*one) == *key).peekable();
            prop_assert!(named.peek().is_some() && named.all(|one| one.route == *route));
        }
        prop_assert!(now.iter().all(|one| !gone.contains(&one.into())));
        let is_named = |route: &&stencil_guard::store::routes::Route| {
            let key = RouteKey::from(*route);
            wanted.contains_key(&key) || gone.contains(&key)
        };
        let others = |routes: &[stencil_guard::store::routes::Route]| -> Vec<_> {
            routes.iter().filter(|route| !is_named(route)).cloned().collect()
        };
        prop_assert_eq!(others(&now), others(&current));
        prop_assert_eq!(plan(&now, &wanted, &gone), []);
    }

    #[test]
    fn restore_returns_to_the_first_state_after_partial_runs(
        first in any_routes(),
        runs in prop::collection::vec((any_routes(), any_routes(), 0usize..8), 1..4),
    ) {
        let mut snapshot = Snapshot::new("s", 2, 1002, &first);
        let mut now = first.clone();
        for (wanted, gone, made_of_it) in runs {
            let wanted: BTreeMap<RouteKey, String> =
                wanted.iter().map(|route| (route.into(), route.route.clone())).collect();
            let gone = gone.iter().map(RouteKey::from);
            let gone = gone.filter(|key| !wanted.contains_key(key)).collect();
            let changes = plan(&now, &wanted, &gone);
            snapshot.begin(&changes);
            now = made(&now, &changes[..made_of_it.min(changes.len())]);
        }
        let back = snapshot.back(&now);
        prop_assert_eq!(&back.others, &[]);
        now = made(&now, &back.changes);
        prop_assert_eq!(said_by(&now), said_by(&first));
        prop_assert_eq!(snapshot.back(&now), RestorePlan::default());
    }
}
