//! Path rules in a JavaScript engine, on the script as it is emitted: each row of each map at addresses that fit,
//! that nearly fit and that mean harm, and random rules at random addresses. The script and the table that
//! `paths` and `check` use must say the same, and neither leaves the named origins.

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};
use stencil_guard::guard::paths::{Address, PathRule, PathTable, maps};
use stencil_guard::guard::script::{Redirect, script};
use stencil_guard::guard::storefront::{ScopedStorefront, Storefront, Visit};
use url::Url;

use crate::engine::trial;
use crate::node;

const STORE: &str = "https://store.example.net";
const STOREFRONT: &str = "https://shop.example.com/x";
const BLOG: &str = "https://blog.example.com";

/// What browsers are led astray by.
const HOSTILE: &[&str] = &[
    "//evil.com",
    "///evil.com",
    "/\\evil.com",
    "/\t/evil.com",
    "/..//evil.com",
    "/@evil.com",
    "//user:pw@evil.com/cart.php",
    "/https://evil.com",
    "/javascript:alert(1)",
    "/%2F%2Fevil.com",
    "/%zz%?%&%1=%#%",
    "/a%00b%0a?%0d",
    "/'{{a}}'?{{b}}'",
    "/$&$1?$`",
    "/.//evil.com",
];

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("paths::every_row_of_every_map", node::missing(), every_row),
        trial("paths::script_and_table_agree", node::missing(), random),
        trial("paths::storefronts_do_not_redirect_to_themselves", node::missing(), at_home),
    ]
}

fn every_row() -> Result<(), Failed> {
    let storefront = Storefront::parse(STOREFRONT)?;
    for (name, map) in maps() {
        let table = PathTable::new(&[], Some(map), None)
            .for_pages(&["product", "category", "brand", "brands", "page"]);
        let mut addresses = Vec::new();
        for rule in &map.rules {
            let (address, expected) = fitting(rule);
            let lead = table.lead(&address, &storefront);
            let expected = format!("{}{expected}", storefront.base());
            if lead.address != expected {
                return Err(format!(
                    "{name}: {address:?} leads to {}, not {expected}",
                    lead.address
                )
                .into());
            }
            let near = Address {
                path: address.path.replacen('/', "/x", 1),
                page: String::new(),
                ..address.clone()
            };
            if table.lead(&near, &storefront).rule == lead.rule {
                return Err(format!("{name}: {near:?} is taken for {address:?}").into());
            }
            let hostile = HOSTILE
                .iter()
                .map(|text| Address { page: address.page.clone(), ..Address::parse(text) });
            addresses.extend(hostile);
            addresses.extend([address, near]);
        }
        compare(&table, &storefront, &addresses)?;
    }
    Ok(())
}

/// An address that a rule of a map is for, and where it leads below the storefront.
fn fitting(rule: &PathRule) -> (Address, String) {
    let from = rule.from.as_ref().map_or("/shoes/blue/", |from| from.as_str());
    let to = rule.to.as_str();
    let sign = if from.contains('?') { '&' } else { '?' };
    let (from, sign) = (from.replace('*', if to.contains("ids") { "1/2" } else { "a" }), sign);
    let query = "order_id=12&wishlistid=7&search_query=a%20b%26&c=3&t=x-y&product=1";
    let used: Vec<&str> = query
        .split('&')
        .filter(|pair| {
            let name = pair.split('=').next().unwrap_or_default();
            to.contains(&format!("{{{name}}}")) || to.contains(&format!("{{{name}:"))
        })
        .collect();
    let mut text = from;
    if !used.is_empty() {
        text = format!("{text}{sign}{}", used.join("&"));
    }
    let page = rule.page.as_ref().map(|pages| format!("pages/{}", pages.names()[0]));
    let address =
        Address { page: page.unwrap_or_default(), product: "42".into(), ..Address::parse(&text) };
    let values = [
        ("{order_id:int}", "12"),
        ("{wishlistid:int}", "7"),
        ("{search_query}", "a%20b%26"),
        ("{c}", "3"),
        ("{t}", "x-y"),
        ("{tail:ids}", "1,2"),
        ("{tail}", "a"),
        ("{path}", "/shoes/blue/"),
        ("{last}", "blue"),
        ("{product.id}", "42"),
    ];
    let expected =
        values.iter().fold(to.to_owned(), |text, (name, value)| text.replace(name, value));
    (address, expected)
}

/// What script and table make of each address is the same, and on a named origin.
fn compare(
    table: &PathTable,
    storefront: &Storefront,
    addresses: &[Address],
) -> Result<(), Failed> {
    let visits: Vec<Value> = addresses
        .iter()
        .map(|address| {
            let Address { host, path, query, fragment, page, product, locale, cart } = address;
            let origin = match host.as_str() {
                "" => STORE.to_owned(),
                host => format!("https://{host}"),
            };
            let location = format!("{origin}{path}{query}{fragment}");
            json!({ "location": location, "page": page, "product": product, "locale": locale, "cart": cart })
        })
        .collect();
    let answer = node::ask(
        json!({ "op": "scripts", "text": script(&Redirect { paths: table.clone(), ..Redirect::to(storefront.clone()) }), "visits": visits }),
    )?;
    let answers = answer["visits"].as_array().ok_or_else(|| format!("no answers: {answer}"))?;
    assert_eq!(answers.len(), addresses.len());
    for (address, answer) in addresses.iter().zip(answers) {
        let lead = table.lead(address, storefront).address;
        if answer["replaced"] != json!([lead]) {
            let rules = serde_json::to_string(table.rules())?;
            return Err(format!(
                "{address:?}: the script says {answer}, the table {lead}; {rules}"
            )
            .into());
        }
        let origin = Url::parse(&lead)?.origin().ascii_serialization();
        if !storefront.is_at(&origin) && origin != BLOG {
            return Err(format!("{address:?} leaves for {lead}").into());
        }
    }
    Ok(())
}

const TABLES: usize = 500;
const ADDRESSES: usize = 20;

fn random() -> Result<(), Failed> {
    let only = Storefront::parse(STOREFRONT)?;
    let mut dice = Dice(0x5eed);
    let (mut ruled, mut handed_on) = (0, 0);
    for _ in 0..TABLES {
        let rules: Vec<PathRule> = (0..=dice.below(6)).filter_map(|_| rule(&mut dice)).collect();
        let table =
            PathTable::new(&rules, None, dice.one_in(3).then(|| "/help".parse()).transpose()?);
        let table =
            table.with_cart_param(dice.one_in(3).then(|| dice.pick(&["cartId", "a"]).to_owned()));
        let rows = if dice.one_in(2) { 0 } else { dice.below(4) };
        let further: Vec<ScopedStorefront> =
            (0..rows).map(|_| further(&mut dice)).collect::<Result<_, _>>()?;
        let storefront = only.clone().with(further);
        let addresses: Vec<Address> = (0..ADDRESSES).map(|_| address(&mut dice)).collect();
        ruled += addresses
            .iter()
            .filter(|address| table.lead(address, &storefront).rule.is_some())
            .count();
        let leads = addresses.iter().map(|address| table.lead(address, &storefront).address);
        handed_on += leads.filter(|lead| lead.contains(CART)).count();
        compare(&table, &storefront, &addresses)?;
    }
    assert!(handed_on > TABLES, "{handed_on} carts are handed on");
    // Otherwise the table would be tried at addresses that no rule is for.
    assert!(ruled > TABLES * ADDRESSES / 5, "{ruled} addresses have a rule");
    Ok(())
}

const HOSTS: &[&str] = &["us.example.net", "fr.store.example.net:8443", "ca.example.org"];
const LOCALES: &[&str] = &["en", "fr", "fr-CA"];
const SITES: &[&str] =
    &["https://www.example.fr", "https://www.example.ca/fr", "https://a.example:99/b/c"];
const CART: &str = "e6b42bb5-72cf-43cb-9bd1-ce3a1a4ac7f2";

/// A storefront for some shoppers only.
fn further(dice: &mut Dice) -> Result<ScopedStorefront, Failed> {
    let host = dice.one_in(2).then(|| dice.pick(HOSTS).to_owned());
    let locale = (host.is_none() || dice.one_in(2)).then(|| dice.pick(LOCALES).to_owned());
    let storefront = Storefront::parse(dice.pick(SITES))?;
    Ok(ScopedStorefront { visit: Visit { host, locale }, storefront })
}

/// Where one of several storefronts is the shop itself, nobody is sent anywhere.
fn at_home() -> Result<(), Failed> {
    let site = |url: &str| Storefront::parse(url);
    let visit = Visit { locale: Some("fr".to_owned()), host: None };
    let rows = vec![ScopedStorefront { visit, storefront: site("https://www.example.fr/x")? }];
    let redirect = Redirect::to(site(STOREFRONT)?.with(rows));
    let visits = [
        "https://www.example.fr/a",
        "https://shop.example.com/a",
        "https://www.example.fr.example/a",
    ];
    let visits: Vec<Value> =
        visits.iter().map(|location| json!({ "location": location, "locale": "fr" })).collect();
    let answer =
        node::ask(json!({ "op": "scripts", "text": script(&redirect), "visits": visits }))?;
    let replaced: Vec<&Value> =
        answer["visits"].as_array().into_iter().flatten().map(|visit| &visit["replaced"]).collect();
    let expected = [json!([]), json!([]), json!(["https://www.example.fr/x/a"])];
    match replaced.iter().copied().eq(&expected) {
        true => Ok(()),
        false => Err(format!("{replaced:?}").into()),
    }
}

/// Numbers that are the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % end
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

const SEGMENTS: &[&str] = &[
    "a",
    "b",
    "cart.php",
    "login.php",
    "account.php",
    "compare",
    "1",
    "22",
    "fr",
    "pt-BR",
    "brands",
    "search.php",
    "%20",
    "gr%C3%B6%C3%9Fe",
    "a&b",
    "x+y",
    "..",
    ".",
    "",
    "%2e%2e",
    "A",
    "1,2",
    "a=b",
    "{a}",
    "%",
];
const PARAMETERS: &[&str] = &[
    "a",
    "b",
    "action",
    "order_id",
    "token",
    "c",
    "t",
    "data",
    "utm_source",
    "gclid",
    "orderToken",
    "q",
    "%61",
    "cartId",
];
const VALUES: &[&str] = &[
    "1",
    "12",
    "x",
    "",
    "..",
    "a%26b",
    "a b",
    "%zz",
    "\u{e9}",
    "change_password",
    "logout",
    "a=b",
    "//evil.com",
    "1,2",
    "+",
];

fn path(dice: &mut Dice, most: usize) -> String {
    let count = dice.below(most);
    let mut path: String = (0..count).map(|_| format!("/{}", dice.pick(SEGMENTS))).collect();
    if path.is_empty() || dice.one_in(3) {
        path.push('/');
    }
    path
}

fn query(dice: &mut Dice, most: usize) -> String {
    let pairs: Vec<String> = (0..dice.below(most))
        .map(|_| format!("{}={}", dice.pick(PARAMETERS), dice.pick(VALUES)))
        .collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

fn address(dice: &mut Dice) -> Address {
    let text = match dice.below(10) {
        0 => dice.pick(HOSTILE).to_owned(),
        _ => {
            let fragment = if dice.one_in(4) { "#top" } else { "" };
            format!("{}{}{fragment}", path(dice, 5), query(dice, 5))
        }
    };
    let page = dice.pick(&["pages/cart", "pages/product", "pages/category", ""]).to_owned();
    let product = dice.pick(&["", "42"]).to_owned();
    let host = dice.pick(&["", HOSTS[0], HOSTS[1], HOSTS[2]]).to_owned();
    let locale = dice.pick(&["", LOCALES[0], LOCALES[1], LOCALES[2]]).to_owned();
    let cart =
        dice.pick(&["", CART, CART, "x", "e6b42bb5-72cf-43cb-9bd1-ce3a1a4ac7f2&a=b"]).to_owned();
    Address { page, product, host, locale, cart, ..Address::parse(&text) }
}

/// A rule, if what the dice say is one.
fn rule(dice: &mut Dice) -> Option<PathRule> {
    let mut rule = json!({ "to": target(dice) });
    if !dice.one_in(4) {
        let star = dice.pick(&["", "", "/*"]);
        let from = format!("{}{star}{}", path(dice, 3).trim_end_matches('/'), query(dice, 2));
        rule["from"] = dice.pick(&[from.as_str(), "/*.php", "/*", "/a?action=*"]).into();
    }
    if dice.one_in(4) {
        rule["page"] = json!([dice.pick(&["pages/cart", "pages/product"]), "pages/category"]);
    }
    if dice.one_in(3) {
        rule["fallback"] = dice.pick(&["/", "/lost/", "https://blog.example.com/x"]).into();
    }
    if dice.one_in(3) {
        rule["query"] = "marketing".into();
    }
    serde_json::from_value(rule).ok()
}

fn target(dice: &mut Dice) -> String {
    const PIECES: &[&str] = &[
        "x",
        "{tail}",
        "{last}",
        "{path}",
        "{tail:ids}",
        "{tail:int}",
        "{order_id:int}",
        "{a}",
        "{q}",
        "p-{a}-{b}",
        "{product.id}",
        "",
    ];
    let start = dice.pick(&["", "", "", BLOG]);
    let path: String = (0..dice.below(4)).map(|_| format!("/{}", dice.pick(PIECES))).collect();
    let path = if path.is_empty() || path.starts_with("//") { "/".to_owned() } else { path };
    let pairs: Vec<String> = (0..dice.below(3))
        .map(|_| format!("{}={}", dice.pick(&["k", "term"]), dice.pick(PIECES)))
        .collect();
    let sign = if pairs.is_empty() { "" } else { "?" };
    format!("{start}{path}{sign}{}", pairs.join("&"))
}
