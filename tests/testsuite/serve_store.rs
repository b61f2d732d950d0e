//! What the page of `serve` does with a store: asked by plain sockets, against the stand-in.

use crate::driver::{Run, STOREFRONT};
use crate::serve::Served;
use crate::store::deploy::{is_guarded, layout};
use crate::store::live::{good_storefront, live_channel};
use crate::store::stand_in::TOKEN;
use crate::store::world::World;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::time::{Duration, Instant};

/// A page, the store that it talks to, and all that it was told.
struct Page {
    served: Served,
    world: World,
    told: RefCell<String>,
}

impl Page {
    fn new(world: World) -> Self {
        let served = Served::run(world.program(&["serve", "--no-open", "--record", "record.json"]));
        Self { served, world, told: RefCell::default() }
    }

    /// Posts; the status, and what was answered.
    fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let (status, answer) = self.served.post(path, &body.to_string());
        self.told.borrow_mut().push_str(&answer);
        let (_, text) = answer.split_once("\r\n\r\n").unwrap();
        (status, serde_json::from_str(text).unwrap_or_else(|_| json!(text)))
    }

    fn done(&self, path: &str, body: &Value) -> Value {
        let (status, answer) = self.post(path, body);
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    /// The job, once it is so far.
    fn until(&self, phase: &str) -> Value {
        let start = Instant::now();
        loop {
            let job = self.done("store/job", &json!({}))["job"].clone();
            if job["phase"] == phase {
                return job;
            }
            assert!(start.elapsed() < Duration::from_secs(120), "{job:#}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Takes the theme of the headless channel; its number.
    fn take(&self) -> u64 {
        self.done("store/take", &json!({ "channel": 2 }))["theme"].as_u64().unwrap()
    }

    fn deploy(&self, theme: u64, more: &Value) -> (u16, Value) {
        let mut body = json!({
            "theme": theme, "channel": 2, "choices": { "storefront": STOREFRONT, "keep": ["cart"] },
            "no-live-check": true,
        });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.post("store/deploy", &body)
    }

    fn agree(&self, yes: bool) {
        let job = self.until("asking");
        self.done("store/answer", &json!({ "number": job["number"], "yes": yes }));
    }

    /// Runs a command line as it was shown.
    fn run(&self, command: &Value, more: &[&str]) -> Run {
        let words: Vec<&str> = command.as_str().unwrap().split(' ').skip(1).collect();
        // The world adds it by itself.
        let at = words.iter().position(|word| *word == "--api-host").unwrap();
        let words = [&words[..at], &words[at + 2..], more].concat();
        self.world.run(&words)
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert!(!self.told.borrow().contains(TOKEN), "the token was told");
            self.world.assert_token_is_safe();
        }
    }
}

#[test]
fn channel_is_deployed_and_rolled_back() {
    let page = Page::new(World::new());
    let channels = page.done("store/channels", &json!({}))["channels"].clone();
    assert_eq!((&channels[1]["id"], &channels[1]["is-headless"]), (&json!(2), &json!(true)));
    let theme = page.take();
    let command =
        page.done(&format!("{theme}/try"), &json!({ "storefront": STOREFRONT }))["command"].clone();
    let lines: Vec<&str> = command.as_str().unwrap().lines().collect();
    assert!(lines[0].starts_with("stencil-guard download --channel 2 --output channel-2.zip"));
    assert!(lines[1].starts_with("stencil-guard build channel-2.zip --storefront"));

    assert_eq!(page.deploy(theme, &json!({})).0, 200);
    let asking = page.until("asking");
    let plan = asking["plan"].to_string();
    assert!(
        plan.contains("channel 2 (Catalyst)") && plan.contains("upload it as a new theme"),
        "{plan}"
    );
    assert!(!is_guarded(&page.world, 2));
    // One thing at a time.
    let (status, refused) = page.deploy(theme, &json!({}));
    assert_eq!(
        (status, page.post("store/rollback", &json!({ "channel": 2 })).0),
        (422, 422),
        "{refused}"
    );
    page.agree(true);
    let ended = page.until("ended");
    assert_eq!(ended["outcome"]["status"], "done", "{ended:#}");
    assert!(
        ended["outcome"]["results"].as_str().unwrap().contains("shown     channel 2 (Catalyst)")
    );
    let progress = ended["progress"].to_string();
    for words in ["guarding its pages", "uploading", "activating on channel 2"] {
        assert!(progress.contains(words), "{progress}");
    }
    assert!(is_guarded(&page.world, 2) && !is_guarded(&page.world, 1));
    // The command line finds nothing left to do.
    let run = page.run(&ended["command"], &["--yes"]);
    assert_eq!(run.status, 0, "{run:?}");
    assert!(run.results.starts_with("Nothing is changed."), "{run:?}");

    page.done("store/rollback", &json!({ "channel": 2 }));
    let plan = page.until("asking")["plan"].to_string();
    assert!(plan.contains("show again on channel 2 what it showed before"), "{plan}");
    assert!(is_guarded(&page.world, 2));
    page.agree(true);
    let ended = page.until("ended");
    assert_eq!(ended["outcome"]["status"], "done", "{ended:#}");
    assert!(!is_guarded(&page.world, 2));
    let run = page.run(&ended["command"], &[]);
    assert!(run.results.starts_with("Nothing is changed."), "{run:?}");
}

#[test]
fn answering_no_changes_nothing() {
    let page = Page::new(World::new());
    let theme = page.take();
    page.deploy(theme, &json!({}));
    page.agree(false);
    let ended = page.until("ended");
    assert_eq!(ended["outcome"]["status"], "failed");
    assert!(ended["outcome"]["findings"].to_string().contains("the answer was no"), "{ended:#}");
    assert_eq!(
        page.world.store.count("POST /themes$") + page.world.store.count("POST /themes/actions"),
        0
    );
    assert!(!is_guarded(&page.world, 2));
}

#[test]
fn own_theme_is_deployed_like_on_the_command_line() {
    let world = World::new();
    world.playground.theme(&[("assets/mine.txt", "mine")]);
    let zip = world.playground.run(&["bundle", "theme", "--bundle", "my-theme.zip"]);
    assert_eq!(zip.status, 0, "{zip:?}");
    let served = Served::run(world.program(&[
        "serve",
        "my-theme.zip",
        "--no-open",
        "--record",
        "record.json",
    ]));
    let page = Page { served, world, told: RefCell::default() };
    let theme = page.done("local", &json!({}))["theme"].as_u64().unwrap();
    let choices = json!({
        "storefront": STOREFRONT, "mode": "conditional", "allow-group": ["7"], "keep": ["cart"], "paths": "catalyst",
        "fallback": "/help", "search-engines": "canonical", "cart-param": "cartId", "own-host": ["old.example.com"],
        "theme-name": "Guarded", "kept-chrome": "bare", "back-links": "storefront", "hide": ["edit-cart"],
        "guard-editor": true, "no-keep": ["order-complete"], "theme-settings": true,
    });
    page.deploy(theme, &json!({ "choices": choices, "no-settings": true, "replace-oldest": true }));
    page.agree(true);
    let ended = page.until("ended");
    assert_eq!(ended["outcome"]["status"], "done", "{ended:#}");
    let command = ended["command"].as_str().unwrap();
    let start = "stencil-guard deploy my-theme.zip --channel 2 --storefront https://shop.example.com --mode conditional";
    for choice in choices.as_object().unwrap().keys() {
        assert!(command.contains(&format!(" --{choice}")), "{choice}: {command}");
    }
    assert!(command.contains(" --no-settings --replace-oldest --no-live-check"), "{command}");
    assert!(command.starts_with(start), "{command}");
    let run = page.run(&ended["command"], &["--yes"]);
    assert!(run.results.starts_with("Nothing is changed."), "{run:?}");
}

#[test]
fn settings_file_applies_like_on_the_command_line() {
    let page = Page::new(World::new());
    let theme = page.take();
    let settings =
        "[[storefronts]]\nhost = \"fr.store.example.com\"\nurl = \"https://www.example.fr\"\n";
    let choices = json!({ "storefront": STOREFRONT, "settings-file": settings });
    page.deploy(theme, &json!({ "choices": choices }));
    page.agree(true);
    let ended = page.until("ended");
    assert_eq!(ended["outcome"]["status"], "done", "{ended:#}");
    assert!(layout(&page.world, 2).contains("https://www.example.fr"));
    let command = ended["command"].as_str().unwrap();
    assert!(command.contains(" --config stencil-guard.toml"), "{command}");
    let file = page.post(&format!("{theme}/settings"), &choices).1;
    page.world.playground.write("stencil-guard.toml", file.as_str().unwrap());
    let run = page.run(&ended["command"], &["--yes"]);
    assert!(run.results.starts_with("Nothing is changed."), "{run:?}");
    // What is wrong in it starts nothing.
    let choices = json!({ "storefront": STOREFRONT, "settings-file": "mod = 1" });
    let (status, answer) = page.deploy(theme, &json!({ "choices": choices }));
    assert!(status == 422 && answer["place"]["frame"] == "1 | mod = 1\n  | ^^^", "{answer}");
}

#[test]
fn plan_names_channels_that_share_the_theme() {
    let world = World::new();
    {
        let mut state = world.store.state();
        let shared = state.channels[&2].active.clone();
        state.channels.get_mut(&1).unwrap().active = shared;
    }
    let page = Page::new(world);
    let theme = page.take();
    page.deploy(theme, &json!({}));
    let plan = page.until("asking")["plan"].to_string();
    assert!(plan.contains("mind: channel 1 (Main) shows the same theme as channel 2"), "{plan}");
    page.agree(false);
}

#[test]
fn live_check_results_are_shown() {
    let world = World::new();
    let storefront = good_storefront();
    let site = live_channel(&world, &storefront, || true);
    let page = Page::new(world);
    let theme = page.take();
    page.deploy(
        theme,
        &json!({ "choices": { "storefront": storefront.url() }, "no-live-check": false }),
    );
    page.agree(true);
    let ended = page.until("ended");
    assert_eq!(ended["outcome"]["status"], "done", "{ended:#}");
    let results = ended["outcome"]["results"].as_str().unwrap();
    assert!(results.contains("Every page that was looked at is as it should be."), "{results}");
    assert!(ended["progress"].to_string().contains(&format!("looking at {}", site.url())));
}

#[test]
fn missing_token_error_names_the_variable_to_set() {
    let world = World::new();
    let mut command = world.program(&["serve", "--no-open"]);
    command.env_remove("BIGCOMMERCE_ACCESS_TOKEN");
    let page = Page { served: Served::run(command), world, told: RefCell::default() };
    for (path, body) in [("store/channels", json!({})), ("store/take", json!({ "channel": 2 }))] {
        let (status, answer) = page.post(path, &body);
        assert_eq!(status, 422);
        assert_eq!(answer["message"], "no access token is given");
        assert!(answer["help"].as_str().unwrap().contains("BIGCOMMERCE_ACCESS_TOKEN"), "{answer}");
    }
    assert!(page.world.store.requests().is_empty());
}

#[test]
fn token_is_read_from_files_beside_the_theme() {
    let world = World::new();
    world.playground.theme(&[]);
    world
        .playground
        .write("theme/secrets.stencil.json", json!({ "accessToken": TOKEN }).to_string());
    let mut command = world.program(&["serve", "theme", "--no-open"]);
    command.env_remove("BIGCOMMERCE_ACCESS_TOKEN");
    let served = Served::run(command);
    let (status, answer) = served.post("store/channels", "{}");
    assert!(status == 200 && !answer.contains(TOKEN), "{answer}");
}

#[test]
fn store_routes_refuse_gets_and_invalid_posts() {
    let page = Page::new(World::new());
    let own = page.served.host();
    for wanted in ["channels", "job", "take", "deploy", "rollback", "answer"] {
        let path = page.served.below(&format!("store/{wanted}"));
        assert_eq!(page.served.get(&path, &own).0, 404);
        assert_eq!(
            page.served.get(&path, &format!("{own}Origin: https://evil.example\r\n")).0,
            404
        );
    }
    for (path, body) in [
        ("store/deploy", json!({ "theme": 1, "channel": 2, "choices": {}, "record": "/tmp/x" })),
        ("store/take", json!({ "channel": "../1" })),
        ("store/rollback", json!({ "channel": 2, "api-host": "https://evil.example" })),
        ("store/deploy", json!({ "theme": 9, "channel": 2, "choices": {} })),
    ] {
        assert_eq!(page.post(path, &body).0, 422, "{path} {body}");
    }
    assert_eq!(page.post("store/other", &json!({})).0, 404);
    assert!(page.world.store.requests().is_empty());
}
