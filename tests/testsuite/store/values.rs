//! `routes`: addresses, settings of the checkout, and the call for all routes at once.

use super::routes::{
    applying, at_each_request, changes, codes, contents, first, restore, routes_of, world,
};
use super::stand_in::{Fault, Misbehaviour, Reply, Route};
use super::world::{World, environment, said};
use serde_json::{Value, json};
use std::io::Write;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use stencil_guard::commands::store::routes::{self, Action, RoutesRequest, ValueChoices};
use stencil_guard::config::Settings;

const AUTH: &str = "should_redirect_to_storefront_for_auth";

/// Another site, another checkout and a setting.
fn choices() -> ValueChoices {
    ValueChoices {
        site_url: Some("https://www.new.example/".to_owned()),
        checkout_url: Some("https://pay.new.example".to_owned()),
        settings: vec![format!("{AUTH}=false").parse().unwrap()],
    }
}

fn apply_all(world: &World) -> (u8, Value) {
    let request = RoutesRequest { values: choices(), ..applying(world) };
    said(&routes::run(&request, &environment().0))
}

/// Applies the routes with one call.
fn apply_at_once(world: &World, prune: &[&str]) -> (u8, Value) {
    let restore_file = Some(world.playground.path("before.json"));
    let action = Action::Apply { restore_file, yes: true, at_once: true, wait: None };
    let prune = prune.iter().map(|name| name.parse().unwrap()).collect();
    let request = RoutesRequest { prune, action, ..applying(world) };
    said(&routes::run(&request, &environment().0))
}

/// Site, checkout and the setting.
fn values(world: &World) -> (String, Option<String>, Value) {
    let state = world.store.state();
    let channel = &state.channels[&2];
    (channel.site.clone(), channel.checkout.clone(), state.checkout_settings[AUTH].clone())
}

fn before() -> (String, Option<String>, Value) {
    let checkout = Some("https://checkout.example.com".to_owned());
    ("https://shop.example.com".to_owned(), checkout, json!(true))
}

fn after() -> (String, Option<String>, Value) {
    let checkout = Some("https://pay.new.example".to_owned());
    ("https://www.new.example".to_owned(), checkout, json!(false))
}

#[test]
fn addresses_and_settings_are_planned_applied_and_restored() {
    let world = world();
    let plan = [
        "routes",
        "plan",
        "--channel",
        "2",
        "--paths",
        "catalyst",
        "--site-url",
        "https://www.new.example/",
        "--checkout-url",
        "https://pay.new.example",
        "--set",
        "should_redirect_to_storefront_for_auth=false",
    ];
    let run = world.run(&plan);
    assert_eq!((run.status, changes(&world)), (0, 0), "{}", run.messages);
    for line in [
        "  change the site-url: https://shop.example.com → https://www.new.example (\"Continue shopping\" after an order follows)\n",
        "  change the checkout-url: https://checkout.example.com → https://pay.new.example\n",
        "  change the should_redirect_to_storefront_for_auth: true → false",
        "\"Edit cart\" in the checkout: will lead to https://www.new.example/cart/ (now https://shop.example.com/cart.php)\n",
    ] {
        assert!(run.results.contains(line), "{line}\n{}", run.results);
    }
    let words = "the platform makes a certificate for https://pay.new.example; for some minutes";
    assert!(run.messages.contains(words), "{}", run.messages);
    let json = world.run(&[&plan[..], &["--format", "json"]].concat());
    assert_eq!(crate::schemas::faults("routes", &json.results), Vec::<String>::new());

    let (status, document) = apply_all(&world);
    assert_eq!(status, 0, "{document:#}");
    assert_eq!(values(&world), after());
    let told = document["findings"].to_string();
    assert!(told.contains(words), "{told}");
    let done = changes(&world);
    let (status, document) = apply_all(&world);
    assert_eq!((status, changes(&world)), (0, done));
    assert!(!document["findings"].to_string().contains("certificate"), "{document:#}");
    // The site comes first, because the checkout has to be on its domain; what makes links follow routes comes last.
    let requests = world.store.requests();
    let place = |line: &str| requests.iter().position(|one| one.starts_with(line)).unwrap();
    assert!(place("PUT /sites/1002") < place("PUT /channels/2/site/checkout-url"));
    assert!(place("POST /sites/1002/routes") < place("PUT /checkouts/settings/channels/2"));
    let (status, document) = restore(&world);
    assert_eq!(status, 0, "{document:#}");
    assert_eq!(values(&world), before());
    assert_eq!(contents(&routes_of(&world.store)), contents(&first()));
    world.assert_token_is_safe();
}

#[test]
fn only_requested_values_are_changed() {
    let world = world();
    let apply = ["routes", "apply", "--channel", "2", "--yes", "--restore-file", "before.json"];
    let run = world.run(&[&apply[..], &["--site-url", "https://new.example.com"]].concat());
    assert_eq!((run.status, changes(&world)), (0, 1), "{}", run.messages);
    let stays = "only the site moves; its checkout stays at https://checkout.example.com";
    assert!(run.messages.contains(stays), "{}", run.messages);
    assert_eq!(routes_of(&world.store), first());
    assert_eq!(values(&world).0, "https://new.example.com");
    // What somebody else wrote meanwhile is theirs.
    let theirs = "https://theirs.example.com".to_owned();
    world.store.state().channels.get_mut(&2).unwrap().site = theirs;
    let run = world.run(&["routes", "restore", "before.json", "--yes"]);
    assert_eq!((run.status, changes(&world)), (1, 1));
    let words = "the site-url is neither what it was before";
    assert!(run.messages.contains(words), "{}", run.messages);
}

#[test]
fn restore_removes_an_added_checkout_address() {
    let world = world();
    world.store.state().channels.get_mut(&2).unwrap().checkout = None;
    world.store.state().checkout_settings = Value::Null;
    let values = ValueChoices {
        checkout_url: Some("https://checkout.example.com".to_owned()),
        settings: vec![format!("{AUTH}=true").parse().unwrap()],
        ..ValueChoices::default()
    };
    let request = RoutesRequest { values, ..applying(&world) };
    let (status, document) = said(&routes::run(&request, &environment().0));
    assert_eq!(status, 0, "{document:#}");
    // A channel without settings has to be given those about scripts, too.
    assert_eq!(world.store.state().checkout_settings[AUTH], true);
    assert_eq!(world.store.state().checkout_settings["custom_checkout_script_url"], "");
    assert_eq!(restore(&world).0, 0);
    let state = world.store.state();
    assert_eq!(state.channels[&2].checkout, None);
    assert_eq!(state.checkout_settings[AUTH], false);
}

#[test]
fn custom_checkout_script_survives_a_setting() {
    let world = world();
    world.store.state().checkout_settings = json!({
        "custom_checkout_script_url": "https://a.example/own.js", "order_terms_and_conditions_link": "",
    });
    let link = "order_terms_and_conditions_link=https://shop.example.com/terms";
    let run = world.run(&["routes", "apply", "--channel", "2", "--yes", "--set", link]);
    assert_eq!((run.status, changes(&world)), (0, 1), "{}", run.messages);
    let settings = world.store.state().checkout_settings.clone();
    let expected = json!({
        "custom_checkout_script_url": "https://a.example/own.js",
        "order_terms_and_conditions_link": "https://shop.example.com/terms",
    });
    assert_eq!(settings, expected);
}

#[test]
fn invalid_values_are_refused_before_any_change() {
    let long = format!("https://{}.example.com", "a".repeat(53));
    let script = "custom_checkout_script_url=https://a.example";
    for (flags, words) in [
        (["--checkout-url", "https://pay.other.example"], "another domain than shop.example.com"),
        (["--checkout-url", &long], "has 65 characters, and a certificate takes 64"),
        (["--site-url", "http://shop.example.com"], "is not an address for --site-url"),
        (["--site-url", "https://shop.example.com/fr"], "is not an address for --site-url"),
        (["--site-url", "https://u:p@shop.example.com"], "is not an address for --site-url"),
        (["--site-url", "https://127.0.0.1"], "is not an address for --site-url"),
        (["--set", script], "is not a setting of the checkout that"),
        (["--set", "should_redirect_to_storefront_for_auth=yes"], "takes true or false"),
    ] {
        let world = world();
        let apply = ["routes", "apply", "--channel", "2", "--yes"];
        let run = world.run(&[&apply[..], &flags].concat());
        assert_eq!((run.status, changes(&world)), (2, 0), "{flags:?}: {}", run.messages);
        assert!(run.messages.contains(words), "{flags:?}: {}", run.messages);
    }
    // By the list of public suffixes, not by the number of dots.
    let world = world();
    world.store.state().channels.get_mut(&2).unwrap().site = "https://shop.co.uk".to_owned();
    let other = ["--checkout-url", "https://other.co.uk"];
    let run = world.run(&[&["routes", "plan", "--channel", "2"], &other[..]].concat());
    assert_eq!(run.status, 2, "{}", run.messages);
    let words = "other.co.uk, another domain than shop.co.uk";
    assert!(run.messages.contains(words), "{}", run.messages);
}

#[test]
fn refusal_quotes_the_store_and_names_the_scope() {
    let denied =
        [("/checkouts", "Checkouts: "), ("/channels/2/site/checkout-url", "Sites & Routes")];
    for (path, scope) in denied {
        let world = world();
        world.store.state().denied.insert(path);
        let (status, document) = apply_all(&world);
        assert_eq!(status, 1, "{document:#}");
        assert!(document.to_string().contains(scope), "{document:#}");
        world.store.state().denied.clear();
        assert_eq!(apply_all(&world).0, 0);
        assert_eq!(restore(&world).0, 0);
        assert_eq!(values(&world), before());
    }
    let world = world();
    let body =
        json!({ "status": 422, "title": "Incorrect checkout url", "detail": "one main domain" });
    let what = Misbehaviour::Instead { reply: Reply::json(422, &body), takes_effect: false };
    world.store.misbehave(Fault::always("PUT /channels/2/site/checkout-url", what));
    let (status, document) = apply_all(&world);
    assert_eq!(status, 1, "{document:#}");
    assert!(codes(&document).contains(&"routes-unfinished"), "{document:#}");
    for words in ["Incorrect checkout url", "one main domain"] {
        assert!(document.to_string().contains(words), "{document:#}");
    }
}

#[test]
fn address_change_without_effect_is_detected() {
    let world = world();
    let reply = Reply::json(200, &json!({ "data": {}, "meta": {} }));
    let what = Misbehaviour::Instead { reply, takes_effect: false };
    world.store.misbehave(Fault::once("PUT /sites/1002$", what));
    let values = ValueChoices { checkout_url: None, ..choices() };
    let request = RoutesRequest { values, ..applying(&world) };
    let (status, document) = said(&routes::run(&request, &environment().0));
    assert_eq!(status, 1, "{document:#}");
    let words = "the site-url is not what it should be";
    assert!(document.to_string().contains(words), "{document:#}");
}

#[test]
fn interrupted_run_can_be_completed_or_restored() {
    let at_once: fn(&World) -> (u8, Value) = |world| apply_at_once(world, &["vlog"]);
    for (apply, wanted) in [(apply_all as fn(&World) -> _, after()), (at_once, before())] {
        let count = at_each_request(apply, |world, is_applied, place| {
            let expected = if is_applied { wanted.clone() } else { before() };
            assert_eq!(values(world), expected, "{place}");
            let is_first = contents(&routes_of(&world.store)) == contents(&first());
            assert_eq!(is_first, !is_applied, "{place}");
        });
        assert!(count >= 56, "{count} ends only");
    }
}

/// With `--bulk`, whatever the store makes of routes that are not named: none is unnamed.
#[test]
fn bulk_update_matches_single_updates() {
    for (replaces, prune) in
        [(false, &[][..]), (true, &[]), (false, &["vlog", "product:7"]), (true, &["vlog"])]
    {
        let world = world();
        world.store.state().bulk_replaces = replaces;
        let (status, document) = apply_at_once(&world, prune);
        assert_eq!(status, 0, "{document:#}");
        let one_by_one = super::routes::world();
        let names = prune.iter().map(|name| name.parse().unwrap()).collect();
        let request = RoutesRequest { prune: names, ..applying(&one_by_one) };
        assert_eq!(said(&routes::run(&request, &environment().0)).0, 0);
        let [now, expected] = [&world, &one_by_one].map(|one| contents(&routes_of(&one.store)));
        assert_eq!(now, expected, "replaces: {replaces}, prune: {prune:?}");
        let calls = world.store.requests();
        let calls = calls.iter().filter(|line| *line == "PUT /sites/1002/routes").count();
        assert_eq!((calls, changes(&world)), (1, 1 + prune.len()));
        assert_eq!(restore(&world).0, 0);
        assert_eq!(contents(&routes_of(&world.store)), contents(&first()));
    }
}

#[test]
fn bulk_update_handles_lost_refused_and_raced_calls() {
    let call = "PUT /sites/1002/routes$";
    // The answer is lost.
    let lost = world();
    lost.store.misbehave(Fault::once(call, Misbehaviour::Cut { takes_effect: true }));
    assert_eq!(apply_at_once(&lost, &[]).0, 0);
    // Nothing was saved.
    let refused = world();
    let what = Misbehaviour::status(422, "Bulk operation has failed", false);
    refused.store.misbehave(Fault::once(call, what));
    let (status, document) = apply_at_once(&refused, &[]);
    assert_eq!(status, 1, "{document:#}");
    assert!(document.to_string().contains("0 of 10 routes are changed"), "{document:#}");
    assert_eq!(routes_of(&refused.store), first());
    // Somebody else adds a route after the plan: it would be gone where the call replaces all.
    let raced = world();
    raced.store.state().bulk_replaces = true;
    let shared = raced.store.shared();
    let meddle = move || {
        let mut state = shared.lock().unwrap();
        let routes = &mut state.channels.get_mut(&2).unwrap().routes;
        routes.push(Route::new(99, "brand", "*", "/theirs"));
    };
    let what = Misbehaviour::Call(std::sync::Arc::new(meddle));
    raced.store.misbehave(Fault::once("GET /sites/1002/routes", what));
    let (status, document) = apply_at_once(&raced, &[]);
    assert_eq!((status, changes(&raced)), (2, 0), "{document:#}");
    let words = "somebody else changed routes just now";
    assert!(document.to_string().contains(words), "{document:#}");
}

#[test]
fn wordpress_channels_accept_only_settings() {
    let world = world();
    world.store.state().channels.get_mut(&2).unwrap().platform = "wordpress".to_owned();
    let apply = ["routes", "apply", "--channel", "2", "--yes"];
    let run = world.run(&[&apply[..], &["--site-url", "https://new.example.com"]].concat());
    assert_eq!((run.status, changes(&world)), (2, 0), "{}", run.messages);
    let words = "plugin writes the routes and addresses itself";
    assert!(run.messages.contains(words), "{}", run.messages);
    let setting = format!("{AUTH}=false");
    let run = world.run(&[&apply[..], &["--set", &setting]].concat());
    assert_eq!((run.status, changes(&world)), (0, 1), "{}", run.messages);
}

/// A host that speaks no TLS, and how often it was asked.
fn without_certificate() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            count.fetch_add(1, Ordering::SeqCst);
            // The other side may be gone already.
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    (address, asked)
}

#[test]
fn new_address_is_polled_until_the_wait_is_over() {
    let (address, asked) = without_certificate();
    let world = world();
    world.store.state().channels.get_mut(&2).unwrap().site = "https://localhost".to_owned();
    let mut looks = 0;
    for (wait, more) in [(0, 1), (40, 3)] {
        let action = Action::Apply {
            restore_file: Some(world.playground.path("before.json")),
            yes: true,
            at_once: false,
            wait: Some(Duration::from_secs(wait)),
        };
        let values =
            ValueChoices { checkout_url: Some(address.clone()), ..ValueChoices::default() };
        let request = RoutesRequest {
            store: world.request(),
            channel: Some(2),
            sources: Settings::default().into(),
            prune: Vec::new(),
            values,
            action,
        };
        let (environment, waits) = environment();
        let (status, document) = said(&routes::run(&request, &environment));
        assert_eq!(status, 0, "{document:#}");
        let told = document["findings"].to_string();
        assert!(told.contains(&format!("{address} is not ready: its certificate")), "{told}");
        looks += more;
        assert_eq!(asked.load(Ordering::SeqCst), looks);
        assert_eq!(waits.borrow().iter().filter(|wait| wait.as_secs() == 15).count(), more - 1);
    }
}
