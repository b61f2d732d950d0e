//! What the real engine makes of links on kept pages, and of all other pages beside them.

use std::path::Path;

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};

use crate::engine::{self, ENGINES, KEPT};
use crate::node;

const STOREFRONT: &str = "https://shop.example.com";
const CART: &str = "pages/cart";

/// Ways to build, and whether pages that are not kept must be the same for a member of group 7.
const MODES: [(&[&str], bool); 3] = [
    (&["--mode", "links"], true),
    (&["--mode", "conditional", "--allow-group", "7", "--keep", "cart"], true),
    (&["--mode", "redirect", "--keep", "cart"], false),
];

pub(crate) fn trials() -> Vec<Trial> {
    let missing = node::missing();
    let themes = engine::themes().into_iter().filter(|theme| has_cart(theme));
    let trial = |theme: std::path::PathBuf| {
        let name = theme.file_name().unwrap_or_default().to_string_lossy().into_owned();
        engine::trial(&format!("links::{name}"), missing, move || only_links_change(&theme))
    };
    let bare = |theme: std::path::PathBuf| {
        let name = theme.file_name().unwrap_or_default().to_string_lossy().into_owned();
        engine::trial(&format!("bare::{name}"), missing, move || bare_pages_are_whole(&theme))
    };
    themes.clone().map(trial).chain(themes.map(bare)).collect()
}

/// Without what is around them, kept pages hold their own content, and still no link into the shop.
fn bare_pages_are_whole(theme: &Path) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let out = folder.path().join("out");
    engine::build(theme, STOREFRONT, &out, &["--kept-chrome", "bare", "--keep", "cart"])?;
    let (plain, set) = (theme.display().to_string(), format!("{}#bare", theme.display()));
    engine::load(&plain, &engine::templates(theme)?, theme)?;
    engine::load(&set, &engine::templates(&out)?, &out)?;
    let mut wrong = Vec::new();
    for page in ["pages/checkout", "pages/order-confirmation", CART] {
        if !theme.join(format!("templates/{page}.html")).is_file() {
            continue;
        }
        for engine in ENGINES {
            let mut context = engine::context(theme, page, &Value::Null);
            context["footer"]["scripts"] = "<script>footer</script>".into();
            let html = engine::render(&set, page, engine, &context)?.unwrap_or_default();
            if let Err(message) = compare(&html, &html, &["/cart.php"])? {
                wrong.push(format!("{page} ({engine}): {message}"));
            }
            let before = engine::render(&plain, page, engine, &context)?.unwrap_or_default();
            for content in ["checkout-app", "<body", "<script>footer</script>"] {
                if before.contains(content) && !html.contains(content) {
                    wrong.push(format!("{page} ({engine}): {content} is missing"));
                }
            }
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

fn has_cart(theme: &Path) -> bool {
    theme.join("templates/pages/cart.html").is_file()
}

/// Whether two renders of a kept page differ in planned links only, and none is left; paths in `kept`
/// are kept pages.
pub(crate) fn compare(
    before: &str,
    after: &str,
    kept: &[&str],
) -> Result<Result<(), String>, Failed> {
    let answer = compared(before, after, kept)?;
    let faults = answer["faults"].as_array().cloned().unwrap_or_default();
    let faults: Vec<&str> = faults.iter().filter_map(Value::as_str).collect();
    Ok(if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) })
}

fn compared(before: &str, after: &str, kept: &[&str]) -> Result<Value, Failed> {
    let request = json!({
        "op": "links", "before": before, "after": after, "kept": kept, "storefront": STOREFRONT,
    });
    let answer = node::ask(request)?;
    match answer["error"].as_str() {
        Some(error) => Err(error.into()),
        None => Ok(answer),
    }
}

fn only_links_change(theme: &Path) -> Result<(), Failed> {
    let plain = format!("{}#before-links", theme.display());
    let original = engine::templates(theme)?;
    engine::load(&plain, &original, theme)?;
    let member = json!({"id": 1, "name": "Ada", "customer_group_id": 7});
    let mut wrong = Vec::new();
    let mut renamed = 0;
    for (mode, shows_others) in MODES {
        let folder = tempfile::tempdir()?;
        let out = folder.path().join("out");
        engine::build(theme, STOREFRONT, &out, mode)?;
        let set = format!("{plain}{}", mode[1]);
        engine::load(&set, &engine::templates(&out)?, &out)?;
        for page in original.keys().filter(|name| name.starts_with("pages/")) {
            for engine in ENGINES {
                let context = engine::context(theme, page, &member);
                let Ok(before) = engine::render(&plain, page, engine, &context)? else { continue };
                let after = engine::render(&set, page, engine, &context)?.unwrap_or_default();
                let is_kept = KEPT.contains(&page.as_str()) || page == CART;
                if is_kept {
                    let answer = compared(&before, &after, &["/cart.php"])?;
                    renamed += answer["renamed"].as_u64().unwrap_or_default();
                    let faults = answer["faults"].as_array().into_iter().flatten();
                    wrong.extend(
                        faults.map(|fault| format!("{page} ({engine}, {mode:?}): {fault}")),
                    );
                } else if shows_others && after != before {
                    wrong.push(format!("{page} ({engine}, {mode:?}) changed"));
                }
            }
        }
    }
    if renamed == 0 {
        wrong.push("no link was renamed".to_owned());
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}
