//! One run at a time writes a folder: another is refused and told who writes, and what comes out is whole.

use crate::driver::{Playground, STOREFRONT};
use crate::watch::Running;
use std::process::{Child, Command, Stdio};

const WATCH: &[&str] =
    &["watch", "theme", "--storefront", STOREFRONT, "--out", "out", "--format", "json"];

#[test]
fn while_one_watches_others_are_refused_and_told_who_does() {
    let playground = Playground::new();
    playground.theme(&[]);
    assert_eq!(playground.build(&["--no-bundle", "--out", "guarded"]).status, 0);
    let mut running = Running::start(&playground.path(""), WATCH);
    assert_eq!(running.event()["status"], "done");
    let holder = format!("(watch, process {})", running.id());
    let build = || playground.build(&["--no-bundle", "--out", "out"]);
    let others: [&dyn Fn() -> _; 3] =
        [&build, &|| playground.run(&["undo", "guarded", "--no-bundle", "--out", "out"]), &|| {
            playground.run(&WATCH[..WATCH.len() - 2])
        }];
    let before = playground.files("out");
    for other in others {
        let run = other();
        assert_eq!(run.status, 2, "{run:?}");
        let text = run.results + &run.messages;
        assert!(
            text.contains(&holder) && text.contains("is being written by another run"),
            "{text}"
        );
        assert!(text.contains("--out DIR"), "{text}");
        assert_eq!(playground.files("out"), before);
    }
    // Another folder is free, and so is this one once nobody watches, however that ended.
    assert_eq!(playground.build(&["--no-bundle", "--out", "other"]).status, 0);
    drop(running);
    assert_eq!(build().status, 0);
    assert!(!playground.path("out/.stencil-guard/lock").exists());
}

#[test]
fn a_lock_file_that_a_killed_run_left_locks_nobody_out() {
    let playground = Playground::new();
    playground.theme(&[]);
    playground.write("out/.stencil-guard/files", "");
    playground.write("out/.stencil-guard/lock", "watch, process 1");
    assert_eq!(playground.build(&["--no-bundle", "--out", "out"]).status, 0);
    assert!(!playground.path("out/.stencil-guard/lock").exists());
}

#[test]
fn a_watch_goes_on_after_its_folder_was_removed() {
    let playground = Playground::new();
    playground.theme(&[]);
    let mut running = Running::start(&playground.path(""), WATCH);
    assert_eq!(running.event()["status"], "done");
    std::fs::remove_dir_all(playground.path("out")).unwrap();
    playground.write("theme/templates/pages/home.html", "new {{> layout/base}}");
    assert_eq!(running.event()["status"], "done");
    let run = playground.build(&["--no-bundle", "--out", "out"]);
    assert_eq!(run.status, 2, "{}", run.messages);
}

/// Starts a build of another mode than the other one.
fn start(playground: &Playground, mode: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_stencil-guard"))
        .args(["build", "theme", "--storefront", STOREFRONT, "--mode", mode])
        .args(["--no-bundle", "--out", "out"])
        .current_dir(playground.path(""))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn of_two_runs_at_once_each_ends_whole_or_is_refused() {
    let playground = Playground::new();
    let pages: Vec<(String, String)> = (0..60)
        .map(|number| {
            (format!("templates/pages/custom/{number}.html"), "{{> layout/base}}".to_owned())
        })
        .collect();
    let pages: Vec<(&str, &str)> =
        pages.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    playground.theme(&pages);
    let files = |folder: &str| -> Vec<(String, String)> {
        let names = playground.files(folder).into_iter();
        names.map(|name| (name.clone(), playground.read(&format!("{folder}/{name}")))).collect()
    };
    for mode in ["redirect", "replace"] {
        assert_eq!(playground.build(&["--mode", mode, "--no-bundle", "--out", mode]).status, 0);
    }
    let whole = [files("redirect"), files("replace")];
    for round in 0..20 {
        let mut pair = ["redirect", "replace"].map(|mode| start(&playground, mode));
        let codes = pair.each_mut().map(|child| child.wait().unwrap().code().unwrap());
        assert!(codes.iter().all(|code| [0, 2].contains(code)), "round {round}: {codes:?}");
        assert!(codes.contains(&0), "round {round}: {codes:?}");
        let out = files("out");
        let wanted = codes.iter().zip(&whole).filter(|(code, _)| **code == 0);
        assert!(
            wanted.map(|(_, whole)| whole).any(|whole| *whole == out),
            "round {round}: {codes:?}"
        );
    }
}
