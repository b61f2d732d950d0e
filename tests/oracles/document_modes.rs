//! In a real browser: a page that has its own document, without a layout, is shown by the rules that it was shown
//! by before, standard or quirky, to everybody who goes on seeing it.

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};
use std::path::Path;

use crate::browser::{self, same, serve_pages, sites, unchanged};
use crate::engine;

/// Paths, pages, what they are, and the rules by which browsers show them.
const PAGES: &[(&str, &str, &str, &str)] = &[
    ("/plain", "pages/home", "<!doctype html><html><head></head><body>A</body></html>", STANDARD),
    ("/spaced", "pages/cart", "\n\n  <!DOCTYPE html>\n<html><body>B</body></html>", STANDARD),
    (
        "/commented",
        "pages/product",
        "<!-- x --><!doctype html><html><body>C</body></html>",
        STANDARD,
    ),
    ("/included", "pages/brand", "{{> components/doctype}}<html><body>D</body></html>", STANDARD),
    (
        "/front-matter",
        "pages/category",
        "---\nproducts:\n  limit: 1\n---\n<!doctype html><html><body>E</body></html>",
        STANDARD,
    ),
    ("/layout", "pages/blog", "{{> layout/base}}", STANDARD),
    ("/headless", "pages/search", "<!doctype html><p>G</p>", STANDARD),
    ("/quirky", "pages/brands", "<html><head></head><body>H</body></html>", QUIRKY),
    ("/late", "pages/compare", "<p>I</p><!doctype html><html><body>I</body></html>", QUIRKY),
    ("/checkout", "pages/checkout", "<!doctype html><html><body>PAY</body></html>", STANDARD),
];
const STANDARD: &str = "CSS1Compat";
const QUIRKY: &str = "BackCompat";

const LAYOUT: &str = "<!doctype html><html><head></head><body>F</body></html>";

/// Ways to guard a theme, and for whom all of its pages are.
const GUARDS: &[(&str, &[&str])] = &[
    ("modes-kept", &["--keep", "*"]),
    ("modes-member", &["--mode", "conditional", "--allow-group", "7"]),
    ("modes-development", &[]),
];

pub(crate) fn trials() -> Vec<Trial> {
    vec![browser::trial("document_modes::unchanged_where_pages_are_shown", stay)]
}

fn stay() -> Result<(), Failed> {
    let sites = sites()?;
    let folder = tempfile::tempdir()?;
    let theme = folder.path().join("theme");
    write(&theme)?;
    let member = json!({"name": "Ada", "customer_group_id": "7", "customer_group_name": "Staff"});
    let served: Vec<(&str, &str)> = PAGES.iter().map(|&(path, page, ..)| (path, page)).collect();
    let paths: Vec<&str> = served.iter().map(|&(path, _)| path).collect();
    let plain = "modes-plain";
    serve_pages(plain, &theme, &served, &Value::Null, false)?;
    for (path, .., mode) in PAGES {
        let tour = sites.tour(true, &[("open", &sites.at(plain, path)), ("look", "")])?;
        same(path, &tour.seen(1)["mode"], *mode)?;
    }
    for (host, flags) in GUARDS {
        let guarded = folder.path().join(host);
        engine::build(&theme, &sites.at("shop", ""), &guarded, flags)?;
        let who = if host.ends_with("member") { &member } else { &Value::Null };
        serve_pages(host, &guarded, &served, who, host.ends_with("development"))?;
        unchanged(sites, plain, host, &paths)?;
    }
    Ok(())
}

fn write(theme: &Path) -> Result<(), Failed> {
    let pages = PAGES.iter().map(|&(_, page, text, _)| (format!("templates/{page}.html"), text));
    let others = [
        ("templates/layout/base.html", LAYOUT),
        ("templates/components/doctype.html", "<!doctype html>"),
        ("lang/en.json", "{}"),
        ("config.json", include_str!("../themes/shop/config.json")),
    ];
    let others = others.map(|(path, text)| (path.to_owned(), text));
    for (path, text) in pages.chain(others) {
        let path = theme.join(path);
        std::fs::create_dir_all(path.parent().ok_or("no folder")?)?;
        std::fs::write(path, text)?;
    }
    Ok(())
}
