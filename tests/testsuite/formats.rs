//! How commands that have findings report: to people who want quiet, and in the log of a job on GitHub.

use crate::driver::{Playground, STOREFRONT};
use snapbox::{assert_data_eq, str};

/// A theme with a warning that has a place, a note, and its guarded copy in `out`.
fn playground() -> Playground {
    let playground = Playground::new();
    playground.theme(&[("templates/components/a.html", "\n {{")]);
    assert_eq!(playground.build(&["--no-bundle", "--out", "out"]).status, 0);
    playground
}

/// What each command is given that has findings; the storefront is named by a variable.
const COMMANDS: &[&[&str]] = &[
    &["build", "theme", "--dry-run"],
    &["bundle", "theme", "--dry-run"],
    &["undo", "out", "--dry-run"],
    &["check", "out"],
    &["snapshot", "theme", "--dir", "snapshot"],
    &["report", "theme", "--output", "x.html"],
];

fn run(playground: &Playground, command: &[&str], more: &[&str]) -> crate::driver::Run {
    playground.run_in(&[("STENCIL_GUARD_STOREFRONT", STOREFRONT)], &[command, more].concat())
}

#[test]
fn github_format_annotates_lines_with_warnings() {
    let playground = playground();
    for command in COMMANDS {
        let run = run(&playground, command, &["--format", "github"]);
        assert_eq!((run.status, run.messages.as_str()), (0, ""), "{command:?}");
        let theme = command[1];
        let line = format!(
            "::warning title=template-rejected,file={theme}/templates/components/a.html,line=2,col=4::"
        );
        assert!(run.results.contains(&line), "{command:?}: {}", run.results);
        assert!(run.results.lines().all(|line| line.starts_with("::")), "{}", run.results);
    }
}

#[test]
fn missing_snapshot_is_an_error_in_github_format() {
    let playground = playground();
    let snapshot = ["snapshot", "theme", "--dir", "snapshot", "--check"];
    let run = run(&playground, &snapshot, &["--format", "github"]);
    assert_eq!((run.status, run.messages.as_str()), (1, ""));
    let errors: Vec<&str> = run.results.lines().filter(|line| line.contains("::error")).collect();
    let [error] = errors[..] else { panic!("{}", run.results) };
    assert!(error.starts_with("::error title=stale-snapshot::there is no snapshot"), "{error}");
}

#[test]
fn quiet_prints_only_errors() {
    let playground = playground();
    for command in COMMANDS {
        let loud = run(&playground, command, &[]);
        assert!(!loud.results.is_empty() && loud.messages.contains("warning"), "{command:?}");
        for quiet in ["--quiet", "-q"] {
            let run = run(&playground, command, &[quiet]);
            assert_eq!((run.status, &*run.results, &*run.messages), (0, "", ""), "{command:?}");
        }
        let github = run(&playground, command, &["--quiet", "--format", "github"]);
        assert_eq!((github.status, github.results.as_str()), (0, ""), "{command:?}");
    }
    // A page is open.
    playground.write("theme/templates/pages/blog.html", "<html><head></head></html>");
    let open = run(&playground, &["check", "theme", "--no-keep", "checkout"], &["--quiet"]);
    assert_eq!((open.status, open.results.as_str()), (1, ""));
    assert!(open.messages.contains("error[open-page]"), "{}", open.messages);
    assert!(!open.messages.contains("warning"), "{}", open.messages);
    let failed = run(&playground, &["build", "nowhere"], &["--quiet"]);
    assert_eq!((failed.status, failed.results.as_str()), (2, ""));
    assert_data_eq!(
        failed.messages,
        str![[r#"
error: cannot read nowhere: No such file or directory (os error 2)
 |
 = help: name the folder that holds config.json and templates, or the zip that the store hands out

"#]]
    );
}
