//! Decides when a burst of events is over. The caller supplies the times.

use std::time::{Duration, Instant};

/// A burst is over after a silence of this length.
const SILENCE: Duration = Duration::from_millis(50);
/// A burst that does not end is cut off after this time.
const LONGEST: Duration = Duration::from_secs(1);

/// Events that belong together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Burst {
    first: Instant,
    last: Instant,
}

impl Burst {
    /// Creates a burst that begins with an event at this time.
    pub(super) fn new(first: Instant) -> Self {
        Self { first, last: first }
    }

    /// Adds an event.
    pub(super) fn add(&mut self, event: Instant) {
        self.last = event;
    }

    /// Returns how long to wait for a further event; `None` if the burst is over.
    pub(super) fn rest(self, now: Instant) -> Option<Duration> {
        let end = (self.last + SILENCE).min(self.first + LONGEST);
        end.checked_duration_since(now).filter(|rest| !rest.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns after how many milliseconds a burst is over, given the times of its events after the first.
    fn length(events: impl IntoIterator<Item = u64>) -> u128 {
        let start = Instant::now();
        let mut burst = Burst::new(start);
        let mut now = start;
        for event in events {
            let event = start + Duration::from_millis(event);
            match burst.rest(now) {
                Some(rest) if event - now < rest => now = event,
                _ => break,
            }
            burst.add(now);
        }
        (now + burst.rest(now).unwrap_or_default() - start).as_millis()
    }

    #[test]
    fn nearby_events_form_one_burst() {
        assert_eq!(length([]), 50);
        assert_eq!(length([10, 20, 65]), 115);
        assert_eq!(length([10, 60]), 60);
        assert_eq!(length([200]), 50);
    }

    #[test]
    fn an_endless_burst_is_cut_off_after_one_second() {
        assert_eq!(length((1..).map(|event| event * 10)), 1000);
    }
}
