//! Wakes a watcher: by file system events, or by time alone. A lost event only costs a moment.

use super::burst::Burst;
use super::places::{Asked, Places};
use notify::event::{EventKind, ModifyKind};
use notify::{Error, ErrorKind, RecommendedWatcher, Watcher};
use std::io::ErrorKind::PermissionDenied;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

/// How long to wait for an event before looking anyway.
const PATIENCE: Duration = Duration::from_secs(2);
/// The same, if there are no events.
const POLL: Duration = Duration::from_secs(1);
/// How long to wait before asking a system again that refused.
const GRUDGE: Duration = Duration::from_secs(60);

/// Waits for the next time to look.
#[derive(Debug)]
pub struct Wake {
    poll: bool,
    patience: Duration,
    sender: Sender<Message>,
    events: Receiver<Message>,
    system: Option<System>,
    refused: Option<Instant>,
    /// The message about the refusal, until it is reported.
    refusal: Option<String>,
    is_told: bool,
}

/// The meaning of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Message {
    Changed,
    /// A watched folder is no longer where it was.
    Moved,
}

/// The source of events, until it is dropped.
#[derive(Debug)]
struct System {
    asked: Vec<Asked>,
    _watcher: RecommendedWatcher,
}

impl Wake {
    /// Creates a `Wake` for changes in `places`; with `poll`, it wakes once a second.
    pub fn new(places: &Places, poll: bool) -> Self {
        let (sender, events) = channel();
        let mut wake = Self {
            poll,
            patience: PATIENCE,
            sender,
            events,
            system: None,
            refused: None,
            refusal: None,
            is_told: false,
        };
        wake.arm(places);
        wake
    }

    /// Waits for an event and the end of its burst, or until it is time to look anyway. Returns whether there
    /// is a reason to look. Starting to listen in other places is also a reason, because earlier events there
    /// were missed.
    pub fn wait(&mut self, places: &Places) -> bool {
        if self.arm(places) {
            return true;
        }
        let longest = if self.system.is_some() { self.patience } else { self.patience.min(POLL) };
        let Ok(message) = self.events.recv_timeout(longest) else { return false };
        self.note(message);
        let mut burst = Burst::new(Instant::now());
        while let Some(rest) = burst.rest(Instant::now())
            && let Ok(message) = self.events.recv_timeout(rest)
        {
            self.note(message);
            burst.add(Instant::now());
        }
        true
    }

    /// Returns the message about a system that gives no events, once.
    pub fn refusal(&mut self) -> Option<String> {
        self.refusal.take()
    }

    fn refuse(&mut self, error: &notify::Error) {
        self.refused = Some(Instant::now());
        if !std::mem::replace(&mut self.is_told, true) {
            let why = match &error.kind {
                ErrorKind::MaxFilesWatch => {
                    "it has reached its limit of watched folders".to_owned()
                }
                ErrorKind::Io(error) => error.to_string(),
                _ => error.to_string(),
            };
            let text = "stencil-guard looks at the theme once a second instead";
            self.refusal = Some(format!("the system gives no events ({why}); {text}"));
        }
    }

    fn note(&mut self, message: Message) {
        if message == Message::Moved {
            self.system = None;
        }
    }

    /// Asks the system for events, unless it already watches the same folders. Returns whether it started to
    /// listen.
    fn arm(&mut self, places: &Places) -> bool {
        if self.poll || self.refused.is_some_and(|refused| refused.elapsed() < GRUDGE) {
            return false;
        }
        let asked = places.asked();
        if self.system.as_ref().is_some_and(|system| system.asked == asked) {
            return false;
        }
        // If the system gives no events, the clock still wakes the watcher.
        self.system = None;
        self.refused = None;
        match listen(asked, self.sender.clone()) {
            Ok(system) => self.system = Some(system),
            // The folder is being moved or replaced right now.
            Err(error) if matches!(error.kind, ErrorKind::PathNotFound) => {}
            Err(error) => self.refuse(&error),
        }
        self.system.is_some()
    }
}

fn listen(asked: Vec<Asked>, sender: Sender<Message>) -> notify::Result<System> {
    let known = asked.clone();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if let Some(message) = message(&event, &known) {
            // When the program ends, nothing receives the message any more.
            let _ = sender.send(message);
        }
    })?;
    for Asked { folder, mode, .. } in &asked {
        match watcher.watch(folder, *mode) {
            // A folder that may not be read cannot be watched; the clock covers it.
            Err(Error { kind: ErrorKind::Io(error), .. }) if error.kind() == PermissionDenied => {}
            watched => watched?,
        }
    }
    Ok(System { asked, _watcher: watcher })
}

/// Returns what an event means for the watcher, if anything.
fn message(event: &notify::Result<notify::Event>, asked: &[Asked]) -> Option<Message> {
    // An error may hide an event.
    let Ok(event) = event else { return Some(Message::Changed) };
    let is_move =
        matches!(event.kind, EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)));
    if is_move && event.paths.iter().any(|path| asked.iter().any(|asked| asked.folder == *path)) {
        return Some(Message::Moved);
    }
    let is_about = |path| asked.iter().any(|asked| asked.is_about(path));
    let is_ours = event.paths.is_empty() || event.paths.iter().any(|path| is_about(path));
    // Reading by the watcher itself is no reason to read again.
    (is_ours && !event.kind.is_access()).then_some(Message::Changed)
}

#[cfg(test)]
mod tests;
