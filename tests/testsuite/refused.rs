//! What cannot be done is refused before anything is written; and what somebody damaged is undone as far as
//! its text is still there.

use crate::driver::{Playground, STOREFRONT, theme_zip};

#[test]
fn a_name_that_is_too_long_leaves_nothing_behind() {
    let long = "x".repeat(300);
    let wide = "\u{e9}".repeat(200);
    let deep = format!("assets/{}x.txt", "folder/".repeat(700));
    for name in [
        format!("assets/{long}.txt"),
        format!("assets/{long}/x.txt"),
        format!("templates/components/{wide}.html"),
        deep,
    ] {
        let playground = Playground::new();
        playground.write("theme.zip", theme_zip(&[(&name, b"x")]));
        let build = |out: &str| {
            let all = ["build", "theme.zip", "--storefront", STOREFRONT, "--no-bundle", "--out"];
            playground.run(&[&all[..], &[out]].concat())
        };
        let run = build("out");
        assert_eq!(run.status, 2, "{}", run.messages);
        assert!(run.messages.contains("ame too long"), "{}", run.messages);
        assert!(!playground.path("out").exists(), "{name}");
        // What was there stays as it was.
        playground.theme(&[]);
        assert_eq!(playground.build(&["--no-bundle", "--out", "out"]).status, 0);
        let before = playground.files("out");
        assert_eq!(build("out").status, 2);
        assert_eq!(playground.files("out"), before);
    }
}

#[test]
fn a_report_does_not_go_into_the_theme() {
    let playground = Playground::new();
    playground.theme(&[]);
    for output in ["theme/report.html", "theme/templates/pages/x.html", "theme/../theme/x.html"] {
        let arguments = ["report", "theme", "--storefront", STOREFRONT, "--output", output];
        let run = playground.run(&arguments);
        assert_eq!(run.status, 2, "{output}: {}", run.messages);
        assert!(run.messages.contains("the theme itself"), "{}", run.messages);
        assert!(!playground.path(output).exists(), "{output}");
    }
}

#[test]
fn a_group_whose_name_is_a_zero_is_refused() {
    for name in ["name:0", "name:00", "name: 0.0"] {
        let playground = Playground::new();
        playground.theme(&[]);
        let run = playground.build(&["--mode", "conditional", "--allow-group", name]);
        assert_eq!(run.status, 2, "{}", run.messages);
        assert!(run.messages.contains("name it by its number"), "{}", run.messages);
    }
}

const PARTIALS: &str = "out/templates/components/stencil-guard";

#[test]
fn a_guard_whose_partials_are_gone_is_undone() {
    let modes: [&[&str]; 4] = [
        &["--mode", "redirect"],
        &["--mode", "replace"],
        &["--mode", "conditional", "--allow-group", "7"],
        &["--mode", "redirect", "--kept-chrome", "bare"],
    ];
    for mode in modes {
        for gone in ["head.html", "page.html", "record.html", "logo.html", ""] {
            let playground = Playground::new();
            let layout = "<html><head></head><nav><a href='/x/'>x</a></nav>{{#block 'page'}}{{/block}}</html>";
            playground.theme(&[("templates/layout/base.html", layout)]);
            let run = playground.build(&[mode, &["--no-bundle", "--out", "out"]].concat());
            assert_eq!(run.status, 0, "{}", run.messages);
            let _ = match gone {
                "" => std::fs::remove_dir_all(playground.path(PARTIALS)),
                gone => std::fs::remove_file(playground.path(&format!("{PARTIALS}/{gone}"))),
            };
            let run = playground.run(&["undo", "out", "--no-bundle", "--out", "undone"]);
            assert_eq!(run.status, 0, "{mode:?}, {gone}: {}", run.messages);
            let files = playground.files("theme");
            let undone = playground.files("undone");
            let undone: Vec<&String> =
                undone.iter().filter(|name| !name.starts_with(".stencil-guard/")).collect();
            assert_eq!(undone, files.iter().collect::<Vec<_>>(), "{mode:?}, {gone}");
            for file in files {
                let (before, after) = (format!("theme/{file}"), format!("undone/{file}"));
                assert_eq!(playground.read(&before), playground.read(&after), "{mode:?}, {gone}");
            }
        }
    }
}

#[test]
fn a_guard_that_lost_the_text_of_a_layout_is_not_undone_in_silence() {
    let playground = Playground::new();
    playground.theme(&[]);
    assert_eq!(playground.build(&["--mode", "replace", "--no-bundle", "--out", "out"]).status, 0);
    std::fs::remove_file(playground.path("out/templates/layout/stencil-guard/base.html")).unwrap();
    let run = playground.run(&["undo", "out", "--no-bundle", "--out", "undone"]);
    assert_eq!(run.status, 1, "{}{}", run.results, run.messages);
    assert!(run.messages.contains("layout/stencil-guard/base"), "{}", run.messages);
    assert!(!playground.path("undone").exists());
    let again = ["build", "out", "--storefront", STOREFRONT, "--no-bundle", "--out", "again"];
    let run = playground.run(&again);
    assert_eq!(run.status, 1, "{}{}", run.results, run.messages);
    assert!(run.messages.contains("which is gone"), "{}", run.messages);
}
