//! `report` as a user meets it: one page that is whole in itself, says what a build does, and does what no
//! theme tells it to.

use crate::driver::{Playground, Run, STOREFRONT, copy_folder, theme_zip};
use crate::themes::{folder, names};
use serde_json::Value;
use snapbox::{Data, assert_data_eq, str};
use std::path::Path;

fn report(playground: &Playground, theme: &str, output: &str, more: &[&str]) -> Run {
    let all = ["report", theme, "--storefront", STOREFRONT, "--output", output];
    playground.run(&[&all[..], more].concat())
}

/// The page about a theme, which a build would not refuse.
fn page(playground: &Playground, more: &[&str]) -> String {
    let run = report(playground, "theme", "report.html", more);
    assert_eq!(run.status, 0, "{}", run.messages);
    playground.read("report.html")
}

/// What stands in start and end tags, and what stands between them.
fn pieces(html: &str) -> (Vec<&str>, Vec<&str>) {
    let body = html.split_once("</style>").unwrap().1;
    let parts = body.split('<').skip(1).map(|part| part.split_once('>').unwrap());
    parts.unzip()
}

/// The words of the page, a line for each piece of text.
fn words(html: &str) -> String {
    let lines = pieces(html).1.into_iter().flat_map(str::lines).map(str::trim);
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    unescaped(&lines.join("\n")) + "\n"
}

fn unescaped(text: &str) -> String {
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#x3D;", "=")];
    let text = pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    text.replace("&#x60;", "`").replace("&amp;", "&")
}

#[test]
fn the_page_says_in_words_what_a_build_does() {
    let modes: [(&str, &[&str]); 3] = [
        ("redirect", &[]),
        ("conditional", &["--mode", "conditional", "--allow-group", "name:Staff"]),
        ("links", &["--mode", "links"]),
    ];
    for (mode, arguments) in modes {
        let playground = Playground::new();
        playground.theme(&[
            ("templates/pages/account/orders/invoice.html", "<html><head></head><p>Invoice</p></html>"),
            ("templates/pages/blog.html", "{{> layout/base}"),
            (
                "templates/pages/checkout.html",
                "<a href=\"{{urls.home}}\">Shop</a>{{{checkout.checkout_content}}}{{> layout/base}}",
            ),
        ]);
        let words = words(&page(&playground, arguments));
        let path = format!("tests/testsuite/snapshots/report-{mode}.txt");
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        assert_data_eq!(words, Data::read_from(&path, None).raw());
    }
}

#[test]
fn the_user_is_told_what_was_written() {
    let playground = Playground::new();
    playground.theme(&[]);
    let run = report(&playground, "theme", "report.html", &[]);
    assert_eq!((run.status, run.messages.as_str()), (0, ""));
    assert_data_eq!(
        run.results,
        str![[r#"
Every channel that uses this theme is affected, not only the headless one.

Small 1.0, as a build would guard it
  kept         2 pages  checkout, order-confirmation
  guarded      2 pages  all others send shoppers to the storefront
  edited       1 file   templates/layout/base.html
  added        2 files  templates/components/stencil-guard/head.html
                        templates/components/stencil-guard/record.html

Links from outside the theme to guarded pages, which these flags keep
  --keep cart                       `Edit cart` (checkout) now leads to /cart.php on the storefront

Addresses that only the hosted shop has arrive at the storefront as they are: /cart.php
  say which platform the storefront is on (--paths catalyst), or where they lead (--fallback /, [[path]])

Links that the platform makes itself, and what of the channel decides where each leads
...
Links that no template holds
  the store's scripts (Script Manager), mail templates and Page Builder content may hold some
    look for links and scripts there that lead to guarded pages

Written
  report  report.html (26 kB)

"#]]
    );
    let run = report(&playground, "theme", "report.html", &["--format", "json"]);
    let document: Value = serde_json::from_str(&run.results).unwrap();
    assert_eq!((&document["command"], &document["status"]), (&"report".into(), &"done".into()));
    assert_eq!(document["outputs"][0]["kind"], "report");
    assert_eq!(document["pages"].as_array().unwrap().len(), 4);
    let usage = playground.run(&["report", "theme", "--format", "json"]);
    let usage: Value = serde_json::from_str(&usage.results).unwrap();
    assert_eq!((&usage["command"], &usage["status"]), (&"report".into(), &"failed".into()));
}

#[test]
fn every_page_of_every_theme_is_told_of_once() {
    for name in names() {
        for mode in ["redirect", "replace", "links"] {
            let playground = Playground::new();
            copy_folder(&folder().join(&name), &playground.path("theme"));
            let html = page(&playground, &["--mode", mode]);
            is_whole(&html);
            let told = names_of_pages(&html);
            let pages = playground.files("theme/templates/pages");
            let pages = pages.iter().filter(|path| path.ends_with(".html")).count();
            assert!(told == pages && pages > 0, "{name}: {told} of {pages}");
            assert!(!html.contains("class=\"label\"></span>"), "{name}");
        }
    }
}

/// How many pages the section about them names.
fn names_of_pages(html: &str) -> usize {
    let section = html.split_once("id=\"pages\"").unwrap().1.split_once("</section>").unwrap().0;
    section.matches("<li class=\"name\">").count()
}

/// The page asks for nothing, runs nothing, and its links lead to places that it has.
fn is_whole(html: &str) {
    assert!(html.len() < 1_000_000, "{} bytes", html.len());
    let policy = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">";
    assert!(html.contains(policy));
    let (tags, _) = pieces(html);
    const ELEMENTS: &[&str] = &[
        "a", "b", "body", "caption", "circle", "code", "dd", "del", "details", "div", "dl", "dt",
        "footer", "h1", "h2", "h3", "head", "header", "html", "ins", "li", "main", "nav", "ol",
        "p", "path", "section", "span", "strong", "summary", "svg", "symbol", "table", "tbody",
        "td", "th", "thead", "tr", "ul", "use",
    ];
    const ATTRIBUTES: &[&str] = &[
        "aria-hidden",
        "aria-label",
        "aria-labelledby",
        "class",
        "cx",
        "cy",
        "d",
        "href",
        "id",
        "r",
        "scope",
        "viewBox",
    ];
    let mut links = 0;
    for tag in tags {
        let tag = tag.trim_start_matches('/').trim_end_matches('/');
        let (element, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        assert!(ELEMENTS.contains(&element), "<{tag}>");
        for (number, piece) in
            attributes.split('"').enumerate().filter(|(number, _)| number % 2 == 0)
        {
            let name = piece.trim().trim_end_matches('=');
            let value = attributes.split('"').nth(number + 1).unwrap_or_default();
            assert!(name.is_empty() || ATTRIBUTES.contains(&name), "<{tag}>");
            if name == "href" {
                links += 1;
                let id = value.strip_prefix('#').unwrap_or_else(|| panic!("<{tag}>"));
                assert_eq!(html.matches(&format!("id=\"{id}\"")).count(), 1, "<{tag}>");
            }
        }
    }
    assert!(links > 10);
}

#[test]
fn what_a_theme_holds_is_text() {
    let hostile = "\"'><script>alert(1)</script><img src=x onerror=alert(1)></style></code>{{x}}";
    let playground = Playground::new();
    let config = format!(
        "{{\"name\": {name}, \"version\": {name}, \"settings\": {{}}, \"variations\": [{{\"id\": \"x\", \"name\": \"X\", \"meta\": {{}}}}]}}",
        name = Value::from(hostile)
    );
    let link = "<a href=\"/x'><script>alert(1)</script>\" href='\"><img src=x onerror=alert(1)>'>\n<a href='{{lang \"</code><script>\"}}'>";
    playground.theme(&[
        ("config.json", &config),
        (
            "templates/layout/base.html",
            &format!(
                "<html><head><title>\u{202e}</title></head>{hostile}{{{{> components/x}}}}</html>"
            ),
        ),
        ("templates/components/x.html", link),
        ("templates/pages/a'\"><img src=x onerror=alert(1)>.html", "{{> layout/base}}"),
        (
            "templates/pages/<script>alert(1)<!--/<svg onload=x>.html",
            "{{region name='</li><script>'}}{{> layout/base}}",
        ),
        ("lang/en.json", "{\"</code><script>\": \"<a href='/'>\"}"),
    ]);
    for arguments in [&["--mode", "redirect"][..], &["--mode", "replace"], &["--mode", "links"]] {
        let name = "<script>alert(1)<!--/<svg onload=x>";
        let html = page(&playground, &[arguments, &["--keep", name, "--keep", "cart"]].concat());
        is_whole(&html);
        assert!(html.contains("&lt;script&gt;alert(1)") && !html.contains('\u{202e}'));
        assert!(words(&html).contains(hostile), "the name is shown as it is");
        assert_eq!(html.matches("</style>").count(), 1);
    }
    let run = report(
        &playground,
        "theme",
        "report.html",
        &["--mode", "conditional", "--allow-group", &format!("name:{hostile}")],
    );
    assert_eq!(run.status, 0, "{}", run.messages);
    is_whole(&playground.read("report.html"));
}

#[test]
fn each_address_is_told_with_the_place_where_shoppers_arrive() {
    let playground = Playground::new();
    copy_folder(&folder().join("shop"), &playground.path("theme"));
    playground.write(
        "stencil-guard.toml",
        "[[path]]\nfrom = '/giftcertificates.php'\nto = '/gifts'\n[routes]\ncart = '/basket'\n",
    );
    let settings = ["--config", "stencil-guard.toml", "--keep", "auth/login"];
    let text = words(&page(&playground, &settings));
    let rows = [
        "OK\nGift certificates: buy:\n/giftcertificates.php\n→\nhttps://shop.example.com/gifts",
        "unknown\nCart:\n/cart.php\n→\nhttps://shop.example.com/cart.php\n`Edit cart` (checkout).",
        "stays here\nSign in:\n/login.php\n→\nthe page of this shop\n`Sign in` (checkout).",
        "Arrives without its token.",
        "\"Edit cart\" in the checkout.\nRoute cart. It should lead to\nhttps://shop.example.com/basket\n.",
        "\"Continue shopping\" after an order.\nSite address. It should lead to\nhttps://shop.example.com\n.",
        "addresses of the hosted shop arrive at your storefront unchanged",
        "--keep essentials",
    ];
    for row in rows {
        assert!(text.contains(row), "{row}\n\n{text}");
    }
    let text = words(&page(&playground, &["--paths", "catalyst"]));
    let rows = [
        "OK\nCart:\n/cart.php\n→\nhttps://shop.example.com/cart/",
        "goes to the home page\nSite map:\n/sitemap.php\n→\nhttps://shop.example.com/",
        "OK\nBlog posts; Brands, one by one; Categories; Contact form; Products:\nthe same path on",
    ];
    for row in rows {
        assert!(text.contains(row), "{row}\n\n{text}");
    }
    assert!(!text.contains("Arrives without its token."), "the rule hands it on");
}

#[test]
fn the_same_theme_gives_the_same_bytes() {
    let playground = Playground::new();
    playground.theme(&[]);
    playground.write("theme.zip", theme_zip(&[]));
    let run = playground.build(&["--no-bundle", "--out", "out", "--mode", "replace"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    let expected = page(&playground, &[]);
    for theme in ["theme", "./theme/", "theme.zip", "out"] {
        let run = report(&playground, theme, "other.html", &[]);
        assert_eq!(run.status, 0, "{}", run.messages);
        assert!(playground.read("other.html") == expected, "{theme}");
    }
}

#[test]
fn nothing_of_somebody_else_is_written_over() {
    let playground = Playground::new();
    playground.theme(&[]);
    playground.write("mine.html", "<!doctype html>\n<p>mine");
    playground.write("folder.html/x", "");
    let refused = [
        ("mine.html", "was not written by stencil-guard"),
        ("report.htm", "does not end in .html"),
        ("nowhere/report.html", "there is no such folder"),
        ("folder.html", "is a folder"),
        ("theme/report.html", "lies in, over or around the theme"),
        ("theme/templates/report.html", "lies in, over or around the theme"),
        ("theme/templates/pages/home.html", "lies in, over or around the theme"),
    ];
    for (output, message) in refused {
        let run = report(&playground, "theme", output, &[]);
        assert_eq!(run.status, 2, "{output}: {}", run.messages);
        assert!(run.messages.contains(message), "{output}: {}", run.messages);
    }
    assert_eq!(playground.read("mine.html"), "<!doctype html>\n<p>mine");
    for output in ["report.html", "report.html"] {
        assert_eq!(report(&playground, "theme", output, &[]).status, 0);
    }
}

#[test]
fn a_theme_that_cannot_be_guarded_has_a_page_that_says_why() {
    let playground = Playground::new();
    playground.theme(&[("templates/components/stencil-guard/head.html", "mine")]);
    let run = report(&playground, "theme", "report.html", &[]);
    assert_eq!(run.status, 1);
    assert!(run.messages.contains("name-taken"), "{}", run.messages);
    assert_data_eq!(
        run.results,
        str![[r#"
A build would write nothing, because of the errors above.

Written
  report  report.html ([..] kB)

"#]]
    );
    let words = words(&playground.read("report.html"));
    assert!(words.contains("Nothing is delivered: one error stands in the way."), "{words}");
    assert!(
        words.contains("The theme has a template of its own at a path that the guard needs."),
        "{words}"
    );
}

#[test]
fn a_page_that_somebody_loses_is_told_from_guarded_ones() {
    let playground = Playground::new();
    playground.theme(&[
        ("templates/components/doc.html", "{{> layout/base template=\"custom\"}}"),
        ("templates/pages/order-complete.html", "{{> components/doc}}"),
    ]);
    let run = report(&playground, "theme", "report.html", &[]);
    assert_eq!(run.status, 1, "{}", run.messages);
    let html = playground.read("report.html");
    is_whole(&html);
    let words = words(&html);
    let told = "\nlost\n: 1 page\nSomebody would not see the page who should.\n";
    let page =
        words.split_once(told).map(|(_, rest)| rest.lines().find(|line| *line == "order-complete"));
    assert!(page.flatten().is_some(), "{words}");
}

#[test]
fn large_files_are_cut_and_the_page_says_so() {
    let playground = Playground::new();
    let lines = "<p class=\"x\">&amp;</p>\n".repeat(20_000);
    let long = "x<".repeat(200_000);
    playground.theme(&[
        ("templates/layout/base.html", &format!("<html><head></head>\n{lines}</html>")),
        (
            "templates/layout/other.html",
            &format!("<html><head>{long}</head>{long}</html>\n{lines}"),
        ),
        ("templates/pages/home.html", "{{> layout/other}}"),
    ]);
    for mode in ["redirect", "replace"] {
        let html = page(&playground, &["--mode", mode]);
        is_whole(&html);
        assert!(html.contains("more bytes …]"));
    }
    let html = page(&playground, &["--mode", "replace"]);
    assert!(html.contains("lines are not shown here, so that this page stays small"));
    assert!(html.contains("The text of templates/layout/base.html, byte for byte."));
}

#[test]
fn the_page_about_a_huge_theme_stays_small() {
    let playground = Playground::new();
    playground.theme(&[]);
    for number in 0..800 {
        // Pages of three kinds: with a layout, a document of their own, and a fragment.
        let text = match number % 3 {
            0 => format!(
                "{{{{#partial \"page\"}}}}<p>{number}</p>{{{{/partial}}}}{{{{> layout/base}}}}"
            ),
            1 => format!(
                "<html>\n<head>\n<title>{number}</title></head>\n<p>{}</p></html>",
                "x\n".repeat(50)
            ),
            _ => format!("<div>\n{number}</div>\n"),
        };
        playground
            .write(&format!("theme/templates/pages/custom/product/a-product-{number}.html"), text);
    }
    for mode in ["redirect", "replace", "links"] {
        let html = page(&playground, &["--mode", mode]);
        is_whole(&html);
        assert_eq!(names_of_pages(&html), 804, "{mode}");
        let words = words(&html);
        assert!(words.contains("\ncustom/product/a-product-799\n"), "{mode}");
        if mode == "replace" {
            // What is left out is said, with where to find it; every file has its place.
            assert!(words.contains("Their lines are not shown here"));
            let diff = ["diff", "theme", "--storefront", STOREFRONT, "--mode", mode, "--stat"];
            let changes = playground.run(&diff).results.matches(" | ").count();
            assert!(changes > 1000, "{changes}");
            assert_eq!(html.matches("id=\"file-").count(), changes);
        }
    }
}
