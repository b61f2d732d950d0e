//! `build` against `zip -q -r` of the bundle's own entries, in the same run, as a ratio; the bound is for
//! a build without the check of style sheets, and that with it is told, too.
//!
//! `STENCIL_GUARD_THEMES=dir[:dir] cargo bench`; without it the shop theme, which is too small to say
//! much. Needs `zip` and `unzip`.

#![allow(clippy::expect_used, clippy::print_stderr)] // a benchmark talks to the terminal

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

/// A build may take this part of the time that `zip` takes.
const MOST_TIME: f64 = 0.9;
/// And this much memory, in megabytes.
const MOST_MEMORY: u64 = 150;
const RUNS: usize = 9;

fn main() -> ExitCode {
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/themes/shop");
    let themes = std::env::var("STENCIL_GUARD_THEMES")
        .map_or(vec![shop], |themes| std::env::split_paths(&themes).collect::<Vec<PathBuf>>());
    let within = themes.iter().filter(|theme| measure(theme)).count();
    if within == themes.len() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Measures one theme, says what came out and whether that is within bounds.
fn measure(theme: &Path) -> bool {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let bundle = folder.path().join("bundle.zip");
    let entries = folder.path().join("entries");
    let mut build = Command::new(env!("CARGO_BIN_EXE_stencil-guard"));
    build
        .arg("build")
        .arg(theme)
        .args(["--storefront", "https://shop.example.com", "--bundle"])
        .arg(&bundle);
    let mut checking = Command::new(build.get_program());
    checking.args(build.get_args());
    build.arg("--no-style-check");
    run(&mut build);
    run(Command::new("unzip").arg("-q").arg(&bundle).arg("-d").arg(&entries));
    let mut zip = Command::new("sh");
    zip.args(["-c", "rm -f ../zipped.zip && zip -q -r ../zipped.zip ."]).current_dir(&entries);
    // Alternating, so that a busy moment hits both; the fastest run is the least disturbed.
    let (mut built, mut zipped, mut memory) = (Duration::MAX, Duration::MAX, 0);
    let mut checked = Duration::MAX;
    for _ in 0..RUNS {
        let (time, peak) = run(&mut build);
        built = built.min(time);
        memory = memory.max(peak);
        checked = checked.min(run(&mut checking).0);
        zipped = zipped.min(run(&mut zip).0);
    }
    let ratio = built.as_secs_f64() / zipped.as_secs_f64();
    let with_styles = checked.as_secs_f64() / zipped.as_secs_f64();
    eprintln!(
        "{}: {ratio:.2} times `zip`, {with_styles:.2} with its styles checked, {memory} MB",
        theme.display()
    );
    ratio <= MOST_TIME && memory < MOST_MEMORY
}

/// Time and peak memory in megabytes; memory is looked at now and then, where the system shows it.
fn run(command: &mut Command) -> (Duration, u64) {
    let start = Instant::now();
    let mut child = command.stdout(Stdio::null()).spawn().expect("the program starts");
    let status_file = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    let status = loop {
        if let Some(status) = child.try_wait().expect("the program can be waited for") {
            break status;
        }
        let text = std::fs::read_to_string(&status_file).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
        let kilobytes: String = line.chars().filter(char::is_ascii_digit).collect();
        peak = peak.max(kilobytes.parse().unwrap_or(0) / 1024);
        std::thread::sleep(Duration::from_millis(1));
    };
    assert!(status.success(), "{command:?} failed");
    (start.elapsed(), peak)
}
