//! Pages as somebody gets them who is not signed in: without token and cookies, no redirect followed, one
//! after the other, and never more than two a second.

use super::Surroundings;
use super::connection::{Answer, Connection, Trouble, is_loopback};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};
use url::Url;

/// From the start of one request to that of the next.
const PACE: Duration = Duration::from_millis(500);
/// More than any page of a shop has.
const MOST_BYTES: u64 = 8 * 1024 * 1024;
/// A host that fails so often in succession is not asked any more.
const MOST_FAILURES: usize = 2;

/// Somebody who looks at pages.
#[derive(Debug)]
pub struct Guest<'s> {
    connection: Connection,
    surroundings: &'s Surroundings,
    last: Cell<Option<Instant>>,
    requests: Cell<usize>,
    /// Origins that asked to be left alone.
    closed: RefCell<BTreeSet<String>>,
    /// Origins that did not answer: how often in succession, and why.
    silent: RefCell<BTreeMap<String, (usize, Missed)>>,
}

/// What is at an address.
#[derive(Clone, Debug)]
pub struct WebPage {
    /// The status of the answer.
    pub status: u16,
    answer: Answer,
}

/// Why nothing is known about an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missed {
    /// There is no such host.
    NoHost,
    /// The connection is not secure.
    NotSecure(String),
    /// The host asked not to be asked any more.
    Closed,
    /// Anything else.
    Failed(String),
}

impl WebPage {
    /// The first header of this name, in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.answer.header(name)
    }

    /// All headers of this name, in small letters.
    pub fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let headers = self.answer.headers.iter().filter(move |(other, _)| other == name);
        headers.map(|(_, value)| value.as_str())
    }

    /// Its text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.answer.body).into_owned()
    }
}

impl<'s> Guest<'s> {
    /// A guest of hosts on this computer if `is_local`, else of any.
    pub fn new(is_local: bool, surroundings: &'s Surroundings) -> Self {
        Self {
            connection: Connection::without_api(is_local),
            surroundings,
            last: Cell::new(None),
            requests: Cell::new(0),
            closed: RefCell::default(),
            silent: RefCell::default(),
        }
    }

    /// How many requests were sent.
    pub fn requests(&self) -> usize {
        self.requests.get()
    }

    /// The world around it.
    pub fn surroundings(&self) -> &'s Surroundings {
        self.surroundings
    }

    /// What is at an address; of a redirect, the redirect.
    ///
    /// # Errors
    /// When there is no answer, or none is wanted any more.
    pub fn get(&self, address: &Url) -> Result<WebPage, Missed> {
        let origin = address.origin().ascii_serialization();
        if self.closed.borrow().contains(&origin) {
            return Err(Missed::Closed);
        }
        if address.scheme() != "https" && !is_loopback(address) {
            return Err(Missed::Failed("it does not use https".to_owned()));
        }
        if let Some(missed) = self.given_up(&origin) {
            return Err(missed);
        }
        self.keep_pace();
        let mut address = address.clone();
        address.set_fragment(None);
        let sent = self.connection.get(address.as_str(), MOST_BYTES);
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
                    Trouble::NoHost => Missed::NoHost,
                    Trouble::NotSecure => Missed::NotSecure(lost.reason),
                    Trouble::Other => Missed::Failed(lost.reason),
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

    /// Why a host is not asked any more; `None` if it is.
    fn given_up(&self, origin: &str) -> Option<Missed> {
        let silent = self.silent.borrow();
        let (failures, missed) = silent.get(origin)?;
        let is_over = *failures >= MOST_FAILURES || !matches!(missed, Missed::Failed(_));
        is_over.then(|| missed.clone())
    }

    fn keep_pace(&self) {
        let clock = &self.surroundings.clock;
        if let Some(last) = self.last.get() {
            let passed = clock.now().duration_since(last);
            if let Some(rest) = PACE.checked_sub(passed).filter(|rest| !rest.is_zero()) {
                (self.surroundings.sleep)(rest);
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
    fn only_this_computer_is_asked_without_https() {
        let surroundings = Surroundings::default();
        let guest = Guest::new(false, &surroundings);
        let missed = guest.get(&Url::parse("http://shop.invalid/").unwrap()).unwrap_err();
        assert_eq!(missed, Missed::Failed("it does not use https".to_owned()));
        assert_eq!(guest.requests(), 0);
    }
}
