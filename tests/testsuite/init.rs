//! `init`: a settings file to begin with, which a build can follow without a change.

use crate::driver::{Playground, STOREFRONT, copy_folder, theme_zip};
use crate::themes::{folder, names};
use snapbox::{assert_data_eq, str};

const FILE: &str = "theme/stencil-guard.toml";

fn init(playground: &Playground, arguments: &[&str]) -> crate::driver::Run {
    playground.run(&[&["init", "theme", "--storefront", STOREFRONT], arguments].concat())
}

#[test]
fn every_theme_can_be_built_with_what_init_writes() {
    for name in names() {
        let playground = Playground::new();
        copy_folder(&folder().join(&name), &playground.path("theme"));
        let run = init(&playground, &[]);
        assert_eq!((run.status, run.messages.as_str()), (0, ""), "{name}: {run:?}");
        let built = playground.run(&["build", "theme", "--bundle", "a.zip"]);
        assert_eq!(built.status, 0, "{name}: {built:?}");
        let check = playground.run(&["config", "theme", "--check"]);
        assert_eq!(check.status, 0, "{name}: {check:?}");
    }
}

#[test]
fn the_file_says_what_the_theme_is() {
    let playground = Playground::new();
    copy_folder(&folder().join("shop"), &playground.path("theme"));
    let run = init(&playground, &[]);
    assert_data_eq!(
        run.results,
        str![[r#"
Shop 1.0.0, to be guarded for https://shop.example.com

Written
  file    theme/stencil-guard.toml (4 kB)

Look through it, then run `stencil-guard build` on the same theme; --config names the file if it is elsewhere.

"#]]
    );
    assert_data_eq!(playground.read(FILE), snapbox::file!["snapshots/init-shop.toml"].raw());
}

#[test]
fn hosts_legal_links_a_shared_layout_and_amp_are_found() {
    let playground = Playground::new();
    let checkout = "<a href='https://old.example/x'>x</a><a href='/terms'>t</a>{{> layout/base}}";
    playground.theme(&[
        ("templates/pages/checkout.html", checkout),
        ("templates/pages/amp/product.html", "{{> layout/base}}"),
    ]);
    assert_eq!(init(&playground, &[]).status, 0);
    let text = playground.read(FILE).replace("\n# ", " ");
    for words in [
        "5 pages, 1 of them for AMP, and 1 layout.",
        "Links on kept pages lead to old.example.",
        "legal links on kept pages lead to https://shop.example.com/terms.",
        "the layout of the whole shop here (layout/base)",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    // The theme has no page that e-mails link to.
    assert!(text.contains("keep = []"), "{text}");
}

#[test]
fn what_flags_say_stands_in_the_file() {
    let playground = Playground::new();
    playground.theme(&[]);
    let flags = [
        "--mode",
        "conditional",
        "--allow-group",
        "7",
        "--allow-group",
        "name:Staff",
        "--keep",
        "cart",
    ];
    assert_eq!(init(&playground, &flags).status, 0);
    let settings = playground.run(&["config", "theme"]).results;
    for line in [
        "storefront = \"https://shop.example.com\" ",
        "mode = \"conditional\" ",
        "allow-group = [\"7\", \"name:Staff\"] ",
        "keep = [\"cart\"] ",
    ] {
        let found = settings.lines().find(|found| found.starts_with(line));
        assert!(found.is_some_and(|found| found.ends_with(FILE)), "{line}: {settings}");
    }
    for (flags, words) in [
        (&["--mode", "conditional"][..], "names no customer group"),
        (&["--keep", "carrt"], "no page `carrt`"),
        (&["--storefront", "shop"], "`shop` is not an absolute address"),
    ] {
        let target = ["init", "theme", "--config", "other.toml"];
        let storefront = ["--storefront", STOREFRONT];
        let storefront = if flags[0] == "--storefront" { &[][..] } else { &storefront };
        let run = playground.run(&[&target[..], storefront, flags].concat());
        assert_eq!(run.status, 2, "{flags:?}: {run:?}");
        assert!(!playground.path("other.toml").exists());
        assert!(run.messages.contains(words), "{flags:?}: {run:?}");
    }
}

#[test]
fn without_a_terminal_the_storefront_comes_by_a_flag_or_a_variable() {
    let playground = Playground::new();
    playground.theme(&[]);
    let run = playground.run(&["init", "theme"]);
    assert_eq!(run.status, 2);
    assert!(run.messages.starts_with("error: no storefront is given"), "{run:?}");
    assert!(!playground.path(FILE).exists());
    let variables = [("STENCIL_GUARD_STOREFRONT", "https://env.example")];
    assert_eq!(playground.run_in(&variables, &["init", "theme"]).status, 0);
    assert!(playground.read(FILE).contains("\nstorefront = \"https://env.example\"\n"));
}

#[test]
fn a_zip_has_its_settings_beside_it() {
    let playground = Playground::new();
    playground.write("themes/a.zip", theme_zip(&[]));
    let run = playground.run(&["init", "themes/a.zip", "--storefront", STOREFRONT]);
    assert_eq!((run.status, run.messages.as_str()), (0, ""));
    assert_eq!(playground.files("themes"), ["a.zip", "stencil-guard.toml"]);
    assert_eq!(playground.run(&["build", "themes/a.zip"]).status, 0);
}

#[test]
fn a_file_that_is_there_is_never_written_over() {
    let playground = Playground::new();
    playground.theme(&[("stencil-guard.toml", "level = 1\n")]);
    let run = init(&playground, &[]);
    assert_eq!((run.status, run.results.as_str()), (2, ""));
    assert_data_eq!(
        run.messages,
        str![[r#"
error: theme/stencil-guard.toml exists already, and is not written over
 |
 = help: `stencil-guard config` prints what it says; --config FILE names another

"#]]
    );
    assert_eq!(playground.read(FILE), "level = 1\n");
    assert_eq!(playground.files("theme").len(), 8);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere", playground.path("link.toml")).unwrap();
        assert_eq!(init(&playground, &["--config", "link.toml"]).status, 2);
        assert!(!playground.path("nowhere").exists());
    }
}

/// What `init` says on a terminal of its own, which `script` gives it, to somebody who types these answers.
#[cfg(target_os = "linux")]
fn on_a_terminal(playground: &Playground, arguments: &str, answers: &str) -> String {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let line = format!("'{}' init {arguments}", env!("CARGO_BIN_EXE_stencil-guard"));
    let mut child = Command::new("script")
        .args(["--quiet", "--return", "--command", &line, "/dev/null"])
        .current_dir(playground.path(""))
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.as_mut().unwrap().write_all(answers.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    String::from_utf8_lossy(&output.stdout).replace('\r', "")
}

#[cfg(target_os = "linux")]
#[test]
fn on_a_terminal_it_asks_until_the_answers_can_be_used() {
    let playground = Playground::new();
    playground.theme(&[]);
    let answers = "shop\nhttps://asked.example\nshopify\ncatalyst\n";
    let said = on_a_terminal(&playground, "theme", answers);
    assert_eq!(said.matches("Where do shoppers belong?").count(), 2, "{said}");
    assert!(said.contains("`shop` is not an absolute address"), "{said}");
    assert_eq!(said.matches("Which platform is that on?").count(), 2, "{said}");
    assert!(said.contains("no platform is called `shopify` here"), "{said}");
    let file = playground.read(FILE);
    assert!(file.contains("\nstorefront = \"https://asked.example\"\n"), "{file}");
    assert!(file.contains("\npaths = \"catalyst\"\n"), "{file}");
    // An empty answer is one, too.
    let said = on_a_terminal(&playground, "theme --config b.toml", "https://asked.example\n\n");
    assert!(said.contains("Written"), "{said}");
    assert!(playground.read("b.toml").contains("\n# paths = \"catalyst\"\n"));
}

#[cfg(target_os = "linux")]
#[test]
fn nobody_is_asked_who_said_enough_or_for_whom_nothing_can_be_written() {
    let playground = Playground::new();
    playground.theme(&[]);
    for (arguments, words) in [
        ("theme --storefront https://flag.example", "Written"),
        ("theme", "exists already"),
        ("teme", "did you mean theme?"),
    ] {
        let said = on_a_terminal(&playground, arguments, "");
        assert!(said.contains(words) && !said.contains("? ("), "{arguments}: {said}");
    }
    // The end of the input is no answer, and the message begins a line.
    let said = on_a_terminal(&playground, "theme --config b.toml", "\u{4}");
    assert!(said.contains("\nerror: no storefront is given"), "{said}");
}

#[test]
fn the_platform_comes_by_a_flag_or_a_variable() {
    let playground = Playground::new();
    playground.theme(&[]);
    assert_eq!(init(&playground, &["--paths", "wordpress"]).status, 0);
    assert!(playground.read(FILE).contains("\npaths = \"wordpress\"\n"));
    let variables = [("STENCIL_GUARD_STOREFRONT", STOREFRONT), ("STENCIL_GUARD_PATHS", "catalyst")];
    let run = playground.run_in(&variables, &["init", "theme", "--config", "b.toml"]);
    assert_eq!(run.status, 0, "{run:?}");
    assert!(playground.read("b.toml").contains("\npaths = \"catalyst\"\n"));
    assert_eq!(playground.run(&["build", "theme", "--config", "b.toml", "--dry-run"]).status, 0);
}
