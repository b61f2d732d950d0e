//! A store on this computer that answers as the platform's reference says, and misbehaves on request.
//!
//! It listens on a loopback address of its own, with a second one for links and redirects that lead to
//! another host, and ends with the value.

mod api;
mod http;
mod routes;
mod site;
mod sites;
mod state;

pub(crate) use http::{Reply, Request};
pub(crate) use routes::Route;
pub(crate) use site::Site;
pub(crate) use state::{Channel, State, config};

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::Duration;

pub(crate) const TOKEN: &str = "stand-in-token-Zz93kQ";
pub(crate) const HASH: &str = "standin1";

/// A way to misbehave.
#[derive(Clone)]
pub(crate) enum Misbehaviour {
    /// Answers with this instead; if it `takes_effect`, after having done what was asked for.
    Instead { reply: Reply, takes_effect: bool },
    /// Ends the connection without an answer.
    Cut { takes_effect: bool },
    /// Ends the connection in the middle of the answer.
    Truncate,
    /// Answers right, after a while.
    Slow(Duration),
    /// Calls this before the answer.
    Call(Arc<dyn Fn() + Send + Sync>),
    /// Calls this and ends the connection without an answer.
    End { call: Arc<dyn Fn() + Send + Sync>, takes_effect: bool },
}

impl Misbehaviour {
    pub(crate) fn status(status: u16, title: &str, takes_effect: bool) -> Self {
        let body = serde_json::json!({ "status": status, "title": title, "type": "/api-docs" });
        Self::Instead { reply: Reply::json(status, &body), takes_effect }
    }
}

/// When to misbehave.
pub(crate) struct Fault {
    /// Method and path; the path's end is left open, unless `$` stands there.
    pub(crate) request: String,
    /// How many such requests are answered right before.
    pub(crate) after: usize,
    /// How many are not.
    pub(crate) times: usize,
    pub(crate) what: Misbehaviour,
}

impl Fault {
    /// The first request that begins so is answered in this way.
    pub(crate) fn once(request: &str, what: Misbehaviour) -> Self {
        Self { request: request.to_owned(), after: 0, times: 1, what }
    }

    /// All requests that begin so are.
    pub(crate) fn always(request: &str, what: Misbehaviour) -> Self {
        Self { request: request.to_owned(), after: 0, times: usize::MAX, what }
    }
}

/// A running store.
pub(crate) struct StandIn {
    api: Listener,
    elsewhere: Listener,
    state: Arc<Mutex<State>>,
}

struct Listener {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl StandIn {
    pub(crate) fn new() -> Self {
        let api = TcpListener::bind("127.0.0.1:0").unwrap();
        let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
        let other = format!("http://{}", elsewhere.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::new(other)));
        Self {
            api: Listener::start(api, state.clone(), true),
            elsewhere: Listener::start(elsewhere, state.clone(), false),
            state,
        }
    }

    /// The API's address.
    pub(crate) fn host(&self) -> String {
        format!("http://{}", self.api.address)
    }

    /// The address of the other host.
    pub(crate) fn other_host(&self) -> String {
        format!("http://{}", self.elsewhere.address)
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// How many themes it holds once all jobs have ended.
    pub(crate) fn settled(&self) -> usize {
        let mut state = self.state();
        while state.jobs.values().any(|job| job.polls_left > 0 || job.theme.is_some()) {
            api::go_on(&mut state);
        }
        state.themes.len()
    }

    /// What it holds, for another server.
    pub(crate) fn shared(&self) -> Arc<Mutex<State>> {
        self.state.clone()
    }

    pub(crate) fn misbehave(&self, fault: Fault) {
        self.state().faults.push(fault);
    }

    /// Method and path of every request to the API so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.state().log.iter().filter(|seen| seen.to_api).map(|seen| seen.line.clone()).collect()
    }

    /// How many requests began so.
    pub(crate) fn count(&self, start: &str) -> usize {
        self.requests().iter().filter(|line| line.starts_with(start)).count()
    }
}

impl Listener {
    fn start(listener: TcpListener, state: Arc<Mutex<State>>, is_api: bool) -> Self {
        let address = listener.local_addr().unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = stop.clone();
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::SeqCst) {
                    break;
                }
                let (state, stream) = (state.clone(), stream.unwrap());
                std::thread::spawn(move || serve(&stream, &state, is_api));
            }
        });
        Self { address, stop, thread: Some(thread) }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes it up.
        let _ = TcpStream::connect(self.address);
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

/// Answers the requests of one connection.
fn serve(stream: &TcpStream, state: &Mutex<State>, is_api: bool) {
    // A client that went away without a word must not keep a thread.
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    while let Some(request) = http::read(stream) {
        let mut guard = state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let fault = guard.note(&request, is_api);
        let takes_effect = match &fault {
            Some(
                Misbehaviour::Instead { takes_effect, .. }
                | Misbehaviour::Cut { takes_effect }
                | Misbehaviour::End { takes_effect, .. },
            ) => *takes_effect,
            _ => true,
        };
        let reply = takes_effect.then(|| match is_api {
            true => api::answer(&mut guard, &request),
            false => api::elsewhere(&mut guard, &request),
        });
        drop(guard);
        let right = reply.unwrap_or_else(|| Reply::json(200, &serde_json::Value::Null));
        let is_sent = match fault {
            None => http::write(stream, &right),
            Some(Misbehaviour::Instead { reply, .. }) => http::write(stream, &reply),
            Some(Misbehaviour::Cut { .. }) => return,
            Some(Misbehaviour::End { call, .. }) => return call(),
            Some(Misbehaviour::Truncate) => return http::write_half(stream, &right),
            Some(Misbehaviour::Slow(wait)) => {
                std::thread::sleep(wait);
                http::write(stream, &right)
            }
            Some(Misbehaviour::Call(call)) => {
                call();
                http::write(stream, &right)
            }
        };
        if !is_sent {
            return;
        }
    }
}
