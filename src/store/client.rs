//! Sends requests to a store's API, and repeats them within limits until they are answered.

use super::answer;
use super::connection::{self, Answer, ApiHost, Connection, Load};
pub use super::retry::Repeat;
use super::retry::{AttemptFailure, wait};
use super::{StoreEnvironment, StoreError, Token};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::time::Duration;
use ureq::http::Method;

/// The maximum time to wait for one answer.
const LONGEST: Duration = Duration::from_secs(300);
/// The number of list items per request.
const PAGE: usize = 250;
/// More pages than any list has; it ends the loop if a store always names a next page.
const MAX_PAGES: usize = 400;

/// Access to a store's API.
#[derive(Debug)]
pub struct Client<'s> {
    connection: Connection,
    host: ApiHost,
    hash: String,
    token: Token,
    environment: &'s StoreEnvironment,
}

impl<'s> Client<'s> {
    /// Creates a client for the API of the store with this hash.
    pub fn new(
        host: ApiHost,
        hash: String,
        token: Token,
        environment: &'s StoreEnvironment,
    ) -> Self {
        Self { connection: Connection::new(&host), host, hash, token, environment }
    }

    /// Returns the store's hash.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Returns the environment: time, sleep, environment and prompts.
    pub fn environment(&self) -> &'s StoreEnvironment {
        self.environment
    }

    /// Gets the resource at a path.
    ///
    /// # Errors
    /// When the store does not return it.
    pub(super) fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, StoreError> {
        let answer = self.send(&Method::GET, path, &Load::Nothing, Repeat::Harmless)?;
        let request = request_name(&Method::GET, path);
        answer::data(&request, answer::json(&request, &answer)?)
    }

    /// Gets all pages of the list at a path.
    pub(super) fn list<T: DeserializeOwned>(&self, path: &str) -> Result<Vec<T>, StoreError> {
        let mut found = Vec::new();
        let join = if path.contains('?') { '&' } else { '?' };
        for page in 1..=MAX_PAGES {
            let path = format!("{path}{join}limit={PAGE}&page={page}");
            let request = request_name(&Method::GET, &path);
            let answer = self.send(&Method::GET, &path, &Load::Nothing, Repeat::Harmless)?;
            let value = answer::json(&request, &answer)?;
            let has_more = answer::has_more(&value);
            let some: Vec<T> = answer::data(&request, value)?;
            let is_empty = some.is_empty();
            found.extend(some);
            if !has_more || is_empty {
                break;
            }
        }
        Ok(found)
    }

    /// Sends JSON and returns the JSON of the answer; `null` if the answer is empty.
    pub(super) fn change(
        &self,
        method: &Method,
        path: &str,
        body: &impl Serialize,
        repeat: Repeat,
    ) -> Result<Value, StoreError> {
        let text = serde_json::to_string(body).map_err(|error| StoreError::Unexpected {
            request: request_name(method, path),
            reason: error.to_string(),
        })?;
        let answer = self.send(method, path, &Load::Json(text), repeat)?;
        match answer.body.is_empty() {
            true => Ok(Value::Null),
            false => answer::json(&request_name(method, path), &answer),
        }
    }

    /// Sends a file and returns the JSON of the answer.
    pub(super) fn upload(&self, path: &str, name: &str, bytes: &[u8]) -> Result<Value, StoreError> {
        let load = Load::File { name, bytes };
        let answer = self.send(&Method::POST, path, &load, Repeat::NotIdempotent)?;
        answer::json(&request_name(&Method::POST, path), &answer)
    }

    /// Deletes the resource at a path; it is not an error if it is gone already.
    pub(super) fn delete(&self, path: &str) -> Result<(), StoreError> {
        let sent = self.send(&Method::DELETE, path, &Load::Nothing, Repeat::Harmless);
        match sent {
            Err(error) if error.status() != Some(404) => Err(error),
            _ => Ok(()),
        }
    }

    /// Gets a file from an address that the store named, without sending the token.
    pub(super) fn fetch(&self, address: &str) -> Result<Vec<u8>, StoreError> {
        let most = connection::MAX_THEME_BYTES;
        let request = "GET the link that the store named";
        let answer =
            self.until_answered(request, Repeat::Harmless, || self.connection.get(address, most))?;
        match answer.status {
            200 => Ok(answer.body),
            300..400 => {
                let host = connection::redirect_host(&answer, address);
                Err(StoreError::Redirected { request: request.to_owned(), host })
            }
            _ => Err(StoreError::Refused(answer::refusal(request, &answer))),
        }
    }

    /// Sends a request with the token until the store answers, and returns successful answers only.
    fn send(
        &self,
        method: &Method,
        path: &str,
        load: &Load<'_>,
        repeat: Repeat,
    ) -> Result<Answer, StoreError> {
        let address = format!("{}{path}", self.host.store(&self.hash));
        let request = request_name(method, path);
        let answer = self.until_answered(&request, repeat, || {
            self.connection.call((method, &address), &self.token, load)
        })?;
        match answer.status {
            200..300 => Ok(answer),
            300..400 => {
                let host = connection::redirect_host(&answer, &address);
                Err(StoreError::Redirected { request, host })
            }
            _ => Err(StoreError::Refused(answer::refusal(&request, &answer))),
        }
    }

    fn until_answered(
        &self,
        request: &str,
        repeat: Repeat,
        attempt: impl Fn() -> Result<Answer, connection::TransportError>,
    ) -> Result<Answer, StoreError> {
        let (mut waited, mut attempts) = (Duration::ZERO, 0);
        loop {
            let result = attempt();
            attempts += 1;
            let Some((setback, last)) = setback(&result) else {
                return result.map_err(|lost| self.lost(request, lost));
            };
            let wait = wait(repeat, setback, attempts, (self.environment.chance)());
            match (wait, result) {
                (Some(wait), _) if waited + wait > LONGEST => {
                    let seconds = LONGEST.as_secs();
                    return Err(StoreError::Busy { request: request.to_owned(), seconds, last });
                }
                (Some(wait), _) => {
                    (self.environment.tell)(&format!(
                        "{last}; waiting {:.1} s",
                        wait.as_secs_f64()
                    ));
                    waited += wait;
                    (self.environment.sleep)(wait);
                }
                (None, result) => return result.map_err(|lost| self.lost(request, lost)),
            }
        }
    }

    fn lost(&self, request: &str, lost: connection::TransportError) -> StoreError {
        let reason = lost.reason;
        match lost.was_sent {
            false => StoreError::Unreachable { host: self.host.name().to_owned(), reason },
            true => StoreError::Broken { request: request.to_owned(), reason },
        }
    }
}

/// Returns why an attempt must be repeated, as a value for programs and in words for people.
fn setback(
    result: &Result<Answer, connection::TransportError>,
) -> Option<(AttemptFailure, String)> {
    match result {
        Ok(answer) => {
            let setback = match answer.status {
                429 => AttemptFailure::Limited(answer::asked_wait(answer)),
                500 | 502..=504 => AttemptFailure::Down,
                _ => return None,
            };
            Some((setback, format!("status {}", answer.status)))
        }
        Err(lost) if lost.was_sent => Some((AttemptFailure::Broken, lost.reason.clone())),
        Err(lost) => Some((AttemptFailure::NotSent, lost.reason.clone())),
    }
}

/// Names a request for messages, without host and page number.
fn request_name(method: &Method, path: &str) -> String {
    let path = path.split(['?', '&']).next().unwrap_or_default();
    format!("{method} {path}")
}
