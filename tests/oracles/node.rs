//! Drives a Node.js process, one of a kind for all trials, by JSON lines.
//!
//! Knows how to ask and what may be missing, not what the questions mean.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use libtest_mimic::{Failed, Trial};
use serde_json::Value;

/// Long enough for anything asked; without it a hanging process would hang the tests.
const PATIENCE: Duration = Duration::from_secs(200);

/// `engine.js`, for all that needs no browser.
static ENGINE: Driver = Driver::new("engine.js");

/// A script of this folder, run by Node.js from the first question on.
pub(crate) struct Driver {
    script: &'static str,
    process: OnceLock<Result<Mutex<Process>, String>>,
}

struct Process {
    script: &'static str,
    requests: ChildStdin,
    answers: Receiver<String>,
    last_id: u64,
}

/// Whether Node.js is installed.
pub(crate) fn runs() -> bool {
    let mut version = Command::new("node");
    let version = version.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    version.status().is_ok_and(|status| status.success())
}

/// Why the engine cannot be asked here, if so.
pub(crate) fn missing() -> Option<&'static str> {
    missing_package("@bigcommerce/stencil-paper")
}

/// Why a package cannot be used here, if so.
pub(crate) fn missing_package(name: &str) -> Option<&'static str> {
    if !runs() {
        return Some("node is not installed");
    }
    (!packages().join(name).is_dir()).then_some("run `npm ci` in tests/oracles")
}

/// Whether `STENCIL_GUARD_REQUIRE` demands this kind of oracle.
fn required(kind: &str) -> bool {
    std::env::var("STENCIL_GUARD_REQUIRE")
        .is_ok_and(|kinds| kinds.split(',').any(|wanted| wanted.trim() == kind))
}

/// A trial that is listed as ignored where something is missing, unless its kind is required.
pub(crate) fn trial(
    kind: &str,
    name: &str,
    missing: Option<&'static str>,
    test: impl FnOnce() -> Result<(), Failed> + Send + 'static,
) -> Trial {
    let Some(reason) = missing else {
        return Trial::test(name, test);
    };
    Trial::test(name, move || Err(reason.into()))
        .with_kind(reason)
        .with_ignored_flag(!required(kind))
}

/// Asks `engine.js`.
pub(crate) fn ask(request: Value) -> Result<Value, String> {
    ENGINE.ask(request)
}

impl Driver {
    pub(crate) const fn new(script: &'static str) -> Self {
        Self { script, process: OnceLock::new() }
    }

    /// Sends a request, an object without `id`, and gives back the answer; `Err` if there is none.
    ///
    /// An answer with `error` is an answer: the engine refused, the driver works.
    pub(crate) fn ask(&self, request: Value) -> Result<Value, String> {
        let process = self
            .process
            .get_or_init(|| start(self.script).map(Mutex::new))
            .as_ref()
            .map_err(Clone::clone)?;
        let mut process = process.lock().map_err(|_| "an earlier request failed".to_owned())?;
        process.ask(request)
    }
}

impl Process {
    fn ask(&mut self, mut request: Value) -> Result<Value, String> {
        self.last_id += 1;
        request["id"] = self.last_id.into();
        // Node.js ends a line there, too.
        let line =
            request.to_string().replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
        let script = self.script;
        writeln!(self.requests, "{line}").map_err(|error| format!("{script}: {error}"))?;
        loop {
            let line = self
                .answers
                .recv_timeout(PATIENCE)
                .map_err(|error| format!("{script} does not answer: {error}"))?;
            let answer: Value =
                serde_json::from_str(&line).map_err(|error| format!("{error} in: {line}"))?;
            // A late answer to a request that was given up is not ours.
            if answer["id"] == request["id"] {
                return Ok(answer);
            }
        }
    }
}

fn start(script: &'static str) -> Result<Process, String> {
    let mut child = Command::new("node")
        .arg(Path::new("tests/oracles").join(script))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        // With more threads the official bundler's orders change from run to run.
        .env("UV_THREADPOOL_SIZE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("node: {error}"))?;
    let requests = child.stdin.take().ok_or("node has no standard input")?;
    let output = child.stdout.take().ok_or("node has no standard output")?;
    let (sender, answers) = channel();
    // The process ends by itself when its input closes, at the latest with this one.
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
        child.wait()
    });
    Ok(Process { script, requests, answers, last_id: 0 })
}

/// Where this crate's Node.js packages are.
pub(crate) fn packages() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracles/node_modules")
}
