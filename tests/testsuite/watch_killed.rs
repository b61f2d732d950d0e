//! `watch` is stopped at any moment: each of its files is one of the whole versions then, the bundle
//! opens and passes `check`, and the next run ends where a fresh build does.

use crate::driver::{Playground, STOREFRONT, copy_folder};
use crate::themes;
use crate::watch::{Running, assert_fresh, contents, step, watcher};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Error, ErrorKind};
use std::time::{Duration, SystemTime};
use stencil_guard::output::{Step, Steps};
use stencil_guard::report::Status;

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
    /// Of each file of the output, the contents that are whole.
    versions: BTreeMap<String, BTreeSet<Vec<u8>>>,
    /// Bundles that passed `check`.
    checked: BTreeSet<Vec<u8>>,
}

impl Shop {
    fn new() -> Self {
        let playground = Playground::new();
        copy_folder(&themes::folder().join("shop"), &playground.path("theme"));
        let mut shop = Self { playground, versions: BTreeMap::new(), checked: BTreeSet::new() };
        for is_other in [true, false] {
            shop.switch(is_other);
            assert_eq!(step(&mut watcher(&shop.playground)).unwrap().report.status(), Status::Done);
            for (name, bytes) in contents(&shop.playground, "out") {
                shop.versions.entry(name).or_default().insert(bytes);
            }
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
fn stopped_before_any_step_of_the_writer_all_files_are_whole() {
    let mut shop = Shop::new();
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
        let event = watcher.step(&mut Steps::through(&mut stop)).unwrap();
        shop.assert_whole(&format!("before step {last}"));
        step(&mut crate::watch::watcher(&shop.playground));
        assert_fresh(&shop.playground, &format!("after step {last}"));
        if event.report.status() == Status::Done {
            assert!(last > 2 * OTHERS.len(), "only {last} steps");
            return;
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
fn killed_at_any_moment_all_files_are_whole() {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let seed = now.as_nanos() as u64;
    println!("seed {seed}");
    let mut shop = Shop::new();
    for kill in 0..KILLS {
        let random = random(seed, kill);
        // Odd ones change the theme while the first build runs.
        let is_early = kill % 2 == 0;
        if is_early {
            shop.switch(!random.is_multiple_of(3));
        }
        let running = Running::start(&shop.playground.path(""), WATCH);
        if !is_early {
            shop.switch(!random.is_multiple_of(3));
        }
        std::thread::sleep(Duration::from_millis(random / 3 % 160));
        drop(running);
        shop.assert_whole(&format!("seed {seed}, kill {kill}"));
    }
    step(&mut watcher(&shop.playground));
    assert_fresh(&shop.playground, "after all");
}
