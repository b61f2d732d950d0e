//! The page of `serve` in a real browser, which is asked by `serve.js`.
//!
//! Who may talk to the server at all is for the test suite; here somebody drops themes on its page.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::node::Driver;
use crate::stand_in::{HASH, TOKEN};
use crate::{browser, deployed};

type Test = fn() -> Result<(), Failed>;

static BROWSER: Driver = Driver::new("serve.js");

const TESTS: [(&str, Test); 11] = [
    ("builds_what_the_command_line_builds", guards),
    ("accepts_a_settings_file", accepts_settings),
    ("shows_mistakes_in_a_settings_file", refuses_settings),
    ("explains_why_the_checkout_stays", keeps_checkout),
    ("is_accessible_at_every_size", is_accessible),
    ("refuses_files_that_are_not_themes", wrong_files),
    ("reload_forgets_the_theme", reload),
    ("two_tabs_are_independent", two_tabs),
    ("says_when_the_program_is_gone", gone),
    ("deploys_and_rolls_back", deploys),
    ("missing_token_error_says_what_to_set", without_token),
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
        Self::with(&[], &[])
    }

    /// With further arguments, and variables in its environment.
    fn with(arguments: &[&str], variables: &[(&str, &str)]) -> Result<Self, Failed> {
        let place = tempfile::tempdir()?;
        let mut program = Command::new(env!("CARGO_BIN_EXE_stencil-guard"))
            .args(["serve", "--no-open"])
            .args(arguments)
            .envs(variables.iter().copied())
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

/// Storefronts for some shoppers, for which there is no flag.
const FURTHER: &str = "\
    # In France.\n[[storefronts]]\nhost = \"fr.store.example.com\"\nurl = \"https://www.example.fr\"\n\
    [[storefronts]]\nlocale = \"de\"\nurl = \"https://www.example.de\"\n\
    [[path]]\nfrom = \"/cart.php\"\nto = \"/basket\"\n";

/// A settings file that somebody has: each setting ends up in one place, and the theme is the same.
fn accepts_settings() -> Result<(), Failed> {
    let served = Served::start()?;
    let shop = served.shop()?;
    let fields = "storefront = \"https://www.example.com\"\nmode = \"replace\"\nsearch-engines = \"none\"\n\
        paths = \"catalyst\"\nkeep = [\"auth/*\"]\nno-keep = [\"order-confirmation\"]\nout = \"../guarded\"\n\n";
    let answer = served.ask(json!({
        "op": "take", "file": shop, "toml": format!("{fields}{FURTHER}"),
        "fields": ["storefront", "mode", "search-engines", "paths"],
    }))?;
    ensure(answer["faults"] == json!([]), &answer["faults"])?;
    let seen = &answer["fields"];
    for (field, value) in [
        ("storefront", "https://www.example.com"),
        ("mode", "replace"),
        ("search-engines", ""),
        ("paths", "catalyst"),
    ] {
        ensure(seen[field] == value, &(field, seen))?;
    }
    let kept = seen["kept"].as_array().ok_or("no pages")?;
    let is_kept = |page: &str| kept.contains(&json!(page));
    ensure(is_kept("auth/login") && is_kept("checkout") && !is_kept("order-confirmation"), kept)?;
    ensure(answer["left"] == FURTHER, &answer["left"])?;
    let said = answer["said"].as_str().unwrap_or_default();
    ensure(said.contains("Left out: “out”"), &said)?;
    // The same as that of the file itself.
    std::fs::write(served.place.path().join("own.toml"), format!("{fields}{FURTHER}"))?;
    let mut build = Command::new(env!("CARGO_BIN_EXE_stencil-guard"));
    let arguments =
        ["build", "shop.zip", "--config", "own.toml", "--out", "out", "--bundle", "own.zip"];
    let output = build.args(arguments).current_dir(served.place.path()).output()?;
    ensure(output.status.success(), &output)?;
    let own = std::fs::read(served.place.path().join("own.zip"))?;
    ensure(answer["zip"].as_str() == Some(&base64(&own)), &answer["settings"])
}

/// Each mistake in a settings file is shown where it is, and nothing can be downloaded with it.
fn refuses_settings() -> Result<(), Failed> {
    let served = Served::start()?;
    let shop = served.shop()?;
    let twice =
        "[[storefronts]]\nhost = \"fr.store.example.com\"\nurl = \"https://www.example.fr\"\n";
    let cases = [
        (
            "[[storefronts]]\n\thost = \"a/b\"\nurl = \"https://a.example\"",
            "is not a host",
            "2 | \thost = \"a/b\"\n  | \t       ^^^^^",
        ),
        (
            &twice.repeat(2),
            "for the same host and language",
            "5 | host = \"fr.store.example.com\"\n",
        ),
        ("patches = \"rules\"", "this page reads none", "1 | patches = \"rules\"\n  | ^^^^^^^"),
    ];
    for (toml, said, frame) in cases {
        let request = json!({ "op": "refuse", "file": shop, "storefront": "https://www.example.com", "toml": toml });
        let answer = served.ask(request)?;
        let is_told =
            ["said", "verdict"].map(|key| answer[key].as_str().unwrap_or_default().contains(said));
        ensure(is_told == [true; 2], &answer)?;
        ensure(answer["frame"].as_str().unwrap_or_default().starts_with(frame), &answer["frame"])?;
        ensure(answer["isOffered"] == false && answer["isMended"] == true, &answer)?;
    }
    Ok(())
}

/// What the command line refuses, the page explains; what it allows, the page does.
fn keeps_checkout() -> Result<(), Failed> {
    let served = Served::start()?;
    let request =
        json!({ "op": "stays", "file": served.shop()?, "storefront": "https://www.example.com" });
    let answer = served.ask(request)?;
    let said = answer["said"].as_str().unwrap_or_default();
    ensure(said.starts_with("Shoppers pay on this page, so it stays."), &answer)?;
    ensure(answer["isPressed"] == "true" && answer["after"] == "", &answer)?;
    let command = answer["command"].as_str().unwrap_or_default();
    ensure(command.ends_with(" --no-keep order-confirmation"), &command)
}

/// The bundle is the one that the shown command writes.
fn guards() -> Result<(), Failed> {
    let served = Served::start()?;
    let shop = served.shop()?;
    let more = json!({
        "paths": "catalyst", "fallback": "/help", "cart-param": "cartId", "search-engines": "canonical",
        "back-links": "storefront", "hide": ["edit-cart", "sign-out"], "guard-editor": true,
        "no-keep": ["order-confirmation"], "theme-settings": true,
    });
    let filed = json!({ "hide": [], "toml": FURTHER, "no-keep": ["order-confirmation"] });
    let none = json!({ "hide": [] });
    let cases = [
        ("redirect", "", &none),
        ("conditional", "7", &none),
        ("replace", "", &none),
        ("redirect", "", &more),
        ("redirect", "", &filed),
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
        let is_filed = more.get("toml").is_some();
        ensure(is_filed == words.ends_with(&["--config", "stencil-guard.toml"]), &command)?;
        for (name, value) in more.as_object().into_iter().flatten().filter(|_| !is_filed) {
            let is_named = value == &json!([]) || words.contains(&format!("--{name}").as_str());
            ensure(is_named, &(name, command))?;
        }
        let settings = answer["settings"].as_str().unwrap_or_default();
        let file = served.place.path().join("stencil-guard.toml");
        if is_filed {
            std::fs::write(&file, settings)?;
        }
        let mut build = Command::new(env!("CARGO_BIN_EXE_stencil-guard"));
        build.args(&words[1..]).args(["--bundle", "own.zip"]).current_dir(served.place.path());
        let output = build.output()?;
        ensure(output.status.success(), &output)?;
        let own = std::fs::read(served.place.path().join("own.zip"))?;
        let page = answer["zip"].as_str().unwrap_or_default();
        ensure(page == base64(&own), &(command, own.len(), page.len()))?;
        // The settings file says the same.
        std::fs::write(&file, settings)?;
        let mut build = Command::new(env!("CARGO_BIN_EXE_stencil-guard"));
        build.args(["build", "shop.zip", "--bundle", "file.zip"]).current_dir(served.place.path());
        let output = build.output()?;
        ensure(output.status.success(), &output)?;
        std::fs::remove_file(&file)?;
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

fn is_accessible() -> Result<(), Failed> {
    let served = Served::start()?;
    let shop = served.shop()?;
    for width in [360, 768, 1024, 1440] {
        for scheme in ["light", "dark"] {
            let request = json!({
                "op": "look", "file": shop, "width": width, "scheme": scheme,
                "pictures": std::env::var("STENCIL_GUARD_PICTURES").ok(),
            });
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
        ("notes.txt", b"not a zip", "Cannot use notes.txt: it is damaged or not a zip"),
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

fn deploys() -> Result<(), Failed> {
    let shop = Served::start()?;
    let store = deployed::store(&shop.shop()?)?;
    // Long enough to go away in the middle.
    store.state().polls = 3;
    let record = shop.place.path().join("record.json");
    let variables = [("BIGCOMMERCE_ACCESS_TOKEN", TOKEN), ("BIGCOMMERCE_STORE_HASH", HASH)];
    let arguments = ["--api-host", &store.host(), "--record", &record.to_string_lossy()];
    let served = Served::with(&arguments, &variables)?;
    let before = store.state().channels[&2].active.clone();
    let answer = served.ask(json!({
        "op": "deploy", "channel": "2", "storefront": "https://shop.example.com", "keep": ["cart"],
        "pictures": std::env::var("STENCIL_GUARD_PICTURES").ok(),
    }))?;
    ensure(answer["faults"] == json!([]), &answer["faults"])?;
    let says = |key: &str, words: &str| {
        let text = answer[key].as_str().unwrap_or_default();
        ensure(text.contains(words), &(key, words, text))
    };
    says("plan", "channel 2 (Catalyst): site https://shop.example.com")?;
    says("reloaded", "The plan")?;
    says("command", "stencil-guard deploy --channel 2 --storefront https://shop.example.com")?;
    says("results", "shown     channel 2 (Catalyst): Shop")?;
    says("wayBack", "show again on channel 2 what it showed before")?;
    says("back", "Done.")?;
    ensure(!answer.to_string().contains(TOKEN), &"the token was told")?;
    // It was guarded in between, and is as it was.
    ensure(store.count("POST /themes/actions/activate") == 2, &store.requests())?;
    ensure(store.state().channels[&2].active == before, &before)
}

fn without_token() -> Result<(), Failed> {
    let served =
        Served::with(&[], &[("BIGCOMMERCE_ACCESS_TOKEN", ""), ("CATALYST_ACCESS_TOKEN", "")])?;
    let answer = served.ask(json!({ "op": "channels" }))?;
    let said = answer["said"].as_str().unwrap_or_default();
    let expected =
        "No access token is given. put it into the environment variable BIGCOMMERCE_ACCESS_TOKEN";
    ensure(said.to_lowercase().starts_with(&expected.to_lowercase()), &answer)?;
    ensure(answer["isOffered"] == false, &answer)
}
