//! Decides whether and when to send a request again, with one rule for each kind of request; it uses no clock
//! and does not sleep.

use std::time::Duration;

/// The effect of sending a request twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// No further effect: the request reads, or sets a state.
    Harmless,
    /// The effect happens twice, such as a second upload. The request is repeated only if the store did not
    /// accept it.
    NotIdempotent,
}

/// Why an attempt ended without a useful answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AttemptFailure {
    /// Nothing was sent.
    NotSent,
    /// The request was sent, but no complete answer came.
    Broken,
    /// The store is busy, and may say how long to wait.
    Limited(Option<Duration>),
    /// The store, or a server in front of it, has a problem of its own.
    Down,
}

/// The maximum number of attempts while the store is busy.
const MAX_WHEN_LIMITED: u32 = 10;
/// The maximum number of attempts otherwise.
const MOST: u32 = 4;
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Returns how long to wait before attempt number `attempts` + 1; `None` to give up. `chance` is from 0 to 1,
/// and keeps programs that stopped together from returning together.
pub(super) fn wait(
    repeat: Repeat,
    setback: AttemptFailure,
    attempts: u32,
    chance: f64,
) -> Option<Duration> {
    let most = match (setback, repeat) {
        (AttemptFailure::Limited(_), _) => MAX_WHEN_LIMITED,
        (AttemptFailure::NotSent, _) => MOST,
        (AttemptFailure::Broken | AttemptFailure::Down, Repeat::Harmless) => MOST,
        (AttemptFailure::Broken | AttemptFailure::Down, Repeat::NotIdempotent) => return None,
    };
    if attempts >= most {
        return None;
    }
    let doubled = FIRST_WAIT.saturating_mul(1 << attempts.saturating_sub(1).min(10));
    let spread = doubled.min(LONGEST_WAIT).mul_f64(0.5 + chance.clamp(0.0, 1.0) / 2.0);
    Some(match setback {
        AttemptFailure::Limited(Some(asked)) => asked + FIRST_WAIT.mul_f64(chance.clamp(0.0, 1.0)),
        _ => spread,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_of_tries_depends_on_request_and_failure() {
        use Repeat::{Harmless, NotIdempotent};
        let asked = Some(Duration::from_secs(7));
        for (repeat, setback, tries) in [
            (Harmless, AttemptFailure::NotSent, 4),
            (Harmless, AttemptFailure::Broken, 4),
            (Harmless, AttemptFailure::Down, 4),
            (Harmless, AttemptFailure::Limited(None), 10),
            (Harmless, AttemptFailure::Limited(asked), 10),
            (NotIdempotent, AttemptFailure::NotSent, 4),
            (NotIdempotent, AttemptFailure::Broken, 1),
            (NotIdempotent, AttemptFailure::Down, 1),
            (NotIdempotent, AttemptFailure::Limited(None), 10),
        ] {
            let waits =
                (1..).take_while(|attempts| wait(repeat, setback, *attempts, 0.5).is_some());
            assert_eq!(waits.count() + 1, tries, "{repeat:?} {setback:?}");
        }
    }

    #[test]
    fn waits_grow_with_jitter_and_respect_the_requested_wait() {
        let down = |attempts, chance| {
            wait(Repeat::Harmless, AttemptFailure::Limited(None), attempts, chance)
        };
        let milliseconds = |wait: Option<Duration>| wait.unwrap().as_millis();
        assert_eq!(milliseconds(down(1, 0.0)), 250);
        assert_eq!(milliseconds(down(1, 1.0)), 500);
        assert_eq!(milliseconds(down(3, 1.0)), 2_000);
        assert_eq!(milliseconds(down(9, 1.0)), 30_000);
        let asked = AttemptFailure::Limited(Some(Duration::from_secs(7)));
        assert_eq!(milliseconds(wait(Repeat::Harmless, asked, 1, 0.0)), 7_000);
        assert_eq!(milliseconds(wait(Repeat::Harmless, asked, 1, 1.0)), 7_500);
    }
}
