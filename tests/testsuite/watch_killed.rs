//! `watch` is stopped at any moment: each of its files is one of the whole versions then, the bundle
//! opens and passes `check`, no page is open that is guarded in both, and the next run ends where a fresh
//! build does.

use crate::driver::{Playground, STOREFRONT, copy_folder};
use crate::themes;
use crate::watch::{Running, assert_fresh, contents, request, step, watcher};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Error, ErrorKind};
use std::time::{Duration, SystemTime};
use stencil_guard::commands::build::BuildRequest;
use stencil_guard::commands::check;
use stencil_guard::config::{Mode, Settings, Sources};
use stencil_guard::output::{Step, Steps};
use stencil_guard::report::Status;
use stencil_guard::text::{Finding, Severity};

/// Files of the shop of which there is another version, with what it ends in; `None` if it is only
/// there in that version.
const OTHERS: &[(&str, &str)] = &[
    ("templates/components/common/header.html", "\n<p>other</p>"),
    ("templates/components/cart/content.html", "\n<a href=\"/other\">other</a>"),
    ("templates/layout/base.html", "\n<!-- other -->"),
    ("templates/pages/home.html", "\n<p>other</p>"),
    ("templates/pages/page.html", "{{> layout/base}}"),
    ("assets/other.txt", "other"),
];

struct Shop {
    playground: Playground,
    /// How many more files the other version has.
    more: usize,
    /// The files of the output in either version.
    wholes: Vec<Vec<(String, Vec<u8>)>>,
    /// Of each file of the output, the contents that are whole.
    versions: BTreeMap<String, BTreeSet<Vec<u8>>>,
    /// Bundles that passed `check`.
    checked: BTreeSet<Vec<u8>>,
}

impl Shop {
    fn new(more: usize) -> Self {
        let playground = Playground::new();
        copy_folder(&themes::folder().join("shop"), &playground.path("theme"));
        let (wholes, versions, checked) = (Vec::new(), BTreeMap::new(), BTreeSet::new());
        let mut shop = Self { playground, more, wholes, versions, checked };
        for is_other in [true, false] {
            shop.switch(is_other);
            assert_eq!(step(&mut watcher(&shop.playground)).unwrap().report.status(), Status::Done);
            let whole = contents(&shop.playground, "out");
            for (name, bytes) in whole.clone() {
                shop.versions.entry(name).or_default().insert(bytes);
            }
            shop.wholes.push(whole);
        }
        shop
    }

    /// Saves one version of the theme over the other, file by file. By rename: nobody can tell a file
    /// that was saved by half, and is left like this, from one that is meant to be so.
    fn switch(&self, is_other: bool) {
        for (name, end) in OTHERS {
            let original = std::fs::read_to_string(themes::folder().join("shop").join(name)).ok();
            let path = self.playground.path("theme").join(name);
            let text = match (original, is_other) {
                (original, true) => original.unwrap_or_default() + end,
                (Some(original), false) => original,
                (None, false) => {
                    let _ = std::fs::remove_file(path);
                    continue;
                }
            };
            self.playground.write("saved", text);
            std::fs::rename(self.playground.path("saved"), path).unwrap();
        }
        for number in 0..self.more {
            let name = format!("theme/assets/more/{number}.txt");
            match is_other {
                true => self.playground.write(&name, "other"),
                false => drop(std::fs::remove_file(self.playground.path(&name))),
            }
        }
    }

    /// Whether the output is on its way from one version to the other.
    fn is_on_its_way(&self) -> bool {
        let state = std::fs::read_dir(self.playground.path("out/.stencil-guard"));
        let mut names = state.into_iter().flatten().flatten().map(|entry| entry.file_name());
        names.any(|name| name.to_string_lossy().contains("staged"))
            || !self.wholes.contains(&contents(&self.playground, "out"))
    }

    fn assert_whole(&mut self, when: &str) {
        for (name, bytes) in contents(&self.playground, "out") {
            let versions = self.versions.get(&name).unwrap_or_else(|| panic!("{when}: {name}"));
            let text = String::from_utf8_lossy(&bytes);
            assert!(versions.contains(&bytes), "{when}: {name} is of no version: {text}");
        }
        let Ok(zip) = std::fs::read(self.playground.path("out.zip")) else { return };
        if self.checked.insert(zip) {
            let run = self.playground.run(&["check", "out.zip", "--storefront", STOREFRONT]);
            assert_eq!(run.status, 0, "{when}: {}{}", run.results, run.messages);
        }
    }
}

#[test]
fn stopping_before_any_write_step_leaves_whole_files() {
    let mut shop = Shop::new(0);
    let mut is_other = false;
    for last in 0.. {
        let mut watcher = watcher(&shop.playground);
        step(&mut watcher);
        is_other = !is_other;
        shop.switch(is_other);
        let mut taken = 0;
        let mut stop = |_: Step<'_>| {
            taken += 1;
            if taken > last { Err(Error::from(ErrorKind::StorageFull)) } else { Ok(()) }
        };
        let event = watcher.step(&mut Steps::with_hook(&mut stop)).unwrap();
        shop.assert_whole(&format!("before step {last}"));
        // One at a time.
        drop(watcher);
        step(&mut crate::watch::watcher(&shop.playground));
        assert_fresh(&shop.playground, &format!("after step {last}"));
        if event.report.status() == Status::Done {
            assert!(last > 2 * OTHERS.len(), "only {last} steps");
            return;
        }
    }
}

/// A file of a theme with its text; `None` is no file.
type Texts = &'static [(&'static str, Option<&'static str>)];

const SETTINGS: &str = "stencil-guard.toml";
const HOME: &str = "templates/pages/home.html";
const TWO: &str = "templates/layout/two.html";
const MIDDLE: &str = "templates/layout/middle.html";
const DOCUMENT: &str = "<html><head>{{{head.scripts}}}</head><body>{{> components/a}}{{{footer.scripts}}}</body></html>";
const OWN_DOCUMENT: &str =
    "<html><head>{{{head.scripts}}}</head><body>{{> layout/two}}{{{footer.scripts}}}</body></html>";
const CONDITIONAL: &str = "mode = 'conditional'\nallow-group = ['7']\n";

/// Pairs of versions that differ in where the guard is.
const PAIRS: &[(&str, Texts, Texts)] = &[
    (
        "a layout becomes a fragment, and its page a document",
        &[
            (TWO, Some(DOCUMENT)),
            (HOME, Some("{{> layout/two}}")),
            ("templates/components/a.html", Some("a")),
        ],
        &[
            (TWO, Some("<div>a</div>")),
            (HOME, Some(OWN_DOCUMENT)),
            ("templates/components/a.html", None),
        ],
    ),
    (
        "a layout between the page and its document is left out",
        &[(MIDDLE, Some("{{> layout/base}}")), (HOME, Some("{{> layout/middle}}"))],
        &[(MIDDLE, Some("<p>a</p>")), (HOME, Some("{{> layout/middle}}{{> layout/base}}"))],
    ),
    (
        "two layouts change parts",
        &[
            (MIDDLE, Some("{{> layout/two}}")),
            (TWO, Some(DOCUMENT)),
            (HOME, Some("{{> layout/middle}}")),
            ("templates/components/a.html", Some("a")),
        ],
        &[
            (MIDDLE, Some(OWN_DOCUMENT)),
            (TWO, Some("<p>a</p>")),
            (HOME, Some("{{> layout/middle}}")),
            ("templates/components/a.html", None),
        ],
    ),
    (
        "a document for half of the visits comes in between",
        &[(HOME, Some("{{> layout/base}}")), (MIDDLE, Some("<p>a</p>"))],
        &[
            (HOME, Some("{{#if customer}}{{> layout/base}}{{else}}{{> layout/middle}}{{/if}}")),
            (MIDDLE, Some("{{> layout/base}}")),
        ],
    ),
    (
        "new pages, layouts and components",
        &[
            ("templates/pages/brand.html", None),
            (TWO, None),
            ("templates/components/a.html", None),
            (HOME, Some("{{> layout/base}}")),
        ],
        &[
            ("templates/pages/brand.html", Some("{{> layout/two}}")),
            (TWO, Some(DOCUMENT)),
            ("templates/components/a.html", Some("a")),
            (HOME, Some("{{> layout/two}}")),
        ],
    ),
    ("the mode", &[(SETTINGS, None)], &[(SETTINGS, Some(CONDITIONAL))]),
    (
        "the mode, to nobody",
        &[(SETTINGS, Some("mode = 'replace'\n"))],
        &[(SETTINGS, Some(CONDITIONAL))],
    ),
    (
        "a page that is kept in one version and the mode",
        &[(SETTINGS, Some("keep = ['home']\n")), (HOME, Some("{{> layout/base a=b}}"))],
        &[(SETTINGS, Some(CONDITIONAL)), (HOME, Some("{{> layout/base}}"))],
    ),
];

/// Nothing of the copy is open or cannot be rendered; `home` may be kept where one version keeps it.
fn assert_closed(playground: &Playground, may_keep_home: bool, when: &str) {
    playground.write("none.toml", "");
    let allow_open = may_keep_home.then(|| vec!["home".to_owned()]);
    // The record may be that of the other version.
    let (mode, keep) = (Some(Mode::Conditional), Some(Vec::new()));
    let flags = Settings { allow_open, mode, keep, ..Settings::default() };
    let request = BuildRequest {
        theme: playground.path("out"),
        sources: Sources { file: Some(playground.path("none.toml")), ..flags.into() },
        ..request(playground)
    };
    let report = check::run(&request, true).report;
    let is_error = |finding: &&Finding| finding.severity == Severity::Error;
    let errors: Vec<_> = report.findings.iter().filter(is_error).collect();
    assert!(errors.is_empty() && report.failure.is_none(), "{when}: {errors:?}");
}

#[test]
fn stopping_during_a_restructure_leaves_no_page_open_or_broken() {
    for (what, one, other) in PAIRS {
        for (from, to) in [(one, other), (other, one)] {
            for last in 0.. {
                let playground = Playground::new();
                playground.theme(&[]);
                save(&playground, from);
                let mut watcher = watcher(&playground);
                assert_eq!(step(&mut watcher).unwrap().report.status(), Status::Done, "{what}");
                save(&playground, to);
                let mut taken = 0;
                let mut stop = |_: Step<'_>| {
                    taken += 1;
                    if taken > last { Err(Error::from(ErrorKind::StorageFull)) } else { Ok(()) }
                };
                let event = watcher.step(&mut Steps::with_hook(&mut stop)).unwrap();
                assert_closed(
                    &playground,
                    what.contains("kept"),
                    &format!("{what}, before step {last}"),
                );
                if event.report.status() == Status::Done {
                    assert!(last > 4, "{what}: only {last} steps");
                    break;
                }
                drop(watcher);
                step(&mut crate::watch::watcher(&playground));
                assert_fresh(&playground, &format!("{what}, after step {last}"));
            }
        }
    }
}

fn save(playground: &Playground, texts: Texts) {
    for (name, text) in texts {
        let name = format!("theme/{name}");
        match text {
            Some(text) => playground.write(&name, text),
            None => drop(std::fs::remove_file(playground.path(&name))),
        }
    }
}

/// How often a running watcher is killed.
const KILLS: u64 = 200;

/// The first numbers of a sequence that looks random (SplitMix64).
fn random(seed: u64, number: u64) -> u64 {
    let mixed = seed.wrapping_add(number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

const WATCH: &[&str] =
    &["watch", "theme", "--storefront", STOREFRONT, "--out", "out", "--bundle", "out.zip"];

#[test]
fn killing_at_any_moment_leaves_whole_files() {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let seed = now.as_nanos() as u64;
    println!("seed {seed}");
    let mut shop = Shop::new(100);
    let (mut is_other, mut on_its_way) = (false, 0);
    for kill in 0..KILLS {
        let random = random(seed, kill);
        let running = match kill % 4 {
            // The theme is as it is, or another, from the start.
            0 => {
                is_other = !random.is_multiple_of(3);
                shop.switch(is_other);
                Running::start(&shop.playground.path(""), WATCH)
            }
            // It changes while the first build runs.
            1 => {
                let running = Running::start(&shop.playground.path(""), WATCH);
                is_other = !is_other;
                shop.switch(is_other);
                running
            }
            // It changes later; what comes of it is seen to begin.
            _ => {
                let mut running = Running::start(&shop.playground.path(""), WATCH);
                running.line();
                is_other = !is_other;
                shop.switch(is_other);
                let state = shop.playground.path("out/.stencil-guard");
                let other = shop.playground.path("out/assets/other.txt");
                // The list, the lock, and what is staged.
                while std::fs::read_dir(&state).unwrap().count() < 3 && other.exists() != is_other {
                    std::hint::spin_loop();
                }
                running
            }
        };
        let longest = if kill % 4 < 2 { 160_000 } else { 10_000 };
        std::thread::sleep(Duration::from_micros(random / 3 % longest));
        drop(running);
        on_its_way += usize::from(shop.is_on_its_way());
        shop.assert_whole(&format!("seed {seed}, kill {kill}"));
    }
    println!("{on_its_way} of {KILLS} were on their way");
    assert!(on_its_way > 0, "seed {seed}: none was killed while it wrote");
    step(&mut watcher(&shop.playground));
    assert_fresh(&shop.playground, "after all");
}
