//! Where shoppers arrive in a real browser: with the number of their cart, in a language that is written from right
//! to left, and from every page of a theme by the maps of platforms, as `paths --try` says.

use std::io::Write;
use std::path::Path;

use libtest_mimic::{Failed, Trial};
use serde_json::{Map, Value, json};
use stencil_guard::guard::paths::{Address, PathTable, hosted_pages, maps};
use stencil_guard::guard::storefront::Storefront;
use stencil_guard::pipeline::KEPT_BY_DEFAULT;
use url::{Position, Url};

use crate::browser::{Sites, ask, same, sites, trial};
use crate::engine;

const CART: &str = "e6b42bb5-72cf-43cb-9bd1-ce3a1a4ac7f2";

pub(crate) fn trials() -> Vec<Trial> {
    let named = |name: &str, test: fn(&Sites) -> Result<(), Failed>| {
        trial(&format!("arrivals::{name}"), move || test(sites()?))
    };
    vec![
        named("carts", carts),
        named("right_to_left", right_to_left),
        named("below_the_checkout", below_the_checkout),
        named("prefetch_and_prerender", prefetch_and_prerender),
        named("every_page", every_page),
    ]
}

fn shop() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/themes/shop")
}

/// Has a host show one page at all its addresses.
fn serve(host: &str, set: &str, page: Value) -> Result<(), Failed> {
    ask(json!({ "op": "serve", "host": host, "set": set, "pages": { "*": page } })).map(|_| ())
}

fn load(set: &str, theme: &Path) -> Result<(), Failed> {
    ask(engine::load_request(set, &engine::templates(theme)?, theme)).map(|_| ())
}

/// The cart ID arrives from the cart alone, and never one that a shopper brings.
fn carts(sites: &Sites) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    for (number, more) in [&[][..], &["--paths", "catalyst"]].into_iter().enumerate() {
        let out = folder.path().join(number.to_string());
        let flags = [&["--cart-param", "cartId"], more].concat();
        engine::build(&shop(), &sites.at("shop", ""), &out, &flags)?;
        load("carts", &out)?;
        let target = if more.is_empty() { "/cart.php" } else { "/cart/" };
        let with = |query: &str| format!("{target}{query}");
        for (page, cart, address, arrives) in [
            ("cart", CART, "/cart.php", with(&format!("?cartId={CART}"))),
            ("cart", CART, "/cart.php?a=b&cartId=1#c", with(&format!("?a=b&cartId={CART}#c"))),
            ("cart", "", "/cart.php?cartId=1", with("")),
            ("cart", "1&a=b", "/cart.php", with("")),
            ("product", CART, "/a?cartId=1&b", "/a?b".to_owned()),
        ] {
            let page = format!("pages/{page}");
            let mut context = engine::context(&out, &page, &Value::Null);
            context["cart_id"] = cart.into();
            serve("carts", "carts", json!({ "page": page, "context": context }))?;
            let (guarded, target) = (sites.at("carts", address), sites.at("shop", &arrives));
            let tour =
                sites.tour(true, &[("goto", &guarded), ("arrive", &target), ("asked", "")])?;
            let asked = arrives.split('#').next().unwrap_or_default();
            same(address, tour.seen(2), json!([asked]))?;
        }
    }
    Ok(())
}

/// Where the server says that there is no page, shoppers are led away, and nowhere else below the checkout.
fn below_the_checkout(sites: &Sites) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let out = folder.path().join("out");
    engine::build(&shop(), &sites.at("shop", ""), &out, &[])?;
    load("below", &out)?;
    let (guarded, target) = (sites.at("below", "/checkout/x?a"), sites.at("shop", "/checkout/x?a"));
    for (page, end) in [("errors/404", ("arrive", &target)), ("errors/generic", ("url", &guarded))]
    {
        let page = format!("pages/{page}");
        let context = engine::context(&out, &page, &Value::Null);
        serve("below", "below", json!({ "page": page, "context": context }))?;
        let (step, address) = end;
        let open = if step == "url" { "open" } else { "goto" };
        let tour = sites.tour(true, &[(open, &guarded), (step, address), ("asked", "")])?;
        same(&page, tour.seen(1), address.as_str())?;
        let asked = if step == "url" { json!([]) } else { json!(["/checkout/x?a"]) };
        same(&page, tour.seen(2), asked)?;
    }
    Ok(())
}

/// A page that a browser fetches or renders before somebody goes there takes nobody anywhere until then, and leads to
/// the exact address afterwards; so it does where the storefront is on the same site, and there lets itself be
/// rendered, too.
fn prefetch_and_prerender(sites: &Sites) -> Result<(), Failed> {
    const PATH: &str = "/shoes/?a=b%20c#d";
    let near = |path: &str| sites.at("shop.same", path);
    let folder = tempfile::tempdir()?;
    let out = folder.path().join("out");
    engine::build(&shop(), &near(""), &out, &[])?;
    load("near", &out)?;
    let context = engine::context(&out, "pages/product", &Value::Null);
    serve("near", "near", json!({ "page": "pages/product", "context": context }))?;
    let opted_in = format!("/opted-in{PATH}");
    let mut cases: Vec<(&str, &str, String)> = ["store", "conditional", "replace"]
        .iter()
        .flat_map(|host| ["prerender", "prefetch"].map(|kind| (*host, kind, PATH.to_owned())))
        .collect();
    cases.push(("near.same", "prerender", PATH.to_owned()));
    cases.push(("near.same", "prerender", opted_in));
    for (host, kind, path) in cases {
        let (guarded, what) = (sites.at(host, &path), format!("{kind} of {host} {path}"));
        let is_near = host == "near.same";
        let target = if is_near { near(&path) } else { sites.at("shop", &path) };
        let seen = Speculated::visit(sites, host, kind, &guarded)?;
        let purpose = if kind == "prerender" { "prefetch;prerender" } else { "prefetch" };
        seen.has(&what, json!(["asked", without_fragment(&guarded), purpose]))?;
        if kind == "prerender" {
            seen.has(&what, json!(["runs", guarded, true]))?;
        }
        // The page before is still there, and nobody was taken to the storefront.
        let waits = json!(["waits", sites.at(host, &referring(kind, &guarded)), false]);
        let (before, after) = seen.around(&what, &waits)?;
        let asked = json!(["asked", without_fragment(&target), ""]);
        assert!(!before.contains(&asked), "{what}: {seen:?}");
        if path == PATH {
            let times = after.iter().filter(|one| **one == asked).count();
            assert_eq!(
                (times, after.last()),
                (1, Some(&json!(["runs", target, false]))),
                "{what}: {seen:?}"
            );
        } else {
            // It was rendered there ahead of time, and is shown as it is.
            assert_eq!(
                after.last(),
                Some(&json!(["activated", target, false])),
                "{what}: {seen:?}"
            );
        }
    }
    // Without a guard the page itself is shown; so this browser does render ahead of time.
    let plain = sites.at("plain", PATH);
    let seen = Speculated::visit(sites, "plain", "prerender", &plain)?;
    assert_eq!(seen.0.last(), Some(&json!(["activated", plain, false])), "{seen:?}");
    Ok(())
}

/// The path of a page that has a browser act before it goes to an address.
fn referring(kind: &str, address: &str) -> String {
    let address: String = url::form_urlencoded::byte_serialize(address.as_bytes()).collect();
    format!("/referring/{kind}?{}", address.replace('+', "%20"))
}

fn without_fragment(address: &str) -> &str {
    address.split('#').next().unwrap_or_default()
}

/// What servers were asked for and told, in order.
#[derive(Debug)]
struct Speculated(Vec<Value>);

impl Speculated {
    fn visit(sites: &Sites, host: &str, kind: &str, address: &str) -> Result<Self, Failed> {
        let address = sites.at(host, &referring(kind, address));
        let answer = ask(json!({ "op": "speculate", "address": address }))?;
        Ok(Self(answer["seen"].as_array().cloned().unwrap_or_default()))
    }

    fn has(&self, what: &str, one: Value) -> Result<(), Failed> {
        self.around(what, &one).map(|_| ())
    }

    /// What came before and after something.
    fn around(&self, what: &str, one: &Value) -> Result<(&[Value], &[Value]), Failed> {
        let at = self.0.iter().position(|other| other == one);
        let at = at.ok_or_else(|| format!("{what}: {one} is not in {self:?}"))?;
        Ok((&self.0[..at], &self.0[at + 1..]))
    }
}

/// The link of a notice is written as its language is.
fn right_to_left(sites: &Sites) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let settings = folder.path().join("settings.toml");
    std::fs::write(&settings, "[texts]\nar = \"إلى المتجر\"\n")?;
    for (mode, document) in [("redirect", ""), ("replace", "rtl")] {
        let out = folder.path().join(mode);
        let flags = ["--mode", mode, "--config", &*settings.to_string_lossy()];
        engine::build(&shop(), &sites.at("shop", ""), &out, &flags)?;
        load("arabic", &out)?;
        for (locale, link) in [
            ("ar", json!(["ar", "rtl", "إلى المتجر", document])),
            ("ar-eg", json!(["ar", "rtl", "إلى المتجر", document])),
            ("en", json!(["en", "ltr", "Continue to the store", ""])),
        ] {
            let context = engine::context(&out, "pages/product", &Value::Null);
            let page = json!({ "page": "pages/product", "context": context, "locale": locale });
            serve("arabic", "arabic", page)?;
            let around = sites.at("framing", &format!("/?{}", sites.at("arabic", "/a")));
            let steps = [("open", around.as_str()), ("framed notice", ""), ("link in frame", "")];
            let tour = sites.tour(true, &steps)?;
            same(&format!("{mode} {locale}"), tour.seen(2), link)?;
        }
    }
    Ok(())
}

/// How pages may be guarded.
const MODES: [&[&str]; 3] =
    [&[], &["--mode", "replace"], &["--mode", "conditional", "--allow-group", "7"]];

/// From each address of each guarded page: of our own theme in one mode by one map, of those that
/// `STENCIL_GUARD_THEMES` names in all modes by all maps.
fn every_page(sites: &Sites) -> Result<(), Failed> {
    for theme in engine::themes() {
        let is_own = theme.starts_with(env!("CARGO_MANIFEST_DIR"));
        if is_own && theme != shop() {
            continue;
        }
        for (name, map) in maps() {
            if is_own && name != "catalyst" {
                continue;
            }
            // Of our own theme the first alone, because each takes a while.
            for mode in &MODES[..if is_own { 1 } else { MODES.len() }] {
                let folder = tempfile::tempdir()?;
                let out = folder.path().join("out");
                let flags = [&["--paths", name], *mode].concat();
                engine::build(&theme, &sites.at("shop", ""), &out, &flags)?;
                let table = PathTable::new(&[], Some(map), None);
                let what = format!("{} {}", theme.display(), flags.join(" "));
                let seen =
                    each_page(sites, &out, table).map_err(|error| format!("{what}: {error:?}"))?;
                if !is_own {
                    writeln!(std::io::stderr(), "{what}: {seen}")?;
                }
            }
        }
    }
    Ok(())
}

/// An address of a guarded page, and where it leads.
struct Visit {
    page: String,
    path: String,
    target: Url,
}

/// How many addresses and pages were tried, and which pages the engine refuses with what is known of the shop here.
fn each_page(sites: &Sites, theme: &Path, table: PathTable) -> Result<String, Failed> {
    load("pages", theme)?;
    let templates = engine::templates(theme)?;
    let names = templates.keys().filter_map(|name| name.strip_prefix("pages/"));
    let table = table.for_pages(&names.clone().collect::<Vec<_>>());
    let pages: Vec<String> = names.map(|page| format!("pages/{page}")).collect();
    let (mut visits, mut served, mut refused) = (Vec::new(), Map::new(), Vec::new());
    for page in pages.iter().filter(|page| !KEPT_BY_DEFAULT.contains(&page.as_str())) {
        let mut context = engine::context(theme, page, &Value::Null);
        context["product"] = json!({ "id": 42 });
        let shown = json!({ "page": page, "context": context });
        let mut render = json!({ "set": "pages", "engine": "handlebars-v4" });
        (render["page"], render["context"]) = (page.as_str().into(), context);
        if ask(render).is_err() {
            refused.push(page.as_str());
            continue;
        }
        for visit in visits_of(sites, page, &table, visits.len())? {
            let request = visit.path.split('#').next().unwrap_or_default();
            served.insert(request.to_owned(), shown.clone());
            visits.push(visit);
        }
    }
    ask(json!({ "op": "serve", "host": "pages", "set": "pages", "pages": served }))?;
    let addresses: Vec<String> =
        visits.iter().map(|visit| sites.at("pages", &visit.path)).collect();
    let mut steps = Vec::new();
    for (number, (address, visit)) in addresses.iter().zip(&visits).enumerate() {
        // A tab may not arrive at one path more often than three times.
        steps.push(if number % 3 == 0 { ("tab", "") } else { ("url", "") });
        steps.extend([
            ("goto", address.as_str()),
            ("arrive", visit.target.as_str()),
            ("asked", ""),
        ]);
    }
    let tour = sites.tour(true, &steps)?;
    for (number, Visit { page, path, target }) in visits.iter().enumerate() {
        let request = &target[Position::BeforePath..Position::AfterQuery];
        same(&format!("{page} {path}"), tour.seen(4 * number + 3), json!([request]))?;
    }
    assert!(visits.len() > 40, "{} addresses are too few", visits.len());
    let refused = refused.join(", ");
    Ok(format!("{} addresses of {} pages; refused: {refused}", visits.len(), pages.len()))
}

/// The addresses of a page, with queries of which rules take some values, and where they lead.
fn visits_of(
    sites: &Sites,
    page: &str,
    table: &PathTable,
    number: usize,
) -> Result<Vec<Visit>, Failed> {
    const QUERY: &str = "order_id=12&wishlistid=7&search_query=a%20b&utm_source=x";
    let storefront = Storefront::parse(&sites.at("shop", ""))?;
    let hosted = hosted_pages();
    let hosted = hosted.iter().filter(|hosted| hosted.page == page);
    let mut paths: Vec<String> = hosted
        .map(|hosted| {
            let sign = if hosted.action.is_some() { '&' } else { '?' };
            format!("{}{sign}{QUERY}", hosted.address())
        })
        .collect();
    if paths.is_empty() {
        paths.push(format!("/shoes/{number}/?page=2#top"));
    }
    let visit = |path: String| {
        let own = Address::parse(&path);
        let address = Address { page: page.to_owned(), product: "42".to_owned(), ..own };
        let target = Url::parse(&table.lead(&address, &storefront).address)?;
        Ok(Visit { page: page.to_owned(), path, target })
    };
    paths.into_iter().map(visit).collect()
}
