//! `watch` where something is wrong, or looks so: what it waits for, what it says, and what it does all the same.

use crate::driver::{Playground, STOREFRONT, theme_zip};
use crate::watch::{EDITS, PAGE, assert_fresh, rename, request, step, watcher};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;
use stencil_guard::commands::build::BuildRequest;
use stencil_guard::commands::watch::Watcher;
use stencil_guard::report::Status;
use stencil_guard::report::watch::ReportedFindings;
use stencil_guard::stamp::Clock;

#[test]
fn failure_lists_files_written_before_it() {
    let playground = Playground::new();
    playground.theme(&[]);
    let mut watcher = watcher(&playground);
    step(&mut watcher);
    std::fs::remove_file(playground.path("out/config.json")).unwrap();
    std::fs::create_dir_all(playground.path("out/config.json/mine")).unwrap();
    EDITS[0].1(&playground);
    let event = step(&mut watcher).unwrap();
    assert_eq!(event.report.status(), Status::Failed);
    assert_eq!(event.changes.written, ["templates/pages/home.html"]);
    let message = event.report.failure.unwrap().message;
    assert!(message.contains("config.json is a folder"), "{message}");
    assert!(step(&mut watcher).is_none(), "told twice");
    std::fs::remove_dir_all(playground.path("out/config.json")).unwrap();
    assert_eq!(step(&mut watcher).unwrap().report.status(), Status::Done);
    assert_fresh(&playground, "folder");
}

#[test]
fn copy_that_lost_its_file_list_is_still_updated() {
    let playground = Playground::new();
    playground.theme(&[("assets/a.txt", "a")]);
    let mut watcher = watcher(&playground);
    step(&mut watcher);
    std::fs::remove_dir_all(playground.path("out/.stencil-guard")).unwrap();
    assert!(step(&mut watcher).is_none());
    std::fs::remove_dir_all(playground.path("out/.stencil-guard")).unwrap();
    std::fs::remove_file(playground.path("theme/assets/a.txt")).unwrap();
    assert_eq!(step(&mut watcher).unwrap().changes.removed, ["assets/a.txt"]);
    assert_fresh(&playground, "list");
}

#[test]
fn only_new_warnings_are_shown() {
    let playground = Playground::new();
    let open = "<html class=\"{{#if a}}x\"{{/if}}><head></head><body>SHOP</body></html>";
    playground.theme(&[
        ("templates/pages/blog.html", "{{> layout/two}}"),
        ("templates/layout/two.html", open),
        ("templates/components/a.html", "{{"),
    ]);
    let mut request = request(&playground);
    request.sources.flags.allow_open = Some(vec!["blog".to_owned()]);
    let (mut watcher, mut told) = (Watcher::new(request), ReportedFindings::default());
    let mut look = || {
        let event = step(&mut watcher).unwrap();
        told.human(&event.report, &event.changes, None, event.has_good)
    };
    let first = look();
    assert!(first.contains("template-rejected") && first.contains("ambiguous-html"), "{first}");
    EDITS[0].1(&playground);
    assert_eq!(look(), "templates/pages/home.html written\n");
    playground.write("theme/templates/components/b.html", "{{");
    let third = look();
    assert!(third.contains("components/b.html") && !third.contains("components/a.html"), "{third}");
}

#[test]
fn failed_first_build_mentions_no_last_good_build() {
    let playground = Playground::new();
    playground.theme(&[("config.json", "{")]);
    let event = step(&mut watcher(&playground)).unwrap();
    let text =
        ReportedFindings::default().human(&event.report, &event.changes, None, event.has_good);
    assert!(text.ends_with("Nothing is written.\n"), "{text}");
}

#[test]
fn only_templates_that_become_rejected_block_the_build() {
    let playground = Playground::new();
    playground.theme(&[("templates/components/old/a.html", "{{#if a}}")]);
    let mut watcher = watcher(&playground);
    assert_eq!(step(&mut watcher).unwrap().report.status(), Status::Done);
    rename(&playground, "theme/templates/components/old", "theme/templates/components/new");
    assert_eq!(step(&mut watcher).unwrap().report.status(), Status::Done);
    assert_fresh(&playground, "renamed");
    playground.write("theme/templates/components/b.html", "{{#if a}}");
    assert_eq!(step(&mut watcher).unwrap().report.status(), Status::Done);
    assert_fresh(&playground, "new");
    playground.write(PAGE, "{{#if a}}");
    assert_eq!(step(&mut watcher).unwrap().report.status(), Status::Findings);
}

#[test]
fn installing_a_missing_package_clears_its_finding() {
    let playground = Playground::new();
    let page = "{{> external/p/templates/a}}{{> layout/base}}";
    playground.theme(&[("templates/pages/page.html", page)]);
    let mut watcher = watcher(&playground);
    assert_eq!(step(&mut watcher).unwrap().report.status(), Status::Findings);
    assert!(step(&mut watcher).is_none(), "told twice");
    playground.write("theme/node_modules/p/templates/a.html", "<p>1</p>");
    assert_eq!(step(&mut watcher).unwrap().report.status(), Status::Done);
    assert_fresh(&playground, "packages");
}

/// A watcher of `theme.zip`, which holds the small theme and a style sheet of a package.
fn zip_watcher(playground: &Playground) -> Watcher {
    write_zip(playground, "a");
    Watcher::new(BuildRequest { theme: playground.path("theme.zip"), ..request(playground) })
}

fn write_zip(playground: &Playground, class: &str) {
    let parsed = format!("{{\"../../node_modules/p/a.scss\": \".{class} {{}}\"}}");
    let parsed = ("parsed/scss/theme.json", parsed.as_bytes());
    playground.write("saved", theme_zip(&[parsed]));
    rename(playground, "saved", "theme.zip");
}

#[test]
fn zip_with_changed_packages_is_rebuilt() {
    let playground = Playground::new();
    let mut watcher = zip_watcher(&playground);
    step(&mut watcher).unwrap();
    write_zip(&playground, "a");
    assert!(step(&mut watcher).is_none());
    write_zip(&playground, "b");
    assert!(step(&mut watcher).is_some());
}

#[test]
fn unchanged_zip_is_not_unpacked_again() {
    let playground = Playground::new();
    let mut watcher = zip_watcher(&playground);
    step(&mut watcher).unwrap();
    playground.write("stencil-guard.toml", "level = 1\n");
    assert!(step(&mut watcher).is_some());
    assert_eq!(watcher.work().scanned, 0);
}

#[test]
fn file_removed_during_a_read_is_not_a_failure() {
    let playground = Playground::new();
    playground.theme(&[("templates/pages/saved.tmp", "")]);
    let file = playground.path("theme/templates/pages/saved.tmp");
    let clock = Clock::new(move || {
        let _ = std::fs::remove_file(&file);
        Instant::now()
    });
    let mut watcher = Watcher::with_clock(request(&playground), clock);
    assert!(step(&mut watcher).is_none());
    assert_eq!(step(&mut watcher).unwrap().report.status(), Status::Done);
    assert_fresh(&playground, "gone");
}

/// A watcher of a theme in which a file changes each time that something is read, as long as that is set.
fn restless(playground: &Playground) -> (Watcher, Arc<AtomicBool>) {
    playground.theme(&[("debug.log", "")]);
    let log = playground.path("theme/debug.log");
    let is_restless = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&is_restless);
    let clock = Clock::new(move || {
        if asked.load(Ordering::Relaxed) {
            let text = std::fs::read_to_string(&log).unwrap() + "x";
            std::fs::write(&log, text).unwrap();
        }
        Instant::now()
    });
    (Watcher::with_clock(request(playground), clock), is_restless)
}

#[test]
fn constant_changes_are_reported_once_and_recovered_from() {
    let playground = Playground::new();
    let (mut watcher, is_restless) = restless(&playground);
    step(&mut watcher);
    is_restless.store(true, Ordering::Relaxed);
    playground.write("theme/debug.log", "x");
    let told: Vec<String> =
        (0..20).filter_map(|_| Some(step(&mut watcher)?.report.failure.unwrap().message)).collect();
    assert_eq!(told, ["debug.log changes every time stencil-guard reads the theme"]);
    is_restless.store(false, Ordering::Relaxed);
    // As it was before.
    playground.write("theme/debug.log", "");
    assert_eq!(step(&mut watcher).unwrap().report.status(), Status::Done);
    assert_fresh(&playground, "rests");
}

#[test]
fn occasional_changes_during_a_read_are_not_reported() {
    let playground = Playground::new();
    let (mut watcher, is_restless) = restless(&playground);
    step(&mut watcher);
    for _ in 0..20 {
        is_restless.store(true, Ordering::Relaxed);
        playground.write("theme/debug.log", "x");
        assert!(step(&mut watcher).is_none());
        is_restless.store(false, Ordering::Relaxed);
        playground.write("theme/debug.log", "");
        assert!(step(&mut watcher).is_none());
    }
}

#[cfg(unix)]
#[test]
fn editor_swap_and_lock_files_are_ignored() {
    let playground = Playground::new();
    playground.theme(&[("templates/pages/.home.html.swp", "b0"), ("assets/x~", "kept")]);
    let lock = playground.path("theme/templates/pages/.#home.html");
    std::os::unix::fs::symlink("user@host.1:2", &lock).unwrap();
    let mut watcher = watcher(&playground);
    assert_eq!(step(&mut watcher).unwrap().report.status(), Status::Done);
    assert_fresh(&playground, "locked");
    let files = playground.files("out");
    assert!(!files.iter().any(|name| name.contains("/.")), "{files:?}");
    assert!(files.contains(&"assets/x~".to_owned()));
    std::fs::remove_file(lock).unwrap();
    std::fs::remove_file(playground.path("theme/templates/pages/.home.html.swp")).unwrap();
    assert!(step(&mut watcher).is_none());
}

#[test]
fn invalid_flags_end_the_program() {
    let playground = Playground::new();
    playground.theme(&[]);
    let wrong: &[&[&str]] = &[
        &["--storefront", "nonsense", "--out", "out"],
        &["--storefront", STOREFRONT, "--out", "theme/out"],
        &["--storefront", STOREFRONT, "--out", "out", "--bundle", "out.tar"],
        &["--storefront", STOREFRONT, "--out", "out", "--mode", "redirect", "--allow-group", "7"],
        &["--storefront", STOREFRONT, "--out", "out", "--own-host", "http://x/"],
    ];
    for flags in wrong {
        let run = playground.run(&[&["watch", "theme"], *flags].concat());
        assert_eq!(run.status, 2, "{flags:?}");
        assert!(run.results.contains("Nothing is written."), "{flags:?}: {}", run.results);
    }
    assert!(!playground.path("out").exists());
}
