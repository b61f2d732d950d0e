//! Detects that the page has been silent for so long that the user must have left it.

use std::time::{Duration, Instant};

/// How long the page may be silent. A browser that still shows the page sends a request more often than this,
/// even from a tab in the background, where timers run once a minute.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// The time of the page's last request.
#[derive(Debug)]
pub(super) struct LastSeen {
    heard: Instant,
}

impl LastSeen {
    pub(super) fn new(now: Instant) -> Self {
        Self { heard: now }
    }

    /// Records a request from the page.
    pub(super) fn hear(&mut self, now: Instant) {
        self.heard = now;
    }

    /// Whether the page has been silent for too long.
    pub(super) fn is_over(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.heard) > PATIENCE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_is_over_after_a_long_silence() {
        let start = Instant::now();
        let mut away = LastSeen::new(start);
        assert!(!away.is_over(start + PATIENCE));
        away.hear(start + PATIENCE);
        assert!(!away.is_over(start + PATIENCE * 2));
        assert!(away.is_over(start + PATIENCE * 2 + Duration::from_secs(1)));
    }
}
