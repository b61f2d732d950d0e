//! What stands right beside a place where the guard puts something; and names of partials that are not written plainly: the engine takes them, and they are given back.

use crate::driver::Playground;

/// Ways to spell `layout/base`, and whether another name can stand there and be taken out again.
const SPELLED: &[(&str, bool)] = &[
    ("layout/base", true),
    ("'layout/base'", true),
    ("\"layout/base\"", true),
    ("[layout/base]", true),
    ("layout / base", false),
    ("layout/ base", false),
    ("layout\u{feff}/base", false),
    ("layout\u{a0}/base", false),
    ("layout\n/\tbase", false),
    ("[layout]/base", false),
    ("layout/[base]", false),
    ("[layout]/[base]", false),
];

/// What makes a build put another name there: a page, its text behind the name, and the flags.
const RENAMED: &[(&str, &str, &str, &[&str])] = &[
    ("home", "text before {{> ", "}}", &["--mode", "redirect"]),
    ("home", "text before {{> ", "}}", &["--mode", "replace"]),
    ("checkout", "{{> ", " template='x'}}", &["--mode", "conditional", "--allow-group", "7"]),
    ("checkout", "{{> ", "}}", &["--mode", "links"]),
    ("checkout", "{{> ", "}}", &["--kept-chrome", "bare"]),
];

#[test]
fn undo_restores_partial_names_as_spelled() {
    for (spelled, is_plain) in SPELLED {
        for (page, before, after, flags) in RENAMED {
            let playground = Playground::new();
            let path = format!("templates/pages/{page}.html");
            let text = format!("{before}{spelled}{after}");
            let layout = "<html><head></head><header><a href='/about/'>x</a></header>{{#block 'page'}}{{/block}}</html>";
            playground.theme(&[(&path, &text), ("templates/layout/base.html", layout)]);
            let arguments = [&["--no-bundle", "--out", "out"], *flags].concat();
            let run = playground.build(&arguments);
            let what = format!("{text:?} {flags:?}: {}", run.messages);
            if *is_plain {
                assert_eq!(run.status, 0, "{what}");
                let undo = playground.run(&["undo", "out", "--no-bundle", "--out", "undone"]);
                assert_eq!(undo.status, 0, "{what} {}", undo.messages);
                assert_eq!(playground.read(&format!("undone/{path}")), text, "{what}");
            } else {
                assert_eq!(run.status, 1, "{what}");
                assert!(run.messages.contains("is not written plainly"), "{what}");
                assert!(!playground.path("out").exists(), "{what}");
            }
        }
    }
}

#[test]
fn unchanged_partial_names_may_have_any_spelling() {
    for (spelled, _) in SPELLED {
        let playground = Playground::new();
        let page = format!("{{{{> {spelled}}}}}");
        playground.theme(&[
            ("templates/pages/home.html", &page),
            ("templates/pages/checkout.html", &page),
        ]);
        let run = playground.build(&["--no-bundle", "--out", "out"]);
        assert_eq!(run.status, 0, "{spelled:?}: {}", run.messages);
        assert_eq!(playground.read("out/templates/pages/home.html"), page);
    }
}

#[test]
fn guard_is_not_inserted_right_before_a_brace() {
    let playground = Playground::new();
    let layout = "<html><head>}</head>{{#block 'page'}}{{/block}}</html>";
    playground.theme(&[("templates/layout/base.html", layout)]);
    let run = playground.build(&["--no-bundle", "--out", "out"]);
    assert_eq!(run.status, 1, "{}", run.messages);
    assert!(run.messages.contains("because a brace follows"), "{}", run.messages);
    let run = playground.build(&["--no-bundle", "--out", "out", "--mode", "replace"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    let page = "<html><head>}</head><body>x</body></html>\n";
    playground.theme(&[
        ("templates/layout/base.html", "<html><head></head></html>"),
        ("templates/pages/home.html", page),
    ]);
    let run = playground.build(&["--no-bundle", "--out", "out"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    let guard = "{{> components/stencil-guard/head}}\n";
    assert_eq!(playground.read("out/templates/pages/home.html"), format!("{guard}{page}"));
}

#[test]
fn chrome_stays_where_removing_it_would_change_parsing() {
    for (before, after) in [("{", "{{x}}"), ("\\", "{{x}}"), ("", "}"), ("{", "")] {
        let playground = Playground::new();
        let chrome = "<nav><a href='/x/'>x</a></nav>";
        let layout = format!(
            "<html><head></head>{before}{chrome}{after}{{{{#block 'page'}}}}{{{{/block}}}}</html>"
        );
        playground.theme(&[("templates/layout/base.html", &layout)]);
        let run = playground.build(&["--kept-chrome", "bare", "--no-bundle", "--out", "out"]);
        assert_eq!(run.status, 0, "{}", run.messages);
        let undo = playground.run(&["undo", "out", "--no-bundle", "--out", "undone"]);
        assert_eq!(undo.status, 0, "{}", undo.messages);
        assert_eq!(playground.read("undone/templates/layout/base.html"), layout);
        for path in playground.files("out").iter().filter(|path| path.contains("kept")) {
            let text = playground.read(&format!("out/{path}"));
            assert!(text.contains(&format!("{before}<nav><a data-guard-href")), "{path}: {text}");
        }
    }
}
