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
    playground.write("empty-file.zip", "");
    playground.write("folder.zip/notes.txt", "x");
    let profile = "[profile.staging]\nkeep = ['cart']\n";
    playground.write("misspelt-key.toml", "keeps = ['cart']\n");
    playground.write("misspelt-value.toml", "mode = 'redirekt'\n");
    playground.write("misspelt-code.toml", "ignore = ['link-doubtfull']\n");
    playground.write("no-list.toml", "keep = 'cart'\n");
    playground.write("profile.toml", profile);
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
    ("out-is-a-file", &["build", "theme", "--out", "empty-file.zip"]),
    ("out-below-a-file", &["build", "theme", "--out", "empty-file.zip/out"]),
    ("bundle-is-a-folder", &["build", "theme", "--bundle", "folder.zip"]),
    ("empty-file", &["build", "empty-file.zip"]),
    ("empty-name", &["build", "theme", "--theme-name", ""]),
    ("no-settings-file", &["build", "theme", "--config", "nowhere.toml"]),
    ("no-rules", &["build", "theme", "--patches", "nowhere"]),
    ("misspelt-key", &["build", "theme", "--config", "misspelt-key.toml"]),
    ("misspelt-value", &["build", "theme", "--config", "misspelt-value.toml"]),
    ("misspelt-code", &["build", "theme", "--config", "misspelt-code.toml"]),
    ("no-list", &["build", "theme", "--config", "no-list.toml"]),
    ("misspelt-profile", &["build", "theme", "--config", "profile.toml", "--profile", "stagin"]),
    ("profile-without-a-file", &["build", "theme", "--profile", "staging"]),
    ("misspelt-mode", &["build", "theme", "--mode", "redirekt"]),
    ("misspelt-platform", &["build", "theme", "--paths", "catalist"]),
    ("misspelt-hidden-link", &["build", "theme", "--hide", "edit-crt"]),
    ("misspelt-code-to-explain", &["explain", "link-doubtfull"]),
    ("misspelt-template-to-explain", &["explain", "theme/templates/pages/chekout.html:1"]),
    ("group-without-its-mode", &["build", "theme", "--allow-group", "7"]),
    (
        "group-without-its-sign",
        &["build", "theme", "--mode", "conditional", "--allow-group", "Staff"],
    ),
    ("misspelt-command", &["bild", "theme"]),
    ("misspelt-flag", &["build", "theme", "--stroefront", "x"]),
    ("no-theme", &["build"]),
];

#[test]
fn first_run_messages_match_their_snapshots() {
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
fn every_failure_comes_with_help() {
    let playground = playground();
    for (name, arguments) in SITUATIONS {
        let variables = [("STENCIL_GUARD_STOREFRONT", STOREFRONT)];
        let run = playground.run_in(&variables, arguments);
        let helps =
            ["help: ", "; ", "tip: ", "possible values", "did you mean", "For more information"];
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
    script.env("STENCIL_GUARD_STOREFRONT", STOREFRONT);
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
fn messages_fit_the_terminal() {
    let playground = playground();
    let done = [("done", &["build", "theme", "--dry-run"][..]), ("written", &["build", "theme"])];
    for (name, arguments) in SITUATIONS.iter().chain(&done) {
        let arguments: Vec<String> = arguments.iter().map(|word| format!("'{word}'")).collect();
        let words = |columns| {
            let text = on_a_terminal(&playground, columns, &arguments.join(" "), false);
            // A word that is longer stays whole, and what is to be copied.
            let is_prose = |line: &&str| {
                let text = line.trim_start();
                text.contains(' ') && !text.starts_with("stencil")
            };
            let is_long = |line: &&str| line.chars().count() > columns;
            let long: Vec<&str> = text.lines().filter(is_prose).filter(is_long).collect();
            assert_eq!(long, Vec::<&str>::new(), "{name} on {columns} columns");
            text.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
        };
        // Lines of code are cut on the narrow one; nothing else is lost.
        let (narrow, wide) = (words(40), words(80));
        if !wide.iter().any(|word| word == "|") {
            assert_eq!(narrow, wide, "{name}");
        }
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

/// Runs the program where the system refuses something, and looks at what is said.
#[cfg(target_os = "linux")]
fn on_a_small_disk(playground: &Playground, arguments: &str) -> Option<String> {
    // A file system of 100 kB, for this command alone, if we may make one.
    let line = format!(
        "mount -t tmpfs -o size=100k tmpfs disk || exit 9; '{}' {arguments}",
        env!("CARGO_BIN_EXE_stencil-guard")
    );
    let mut command = std::process::Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", &line]);
    let output = command.current_dir(playground.path("")).env("NO_COLOR", "1").output().ok()?;
    let said = String::from_utf8(output.stderr).unwrap();
    (output.status.code() == Some(2)).then_some(said)
}

#[cfg(target_os = "linux")]
#[test]
fn full_disk_is_reported_and_leaves_no_partial_file() {
    let playground = Playground::new();
    playground.theme(&[("assets/large.js", &"x".repeat(200_000))]);
    std::fs::create_dir(playground.path("disk")).unwrap();
    let build = format!(
        "build theme --storefront {STOREFRONT} --no-bundle --out disk/out; status=$?; find disk -type f -name '*.js' >&2; exit $status"
    );
    // Where no disk can be made, there is nothing to see.
    let Some(said) = on_a_small_disk(&playground, &build) else { return };
    let expected = "\
error: cannot write disk/out/assets/large.js: no storage space
 |
 = help: make room there, or choose another place
";
    assert_eq!(said, expected);
}

#[cfg(unix)]
#[test]
fn permission_errors_say_what_to_do() {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt;
    let playground = Playground::new();
    playground.theme(&[("templates/pages/a/b.html", "{{> layout/base}}")]);
    playground.write("closed/x.txt", "x");
    playground.write("closed.zip", theme_zip(&[]));
    let close = |name: &str, mode| {
        set_permissions(playground.path(name), Permissions::from_mode(mode)).unwrap();
    };
    close("closed", 0o555);
    close("closed.zip", 0o000);
    // Root may do everything, unless it gives that up.
    let is_root = std::fs::read(playground.path("closed.zip")).is_ok();
    let give_up = ["--bounding-set=-all", "--inh-caps=-all", env!("CARGO_BIN_EXE_stencil-guard")];
    let program = if is_root { "/usr/bin/setpriv" } else { give_up[2] };
    if !Path::new(program).exists() {
        return;
    }
    let first = if is_root { &give_up[..] } else { &[] };
    let write = "choose a place where you may write, or change the rights of this one";
    let read = "change its rights, or run this as somebody who may read it";
    let what = |arguments: &[&str], message: &str, help: &str| {
        let all = [first, arguments, &["--storefront", STOREFRONT]].concat();
        let run = playground.run_program(Path::new(program), &all);
        assert_eq!(run.status, 2, "{run:?}");
        let expected = format!("error: cannot {message}\n |\n = help: {help}\n");
        assert_eq!(run.messages, expected, "{arguments:?}");
    };
    what(
        &["build", "theme", "--bundle", "closed/x.zip"],
        "write closed/x.zip: permission denied",
        write,
    );
    what(
        &["init", "theme", "--config", "closed/x.toml"],
        "write closed/x.toml: permission denied",
        write,
    );
    what(
        &["report", "theme", "--output", "closed/x.html"],
        "write closed/x.html: permission denied",
        write,
    );
    what(
        &["build", "theme", "--no-bundle", "--out", "closed/x"],
        "write closed/x/.stencil-guard: permission denied",
        write,
    );
    what(&["build", "closed.zip"], "read closed.zip: Permission denied (os error 13)", read);
    close("theme/templates/pages/a", 0o000);
    let root = playground.path("theme").canonicalize().unwrap();
    let folder = format!(
        "read {}: Permission denied (os error 13)",
        root.join("templates/pages/a").display()
    );
    what(&["build", "theme"], &folder, read);
    close("theme/templates/pages/a", 0o755);
    close("closed", 0o755);
}
