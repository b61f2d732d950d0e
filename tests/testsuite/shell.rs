//! What shells are given: help, completions, which are tried in the shells themselves where they are installed, and
//! manual pages.

use crate::driver::{Playground, Run, STOREFRONT};
use snapbox::{Data, assert_data_eq};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

const SHELLS: [&str; 5] = ["bash", "zsh", "fish", "elvish", "powershell"];

fn completions(shell: &str) -> String {
    let run = Playground::new().run(&["completions", shell]);
    assert_eq!((run.status, run.messages.as_str()), (0, ""), "{shell}");
    run.results
}

#[test]
fn completions_include_every_build_flag() {
    let help = Playground::new().run(&["build", "--help"]).results;
    let flags = help.split_whitespace().filter_map(|word| word.strip_prefix("--"));
    let flags: BTreeSet<&str> = flags.map(|flag| flag.trim_end_matches([',', '.'])).collect();
    assert!(flags.len() > 30, "{flags:?}");
    for shell in SHELLS {
        let script = completions(shell);
        for flag in &flags {
            assert!(script.contains(flag), "{shell}: --{flag}");
        }
    }
}

/// Where the script finds a command by one name and completes it by another, nothing is completed behind it.
#[test]
fn bash_completes_every_command_it_recognizes() {
    let script = completions("bash");
    let found = script.lines().filter_map(|line| line.trim().strip_prefix("cmd=\""));
    let found: BTreeSet<&str> = found.map(|name| name.trim_end_matches('"')).collect();
    let arms = script.lines().filter_map(|line| line.trim().strip_suffix(')'));
    let arms: BTreeSet<&str> = arms.filter(|arm| !arm.contains(',')).collect();
    assert!(found.len() > 20, "{found:?}");
    for name in found.into_iter().filter(|name| !name.is_empty()) {
        assert!(arms.contains(name), "{name}");
    }
}

/// What is typed, and some of what may follow.
const TYPED: &[(&str, &[&str])] = &[
    ("bu", &["build", "bundle"]),
    ("build --sto", &["--storefront", "--stop-payments"]),
    ("build --mode ", &["redirect", "conditional", "replace", "links"]),
    ("build --paths v", &["vue-storefront-2"]),
    ("build --hide edit", &["edit-cart"]),
    ("check --format s", &["sarif"]),
];

/// Those that take a place, which fish leaves to files.
const PLACES: &[(&str, &[&str])] = &[
    ("schema se", &["settings"]),
    ("completions f", &["fish"]),
    ("man und", &["undo"]),
    ("routes ap", &["apply"]),
];

/// What a shell says to a script of its own; `None` if it is not installed.
fn ask(shell: &str, script: &str) -> Option<String> {
    let mut command = Command::new(shell);
    command.arg("-c").arg(script).stdin(Stdio::null());
    let output = command.output().ok()?;
    assert!(output.status.success(), "{shell}: {}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

fn offers(said: &str, typed: &str, expected: &[&str], shell: &str) {
    let words: BTreeSet<&str> = said.split_whitespace().collect();
    for word in expected {
        assert!(words.contains(word), "{shell}, `{typed}`: {said:?}");
    }
}

#[cfg(unix)]
#[test]
fn bash_completes_commands_flags_and_values() {
    let script = completions("bash");
    for (typed, expected) in TYPED.iter().chain(PLACES) {
        let words = format!("stencil-guard {typed}");
        let words: Vec<String> = words.split(' ').map(|word| format!("'{word}'")).collect();
        let (last, before) = (&words[words.len() - 1], &words[words.len() - 2]);
        let ask_for = format!(
            "{script}\nCOMP_WORDS=({}); COMP_CWORD={}\n_stencil__guard 'stencil-guard' {last} {before}\n\
             printf '%s\\n' \"${{COMPREPLY[@]}}\"",
            words.join(" "),
            words.len() - 1,
        );
        let Some(said) = ask("bash", &ask_for) else { return };
        offers(&said, typed, expected, "bash");
    }
}

#[cfg(unix)]
#[test]
fn fish_completes_commands_flags_and_values() {
    let script = completions("fish");
    for (typed, expected) in TYPED {
        let ask_for = format!("{script}\ncomplete -C 'stencil-guard {typed}'");
        let Some(said) = ask("fish", &ask_for) else { return };
        offers(&said, typed, expected, "fish");
    }
}

#[cfg(unix)]
#[test]
fn zsh_loads_its_completion_script() {
    let Some(said) = ask("zsh", &format!("compdef() {{ :; }}\n{}", completions("zsh"))) else {
        return;
    };
    assert_eq!(said, "");
}

fn man(arguments: &[&str]) -> Run {
    Playground::new().run(&[&["man"], arguments].concat())
}

#[test]
fn each_command_has_a_manual_page() {
    let all = man(&[]).results;
    let source = concat!("\"stencil-guard ", env!("CARGO_PKG_VERSION"), "\"");
    let head = format!(".TH stencil-guard 1  {source}");
    assert!(all.contains(&head), "{all}");
    let pages =
        all.lines().filter_map(|line| line.strip_prefix("stencil\\-guard\\-")?.strip_suffix("(1)"));
    let pages: Vec<&str> = pages.filter(|page| *page != "help").collect();
    assert!(pages.len() > 10, "{all}");
    for page in pages {
        let run = man(&[page]);
        assert_eq!((run.status, run.messages.as_str()), (0, ""), "{page}");
        assert!(
            run.results.contains(&format!(".TH stencil-guard-{page} 1  {source}")),
            "{}",
            run.results
        );
    }
    let build = man(&["build"]).results;
    assert!(build.contains("\\-\\-storefront") && build.contains("Examples"), "{build}");
    let run = man(&["biuld"]);
    assert_eq!(run.status, 2);
    assert!(run.messages.contains("a similar value exists: 'build'"), "{run:?}");
}

/// As with `| head`: no command complains if nobody reads on.
#[test]
fn closed_pipe_is_not_an_error() {
    let playground = Playground::new();
    playground.theme(&[]);
    let build = ["build", "theme", "--storefront", STOREFRONT];
    let dry_run = [&build[..], &["--dry-run"]].concat();
    let json = [&dry_run[..], &["--format", "json"]].concat();
    for (arguments, status) in [
        (&["completions", "bash"][..], 0),
        (&["man", "build"], 0),
        (&["schema", "settings"], 0),
        (&["config", "theme"], 0),
        (&["explain", "back-link"], 0),
        (&["--help"], 0),
        (&["--version"], 0),
        (&["diff", "theme", "--storefront", STOREFRONT], 0),
        (&["paths", "theme", "--storefront", STOREFRONT], 0),
        (&["watch", "theme", "--storefront", STOREFRONT, "--out", "watched"], 0),
        (&dry_run, 0),
        (&json, 0),
        // What was found still counts.
        (&["check", "theme"], 1),
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = Command::new(env!("CARGO_BIN_EXE_stencil-guard"));
        command.args(arguments).current_dir(playground.path("")).env("NO_COLOR", "1");
        let output = command.stdout(writer).stderr(Stdio::piped()).output().unwrap();
        assert_eq!(output.status.code(), Some(status), "{arguments:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!said.contains("rror: "), "{arguments:?}: {said}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn failing_to_print_is_an_error() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_stencil-guard"));
    let output = command.args(["man"]).stdout(full).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("error: cannot print: "), "{said}");
}

/// The commands below one, by its help.
fn commands(help: &str) -> Vec<&str> {
    let below = help.split("\nCommands:\n").nth(1).unwrap_or_default();
    let lines = below.lines().take_while(|line| !line.is_empty());
    // What goes on from the line before stands further in.
    let names = lines.filter(|line| !line.starts_with("   "));
    names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").collect()
}

#[test]
fn help_texts_match_the_files() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/testsuite/snapshots/help");
    let mut waiting = vec![Vec::<String>::new()];
    let mut count = 0;
    while let Some(words) = waiting.pop() {
        let mut arguments: Vec<&str> = words.iter().map(String::as_str).collect();
        arguments.push("--help");
        let run = Playground::new().run(&arguments);
        assert_eq!((run.status, run.messages.as_str()), (0, ""), "{words:?}");
        let name = if words.is_empty() { "stencil-guard".to_owned() } else { words.join("-") };
        // Without the feature `store`, the list of all commands is shorter.
        if cfg!(feature = "store") {
            let kept = Data::read_from(&folder.join(format!("{name}.txt")), None);
            assert_data_eq!(run.results.clone(), kept.raw());
        }
        let below = commands(&run.results);
        waiting.extend(below.iter().map(|name| [&words[..], &[(*name).to_owned()]].concat()));
        count += 1;
    }
    assert!(count > 15);
    assert!(cfg!(not(feature = "store")) || std::fs::read_dir(folder).unwrap().count() == count);
}
