//! How a report looks and works in a real browser, which is asked by `report.js`.
//!
//! What the report says is for the test suite; here it is whether people can read it.

use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};

use crate::node::Driver;
use crate::{browser, engine};

static BROWSER: Driver = Driver::new("report.js");

/// Ways to guard that make reports of every kind.
const MODES: [(&str, &[&str]); 4] = [
    ("redirect", &[]),
    ("replace", &["--mode", "replace"]),
    ("conditional", &["--mode", "conditional", "--allow-group", "7", "--keep", "cart"]),
    ("links", &["--mode", "links", "--keep", "cart"]),
];

/// Window, colours and medium.
const VIEWS: [(usize, &str, &str); 5] = [
    (360, "light", "screen"),
    (360, "dark", "screen"),
    (1440, "light", "screen"),
    (1440, "dark", "screen"),
    (720, "dark", "print"),
];

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials: Vec<Trial> = Vec::new();
    for theme in themes() {
        let name = theme.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for (mode, arguments) in MODES {
            let theme = theme.clone();
            let name = format!("report::{name}::{mode}");
            trials.push(browser::trial(&name, move || reads_well(&theme, arguments)));
        }
    }
    trials.push(browser::trial("report::faults_are_detected", faults_are_detected));
    trials
}

/// The themes whose report is looked at: the shop, one in which pages are open to nobody, and those that
/// the user names.
fn themes() -> Vec<PathBuf> {
    let own = |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/themes").join(name);
    let is_own = |theme: &PathBuf| theme.starts_with(env!("CARGO_MANIFEST_DIR"));
    let more = engine::themes().into_iter().filter(|theme| !is_own(theme));
    [own("shop"), own("odd-broken")].into_iter().chain(more).collect()
}

fn reads_well(theme: &Path, arguments: &[&str]) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("report.html");
    write(theme, &file, arguments)?;
    let size = std::fs::metadata(&file)?.len();
    if size >= 1_000_000 {
        return Err(format!("the report has {size} bytes").into());
    }
    let mut faults = Vec::new();
    for view in VIEWS {
        faults.extend(look(&file, view)?.into_iter().map(|fault| format!("{view:?}: {fault}")));
    }
    faults.extend(ask(json!({ "op": "use", "file": file }))?);
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n").into()) }
}

fn write(theme: &Path, file: &Path, arguments: &[&str]) -> Result<(), Failed> {
    let output = Command::new(env!("CARGO_BIN_EXE_stencil-guard"))
        .arg("report")
        .arg(theme)
        .args(["--storefront", "https://shop.example.com", "--output"])
        .arg(file)
        .args(arguments)
        .output()?;
    // Pages that a theme's own faults leave open have a report, too.
    match output.status.code() {
        Some(0 | 1) if file.is_file() => Ok(()),
        _ => Err(String::from_utf8_lossy(&output.stderr).into_owned().into()),
    }
}

fn look(file: &Path, (width, scheme, media): (usize, &str, &str)) -> Result<Vec<String>, Failed> {
    ask(json!({ "op": "look", "file": file, "width": width, "scheme": scheme, "media": media }))
}

/// What is not as it should be.
fn ask(mut request: Value) -> Result<Vec<String>, Failed> {
    request["executable"] = json!(browser::executable());
    let answer = BROWSER.ask(request)?;
    match (answer["error"].as_str(), answer["faults"].as_array()) {
        (None, Some(faults)) => {
            Ok(faults.iter().filter_map(Value::as_str).map(str::to_owned).collect())
        }
        (error, _) => Err(error.unwrap_or("there is no answer").into()),
    }
}

/// A report that is damaged on purpose is not praised.
fn faults_are_detected() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("report.html");
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/themes/shop");
    write(&shop, &file, &[])?;
    let whole = std::fs::read_to_string(&file)?;
    let damages = [
        ("</h1>", "</h1><img src=\"https://shop.example.com/x.png\" alt=\"\">", "says: "),
        ("</h1>", "</h1><script>1</script>", "says: "),
        ("</h1>", "</h1><p style=\"min-width: 2000px\">wide</p>", "is 2"),
        ("</h1>", "</h1><p style=\"color: #999; background: #fff\">pale</p>", "contrast 2.8"),
        ("</h1>", "</h1><h4>deep</h4>", "leaps from heading 1 to 4"),
        ("</h1>", "</h1><p>one</p><p style=\"margin-top: -1.5em\">other</p>", "overlap: "),
        ("<span class=\"label\">guarded</span>", "", "has a card without an outcome"),
        ("href=\"#icon-kept\"", "href=\"#icon-open\"", "has a card whose sign"),
    ];
    for (from, to, fault) in damages {
        let damaged = whole.replace(from, to);
        if damaged == whole {
            return Err(format!("there is no {from} to damage").into());
        }
        std::fs::write(&file, damaged)?;
        let faults = look(&file, (1440, "light", "screen"))?;
        if !faults.iter().any(|seen| seen.starts_with(fault)) {
            return Err(format!("{to} is not seen: {faults:?}").into());
        }
    }
    let damages = [
        ("<summary>", "<summary tabindex=\"-1\">", "lets the keyboard reach"),
        ("3px solid", "0 none", "does not show the focus"),
        ("<main>", "<div>", "has no main"),
        ("::details-content", "::marker", "hides "),
        ("id=\"file-", "id=\"other-", "there is no place for"),
    ];
    for (from, to, fault) in damages {
        std::fs::write(&file, whole.replace(from, to))?;
        let faults = ask(json!({ "op": "use", "file": file }))?;
        if !faults.iter().any(|seen| seen.starts_with(fault)) {
            return Err(format!("{to} is not seen: {faults:?}").into());
        }
    }
    Ok(())
}
