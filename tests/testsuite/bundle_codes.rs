//! What is wrong with the parts that a bundle is put together from; and that a message of each code
//! which the bundle's part of the tool can give stands in a test.

use crate::driver::{Playground, Run};
use snapbox::{assert_data_eq, str};
use std::collections::BTreeSet;
use stencil_guard::text::Code;

fn bundle(files: &[(&str, &str)]) -> Run {
    let playground = Playground::new();
    playground.theme(files);
    let run = playground.run(&["bundle", "theme"]);
    assert_eq!(run.status == 0, playground.path("Small-1.0.zip").exists(), "{run:?}");
    run
}

#[test]
fn missing_built_files_are_reported() {
    let page =
        "<script src=\"{{cdn 'assets/dist/main.js'}}\"></script>{{cdn \"assets/dist/more.js\"}}";
    let files = [("package.json", "{}"), ("templates/pages/page.html", page)];
    let run = bundle(&files);
    assert_eq!(run.status, 1);
    assert_data_eq!(
        run.messages,
        str![[r#"
error[missing-built-file]: the theme's build has not made files that templates refer to: `assets/dist/main.js` and one more
 --> templates/pages/page.html:1:21
  |
1 | <script src="{{cdn 'assets/dist/main.js'}}"></script>{{cdn "assets/dist/more.js"}}
  |                     ^^^^^^^^^^^^^^^^^^^
  |
  = note: `assets/dist/more.js` is missing, too: templates/pages/page.html:1
  = help: run the theme's build first (`npm ci`, then what its documentation says); a zip downloaded from the store needs none


"#]]
    );
    // Where something is built, the rest may be loaded by nobody.
    let run = bundle(&[&files[..], &[("assets/dist/other.js", "")]].concat());
    assert_eq!(run.status, 0);
    assert!(run.messages.starts_with("warning[missing-built-file]: "), "{run:?}");
}

#[test]
fn missing_style_imports_are_reported() {
    let config = crate::driver::small_theme()[0]
        .1
        .replace("\"settings\"", "\"css_compiler\": \"scss\", \"settings\"");
    let run = bundle(&[
        ("config.json", &config),
        ("templates/pages/page.html", "{{{stylesheet '/assets/css/theme.css'}}}"),
        ("assets/scss/theme.scss", "@import 'here';\n@import 'gone';\n"),
        (
            "assets/scss/_here.scss",
            "@import \"../../node_modules/@a/b/c\", '../../node_modules/d/e';\n",
        ),
    ]);
    assert_eq!(run.status, 1);
    assert_data_eq!(
        run.messages,
        str![[r#"
error[missing-style-import]: style sheets import packages that are not installed: @a/b, d
 --> assets/scss/_here.scss:1:9
  |
1 | @import "../../node_modules/@a/b/c", '../../node_modules/d/e';
  |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = note: imported here, too: assets/scss/_here.scss:1
  = help: run `npm ci` in the theme's folder first; a zip downloaded from the store needs no packages

error[missing-style-import]: the style sheet `gone` does not exist, so the platform could not compile this one
 --> assets/scss/theme.scss:2:9
  |
2 | @import 'gone';
  |         ^^^^^^
  |
  = help: create the file or remove the import


"#]]
    );
}

#[test]
fn all_problems_are_reported_in_one_run() {
    let config = crate::driver::small_theme()[0]
        .1
        .replace("\"settings\"", "\"css_compiler\": \"scss\", \"settings\"");
    let large = "x".repeat(2_000_000);
    let playground = Playground::new();
    playground.theme(&[
        ("config.json", &config),
        ("templates/large.html", &large),
        ("templates/pages/page.html", "{{{stylesheet '/assets/css/theme.css'}}}{{> gone}}"),
        ("assets/scss/theme.scss", "a { b: $c }"),
    ]);
    std::fs::remove_file(playground.path("theme/templates/pages/home.html")).unwrap();
    let run = playground.run(&["bundle", "theme"]);
    assert_eq!(run.status, 1);
    for code in [
        "error[not-a-theme]: the theme has no `templates/pages/home.html`; the platform refuses such a theme (TR-600)\n",
        "error[missing-partial]",
        "error[too-large]",
        "warning[style-sheet]",
    ] {
        assert!(run.messages.contains(code), "{code}: {}", run.messages);
    }
    let build = ["build", "theme", "--storefront", crate::driver::STOREFRONT];
    for arguments in [&build[..], &["check", "theme"]] {
        let run = playground.run(arguments);
        assert_eq!(run.status, 1, "{run:?}");
        assert!(run.messages.contains("[not-a-theme]"), "{run:?}");
    }
}

#[test]
fn missing_package_templates_and_folders_are_reported() {
    let run = bundle(&[
        (
            "templates/pages/page.html",
            "{{> 'external/p/templates/x'}}\n{{dynamicComponent 'no/folder'}}\n",
        ),
        ("templates/pages/other.html", "{{> external/p/templates/x}}\n"),
    ]);
    assert_eq!(run.status, 1);
    assert_data_eq!(
        run.messages,
        str![[r#"
error[missing-partial]: the package template `external/p/templates/x` is not there
 --> templates/pages/other.html:1:5
  |
1 | {{> external/p/templates/x}}
  |     ^^^^^^^^^^^^^^^^^^^^^^
  |
  = note: also referred to here: templates/pages/page.html:1
  = help: run `npm ci` in the theme's folder first, or remove the reference; a zip downloaded from the store needs no packages

error[missing-partial]: the folder `templates/no/folder` of dynamic components does not exist
 --> templates/pages/page.html:2:21
  |
2 | {{dynamicComponent 'no/folder'}}
  |                     ^^^^^^^^^
  |
  = help: create the file or remove the reference; the platform's bundler counts references in comments, too


"#]]
    );
}

#[test]
fn missing_partial_in_a_comment_is_only_a_warning() {
    let run = bundle(&[("templates/pages/page.html", "{{!-- {{> gone}} --}}\n")]);
    assert_eq!(run.status, 0);
    assert_data_eq!(
        run.messages,
        str![[r#"
warning[missing-partial]: the template `gone` does not exist
 --> templates/pages/page.html:1:11
  |
1 | {{!-- {{> gone}} --}}
  |           ^^^^
  |
  = help: no page needs it, but the official bundler would stop here; remove the mention if you use it


"#]]
    );
}

#[test]
fn broken_schema_causes_no_follow_up_errors() {
    let translations = "{\"i18n.Name\": {\"default\": \"x\"}}";
    let run = bundle(&[("schema.json", "[,"), ("schemaTranslations.json", translations)]);
    assert_eq!(run.status, 1);
    assert_data_eq!(
        run.messages,
        str![[r#"
error[invalid-json]: this is not valid JSON: Unexpected comma (TR-1000)
 --> schema.json:1:2
  |
1 | [,
  |  ^
  |
  = help: correct the file; the platform takes plain JSON only, without comments


"#]]
    );
}

#[test]
fn oversized_schema_and_map_are_warnings() {
    let content = "x".repeat(70_000);
    let schema = format!(
        "[{{\"name\": \"n\", \"settings\": [{{\"type\": \"heading\", \"content\": \"{content}\"}}]}}]"
    );
    let map = "x".repeat(5_000_001);
    let run = bundle(&[("schema.json", &schema), ("assets/css/theme.css.map", &map)]);
    assert_eq!(run.status, 0);
    assert_data_eq!(
        run.messages,
        str![[r#"
warning[too-large]: this file has 70059 characters without white space; the platform may refuse more than 65535 (TR-1006)
--> schema.json
 = help: offer fewer settings or options

warning[too-large]: `assets/css/theme.css.map` has 5000001 bytes; the platform may refuse a file of more than 5000000 (TR-300)
--> assets/css/theme.css.map
 = help: shrink it, or remove it


"#]]
    );
}

#[test]
fn size_limits_apply_only_to_bundled_files() {
    let large = "x".repeat(5_000_001);
    let edge = "x".repeat(5_000_000);
    let map = |name: &'static str| [(name, large.as_str())];
    for (files, arguments, said) in [
        (
            map("assets/dist/app.js.map"),
            &["--source-maps"][..],
            Some("`assets/dist/app.js.map` has 5000001 bytes"),
        ),
        (map("assets/dist/app.js.map"), &[], None),
        (map("assets/dist/app.css.map"), &[], Some("`assets/dist/app.css.map` has 5000001 bytes")),
        (map("assets/img/big.jpg"), &[], Some("`assets/img/big.jpg` has 5000001 bytes")),
        (map("meta/desktop.png"), &[], Some("`meta/desktop.png` has 5000001 bytes")),
        (map("assets/cdn/big.jpg"), &[], None),
        (map("docs/big.jpg"), &[], None),
        (map("assets/.cache/big.jpg"), &[], None),
        (map("templates/big.txt"), &[], None),
        ([("assets/img/edge.jpg", edge.as_str())], &[], None),
    ] {
        let playground = Playground::new();
        playground.theme(&files);
        let run = playground.run(&[&["bundle", "theme"], arguments].concat());
        assert_eq!(run.status, 0, "{run:?}");
        let warning = said.map(|said| format!("warning[too-large]: {said}; the platform may refuse a file of more than 5000000 (TR-300)\n--> "));
        assert_eq!(run.messages.contains("too-large"), warning.is_some(), "{files:.40?} {run:?}");
        assert!(warning.is_none_or(|warning| run.messages.contains(&warning)), "{run:?}");
    }
}

#[test]
fn too_many_files_or_bytes_are_warnings() {
    let playground = Playground::new();
    playground.theme(&[]);
    for number in 0..2_500 {
        playground.write(&format!("theme/assets/icons/{number}.svg"), "x");
    }
    let run = playground.run(&["bundle", "theme"]);
    assert_eq!(run.status, 0, "{run:?}");
    for text in [
        "warning[too-large]: the bundle has 25",
        "files; the platform may refuse more than 2500 (TR-300)",
        "`assets/icons/` holds 2500",
    ] {
        assert!(run.messages.contains(text), "{run:?}");
    }
    let playground = Playground::new();
    playground.theme(&[]);
    for number in 0..23 {
        playground.write(&format!("theme/assets/img/{number}.bin"), vec![0; 4_500_000]);
    }
    let run = playground.run(&["bundle", "theme"]);
    assert_eq!(run.status, 0, "{run:?}");
    for text in [
        "warning[too-large]: the bundle has 1035",
        "bytes unpacked; the platform may refuse more than 100000000 (TR-300)",
        "the largest: `assets/img/0.bin` (4.5 MB)",
    ] {
        assert!(run.messages.contains(text), "{run:?}");
    }
}

/// All Rust code below a folder of this package.
fn code_below(folder: &str) -> String {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = walkdir::WalkDir::new(root).into_iter().flatten();
    let files = entries.filter(|entry| entry.path().extension().is_some_and(|end| end == "rs"));
    files.map(|entry| std::fs::read_to_string(entry.path()).unwrap()).collect()
}

#[test]
fn every_bundle_code_has_a_message_in_a_test() {
    let source = code_below("src/bundle");
    let tests = code_below("tests/testsuite");
    let names = source.split("Code::").skip(1).map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        &rest[..end]
    });
    let names: BTreeSet<&str> = names.collect();
    let used: Vec<Code> = Code::ALL
        .iter()
        .copied()
        .filter(|code| names.contains(format!("{code:?}").as_str()))
        .collect();
    assert!(used.len() > 20, "{used:?}");
    // A message begins its line, and its place or its help the next one.
    let is_shown = |code: &Code| {
        let mark = format!("[{}]: ", code.as_str());
        let mut lines =
            tests.lines().map(str::trim_start).zip(tests.lines().skip(1).map(str::trim_start));
        lines.any(|(line, next)| {
            let severity = line.split_once(&mark).map(|(severity, _)| severity);
            severity.is_some_and(|word| ["error", "warning", "note"].contains(&word))
                && (next.starts_with("-->") || next.starts_with('|'))
        })
    };
    let missing: Vec<&Code> = used.iter().filter(|code| !is_shown(code)).collect();
    assert!(missing.is_empty(), "no test shows a message of {missing:?}");
}
