//! The options of a bundle: how strict its checks are, for whom it is, and how it is stored.

use crate::driver::{Playground, Run};
use snapbox::{assert_data_eq, str};

/// Bundles the small theme with some files over it.
fn small_bundle(files: &[(&str, &str)], arguments: &[&str]) -> Run {
    let playground = Playground::new();
    playground.theme(files);
    let run = playground.run(&[&["bundle", "theme"], arguments].concat());
    assert_eq!(run.status == 0, playground.path("Small-1.0.zip").exists(), "{run:?}");
    run
}

#[test]
fn strict_turns_warnings_into_errors() {
    let files = [("templates/components/a.html", "{{lang 'a.b'}}")];
    let run = small_bundle(&files, &["--strict"]);
    assert_eq!(run.status, 1);
    assert!(run.messages.contains("error[missing-translation]"), "{}", run.messages);
    assert_eq!(small_bundle(&files, &[]).status, 0);
    assert_eq!(small_bundle(&[], &["--strict"]).status, 0);
    // Notes are no warnings.
    assert_eq!(small_bundle(&[("manifest.json", "{}")], &["--strict"]).status, 0);
    let playground = Playground::new();
    playground.theme(&[("templates/components/broken.html", "{{#if}}")]);
    let before = playground.files("");
    for arguments in [&["--no-bundle", "--out", "out"][..], &[]] {
        assert_eq!(playground.build(&[arguments, &["--strict"]].concat()).status, 1);
        assert_eq!(playground.files(""), before);
    }
    playground.write("theme/stencil-guard.toml", "strict = true\n");
    assert_eq!(playground.build(&["--dry-run"]).status, 1);
}

/// The start of a PNG, which is all that anybody looks at here.
fn png(width: u32, height: u32) -> Vec<u8> {
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &size].concat()
}

#[test]
fn marketplace_requires_valid_screenshots() {
    let config = r#"{
  "name": "Small", "version": "1.0", "settings": {},
  "meta": {
    "price": 0, "documentation_url": "x", "features": ["fully_responsive"],
    "author_name": "A", "author_email": "a", "author_support_url": "x",
    "composed_image": "composed.png"
  },
  "variations": [{
    "name": "L", "id": "light",
    "meta": {
      "description": "", "demo_url": "x", "optimized_for": ["clothing"],
      "desktop_screenshot": "desktop.png",
      "mobile_screenshot": "mobile.png"
    }
  }]
}
"#;
    let playground = Playground::new();
    playground.theme(&[("config.json", config), ("schema.json", "[]")]);
    playground.write("theme/meta/composed.png", png(600, 760));
    playground.write("theme/meta/desktop.png", png(2048, 2600));
    playground.write("theme/meta/mobile.png", png(304, 540));
    let marketplace = ["bundle", "theme", "--marketplace", "--dry-run"];
    let run = playground.run(&marketplace);
    assert_eq!((run.status, run.messages.as_str()), (0, ""));

    playground.write("theme/meta/composed.png", png(600, 700));
    playground.write("theme/meta/desktop.png", "<svg/>");
    std::fs::remove_file(playground.path("theme/meta/mobile.png")).unwrap();
    let run = playground.run(&marketplace);
    assert_eq!(run.status, 1);
    assert_data_eq!(
        run.messages,
        str![[r#"
error[screenshot]: `meta/composed.png` is 600 by 700 pixels; `meta.composed_image` must be 600 by 760
 --> config.json:6:23
  |
6 |     "composed_image": "composed.png"
  |                       ^^^^^^^^^^^^^^
  |
  = help: put a picture of 600 by 760 pixels there; the marketplace shows it

error[screenshot]: `meta/desktop.png`, which `variations[0].meta.desktop_screenshot` names, is not a JPEG, PNG or GIF
  --> config.json:12:29
   |
12 |       "desktop_screenshot": "desktop.png",
   |                             ^^^^^^^^^^^^^
   |
   = help: put a picture of 2048 by 2600 pixels there; the marketplace shows it

error[screenshot]: `variations[0].meta.mobile_screenshot` names `meta/mobile.png`, which does not exist
  --> config.json:13:28
   |
13 |       "mobile_screenshot": "mobile.png"
   |                            ^^^^^^^^^^^^
   |
   = help: put a picture of 304 by 540 pixels there; the marketplace shows it


"#]]
    );
    assert_eq!(playground.run(&["bundle", "theme", "--dry-run"]).status, 0);

    let config = config.replace("mobile.png", "mobile.svg");
    playground.write("theme/config.json", config.as_str());
    playground.write("theme/meta/composed.png", png(600, 760));
    let large = [png(2048, 2600), vec![0; 5 << 20]].concat();
    playground.write("theme/meta/desktop.png", large);
    assert_data_eq!(
        playground.run(&marketplace).messages,
        str![[r#"
warning[screenshot]: `meta/desktop.png` has 5242904 bytes; `variations[0].meta.desktop_screenshot` may have 5242880
  --> config.json:12:29
   |
12 |       "desktop_screenshot": "desktop.png",
   |                             ^^^^^^^^^^^^^
   |
   = help: put a picture of 2048 by 2600 pixels there; the marketplace shows it

error[screenshot]: `variations[0].meta.mobile_screenshot` names no .jpg, .jpeg, .png or .gif
  --> config.json:13:28
   |
13 |       "mobile_screenshot": "mobile.svg"
   |                            ^^^^^^^^^^^^
   |
   = help: put a picture of 304 by 540 pixels there; the marketplace shows it

warning[too-large]: `meta/desktop.png` has 5242904 bytes; the platform may refuse a file of more than 5000000 (TR-300)
--> meta/desktop.png
 = help: shrink it, or remove it


"#]]
    );
}

#[test]
fn marketplace_requires_more_config_fields() {
    assert_data_eq!(
        small_bundle(&[], &["--marketplace"]).messages,
        str![[r#"
error[invalid-config]: `meta.price` is missing (TR-800)
 --> config.json:5:11
  |
5 |   "meta": { "author_name": "A", "author_email": "a@example.com", "author_support_url": "x" },
  |           ^
  |
  = help: add it; the official bundler stops here

error[invalid-config]: `meta.documentation_url` is missing (TR-800)
 --> config.json:5:11
  |
5 |   "meta": { "author_name": "A", "author_email": "a@example.com", "author_support_url": "x" },
  |           ^
  |
  = help: add it; the official bundler stops here

error[invalid-config]: `meta.composed_image` is missing (TR-800)
 --> config.json:5:11
  |
5 |   "meta": { "author_name": "A", "author_email": "a@example.com", "author_support_url": "x" },
  |           ^
  |
  = help: add it; the official bundler stops here

error[invalid-config]: `meta.features` is missing (TR-800)
 --> config.json:5:11
  |
5 |   "meta": { "author_name": "A", "author_email": "a@example.com", "author_support_url": "x" },
  |           ^
  |
  = help: add it; the official bundler stops here

error[invalid-config]: `variations[0].meta.desktop_screenshot` is missing (TR-800)
 --> config.json:7:60
  |
7 |   "variations": [{ "name": "Light", "id": "light", "meta": { "description": "Light" } }]
  |                                                            ^
  |
  = help: add it; the official bundler stops here

error[invalid-config]: `variations[0].meta.mobile_screenshot` is missing (TR-800)
 --> config.json:7:60
  |
7 |   "variations": [{ "name": "Light", "id": "light", "meta": { "description": "Light" } }]
  |                                                            ^
  |
  = help: add it; the official bundler stops here

error[invalid-config]: `variations[0].meta.demo_url` is missing (TR-800)
 --> config.json:7:60
  |
7 |   "variations": [{ "name": "Light", "id": "light", "meta": { "description": "Light" } }]
  |                                                            ^
  |
  = help: add it; the official bundler stops here

error[invalid-config]: `variations[0].meta.optimized_for` is missing (TR-800)
 --> config.json:7:60
  |
7 |   "variations": [{ "name": "Light", "id": "light", "meta": { "description": "Light" } }]
  |                                                            ^
  |
  = help: add it; the official bundler stops here

warning[missing-schema]: the theme has no `schema.json`, so the Theme Editor offers nothing (TR-1001)
 |
 = help: add a `schema.json`


"#]]
    );
}

#[test]
fn source_date_epoch_sets_entry_times() {
    let playground = Playground::new();
    playground.theme(&[]);
    let bundle = |time: &str, name: &str| {
        let time = format!("SOURCE_DATE_EPOCH={time}");
        let program = env!("CARGO_BIN_EXE_stencil-guard");
        let arguments = [&time, program, "bundle", "theme", "--bundle", name];
        let run = playground.run_program(std::path::Path::new("env"), &arguments);
        (run.status, run.messages)
    };
    let years = |name: &str| {
        let bytes = std::fs::read(playground.path(name)).unwrap();
        let archive = rawzip::ZipArchive::from_slice(&bytes).unwrap();
        let mut entries = archive.entries();
        let mut years = Vec::new();
        while let Some(entry) = entries.next_entry().unwrap() {
            years.push(entry.last_modified().year());
        }
        years.dedup();
        years
    };
    for (time, year) in [("1700000000", 2023), ("86400", 1980), ("-5", 1980), ("", 1980)] {
        assert_eq!(bundle(time, "a.zip"), (0, String::new()), "{time:?}");
        assert_eq!(years("a.zip"), [year], "{time:?}");
    }
    let (status, messages) = bundle("yesterday", "b.zip");
    assert_eq!(status, 2);
    assert_data_eq!(
        messages,
        str![[r#"
error: SOURCE_DATE_EPOCH is `yesterday`, which is not a number of seconds since 1970

"#]]
    );
    assert!(!playground.path("b.zip").exists());
}

#[test]
fn higher_levels_make_smaller_bundles() {
    let playground = Playground::new();
    let long: String = (1..30_000).map(|number| (1_000_000_007 / number).to_string()).collect();
    playground.theme(&[("assets/long.txt", &long)]);
    let length = |level: &str| {
        let run = playground.run(&["bundle", "theme", "--level", level, "--bundle", "a.zip"]);
        assert_eq!(run.status, 0, "{}", run.messages);
        std::fs::metadata(playground.path("a.zip")).unwrap().len()
    };
    assert!(length("0") > length("1") && length("1") > length("9"));
    playground.run(&["bundle", "theme", "--bundle", "b.zip"]);
    length("6");
    let read = |name: &str| std::fs::read(playground.path(name)).unwrap();
    assert_eq!(read("a.zip"), read("b.zip"));
    for level in ["10", "-1", "x"] {
        let level = format!("--level={level}");
        assert_eq!(playground.run(&["bundle", "theme", &level]).status, 2);
    }
}

#[test]
fn build_applies_bundle_flags_and_settings() {
    let playground = Playground::new();
    playground.theme(&[("assets/dist/app.js.map", "{}")]);
    assert_eq!(playground.build(&["--marketplace", "--dry-run"]).status, 1);
    let holds_maps = |flags: &[&str]| {
        let run = playground.build(&[&["--bundle", "a.zip"], flags].concat());
        assert_eq!(run.status, 0, "{run:?}");
        let bundle = std::fs::read(playground.path("a.zip")).unwrap();
        memchr::memmem::find(&bundle, b"assets/dist/app.js.map").is_some()
    };
    assert!(!holds_maps(&[]) && holds_maps(&["--source-maps"]));
    playground.write("theme/stencil-guard.toml", "source-maps = true\n");
    assert!(holds_maps(&[]));
    playground.write("theme/stencil-guard.toml", "marketplace = true\n");
    assert_eq!(playground.build(&["--dry-run"]).status, 1);
}
