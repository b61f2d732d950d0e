//! The record in a guarded theme of what it was guarded with: `check` judges by it and says so, flags win, and
//! nothing else takes notice of it.

use crate::driver::{Playground, STOREFRONT};

const RECORD: &str = "templates/components/stencil-guard/record.html";

fn guarded(flags: &[&str]) -> Playground {
    let playground = Playground::new();
    playground.theme(&[]);
    let run = playground.build(&[&["--bundle", "b.zip", "--out", "out"], flags].concat());
    assert_eq!(run.status, 0, "{}", run.messages);
    playground
}

#[test]
fn a_guarded_theme_is_judged_by_its_own_record() {
    for (flags, recorded) in [
        (&[][..], "storefront https://shop.example.com, mode redirect"),
        (&["--keep", "cart"], "storefront https://shop.example.com, mode redirect, keep cart"),
        (
            &["--mode", "conditional", "--allow-group", "7", "--allow-group", "name:B---2{{B}}"],
            "storefront https://shop.example.com, mode conditional, allow-group 7 name:B---2{{B}}",
        ),
        (
            &["--mode", "replace", "--guard-development"],
            "storefront https://shop.example.com, mode replace, guard-development true",
        ),
        (
            &["--guard-editor"],
            "storefront https://shop.example.com, mode redirect, guard-editor true",
        ),
        (
            &["--search-engines", "noindex"],
            "storefront https://shop.example.com, mode redirect, search-engines noindex",
        ),
        (
            &["--mode", "replace", "--search-engines", "canonical"],
            "storefront https://shop.example.com, mode replace, search-engines canonical",
        ),
        (
            &["--no-keep", "order-confirmation"],
            "storefront https://shop.example.com, mode redirect, no-keep order-confirmation",
        ),
    ] {
        let playground = guarded(flags);
        for theme in ["out", "b.zip"] {
            let run = playground.run(&["check", theme]);
            let line = format!("\njudged by its own record: {recorded}\n");
            assert!(run.results.contains(&line), "{flags:?}: {}", run.results);
            assert_eq!(run.status, 0, "{flags:?}: {} {}", run.results, run.messages);
        }
        let text = playground.read(&format!("out/{RECORD}"));
        assert!(!["---", "{{", "}}", "<"].iter().any(|mark| text.contains(mark)), "{text}");
        let undo = playground.run(&["undo", "out", "--no-bundle", "--out", "undone"]);
        assert_eq!(undo.status, 0, "{}", undo.messages);
        assert!(!playground.path(&format!("undone/{RECORD}")).exists());
    }
}

#[test]
fn flags_and_settings_files_win() {
    let playground = guarded(&["--keep", "cart"]);
    let run = playground.run(&["check", "out", "--keep", "checkout"]);
    assert_eq!(run.status, 1, "{}", run.results);
    assert!(
        run.results.contains("record: storefront https://shop.example.com, mode redirect\n"),
        "{}",
        run.results
    );
    let run = playground.run(&["check", "out", "--storefront", "https://other.example.com"]);
    assert_eq!(run.status, 1, "{}", run.results);
    playground.write("out/stencil-guard.toml", "no-keep = [\"cart\"]\n");
    assert_eq!(playground.run(&["check", "out"]).status, 1);
    let all =
        ["--storefront", STOREFRONT, "--mode", "redirect", "--keep", "cart", "--no-keep", "home"];
    let run = playground.run(&[&["check", "out"], &all[..]].concat());
    assert!(!run.results.contains("record"), "{}", run.results);
}

#[test]
fn a_guard_that_spares_the_theme_editor_is_not_what_was_asked_for() {
    let playground = guarded(&["--guard-editor"]);
    let head = "out/templates/components/stencil-guard/head.html";
    let spared = playground.read(head).replace(",\"editor\":true", "");
    playground.write(head, spared);
    let run = playground.run(&["check", "out"]);
    assert_eq!(run.status, 1, "{}", run.results);
    assert!(run.messages.contains("error[other-guard]"), "{}", run.messages);
    let playground = guarded(&[]);
    playground.write("out/stencil-guard.toml", "guard-editor = true\n");
    let run = playground.run(&["check", "out"]);
    assert!(run.messages.contains("error[other-guard]"), "{}", run.messages);
}

/// Stores that were saved in the theme editor once have the number of that session on all pages, for everybody.
#[test]
fn a_guard_that_spares_pages_with_an_edit_session_is_not_proved() {
    let playground = guarded(&[]);
    let head = "out/templates/components/stencil-guard/head.html";
    let text = playground.read(head);
    let spared =
        text.replacen("(unless template)", "settings.theme_session_id (unless template)", 1);
    assert_ne!(text, spared);
    playground.write(head, spared);
    let run = playground.run(&["check", "out"]);
    assert_eq!(run.status, 1, "{}", run.results);
    assert!(run.results.contains("the page does not redirect in all cases"), "{}", run.results);
}

#[test]
fn a_record_proves_nothing() {
    let playground = guarded(&["--mode", "conditional", "--allow-group", "7"]);
    let plain = playground.read("theme/templates/pages/home.html");
    let layout = playground.read("theme/templates/layout/base.html");
    playground.write("out/templates/layout/base.html", layout);
    let run = playground.run(&["check", "out"]);
    assert_eq!(run.status, 1, "{}", run.results);
    assert!(run.results.contains("open"), "{}", run.results);
    playground.write("out/templates/pages/home.html", plain);
    // What it keeps besides is said.
    let text = playground.read(&format!("out/{RECORD}"));
    let lie = text.replace("kept = [", "kept = [\"home\", \"gone\", \"cart\", ");
    playground.write(&format!("out/{RECORD}"), lie);
    let run = playground.run(&["check", "out"]);
    assert!(run.results.contains("keep cart home\n"), "{}", run.results);
}

#[test]
fn a_record_that_cannot_be_read_says_nothing() {
    let playground = guarded(&[]);
    let text = playground.read(&format!("out/{RECORD}"));
    let first = text.lines().next().unwrap();
    for broken in [
        format!("{first}\n"),
        format!("{first}\nmode = 7"),
        text.replace("redirect", "burn"),
        text.replace("https", "ftp"),
        text.replace("allow-group = []", "allow-group = [\"0\"]"),
        "mode = 'redirect'".to_owned(),
        String::new(),
    ] {
        playground.write(&format!("out/{RECORD}"), &broken);
        let run = playground.run(&["check", "out"]);
        assert_eq!(run.status, 0, "{broken}: {}", run.results);
        assert!(!run.results.contains("record"), "{broken}: {}", run.results);
    }
}

#[test]
fn a_guarded_theme_is_built_as_if_it_had_no_record() {
    let playground = guarded(&["--mode", "replace", "--keep", "cart"]);
    let again = ["build", "out", "--storefront", STOREFRONT, "--no-bundle", "--out", "again"];
    assert_eq!(playground.run(&again).status, 0);
    assert_eq!(playground.build(&["--no-bundle", "--out", "new"]).status, 0);
    let files = |folder: &str| -> Vec<(String, String)> {
        let names = playground.files(folder).into_iter().filter(|name| !name.starts_with('.'));
        names.map(|name| (name.clone(), playground.read(&format!("{folder}/{name}")))).collect()
    };
    assert_eq!(files("again"), files("new"));
}

#[test]
fn a_copied_settings_file_does_not_break_a_build_of_the_copy() {
    let playground = Playground::new();
    playground.theme(&[]);
    playground.write("theme/rules/own.toml", "");
    let settings = format!(
        "storefront = \"{STOREFRONT}\"\nout = \"../out\"\nbundle = \"../b.zip\"\npatches = \"rules\"\nkeep = [\"cart\"]\n"
    );
    playground.write("theme/stencil-guard.toml", &settings);
    let run = playground.run(&["build", "theme"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    playground.write("out/stencil-guard.toml", &settings);
    let run = playground.run(&["build", "out", "--out", "out2"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    let run = playground.run(&["check", "out"]);
    assert_eq!(run.status, 0, "{} {}", run.results, run.messages);
}
