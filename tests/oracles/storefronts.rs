//! Several storefronts in the real engine: what the server says to each shopper, on guarded and on kept pages.

use libtest_mimic::{Failed, Trial};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;

use crate::engine::{self, ENGINES, trial};
use crate::node;

/// A link of each kind of place, on a page that is kept.
const CHECKOUT: &str = "<a class=\"logo\" href=\"{{urls.home}}\">plain</a>\
    {{#partial \"page\"}}<a href=\"{{urls.home}}\">in a part</a>{{#each items}}<a href=\"/brands/\">in a list</a>{{/each}}{{/partial}}\
    {{> layout/base}}";

const LAYOUT: &str = "<!doctype html><html><head>{{{head.scripts}}}</head><body>{{#block \"page\"}}{{/block}}{{{footer.scripts}}}</body></html>";

const SETTINGS: &str = "storefront = \"https://www.example.com\"
back-links = \"storefront\"
search-engines = \"canonical\"

[[storefronts]]
host = \"store.example.ca\"
url = \"https://www.example.ca\"

[[storefronts]]
host = \"store.example.ca\"
locale = \"pt-BR\"
url = \"https://www.example.ca/br\"

[[storefronts]]
locale = \"pt-BR\"
url = \"https://www.example.com.br\"
";

/// The host that the platform says, the name of the language, and the storefront.
const ROWS: &[(Option<&str>, &str, &str)] = &[
    (Some("store.example.com"), "en", "https://www.example.com"),
    (None, "en", "https://www.example.com"),
    (Some("store.example.ca"), "en", "https://www.example.ca"),
    (Some("store.example.ca"), "", "https://www.example.ca"),
    (Some("store.example.ca"), "pt-br", "https://www.example.ca/br"),
    (Some("store.example.ca"), "pt-BR", "https://www.example.ca/br"),
    (Some("store.example.org"), "pt-br", "https://www.example.com.br"),
    (None, "pt-br", "https://www.example.com.br"),
];

pub(crate) fn trials() -> Vec<Trial> {
    let test = |mode: &'static str| {
        trial(&format!("storefronts::{mode}"), node::missing(), move || in_mode(mode))
    };
    vec![test("redirect"), test("replace")]
}

fn in_mode(mode: &str) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let theme = folder.path().join("theme");
    write(&theme)?;
    let out = folder.path().join("out");
    let settings = folder.path().join("settings.toml");
    std::fs::write(&settings, SETTINGS)?;
    let settings = settings.to_string_lossy().into_owned();
    let flags = ["--mode", mode, "--config", &settings];
    engine::build(&theme, "https://www.example.com", &out, &flags)?;
    let templates = engine::templates(&out)?;
    for (host, locale, base) in ROWS {
        for engine in ENGINES {
            let page = |page: &str| render(&templates, page, *host, locale, engine);
            let (cart, checkout) = (page("pages/cart")?, page("pages/checkout")?);
            for (html, part) in [
                (&cart, format!("content=\"0;url={base}/\">")),
                (&cart, format!("<link rel=\"canonical\" href=\"{base}/cart.php\">")),
                (&checkout, format!("href=\"{base}/\" data-guard-href=\"/\">plain")),
                (&checkout, format!("href=\"{base}/\" data-guard-href=\"/\">in a part")),
                (&checkout, "href=\"https://www.example.com/brands/\"".to_owned()),
            ] {
                if !html.contains(&part) {
                    return Err(format!("{engine} {host:?} {locale}: no {part} in {html}").into());
                }
            }
        }
    }
    Ok(())
}

fn write(theme: &Path) -> Result<(), Failed> {
    let page = "{{#partial \"page\"}}x{{/partial}}{{> layout/base}}";
    for (path, text) in [
        ("templates/layout/base.html", LAYOUT),
        ("templates/pages/home.html", page),
        ("templates/pages/cart.html", page),
        ("templates/pages/checkout.html", CHECKOUT),
        ("lang/en.json", "{}"),
        ("lang/pt-BR.json", "{}"),
        ("config.json", include_str!("../themes/shop/config.json")),
    ] {
        let path = theme.join(path);
        std::fs::create_dir_all(path.parent().ok_or("no folder")?)?;
        std::fs::write(path, text)?;
    }
    Ok(())
}

fn render(
    templates: &BTreeMap<String, String>,
    page: &str,
    host: Option<&str>,
    locale: &str,
    engine: &str,
) -> Result<String, Failed> {
    let context = json!({
        "settings": { "store_name": "A shop", "request": { "host": host, "absolute_path": "/x/" } },
        "urls": { "home": "/" },
        "items": [1],
    });
    let answer = node::ask(json!({
        "templates": templates, "page": page, "engine": engine, "context": context, "locale": locale,
    }))?;
    Ok(answer["html"].as_str().ok_or_else(|| answer.to_string())?.to_owned())
}
