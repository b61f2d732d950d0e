//! These tests rely on events alone: waiting for the clock would take too long.

use super::*;
use std::fs;
use std::path::{Path, PathBuf};

struct Watched {
    folder: tempfile::TempDir,
    wake: Wake,
    places: Places,
}

impl Watched {
    fn new(theme: &str, others: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        make_theme(&folder.path().join("theme"));
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("rules")).unwrap();
        for file in ["rules/own.toml", "theme.zip", "one.toml"] {
            fs::write(at(file), "").unwrap();
        }
        let others = others.iter().map(|name| at(name)).collect();
        let places = Places { theme: at(theme), others };
        let wake = Wake::new(&places, false);
        assert_eq!(wake.refused, None);
        Self { folder, wake, places }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Waits until no more events arrive, then for an event that `edit` causes.
    #[track_caller]
    fn assert_wakes(&mut self, edit: impl Fn(&Self)) {
        self.wake.patience = Duration::from_millis(200);
        while self.wake.wait(&self.places) {}
        self.wake.patience = Duration::from_secs(60);
        edit(self);
        assert!(self.wake.wait(&self.places), "no event");
    }

    #[track_caller]
    fn assert_wakes_for(&mut self, file: &str) {
        self.assert_wakes(|watched| fs::write(watched.at(file), "new").unwrap());
    }
}

fn make_theme(theme: &Path) {
    for folder in ["templates/pages", "lang", "node_modules/p", ".git"] {
        fs::create_dir_all(theme.join(folder)).unwrap();
    }
    fs::write(theme.join("templates/pages/home.html"), "").unwrap();
}

const PAGE: &str = "theme/templates/pages/home.html";

#[test]
fn saving_in_place_or_by_rename_wakes() {
    let mut watched = Watched::new("theme", &[]);
    watched.assert_wakes_for(PAGE);
    for _ in 0..2 {
        watched.assert_wakes(|watched| {
            fs::write(watched.at("saved"), "new").unwrap();
            fs::rename(watched.at("saved"), watched.at(PAGE)).unwrap();
        });
    }
    watched.assert_wakes_for("theme/config.json");
    watched.assert_wakes(|watched| fs::remove_file(watched.at(PAGE)).unwrap());
}

#[test]
fn replaced_folder_is_still_watched() {
    let mut watched = Watched::new("theme", &[]);
    watched.assert_wakes(|watched| {
        fs::remove_dir_all(watched.at("theme")).unwrap();
        make_theme(&watched.at("theme"));
    });
    watched.assert_wakes_for(PAGE);
    watched.assert_wakes(|watched| {
        make_theme(&watched.at("other"));
        fs::rename(watched.at("theme"), watched.at("old")).unwrap();
        fs::rename(watched.at("other"), watched.at("theme")).unwrap();
    });
    watched.assert_wakes_for(PAGE);
    watched.assert_wakes(|watched| {
        fs::rename(watched.at("theme/templates"), watched.at("theme/away")).unwrap();
        fs::create_dir_all(watched.at("theme/templates/pages")).unwrap();
    });
    watched.assert_wakes_for(PAGE);
    watched.assert_wakes(|watched| fs::remove_dir_all(watched.at("theme")).unwrap());
    watched.assert_wakes(|watched| make_theme(&watched.at("theme")));
    watched.assert_wakes_for(PAGE);
}

#[cfg(unix)]
#[test]
fn redirected_link_is_still_watched() {
    let mut watched = Watched::new("link", &[]);
    let link = |watched: &Watched, to: &str| {
        std::os::unix::fs::symlink(watched.at(to), watched.at("new")).unwrap();
        fs::rename(watched.at("new"), watched.at("link")).unwrap();
    };
    watched.assert_wakes(|watched| link(watched, "theme"));
    watched.assert_wakes_for(PAGE);
    make_theme(&watched.at("second"));
    watched.assert_wakes(|watched| link(watched, "second"));
    watched.assert_wakes_for("second/templates/pages/home.html");
}

#[test]
fn new_folders_are_watched() {
    let mut watched = Watched::new("theme", &[]);
    for folder in ["theme/assets", "theme/templates/components"] {
        watched.assert_wakes(|watched| fs::create_dir(watched.at(folder)).unwrap());
        watched.assert_wakes_for(&format!("{folder}/a"));
    }
}

#[test]
fn changed_settings_rules_and_zip_wake() {
    let mut watched = Watched::new("theme.zip", &["one.toml", "rules"]);
    for file in ["rules/own.toml", "one.toml", "theme.zip", "rules/new.toml"] {
        watched.assert_wakes_for(file);
    }
    watched.assert_wakes(|watched| {
        fs::write(watched.at("saved"), "new").unwrap();
        fs::rename(watched.at("saved"), watched.at("theme.zip")).unwrap();
    });
    watched.assert_wakes_for("theme.zip");
    // The settings may name other rules while the watcher runs.
    watched.places.others.clear();
    watched.assert_wakes_for("theme.zip");
    watched.places.others.push(watched.at("rules"));
    watched.assert_wakes_for("rules/own.toml");
}

#[test]
fn packages_and_files_beside_the_theme_do_not_wake() {
    let mut watched = Watched::new("theme", &[]);
    watched.wake.patience = Duration::from_millis(200);
    while watched.wake.wait(&watched.places) {}
    for file in ["theme/node_modules/p/a.js", "theme/.git/index", "rules/own.toml", "saved"] {
        fs::write(watched.at(file), "new").unwrap();
    }
    assert!(!watched.wake.wait(&watched.places));
}

#[test]
fn no_folder_is_watched_twice() {
    let watched = Watched::new("theme", &["theme/lang", "theme/one.toml", "one.toml"]);
    let asked = watched.places.asked();
    let folders: Vec<_> = asked.iter().map(|asked| asked.folder.clone()).collect();
    let expected = ["", "theme/lang", "theme/templates", "theme"].map(|name| match name {
        "" => watched.folder.path().to_owned(),
        name => watched.at(name),
    });
    assert_eq!(folders, expected);
}

#[test]
fn refusal_is_reported_once() {
    let mut watched = Watched::new("theme", &[]);
    assert_eq!(watched.wake.refusal(), None);
    for _ in 0..2 {
        watched.wake.system = None;
        watched.wake.refuse(&Error::new(ErrorKind::MaxFilesWatch));
    }
    watched.wake.patience = Duration::from_millis(1);
    assert!(!watched.wake.wait(&watched.places), "asked again at once");
    let told = watched.wake.refusal().unwrap();
    assert!(told.contains("its limit of watched folders"), "{told}");
    assert_eq!(watched.wake.refusal(), None);
}
