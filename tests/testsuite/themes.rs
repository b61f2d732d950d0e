//! What a build says about each test theme and does to it, as files that a reviewer can read.

use crate::driver::{Playground, STOREFRONT};
use snapbox::{Data, assert_data_eq};
use std::fmt::Write;
use std::path::{Path, PathBuf};

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/themes")
}

pub(crate) fn names() -> Vec<String> {
    let entries = std::fs::read_dir(folder()).unwrap().flatten();
    let mut names: Vec<String> = entries
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn every_theme_build_matches_its_snapshot() {
    let names = names();
    assert!(names.len() >= 14, "only {names:?}");
    for name in names {
        let playground = Playground::new();
        let theme = folder().join(&name);
        let arguments = [
            "build",
            theme.to_str().unwrap(),
            "--storefront",
            STOREFRONT,
            "--no-bundle",
            "--out",
            "out",
        ];
        let run = playground.run(&arguments);
        let mut text = format!("status {}\n\n{}\n{}", run.status, run.messages, run.results);
        text.push_str(&changes(&theme, &playground.path("out")));
        let snapshot = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(format!("tests/testsuite/snapshots/{name}.txt"));
        assert_data_eq!(text, Data::read_from(&snapshot, None).raw());
    }
}

#[test]
fn every_theme_can_be_bundled() {
    for name in names() {
        let playground = Playground::new();
        let theme = folder().join(&name);
        let run = playground.run(&[
            "build",
            theme.to_str().unwrap(),
            "--storefront",
            STOREFRONT,
            "--bundle",
            "a.zip",
        ]);
        assert_eq!(run.status, 0, "{name}: {}", run.messages);
        // What was made is a theme again, and the same one.
        let out = |from: &str, to: &str| {
            let run = playground.run(&[
                "build",
                from,
                "--storefront",
                STOREFRONT,
                "--no-bundle",
                "--out",
                to,
            ]);
            assert_eq!(run.status, 0, "{name}: {}", run.messages);
        };
        out(theme.to_str().unwrap(), "folder");
        out("a.zip", "zip");
        for file in playground.files("zip").iter().filter(|file| file.starts_with("templates/")) {
            let read = |folder: &str| std::fs::read(playground.path(folder).join(file)).unwrap();
            assert!(read("zip") == read("folder"), "{name}: {file} differs");
        }
    }
}

#[test]
fn guard_matches_its_snapshot() {
    let playground = Playground::new();
    playground.theme(&[]);
    assert_eq!(playground.build(&["--no-bundle", "--out", "out"]).status, 0);
    let guard = playground.read("out/templates/components/stencil-guard/head.html");
    let snapshot =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/testsuite/snapshots/head.html");
    assert_data_eq!(guard, Data::read_from(&snapshot, None).raw());
}

/// The lines that differ between two folders.
fn changes(before: &Path, after: &Path) -> String {
    let mut text = String::new();
    for entry in walkdir::WalkDir::new(after).sort_by_file_name().into_iter().flatten() {
        let name = entry.path().strip_prefix(after).unwrap();
        if !entry.file_type().is_file() || name.starts_with(".stencil-guard") {
            continue;
        }
        let read = |folder: &Path| std::fs::read(folder.join(name)).unwrap_or_default();
        let (old, new) = (read(before), read(after));
        let is_guard = name.ends_with("components/stencil-guard/head.html");
        if old != new && !is_guard {
            let _ = writeln!(text, "\n--- {}", name.display());
            text.push_str(&changed_lines(&old, &new));
        }
    }
    text
}

fn changed_lines(old: &[u8], new: &[u8]) -> String {
    let lines = |bytes: &[u8]| -> Vec<String> {
        let text = String::from_utf8_lossy(bytes).replace('\r', "<CR>");
        text.split('\n').map(str::to_owned).collect()
    };
    let (old, new) = (lines(old), lines(new));
    let mut result = String::new();
    let mut rest = old.as_slice();
    for line in &new {
        match rest.split_first() {
            Some((first, others)) if first == line => rest = others,
            _ if old.contains(line) && !rest.contains(line) => {}
            Some((first, others)) if !new.contains(first) => {
                let _ = writeln!(result, "-{first}\n+{line}");
                rest = others;
            }
            _ => {
                let _ = writeln!(result, "+{line}");
            }
        }
    }
    result
}
