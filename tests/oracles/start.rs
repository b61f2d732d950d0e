//! The recipe of `docs/watch.md`, from start to end: the official development server runs in the copy that
//! `watch` keeps, before a stand-in for the store, and shows what is changed in the theme.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use libtest_mimic::{Failed, Trial};

use crate::{node, theme_build};

const GUIDE: &str = include_str!("../../docs/watch.md");
/// The theme's build while it is served: it uses a package.
const BUILD: &str = "module.exports = { watchOptions: {} };
if (process.send) {
    process.on('message', message => {
        require('fs').mkdirSync('assets/dist', { recursive: true });
        require('fs').writeFileSync('assets/dist/served.js', require('package') + message);
    });
    process.send('ready');
}
";
const CART: &str = "templates/pages/cart.html";

pub(crate) fn trials() -> Vec<Trial> {
    let official = node::packages().join("../bundler/node_modules/@bigcommerce/stencil-cli");
    let missing = (!official.is_dir()).then_some("run `npm ci` in tests/oracles/bundler");
    vec![node::trial("bundler", "start::recipe", missing, recipe)]
}

/// A running program, and the lines that it prints.
struct Running {
    program: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
}

impl Running {
    fn start(command: &mut Command) -> Result<Self, Failed> {
        let mut program = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let output = program.stdout.take().ok_or("no output")?;
        Ok(Self { program, lines: BufReader::new(output).lines() })
    }

    fn line(&mut self) -> Result<String, Failed> {
        Ok(self.lines.next().ok_or("the program ended")??)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// The commands of the recipe: those of one terminal, and of the other.
fn commands() -> Result<(&'static str, &'static str), Failed> {
    let recipe = GUIDE.split("## With the official development server").nth(1);
    let mut blocks = recipe.into_iter().flat_map(|text| text.split("```text\n").skip(1));
    let mut block = || blocks.next()?.split("```").next();
    block().zip(block()).ok_or_else(|| "the recipe is gone".into())
}

/// The shop with a build of its own, the package that this uses, and what `stencil init` writes.
fn theme() -> Result<(tempfile::TempDir, PathBuf), Failed> {
    let (place, shop) = theme_build::shop(&[
        ("stencil.conf.cjs", BUILD),
        ("config.stencil.json", r#"{ "customLayouts": {} }"#),
        ("secrets.stencil.json", r#"{ "accessToken": "token" }"#),
    ])?;
    let theme = place.path().join("my-theme");
    std::fs::rename(shop, &theme)?;
    std::fs::create_dir_all(theme.join("node_modules"))?;
    std::fs::write(theme.join("node_modules/package.js"), "module.exports = 'packed';")?;
    Ok((place, theme))
}

fn recipe() -> Result<(), Failed> {
    let (watch, serve) = commands()?;
    let (place, theme) = theme()?;
    let mut words = watch.trim().split(' ');
    words.next().filter(|word| *word == "stencil-guard").ok_or("no command of ours")?;
    let mut program = Command::new(env!("CARGO_BIN_EXE_stencil-guard"));
    program.args(words).args(["--format", "json"]).current_dir(place.path());
    let mut watch = Running::start(&mut program)?;
    watch.line()?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracles/start.js");
    let serve = serve.replace("stencil start", &format!("exec node '{}'", script.display()));
    let mut shell = Command::new("sh");
    shell.args(["-e", "-c", &serve]).current_dir(place.path());
    let mut server = Running::start(&mut shell)?;
    let address = server.line()?;
    let page = get(&address)?;
    ensure(page.contains("https://www.example.com") && page.contains("data-cart"), &page)?;

    let cart = std::fs::read_to_string(theme.join(CART))?;
    std::fs::write(theme.join(CART), cart.replace("data-cart", "data-changed"))?;
    watch.line()?;
    let page = get(&address)?;
    ensure(page.contains("https://www.example.com") && page.contains("data-changed"), &page)?;

    let built = std::fs::read_to_string(place.path().join("guarded/assets/dist/served.js"))?;
    ensure(built == "packeddevelopment", &built)?;
    let settings = std::fs::read_to_string(place.path().join("guarded/config.stencil.json"))?;
    ensure(settings.contains("http://127.0.0.1"), &settings)
}

fn ensure(holds: bool, seen: &str) -> Result<(), Failed> {
    if holds { Ok(()) } else { Err(seen.into()) }
}

/// The cart page, as the server at `address` answers.
fn get(address: &str) -> Result<String, Failed> {
    let host = address.strip_prefix("http://").ok_or("no address")?;
    let mut stream = TcpStream::connect(host)?;
    write!(stream, "GET /cart.php HTTP/1.0\r\nHost: {host}\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
