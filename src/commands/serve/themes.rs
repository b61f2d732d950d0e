//! The themes that were dropped on the page, in memory, with what the last run knows about each.

use crate::pipeline;
use crate::theme::{Cache, Theme};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// Two or three tabs are usual; what was dropped before is dropped again.
const MOST: usize = 4;

/// Where a theme is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// Its name is all that is known of its file.
    Dropped,
    /// Its name is where it is.
    Local {
        /// The text of the settings file there, if there is one.
        settings: Option<String>,
    },
    /// A channel of the store shows it.
    #[cfg(feature = "store")]
    Channel {
        /// Its number.
        channel: u64,
        /// The command line that downloads it.
        command: String,
    },
}

impl Origin {
    /// The command line that must be run before others can name the theme.
    pub(super) fn command(&self) -> Option<&str> {
        match self {
            Self::Dropped | Self::Local { .. } => None,
            #[cfg(feature = "store")]
            Self::Channel { command, .. } => Some(command),
        }
    }

    /// The text of the settings file that the command line finds by itself.
    pub(super) fn settings(&self) -> Option<&str> {
        match self {
            Self::Local { settings } => settings.as_deref(),
            _ => None,
        }
    }
}

/// One theme, from before any guard of ours.
pub(super) struct LoadedTheme {
    /// Its file, as the user calls it.
    pub(super) name: String,
    pub(super) origin: Origin,
    pub(super) theme: Theme,
    /// Whether it was guarded when it came.
    pub(super) was_guarded: bool,
    pub(super) cache: Cache,
}

/// All of them, the latest last.
#[derive(Default)]
pub(super) struct Themes {
    held: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    last_number: u64,
    themes: VecDeque<(u64, Arc<Mutex<LoadedTheme>>)>,
}

impl Themes {
    /// Keeps a theme; the number to ask for it by.
    pub(super) fn keep(&self, name: String, origin: Origin, read: Theme) -> u64 {
        let unguarded = pipeline::unguard(&read).map(|unguarded| unguarded.theme);
        let was_guarded = unguarded.is_some();
        let theme = unguarded.unwrap_or(read);
        let held = LoadedTheme { name, origin, theme, was_guarded, cache: Cache::default() };
        let mut queue = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        queue.last_number += 1;
        let number = queue.last_number;
        queue.themes.push_back((number, Arc::new(Mutex::new(held))));
        let surplus = queue.themes.len().saturating_sub(MOST);
        queue.themes.drain(..surplus);
        number
    }

    /// Asks about the theme of this number; `None` if it is not kept any more.
    pub(super) fn with<T>(
        &self,
        number: u64,
        ask: impl FnOnce(u64, &mut LoadedTheme) -> T,
    ) -> Option<T> {
        let held = self.get(number)?;
        let mut held = held.lock().unwrap_or_else(PoisonError::into_inner);
        Some(ask(number, &mut held))
    }

    /// The theme of this number, if it is still kept.
    fn get(&self, number: u64) -> Option<Arc<Mutex<LoadedTheme>>> {
        let queue = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        queue.themes.iter().find(|(own, _)| *own == number).map(|(_, held)| Arc::clone(held))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_are_kept() {
        let themes = Themes::default();
        let numbers: Vec<u64> = (0..6)
            .map(|number| themes.keep(number.to_string(), Origin::Dropped, Theme::default()))
            .collect();
        let is_there: Vec<bool> =
            numbers.iter().map(|number| themes.get(*number).is_some()).collect();
        assert_eq!(is_there, [false, false, true, true, true, true]);
        let held = themes.get(numbers[5]).unwrap();
        assert_eq!(held.lock().unwrap().name, "5");
    }
}
