//! The themes that the page works with, in memory, each with a cache of its last run.

use crate::pipeline;
use crate::theme::{Cache, Theme};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// How many themes are kept. Two or three tabs are usual, and users can drop an older theme again.
const MOST: usize = 4;

/// Where a theme comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// A file that was dropped on the page; only its name is known.
    Dropped,
    /// A theme that the command line names; its name is its path.
    Local {
        /// The text of the theme's settings file, if there is one.
        settings: Option<String>,
    },
    /// The theme that a channel of the store shows.
    #[cfg(feature = "store")]
    Channel {
        /// The channel's number.
        channel: u64,
        /// The command line that downloads the theme.
        command: String,
    },
}

impl Origin {
    /// Returns the command line that must run first, so that other command lines can name the theme's file.
    pub(super) fn command(&self) -> Option<&str> {
        match self {
            Self::Dropped | Self::Local { .. } => None,
            #[cfg(feature = "store")]
            Self::Channel { command, .. } => Some(command),
        }
    }

    /// Returns the text of the settings file that a command line finds by default.
    pub(super) fn settings(&self) -> Option<&str> {
        match self {
            Self::Local { settings } => settings.as_deref(),
            _ => None,
        }
    }
}

/// A theme, without any guard of stencil-guard.
pub(super) struct LoadedTheme {
    /// The theme's file, as the user names it.
    pub(super) name: String,
    pub(super) origin: Origin,
    pub(super) theme: Theme,
    /// Whether the theme was guarded when it was loaded.
    pub(super) was_guarded: bool,
    pub(super) cache: Cache,
}

/// All kept themes, the latest last.
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
    /// Keeps a theme, and returns the number that identifies it.
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

    /// Calls `ask` with the theme of this number; `None` if it is no longer kept.
    pub(super) fn with<T>(
        &self,
        number: u64,
        ask: impl FnOnce(u64, &mut LoadedTheme) -> T,
    ) -> Option<T> {
        let held = self.get(number)?;
        let mut held = held.lock().unwrap_or_else(PoisonError::into_inner);
        Some(ask(number, &mut held))
    }

    /// Returns the theme of this number, if it is still kept.
    fn get(&self, number: u64) -> Option<Arc<Mutex<LoadedTheme>>> {
        let queue = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        queue.themes.iter().find(|(own, _)| *own == number).map(|(_, held)| Arc::clone(held))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_latest_themes_are_kept() {
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
