//! The theme's own build runs when it is asked for, and only in a folder that has one. That it runs as
//! it should needs Node.js: see the oracles.

use crate::driver::{Playground, theme_zip};
use snapbox::{assert_data_eq, str};

#[test]
fn run_build_refuses_a_zip() {
    let playground = Playground::new();
    playground.write("theme.zip", theme_zip(&[]));
    let run = playground.run(&["bundle", "theme.zip", "--run-build"]);
    assert_eq!(run.status, 2);
    assert_data_eq!(
        run.messages,
        str![[r#"
error: the theme's build cannot be run in theme.zip, which is not a folder
 |
 = help: leave out --run-build, or give the folder of the theme's sources

"#]]
    );
    assert_eq!(playground.files(""), ["theme.zip"]);
}

#[test]
fn run_build_refuses_a_theme_without_a_build() {
    let playground = Playground::new();
    playground.theme(&[]);
    let run = playground.build(&["--run-build"]);
    assert_eq!(run.status, 2);
    assert_data_eq!(
        run.messages,
        str![[r#"
error: the theme has no build: there is no stencil.conf.cjs in theme
 |
 = help: leave --run-build away

"#]]
    );
}

#[test]
fn missing_node_is_an_error() {
    let playground = Playground::new();
    playground.theme(&[("stencil.conf.cjs", "")]);
    let program = env!("CARGO_BIN_EXE_stencil-guard");
    let arguments = ["-i", "PATH=/nowhere", program, "bundle", "theme", "--run-build"];
    let run = playground.run_program(std::path::Path::new("/usr/bin/env"), &arguments);
    assert_eq!(run.status, 2);
    assert!(run.messages.contains("install Node.js"), "{}", run.messages);
    assert!(!playground.path("Small-1.0.zip").exists());
}

#[test]
fn run_build_conflicts_with_dry_runs_and_settings_files() {
    let playground = Playground::new();
    playground.theme(&[("stencil.conf.cjs", "")]);
    assert_eq!(playground.build(&["--run-build", "--dry-run"]).status, 2);
    assert_eq!(playground.build(&["--build-timeout", "5"]).status, 2);
    playground.write("theme/stencil-guard.toml", "run-build = true\n");
    let run = playground.build(&[]);
    assert_eq!(run.status, 2);
    assert!(run.messages.contains("no setting `run-build`"), "{}", run.messages);
}

#[test]
fn missing_built_files_suggest_running_the_build() {
    let playground = Playground::new();
    playground.theme(&[
        ("stencil.conf.cjs", ""),
        ("templates/components/a.html", "<script src=\"{{cdn 'assets/dist/a.js'}}\"></script>"),
    ]);
    let run = playground.run(&["bundle", "theme"]);
    assert_eq!(run.status, 1);
    assert_data_eq!(
        run.messages,
        str![[r#"
error[missing-built-file]: the theme's build has not made files that templates refer to: `assets/dist/a.js`
 --> templates/components/a.html:1:21
  |
1 | <script src="{{cdn 'assets/dist/a.js'}}"></script>
  |                     ^^^^^^^^^^^^^^^^
  |
  = help: run the theme's build first (`npm ci`, then a build with --run-build); a zip downloaded from the store needs none


"#]]
    );
}
