//! Kept pages whose scripts may leave for the storefront, and scripts that may keep a guard from working:
//! `build` and `check` say of each that they cannot tell.

use crate::driver::{STOREFRONT, options};
use crate::leaving_scripts::LEAVING;
use stencil_guard::guard::plan::Mechanism;
use stencil_guard::guard::storefront::Storefront;
use stencil_guard::pipeline::inspect::{self, CheckOptions};
use stencil_guard::pipeline::{self, Guarded, PageOutcome};
use stencil_guard::text::{Code, Finding, Severity};
use stencil_guard::theme::Theme;

const LAYOUT: &str = "<!doctype html><html><head><title>t</title></head><body>SHOP</body></html>";

pub(crate) fn theme(files: &[(&str, &str)]) -> Theme {
    let all = [
        ("config.json", "{\"name\":\"Mini\",\"version\":\"1.0.0\",\"settings\":{}}"),
        ("templates/layout/base.html", LAYOUT),
        ("templates/pages/home.html", "{{> layout/base}}"),
        ("templates/pages/checkout.html", "<p>PAY</p>"),
    ];
    let all = all.iter().chain(files);
    Theme::default()
        .with(all.map(|(path, text)| ((*path).to_owned(), Some(text.as_bytes().to_vec()))))
}

pub(crate) fn build(theme: &Theme) -> Guarded {
    build_by(theme, Mechanism::Redirect)
}

fn build_by(theme: &Theme, mechanism: Mechanism) -> Guarded {
    pipeline::guard(theme, &options(mechanism)).unwrap()
}

pub(crate) fn check(theme: &Theme) -> inspect::Checked {
    let storefront = Some(Storefront::parse(STOREFRONT).unwrap());
    inspect::check(theme, &CheckOptions { storefront, ..CheckOptions::default() }).unwrap()
}

/// What matters of findings: errors and warnings, without what the small theme itself lacks.
fn told(findings: &[Finding]) -> Vec<(Code, Severity)> {
    let told = findings.iter().filter(|finding| finding.severity != Severity::Note);
    let mut told: Vec<_> = told.map(|finding| (finding.code, finding.severity)).collect();
    told.sort();
    told
}

/// What `build` and `check` say of the checkout with this in it; they say the same.
pub(crate) fn judged(page: &str) -> (PageOutcome, Vec<(Code, Severity)>) {
    let theme = theme(&[("templates/pages/checkout.html", page)]);
    let built = build(&theme);
    let checked = check(&built.theme);
    let (of_build, of_check) =
        (built.pages["pages/checkout"], checked.pages["pages/checkout"].outcome);
    assert_eq!(of_build, of_check, "build and check differ: {page}");
    assert_eq!(told(&built.findings), told(&checked.findings), "build and check differ: {page}");
    (of_check, told(&checked.findings))
}

#[test]
fn a_kept_page_whose_script_names_the_storefront_and_goes_somewhere_is_never_said_to_be_kept() {
    let uncertain = (Code::CannotTell, Severity::Error);
    for (script, _) in LEAVING {
        let to = "'https://shop.example.com/x'";
        let script = script.replace("GO", &format!("location.href = {to}")).replace("TO", to);
        let (outcome, told) = judged(&format!("<script>{script}</script><p>PAY</p>"));
        assert_eq!(outcome, PageOutcome::Uncertain, "{script}");
        assert!(told.contains(&uncertain), "{script}: {told:?}");
    }
}

#[test]
fn handlers_and_addresses_that_are_run_are_scripts_too() {
    for page in [
        "<body onload=\"location='https://shop.example.com'\">PAY",
        "<img src=x onerror=\"location='https://shop.example.com'\">PAY",
        "<p onclick=\"location='https://shop.example.com'\">PAY</p>",
        "<p onmouseover=\"location.assign('https://shop.example.com')\">PAY</p>",
        "<a href=\"javascript:location='https://shop.example.com'\">PAY</a>",
        "<a href=\" JavaScript:location.replace('https://shop.example.com')\">PAY</a>",
        "<form action=\"javascript:location='https://shop.example.com'\">PAY</form>",
        "<svg onload='location.replace(\"//shop.example.com\")'></svg>PAY",
        "<body onload=\"go()\"><script>function go() { location = 'https://shop.example.com' }</script>PAY",
        "<script>var shop = 'https://shop.example.com'</script><body onload=\"location = shop\">PAY",
        "<body onpageshow=\"location=&quot;https://shop.example.com&quot;\">PAY",
    ] {
        assert_eq!(judged(page).0, PageOutcome::Uncertain, "{page}");
    }
}

#[test]
fn a_name_of_which_a_template_prints_a_part_may_be_any() {
    let there = "'https://shop.example.com/x'";
    for script in [
        "loca{{x}}tion = TO",
        "loca{{{x}}}tion = TO",
        "window.loca{{x}}tion.href = TO",
        "lo{{x}}on = TO",
        "loc{{x}} = TO",
        "{{x}}tion = TO",
        "loca{{x}}{{y}}tion = TO",
        "l{{x}}oca{{y}}tion.assign(TO)",
        "location.repl{{x}}ace(TO)",
        "location.{{x}}lace(TO)",
        "navi{{x}}gation.navi{{y}}gate(TO)",
        "loca{{#if a}}{{/if}}tion = TO",
        "loca{{#if a}}x{{/if}}tion = TO",
        "loca{{#if a}}tion = TO{{else}}x{{/if}}",
        "loca{{#each a}}x{{/each}}tion = TO",
        "{{#if a}}loca{{else}}x{{/if}}tion = TO",
        "loca{{!}}tion = TO",
        "loca{{> components/none}}tion = TO",
        "loca{{#block 'none'}}{{/block}}tion = TO",
        "{{#if a}}x(){{/if}}location = TO",
        "var y = {{#if a}}1{{else}}2{{/if}}; location = TO",
    ] {
        let script = script.replace("TO", there);
        let page = format!("<script>{script}</script><p>PAY</p>");
        assert_eq!(judged(&page).0, PageOutcome::Uncertain, "{script}");
        let page = format!("<body onload=\"{script}\"><p>PAY</p>");
        assert_eq!(judged(&page).0, PageOutcome::Uncertain, "{page}");
    }
}

#[test]
fn a_loop_goes_on_where_its_body_ended() {
    let away = "<script>location = 'https://shop.example.com/'</script>";
    for page in [
        "<p title='{{#each list}}AWAY{{/each}}'>",
        "<title>{{#each list}}AWAY</title>{{/each}}",
        "<style>{{#each list}}AWAY</style>{{/each}}",
        "<textarea>{{#each list}}AWAY</textarea>{{/each}}",
        "<noscript>{{#each list}}AWAY</noscript>{{/each}}",
        "<template>{{#each list}}AWAY</template>{{/each}}",
        "<!-- {{#each list}}AWAY-->{{/each}}",
        "<!-- {{#for 1 3}}AWAY-->{{/for}}",
        "<!-- {{#pages}}AWAY-->{{/pages}}",
        "<!-- {{#each list}}{{#each this}}AWAY{{/each}}-->{{/each}}",
        "<!-- {{#each list}}{{> components/away}}-->{{/each}}",
        "<!-- {{#each list}}{{#if x}}AWAY{{else}}y{{/if}}-->{{/each}}",
        "<p title=\"{{#each list}}{{#if x}}\"{{/if}}{{/each}}>AWAY",
    ] {
        let page = page.replace("AWAY", away) + "<p>PAY</p>";
        let checked = check(&theme(&[
            ("templates/pages/checkout.html", &page),
            ("templates/components/away.html", away),
        ]));
        assert_eq!(checked.pages["pages/checkout"].outcome, PageOutcome::Uncertain, "{page}");
    }
}

#[test]
fn what_is_printed_as_it_is_may_begin_what_ends_inside_a_value() {
    let away = "<script>location = 'https://shop.example.com/'</script>";
    for page in [
        "{{{x}}}<p title=\"-->AWAY\">",
        "{{{x}}}<p>y</p><a title=\"</noscript>AWAY\">z</a>",
        "{{#if y}}{{{x}}}{{/if}}<p title='</textarea><meta http-equiv=refresh content=0;url=//shop.example.com>'>",
        "{{#each list}}{{{this}}}{{/each}}<p title=\"-->AWAY\">",
        "{{nl2br x}}<p title=\"-->AWAY\">",
        "{{> components/raw}}<p title=\"-->AWAY\">",
        "{{{x}}}<p title=\"</noscript>AWAY",
        "{{{x}}}<!-- </title>AWAY -->",
        "{{{x}}}<title>-->AWAY</title>",
        "{{{x}}}<style>--><meta http-equiv=refresh content=0;url=//shop.example.com></style>",
        "{{{x}}}<xmp>--!>AWAY</xmp>",
        "{{{x}}}<noscript>-->AWAY</noscript>",
        "{{{x}}}<template></noscript>AWAY</template>",
    ] {
        let page = page.replace("AWAY", away) + "<p>PAY</p>";
        let checked = check(&theme(&[
            ("templates/pages/checkout.html", &page),
            ("templates/components/raw.html", "<p>{{{x}}}</p>"),
        ]));
        assert_eq!(checked.pages["pages/checkout"].outcome, PageOutcome::Uncertain, "{page}");
    }
}

#[test]
fn quotes_after_unknown_output_in_a_tag_are_doubted() {
    let away = "<script>location = `https://shop.example.com/`</script>";
    for page in [
        "<p data-{{x}}='AWAY'>",
        "<p data-{{x}} = \"<title>AWAY\">",
        "<p id={{x}}\"<i>AWAY\">",
        "<p id= {{x}} '<i>AWAY'>",
        "<p id={{x}} title=\"<i>AWAY\">",
    ] {
        let page = page.replace("AWAY", away) + "<p>PAY</p>";
        let checked = check(&theme(&[("templates/pages/checkout.html", &page)]));
        assert_eq!(checked.pages["pages/checkout"].outcome, PageOutcome::Uncertain, "{page}");
    }
    for page in ["<p data-{{x}}='a'>", "<p id={{x}} title='a b'>", "<p id='{{x}}' title='a>b'>"] {
        let page = format!("{page}<script>f(location)</script><p>PAY</p>");
        assert_eq!(judged(&page).0, PageOutcome::Kept, "{page}");
    }
}

#[test]
fn block_parameters_named_like_helpers_are_doubted() {
    let body = "<script>location = 'https://shop.example.com'</script>";
    for include in ["{{> components/x}}", "{{~> components/x}}"] {
        for component in [
            "{{#each list as |inject|}}{{#inject}}AWAY{{/inject}}{{/each}}",
            "{{#each list as |if|}}{{~#if 0}}AWAY{{/if}}{{~/each}}",
        ] {
            let component = component.replace("AWAY", body);
            let checked = check(&theme(&[
                ("templates/pages/checkout.html", &format!("{include}<p>PAY</p>")),
                ("templates/components/x.html", &component),
            ]));
            let outcome = checked.pages["pages/checkout"].outcome;
            assert_eq!(outcome, PageOutcome::Uncertain, "{include} {component}");
        }
    }
}

#[test]
fn a_kept_page_of_which_there_is_too_much_to_follow_is_never_said_to_be_kept() {
    let away = "<script>location = 'https://shop.example.com'</script>";
    let name = |number: usize| format!("templates/components/c{number}.html");
    let chain = (0..150).map(|number| match number {
        149 => (name(number), away.to_owned()),
        _ => (name(number), format!("x{{{{> components/c{}}}}}", number + 1)),
    });
    let many: String = (0..2_100).map(|number| format!("{{{{> components/c{number}}}}}")).collect();
    let each = (0..2_100).map(|number| {
        let text = if number == 2_099 { away.to_owned() } else { number.to_string() };
        (name(number), text)
    });
    let themes: [(&str, Vec<(String, String)>); 2] =
        [("{{> components/c0}}PAY", chain.collect()), (&many, each.collect())];
    for (page, files) in themes {
        let files: Vec<(&str, &str)> = files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .chain([("templates/pages/checkout.html", page)])
            .collect();
        let checked = check(&theme(&files));
        let outcome = checked.pages["pages/checkout"].outcome;
        assert_eq!(outcome, PageOutcome::Uncertain, "{page:.60}");
    }
}

#[test]
fn a_kept_page_that_goes_nowhere_else_is_kept_without_a_word() {
    for script in [
        "var shop = 'https://shop.example.com'",
        "document.querySelector('.logo').href = 'https://shop.example.com'",
        "fetch('https://shop.example.com/api')",
        "var text = \"location = 'https://shop.example.com'\"",
        "location.href = '/checkout/x'; location = '?a=b'; location = 'tel:1'",
        "// location = 'https://shop.example.com'",
        "if (location.href == 'https://shop.example.com') console.log(location)",
        "location.hash = 'https://shop.example.com'",
        "location.reload(); var shop = 'shop.example.com'",
        "request.open('GET', 'https://shop.example.com')",
        "function f(location) { location.href = 'https://shop.example.com' }",
        "location.href = '/checkout'",
        "location.href = '#top'",
        "location = 'mailto:help@shop.example'",
        "<!-- location = '/cart.php' -->",
    ] {
        let (outcome, told) = judged(&format!("<script>{script}</script><p>PAY</p>"));
        assert_eq!((outcome, told.as_slice()), (PageOutcome::Kept, &[][..]), "{script}");
    }
}

/// Scripts that run before a guard, and may keep it from working.
const BEFORE: &[&str] = &[
    "<script>window.URL = function () { return location }</script>",
    "<script>history.replaceState(null, '', '/checkout')</script>",
    "<script>navigation.addEventListener('navigate', e => e.preventDefault())</script>",
    "<script>Array.prototype.concat = () => ['x']</script>",
    "<script>Object.defineProperty(window, 'top', { value: 1 })</script>",
    "<script>String.prototype.replace = String</script>",
    "<script>var URLSearchParams = null</script>",
    "<script>const top = 1, Date = { now() { throw 1 } }</script>",
    "<script>Storage.prototype.getItem = () => '1 1 1 1 1'</script>",
    "<script>onbeforeunload = () => false</script>",
    "<script>document.write('<plaintext hidden>')</script>",
    "<script>window.stop()</script>",
    "<script>x()</script>",
    "<script>debugger</script>",
    "<script src=/first.js></script>",
    "<script async src=/first.js></script>",
    "<script>if (x {</script>",
];

#[test]
fn a_script_that_nobody_knows_before_the_guard_makes_it_uncertain() {
    let guarded = build(&theme(&[])).theme;
    let with = |before: &str| {
        let layout = guarded.template("layout/base").map(String::from_utf8_lossy).unwrap();
        let layout = layout.replace("<head>", &format!("<head>{before}"));
        check(&theme(&[
            ("templates/layout/base.html", &layout),
            (
                "templates/components/stencil-guard/head.html",
                &String::from_utf8_lossy(
                    guarded.template("components/stencil-guard/head").unwrap(),
                ),
            ),
        ]))
    };
    for before in BEFORE {
        let checked = with(before);
        assert_eq!(checked.pages["pages/home"].outcome, PageOutcome::Uncertain, "{before}");
        assert_eq!(checked.pages["pages/checkout"].outcome, PageOutcome::Kept, "{before}");
    }
    for before in [
        "",
        "<meta charset=utf-8><title>x</title>",
        "<script>var dataLayer = [{ page: 'x' }]</script>",
        "<script type=application/ld+json>{ \"a\": 1 }</script>",
        "<script type=text/template><p>{{x}}</p></script>",
        "<script>document.documentElement.className = 'js'</script>",
        "<script defer src=/late.js></script>",
        "<script type=module src=/late.js></script>",
        "<script>'use strict'</script>",
        "<script></script>",
        "<style>a { b: c }</style>",
    ] {
        assert_eq!(with(before).pages["pages/home"].outcome, PageOutcome::Guarded, "{before}");
    }
}

/// Markup of which nobody can tell what browsers make of it, with words in it that scripts have, too.
const ODD: &[&str] = &[
    "<title>{{{x}}}</title><!-- where our location is -->",
    "{{#if a}}<title>{{/if}}<!-- navigation -->",
    "<style>{{{x}}}</style><!-- refresh -->",
    "<{{x}} {{{y}}}><!-- location -->",
    "<textarea>{{{x}}}</textarea><script type=text/x-template>location</script>",
];

#[test]
fn a_kept_page_of_odd_markup_is_what_it_was_unless_the_guard_prints_something_there() {
    for odd in ODD {
        let layout = format!("<!doctype html><html><head>{odd}</head><body>PAY</body></html>");
        let theme = theme(&[
            ("templates/layout/pay.html", &layout),
            ("templates/pages/checkout.html", "{{> layout/pay}}"),
            ("templates/pages/product.html", "{{> layout/pay}}"),
            ("assets/js/away.js", "function f() { location = 'https://shop.example.com/' }"),
        ]);
        let guarded = build(&theme);
        let pages = &guarded.pages;
        assert_eq!(pages["pages/checkout"], PageOutcome::Kept, "{odd}: {:?}", guarded.findings);
        assert_eq!(pages["pages/product"], PageOutcome::Guarded, "{odd}");
        assert!(!guarded.has_errors(), "{odd}: {:?}", guarded.findings);
        let checked = check(&guarded.theme);
        assert_eq!(checked.pages["pages/checkout"].outcome, PageOutcome::Kept, "{odd}");
        // A link to the storefront leads nobody away by itself, a script may.
        let to = |text: &str| {
            let page = format!("{{{{> layout/pay}}}}{text}");
            let path = "templates/pages/checkout.html".to_owned();
            check(&guarded.theme.with([(path, Some(page.into_bytes()))])).pages["pages/checkout"]
                .outcome
        };
        assert_eq!(to("<a href=\"https://shop.example.com/\">x</a>"), PageOutcome::Kept, "{odd}");
        for away in [
            "<!-- 'https://shop.example.com/' -->",
            "<!-- {{theme_settings.stencil_guard_storefront}} -->",
            "<!-- http-equiv=refresh content='0;url=/' -->",
            "<script src=\"{{cdn 'assets/js/away.js'}}\"></script>",
        ] {
            assert_ne!(to(away), PageOutcome::Kept, "{odd}{away}");
        }
        let head = guarded.theme.template("components/stencil-guard/head");
        let head = format!("{}<i>x</i>", String::from_utf8_lossy(head.unwrap()));
        let path = "templates/components/stencil-guard/head.html".to_owned();
        let checked = check(&guarded.theme.with([(path, Some(head.into_bytes()))]));
        assert_eq!(checked.pages["pages/checkout"].outcome, PageOutcome::Uncertain, "{odd}");
    }
}

/// The messages of findings about scripts, in the order in which they are told.
fn messages(findings: &[Finding]) -> Vec<String> {
    let codes = [Code::NavigatingScript, Code::OutOfReach, Code::FetchedFragment];
    let found = findings.iter().filter(|finding| codes.contains(&finding.code));
    found.map(|finding| finding.message.clone()).collect()
}

#[test]
fn a_script_is_told_once_for_each_address_in_the_shop_and_with_that() {
    let page = "<script>
// window.location.replace('/cart.php');
/* location.href = '/brands/'; */
var a = '<a href=\"mailto:x@x.example\">mail</a>';
var b = '<a href=\"tel:123\">call</a>';
var c = '<a href=\"#more\">more</a>';
function pay() { window.location.href = '/checkout'; }
var d = '<a href=\"/account.php\">account</a>';
function out() { location.href = '/cart.php'; }
function back() { location = \"/cart.php\"; }
function top() { location = '/cart.php#items'; }
window.open('/shop/');
</script>";
    let theme = theme(&[("templates/pages/checkout.html", page)]);
    let expected = [
        "a script of a kept page leads to `/account.php`, the guarded page `account/orders/all`",
        "a script of a kept page leads to `/cart.php`, the guarded page `cart`",
        "a script of a kept page leads to `/shop/`, which is in the shop",
    ];
    let findings = build(&theme).findings;
    assert_eq!(messages(&findings), expected);
    assert_eq!(findings.iter().map(|finding| finding.related.len()).sum::<usize>(), 2);
    assert_eq!(messages(&check(&build(&theme).theme).findings), expected);
}

#[test]
fn all_addresses_that_stand_at_one_place_are_told_together() {
    let says = |links: &str| {
        let page = format!("<script>menu.innerHTML = '{links}';</script>PAY");
        let theme = theme(&[("templates/pages/checkout.html", &page)]);
        messages(&build(&theme).findings).join(" | ")
    };
    let link = |to: &str| format!("<a href=\"{to}\">x</a>");
    let leads = |place: &str| format!("a script of a kept page leads to {place}");
    assert_eq!(
        says(&(link("/rugs/") + &link("/brands/") + &link("/mats/") + &link("/checkout"))),
        leads(
            "`/brands/`, the guarded page `brands`; `/mats/` and `/rugs/`, which are in the shop"
        )
    );
    assert_eq!(
        says(&(link("/d/") + &link("/b/") + &link("/a/") + &link("/c/"))),
        leads("`/a/`, `/b/`, `/c/` and `/d/`, which are in the shop")
    );
    assert_eq!(
        says(&["e", "d", "b", "a", "c", "a"].map(|it| link(&format!("/{it}/"))).concat()),
        leads("`/a/`, `/b/`, `/c/` and 2 more, which are in the shop")
    );
}

#[test]
fn where_a_script_of_a_kept_page_leads_is_said() {
    let unknown = "an address that stencil-guard cannot read there";
    for (script, expected) in [
        ("location = '{{urls.home}}'", "`{{urls.home}}`, the guarded page `home`"),
        ("location = \"{{urls.cart}}?a=\" + x", "`{{urls.cart}}?a=…`, the guarded page `cart`"),
        ("location = '/search.php?q=' + q", "`/search.php?q=…`, the guarded page `search`"),
        ("location = `/brands/${x}`", "`/brands/…`, the guarded page `brands`"),
        ("location = `/rugs/${x}`", "`/rugs/…`, which is in the shop"),
        ("location = '/manage/dashboard'", ""),
        (
            "location = a ? '/checkout' : '/login.php'",
            "`/login.php`, the guarded page `auth/login`",
        ),
        ("var to = '/login.php'; location = to", "`/login.php`, the guarded page `auth/login`"),
        ("open('/sale')", "`/sale`, which is in the shop"),
        (
            "location = '/cart.php?action=add&id=' + id",
            "`/cart.php?action=add&id=…`, the guarded page `cart`",
        ),
        ("location = next", unknown),
        ("location = '{{{next}}}'", unknown),
        ("location = a; location = b; top.location = c", unknown),
        ("location = '/' + '/elsewhere.example'", ""),
        ("location = 'https://elsewhere.example'", ""),
        ("location = '{{cdn \"assets/a.pdf\"}}'", ""),
        ("open('/content/terms.pdf')", ""),
        ("x.innerHTML = '<a href=\"' + url + '\">x</a>'", ""),
    ] {
        let page = format!("<script>{script}</script>PAY");
        let theme = theme(&[("templates/pages/checkout.html", &page)]);
        let expected = match expected {
            "" => Vec::new(),
            place => vec![format!("a script of a kept page leads to {place}")],
        };
        assert_eq!(messages(&build(&theme).findings), expected, "{script}");
    }
}

const APP: &str = "import Global from './theme/global';
const getAccount = () => import('./theme/account');
const pageClasses = {
    cart: () => import('./theme/cart'),
    account_order: getAccount,
    checkout: () => import('./theme/checkout'),
    default: null,
};";

/// What is said of a theme whose layout for the checkout has this script, with such files.
fn with_files(script: &str, files: &[(&str, &str)]) -> Vec<String> {
    let page = format!("<html><head></head><body>{script}PAY</body></html>");
    let mut all = vec![("templates/pages/checkout.html", page.as_str())];
    all.extend(files);
    messages(&build(&theme(&all)).findings)
}

#[test]
fn only_script_files_that_kept_pages_load_are_told() {
    let bundle = "<script src=\"{{cdn 'assets/dist/theme-bundle.main.js'}}\"></script>";
    let files = [
        ("assets/js/app.js", APP),
        ("assets/js/theme/global.js", "import './common/menu'"),
        ("assets/js/theme/common/menu.js", "window.location = '/brands/'"),
        ("assets/js/theme/cart.js", "window.location = '/cart.php'"),
        ("assets/js/theme/account.js", "window.location = '/account.php'"),
        ("assets/js/theme/checkout/index.js", "window.location = '/search.php'"),
        ("assets/js/theme/unused.js", "window.location = '/blog/'"),
        ("assets/js/vendor.js", "window.location = '/login.php'"),
    ];
    let told = with_files(bundle, &files);
    let [told] = told.as_slice() else { panic!("{told:?}") };
    for path in ["/brands/", "/search.php"] {
        assert!(told.contains(path), "{told}");
    }
    for path in ["/cart.php", "/account.php", "/blog/", "/login.php"] {
        assert!(!told.contains(path), "{told}");
    }
    for none in [
        "",
        "<script src=https://cdn.example/theme-bundle.main.js></script>",
        "<script src=\"{{cdn 'assets/js/missing.js'}}\"></script>",
        "<script>// {{cdn 'assets/js/vendor.js'}}</script>",
    ] {
        assert_eq!(with_files(none, &files), [""; 0], "{none}");
    }
    let own = "<script src=\"{{cdn 'assets/js/vendor.js'}}\"></script>";
    assert!(with_files(own, &files)[0].contains("/login.php"));
}

#[test]
fn only_a_request_of_a_script_that_kept_pages_load_fetches_a_template() {
    let page = "{{> components/header}}<script src=\"{{cdn 'assets/js/a.js'}}\"></script>PAY";
    let guarded = |path: &str, script: &str, mechanism: Mechanism| {
        let files = [
            ("templates/components/header.html", "<a href=\"{{urls.home}}\">x</a>"),
            ("templates/components/cart/head.html", "<a href=\"{{urls.home}}\">x</a>"),
            (
                "templates/pages/home.html",
                "{{> components/header}}{{> components/cart/head}}{{> layout/base}}",
            ),
            ("templates/pages/checkout.html", page),
            ("templates/pages/order-confirmation.html", "{{> components/cart/head}}OK"),
            (path, script),
        ];
        build_by(&theme(&files), mechanism)
    };
    // Some see the other pages, which need the template as it is.
    let told =
        |path: &str, script: &str| messages(&guarded(path, script, Mechanism::None).findings);
    for (path, script) in [
        ("assets/js/vendor.js.map", "var names = [\"header\", \"button\"];"),
        ("assets/js/vendor.js", "get({ template: 'header' })"),
        ("assets/js/a.js", "var names = ['header', 'button']"),
        ("assets/js/a.js", "x('header')"),
        ("assets/js/a.js", "// template: 'header'"),
        ("assets/js/a.js", "var o = { header: 1 }"),
        ("assets/js/a.js", "document.querySelector('header')"),
        ("assets/js/a.json", "{ \"template\": \"header\" }"),
        ("assets/js/words.txt", "'cart/head'"),
        ("assets/js/b.js", "get('cart/head')"),
    ] {
        assert_eq!(told(path, script), [""; 0], "{path}: {script}");
    }
    for script in [
        "api.getPage('/', { template: 'header' })",
        "get({ template: ['header', 'x'] })",
        "get({ template: { a: 'header' } })",
        "get({ headers: { 'stencil-template': 'header' } })",
        "const template = 'header'; get({ template })",
        "get('cart/head')",
        "get(`cart/head`)",
        "get('cart' + '/head')",
    ] {
        assert_eq!(told("assets/js/a.js", script).len(), 1, "{script}");
        // Nobody does, so that it changes where it stands.
        for mechanism in [Mechanism::Redirect, Mechanism::Dispatch(Vec::new())] {
            let built = guarded("assets/js/a.js", script, mechanism);
            assert_eq!(messages(&built.findings), [""; 0], "{script}");
            let name = if script.contains("cart") { "cart/head" } else { "header" };
            let text = built.theme.template(&format!("components/{name}")).unwrap();
            let expected = "<a data-guard-href=\"{{urls.home}}\">x</a>";
            assert_eq!(String::from_utf8_lossy(text), expected, "{script}");
            let is_copy = |it: &&str| it.contains("stencil-guard-kept") && it.contains(name);
            assert_eq!(built.theme.template_names().find(is_copy), None);
        }
    }
}

#[test]
fn a_kept_page_that_may_print_what_leaves_under_an_unusual_name_is_never_said_to_be_kept() {
    let leaves = "<script>location = 'https://shop.example.com'</script>";
    for page in [
        "{{#partial '@partial-block'}}LEAVES{{/partial}}{{> @partial-block}}",
        "{{#partial '@partial-block'}}LEAVES{{/partial}}{{> (concat '@partial-' 'block')}}",
        "{{#partial '@partial-block'}}LEAVES{{/partial}}{{#block '@partial-block'}}{{/block}}",
        "{{#*inline '@partial-block'}}LEAVES{{/inline}}{{> @partial-block}}",
        "{{#block '@partial-block'}}LEAVES{{/block}}",
        "{{#> @partial-block}}LEAVES{{/@partial-block}}",
        "{{#*inline 'u'}}{{/inline}}{{#partial 'q'}}{{/partial}}{{#> q}}LEAVES{{/q}}",
        "{{> '/components/leave'}}",
        "{{> 'components//leave'}}",
        "{{!-- {{> '/components/leave'}} --}}{{#block (concat '/' x)}}{{/block}}",
        "{{!-- {{> '/components/leave'}} --}}{{#block x}}{{/block}}",
        "{{#each list as |if|}}{{#if 0}}LEAVES{{/if}}{{/each}}",
        "{{#each list as |concat|}}{{#partial 'l'}}LEAVES{{/partial}}{{#block (concat 'a' x)}}{{/block}}{{/each}}",
    ] {
        let page = page.replace("LEAVES", leaves) + "<p>PAY</p>";
        let theme = theme(&[
            ("templates/pages/checkout.html", &page),
            ("templates/components/leave.html", leaves),
        ]);
        let outcome = check(&theme).pages["pages/checkout"].outcome;
        assert_eq!(outcome, PageOutcome::Uncertain, "{page}");
    }
}
