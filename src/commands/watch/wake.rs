//! What wakes a watcher: events of the file system, or time alone. Losing an event costs a moment.

use super::burst::Burst;
use notify::RecursiveMode;
use std::path::{Path, PathBuf};
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
        for (folder, mode) in folders(&self.places) {
            system.watch(&folder, mode)?;
        }
        Ok(system)
    }
}

/// What the system is asked to watch for `places`. For a file that is its folder: a file that is saved by
/// rename is another one afterwards, of which the system would tell nothing.
fn folders(places: &[PathBuf]) -> Vec<(PathBuf, RecursiveMode)> {
    let (whole, files): (Vec<&PathBuf>, Vec<&PathBuf>) =
        places.iter().partition(|place| place.is_dir());
    let around = |file: &&PathBuf| {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        folder.unwrap_or(Path::new(".")).to_owned()
    };
    // To ask for a folder twice would take back that those below it are watched, too.
    let is_whole = |folder: &PathBuf| {
        let real = folder.canonicalize();
        whole.iter().any(|place| match (&real, place.canonicalize()) {
            (Ok(real), Ok(place)) => real.starts_with(place),
            _ => false,
        })
    };
    let mut around: Vec<PathBuf> =
        files.iter().map(around).filter(|folder| !is_whole(folder)).collect();
    around.sort();
    around.dedup();
    let whole = whole.iter().map(|&folder| (folder.clone(), RecursiveMode::Recursive));
    whole.chain(around.into_iter().map(|folder| (folder, RecursiveMode::NonRecursive))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_watched_through_their_folders_and_no_folder_twice() {
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join(name);
        std::fs::create_dir_all(at("theme/rules")).unwrap();
        for file in ["theme/own.toml", "theme/rules/own.toml", "one.toml", "theme.zip"] {
            std::fs::write(at(file), "").unwrap();
        }
        let asked =
            |names: &[&str]| folders(&names.iter().map(|name| at(name)).collect::<Vec<_>>());
        let whole = (at("theme"), RecursiveMode::Recursive);
        let around = (root.path().to_owned(), RecursiveMode::NonRecursive);
        assert_eq!(asked(&["one.toml", "theme"]), [whole.clone(), around.clone()]);
        assert_eq!(asked(&["theme", "theme/own.toml", "theme/rules/own.toml"]), [whole]);
        assert_eq!(asked(&["theme.zip", "one.toml"]), [around]);
        assert_eq!(folders(&["a.toml".into()]), [(".".into(), RecursiveMode::NonRecursive)]);
    }
}
