//! `check https://HOST`: what a guest gets from a store that is live, in set-ups that are right and wrong.

use super::stand_in::{Reply, Request, Site};
use super::world::{World, environment, said};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use stencil_guard::commands::store::StoreRequest;
use stencil_guard::commands::store::deploy::DeployRequest;
use stencil_guard::commands::store::live::{self, LiveRequest};
use stencil_guard::config::Settings;
use stencil_guard::guard::paths::Platform;
use stencil_guard::guard::script::{Redirect, script};
use stencil_guard::guard::storefront::Storefront;

/// A page of the shop, with something in its head.
fn shop(head: &str) -> String {
    format!(
        "<!doctype html><html><head>{head}<meta charset=\"utf-8\"><link rel=\"stylesheet\" href=\"/stencil/x.css\"></head><body><p>Shop</p>{{{{x}}}}</body></html>"
    )
}

/// What `redirect` puts first into the head, as the platform prints it.
fn guard(storefront: &str, nonce: &str) -> String {
    let script = script(&Redirect::to(Storefront::parse(storefront).unwrap()));
    format!(
        "<meta charset=\"utf-8\"><script nonce=\"{nonce}\">{script}</script><noscript><meta http-equiv=\"refresh\" content=\"0;url={storefront}/\"><a href=\"{storefront}/\">Continue to the store</a></noscript>"
    )
}

/// What `replace` and `conditional` show instead of a page.
fn notice(storefront: &str) -> String {
    let script = script(&Redirect::to(Storefront::parse(storefront).unwrap()));
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>S</title><script nonce=\"\">{script}</script><noscript><meta http-equiv=\"refresh\" content=\"0;url={storefront}/\"></noscript></head><body><a href=\"{storefront}/\" target=\"_top\">Continue to the store</a></body></html>"
    )
}

fn html(text: String) -> Reply {
    Reply::bytes(200, "text/html; charset=UTF-8", text.into_bytes())
}

fn redirect(to: &str) -> Reply {
    Reply::bytes(302, "text/html", Vec::new()).with("location", to)
}

/// What every store does, around pages that `page` makes.
fn store(page: impl Fn(&Request) -> Reply) -> impl Fn(&Request) -> Reply {
    move |request| {
        let host = request.header("host").unwrap();
        match (request.path.as_str(), request.parameter("type")) {
            ("/robots.txt", _) => {
                let text = "User-agent: *\nSitemap: https://shop.example.com/xmlsitemap.php\n";
                Reply::bytes(200, "text/plain", text.into())
            }
            ("/xmlsitemap.php", None) => {
                let kinds = ["products", "categories"].map(|kind| {
                    format!("<sitemap><loc>https://shop.example.com/xmlsitemap.php?type={kind}&amp;page=1</loc></sitemap>")
                });
                let text = format!("<sitemapindex>{}</sitemapindex>", kinds.join(""));
                Reply::bytes(200, "application/xml", text.into())
            }
            ("/xmlsitemap.php", Some(kind)) => {
                let pages = [1, 2, 3, 4]
                    .map(|number| format!("<url><loc>https://{host}/{kind}-{number}/</loc></url>"));
                Reply::bytes(200, "application/xml", pages.join("").into())
            }
            ("/account.php", _) => redirect("/login.php?from=account.php"),
            // Without a cart there is no checkout.
            ("/checkout", _) => redirect("/cart.php"),
            _ => page(request),
        }
    }
}

/// A storefront that has everything.
pub(crate) fn good_storefront() -> Site {
    Site::new(|request| match request.path.as_str() {
        "/logout" => redirect("/login"),
        _ => html("<!doctype html><p>Storefront</p>".to_owned()),
    })
}

/// What the command says about a store and a storefront: status, document, and the waits.
fn checked(store: &Site, storefront: &str, change: impl Fn(&mut Settings)) -> Outcome {
    let mut settings = Settings { storefront: Some(storefront.to_owned()), ..Settings::default() };
    change(&mut settings);
    check(store, settings, Duration::ZERO)
}

fn check(store: &Site, settings: Settings, wait: Duration) -> Outcome {
    let request = LiveRequest {
        address: store.url(),
        channel: None,
        store: StoreRequest::default(),
        sources: settings.into(),
        wait,
    };
    let (environment, waits) = environment();
    let (status, document) = said(&live::run(&request, &environment));
    let waits = waits.borrow().clone();
    Outcome { status, document, waits }
}

struct Outcome {
    status: u8,
    document: Value,
    waits: Vec<Duration>,
}

impl Outcome {
    /// What becomes of a path.
    fn page(&self, path: &str) -> (&str, &str) {
        let pages = self.document["live"]["hosts"][0]["pages"].as_array().unwrap();
        let page = pages.iter().find(|page| page["path"] == path).unwrap();
        (page["outcome"].as_str().unwrap(), page["reason"].as_str().unwrap_or_default())
    }

    fn codes(&self) -> BTreeSet<&str> {
        let findings = self.document["findings"].as_array().unwrap();
        findings.iter().map(|one| one["code"].as_str().unwrap()).collect()
    }
}

/// How a store is set up, and what has to be said about it: its pages by path and storefront; the status; the
/// outcome of its first page and of its cart; a word of the reason; the codes.
struct SetUp {
    name: &'static str,
    page: fn(&Request, &str) -> Reply,
    status: u8,
    home: &'static str,
    cart: &'static str,
    reason: &'static str,
    codes: &'static [&'static str],
}

const SET_UPS: &[SetUp] = &[
    SetUp {
        name: "unguarded",
        page: |_, _| html(shop("")),
        status: 1,
        home: "open",
        cart: "open",
        reason: "shown to guests",
        codes: &["open-page"],
    },
    SetUp {
        name: "redirect",
        page: |_, storefront| html(shop(&guard(storefront, ""))),
        status: 0,
        home: "guarded",
        cart: "guarded",
        reason: "",
        codes: &[],
    },
    SetUp {
        name: "replace, or conditional for a guest",
        page: |_, storefront| html(notice(storefront)),
        status: 0,
        home: "guarded",
        cart: "guarded",
        reason: "",
        codes: &[],
    },
    SetUp {
        name: "a guard of the platform's edge",
        page: |request, storefront| redirect(&format!("{storefront}{}", request.path)),
        status: 0,
        home: "guarded",
        cart: "guarded",
        reason: "",
        codes: &[],
    },
    SetUp {
        name: "a guard of other people, by a meta refresh",
        page: |_, storefront| {
            html(format!(
                "<!doctype html><html><head><meta http-equiv=\"refresh\" content=\"0; url={storefront}/\"></head></html>"
            ))
        },
        status: 0,
        home: "guarded",
        cart: "guarded",
        reason: "",
        codes: &[],
    },
    SetUp {
        name: "a guard of other people, by a script",
        page: |_, storefront| {
            html(shop(&format!(
                "<script>location.href = '{storefront}' + location.pathname</script>"
            )))
        },
        status: 1,
        home: "unknown",
        cart: "unknown",
        reason: "a script of unknown origin",
        codes: &["live-unknown"],
    },
    SetUp {
        name: "one page left open",
        page: |request, storefront| match request.path.as_str() {
            "/cart.php" => html(shop("")),
            _ => html(shop(&guard(storefront, ""))),
        },
        status: 1,
        home: "guarded",
        cart: "open",
        reason: "",
        codes: &["open-page"],
    },
    SetUp {
        name: "maintenance",
        page: |_, storefront| Reply { status: 503, ..html(shop(&guard(storefront, ""))) },
        status: 1,
        home: "unknown",
        cart: "unknown",
        reason: "closed for maintenance",
        codes: &["live-unknown"],
    },
    SetUp {
        name: "not launched",
        page: |_, _| html(shop("<form><input id=\"guestTkn\"></form>")),
        status: 1,
        home: "unknown",
        cart: "unknown",
        reason: "not launched",
        codes: &["live-unknown"],
    },
    SetUp {
        name: "a check for bots",
        page: |_, _| Reply { status: 403, ..html(shop("")) }.with("cf-mitigated", "challenge"),
        status: 1,
        home: "unknown",
        cart: "unknown",
        reason: "check for bots",
        codes: &["live-unknown"],
    },
    SetUp {
        name: "a check for bots that says so in its text only",
        page: |_, _| {
            let script = "<script src=\"/cdn-cgi/challenge-platform/h/b/orchestrate/x\"></script>";
            Reply { status: 503, ..html(shop(script)) }
        },
        status: 1,
        home: "unknown",
        cart: "unknown",
        reason: "check for bots",
        codes: &["live-unknown"],
    },
    SetUp {
        name: "a host that refuses",
        page: |_, storefront| Reply { status: 403, ..html(notice(storefront)) },
        status: 1,
        home: "unknown",
        cart: "unknown",
        reason: "status 403",
        codes: &["live-unknown"],
    },
    SetUp {
        name: "a policy that blocks scripts",
        page: |_, storefront| {
            html(shop(&guard(storefront, "r4nd0m")))
                .with("content-security-policy", "script-src 'self' https://cdn11.bigcommerce.com")
        },
        status: 1,
        home: "open",
        cart: "open",
        reason: "content security policy blocks",
        codes: &["open-page"],
    },
    SetUp {
        name: "a policy whose nonce the script has",
        page: |_, storefront| {
            html(shop(&guard(storefront, "r4nd0m")))
                .with("content-security-policy", "script-src 'self' 'nonce-r4nd0m'")
        },
        status: 0,
        home: "guarded",
        cart: "guarded",
        reason: "",
        codes: &[],
    },
    SetUp {
        name: "a wrong storefront",
        page: |_, _| html(shop(&guard("https://old.example.com", ""))),
        status: 1,
        home: "misled",
        cart: "misled",
        reason: "the storefront is",
        codes: &["other-host"],
    },
    SetUp {
        name: "a store that sends guests round",
        page: |request, _| redirect(if request.path == "/" { "/cart.php" } else { "/" }),
        status: 1,
        home: "unknown",
        cart: "unknown",
        reason: "again and again",
        codes: &["live-unknown"],
    },
];

#[test]
fn each_setup_gets_the_right_verdict() {
    for SetUp { name, page, status, home, cart, reason, codes } in SET_UPS {
        let storefront = good_storefront();
        let url = storefront.url();
        let shop = Site::new(store(move |request| page(request, &url)));
        let found = checked(&shop, &storefront.url(), |_| {});
        assert_eq!(found.status, *status, "{name}: {:#}", found.document);
        assert_eq!(found.page("/").0, *home, "{name}: {:#}", found.document);
        assert_eq!(found.page("/cart.php").0, *cart, "{name}: {:#}", found.document);
        assert!(found.page("/").1.contains(reason), "{name}: {:#}", found.document);
        assert_eq!(found.codes(), codes.iter().copied().collect(), "{name}");
        // Without a cart the checkout leads on, whatever is there.
        let is_circle = *name == "a store that sends guests round";
        let expected = if is_circle { "unknown" } else { "sent-on" };
        let is_unknown = found.page("/checkout").0 == "unknown";
        assert!(
            found.page("/checkout").0 == expected || is_unknown,
            "{name}: {:#}",
            found.document
        );
        let mut products = vec!["/products-1/", "/products-2/", "/products-3/", "/categories-1/"];
        products.retain(|path| found.page(path).0 != *home);
        assert!(products.is_empty() || is_circle, "{name}: {products:?}");
    }
}

#[test]
fn checkout_of_a_guest_with_a_cart_is_kept_or_lost() {
    let storefront = good_storefront();
    let url = storefront.url();
    for (checkout, outcome, status) in [
        (shop("<div id=\"checkout-app\"></div>"), "kept", 0),
        // Our own script does nothing there.
        (shop(&guard(&url, "")), "kept", 1),
        (format!("<html><head><meta http-equiv=refresh content='0;url={url}/'>"), "lost", 1),
    ] {
        let page = notice(&url);
        let shop = Site::new(move |request| match request.path.as_str() {
            "/checkout" => html(checkout.clone()),
            _ => html(page.clone()),
        });
        let found = checked(&shop, &url, |_| {});
        let without_scripts = found.page("/checkout").1.contains("without scripts");
        let expected = if without_scripts { "lost" } else { outcome };
        assert_eq!(found.page("/checkout").0, expected, "{:#}", found.document);
        assert_eq!(found.status, status, "{:#}", found.document);
    }
}

#[test]
fn keep_and_allow_open_are_respected() {
    let storefront = good_storefront();
    let url = storefront.url();
    let page = notice(&url);
    let shop = Site::new(store(move |request| match request.path.as_str() {
        "/cart.php" | "/brands/" => html(shop("")),
        _ => html(page.clone()),
    }));
    let found = checked(&shop, &url, |settings| {
        settings.keep = Some(vec!["cart".to_owned()]);
        settings.allow_open = Some(vec!["pages/brands".to_owned()]);
    });
    assert_eq!(found.page("/cart.php").0, "kept");
    assert_eq!(found.page("/brands/").0, "open");
    assert_eq!(found.status, 0, "{:#}", found.document);
    let found = checked(&shop, &url, |settings| settings.keep = Some(vec!["blog".to_owned()]));
    assert_eq!((found.page("/blog/").0, found.status), ("lost", 1));
    assert_eq!(found.codes(), BTreeSet::from(["open-page", "page-lost"]));
}

#[test]
fn requests_are_few_throttled_and_anonymous() {
    let storefront = good_storefront();
    let url = storefront.url();
    let shop = Site::new(store(move |_| html(notice(&url))));
    let found = checked(&shop, &storefront.url(), |_| {});
    let (to_shop, to_storefront) = (shop.log(), storefront.log());
    let requests = to_shop.len() + to_storefront.len();
    assert_eq!(found.document["live"]["requests"], requests);
    assert!(requests < 80, "{requests}");
    // Nothing else takes time here: the waits are all that is between requests.
    assert_eq!(found.waits, vec![Duration::from_millis(500); requests - 1]);
    assert_eq!((shop.connections(), storefront.connections()), (1, 1));
    for request in to_shop.iter().chain(&to_storefront) {
        assert_eq!(request.method, "GET");
        assert!(request.header("user-agent").unwrap().starts_with("stencil-guard/"));
        assert_eq!(request.header("cookie").or(request.header("x-auth-token")), None);
    }
    // Nothing is asked for twice.
    let targets: BTreeSet<String> =
        to_shop.iter().map(|request| format!("{} {:?}", request.path, request.query)).collect();
    assert_eq!(targets.len(), to_shop.len());
}

#[test]
fn requests_stop_when_a_host_refuses_more() {
    let storefront = good_storefront();
    let shop = Site::new(|request| match request.path.as_str() {
        "/" => html(shop("")),
        "/robots.txt" | "/xmlsitemap.php" => Reply::bytes(404, "text/plain", Vec::new()),
        _ => Reply { status: 429, ..html(shop("")) },
    });
    let found = checked(&shop, &storefront.url(), |_| {});
    assert_eq!(shop.log().len(), 4, "{:?}", shop.log());
    assert_eq!((found.page("/").0, found.page("/cart.php").0), ("open", "unknown"));
    assert!(found.page("/blog/").1.contains("refuses further requests"));
    assert_eq!(found.status, 1);
}

#[test]
fn cached_old_pages_are_checked_again() {
    let storefront = good_storefront();
    let url = storefront.url();
    let carts = Arc::new(AtomicUsize::new(0));
    let shop = Site::new(store(move |request| {
        let is_old = request.path == "/cart.php" && carts.fetch_add(1, Ordering::SeqCst) < 3;
        html(if is_old { shop("") } else { notice(&url) })
    }));
    let settings = Settings { storefront: Some(storefront.url()), ..Settings::default() };
    let found = check(&shop, settings.clone(), Duration::ZERO);
    assert_eq!((found.status, found.page("/cart.php").0), (1, "open"));
    let found = check(&shop, settings, Duration::from_secs(120));
    assert_eq!((found.status, found.page("/cart.php").0), (0, "guarded"), "{:#}", found.document);
    let long = found.waits.iter().filter(|wait| wait.as_secs() == 15).count();
    assert_eq!(long, 2, "{:?}", found.waits);
    let page = shop.log().iter().filter(|request| request.path == "/brands/").count();
    assert_eq!(page, 2, "what is right is not asked for again");
}

/// How a storefront deals with shoppers: the answer; the status; the code; a word of the message.
type Storefronts = (fn(&Request, &str) -> Reply, u8, &'static [&'static str], &'static str);

#[test]
fn storefront_is_checked_too() {
    let table: &[Storefronts] = &[
        (|_, _| html("<p>There".to_owned()), 0, &[], ""),
        (
            |request, _| match request.path.as_str() {
                "/" | "/cart.php" | "/login" | "/logout" => html("<p>There".to_owned()),
                _ => Reply::bytes(404, "text/html", Vec::new()),
            },
            0,
            &["storefront-missing"],
            "/brands/",
        ),
        (
            |request, shop| match request.path.as_str() {
                "/cart.php" => redirect(&format!("{shop}/cart.php")),
                _ => html("<p>There".to_owned()),
            },
            1,
            &["storefront-leads-back"],
            "/cart.php",
        ),
        (
            |request, _| match request.path.as_str() {
                "/logout" => redirect(request.parameter("redirectTo").unwrap()),
                _ => html("<p>There".to_owned()),
            },
            0,
            &["storefront-open-redirect"],
            "/logout",
        ),
        (
            |request, _| match request.path.as_str() {
                "/login" => Reply::bytes(404, "text/html", Vec::new()),
                _ => html("<p>There".to_owned()),
            },
            0,
            &["storefront-sign-in"],
            "/login",
        ),
        (|_, _| Reply::bytes(500, "text/html", Vec::new()), 1, &["live-unknown"], "status 500"),
        (
            |request, _| redirect(if request.path == "/" { "/a" } else { "/" }),
            1,
            &["live-unknown"],
            "again and again",
        ),
    ];
    for (number, (answer, status, codes, words)) in table.iter().enumerate() {
        let back = Arc::new(std::sync::Mutex::new(String::new()));
        let to = back.clone();
        let storefront = Site::new(move |request| answer(request, &to.lock().unwrap()));
        let page = notice(&storefront.url());
        let shop = Site::new(store(move |_| html(page.clone())));
        *back.lock().unwrap() = shop.url();
        let found = checked(&shop, &storefront.url(), |_| {});
        assert_eq!(found.status, *status, "row {number}: {:#}", found.document);
        assert_eq!(found.codes(), codes.iter().copied().collect(), "row {number}");
        let said = found.document["findings"].to_string();
        assert!(said.contains(words), "row {number}: {said}");
    }
}

#[test]
fn unsupported_live_checks_are_refused() {
    let shop = good_storefront();
    let found = checked(&shop, &shop.url(), |_| {});
    assert_eq!(found.status, 2);
    assert!(found.document.to_string().contains("is the storefront itself"));
    let run = |arguments: &[&str]| crate::driver::Playground::new().run(arguments);
    let outcome =
        run(&["check", "http://checkout.example.com", "--storefront", "https://a.example"]);
    assert!(outcome.status == 2 && outcome.messages.contains("https"), "{}", outcome.messages);
    let outcome = run(&["check", &shop.url()]);
    assert!(outcome.status == 2 && outcome.messages.contains("no storefront"), "{outcome:?}");
    let sarif = ["check", &shop.url(), "--format", "sarif", "--storefront", "https://a.example"];
    assert_eq!(run(&sarif).status, 2);
}

/// The address of channel 2, at which its theme is shown once `shows_changes` says so.
pub(crate) fn live_channel(world: &World, storefront: &Site, shows_changes: fn() -> bool) -> Site {
    let state = world.store.shared();
    let head = move || {
        let state = state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let file = tempfile::Builder::new().suffix(".zip").tempfile().unwrap();
        std::fs::write(file.path(), &state.shown(2).zip).unwrap();
        let theme = stencil_guard::theme::load(file.path()).unwrap();
        let head = theme.bytes("templates/components/stencil-guard/head.html")?;
        let head = String::from_utf8(head.to_vec()).unwrap().replace("{{nonce}}", "");
        let (start, end) = (head.find("<meta")?, head.find("</noscript>")?);
        Some(head[start..end].to_owned() + "</noscript>")
    };
    let site = Site::new(store(move |_| {
        html(shop(&head().filter(|_| shows_changes()).unwrap_or_default()))
    }));
    let mut state = world.store.state();
    let channel = state.channels.get_mut(&2).unwrap();
    channel.site = storefront.url();
    channel.checkout = Some(site.url());
    channel.canonical = Some(site.url());
    site
}

#[test]
fn deploy_ends_with_a_live_check() {
    let storefront = good_storefront();
    for (shows_changes, status, codes) in [
        ((|| true) as fn() -> bool, 0, vec![]),
        (|| false, 1, vec![serde_json::Value::from("open-page")]),
    ] {
        let world = World::new();
        let site = live_channel(&world, &storefront, shows_changes);
        let flags = Settings { storefront: Some(storefront.url()), ..Settings::default() };
        let mut request = DeployRequest { no_live_check: false, ..world.deployment() };
        request.build.sources = flags.into();
        // Nothing is changed the second time, and the store is looked at all the same.
        for is_changed in [true, false] {
            let (found, document) = world.deploy(&request);
            assert_eq!(found, status, "{document:#}");
            let found = document["findings"].as_array().unwrap().iter().map(|one| &one["code"]);
            assert_eq!(found.collect::<Vec<_>>(), codes.iter().collect::<Vec<_>>());
            let changes = &document["changes"];
            assert_eq!(changes["channels"][0]["is-changed"], is_changed);
            assert_eq!(changes["live"]["hosts"][0]["address"], site.url() + "/");
            let plan = changes["plan"].to_string();
            assert_eq!(plan.contains("look at the live store"), is_changed, "{plan}");
        }
    }
}

#[test]
fn channel_addresses_come_from_the_store() {
    let storefront = good_storefront();
    let world = World::new();
    let site = live_channel(&world, &storefront, || true);
    let twin = Site::new(store(|_| html(shop(""))));
    world.store.state().channels.get_mut(&2).unwrap().canonical = Some(twin.url());
    let request = LiveRequest {
        address: site.url(),
        channel: Some(2),
        store: world.request(),
        sources: Settings { storefront: Some(storefront.url()), ..Settings::default() }.into(),
        wait: Duration::ZERO,
    };
    let (_, document) = said(&live::run(&request, &environment().0));
    let hosts = document["live"]["hosts"].as_array().unwrap();
    let hosts: Vec<&Value> = hosts.iter().map(|host| &host["address"]).collect();
    assert_eq!(hosts, [&(site.url() + "/"), &(twin.url() + "/")]);
    world.assert_token_is_safe();
}

/// A listener that answers whatever comes with no word of TLS, and how often somebody came.
fn careless() -> (String, Arc<AtomicUsize>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let count = Arc::new(AtomicUsize::new(0));
    let visitors = count.clone();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            visitors.fetch_add(1, Ordering::SeqCst);
            let _ = std::io::Write::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    (url, count)
}

#[test]
fn unreachable_host_is_unknown_and_soon_given_up() {
    let (careless, visitors) = careless();
    // Nobody listens here any more.
    let gone = good_storefront().url();
    for (address, words, most) in [(careless, "not secure", 2), (gone, "no answer", 2)] {
        let sources =
            Settings { storefront: Some("https://a.example".to_owned()), ..Settings::default() };
        let request = LiveRequest {
            address,
            channel: None,
            store: StoreRequest::default(),
            sources: sources.into(),
            wait: Duration::ZERO,
        };
        let (status, document) = said(&live::run(&request, &environment().0));
        assert_eq!(status, 1);
        let page = &document["live"]["hosts"][0]["pages"][0];
        assert_eq!(page["outcome"], "unknown");
        assert!(page["reason"].as_str().unwrap().contains(words), "{page}");
        assert!(document["live"]["requests"].as_u64().unwrap() <= most, "{document:#}");
    }
    assert!(visitors.load(Ordering::SeqCst) <= 2);
}

/// The storefront is asked for what the path rules lead to, not for the hosted shop's own addresses; and a group
/// stands for its pages.
#[test]
fn storefront_is_asked_for_mapped_addresses() {
    let storefront = Site::new(|request| match request.path.as_str() {
        "/logout" => redirect("/login"),
        path if path.ends_with(".php") => Reply::bytes(404, "text/html", Vec::new()),
        _ => html("<!doctype html><p>Storefront</p>".to_owned()),
    });
    let address = storefront.url();
    let base = address.trim_end_matches('/').to_owned();
    let site = Site::new(store(move |_| html(shop(&guard(&base, "")))));
    let plain = checked(&site, &address, |_| {});
    assert!(plain.codes().contains("storefront-missing"), "{}", plain.document);
    let mapped = checked(&site, &address, |settings| settings.paths = Some(Platform::Catalyst));
    assert!(!mapped.codes().contains("storefront-missing"), "{}", mapped.document);
    let kept = checked(&site, &address, |settings| settings.keep = Some(vec!["sign-in".into()]));
    assert_ne!(kept.page("/login.php").0, "guarded", "{}", kept.document);
}
