//! What the platform or its bundler would refuse is told before the upload, all of it at once.

use crate::driver::{Playground, Run};
use snapbox::{assert_data_eq, str};

const META: &str =
    "\"meta\": {\"author_name\": \"A\", \"author_email\": \"a\", \"author_support_url\": \"x\"}";
const VARIATION: &str = "{\"name\": \"L\", \"id\": \"light\", \"meta\": {\"description\": \"\"}}";

/// Bundles the small theme with some files over it.
fn bundle(files: &[(&str, &str)]) -> Run {
    let playground = Playground::new();
    playground.theme(files);
    let before = playground.files("");
    let run = playground.run(&["bundle", "theme"]);
    assert_eq!(run.status == 0, playground.path("Small-1.0.zip").exists(), "{run:?}");
    if run.status != 0 {
        assert_eq!(playground.files(""), before, "{run:?}");
    }
    run
}

/// A bundle that must be refused.
fn refused(files: &[(&str, &str)]) -> String {
    let run = bundle(files);
    assert_eq!(run.status, 1, "{run:?}");
    run.messages
}

/// A bundle that is made, with something to say about it.
fn warned(files: &[(&str, &str)]) -> String {
    let run = bundle(files);
    assert_eq!(run.status, 0, "{run:?}");
    run.messages
}

#[test]
fn good_theme_gets_no_messages() {
    assert_eq!(warned(&[]), "");
}

#[test]
fn missing_and_invalid_config_fields_are_errors() {
    let config = "{\n  \"name\": 7,\n  \"meta\": {\"author_name\": \"A\", \"price\": 1.5},\n  \"variations\": [\n    {\"name\": \"L\", \"meta\": {\"description\": \"\", \"industries\": [\"toys_gamez\"]}}\n  ]\n}\n";
    assert_data_eq!(
        refused(&[("config.json", config)]),
        str![[r#"
error[invalid-config]: `name` must be a text (TR-800)
 --> config.json:2:11
  |
2 |   "name": 7,
  |           ^
  |
  = help: correct its value; the official bundler stops here

error[invalid-config]: `meta.author_email` is missing (TR-900)
 --> config.json:3:11
  |
3 |   "meta": {"author_name": "A", "price": 1.5},
  |           ^
  |
  = help: add it; the official bundler stops here

error[invalid-config]: `meta.author_support_url` is missing (TR-900)
 --> config.json:3:11
  |
3 |   "meta": {"author_name": "A", "price": 1.5},
  |           ^
  |
  = help: add it; the official bundler stops here

error[invalid-config]: `meta.price` must be a whole number (TR-800)
 --> config.json:3:41
  |
3 |   "meta": {"author_name": "A", "price": 1.5},
  |                                         ^^^
  |
  = help: correct its value; the official bundler stops here

error[invalid-config]: `variations[0].id` is missing (TR-901)
 --> config.json:5:5
  |
5 |     {"name": "L", "meta": {"description": "", "industries": ["toys_gamez"]}}
  |     ^
  |
  = help: add it; the official bundler stops here

error[invalid-config]: `variations[0].meta.industries[0]` is `toys_gamez`, which is not a known value (TR-800)
 --> config.json:5:62
  |
5 |     {"name": "L", "meta": {"description": "", "industries": ["toys_gamez"]}}
  |                                                              ^^^^^^^^^^^^
  |
  = help: did you mean `toys_games`?; the official bundler stops here

warning[front-matter]: `config.json` has no `settings`, which front matter needs
 --> templates/pages/home.html:1:1
  |
1 | ---
  | ^^^
  |
  = help: add `"settings": {}` there; the official bundler stops here


"#]]
    );
}

#[test]
fn duplicate_variation_ids_are_an_error() {
    let config = format!(
        "{{\n{META},\n\"name\": \"Small\", \"version\": \"1.0\",\n\"variations\": [\n{VARIATION},\n{VARIATION}\n]}}"
    );
    assert_data_eq!(
        refused(&[("config.json", &config)]),
        str![[r#"
error[variations]: two variations have the id `light` (TR-902)
 --> config.json:6:21
  |
6 | {"name": "L", "id": "light", "meta": {"description": ""}}
  |                     ^^^^^^^
  |
  = note: the other one: config.json:5
  = help: give each variation an id of its own; the platform refuses the upload

warning[front-matter]: `config.json` has no `settings`, which front matter needs
 --> templates/pages/home.html:1:1
  |
1 | ---
  | ^^^
  |
  = help: add `"settings": {}` there; the official bundler stops here


"#]]
    );
}

#[test]
fn theme_without_variations_is_an_error() {
    let config = format!("{{{META}, \"variations\": []}}");
    assert_data_eq!(
        refused(&[("config.json", &config)]),
        str![[r#"
error[variations]: the theme has no variation, so it cannot be activated
 --> config.json:1:94
  |
1 | {"meta": {"author_name": "A", "author_email": "a", "author_support_url": "x"}, "variations": []}
  |                                                                                              ^
  |
  = help: add one to `variations`, with `name`, `id` and `meta`; the official bundler stops here

warning[front-matter]: `config.json` has no `settings`, which front matter needs
 --> templates/pages/home.html:1:1
  |
1 | ---
  | ^^^
  |
  = help: add `"settings": {}` there; the official bundler stops here


"#]]
    );
    let config = format!("{{{META}}}");
    assert!(refused(&[("config.json", &config)]).contains("error[variations]"));
}

#[test]
fn empty_config_values_are_warnings() {
    let config = format!(
        "{{\"name\": \"Small\", \"version\": \"1.0\",\n{}, \"variations\": [{}]}}",
        META.replace("\"A\"", "\"\""),
        VARIATION.replace("\"light\"", "\"\"")
    );
    assert_data_eq!(
        warned(&[("config.json", &config)]),
        str![[r#"
warning[empty-value]: `meta.author_name` is empty (TR-900)
 --> config.json:2:25
  |
2 | "meta": {"author_name": "", "author_email": "a", "author_support_url": "x"}, "variations": [{...
  |                         ^^
  |
  = help: say who looks after the theme; the platform asks for it

warning[empty-value]: `variations[0].id` is empty (TR-901)
 --> config.json:2:113
  |
2 | ...": "x"}, "variations": [{"name": "L", "id": "", "meta": {"description": ""}}]}
  |                                                ^^
  |
  = help: give the variation an id of its own

warning[front-matter]: `config.json` has no `settings`, which front matter needs
 --> templates/pages/home.html:1:1
  |
1 | ---
  | ^^^
  |
  = help: add `"settings": {}` there; the official bundler stops here


"#]]
    );
}

#[test]
fn schema_of_the_wrong_shape_is_an_error() {
    let schema = "[\n  {\"settings\": [\n    {\"type\": \"colour\"},\n    {\"type\": \"text\", \"id\": \"\"}\n  ]},\n  {\"name\": \"n\", \"settings\": {}},\n  7\n]\n";
    assert_data_eq!(
        refused(&[("schema.json", schema)]),
        str![[r#"
error[invalid-schema]: `[0].name` is missing (TR-1003)
 --> schema.json:2:3
  |
2 |   {"settings": [
  |   ^
  |
  = help: add it; the official bundler stops here

error[invalid-schema]: `[0].settings[0].type` is `colour`, which is not a known value (TR-1005)
 --> schema.json:3:14
  |
3 |     {"type": "colour"},
  |              ^^^^^^^^
  |
  = help: did you mean `color`?; the official bundler stops here

error[invalid-schema]: `[0].settings[1].id` is empty (TR-1005)
 --> schema.json:4:28
  |
4 |     {"type": "text", "id": ""}
  |                            ^^
  |
  = help: give it a text; the official bundler stops here

error[invalid-schema]: `[1].settings` must be a list (TR-1004)
 --> schema.json:6:29
  |
6 |   {"name": "n", "settings": {}},
  |                             ^
  |
  = help: correct its value; the official bundler stops here

error[invalid-schema]: `[2]` must be an object (TR-1003)
 --> schema.json:7:3
  |
7 |   7
  |   ^
  |
  = help: correct its value; the official bundler stops here


"#]]
    );
    assert!(refused(&[("schema.json", "{}")]).contains("this file must be a list (TR-1002)"));
}

#[test]
fn schema_faults_that_stores_accept_are_warnings() {
    let schema = "[{\"name\": \"n\", \"settings\": [\n  {\"type\": \"select\", \"id\": \"s\", \"options\": [{\"label\": \"l\", \"value\": \"\"}]}\n]}]";
    assert_data_eq!(
        warned(&[("schema.json", schema)]),
        str![[r#"
warning[invalid-schema]: `[0].settings[0].label` is missing; a setting of type `select` needs it (TR-1005)
 --> schema.json:2:3
  |
2 |   {"type": "select", "id": "s", "options": [{"label": "l", "value": ""}]}
  |   ^
  |
  = help: add it; the official bundler stops here, although stores run themes with this

warning[invalid-schema]: `[0].settings[0].options[0].value` is empty (TR-1005)
 --> schema.json:2:69
  |
2 |   {"type": "select", "id": "s", "options": [{"label": "l", "value": ""}]}
  |                                                                     ^^
  |
  = help: give it a text; the official bundler stops here, although stores run themes with this


"#]]
    );
}

#[test]
fn schema_and_translations_must_match() {
    let schema = "[\n  {\"name\": \"i18n.A\", \"settings\": [\n    {\"type\": \"heading\", \"content\": \"i18n.B\"}\n  ]}\n]\n";
    assert_data_eq!(
        refused(&[("schema.json", schema)]),
        str![[r#"
error[invalid-translations]: there is no `schemaTranslations.json` for the keys that `schema.json` names: `i18n.A`, `i18n.B`
 --> schema.json:2:12
  |
2 |   {"name": "i18n.A", "settings": [
  |            ^^^^^^^^
  |
  = help: add the file, with a `default` for each key; the official bundler stops here


"#]]
    );
    let translations = "{\n  \"i18n.A\": {\"default\": \"\", \"FR\": \"x\"},\n  \"i18n.C\": {\"fr\": \"x\"},\n  \"i18n.RegionName.D\": {\"default\": \"d\"},\n  \"x\": {\"default\": \"x\"}\n}\n";
    let files = [("schema.json", schema), ("schemaTranslations.json", translations)];
    assert_data_eq!(
        refused(&files),
        str![[r#"
error[invalid-translations]: `['i18n.A'].default` is empty
 --> schemaTranslations.json:2:25
  |
2 |   "i18n.A": {"default": "", "FR": "x"},
  |                         ^^
  |
  = help: give it a text; the official bundler stops here

error[invalid-translations]: `['i18n.A'].FR` is not allowed here
 --> schemaTranslations.json:2:29
  |
2 |   "i18n.A": {"default": "", "FR": "x"},
  |                             ^^^^
  |
  = help: remove it; the official bundler stops here

error[invalid-translations]: `['i18n.C'].default` is missing
 --> schemaTranslations.json:3:13
  |
3 |   "i18n.C": {"fr": "x"},
  |             ^
  |
  = help: add it; the official bundler stops here

error[invalid-translations]: `x` is not allowed here
 --> schemaTranslations.json:5:3
  |
5 |   "x": {"default": "x"}
  |   ^^^
  |
  = help: remove it; the official bundler stops here

error[invalid-translations]: `schemaTranslations.json` has no text for `i18n.B`
 --> schema.json:3:36
  |
3 |     {"type": "heading", "content": "i18n.B"}
  |                                    ^^^^^^^^
  |
  = help: add the key there, or write the text itself here; the official bundler stops here

error[invalid-translations]: `schema.json` does not use `i18n.C`
 --> schemaTranslations.json:3:3
  |
3 |   "i18n.C": {"fr": "x"},
  |   ^^^^^^^^
  |
  = help: remove it; the official bundler stops here

error[invalid-translations]: `schema.json` does not use `x`
 --> schemaTranslations.json:5:3
  |
5 |   "x": {"default": "x"}
  |   ^^^
  |
  = help: remove it; the official bundler stops here


"#]]
    );
}

#[test]
fn overlong_values_of_text_fields_are_warnings() {
    let long = "é".repeat(65);
    let config = format!(
        "{{\"name\": \"Small\", \"version\": \"1.0\",\n{META},\n\"settings\": {{\n\"a\": \"{long}\",\n\"b\": \"{long}\", \"c\": \"{}\"}},\n\"variations\": [{VARIATION}]}}",
        "é".repeat(64)
    );
    let own = format!("\"meta\": {{\"description\": \"\"}}, \"settings\": {{\"a\": \"{long}\"}}");
    let config = config.replace("\"meta\": {\"description\": \"\"}", &own);
    let schema = "[{\"name\": \"n\", \"settings\": [{\"type\": \"text\", \"id\": \"a\"}, {\"type\": \"input\", \"id\": \"c\"}]}]";
    let files = [("config.json", config.as_str()), ("schema.json", schema)];
    assert_data_eq!(
        warned(&files),
        str![[r#"
warning[long-value]: `settings.a` has 65 characters; a value for a text field may have 64 (TR-4400)
 --> config.json:4:6
  |
4 | "a": "ééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé",
  |      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = note: `variations[0].settings.a` is too long, too: config.json:6
  = help: shorten it, or take the setting out of `schema.json`


"#]]
    );
}

#[test]
fn missing_translations_are_warnings_or_notes() {
    let files = [
        ("templates/components/a.html", "{{lang 'a.b'}}\n{{{lang \"c\"}}}"),
        ("lang/de.json", "{\"a\": {\"b\": \"B\"}}"),
        ("lang/fr.json", "{}"),
        // Where another language lacks what English has, shoppers see that.
        ("templates/components/b.html", "{{lang 'd'}}"),
        ("lang/en.json", "{\"d\": \"D\"}"),
    ];
    assert_data_eq!(
        warned(&files),
        str![[r#"
warning[missing-translation]: `lang/en.json`, `lang/fr.json` lack texts that templates use: `a.b`, `c`
 --> templates/components/a.html:1:9
  |
1 | {{lang 'a.b'}}
  |         ^^^
  |
  = help: add what is missing, or remove what uses it; shoppers see its name instead of a text

warning[missing-translation]: `lang/de.json` lacks a text that templates use: `c`
 --> templates/components/a.html:2:10
  |
2 | {{{lang "c"}}}
  |          ^
  |
  = help: add what is missing, or remove what uses it; shoppers see its name instead of a text

note[missing-translation]: `lang/de.json`, `lang/fr.json` lack a text that templates use: `d`
 --> templates/components/b.html:1:9
  |
1 | {{lang 'd'}}
  |         ^
  |
  = help: shoppers of these languages see the English text there


"#]]
    );
}

#[test]
fn folder_among_language_files_is_an_error() {
    assert_data_eq!(
        refused(&[("lang/old/en.json", "{}")]),
        str![[r#"
error[language-folder]: there is a folder among the language files
--> lang/old
 = help: move its files up or remove it; the official bundler makes no bundle then


"#]]
    );
}

#[test]
fn missing_lang_folder_is_an_error() {
    let playground = Playground::new();
    playground.theme(&[]);
    std::fs::remove_dir_all(playground.path("theme/lang")).unwrap();
    let run = playground.run(&["bundle", "theme"]);
    assert_eq!(run.status, 1);
    assert_data_eq!(
        run.messages,
        str![[r#"
error[language-folder]: the theme has no folder `lang`
 |
 = help: add `lang/en.json`, at least with an empty object; the official bundler stops here


"#]]
    );
}

#[test]
fn missing_script_placeholder_is_a_warning() {
    let layout = "<html><head></head><body>{{{footer.scripts}}}</body></html>";
    assert_data_eq!(
        warned(&[("templates/layout/base.html", layout)]),
        str![[r#"
warning[missing-placeholder]: no template prints `{{{head.scripts}}}`
 |
 = help: add it to the layout; without it scripts of the store and its apps do not run, and some official bundlers stop here


"#]]
    );
}

#[test]
fn files_the_platform_may_refuse_are_reported() {
    let files = [
        ("assets/mail.PHP", "x"),
        ("templates/notes.txt", "x"),
        ("parsed/lang.json", "x"),
        ("manifest.json", "x"),
    ];
    assert_data_eq!(
        warned(&files),
        str![[r#"
warning[file-left-out]: this file is left out of the bundle: the platform takes only `.html` below `templates/` (TR-601)
--> templates/notes.txt
 = help: move it to another folder or remove it

note[stale-parts]: an earlier bundler left `manifest.json`, `parsed` in the theme; stencil-guard regenerates them
 |
 = help: remove them; nothing reads them

warning[suspect-file]: this file is a program; the platform may refuse a theme that holds one (TR-400)
--> assets/mail.PHP
 = help: remove it from the theme; a shop does not need it


"#]]
    );
}

#[test]
fn front_matter_that_is_not_yaml_is_a_warning() {
    let files = [
        ("templates/pages/a.html", "---\nproducts:\n    limit: 4,\n    limit: 5\n---\n"),
        ("templates/pages/b.html", "---\na: {{theme_settings.none}}\nb: 'c\n---\n"),
        ("templates/components/c.html", "<p>--- a: [ --- b</p>"),
    ];
    assert_data_eq!(
        warned(&files),
        str![[r#"
warning[front-matter]: this is not YAML: while parsing a flow sequence, expected ',' or ']' (TR-1400)
 --> templates/components/c.html:1:15
  |
1 | <p>--- a: [ --- b</p>
  |               ^
  |
  = help: correct it; or, if it is not front matter, avoid three dashes in a row: the official bundler takes all between the first two for YAML, and stops here

warning[front-matter]: a value in front matter ends in a comma (TR-1400)
 --> templates/pages/a.html:3:12
  |
3 |     limit: 4,
  |            ^
  |
  = help: correct it; or, if it is not front matter, avoid three dashes in a row: the official bundler takes all between the first two for YAML, and stops here

warning[front-matter]: the key `limit` appears twice (TR-1400)
 --> templates/pages/a.html:4:5
  |
4 |     limit: 5
  |     ^
  |
  = help: correct it; or, if it is not front matter, avoid three dashes in a row: the official bundler takes all between the first two for YAML, and stops here

warning[front-matter]: this is not YAML: while scanning a quoted scalar, found unexpected document indicator (TR-1400)
 --> templates/pages/b.html:3:4
  |
3 | b: 'c
  |    ^
  |
  = help: correct it; or, if it is not front matter, avoid three dashes in a row: the official bundler takes all between the first two for YAML, and stops here


"#]]
    );
}

#[test]
fn front_matter_without_config_settings_is_a_warning() {
    let config = format!(
        "{{{META}, \"name\": \"Small\", \"version\": \"1.0\", \"variations\": [{VARIATION}]}}"
    );
    assert_data_eq!(
        warned(&[("config.json", &config)]),
        str![[r#"
warning[front-matter]: `config.json` has no `settings`, which front matter needs
 --> templates/pages/home.html:1:1
  |
1 | ---
  | ^^^
  |
  = help: add `"settings": {}` there; the official bundler stops here


"#]]
    );
}

#[test]
fn all_problems_are_reported_in_one_run() {
    let messages = refused(&[
        ("config.json", "{}"),
        ("schema.json", "{}"),
        ("schemaTranslations.json", "["),
        ("lang/en.json", "{'"),
        ("lang/x/en.json", "{}"),
        ("templates/a.html", "{{> gone}}{{> a/b}}"),
    ]);
    for code in
        ["invalid-config", "invalid-schema", "invalid-json", "language-folder", "variations"]
    {
        assert!(messages.contains(&format!("error[{code}]")), "{code}: {messages}");
    }
    assert!(messages.contains("the template `gone` does not exist"), "{messages}");
    assert!(messages.contains("lang/en.json") && messages.contains("schemaTranslations.json"));
}

#[test]
fn places_point_into_the_original_theme() {
    let playground = Playground::new();
    playground.theme(&[(
        "templates/layout/base.html",
        "<html>\n<head>\n{{{head.scripts}}}{{{footer.scripts}}}</head>\n<body>\n{{lang 'no'}}</body></html>",
    )]);
    let run = playground.build(&["--theme-name", "A much longer name", "--dry-run"]);
    assert_eq!(run.status, 0, "{run:?}");
    assert!(run.messages.contains("templates/layout/base.html:5:9"), "{}", run.messages);
    assert!(run.messages.contains("5 | {{lang 'no'}}</body></html>"), "{}", run.messages);
}
