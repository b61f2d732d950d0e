//! A guard survives every reader of front matter that the platform's tools have: the development server, the
//! platform, and one that has no idea of it; and values that were read are read as before.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};
use stencil_guard::theme::Theme;
use stencil_guard::theme::pages::text_starts;
use stencil_guard::verify::{Customer, Visitor};

use crate::engine::{self, ENGINES};
use crate::rendered::leaves;
use crate::{bundler, node};

const STOREFRONT: &str = "https://shop.example.com";
const PAGE: &str = "pages/blog";
const TEXT: &str = "{{#partial \"page\"}}<p>{{blog.name}}</p>{{/partial}}\n{{> layout/base}}\n";
const BLOCK: &str = "---\nblog:\n    posts:\n        limit: 5\n---\n";

/// What stands before front matter in a theme of somebody.
const BEFORE: &[&str] = &[
    "",
    "\u{feff}",
    "\n",
    "\r\n\r\n",
    " \t\n",
    "\u{feff}\n",
    "{{!-- c --}}\n",
    "{{! c }}\n\n",
    "{{!-- a\n--- b\n--}}\n",
    "<!-- c -->\n",
    "<!-- c\n-->\n{{!-- d --}}\n",
    "\n{{!-- c --}}\n\n",
];

/// Texts after front matter, most of which the development server begins elsewhere.
const TEXTS: &[&str] = &[
    TEXT,
    "{{> layout/base}}\n<!--\n---\n-->\n<p>rest of the shop</p>\n",
    "{{> layout/base}}\n<p>a</p>\n---\n<p>rest of the shop</p>\n",
    "{{!--\n---\n--}}\n{{#partial \"page\"}}x{{/partial}}{{> layout/base}}\n",
    "{{#if blog}}\n---\n{{/if}}\n{{> layout/base}}\n",
    "<p>a page of its own</p>\n---\n<p>rest</p>\n",
    "<p>a page of its own</p>\n",
    "<!doctype html>\n<html lang=\"{{lang}}\">\n<head><title>x</title></head>\n<body>x</body></html>\n",
    "<!doctype html><html><head></head><body>\n---\n<p>rest</p></body></html>\n",
    "{{> layout/base}}\n---\n{{> layout/base}}\n---\n<p>rest</p>\n",
    "{{#if blog}}{{> layout/base}}{{else}}<p>x</p>{{/if}}\n---\nrest\n",
    "",
];

/// Front matter that no guard can stand before or behind for all of them.
const REFUSED: &[&str] = &[
    "\u{feff}---\na: <b>\n---\n<p>x</p>\n",
    "<p>---</p>\n---\na: 1\n---\n<p>x</p>\n",
    "---\na: 1\n---\n<p>{{b\n---\n}}</p>\n{{> layout/base}}\n",
    "---\na: 1\n---\n{{! b\n---\n}}<p>x</p>\n",
    "---\na: 1\n---\n{{#if (concat a\n---\n)}}{{/if}}<p>x</p>\n",
];

pub(crate) fn trials() -> Vec<Trial> {
    let missing = bundler::missing().or_else(node::missing);
    let trial = |name: &'static str, more: &'static [&'static str]| {
        let test = move || survives(name, more);
        node::trial(bundler::KIND, &format!("readers::{name}"), missing, test)
    };
    vec![
        trial("redirect", &[]),
        trial("conditional", &["--mode", "conditional", "--allow-group", "7"]),
        trial("replace", &["--mode", "replace"]),
        node::trial(bundler::KIND, "readers::refused", missing, refused),
    ]
}

fn shapes() -> Vec<String> {
    let before = BEFORE.iter().map(|before| format!("{before}{BLOCK}{TEXT}"));
    let later = TEXTS.iter().map(|text| format!("{BLOCK}{text}"));
    let both = BEFORE.iter().zip(TEXTS).map(|(before, text)| format!("{before}{BLOCK}{text}"));
    let windows = TEXTS.iter().map(|text| format!("\u{feff}{BLOCK}{text}").replace('\n', "\r\n"));
    // What a setting of the theme says is printed where the platform reads no front matter.
    let settings = BEFORE.iter().map(|before| {
        format!("{before}{}{TEXT}", BLOCK.replace('5', "{{theme_settings.homepage_posts}}"))
    });
    let others = ["---\na: 1\n---", "---\na: 1\n...\n<p>x</p>\n", "= yaml =\na: 1\n= yaml =\nx\n"];
    before
        .chain(settings)
        .chain(later)
        .chain(both)
        .chain(windows)
        .chain(others.map(str::to_owned))
        .collect()
}

fn theme(place: &Path, text: &str) -> Result<(), Failed> {
    let base = "<!doctype html>\n<html>\n<head>\n<title>x</title>{{{head.scripts}}}\n</head>\n<body>{{#block \"page\"}}{{/block}}{{{footer.scripts}}}</body>\n</html>\n";
    let config = json!({ "name": "T", "version": "1", "settings": {}, "variations": [] });
    for (name, text) in [
        ("config.json", config.to_string().as_str()),
        ("lang/en.json", "{}"),
        ("templates/layout/base.html", base),
        ("templates/pages/home.html", "{{> layout/base}}"),
        ("templates/pages/checkout.html", "{{> layout/base}}"),
        ("templates/pages/order-confirmation.html", "{{> layout/base}}"),
        ("templates/pages/blog.html", text),
    ] {
        let path = place.join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(place))?;
        std::fs::write(path, text)?;
    }
    Ok(())
}

fn survives(name: &str, more: &[&str]) -> Result<(), Failed> {
    let shapes = shapes();
    let mut guarded = Vec::new();
    for text in &shapes {
        let place = tempfile::tempdir()?;
        let (source, out) = (place.path().join("theme"), place.path().join("out"));
        theme(&source, text)?;
        engine::build(&source, STOREFRONT, &out, &[more, &["--guard-development"]].concat())
            .map_err(|error| format!("{text:?}: {}", error.message().unwrap_or_default()))?;
        let templates = engine::templates(&out)?;
        let undone = stencil_guard::guard::undo::undo(&read(&out)?);
        let undone = undone.ok_or("nothing to undo")?;
        if undone.bytes("templates/pages/blog.html") != Some(text.as_bytes()) {
            return Err(format!("{text:?} is not given back by undo").into());
        }
        guarded.push(templates);
    }
    let answers = ask(&shapes, &guarded)?;
    let mut wrong = Vec::new();
    for ((text, templates), answer) in shapes.iter().zip(&guarded).zip(answers) {
        if answer["values"][0] != answer["values"][1] {
            wrong.push(format!("{text:?}: the values were {}", answer["values"]));
        }
        wrong.extend(shown(&format!("readers-{name}"), text, templates, &answer)?);
    }
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(wrong.join("\n").into()),
    }
}

fn read(folder: &Path) -> Result<Theme, Failed> {
    Ok(stencil_guard::theme::load(folder)?)
}

fn ask(shapes: &[String], guarded: &[BTreeMap<String, String>]) -> Result<Vec<Value>, Failed> {
    let pairs = shapes.iter().zip(guarded);
    let pairs = pairs.map(|(text, after)| json!({ "before": text, "after": after[PAGE] }));
    let mut child = Command::new("node")
        .arg(bundler::folder().join("readers.mjs"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let input = child.stdin.take().ok_or("node has no standard input")?;
    serde_json::to_writer(input, &pairs.collect::<Vec<Value>>())?;
    Ok(serde_json::from_slice(&child.wait_with_output()?.stdout)?)
}

/// Where the page is shown to a guest, by who reads it.
fn shown(
    set: &str,
    shape: &str,
    templates: &BTreeMap<String, String>,
    answer: &Value,
) -> Result<Vec<String>, Failed> {
    let text = &templates[PAGE];
    let development = answer["development"].as_str().unwrap_or_default();
    let readers = [
        ("development", development),
        ("platform", &text[text_starts(text.as_bytes()).platform..]),
        ("none", text),
    ];
    let mut wrong = Vec::new();
    for (reader, text) in readers {
        let mut templates = templates.clone();
        templates.insert(PAGE.to_owned(), text.to_owned());
        let load = json!({
            "op": "load", "set": set, "templates": templates, "whole": true,
        });
        node::ask(load)?;
        for engine in ENGINES {
            let context = json!({
                "in_development": reader == "development", "blog": { "name": "B" }, "page_type": "blog",
                "customer": null, "head": {}, "settings": {}, "urls": { "home": "/" },
            });
            match engine::render(set, PAGE, engine, &context)? {
                Ok(html) if leaves(marked_up(&html), &Visitor::new(Customer::Guest))? => {}
                Ok(html) => {
                    wrong.push(format!("{shape:?} is shown ({reader}, {engine}): {html:.300}"))
                }
                // It begins in a block, which the engine refuses with and without a guard.
                Err(_) if reader == "development" && shape.contains("---\r\n{{/if}}") => {}
                Err(_) if reader == "development" && shape.contains("---\n{{/if}}") => {}
                Err(error) => wrong.push(format!("{shape:?} ({reader}, {engine}): {error}")),
            }
        }
    }
    Ok(wrong)
}

/// A rendered page from its first tag on: values that somebody prints are words that nobody misses.
fn marked_up(html: &str) -> &str {
    let html = &html[html.find('<').unwrap_or_default()..];
    match html.strip_prefix("<!--").and_then(|comment| comment.split_once("-->")) {
        Some((_, rest)) => marked_up(rest),
        None => html,
    }
}

fn refused() -> Result<(), Failed> {
    for text in REFUSED {
        let place = tempfile::tempdir()?;
        let (source, out) = (place.path().join("theme"), place.path().join("out"));
        theme(&source, text)?;
        let built = engine::build(&source, STOREFRONT, &out, &[]);
        let said = built.err().and_then(|error| error.message().map(str::to_owned));
        match said {
            Some(said) if said.contains("error[front-matter]") => {}
            said => return Err(format!("{text:?} is not refused: {said:?}").into()),
        }
        if out.exists() {
            return Err(format!("{text:?} is refused, and written").into());
        }
    }
    Ok(())
}
