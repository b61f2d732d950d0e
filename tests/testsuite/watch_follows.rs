//! The running program follows what is done to a theme, however it is done. The tests wait until the outputs
//! are right; each event is one more look at them, and one that does not come is waited for in vain.

use crate::driver::{Playground, STOREFRONT, theme_zip};
use crate::watch::{EDITS, PAGE, Running, SETTINGS, assert_fresh, contents, rename, step, watcher};
use serde_json::Value;
use stencil_guard::report::watch::ReportedFindings;

const WATCH: &[&str] =
    &["watch", "theme", "--storefront", STOREFRONT, "--out", "out", "--bundle", "out.zip"];

type Outputs = (Vec<(String, Vec<u8>)>, Option<Vec<u8>>);

fn outputs(playground: &Playground, folder: &str) -> Outputs {
    let zip = std::fs::read(playground.path(&format!("{folder}.zip")));
    (contents(playground, folder), zip.ok())
}

fn fresh(playground: &Playground) -> Outputs {
    let _ = std::fs::remove_dir_all(playground.path("fresh"));
    let run = playground.build(&["--out", "fresh", "--bundle", "fresh.zip"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    outputs(playground, "fresh")
}

/// Reads events until one is wanted.
fn await_event(running: &mut Running, is_wanted: impl Fn(&Value) -> bool) -> Value {
    loop {
        let event = running.event();
        if is_wanted(&event) {
            return event;
        }
    }
}

/// Reads events until the outputs are those of a fresh build.
fn await_fresh(running: &mut Running, playground: &Playground) {
    let fresh = fresh(playground);
    while outputs(playground, "out") != fresh {
        running.event();
    }
}

fn start(playground: &Playground) -> Running {
    let mut running =
        Running::start(&playground.path(""), &[WATCH, &["--format", "json"]].concat());
    assert_eq!(running.event()["status"], "done");
    running
}

#[test]
fn program_applies_each_edit() {
    let playground = Playground::new();
    playground.theme(&[]);
    let mut running = start(&playground);
    for (_, edit) in EDITS {
        edit(&playground);
        await_fresh(&mut running, &playground);
    }
}

#[test]
fn edits_made_during_a_step_are_not_lost() {
    let playground = Playground::new();
    playground.theme(&[]);
    let mut running = start(&playground);
    for round in 0..40 {
        playground.write("saved", format!("{{{{> layout/base}}}}{round}"));
        rename(&playground, "saved", PAGE);
        playground.write("saved", format!("{round}"));
        rename(&playground, "saved", "theme/assets.txt");
        // Each time at another moment of the step: what it writes is what is waited for.
        while round % 4 == 0
            && !playground.read("out/templates/pages/home.html").contains(&round.to_string())
        {
            std::thread::yield_now();
        }
    }
    await_fresh(&mut running, &playground);
}

#[test]
fn errors_are_reported_with_their_place_and_recovered_from() {
    let playground = Playground::new();
    playground.theme(&[]);
    let mut running = start(&playground);
    let open = "<html>\n{{#if a}}<!-- {{/if}}\n<head></head></html>";
    let wrong = [
        (PAGE, "{{#partial \"page\"}}{{> layout/base}}", "template-rejected"),
        ("theme/templates/layout/base.html", open, ""),
    ];
    for (file, text, code) in wrong {
        let (good, before) = (outputs(&playground, "out"), playground.read(file));
        playground.write(file, text);
        let path = file.strip_prefix("theme/").unwrap();
        let is_meant = |finding: &Value| {
            finding["place"]["path"] == path && finding["code"].as_str().unwrap().contains(code)
        };
        await_event(&mut running, |event| {
            event["status"] == "findings"
                && event["findings"].as_array().unwrap().iter().any(is_meant)
        });
        assert!(outputs(&playground, "out") == good, "{file}");
        playground.write("saved", before);
        rename(&playground, "saved", file);
        await_event(&mut running, |event| event["status"] == "done");
        await_fresh(&mut running, &playground);
    }
}

#[test]
fn theme_that_returns_is_followed_again() {
    let playground = Playground::new();
    playground.theme(&[]);
    let mut running = start(&playground);
    let good = outputs(&playground, "out");
    rename(&playground, "theme", "away");
    await_event(&mut running, |event| event["status"] == "failed");
    assert!(outputs(&playground, "out") == good);
    rename(&playground, "away", "theme");
    await_event(&mut running, |event| event["status"] == "done");
    // It is another folder than the one that was watched; its events count, too.
    for text in ["<p>1</p>", "<p>2</p>"] {
        playground.write(PAGE, format!("{text}{{{{> layout/base}}}}"));
        await_fresh(&mut running, &playground);
    }
}

#[test]
fn zip_and_the_settings_beside_it_are_followed() {
    let playground = Playground::new();
    playground.write("theme.zip", theme_zip(&[]));
    let arguments = ["watch", "theme.zip", "--storefront", STOREFRONT, "--out", "out"];
    let mut running =
        Running::start(&playground.path(""), &[&arguments[..], &["--format", "json"]].concat());
    assert_eq!(running.event()["status"], "done");
    playground.write("saved", theme_zip(&[("templates/pages/page.html", b"{{> layout/base}}")]));
    rename(&playground, "saved", "theme.zip");
    let page = ["templates/pages/page.html"];
    await_event(&mut running, |event| event["written"] == serde_json::json!(page));
    playground.write("stencil-guard.toml", "kep = []\n");
    await_event(&mut running, |event| event["findings"][0]["place"]["line"] == 1);
    playground.write("stencil-guard.toml", "mode = 'replace'\n");
    await_event(&mut running, |event| event["status"] == "done");
}

#[test]
fn package_changes_apply_with_the_next_edit() {
    let playground = Playground::new();
    playground
        .theme(&[("templates/pages/page.html", "{{> external/p/templates/a}}{{> layout/base}}")]);
    let package = "theme/node_modules/p/templates/a.html";
    playground.write(package, "<p>1</p>");
    let mut watcher = watcher(&playground);
    step(&mut watcher).unwrap();
    playground.write(package, "<p>2</p>");
    assert!(step(&mut watcher).is_none());
    playground.write(PAGE, "{{> layout/base}}");
    step(&mut watcher).unwrap();
    assert_fresh(&playground, "packages");
}

#[test]
fn human_output_shows_errors_and_written_files() {
    let playground = Playground::new();
    playground.theme(&[]);
    let mut watcher = watcher(&playground);
    let (mut told, mut before) = (String::new(), ReportedFindings::default());
    let mut look = || {
        let event = step(&mut watcher).unwrap();
        told += &before.human(&event.report, &event.changes, None, event.has_good);
        told += "---\n";
    };
    look();
    let before = playground.read(PAGE);
    playground.write(PAGE, "{{#partial \"page\"}}\n{{> layout/base}}");
    look();
    playground.write(PAGE, &before);
    look();
    playground.write(SETTINGS, "kep = ['cart']\n");
    look();
    playground.write(SETTINGS, "keep = ['cart']\n");
    look();
    let told = anstream::adapter::strip_str(&told).to_string();
    // The folder has another name each time.
    let told = told.replace(&*playground.path("").to_string_lossy(), "FOLDER/");
    snapbox::assert_data_eq!(
        told,
        snapbox::str![[r#"
9 files written
---
error[template-rejected]: both of the platform's template engines refuse this template: this block is never closed
 --> templates/pages/home.html:1:4
  |
1 | {{#partial "page"}}
  |    ^
  |
  = help: it is left as it is; correct it if a page needs it

Nothing is written; the last good build stays.
---
all is up to date
---
error: there is no setting `kep`
 --> FOLDER/theme/stencil-guard.toml:1:1
  |
1 | kep = ['cart']
  | ^^^
  |
  = help: did you mean `keep`?
Nothing is written; the last good build stays.
---
3 files written
---

"#]]
    );
}
