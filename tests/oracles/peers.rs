//! The official tool's `push` and `download`, and ours, do the same on the stand-in of a store: how many requests that
//! takes, and what is there afterwards.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use libtest_mimic::{Failed, Trial};
use serde_json::json;

use crate::stand_in::{HASH, StandIn, TOKEN};
use crate::{bundler, deployed, node};

/// Ours asks more: what the channel shows before, whether the theme is there already, and afterwards whether all is
/// as it should be. It is never more than this many requests.
const MORE: usize = 7;

pub(crate) fn trials() -> Vec<Trial> {
    let trial = |theme: std::path::PathBuf| {
        let name = theme.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let name = format!("peers::{name}");
        node::trial(bundler::KIND, &name, bundler::missing(), move || same_job(&theme))
    };
    deployed::themes().map(trial).collect()
}

fn same_job(theme: &Path) -> Result<(), Failed> {
    let place = tempfile::tempdir()?;
    let bundle = place.path().join("bundle.zip");
    run(program().arg("bundle").arg(theme).arg("--bundle").arg(&bundle), "")?;
    let zip = std::fs::read(&bundle)?;
    for job in ["push", "download"] {
        let mut counts = Vec::new();
        let mut handed = Vec::new();
        for by in [official, ours] {
            let (store, folder) = (deployed::store(&bundle)?, tempfile::tempdir()?);
            by(&store, job, &bundle, folder.path())?;
            let state = store.state();
            let themes = if job == "push" { 3 } else { 2 };
            if state.shown(2).zip != zip || state.themes.len() != themes {
                return Err(format!("{job}: {} themes", state.themes.len()).into());
            }
            counts.push(state.log.len());
            handed.push(templates(folder.path())?);
        }
        if handed[0] != handed[1] || handed[0].is_empty() == (job == "download") {
            return Err(format!("{job}: not the same templates").into());
        }
        if counts[1] > counts[0] + MORE {
            return Err(format!("{job}: {counts:?} requests").into());
        }
    }
    Ok(())
}

/// The templates that a download brought, unpacked or not.
fn templates(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>, Failed> {
    let zip = folder.join("theme.zip");
    let theme = if zip.is_file() { zip.as_path() } else { folder };
    if !zip.is_file() && !folder.join("templates").is_dir() {
        return Ok(BTreeMap::new());
    }
    let theme = stencil_guard::theme::load(theme).map_err(|error| error.to_string())?;
    let paths = theme.files.keys().filter(|path| path.starts_with("templates/"));
    let bytes = |path: &String| theme.bytes(path).unwrap_or_default().to_vec();
    Ok(paths.map(|path| (path.clone(), bytes(path))).collect())
}

fn ours(store: &StandIn, job: &str, bundle: &Path, folder: &Path) -> Result<(), Failed> {
    let mut command = program();
    match job {
        "push" => command.arg(job).arg(bundle).args(["--activate", "--yes"]),
        _ => command.args([job, "--output", "theme.zip"]),
    };
    command.args(["--channel", "2", "--api-host", &store.host()]);
    command.env("BIGCOMMERCE_ACCESS_TOKEN", TOKEN).env("BIGCOMMERCE_STORE_HASH", HASH);
    run(command.env("XDG_STATE_HOME", folder).current_dir(folder), "")
}

fn official(store: &StandIn, job: &str, bundle: &Path, folder: &Path) -> Result<(), Failed> {
    let write =
        |name: &str, value: serde_json::Value| std::fs::write(folder.join(name), value.to_string());
    let host = store.host();
    let config = json!({ "normalStoreUrl": host, "apiHost": host, "customLayouts": {} });
    write("config.stencil.json", config)?;
    write("secrets.stencil.json", json!({ "accessToken": TOKEN }))?;
    let input = json!({ "job": job, "channel": 2, "bundle": bundle }).to_string();
    let script = bundler::folder().join("peers.mjs");
    run(Command::new("node").arg(script).current_dir(folder), &input)
}

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_stencil-guard"))
}

fn run(command: &mut Command, input: &str) -> Result<(), Failed> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    child.stdin.take().ok_or("no standard input")?.write_all(input.as_bytes())?;
    let output = child.wait_with_output()?;
    match output.status.success() {
        true => Ok(()),
        false => Err(format!("{command:?}: {output:?}").into()),
    }
}
