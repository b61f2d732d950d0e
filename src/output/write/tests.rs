//! Tests what a folder holds after runs that succeed, and after runs that are stopped at any step.

use super::*;
use crate::output::Step;
use std::io::{Error, ErrorKind};

fn files<'f>(list: &[(&'f str, &'f str)]) -> BTreeMap<&'f str, OutputFile<'f>> {
    let file = |(name, text): &(&'f str, &'f str)| (*name, OutputFile::new(text.as_bytes(), false));
    list.iter().map(file).collect()
}

fn write(folder: &Path, list: &[(&str, &str)]) -> Changes {
    write_folder(folder, &files(list), &|_| (), &mut Steps::default()).unwrap()
}

#[test]
fn second_run_removes_only_its_own_stale_files() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[("a/x", "1"), ("y", "2")]);
    std::fs::write(folder.path().join("mine"), "keep").unwrap();
    let changes = write(folder.path(), &[("y", "3")]);
    assert_eq!(changes, Changes { written: vec!["y".into()], removed: vec!["a/x".into()] });
    assert!(!folder.path().join("a").exists());
    assert_eq!(std::fs::read(folder.path().join("y")).unwrap(), b"3");
    assert!(folder.path().join("mine").exists());
}

#[test]
fn folder_with_foreign_files_is_rejected() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("mine"), "keep").unwrap();
    let error =
        write_folder(folder.path(), &BTreeMap::new(), &|_| (), &mut Steps::default()).unwrap_err();
    assert!(matches!(error, OutputError::NotOurs(_)));
}

#[test]
fn unchanged_files_cause_no_writes() {
    let folder = tempfile::tempdir().unwrap();
    let list = [("a/x", "1"), ("y", "2")];
    write(folder.path(), &list);
    let mut refuse = |step: Step<'_>| panic!("{step:?}");
    let changes =
        write_folder(folder.path(), &files(&list), &|_| (), &mut Steps::with_hook(&mut refuse));
    assert!(changes.unwrap().is_empty());
}

#[test]
fn yielding_file_is_written_only_if_none_exists() {
    let folder = tempfile::tempdir().unwrap();
    let mut list = files(&[("y", "1")]);
    list.get_mut("y").unwrap().yields = true;
    let write = || write_folder(folder.path(), &list, &|_| (), &mut Steps::default()).unwrap();
    assert_eq!(write().written, ["y"]);
    std::fs::write(folder.path().join("y"), "mine").unwrap();
    assert!(write().is_empty());
}

#[cfg(unix)]
#[test]
fn links_and_changed_modes_are_repaired() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let (path, other) = (folder.path().join("y"), folder.path().join("other"));
    write(folder.path(), &[("y", "1")]);
    std::fs::rename(&path, &other).unwrap();
    std::os::unix::fs::symlink(&other, &path).unwrap();
    assert_eq!(write(folder.path(), &[("y", "1")]).written, ["y"]);
    assert!(path.symlink_metadata().unwrap().is_file());
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(write(folder.path(), &[("y", "1")]).written, ["y"]);
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o644);
}

/// The files of two versions. In between, a file may have only one of these texts.
const BEFORE: &[(&str, &str)] = &[("a", "1"), ("b/c", "1"), ("gone/x", "1"), ("same", "1")];
const AFTER: &[(&str, &str)] = &[("a", "2"), ("b", "2"), ("new/x", "2"), ("same", "1")];

fn assert_whole(folder: &Path) {
    for (name, _) in BEFORE.iter().chain(AFTER) {
        let Ok(text) = std::fs::read_to_string(folder.join(name)) else { continue };
        let mut versions = BEFORE.iter().chain(AFTER).filter(|(other, _)| other == name);
        assert!(versions.any(|(_, version)| *version == text), "{name}: {text}");
    }
}

/// Counts the files that are neither in `AFTER` nor the list of files.
fn strangers(folder: &Path) -> usize {
    let entries = walkdir::WalkDir::new(folder).into_iter().flatten();
    let files = entries.filter(|entry| entry.file_type().is_file());
    files.count() - 1 - AFTER.len()
}

#[test]
fn interrupted_run_leaves_whole_files_and_can_be_rerun() {
    let mut stops = 0;
    for last in 0.. {
        let folder = tempfile::tempdir().unwrap();
        if last % 2 == 0 {
            write(folder.path(), BEFORE);
        }
        let mut left = last / 2;
        let mut full = |_: Step<'_>| {
            left -= 1;
            if left < 0 { Err(Error::from(ErrorKind::StorageFull)) } else { Ok(()) }
        };
        let run =
            write_folder(folder.path(), &files(AFTER), &|_| (), &mut Steps::with_hook(&mut full));
        assert_whole(folder.path());
        write(folder.path(), AFTER);
        assert_eq!(strangers(folder.path()), 0);
        assert!(write(folder.path(), AFTER).is_empty());
        match run {
            Err(error) => assert!(error.to_string().contains("cannot write"), "{error}"),
            Ok(_) if last % 2 == 0 => break,
            Ok(_) => {}
        }
        stops += 1;
    }
    assert!(stops > 20, "{stops}");
}

#[test]
fn full_disk_before_the_first_rename_changes_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let list = |text| [("a", text), ("b", text), ("c", text)];
    write(folder.path(), &list("1"));
    let mut room = 2;
    let mut full = |step: Step<'_>| match step {
        Step::Stage(_) if room == 0 => Err(Error::from(ErrorKind::StorageFull)),
        Step::Stage(_) => {
            room -= 1;
            Ok(())
        }
        _ => Ok(()),
    };
    let mut steps = Steps::with_hook(&mut full);
    write_folder(folder.path(), &files(&list("22")), &|_| (), &mut steps).unwrap_err();
    for (name, _) in list("") {
        assert_eq!(std::fs::read(folder.path().join(name)).unwrap(), b"1");
    }
}

#[test]
fn files_are_put_in_place_in_the_given_order() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[("a", "1"), ("b", "1")]);
    let order = |pending: &mut [Pending<'_>]| pending.sort_by_key(|file| (!file.is_new, file.name));
    let files = files(&[("a", "2"), ("b", "2"), ("c", "2")]);
    let changes = write_folder(folder.path(), &files, &order, &mut Steps::default()).unwrap();
    assert_eq!(changes.written, ["c", "a", "b"]);
}

#[test]
#[cfg(unix)]
fn nothing_is_removed_through_a_link() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::fs::write(other.path().join("x"), "mine").unwrap();
    write_snapshot(folder.path(), &files(&[("y", "1")])).unwrap();
    std::os::unix::fs::symlink(other.path(), folder.path().join("link")).unwrap();
    let list = format!("{}link/x\ny\n", SNAPSHOT.head);
    std::fs::write(folder.path().join(SNAPSHOT.path), list).unwrap();
    let error = write_snapshot(folder.path(), &files(&[("y", "1")]));
    assert!(matches!(error, Err(OutputError::Link(_))));
    assert!(other.path().join("x").exists());
}

#[test]
fn only_own_leftovers_of_a_killed_run_are_removed() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let theirs = format!("{STAGED}other.zip-a1");
    for left in [format!("{STAGED}out.zip-a1"), theirs.clone(), "mine".to_owned()] {
        std::fs::write(at(&left), "left").unwrap();
    }
    update_file(&at("out.zip"), b"1", &mut Steps::default()).unwrap();
    let entries = std::fs::read_dir(folder.path()).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, [theirs, "mine".to_owned(), "out.zip".to_owned()]);
}

#[test]
fn write_error_is_stable_and_names_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("none/out.zip");
    let fail = || update_file(&path, b"1", &mut Steps::default()).unwrap_err().to_string();
    assert_eq!(fail(), fail());
    assert!(fail().contains("out.zip") && !fail().contains(STAGED), "{}", fail());
}

#[test]
fn folder_in_the_way_does_not_block_other_files() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("a/mine")).unwrap();
    std::fs::create_dir(folder.path().join(".stencil-guard")).unwrap();
    std::fs::write(folder.path().join(THEME.path), "gone\0").unwrap();
    std::fs::write(folder.path().join("gone"), "").unwrap();
    let (found, clock, mut changes) = (Found::default(), Clock::default(), Changes::default());
    let last = PreviousRun { found: &found, clock: &clock, who: "" };
    let (files, mut steps) = (files(&[("a", "1"), ("b", "2")]), Steps::default());
    let run = write_folder_again(folder.path(), &files, last, &|_| (), &mut steps, &mut changes);
    assert!(matches!(run, Err(OutputError::FolderInTheWay(path)) if path.ends_with("a")));
    assert_eq!(changes, Changes { written: vec!["b".into()], removed: vec!["gone".into()] });
}

#[test]
fn lost_file_list_is_rewritten_only_in_the_same_folder() {
    let folder = tempfile::tempdir().unwrap();
    let (out, old) = (folder.path().join("out"), folder.path().join("old"));
    let (none, clock, mut changes) = (Found::default(), Clock::default(), Changes::default());
    let last = PreviousRun { found: &none, clock: &clock, who: "" };
    let (list, mut steps) = (files(&[("y", "1")]), Steps::default());
    let found = write_folder_again(&out, &list, last, &|_| (), &mut steps, &mut changes).unwrap();
    std::fs::remove_dir_all(out.join(".stencil-guard")).unwrap();
    claim(&out, &found, ["y"].into_iter(), &mut steps).unwrap();
    assert_eq!(write(&out, &[]).removed, ["y"]);
    std::fs::rename(&out, old).unwrap();
    std::fs::create_dir(&out).unwrap();
    std::fs::write(out.join("mine"), "").unwrap();
    claim(&out, &found, ["y"].into_iter(), &mut steps).unwrap();
    assert!(!out.join(".stencil-guard").exists());
}
