//! Several themes in one call of `build`.

use crate::driver::{Playground, STOREFRONT, copy_folder, theme_zip};
use crate::schemas::strict;
use serde_json::Value;
use snapbox::{assert_data_eq, str};

/// Three themes that can be guarded, one that cannot, and one that is none.
fn playground() -> Playground {
    let playground = Playground::new();
    playground.theme(&[]);
    copy_folder(&playground.path("theme"), &playground.path("themes/one"));
    playground.write("themes/two.zip", theme_zip(&[]));
    playground.write("themes/broken.zip", "no zip");
    copy_folder(&playground.path("theme"), &playground.path("themes/open"));
    let page = "<html><head>{{> components/nowhere}}</head></html>";
    playground.write("themes/open/templates/pages/blog.html", page);
    playground.write("themes/notes.txt", "x");
    playground
}

fn build(playground: &Playground, arguments: &[&str]) -> crate::driver::Run {
    playground
        .run_in(&[("STENCIL_GUARD_STOREFRONT", STOREFRONT)], &[&["build"], arguments].concat())
}

#[test]
fn every_theme_gets_a_line_even_if_one_fails() {
    let playground = playground();
    let run = build(&playground, &["themes"]);
    assert_eq!((run.status, run.messages.as_str()), (2, ""), "{run:?}");
    assert_data_eq!(
        run.results,
        str![[r#"
failed  themes/broken.zip: cannot use themes/broken.zip: it is damaged or not a zip (Missing end of central directory); download it again
done    themes/one: Small 1.0, guarded for https://shop.example.com; 2 pages kept, 2 guarded; one-guarded.zip
errors  themes/open: the template `components/nowhere` does not exist
done    themes/two.zip: Small 1.0, guarded for https://shop.example.com; 2 pages kept, 2 guarded; two-guarded.zip

"#]]
    );
    for name in ["one-guarded.zip", "two-guarded.zip"] {
        assert!(playground.path(name).is_file(), "{name}");
    }
    assert!(!playground.path("open-guarded.zip").exists());
}

#[test]
fn each_theme_is_built_as_if_alone() {
    let playground = playground();
    let run = build(&playground, &["themes/one", "themes/two.zip", "--out", "all"]);
    assert_eq!(run.status, 0);
    let one = "done    themes/one: Small 1.0, guarded for https://shop.example.com; 2 pages kept, 2 guarded; one-guarded.zip, all/one\n";
    assert!(run.results.starts_with(one), "{}", run.results);
    for (theme, name) in [("themes/one", "one"), ("themes/two.zip", "two")] {
        let alone = ["--out", "alone", "--bundle", "alone.zip"];
        assert_eq!(build(&playground, &[&[theme], &alone[..]].concat()).status, 0);
        let read = |name: &str| std::fs::read(playground.path(name)).unwrap();
        assert_eq!(read("alone.zip"), read(&format!("{name}-guarded.zip")));
        let folder = format!("all/{name}");
        assert_eq!(playground.files("alone"), playground.files(&folder));
        for file in playground.files("alone") {
            assert_eq!(read(&format!("alone/{file}")), read(&format!("{folder}/{file}")), "{file}");
        }
        std::fs::remove_dir_all(playground.path("alone")).unwrap();
    }
}

#[test]
fn dry_run_and_no_bundle_do_not_claim_to_write() {
    let playground = playground();
    let run = build(&playground, &["themes/one", "themes/two.zip", "--dry-run"]);
    assert!(run.results.contains("; would write one-guarded.zip\n"), "{}", run.results);
    let nothing = build(&playground, &["themes/one", "themes/two.zip", "--no-bundle"]);
    assert!(nothing.results.contains("2 guarded\n"), "{}", nothing.results);
}

#[test]
fn json_is_a_list_and_github_gets_annotations() {
    let playground = playground();
    let run = build(&playground, &["themes", "--dry-run", "--format", "json"]);
    assert_eq!((run.status, run.messages.as_str()), (2, ""));
    let list: Value = serde_json::from_str(&run.results).unwrap();
    let of = |member: &str| -> Vec<String> {
        let items = list.as_array().unwrap().iter();
        items.map(|item| item[member].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(of("theme"), ["themes/broken.zip", "themes/one", "themes/open", "themes/two.zip"]);
    assert_eq!(of("status"), ["failed", "done", "findings", "done"]);
    let schema = playground.run(&["schema", "build"]).results;
    let schema = strict(serde_json::from_str(&schema).unwrap());
    let validator = jsonschema::validator_for(&schema).unwrap();
    let faults: Vec<String> = validator.iter_errors(&list).map(|fault| fault.to_string()).collect();
    assert_eq!(faults, Vec::<String>::new());
    let run = build(&playground, &["themes", "--dry-run", "--format", "github"]);
    assert!(run.results.contains("file=themes/open/templates/pages/blog.html"), "{run:?}");
    assert!(run.results.lines().all(|line| line.starts_with("::")), "{run:?}");
}

#[test]
fn quiet_lists_only_themes_that_fail() {
    let playground = playground();
    let run = build(&playground, &["themes", "--quiet"]);
    let starts: Vec<&str> = run.results.lines().map(|line| &line[..8]).collect();
    assert_eq!((run.status, starts), (2, vec!["failed  ", "errors  "]), "{run:?}");
}

#[test]
fn each_theme_uses_its_own_settings() {
    let playground = playground();
    let settings = "bundle = false\nkeep = ['cart']\n";
    playground.write("themes/one/stencil-guard.toml", settings);
    let run = build(&playground, &["themes/one", "themes/two.zip"]);
    assert_eq!(run.status, 0, "{run:?}");
    assert!(
        run.results.contains("3 pages kept") && run.results.contains("2 pages kept"),
        "{run:?}"
    );
    assert!(!playground.path("one-guarded.zip").exists());
    // One file for two zips.
    playground.write("themes/three.zip", theme_zip(&[]));
    playground.write("themes/stencil-guard.toml", "bundle = 'x.zip'\n");
    let run = build(&playground, &["themes/two.zip", "themes/three.zip"]);
    assert_eq!(run.status, 2);
    let line = "failed  themes/three.zip: themes/x.zip is for themes/two.zip already; ";
    assert!(run.results.contains(line), "{run:?}");
    assert!(playground.path("themes/x.zip").is_file());
}

#[test]
fn single_theme_options_are_refused() {
    let playground = playground();
    for (flags, words) in [
        (["--bundle", "x.zip"], "--bundle names one file, and there are several themes"),
        (["--format", "sarif"], "a SARIF log is about one theme"),
    ] {
        let run = build(&playground, &[&["themes"], &flags[..]].concat());
        assert_eq!(run.status, 2);
        let said = run.messages + &run.results;
        assert!(said.contains(words), "{said}");
        assert!(!playground.path("one-guarded.zip").exists());
    }
}

#[test]
fn earlier_bundles_are_not_themes() {
    let playground = playground();
    assert_eq!(build(&playground, &["themes", "--quiet"]).status, 2);
    std::fs::rename(playground.path("two-guarded.zip"), playground.path("themes/two-guarded.zip"))
        .unwrap();
    let run = build(&playground, &["themes", "--dry-run"]);
    assert_eq!(run.results.lines().count(), 4, "{run:?}");
}
