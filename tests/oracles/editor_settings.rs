//! What was set in the theme editor comes over as the official tool's `pull` brings it: a table of configurations,
//! each merged by both.

use std::process::{Command, Stdio};

use libtest_mimic::{Failed, Trial};
use serde_json::{Map, Value, json};
use stencil_guard::store::editor_settings::merge;

use crate::{bundler, node};

/// What both should come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    /// The same file.
    Same,
    /// Neither writes anything.
    Refused,
    /// The official tool stops; we go on, and leave what the theme does not have as it is.
    OnlyOurs,
}
use Expected::{OnlyOurs, Refused, Same};

/// A theme with every kind of value, some overridden.
const CONFIG: &str = r##"{
  "name": "T",
  "settings": {
    "color": "#000", "size": 1, "on": true, "list": [1, 2], "map": {"a": 1, "b": [null]}, "none": null, "text": "x",
    "a.b": "dotted", "": "unnamed", "großes_ß": "a"
  },
  "variations": [
    {"name": "Light", "id": "light", "settings": {"color": "#fff", "size": 2, "text": 7}},
    {"name": "Dark", "id": "dark"},
    {"name": "Größe \"XL\"", "settings": {}},
    {"name": "Null", "settings": null},
    {"name": "Dark", "settings": {"color": "#111"}}
  ]
}
"##;

/// What it is about, the variation that is shown, what the store says, and what becomes of it.
const ROWS: &[(&str, &str, &str, Expected)] = &[
    ("nothing is set", "Light", "{}", Same),
    ("as the theme has it", "Dark", r##"{"color": "#000", "size": 1, "on": true}"##, Same),
    ("as the variation has it", "Light", r##"{"color": "#fff", "size": 2, "text": 7}"##, Same),
    ("an override is cleared", "Light", r##"{"color": "#000"}"##, Same),
    ("all overrides are cleared", "Light", r##"{"color": "#000", "size": 1}"##, Same),
    ("an override is another", "Light", r##"{"color": "#abc", "size": 3}"##, Same),
    ("the first override", "Dark", r#"{"on": false}"#, Same),
    ("the first override among none", "Größe \"XL\"", r#"{"size": 10}"#, Same),
    ("the first override instead of null", "Null", r#"{"size": 10}"#, Same),
    ("one setting is unknown", "Light", r##"{"color": "#000", "other": 1}"##, Same),
    ("all settings are unknown", "Dark", r#"{"other": 1, "more": {"color": 2}}"#, Same),
    ("a fraction", "Dark", r#"{"size": 1.5}"#, Same),
    ("the same number, spelled otherwise", "Dark", r#"{"size": 1.0}"#, Same),
    ("a negative number", "Dark", r#"{"size": -12}"#, Same),
    ("nothing, with a sign", "Dark", r#"{"size": -0.0}"#, Same),
    ("a number with an exponent", "Dark", r#"{"size": 1e21}"#, Same),
    ("a number without an exact value", "Dark", r#"{"size": 12345678901234567890}"#, Same),
    ("the same list", "Dark", r#"{"list": [1, 2]}"#, Same),
    ("a list in another order", "Dark", r#"{"list": [2, 1]}"#, Same),
    ("an empty list", "Dark", r#"{"list": []}"#, Same),
    ("the same object in another order", "Dark", r#"{"map": {"b": [null], "a": 1.0}}"#, Same),
    ("another object", "Dark", r#"{"map": {"a": 1, "b": [null, {"c": "d"}]}}"#, Same),
    ("a list instead of an object", "Dark", r#"{"map": [1]}"#, Same),
    ("null instead of a list", "Dark", r#"{"list": null}"#, Same),
    ("an object instead of null", "Dark", r#"{"none": {"a": 1}}"#, Same),
    (
        "64 characters",
        "Dark",
        r#"{"text": "0123456789012345678901234567890123456789012345678901234567890123"}"#,
        Same,
    ),
    (
        "65 characters",
        "Dark",
        r#"{"text": "01234567890123456789012345678901234567890123456789012345678901234"}"#,
        Same,
    ),
    (
        "64 wide characters",
        "Dark",
        r#"{"text": "ßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßß😀"}"#,
        Same,
    ),
    ("quotes and controls", "Dark", r#"{"text": "\"\\\n\t\u0001\u2028</script>{{x}}"}"#, Same),
    ("an empty text", "Dark", r#"{"text": ""}"#, Same),
    ("a name in other letters", "Dark", r#"{"großes_ß": "b"}"#, Same),
    ("a name with a dot", "Dark", r#"{"a.b": "other"}"#, Same),
    ("a name without letters", "Dark", r#"{"": "named"}"#, Same),
    ("an override of another kind than the default", "Light", r#"{"text": 8}"#, Same),
    ("the kind of the default, but not of the override", "Light", r#"{"text": "x"}"#, Refused),
    ("a number instead of a text", "Dark", r#"{"color": 1}"#, Refused),
    ("a text instead of a number", "Dark", r#"{"size": "1"}"#, Refused),
    ("a text instead of yes or no", "Dark", r#"{"on": "true"}"#, Refused),
    ("null instead of a text", "Dark", r#"{"color": null}"#, Refused),
    ("a text instead of null", "Dark", r#"{"none": "x"}"#, Refused),
    ("a list instead of a text", "Dark", r#"{"text": ["x"]}"#, Refused),
    ("right settings before a wrong one", "Dark", r##"{"color": "#abc", "size": "1"}"##, Refused),
    ("a variation that is gone", "Blue", r##"{"color": "#abc"}"##, Refused),
    ("a variation with other letters", "light", r##"{"color": "#abc"}"##, Refused),
    // To the official tool, every object of JavaScript has these settings already.
    (
        "a name that objects have by themselves",
        "Dark",
        r#"{"toString": "x", "constructor": "y"}"#,
        OnlyOurs,
    ),
];

/// The same of files that are spelled in an odd way, each with a variation `Light` and a setting `color`.
const FILES: &[(&str, &str, Expected)] = &[
    (
        "line ends of Windows",
        "{\r\n\t\"settings\": {\"color\": \"a\"},\r\n\t\"variations\": [{\"name\": \"Light\"}]\r\n}\r\n",
        Same,
    ),
    (
        "on one line",
        r#"{"settings":{"color":"a"},"variations":[{"name":"Light","settings":{"color":"b"}}]}"#,
        Same,
    ),
    (
        "one name twice",
        r#"{"settings":{"color":1,"color":"a"},"variations":[{"name":"Light","settings":{"color":2,"color":"c"}}]}"#,
        Same,
    ),
    (
        "names with escapes",
        r#"{"settings":{"\u0063olor":"a"},"variations":[{"name":"L\u0069ght","settings":{"c\u006flor":"c"}}]}"#,
        Same,
    ),
    (
        "a comment",
        "{\"settings\":{\"color\":\"a\"}, /* c */ \"variations\":[{\"name\":\"Light\"}]}",
        Refused,
    ),
    (
        "a comma at the end",
        r#"{"settings":{"color":"a"},"variations":[{"name":"Light"}],}"#,
        Refused,
    ),
    (
        "a byte order mark",
        "\u{feff}{\"settings\":{\"color\":\"a\"},\"variations\":[{\"name\":\"Light\"}]}",
        Refused,
    ),
    ("cut off", r#"{"settings":{"color":"a"},"variations":[{"name":"Light""#, Refused),
    ("empty", "", Refused),
    ("no variations", r#"{"settings":{"color":"a"}}"#, Refused),
    ("no settings", r#"{"variations":[{"name":"Light"}]}"#, OnlyOurs),
];

pub(crate) fn trials() -> Vec<Trial> {
    vec![node::trial(bundler::KIND, "editor_settings::like_pull", bundler::missing(), like_pull)]
}

struct Case {
    about: &'static str,
    config: &'static str,
    variation: &'static str,
    settings: Value,
    expected: Expected,
}

fn cases() -> Result<Vec<Case>, Failed> {
    let row = |&(about, variation, settings, expected): &(_, _, &str, _)| {
        let settings = serde_json::from_str(settings)?;
        Ok(Case { about, config: CONFIG, variation, settings, expected })
    };
    let file = |&(about, config, expected): &(_, _, _)| {
        Ok(Case { about, config, variation: "Light", settings: json!({ "color": "b" }), expected })
    };
    ROWS.iter().map(row).chain(FILES.iter().map(file)).collect()
}

fn like_pull() -> Result<(), Failed> {
    let cases = cases()?;
    let theirs = pull(&cases)?;
    let mut wrong = Vec::new();
    for (case, theirs) in cases.iter().zip(&theirs) {
        let none = Map::new();
        let settings = case.settings.as_object().unwrap_or(&none);
        let ours = merge(case.config.as_bytes(), case.variation, settings);
        let written = ours.as_ref().ok().and_then(|ours| serde_json::from_str(&ours.config).ok());
        let written: Option<Value> = written.map(plain);
        let pulled = theirs.get("config").cloned().map(plain);
        let is_right = match case.expected {
            Same => written.is_some() && written == pulled,
            Refused => ours.is_err() && pulled.is_none(),
            OnlyOurs => pulled.is_none() && ours.as_ref().is_ok_and(|ours| ours.changed.is_empty()),
        };
        // What was not changed is the same, byte by byte.
        let is_kept =
            ours.as_ref().is_ok_and(|ours| ours.changed.is_empty() != (ours.config != case.config));
        if !is_right || (ours.is_ok() && !is_kept) {
            wrong.push(format!("{}: ours {ours:?}, theirs {theirs}", case.about));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

/// All numbers as JavaScript has them.
fn plain(value: Value) -> Value {
    match value {
        Value::Number(number) => number.as_f64().map_or(Value::Null, |number| json!(number + 0.0)),
        Value::Array(list) => list.into_iter().map(plain).collect(),
        Value::Object(members) => {
            members.into_iter().map(|(name, value)| (name, plain(value))).collect()
        }
        other => other,
    }
}

/// What the official tool makes of each case.
fn pull(cases: &[Case]) -> Result<Vec<Value>, Failed> {
    let rows = cases.iter().map(|case| {
        json!({ "config": case.config, "variation": case.variation, "settings": case.settings })
    });
    let mut child = Command::new("node")
        .arg(bundler::folder().join("pull.mjs"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let input = child.stdin.take().ok_or("node has no standard input")?;
    serde_json::to_writer(input, &rows.collect::<Vec<Value>>())?;
    let answers: Vec<Value> = serde_json::from_slice(&child.wait_with_output()?.stdout)?;
    match answers.len() == cases.len() {
        true => Ok(answers),
        false => Err(format!("{} answers to {} cases", answers.len(), cases.len()).into()),
    }
}
