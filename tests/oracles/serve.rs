//! The page of `serve` in a real browser, which is asked by `serve.js`.
//!
//! Who may talk to the server at all is for the test suite; here somebody drops themes on its page.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::browser;
use crate::node::Driver;

type Test = fn() -> Result<(), Failed>;

static BROWSER: Driver = Driver::new("serve.js");

const TESTS: [(&str, Test); 6] = [
    ("guards_as_the_command_line", guards),
    ("everybody_can_use_it", everybody),
    ("wrong_files", wrong_files),
    ("reload", reload),
    ("two_tabs", two_tabs),
    ("gone", gone),
];

pub(crate) fn trials() -> Vec<Trial> {
    let trial = |(name, test): (&str, Test)| browser::trial(&format!("serve::{name}"), test);
    TESTS.into_iter().map(trial).collect()
}

/// A running program with the address of its page.
struct Served {
    program: Child,
    address: String,
    place: TempDir,
}

impl Served {
    fn start() -> Result<Self, Failed> {
        let place = tempfile::tempdir()?;
        let mut program = Command::new(env!("CARGO_BIN_EXE_stencil-guard"))
            .args(["serve", "--no-open"])
            .current_dir(place.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let output = program.stdout.take().ok_or("no output")?;
        let mut address = String::new();
        BufReader::new(output).read_line(&mut address)?;
        Ok(Self { program, address: address.trim().to_owned(), place })
    }

    fn ask(&self, mut request: Value) -> Result<Value, Failed> {
        request["executable"] = json!(browser::executable());
        request["address"] = json!(self.address);
        let answer = BROWSER.ask(request)?;
        match answer["error"].as_str() {
            None => Ok(answer),
            Some(error) => Err(error.into()),
        }
    }

    /// The shop as a zip.
    fn shop(&self) -> Result<PathBuf, Failed> {
        let file = self.place.path().join("shop.zip");
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/themes/shop");
        let mut command = Command::new(env!("CARGO_BIN_EXE_stencil-guard"));
        let output = command.arg("bundle").arg(root).arg("--bundle").arg(&file).output()?;
        ensure(output.status.success(), &output)?;
        Ok(file)
    }

    fn file(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, Failed> {
        let file = self.place.path().join(name);
        std::fs::File::create(&file)?.write_all(bytes)?;
        Ok(file)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

fn ensure(holds: bool, seen: &impl std::fmt::Debug) -> Result<(), Failed> {
    if holds { Ok(()) } else { Err(format!("{seen:?}").into()) }
}

/// The bundle is the one that the shown command writes.
fn guards() -> Result<(), Failed> {
    let served = Served::start()?;
    let shop = served.shop()?;
    let more = json!({
        "paths": "catalyst", "fallback": "/help", "cart-param": "cartId", "search-engines": "canonical",
        "back-links": "storefront", "hide": ["edit-cart", "sign-out"], "guard-editor": true,
    });
    let none = json!({ "hide": [] });
    let cases = [
        ("redirect", "", &none),
        ("conditional", "7", &none),
        ("replace", "", &none),
        ("redirect", "", &more),
    ];
    for (mode, group, more) in cases {
        let answer = served.ask(json!({
            "op": "guard", "file": shop, "storefront": "https://www.example.com",
            "keep": ["cart", "auth/login"], "mode": mode, "group": group, "more": more,
        }))?;
        ensure(answer["faults"] == json!([]), &answer["faults"])?;
        let command = answer["command"].as_str().unwrap_or_default();
        let words: Vec<&str> = command.split(' ').collect();
        ensure(words.starts_with(&["stencil-guard", "build", "shop.zip"]), &command)?;
        for (name, value) in more.as_object().into_iter().flatten() {
            let is_named = value == &json!([]) || words.contains(&format!("--{name}").as_str());
            ensure(is_named, &(name, command))?;
        }
        let mut build = Command::new(env!("CARGO_BIN_EXE_stencil-guard"));
        build.args(&words[1..]).args(["--bundle", "own.zip"]).current_dir(served.place.path());
        let output = build.output()?;
        ensure(output.status.success(), &output)?;
        let own = std::fs::read(served.place.path().join("own.zip"))?;
        let page = answer["zip"].as_str().unwrap_or_default();
        ensure(page == base64(&own), &(command, own.len(), page.len()))?;
        // The settings file says the same.
        let settings = answer["settings"].as_str().unwrap_or_default();
        std::fs::write(served.place.path().join("stencil-guard.toml"), settings)?;
        let mut build = Command::new(env!("CARGO_BIN_EXE_stencil-guard"));
        build.args(["build", "shop.zip", "--bundle", "file.zip"]).current_dir(served.place.path());
        let output = build.output()?;
        ensure(output.status.success(), &output)?;
        std::fs::remove_file(served.place.path().join("stencil-guard.toml"))?;
        ensure(own == std::fs::read(served.place.path().join("file.zip"))?, &settings)?;
    }
    Ok(())
}

/// As browsers write it down.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = |chunk: &[u8]| {
        let bits = chunk.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - chunk.len()));
        let digit = |at: usize| match at <= chunk.len() {
            true => char::from(DIGITS[(bits >> (18 - 6 * at)) as usize & 63]),
            false => '=',
        };
        (0..4).map(digit).collect::<String>()
    };
    bytes.chunks(3).map(digits).collect()
}

fn everybody() -> Result<(), Failed> {
    let served = Served::start()?;
    let shop = served.shop()?;
    for width in [360, 768, 1024, 1440] {
        for scheme in ["light", "dark"] {
            let request = json!({ "op": "look", "file": shop, "width": width, "scheme": scheme });
            let answer = served.ask(request)?;
            ensure(answer["faults"] == json!([]), &(width, scheme, &answer["faults"]))?;
        }
    }
    Ok(())
}

fn wrong_files() -> Result<(), Failed> {
    let served = Served::start()?;
    let empty_zip = *b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    let cases: [(&str, &[u8], &str); 3] = [
        ("notes.txt", b"not a zip", "Cannot use notes.txt: it is damaged or no zip"),
        ("empty.zip", &empty_zip, "empty.zip is not a Stencil theme"),
        ("my théme & co.zip", b"PK", "my théme & co.zip"),
    ];
    for (name, bytes, message) in cases {
        let answer = served.ask(json!({ "op": "wrong", "file": served.file(name, bytes)? }))?;
        let said = answer["said"].as_str().unwrap_or_default();
        ensure(said.contains(message) && answer["isOffered"] == false, &answer)?;
    }
    Ok(())
}

fn reload() -> Result<(), Failed> {
    let served = Served::start()?;
    let answer = served.ask(json!({ "op": "reload", "file": served.shop()? }))?;
    let [before, after] = ["before", "after"].map(|key| answer[key] == true);
    let verdict = answer["verdicts"][0].as_str().unwrap_or_default();
    ensure(before && !after && verdict.contains("are guarded"), &answer)
}

fn two_tabs() -> Result<(), Failed> {
    let served = Served::start()?;
    let answer = served.ask(json!({ "op": "tabs", "file": served.shop()? }))?;
    let verdicts = [&answer["verdicts"][0], &answer["verdicts"][1]];
    ensure(verdicts[0] != verdicts[1] && verdicts.iter().all(|one| one.is_string()), &answer)
}

fn gone() -> Result<(), Failed> {
    let served = Served::start()?;
    let request = json!({ "op": "gone", "file": served.shop()?, "process": served.program.id() });
    let answer = served.ask(request)?;
    let said = answer["said"].as_str().unwrap_or_default();
    ensure(said.starts_with("The program does not answer."), &answer)
}
