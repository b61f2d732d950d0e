//! The step of the GitHub Action, run as the runner would run it, with the program of this checkout.

use std::path::Path;
use std::process::{Command, Output};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn step(place: &Path, inputs: &[(&str, &str)]) -> Output {
    let mut bash = Command::new("bash");
    bash.arg(Path::new(ROOT).join(".github/actions/stencil-guard/run.sh")).current_dir(place);
    bash.env("STENCIL_GUARD", env!("CARGO_BIN_EXE_stencil-guard"));
    let theme = Path::new(ROOT).join("tests/themes/shop");
    bash.env("THEME", theme).env("STOREFRONT", "https://shop.example.com");
    bash.env("BUNDLE", "guarded.zip").env("SARIF", "findings.sarif").env("ARGUMENTS", "");
    bash.envs(inputs.iter().copied()).output().unwrap()
}

#[test]
fn build_writes_a_bundle_and_takes_one_argument_per_line() {
    let place = tempfile::tempdir().unwrap();
    let arguments = "--keep\ncart\n\n--theme-name\nCheckout only\n";
    let output = step(place.path(), &[("COMMAND", "build"), ("ARGUMENTS", arguments)]);
    assert!(output.status.success(), "{output:?}");
    let bundle = std::fs::read(place.path().join("guarded.zip")).unwrap();
    assert!(bundle.starts_with(b"PK"));
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("Checkout only"), "{said}");
}

#[test]
fn check_writes_sarif_and_fails_when_a_page_is_open() {
    let place = tempfile::tempdir().unwrap();
    let output = step(place.path(), &[("COMMAND", "check")]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let sarif = std::fs::read_to_string(place.path().join("findings.sarif")).unwrap();
    let sarif: serde_json::Value = serde_json::from_str(&sarif).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
}

#[test]
fn commands_other_than_build_and_check_are_refused() {
    let place = tempfile::tempdir().unwrap();
    let output = step(place.path(), &[("COMMAND", "undo; echo")]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("::error::"));
}
