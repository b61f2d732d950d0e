//! Settings in layers: file, profile, environment, command line; and the command that shows them.

use crate::driver::{Playground, STOREFRONT};
use snapbox::{assert_data_eq, str};
use stencil_guard::config::{KEYS, Settings};

/// For each key: a value in the environment, and as a settings file holds it.
const VALUES: &[(&str, &str, &str)] = &[
    ("storefront", "https://env.example", "\"https://env.example\""),
    ("mode", "conditional", "\"conditional\""),
    ("paths", "catalyst", "\"catalyst\""),
    ("fallback", "/help", "\"/help\""),
    ("origins", "https://blog.example", "[\"https://blog.example\"]"),
    ("cart-param", "cartId", "\"cartId\""),
    ("search-engines", "noindex", "\"noindex\""),
    ("allow-group", "7,name:Staff", "[\"7\", \"name:Staff\"]"),
    ("keep", "cart,blog", "[\"cart\", \"blog\"]"),
    ("no-keep", "order-complete", "[\"order-complete\"]"),
    ("stop-payments", "true", "true"),
    ("allow-open", "blog", "[\"blog\"]"),
    ("out", "guarded", "\"guarded\""),
    ("bundle", "false", "false"),
    ("include", "assets/a.pem", "[\"assets/a.pem\"]"),
    ("theme-name", "Checkout only", "\"Checkout only\""),
    ("guard-development", "true", "true"),
    ("guard-editor", "true", "true"),
    ("theme-settings", "true", "true"),
    ("own-host", "old.example", "[\"old.example\"]"),
    ("patches", "rules", "\"rules\""),
    ("kept-chrome", "bare", "\"bare\""),
    ("back-links", "storefront", "\"storefront\""),
    ("hide", "edit-cart,sign-out", "[\"edit-cart\", \"sign-out\"]"),
    ("strict", "1", "true"),
    ("ignore", "amp-validity,back-link", "[\"amp-validity\", \"back-link\"]"),
    ("marketplace", "yes", "true"),
    ("source-maps", "on", "true"),
    ("level", "9", "9"),
    ("style-check", "false", "false"),
];

fn variable(key: &str) -> String {
    format!("STENCIL_GUARD_{}", key.replace('-', "_").to_ascii_uppercase())
}

/// The line of a key in what `config` prints.
fn line<'a>(results: &'a str, key: &str) -> &'a str {
    let start = format!("{key} = ");
    results.lines().find(|line| line.starts_with(&start)).unwrap_or_else(|| panic!("{results}"))
}

#[test]
fn every_setting_can_be_set_in_the_environment() {
    // Tables are for a file.
    let is_table =
        |name: &str| ["severity", "path", "routes", "storefronts", "texts"].contains(&name);
    let keys = KEYS.iter().map(|key| key.name).filter(|name| !is_table(name));
    assert!(keys.eq(VALUES.iter().map(|(key, ..)| *key)));
    let playground = Playground::new();
    playground.theme(&[]);
    for (key, value, written) in VALUES {
        let name = variable(key);
        let run = playground.run_in(&[(name.as_str(), *value)], &["config", "theme"]);
        let line = line(&run.results, key);
        assert!(line.starts_with(&format!("{key} = {written} ")), "{line}");
        assert!(line.ends_with(" # environment"), "{line}");
        // What is empty is not said: so CI services pass on what is not set.
        let run = playground.run_in(&[(name.as_str(), "")], &["config", "theme"]);
        assert_eq!((run.status, run.results.contains("# environment")), (0, false), "{run:?}");
    }
}

/// How a setting is said on the command line; none if it is for files and the environment only.
fn flags(key: &str, value: &str) -> Vec<String> {
    match (key, value) {
        ("origins" | "ignore", _) => Vec::new(),
        ("bundle", "false") => vec!["--no-bundle".to_owned()],
        ("style-check", "false") => vec!["--no-style-check".to_owned()],
        (_, "true" | "1" | "yes" | "on") => vec![format!("--{key}")],
        _ => value.split(',').flat_map(|one| [format!("--{key}"), one.to_owned()]).collect(),
    }
}

#[test]
fn every_flag_overrides_the_environment() {
    let playground = Playground::new();
    playground.theme(&[]);
    for (key, value, written) in VALUES {
        let flags = flags(key, value);
        let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
        if flags.is_empty() {
            continue;
        }
        // It wins over the environment.
        let name = variable(key);
        let arguments = [&["config", "theme"], &flags[..]].concat();
        let run = playground.run_in(&[(name.as_str(), *value)], &arguments);
        assert_eq!(run.status, 0, "{flags:?}: {run:?}");
        let line = line(&run.results, key);
        assert!(line.starts_with(&format!("{key} = {written} ")), "{line}");
        assert!(line.ends_with(" # command line"), "{flags:?}: {line}");
    }
}

/// The table in `docs/settings.md`, made of the keys: what each says, how else it is given, and its default.
#[test]
fn settings_table_in_the_docs_matches_the_keys() {
    let help = Playground::new().run(&["build", "--help"]).results;
    let defaults = toml::Table::try_from(Settings::defaults()).unwrap();
    let mut table = "| setting | flag | says | default |\n|---|---|---|---|\n".to_owned();
    for key in KEYS {
        let opposite = format!("no-{}", key.name);
        let is_key = |name: &str| KEYS.iter().any(|key| key.name == name);
        let names =
            [key.name, &opposite].into_iter().filter(|name| *name == key.name || !is_key(name));
        let flags = names.map(|name| format!("--{name}"));
        let flags = flags.filter(|flag| help.contains(&format!("{flag} ")));
        let flags: Vec<String> = flags.map(|flag| format!("`{flag}`")).collect();
        let default = defaults.get(key.name).map(|value| format!("`{value}`")).unwrap_or_default();
        let row = [format!("`{}`", key.name), flags.join(", "), key.meaning.to_owned(), default];
        table += &format!("| {} |\n", row.join(" | "));
    }
    let page = include_str!("../../docs/settings.md");
    assert!(page.contains(&table), "docs/settings.md should hold this table:\n{table}");
}

#[test]
fn list_flags_accept_commas() {
    let playground = Playground::new();
    playground.theme(&[("templates/pages/cart.html", "{{> layout/base}}")]);
    let effective = |flags: &[&str]| {
        let run =
            playground.run(&[&["config", "theme", "--storefront", STOREFRONT], flags].concat());
        assert_eq!(run.status, 0, "{run:?}");
        run.results
    };
    for flag in ["--keep", "--no-keep", "--allow-open"] {
        let one = effective(&[flag, "cart,home"]);
        assert_eq!(one, effective(&[flag, "cart", flag, "home"]));
        assert!(one.contains("cart") && one.contains("home"), "{one}");
    }
    let hidden = effective(&["--hide", "edit-cart,sign-out"]);
    assert_eq!(hidden, effective(&["--hide", "edit-cart", "--hide", "sign-out"]));
}

#[test]
fn invalid_value_in_a_variable_is_an_error() {
    let playground = Playground::new();
    playground.theme(&[]);
    for (name, value, words) in [
        (
            "STENCIL_GUARD_LEVEL",
            "11",
            "is `11`, which is not a valid value: a level is a number from 0 to 9",
        ),
        ("STENCIL_GUARD_STRICT", "perhaps", "is `perhaps`, which is not a valid value"),
        (
            "STENCIL_GUARD_MODE",
            "redirekt",
            "is `redirekt`, which is not a valid value; possible values: redirect, conditional, replace, links",
        ),
    ] {
        for command in ["build", "check", "diff", "config", "init"] {
            let run = playground.run_in(&[(name, value)], &[command, "theme"]);
            let expected = format!("error: the environment variable {name} {words}");
            assert!(run.messages.starts_with(&expected), "{command}: {run:?}");
            assert_eq!(run.status, 2);
        }
    }
}

#[test]
fn misspelled_variable_is_warned_about_with_a_suggestion() {
    let playground = Playground::new();
    playground.theme(&[]);
    let said = |name: &str, arguments: &[&str]| {
        let run = playground.run_in(&[(name, "x")], arguments);
        assert_eq!(run.status, 0, "{name} {arguments:?}: {run:?}");
        run.messages
    };
    for (name, instead) in [
        ("STENCIL_GUARD_STOREFRNT", "did you mean STENCIL_GUARD_STOREFRONT?"),
        ("STENCIL_GUARD_STORE_FRONT", "did you mean STENCIL_GUARD_STOREFRONT?"),
        ("STENCIL_GUARD_PATH", "did you mean STENCIL_GUARD_PATHS?"),
        ("STENCIL_GUARD_NO_BUNDLE", "did you mean STENCIL_GUARD_BUNDLE?"),
        ("STENCIL_GUARD_NO_STYLE_CHECK", "did you mean STENCIL_GUARD_STYLE_CHECK?"),
        ("STENCIL_GUARD_ROUTES", "`routes` is for a settings file only"),
        ("STENCIL_GUARD_SEVERITY", "`severity` is for a settings file only"),
        ("STENCIL_GUARD_PROFILE", "`--profile` is for the command line only"),
        ("STENCIL_GUARD_CONFIG", "`--config` is for the command line only"),
    ] {
        let warning =
            format!("warning: the environment variable {name} is not a setting; {instead}\n");
        assert_eq!(said(name, &["config", "theme"]), warning);
    }
    // Whatever follows settings says it, and what does not is not disturbed.
    let name = "STENCIL_GUARD_KEPP";
    for arguments in [
        &["build", "theme", "--storefront", STOREFRONT, "--dry-run"][..],
        &["diff", "theme", "--storefront", STOREFRONT],
        &["init", "theme", "--storefront", STOREFRONT, "--config", "new.toml"],
        &["explain", "back-link"],
    ] {
        assert!(
            said(name, arguments)
                .starts_with("warning: the environment variable STENCIL_GUARD_KEPP "),
            "{arguments:?}"
        );
    }
    let quiet = ["build", "theme", "--storefront", STOREFRONT, "--dry-run", "--quiet"];
    for arguments in [&quiet[..], &["completions", "bash"], &["man"], &["schema", "build"]] {
        assert_eq!(said(name, arguments), "", "{arguments:?}");
    }
}

#[test]
fn unrelated_variables_are_ignored() {
    let playground = Playground::new();
    playground.theme(&[]);
    // Those of our own tests, and one of a script around the program.
    let names =
        ["REQUIRE", "THEMES", "PICTURES", "FUZZ_CASES", "COMPOSITIONS", "DOCUMENTS", "VERSION"];
    for name in names {
        let name = format!("STENCIL_GUARD_{name}");
        let run = playground.run_in(&[(&name, "x")], &["config", "theme"]);
        assert_eq!((run.status, run.messages.as_str()), (0, ""), "{name}");
    }
    let run = playground.run_in(&[("STENCIL_GUARD_STOREFRNT", "")], &["config", "theme"]);
    assert_eq!(run.messages, "");
}

#[test]
fn profile_overrides_the_file_but_not_the_environment() {
    let playground = Playground::new();
    let file = "storefront = 'https://file.example'\nbundle = false\nkeep = ['cart']\nlevel = 1\n\
                [profile.staging]\nstorefront = 'https://staging.example'\nkeep = ['home']\n";
    playground.theme(&[("stencil-guard.toml", file)]);
    let staging = ["build", "theme", "--dry-run", "--profile", "staging"];
    for (environment, flags, storefront) in [
        (None, &["build", "theme", "--dry-run"][..], "https://file.example"),
        (None, &staging, "https://staging.example"),
        (Some("https://env.example"), &staging, "https://env.example"),
        (
            Some("https://env.example"),
            &[&staging[..], &["--storefront", "https://flag.example"]].concat(),
            "https://flag.example",
        ),
    ] {
        let variables = environment.map(|value| ("STENCIL_GUARD_STOREFRONT", value));
        let run = playground.run_in(variables.as_slice(), flags);
        assert!(run.results.contains(&format!("guarded for {storefront}\n")), "{run:?}");
        let kept = if flags.contains(&"staging") { "checkout, home, " } else { "pages  cart, " };
        assert!(run.results.contains(kept), "{run:?}");
    }
    let run = playground.run(&["build", "theme", "--profile", "stagin"]);
    assert_eq!(run.status, 2);
    assert_data_eq!(
        run.messages,
        str![[r#"
error: theme/stencil-guard.toml has no profile `stagin`
 |
 = help: it has staging

"#]]
    );
}

#[test]
fn config_prints_effective_settings_and_their_sources() {
    let playground = Playground::new();
    let file = "storefront = 'https://file.example'\nallow-group = [7, 'name:Staff']\n\
                [profile.staging]\nmode = 'conditional'\n";
    playground.theme(&[("stencil-guard.toml", file)]);
    let run = playground.run_in(
        &[("STENCIL_GUARD_KEEP", "cart")],
        &["config", "theme", "--profile", "staging", "--no-bundle"],
    );
    assert_eq!((run.status, run.messages.as_str()), (0, ""));
    assert_data_eq!(
        run.results.clone(),
        str![[r#"
storefront = "https://file.example"      # theme/stencil-guard.toml
storefronts = []                         # default
mode = "conditional"                     # profile staging
origins = []                             # default
path = []                                # default
routes = {}                              # default
texts = {}                               # default
search-engines = "none"                  # default
allow-group = ["7", "name:Staff"]        # theme/stencil-guard.toml
keep = ["cart"]                          # environment
no-keep = []                             # default
stop-payments = false                    # default
allow-open = []                          # default
bundle = false                           # command line
include = []                             # default
guard-development = false                # default
guard-editor = false                     # default
theme-settings = false                   # default
own-host = []                            # default
kept-chrome = "full"                     # default
back-links = "strip"                     # default
hide = []                                # default
strict = false                           # default
ignore = []                              # default
severity = {}                            # default
marketplace = false                      # default
source-maps = false                      # default
level = 6                                # default
style-check = true                       # default
# without a value: paths, fallback, cart-param, out, theme-name, patches

"#]]
    );
    // What is printed is itself a settings file.
    playground.write("printed.toml", &run.results);
    let again = playground.run(&["config", "theme", "--config", "printed.toml"]);
    let values = |text: &str| {
        text.lines()
            .map(|line| line.split(" #").next().unwrap().trim().to_owned())
            .collect::<Vec<_>>()
    };
    let count = VALUES.len() - 3;
    assert_eq!(values(&again.results)[..count], values(&run.results)[..count]);
    let json = playground.run(&["config", "theme", "--format", "json"]).results;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["settings"][2]["value"], "redirect");
    assert_eq!(json["settings"][2]["from"], "default");
}

#[test]
fn config_fails_when_the_theme_is_missing() {
    let playground = Playground::new();
    playground.theme(&[]);
    let run = playground.run(&["config", "teme"]);
    assert_eq!((run.status, run.results.as_str()), (2, ""));
    assert!(run.messages.starts_with("error: cannot read teme: "), "{run:?}");
    assert!(run.messages.contains("did you mean theme?"), "{run:?}");
}

#[test]
fn strict_does_not_fail_on_ignored_findings() {
    let playground = Playground::new();
    playground.theme(&[
        ("schema.json", "[{\"name\": \"\", \"settings\": []}]"),
        ("templates/components/a.html", "{{"),
    ]);
    let build = ["build", "theme", "--storefront", STOREFRONT, "--strict", "--no-bundle"];
    let diff = ["diff", "theme", "--storefront", STOREFRONT, "--strict"];
    for arguments in [&build[..], &diff] {
        let run = playground.run(arguments);
        assert!(run.status == 1 && run.messages.contains("error[template-rejected]"), "{run:?}");
    }
    playground.write("theme/stencil-guard.toml", "ignore = ['template-rejected']\n");
    for arguments in [&build[..], &diff] {
        let run = playground.run(arguments);
        assert!(run.status == 0 && !run.messages.contains("template-rejected"), "{run:?}");
    }
    playground.write("theme/stencil-guard.toml", "[severity]\ntemplate-rejected = 'error'\n");
    for arguments in [&build[..4], &["check", "theme"]] {
        let run = playground.run(arguments);
        assert!(run.status == 1 && run.messages.contains("error[template-rejected]"), "{run:?}");
    }
}

#[test]
fn settings_file_copied_with_its_theme_is_harmless() {
    let playground = Playground::new();
    let settings = "storefront = 'https://a.example'\nout = '../guarded'\nbundle = '../guarded.zip'\nkeep = ['cart']\n";
    playground.theme(&[("stencil-guard.toml", settings)]);
    assert_eq!(playground.run(&["build", "theme"]).status, 0);
    // The pages that were kept are known, and nothing is written where the theme was.
    let check = playground.run(&["check", "guarded"]);
    assert_eq!(check.status, 0, "{check:?}");
    let run = playground.run(&["build", "guarded", "--no-bundle", "--out", "again"]);
    assert_eq!(run.status, 0, "{run:?}");
    assert_eq!(playground.files("again"), playground.files("guarded"));
    let config = playground.run(&["config", "guarded"]).results;
    assert!(config.contains("bundle = true ") && config.contains("keep = [\"cart\"] "), "{config}");
}

#[test]
fn config_checks_each_profile() {
    let playground = Playground::new();
    playground.theme(&[("stencil-guard.toml", "[profile.one]\nkeep = ['cart']\n")]);
    let check = || playground.run(&["config", "theme", "--check"]);
    let run = check();
    assert_eq!((run.status, run.messages.as_str()), (0, ""));
    assert_eq!(run.results, "theme/stencil-guard.toml can be used.\n");
    for (text, words) in [
        ("[profile.one]\nkeep = ['carts']\n", "the theme has no page `carts`"),
        ("allow-open = ['x']\n", "the theme has no page `x`"),
        ("[profile.two]\nstorefront = 'ftp://x.example'\n", "the storefront must use https"),
        ("allow-group = [7]\n[profile.two]\nmode = 'conditional'\n", "names a customer group"),
        ("strict = 1\n", "expected a boolean"),
        ("own-host = ['a/b']\n", "`a/b` is not the name of a host"),
    ] {
        playground.write("theme/stencil-guard.toml", text);
        let run = check();
        assert_eq!(run.status, 2, "{text}");
        assert!(run.messages.contains(words), "{text}: {}", run.messages);
    }
    std::fs::remove_file(playground.path("theme/stencil-guard.toml")).unwrap();
    let run = playground.run(&["config", "theme", "--check", "--storefront", STOREFRONT]);
    assert_eq!(
        run.results,
        "There is no stencil-guard.toml; the settings of the command line can be used.\n"
    );
}
