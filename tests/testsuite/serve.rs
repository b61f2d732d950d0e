//! Who may talk to the server of `serve`, and what else it gets: asked by plain sockets.

use crate::bad_input::with_claimed_size;
use crate::driver::{copy_folder, theme_zip};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

pub(crate) struct Served {
    program: Child,
    port: u16,
    path: String,
}

impl Served {
    fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stencil-guard"));
        command.args(["serve", "--no-open"]).args(arguments);
        Self::run(command)
    }

    /// Runs a command line of `serve`, which opens no browser.
    pub(crate) fn run(mut command: Command) -> Self {
        let mut program = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut address = String::new();
        BufReader::new(program.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let rest = address.trim().strip_prefix("http://127.0.0.1:").unwrap();
        let (port, path) = rest.split_once('/').unwrap();
        Self { program, port: port.parse().unwrap(), path: format!("/{path}") }
    }

    fn send(&self, request: &str) -> (u16, String) {
        self.send_bytes(request.as_bytes())
    }

    fn send_bytes(&self, request: &[u8]) -> (u16, String) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.write_all(request).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        (status.unwrap_or_default(), answer)
    }

    pub(crate) fn get(&self, path: &str, headers: &str) -> (u16, String) {
        self.send(&format!("GET {path} HTTP/1.1\r\nConnection: close\r\n{headers}\r\n"))
    }

    pub(crate) fn post(&self, path: &str, body: &str) -> (u16, String) {
        self.post_bytes(path, body.as_bytes())
    }

    fn post_bytes(&self, path: &str, body: &[u8]) -> (u16, String) {
        let own = format!("127.0.0.1:{}", self.port);
        let length = body.len();
        let head = format!(
            "POST {}{path} HTTP/1.1\r\nConnection: close\r\nHost: {own}\r\nOrigin: http://{own}\r\nContent-Length: {length}\r\n\r\n",
            self.path
        );
        self.send_bytes(&[head.as_bytes(), body].concat())
    }

    pub(crate) fn host(&self) -> String {
        format!("Host: 127.0.0.1:{}\r\n", self.port)
    }
}

impl Served {
    /// The address of something below the page's.
    pub(crate) fn below(&self, path: &str) -> String {
        format!("{}{path}", self.path)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.program.kill().unwrap();
        self.program.wait().unwrap();
    }
}

fn shop() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/themes/shop").to_string_lossy().into_owned()
}

#[test]
fn page_is_small_and_has_strict_security_headers() {
    let served = Served::start(&[]);
    let mut bytes = 0;
    for file in ["", "page.js", "settings.js", "store.js", "page.css"] {
        let (status, answer) = served.get(&format!("{}{file}", served.path), &served.host());
        assert_eq!(status, 200, "{file}");
        for header in [
            "Content-Security-Policy: default-src 'none'; script-src 'self';",
            "frame-ancestors 'none'",
            "Referrer-Policy: no-referrer",
            "Cross-Origin-Resource-Policy: same-origin",
            // Otherwise a connection that nobody uses keeps others waiting.
            "Connection: close",
        ] {
            assert!(answer.contains(header), "{file}: {header}");
        }
        assert!(!answer.contains("Access-Control-Allow-Origin"));
        bytes += answer.len();
    }
    assert!(bytes < 100_000, "{bytes}");
}

#[test]
fn requests_need_the_secret_a_known_host_and_own_origin() {
    let served = Served::start(&[&shop()]);
    let (own, path) = (served.host(), &served.path);
    let refused = [
        served.get("/", &own),
        served.get("/page.js", &own),
        served.get("/0123456789abcdef0123456789abcdef/", &own),
        served.get(path, ""),
        served.get(path, &format!("Host: rebound.example:{}\r\n", served.port)),
        served.get(path, &format!("{own}Host: rebound.example\r\n")),
        served.get(path, &format!("{own}Origin: https://evil.example\r\n")),
        served.send(&format!("POST {path}local HTTP/1.1\r\nConnection: close\r\n{own}Content-Length: 0\r\n\r\n")),
        served.send(&format!(
            "POST {path}local HTTP/1.1\r\nConnection: close\r\n{own}Origin: null\r\nContent-Length: 0\r\n\r\n"
        )),
    ];
    for (status, answer) in refused {
        assert!(matches!(status, 400 | 404), "{answer}");
        assert!(!answer.contains("Shop"), "{answer}");
    }
    let (status, _) =
        served.send(&format!("OPTIONS {path} HTTP/1.1\r\nConnection: close\r\n{own}\r\n"));
    assert_eq!(status, 405);
}

#[test]
fn listens_on_loopback_only() {
    let served = Served::start(&[]);
    let addresses = std::fs::read_to_string("/proc/net/tcp").unwrap_or_default();
    let listening = format!(":{:04X} 00000000:0000 0A", served.port);
    for line in addresses.lines().filter(|line| line.contains(&listening)) {
        assert!(line.contains("0100007F:"), "{line}");
    }
    assert!(TcpStream::connect(SocketAddr::from(([127, 0, 0, 2], served.port))).is_err());
}

#[test]
fn theme_from_the_command_line_is_offered_and_loaded() {
    let served = Served::start(&[&shop()]);
    let (status, answer) = served.get(&format!("{}local", served.path), &served.host());
    assert!(status == 200 && answer.contains("tests/themes/shop"), "{answer}");
    let (status, answer) = served.post("local", "");
    assert!(
        status == 200 && answer.contains("\"theme\":1") && answer.contains("\"auth/login\""),
        "{answer}"
    );
    let (status, answer) =
        served.post("1/try", r#"{"storefront": "https://shop.example.com", "keep": ["cart"]}"#);
    assert!(status == 200 && answer.contains("--keep cart"), "{answer}");
    let (status, answer) = served.post("1/diff", r#"{"storefront": "https://shop.example.com"}"#);
    assert!(status == 200 && answer.contains("+++ b/templates/layout/base.html"), "{answer}");
}

#[test]
fn settings_file_beside_the_theme_is_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let theme = folder.path().join("shop");
    copy_folder(Path::new(&shop()), &theme);
    let text = "keep = [\"auth/*\"]\nbundle = false\n[texts]\nde = \"Zum Shop\"\n";
    std::fs::write(theme.join("stencil-guard.toml"), text).unwrap();
    let served = Served::start(&[&theme.to_string_lossy()]);
    let body = |answer: &str| -> Value {
        serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
    };
    let (_, answer) = served.post("local", "");
    assert_eq!(body(&answer)["settings"], text);
    let (_, answer) = served.post("1/take", &json!({ "settings-file": text }).to_string());
    let taken = body(&answer);
    assert_eq!((&taken["fields"], &taken["leftOut"]), (&json!(["keep"]), &json!(["bundle"])));
    assert_eq!(taken["rest"], "[texts]\nde = \"Zum Shop\"\n");
    assert!(taken["choices"]["keep"].as_array().unwrap().contains(&json!("auth/login")), "{taken}");
    // The command line finds that file by itself, so it is told to take another.
    let (_, answer) = served.post("1/try", r#"{"storefront": "https://shop.example.com"}"#);
    assert!(answer.contains(" --config stencil-guard.toml\""), "{answer}");
}

#[test]
fn invalid_requests_are_refused_with_a_reason() {
    let served = Served::start(&[&shop()]);
    served.post("local", "");
    let cases = [
        ("1/try", "{}", 422, "no storefront is given"),
        ("1/try", "{\"storefront\": \"javascript:x\"}", 422, "message"),
        ("1/try", "{\"out\": \"/tmp/x\"}", 422, "unknown field `out`"),
        ("1/try", "not json", 422, "message"),
        ("1/take", r#"{"settings-file": "mod = 1"}"#, 422, "did you mean `mode`?"),
        ("1/take", r#"{"settings-file": "keep = [\"crt\"]"}"#, 422, "did you mean `cart`?"),
        (
            "1/try",
            r#"{"settings-file": "mode = \"links\""}"#,
            422,
            "has a field of its own on this page",
        ),
        ("1/settings", r#"{"settings-file": "out = \"/tmp/x\""}"#, 422, r#""frame":"1 | out"#),
        ("1/other", "{}", 422, "there is nothing called `other`"),
        ("7/try", "{}", 422, "Drop it again"),
        ("x/try", "{}", 404, "not found"),
        ("drop/bad.zip", "no zip", 422, "damaged or not a zip"),
    ];
    for (path, body, status, message) in cases {
        let (seen, answer) = served.post(path, body);
        assert!(seen == status && answer.contains(message), "{path} {body}: {answer}");
    }
    let own = served.host();
    let origin = own.trim().replace("Host: ", "Origin: http://");
    let (status, answer) = served.send(&format!(
        "POST {}drop/a.zip HTTP/1.1\r\nConnection: close\r\n{own}{origin}\r\nContent-Length: 99999999999\r\n\r\n",
        served.path
    ));
    assert!(status == 413 && answer.contains("256 MB"), "{answer}");
}

#[test]
fn zip_bombs_are_refused_but_large_themes_are_not() {
    let served = Served::start(&[]);
    let (status, answer) = served.post_bytes("drop/bomb.zip", &with_claimed_size(u32::MAX - 1));
    assert!(status == 422 && answer.contains("unpacks to more than 512 MB"), "{answer}");
    // Bytes that no deflater makes fewer: they repeat after more than it looks back.
    let mut seed = 1_u64;
    let mut random = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed.to_le_bytes()
    };
    let large = (0..8192).flat_map(|_| random()).collect::<Vec<u8>>().repeat(50 * 16);
    let theme = theme_zip(&[("assets/large.jpg", &large)]);
    let (status, answer) = served.post_bytes("drop/large.zip", &theme);
    assert!(status == 200 && answer.contains("\"theme\":1"), "{answer}");
    // The bundle would be too large for the platform, and the page says so.
    let (status, answer) = served.post("1/bundle", r#"{"storefront": "https://shop.example.com"}"#);
    assert!(status == 422 && answer.contains("52428800"), "{}", &answer[..answer.len().min(2000)]);
}

#[test]
fn port_in_use_is_named_in_the_error() {
    let served = Served::start(&[]);
    let port = served.port.to_string();
    let output = Command::new(env!("CARGO_BIN_EXE_stencil-guard"))
        .args(["serve", "--no-open", "--port", &port])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains(&format!("cannot listen on port {port}")), "{said}");
}
