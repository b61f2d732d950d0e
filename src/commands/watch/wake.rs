//! What wakes a watcher: events of the file system, or time alone. Losing an event costs a moment.

use super::burst::Burst;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

/// After this long it looks whether there was an event or not.
const PATIENCE: Duration = Duration::from_secs(2);
/// The same, where there are no events.
const POLL: Duration = Duration::from_secs(1);

/// Waits for the next time to look.
#[derive(Debug)]
pub struct Wake {
    places: Vec<PathBuf>,
    poll: bool,
    sender: Sender<()>,
    events: Receiver<()>,
    /// The watcher of the system; it stops when it is dropped.
    system: Option<notify::RecommendedWatcher>,
}

impl Wake {
    /// Wakes for changes in `places`; with `poll`, once a second.
    pub fn new(places: Vec<PathBuf>, poll: bool) -> Self {
        let (sender, events) = channel();
        let mut wake = Self { places, poll, sender, events, system: None };
        wake.arm();
        wake
    }

    /// Waits for an event and the end of its burst, or until it is time to look anyway.
    pub fn wait(&mut self) {
        self.arm();
        let longest = if self.system.is_some() { PATIENCE } else { POLL };
        if self.events.recv_timeout(longest).is_err() {
            return;
        }
        let mut burst = Burst::new(Instant::now());
        while let Some(rest) = burst.rest(Instant::now())
            && self.events.recv_timeout(rest).is_ok()
        {
            burst.add(Instant::now());
        }
    }

    /// Asks the system for events, unless it was asked already. A folder that went away is asked for
    /// again when it is back.
    fn arm(&mut self) {
        if self.poll || !self.places.iter().all(|place| place.exists()) {
            self.system = None;
        } else if self.system.is_none() {
            // Without events there is still the clock.
            self.system = self.listen().ok();
        }
    }

    fn listen(&self) -> notify::Result<notify::RecommendedWatcher> {
        use notify::Watcher;
        let sender = self.sender.clone();
        let mut system =
            notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
                // Our own reading is no reason to read again.
                if !event.is_ok_and(|event| event.kind.is_access()) {
                    // Nobody listens any more when the program ends.
                    let _ = sender.send(());
                }
            })?;
        for place in &self.places {
            system.watch(place, notify::RecursiveMode::Recursive)?;
        }
        Ok(system)
    }
}
