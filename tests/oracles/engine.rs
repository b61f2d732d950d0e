//! What the real engine makes of themes before and after the guard.
//!
//! The guard is judged from outside, by the built program and by rendered text alone.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};

use crate::{links, node};

const KIND: &str = "engine";
/// Pages of our own themes that the engine refuses, on purpose.
const REFUSED: [(&str, &str); 2] = [("odd-broken", "pages/page"), ("odd-broken", "pages/invoice")];
/// Pages of our own themes that print nothing, on purpose.
const EMPTY: [(&str, &str); 1] = [("odd-missing", "pages/empty")];
const STOREFRONT: &str = "https://shop.example.com";
pub(crate) const KEPT: [&str; 3] =
    ["pages/checkout", "pages/order-confirmation", "pages/order-complete"];
pub(crate) const ENGINES: [&str; 2] = ["handlebars-v3", "handlebars-v4"];

/// One trial of each sort for every theme.
pub(crate) fn trials() -> Vec<Trial> {
    let missing = node::missing();
    let themes = themes();
    let mut trials = vec![trial("engine::themes_found", missing, {
        let found = !themes.is_empty();
        move || found.then_some(()).ok_or_else(|| "there is no theme".into())
    })];
    trials.push(trial("engine::edit_sessions_open_no_page", missing, edit_session));
    trials.push(trial("engine::the_server_chooses_the_storefront", missing, server_chooses));
    for theme in themes {
        let name = theme.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let test = move || renders(&theme);
        trials.push(trial(&format!("engine::render::{name}"), missing, test));
    }
    trials
}

pub(crate) fn trial(
    name: &str,
    missing: Option<&'static str>,
    test: impl FnOnce() -> Result<(), Failed> + Send + 'static,
) -> Trial {
    node::trial(KIND, name, missing, test)
}

/// The themes of this repository, and those named by `STENCIL_GUARD_THEMES`.
pub(crate) fn themes() -> Vec<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/themes");
    let mut themes: Vec<PathBuf> = std::fs::read_dir(own)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("templates").is_dir())
        .collect();
    themes.sort();
    if let Some(more) = std::env::var_os("STENCIL_GUARD_THEMES") {
        themes.extend(std::env::split_paths(&more).filter(|path| !path.as_os_str().is_empty()));
    }
    themes
}

/// What was seen of one theme.
#[derive(Default)]
struct Tally {
    kept: usize,
    guarded: usize,
    refused: Vec<String>,
    open: Vec<String>,
    wrong: Vec<String>,
}

fn renders(theme: &Path) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let out = folder.path().join("guarded");
    build(theme, STOREFRONT, &out, &[])?;
    let original = templates(theme)?;
    let guarded = theme.to_string_lossy().into_owned() + "#guarded";
    let plain = theme.to_string_lossy().into_owned();
    load(&plain, &original, theme)?;
    load(&guarded, &templates(&out)?, &out)?;
    let mut tally = Tally::default();
    for page in original.keys().filter(|name| name.starts_with("pages/")) {
        for engine in ENGINES {
            for (visitor, customer) in visitors() {
                let case = format!("{page} ({engine}, {visitor})");
                let context = context(theme, page, &customer);
                let ask = |set: &str| render(set, page, engine, &context);
                let before = ask(&plain)?;
                tally.check_fixture(theme, page, &case, &before);
                compare(&mut tally, &case, page, before, ask(&guarded)?)?;
            }
        }
    }
    tally.verdict(theme)
}

/// Pages of live stores have the number of an edit session, for every shopper; they are guarded all the same.
fn edit_session() -> Result<(), Failed> {
    let theme = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/themes/shop");
    let modes: [&[&str]; 3] =
        [&[], &["--mode", "conditional", "--allow-group", "7"], &["--mode", "replace"]];
    for more in modes {
        let folder = tempfile::tempdir()?;
        build(&theme, STOREFRONT, folder.path(), more)?;
        load("edit-session", &templates(folder.path())?, folder.path())?;
        for engine in ENGINES {
            let mut context = context(&theme, "pages/home", &Value::Null);
            let without = render("edit-session", "pages/home", engine, &context)??;
            context["settings"]["theme_session_id"] = "15fe4b10-7471-0139-3979-2a81c0049363".into();
            let with = render("edit-session", "pages/home", engine, &context)??;
            if with != without || !with.contains("location.replace") {
                return Err(format!("{more:?}, {engine}: {with}").into());
            }
        }
    }
    Ok(())
}

/// Without scripts, each host and language has its storefront, in both documents of ours.
fn server_chooses() -> Result<(), Failed> {
    let theme = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/themes/shop");
    let settings = "[[storefronts]]\nhost = 'ca.example'\nurl = 'https://www.example.ca'\n\
                    [[storefronts]]\nhost = 'ca.example'\nlocale = 'en'\nurl = 'https://www.example.ca/en'\n\
                    [[storefronts]]\nlocale = 'fr'\nurl = 'https://www.example.fr'\n";
    for mode in ["redirect", "replace"] {
        let folder = tempfile::tempdir()?;
        let config = folder.path().join("settings.toml");
        let out = folder.path().join("out");
        std::fs::write(&config, settings)?;
        build(
            &theme,
            STOREFRONT,
            &out,
            &["--mode", mode, "--paths", "catalyst", "--config", &config.to_string_lossy()],
        )?;
        load("storefronts", &templates(&out)?, &out)?;
        for engine in ENGINES {
            for (host, site) in [
                ("us.example", STOREFRONT),
                ("ca.example", "https://www.example.ca/en"),
                ("", STOREFRONT),
            ] {
                let mut context = context(&theme, "pages/cart", &Value::Null);
                if !host.is_empty() {
                    context["settings"]["request"] = json!({ "host": host });
                }
                let html = render("storefronts", "pages/cart", engine, &context)??;
                let refresh = format!("content=\"0;url={site}/cart/\">");
                let link = format!("<a href=\"{site}/cart/\"");
                let counts = [&refresh, &link].map(|text| html.matches(text.as_str()).count());
                let others = html.matches("content=\"0;url=").count();
                if counts != [1, 1] || others != 1 || !html.contains("data-locale=\"en\"") {
                    return Err(format!("{mode}, {engine}, {host}: {html}").into());
                }
            }
        }
    }
    Ok(())
}

/// Runs the built program on a theme.
pub(crate) fn build(
    theme: &Path,
    storefront: &str,
    out: &Path,
    more: &[&str],
) -> Result<(), Failed> {
    let output = Command::new(env!("CARGO_BIN_EXE_stencil-guard"))
        .arg("build")
        .arg(theme)
        .args(["--storefront", storefront, "--no-bundle", "--out"])
        .arg(out)
        .args(more)
        .output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    Err(format!("build ended with {}:\n{said}", output.status).into())
}

fn compare(
    tally: &mut Tally,
    case: &str,
    page: &str,
    before: Result<String, String>,
    after: Result<String, String>,
) -> Result<(), Failed> {
    let before = match before {
        Ok(html) => html,
        Err(message) => {
            tally.refused.push(format!("{case}: {message}"));
            return Ok(());
        }
    };
    let kept = KEPT.contains(&page);
    *(if kept { &mut tally.kept } else { &mut tally.guarded }) += 1;
    match after {
        Err(message) => tally.wrong.push(format!("{case}: refused when guarded: {message}")),
        Ok(after) if kept => {
            if let Err(message) = links::compare(&before, &after, &[])? {
                tally.wrong.push(format!("{case}: a kept page changed: {message}"));
            }
        }
        Ok(after) if page == "pages/cart" => {
            return guarded_cart(tally, case, &before, &after);
        }
        Ok(after) if after == before => tally.open.push(case.to_owned()),
        Ok(after) => {
            // What scripts of kept pages fetch has lost its links wherever it is printed.
            let linked = after.replace("data-guard-", "");
            match insertion(&before, &after).or_else(|| insertion(&before, &linked)) {
                None => tally.wrong.push(format!("{case}: more than one insertion")),
                Some(text) => {
                    if let Err(message) = redirects(text)? {
                        tally.wrong.push(format!("{case}: {message}"));
                    }
                }
            }
        }
    }
    Ok(())
}

/// A guarded cart loses its links, too; the rest of it is as on any guarded page.
fn guarded_cart(tally: &mut Tally, case: &str, before: &str, after: &str) -> Result<(), Failed> {
    let start = after.find("<meta charset=\"utf-8\"><template").unwrap_or(after.len());
    let end = after.find("</noscript>").map_or(after.len(), |at| at + "</noscript>".len());
    let (head, guard, rest) =
        (&after[..start], &after[start..end.max(start)], &after[end.max(start)..]);
    if let Err(message) = redirects(guard)? {
        tally.wrong.push(format!("{case}: {message}"));
    }
    // The layout's own links are not the cart's.
    let message = links::compare(before, &format!("{head}{rest}"), &[])?.err().unwrap_or_default();
    let faults = message.lines().filter(|fault| !fault.ends_with("was left"));
    tally.wrong.extend(faults.map(|fault| format!("{case}: {fault}")));
    Ok(())
}

/// The text whose removal from `after` gives `before`.
fn insertion<'a>(before: &str, after: &'a str) -> Option<&'a str> {
    let length = after.len().checked_sub(before.len())?;
    let prefix =
        before.bytes().zip(after.bytes()).take_while(|(left, right)| left == right).count();
    // The insertion may begin like the text that follows it (`<script`), so several places can do;
    // the one meant is the one that begins with a tag.
    (0..=prefix).rev().find_map(|start| {
        let end = start + length;
        let text = after.get(start..end)?;
        let fits = after.as_bytes()[end..] == before.as_bytes()[start..];
        (fits && text.starts_with('<') && text.ends_with('>')).then_some(text)
    })
}

/// Runs the inserted scripts at a page of the store: they must leave for the storefront, once.
fn redirects(inserted: &str) -> Result<Result<(), String>, Failed> {
    let location = "https://store.example.net/some/page/?x=1#y";
    let request = json!({ "op": "script", "text": scripts(inserted), "location": location });
    let answer = node::ask(request)?;
    if let Some(error) = answer["error"].as_str() {
        return Ok(Err(format!("the inserted script throws: {error}")));
    }
    let expected = json!([format!("{STOREFRONT}/some/page/?x=1#y")]);
    if answer["replaced"] == expected {
        return Ok(Ok(()));
    }
    let replaced = &answer["replaced"];
    Ok(Err(format!("location.replace got {replaced}, not {expected}, from:\n{inserted}")))
}

fn scripts(html: &str) -> String {
    html.split("<script")
        .skip(1)
        .filter_map(|part| Some(part.split_once('>')?.1.split_once("</script")?.0))
        .collect::<Vec<_>>()
        .join("\n;\n")
}

impl Tally {
    /// What breaks in a theme of our own breaks on purpose, or its comparison proves nothing.
    fn check_fixture(
        &mut self,
        theme: &Path,
        page: &str,
        case: &str,
        before: &Result<String, String>,
    ) {
        if !theme.starts_with(env!("CARGO_MANIFEST_DIR")) {
            return;
        }
        let name = theme.file_name().unwrap_or_default().to_string_lossy();
        let listed = |pages: &[(&str, &str)]| pages.contains(&(&*name, page));
        match before {
            Ok(html) if html.trim().is_empty() == listed(&EMPTY) => {}
            Err(_) if listed(&REFUSED) => {}
            other => self.wrong.push(format!("{case}: not as listed: {other:?}")),
        }
    }

    fn verdict(self, theme: &Path) -> Result<(), Failed> {
        writeln!(
            std::io::stderr(),
            "{}: {} kept and {} guarded renders compared, {} refused by the engine already before",
            theme.display(),
            self.kept,
            self.guarded,
            self.refused.len(),
        )?;
        if self.kept == 0 || self.guarded == 0 {
            let refused = self.refused.join("\n");
            return Err(format!("nothing to compare; refused:\n{refused}").into());
        }
        if self.wrong.is_empty() && self.open.is_empty() {
            return Ok(());
        }
        let (wrong, open) = (self.wrong.join("\n"), self.open.join("\n"));
        Err(format!("wrong:\n{wrong}\nopen, nothing was inserted:\n{open}").into())
    }
}

/// The templates of a theme by the names that the engine knows them under.
pub(crate) fn templates(theme: &Path) -> Result<BTreeMap<String, String>, Failed> {
    let root = theme.join("templates");
    let mut templates = BTreeMap::new();
    for entry in walkdir::WalkDir::new(&root) {
        let entry = entry?;
        let path = entry.path().strip_prefix(&root)?.to_string_lossy();
        let path = path.replace('\\', "/");
        if let Some(name) = path.strip_suffix(".html") {
            let text = String::from_utf8_lossy(&std::fs::read(entry.path())?).into_owned();
            templates.insert(name.to_owned(), text);
        }
    }
    Ok(templates)
}

/// What makes `engine.js` keep the templates under a name.
pub(crate) fn load_request(set: &str, templates: &BTreeMap<String, String>, theme: &Path) -> Value {
    let lang = json!({ "en": read_json(&theme.join("lang/en.json")) });
    json!({ "op": "load", "set": set, "templates": templates, "lang": lang })
}

pub(crate) fn load(
    set: &str,
    templates: &BTreeMap<String, String>,
    theme: &Path,
) -> Result<(), Failed> {
    match node::ask(load_request(set, templates, theme))?["error"].as_str() {
        Some(error) => Err(error.into()),
        None => Ok(()),
    }
}

pub(crate) fn render(
    set: &str,
    page: &str,
    engine: &str,
    context: &Value,
) -> Result<Result<String, String>, Failed> {
    rendered(json!({ "set": set, "page": page, "engine": engine, "context": context }))
}

/// Renders a page without telling its templates which page it is.
pub(crate) fn render_untold(
    set: &str,
    page: &str,
    engine: &str,
    context: &Value,
) -> Result<Result<String, String>, Failed> {
    rendered(
        json!({ "set": set, "page": page, "engine": engine, "context": context, "untold": true }),
    )
}

fn rendered(request: Value) -> Result<Result<String, String>, Failed> {
    let answer = node::ask(request)?;
    Ok(match answer["html"].as_str() {
        Some(html) => Ok(html.to_owned()),
        None => Err(answer["error"].to_string()),
    })
}

fn visitors() -> [(&'static str, Value); 2] {
    let customer = json!({
        "id": 12, "name": "Ada Lovelace", "email": "ada@example.com",
        "customer_group_id": 7, "customer_group_name": "Trade",
    });
    [("guest", Value::Null), ("customer", customer)]
}

/// What the platform would hand to a page.
pub(crate) fn context(theme: &Path, page: &str, customer: &Value) -> Value {
    let page_type = match page {
        "pages/checkout" => "checkout",
        "pages/order-confirmation" => "orderconfirmation",
        _ => "default",
    };
    let urls = urls();
    let store = store();
    json!({
        "page_type": page_type,
        "customer": customer,
        "theme_settings": read_json(&theme.join("config.json"))["settings"],
        "settings": { "store_name": "Shop", "secure_base_url": "https://store.example.net" },
        "urls": urls,
        "head": { "title": "Title", "scripts": "", "styles": "", "favicon": "/favicon.ico" },
        "footer": { "scripts": "" },
        "checkout": { "checkout_content": "<div id=\"checkout-app\"></div>", "checkout_head": "" },
        "cart": store["cart"],
        "breadcrumbs": store["links"], "categories": store["links"], "pages": store["links"],
        "social_media": [{ "name": "Social", "url": "https://social.example/store" }],
        "currency_selector": { "enabled": true, "currencies": [{ "name": "Euro", "switch_url": "/?setCurrencyId=2" }] },
        "brand": { "name": "Brand" }, "brands": [{ "name": "One" }], "order": { "id": 12 },
        "in_development": false,
    })
}

/// The store's own addresses, as the platform hands them out.
fn urls() -> Value {
    json!({
        "home": "/", "cart": "/cart.php", "search": "/search.php", "compare": "/compare/",
        "brands": "/brands/", "sitemap": "/sitemap.php", "contact_us_submit": "/pages.php?action=sendContactForm",
        "checkout": {
            "single_address": "/checkout", "multiple_address": "/checkout.php?action=multiple",
        },
        "auth": {
            "login": "/login.php", "logout": "/login.php?action=logout",
            "check_login": "/login.php?action=check_login",
            "create_account": "/login.php?action=create_account",
            "save_new_account": "/login.php?action=save_new_account",
            "forgot_password": "/login.php?action=reset_password",
            "send_password_email": "/login.php?action=send_password_email",
        },
        "account": {
            "index": "/account.php", "details": "/account.php?action=account_details",
            "orders": {
                "all": "/account.php?action=order_status", "completed": "/account.php?action=view_orders",
            },
            "returns": "/account.php?action=view_returns", "inbox": "/account.php?action=inbox",
            "addresses": "/account.php?action=address_book",
            "recent_items": "/account.php?action=recent_items",
            "payment_methods": { "all": "/account.php?action=payment_methods" },
            "wishlists": { "all": "/wishlist.php", "add": "/wishlist.php?action=addwishlist" },
        },
        "gift_certificate": {
            "purchase": "/giftcertificates.php", "balance": "/giftcertificates.php?action=balance",
            "redeem": "/giftcertificates.php?action=redeem",
        },
        "subscribe": { "action": "/subscribe.php" },
    })
}

/// A cart with an article, and links as menus have them.
fn store() -> Value {
    json!({
        "cart": {
            "quantity": 1,
            "items": [{
                "id": "1", "type": "Item", "name": "Cup", "url": "/cup/", "quantity": 1,
                "remove_url": "/cart.php?action=remove&item=1",
                "edit_url": "/giftcertificates.php?action=edit&id=1",
                "can_modify": true, "price": { "formatted": "1" }, "total": { "formatted": "1" },
            }],
        },
        "links": [{ "name": "Cups", "url": "/cups/", "children": [] }],
    })
}

/// `null` when there is no such file or it is not plain JSON.
fn read_json(path: &Path) -> Value {
    std::fs::read(path)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default()
}
