//! What the real engine makes of conditional and replace mode, for every kind of visitor.

use std::path::Path;

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};
use stencil_guard::guard::condition::Condition;
use stencil_guard::guard::group::Group;

use crate::engine::{self, ENGINES, KEPT};
use crate::node;

/// A page of our own that prints nothing but the document that leads away.
const AWAY: &str = "pages/oracle-away";
const CONDITIONAL: &[&str] = &[
    "--mode",
    "conditional",
    "--allow-group",
    "7",
    "--allow-group",
    "name:Staff",
];
const REPLACE: &[&str] = &["--mode", "replace"];

pub(crate) fn trials() -> Vec<Trial> {
    let missing = node::missing();
    let mut trials = vec![engine::trial("dispatch::group_names", missing, group_names)];
    for theme in engine::themes() {
        let name = theme
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let test = move || dispatches(&theme);
        trials.push(engine::trial(&format!("dispatch::{name}"), missing, test));
    }
    trials
}

/// Visitors, and whether the conditional theme is for them.
fn visitors() -> Vec<(&'static str, Value, bool)> {
    let customer = |id: Value, name: &str| json!({"id": 1, "name": "Ada", "customer_group_id": id, "customer_group_name": name});
    vec![
        ("guest", Value::Null, false),
        ("no group", customer(json!(0), ""), false),
        ("group null", customer(Value::Null, ""), false),
        ("empty customer", json!({}), false),
        ("group 8", customer(json!(8), "Trade"), false),
        ("group '8'", customer(json!("8"), "staff"), false),
        ("group 7", customer(json!(7), "Wholesale"), true),
        ("group '7'", customer(json!("7"), ""), true),
        ("Staff", customer(json!(3), "Staff"), true),
    ]
}

fn dispatches(theme: &Path) -> Result<(), Failed> {
    let plain = format!("{}#plain", theme.display());
    let original = engine::templates(theme)?;
    engine::load(&plain, &original, theme)?;
    let mut wrong = Vec::new();
    let mut compared = 0;
    for mode in [CONDITIONAL, REPLACE] {
        let folder = tempfile::tempdir()?;
        let out = folder.path().join("out");
        engine::build(theme, "https://shop.example.com", &out, mode)?;
        let mut guarded = engine::templates(&out)?;
        guarded.insert(
            AWAY.to_owned(),
            "{{> components/stencil-guard/page}}".to_owned(),
        );
        for (name, text) in original
            .iter()
            .filter(|(name, _)| name.starts_with("components/"))
        {
            if guarded.get(name) != Some(text) {
                wrong.push(format!(
                    "{name}: a component changed, which scripts may ask for"
                ));
            }
        }
        let set = format!("{plain}{}", mode[1]);
        engine::load(&set, &guarded, &out)?;
        for page in original.keys().filter(|name| name.starts_with("pages/")) {
            for engine in ENGINES {
                compared += compare(
                    theme,
                    [&plain, &set],
                    page,
                    engine,
                    mode == CONDITIONAL,
                    &mut wrong,
                )?;
            }
        }
    }
    if compared == 0 {
        wrong.push("nothing was compared".to_owned());
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("\n").into())
    }
}

/// Compares one page for all visitors; how many renders were compared.
fn compare(
    theme: &Path,
    [plain, set]: [&str; 2],
    page: &str,
    engine: &str,
    conditional: bool,
    wrong: &mut Vec<String>,
) -> Result<usize, Failed> {
    let mut compared = 0;
    for (visitor, customer, allowed) in visitors() {
        let context = engine::context(theme, page, &customer);
        let ask = |set: &str, page: &str| engine::render(set, page, engine, &context);
        let Ok(before) = ask(plain, page)? else {
            continue;
        };
        compared += 1;
        let after = ask(set, page)?.unwrap_or_else(|message| format!("refused: {message}"));
        let is_shown = KEPT.contains(&page) || (allowed && conditional);
        let away = ask(set, AWAY)?.unwrap_or_default();
        // A page may hold blank lines around what it includes.
        let is_right = match is_shown {
            true => after == before,
            false => !away.is_empty() && after.trim() == away,
        };
        if !is_right {
            let what = if is_shown {
                "changed"
            } else {
                "is not just the way to the storefront"
            };
            wrong.push(format!(
                "{page} ({engine}, {visitor}, conditional: {conditional}) {what}:\n{after:.200}"
            ));
        }
    }
    // A renderer that does not say which page it renders might be rendering the checkout.
    let context = engine::context(theme, page, &Value::Null);
    let untold = |set: &str| engine::render_untold(set, page, engine, &context);
    if let (Ok(before), after) = (untold(plain)?, untold(set)?)
        && after.as_ref() != Ok(&before)
    {
        wrong.push(format!(
            "{page} ({engine}): hidden when the renderer does not name its template"
        ));
    }
    Ok(compared)
}

const NAMES: &[&str] = &[
    "Staff",
    "staff",
    "STAFF",
    " Staff",
    "Staff ",
    "B2B",
    "a b",
    "A-B_c.d",
    "it's",
    "\"quoted\"",
    "a\"b'c",
    "back\\",
    "\\",
    "\\'",
    "a\\\"b",
    "{{",
    "}}",
    "{{a}}",
    "}}}",
    "{{{x}}}",
    "---",
    "a---b",
    "&",
    "&amp;",
    "<b>",
    "a|b",
    "a=b",
    "(x)",
    "[0]",
    "%41",
    "%",
    "constructor",
    "__proto__",
    "true",
    "null",
    "7",
    "0",
    "\u{1f600}",
    "\u{5e9}\u{5dc}\u{5d5}\u{5dd}",
    "\u{e9}",
    "e\u{301}",
    "\u{2028}",
    "a/b",
    "a+b",
    "\u{202e}abc",
];

/// Exactly the members of a group are let in, whatever it is called.
fn group_names() -> Result<(), Failed> {
    let mut templates = std::collections::BTreeMap::new();
    for (number, name) in NAMES.iter().enumerate() {
        let group = Group::parse(&format!("name:{name}"))?;
        let condition = Condition::guarded(&[], true).or_group(&group);
        templates.insert(format!("pages/p{number}"), condition.wrap("in", "out"));
    }
    engine::load("group names", &templates, Path::new(""))?;
    let mut wrong = Vec::new();
    for (number, name) in NAMES.iter().enumerate() {
        for engine in ENGINES {
            let others = (1..=9).map(|step| NAMES[(number + step * 5 + step) % NAMES.len()]);
            for member in others.chain([*name]) {
                let context =
                    json!({"customer": {"customer_group_id": 3, "customer_group_name": member}});
                let page = format!("pages/p{number}");
                let html = engine::render("group names", &page, engine, &context)?;
                let expected = if member == *name { "in" } else { "out" };
                if html.as_deref() != Ok(expected) {
                    wrong.push(format!(
                        "{engine}: a member of {member:?} at {name:?}: {html:?}"
                    ));
                }
            }
            let guest = engine::render(
                "group names",
                &format!("pages/p{number}"),
                engine,
                &json!({}),
            )?;
            if guest.as_deref() != Ok("out") {
                wrong.push(format!("{engine}: a guest at {name:?}: {guest:?}"));
            }
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("\n").into())
    }
}
