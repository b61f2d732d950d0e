//! Requests and replies on a socket. The parser is a library's; sockets are raw, so that an answer can be
//! cut off.

use std::io::{Read, Write};
use std::net::TcpStream;

#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        header.map(|(_, value)| value.as_str())
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn json(status: u16, body: &serde_json::Value) -> Self {
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        Self::bytes(status, "application/json", body)
    }

    pub(crate) fn bytes(status: u16, kind: &str, body: Vec<u8>) -> Self {
        Self { status, headers: vec![("content-type".to_owned(), kind.to_owned())], body }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// The next request; `None` if the client is gone.
pub(super) fn read(mut stream: &TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 65_536];
    loop {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut head = httparse::Request::new(&mut headers);
        if let Ok(httparse::Status::Complete(start)) = head.parse(&bytes) {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let headers: Vec<(String, String)> = head
                .headers
                .iter()
                .map(|header| (header.name.to_owned(), text(header.value)))
                .collect();
            let (method, target) = (head.method?.to_owned(), head.path?.to_owned());
            let length =
                headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
            let length = length.map_or(0, |(_, length)| length.parse().unwrap());
            let mut body = bytes.split_off(start);
            while body.len() < length {
                let count = stream.read(&mut buffer).ok().filter(|count| *count > 0)?;
                body.extend_from_slice(&buffer[..count]);
            }
            let url = url::Url::parse(&format!("http://x{target}")).ok()?;
            let query = url.query_pairs().into_owned().collect();
            return Some(Request { method, path: url.path().to_owned(), query, headers, body });
        }
        let count = stream.read(&mut buffer).ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&buffer[..count]);
    }
}

fn head(reply: &Reply) -> Vec<u8> {
    let mut head =
        format!("HTTP/1.1 {} x\r\ncontent-length: {}\r\n", reply.status, reply.body.len());
    for (name, value) in &reply.headers {
        head += &format!("{name}: {value}\r\n");
    }
    (head + "\r\n").into_bytes()
}

/// Sends a reply; whether the client took it.
pub(super) fn write(mut stream: &TcpStream, reply: &Reply) -> bool {
    let mut bytes = head(reply);
    // An answer of this kind has no body, and what followed would be read as the next one.
    if reply.status != 204 {
        bytes.extend_from_slice(&reply.body);
    }
    stream.write_all(&bytes).is_ok()
}

/// Sends the head and half of the body.
pub(super) fn write_half(mut stream: &TcpStream, reply: &Reply) {
    let bytes = [head(reply), reply.body[..reply.body.len() / 2].to_vec()].concat();
    let _ = stream.write_all(&bytes);
}
