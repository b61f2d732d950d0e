//! Notices when the page has been away for so long that nobody will come back to it.

use std::time::{Duration, Instant};

/// A browser that still shows the page sends a sign of life more often, even from a tab in the background,
/// where timers run once a minute.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// When the page was last heard of.
#[derive(Debug)]
pub(super) struct LastSeen {
    heard: Instant,
}

impl LastSeen {
    pub(super) fn new(now: Instant) -> Self {
        Self { heard: now }
    }

    /// The page has asked for something.
    pub(super) fn hear(&mut self, now: Instant) {
        self.heard = now;
    }

    /// Whether nobody has asked for anything in a long time.
    pub(super) fn is_over(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.heard) > PATIENCE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_over_when_nothing_was_heard_for_long() {
        let start = Instant::now();
        let mut away = LastSeen::new(start);
        assert!(!away.is_over(start + PATIENCE));
        away.hear(start + PATIENCE);
        assert!(!away.is_over(start + PATIENCE * 2));
        assert!(away.is_over(start + PATIENCE * 2 + Duration::from_secs(1)));
    }
}
