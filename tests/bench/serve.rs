//! A click on the page of `serve` against a build: the page answers from what it holds already.

use super::run;
use serde_json::json;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A click may take this part of the time that a cold build takes, which makes a bundle and writes nothing.
const MAX_RATIO_TO_BUILD: f64 = 0.75;
/// And this part of that of a build without a bundle: both prove anew what every page does.
const MAX_WITHOUT_BUNDLE: f64 = 1.0;
const RUNS: usize = 9;

/// The page that is kept, click by click.
const KEPT: [Option<&str>; 2] = [Some("cart"), None];

/// Measures clicks that keep a page and guard it again.
pub(crate) fn clicks(theme: &Path) -> bool {
    let page = Page::open(theme);
    page.post("local", "");
    // The fastest of each, alternating, so that a busy moment hits all.
    let mut times = KEPT.map(|_| [Duration::MAX; 3]);
    for _ in 0..RUNS {
        for (keep, [click, build, bare]) in KEPT.iter().zip(&mut times) {
            *click = page.click(keep).min(*click);
            *build = cold(theme, keep, &["--bundle", "unused.zip", "--no-style-check"]).min(*build);
            *bare = cold(theme, keep, &["--no-bundle"]).min(*bare);
        }
    }
    let is_quick = |(keep, [click, build, bare]): (&Option<&str>, [Duration; 3])| {
        let [build, bare] = [build, bare].map(|time| click.as_secs_f64() / time.as_secs_f64());
        let what = keep.map_or("guards it again".to_owned(), |page| format!("keeps {page}"));
        eprintln!(
            "  serve, a click that {what}: {build:.2} of a cold build, {bare:.2} of one without a bundle ({click:.1?})"
        );
        build <= MAX_RATIO_TO_BUILD && bare <= MAX_WITHOUT_BUNDLE
    };
    KEPT.iter().zip(times).map(is_quick).fold(true, |all, one| all & one)
}

/// How long a build takes that writes nothing.
fn cold(theme: &Path, keep: &Option<&str>, more: &[&str]) -> Duration {
    let mut build = Command::new(env!("CARGO_BIN_EXE_stencil-guard"));
    build.arg("build").arg(theme).args(["--storefront", "https://shop.example.com", "--dry-run"]);
    build.args(keep.iter().flat_map(|page| ["--keep", *page])).args(more);
    run(&mut build).0
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

    fn click(&self, keep: &Option<&str>) -> Duration {
        let keep: Vec<&str> = keep.iter().copied().collect();
        let choices = json!({ "storefront": "https://shop.example.com", "keep": keep }).to_string();
        let start = Instant::now();
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
