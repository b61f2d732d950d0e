//! Gets pages as a visitor who is not signed in: without token and cookies, without following redirects, one
//! after the other, and at most two per second.

use super::StoreEnvironment;
use super::connection::{Answer, Connection, FailureKind, is_loopback};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};
use url::Url;

/// The minimum time between the starts of two requests.
const PACE: Duration = Duration::from_millis(500);
/// More bytes than any page of a shop has.
const MAX_BYTES: u64 = 8 * 1024 * 1024;
/// The number of failures in succession after which a host is no longer asked.
const MAX_FAILURES: usize = 2;

/// A visitor who is not signed in.
#[derive(Debug)]
pub struct Guest<'s> {
    connection: Connection,
    environment: &'s StoreEnvironment,
    last: Cell<Option<Instant>>,
    requests: Cell<usize>,
    /// Origins that answered 429 and are no longer asked.
    closed: RefCell<BTreeSet<String>>,
    /// Origins that did not answer: the number of failures in succession, and the last reason.
    silent: RefCell<BTreeMap<String, (usize, FetchError)>>,
}

/// An answer to a page request.
#[derive(Clone, Debug)]
pub struct WebPage {
    /// The HTTP status.
    pub status: u16,
    answer: Answer,
}

/// Why an address gave no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FetchError {
    /// The host does not exist.
    NoHost,
    /// The connection is not secure.
    NotSecure(String),
    /// The host asked to stop the requests.
    Closed,
    /// Any other reason.
    Failed(String),
}

impl WebPage {
    /// Returns the first header of this lowercase name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.answer.header(name)
    }

    /// Returns all headers of this lowercase name.
    pub fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let headers = self.answer.headers.iter().filter(move |(other, _)| other == name);
        headers.map(|(_, value)| value.as_str())
    }

    /// Returns the body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.answer.body).into_owned()
    }
}

impl<'s> Guest<'s> {
    /// Creates a guest; `is_local` says that all hosts are on this computer.
    pub fn new(is_local: bool, environment: &'s StoreEnvironment) -> Self {
        Self {
            connection: Connection::without_api(is_local),
            environment,
            last: Cell::new(None),
            requests: Cell::new(0),
            closed: RefCell::default(),
            silent: RefCell::default(),
        }
    }

    /// Returns the number of requests sent.
    pub fn requests(&self) -> usize {
        self.requests.get()
    }

    /// Returns the environment: time, sleep, environment and prompts.
    pub fn environment(&self) -> &'s StoreEnvironment {
        self.environment
    }

    /// Gets the page at an address, or the redirect if it redirects.
    ///
    /// # Errors
    /// When the host does not answer, or is no longer asked.
    pub fn get(&self, address: &Url) -> Result<WebPage, FetchError> {
        let origin = address.origin().ascii_serialization();
        if self.closed.borrow().contains(&origin) {
            return Err(FetchError::Closed);
        }
        if address.scheme() != "https" && !is_loopback(address) {
            return Err(FetchError::Failed("it does not use https".to_owned()));
        }
        if let Some(missed) = self.given_up(&origin) {
            return Err(missed);
        }
        self.keep_pace();
        let mut address = address.clone();
        address.set_fragment(None);
        let sent = self.connection.get(address.as_str(), MAX_BYTES);
        let mut silent = self.silent.borrow_mut();
        match sent {
            Ok(answer) => {
                silent.remove(&origin);
                if answer.status == 429 {
                    self.closed.borrow_mut().insert(origin);
                }
                Ok(WebPage { status: answer.status, answer })
            }
            Err(lost) => {
                let missed = match lost.trouble {
                    FailureKind::NoHost => FetchError::NoHost,
                    FailureKind::NotSecure => FetchError::NotSecure(lost.reason),
                    FailureKind::Other => FetchError::Failed(lost.reason),
                };
                let failures = silent.get(&origin).map_or(0, |(failures, _)| *failures);
                silent.insert(origin, (failures + 1, missed.clone()));
                Err(missed)
            }
        }
    }

    /// Gives hosts that did not answer another chance.
    pub fn forgive(&self) {
        self.silent.borrow_mut().clear();
    }

    /// Returns why a host is no longer asked; `None` if it still is.
    fn given_up(&self, origin: &str) -> Option<FetchError> {
        let silent = self.silent.borrow();
        let (failures, missed) = silent.get(origin)?;
        let is_over = *failures >= MAX_FAILURES || !matches!(missed, FetchError::Failed(_));
        is_over.then(|| missed.clone())
    }

    fn keep_pace(&self) {
        let clock = &self.environment.clock;
        if let Some(last) = self.last.get() {
            let passed = clock.now().duration_since(last);
            if let Some(rest) = PACE.checked_sub(passed).filter(|rest| !rest.is_zero()) {
                (self.environment.sleep)(rest);
            }
        }
        self.last.set(Some(clock.now()));
        self.requests.set(self.requests.get() + 1);
    }
}

/// Whether an address is on this computer.
pub fn is_local(address: &Url) -> bool {
    is_loopback(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remote_host_without_https_is_not_contacted() {
        let environment = StoreEnvironment::default();
        let guest = Guest::new(false, &environment);
        let missed = guest.get(&Url::parse("http://shop.invalid/").unwrap()).unwrap_err();
        assert_eq!(missed, FetchError::Failed("it does not use https".to_owned()));
        assert_eq!(guest.requests(), 0);
    }
}
