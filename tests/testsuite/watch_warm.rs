//! `watch` over several saves of a whole shop: how much each costs, and that what is held on to from one to
//! the next never shows in the outputs.

use crate::driver::{Playground, copy_folder};
use crate::themes;
use crate::watch::{assert_fresh, contents, request};
use std::fs::{self, File};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use stencil_guard::commands::watch::{Event, Watcher, Work};
use stencil_guard::output::Steps;
use stencil_guard::report::Status;
use stencil_guard::stamp::Clock;

const PAGE: &str = "theme/templates/pages/blog.html";
const HEADER: &str = "theme/templates/components/common/header.html";
const SETTINGS: &str = "theme/stencil-guard.toml";

/// A watched copy of the shop, and a clock on which the test decides how late it is.
struct Watched {
    playground: Playground,
    watcher: Watcher,
    seconds: Arc<AtomicU64>,
}

impl Watched {
    /// A watcher that has looked so often that it reads nothing for nothing any more.
    fn new() -> Self {
        let playground = Playground::new();
        copy_folder(&themes::folder().join("shop"), &playground.path("theme"));
        let (seconds, start) = (Arc::new(AtomicU64::new(0)), Instant::now());
        let shown = Arc::clone(&seconds);
        let now = move || start + Duration::from_secs(shown.load(Ordering::Relaxed));
        let watcher = Watcher::with_clock(request(&playground), Clock::new(now));
        let mut watched = Self { playground, watcher, seconds };
        assert_eq!(watched.look().expect("a first event").report.status(), Status::Done);
        assert!(watched.look().is_none());
        watched
    }

    /// A step some time after the last one.
    fn look(&mut self) -> Option<Event> {
        self.seconds.fetch_add(10, Ordering::Relaxed);
        self.watcher.step(&mut Steps::default())
    }

    /// What a step costs that follows an edit; the step after that finds nothing to do.
    fn cost(&mut self, edit: impl Fn(&Playground)) -> Work {
        edit(&self.playground);
        let event = self.look();
        let work = self.watcher.work();
        assert!(event.is_none_or(|event| event.report.status() == Status::Done));
        assert!(self.look().is_none(), "told twice");
        let Work { read, scanned, written } = self.watcher.work();
        assert!(read <= work.read && (scanned, written) == (0, 0), "done twice");
        work
    }
}

/// Puts something at the end of a file.
fn append(playground: &Playground, file: &str, text: &str) {
    playground.write(file, playground.read(file) + text);
}

fn work(read: usize, scanned: usize, written: usize) -> Work {
    Work { read, scanned, written }
}

#[test]
fn a_save_costs_only_what_it_changes() {
    let mut watched = Watched::new();
    assert_eq!(watched.cost(|_| ()), work(0, 0, 0));
    assert_eq!(watched.cost(|p| append(p, PAGE, "<p>New</p>")), work(1, 1, 1));
    assert_eq!(watched.cost(|p| append(p, HEADER, "<p>New</p>")), work(1, 1, 1));
    // Those that a build edits are scanned as they are read and as they are written.
    for edited in ["theme/templates/layout/base.html", "theme/templates/pages/checkout.html"] {
        assert_eq!(watched.cost(|p| append(p, edited, "<p>New</p>")), work(1, 2, 1), "{edited}");
    }
    assert_eq!(watched.cost(|p| append(p, "theme/lang/en.json", "\n")), work(1, 0, 1));
}

#[test]
fn touched_but_equal_files_are_only_read() {
    let mut watched = Watched::new();
    let touch = |p: &Playground| [PAGE, HEADER].iter().for_each(|file| append(p, file, ""));
    assert_eq!(watched.cost(touch), work(2, 0, 0));
    let replace = |p: &Playground| {
        p.write("saved", p.read(PAGE));
        fs::rename(p.path("saved"), p.path(PAGE)).unwrap();
    };
    assert_eq!(watched.cost(replace), work(1, 0, 0));
}

#[test]
fn reverted_edit_matches_a_fresh_build() {
    let mut watched = Watched::new();
    let before = watched.playground.read(PAGE);
    assert_eq!(watched.cost(|p| append(p, PAGE, "<p>New</p>")), work(1, 1, 1));
    let back = watched.cost(|p| p.write(PAGE, &before));
    assert_eq!((back.read, back.written), (1, 1));
    assert_fresh(&watched.playground, "taken back");
}

/// Gives a file other bytes, as many as before, and the time it had.
fn change_secretly(playground: &Playground, file: &str) {
    let path = playground.path(file);
    let time = path.metadata().unwrap().modified().unwrap();
    let mut bytes = fs::read(&path).unwrap();
    let last = bytes.iter().rposition(u8::is_ascii_lowercase).unwrap();
    bytes[last] = if bytes[last] == b'x' { b'y' } else { b'x' };
    fs::write(&path, bytes).unwrap();
    File::options().append(true).open(&path).unwrap().set_modified(time).unwrap();
}

type Edit = (&'static str, fn(&Playground));

const EDITS: &[Edit] = &[
    ("page", |p| append(p, PAGE, "<p>New</p>")),
    ("kept page", |p| append(p, "theme/templates/pages/checkout.html", "<a href=\"/blog\">x</a>")),
    ("component", |p| append(p, "theme/templates/components/common/footer.html", "<p>x</p>")),
    ("header", |p| append(p, HEADER, "<a href=\"{{urls.home}}\">Home</a>")),
    ("layout", |p| append(p, "theme/templates/layout/base.html", "<!-- end -->")),
    ("front matter", |p| p.write(PAGE, format!("---\nblog: true\n---\n{}", p.read(PAGE)))),
    ("language", |p| append(p, "theme/lang/en.json", "\n")),
    ("configuration", |p| {
        p.write("theme/config.json", p.read("theme/config.json").replace("\"Shop\"", "\"Store\""));
    }),
    ("settings", |p| p.write(SETTINGS, "keep = ['cart']\nlevel = 1\n")),
    ("other settings", |p| p.write(SETTINGS, "mode = 'replace'\nlevel = 6\n")),
    ("another folder", |p| p.write(SETTINGS, "kept-chrome = 'bare'\n")),
    ("settings gone", |p| fs::remove_file(p.path(SETTINGS)).unwrap()),
    ("deletion", |p| fs::remove_file(p.path("theme/templates/pages/brands.html")).unwrap()),
    ("file renamed", |p| {
        fs::rename(p.path(PAGE), p.path("theme/templates/pages/journal.html")).unwrap();
    }),
    ("renamed back", |p| {
        fs::rename(p.path("theme/templates/pages/journal.html"), p.path(PAGE)).unwrap();
    }),
    ("two files change places", |p| {
        fs::rename(p.path(PAGE), p.path("theme/x")).unwrap();
        fs::rename(p.path("theme/templates/pages/search.html"), p.path(PAGE)).unwrap();
        fs::rename(p.path("theme/x"), p.path("theme/templates/pages/search.html")).unwrap();
    }),
    ("script", |p| p.write("theme/assets/js/new.js", "get('common/header', location = '/')")),
    ("words", |p| append(p, PAGE, "<p>same</p>")),
    ("same size and time", |p| change_secretly(p, PAGE)),
    ("tampering of the same size and time", |p| {
        change_secretly(p, "out/templates/pages/home.html");
    }),
    ("a file of the output is a link", |p| {
        fs::remove_file(p.path("out/config.json")).unwrap();
        p.write("other.json", p.read("theme/config.json"));
        link(p, "other.json", "out/config.json");
    }),
];

#[cfg(unix)]
fn link(playground: &Playground, from: &str, to: &str) {
    std::os::unix::fs::symlink(playground.path(from), playground.path(to)).unwrap();
}

#[cfg(not(unix))]
fn link(playground: &Playground, _from: &str, to: &str) {
    playground.write(to, "");
}

#[test]
fn cached_state_never_affects_the_outputs() {
    let mut watched = Watched::new();
    for (why, edit) in EDITS {
        edit(&watched.playground);
        let event = watched.look().unwrap_or_else(|| panic!("{why} was not seen"));
        assert_eq!(event.report.status(), Status::Done, "{why}: {:?}", event.report.findings);
        assert_fresh(&watched.playground, why);
        assert!(watched.look().is_none(), "{why}: told twice");
    }
    assert!(!contents(&watched.playground, "out").is_empty());
}

#[test]
fn two_writes_within_a_clock_tick_are_both_seen() {
    let mut watched = Watched::new();
    append(&watched.playground, PAGE, "<p>1</p>");
    assert!(watched.look().is_some());
    // The clock of this test stands still, as that of the file system may.
    for (number, text) in ["<p>2</p>", "<p>3</p>"].iter().enumerate() {
        append(&watched.playground, PAGE, text);
        assert!(watched.watcher.step(&mut Steps::default()).is_some(), "{number}");
        assert_eq!(watched.watcher.work().read, 1);
        assert!(watched.watcher.step(&mut Steps::default()).is_none());
        assert_eq!(watched.watcher.work().read, 1, "its stamp is relied on too early");
    }
}
