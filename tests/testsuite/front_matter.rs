//! Where the guard of a page stands: behind front matter, whoever reads it, and behind the document type of a
//! page that is a document itself. What a guard of others or of an earlier version left is told, or undone.

use crate::driver::Playground;

const GUARD: &str = "{{> components/stencil-guard/head}}";
const BLOCK: &str = "---\nhero: true\n---\n";

#[test]
fn guard_before_front_matter_is_not_accepted() {
    let playground = Playground::new();
    playground.theme(&[]);
    assert_eq!(playground.build(&["--no-bundle", "--out", "out"]).status, 0);
    assert_eq!(playground.run(&["check", "out"]).status, 0);
    let layout = "{{> layout/stencil-guard/base}}";
    let plain = playground.read("theme/templates/layout/base.html");
    playground.write("out/templates/layout/stencil-guard/base.html", plain);
    for before in
        ["\u{feff}", "\n", "\r\n", "{{!-- c --}}\n", "<!-- c -->\n", "  \n\n", "\u{feff}\n"]
    {
        // As an earlier version wrote it.
        let page = format!("{GUARD}\n{before}{BLOCK}<p>Open</p>{layout}\n");
        playground.write("out/templates/pages/home.html", page);
        let run = playground.run(&["check", "out"]);
        assert_eq!(run.status, 1, "{before:?}: {run:?}");
        assert!(run.results.contains("front matter"), "{before:?}: {run:?}");
        let page = format!("{before}{BLOCK}{GUARD}\n<p>Open</p>{layout}\n");
        playground.write("out/templates/pages/home.html", page);
        let run = playground.run(&["check", "out"]);
        assert_eq!(run.status, 0, "{before:?}: {run:?}");
    }
    for later in ["<p>x</p>\n---\n<p>y</p>", "<!--\n---\n-->y", "{{!--\n---\n--}}y"] {
        let page = format!("{BLOCK}{{{{> layout/base}}}}\n{later}\n");
        playground.write("out/templates/pages/home.html", page);
        let run = playground.run(&["check", "out"]);
        assert_eq!(run.status, 1, "{later:?}: {run:?}");
    }
}

/// A page that begins with a blank line has no front matter for the platform, which prints the values.
#[test]
fn front_matter_with_theme_settings_can_be_guarded_and_undone() {
    let block = "---\nproducts:\n    new:\n        limit: {{theme_settings.new_count}}\n---\n";
    for before in ["", "\n", "\r\n", "\u{feff}", "{{!-- c --}}\n", "\n\n"] {
        for mode in [&["--mode", "redirect"][..], &["--mode", "replace"]] {
            let source = format!("{before}{block}{{{{> layout/base}}}}\n");
            let playground = Playground::new();
            playground.theme(&[("templates/pages/errors/404.html", &source)]);
            let arguments = [mode, &["--no-bundle", "--out", "out"]].concat();
            let run = playground.build(&arguments);
            assert_eq!(run.status, 0, "{before:?} {mode:?}: {run:?}");
            assert_eq!(playground.run(&["check", "out"]).status, 0, "{before:?} {mode:?}");
            assert_eq!(playground.run(&["undo", "out", "--out", "undone"]).status, 0);
            assert_eq!(playground.read("undone/templates/pages/errors/404.html"), source);
        }
    }
}

#[test]
fn doctype_stays_first_where_the_head_can_hold_the_guard() {
    let documents = [
        "<!doctype html>\n<html>\n<head>|<title>x</title></head>",
        "<!DOCTYPE html><html lang=\"{{locale_name}}\"><head>|</head>",
        "\n<!doctype html>\n<!-- c -->\n<HTML class=no-js>\n<HEAD class=\"x\">|\n</HEAD>",
        "{{!-- c --}}<!doctype html><head>|</head>",
        "{{inject \"a\" b}}<!doctype html><html><head>|</head>",
        "<!doctype html>\n<html {{lang}}>\n<head>|</head>",
        // Something that may be seen, or is not known, comes first: so does the guard.
        "|\n<script>a()</script><!doctype html><html><head></head>",
        "|\n{{> components/x}}<!doctype html><html><head></head>",
        "|\n<!doctype html><html {{{lang}}}><head></head>",
        "|\n<!doctype html><html>{{#if a}}<head></head>{{else}}<head></head>{{/if}}",
        "|\n<p>x</p><html><head></head>",
        "|\nx<!doctype html><html><head></head>",
        "|\n<!doctype html><html><body>x</body>",
    ];
    for document in documents {
        for before in ["", BLOCK, "\u{feff}---\na: 1\n---\n"] {
            let rest = "<body><p>Open</p></body></html>\n";
            let source = format!(
                "{before}{}{rest}",
                document.strip_prefix("|\n").unwrap_or(document).replace('|', "")
            );
            let playground = Playground::new();
            playground.theme(&[
                ("templates/pages/x.html", &source),
                ("templates/components/x.html", "x"),
            ]);
            let run = playground.build(&["--no-bundle", "--out", "out"]);
            assert_eq!(run.status, 0, "{source:?}: {run:?}");
            let expected = format!("{before}{}{rest}", document.replace('|', GUARD));
            assert_eq!(playground.read("out/templates/pages/x.html"), expected);
            assert_eq!(playground.run(&["undo", "out", "--out", "undone"]).status, 0);
            assert_eq!(playground.read("undone/templates/pages/x.html"), source);
        }
    }
}

#[test]
fn leftovers_of_a_guard_with_missing_files_are_removed() {
    for (mode, gone) in [
        ("redirect", &["components/stencil-guard/head"][..]),
        ("redirect", &["components/stencil-guard"]),
        ("replace", &["components/stencil-guard/page"]),
        ("links", &[]),
    ] {
        let playground = Playground::new();
        let page = "<p>a page of its own</p>\n";
        playground.theme(&[
            ("templates/pages/x.html", page),
            ("templates/components/y.html", "{{!-- mine --}}"),
            ("templates/pages/cart.html", "{{> components/y}}{{> layout/base}}"),
        ]);
        let before = playground.files("theme");
        let run = playground.build(&["--no-bundle", "--out", "out", "--mode", mode]);
        assert_eq!(run.status, 0, "{run:?}");
        for name in gone {
            let path = playground.path(&format!("out/templates/{name}"));
            let removed = std::fs::remove_file(path.with_extension("html"));
            removed.or_else(|_| std::fs::remove_dir_all(&path)).unwrap();
        }
        let built = playground.build(&["--no-bundle", "--out", "again"]);
        assert_eq!(built.status, 0, "{built:?}");
        let again = playground.run(&[
            "build",
            "out",
            "--storefront",
            "https://shop.example.com",
            "--no-bundle",
            "--out",
            "again2",
        ]);
        assert_eq!(again.status, 0, "{mode} {gone:?}: {again:?}");
        let same = |name: &String| {
            playground.read(&format!("again/{name}")) == playground.read(&format!("again2/{name}"))
        };
        let names = playground.files("again");
        assert_eq!(
            names
                .iter()
                .filter(|name| !name.starts_with(".stencil-guard"))
                .find(|name| !same(name)),
            None
        );
        if !gone.is_empty() {
            assert_eq!(playground.run(&["undo", "out", "--out", "undone"]).status, 0);
            for name in &before {
                let (one, other) = (format!("theme/{name}"), format!("undone/{name}"));
                assert_eq!(
                    playground.read(&one),
                    playground.read(&other),
                    "{mode} {gone:?} {name}"
                );
            }
        }
    }
}
