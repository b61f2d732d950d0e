//! A shop that was guarded by `deploy` against the stand-in of a store, as a guest meets it in a real browser: ten
//! pages of what the store shows now, rendered by the real engine.

use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::browser::{self, Sites};
use crate::stand_in::{Channel, HASH, StandIn, TOKEN};

/// Where each page is, what it shows, and where on the storefront a guest arrives; kept pages lead nowhere.
const PAGES: [(&str, &str, Option<&str>); 10] = [
    ("/checkout", "pages/checkout", None),
    ("/checkout/order-confirmation", "pages/order-confirmation", None),
    ("/login.php?action=change_password&c=1&t=2", "pages/auth/new-password", None),
    ("/", "pages/home", Some("/")),
    ("/cart.php", "pages/cart", Some("/cart/")),
    ("/account.php?action=order_status", "pages/account/orders/all", Some("/account/orders/")),
    ("/search.php?search_query=a+b", "pages/search", Some("/search/?term=a%20b")),
    (
        "/some-product/?utm_source=x#reviews",
        "pages/product",
        Some("/some-product/?utm_source=x#reviews"),
    ),
    ("/shop-all/?page=2", "pages/category", Some("/shop-all/?page=2")),
    ("/blog/tag/news", "pages/blog", Some("/blog/?tag=news")),
];

/// Our shop, and those themes that `STENCIL_GUARD_THEMES` names.
pub(crate) fn themes() -> impl Iterator<Item = PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/themes/shop");
    let more = std::env::var_os("STENCIL_GUARD_THEMES").unwrap_or_default();
    let more: Vec<PathBuf> = std::env::split_paths(&more).collect();
    std::iter::once(own).chain(more).filter(|theme| theme.is_dir())
}

pub(crate) fn trials() -> Vec<Trial> {
    let trial = |theme: PathBuf| {
        let name = theme.file_name().unwrap_or_default().to_string_lossy().into_owned();
        browser::trial(&format!("deployed::{name}"), move || guests_arrive(&theme))
    };
    themes().map(trial).collect()
}

/// A store that shows a theme on a hosted channel and a headless one.
pub(crate) fn store(zip: &Path) -> Result<StandIn, Failed> {
    let store = StandIn::new();
    let zip = std::fs::read(zip)?;
    let mut state = store.state();
    let hosted = Channel::new("Main", "bigcommerce", "https://main.example.com", None);
    let checkout = Some("https://checkout.example.com");
    let headless = Channel::new("Catalyst", "catalyst", "https://shop.example.com", checkout);
    state.channels = [(1, hosted), (2, headless)].into();
    state.show(1, &zip, 0);
    state.show(2, &zip, 0);
    drop(state);
    Ok(store)
}

fn guests_arrive(theme: &Path) -> Result<(), Failed> {
    let sites = browser::sites()?;
    let place = tempfile::tempdir()?;
    let zip = place.path().join("before.zip");
    run(Command::new(program()).arg("bundle").arg(theme).arg("--bundle").arg(&zip))?;
    let store = store(&zip)?;
    run(Command::new(program())
        .args(["deploy", "--channel", "2", "--paths", "catalyst", "--keep", "auth/new-password"])
        .args(["--storefront", &sites.at("shop", ""), "--api-host", &store.host()])
        .args(["--yes", "--no-live-check", "--record"])
        .arg(place.path().join("record.json"))
        .env("BIGCOMMERCE_ACCESS_TOKEN", TOKEN)
        .env("BIGCOMMERCE_STORE_HASH", HASH)
        .current_dir(place.path()))?;
    for (channel, host) in [(1, "untouched"), (2, "deployed")] {
        let folder = place.path().join(host);
        let shown = place.path().join("shown.zip");
        std::fs::write(&shown, &store.state().shown(channel).zip)?;
        unpack(&shown, &folder)?;
        let pages = PAGES.map(|(address, page, _)| (path(address), page));
        browser::serve_pages(host, &folder, &pages, &Value::Null, false)?;
    }
    visit(sites, "deployed", true)?;
    // The other channel is as it was.
    visit(sites, "untouched", false)
}

/// Each page of a host does what it should; none leads away unless the host is guarded.
fn visit(sites: &Sites, host: &str, is_guarded: bool) -> Result<(), Failed> {
    for (address, page, target) in PAGES {
        let own = sites.at(host, address);
        let target = target.filter(|_| is_guarded).map(|target| sites.at("shop", target));
        let arrival = match &target {
            Some(target) => ("arrive", target.as_str()),
            None => ("url", ""),
        };
        let steps = [(if target.is_some() { "goto" } else { "open" }, own.as_str()), arrival];
        let tour = sites.tour(true, &steps);
        let tour =
            tour.map_err(|error| format!("{page}: {}", error.message().unwrap_or_default()))?;
        let seen = tour.seen(1).as_str().unwrap_or_default().to_owned();
        if seen != target.unwrap_or(own) {
            return Err(format!("{page} of {host} ends at {seen}").into());
        }
    }
    Ok(())
}

/// The part of an address that the server of the trials goes by.
fn path(address: &'static str) -> &'static str {
    address.split(['?', '#']).next().unwrap_or(address)
}

/// The texts of a theme in a zip, as files.
fn unpack(zip: &Path, folder: &Path) -> Result<(), Failed> {
    let theme = stencil_guard::theme::load(zip).map_err(|error| error.to_string())?;
    let is_text = |path: &&String| {
        path.starts_with("templates/") || path.starts_with("lang/") || *path == "config.json"
    };
    for path in theme.files.keys().filter(is_text) {
        let file = folder.join(path);
        std::fs::create_dir_all(file.parent().unwrap_or(folder))?;
        std::fs::write(file, theme.bytes(path).unwrap_or_default())?;
    }
    Ok(())
}

fn program() -> &'static str {
    env!("CARGO_BIN_EXE_stencil-guard")
}

fn run(command: &mut Command) -> Result<(), Failed> {
    let output = command.output()?;
    match output.status.success() {
        true => Ok(()),
        false => Err(format!("{output:?}").into()),
    }
}
