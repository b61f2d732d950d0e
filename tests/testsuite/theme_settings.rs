//! The switch and the storefront in the theme editor: what is added, what is refused, and what `check` says.

use crate::driver::{Playground, STOREFRONT, copy_folder, options};
use std::path::Path;
use stencil_guard::guard::group::Group;
use stencil_guard::guard::plan::Mechanism;
use stencil_guard::guard::undo::undo;
use stencil_guard::pipeline::{self, BuildOptions};
use stencil_guard::theme::Theme;

const FLAGS: &[&str] = &["--theme-settings", "--no-bundle", "--out", "out"];
const HEAD: &str = "out/templates/components/stencil-guard/head.html";
const OFF: &str = " (if theme_settings.stencil_guard_enabled '===' false)";

fn modes() -> [Mechanism; 3] {
    let staff = Group::Name("Staff".to_owned());
    [Mechanism::Redirect, Mechanism::Dispatch(vec![staff]), Mechanism::Dispatch(Vec::new())]
}

fn guarded(flags: &[&str]) -> Playground {
    let playground = Playground::new();
    playground.theme(&[]);
    let run = playground.build(&[FLAGS, flags].concat());
    assert_eq!(run.status, 0, "{}", run.messages);
    assert!(
        run.messages.contains("note[editor-switch]: the theme editor has a switch"),
        "{}",
        run.messages
    );
    playground
}

#[test]
fn every_theme_takes_the_settings_and_undo_removes_them() {
    let themes = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/themes");
    let mut built = 0;
    for folder in std::fs::read_dir(themes).unwrap().flatten().filter(|entry| entry.path().is_dir())
    {
        let theme = Theme::load(folder.path()).unwrap();
        for mechanism in modes() {
            let options = BuildOptions {
                theme_settings: true,
                theme_name: Some("Other".to_owned()),
                ..options(mechanism.clone())
            };
            let guarded = pipeline::guard(&theme, &options).unwrap();
            assert!(!guarded.has_errors(), "{:?}: {:#?}", folder.path(), guarded.findings);
            for path in ["config.json", "schema.json"] {
                let text = std::str::from_utf8(guarded.theme.bytes(path).unwrap()).unwrap();
                assert!(text.contains("stencil_guard_enabled"), "{path}");
            }
            let undone = undo(&guarded.theme).unwrap();
            assert_eq!(undone.files, theme.files, "{:?}", folder.path());
            let plain = BuildOptions { theme_settings: false, ..options };
            let again = pipeline::guard(&guarded.theme, &plain).unwrap();
            assert_eq!(again.theme.files, pipeline::guard(&theme, &plain).unwrap().theme.files);
            built += 1;
        }
    }
    assert!(built >= 30, "{built}");
}

#[test]
fn plain_build_adds_no_theme_settings() {
    let playground = Playground::new();
    playground.theme(&[]);
    let run = playground.build(&["--no-bundle", "--out", "out"]);
    assert!(!run.messages.contains("editor-switch"), "{}", run.messages);
    for file in playground.files("out") {
        assert!(!playground.read(&format!("out/{file}")).contains("stencil_guard_"), "{file}");
    }
    assert!(!playground.path("out/schema.json").exists());
}

#[test]
fn check_accepts_the_switch_and_explains_it() {
    for mode in [&[][..], &["--mode", "replace"], &["--mode", "conditional", "--allow-group", "7"]]
    {
        let playground = guarded(mode);
        let run = playground.run(&["check", "out"]);
        assert_eq!(run.status, 0, "{} {}", run.results, run.messages);
        assert!(run.results.contains("theme-settings true"), "{}", run.results);
        let note = "while the switch is off, all 2 guarded pages are shown to everybody";
        assert!(run.messages.contains(note), "{}", run.messages);
        assert!(!run.messages.contains("back-link"), "{}", run.messages);
        let run = playground.run(&["check", "out", "--format", "json"]);
        let shown = run.results.matches("\"switched-off\": \"shown\"").count();
        assert_eq!(shown, 4, "{}", run.results);
    }
}

/// A switch that is on only if somebody says so leaves pages open in stores that do not know it yet.
#[test]
fn switch_that_defaults_to_off_is_not_a_guard() {
    for other in [
        " (unless theme_settings.stencil_guard_enabled)",
        " (if theme_settings.stencil_guard_enabled '!==' true)",
    ] {
        let playground = guarded(&[]);
        let text = playground.read(HEAD);
        assert!(text.contains(OFF), "{text}");
        playground.write(HEAD, text.replace(OFF, other));
        let run = playground.run(&["check", "out"]);
        assert_eq!(run.status, 1, "{other}: {}", run.results);
        assert!(
            run.results.contains("store that does not know the settings yet"),
            "{}",
            run.results
        );
    }
    // One that does nothing is told as well.
    let playground = guarded(&[]);
    playground.write(HEAD, playground.read(HEAD).replace(OFF, ""));
    let run = playground.run(&["check", "out"]);
    assert!(run.results.contains("visitors while the guard is switched off"), "{}", run.results);
    assert_eq!(run.status, 1);
}

/// Only the record excuses a switch, and only that one.
#[test]
fn guard_that_depends_on_an_unrecorded_setting_fails_check() {
    let playground = guarded(&[]);
    let text = playground.read(HEAD).replace("stencil_guard_enabled", "guard_enabled");
    playground.write(HEAD, text);
    let run = playground.run(&["check", "out"]);
    assert_eq!(run.status, 1, "{}", run.results);
    let playground = guarded(&[]);
    let record = "out/templates/components/stencil-guard/record.html";
    playground.write(record, playground.read(record).replace("theme-settings = true\n", ""));
    assert_eq!(playground.run(&["check", "out"]).status, 1);
    playground.write("out/stencil-guard.toml", "theme-settings = true\n");
    assert_eq!(playground.run(&["check", "out"]).status, 0);
}

#[test]
fn unsupported_theme_settings_are_refused() {
    let playground = Playground::new();
    playground.theme(&[]);
    let long = format!("https://shop.example.com/{}", "a".repeat(40));
    let of = |storefront: &str, more: &[&str]| {
        let all = ["build", "theme", "--storefront", storefront, "--theme-settings"];
        let run = playground.run(&[&all, more].concat());
        assert_eq!(run.status, 2, "{}", run.messages);
        run.messages
    };
    let messages = of("https://shop.example.com", &["--mode", "links"]);
    assert!(messages.contains("this mode guards no page"), "{messages}");
    let messages = of(&long, &[]);
    let why = "has 65 characters, and the theme editor takes 64 (TR-4400)";
    assert!(messages.contains(why), "{messages}");
    let config = playground.read("theme/config.json");
    let taken = config.replace("\"settings\": {}", "\"settings\": {\"stencil_guard_enabled\": 1}");
    playground.write("theme/config.json", taken);
    let run = playground.build(FLAGS);
    assert_eq!(run.status, 1, "{}", run.messages);
    assert!(
        run.messages.contains("error[name-taken]") && run.messages.contains("config.json:"),
        "{}",
        run.messages
    );
    assert!(!playground.path("out").exists());
}

/// What a store keeps of the editor stands in a variation; it goes with the guard.
#[test]
fn merchant_settings_survive_a_rebuild_but_not_an_undo() {
    let playground = Playground::new();
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/themes/shop");
    copy_folder(&shop, &playground.path("theme"));
    let run = playground.build(FLAGS);
    assert_eq!(run.status, 0, "{}", run.messages);
    let config = playground.read("out/config.json");
    let (before, variation) = config.rsplit_once("\"settings\": {").unwrap();
    assert!(before.contains("\"variations\""), "{config}");
    let set = format!("{before}\"settings\": {{\n\"stencil_guard_enabled\": false,{variation}");
    playground.write("out/config.json", set);
    let run = playground.run(&["undo", "out", "--no-bundle", "--out", "undone"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    let original = std::fs::read_to_string(shop.join("config.json")).unwrap();
    assert_eq!(playground.read("undone/config.json"), original);
    // What merchants set is carried over to the new guard, and a build without settings forgets it.
    let again = ["build", "out", "--storefront", STOREFRONT, "--no-bundle", "--out"];
    let run = playground.run(&[&again[..], &["again", "--theme-settings"]].concat());
    assert_eq!(run.status, 0, "{}", run.messages);
    let config: serde_json::Value =
        serde_json::from_str(&playground.read("again/config.json")).unwrap();
    let variations = config["variations"].as_array().unwrap();
    let set = variations.last().unwrap();
    assert_eq!(set["settings"]["stencil_guard_enabled"], false);
    assert_eq!(config["settings"]["stencil_guard_enabled"], true);
    let run = playground.run(&[&again[..], &["plain"]].concat());
    assert_eq!(run.status, 0, "{}", run.messages);
    assert_eq!(playground.read("plain/config.json"), original);
}
