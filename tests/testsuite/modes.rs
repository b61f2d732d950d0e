//! The modes beside redirect, building an output again, and undo, as a user meets them.

use crate::driver::{Playground, STOREFRONT, copy_folder};
use crate::themes::{folder, names};
use serde_json::Value;
use snapbox::{assert_data_eq, str};
use stencil_guard::bundle;
use stencil_guard::guard::plan::Mechanism;
use stencil_guard::pipeline;
use stencil_guard::theme::Theme;
use stencil_guard::theme::pages::Templates;

const MODES: &[&[&str]] = &[
    &["--mode", "redirect"],
    &["--mode", "conditional", "--allow-group", "7", "--allow-group", "name:Staff"],
    &["--mode", "replace", "--keep", "home", "--theme-name", "Other"],
    &["--mode", "links"],
];

#[test]
fn a_conditional_layout_is_one_line_and_its_text_stands_elsewhere_unchanged() {
    let playground = Playground::new();
    playground.theme(&[]);
    let run = playground.build(&[
        "--no-bundle",
        "--out",
        "out",
        "--mode",
        "conditional",
        "--allow-group",
        "name:B2B \u{e9}",
    ]);
    assert_eq!(run.status, 0, "{}", run.messages);
    assert!(
        run.results.contains("all others are shown to customer group \"B2B \u{e9}\" only"),
        "{}",
        run.results
    );
    assert_data_eq!(
        playground.read("out/templates/layout/base.html"),
        str![[
            r#"{{#or (if template '===' 'pages/checkout') (if template '===' 'pages/order-complete') (if template '===' 'pages/order-confirmation') (if page_type '===' 'checkout') (if page_type '===' 'orderconfirmation') (if in_development '===' true) (unless template) (if customer.customer_group_name '===' (decodeURI 'B2B%20%C3%A9'))}}{{> layout/stencil-guard/base}}{{else}}{{> components/stencil-guard/page}}{{/or}}"#
        ]]
    );
    let moved = playground.read("out/templates/layout/stencil-guard/base.html");
    assert_eq!(moved, playground.read("theme/templates/layout/base.html"));
}

#[test]
fn members_who_cannot_sign_in_are_pointed_out() {
    let playground = Playground::new();
    playground.theme(&[(
        "templates/pages/auth/login.html",
        "{{#partial \"page\"}}x{{/partial}}{{> layout/base}}",
    )]);
    let conditional = ["--no-bundle", "--mode", "conditional", "--allow-group", "7"];
    let run = playground.build(&conditional);
    assert!(
        run.messages.contains("warning[no-sign-in]") && run.messages.contains("--keep auth/login"),
        "{}",
        run.messages
    );
    let run = playground.build(&[&conditional[..], &["--keep", "auth/login"]].concat());
    assert_eq!(run.messages, "");
}

#[test]
fn links_mode_shows_every_page() {
    let playground = Playground::new();
    playground.theme(&[]);
    let run = playground.build(&["--no-bundle", "--out", "out", "--mode", "links"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    assert!(run.results.contains("shown        1 page"), "{}", run.results);
    assert_same(&playground, "out", "theme");
}

#[test]
fn every_output_can_be_built_again_and_undone() {
    for name in names() {
        let playground = Playground::new();
        let theme = playground.path("theme");
        copy_folder(&folder().join(&name), &theme);
        let built = |source: &str, mode: &[&str], out: &str| {
            let all = ["build", source, "--storefront", STOREFRONT, "--no-bundle", "--out", out];
            let run = playground.run(&[&all, mode].concat());
            assert_eq!(run.status, 0, "{name} {mode:?}: {}", run.messages);
        };
        for (number, mode) in MODES.iter().enumerate() {
            let (first, next) = (format!("first-{number}"), MODES[(number + 1) % MODES.len()]);
            built("theme", mode, &first);
            if playground.path(&first).join("templates/components/stencil-guard").exists() {
                let run = playground.run(&[
                    "undo",
                    &first,
                    "--no-bundle",
                    "--out",
                    &format!("undone-{number}"),
                ]);
                assert_eq!(run.status, 0, "{name} {mode:?}: {}", run.messages);
                assert_same(&playground, &format!("undone-{number}"), "theme");
            }
            built("theme", next, &format!("direct-{number}"));
            built(&first, next, &format!("again-{number}"));
            assert_same(&playground, &format!("again-{number}"), &format!("direct-{number}"));
        }
    }
}

#[test]
fn what_is_not_guarded_cannot_be_undone() {
    let playground = Playground::new();
    playground.theme(&[]);
    let run = playground.run(&["undo", "theme", "--no-bundle", "--out", "out"]);
    assert_eq!(run.status, 2);
    assert_eq!(run.messages, "error: the theme holds no guard, so there is nothing to undo\n");
    assert!(!playground.path("out").exists());
}

#[test]
fn undo_says_what_it_did() {
    let playground = Playground::new();
    playground.theme(&[]);
    playground.build(&["--no-bundle", "--out", "guarded"]);
    let run = playground.run(&["undo", "guarded", "--no-bundle", "--out", "out"]);
    assert_data_eq!(
        run.results,
        str![[r#"
Every channel that uses this theme is affected, not only the headless one.

Small 1.0, without its guard
  shown        4 pages
  edited       1 file   templates/layout/base.html
  removed      2 files  templates/components/stencil-guard/head.html
                        templates/components/stencil-guard/record.html

Written
  folder  out ([..])

"#]]
    );
}

/// Whether two folders hold the same theme.
fn assert_same(playground: &Playground, one: &str, other: &str) {
    let files = |folder: &str| {
        let mut files = playground.files(folder);
        files.retain(|name| !name.starts_with(".stencil-guard/"));
        files
    };
    assert_eq!(files(one), files(other), "{one} and {other}");
    for name in files(one) {
        let read =
            |folder: &str| std::fs::read(playground.path(&format!("{folder}/{name}"))).unwrap();
        assert!(read(one) == read(other), "{name} differs in {one} and {other}");
    }
}

/// Page Builder's regions of each page, from the manifest of a theme's bundle.
fn regions(theme: &Theme) -> Value {
    let (entries, findings) = bundle::generated(theme, &Templates::new(theme));
    assert_eq!(findings, []);
    let manifest: Value = serde_json::from_slice(&entries["manifest.json"]).unwrap();
    manifest["regions"].clone()
}

#[test]
fn page_builder_keeps_its_regions_in_every_mode() {
    let more = std::env::var_os("STENCIL_GUARD_THEMES").unwrap_or_default();
    let more = std::env::split_paths(&more).filter(|path| !path.as_os_str().is_empty());
    let themes = names().into_iter().map(|name| folder().join(name)).chain(more);
    let mut found = 0;
    for path in themes {
        let theme = stencil_guard::theme::load(&path).unwrap();
        let before = regions(&theme);
        found += before
            .as_object()
            .unwrap()
            .values()
            .map(|page| page.as_array().unwrap().len())
            .sum::<usize>();
        for mechanism in [Mechanism::Redirect, Mechanism::Dispatch(Vec::new())] {
            let options = crate::driver::options(mechanism);
            let guarded = pipeline::guard(&theme, &options).unwrap();
            assert_eq!(
                regions(&guarded.theme),
                before,
                "{}: {:?}",
                path.display(),
                options.mechanism
            );
        }
    }
    assert!(found >= 7, "only {found} regions");
}

/// What members of an allowed group see is the theme's own page: a comment that a value of the store may end is
/// no reason to refuse it. For shoppers it stands behind the guard.
#[test]
fn odd_markup_of_the_shop_is_shown_to_those_who_may_see_it() {
    let playground = Playground::new();
    let page = "{{> layout/base}}<!-- {{{theme_settings.note}}} <script>location = 'https://a.example'</script> -->";
    playground.theme(&[("templates/pages/home.html", page)]);
    let flags = ["--mode", "conditional", "--allow-group", "7", "--no-bundle", "--out", "out"];
    let run = playground.build(&flags);
    assert_eq!(run.status, 0, "{run:?}");
    let check = playground.run(&["check", "out"]);
    assert_eq!(check.status, 0, "{check:?}");
}

#[test]
fn a_theme_with_a_canonical_link_of_its_own_gets_no_second_one() {
    let playground = Playground::new();
    let head = "<head>{{{head.meta_tags}}}</head>";
    let layout = format!("<html>{head}<body>{{{{#block \"page\"}}}}{{{{/block}}}}</body></html>");
    playground.theme(&[("templates/layout/base.html", &layout)]);
    for (mode, is_said) in [("redirect", true), ("replace", false)] {
        let flags = ["--mode", mode, "--search-engines", "canonical", "--no-bundle", "--out", mode];
        let run = playground.build(&flags);
        assert_eq!(run.status, 0, "{}", run.messages);
        let all = format!("{}{}", run.results, run.messages);
        assert_eq!(all.contains("get no second one"), is_said, "{all}");
        let name = if mode == "redirect" { "head" } else { "page" };
        let guard =
            playground.read(&format!("{mode}/templates/components/stencil-guard/{name}.html"));
        assert_eq!(guard.contains("canonical"), !is_said, "{guard}");
        let undo =
            playground.run(&["undo", mode, "--no-bundle", "--out", &format!("{mode}-undone")]);
        assert_eq!(undo.status, 0, "{}", undo.messages);
        for path in playground.files("theme") {
            let after = playground.read(&format!("{mode}-undone/{path}"));
            assert_eq!(after, playground.read(&format!("theme/{path}")), "{path}");
        }
    }
}
