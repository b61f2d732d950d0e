//! The settings of the theme editor: what the real engine prints by them, where the script goes, and whether the
//! official validators take them.

use std::path::Path;

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};
use stencil_guard::guard::script::{Redirect, script};
use stencil_guard::guard::storefront::Storefront;

use crate::engine::{self, ENGINES, KEPT, trial};
use crate::{bundler, node, refusals};

const BUILT_IN: &str = "https://shop.example.com";
const OTHER: &str = "https://new.example";
const STORE: &str = "https://store.example.net";
const MODES: [&[&str]; 3] =
    [&[], &["--mode", "conditional", "--allow-group", "7"], &["--mode", "replace"]];
const FILES: [&str; 3] = ["config.json", "schema.json", "schemaTranslations.json"];

pub(crate) fn trials() -> Vec<Trial> {
    let missing = node::missing();
    let mut trials = vec![
        trial("theme_settings::switch", missing, switches),
        trial("theme_settings::script", missing, storefronts),
        trial("theme_settings::variations", missing, variations),
    ];
    for theme in engine::themes() {
        let name = theme.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let off = {
            let theme = theme.clone();
            move || switched_off(&theme)
        };
        trials.push(trial(&format!("theme_settings::off::{name}"), missing, off));
        let name = format!("theme_settings::validators::{name}");
        let test = move || validates(&theme);
        trials.push(node::trial(bundler::KIND, &name, bundler::missing(), test));
    }
    trials
}

/// Settings of a store, and what a guarded page then is: the page as without a guard, or a way to a storefront.
fn rows() -> Vec<(Value, Option<&'static str>)> {
    let switch =
        |value: Value| json!({ "stencil_guard_enabled": value, "stencil_guard_storefront": "" });
    let storefront =
        |value: &str| json!({ "stencil_guard_enabled": true, "stencil_guard_storefront": value });
    let slash = "https://new.example/";
    vec![
        (switch(json!(true)), Some(BUILT_IN)),
        (switch(json!(false)), None),
        (json!({}), Some(BUILT_IN)),
        (Value::Null, Some(BUILT_IN)),
        (switch(json!("")), Some(BUILT_IN)),
        (switch(json!("false")), Some(BUILT_IN)),
        (switch(json!(0)), Some(BUILT_IN)),
        (switch(Value::Null), Some(BUILT_IN)),
        (storefront(OTHER), Some(OTHER)),
        (storefront(slash), Some(slash)),
        (storefront("javascript:alert(1)"), Some(BUILT_IN)),
        (storefront("\"><script>"), Some(BUILT_IN)),
        (storefront("http://new.example"), Some(BUILT_IN)),
        (storefront(STORE), Some(BUILT_IN)),
        (storefront("https://store.example.net/"), Some(BUILT_IN)),
        (json!({ "stencil_guard_enabled": false, "stencil_guard_storefront": OTHER }), None),
    ]
}

fn switches() -> Result<(), Failed> {
    let theme = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/themes/shop");
    engine::load("settings-plain", &engine::templates(&theme)?, &theme)?;
    let mut wrong = Vec::new();
    for mode in MODES {
        let folder = tempfile::tempdir()?;
        engine::build(&theme, BUILT_IN, folder.path(), &[mode, &["--theme-settings"]].concat())?;
        engine::load("settings", &engine::templates(folder.path())?, folder.path())?;
        for page in ["pages/home", "pages/account/orders/invoice", "pages/checkout"] {
            for (settings, expected) in rows() {
                for engine in ENGINES {
                    let mut context = engine::context(&theme, page, &Value::Null);
                    context["theme_settings"] = settings.clone();
                    context["settings"]["request"] = json!({ "host": "store.example.net" });
                    let plain = engine::render("settings-plain", page, engine, &context)??;
                    let html = engine::render("settings", page, engine, &context)??;
                    let case = format!("{mode:?}, {page}, {engine}, {settings}");
                    let expected = expected.filter(|_| !KEPT.contains(&page));
                    if let Some(fault) = fault(&html, &plain, page, expected) {
                        wrong.push(format!("{case}: {fault}"));
                    }
                }
            }
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

/// While the switch is off, every guarded page is as it is without a guard, in every mode.
fn switched_off(theme: &Path) -> Result<(), Failed> {
    let [plain, set] = ["off-plain", "off"].map(|name| format!("{}#{name}", theme.display()));
    let original = engine::templates(theme)?;
    engine::load(&plain, &original, theme)?;
    let pages = original.keys().filter(|name| name.starts_with("pages/"));
    let pages: Vec<&String> = pages.filter(|page| !KEPT.contains(&page.as_str())).collect();
    let mut compared = 0;
    for mode in MODES {
        let folder = tempfile::tempdir()?;
        engine::build(theme, BUILT_IN, folder.path(), &[mode, &["--theme-settings"]].concat())?;
        engine::load(&set, &engine::templates(folder.path())?, folder.path())?;
        for page in &pages {
            for engine in ENGINES {
                let mut context = engine::context(theme, page, &Value::Null);
                // Pages that print all settings print those of the guard, too.
                context["theme_settings"]["stencil_guard_enabled"] = false.into();
                let before = engine::render(&plain, page, engine, &context)?;
                let after = engine::render(&set, page, engine, &context)?;
                if before.is_ok() && before != after {
                    return Err(format!("{mode:?}, {page}, {engine}: {after:.900?}").into());
                }
                compared += usize::from(before.is_ok());
            }
        }
    }
    if compared > 0 { Ok(()) } else { Err("nothing was compared".into()) }
}

/// Each variation has the settings of the theme, and what merchants set in one counts there only.
fn variations() -> Result<(), Failed> {
    let theme = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/themes/shop");
    engine::load("variations-plain", &engine::templates(&theme)?, &theme)?;
    for mode in MODES {
        let folder = tempfile::tempdir()?;
        engine::build(&theme, BUILT_IN, folder.path(), &[mode, &["--theme-settings"]].concat())?;
        engine::load("variations", &engine::templates(folder.path())?, folder.path())?;
        let config = std::fs::read_to_string(folder.path().join("config.json"))?;
        let config: Value = serde_json::from_str(&config)?;
        let mut variations = config["variations"].as_array().cloned().unwrap_or_default();
        // The shop has one.
        variations.push(json!({ "settings": { "show_logo_title": true } }));
        for (at, variation) in variations.iter().enumerate() {
            for set in [None, Some(0), Some(1)] {
                let mut settings = config["settings"].clone();
                let own = variation["settings"].as_object().cloned().unwrap_or_default();
                own.into_iter().for_each(|(name, value)| settings[name] = value);
                if set == Some(at) {
                    settings["stencil_guard_enabled"] = false.into();
                }
                let expected = (set != Some(at)).then_some(BUILT_IN);
                for engine in ENGINES {
                    let mut context = engine::context(&theme, "pages/home", &Value::Null);
                    context["theme_settings"] = settings.clone();
                    let plain =
                        engine::render("variations-plain", "pages/home", engine, &context)??;
                    let html = engine::render("variations", "pages/home", engine, &context)??;
                    if let Some(fault) = fault(&html, &plain, "pages/home", expected) {
                        return Err(format!("{mode:?}, {engine}, {at}, {set:?}: {fault}").into());
                    }
                }
            }
        }
    }
    Ok(())
}

/// What is wrong with a page that should lead to a storefront, or be as it is without a guard.
fn fault(html: &str, plain: &str, page: &str, expected: Option<&str>) -> Option<String> {
    let away: Vec<&str> = html.split("content=\"0;url=").skip(1).collect();
    let Some(storefront) = expected else {
        // Links of kept pages are another matter.
        let is_same = html == plain || KEPT.contains(&page) && !html.contains("stencil-guard");
        return (!is_same || !away.is_empty())
            .then(|| format!("not as without a guard: {html:.400}"));
    };
    let root = if storefront.ends_with('/') || storefront == OTHER { "" } else { "/" };
    let (refresh, link) =
        (format!("{storefront}{root}\">"), format!("<a href=\"{storefront}{root}\""));
    let leads =
        away.len() == 1 && away[0].starts_with(&refresh) && html.matches(&link).count() == 1;
    let is_script = html.contains(" data-storefront=\"") && html.contains("location.replace");
    (!leads || !is_script).then(|| format!("does not lead to {storefront}: {html:.400}"))
}

/// Where the script goes for each text, as the tool's own reader of addresses has it.
fn storefronts() -> Result<(), Failed> {
    let long = format!("https://{}.example", "a".repeat(60));
    let texts = [
        "",
        OTHER,
        "https://new.example/",
        "https://New.Example:443/fr//",
        "https://b\u{fc}cher.example",
        "https://new.example/?",
        "https://new.example/#a",
        "https://u@new.example",
        "https://:p@new.example",
        "http://new.example",
        "http://localhost:3000",
        "http://a.localhost",
        "http://127.0.0.9",
        "http://[::1]:1",
        "http://localhost.example",
        "new.example",
        "//new.example",
        "https:new.example",
        "javascript:alert(1)",
        "https://",
        "https://store.example.net",
        "https://store.example.net:443/a",
        "https://new.example/a b",
        "https://new.example/{{x}}\"'<",
        &long,
    ];
    let redirect = Redirect { reads_setting: true, ..Redirect::to(Storefront::parse(BUILT_IN)?) };
    let visit = |text: &&str| json!({ "location": format!("{STORE}/a?b=1#c"), "storefront": text });
    let visits: Vec<Value> = texts.iter().map(visit).collect();
    let answer =
        node::ask(json!({ "op": "scripts", "text": script(&redirect), "visits": visits }))?;
    let answers = answer["visits"].as_array().ok_or_else(|| format!("no answers: {answer}"))?;
    for (text, answer) in texts.iter().zip(answers) {
        let read = Storefront::parse(text).ok();
        let read = read.filter(|it| it.origin() != STORE && text.len() <= 64);
        let base = read.map_or(BUILT_IN.to_owned(), |storefront| storefront.base().to_owned());
        if answer["replaced"] != json!([format!("{base}/a?b=1#c")]) {
            return Err(format!("{text}: {answer}, not {base}").into());
        }
    }
    assert_eq!(texts.len(), answers.len());
    Ok(())
}

/// Whether the official validators take the theme with the settings as they do without, in each of their ways, and
/// whether undoing gives back every byte.
fn validates(theme: &Path) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let out = folder.path().join("out");
    engine::build(theme, BUILT_IN, &out, &["--theme-settings"])?;
    let read = |root: &Path| FILES.map(|name| std::fs::read_to_string(root.join(name)).ok());
    let (before, after) = (read(theme), read(&out));
    let question = |files: &[Option<String>; 3], marketplace: bool| json!({ "config": files[0], "schema": files[1], "translations": files[2], "marketplace": marketplace });
    let ways = [false, true];
    let questions =
        [&before, &after].into_iter().flat_map(|files| ways.map(|way| question(files, way)));
    let answers = refusals::ask(questions.collect())?;
    if answers[0] != Value::Null || answers[..2] != answers[2..] {
        return Err(format!("{answers:?}").into());
    }
    for (name, (before, after)) in FILES.iter().zip(before.iter().zip(&after)) {
        let (Some(before), Some(after)) = (before, after) else { continue };
        let is_on_lines = before.lines().count() > 1 && !before.contains("\"settings\": {}");
        let mut lines = after.lines();
        if is_on_lines && !before.lines().all(|line| lines.any(|other| other == line)) {
            return Err(format!("{name} has other lines than before: {after}").into());
        }
    }
    Ok(())
}
