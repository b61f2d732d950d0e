//! A save while `watch` runs, from the write to the guarded file, without waiting for the end of a burst:
//! against `zip` of the theme and against a cold build; and memory over many saves.

use std::fs::{read_to_string, write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use stencil_guard::commands::build::BuildRequest;
use stencil_guard::commands::watch::Watcher;
use stencil_guard::config::{BundleChoice, Settings};
use stencil_guard::output::Steps;

use crate::copies::copy_folder;
use crate::official::{copy_theme, link};
use crate::{build, run};

/// The median of saves may take this part of the time that `zip` takes.
const MAX_RATIO_TO_ZIP: f64 = 1.0 / 20.0;
/// And all saves but one in a hundred this part.
const MAX_RATIO_ALMOST_ALWAYS: f64 = 1.0 / 8.0;
/// How often a file is saved.
const SAVES: usize = 200;
/// How often `zip` and the cold build run among the saves.
const ROUNDS: usize = 10;
/// Memory after so many changes is compared with memory after a tenth of them.
const CHANGES: usize = 10_000;
/// So many times as much memory may be held then.
const MAX_GROWTH: f64 = 1.05;
/// By now the file system's clock has ticked, so that what has not changed is not read again.
const TICK: Duration = Duration::from_millis(2_100);

/// What is saved, and which part of a cold build the refreshed bundle may take.
const SAVED: [(&str, &str, f64); 2] = [
    ("a page", "templates/pages/home.html", 1.0 / 3.0),
    ("the header", "templates/components/common/header.html", 2.0 / 3.0),
];

/// Measures a theme.
pub(crate) fn measure(theme: &Path) -> bool {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let copy = folder.path().join("theme");
    copy_theme(theme, &copy);
    let packages = theme.join("node_modules");
    if packages.is_dir() {
        link(&packages, &copy.join("node_modules"));
    }
    let saves =
        SAVED.map(|(what, file, part)| save(&copy, what, file) & refresh(&copy, what, file, part));
    saves == [true; 2]
}

/// A watcher of a theme beside which the outputs are.
fn watcher(theme: &Path, with_bundle: bool) -> Watcher {
    let bundle = with_bundle.then(|| BundleChoice::File(theme.with_extension("zip")));
    let flags = Settings {
        storefront: Some("https://shop.example.com".to_owned()),
        out: Some(theme.with_extension("out")),
        bundle,
        ..Settings::default()
    };
    let theme = theme.to_owned();
    let request = BuildRequest { theme, sources: flags.into(), dry_run: false, run_build: None };
    let mut watcher = Watcher::new(request);
    for _ in 0..2 {
        let _ = watcher.step(&mut Steps::default());
        std::thread::sleep(TICK);
    }
    let _ = watcher.step(&mut Steps::default());
    watcher
}

/// Saves a file again and again; how long each save took.
struct Saver {
    watcher: Watcher,
    file: PathBuf,
    text: String,
    saves: usize,
}

impl Saver {
    fn new(theme: &Path, file: &str, with_bundle: bool) -> Self {
        let file = theme.join(file);
        let text = read_to_string(&file).expect("the file that is saved");
        Self { watcher: watcher(theme, with_bundle), file, text, saves: 0 }
    }

    fn save(&mut self) -> Duration {
        self.saves += 1;
        let text = format!("{}<p>{}</p>\n", self.text, self.saves);
        let start = Instant::now();
        write(&self.file, text).expect("the file is saved");
        let event = self.watcher.step(&mut Steps::default()).expect("the save is seen");
        let time = start.elapsed();
        let changed = event.changes.written.len();
        assert!(changed > 0, "nothing was written: {:?}", event.report);
        time
    }
}

impl Drop for Saver {
    fn drop(&mut self) {
        write(&self.file, &self.text).expect("the file is as it was");
    }
}

/// Saves among runs of another command; the times of both, sorted.
fn among(saver: &mut Saver, other: &mut Command) -> (Vec<Duration>, Vec<Duration>) {
    let (mut saves, mut others) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        others.push(run(other).0);
        saves.extend((0..SAVES / ROUNDS).map(|_| saver.save()));
    }
    saves.sort();
    others.sort();
    (saves, others)
}

fn ratio(one: Duration, other: &[Duration]) -> f64 {
    one.as_secs_f64() / other[other.len() / 2].as_secs_f64()
}

/// Saves to the guarded file against `zip` of the theme without its packages.
fn save(theme: &Path, what: &str, file: &str) -> bool {
    let mut zip = Command::new("sh");
    let line = "rm -f ../zipped.zip; ls -A | grep -vx node_modules | xargs zip -q -r ../zipped.zip";
    zip.arg("-c").arg(line).current_dir(theme);
    let mut saver = Saver::new(theme, file, false);
    let (saves, zips) = among(&mut saver, &mut zip);
    let [median, late] = [saves.len() / 2, saves.len() * 99 / 100].map(|at| saves[at]);
    let [usual, worst] = [median, late].map(|time| ratio(time, &zips));
    eprintln!(
        "  watch, {what} saved: 1/{:.0} of `zip -q -r` ({median:.1?}), 99 of 100 within 1/{:.0} ({late:.1?})",
        1.0 / usual,
        1.0 / worst
    );
    usual <= MAX_RATIO_TO_ZIP && worst <= MAX_RATIO_ALMOST_ALWAYS
}

/// Saves to the refreshed bundle against a cold build of a bundle.
fn refresh(theme: &Path, what: &str, file: &str, most: f64) -> bool {
    let mut cold = build(theme, &theme.with_extension("cold.zip"));
    cold.args(["--storefront", "https://shop.example.com"]);
    let mut saver = Saver::new(theme, file, true);
    let (saves, builds) = among(&mut saver, &mut cold);
    let median = saves[saves.len() / 2];
    let part = ratio(median, &builds);
    eprintln!("  watch, {what} saved, to its bundle: {part:.2} of a cold build ({median:.1?})");
    part <= most
}

/// Memory after many saves of our own small theme against memory after fewer.
pub(crate) fn memory() -> bool {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let theme = folder.path().join("theme");
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/themes/shop");
    copy_folder(&shop, &theme).expect("a copy of the theme");
    let mut saver = Saver::new(&theme, SAVED[0].1, true);
    let mut held = Vec::new();
    for change in 1..=CHANGES {
        saver.save();
        if [CHANGES / 10, CHANGES].contains(&change) {
            held.extend(resident());
        }
    }
    let [early, late] = held[..] else { return true };
    let growth = late / early;
    eprintln!(
        "watch, memory after {CHANGES} changes: {growth:.3} times that after a tenth ({late} kB)"
    );
    growth <= MAX_GROWTH
}

/// The memory of this process in kilobytes, where the system shows it.
fn resident() -> Option<f64> {
    let text = read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
