//! What comes from outside: time, sleep, chance, the environment, and somebody who may be told and asked.

use crate::stamp::Clock;
use std::time::Duration;

type Named = dyn Fn(&str) -> Option<String>;
type Answered = dyn Fn(&str) -> Option<bool>;

/// The world as a command sees it; a test has a world of its own.
pub struct Surroundings {
    /// What time it is.
    pub clock: Clock,
    /// Waits.
    pub sleep: Box<dyn Fn(Duration)>,
    /// A number from 0 to 1.
    pub chance: Box<dyn Fn() -> f64>,
    /// An environment variable.
    pub variable: Box<Named>,
    /// Shows what is being done to whoever looks.
    pub tell: Box<dyn Fn(&str)>,
    /// Shows what is going to be done.
    pub show: Box<dyn Fn(&str)>,
    /// Asks whether to go on; `None` if there is nobody to ask.
    pub ask: Box<Answered>,
}

impl Surroundings {
    /// An environment variable that says something.
    pub fn variable(&self, name: &str) -> Option<String> {
        (self.variable)(name).filter(|value| !value.trim().is_empty())
    }
}

impl Default for Surroundings {
    /// The real world, where nobody is told or asked anything.
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

impl std::fmt::Debug for Surroundings {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Surroundings")
    }
}
