//! The SARIF of `check` against the schema of the standard, by a validator of its own.

use std::path::Path;
use std::process::Command;

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};

use crate::engine::{self, trial};
use crate::node;

const STOREFRONT: &str = "https://shop.example.com";

pub(crate) fn trials() -> Vec<Trial> {
    let missing = node::missing_package("@microsoft/jest-sarif");
    let mut trials = vec![
        trial("sarif::faults_are_detected", missing, faults_are_detected),
        trial("sarif::failed_run", missing, failed_run),
    ];
    for theme in engine::themes() {
        let name = theme.file_name().unwrap_or_default().to_string_lossy().into_owned();
        trials.push(trial(&format!("sarif::{name}"), missing, move || of_theme(&theme)));
    }
    trials
}

/// A theme as it stands, with pages that are open; guarded, with nothing wrong; and with ways out.
fn of_theme(theme: &Path) -> Result<(), Failed> {
    let open = valid(&check(theme, &[])?)?;
    if !open.contains(&"open-page".to_owned()) {
        return Err(format!("there is no open page among {open:?}").into());
    }
    let folder = tempfile::tempdir()?;
    let modes: [(&str, &[&str]); 3] =
        [("redirect", &[]), ("replace", &["--mode", "replace"]), ("links", &["--mode", "links"])];
    for (mode, arguments) in modes {
        let out = folder.path().join(mode);
        engine::build(theme, STOREFRONT, &out, arguments)?;
        let codes = valid(&check(&out, &["--storefront", STOREFRONT])?)?;
        let is_open = codes.contains(&"open-page".to_owned());
        if is_open != (mode == "links") {
            return Err(format!("{mode}: {codes:?}").into());
        }
    }
    Ok(())
}

fn failed_run() -> Result<(), Failed> {
    valid(&check(Path::new("/nowhere/at/all"), &[])?).map(drop)
}

fn check(theme: &Path, arguments: &[&str]) -> Result<Value, Failed> {
    let output = Command::new(env!("CARGO_BIN_EXE_stencil-guard"))
        .arg("check")
        .arg(theme)
        .args(["--format", "sarif"])
        .args(arguments)
        .output()?;
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The codes of the findings in a valid log.
fn valid(log: &Value) -> Result<Vec<String>, Failed> {
    let faults = faults(log)?;
    if !faults.is_empty() {
        return Err(faults.join("\n").into());
    }
    let results = log["runs"][0]["results"].as_array().ok_or("there are no results")?;
    let code = |result: &Value| result["ruleId"].as_str().unwrap_or_default().to_owned();
    Ok(results.iter().map(code).collect())
}

fn faults(log: &Value) -> Result<Vec<String>, Failed> {
    let answer = node::ask(json!({ "op": "sarif", "log": log }))?;
    match answer["faults"].as_array() {
        Some(faults) => Ok(faults.iter().map(ToString::to_string).collect()),
        None => Err(answer["error"].to_string().into()),
    }
}

/// Members of a log, each with what they must not become.
fn damages() -> [(&'static str, Value); 9] {
    [
        ("/version", json!("2.0.0")),
        ("/$schema", json!("no address")),
        ("/runs", json!({})),
        ("/runs/0/tool", json!({})),
        ("/runs/0/columnKind", json!("bytes")),
        ("/runs/0/results/0/message", json!({})),
        ("/runs/0/results/0/level", json!("fatal")),
        ("/runs/0/results/0/locations/0/physicalLocation/region/startLine", json!(0)),
        ("/runs/0/results/0/partialFingerprints/primaryLocationLineHash", Value::Null),
    ]
}

fn faults_are_detected() -> Result<(), Failed> {
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/themes/shop");
    let whole = check(&shop, &[])?;
    valid(&whole)?;
    for (member, value) in damages() {
        let mut log = whole.clone();
        *log.pointer_mut(member).ok_or_else(|| format!("there is no {member}"))? = value;
        if faults(&log)?.is_empty() {
            return Err(format!("nothing is wrong with another {member}").into());
        }
    }
    let mut log = whole;
    log["runs"][0]["results"][0]["verdict"] = json!("open");
    if faults(&log)?.is_empty() {
        return Err("nothing is wrong with a member that the standard does not know".into());
    }
    Ok(())
}
