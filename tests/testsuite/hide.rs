//! Links that the hosted checkout shows by itself, hidden by one style element on kept pages.

use crate::driver::{Playground, Run, STOREFRONT};

const PARTIAL: &str = "out/templates/components/stencil-guard/hide.html";
const RECORD: &str = "out/templates/components/stencil-guard/record.html";
const INCLUDE: &str = "{{> components/stencil-guard/hide}}";

fn build(playground: &Playground, more: &[&str]) -> Run {
    playground.build(&[&["--no-bundle", "--out", "out"], more].concat())
}

#[test]
fn nothing_is_hidden_by_default() {
    let playground = Playground::new();
    playground.theme(&[]);
    assert_eq!(build(&playground, &[]).status, 0);
    assert!(!playground.path(PARTIAL).exists());
    assert!(!playground.read(RECORD).contains("hide"));
    let run = playground.run(&["check", "out"]);
    assert!(!run.messages.contains("link-hidden"), "{}", run.messages);
}

#[test]
fn hide_adds_one_include_to_the_head_and_reports_it() {
    let playground = Playground::new();
    playground.theme(&[]);
    let run = build(
        &playground,
        &["--hide", "sign-out", "--hide", "continue-shopping", "--hide", "sign-out"],
    );
    assert_eq!(run.status, 0, "{}", run.messages);
    let expected = "{{#or (if template '===' 'pages/checkout') (if page_type '===' 'checkout')}}\
         <style nonce=\"{{nonce}}\">[data-test=\"sign-out-link\"]{display:none!important}</style>{{else}}{{/or}}\
         {{#or (if template '===' 'pages/order-confirmation') (if page_type '===' 'orderconfirmation')}}\
         <style nonce=\"{{nonce}}\">.continueButtonContainer{display:none!important}</style>{{else}}{{/or}}";
    assert_eq!(playground.read(PARTIAL), expected);
    let layout = playground.read("out/templates/layout/base.html");
    assert_eq!(layout.matches(INCLUDE).count(), 1);
    assert!(layout.contains(&format!("<head>{{{{> components/stencil-guard/head}}}}{INCLUDE}\n")));
    assert!(playground.read(RECORD).ends_with("hide = [\"sign-out\", \"continue-shopping\"]\n"));
    for line in [
        "\nLinks of the checkout that are hidden\n",
        "  the payment page changed: `Sign out` is hidden\n",
        "  the page after an order changed: `Continue shopping` is hidden\n",
    ] {
        assert!(run.results.contains(line), "{}", run.results);
    }
    // Who judges the theme later sees it, too, and so does the reader of the report.
    let run = playground.run(&["check", "out"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    let note = "note[link-hidden]: the payment page changed: `Sign out` is hidden";
    assert!(run.messages.contains(note), "{}", run.messages);
    let report = ["report", "theme", "--storefront", STOREFRONT, "--hide", "sign-out"];
    assert_eq!(playground.run(&[&report[..], &["--output", "report.html"]].concat()).status, 0);
    let report = playground.read("report.html");
    assert!(report.contains("Links that the checkout itself shows are hidden"));
    assert!(report.contains("he payment page changed"), "{report}");
}

/// Whatever the mode, what was hidden is undone byte for byte, and building again starts from the original.
#[test]
fn undo_and_rebuild_remove_the_hide_rules() {
    let modes: [&[&str]; 5] = [
        &["--mode", "redirect"],
        &["--mode", "replace"],
        &["--mode", "conditional", "--allow-group", "7"],
        &["--mode", "links"],
        &["--kept-chrome", "bare"],
    ];
    let themes = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/themes");
    let names = std::fs::read_dir(&themes).unwrap().map(|entry| entry.unwrap().path());
    for theme in names.filter(|path| path.is_dir()) {
        let theme = theme.display().to_string();
        for mode in modes {
            let playground = Playground::new();
            let guard = |from: &str, out: &str, more: &[&str]| {
                let all = ["build", from, "--storefront", STOREFRONT, "--no-bundle", "--out", out];
                playground.run(&[&all, mode, more].concat()).status
            };
            let hide = ["--hide", "edit-cart", "--hide", "guest-sign-up"];
            if guard(&theme, "out", &hide) != 0 {
                // It cannot be guarded in this mode, with or without.
                assert_ne!(guard(&theme, "plain", &[]), 0, "{theme} {mode:?}");
                continue;
            }
            assert_eq!(guard(&theme, "plain", &[]), 0);
            assert_eq!(guard("out", "again", &[]), 0, "{theme} {mode:?}");
            let undo = playground.run(&["undo", "out", "--no-bundle", "--out", "undone"]);
            assert_eq!(undo.status, 0, "{}", undo.messages);
            same(&playground.path("plain"), &playground.path("again"));
            same(std::path::Path::new(&theme), &playground.path("undone"));
        }
    }
}

fn same(one: &std::path::Path, other: &std::path::Path) {
    let files = |root: &std::path::Path| {
        let all = walkdir::WalkDir::new(root).into_iter().flatten();
        let files = all.filter(|entry| entry.file_type().is_file());
        let named = files.map(|entry| {
            let name = entry.path().strip_prefix(root).unwrap().to_owned();
            (name, std::fs::read(entry.path()).unwrap())
        });
        let named = named.filter(|(name, _)| name.starts_with("templates"));
        named.collect::<std::collections::BTreeMap<_, _>>()
    };
    assert!(files(one) == files(other), "{} is not {}", one.display(), other.display());
}

#[test]
fn hiding_required_or_unknown_links_is_refused() {
    let playground = Playground::new();
    playground.theme(&[]);
    for (name, words) in [
        ("terms", "`terms` cannot be hidden: shoppers must be able to read the terms"),
        ("edit-crt", "no link of the checkout is called `edit-crt`; did you mean `edit-cart`?"),
        (
            "</style><script>",
            "no link of the checkout is called `</style><script>`; there are edit-cart",
        ),
    ] {
        let flag = build(&playground, &["--hide", name]);
        playground.write("hide.toml", format!("hide = ['{name}']\n"));
        let file = build(&playground, &["--config", "hide.toml"]);
        let all = ["build", "theme", "--storefront", STOREFRONT, "--no-bundle", "--out", "out"];
        let variable = playground.run_in(&[("STENCIL_GUARD_HIDE", name)], &all);
        for run in [flag, file, variable] {
            assert_eq!(run.status, 2, "{run:?}");
            assert!(run.messages.contains(words), "{}", run.messages);
            assert!(!playground.path("out").exists());
        }
    }
}

#[test]
fn hide_that_may_have_no_effect_is_a_warning() {
    let layout = "<html><head></head>{{#block 'page'}}{{/block}}</html>";
    let page = "{{#partial 'page'}}{{{checkout.checkout_content}}}{{/partial}}{{> layout/base}}";
    let of_its_own =
        page.replace("{{/partial}}", "<script src='/auto-loader.js'></script>{{/partial}}");
    let without_name = page.replace("layout/base}}", "layout/base this}}");
    let checkout = "templates/pages/checkout.html";
    for (files, more, words) in [
        (
            vec![],
            &["--hide", "create-account"][..],
            "depends on markup that the platform may change",
        ),
        (
            vec![(checkout, of_its_own.as_str())],
            &["--hide", "edit-cart"],
            "brings a checkout of its own",
        ),
        (
            vec![(checkout, without_name.as_str())],
            &["--hide", "edit-cart"],
            "`edit-cart` hides nothing: it is not certain where the head of the page begins",
        ),
        (
            vec![("templates/layout/base.html", layout)],
            &["--hide", "guest-sign-up", "--no-keep", "order-confirmation"],
            "`guest-sign-up` hides nothing: the page is guarded",
        ),
    ] {
        let playground = Playground::new();
        playground.theme(&files);
        let run = build(&playground, more);
        assert_eq!(run.status, 0, "{}", run.messages);
        assert!(run.messages.contains("warning[hide-doubtful]"), "{}", run.messages);
        assert!(run.messages.contains(words), "{}", run.messages);
        let stops = build(&playground, &[more, &["--strict"]].concat());
        assert_eq!(stops.status, 1, "{}", stops.messages);
    }
}

#[test]
fn check_reports_a_removed_hide_rule() {
    let playground = Playground::new();
    playground.theme(&[]);
    assert_eq!(build(&playground, &["--hide", "edit-cart"]).status, 0);
    let layout = playground.read("out/templates/layout/base.html").replace(INCLUDE, "");
    playground.write("out/templates/layout/base.html", layout);
    let run = playground.run(&["check", "out"]);
    let words = "`edit-cart` hides nothing: the theme no longer holds the rule that hid it";
    assert!(run.messages.contains(words), "{}", run.messages);
}
