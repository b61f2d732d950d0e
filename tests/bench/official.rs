//! `bundle` against the official bundler as a library, with a folder of packages and without.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::copies::copy_folder;
use crate::{ours, run};

/// How many times faster we are where the official bundler walks through packages, and where not.
const WITH_PACKAGES: f64 = 40.0;
const WITHOUT: f64 = 15.0;
const RUNS: usize = 3;

/// Measures a theme beside packages, as many as the official bundler has itself, and with packages
/// behind a link, which it does not walk.
pub(crate) fn compare(theme: &Path) -> bool {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracles/bundler");
    if !own.join("node_modules").is_dir() || cfg!(not(unix)) {
        eprintln!("  the official bundler is not installed");
        return true;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let copy = folder.path().join("theme");
    copy_theme(theme, &copy);
    let packages = folder.path().join("packages");
    copy_folder(&own.join("node_modules"), &packages).expect("a copy of the packages");
    copy_folder(&theme.join("node_modules"), &packages).expect("a copy of the theme's packages");
    let place = copy.join("node_modules");
    link(&packages, &place);
    let pruned = faster(&own, &copy, "with packages behind a link", WITHOUT);
    std::fs::remove_file(&place).expect("the link goes");
    std::fs::rename(&packages, &place).expect("the packages move");
    pruned & faster(&own, &copy, "with packages", WITH_PACKAGES)
}

/// Copies all of a theme but its packages.
pub(crate) fn copy_theme(theme: &Path, copy: &Path) {
    std::fs::create_dir_all(copy).expect("a folder");
    for entry in std::fs::read_dir(theme).expect("the theme").flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        if name == "node_modules" || name == ".git" {
            continue;
        }
        copy_folder(&path, &copy.join(name)).expect("a copy of the theme");
    }
}

#[cfg(unix)]
pub(crate) fn link(from: &Path, to: &Path) {
    std::os::unix::fs::symlink(from, to).expect("a link");
}

#[cfg(not(unix))]
pub(crate) fn link(_from: &Path, _to: &Path) {}

fn faster(bundler: &Path, theme: &Path, what: &str, least: f64) -> bool {
    let zip = theme.with_extension("zip");
    let (mut own, mut official) = (Duration::MAX, Duration::MAX);
    for _ in 0..RUNS {
        official = official.min(official_time(bundler, theme));
        for _ in 0..RUNS {
            own = own.min(run(&mut ours(theme, &zip)).0);
        }
    }
    let ratio = official.as_secs_f64() / own.as_secs_f64();
    let times = [official, own].map(|time| time.as_secs_f64());
    eprintln!("  {ratio:.0} times as fast as the official bundler {what}: {times:.2?} s");
    ratio >= least
}

/// How long the official bundler takes, from start to end.
fn official_time(bundler: &Path, theme: &Path) -> Duration {
    let folder: PathBuf = theme.with_extension("official");
    std::fs::create_dir_all(&folder).expect("a folder");
    let request = serde_json::json!({"id": 1, "theme": theme, "zip": folder});
    let start = Instant::now();
    let mut child = Command::new("node")
        .arg(bundler.join("whole.mjs"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node starts");
    let mut input = child.stdin.take().expect("an input");
    writeln!(input, "{request}").expect("a request");
    drop(input);
    let output = child.wait_with_output().expect("an answer");
    let time = start.elapsed();
    let answer = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(answer.contains("\"zip\""), "the official bundler fails: {answer}");
    time
}
