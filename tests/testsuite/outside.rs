//! What is said about links that come from e-mails, the checkout and the platform, which no template holds.

use crate::driver::{Playground, STOREFRONT, copy_folder};
use crate::themes::folder;
use serde_json::Value;

/// The findings of a dry run on our shop that have a code.
fn findings(code: &str, arguments: &[&str]) -> Vec<Value> {
    let playground = Playground::new();
    copy_folder(&folder().join("shop"), &playground.path("theme"));
    let build = ["build", "theme", "--dry-run", "--no-bundle", "--format", "json"];
    let run = playground.run(&[&build[..], &["--storefront", STOREFRONT], arguments].concat());
    let document: Value = serde_json::from_str(&run.results).unwrap();
    let findings = document["findings"].as_array().unwrap().clone();
    findings.into_iter().filter(|finding| finding["code"] == code).collect()
}

/// The page that a finding's help says how to keep.
fn page(finding: &Value) -> String {
    let help = finding["help"].as_str().unwrap();
    let page = help.split("--keep ").nth(1).unwrap().split(')').next().unwrap();
    assert_eq!(finding["place"]["path"], format!("templates/pages/{page}.html"));
    page.to_owned()
}

#[test]
fn each_guarded_page_that_is_linked_from_outside_is_named_with_the_flag_that_keeps_it() {
    let all = findings("link-from-outside", &[]);
    assert_eq!(all.len(), 16, "{all:#?}");
    for finding in &all {
        assert_eq!(finding["severity"], "note");
    }
    let reset = all.iter().find(|finding| page(finding) == "auth/new-password").unwrap();
    assert_eq!(
        reset["message"],
        "a new password (e-mail) now leads to /login.php?action=change_password on the storefront, without its token"
    );
    let pages: Vec<String> = all.iter().map(page).collect();
    let kept = pages.iter().flat_map(|page| ["--keep", page]).collect::<Vec<_>>();
    assert_eq!(findings("link-from-outside", &kept), Vec::<Value>::new());
    let left = findings("link-from-outside", &kept[2..]);
    assert_eq!(left.iter().map(page).collect::<Vec<_>>(), pages[..1]);
}

#[test]
fn where_no_page_is_guarded_links_from_outside_lead_where_they_led() {
    assert_eq!(findings("link-from-outside", &["--mode", "links"]), Vec::<Value>::new());
    for mode in ["replace", "redirect"] {
        assert_eq!(findings("link-from-outside", &["--mode", mode]).len(), 16);
    }
}

#[test]
fn what_no_theme_shows_is_said_once() {
    for mode in ["links", "replace", "redirect"] {
        assert_eq!(findings("not-in-theme", &["--mode", mode]).len(), 1);
    }
}

/// A portal runs inside the shop's own pages, and goes with them.
#[test]
fn a_portal_that_is_cut_off_is_a_warning_until_its_page_is_kept() {
    let playground = Playground::new();
    let layout = "<html><head><script src=\"https://cdn.bundleb2b.net/x.js\"></script></head><body>{{#block \"page\"}}{{/block}}</body></html>";
    playground.theme(&[
        ("templates/layout/base.html", layout),
        ("templates/pages/account/orders/all.html", "{{> layout/base}}"),
    ]);
    let build = ["build", "theme", "--storefront", STOREFRONT, "--no-bundle", "--out", "out"];
    for (more, is_told) in [
        (&[][..], true),
        (&["--mode", "replace"], true),
        (&["--keep", "account"], false),
        (&["--mode", "links"], false),
    ] {
        let run = playground.run(&[&build, more].concat());
        assert_eq!(run.status, 0, "{}", run.messages);
        let check = playground.run(&["check", "out"]);
        for messages in [&run.messages, &check.messages] {
            let told = messages.contains("warning[portal-cut-off]")
                && messages.contains("--keep account --keep sign-in");
            assert_eq!(told, is_told, "{more:?}: {messages}");
        }
    }
}
