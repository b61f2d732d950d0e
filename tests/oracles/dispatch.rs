//! What the real engine makes of conditional and replace mode, for every kind of visitor.

use std::path::Path;

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};
use stencil_guard::guard::condition::Condition;
use stencil_guard::guard::group::Group;

use crate::engine::{self, ENGINES, KEPT};
use crate::{links, node};

/// A page of our own that prints nothing but the document that leads away.
const AWAY: &str = "pages/oracle-away";

/// What the server writes into the script's tag on the page that is shown where there is none.
const LOST: &str = " data-lost=\"1\"";
const CONDITIONAL: &[&str] =
    &["--mode", "conditional", "--allow-group", "7", "--allow-group", "name:Staff"];
const REPLACE: &[&str] = &["--mode", "replace"];

pub(crate) fn trials() -> Vec<Trial> {
    let missing = node::missing();
    let mut trials = vec![
        engine::trial("dispatch::group_names", missing, group_names),
        engine::trial("dispatch::layout_shapes", missing, layout_shapes),
    ];
    for theme in engine::themes() {
        let name = theme.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let test = move || dispatches(&theme).map(drop);
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

/// Compares all pages of a theme in both modes; how many renders were compared.
fn dispatches(theme: &Path) -> Result<usize, Failed> {
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
        guarded.insert(AWAY.to_owned(), "{{> components/stencil-guard/page}}".to_owned());
        for (name, text) in original.iter().filter(|(name, _)| name.starts_with("components/")) {
            if guarded.get(name) != Some(text) {
                wrong.push(format!("{name}: a component changed, which scripts may ask for"));
            }
        }
        let set = format!("{plain}{}", mode[1]);
        engine::load(&set, &guarded, &out)?;
        for page in original.keys().filter(|name| name.starts_with("pages/")) {
            for engine in ENGINES {
                compared +=
                    compare(theme, [&plain, &set], page, engine, mode == CONDITIONAL, &mut wrong)?;
            }
        }
    }
    if compared == 0 {
        wrong.push("nothing was compared".to_owned());
    }
    if wrong.is_empty() { Ok(compared) } else { Err(wrong.join("\n").into()) }
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
        let is_kept = KEPT.contains(&page);
        let is_right = match is_shown {
            true if is_kept => links::compare(&before, &after, &[])?.is_ok(),
            true => after == before,
            // Of the page that is shown where there is none, the script is told.
            false if page == "pages/errors/404" => {
                after.contains(LOST) && after.replace(LOST, "").trim() == away
            }
            false => !away.is_empty() && after.trim() == away,
        };
        if !is_right {
            let what = if is_shown { "changed" } else { "is not just the way to the storefront" };
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
        && (!KEPT.contains(&page)
            || links::compare(&before, &after.unwrap_or_default(), &[])?.is_err())
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
                    wrong.push(format!("{engine}: a member of {member:?} at {name:?}: {html:?}"));
                }
            }
            let guest =
                engine::render("group names", &format!("pages/p{number}"), engine, &json!({}))?;
            if guest.as_deref() != Ok("out") {
                wrong.push(format!("{engine}: a guest at {name:?}: {guest:?}"));
            }
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

/// Shapes of layouts, each between other text of its own.
const LAYOUTS: &[&str] = &[
    "{{!-- a comment first --}}\n<html><head></head><body>{{> b}}</body></html>\n",
    "{{! short }}<html><head></head>{{> b}}</html>",
    "<!-- <head> --><html><head></head>{{> b}}</html>",
    "<html><head></head>{{> b}}</html>\\",
    "<html><head></head>{{> b}}</html>\\\\",
    "\u{feff}<html><head></head>{{> b}}</html>",
    "<html>\r\n<head>\r\n</head>\r\n{{> b}}\r\n</html>\r\n",
    "<html>\r<head>\r</head>\r{{> b}}\r</html>\r",
    "  \t<html><head></head>{{> b}}</html>  \n\n",
    "\n\n<html><head></head>\n  {{> b}}\n</html>",
    "<html><head></head>{{#if a}}{{> b}}{{else}}\n{{> b}}\n{{/if}}</html>",
    "{{#if a}}<html>{{else}}<html lang=\"en\">{{/if}}<head></head>{{> b}}</html>",
    "{{#unless a}}\n<html><head></head>{{/unless}}{{> b}}\n",
    "<html><head></head>{{#block \"page\"}}default{{/block}}{{> b}}</html>",
    "{{#partial \"own\"}}x{{/partial}}<html><head></head>{{#block \"own\"}}{{/block}}{{> b}}</html>",
    "<html><head></head>{{{{raw}}}} {{x}} {{{{/raw}}}}{{> b}}</html>",
    "<html><head></head>\\{{escaped}} \\\\{{name}} }} {{> b}}</html>",
    "<html><head></head>{{~> b ~}} </html>",
    "<html><head></head> {{~name~}} {{> b}}</html>",
    "<html><head></head>{{#each list}}{{../name}}{{@index}}{{@root.name}}{{/each}}{{> b}}</html>",
    "<html><head></head>{{#with order}}{{id}}{{../name}}{{/with}}{{> b}}</html>",
    "<html><head></head>{{inject 'a' name}}{{> b}}{{jsContext}}</html>",
    "<html><head></head>{{assignVar 'v' 'x'}}{{getVar 'v'}}{{> b}}</html>",
    "<HTML><HEAD></HEAD>{{> b}}</HTML>",
    "<html><head data-a=\"{{name}}\"></head>{{> b}}</html>",
    "<html><head>{{{head.scripts}}}</head>{{{region name=\"r\"}}}{{> b}}</html>",
    "<html><head></head>{{> layout/0}}{{> b}}</html>",
    "<html><head></head>---\na: b\n---\n{{> b}}</html>",
    "---\na: b\n---\n<html><head></head>{{> b}}</html>",
    "<html><head></head>\u{a0}\u{1f600}\u{2028}{{> b}}</html>",
    "<html><head></head><script>var a = {b: {c: 1}};</script>{{> b}}</html>",
    "<html><head></head>{{{{raw}}}}{{{{/raw}}}}{{> b}}</html>",
    "<html><head></head>{{lang 'x'}}{{concat 'a' (concat 'b' name)}}{{> b}}</html>",
    "<html><head></head>{{#or a b}}1{{else if c}}2{{else}}3{{/or}}{{> b}}</html>",
    "<html><head></head>{{^a}}none{{/a}}{{> b}}</html>",
    "<html><head></head>{{'literal'}}{{> b}}</html>",
    "<html><head></head>{{{dynamicComponent 'components/d'}}}{{> b}}</html>",
    "{{> b}}<html><head></head></html>{{> b}}",
    "<html><head></head>{{> @partial-block}}{{> b}}</html>",
    "",
    " \n",
];

/// Ways to call a layout, whose name stands for `NAME`.
const CALLS: &[&str] = &[
    "{{> NAME}}",
    "{{>NAME}}\n",
    "    {{> NAME}}\n",
    "{{#partial \"page\"}}\ncontent\n{{/partial}}\n\n{{> NAME}}\n",
    "---\na: b\n---\n{{> NAME}}",
    "---\r\na: b\r\n---\r\n\r\n{{> NAME }}\r\n",
    "{{!-- note --}}\n{{> NAME a=1}}\n",
    "{{inject 'a' name}}{{~> NAME ~}}\n",
    "{{#if a}}{{> NAME}}{{else}}{{> NAME}}{{/if}}",
    "before {{> NAME}} after",
    "{{> NAME order}}",
    "{{> NAME customer=order}}",
    "{{#with order}}{{> NAME}}{{/with}}",
    "{{#> NAME}}block{{/NAME}}",
    "{{> 'NAME'}}",
];

/// Whatever a layout looks like and however it is called, members get it as it was, and nobody else
/// gets a byte of it.
fn layout_shapes() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let write = |name: String, text: &str| -> Result<(), Failed> {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new("")))?;
        Ok(std::fs::write(path, text)?)
    };
    write("config.json".to_owned(), "{}")?;
    write("templates/b.html".to_owned(), "<body>{{name}}</body>")?;
    write("templates/components/d/one.html".to_owned(), "one")?;
    write("templates/pages/home.html".to_owned(), "{{> layout/0}}")?;
    write("templates/pages/checkout.html".to_owned(), "{{> layout/0}}")?;
    for (number, layout) in LAYOUTS.iter().enumerate() {
        write(format!("templates/layout/{number}.html"), layout)?;
        // Every shape is called in the plain way and in one other.
        for call in [CALLS[0], CALLS[number % CALLS.len()]] {
            let text = call.replace("NAME", &format!("layout/l{number}"));
            let way = if call == CALLS[0] { "plain" } else { "other" };
            write(format!("templates/pages/{way}-{number}.html"), &text)?;
        }
        write(format!("templates/layout/l{number}.html"), layout)?;
    }
    let compared = dispatches(folder.path())?;
    if compared < 2500 {
        return Err(
            format!("only {compared} renders were compared; too many shapes are refused").into()
        );
    }
    Ok(())
}
