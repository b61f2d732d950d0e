//! Input that no build can come from: a clear message, the right exit status, nothing written.

use crate::driver::{Playground, Run, STOREFRONT, theme_zip, zip, zip_with};
use std::path::Path;
use std::process::Command;

/// Runs a build that must fail, and checks that it left nothing behind.
fn refused(playground: &Playground, theme: &str, arguments: &[&str]) -> Run {
    let before = playground.files("");
    let all = ["build", theme, "--storefront", STOREFRONT, "--out", "out"];
    let run = playground.run(&[&all, arguments].concat());
    assert_eq!(run.status, 2, "{run:?}");
    assert_eq!(run.results, "");
    assert_eq!(playground.files(""), before);
    run
}

fn assert_says(run: &Run, words: &str) {
    assert!(
        run.messages.starts_with("error: ") && run.messages.contains(words),
        "{}",
        run.messages
    );
}

/// What keeps the tool from its work has a code for programs, which can be explained.
#[test]
fn every_failure_has_a_code_that_explain_knows() {
    let playground = Playground::new();
    playground.theme(&[]);
    playground.write("bad.toml", "level = 10\n");
    playground.write("empty/x.txt", "x");
    playground.write("full/x.txt", "x");
    let build = |arguments: &[&'static str]| {
        [&["build", "theme", "--storefront", STOREFRONT], arguments].concat()
    };
    for (code, arguments) in [
        ("usage", build(&["--mode", "x"])),
        ("usage", vec!["check"]),
        ("unreadable-theme", vec!["build", "nowhere", "--storefront", STOREFRONT]),
        ("unreadable-theme", vec!["undo", "empty"]),
        ("theme-build", build(&["--run-build"])),
        ("invalid-settings", build(&["--config", "bad.toml"])),
        ("invalid-settings", build(&["--profile", "x"])),
        ("invalid-storefront", vec!["build", "theme"]),
        ("invalid-storefront", vec!["build", "theme", "--storefront", "http://a.example"]),
        ("invalid-group", build(&["--mode", "conditional"])),
        ("invalid-group", build(&["--allow-group", "7"])),
        ("invalid-rules", build(&["--own-host", "a/b"])),
        ("invalid-rules", build(&["--patches", "empty"])),
        ("unknown-page", build(&["--keep", "carts"])),
        ("nothing-to-explain", vec!["explain", "nowhere.html:1:2"]),
        ("not-guarded", vec!["undo", "theme"]),
        ("output", build(&["--out", "full"])),
        ("output", vec!["watch", "theme", "--storefront", STOREFRONT, "--out", "theme/x"]),
    ] {
        let run = playground.run(&[&arguments[..], &["--format", "json"]].concat());
        assert_eq!(run.status, 2, "{arguments:?}: {run:?}");
        let report: serde_json::Value = serde_json::from_str(&run.results).unwrap();
        assert_eq!(report["findings"][0]["code"], code, "{arguments:?}: {}", run.results);
        assert_eq!(playground.run(&["explain", code]).status, 0, "{code}");
    }
}

#[test]
fn missing_theme_or_config_json_is_refused() {
    let playground = Playground::new();
    playground.write("empty/readme.txt", "x");
    assert_says(
        &refused(&playground, "empty", &[]),
        "is not a Stencil theme: it has no config.json",
    );
    assert_says(&refused(&playground, "nowhere", &[]), "cannot read nowhere: ");
    playground.write("folder/config.json/x", "");
    playground.write("folder/templates/pages/home.html", "");
    assert_says(&refused(&playground, "folder", &[]), "it has no config.json");
}

#[test]
fn broken_and_hostile_zips_are_refused() {
    let playground = Playground::new();
    let good = theme_zip(&[]);
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("text", b"not a zip".to_vec(), "it is damaged or not a zip"),
        ("cut", good[..good.len() / 2].to_vec(), "it is damaged or not a zip"),
        ("escape", theme_zip(&[("../evil.html", b"x")]), "leaves the theme"),
        ("inner-escape", theme_zip(&[("templates/../../evil.html", b"x")]), "leaves the theme"),
        ("twice", theme_zip(&[("config.json", b"{}")]), "two entries called config.json"),
        (
            "encrypted",
            zip_with(&[("config.json", b"{}")], |file| file.encrypted(true)),
            "it is encrypted",
        ),
        (
            "link",
            zip_with(&[("config.json", b"/etc/passwd")], |file| file.unix_permissions(0o120_777)),
            "is a link",
        ),
        (
            "below-a-file",
            theme_zip(&[("assets/a", b"x"), ("assets/a/b", b"x")]),
            "lies below a file",
        ),
        ("no-theme", zip(&[("a.txt", b"x")]), "is not a Stencil theme"),
    ];
    for (name, bytes, words) in cases {
        let file = format!("{name}.zip");
        playground.write(&file, bytes);
        assert_says(&refused(&playground, &file, &[]), words);
    }
}

/// A zip whose central directory lies about the size of its first entry.
pub(crate) fn with_claimed_size(claim: u32) -> Vec<u8> {
    let mut bytes = theme_zip(&[]);
    let central = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    bytes[central + 24..central + 28].copy_from_slice(&claim.to_le_bytes());
    bytes
}

#[test]
fn zip_bombs_are_not_inflated() {
    let playground = Playground::new();
    playground.write("claims.zip", with_claimed_size(u32::MAX - 1));
    assert_says(&refused(&playground, "claims.zip", &[]), "unpacks to more than 512 MB");
    playground.write("lies.zip", with_claimed_size(3));
    refused(&playground, "lies.zip", &[]);
}

#[cfg(unix)]
#[test]
fn symlinks_that_escape_or_loop_are_refused() {
    use std::os::unix::fs::symlink;
    let playground = Playground::new();
    playground.theme(&[]);
    playground.write("outside.html", "secret");
    let link = playground.path("theme/templates/pages/x.html");
    for (target, words) in [
        (playground.path("outside.html"), "is a link to nothing inside the theme"),
        (playground.path("missing.html"), "is a link to nothing inside the theme"),
        (playground.path("theme"), "leads back to its own folder"),
    ] {
        symlink(target, &link).unwrap();
        assert_says(&refused(&playground, "theme", &[]), words);
        std::fs::remove_file(&link).unwrap();
    }
    // What is left behind must not come in by another name.
    playground.write("theme/secrets.stencil.json", "{}");
    symlink(playground.path("theme/secrets.stencil.json"), &link).unwrap();
    assert_says(&refused(&playground, "theme", &[]), "is a link to nothing inside the theme");
    std::fs::remove_file(&link).unwrap();
    std::fs::remove_file(playground.path("theme/secrets.stencil.json")).unwrap();
    // A link that stays inside is a file like any other.
    symlink("home.html", &link).unwrap();
    assert_eq!(playground.build(&["--no-bundle", "--out", "out"]).status, 0);
    assert_eq!(
        playground.read("out/templates/pages/x.html"),
        playground.read("theme/templates/pages/home.html")
    );
}

#[cfg(unix)]
#[test]
fn bad_names_and_links_matter_only_in_bundled_files() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    let playground = Playground::new();
    playground.theme(&[("docs/a\\b", "x"), ("tools/node_modules/p/x.js", "x")]);
    playground.write("outside/x.md", "secret");
    let bad = OsStr::from_bytes(b"theme/docs/\xff.png");
    std::fs::write(playground.path("").join(bad), "x").unwrap();
    for (link, target) in [
        ("docs/out", playground.path("outside")),
        ("docs/file", playground.path("outside/x.md")),
        ("LICENSE", playground.path("nowhere")),
        ("docs/ring", playground.path("theme")),
    ] {
        symlink(target, playground.path("theme").join(link)).unwrap();
    }
    let run = playground.build(&["--no-bundle", "--out", "out"]);
    assert_eq!((run.status, run.messages.contains("leads")), (0, false), "{run:?}");
    let files = playground.files("out");
    let is_outside = |name: &&String| name.starts_with("docs/") || name.contains("node_modules");
    assert_eq!(files.iter().find(is_outside), None);
    // What a bundle may hold stops it.
    for link in ["README.md", "lang/x.json", "meta/x", "schema.json"] {
        let link = playground.path("theme").join(link);
        std::fs::create_dir_all(link.parent().unwrap()).unwrap();
        symlink(playground.path("outside/x.md"), &link).unwrap();
        let run = playground.run(&["bundle", "theme"]);
        assert_says(&run, "is a link to nothing inside the theme");
        std::fs::remove_file(&link).unwrap();
    }
    playground.write("theme/assets/a\\b", "x");
    assert_says(&playground.run(&["bundle", "theme"]), "a bundle cannot hold a file called");
}

#[cfg(unix)]
#[test]
fn unreadable_file_stops_the_build() {
    use std::os::unix::fs::PermissionsExt;
    let playground = Playground::new();
    playground.theme(&[("lang/de.json", "{}")]);
    let locked = playground.path("theme/lang/de.json");
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o0)).unwrap();
    let run = if std::fs::read(&locked).is_err() {
        playground.build(&["--no-bundle", "--out", "out"])
    } else {
        as_nobody(&playground)
    };
    assert_eq!(run.status, 2, "{run:?}");
    assert!(
        run.messages.contains("de.json: ") && run.messages.contains("denied"),
        "{}",
        run.messages
    );
    assert!(!playground.path("out").exists());
}

/// The superuser reads everything, so somebody else has to try.
#[cfg(unix)]
fn as_nobody(playground: &Playground) -> Run {
    use std::os::unix::fs::PermissionsExt;
    let program = playground.path("program");
    // Copied by another process, so that none of ours holds it open for writing when it is run.
    let copied = Command::new("cp").arg(env!("CARGO_BIN_EXE_stencil-guard")).arg(&program).status();
    assert!(copied.unwrap().success());
    std::fs::set_permissions(playground.path(""), std::fs::Permissions::from_mode(0o755)).unwrap();
    let drop = ["--reuid=65534", "--regid=65534", "--clear-groups", "./program"];
    let build = ["build", "theme", "--storefront", STOREFRONT, "--no-bundle", "--out", "out"];
    playground.run_program(Path::new("setpriv"), &[&drop[..], &build[..]].concat())
}

#[cfg(unix)]
#[test]
fn failed_write_leaves_no_partial_file() {
    let playground = Playground::new();
    let large = "x".repeat(100_000);
    playground.theme(&[("assets/large.txt", &large)]);
    let program = env!("CARGO_BIN_EXE_stencil-guard");
    // A limit on the size of files fails writes just as a full disk does.
    let script = format!(
        "trap '' XFSZ; ulimit -f 8; exec '{program}' build theme --storefront {STOREFRONT} --no-bundle --out out"
    );
    let run = playground.run_program(Path::new("sh"), &["-c", &script]);
    assert_eq!(run.status, 2, "{run:?}");
    assert!(
        run.messages.starts_with("error: cannot write out/assets/large.txt: "),
        "{}",
        run.messages
    );
    assert!(!playground.path("out/assets/large.txt").exists());
    let half_written =
        playground.files("out").into_iter().find(|name| name.contains(".stencil-guard-"));
    assert_eq!(half_written, None);
}

#[test]
fn unusable_storefront_addresses_are_refused() {
    let playground = Playground::new();
    playground.theme(&[]);
    for address in [
        "javascript:alert(1)",
        "http://shop.example.com",
        "https://a:b@c.example",
        "https://a.example/?x",
        "https://a.example/#x",
        "shop",
        "",
    ] {
        let run = playground.run(&["build", "theme", "--storefront", address, "--out", "out"]);
        assert_eq!(run.status, 2, "{address}");
        assert!(run.messages.starts_with("error: "), "{address}: {}", run.messages);
        assert_eq!(playground.files("").len(), 7);
    }
}

#[test]
fn outputs_in_the_wrong_place_are_refused() {
    let playground = Playground::new();
    playground.theme(&[]);
    playground.write("busy/x", "x");
    for (out, words) in [
        ("theme", "lies in, over or around the theme"),
        ("theme/out", "lies in, over or around the theme"),
        (".", "lies in, over or around the theme"),
        ("busy", "is not empty and was not written by stencil-guard"),
    ] {
        let run = playground.build(&["--no-bundle", "--out", out]);
        assert_eq!(run.status, 2, "{run:?}");
        assert_says(&run, words);
    }
    std::fs::create_dir(playground.path("folder.zip")).unwrap();
    assert_says(&playground.build(&["--bundle", "folder.zip"]), "is a folder");
    assert_says(&playground.build(&["--bundle", "theme/config.json"]), "does not end in .zip");
    assert_says(
        &playground.build(&["--bundle", "nowhere/a.zip", "--out", "out"]),
        "there is no such folder",
    );
    assert!(!playground.path("out").exists());
    assert_says(
        &playground.build(&["--bundle", "theme/templates/a.zip"]),
        "lies in, over or around the theme",
    );
    assert_eq!(playground.files("theme").len(), 7);
}

#[test]
fn broken_json_exits_with_1_and_shows_its_place() {
    let playground = Playground::new();
    playground.theme(&[("config.json", "{\n  \"name\": \"x\",\n}\n")]);
    let run = playground.build(&["--no-bundle", "--out", "out"]);
    assert_eq!(run.status, 1, "{run:?}");
    assert!(run.messages.contains("error[invalid-json]"), "{}", run.messages);
    assert!(run.messages.contains("config.json:2:14"), "{}", run.messages);
    assert!(!playground.path("out").exists());
}

#[test]
fn unknown_template_in_the_guard_folder_is_refused() {
    let playground = Playground::new();
    playground.theme(&[("templates/components/stencil-guard/mine.html", "x")]);
    let run = playground.build(&["--no-bundle", "--out", "out"]);
    assert_eq!(run.status, 1);
    assert!(run.messages.contains("error[name-taken]"), "{}", run.messages);
    assert!(!playground.path("out").exists());
}

#[test]
fn invalid_customer_groups_are_refused() {
    let playground = Playground::new();
    playground.theme(&[]);
    for (arguments, words) in [
        (&["--allow-group", "7"][..], "this mode guards pages for everybody"),
        (&["--mode", "replace", "--allow-group", "7"], "this mode guards pages for everybody"),
        (&["--mode", "conditional"], "names no customer group"),
        (
            &["--mode", "conditional", "--allow-group", "0"],
            "group 0 is what shoppers without a group have",
        ),
        (&["--mode", "conditional", "--allow-group", "Staff"], "write its number, or name:Staff"),
        (&["--mode", "conditional", "--allow-group", "name:"], "is empty"),
        (&["--mode", "sideways"], "invalid value 'sideways'"),
    ] {
        let run = playground.build(arguments);
        assert_eq!(run.status, 2, "{run:?}");
        assert_says(&run, words);
    }
    assert_eq!(playground.files("").len(), 7);
}

#[cfg(unix)]
#[test]
fn symlinks_that_multiply_paths_are_refused() {
    use std::os::unix::fs::symlink;
    let playground = Playground::new();
    playground.theme(&[]);
    // 2^17 paths, and far fewer links in a row than the 40 that Linux follows: it may count a path twice.
    for number in 0..16 {
        let folder = playground.path(&format!("theme/assets/d{number}"));
        std::fs::create_dir_all(&folder).unwrap();
        for name in ["a", "b"] {
            symlink(playground.path(&format!("theme/assets/d{}", number + 1)), folder.join(name))
                .unwrap();
        }
    }
    std::fs::create_dir_all(playground.path("theme/assets/d16")).unwrap();
    assert_says(&refused(&playground, "theme", &[]), "holds more than 20000 files and folders");
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_symlinks() {
    let playground = Playground::new();
    playground.theme(&[]);
    assert_eq!(playground.build(&["--no-bundle", "--out", "out"]).status, 0);
    std::fs::remove_dir_all(playground.path("out/templates")).unwrap();
    std::os::unix::fs::symlink(
        playground.path("theme/templates"),
        playground.path("out/templates"),
    )
    .unwrap();
    let before = playground.read("theme/templates/layout/base.html");
    assert_says(
        &playground.build(&["--no-bundle", "--out", "out"]),
        "nothing is written through links",
    );
    assert_eq!(playground.read("theme/templates/layout/base.html"), before);
}

#[test]
fn foreign_template_with_a_guard_name_is_refused() {
    let playground = Playground::new();
    playground.theme(&[("templates/components/stencil-guard/head.html", "MINE")]);
    let run = playground.build(&["--no-bundle", "--out", "out"]);
    assert_eq!(run.status, 1);
    assert!(run.messages.contains("error[name-taken]"), "{}", run.messages);
}
