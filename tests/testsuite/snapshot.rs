//! `snapshot` as a theme developer and a CI job meet it.

use crate::driver::{Playground, Run, STOREFRONT, copy_folder, theme_zip};
use crate::themes::{folder, names};
use serde_json::Value;
use snapbox::{Data, assert_data_eq, str};
use std::fmt::Write;
use std::path::Path;

fn snapshot(playground: &Playground, theme: &str, dir: &str, more: &[&str]) -> Run {
    let all = ["snapshot", theme, "--storefront", STOREFRONT, "--dir", dir];
    playground.run(&[&all[..], more].concat())
}

fn taken(playground: &Playground, theme: &str, dir: &str) {
    let run = snapshot(playground, theme, dir, &[]);
    assert_eq!(run.status, 0, "{}", run.messages);
}

fn path(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/testsuite/snapshots").join(name)
}

#[test]
fn decisions_are_written_as_readable_files() {
    let modes: [(&str, &[&str]); 2] =
        [("redirect", &[]), ("conditional", &["--mode", "conditional", "--allow-group", "7"])];
    for (mode, arguments) in modes {
        let playground = Playground::new();
        copy_folder(&folder().join("shop"), &playground.path("theme"));
        let run = snapshot(&playground, "theme", "snapshot", arguments);
        assert_eq!(run.status, 0, "{}", run.messages);
        let mut text = String::new();
        for name in ["files.txt", "policy.txt", "pages.txt", "links.txt"] {
            let _ = write!(text, "== {name}\n{}\n", playground.read(&format!("snapshot/{name}")));
        }
        assert_data_eq!(text, Data::read_from(&path(&format!("snapshot-{mode}.txt")), None).raw());
    }
}

#[test]
fn changed_files_match_a_build() {
    for name in names() {
        let playground = Playground::new();
        copy_folder(&folder().join(&name), &playground.path("theme"));
        let run = playground.build(&["--no-bundle", "--out", "out"]);
        assert_eq!(run.status, 0, "{name}: {}", run.messages);
        taken(&playground, "theme", "snapshot");
        let changed = playground.files("snapshot/changed");
        assert!(!changed.is_empty(), "{name}");
        for file in changed {
            let read = |folder: &str| std::fs::read(playground.path(folder).join(&file)).unwrap();
            let (taken, built) = (read("snapshot/changed"), read("out"));
            let text = String::from_utf8_lossy(&taken);
            let copy = text.strip_prefix("The text of ").unwrap_or_default();
            let theme = |path: &str| std::fs::read(playground.path("theme").join(path)).unwrap();
            if let Some(original) = copy.strip_suffix(", byte for byte.\n") {
                assert!(theme(original) == built, "{name}: {file}");
            } else if let Some((original, hunks)) = copy.split_once(" with these changes:\n") {
                assert_changes(hunks, &theme(original), &built);
            } else if text.starts_with("@@\n") {
                assert_changes(&text, &theme(&file), &built);
            } else {
                assert!(taken == built, "{name}: {file}");
            }
        }
        // Guarded or not, the theme gives the same snapshot.
        let run = snapshot(&playground, "out", "snapshot", &["--check"]);
        assert_eq!((run.status, run.results.as_str()), (0, ""), "{name}: {}", run.messages);
    }
}

/// Each hunk stands in both texts.
fn assert_changes(hunks: &str, before: &[u8], after: &[u8]) {
    for hunk in hunks.split("@@\n").skip(1) {
        for (sign, text) in [('-', before), ('+', after)] {
            let mut side = String::new();
            let mut is_on_side = false;
            for line in hunk.split_inclusive('\n') {
                if line.starts_with('\\') && is_on_side {
                    side.pop();
                } else if !line.starts_with('\\') {
                    is_on_side = line.starts_with([' ', sign]);
                    side.push_str(if is_on_side { &line[1..] } else { "" });
                }
            }
            assert!(String::from_utf8_lossy(text).contains(&side), "{side} is not in its file");
        }
    }
}

#[test]
fn edit_that_changes_no_decision_passes() {
    let playground = Playground::new();
    playground.theme(&[]);
    taken(&playground, "theme", "snapshot");
    playground.write("theme/assets/js/app.js", "let x = 1;\n");
    playground.write("theme/templates/components/new.html", "<p>Nobody includes me.</p>\n");
    let run = snapshot(&playground, "theme", "snapshot", &["--check"]);
    assert_eq!((run.status, run.results.as_str(), run.messages.as_str()), (0, "", ""));
}

#[test]
fn edit_that_changes_decisions_fails_with_a_diff() {
    let playground = Playground::new();
    playground.theme(&[]);
    taken(&playground, "theme", "snapshot");
    let before = playground.files("snapshot");
    let checkout = "<a href=\"{{urls.home}}\">Shop</a>{{> layout/base}}";
    playground.write("theme/templates/pages/checkout.html", checkout);
    playground.write("theme/templates/pages/brand.html", "{{> layout/base}}");
    let run = snapshot(&playground, "theme", "snapshot", &["--check"]);
    assert_eq!(run.status, 1);
    assert_data_eq!(
        run.results,
        str![[r#"
--- /dev/null
+++ b/changed/templates/pages/checkout.html
@@ -0,0 +1,5 @@
+@@
+-<a href="{{urls.home}}">Shop</a>{{> layout/base}}
+/ No newline at end of file
++<a data-guard-href="{{urls.home}}">Shop</a>{{> layout/base}}
+/ No newline at end of file
--- a/links.txt
+++ b/links.txt
@@ -0,0 +1,4 @@
+templates/pages/checkout.html (on checkout)
+  disabled: a href="{{urls.home}}"
+    Led to a guarded page; leads nowhere now.
+    rule guarded-page of generic.toml
--- a/pages.txt
+++ b/pages.txt
@@ -15,5 +15,6 @@
   Visitors in a frame of another page: see a plain page with a link to https://shop.example.com
   Visitors at an address of the checkout: see the page, so that nobody is kept from paying
   Developers on their own computers: see the page
+    brand
     cart
     home

"#]]
    );
    assert_data_eq!(
        run.messages,
        str![[r#"
error[stale-snapshot]: 3 files differ from the snapshot in snapshot
 |
 = help: if this is as it should be, run the same command without --check and commit the folder


"#]]
    );
    // Nothing is written.
    assert_eq!(playground.files("snapshot"), before);
    taken(&playground, "theme", "snapshot");
    assert_eq!(snapshot(&playground, "theme", "snapshot", &["--check"]).status, 0);
}

#[test]
fn missing_or_damaged_snapshot_fails() {
    let playground = Playground::new();
    playground.theme(&[]);
    let run = snapshot(&playground, "theme", "snapshot", &["--check"]);
    assert_eq!(run.status, 1);
    assert!(run.messages.contains("there is no snapshot in snapshot yet"), "{}", run.messages);
    assert!(!playground.path("snapshot").exists());
    taken(&playground, "theme", "snapshot");
    let damages: [&dyn Fn(); 3] = [
        &|| std::fs::remove_file(playground.path("snapshot/pages.txt")).unwrap(),
        &|| playground.write("snapshot/policy.txt", "storefront: https://other.example\n"),
        &|| playground.write("snapshot/changed/templates/layout/base.html", ""),
    ];
    for damage in damages {
        damage();
        let run = snapshot(&playground, "theme", "snapshot", &["--check"]);
        assert_eq!(run.status, 1, "{}", run.messages);
        assert!(run.results.starts_with("--- "), "{}", run.results);
        taken(&playground, "theme", "snapshot");
    }
}

#[test]
fn stale_files_are_removed_and_foreign_files_stay() {
    let playground = Playground::new();
    playground.theme(&[]);
    let run = snapshot(&playground, "theme", "snapshot", &["--mode", "replace"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    playground.write("snapshot/README.md", "mine");
    playground.write("snapshot/changed/mine.html", "mine");
    let run = snapshot(&playground, "theme", "snapshot", &["--check"]);
    assert!(run.results.contains("+++ /dev/null"), "{}", run.results);
    taken(&playground, "theme", "snapshot");
    assert_eq!(
        playground.files("snapshot"),
        [
            "README.md",
            "changed/mine.html",
            "changed/templates/components/stencil-guard/head.html",
            "changed/templates/components/stencil-guard/record.html",
            "changed/templates/layout/base.html",
            "files.txt",
            "links.txt",
            "pages.txt",
            "policy.txt",
        ]
    );
    assert_eq!(playground.read("snapshot/changed/mine.html"), "mine");
}

#[test]
fn foreign_files_are_never_overwritten() {
    let playground = Playground::new();
    playground.theme(&[]);
    playground.write("mine/notes.txt", "mine");
    let run = snapshot(&playground, "theme", "mine", &[]);
    assert_eq!(run.status, 2);
    assert!(run.messages.contains("is not empty"), "{}", run.messages);
    taken(&playground, "theme", "snapshot");
    playground.write("snapshot/changed/templates/pages/checkout.html", "mine");
    let run = snapshot(&playground, "theme", "snapshot", &["--mode", "links"]);
    assert_eq!(run.status, 0, "the file is not in the way: {}", run.messages);
    playground.write(
        "theme/templates/pages/checkout.html",
        "<a href=\"{{urls.home}}\">Shop</a>{{> layout/base}}",
    );
    let run = snapshot(&playground, "theme", "snapshot", &[]);
    assert_eq!(run.status, 2);
    assert!(run.messages.contains("was not written by stencil-guard"), "{}", run.messages);
    assert_eq!(playground.read("snapshot/changed/templates/pages/checkout.html"), "mine");
}

#[test]
#[cfg(unix)]
fn names_with_line_breaks_stay_on_one_line() {
    let playground = Playground::new();
    playground.theme(&[("templates/pages/a\nb%\u{1b}.html", "<html><head></head></html>")]);
    taken(&playground, "theme", "snapshot");
    let list = playground.read("snapshot/files.txt");
    assert!(list.contains("\nchanged/templates/pages/a%0Ab%25%1B.html\n"), "{list}");
    assert!(playground.read("snapshot/pages.txt").contains("    a b%\u{fffd}\n"));
    let run = snapshot(&playground, "theme", "snapshot", &["--check"]);
    assert_eq!((run.status, run.results.as_str()), (0, ""), "{}", run.messages);
}

#[test]
fn snapshot_inside_the_theme_is_not_part_of_it() {
    let playground = Playground::new();
    playground.theme(&[]);
    let bundle = |name: &str| {
        let run = playground.build(&["--bundle", name]);
        assert_eq!(run.status, 0, "{}", run.messages);
        std::fs::read(playground.path(name)).unwrap()
    };
    let before = bundle("before.zip");
    taken(&playground, "theme", "theme/guard-snapshot");
    assert!(bundle("after.zip") == before);
    let run = snapshot(&playground, "theme", "theme/guard-snapshot", &["--check"]);
    assert_eq!((run.status, run.results.as_str()), (0, ""), "{}", run.messages);
    for inside in
        ["theme", ".", "theme/templates", "theme/templates/x/y", "theme/lang", "theme/assets/s"]
    {
        let run = snapshot(&playground, "theme", inside, &[]);
        assert_eq!(run.status, 2, "{inside}: {}", run.messages);
    }
}

#[test]
fn folder_and_zip_give_the_same_snapshot() {
    let playground = Playground::new();
    playground.theme(&[]);
    playground.write("theme.zip", theme_zip(&[]));
    taken(&playground, "theme.zip", "snapshot");
    let run = snapshot(&playground, "theme", "snapshot", &["--check"]);
    assert_eq!((run.status, run.results.as_str()), (0, ""), "{}", run.messages);
}

#[test]
fn json_output_is_one_document() {
    let playground = Playground::new();
    playground.theme(&[]);
    let document = |arguments: &[&str]| -> Value {
        let run = snapshot(&playground, "theme", "snapshot", arguments);
        serde_json::from_str(&run.results).unwrap()
    };
    let missing = document(&["--check", "--format", "json"]);
    assert_eq!((&missing["command"], &missing["status"]), (&"snapshot".into(), &"findings".into()));
    let findings = missing["findings"].as_array().unwrap();
    assert!(findings.iter().any(|finding| finding["code"] == "stale-snapshot"), "{findings:?}");
    assert!(missing["files"].as_array().unwrap().len() > 3);
    let written = document(&["--format", "json"]);
    assert_eq!(written["status"], "done");
    let usage = playground.run(&["snapshot", "theme", "--format", "json"]);
    let usage: Value = serde_json::from_str(&usage.results).unwrap();
    assert_eq!((&usage["command"], &usage["status"]), (&"snapshot".into(), &"failed".into()));
}

#[test]
fn unguardable_theme_writes_no_snapshot() {
    let playground = Playground::new();
    playground.theme(&[("templates/components/stencil-guard/head.html", "mine")]);
    for check in [&[][..], &["--check"]] {
        let run = snapshot(&playground, "theme", "snapshot", check);
        assert_eq!((run.status, run.results.as_str()), (1, ""));
        assert!(run.messages.contains("name-taken"), "{}", run.messages);
        assert!(!playground.path("snapshot").exists());
    }
}

#[test]
fn edits_far_from_a_change_pass() {
    let playground = Playground::new();
    let page = |class: &str, link: &str| {
        format!(
            "<p>\n<b class=\"{class}\">\n</b>\n</p>\n<a href=\"{link}\">x</a>\n<p>\n{{{{> layout/base}}}}\n"
        )
    };
    let path = "theme/templates/pages/checkout.html";
    playground.theme(&[]);
    playground.write(path, page("a", "/cart.php"));
    taken(&playground, "theme", "snapshot");
    let kept = playground.read("snapshot/changed/templates/pages/checkout.html");
    assert!(kept.starts_with("@@\n </p>\n-<a href=") && kept.ends_with("\n <p>\n"), "{kept}");
    playground.write(path, page("a new", "/cart.php"));
    assert_eq!(snapshot(&playground, "theme", "snapshot", &["--check"]).status, 0);
    playground.write(path, page("a new", "/search.php"));
    assert_eq!(snapshot(&playground, "theme", "snapshot", &["--check"]).status, 1);
}
