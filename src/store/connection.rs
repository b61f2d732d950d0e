//! Sends one request over HTTP and reads its answer, without retries. This is the only module that opens
//! connections.
//!
//! There are two kinds of connections: to the API, with the token and without redirects, and to any other
//! host, without a token.

use super::Token;
use std::time::Duration;
use ureq::http::{Method, Request, Response};
use ureq::{Agent, Body};
use url::{Host, Url};

/// The API's default address.
const DEFAULT_HOST: &str = "https://api.bigcommerce.com";

/// More bytes than any answer of the API has.
const MAX_BYTES: u64 = 32 * 1024 * 1024;
/// More bytes than any theme from a store has.
pub(super) const MAX_THEME_BYTES: u64 = 256 * 1024 * 1024;

/// The scheme, host and port of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiHost {
    origin: String,
    name: String,
    is_local: bool,
}

/// Why a text is not the address of an API.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// The text is not an address.
    #[error("`{0}` is not the address of an API; write it like {DEFAULT_HOST}")]
    NoAddress(String),
    /// The address would send the token unencrypted.
    #[error("`{0}` does not use https, and the token must not travel in the open")]
    NotHttps(String),
}

impl ApiHost {
    /// Parses an address with or without a scheme. Plain http is allowed only for this computer.
    ///
    /// # Errors
    /// When the text is not an address, or does not use https.
    pub fn parse(text: &str) -> Result<Self, HostError> {
        let no_address = || HostError::NoAddress(text.to_owned());
        let full = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
        let url = Url::parse(full.trim()).map_err(|_| no_address())?;
        if !url.has_host() || !url.username().is_empty() || url.password().is_some() {
            return Err(no_address());
        }
        match url.scheme() {
            "https" => Ok(Self::of(&url)),
            "http" if is_loopback(&url) => Ok(Self::of(&url)),
            "http" => Err(HostError::NotHttps(text.to_owned())),
            _ => Err(no_address()),
        }
    }

    fn of(url: &Url) -> Self {
        let origin = url.origin().ascii_serialization();
        Self { origin, name: name(url), is_local: is_loopback(url) }
    }

    /// Returns the address of a store's API, without a final slash.
    pub(super) fn store(&self, hash: &str) -> String {
        format!("{}/stores/{hash}/v3", self.origin)
    }

    /// Whether the host is one of the platform's, or this computer.
    pub(super) fn is_expected(&self) -> bool {
        let host = self.name.split(':').next().unwrap_or_default();
        self.is_local || host == "bigcommerce.com" || host.ends_with(".bigcommerce.com")
    }

    /// Returns the host, as messages name it.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Default for ApiHost {
    fn default() -> Self {
        let name = DEFAULT_HOST.trim_start_matches("https://").to_owned();
        Self { origin: DEFAULT_HOST.to_owned(), name, is_local: false }
    }
}

/// Returns the host and port of an address.
fn name(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or(host.to_owned(), |port| format!("{host}:{port}"))
}

/// Whether an address is on this computer.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

/// The body of a request.
#[derive(Clone, Debug)]
pub(super) enum Load<'a> {
    Nothing,
    Json(String),
    /// A file in a form, as browsers send it.
    File {
        name: &'a str,
        bytes: &'a [u8],
    },
}

/// A complete answer.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// Replaces the token by stars wherever the answer repeats it, because messages quote answers.
    fn without(mut self, token: &Token) -> Self {
        let (secret, stars) = (token.reveal(), token.to_string());
        let places: Vec<usize> = memchr::memmem::find_iter(&self.body, secret).collect();
        for place in places.into_iter().rev() {
            self.body.splice(place..place + secret.len(), stars.bytes());
        }
        for (_, value) in &mut self.headers {
            *value = value.replace(secret, &stars);
        }
        self
    }

    /// Returns a header by its lowercase name.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(other, _)| other == name);
        header.map(|(_, value)| value.as_str())
    }
}

/// A failed attempt.
#[derive(Clone, Debug)]
pub(super) struct TransportError {
    /// Whether anything may have been sent.
    pub(super) was_sent: bool,
    pub(super) trouble: FailureKind,
    pub(super) reason: String,
}

/// The kind of failure, where the difference matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FailureKind {
    /// The host does not exist.
    NoHost,
    /// The host answers, but the connection cannot be trusted.
    NotSecure,
    /// Any other failure.
    Other,
}

/// The two kinds of connections: to the API, and to any other host.
#[derive(Debug)]
pub(super) struct Connection {
    api: Agent,
    anywhere: Agent,
}

impl Connection {
    /// Creates connections for this API. They use a proxy from the environment, except for this computer.
    pub(super) fn new(host: &ApiHost) -> Self {
        let is_local = host.is_local;
        Self { api: agent(is_local, !is_local), anywhere: agent(is_local, false) }
    }

    /// Sends a request with the token to the API.
    pub(super) fn call(
        &self,
        (method, address): (&Method, &str),
        token: &Token,
        load: &Load<'_>,
    ) -> Result<Answer, TransportError> {
        let request = Request::builder()
            .method(method)
            .uri(address)
            .header("x-auth-token", token.reveal())
            .header("accept", "application/json");
        let sent = match load {
            Load::Nothing => self.api.run(request.body(()).map_err(malformed)?),
            Load::Json(text) => {
                let request = request.header("content-type", "application/json");
                self.api.run(request.body(text.as_str()).map_err(malformed)?)
            }
            Load::File { name, bytes } => {
                let (kind, body) = form(name, bytes);
                let request = request.header("content-type", kind);
                self.api.run(request.body(body).map_err(malformed)?)
            }
        };
        Ok(read(sent, MAX_BYTES)?.without(token))
    }

    /// Creates connections for use without an API; `is_local` says that the hosts are on this computer.
    pub(super) fn without_api(is_local: bool) -> Self {
        Self { api: agent(is_local, true), anywhere: agent(is_local, false) }
    }

    /// Gets the resource at an address, without the token and without following a redirect.
    pub(super) fn get(&self, address: &str, most_bytes: u64) -> Result<Answer, TransportError> {
        read(self.anywhere.get(address).call(), most_bytes)
    }
}

/// Creates an agent that does not follow redirects: it would keep all headers but three, and so send the
/// token along.
fn agent(is_local: bool, https_only: bool) -> Agent {
    let mut config = Agent::config_builder()
        .max_redirects(0)
        .http_status_as_error(false)
        .https_only(https_only)
        .user_agent(concat!("stencil-guard/", env!("CARGO_PKG_VERSION")))
        .timeout_connect(Some(Duration::from_secs(20)))
        .timeout_recv_response(Some(Duration::from_secs(120)))
        .timeout_global(Some(Duration::from_secs(600)));
    if is_local {
        config = config.proxy(None);
    }
    config.build().into()
}

/// Returns a form with one file, and its content type.
fn form(name: &str, bytes: &[u8]) -> (String, Vec<u8>) {
    let is_inside = |text: &str| memchr::memmem::find(bytes, text.as_bytes()).is_some();
    let mut boundary = "stencil-guard-boundary".to_owned();
    while is_inside(&boundary) {
        boundary.push('-');
    }
    let name: String = name.chars().filter(|c| !c.is_control() && *c != '"').collect();
    let head = format!(
        "--{boundary}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\ncontent-type: application/zip\r\n\r\n"
    );
    let tail = format!("\r\n--{boundary}--\r\n");
    let body = [head.as_bytes(), bytes, tail.as_bytes()].concat();
    (format!("multipart/form-data; boundary={boundary}"), body)
}

fn malformed(error: ureq::http::Error) -> TransportError {
    TransportError { was_sent: false, trouble: FailureKind::Other, reason: error.to_string() }
}

fn read(
    sent: Result<Response<Body>, ureq::Error>,
    most_bytes: u64,
) -> Result<Answer, TransportError> {
    let mut response = sent.map_err(lost)?;
    let headers = response.headers().iter();
    let headers = headers
        .map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        })
        .collect();
    let status = response.status().as_u16();
    let body = response.body_mut().with_config().limit(most_bytes).read_to_vec();
    let body = body.map_err(|error| TransportError { was_sent: true, ..lost(error) })?;
    Ok(Answer { status, headers, body })
}

fn lost(error: ureq::Error) -> TransportError {
    use std::io::ErrorKind::{ConnectionRefused, InvalidData};
    use ureq::Error::{
        BadUri, ConnectProxyFailed, ConnectionFailed, HostNotFound, Http, InvalidProxyUrl, Io,
        RequireHttpsOnly, Rustls, Timeout, Tls, TlsRequired,
    };
    let is_unsent = match &error {
        BadUri(_) | ConnectProxyFailed(_) | ConnectionFailed | HostNotFound | Http(_) => true,
        InvalidProxyUrl | RequireHttpsOnly(_) | Rustls(_) | Tls(_) | TlsRequired => true,
        Io(error) => error.kind() == ConnectionRefused || is_unknown_name(error),
        Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve) => true,
        _ => false,
    };
    let trouble = match &error {
        HostNotFound => FailureKind::NoHost,
        Rustls(_) | Tls(_) => FailureKind::NotSecure,
        Io(error) if is_unknown_name(error) => FailureKind::NoHost,
        // A failed handshake is reported in this way, too.
        Io(error) if error.kind() == InvalidData => FailureKind::NotSecure,
        _ => FailureKind::Other,
    };
    TransportError { was_sent: !is_unsent, trouble, reason: words(&error) }
}

/// Whether the standard library failed to resolve a host name, as it also does without a network.
fn is_unknown_name(error: &std::io::Error) -> bool {
    error.to_string().starts_with("failed to lookup address")
}

/// Describes an error as one clause without the address, which the message already has.
fn words(error: &ureq::Error) -> String {
    match error {
        ureq::Error::HostNotFound => "there is no such host".to_owned(),
        ureq::Error::Io(error) if is_unknown_name(error) => "its name is not found".to_owned(),
        ureq::Error::Timeout(_) => "it took too long".to_owned(),
        other => other.to_string(),
    }
}

/// Returns the host that an answer redirects to.
pub(super) fn redirect_host(answer: &Answer, from: &str) -> String {
    let from = Url::parse(from).ok();
    let target = answer.header("location").unwrap_or_default();
    let url = Url::options().base_url(from.as_ref()).parse(target).ok();
    url.as_ref().map_or_else(|| "nowhere".to_owned(), name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn api_host_needs_https_unless_it_is_local() {
        for (text, expected) in [
            ("https://api.bigcommerce.com", Some("https://api.bigcommerce.com/stores/h/v3")),
            ("api.bigcommerce.com", Some("https://api.bigcommerce.com/stores/h/v3")),
            ("https://api.example.com:8443/x/", Some("https://api.example.com:8443/stores/h/v3")),
            ("http://127.0.0.1:8080", Some("http://127.0.0.1:8080/stores/h/v3")),
            ("http://[::1]:8080", Some("http://[::1]:8080/stores/h/v3")),
            ("http://localhost:8080", Some("http://localhost:8080/stores/h/v3")),
            ("http://api.bigcommerce.com", None),
            ("http://10.0.0.1", None),
            ("http://localhost.example.com", None),
            ("https://user:secret@api.example.com", None),
            ("ftp://127.0.0.1", None),
            ("", None),
        ] {
            let store = ApiHost::parse(text).ok().map(|host| host.store("h"));
            assert_eq!(store.as_deref(), expected, "{text}");
        }
    }

    /// Without a network, no host name is found.
    #[test]
    fn failed_name_lookup_means_nothing_was_sent() {
        let words = "failed to lookup address information: Temporary failure in name resolution";
        let lost = lost(ureq::Error::Io(std::io::Error::other(words)));
        assert_eq!((lost.was_sent, lost.trouble), (false, FailureKind::NoHost));
        assert_eq!(lost.reason, "its name is not found");
    }

    #[test]
    fn form_boundary_never_occurs_in_the_file() {
        let (kind, body) = form("a\"b.zip", b"x--stencil-guard-boundary--y");
        let boundary = kind.split_once("boundary=").unwrap().1;
        let text = String::from_utf8(body).unwrap();
        assert_eq!(text.matches(&format!("--{boundary}\r\n")).count(), 1);
        assert!(text.contains("filename=\"ab.zip\""));
    }
}
