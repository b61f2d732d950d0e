//! Themes that are too large, go round in circles or hold what does not belong there: a clear
//! message each, and never half a bundle.

use crate::driver::{Playground, Run};
use snapbox::{assert_data_eq, str};

fn bundle(playground: &Playground) -> Run {
    let before = playground.files("");
    let run = playground.run(&["bundle", "theme"]);
    if run.status != 0 {
        assert_eq!(playground.files(""), before);
    }
    run
}

fn bundled(files: &[(&str, &str)]) -> Run {
    let playground = Playground::new();
    playground.theme(files);
    bundle(&playground)
}

#[test]
fn a_template_of_two_megabytes() {
    let large = "x".repeat(2_000_000);
    let run = bundled(&[
        ("templates/components/large.html", &large),
        ("templates/pages/a.html", "{{> components/large}}"),
    ]);
    assert_eq!(run.status, 1);
    assert_data_eq!(
        run.messages,
        str![[r#"
error[too-large]: this template and all it includes come to 2000023 characters; the platform takes fewer than 1048576 (TR-500); the same goes for `pages/a`
--> templates/components/large.html
 = help: include less in it, or move scripts and data out of the templates it includes


"#]]
    );
}

#[test]
fn a_theme_of_sixty_megabytes() {
    let playground = Playground::new();
    playground.theme(&[]);
    let mut state = 1_u64;
    let noise: Vec<u8> = (0..60_000_000)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 56) as u8
        })
        .collect();
    playground.write("theme/assets/img/noise.png", noise);
    let run = bundle(&playground);
    assert_eq!(run.status, 1);
    assert_data_eq!(
        run.messages,
        str![[r#"
error[too-large]: the bundle has 6[..] bytes; the platform takes 52428800 at most (TR-500)
 |
 = help: remove or shrink large files; the largest: `assets/img/noise.png` (60.0 MB)

warning[too-large]: `assets/img/noise.png` has 60000000 bytes; the platform may refuse a file of more than 5000000 (TR-300)
--> assets/img/noise.png
 = help: shrink it, or remove it


"#]]
    );
}

#[test]
fn includes_that_go_round() {
    let run = bundled(&[
        ("templates/components/a.html", "{{#if x}}{{> components/b}}{{/if}}"),
        ("templates/components/b.html", "\n{{> components/a}}"),
        ("templates/components/c.html", "{{#if x}}{{> 'components/c'}}{{/if}}"),
        ("templates/components/d.html", "{{> components/e}}"),
        ("templates/components/e.html", "\n{{> components/d}}"),
    ]);
    assert_eq!(run.status, 0);
    assert_data_eq!(
        run.messages,
        str![[r#"
warning[include-cycle]: templates include one another: components/d → components/e → components/d
 --> templates/components/e.html:2:5
  |
2 | {{> components/d}}
  |     ^^^^^^^^^^^^
  |
  = help: put one of them under a condition, or remove it; the platform's engine gives up on a page that comes here

warning[include-cycle]: the template `components/c` includes itself
 --> templates/components/c.html:1:14
  |
1 | {{#if x}}{{> 'components/c'}}{{/if}}
  |              ^^^^^^^^^^^^^^
  |
  = help: write the names without quotes, or end the cycle; the official bundler never ends


"#]]
    );
}

#[test]
fn includes_of_files_that_are_not_there() {
    let used = bundled(&[("templates/pages/home.html", "{{> components/gone}}{{> layout/base}}")]);
    assert_eq!(used.status, 1);
    assert_data_eq!(
        used.messages,
        str![[r#"
error[missing-partial]: the template `components/gone` does not exist
 --> templates/pages/home.html:1:5
  |
1 | {{> components/gone}}{{> layout/base}}
  |     ^^^^^^^^^^^^^^^
  |
  = help: create the file or remove the reference; the platform's bundler counts references in comments, too


"#]]
    );
    for text in ["{{> components/gone}}", "{{!-- {{> components/gone}} --}}"] {
        let run = bundled(&[("templates/components/unused.html", text)]);
        assert!(run.messages.contains("the template `components/gone` does not exist"), "{run:?}");
        assert!(run.messages.contains("templates/components/unused.html:1:"), "{run:?}");
    }
}

#[test]
fn what_an_editor_or_a_file_manager_left() {
    let run = bundled(&[
        ("lang/.DS_Store", "\u{0}"),
        ("templates/.DS_Store", "\u{0}"),
        ("templates/pages/.DS_Store", "\u{0}"),
    ]);
    assert_eq!((run.status, run.messages.as_str()), (0, ""));
    let run = bundled(&[("schema.json", "\u{feff}[]"), ("lang/de.json", "\u{feff}{}")]);
    assert_eq!(run.status, 1);
    assert_data_eq!(
        run.messages,
        str![[r#"
error[invalid-json]: this is not valid JSON: it begins with a byte order mark (TR-1000)
 --> schema.json:1:1
  |
1 | ﻿[]
  | ^
  |
  = help: save the file as UTF-8 without one ("no BOM"); the official bundler stops here

error[invalid-json]: this is not valid JSON: it begins with a byte order mark
 --> lang/de.json:1:1
  |
1 | ﻿{}
  | ^
  |
  = help: save the file as UTF-8 without one ("no BOM"); the official bundler stops here


"#]]
    );
}

#[test]
fn members_that_stand_twice() {
    let run = bundled(&[(
        "lang/en.json",
        "{\n  \"a\": \"1\",\n  \"b\": {\"a\": \"1\"},\n  \"a\": \"2\"\n}\n",
    )]);
    assert_eq!(run.status, 0);
    assert_data_eq!(
        run.messages,
        str![[r#"
warning[duplicate-key]: `a` appears twice; only the last one counts
 --> lang/en.json:4:3
  |
4 |   "a": "2"
  |   ^^^
  |
  = help: remove one of them


"#]]
    );
}

#[test]
fn members_that_stand_twice_in_other_files() {
    let config = crate::driver::small_theme()[0]
        .1
        .replace("\"settings\": {},", "\"settings\": {\"a\": 1, \"a\": 2},");
    let schema = "[{\"name\": \"n\", \"name\": \"m\", \"settings\": []}]";
    let run = bundled(&[("config.json", &config), ("schema.json", schema)]);
    assert_eq!(run.status, 0);
    assert_data_eq!(
        run.messages,
        str![[r#"
warning[duplicate-key]: `a` appears twice; only the last one counts (1 more like it)
 --> config.json:6:24
  |
6 |   "settings": {"a": 1, "a": 2},
  |                        ^^^
  |
  = note: and this: schema.json:1
  = help: remove one of them


"#]]
    );
}

#[test]
fn a_configuration_with_a_byte_order_mark() {
    let config = format!("\u{feff}{}", crate::driver::small_theme()[0].1);
    let run = bundled(&[("config.json", &config)]);
    assert_eq!(run.status, 1);
    assert_data_eq!(
        run.messages,
        str![[r#"
error[invalid-json]: this is not valid JSON: it begins with a byte order mark (TR-800)
 --> config.json:1:1
  |
1 | ﻿{
  | ^
  |
  = help: save the file as UTF-8 without one ("no BOM"); the official bundler stops here


"#]]
    );
}

#[test]
fn a_folder_among_the_language_files() {
    let run = bundled(&[("lang/old/en.json", "{}"), ("lang/new/de.json", "")]);
    assert_eq!(run.status, 1);
    assert_data_eq!(
        run.messages,
        str![[r#"
error[language-folder]: there is a folder among the language files
--> lang/new
 = help: move its files up or remove it; the official bundler makes no bundle then

error[language-folder]: there is a folder among the language files
--> lang/old
 = help: move its files up or remove it; the official bundler makes no bundle then


"#]]
    );
}

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere() {
    let playground = Playground::new();
    playground.theme(&[]);
    for name in ["templates/components/gone.html", "assets/img/gone.png", "lang/gone.json"] {
        let link = playground.path(&format!("theme/{name}"));
        std::fs::create_dir_all(link.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink("missing", &link).unwrap();
        let run = bundle(&playground);
        assert_eq!(run.status, 2);
        let words = "is a link to nothing inside the theme; replace it with the file it means, or remove it";
        let expected = format!("/theme/{name} {words}\n");
        assert!(
            run.messages.starts_with("error: ") && run.messages.ends_with(&expected),
            "{run:?}"
        );
        std::fs::remove_file(link).unwrap();
    }
    assert_eq!(bundle(&playground).status, 0);
}

#[test]
fn style_sheets_that_import_one_another() {
    let config = crate::driver::small_theme()[0]
        .1
        .replace("\"settings\"", "\"css_compiler\": \"scss\", \"settings\"");
    let run = bundled(&[
        ("config.json", &config),
        ("templates/components/css.html", "{{{stylesheet '/assets/css/theme.css'}}}"),
        ("assets/scss/theme.scss", "@import 'b.scss';"),
        ("assets/scss/b.scss", "@import 'theme.scss';"),
    ]);
    assert_eq!(run.status, 0);
    let message = "warning[style-sheet]: the Sass library grass cannot compile `assets/scss/theme.scss`: This file is already being loaded";
    assert!(run.messages.contains(message), "{}", run.messages);
}

#[test]
fn json_that_is_nested_without_end() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for name in ["config.json", "schema.json", "schemaTranslations.json"] {
        let run = bundled(&[(name, &deep)]);
        assert_eq!(run.status, 1, "{name}");
        assert!(run.messages.contains("error[invalid-json]"), "{name}");
    }
    // It is copied, and JavaScript reads it.
    let run = bundled(&[("lang/en.json", &deep)]);
    assert_eq!(run.status, 0);
    assert!(run.messages.contains("warning[invalid-json]"), "{run:?}");
}
