//! What shoppers meet in a real browser: a guarded shop and a storefront on this computer.
//!
//! Pages are rendered by the real engine; `browser.js` serves them and walks through them.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use libtest_mimic::{Failed, Trial};
use serde_json::{Map, Value, json};
use stencil_guard::guard::script::leads_to;
use stencil_guard::theme::Theme;
use stencil_guard::theme::pages::Templates;
use stencil_guard::verify::{self, Customer, Visitor};
use url::{Position, Url};

use crate::engine;
use crate::leaving_scripts::LEAVING;
use crate::node::{self, Driver};

const KIND: &str = "browser";
const STOREFRONT: &str = "https://shop.example.com";
const LOCATIONS: &str = include_str!("locations.json");
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
/// Which page stands at which path; all other paths are a product's.
const PAGES: [(&str, &str); 6] = [
    ("/", "pages/home"),
    ("/checkout", "pages/checkout"),
    ("/cart.php", "pages/cart"),
    ("/login.php", "pages/auth/login"),
    ("/confirmed", "pages/order-confirmation"),
    ("*", "pages/product"),
];

static BROWSER: Driver = Driver::new("browser.js");
static SITES: OnceLock<Result<Sites, String>> = OnceLock::new();

/// Hosts of guarded shops, and how they were guarded.
const MODES: [(&str, &[&str]); 3] = [
    ("store", &[]),
    ("conditional", &["--mode", "conditional", "--allow-group", "7"]),
    ("replace", &["--mode", "replace"]),
];

type Test = fn(&Sites) -> Result<(), Failed>;

const TESTS: &[(&str, Test)] = &[
    ("redirects_to_the_exact_address", arrives),
    ("guarded_pages_paint_nothing", paints_nothing),
    ("back_returns_to_the_previous_page", goes_back),
    ("kept_pages_run_no_added_script", keeps),
    ("members_see_the_shop", shows_members_the_shop),
    ("developers_see_the_shop", shows_developers_the_shop),
    ("replacement_document_redirects_to_the_exact_address", arrives_by_replacement),
    ("a_framed_page_shows_a_notice", framed),
    ("the_theme_editor_shows_the_shop", framed_by_the_editor),
    ("each_shop_host_has_its_own_storefront", two_storefronts),
    ("links_on_kept_pages_lead_where_planned", activates_links),
    ("redirect_loops_end_in_a_notice", redirect_loop),
    ("redirects_work_without_scripts", without_scripts),
    ("kept_pages_stay_without_scripts", keeps_without_scripts),
    ("scripts_that_leave_a_page_are_detected", leaves_by_script),
];

pub(crate) fn trials() -> Vec<Trial> {
    let named =
        |&(name, test): &(&str, Test)| trial(&format!("browser::{name}"), move || test(sites()?));
    TESTS.iter().map(named).collect()
}

/// A trial that needs a browser.
pub(crate) fn trial(
    name: &str,
    test: impl FnOnce() -> Result<(), Failed> + Send + 'static,
) -> Trial {
    node::trial(KIND, name, missing(), test)
}

fn missing() -> Option<&'static str> {
    if let Some(reason) = node::missing() {
        return Some(reason);
    }
    if !node::packages().join("playwright-core").is_dir() {
        return Some("run `npm ci` in tests/oracles");
    }
    executable().is_none().then_some("chromium is not installed")
}

pub(crate) fn executable() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .flat_map(|folder| NAMES.map(|name| folder.join(name)))
        .find(|file| file.is_file())
}

/// The servers behind the hosts of the trials.
pub(crate) struct Sites {
    port: u64,
}

pub(crate) fn sites() -> Result<&'static Sites, Failed> {
    let sites = SITES.get_or_init(|| Sites::start().map_err(|error| format!("{error:?}")));
    sites.as_ref().map_err(|error| error.clone().into())
}

pub(crate) fn ask(request: Value) -> Result<Value, Failed> {
    let answer = BROWSER.ask(request)?;
    match answer["error"].as_str() {
        Some(error) => Err(error.into()),
        None => Ok(answer),
    }
}

impl Sites {
    fn start() -> Result<Sites, Failed> {
        let started = ask(json!({ "op": "start", "executable": executable() }))?;
        let port = started["port"].as_u64().ok_or("the server has no port")?;
        let sites = Sites { port };
        let theme = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/themes/shop");
        let folder = tempfile::tempdir()?;
        let member =
            json!({"name": "Ada", "customer_group_id": "7", "customer_group_name": "Staff"});
        for (mode, more) in MODES {
            let guarded = folder.path().join(mode);
            engine::build(&theme, &sites.at("shop", ""), &guarded, more)?;
            serve(mode, &guarded, &Value::Null, false)?;
            if mode == "conditional" {
                serve("member", &guarded, &member, false)?;
            }
            if mode == "store" {
                serve("development", &guarded, &Value::Null, true)?;
            }
        }
        let guarded = folder.path().join("no-editor");
        engine::build(&theme, &sites.at("shop", ""), &guarded, &["--guard-editor"])?;
        serve("no-editor", &guarded, &Value::Null, false)?;
        let links = theme.with_file_name("odd-links");
        let guarded = folder.path().join("links");
        engine::build(&links, STOREFRONT, &guarded, &["--keep", "cart"])?;
        serve("links", &guarded, &Value::Null, false)?;
        serve("plain-links", &links, &Value::Null, false)?;
        serve("plain", &theme, &Value::Null, false)?;
        serve("plain-member", &theme, &member, false)?;
        Ok(sites)
    }

    pub(crate) fn at(&self, host: &str, path: &str) -> String {
        format!("http://{host}.localhost:{}{path}", self.port)
    }

    pub(crate) fn tour(&self, scripts: bool, steps: &[(&str, &str)]) -> Result<Tour, Failed> {
        let answer = ask(json!({ "op": "tour", "scripts": scripts, "steps": steps }))?;
        Ok(Tour(answer))
    }
}

/// What the driver saw at each step, what was painted and what the storefront was asked for.
pub(crate) struct Tour(Value);

impl Tour {
    pub(crate) fn seen(&self, step: usize) -> &Value {
        &self.0["seen"][step]
    }

    fn asked(&self) -> &Value {
        &self.0["asked"]
    }

    /// Whether a page whose address begins so was painted.
    fn painted(&self, address: &str) -> bool {
        let entries = self.0["painted"].as_array().into_iter().flatten();
        let mut addresses = entries.filter_map(|entry| entry[0].as_str());
        addresses.any(|painted| painted.starts_with(address))
    }
}

/// Makes a theme's templates known to the browser's servers.
pub(crate) fn load(set: &str, theme: &Path) -> Result<(), Failed> {
    sites()?;
    ask(engine::load_request(set, &engine::templates(theme)?, theme)).map(|_| ())
}

/// The probes of one page that nobody sees, where the page comes with a content security policy.
pub(crate) fn unseen(
    host: &str,
    set: &str,
    page: &str,
    context: &Value,
    policy: &str,
) -> Result<Value, Failed> {
    let sites = sites()?;
    let pages = json!({ "*": { "page": page, "context": context } });
    ask(json!({ "op": "serve", "host": host, "set": set, "pages": pages, "policy": policy }))?;
    let address = sites.at(host, "/checkout");
    let tour = sites.tour(true, &[("open", &address), ("unseen", "")])?;
    Ok(tour.seen(1).clone())
}

fn serve(host: &str, theme: &Path, customer: &Value, development: bool) -> Result<(), Failed> {
    serve_pages(host, theme, &PAGES, customer, development)
}

/// Serves these pages of a theme, each at its path, for somebody.
pub(crate) fn serve_pages(
    host: &str,
    theme: &Path,
    pages: &[(&str, &str)],
    customer: &Value,
    development: bool,
) -> Result<(), Failed> {
    let templates = engine::templates(theme)?;
    ask(engine::load_request(host, &templates, theme))?;
    let pages: Map<String, Value> = pages
        .iter()
        .map(|&(path, page)| {
            let mut context = engine::context(theme, page, customer);
            context["in_development"] = development.into();
            (path.to_owned(), json!({ "page": page, "context": context }))
        })
        .collect();
    ask(json!({ "op": "serve", "host": host, "set": host, "pages": pages }))?;
    Ok(())
}

pub(crate) fn same(what: &str, seen: &Value, expected: impl Into<Value>) -> Result<(), Failed> {
    let expected = expected.into();
    if *seen == expected {
        return Ok(());
    }
    Err(format!("{what}: {seen}, not {expected}").into())
}

/// Each script of the table leaves in the browser, and the verifier says of none that its page is kept.
fn leaves_by_script(sites: &Sites) -> Result<(), Failed> {
    let storefront = sites.at("shop", "");
    let host = Url::parse(&storefront)?[Position::BeforeHost..Position::AfterPort].to_owned();
    let leaving = LEAVING.iter().filter(|(_, leaves)| *leaves).map(|(script, _)| script);
    let pages: Vec<String> = leaving
        .map(|script| {
            let script = script.replace("GO", "location.href = TO");
            let script = script.replace("TO", "'https://shop.example.com/x'");
            // The servers of these trials speak no TLS.
            let script = script.replace("https:", "http:");
            let script = script.replace("http://shop.example.com", &storefront);
            format!("<script>{}</script><p>PAY</p>", script.replace("shop.example.com", &host))
        })
        .collect();
    assert!(pages.len() > 25, "{} scripts are too few", pages.len());
    let names: Vec<String> = (0..pages.len()).map(|number| format!("pages/p{number}")).collect();
    let templates: Map<String, Value> =
        names.iter().cloned().zip(pages.iter().cloned().map(Value::from)).collect();
    ask(json!({ "op": "load", "set": "leaving", "templates": templates, "lang": {} }))?;
    let served: Map<String, Value> = names
        .iter()
        .map(|name| (format!("/{name}"), json!({ "page": name, "context": {} })))
        .collect();
    ask(json!({ "op": "serve", "host": "leaving", "set": "leaving", "pages": served }))?;
    for (name, page) in names.iter().zip(&pages) {
        let address = sites.at("leaving", &format!("/{name}"));
        let tour = sites.tour(true, &[("goto", &address), ("storefront", "")])?;
        let place = tour.seen(1).as_str().unwrap_or_default().to_owned();
        if !place.starts_with(&storefront) {
            return Err(format!("does not leave, but is at {place}: {page}").into());
        }
        let path = format!("templates/{name}.html");
        let theme = Theme::default().with([(path, Some(page.as_bytes().to_vec()))]);
        let visitor = Visitor::new(Customer::Guest);
        let verdict = verify::judge_page(&Templates::new(&theme), name, &visitor, &leads_to);
        let host = host.split(':').next().unwrap_or_default();
        if !verdict.reach.reaches(host) {
            return Err(format!("nothing is said of what leaves: {page}").into());
        }
    }
    Ok(())
}

fn arrives(sites: &Sites) -> Result<(), Failed> {
    let targets = targets(sites)?;
    let mut steps = Vec::new();
    for (guarded, target) in &targets {
        // A tab may not arrive at one path more often than three times.
        if steps.len() % 10 == 9 {
            steps.push(("tab", ""));
        }
        steps.extend([("goto", guarded.as_str()), ("arrive", target.as_str())]);
        steps.push(("asked", ""));
    }
    assert!(targets.len() > 40, "{} rows are too few", targets.len());
    let tour = sites.tour(true, &steps)?;
    let asked = (0..steps.len()).filter(|&step| steps[step].0 == "asked");
    for (step, (guarded, target)) in asked.zip(&targets) {
        let request = &target[Position::BeforePath..Position::AfterQuery];
        same(guarded, tour.seen(step), json!([request]))?;
    }
    Ok(())
}

/// Addresses of the plain rows of `locations.json` that go somewhere, and where they go.
fn targets(sites: &Sites) -> Result<Vec<(String, Url)>, Failed> {
    let rows: Vec<(String, Map<String, Value>)> = serde_json::from_str(LOCATIONS)?;
    let plain = rows.iter().filter(|(_, row)| row.len() == 2);
    plain
        .filter_map(|(_, row)| Some((row.get("at")?.as_str()?, row.get("goes")?.as_str()?)))
        .map(|(at, goes)| {
            let target = Url::parse(&sites.at("shop", goes))?;
            Ok((sites.at("store", at), target))
        })
        .collect()
}

fn paints_nothing(sites: &Sites) -> Result<(), Failed> {
    let plain = sites.at("plain", "/slow/a");
    let (guarded, target) = (sites.at("store", "/slow/a"), sites.at("shop", "/slow/a"));
    let steps = [
        ("open", plain.as_str()),
        ("look", ""),
        ("goto", &guarded),
        ("arrive", &target),
        ("look", ""),
    ];
    let tour = sites.tour(true, &steps)?;
    for (address, expected) in [(&plain, true), (&guarded, false), (&target, true)] {
        same(address, &tour.painted(address).into(), expected)?;
    }
    Ok(())
}

fn goes_back(sites: &Sites) -> Result<(), Failed> {
    let before = sites.at("store", "/checkout");
    let (guarded, target) = (sites.at("store", "/a?b#c"), sites.at("shop", "/a?b#c"));
    let steps = [
        ("open", before.as_str()),
        ("follow", &guarded),
        ("arrive", &target),
        ("back", ""),
        ("look", ""),
    ];
    let tour = sites.tour(true, &steps)?;
    same("the page before", &tour.seen(4)["url"], before)?;
    same("asked of the storefront", tour.asked(), json!(["/a?b"]))
}

fn keeps(sites: &Sites) -> Result<(), Failed> {
    for (host, _) in MODES {
        unchanged(sites, "plain", host, &["/checkout", "/confirmed?a#b"])?;
    }
    Ok(())
}

fn shows_members_the_shop(sites: &Sites) -> Result<(), Failed> {
    unchanged(sites, "plain-member", "member", &["/", "/a?b#c", "/cart.php", "/checkout"])
}

fn shows_developers_the_shop(sites: &Sites) -> Result<(), Failed> {
    unchanged(sites, "plain", "development", &["/", "/a?b#c", "/checkout"])
}

/// The pages of a host are those of the plain shop, and nobody leaves.
pub(crate) fn unchanged(
    sites: &Sites,
    plain: &str,
    host: &str,
    paths: &[&str],
) -> Result<(), Failed> {
    for path in paths {
        let (plain, kept) = (sites.at(plain, path), sites.at(host, path));
        let steps = [("open", plain.as_str()), ("look", ""), ("open", &kept), ("look", "")];
        let tour = sites.tour(true, &steps)?;
        let (before, after) = (tour.seen(1), tour.seen(3));
        same("the address", &after["url"], kept)?;
        for what in ["title", "text", "images", "scripts", "mode"] {
            same(what, &after[what], before[what].clone())?;
        }
        same("storage", &after["kept"], json!([]))?;
        same("asked of the storefront", tour.asked(), json!([]))?;
    }
    Ok(())
}

/// Who gets another document instead of a page goes where the page would have sent them.
fn arrives_by_replacement(sites: &Sites) -> Result<(), Failed> {
    for host in ["conditional", "replace"] {
        let (guarded, target) = (sites.at(host, "/a?b#c"), sites.at("shop", "/a?b#c"));
        let tour = sites.tour(true, &[("goto", &guarded), ("arrive", &target)])?;
        same("asked of the storefront", tour.asked(), json!(["/a?b"]))?;
    }
    Ok(())
}

fn framed(sites: &Sites) -> Result<(), Failed> {
    for (host, _) in MODES {
        let (guarded, target) = (sites.at(host, "/a?b#c"), sites.at("shop", "/a?b#c"));
        let escaped = guarded.replace('?', "%3F").replace('#', "%23");
        let framing = sites.at("framing", &format!("/?{escaped}"));
        let steps = [
            ("open", framing.as_str()),
            ("framed notice", ""),
            ("click in frame", ""),
            ("arrive", &target),
        ];
        let tour = sites.tour(true, &steps)?;
        same("the frame", &tour.seen(1)["url"], guarded.as_str())?;
        is_notice(tour.seen(1), &target)?;
        same("asked of the storefront", tour.asked(), json!(["/a?b"]))?;
    }
    Ok(())
}

/// In a frame of the shop's own below `/manage/` a page is as it was, in all other frames it is hidden.
fn framed_by_the_editor(sites: &Sites) -> Result<(), Failed> {
    let framing = |host: &str, path: &str, framed: &str| {
        let escaped = framed.replace('?', "%3F").replace('#', "%23");
        sites.at(host, &format!("{path}?{escaped}"))
    };
    let (plain, guarded) = (sites.at("plain", "/a?b"), sites.at("store", "/a?b"));
    let before = framing("plain", "/manage/theme-editor", &plain);
    let editor = framing("store", "/manage/theme-editor", &guarded);
    let steps = [
        ("open", before.as_str()),
        ("look in frame", ""),
        ("open", &editor),
        ("look in frame", ""),
    ];
    let tour = sites.tour(true, &steps)?;
    same("the frame", &tour.seen(3)["url"], guarded.as_str())?;
    for what in ["title", "text", "images"] {
        same(what, &tour.seen(3)[what], tour.seen(1)[what].clone())?;
    }
    same("asked of the storefront", tour.asked(), json!([]))?;
    for (host, path, framed) in [
        ("store", "/framing/manage/", "store"),
        ("conditional", "/manage/theme-editor", "store"),
        ("shop-of-others", "/manage/theme-editor", "store"),
        ("no-editor", "/manage/theme-editor", "no-editor"),
    ] {
        let (framed, target) = (sites.at(framed, "/a?b"), sites.at("shop", "/a?b"));
        let tour =
            sites.tour(true, &[("open", &framing(host, path, &framed)), ("framed notice", "")])?;
        is_notice(tour.seen(1), &target).map_err(|error| format!("{host}{path}: {error:?}"))?;
    }
    Ok(())
}

/// One guarded theme on two hosts of the shop leads to two storefronts.
fn two_storefronts(sites: &Sites) -> Result<(), Failed> {
    let theme = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/themes/shop");
    let folder = tempfile::tempdir()?;
    let config = folder.path().join("settings.toml");
    let url = sites.at("maison", "/fr");
    let row = format!("[[storefronts]]\nhost = 'two.localhost:{}'\nurl = '{url}'\n", sites.port);
    std::fs::write(&config, row)?;
    let out = folder.path().join("out");
    let more = ["--config", &*config.to_string_lossy()];
    engine::build(&theme, &sites.at("shop", ""), &out, &more)?;
    for (host, target) in
        [("one", sites.at("shop", "/a?b#c")), ("two", sites.at("maison", "/fr/a?b#c"))]
    {
        serve(host, &out, &Value::Null, false)?;
        let guarded = sites.at(host, "/a?b#c");
        let tour = sites.tour(true, &[("goto", &guarded), ("arrive", &target)])?;
        let url = Url::parse(&target)?;
        same("asked", tour.asked(), json!([&url[Position::BeforePath..Position::AfterQuery]]))?;
    }
    Ok(())
}

/// Activates all links and forms of the kept pages: what was taken away leads nowhere, what leads to the
/// storefront gets there, and what stays leads where it says. Before, what is taken away led somewhere.
fn activates_links(sites: &Sites) -> Result<(), Failed> {
    let mut counts = [0; 3];
    for path in ["/checkout", "/confirmed", "/cart.php"] {
        let page = activated(sites, "links", path, None)?;
        for one in &page {
            let then = one["then"].as_str().unwrap_or_default();
            let seen: Vec<&str> =
                one["seen"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let is_right = match (then, one["expected"].as_str()) {
                ("strip", _) | (_, None) => seen.is_empty(),
                ("lead", Some(expected)) => seen == [expected] && expected.starts_with(STOREFRONT),
                (_, Some(expected)) => {
                    seen.len() == 1 && seen[0].split('?').next() == expected.split('?').next()
                }
            };
            // What cannot be reached by keyboard leads nowhere by it.
            let is_unreachable = one["way"] == "keyboard" && seen.is_empty();
            if !is_right && !is_unreachable {
                return Err(format!("{path}: {one}").into());
            }
            let at = ["stay", "strip", "lead"].iter().position(|known| *known == then);
            counts[at.ok_or("an unknown word")?] += 1;
        }
        let plain = activated(sites, "plain-links", path, Some(4))?;
        let led = plain.iter().filter(|one| one["then"] == "strip" && one["seen"] != json!([]));
        if led.count() == 0 {
            return Err(format!("{path}: nothing led anywhere before").into());
        }
    }
    // Where nothing is written about a link, it must not lead to a page that is not kept.
    for path in ["/checkout", "/confirmed"] {
        for one in activated(sites, "store", path, None)? {
            let mut seen = one["seen"].as_array().into_iter().flatten().filter_map(Value::as_str);
            let leads_inside = |address: &str| {
                let url = Url::parse(address);
                url.is_ok_and(|url| {
                    url.host_str() == Some("store.localhost")
                        && !url.path().starts_with("/checkout")
                })
            };
            if let Some(address) = seen.find(|address| leads_inside(address)) {
                return Err(format!("{path}: {one} leads to {address}").into());
            }
        }
    }
    if counts[0] < 100 || counts[1] < 100 || counts[2] < 5 {
        return Err(format!("only {counts:?} activations").into());
    }
    Ok(())
}

fn activated(
    sites: &Sites,
    host: &str,
    path: &str,
    most: Option<usize>,
) -> Result<Vec<Value>, Failed> {
    let answer = ask(
        json!({ "op": "activate", "address": sites.at(host, path), "most": most.unwrap_or(usize::MAX) }),
    )?;
    Ok(answer["activated"].as_array().cloned().unwrap_or_default())
}

fn redirect_loop(sites: &Sites) -> Result<(), Failed> {
    let path = "/ping-pong/a?b";
    let (guarded, target) = (sites.at("store", path), sites.at("shop", path));
    let tour = sites.tour(true, &[("goto", &guarded), ("notice", "")])?;
    same("the address", &tour.seen(1)["url"], guarded.as_str())?;
    is_notice(tour.seen(1), &target)?;
    same("asked of the storefront", tour.asked(), json!([path, path, path]))
}

/// A page with a link to `target` and nothing of the shop.
fn is_notice(seen: &Value, target: &str) -> Result<(), Failed> {
    let links = json!([{ "href": target, "target": "_top" }]);
    same("links", &seen["links"], links)?;
    same("images", &seen["images"], 0)?;
    let scripts = seen["scripts"].as_array().map_or(0, Vec::len);
    same("scripts, our own among them", &scripts.into(), 1)?;
    same("text", &seen["text"], "Continue to the store")
}

fn without_scripts(sites: &Sites) -> Result<(), Failed> {
    let root = sites.at("shop", "/");
    let paths = ["/", "/a?b#c", "/cart.php", "/login.php"];
    for (host, path) in MODES.iter().flat_map(|(host, _)| paths.map(|path| (host, path))) {
        let guarded = sites.at(host, path);
        let tour = sites.tour(false, &[("goto", &guarded), ("arrive", &root)])?;
        same("asked of the storefront", tour.asked(), json!(["/"]))?;
    }
    Ok(())
}

fn keeps_without_scripts(sites: &Sites) -> Result<(), Failed> {
    let kept = sites.at("store", "/checkout");
    let tour = sites.tour(false, &[("open", &kept), ("refreshes", ""), ("url", "")])?;
    same("meta refreshes", tour.seen(1), 0)?;
    same("the address", tour.seen(2), kept)?;
    same("asked of the storefront", tour.asked(), json!([]))
}
