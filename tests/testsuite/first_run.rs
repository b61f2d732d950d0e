//! What somebody reads who uses the program for the first time, and gets something wrong. The files in
//! `snapshots/first-run/` are what is said, in a pipe; frames are looked at on terminals, too.

use crate::driver::{Playground, STOREFRONT, copy_folder, theme_zip, zip};
use crate::themes::folder;
use snapbox::{Data, assert_data_eq};
use std::path::Path;

/// A folder with a theme, themes that are not where they should be, and what is mistaken for a theme.
fn playground() -> Playground {
    let playground = Playground::new();
    playground.theme(&[("templates/pages/account/edit.html", "{{> layout/base}}")]);
    copy_folder(&playground.path("theme"), &playground.path("outer/inner/theme"));
    copy_folder(&playground.path("theme"), &playground.path("several/one"));
    copy_folder(&playground.path("theme"), &playground.path("several/two"));
    playground.write("empty/notes.txt", "x");
    playground.write("downloads/theme.zip", theme_zip(&[]));
    playground.write("zip-in-a-zip.zip", zip(&[("theme.zip", &theme_zip(&[]))]));
    playground.write("damaged.zip", "PK\u{3}\u{4}");
    copy_folder(&folder().join("shop"), &playground.path("not-built"));
    std::fs::remove_dir_all(playground.path("not-built/assets/dist")).unwrap();
    assert_eq!(playground.build(&["--no-bundle", "--out", "guarded"]).status, 0);
    playground.write("somebody/elses.txt", "x");
    playground
}

/// The name of a situation, and what is typed.
const SITUATIONS: &[(&str, &[&str])] = &[
    ("nowhere", &["build", "nowhere"]),
    ("misspelt-folder", &["build", "teme"]),
    ("empty-folder", &["build", "empty"]),
    ("folder-around", &["build", "outer"]),
    ("folder-of-themes", &["build", "several"]),
    ("folder-with-a-zip", &["build", "downloads"]),
    ("folder-in-a-theme", &["check", "theme/templates"]),
    ("file-of-a-theme", &["bundle", "theme/config.json"]),
    ("zip-in-a-zip", &["build", "zip-in-a-zip.zip"]),
    ("damaged-zip", &["build", "damaged.zip"]),
    ("not-built", &["build", "not-built"]),
    ("old-output", &["build", "guarded", "--dry-run"]),
    ("no-storefront", &["build", "theme", "--storefront", ""]),
    ("bare-host", &["build", "theme", "--storefront", "www.example.com"]),
    (
        "storefront-is-the-store",
        &["build", "theme", "--storefront", "https://store-a1.mybigcommerce.com"],
    ),
    ("storefront-is-an-own-host", &["build", "theme", "--own-host", "SHOP.example.com"]),
    (
        "page-by-its-path",
        &["build", "theme", "--dry-run", "--keep", "templates/pages/account/edit.html"],
    ),
    ("misspelt-page", &["build", "theme", "--keep", "acount/edit"]),
    ("page-without-its-folder", &["build", "theme", "--keep", "edit"]),
    ("out-in-the-theme", &["build", "theme", "--out", "theme/out"]),
    ("out-is-somebody-elses", &["build", "theme", "--out", "somebody"]),
    ("no-folder-for-the-bundle", &["build", "theme", "--bundle", "nowhere/x.zip"]),
    ("bundle-is-no-zip", &["build", "theme", "--bundle", "x.tar"]),
    ("misspelt-command", &["bild", "theme"]),
    ("misspelt-flag", &["build", "theme", "--stroefront", "x"]),
    ("no-theme", &["build"]),
];

#[test]
fn what_is_said_is_in_the_files() {
    let playground = playground();
    let snapshots =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/testsuite/snapshots/first-run");
    for (name, arguments) in SITUATIONS {
        let variables = [("STENCIL_GUARD_STOREFRONT", STOREFRONT)];
        let run = playground.run_in(&variables, arguments);
        let results: String = run.results.lines().take(8).map(|line| format!("{line}\n")).collect();
        let text = format!(
            "$ stencil-guard {}\n{}{results}(status {})\n",
            arguments.join(" "),
            run.messages,
            run.status
        );
        // What the system says of a missing file is in its own words.
        let text =
            text.replace("The system cannot find the file specified.", "No such file or directory");
        let kept = Data::read_from(&snapshots.join(format!("{name}.txt")), None);
        assert_data_eq!(text, kept.raw());
        assert!(!run.messages.contains("panic"), "{name}: {}", run.messages);
    }
    let count = std::fs::read_dir(snapshots).unwrap().count();
    assert_eq!(count, SITUATIONS.len());
}

#[test]
fn whoever_fails_is_told_what_to_do() {
    let playground = playground();
    for (name, arguments) in SITUATIONS {
        let variables = [("STENCIL_GUARD_STOREFRONT", STOREFRONT)];
        let run = playground.run_in(&variables, arguments);
        let helps = ["help: ", "; ", "tip: ", "For more information"];
        let is_done = run.status == 0;
        assert!(is_done || helps.iter().any(|help| run.messages.contains(help)), "{name}: {run:?}");
    }
}

/// What the program prints on a terminal so wide, with colours or without.
#[cfg(target_os = "linux")]
fn on_a_terminal(playground: &Playground, columns: usize, arguments: &str, colour: bool) -> String {
    let program = env!("CARGO_BIN_EXE_stencil-guard");
    let line = format!("stty cols {columns} rows 24; '{program}' {arguments}");
    let mut script = std::process::Command::new("script");
    script.args(["--quiet", "--return", "--command", &line, "/dev/null"]);
    script.current_dir(playground.path("")).env("TERM", "xterm").env_remove("NO_COLOR");
    if !colour {
        script.env("NO_COLOR", "1");
    }
    let output = script.stdin(std::process::Stdio::null()).output().unwrap();
    String::from_utf8(output.stdout).unwrap().replace('\r', "")
}

/// The longest line of those with code or carets.
#[cfg(target_os = "linux")]
fn longest(text: &str) -> usize {
    let lines = text.lines().filter(|line| line.contains('|'));
    lines.map(|line| line.chars().count()).max().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn code_and_carets_fit_the_terminal() {
    let playground = playground();
    let build = format!("build not-built --storefront {STOREFRONT}");
    for (columns, most) in [(40, 40), (80, 80), (200, 108)] {
        let text = on_a_terminal(&playground, columns, &build, false);
        assert!(longest(&text) <= most, "{columns}: {text}");
        assert!(text.contains("^^^") && text.contains("assets/dist"), "{text}");
        assert!(!text.contains('\u{1b}'), "{text}");
    }
    // On a dark screen as on a light one: no colour of ours is black or white.
    let text = on_a_terminal(&playground, 80, &build, true);
    assert!(text.contains("\u{1b}["), "{text}");
    for colour in [30, 37, 40, 47, 97, 107] {
        assert!(!text.contains(&format!("\u{1b}[{colour}m")), "{text}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_help_fits_the_terminal() {
    let playground = playground();
    for columns in [40, 80] {
        let text = on_a_terminal(&playground, columns, "build --help", false);
        // The usage is one line, and examples are to be copied.
        let lines = text.lines().take_while(|line| *line != "Examples:");
        let lines = lines.filter(|line| !line.starts_with("Usage:"));
        let lines = lines.filter(|line| line.chars().count() > columns).collect::<Vec<_>>();
        assert_eq!(lines, Vec::<&str>::new(), "{columns}");
    }
}
