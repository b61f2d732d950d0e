//! Files that may hold secrets are in no output, and the findings name them; what a store's download holds of
//! packages is taken from an unpacked one, too.

use crate::driver::{Playground, Run, STOREFRONT, small_theme, theme_zip, zip};
use std::collections::BTreeSet;

fn build(playground: &Playground, theme: &str) -> Run {
    let outputs = ["--bundle", "out.zip", "--out", "out"];
    playground.run(&[&["build", theme, "--storefront", STOREFRONT], &outputs[..]].concat())
}

/// The names of the files below `out`, and those in the bundle.
fn written(playground: &Playground) -> BTreeSet<String> {
    let out = playground.path("out");
    let files = walkdir::WalkDir::new(&out).into_iter().flatten();
    let files = files.filter(|entry| entry.file_type().is_file());
    let name =
        |path: &std::path::Path| path.strip_prefix(&out).unwrap().to_str().unwrap().to_owned();
    let files = files.map(|entry| name(entry.path()));
    let bundle = std::fs::read(playground.path("out.zip")).unwrap();
    let bundle = stencil_guard::theme::read_zip("out.zip".as_ref(), &bundle).unwrap();
    files.chain(bundle.files.into_keys()).collect()
}

/// What holds a secret, and whether the official bundler would upload it.
const SECRETS: &[(&str, bool)] = &[
    ("my-secrets.json", false),
    ("secrets.stencil-demo.json", false),
    (".env", false),
    (".env.production", false),
    (".npmrc", false),
    ("server.key", false),
    ("assets/secrets.stencil.json", true),
    ("assets/key.pem", true),
    ("assets/img/CA.CRT", true),
    ("assets/.env", false),
    ("meta/id_rsa", true),
    ("lang/de.p12", true),
];

const SETTINGS: (&str, &str) =
    ("config.stencil.json", r#"{"secretsFileName": "./my-secrets.json"}"#);

#[test]
fn secrets_are_left_out_and_named() {
    for (name, is_uploaded) in SECRETS {
        let playground = Playground::new();
        playground.theme(&[(name, "token"), SETTINGS]);
        let bytes = [(*name, &b"token"[..]), (SETTINGS.0, SETTINGS.1.as_bytes())];
        playground.write("theme.zip", theme_zip(&bytes));
        for theme in ["theme", "theme.zip"] {
            let run = build(&playground, theme);
            assert_eq!(run.status, 0, "{name}: {run:?}");
            assert!(!written(&playground).contains(*name), "{name}");
            let weight = if *is_uploaded { "warning" } else { "note" };
            let said = format!(
                "{weight}[file-left-out]: by their names these files may hold secrets, so no output has them: `{name}`\n"
            );
            assert!(run.messages.contains(&said), "{name}: {run:?}");
        }
    }
}

#[test]
fn secrets_included_by_name_are_written_with_a_warning() {
    // The platform takes no other language files than JSON.
    for (name, _) in SECRETS.iter().filter(|(name, _)| !name.starts_with("lang/")) {
        let playground = Playground::new();
        playground.theme(&[(name, "token"), ("assets/other.pem", "x"), SETTINGS]);
        let other = ("assets/other.pem", &b"x"[..]);
        let bytes = [(*name, &b"token"[..]), other, (SETTINGS.0, SETTINGS.1.as_bytes())];
        playground.write("theme.zip", theme_zip(&bytes));
        let warning = "warning[secret-included]: by its name this file may hold secrets";
        for theme in ["theme", "theme.zip"] {
            let outputs = ["--bundle", "out.zip", "--out", "out", "--include", name];
            let run = playground
                .run(&[&["build", theme, "--storefront", STOREFRONT], &outputs[..]].concat());
            assert_eq!(run.status, 0, "{name}: {run:?}");
            assert_eq!(playground.read(&format!("out/{name}")), "token");
            assert!(!written(&playground).contains("assets/other.pem"));
            assert!(run.messages.contains(warning), "{name}: {run:?}");
            assert!(run.messages.contains(&format!("--> {name}\n")), "{name}: {run:?}");
            // In an output no setting of the official tool says that this one holds its secrets.
            if *name != "my-secrets.json" {
                let undo = ["undo", "out", "--no-bundle", "--out", "undone", "--include", name];
                let run = playground.run(&undo);
                assert_eq!(run.status, 0, "{name}: {run:?}");
                assert_eq!(playground.read(&format!("undone/{name}")), "token");
                assert!(run.messages.contains(warning), "{name}: {run:?}");
            }
            let bundle = ["bundle", theme, "--bundle", "bundle.zip", "--include", name];
            let run = playground.run(&bundle);
            assert_eq!(run.status, 0, "{name}: {run:?}");
            assert!(run.messages.contains(warning), "{name}: {run:?}");
        }
    }
    let playground = Playground::new();
    playground.theme(&[
        ("assets/key.pem", "token"),
        ("stencil-guard.toml", "include = ['./assets/key.pem']\n"),
    ]);
    let run = playground.build(&["--bundle", "out.zip", "--out", "out"]);
    assert_eq!(run.status, 0, "{run:?}");
    let bundle = std::fs::read(playground.path("out.zip")).unwrap();
    let bundle = stencil_guard::theme::read_zip("out.zip".as_ref(), &bundle).unwrap();
    assert!(bundle.secrets.contains_key("assets/key.pem"));
}

#[test]
fn only_files_that_were_left_out_can_be_included() {
    let playground = Playground::new();
    playground.theme(&[("assets/key.pem", "token"), ("secrets.stencil.json", "{}")]);
    for (path, help) in [
        ("assets/kye.pem", "did you mean `assets/key.pem`?"),
        ("config.json", "file-left-out"),
        ("secrets.stencil.json", "file-left-out"),
        ("../outside.pem", "file-left-out"),
        ("/etc/passwd", "file-left-out"),
    ] {
        let run = playground.build(&["--include", path, "--no-bundle", "--out", "out"]);
        assert_eq!(run.status, 2, "{path}: {run:?}");
        assert!(run.messages.contains("was left out of the theme"), "{path}: {run:?}");
        assert!(run.messages.contains(help), "{path}: {run:?}");
        assert!(!playground.path("out").exists());
    }
}

#[test]
fn files_that_only_resemble_secrets_are_kept() {
    let names = ["my-secrets.json", "assets/js/key.js", "assets/envelope.svg", "assets/id_rsa.pub"];
    let playground = Playground::new();
    playground.theme(&names.map(|name| (name, "x")));
    let run = build(&playground, "theme");
    assert_eq!(run.status, 0, "{run:?}");
    let written = written(&playground);
    assert!(names.iter().all(|name| written.contains(*name)), "{written:?}");
    assert!(!run.messages.contains("file-left-out"), "{run:?}");
}

#[cfg(unix)]
#[test]
fn symlinks_to_secrets_are_left_out() {
    for secret in [".env", "my-secrets.json", "private/key.pem", "private/token.json"] {
        let playground = Playground::new();
        let settings = r#"{"secretsFileName": "private/token.json"}"#;
        let settings = if secret.starts_with("my") { SETTINGS.1 } else { settings };
        playground.theme(&[(secret, "token"), (SETTINGS.0, settings)]);
        let target = playground.path("theme").join(secret);
        let assets = playground.path("theme/assets");
        std::fs::create_dir_all(&assets).unwrap();
        std::os::unix::fs::symlink(target, assets.join("x.json")).unwrap();
        if secret.starts_with("private/") {
            std::os::unix::fs::symlink("../private", assets.join("folder")).unwrap();
        }
        let run = build(&playground, "theme");
        assert_eq!(run.status, 0, "{run:?}");
        assert!(run.messages.contains("`assets/x.json`"), "{run:?}");
        let written = written(&playground);
        let is_in = |name: &String| name.contains("x.json") || name.contains("folder/");
        assert!(!written.iter().any(is_in), "{secret}: {written:?}");
    }
}

#[test]
fn unpacked_store_download_needs_no_packages() {
    let parsed = [
        ("manifest.json", "{}"),
        ("parsed/scss/theme.json", r#"{"../../node_modules/p/a.scss": ".a {}"}"#),
        ("parsed/templates/x.json", r#"{"external/p/x": "<p>{{x}}</p>"}"#),
    ];
    let config =
        small_theme()[0].1.replace("\"settings\"", "\"css_compiler\": \"scss\", \"settings\"");
    let own = [
        ("config.json", config.as_str()),
        ("assets/scss/theme.scss", "@import '../../node_modules/p/a';"),
        ("templates/pages/page.html", "{{{stylesheet '/assets/css/theme.css'}}}{{> external/p/x}}"),
    ];
    let playground = Playground::new();
    playground.theme(&own);
    let run = build(&playground, "theme");
    assert_eq!(run.status, 1, "{run:?}");
    assert!(run.messages.contains("npm ci"), "{run:?}");
    playground.theme(&[&own[..], &parsed[..]].concat());
    let run = build(&playground, "theme");
    assert_eq!(run.status, 0, "{run:?}");
    assert!(!run.messages.contains("stale-parts"), "{run:?}");
    let folder = std::fs::read(playground.path("out.zip")).unwrap();
    let small = small_theme();
    let own = small.iter().filter(|(name, _)| *name != "config.json").chain(&own);
    let files = own.chain(&parsed).map(|(name, text)| (*name, text.as_bytes()));
    playground.write("theme.zip", zip(&files.collect::<Vec<_>>()));
    assert_eq!(build(&playground, "theme.zip").status, 0);
    assert!(folder == std::fs::read(playground.path("out.zip")).unwrap(), "another bundle");
}
