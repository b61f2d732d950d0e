//! Everything that comes from outside: time, sleep, random numbers, the environment, and a user who may be
//! shown messages and asked.

use crate::stamp::Clock;
use std::time::Duration;

type Named = dyn Fn(&str) -> Option<String>;
type Answered = dyn Fn(&str) -> Option<bool>;

/// The outside world as a command sees it; tests replace it.
pub struct StoreEnvironment {
    /// The clock.
    pub clock: Clock,
    /// Waits for a duration.
    pub sleep: Box<dyn Fn(Duration)>,
    /// Returns a random number from 0 to 1.
    pub chance: Box<dyn Fn() -> f64>,
    /// Returns an environment variable.
    pub variable: Box<Named>,
    /// Shows the user what is being done.
    pub tell: Box<dyn Fn(&str)>,
    /// Shows the user what is about to be done.
    pub show: Box<dyn Fn(&str)>,
    /// Asks the user whether to go on; `None` if there is nobody to ask.
    pub ask: Box<Answered>,
}

impl StoreEnvironment {
    /// Returns an environment variable that is not blank.
    pub fn variable(&self, name: &str) -> Option<String> {
        (self.variable)(name).filter(|value| !value.trim().is_empty())
    }
}

impl Default for StoreEnvironment {
    /// The real world, without a user to show messages to or to ask.
    fn default() -> Self {
        Self {
            clock: Clock::default(),
            sleep: Box::new(std::thread::sleep),
            chance: Box::new(fastrand::f64),
            variable: Box::new(|name| std::env::var(name).ok()),
            tell: Box::new(|_| {}),
            show: Box::new(|_| {}),
            ask: Box::new(|_| None),
        }
    }
}

impl std::fmt::Debug for StoreEnvironment {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("StoreEnvironment")
    }
}
