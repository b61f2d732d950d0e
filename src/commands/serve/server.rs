//! The server: routes requests by their paths, and sends the answers.

use super::ServeRequest;
use super::access::{Request as Asked, Token};
use super::answers::{self, Answer};
use super::choices::Choices;
use super::last_seen::LastSeen;
#[cfg(feature = "store")]
use super::store::Store;
use super::themes::{LoadedTheme, Origin, Themes};
use crate::commands::build;
use crate::theme;
use serde_json::json;
use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tiny_http::{Header, Method, Request, Response};

/// The largest request body. The platform takes themes of 50 MB, but a theme with its packages may be larger.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// The number of worker threads: enough for one browser. Each holds at most one theme while reading it.
const WORKERS: usize = 4;

const PAGE: &str = include_str!("page.html");
const SCRIPT: &str = include_str!("page.js");
const STORE_SCRIPT: &str = include_str!("store.js");
const SETTINGS_SCRIPT: &str = include_str!("settings.js");
const STYLE: &str = include_str!("page.css");

/// The content security policy: the page loads nothing from elsewhere, and no page may frame it. The page
/// itself shows the report, which holds no script, in a frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; \
     img-src data:; frame-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Why the server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The port is taken, or may not be used.
    #[error("cannot listen on port {port}: {reason}")]
    Listen {
        /// The port.
        port: u16,
        /// The system's error message.
        reason: String,
    },
    /// The operating system gives no random numbers.
    #[error("cannot make a secret address: {0}")]
    Secret(#[from] getrandom::Error),
}

/// The server of the page.
pub struct Server {
    http: tiny_http::Server,
    token: Token,
    port: u16,
    local: Option<PathBuf>,
    themes: Themes,
    away: Mutex<LastSeen>,
    #[cfg(feature = "store")]
    store: Store,
}

impl Server {
    /// Starts to listen, on the loopback address only.
    ///
    /// # Errors
    /// When the port is not available, or the operating system gives no random numbers.
    pub fn start(request: &ServeRequest) -> Result<Self, ServeError> {
        let fail = |reason: String| ServeError::Listen { port: request.port, reason };
        let http = tiny_http::Server::http(SocketAddr::from((Ipv4Addr::LOCALHOST, request.port)));
        let http = http.map_err(|error| fail(error.to_string()))?;
        let port = http.server_addr().to_ip().map_or(request.port, |address| address.port());
        Ok(Self {
            http,
            token: Token::random()?,
            port,
            local: request.theme.clone(),
            themes: Themes::default(),
            away: Mutex::new(LastSeen::new(Instant::now())),
            #[cfg(feature = "store")]
            store: Store::new(request),
        })
    }

    /// Returns the page's address. Whoever knows it may use the page.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}{}", self.port, self.token.path())
    }

    /// Answers requests until the page has been silent for a while.
    pub fn run(&self) {
        std::thread::scope(|scope| {
            for _ in 0..WORKERS {
                scope.spawn(|| self.work());
            }
        });
    }

    fn work(&self) {
        while !self.is_over(Instant::now()) {
            // An error only means that a connection is gone.
            if let Ok(Some(request)) = self.http.recv_timeout(Duration::from_secs(1)) {
                self.serve(request);
            }
        }
    }

    /// Whether the server is no longer needed.
    fn is_over(&self, now: Instant) -> bool {
        !self.is_busy() && self.away(|away| away.is_over(now))
    }

    /// Whether a change to a store is in progress, which must finish.
    fn is_busy(&self) -> bool {
        #[cfg(feature = "store")]
        return self.store.is_busy();
        #[cfg(not(feature = "store"))]
        return false;
    }

    fn away<T>(&self, ask: impl FnOnce(&mut LastSeen) -> T) -> T {
        ask(&mut self.away.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn serve(&self, mut request: Request) {
        let is_post = *request.method() == Method::Post;
        let reply = if is_post || *request.method() == Method::Get {
            match self.admitted(&request, is_post) {
                Some(path) => {
                    self.away(|away| away.hear(Instant::now()));
                    self.reply(&path, is_post, &mut request)
                }
                None => Reply::text(404, "not found"),
            }
        } else {
            Reply::text(405, "only GET and POST")
        };
        // A browser that disconnects is not an error.
        let _ = reply.send(request);
    }

    fn admitted(&self, request: &Request, is_post: bool) -> Option<String> {
        let header = |name: &'static str| {
            let mut found = request.headers().iter().filter(|header| header.field.equiv(name));
            let value = found.next().map(|header| header.value.as_str());
            // If a header occurs twice, it is unclear which one counts.
            value.filter(|_| found.next().is_none())
        };
        let asked = Asked {
            target: request.url(),
            is_post,
            host: header("Host"),
            origin: header("Origin"),
        };
        self.token.admit(asked, self.port).map(str::to_owned)
    }

    fn reply(&self, path: &str, is_post: bool, request: &mut Request) -> Reply {
        let parts: Vec<&str> = path.split('/').collect();
        match (is_post, parts.as_slice()) {
            (false, [""]) => Reply::new(200, "text/html; charset=utf-8", PAGE.into()),
            (false, ["page.js"]) => Reply::script(SCRIPT),
            (false, ["store.js"]) => Reply::script(STORE_SCRIPT),
            (false, ["settings.js"]) => Reply::script(SETTINGS_SCRIPT),
            (false, ["page.css"]) => Reply::new(200, "text/css; charset=utf-8", STYLE.into()),
            (false, ["local"]) => Reply::json(
                200,
                &json!({
                    "theme": self.local.as_deref().map(Path::to_string_lossy),
                    "store": cfg!(feature = "store"),
                }),
            ),
            (true, ["alive"]) => Reply::text(204, ""),
            (true, ["local"]) => self.read_local(),
            (true, ["drop", name]) => self.read_dropped(name, request),
            #[cfg(feature = "store")]
            (true, ["store", wanted]) => match body(request) {
                Ok(body) => {
                    let answer = self.store.answer(wanted, &body, &self.themes);
                    answer.map_or_else(|| Reply::text(404, "not found"), Reply::answer)
                }
                Err(reply) => reply,
            },
            (true, [number, wanted]) => match number.parse() {
                Ok(number) => self.answer(number, wanted, request),
                Err(_) => Reply::text(404, "not found"),
            },
            _ => Reply::text(404, "not found"),
        }
    }

    /// Reads the theme that the command line names, anew on each call.
    fn read_local(&self) -> Reply {
        let Some(path) = &self.local else {
            return Reply::text(404, "not found");
        };
        let settings = match std::fs::read_to_string(build::settings_file(path)) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => {
                let file = build::settings_file(path);
                return Reply::answer(answers::refuse(format!(
                    "cannot read {}: {error}",
                    file.display()
                )));
            }
        };
        let name = path.to_string_lossy().into_owned();
        match theme::load(path) {
            Ok(theme) => self.keep(name, Origin::Local { settings }, theme),
            Err(error) => Reply::answer(answers::refuse(error.to_string())),
        }
    }

    /// Reads a zip that was dropped on the page.
    fn read_dropped(&self, name: &str, request: &mut Request) -> Reply {
        let name = percent_decoded(name);
        let bytes = match body(request) {
            Ok(bytes) => bytes,
            Err(reply) => return reply,
        };
        match theme::read_zip(Path::new(&name), &bytes) {
            Ok(theme) => self.keep(name, Origin::Dropped, theme),
            Err(error) => Reply::answer(answers::refuse(error.to_string())),
        }
    }

    fn keep(&self, name: String, origin: Origin, theme: theme::Theme) -> Reply {
        let number = self.themes.keep(name, origin, theme);
        let introduce = |number, held: &mut LoadedTheme| answers::introduce(number, held);
        Reply::answer(self.themes.with(number, introduce).unwrap_or_else(answers::gone))
    }

    fn answer(&self, number: u64, wanted: &str, request: &mut Request) -> Reply {
        let choices = body(request).and_then(|bytes| {
            let choices = serde_json::from_slice::<Choices>(&bytes);
            choices.map_err(|error| Reply::answer(answers::refuse(answers::told(&error))))
        });
        let choices = match choices {
            Ok(choices) => choices,
            Err(reply) => return reply,
        };
        let answer = self.themes.with(number, |_, held| {
            let unknown = || answers::refuse(format!("there is nothing called `{wanted}`"));
            answers::answer(wanted, held, &choices).unwrap_or_else(unknown)
        });
        Reply::answer(answer.unwrap_or_else(answers::gone))
    }
}

/// Reads the request body, unless it is too large.
fn body(request: &mut Request) -> Result<Vec<u8>, Reply> {
    let too_much = || {
        let message = "The file is larger than 256 MB. A theme for the platform has at most 50 MB.";
        Reply::json(413, &json!({ "message": message }))
    };
    if request.body_length().is_some_and(|length| length as u64 > MAX_BYTES) {
        return Err(too_much());
    }
    let mut bytes = Vec::new();
    let read = request.as_reader().take(MAX_BYTES + 1).read_to_end(&mut bytes);
    match read {
        Ok(_) if bytes.len() as u64 > MAX_BYTES => Err(too_much()),
        Ok(_) => Ok(bytes),
        Err(error) => Err(Reply::text(400, &error.to_string())),
    }
}

/// Decodes a file name that the page sends.
fn percent_decoded(name: &str) -> String {
    url::form_urlencoded::parse(format!("name={name}").as_bytes())
        .next()
        .map(|(_, name)| name.into_owned())
        .unwrap_or_default()
}

/// An HTTP response.
struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Reply {
    fn new(status: u16, kind: &str, body: Vec<u8>) -> Self {
        Self { status, headers: vec![("Content-Type", kind.to_owned())], body }
    }

    fn script(text: &str) -> Self {
        Self::new(200, "text/javascript; charset=utf-8", text.into())
    }

    fn text(status: u16, text: &str) -> Self {
        Self::new(status, "text/plain; charset=utf-8", text.into())
    }

    fn json(status: u16, value: &serde_json::Value) -> Self {
        Self::new(status, "application/json", value.to_string().into_bytes())
    }

    fn answer(answer: Answer) -> Self {
        match answer {
            Answer::Facts(facts, true) => Self::json(200, &facts),
            Answer::Facts(facts, false) => Self::json(422, &facts),
            Answer::File(name, kind, bytes) => {
                let mut reply = Self::new(200, kind, bytes);
                // Header values are plain text; the page decodes the name.
                let name: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
                reply.headers.push(("X-File-Name", name));
                reply
            }
        }
    }

    /// Sends the response and closes the connection. The server library reads each connection in a thread of
    /// a small pool; if more connections arrive than it has threads, some wait until another one closes.
    fn send(self, request: Request) -> std::io::Result<()> {
        // Part of the request body may be unread; the library reads the rest after it has answered.
        if !matches!(self.status, 200 | 204 | 422) {
            return request.respond(self.into_response());
        }
        let mut head = format!("HTTP/1.1 {} \r\nConnection: close\r\n", self.status);
        if self.status != 204 {
            head += &format!("Content-Length: {}\r\n", self.body.len());
        }
        for (name, value) in self.headers() {
            head += &format!("{name}: {value}\r\n");
        }
        let mut writer = request.into_writer();
        writer.write_all(format!("{head}\r\n").as_bytes())?;
        writer.write_all(&self.body)?;
        writer.flush()
    }

    fn headers(&self) -> impl Iterator<Item = (&'static str, String)> {
        let fixed = [
            ("Content-Security-Policy", POLICY),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
            ("Cache-Control", "no-store"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
        ];
        let fixed = fixed.map(|(name, value)| (name, value.to_owned()));
        fixed.into_iter().chain(self.headers.clone())
    }

    fn into_response(self) -> Response<std::io::Cursor<Vec<u8>>> {
        let headers: Vec<_> = self.headers().collect();
        let mut response = Response::from_data(self.body).with_status_code(self.status);
        for (name, value) in headers {
            // Each of these names and values is plain ASCII.
            if let Ok(header) = Header::from_bytes(name, value) {
                response.add_header(header);
            }
        }
        response
    }
}

#[cfg(all(test, feature = "store"))]
mod tests {
    use super::*;
    use crate::report::Report;
    use crate::report::store::StoreReport;
    use std::sync::mpsc;

    #[test]
    fn server_stays_up_while_a_store_job_runs() {
        let request =
            ServeRequest { theme: None, port: 0, store: Default::default(), record: None };
        let server = Server::start(&request).unwrap();
        let later = Instant::now() + Duration::from_secs(60 * 60);
        assert!(server.is_over(later) && !server.is_over(Instant::now()));
        let (go_on, waits) = mpsc::channel::<()>();
        server.store.jobs.start(String::new(), move |_| {
            // The job ends when the test drops `go_on`.
            let _ = waits.recv();
            StoreReport { report: Report { command: "deploy", ..Report::default() }, answer: None }
        });
        assert!(!server.is_over(later));
        drop(go_on);
        let start = Instant::now();
        while !server.is_over(later) {
            assert!(start.elapsed() < Duration::from_secs(60), "the job does not end");
            std::thread::yield_now();
        }
    }
}
