//! Builds several themes in one call of `build`: finds them, gives each its own outputs, and builds two at a
//! time. The caller shows the reports.

use super::build::{self, BuildRequest};
use crate::config::{BundleChoice, Settings};
use crate::pipeline::progress::NoProgress;
use crate::report::{Failure, FailureCode, Report};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::mpsc::{self, Sender};

/// How many themes are in memory at once. Each build uses all cores where it can.
const AT_ONCE: usize = 2;

/// The suffix of the bundles that this module names.
const GUARDED: &str = "-guarded.zip";

/// Returns the themes that these paths name; `None` if there are fewer than two.
pub fn themes(paths: &[PathBuf]) -> Option<Vec<PathBuf>> {
    let all: Vec<PathBuf> =
        paths.iter().flat_map(|path| inside(path).unwrap_or_else(|| vec![path.clone()])).collect();
    (all.len() > 1).then_some(all)
}

/// Returns the themes directly inside a folder, without earlier bundles; `None` if the folder is itself a
/// theme or holds fewer than two.
fn inside(folder: &Path) -> Option<Vec<PathBuf>> {
    if folder.join("config.json").exists() {
        return None;
    }
    let entries = std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    let mut themes: Vec<PathBuf> = entries.filter(|path| is_theme(path)).collect();
    themes.sort();
    (themes.len() > 1).then_some(themes)
}

fn is_theme(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    match path.is_dir() {
        true => path.join("config.json").is_file() && path.join("templates").is_dir(),
        false => name.ends_with(".zip") && !name.ends_with(GUARDED),
    }
}

/// Builds all themes, and passes what `show` makes of each report to `tell`, in order. Of a report, only what
/// `show` returns is kept.
pub fn run<T: Send>(
    requests: Vec<BuildRequest>,
    show: impl Fn(&Path, Report) -> T + Sync,
    tell: impl FnMut(T),
) {
    let build = |(request, failure): Place| {
        let report = match failure {
            Some(failure) => Report::failed("build", failure),
            None => build::run(&request, &NoProgress),
        };
        show(&request.theme, report)
    };
    two_at_a_time(places(requests), build, tell);
}

/// Runs `work` on two items at a time, and passes the results to `tell`, in order.
fn two_at_a_time<I: Send, T: Send>(
    items: Vec<I>,
    work: impl Fn(I) -> T + Sync,
    mut tell: impl FnMut(T),
) {
    let queue = Mutex::new(items.into_iter().enumerate());
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            let sender = sender.clone();
            scope.spawn(|| take(&queue, &work, sender));
        }
        drop(sender);
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        for (number, shown) in receiver {
            waiting.insert(number, shown);
            while let Some(shown) = waiting.remove(&next) {
                tell(shown);
                next += 1;
            }
        }
    });
}

/// A request, and the failure if its outputs clash with those of another request.
type Place = (BuildRequest, Option<Failure>);

/// Processes items from the queue until it is empty.
fn take<I, T>(
    queue: &Mutex<impl Iterator<Item = (usize, I)>>,
    work: &impl Fn(I) -> T,
    sender: Sender<(usize, T)>,
) {
    loop {
        let next = queue.lock().ok().and_then(|mut queue| queue.next());
        let Some((number, item)) = next else { return };
        if sender.send((number, work(item))).is_err() {
            return;
        }
    }
}

/// Gives each theme its own outputs: a folder below `--out`, and a bundle named after the theme's file.
fn places(requests: Vec<BuildRequest>) -> Vec<Place> {
    let mut taken: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
    let place = |mut request: BuildRequest| {
        let name = request.theme.file_name().unwrap_or_default().to_os_string();
        let stem = if request.theme.is_dir() {
            name.clone()
        } else {
            Path::new(&name).with_extension("").into()
        };
        if let Some(out) = &mut request.sources.flags.out {
            *out = out.join(&stem);
        }
        // The build reports settings that cannot be used.
        let Settings { out, bundle, .. } = build::settings(&request).unwrap_or_default();
        let bundle = match bundle {
            Some(BundleChoice::File(file)) => Some(file),
            Some(BundleChoice::Wanted(false)) => None,
            None | Some(BundleChoice::Wanted(true)) => {
                let file = PathBuf::from(format!("{}{GUARDED}", stem.to_string_lossy()));
                request.sources.flags.bundle = Some(BundleChoice::File(file.clone()));
                Some(file)
            }
        };
        let mut places = out.into_iter().chain(bundle);
        let clash = places.find_map(|place| {
            let other = taken.insert(place.clone(), request.theme.clone())?;
            Some(clash(&place, &other))
        });
        (request, clash)
    };
    requests.into_iter().map(place).collect()
}

fn clash(place: &Path, other: &Path) -> Failure {
    Failure {
        code: FailureCode::Output,
        message: format!("{} is for {} already", place.display(), other.display()),
        help: Some("build the two one by one, with --bundle and --out".to_owned()),
        place: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// A theme is in memory from the start of its build until its report is formatted.
    #[test]
    fn at_most_two_run_at_once_and_results_stay_in_order() {
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let work = |number: usize| {
            let others = now.fetch_add(1, Ordering::SeqCst);
            most.fetch_max(others + 1, Ordering::SeqCst);
            // The first item takes longer than the others.
            let turns = if number == 0 { 10_000 } else { 10 };
            (0..turns).for_each(|_| std::thread::yield_now());
            now.fetch_sub(1, Ordering::SeqCst);
            number
        };
        let mut told = Vec::new();
        two_at_a_time((0..50).collect(), work, |number| told.push(number));
        assert_eq!(told, (0..50).collect::<Vec<usize>>());
        assert!(most.into_inner() <= AT_ONCE);
    }
}
