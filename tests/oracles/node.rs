//! Drives `engine.js`, one Node.js process for all trials, by JSON lines.
//!
//! Knows how to ask and what may be missing, not what the questions mean.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use serde_json::Value;

/// Long enough for any render; without it a hanging engine would hang the tests.
const PATIENCE: Duration = Duration::from_secs(60);

static ENGINE: OnceLock<Result<Mutex<Engine>, String>> = OnceLock::new();

struct Engine {
    requests: ChildStdin,
    answers: Receiver<String>,
    last_id: u64,
}

/// Why the engine cannot be asked here, if so.
pub(crate) fn missing() -> Option<&'static str> {
    let runs = Command::new("node")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !runs {
        return Some("node is not installed");
    }
    let package = folder().join("node_modules/@bigcommerce/stencil-paper");
    (!package.is_dir()).then_some("run `npm ci` in tests/oracles")
}

/// Whether `STENCIL_GUARD_REQUIRE` demands this kind of oracle.
pub(crate) fn required(kind: &str) -> bool {
    std::env::var("STENCIL_GUARD_REQUIRE")
        .is_ok_and(|kinds| kinds.split(',').any(|wanted| wanted.trim() == kind))
}

/// Sends a request, an object without `id`, and gives back the answer; `Err` if there is none.
///
/// An answer with `error` is an answer: the engine refused, the driver works.
pub(crate) fn ask(request: Value) -> Result<Value, String> {
    let engine = ENGINE
        .get_or_init(|| start().map(Mutex::new))
        .as_ref()
        .map_err(Clone::clone)?;
    let mut engine = engine
        .lock()
        .map_err(|_| "an earlier request failed".to_owned())?;
    engine.ask(request)
}

impl Engine {
    fn ask(&mut self, mut request: Value) -> Result<Value, String> {
        self.last_id += 1;
        request["id"] = self.last_id.into();
        // Node.js ends a line there, too.
        let line = request
            .to_string()
            .replace('\u{2028}', "\\u2028")
            .replace('\u{2029}', "\\u2029");
        writeln!(self.requests, "{line}").map_err(|error| format!("engine.js: {error}"))?;
        loop {
            let line = self
                .answers
                .recv_timeout(PATIENCE)
                .map_err(|error| format!("engine.js does not answer: {error}"))?;
            let answer: Value =
                serde_json::from_str(&line).map_err(|error| format!("{error} in: {line}"))?;
            // A late answer to a request that was given up is not ours.
            if answer["id"] == request["id"] {
                return Ok(answer);
            }
        }
    }
}

fn start() -> Result<Engine, String> {
    let mut child = Command::new("node")
        .arg("tests/oracles/engine.js")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
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
    Ok(Engine {
        requests,
        answers,
        last_id: 0,
    })
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracles")
}
