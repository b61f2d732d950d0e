//! `watch`: after each step the outputs are those of a fresh build, and nothing open is written.

use crate::driver::{Playground, STOREFRONT};
use std::io::{BufRead, BufReader, Error, ErrorKind};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};
use stencil_guard::commands::build::BuildRequest;
use stencil_guard::commands::watch::{Event, Watcher};
use stencil_guard::config::{BundleChoice, Settings};
use stencil_guard::output::{Step, Steps};
use stencil_guard::report::Status;
use stencil_guard::report::watch::ReportedFindings;
use stencil_guard::stamp::Clock;

pub(crate) const PAGE: &str = "theme/templates/pages/home.html";
pub(crate) const SETTINGS: &str = "theme/stencil-guard.toml";

pub(crate) fn watcher(playground: &Playground) -> Watcher {
    Watcher::new(request(playground))
}

pub(crate) fn request(playground: &Playground) -> BuildRequest {
    BuildRequest {
        run_build: None,
        theme: playground.path("theme"),
        dry_run: false,
        sources: Settings {
            storefront: Some(STOREFRONT.to_owned()),
            out: Some(playground.path("out")),
            bundle: Some(BundleChoice::File(playground.path("out.zip"))),
            ..Settings::default()
        }
        .into(),
    }
}

pub(crate) fn step(watcher: &mut Watcher) -> Option<Event> {
    watcher.step(&mut Steps::default())
}

/// All files of a folder with their bytes, without the tool's own list. The program may be writing: a
/// file that is gone again before it is read, like one that it renames, is left out.
pub(crate) fn contents(playground: &Playground, folder: &str) -> Vec<(String, Vec<u8>)> {
    let names = playground.files(folder).into_iter();
    let names = names.filter(|name| !name.starts_with(".stencil-guard"));
    let read = |name: String| match std::fs::read(playground.path(folder).join(&name)) {
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        bytes => Some((name, bytes.unwrap())),
    };
    names.filter_map(read).collect()
}

pub(crate) fn assert_fresh(playground: &Playground, why: &str) {
    let _ = std::fs::remove_dir_all(playground.path("fresh"));
    let run = playground.build(&["--out", "fresh", "--bundle", "fresh.zip"]);
    assert_eq!(run.status, 0, "{why}: {}", run.messages);
    assert_eq!(contents(playground, "out"), contents(playground, "fresh"), "{why}");
    let zip = |name| std::fs::read(playground.path(name)).unwrap();
    assert!(zip("out.zip") == zip("fresh.zip"), "{why}: the bundles differ");
}

pub(crate) type Edit = (&'static str, fn(&Playground));

pub(crate) fn rename(playground: &Playground, from: &str, to: &str) {
    std::fs::rename(playground.path(from), playground.path(to)).unwrap();
}

pub(crate) const EDITS: &[Edit] = &[
    ("save in place", |p| {
        p.write(PAGE, "{{#partial \"page\"}}<p>New</p>{{/partial}}{{> layout/base}}")
    }),
    ("save by rename", |p| {
        p.write("saved", "{{#partial \"page\"}}<p>Newer</p>{{/partial}}{{> layout/base}}");
        rename(p, "saved", PAGE);
    }),
    ("new page", |p| p.write("theme/templates/pages/page.html", "{{> layout/base}}")),
    ("front matter", |p| {
        p.write("theme/templates/pages/page.html", "---\na: 1\n---\n{{> layout/base}}")
    }),
    ("new folder", |p| p.write("theme/templates/components/one/a.html", "<p>a</p>")),
    ("rename a folder", |p| {
        rename(p, "theme/templates/components/one", "theme/templates/components/two")
    }),
    ("language", |p| p.write("theme/lang/de.json", "{\"a\": \"b\"}")),
    ("settings", |p| p.write(SETTINGS, "keep = ['cart']\n")),
    ("settings gone", |p| std::fs::remove_file(p.path(SETTINGS)).unwrap()),
    ("layout", |p| {
        let layout = "theme/templates/layout/base.html";
        p.write(layout, p.read(layout).replace("<body>", "<body class=\"x\">"));
    }),
    ("configuration", |p| {
        p.write("theme/config.json", p.read("theme/config.json").replace("1.0", "1.1"))
    }),
    ("delete a page", |p| std::fs::remove_file(p.path("theme/templates/pages/page.html")).unwrap()),
    ("500 files", |p| (0..500).for_each(|n| p.write(&format!("theme/assets/many/{n}.txt"), "x"))),
    ("500 files gone", |p| std::fs::remove_dir_all(p.path("theme/assets/many")).unwrap()),
    ("tampering", |p| p.write("out/templates/pages/home.html", "open")),
    ("a lost file", |p| std::fs::remove_file(p.path("out/config.json")).unwrap()),
    ("a lost folder", |p| std::fs::remove_dir_all(p.path("out")).unwrap()),
    ("a lost bundle", |p| std::fs::remove_file(p.path("out.zip")).unwrap()),
    ("another version of the theme", |p| {
        let one = p.read(PAGE);
        std::fs::remove_dir_all(p.path("theme")).unwrap();
        p.theme(&[("templates/pages/brand.html", &one), ("templates/layout/other.html", "<p>")]);
    }),
];

#[test]
fn outputs_match_a_fresh_build_after_each_edit() {
    let playground = Playground::new();
    playground.theme(&[]);
    let mut watcher = watcher(&playground);
    assert!(step(&mut watcher).is_some());
    for (why, edit) in EDITS {
        edit(&playground);
        let event = step(&mut watcher).unwrap_or_else(|| panic!("{why} was not seen"));
        assert_eq!(event.report.status(), Status::Done, "{why}: {:?}", event.report);
        assert_fresh(&playground, why);
        assert!(step(&mut watcher).is_none(), "{why}: told twice");
    }
}

#[test]
fn saving_one_page_writes_one_file() {
    let playground = Playground::new();
    playground.theme(&[]);
    let mut watcher = watcher(&playground);
    step(&mut watcher);
    EDITS[0].1(&playground);
    let event = step(&mut watcher).unwrap();
    assert_eq!(event.changes.written, ["templates/pages/home.html"]);
    assert!(event.changes.removed.is_empty() && event.bundle.is_some());
    playground.write(PAGE, playground.read(PAGE));
    assert!(step(&mut watcher).is_none());
}

#[test]
fn errors_keep_the_last_good_outputs_and_are_reported_once() {
    let playground = Playground::new();
    playground.theme(&[]);
    let mut watcher = watcher(&playground);
    step(&mut watcher);
    let broken: &[(&str, &str)] = &[
        (PAGE, "{{#partial \"page\"}}{{> layout/base}}"),
        ("theme/templates/pages/home.html", "{{> layout/none}}"),
        ("theme/templates/layout/base.html", "<html>\n{{#if a}}<!-- {{/if}}\n<head></head></html>"),
        (SETTINGS, "kep = []\n"),
        ("theme/config.json", "{"),
    ];
    for (file, text) in broken {
        let good =
            (contents(&playground, "out"), std::fs::read(playground.path("out.zip")).unwrap());
        let before = std::fs::read(playground.path(file)).ok();
        playground.write(file, text);
        let event = step(&mut watcher).unwrap();
        assert_ne!(event.report.status(), Status::Done, "{file}");
        assert!(step(&mut watcher).is_none(), "{file} is told twice");
        let now =
            (contents(&playground, "out"), std::fs::read(playground.path("out.zip")).unwrap());
        assert!(now == good, "{file}");
        match before {
            Some(bytes) => playground.write(file, bytes),
            None => std::fs::remove_file(playground.path(file)).unwrap(),
        }
        assert_eq!(step(&mut watcher).unwrap().report.status(), Status::Done, "{file}");
        assert_fresh(&playground, file);
    }
}

#[test]
fn repairing_the_copy_does_not_clear_a_theme_error() {
    let playground = Playground::new();
    playground.theme(&[]);
    let mut watcher = watcher(&playground);
    step(&mut watcher);
    playground.write(PAGE, "{{#partial \"page\"}}{{> layout/base}}");
    step(&mut watcher);
    playground.write("out/templates/pages/home.html", "open");
    let event = step(&mut watcher).unwrap();
    assert_eq!(event.changes.written, ["templates/pages/home.html"]);
    assert_eq!(event.report.status(), Status::Findings);
    assert_eq!(
        ReportedFindings::default().human(&event.report, &event.changes, None, true),
        "templates/pages/home.html written; the guarded copy stays as it is until the theme is fixed\n"
    );
}

#[test]
fn theme_that_disappears_is_rebuilt_when_it_returns() {
    let playground = Playground::new();
    playground.theme(&[]);
    let mut watcher = watcher(&playground);
    step(&mut watcher);
    rename(&playground, "theme", "away");
    assert_eq!(step(&mut watcher).unwrap().report.status(), Status::Failed);
    assert!(step(&mut watcher).is_none());
    rename(&playground, "away", "theme");
    assert_eq!(step(&mut watcher).unwrap().report.status(), Status::Done);
    assert_fresh(&playground, "back");
}

#[test]
fn file_saved_during_a_read_is_copied_whole() {
    let playground = Playground::new();
    playground.theme(&[]);
    let page = playground.path(PAGE);
    let whole = playground.read(PAGE);
    // A page is half there when it is read, and whole when the last file is.
    let files = playground.files("theme").len();
    let half = whole.replace("<p>Home</p>", "");
    std::fs::write(&page, &half).unwrap();
    let read = AtomicUsize::new(0);
    let clock = Clock::new(move || {
        if read.fetch_add(1, Ordering::Relaxed) + 1 == files {
            std::fs::write(&page, &whole).unwrap();
        }
        Instant::now()
    });
    let mut watcher = Watcher::with_clock(request(&playground), clock);
    assert!(step(&mut watcher).is_none());
    assert!(!playground.path("out").exists());
    assert_eq!(step(&mut watcher).unwrap().report.status(), Status::Done);
    assert!(playground.read("out/templates/pages/home.html").contains("<p>Home</p>"));
    assert_fresh(&playground, "whole");
}

#[test]
fn full_disk_is_reported_and_recovered_from() {
    let playground = Playground::new();
    playground.theme(&[]);
    let mut watcher = watcher(&playground);
    step(&mut watcher);
    EDITS[0].1(&playground);
    let mut full = |_: Step<'_>| Err(Error::from(ErrorKind::StorageFull));
    let event = watcher.step(&mut Steps::with_hook(&mut full)).unwrap();
    assert_eq!(event.report.status(), Status::Failed);
    assert_eq!(step(&mut watcher).unwrap().report.status(), Status::Done);
    assert_fresh(&playground, "disk");
}

#[test]
fn files_read_outside_the_theme_are_watched() {
    let playground = Playground::new();
    playground.theme(&[("stencil-guard.toml", "patches = '../rules'\n")]);
    playground.write("rules/own.toml", "");
    let mut watcher = watcher(&playground);
    step(&mut watcher);
    let others = watcher.places().others;
    assert!(others.iter().any(|place| place.ends_with("rules")), "{others:?}");
    let request = BuildRequest { theme: playground.path("theme.zip"), ..request(&playground) };
    assert_eq!(Watcher::new(request).places().others, [playground.path("stencil-guard.toml")]);
}

#[test]
fn files_built_by_the_development_server_are_left_alone() {
    let playground = Playground::new();
    playground.theme(&[("assets/dist/main.js", "1")]);
    let mut watcher = watcher(&playground);
    step(&mut watcher);
    playground.write("out/assets/dist/main.js", "built");
    playground.write("out/config.stencil.json", "{}");
    assert!(step(&mut watcher).is_none());
    EDITS[0].1(&playground);
    assert_eq!(step(&mut watcher).unwrap().changes.written, ["templates/pages/home.html"]);
    assert_eq!(playground.read("out/assets/dist/main.js"), "built");
    playground.write("theme/assets/dist/main.js", "2");
    step(&mut watcher);
    assert_eq!(playground.read("out/assets/dist/main.js"), "2");
}

/// How long a test waits for a line, on the slowest machine.
const MAX_WAIT: Duration = Duration::from_secs(300);

/// Reads the lines of a running program, while the test does something else.
fn lines(stdout: ChildStdout) -> Receiver<String> {
    let (sender, lines) = mpsc::channel();
    std::thread::spawn(move || {
        let mut read = BufReader::new(stdout).lines().map_while(Result::ok);
        read.all(|line| sender.send(line).is_ok())
    });
    lines
}

/// A running `watch`, ended when the test ends.
pub(crate) struct Running {
    child: Child,
    lines: Receiver<String>,
}

impl Running {
    /// Runs our program in a folder.
    pub(crate) fn start(folder: &Path, arguments: &[&str]) -> Self {
        Self::start_program(env!("CARGO_BIN_EXE_stencil-guard"), folder, arguments)
    }

    fn start_program(program: &str, folder: &Path, arguments: &[&str]) -> Self {
        let mut child = Command::new(program)
            .args(arguments)
            .current_dir(folder)
            .env("NO_COLOR", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = lines(child.stdout.take().unwrap());
        Self { child, lines }
    }

    /// The number of its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The next line that it prints, once it does. A line that does not come fails the test.
    pub(crate) fn line(&mut self) -> String {
        self.lines.recv_timeout(MAX_WAIT).unwrap()
    }

    /// The same as JSON.
    pub(crate) fn event(&mut self) -> serde_json::Value {
        serde_json::from_str(&self.line()).unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn program_follows_edits_and_prints_events() {
    for mode in [&[][..], &["--poll"]] {
        let playground = Playground::new();
        playground.theme(&[]);
        let usual = ["watch", "theme", "--storefront", STOREFRONT, "--out", "out"];
        let outputs = ["--bundle", "out.zip", "--format", "json", "--exec", "echo x >> ran"];
        let arguments = [&usual[..], &outputs, mode].concat();
        let mut running = Running::start(&playground.path(""), &arguments);
        let mut event = || running.event();
        assert_eq!(event()["status"], "done");
        EDITS[1].1(&playground);
        assert_eq!(event()["written"], serde_json::json!(["templates/pages/home.html"]));
        playground.write(SETTINGS, "kep = []\n");
        assert_eq!(event()["findings"][0]["place"]["line"], 1);
        std::fs::remove_file(playground.path(SETTINGS)).unwrap();
        assert_eq!(event()["status"], "done");
        assert_fresh(&playground, "followed");
        assert!(playground.read("ran").starts_with("x\nx\n"));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn terminal_shows_one_status_line_and_ctrl_c_ends_at_once() {
    use std::io::Write;
    let playground = Playground::new();
    playground.theme(&[]);
    let program = env!("CARGO_BIN_EXE_stencil-guard");
    let line = format!("'{program}' watch theme --storefront {STOREFRONT} --out out");
    // Whoever runs the tests in the background may have them ignore interrupts.
    let script = ["--default-signal=INT", "script", "--quiet", "--return", "--command", &line];
    let script = [&script[..], &["/dev/null"]].concat();
    let mut running = Running::start_program("env", &playground.path(""), &script);
    while !running.line().contains("files written") {}
    playground.write(SETTINGS, "kep = []\n");
    let (calm, waits) =
        ("up to date; watching (Ctrl-C ends)", "waiting until that is fixed (Ctrl-C ends)");
    let gives_way = |state: &str, to: &str| format!("{state}\r{:1$}\r{to}", "", state.len());
    let line = running.line();
    assert!(line.starts_with(&gives_way(calm, "error")), "{line:?}");
    while !running.line().contains("the last good build stays") {}
    std::fs::remove_file(playground.path(SETTINGS)).unwrap();
    let line = running.line();
    assert!(line.starts_with(&gives_way(waits, "all is up to date")), "{line:?}");
    let interrupt = b"\x03";
    running.child.stdin.as_mut().unwrap().write_all(interrupt).unwrap();
    let rest: Vec<String> = running.lines.iter().collect();
    assert!(rest.concat().ends_with("^C"), "{rest:?}");
    assert_eq!(running.child.wait().unwrap().code(), Some(130));
}
