//! What guarded pages tell search engines, in the real engine: one thing, and never two canonical links.

use libtest_mimic::{Failed, Trial};
use serde_json::json;
use std::collections::BTreeMap;

use crate::engine::{self, ENGINES, trial};
use crate::node;

const CANONICAL: &str = "<link rel=\"canonical\" href=\"https://shop.example.com";
const NOINDEX: &str = "<meta name=\"robots\" content=\"noindex\">";

const CONDITIONAL: &[&str] = &["--mode", "conditional", "--allow-group", "7"];
const REPLACE: &[&str] = &["--mode", "replace"];
const CATALYST: &[&str] = &["--mode", "replace", "--paths", "catalyst"];

/// A theme, flags, a page, what the platform says its path is, and the address of the canonical link.
type Row =
    (&'static str, &'static [&'static str], &'static str, &'static str, Option<&'static str>);

const ROWS: &[Row] = &[
    // Its head holds a canonical link of the platform's.
    ("shop", &[], "pages/product", "/a/", None),
    ("shop", CONDITIONAL, "pages/product", "/a/?b=1", Some("/a/?b&#x3D;1")),
    ("shop", CONDITIONAL, "pages/product", "https://store.example.net/a/", None),
    ("shop", CONDITIONAL, "pages/product", "", None),
    ("shop", REPLACE, "pages/product", "/\"><script>", Some("/&quot;&gt;&lt;script&gt;")),
    ("shop", REPLACE, "pages/home", "/index.html", Some("/")),
    ("shop", REPLACE, "pages/cart", "/cart.php", Some("/cart.php")),
    ("shop", CATALYST, "pages/cart", "/cart.php", Some("/cart/")),
    ("shop", CATALYST, "pages/product", "/a/", Some("/a/")),
    ("odd-fragment", &[], "pages/home", "/", Some("/")),
];

pub(crate) fn trials() -> Vec<Trial> {
    let name =
        |row: &Row| format!("search_engines::{}{}::{}{}", row.0, row.1.join(""), row.2, row.3);
    let test = |row: &'static Row| trial(&name(row), node::missing(), || judge(row));
    ROWS.iter().map(test).collect()
}

fn judge((theme, flags, page, path, canonical): &Row) -> Result<(), Failed> {
    let theme = engine::themes().into_iter().find(|it| it.ends_with(theme)).ok_or("no theme")?;
    let folder = tempfile::tempdir()?;
    for told in ["canonical", "noindex", "none"] {
        let out = folder.path().join(told);
        let more = [*flags, &["--search-engines", told]].concat();
        engine::build(&theme, "https://shop.example.com", &out, &more)?;
        let templates = engine::templates(&out)?;
        for engine in ENGINES {
            let html = render(&templates, page, path, engine)?;
            let expected = (told == "noindex", canonical.filter(|_| told == "canonical"));
            let link = html.split(CANONICAL).nth(1).and_then(|rest| rest.split("\">").next());
            // One of the engines leaves it.
            let link = link.map(|link| link.replace('=', "&#x3D;"));
            let seen = (html.contains(NOINDEX), link.as_deref());
            if seen != expected || html.matches(CANONICAL).count() > 1 {
                return Err(format!(
                    "{told}, {engine}: {seen:?}, not {expected:?}, in {html:.900}"
                )
                .into());
            }
            let kept = render(&templates, "pages/checkout", path, engine)?;
            if kept.contains(CANONICAL) || kept.contains(NOINDEX) {
                return Err(format!("{told}, {engine}: the checkout tells something").into());
            }
        }
    }
    Ok(())
}

fn render(
    templates: &BTreeMap<String, String>,
    page: &str,
    path: &str,
    engine: &str,
) -> Result<String, Failed> {
    let settings = json!({ "store_name": "A shop", "request": { "absolute_path": path } });
    let answer = node::ask(json!({
        "templates": templates, "page": page, "engine": engine, "context": { "settings": settings },
    }))?;
    Ok(answer["html"].as_str().ok_or_else(|| answer.to_string())?.to_owned())
}
