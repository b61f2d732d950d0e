//! The program against others that do the same, in the same run, as ratios: `build` and `bundle`
//! against `zip`, `bundle` against the official bundler, many templates against few, `watch`, and the page of
//! `serve`.
//!
//! `STENCIL_GUARD_THEMES=dir[:dir] cargo bench`; without it the shop theme, which is too small to say
//! much. `cargo bench -- watch` measures `watch` alone, and `-- serve` the page. Needs `zip` and `unzip`; the official bundler is left out where it is not installed.

#![allow(clippy::expect_used, clippy::print_stderr)] // a benchmark talks to the terminal

mod copies;
mod official;
mod serve;
mod watch;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

/// A build may take this part of the time that `zip` takes.
const MAX_RATIO_TO_ZIP: f64 = 0.9;
/// And a bundle this part of the time that a quick `zip` takes, with its styles checked or not.
const MAX_RATIO_TO_QUICK_ZIP: f64 = 0.7;
/// The options of a quick `zip`.
const QUICK: &[&str] = &["-1", "-q", "-r"];
/// A check may take this part of the time that a build takes.
const MAX_RATIO_TO_BUILD: f64 = 0.5;
/// And either this much memory, in megabytes.
const MAX_MEMORY: u64 = 150;
/// Ten times as many templates may take this many times as long.
const MAX_RATIO_TO_TEN_COPIES: f64 = 12.0;
const RUNS: usize = 9;

fn main() -> ExitCode {
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/themes/shop");
    let themes = std::env::var("STENCIL_GUARD_THEMES")
        .map_or(vec![shop], |themes| std::env::split_paths(&themes).collect::<Vec<PathBuf>>());
    let alone = std::env::args().find(|argument| ["serve", "watch"].contains(&argument.as_str()));
    let measure = |theme: &&PathBuf| {
        eprintln!("{}", theme.display());
        match alone.as_deref() {
            Some("serve") => serve::clicks(theme),
            Some(_) => watch::measure(theme),
            None => measure(theme) & watch::measure(theme),
        }
    };
    let within = themes.iter().filter(measure).count();
    let is_level = alone.as_deref() == Some("serve") || watch::memory();
    match within == themes.len() && is_level {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// Measures one theme, says what came out and whether that is within bounds.
fn measure(theme: &Path) -> bool {
    let storefront = ["--storefront", "https://shop.example.com"];
    let folder = tempfile::tempdir().expect("a temporary folder");
    let bundle = folder.path().join("bundle.zip");
    [
        against_zip(
            "build",
            build(theme, &bundle).args(storefront),
            &["-q", "-r"],
            MAX_RATIO_TO_ZIP,
        ),
        against_zip("bundle", &mut ours(theme, &bundle), QUICK, MAX_RATIO_TO_QUICK_ZIP),
        against_zip(
            "bundle, styles checked",
            &mut checked(theme, &bundle),
            QUICK,
            MAX_RATIO_TO_QUICK_ZIP,
        ),
        check(theme),
        many_templates(theme),
        official::compare(theme),
        serve::clicks(theme),
    ]
    .iter()
    .all(|within| *within)
}

pub(crate) fn build(theme: &Path, bundle: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stencil-guard"));
    command.arg("build").arg(theme).arg("--bundle").arg(bundle).arg("--no-style-check");
    command
}

/// Measures `check` of a guarded theme against `build`.
fn check(theme: &Path) -> bool {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (guarded, bundle) = (folder.path().join("guarded"), folder.path().join("bundle.zip"));
    let mut build = build(theme, &bundle);
    build.args(["--storefront", "https://shop.example.com"]);
    let mut writing = Command::new(build.get_program());
    run(writing.args(build.get_args()).arg("--out").arg(&guarded));
    let mut check = Command::new(env!("CARGO_BIN_EXE_stencil-guard"));
    check.arg("check").arg(guarded).args(["--format", "json"]);
    let (checked, built, _) = alternate(&mut check, &mut build);
    let ratio = checked.as_secs_f64() / built.as_secs_f64();
    eprintln!("  check: {ratio:.2} times `build`");
    ratio <= MAX_RATIO_TO_BUILD
}

/// Our bundle of a theme, its style sheets checked.
fn checked(theme: &Path, bundle: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stencil-guard"));
    command.arg("bundle").arg(theme).arg("--bundle").arg(bundle);
    command
}

/// Our bundle of a theme, its style sheets left alone.
pub(crate) fn ours(theme: &Path, bundle: &Path) -> Command {
    let mut command = checked(theme, bundle);
    command.arg("--no-style-check");
    command
}

/// Measures a command that writes a bundle against `zip` of the same entries.
fn against_zip(name: &str, command: &mut Command, options: &[&str], most: f64) -> bool {
    let bundle = command.get_args().skip_while(|argument| *argument != "--bundle").nth(1);
    let bundle = PathBuf::from(bundle.expect("the command names its bundle"));
    run(command);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let entries = folder.path().join("entries");
    run(Command::new("unzip").arg("-q").arg(&bundle).arg("-d").arg(&entries));
    let mut zip = Command::new("sh");
    let line = format!("rm -f ../zipped.zip && zip {} ../zipped.zip .", options.join(" "));
    zip.arg("-c").arg(&line).current_dir(&entries);
    let (time, zipped, memory) = alternate(command, &mut zip);
    let ratio = time.as_secs_f64() / zipped.as_secs_f64();
    eprintln!("  {name}: {ratio:.2} times `zip {}`, {memory} MB", options.join(" "));
    ratio <= most && memory < MAX_MEMORY
}

/// The fastest of many runs each, and the first one's peak memory in megabytes. Alternating, so that
/// a busy moment hits both; the fastest run is the least disturbed.
fn alternate(one: &mut Command, other: &mut Command) -> (Duration, Duration, u64) {
    let mut found = (Duration::MAX, Duration::MAX, 0);
    for _ in 0..RUNS {
        let (time, peak) = run(one);
        found = (found.0.min(time), found.1.min(run(other).0), found.2.max(peak));
    }
    found
}

/// Measures ten renamed copies of all templates against the templates alone.
fn many_templates(theme: &Path) -> bool {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let [few, many] = ["few", "many"].map(|name| folder.path().join(name));
    copies::write(theme, &few, 1).expect("a copy of the theme");
    copies::write(theme, &many, 10).expect("a copy of the theme");
    let [mut few, mut many] = [few, many].map(|theme| ours(&theme, &theme.with_extension("zip")));
    let (time, one, memory) = alternate(&mut many, &mut few);
    let ratio = time.as_secs_f64() / one.as_secs_f64();
    eprintln!("  ten copies of all templates: {ratio:.1} times the time of one, {memory} MB");
    ratio <= MAX_RATIO_TO_TEN_COPIES
}

/// Time and peak memory in megabytes; memory is looked at now and then, where the system shows it.
pub(crate) fn run(command: &mut Command) -> (Duration, u64) {
    let start = Instant::now();
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = quiet.spawn().expect("the program starts");
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
    assert!(status.success(), "{command:?} failed: {:?}", command.stderr(Stdio::piped()).output());
    (start.elapsed(), peak)
}
