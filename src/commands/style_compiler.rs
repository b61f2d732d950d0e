//! Compiles each style sheet in a process of its own: on hostile input, the library may hang, overflow the
//! stack or use up all memory, and only a process can be ended then.
//!
//! The process runs this program again, and ends itself, so that it never outlives its task for long.

use crate::bundle::style_check::{self, StyleCompiler, StyleOutcome, StyleSheet};
use std::io::{self, Read, Write};
use std::process::{Command, Stdio, exit};
use std::time::{Duration, Instant};

/// The hidden command that compiles one style sheet.
pub const COMMAND: &str = "compile-style-sheet";
/// The exit statuses for too much time and for too much memory.
const TOO_LONG: i32 = 81;
const TOO_MUCH: i32 = 82;
/// The limits of time and memory; large themes need a second, and less than 100 MB.
const LONGEST: Duration = Duration::from_secs(30);
const MAX_PAGES: usize = (1 << 30) / 4096;

/// Runs this program for each style sheet.
pub(super) struct OwnProcess;

impl StyleCompiler for OwnProcess {
    fn compile(&self, sheet: &StyleSheet) -> StyleOutcome {
        ask(sheet).unwrap_or_else(|error| {
            StyleOutcome::Unfinished(format!("the check could not be run: {error}"))
        })
    }
}

fn ask(sheet: &StyleSheet) -> io::Result<StyleOutcome> {
    let question = serde_json::to_vec(sheet)?;
    let mut child = Command::new(std::env::current_exe()?)
        .arg(COMMAND)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    // The child reads all input before it answers; if it ends early, its exit status says why.
    let sent = child.stdin.take().map(|mut input| input.write_all(&question));
    let output = child.wait_with_output()?;
    match output.status.code() {
        Some(0) => sent.transpose().and(Ok(serde_json::from_slice(&output.stdout)?)),
        Some(TOO_LONG) => Ok(unfinished("its compilation takes too long")),
        Some(TOO_MUCH) => Ok(unfinished("its compilation takes too much memory")),
        _ => Ok(unfinished(
            "its compilation nests too deeply, as when a function calls itself without end",
        )),
    }
}

fn unfinished(why: &str) -> StyleOutcome {
    StyleOutcome::Unfinished(why.to_owned())
}

/// Runs in the child process: reads a style sheet as JSON from `input`, and returns the outcome as JSON.
///
/// # Errors
/// When the input is not a style sheet.
pub fn compile(mut input: impl Read) -> io::Result<String> {
    let mut question = Vec::new();
    input.read_to_end(&mut question)?;
    let sheet: StyleSheet = serde_json::from_slice(&question)?;
    std::thread::spawn(watch);
    Ok(serde_json::to_string(&style_check::compile(&sheet))?)
}

/// Ends the process if it takes too much time or, where the system reports it, too much memory.
fn watch() {
    let start = Instant::now();
    loop {
        std::thread::sleep(Duration::from_millis(20));
        if start.elapsed() > LONGEST {
            exit(TOO_LONG);
        }
        if resident_pages() > MAX_PAGES {
            exit(TOO_MUCH);
        }
    }
}

fn resident_pages() -> usize {
    let sizes = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    sizes.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or_default()
}
