//! What each check says, in its own words, where the other tests do not show it.

use crate::driver::{Playground, small_theme};
use snapbox::{assert_data_eq, str};

/// What is said about the small theme with some files over it: titles and places.
fn said(files: &[(&str, &str)], options: &[&str]) -> String {
    let playground = Playground::new();
    playground.theme(files);
    let run = playground.run(&[&["bundle", "theme", "--dry-run"], options].concat());
    assert!(run.status < 2, "{run:?}");
    let is_told = |line: &&str| {
        let line = line.trim_start();
        ["error", "warning", "--> ", "= "].iter().any(|start| line.starts_with(start))
    };
    let mut said = String::new();
    for line in run.messages.lines().filter(is_told) {
        said += &format!("{line}\n");
    }
    said
}

/// The small theme's configuration with something changed.
fn config(from: &str, to: &str) -> String {
    let config = small_theme()[0].1;
    assert!(config.contains(from), "{from}");
    config.replacen(from, to, 1)
}

#[test]
fn invalid_lists_and_numbers_in_config_are_reported() {
    let variation =
        |id: u8| format!(r#"{{ "name": "V", "id": "v{id}", "meta": {{ "description": "d" }} }}"#);
    let five = (0..5).map(variation).collect::<Vec<_>>().join(",\n    ");
    let one = r#"{ "name": "Light", "id": "light", "meta": { "description": "Light" } }"#;
    assert_data_eq!(
        said(&[("config.json", &config(one, &five))], &[]),
        str![[r#"
error[invalid-config]: `variations` may have 4 items at most (TR-800)
 --> config.json:7:17
  = help: remove it; the official bundler stops here

"#]]
    );
    let twice = config("\"author_name\"", "\"features\": [\"a\", \"a\"], \"author_name\"");
    assert_data_eq!(
        said(&[("config.json", &twice)], &[]),
        str![[r#"
error[invalid-config]: `meta.features[1]` appears twice in its list (TR-800)
 --> config.json:5:31
  = help: remove it; the official bundler stops here

"#]]
    );
    let images = r#""settings": {"_images": {"logo": {"width": -1, "height": 1}}}"#;
    let negative = config("\"settings\": {}", images);
    assert_data_eq!(
        said(&[("config.json", &negative)], &[]),
        str![[r#"
error[invalid-config]: `settings._images.logo.width` is negative (TR-800)
 --> config.json:6:46
  = help: correct its value; the official bundler stops here

"#]]
    );
    let few = config("\"author_name\"", "\"features\": [], \"author_name\"");
    let said = said(&[("config.json", &few)], &["--marketplace"]);
    let about_features = said.lines().find(|line| line.contains("`meta.features`"));
    assert_data_eq!(
        about_features.unwrap(),
        str!["error[invalid-config]: `meta.features` needs at least 1 item (TR-800)"]
    );
}

#[test]
fn each_kind_of_bad_front_matter_has_its_own_message() {
    let mut all = String::new();
    for block in [
        "a: \u{1}",
        "a: 'b",
        "a: 'b\nc: d",
        "a: !b c",
        "a: 1\na: 2",
        "<<: c",
        "a: b;",
        "{{a}}: 1\n{{b}}: 2",
        "a: b: c",
    ] {
        all += &said(&[("templates/pages/page.html", &format!("---\n{block}\n---\n"))], &[]);
    }
    assert_data_eq!(
        all,
        str![[r#"
warning[front-matter]: front matter contains a control character (TR-1400)
 --> templates/pages/page.html:2:4
  = help: correct it; or, if it is not front matter, avoid three dashes in a row: the official bundler takes all between the first two for YAML, and stops here
warning[front-matter]: this is not YAML: while scanning a quoted scalar, found unexpected document indicator (TR-1400)
 --> templates/pages/page.html:2:4
  = help: correct it; or, if it is not front matter, avoid three dashes in a row: the official bundler takes all between the first two for YAML, and stops here
warning[front-matter]: a text in quotes is not closed before the next `---` (TR-1400)
 --> templates/pages/page.html:2:4
  = help: correct it; or, if it is not front matter, avoid three dashes in a row: the official bundler takes all between the first two for YAML, and stops here
warning[front-matter]: a value in front matter begins with `!`, which needs quotes (TR-1400)
 --> templates/pages/page.html:2:4
  = help: correct it; or, if it is not front matter, avoid three dashes in a row: the official bundler takes all between the first two for YAML, and stops here
warning[front-matter]: the key `a` appears twice (TR-1400)
 --> templates/pages/page.html:3:1
  = help: correct it; or, if it is not front matter, avoid three dashes in a row: the official bundler takes all between the first two for YAML, and stops here
warning[front-matter]: the value of `<<` must be an object (TR-1400)
 --> templates/pages/page.html:2:5
  = help: correct it; or, if it is not front matter, avoid three dashes in a row: the official bundler takes all between the first two for YAML, and stops here
warning[front-matter]: a value in front matter ends in a semicolon (TR-1400)
 --> templates/pages/page.html:2:4
  = help: correct it; or, if it is not front matter, avoid three dashes in a row: the official bundler takes all between the first two for YAML, and stops here
warning[front-matter]: two keys in front matter are the same (TR-1400)
 --> templates/pages/page.html:3:1
  = help: correct it; or, if it is not front matter, avoid three dashes in a row: the official bundler takes all between the first two for YAML, and stops here
warning[front-matter]: this is not YAML: mapping values are not allowed in this context (TR-1400)
 --> templates/pages/page.html:2:5
  = help: correct it; or, if it is not front matter, avoid three dashes in a row: the official bundler takes all between the first two for YAML, and stops here

"#]]
    );
}

#[test]
fn empty_and_incomplete_files_are_reported() {
    assert_data_eq!(
        said(&[("lang/en.json", "")], &[]),
        str![[r#"
error[invalid-json]: this is not valid JSON: it is empty
 --> lang/en.json:1:1
  = help: correct the file; the platform takes plain JSON only, without comments

"#]]
    );
    assert_data_eq!(
        said(&[("schema.json", "[\n  {,}\n]")], &[]),
        str![[r#"
error[invalid-json]: this is not valid JSON: Unexpected token in object (TR-1000)
 --> schema.json:2:4
  = help: correct the file; the platform takes plain JSON only, without comments

"#]]
    );
    assert_data_eq!(
        said(&[("config.json", "\u{feff}{}")], &[]),
        str![[r#"
error[invalid-json]: this is not valid JSON: it begins with a byte order mark (TR-800)
 --> config.json:1:1
  = help: save the file as UTF-8 without one ("no BOM"); the official bundler stops here

"#]]
    );
    let base = small_theme()[1].1.replace("{{{footer.scripts}}}", "");
    assert_data_eq!(
        said(&[("templates/layout/base.html", &base)], &[]),
        str![[r#"
warning[missing-placeholder]: no template prints `{{{footer.scripts}}}`
 = help: add it to the layout; without it scripts of the store and its apps do not run, and some official bundlers stop here

"#]]
    );
}

#[test]
fn names_the_official_bundler_misreads_are_reported() {
    let files = [
        ("templates/pages/page.html", "{{> 'x.y'}}{{~> z}}\n{{> 'x.y'}}{{> z.z}}"),
        ("templates/x.y.html", ""),
        ("templates/z.html", ""),
    ];
    assert_data_eq!(
        said(&files, &[]),
        str![[r#"
warning[missing-partial]: the official bundler reads the name `z.z` as `z`, so `z.z` does not come with this template
 --> templates/pages/page.html:2:12
  = help: give the file a path of letters, digits, `_`, `-` and `/` only, and include it by that name; the official bundler ends a name at any other character
error[missing-partial]: the official bundler reads the name `x.y` as `'x`, and there is no such template
 --> templates/pages/page.html:1:5
  = note: also referred to here: templates/pages/page.html:2
  = help: give the file a path of letters, digits, `_`, `-` and `/` only, and include it by that name; the official bundler ends a name at any other character

"#]]
    );
}

#[test]
fn theme_without_a_home_page_is_an_error() {
    let playground = Playground::new();
    playground.theme(&[]);
    std::fs::remove_file(playground.path("theme/templates/pages/home.html")).unwrap();
    assert_data_eq!(
        playground.run(&["bundle", "theme"]).messages,
        str![[r#"
error[not-a-theme]: the theme has no `templates/pages/home.html`; the platform refuses such a theme (TR-600)
 |
 = help: add it, or name the folder that contains the theme


"#]]
    );
}
