//! Themes whose JSON files were changed at random: what the official validators refuse, our checks
//! refuse, and nothing else.

use std::io::Write;
use std::process::{Command, Stdio};

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};
use stencil_guard::text::Code;
use stencil_guard::theme::Theme;

use crate::bundler;
use crate::node;

/// How many changed themes are judged.
const CASES: usize = 1_000;
/// Codes of what the official validators refuse.
const REFUSALS: [Code; 4] =
    [Code::InvalidJson, Code::InvalidConfig, Code::InvalidSchema, Code::InvalidTranslations];
/// What a part of a JSON file is replaced by.
const VALUES: [&str; 24] = [
    "null",
    "true",
    "false",
    "0",
    "-1",
    "1.0",
    "1.5",
    "1e308",
    "-0",
    "5",
    "\"\"",
    "\"x\"",
    "\"i18n.\"",
    "\"i18n.A\"",
    "\"toys_games\"",
    "\"toys_game\"",
    "\"mobile\"",
    "\"heading\"",
    "\"select\"",
    "\"sort\"",
    "[]",
    "{}",
    "[\"x\", \"x\"]",
    "{\"default\": \"x\", \"en-GB\": \"y\", \"x-US\": \"z\"}",
];
/// What a member is renamed to, or added as.
const NAMES: [&str; 16] = [
    "",
    "x",
    "en",
    "en-US",
    "EN",
    "en-u",
    "default",
    "i18n.A",
    "i18n.RegionName.X",
    "i18nxRegionName",
    "i18n",
    "id",
    "type",
    "name",
    "settings",
    "price",
];
/// Changes of a text that leave no plain JSON, or hardly.
const BREAKS: [(&str, &str); 10] = [
    ("{", "{,"),
    ("}", ",}"),
    ("]", ",]"),
    ("\"", "'"),
    (":", ": // c\n"),
    ("\n", "\n\u{a0}"),
    ("\"", "\"\t"),
    ("\"", "\"\\u00e9"),
    ("\"", "\"\\x"),
    (",", ",\u{feff}"),
];

const CONFIG: &str = include_str!("bundler/config.json");
const SCHEMA: &str = include_str!("bundler/schema.json");
const TRANSLATIONS: &str = include_str!("bundler/schemaTranslations.json");

pub(crate) fn trials() -> Vec<Trial> {
    vec![node::trial(bundler::KIND, "bundler::refusals", bundler::missing(), refusals)]
}

/// The JSON files of a theme.
struct Case {
    files: [Option<String>; 3],
    marketplace: bool,
}

fn refusals() -> Result<(), Failed> {
    let mut random = Random(0x5eed);
    let mut cases: Vec<Case> = (0..CASES).map(|_| case(&mut random)).collect();
    cases.extend(removals());
    let plain = [CONFIG, SCHEMA, TRANSLATIONS].map(|text| Some(text.to_owned()));
    cases.extend([false, true].map(|marketplace| Case { files: plain.clone(), marketplace }));
    let answers = official(&cases)?;
    let mut wrong = Vec::new();
    let mut refused = 0;
    for (case, theirs) in cases.iter().zip(&answers) {
        let ours = our_own(case);
        refused += usize::from(!theirs.is_null());
        if ours.is_empty() != theirs.is_null() {
            let files = case.files.iter().flatten().cloned().collect::<Vec<_>>().join("\n");
            let marketplace = case.marketplace;
            wrong.push(format!(
                "theirs: {theirs}\nours: {ours:?}\nmarketplace: {marketplace}\n{files}"
            ));
        }
    }
    if answers.len() != cases.len() || !(CASES / 4..answers.len() * 9 / 10).contains(&refused) {
        return Err(format!("{refused} of {} answers are refusals", answers.len()).into());
    }
    if answers.iter().rev().take(2).any(|answer| !answer.is_null()) {
        return Err("the theme that is changed is refused as it stands".into());
    }
    match wrong.first() {
        None => Ok(()),
        Some(first) => {
            Err(format!("{} of {} differ; the first:\n{first}", wrong.len(), cases.len()).into())
        }
    }
}

/// What the official validators say.
fn official(cases: &[Case]) -> Result<Vec<Value>, Failed> {
    let question = |case: &Case| {
        let [config, schema, translations] = &case.files;
        json!({"config": config, "schema": schema, "translations": translations, "marketplace": case.marketplace})
    };
    ask(cases.iter().map(question).collect())
}

/// The answers of the official validators.
pub(crate) fn ask(questions: Vec<Value>) -> Result<Vec<Value>, Failed> {
    let mut child = Command::new("node")
        .arg(bundler::folder().join("judge.mjs"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut input = child.stdin.take().ok_or("node has no standard input")?;
    input.write_all(Value::from(questions).to_string().as_bytes())?;
    drop(input);
    Ok(serde_json::from_slice(&child.wait_with_output()?.stdout)?)
}

/// What we refuse in it.
fn our_own(case: &Case) -> Vec<String> {
    let names = ["config.json", "schema.json", "schemaTranslations.json"];
    let files = names.iter().zip(&case.files);
    let files =
        files.filter_map(|(name, text)| Some(((*name).to_owned(), Some(text.clone()?.into()))));
    let theme = Theme::default().with(files);
    let templates = stencil_guard::theme::pages::Templates::new(&theme);
    let mut findings = stencil_guard::bundle::check(&theme, case.marketplace);
    findings.extend(stencil_guard::bundle::generated(&theme, &templates).1);
    findings.retain(|finding| REFUSALS.contains(&finding.code));
    findings.into_iter().map(|finding| finding.message).collect()
}

/// A theme with one to three changes in one of its files.
fn case(random: &mut Random) -> Case {
    let mut files = [CONFIG, SCHEMA, TRANSLATIONS].map(|text| Some(text.to_owned()));
    let at = random.below(3);
    let marketplace = random.below(2) == 0;
    if at > 0 && random.below(30) == 0 {
        files[at] = None;
        return Case { files, marketplace };
    }
    let mut text = files[at].take().unwrap_or_default();
    if random.below(5) == 0 {
        let (from, to) = BREAKS[random.below(BREAKS.len())];
        let places: Vec<usize> = text.match_indices(from).map(|(place, _)| place).collect();
        if !places.is_empty() {
            let place = places[random.below(places.len())];
            text.replace_range(place..place + from.len(), to);
        }
    } else {
        let mut tree: Value = serde_json::from_str(&text).unwrap_or_default();
        for _ in 0..=random.below(3) / 2 {
            let target = random.below(count(&tree));
            change(&mut tree, &mut { target }, random);
        }
        text = tree.to_string();
    }
    files[at] = Some(text);
    Case { files, marketplace }
}

/// The theme without each of its values in turn.
fn removals() -> Vec<Case> {
    let texts = [CONFIG, SCHEMA, TRANSLATIONS];
    let mut cases = Vec::new();
    for (at, text) in texts.iter().enumerate() {
        let whole: Value = serde_json::from_str(text).unwrap_or_default();
        for target in 1..count(&whole) {
            let mut tree = whole.clone();
            remove(&mut tree, &mut { target });
            let mut files = texts.map(|text| Some(text.to_owned()));
            files[at] = Some(tree.to_string());
            cases.push(Case { files, marketplace: target % 2 == 0 });
        }
    }
    cases
}

/// Removes the value that is `target` values further on.
fn remove(tree: &mut Value, target: &mut usize) {
    let mut is_kept = |value: &mut Value| {
        *target = target.wrapping_sub(1);
        let is_kept = *target != 0;
        if is_kept && *target < usize::MAX / 2 {
            remove(value, target);
        }
        is_kept
    };
    match tree {
        Value::Array(items) => items.retain_mut(is_kept),
        Value::Object(members) => members.retain(|_, value| is_kept(value)),
        _ => {}
    }
}

/// How many values there are in `tree`, itself included.
fn count(tree: &Value) -> usize {
    1 + match tree {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

/// Changes the value that is `target` values further on.
fn change(tree: &mut Value, target: &mut usize, random: &mut Random) {
    if *target == 0 {
        *target = usize::MAX;
        return change_here(tree, random);
    }
    *target -= 1;
    let inner: Vec<&mut Value> = match tree {
        Value::Array(items) => items.iter_mut().collect(),
        Value::Object(members) => members.values_mut().collect(),
        _ => return,
    };
    for value in inner {
        if *target == usize::MAX {
            return;
        }
        change(value, target, random);
    }
}

fn change_here(tree: &mut Value, random: &mut Random) {
    match tree {
        Value::Array(items) if random.below(4) > 0 => match (random.below(3), items.len()) {
            (0, 1..) => drop(items.remove(random.below(items.len()))),
            (1, 1..) => items.push(items[random.below(items.len())].clone()),
            _ => items.push(any_value(random)),
        },
        Value::Object(members) if random.below(4) > 0 => {
            let names: Vec<String> = members.keys().cloned().collect();
            let name = |random: &mut Random| NAMES[random.below(NAMES.len())].to_owned();
            match (random.below(3), names.len()) {
                (0, 1..) => drop(members.shift_remove(&names[random.below(names.len())])),
                (1, 1..) => {
                    let old = members.shift_remove(&names[random.below(names.len())]);
                    members.insert(name(random), old.unwrap_or_default());
                }
                _ => drop(members.insert(name(random), any_value(random))),
            }
        }
        _ => *tree = any_value(random),
    }
}

fn any_value(random: &mut Random) -> Value {
    serde_json::from_str(VALUES[random.below(VALUES.len())]).unwrap_or_default()
}

/// Marsaglia's xorshift64.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit
    }
}
