//! What hiding links of the checkout does to kept pages, in the real engine and in a real browser.

use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};
use stencil_guard::guard::hidden::Hidden;

use crate::browser;
use crate::engine::{self, ENGINES};
use crate::node;
use crate::rendered::NONCE;

const STOREFRONT: &str = "https://shop.example.com";

/// The checkout application's markup, and after the mark that of the page after an order.
const APPLICATION: &str = include_str!("hide.html");
const MARK: &str = "<!-- after an order -->";

const MODES: [&[&str]; 5] = [
    &["--mode", "redirect"],
    &["--mode", "replace"],
    &["--mode", "conditional", "--allow-group", "7"],
    &["--mode", "links"],
    &["--mode", "redirect", "--kept-chrome", "bare"],
];

pub(crate) fn trials() -> Vec<Trial> {
    let of_theme = |theme: PathBuf| {
        let name = theme.file_name().unwrap_or_default().to_string_lossy().into_owned();
        engine::trial(&format!("hide::{name}"), node::missing(), move || one_element(&theme))
    };
    let of_name = |hidden: Hidden| {
        browser::trial(&format!("hide::hides_only_{}", hidden.name()), move || hides(hidden))
    };
    engine::themes().into_iter().map(of_theme).chain(Hidden::all().map(of_name)).collect()
}

/// Pages differ from those of a guard that hides nothing by one style element, and only where it is for.
fn one_element(theme: &Path) -> Result<(), Failed> {
    let original = engine::templates(theme)?;
    let flags: Vec<&str> = Hidden::all().flat_map(|hidden| ["--hide", hidden.name()]).collect();
    let mut wrong = Vec::new();
    for mode in MODES {
        let folder = tempfile::tempdir()?;
        let [plain, hiding] = ["plain", "hiding"].map(|name| folder.path().join(name));
        engine::build(theme, STOREFRONT, &plain, mode)?;
        engine::build(theme, STOREFRONT, &hiding, &[mode, &flags].concat())?;
        let sets = [&plain, &hiding].map(|out| out.display().to_string());
        engine::load(&sets[0], &engine::templates(&plain)?, &plain)?;
        engine::load(&sets[1], &engine::templates(&hiding)?, &hiding)?;
        let says_so = engine::templates(&hiding)?.contains_key("components/stencil-guard/hide");
        for page in original.keys().filter(|name| name.starts_with("pages/")) {
            for engine in ENGINES {
                let mut context = engine::context(theme, page, &Value::Null);
                context["nonce"] = NONCE.into();
                let Ok(before) = engine::render(&sets[0], page, engine, &context)? else {
                    continue;
                };
                let after = engine::render(&sets[1], page, engine, &context)?.unwrap_or_default();
                let element = element(page.trim_start_matches("pages/"));
                let expected = before.len() + element.len();
                let is_hidden = !element.is_empty()
                    && after.len() == expected
                    && after.replacen(&element, "", 1) == before;
                let is_missed = element.is_empty() || !says_so || loses_its_name(theme);
                let is_right = is_hidden || (is_missed && after == before);
                if !is_right {
                    wrong.push(format!("{page} ({engine}, {mode:?}): {after}"));
                }
            }
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

/// In this theme layouts do not learn which page they print, so that there a warning has to do.
fn loses_its_name(theme: &Path) -> bool {
    theme.ends_with("odd-context")
}

/// The style element of a page that hides all that can be hidden there.
fn element(page: &str) -> String {
    let rules: String = Hidden::all()
        .filter(|hidden| hidden.page() == page)
        .map(|hidden| format!("{}{{display:none!important}}", hidden.selector()))
        .collect();
    match rules.is_empty() {
        true => rules,
        false => format!("<style nonce=\"{NONCE}\">{rules}</style>"),
    }
}

/// Under a policy that asks for a nonce, a name hides exactly what it is for; without the nonce, nothing.
fn hides(hidden: Hidden) -> Result<(), Failed> {
    let theme = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/themes/shop");
    let folder = tempfile::tempdir()?;
    let out = folder.path().join("out");
    engine::build(&theme, STOREFRONT, &out, &["--hide", hidden.name()])?;
    let (application, after) = APPLICATION.split_once(MARK).ok_or("the mark is missing")?;
    let (name, markup) = match hidden.page() {
        "checkout" => ("pages/checkout", application),
        _ => ("pages/order-confirmation", after),
    };
    let set = format!("hide-{}", hidden.name());
    browser::load(&set, &out)?;
    let mut context = engine::context(&theme, name, &Value::Null);
    context["nonce"] = NONCE.into();
    context["checkout"]["checkout_content"] = application.into();
    context["checkout"]["order_confirmation_content"] = after.into();
    for (nonce, expected) in [(NONCE, Some(hidden.name())), ("another", None)] {
        let policy = format!("style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'");
        let host = format!("{set}-{nonce}");
        let seen = browser::unseen(&host, &set, name, &context, &policy)?;
        let wanted: Vec<&str> = match expected {
            Some(name) => markup.matches(&format!("data-probe=\"{name}\"")).map(|_| name).collect(),
            None => Vec::new(),
        };
        assert!(expected.is_none() || !wanted.is_empty(), "nothing stands for {}", hidden.name());
        if seen != json!(wanted) {
            return Err(format!("hidden under {policy}: {seen}, not {wanted:?}").into());
        }
    }
    Ok(())
}
