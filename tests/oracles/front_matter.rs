//! Front matter made up at random: what the official reader refuses, our check tells, and nothing
//! else.
//!
//! Lists as keys, `<<`, and items further left than an empty one before them are not made up: there two
//! readers differ, which is why such findings are warnings.

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};
use stencil_guard::text::Code;
use stencil_guard::theme::Theme;

use crate::bundler;
use crate::node;
use crate::refusals::{Random, ask};

/// How many blocks are judged.
const CASES: usize = 500;
const SETTINGS: &str = r##"{"count": 12, "name": "A b", "off": false, "comma": "a,", "list": [1, [2]], "none": null, "map": {}, "color": "#fff", "empty": "", "quote": "it's"}"##;

/// Values, most of them as themes have them.
const VALUES: &[&str] = &[
    "true",
    "12",
    "a",
    "a b",
    "\"a: b\"",
    "'it''s'",
    "{{theme_settings.count}}",
    "{{ theme_settings.name }}",
    "{{theme_settings.unknown}}",
    "{{theme_settings.comma}}",
    "{{theme_settings.list}}",
    "{{theme_settings.map}}",
    "{{theme_settings.color}}",
    "{{theme_settings.quote}}",
    "\"{{theme_settings.unknown}}\"",
    "[1, 2]",
    "[a, [b]]",
    "{ a: 1, b: 2 }",
    "a, b",
    "a; b",
    "~",
    "",
    "a # c",
    "http://a.example/b",
    "1.5",
    "-1",
    "\"\\u00e9\"",
    "&x a",
    "!!str 1",
    ">\n      folded\n      text",
    "|\n      kept",
    "2020-01-01",
    "\"\"",
    "é",
    "a - b",
    "a-b",
];
/// Values that somebody may write by mistake.
const ODD: &[&str] = &[
    "a,",
    "12;",
    "'a,'",
    "a: b",
    "[1, 2",
    "{ a: 1",
    "\"a",
    "'a",
    "*none",
    "%a",
    "@a",
    "`a`",
    "!a b",
    "- a",
    "a:",
    "[a: 1, b]",
    "{{#if a}}b{{/if}}",
    "\ta",
    "a\tb",
    "a #",
    "?",
    "- ",
    "\"\\x\"",
    ", a",
    "]",
    "a\n  b",
    "\"a\nb\"",
    "|\na",
    "a ,  ",
    "\"a\" b",
    "{a, b}",
    "{{a}} b",
    "{{a}}: b",
    "<p class=\"a\">b</p>",
];
/// What is put in by mistake.
const PIECES: &[&str] = &[
    "\t", " ", "  ", ",", ";", ":", ": ", "\n", "-", "- ", "\"", "'", "[", "]", "{", "}", "#",
    " #", "!x ", "&a ", "*a", "|", ">", "%", "@", "`", "?", "\r", "\r\n", "é", "\u{2028}", "\u{1}",
    "null", "~", "1", "0x1", "true", "---", "...", "\u{feff}", "\u{85}", "\u{a0}", ">-\n",
    "!!str ", "!!int ",
];
const KEYS: &[&str] = &["a", "b", "c", "limit", "\"a\"", "'b c'", "1", "d e", "~", "null", "é"];
const ODD_KEYS: &[&str] = &["{{a}}", "a ", "? a", "- a", "a,", "1.0", "true", "#a", "a#"];

pub(crate) fn trials() -> Vec<Trial> {
    let trial = |name: &str, make: fn(&mut Random) -> String| {
        node::trial(bundler::KIND, name, bundler::missing(), move || front_matter(make))
    };
    vec![trial("bundler::front_matter", template), trial("bundler::mutated_front_matter", mutated)]
}

fn front_matter(make: fn(&mut Random) -> String) -> Result<(), Failed> {
    let mut random = Random(0x5eed);
    let texts: Vec<String> = (0..CASES).map(|_| make(&mut random)).collect();
    let settings: Value = serde_json::from_str(SETTINGS)?;
    let question = |text: &String| json!({"template": text, "settings": settings});
    let answers = ask(texts.iter().map(question).collect())?;
    let refused = answers.iter().filter(|answer| !answer.is_null()).count();
    if answers.len() != CASES || !(CASES / 5..CASES * 4 / 5).contains(&refused) {
        return Err(format!("{refused} of {} answers are refusals", answers.len()).into());
    }
    let mut wrong = Vec::new();
    for (text, theirs) in texts.iter().zip(&answers) {
        let ours = our_own(text);
        if ours.is_empty() != theirs.is_null() {
            wrong.push(format!("theirs: {theirs}\nours: {ours:?}\n{text}"));
        }
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(format!("{} of {CASES} differ:\n{}", wrong.len(), wrong.join("\n=====\n")).into())
}

fn our_own(text: &str) -> Vec<String> {
    let config = format!("{{\"settings\": {SETTINGS}}}");
    let files = [("config.json", config.as_str()), ("templates/pages/a.html", text)];
    let files = files.map(|(name, text)| (name.to_owned(), Some(text.into())));
    let mut findings = stencil_guard::bundle::check(&Theme::default().with(files), false);
    findings.retain(|finding| finding.code == Code::FrontMatter);
    findings.into_iter().map(|finding| finding.message).collect()
}

fn template(random: &mut Random) -> String {
    let mut text = String::from(match random.below(12) {
        0 => "<p>\n---",
        1 => "--- ",
        2 => "----",
        _ => "---\n",
    });
    members(random, 0, &mut text);
    if random.below(40) == 0 {
        text = text.replacen("  ", "\t", 1);
    }
    if random.below(8) == 0 {
        text = text.replace('\n', "\r\n");
    }
    text.push_str(match random.below(12) {
        0 => "--- <p>",
        1 => "  ---",
        2 => "----\n",
        _ => "---\n<p>{{a}}</p>\n",
    });
    text
}

/// A template with one to three changes, by characters that mean something to YAML.
fn mutated(random: &mut Random) -> String {
    let mut text: Vec<char> = template(random).chars().collect();
    for _ in 0..=random.below(3) {
        let at = random.below(text.len());
        let piece = PIECES[random.below(PIECES.len())].chars();
        match random.below(4) {
            0 => drop(text.drain(at..(at + 1 + random.below(4)).min(text.len()))),
            1 => drop(text.splice(at..at + 1, piece)),
            2 => drop(text.splice(at..at, piece)),
            _ => {
                let from = random.below(text.len());
                let to = (from + 1 + random.below(15)).min(text.len());
                let copied: Vec<char> = text[from..to].to_vec();
                drop(text.splice(at..at, copied));
            }
        }
    }
    text.into_iter().collect()
}

/// The members of an object, or the items of a list, on lines of their own.
fn members(random: &mut Random, depth: usize, text: &mut String) {
    let is_list = depth > 0 && random.below(4) == 0;
    for _ in 0..=random.below(3) {
        let stray = if random.below(40) == 0 { 1 } else { 0 };
        text.push_str(&"    ".repeat(depth));
        text.push_str(&" ".repeat(stray));
        if is_list {
            text.push_str("- ");
        } else {
            text.push_str(pick(random, KEYS, ODD_KEYS));
            text.push_str(if random.below(30) == 0 { " :" } else { ":" });
            text.push_str(if random.below(30) == 0 { "" } else { " " });
        }
        if !is_list && depth < 2 && random.below(4) == 0 {
            text.push('\n');
            members(random, depth + 1, text);
            continue;
        }
        let value = pick(random, VALUES, ODD);
        // The setting becomes a comment.
        let is_nothing = value.trim().is_empty() || value.contains("theme_settings.color");
        text.push_str(if is_list && is_nothing { "~" } else { value });
        text.push_str(if random.below(20) == 0 { " # comment\n" } else { "\n" });
        if random.below(25) == 0 {
            text.push_str("\n# line, of comment;\n");
        }
    }
}

fn pick<'a>(random: &mut Random, usual: &[&'a str], odd: &[&'a str]) -> &'a str {
    let list = if random.below(12) == 0 { odd } else { usual };
    list[random.below(list.len())]
}
