//! What a run is doing is shown on a terminal, and nowhere else.

use crate::driver::{Playground, STOREFRONT};
use std::path::Path;

/// What a terminal shows of a run.
#[cfg(target_os = "linux")]
fn on_a_terminal(arguments: &str, environment: &str) -> String {
    let playground = Playground::new();
    playground.theme(&[]);
    let program = env!("CARGO_BIN_EXE_stencil-guard");
    let line = format!("env {environment} '{program}' {arguments}");
    let script = ["--quiet", "--return", "--command", &line, "/dev/null"];
    let run = playground.run_program(Path::new("script"), &script);
    assert_eq!(run.status, 0, "{run:?}");
    run.results.replace('\r', "")
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_shows_one_line_a_stage() {
    let build = format!("build theme --storefront {STOREFRONT}");
    let shown = on_a_terminal(&build, "NO_COLOR=1 TERM=xterm");
    let lines: Vec<&str> = shown.lines().filter(|line| line.starts_with("· ")).collect();
    assert_eq!(
        lines,
        [
            "· reading the theme",
            "· guarding its pages",
            "· checking the theme",
            "· zipping the bundle",
            "· writing"
        ]
    );
    assert!(!shown.contains('\x1b'), "{shown:?}");
    let coloured = on_a_terminal(&build, "-u NO_COLOR TERM=xterm");
    assert!(coloured.contains("\x1b[2m· reading the theme\x1b[0m"), "{coloured:?}");
    let document = on_a_terminal(&format!("{build} --format json"), "TERM=xterm");
    assert!(document.starts_with('{') && !document.contains("· "), "{document:?}");
}

#[test]
fn a_pipe_shows_nothing() {
    let playground = Playground::new();
    playground.theme(&[]);
    let run = playground.build(&[]);
    assert_eq!((run.status, run.messages.as_str()), (0, ""));
    assert!(!run.results.contains("· "), "{}", run.results);
}
