//! `paths --probe`: whether what pages lead to is there, asked of a storefront that has some of it.

use super::stand_in::{Reply, Request, Site};
use super::world::environment;
use crate::driver::Playground;
use serde_json::{Value, json};
use std::time::Duration;
use stencil_guard::commands::build::BuildRequest;
use stencil_guard::commands::{paths, store::probe};
use stencil_guard::config::Settings;
use stencil_guard::report;

/// One rule for each answer.
const RULES: &str = r#"
storefront = "https://www.example.com/s"
origins = ["https://blog.example.com"]
path = [
  { from = "/cart.php", to = "/basket?via=shop&x={x}" },
  { from = "/search.php", to = "/moved" },
  { from = "/wishlist.php", to = "/away" },
  { from = "/compare/", to = "/round" },
  { from = "/brands/", to = "/gone" },
  { from = "/giftcertificates.php", to = "/moved-to-gone" },
  { from = "/login.php", to = "/broken" },
  { page = "blog", to = "https://blog.example.com/" },
  { page = "product", to = "/p/{last}" },
]
"#;
const PAGES: &[&str] = &[
    "cart",
    "search",
    "account/wishlists",
    "compare",
    "brands",
    "gift-certificate/purchase",
    "auth/login",
    "blog",
    "product",
    "home",
    "checkout",
];

fn redirect(to: &str) -> Reply {
    Reply::bytes(302, "text/html", Vec::new()).with("location", to)
}

fn answer(request: &Request) -> Reply {
    let status = |status| Reply::bytes(status, "text/html", b"<p>Storefront</p>".to_vec());
    match request.path.as_str() {
        "/s/" | "/s/basket" | "/s/here" => status(200),
        "/s/moved" => redirect("/s/here"),
        "/s/moved-to-gone" => redirect("gone"),
        "/s/round" => redirect("/s/round"),
        "/s/away" => redirect("https://elsewhere.invalid/x"),
        "/s/broken" => status(503),
        _ => status(404),
    }
}

fn playground() -> Playground {
    let playground = Playground::new();
    let pages: Vec<String> =
        PAGES.iter().map(|page| format!("templates/pages/{page}.html")).collect();
    let files: Vec<(&str, &str)> =
        pages.iter().map(|path| (path.as_str(), "{{> layout/base}}")).collect();
    playground.theme(&files);
    playground.write("theme/stencil-guard.toml", RULES);
    playground
}

fn probed(site: &Site, tries: &[String]) -> (u8, Value, Vec<Duration>) {
    let playground = playground();
    let request = BuildRequest {
        theme: playground.path("theme"),
        sources: Settings::default().into(),
        dry_run: true,
        run_build: None,
    };
    let mut found = paths::run(&request, tries, None);
    let (environment, waits) = environment();
    probe::probe(&mut found, &format!("{}/s", site.url()), &environment);
    let document = serde_json::from_str(&report::paths::json(&found).unwrap()).unwrap();
    let waits = waits.borrow().clone();
    (found.report.status().exit_code(), document, waits)
}

fn state(document: &Value, target: &str) -> (String, Value) {
    let target = format!("https://www.example.com/s{target}");
    let all = document["probed"].as_array().unwrap();
    let one = all.iter().find(|one| one["target"].as_str().unwrap().starts_with(&target));
    let one = one.unwrap_or_else(|| panic!("{target}: {document:#}"));
    (one["state"].as_str().unwrap().to_owned(), one["status"].clone())
}

#[test]
fn each_response_is_reported_and_missing_pages_are_errors() {
    let site = Site::new(answer);
    let (status, document, waits) = probed(&site, &[]);
    assert_eq!(status, 1, "{document:#}");
    for (target, expected, code) in [
        ("/basket", "there", json!(200)),
        ("/moved", "redirects", json!(200)),
        ("/away", "redirects", json!(302)),
        ("/round", "unknown", json!(302)),
        ("/gone", "missing", json!(404)),
        ("/moved-to-gone", "missing", json!(404)),
        ("/broken", "unknown", json!(503)),
        ("/p/{last}", "unknown", Value::Null),
    ] {
        assert_eq!(state(&document, target), (expected.to_owned(), code), "{target}: {document:#}");
    }
    let findings = document["findings"].as_array().unwrap();
    let of = |code: &str| findings.iter().find(|one| one["code"] == code).unwrap();
    let missing = of("storefront-missing");
    let message = missing["message"].as_str().unwrap();
    assert!(missing["severity"] == "error" && message.contains("/s/gone"), "{missing}");
    assert!(message.contains("/s/moved-to-gone") && !message.contains("/s/basket"), "{message}");
    assert_eq!(of("live-unknown")["severity"], "note");
    let log = site.log();
    // Nothing of the shopper's, and nothing twice but what redirects lead to.
    assert!(log.iter().any(|one| one.path == "/s/basket" && one.parameter("via") == Some("shop")));
    assert!(log.iter().all(|one| one.parameter("x").is_none() && one.header("cookie").is_none()));
    assert!(log.iter().all(|one| one.header("user-agent").unwrap().starts_with("stencil-guard/")));
    assert_eq!(log.iter().filter(|one| one.path == "/s/basket").count(), 1);
    // Two a second at most.
    assert!(waits.len() + 1 >= log.len(), "{} requests, {waits:?}", log.len());
    assert!(waits.iter().all(|wait| *wait <= Duration::from_millis(500)));
}

#[test]
fn existing_pages_are_not_findings() {
    let site = Site::new(|_| Reply::bytes(200, "text/html", Vec::new()));
    let (status, document, _) = probed(&site, &["/cart.php".to_owned()]);
    assert_eq!((status, &document["findings"]), (0, &json!([])), "{document:#}");
    assert_eq!(document["probed"].as_array().unwrap().len(), 1);
}

#[test]
fn probe_prints_a_table_and_refuses_invalid_addresses() {
    let site = Site::new(answer);
    let playground = playground();
    let run = playground.run(&[
        "paths",
        "theme",
        "--probe",
        &format!("{}/s", site.url()),
        "--try",
        "/cart.php",
    ]);
    assert_eq!(run.status, 0, "{run:?}");
    assert!(
        run.results.starts_with("TARGET") && run.results.contains("is there (200)"),
        "{}",
        run.results
    );
    for (address, words) in
        [("shop", "not an absolute address"), ("http://www.example.com", "must use https")]
    {
        let run = playground.run(&["paths", "theme", "--probe", address]);
        assert!(run.status == 2 && run.messages.contains(words), "{run:?}");
    }
}
