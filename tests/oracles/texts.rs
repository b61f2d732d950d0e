//! The link to the storefront speaks the page's language, in the real engine, wherever it stands.

use libtest_mimic::{Failed, Trial};
use serde_json::json;

use crate::engine::{self, ENGINES, trial};
use crate::node;

/// A locale and what the link says there: language, direction, text.
type Row = (&'static str, &'static str, &'static str, &'static str);

/// Without any setting.
const OWN: &[Row] = &[
    ("en", "en", "ltr", "Continue to the store"),
    ("de", "de", "ltr", "Weiter zum Shop"),
    ("de-AT", "de", "ltr", "Weiter zum Shop"),
    ("DE-ch", "de", "ltr", "Weiter zum Shop"),
    ("es-419", "es", "ltr", "Continuar a la tienda"),
    ("fr-CA", "fr", "ltr", "Continuer vers la boutique"),
    ("it", "it", "ltr", "Continua verso il negozio"),
    ("ja", "ja", "ltr", "ストアへ進む"),
    ("nl-BE", "nl", "ltr", "Verder naar de winkel"),
    ("pl", "pl", "ltr", "Przejdź do sklepu"),
    ("pt", "pt", "ltr", "Continuar para a loja"),
    ("pt-BR", "pt", "ltr", "Continuar para a loja"),
    ("sv", "sv", "ltr", "Fortsätt till butiken"),
    // Others, one of which begins with the letters of one that is there.
    ("da", "en", "ltr", "Continue to the store"),
    ("frr", "en", "ltr", "Continue to the store"),
    ("", "en", "ltr", "Continue to the store"),
];

const SETTINGS: &str = r#"
[texts]
pt-BR = "Ir para a loja"
ar = "إلى المتجر"
de = "<b>&\"{{locale_name}}---"
default = "Shop"
"#;

/// With those settings; the direction of `default` is left to the browser.
const GIVEN: &[Row] = &[
    ("pt-BR", "pt-BR", "ltr", "Ir para a loja"),
    ("pt-PT", "pt", "ltr", "Continuar para a loja"),
    ("ar-EG", "ar", "rtl", "إلى المتجر"),
    (
        "de-AT",
        "de",
        "ltr",
        "&lt;b&gt;&amp;&quot;&#123;&#123;locale_name&#125;&#125;&#45;&#45;&#45;",
    ),
    ("en", "en", "ltr", "Continue to the store"),
    ("da", "", "auto", "Shop"),
    ("", "", "auto", "Shop"),
];

const MODES: &[&[&str]] = &[
    &["--mode", "redirect"],
    &["--mode", "conditional", "--allow-group", "7"],
    &["--mode", "replace"],
];

pub(crate) fn trials() -> Vec<Trial> {
    let test = |name: &str, settings: &'static str, rows: &'static [Row]| {
        trial(&format!("texts::{name}"), node::missing(), move || all_modes(settings, rows))
    };
    vec![test("own", "", OWN), test("given", SETTINGS, GIVEN)]
}

fn all_modes(settings: &str, rows: &[Row]) -> Result<(), Failed> {
    let theme = engine::themes().into_iter().find(|path| path.ends_with("tests/themes/shop"));
    let theme = theme.ok_or("there is no theme")?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("settings.toml");
    std::fs::write(&file, settings)?;
    let file = file.to_string_lossy().into_owned();
    for (number, mode) in MODES.iter().enumerate() {
        let out = folder.path().join(number.to_string());
        let more = [*mode, &["--config", &file]].concat();
        engine::build(&theme, "https://shop.example.com", &out, &more)?;
        let templates = engine::templates(&out)?;
        for row in rows {
            for engine in ENGINES {
                judge(&templates, mode[1], engine, *row)
                    .map_err(|error| format!("{mode:?} {engine} {row:?}: {error}"))?;
            }
        }
    }
    Ok(())
}

fn judge(
    templates: &std::collections::BTreeMap<String, String>,
    mode: &str,
    engine: &str,
    (locale, language, direction, text): Row,
) -> Result<(), String> {
    let context = json!({ "settings": { "store_name": "A shop" } });
    let answer = node::ask(json!({
        "templates": templates, "page": "pages/home", "engine": engine, "context": context,
        "locale": locale,
    }))
    .map_err(|error| format!("{error:?}"))?;
    let html = answer["html"].as_str().ok_or_else(|| answer.to_string())?;
    let language = match language {
        "" => String::new(),
        language => format!(" lang=\"{language}\""),
    };
    let link = format!("{language} dir=\"{direction}\">{text}</a>");
    let count = html.matches(&link).count();
    if count != 2 {
        return Err(format!("{count} times {link} in {:.600}", html));
    }
    let direction = if direction == "rtl" { " dir=\"rtl\"" } else { "" };
    let document = format!("<html lang=\"{locale}\"{direction}");
    match mode == "redirect" || html.contains(&document) {
        true => Ok(()),
        false => Err(format!("no {document} in {html:.300}")),
    }
}
