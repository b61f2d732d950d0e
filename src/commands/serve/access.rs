//! Admits only requests from the page itself to the page's server.
//!
//! The server listens on the loopback address, but every page in every browser on this computer can reach it.
//! So the page's address holds a secret, and the server checks where requests come from: `Host` exposes a
//! host name that was made to point here (DNS rebinding), and `Origin` a page of another origin.

use std::fmt::Write;

/// The parts of a request that decide whether it is admitted.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Request<'a> {
    /// The path with its query.
    pub(super) target: &'a str,
    /// Whether the method is POST rather than GET.
    pub(super) is_post: bool,
    /// The `Host` header.
    pub(super) host: Option<&'a str>,
    /// The `Origin` header.
    pub(super) origin: Option<&'a str>,
}

/// The secret in the page's address.
pub(super) struct Token(String);

impl Token {
    /// Creates a token from 128 random bits of the operating system.
    pub(super) fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes)?;
        Ok(Self(bytes.iter().fold(String::new(), |mut text, byte| {
            // Writing to a string does not fail.
            let _ = write!(text, "{byte:02x}");
            text
        })))
    }

    /// Returns the page's path.
    pub(super) fn path(&self) -> String {
        format!("/{}/", self.0)
    }

    /// Returns the requested path below the page's path; `None` if the request is refused.
    pub(super) fn admit<'a>(&self, request: Request<'a>, port: u16) -> Option<&'a str> {
        let host = request.host?;
        let is_ours =
            ["127.0.0.1", "localhost"].iter().any(|name| host == format!("{name}:{port}"));
        // Browsers send `Origin` with every POST, but with a GET only if it crosses origins.
        let is_same = request.origin.map_or(!request.is_post, |origin| {
            origin.strip_prefix("http://").is_some_and(|origin| origin == host)
        });
        let path = request.target.split('?').next().unwrap_or_default();
        let (token, rest) = path.strip_prefix('/')?.split_once('/')?;
        (is_ours && is_same && self.is(token)).then_some(rest)
    }

    /// Compares without stopping at the first difference, so that the time taken gives nothing away.
    fn is(&self, other: &str) -> bool {
        let pairs = self.0.bytes().zip(other.bytes());
        self.0.len() == other.len() && pairs.fold(0, |seen, (one, other)| seen | (one ^ other)) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PORT: u16 = 4000;

    fn admits(token: &Token, change: impl Fn(&mut Request<'_>)) -> bool {
        let target = format!("{}themes", token.path());
        let mut request = Request {
            target: &target,
            is_post: true,
            host: Some("127.0.0.1:4000"),
            origin: Some("http://127.0.0.1:4000"),
        };
        change(&mut request);
        token.admit(request, PORT).is_some()
    }

    #[test]
    fn requests_from_the_page_are_admitted() {
        let token = Token::random().unwrap();
        assert!(admits(&token, |_| ()));
        assert!(admits(&token, |request| {
            (request.host, request.origin) =
                (Some("localhost:4000"), Some("http://localhost:4000"));
        }));
        assert!(admits(&token, |request| (request.is_post, request.origin) = (false, None)));
        let target = format!("{}page.css?x/y", token.path());
        let look = Request { target: &target, host: Some("localhost:4000"), ..Request::default() };
        assert_eq!(token.admit(look, PORT), Some("page.css"));
    }

    #[test]
    fn requests_from_elsewhere_are_rejected() {
        let token = Token::random().unwrap();
        let other = Token::random().unwrap();
        assert_ne!(token.path(), other.path());
        let hosts =
            ["evil.example:4000", "127.0.0.1", "127.0.0.1:4001", "localhost.evil.example:4000", ""];
        for host in hosts {
            assert!(!admits(&token, |request| request.host = Some(host)), "{host}");
        }
        let origins =
            ["null", "https://127.0.0.1:4000", "http://localhost:4000", "http://evil.example", ""];
        for origin in origins {
            assert!(!admits(&token, |request| request.origin = Some(origin)), "{origin}");
        }
        assert!(!admits(&token, |request| request.origin = None), "a post without an origin");
        assert!(!admits(&token, |request| request.host = None));
        for target in ["/", "", "themes", "//themes", "/x/themes", &other.path()] {
            let request = Request { target, host: Some("127.0.0.1:4000"), ..Request::default() };
            assert_eq!(token.admit(request, PORT), None, "{target}");
        }
    }
}
