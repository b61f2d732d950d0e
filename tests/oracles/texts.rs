//! The link to the storefront speaks the page's language, in the real engine, wherever it stands; and the real
//! translator knows no language but those of the theme's files.

use libtest_mimic::{Failed, Trial};
use serde_json::json;
use stencil_guard::theme::Theme;
use stencil_guard::theme::texts;

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

/// The languages of a theme besides those of the test theme.
const LANGUAGES: &[&str] = &["de", "es", "fr", "it", "ja", "nl", "pl", "pt", "sv"];

/// In a theme that has English and French only.
const FEW: &[Row] = &[
    ("en", "en", "ltr", "Continue to the store"),
    ("fr-ca", "fr", "ltr", "Continuer vers la boutique"),
    ("", "en", "ltr", "Continue to the store"),
];

const MODES: &[&[&str]] = &[
    &["--mode", "redirect"],
    &["--mode", "conditional", "--allow-group", "7"],
    &["--mode", "replace"],
];

pub(crate) fn trials() -> Vec<Trial> {
    type Languages = &'static [&'static str];
    let test = |name: &str, settings: &'static str, languages: Languages, rows: &'static [Row]| {
        let test = move || all_modes(settings, languages, rows);
        trial(&format!("texts::{name}"), node::missing(), test)
    };
    vec![
        test("own", "", LANGUAGES, OWN),
        test("given", SETTINGS, LANGUAGES, GIVEN),
        test("of_the_theme", "", &[], FEW),
        trial("texts::languages", node::missing(), languages),
    ]
}

fn all_modes(settings: &str, languages: &[&str], rows: &[Row]) -> Result<(), Failed> {
    let shop = engine::themes().into_iter().find(|path| path.ends_with("tests/themes/shop"));
    let shop = Theme::load(shop.ok_or("there is no theme")?)?;
    let file = |language: &&str| (format!("lang/{language}.json"), Some(b"{}".to_vec()));
    let shop = shop.with(languages.iter().map(file));
    let folder = tempfile::tempdir()?;
    let theme = folder.path().join("theme");
    for (path, file) in &shop.files {
        let path = theme.join(path);
        std::fs::create_dir_all(path.parent().ok_or("no folder")?)?;
        std::fs::write(path, &file.bytes)?;
    }
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

/// What browsers ask for, in small letters, as the platform's own server writes it.
const ASKED: &[&str] = &[
    "",
    "*",
    "en-us,en;q=0.9",
    "de-ch",
    "de-ch,de;q=0.5,fr-ca;q=0.9",
    "fr",
    "pt-br",
    "pt-br,pt;q=0.8",
    "zh-hant-tw",
    "es-419,es;q=0.9",
    "ar",
    "ja,*;q=0.5",
    "xx-yy",
    "x",
    "de_ch",
];

/// The files in `lang/` of some themes.
const FILES: &[&[&str]] = &[
    &["en"],
    &["de"],
    &["en", "fr-CA"],
    &["en", "pt-BR", "de", "zh-TW", "es-419"],
    &["en", "pt", "ar", "xx-YY"],
];

/// The translator says the name of a file, or nothing at all; so no page shows a text in another language.
fn languages() -> Result<(), Failed> {
    let mut named = 0;
    for files in FILES {
        let file = |language: &&str| (format!("lang/{language}.json"), Some(b"{}".to_vec()));
        let known = texts::languages(&Theme::default().with(files.iter().map(file)));
        for asked in ASKED {
            let request = json!({ "op": "locale", "languages": known, "asked": asked });
            let answer = node::ask(request)?;
            match answer["locale"].as_str() {
                Some(locale) if known.contains(locale) => named += 1,
                None if answer["locale"].is_null() && !known.contains("en") => {}
                _ => return Err(format!("{files:?} {asked}: {answer}").into()),
            }
        }
    }
    assert!(named > 60, "{named} have a name");
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
