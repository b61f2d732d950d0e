//! `diff` as a user meets it: a patch that does what `build` does.

use crate::driver::{Playground, STOREFRONT, copy_folder};
use crate::themes::folder;
use serde_json::Value;
use snapbox::{assert_data_eq, str};
use std::collections::BTreeMap;

#[test]
fn diff_prints_a_patch_and_writes_nothing() {
    let playground = Playground::new();
    playground.theme(&[]);
    let run = playground.run(&["diff", "theme", "--storefront", STOREFRONT]);
    assert_eq!((run.status, run.messages.as_str()), (0, ""));
    assert_data_eq!(
        run.results,
        str![[r#"
--- /dev/null
+++ b/templates/components/stencil-guard/head.html
@@ -0,0 +1 @@
+{{#or [..]
/ No newline at end of file
--- /dev/null
+++ b/templates/components/stencil-guard/record.html
@@ -0,0 +1,10 @@
+# stencil-guard: what this theme was guarded with. `stencil-guard check` reads it, `stencil-guard undo` removes it.
+mode = "redirect"
+storefront = "https://shop.example.com"
+kept = ["checkout", "order-complete", "order-confirmation"]
+allow-group = []
+paths = ""
+guard-development = false
+guard-editor = false
+search-engines = "none"
+texts = []
--- a/templates/layout/base.html
+++ b/templates/layout/base.html
@@ -1,6 +1,6 @@
 <!doctype html>
 <html>
-<head>
+<head>{{> components/stencil-guard/head}}
 <title>{{head.title}}</title>{{{head.scripts}}}
 </head>
 <body>{{#block "page"}}{{/block}}{{{footer.scripts}}}</body>

"#]]
    );
    assert_eq!(playground.files("").len(), 7);
}

#[test]
fn stat_counts_changed_lines() {
    let playground = Playground::new();
    playground.theme(&[]);
    let arguments = ["diff", "theme", "--storefront", STOREFRONT, "--mode", "replace", "--stat"];
    let run = playground.run(&arguments);
    assert_eq!((run.status, run.messages.as_str()), (0, ""));
    assert_data_eq!(
        run.results,
        str![[r#"
 templates/components/stencil-guard/page.html   |    1+    0-
 templates/components/stencil-guard/record.html |   10+    0-
 templates/layout/base.html                     |    1+    7-
 templates/layout/stencil-guard/base.html       |    7+    0-
 4 files changed, 19 lines added, 7 removed

"#]]
    );
}

#[test]
fn json_diff_is_one_document() {
    let playground = Playground::new();
    playground.theme(&[]);
    let run = playground.run(&["diff", "theme", "--storefront", STOREFRONT, "--format", "json"]);
    let report: Value = serde_json::from_str(&run.results).unwrap();
    assert_eq!((&report["command"], &report["status"]), (&"diff".into(), &"done".into()));
    let file = &report["files"][2];
    assert_eq!(file["path"], "templates/layout/base.html");
    assert_eq!((&file["added"], &file["removed"]), (&1.into(), &1.into()));
    assert!(file["diff"].as_str().unwrap().starts_with("--- a/templates/layout/base.html\n"));
}

#[test]
fn diff_prints_nothing_when_the_build_would_fail() {
    let playground = Playground::new();
    playground.theme(&[("templates/layout/base.html", "<html>{{#block \"x\"}}<head>{{/block}}")]);
    let run = playground.run(&["diff", "theme", "--storefront", STOREFRONT, "--keep", "crt"]);
    assert_eq!((run.status, run.results.as_str()), (2, ""));
    playground.theme(&[("templates/components/stencil-guard/head.html", "mine")]);
    for stat in [&[][..], &["--stat"]] {
        let run = playground.run(&[&["diff", "theme", "--storefront", STOREFRONT], stat].concat());
        assert_eq!((run.status, run.results.as_str()), (1, ""), "{}", run.messages);
    }
}

#[test]
fn applying_the_patch_gives_what_build_writes() {
    for name in ["shop", "odd-custom", "odd-line-ends", "odd-around", "odd-fragment"] {
        for mode in ["redirect", "replace"] {
            let playground = Playground::new();
            copy_folder(&folder().join(name), &playground.path("theme"));
            let run = playground.build(&["--mode", mode, "--no-bundle", "--out", "out"]);
            assert_eq!(run.status, 0, "{name}: {}", run.messages);
            let diff = |from: &str| {
                let options = ["--storefront", STOREFRONT, "--mode", mode];
                playground.run(&[&["diff", from], &options[..]].concat()).results
            };
            let patch = diff("theme");
            for (path, after) in patched(&playground, &patch) {
                let built = std::fs::read(playground.path(&format!("out/{path}"))).unwrap();
                let built = String::from_utf8_lossy(&built).into_owned();
                assert!(after == built, "{name} {mode}: {path}\n{patch}");
            }
            assert_eq!(diff("out"), "", "{name} {mode}");
        }
    }
}

/// The files of the folder `theme` that a patch changes, after it.
fn patched(playground: &Playground, patch: &str) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut before = Vec::new();
    let (mut path, mut at) = (String::new(), 0);
    let finish = |path: &str, text: String, files: &mut BTreeMap<String, String>| {
        if !path.is_empty() {
            files.insert(path.to_owned(), text);
        }
    };
    let mut text = String::new();
    let mut in_header = false;
    for line in patch.split_inclusive('\n') {
        if line.starts_with("--- ") {
            text.extend(before.drain(at.min(before.len())..));
            finish(&path, std::mem::take(&mut text), &mut files);
            in_header = true;
        } else if in_header && line.starts_with("+++ b/") {
            path = line["+++ b/".len()..].trim_end().to_owned();
            let bytes = std::fs::read(playground.path(&format!("theme/{path}")));
            let old = String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned();
            before = old.split_inclusive('\n').map(str::to_owned).collect();
            (at, in_header) = (0, false);
        } else if let Some(hunk) = line.strip_prefix("@@ -") {
            let start: usize = hunk.split([',', ' ']).next().unwrap().parse().unwrap();
            let start = start.saturating_sub(1).max(at);
            text.extend(before[at..start].iter().cloned());
            at = start;
        } else if line.starts_with('\\') {
            text.pop();
        } else if let Some(added) = line.strip_prefix('+') {
            text.push_str(added);
        } else {
            assert!(
                before[at].trim_end_matches('\n') == line[1..].trim_end_matches('\n'),
                "{line:?}"
            );
            text.push_str(line.strip_prefix(' ').unwrap_or_default());
            at += 1;
        }
    }
    text.extend(before.drain(at.min(before.len())..));
    finish(&path, text, &mut files);
    files
}
