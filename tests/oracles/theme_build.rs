//! The theme's own build, run by Node.js as the official tool runs it, and ended with all its children.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use libtest_mimic::{Failed, Trial};

use crate::node;

type Test = fn() -> Result<(), Failed>;

const TESTS: [(&str, Test); 7] = [
    ("worker", worker),
    ("production_export", production_export),
    ("mjs_before_cjs", mjs_before_cjs),
    ("ended_early", ended_early),
    ("failed", failed),
    ("time_limit", time_limit),
    ("killed", killed),
];

/// Writes a marker as soon as any of its code runs.
const MARK: &str = "require('fs').writeFileSync('marker', '');\n";
const WORKER: &str = "if (process.send) {
    process.on('message', message => {
        if (message !== 'production') return;
        console.log('BUILDING in ' + require('path').basename(process.cwd()));
        require('fs').mkdirSync('assets/dist', { recursive: true });
        require('fs').writeFileSync('assets/dist/a.js', 'built');
        process.send('done');
    });
    process.send('ready');
}
";
/// Starts a child, writes down its number and that of the worker, and never ends.
const ENDLESS: &str = "if (process.send) {
    const { spawn } = require('child_process');
    const child = spawn('sleep', ['1000']);
    require('fs').writeFileSync('pids.tmp', process.pid + ' ' + child.pid);
    require('fs').renameSync('pids.tmp', 'pids');
}
while (true) {}
";

pub(crate) fn trials() -> Vec<Trial> {
    let missing = (!node::runs()).then_some("node is not installed");
    let trial = |(name, test): (&str, Test)| {
        node::trial("node", &format!("theme_build::{name}"), missing, test)
    };
    TESTS.into_iter().map(trial).collect()
}

/// The shop, not built, with a build of these files.
pub(crate) fn shop(files: &[(&str, &str)]) -> Result<(tempfile::TempDir, PathBuf), Failed> {
    let place = tempfile::tempdir()?;
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/themes/shop");
    let theme = place.path().join("shop");
    for entry in walkdir::WalkDir::new(&from) {
        let entry = entry?;
        let target = theme.join(entry.path().strip_prefix(&from)?);
        match entry.file_type().is_dir() {
            true => std::fs::create_dir_all(target)?,
            false => std::fs::copy(entry.path(), target).map(drop)?,
        }
    }
    std::fs::remove_file(theme.join("stencil.conf.cjs"))?;
    for (name, text) in files {
        std::fs::write(theme.join(name), text)?;
    }
    Ok((place, theme))
}

fn command(theme: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stencil-guard"));
    command.args(["bundle", "shop", "--bundle", "out.zip", "--no-style-check"]).args(arguments);
    command.current_dir(theme.parent().unwrap_or(theme)).stdin(Stdio::null());
    command
}

fn bundle(theme: &Path, arguments: &[&str]) -> Result<Output, Failed> {
    Ok(command(theme, arguments).output()?)
}

fn ensure(holds: bool, output: &Output) -> Result<(), Failed> {
    if holds { Ok(()) } else { Err(format!("{output:?}").into()) }
}

fn worker() -> Result<(), Failed> {
    let (_place, theme) = shop(&[("stencil.conf.cjs", &format!("{MARK}{WORKER}"))])?;
    let unasked = bundle(&theme, &[])?;
    ensure(unasked.status.success() && !theme.join("marker").exists(), &unasked)?;
    let asked = bundle(&theme, &["--run-build", "--format", "json"])?;
    let shown = String::from_utf8_lossy(&asked.stderr);
    ensure(asked.status.success() && shown.contains("BUILDING in shop"), &asked)?;
    serde_json::from_slice::<serde_json::Value>(&asked.stdout)?;
    let zip = std::fs::read(theme.with_file_name("out.zip"))?;
    let holds = |name: &str| memchr::memmem::find(&zip, name.as_bytes()).is_some();
    ensure(holds("assets/dist/a.js") && !holds("marker"), &asked)
}

fn production_export() -> Result<(), Failed> {
    let text = "exports.production = done => { require('fs').writeFileSync('assets/own.js', ''); setTimeout(done, 10); };\nif (process.send) setInterval(() => {}, 1000);";
    let (_place, theme) = shop(&[("stencil.conf.cjs", text)])?;
    let output = bundle(&theme, &["--run-build"])?;
    ensure(output.status.success() && theme.join("assets/own.js").exists(), &output)
}

fn mjs_before_cjs() -> Result<(), Failed> {
    let module = WORKER.replace("require('fs')", "fs").replace("require('path')", "path");
    let module = format!("import fs from 'fs';\nimport path from 'path';\n{module}");
    let (_place, theme) = shop(&[("stencil.conf.mjs", &module), ("stencil.conf.cjs", MARK)])?;
    let output = bundle(&theme, &["--run-build"])?;
    ensure(output.status.success() && theme.join("assets/dist/a.js").exists(), &output)?;
    ensure(!theme.join("marker").exists(), &output)
}

/// Nothing is written, and the message says what is wrong.
fn fails(text: &str, arguments: &[&str], message: &str) -> Result<(), Failed> {
    let (_place, theme) = shop(&[("stencil.conf.js", text)])?;
    let output = bundle(&theme, &[&["--run-build"], arguments].concat())?;
    let shown = String::from_utf8_lossy(&output.stderr);
    ensure(output.status.code() == Some(2) && shown.contains(message), &output)?;
    ensure(!theme.with_file_name("out.zip").exists(), &output)?;
    let is_unchanged = theme.join("stencil.conf.js").exists();
    ensure(is_unchanged && !theme.join("stencil.conf.cjs").exists(), &output)?;
    match std::fs::read_to_string(theme.join("pids")) {
        Ok(pids) => all_gone(&pids),
        Err(_) => Ok(()),
    }
}

fn ended_early() -> Result<(), Failed> {
    fails(
        "if (process.send) process.send('ready');\nsetTimeout(() => process.exit(0), 500);",
        &[],
        "ended before it was done",
    )
}

fn failed() -> Result<(), Failed> {
    fails("throw new Error('BROKEN BUILD');", &[], "BROKEN BUILD")?;
    fails("exports.production = done => done('BROKEN');", &[], "the theme's build failed")
}

fn time_limit() -> Result<(), Failed> {
    fails(ENDLESS, &["--build-timeout", "2"], "ended after 2 seconds")?;
    let quiet = ENDLESS.replace("while (true) {}", "setInterval(() => {}, 1000)");
    fails(&quiet, &["--build-timeout", "2"], "ended after 2 seconds")
}

/// Whatever ends us ends the theme's build, too.
fn killed() -> Result<(), Failed> {
    let quiet = ENDLESS.replace("while (true) {}", "setInterval(() => {}, 1000)");
    let (_place, theme) = shop(&[("stencil.conf.cjs", &quiet)])?;
    let mut ours = command(&theme, &["--run-build"]).stderr(Stdio::null()).spawn()?;
    let pids = until(|| std::fs::read_to_string(theme.join("pids")).ok());
    ours.kill()?;
    ours.wait()?;
    all_gone(&pids.ok_or("the worker did not start")?)
}

/// Whether processes, by their numbers, come to an end.
fn all_gone(pids: &str) -> Result<(), Failed> {
    let is_gone = |pid: &str| {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        // Ended, and not yet looked at by whoever inherited it.
        status.is_empty() || status.contains("State:\tZ")
    };
    let gone = until(|| pids.split(' ').all(is_gone).then_some(()));
    gone.ok_or_else(|| format!("one of {pids} is still there").into())
}

/// Tries again for as long as a slow machine may need.
fn until<T>(mut attempt: impl FnMut() -> Option<T>) -> Option<T> {
    (0..600).find_map(|_| {
        attempt().or_else(|| {
            std::thread::sleep(Duration::from_millis(50));
            None
        })
    })
}
