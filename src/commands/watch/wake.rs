//! What wakes a watcher: events of the file system, or time alone. Losing an event costs a moment.

use super::burst::Burst;
use super::places::{Asked, Places};
use notify::event::{EventKind, ModifyKind};
use notify::{Error, ErrorKind, RecommendedWatcher, Watcher};
use std::io::ErrorKind::PermissionDenied;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

/// After this long it looks whether there was an event or not.
const PATIENCE: Duration = Duration::from_secs(2);
/// The same, where there are no events.
const POLL: Duration = Duration::from_secs(1);
/// A system that refused is not asked again before this time is over.
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
    /// What is to be told of that, and was not yet.
    refusal: Option<String>,
    is_told: bool,
}

/// What an event says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Message {
    Changed,
    /// A folder that was asked for is no longer where it was.
    Moved,
}

/// What gives events, until it is dropped.
#[derive(Debug)]
struct System {
    asked: Vec<Asked>,
    _watcher: RecommendedWatcher,
}

impl Wake {
    /// Wakes for changes in `places`; with `poll`, once a second.
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

    /// Waits for an event and the end of its burst, or until it is time to look anyway; whether there was a
    /// reason to look. What happened before it began to listen in other places is a reason, too.
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

    /// What to tell, once, of a system that gives no events.
    pub fn refusal(&mut self) -> Option<String> {
        self.refusal.take()
    }

    fn refuse(&mut self, error: &notify::Error) {
        self.refused = Some(Instant::now());
        if !std::mem::replace(&mut self.is_told, true) {
            let why = match &error.kind {
                ErrorKind::MaxFilesWatch => "it watches as many folders as it may".to_owned(),
                ErrorKind::Io(error) => error.to_string(),
                _ => error.to_string(),
            };
            let text = "the theme is looked at once a second instead";
            self.refusal = Some(format!("the system gives no events ({why}); {text}"));
        }
    }

    fn note(&mut self, message: Message) {
        if message == Message::Moved {
            self.system = None;
        }
    }

    /// Asks the system for events, unless it was asked for the same already; whether it is now.
    fn arm(&mut self, places: &Places) -> bool {
        if self.poll || self.refused.is_some_and(|refused| refused.elapsed() < GRUDGE) {
            return false;
        }
        let asked = places.asked();
        if self.system.as_ref().is_some_and(|system| system.asked == asked) {
            return false;
        }
        // Without events there is still the clock.
        self.system = None;
        self.refused = None;
        match listen(asked, self.sender.clone()) {
            Ok(system) => self.system = Some(system),
            // It is on its way elsewhere.
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
            // Nobody listens any more when the program ends.
            let _ = sender.send(message);
        }
    })?;
    for Asked { folder, mode, .. } in &asked {
        match watcher.watch(folder, *mode) {
            // What may not be read may not be watched; the clock is for that.
            Err(Error { kind: ErrorKind::Io(error), .. }) if error.kind() == PermissionDenied => {}
            watched => watched?,
        }
    }
    Ok(System { asked, _watcher: watcher })
}

/// What an event means to us, if anything.
fn message(event: &notify::Result<notify::Event>, asked: &[Asked]) -> Option<Message> {
    // What went wrong may have been an event.
    let Ok(event) = event else { return Some(Message::Changed) };
    let is_move =
        matches!(event.kind, EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)));
    if is_move && event.paths.iter().any(|path| asked.iter().any(|asked| asked.folder == *path)) {
        return Some(Message::Moved);
    }
    let is_about = |path| asked.iter().any(|asked| asked.is_about(path));
    let is_ours = event.paths.is_empty() || event.paths.iter().any(|path| is_about(path));
    // Our own reading is no reason to read again.
    (is_ours && !event.kind.is_access()).then_some(Message::Changed)
}

#[cfg(test)]
mod tests;
