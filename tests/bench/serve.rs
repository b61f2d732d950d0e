//! A click on the page of `serve` against a build: the page answers from what it holds already.

use super::{build, run};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A click may take this part of the time that a build takes which writes nothing.
const MOST_OF_BUILD: f64 = 0.5;
const CLICKS: usize = 20;

/// Measures clicks that keep a page and guard it again.
pub(crate) fn clicks(theme: &Path) -> bool {
    let page = Page::open(theme);
    page.post("local", "");
    page.click("[]");
    let times = (0..CLICKS).map(|click| page.click(["[\"cart\"]", "[]"][click % 2]));
    let click = times.min().unwrap_or(Duration::MAX);
    let unused = Path::new("unused.zip");
    let mut build = build(theme, unused);
    build.args(["--storefront", "https://shop.example.com", "--dry-run"]);
    let build = (0..5).map(|_| run(&mut build).0).min().unwrap_or_default();
    let ratio = click.as_secs_f64() / build.as_secs_f64();
    eprintln!("  serve, a click: {ratio:.2} of a build that writes nothing ({click:.1?})");
    ratio <= MOST_OF_BUILD
}

struct Page {
    program: Child,
    host: String,
    path: String,
}

impl Page {
    fn open(theme: &Path) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_stencil-guard"))
            .args(["serve", "--no-open"])
            .arg(theme)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let mut address = String::new();
        let output = program.stdout.take().expect("its output is piped");
        BufReader::new(output).read_line(&mut address).expect("it prints its address");
        let rest = address.trim().trim_start_matches("http://");
        let (host, path) = rest.split_once('/').expect("an address has a path");
        Self { program, host: host.to_owned(), path: format!("/{path}") }
    }

    fn click(&self, keep: &str) -> Duration {
        let start = Instant::now();
        let choices = format!("{{\"storefront\": \"https://shop.example.com\", \"keep\": {keep}}}");
        self.post("1/try", &choices);
        start.elapsed()
    }

    fn post(&self, path: &str, body: &str) {
        let Self { host, path: secret, .. } = self;
        let length = body.len();
        let request = format!(
            "POST {secret}{path} HTTP/1.1\r\nConnection: close\r\nHost: {host}\r\nOrigin: http://{host}\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        let mut stream = TcpStream::connect(host).expect("the server listens");
        stream.write_all(request.as_bytes()).expect("the request is sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer arrives");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}
