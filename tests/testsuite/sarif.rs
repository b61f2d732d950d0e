//! SARIF, against what GitHub's code scanning demands beyond the standard (SARIF 2.1.0),
//! written down here: which members an object must have, which it may have, and of what type.
//!
//! The oracles validate the same against the standard's own schema.

use crate::driver::{Playground, STOREFRONT};
use serde_json::Value;

/// What a value must be.
enum Shape {
    Text,
    /// An integer of at least this.
    Integer(u64),
    Bool,
    OneOf(&'static [&'static str]),
    List(&'static Shape),
    /// Members that must be there, and members that may.
    Object(&'static [(&'static str, Shape)], &'static [(&'static str, Shape)]),
}

use Shape::{Bool, Integer, List, Object, OneOf, Text};

const LEVEL: Shape = OneOf(&["none", "note", "warning", "error"]);
const MESSAGE: Shape = Object(&[("text", Text)], &[]);
const REGION: Shape = Object(
    &[
        ("startLine", Integer(1)),
        ("startColumn", Integer(1)),
        ("endLine", Integer(1)),
        ("endColumn", Integer(1)),
    ],
    &[],
);
const PHYSICAL_LOCATION: Shape =
    Object(&[("artifactLocation", Object(&[("uri", Text)], &[])), ("region", REGION)], &[]);
const RESULT: Shape = Object(
    &[
        ("message", MESSAGE),
        ("ruleId", Text),
        ("ruleIndex", Integer(0)),
        ("level", LEVEL),
        ("locations", List(&Object(&[("physicalLocation", PHYSICAL_LOCATION)], &[]))),
        ("partialFingerprints", Object(&[("primaryLocationLineHash", Text)], &[])),
    ],
    &[],
);
const RULE: Shape = Object(
    &[
        ("id", Text),
        ("shortDescription", MESSAGE),
        ("fullDescription", MESSAGE),
        ("help", MESSAGE),
        ("defaultConfiguration", Object(&[("level", LEVEL)], &[])),
    ],
    &[],
);
const NOTIFICATION: Shape = Object(
    &[("message", MESSAGE), ("descriptor", Object(&[("id", Text)], &[]))],
    &[("level", LEVEL)],
);
const INVOCATION: Shape = Object(
    &[("executionSuccessful", Bool)],
    &[("toolExecutionNotifications", List(&NOTIFICATION))],
);
const DRIVER: Shape =
    Object(&[("name", Text)], &[("semanticVersion", Text), ("rules", List(&RULE))]);
const RUN: Shape = Object(
    &[("tool", Object(&[("driver", DRIVER)], &[])), ("results", List(&RESULT))],
    &[
        ("columnKind", OneOf(&["utf16CodeUnits", "unicodeCodePoints"])),
        ("invocations", List(&INVOCATION)),
    ],
);
const LOG: Shape =
    Object(&[("version", OneOf(&["2.1.0"])), ("runs", List(&RUN))], &[("$schema", Text)]);

/// What is wrong with a value, by place.
fn faults(value: &Value, shape: &Shape, at: &str) -> Vec<String> {
    let ok = match shape {
        Text => value.as_str().is_some_and(|text| !text.is_empty()),
        Integer(least) => value.as_u64().is_some_and(|number| number >= *least),
        Bool => value.is_boolean(),
        OneOf(texts) => value.as_str().is_some_and(|text| texts.contains(&text)),
        List(shape) => {
            let Some(items) = value.as_array() else { return vec![format!("{at}: no list")] };
            let items = items.iter().enumerate();
            return items
                .flat_map(|(n, item)| faults(item, shape, &format!("{at}[{n}]")))
                .collect();
        }
        Object(needed, allowed) => return object_faults(value, needed, allowed, at),
    };
    if ok { Vec::new() } else { vec![format!("{at}: {value}")] }
}

fn object_faults(
    value: &Value,
    needed: &[(&str, Shape)],
    allowed: &[(&str, Shape)],
    at: &str,
) -> Vec<String> {
    let Some(members) = value.as_object() else { return vec![format!("{at}: no object")] };
    let missing = needed.iter().filter(|(name, _)| !members.contains_key(*name));
    let mut found: Vec<String> =
        missing.map(|(name, _)| format!("{at}.{name} is missing")).collect();
    for (name, member) in members {
        let shape = needed.iter().chain(allowed).find(|(own, _)| own == name);
        match shape {
            Some((_, shape)) => found.extend(faults(member, shape, &format!("{at}.{name}"))),
            None => found.push(format!("{at}.{name} is not known")),
        }
    }
    found
}

/// The log of a check, after a look that it is valid and hangs together.
fn log(playground: &Playground, arguments: &[&str], status: i32) -> Value {
    log_of(playground, &[&["check"], arguments].concat(), status)
}

/// The same of any command.
fn log_of(playground: &Playground, arguments: &[&str], status: i32) -> Value {
    let run = playground.run(&[arguments, &["--format", "sarif"]].concat());
    assert_eq!((run.status, run.messages.as_str()), (status, ""), "{}", run.results);
    let log: Value = serde_json::from_str(&run.results).unwrap();
    assert_eq!(faults(&log, &LOG, "log"), Vec::<String>::new());
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let locations = result["locations"].as_array().unwrap();
        assert_eq!(locations.len(), 1, "{result}");
        for location in locations {
            let uri = location["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "%/._-~".contains(c);
            assert!(uri.chars().all(is_plain) && !uri.starts_with('/'), "{uri}");
        }
    }
    log
}

#[test]
fn log_is_valid_and_lists_the_findings() {
    let playground = Playground::new();
    playground.theme(&[
        ("templates/pages/\u{fc}ber uns.html", "\u{fc}{{#if}"),
        ("templates/pages/blog.html", "<html><head></head></html>"),
    ]);
    let open = log(&playground, &["theme"], 1);
    let results = open["runs"][0]["results"].as_array().unwrap();
    let of = |rule: &str| results.iter().filter(|result| result["ruleId"] == rule).count();
    assert_eq!((of("open-page"), of("template-rejected"), results.len()), (3, 1, 4));
    let rejected = results.iter().find(|result| result["ruleId"] == "template-rejected").unwrap();
    let place = &rejected["locations"][0]["physicalLocation"];
    let uri = "theme/templates/pages/%C3%BCber%20uns.html";
    assert_eq!(place["artifactLocation"]["uri"], uri);
    assert_eq!(place["region"]["startLine"], 1);
    for (theme, uri) in [
        ("./theme/", "theme/templates/pages/blog.html"),
        ("x/../theme", "templates/pages/blog.html"),
    ] {
        playground.write("x/y", "");
        let uris = log(&playground, &[theme], 1)["runs"][0]["results"].to_string();
        assert!(uris.contains(&format!("\"{uri}\"")), "{uris}");
    }

    assert_eq!(playground.build(&["--no-bundle", "--out", "out"]).status, 0);
    let guarded = log(&playground, &["out", "--storefront", "https://other.example"], 1);
    let results = guarded["runs"][0]["results"].as_array().unwrap();
    let foreign = results.iter().find(|result| result["ruleId"] == "other-host").unwrap();
    assert_eq!(foreign["level"], "error");
    let good = log(&playground, &["out", "--storefront", STOREFRONT], 0);
    assert_eq!(good["runs"][0]["invocations"][0]["executionSuccessful"], true);
}

#[test]
fn failed_run_is_also_a_valid_log() {
    let playground = Playground::new();
    let log = log(&playground, &["nowhere"], 2);
    let invocation = &log["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let message = invocation["toolExecutionNotifications"][0]["message"]["text"].as_str().unwrap();
    assert!(message.contains("cannot read nowhere"), "{message}");
    let code = &invocation["toolExecutionNotifications"][0]["descriptor"]["id"];
    assert_eq!(code, "unreadable-theme");
}

#[test]
fn every_command_with_findings_writes_a_log() {
    let playground = Playground::new();
    playground.theme(&[("templates/components/a.html", "{{")]);
    let storefront = ["--storefront", STOREFRONT];
    let build = ["build", "theme", "--no-bundle", "--out", "out"];
    let snapshot = ["snapshot", "theme", "--dir", "snapshot"];
    let stale = [&snapshot[..], &["--check"], &storefront].concat();
    for (arguments, status, code) in [
        (&[&build[..], &storefront].concat(), 0, "template-rejected"),
        (&stale, 1, "stale-snapshot"),
        (&[&snapshot[..], &storefront].concat(), 0, "template-rejected"),
        (&vec!["bundle", "theme", "--dry-run"], 0, "template-rejected"),
        (&vec!["undo", "out", "--dry-run"], 0, "template-rejected"),
        (
            &[&["report", "theme", "--output", "x.html"], &storefront[..]].concat(),
            0,
            "template-rejected",
        ),
    ] {
        let log = log_of(&playground, arguments, status);
        let results = log["runs"][0]["results"].as_array().unwrap();
        assert!(results.iter().any(|result| result["ruleId"] == code), "{arguments:?}: {log:#}");
    }
}

#[test]
fn rule_help_points_to_explain() {
    let playground = Playground::new();
    playground.theme(&[]);
    let log = log(&playground, &["theme"], 1);
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    for rule in rules {
        let code = rule["id"].as_str().unwrap();
        let help = rule["help"]["text"].as_str().unwrap();
        assert!(help.contains(&format!("`stencil-guard explain {code}`")), "{help}");
    }
    let codes = rules.iter().map(|rule| rule["id"].as_str().unwrap());
    let explain = playground.run(&[&["explain"], &*codes.collect::<Vec<_>>()].concat());
    assert_eq!((explain.status, explain.messages.as_str()), (0, ""));
}

#[test]
fn invalid_logs_fail_the_shape_check() {
    let log = serde_json::json!({"version": "2.0.0", "runs": [{"results": [{"level": "fatal"}]}]});
    let expected = [
        "log.version: \"2.0.0\"",
        "log.runs[0].tool is missing",
        "log.runs[0].results[0].message is missing",
        "log.runs[0].results[0].ruleId is missing",
        "log.runs[0].results[0].ruleIndex is missing",
        "log.runs[0].results[0].locations is missing",
        "log.runs[0].results[0].partialFingerprints is missing",
        "log.runs[0].results[0].level: \"fatal\"",
    ];
    assert_eq!(faults(&log, &LOG, "log"), expected);
}
