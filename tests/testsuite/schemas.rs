//! The JSON schemas: kept as files, equal to what the program prints, and true of what it prints for programs
//! and of what it reads as settings.

use crate::driver::{Playground, STOREFRONT};
use serde_json::{Value, json};
use snapbox::assert_data_eq;
use std::path::Path;

/// The schema of a command's output, or of the settings.
fn schema(name: &str) -> Value {
    let run = Playground::new().run(&["schema", name]);
    assert_eq!((run.status, run.messages.as_str()), (0, ""), "{name}");
    serde_json::from_str(&run.results).unwrap()
}

/// The names of all schemas, as the help lists them.
fn names() -> Vec<String> {
    let run = Playground::new().run(&["schema", "nonsense"]);
    let list = run.messages.split("[possible values: ").nth(1).unwrap();
    list.split(']').next().unwrap().split(", ").map(str::to_owned).collect()
}

/// The same schema, but no object may have members that it does not name.
pub(crate) fn strict(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(members) => {
            if members.contains_key("properties") {
                members.entry("additionalProperties").or_insert(json!(false));
            }
            members.values_mut().for_each(|member| *member = strict(member.take()));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = strict(item.take())),
        _ => {}
    }
    schema
}

/// What is wrong with a document of a command.
pub(crate) fn faults(command: &str, document: &str) -> Vec<String> {
    let document: Value = serde_json::from_str(document).unwrap();
    assert_eq!(document["command"], command);
    let validator = jsonschema::validator_for(&strict(schema(command))).unwrap();
    validator
        .iter_errors(&document)
        .map(|fault| format!("{}: {fault}", fault.instance_path()))
        .collect()
}

#[test]
fn printed_schemas_match_the_files() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas");
    let names = names();
    for name in &names {
        let run = Playground::new().run(&["schema", name]);
        let path = folder.join(format!("{name}.json"));
        let kept = snapbox::Data::read_from(&path, Some(snapbox::data::DataFormat::Text));
        assert_data_eq!(run.results, kept.raw());
        assert!(jsonschema::meta::is_valid(&schema(name)), "{name}");
    }
    let files = std::fs::read_dir(folder).unwrap().count();
    assert!(cfg!(not(feature = "store")) || files == names.len(), "{files} files");
}

#[test]
fn every_command_that_prints_json_has_a_schema() {
    let playground = Playground::new();
    let names = names();
    let help = playground.run(&["--help"]).results;
    let commands = help.split("Commands:").nth(1).unwrap().split("Options:").next().unwrap();
    let commands = commands.lines().filter_map(|line| line.split_whitespace().next());
    let commands = commands.filter(|command| *command != "help");
    let mut found = 0;
    for command in commands {
        let prints = playground.run(&[command, "--help"]).results.contains("--format <");
        assert_eq!(names.iter().any(|name| name == command), prints, "{command}");
        found += usize::from(prints);
    }
    assert_eq!(found + 1, names.len(), "{names:?}");
}

#[test]
fn json_output_matches_its_schema() {
    let playground = Playground::new();
    playground.theme(&[
        ("templates/components/a.html", "{{"),
        (
            "templates/pages/checkout.html",
            "<a href=\"/\">x</a><a href='{{urls.cart}}'>c</a>{{> layout/base}}",
        ),
        ("templates/pages/blog.html", "<html><head></head></html>"),
    ]);
    let links = "theme/templates/pages/checkout.html";
    for (arguments, status) in [
        (&["build", "theme", "--no-bundle", "--out", "out"][..], 0),
        (&["build", "theme", "--keep", "nowhere"], 2),
        (&["build", "theme", "--strict"], 1),
        (&["build", "theme", "--mode"], 2),
        (&["init", "theme", "--config", "a.toml"], 0),
        (&["init", "theme", "--config", "a.toml"], 2),
        (&["bundle", "theme"], 0),
        (&["undo", "out", "--dry-run"], 0),
        (&["undo", "theme"], 2),
        (&["check", "out"], 0),
        (&["check", "theme"], 1),
        (&["check", "nowhere"], 2),
        (&["diff", "theme"], 0),
        (&["paths", "theme", "--paths", "catalyst"], 0),
        (&["paths", "theme", "--try", "/cart.php", "--page", "nowhere"], 2),
        (&["report", "theme", "--output", "report.html"], 0),
        (&["snapshot", "theme", "--dir", "snapshot", "--check"], 1),
        (&["explain", links], 0),
        (&["explain", "back-link", "usage"], 0),
        (&["explain", "nowhere"], 2),
        (&["config", "theme"], 0),
        (&["config", "theme", "--check"], 0),
    ] {
        let arguments = [arguments, &["--format", "json"]].concat();
        let run = playground.run_in(&[("STENCIL_GUARD_STOREFRONT", STOREFRONT)], &arguments);
        assert_eq!(run.status, status, "{arguments:?}: {run:?}");
        assert_eq!(faults(arguments[0], &run.results), Vec::<String>::new(), "{arguments:?}");
    }
}

#[test]
fn invalid_documents_fail_validation() {
    let document = json!({
        "schema": 1, "command": "config", "status": "well", "findings": [{ "code": "x", "more": 1 }],
    });
    let found = faults("config", &document.to_string()).join("\n");
    for words in [
        "/status: ",
        "\"settings\" is a required",
        "\"message\" is a required",
        "'more' was unexpected",
    ] {
        assert!(found.contains(words), "{found}");
    }
}

/// The schema refuses what the program refuses, and nothing else, as far as a schema can.
#[test]
fn settings_schema_accepts_what_the_program_accepts() {
    let validator = jsonschema::validator_for(&schema("settings")).unwrap();
    let playground = Playground::new();
    playground.theme(&[]);
    for (text, is_valid) in [
        ("", true),
        ("storefront = 'https://a.example'", true),
        ("storefront = 7", false),
        ("mode = 'replace'", true),
        ("mode = 'redirekt'", false),
        ("allow-group = [7, 'name:Staff']", true),
        ("allow-group = [-7]", false),
        ("allow-group = 7", false),
        ("routes = { cart = '/basket' }", true),
        ("routes = ['/basket']", false),
        ("bundle = false", true),
        ("bundle = 'x.zip'", true),
        ("bundle = 1", false),
        ("level = 9", true),
        ("level = 10", false),
        ("level = -1", false),
        ("kept-chrome = 'bare'", true),
        ("kept-chrome = 'none'", false),
        ("ignore = ['amp-validity']", true),
        ("ignore = ['open-page']", false),
        ("ignore = ['zzz']", false),
        ("[severity]\namp-validity = 'error'", true),
        ("[severity]\namp-validity = 'quiet'", false),
        ("[severity]\nopen-page = 'note'", false),
        ("store-front = 'x'", false),
        ("[profile.staging]\nstrict = true", true),
        ("[profile.staging]\nstrict = 1", false),
        ("[profile.staging.profile]\nx = 1", false),
    ] {
        let table: toml::Table = toml::from_str(text).unwrap();
        let value = serde_json::to_value(table).unwrap();
        assert_eq!(validator.is_valid(&value), is_valid, "{text}");
        playground.write("theme/stencil-guard.toml", text);
        let run = playground.run(&["config", "theme"]);
        assert_eq!(run.status == 0, is_valid, "{text}: {run:?}");
    }
}

#[cfg(feature = "store")]
#[test]
fn json_output_of_store_commands_matches_its_schema() {
    let world = crate::store::world::World::new();
    let storefront = ["--storefront", STOREFRONT];
    let download = ["download", "--channel", "2", "--output", "theme.zip"];
    for (arguments, status) in [
        (&["channels"][..], 0),
        (&download, 0),
        (&["push", "theme.zip"], 0),
        (&[&["deploy", "--channel", "2", "--yes", "--no-live-check"], &storefront[..]].concat(), 0),
        (&["rollback", "--channel", "2"], 2),
        (&["rollback", "--channel", "2", "--yes"], 0),
        (&["routes", "plan", "--channel", "2", "--paths", "catalyst"], 0),
        (&["routes", "apply", "--channel", "2", "--paths", "catalyst", "--yes"], 0),
        (&["routes", "apply", "--channel", "2", "--paths", "none", "--yes"], 2),
        (&["download", "--channel", "99", "--output", "other.zip"], 1),
    ] {
        let run = world.run(&[arguments, &["--format", "json"]].concat());
        assert_eq!(run.status, status, "{arguments:?}: {run:?}");
        assert_eq!(faults(arguments[0], &run.results), Vec::<String>::new(), "{arguments:?}");
    }
}
