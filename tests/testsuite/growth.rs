//! Inputs so large that whatever looks at each part for each other part would not come to an end: they are
//! built, and what comes out is right. Nothing here has a clock.

use crate::driver::Playground;

/// A checkout with `start` before its layout; what a build writes in its place.
fn built(start: &str, status: i32) -> String {
    let playground = Playground::new();
    let page = format!("{start}{{{{> layout/base}}}}");
    playground.theme(&[("templates/pages/checkout.html", &page)]);
    let run = playground.build(&["--no-bundle", "--out", "out"]);
    assert_eq!(run.status, status, "{:.400}", run.messages);
    match status {
        0 => playground.read("out/templates/pages/checkout.html"),
        _ => String::new(),
    }
}

#[test]
fn many_links_on_one_line() {
    let page = built(&"<a href=\"/x\">é</a>".repeat(20_000), 0);
    assert_eq!(page.matches("<a data-guard-href=\"/x\">").count(), 20_000);
}

#[test]
fn many_attributes_in_one_tag() {
    let page = built(&format!("<a {}>", "href='/x' ".repeat(3_000)), 0);
    assert_eq!(page.matches(" data-guard-href='/x'").count(), 3_000);
    // No browser is asked what it makes of such a tag; the guard prints nothing on the page, which is kept.
    built(&"<a ".repeat(100_000), 0);
}

#[test]
fn many_quotes_after_unknown_output_in_a_tag() {
    built(&format!("<p {{{{x}}}} {}>", "a=\"\" ".repeat(200_000)), 0);
    built(&format!("<p data-{{{{x}}}}=\"{}\">", ">".repeat(300_000)), 0);
    built(&format!("<p {{{{x}}}} {}>", "a\"".repeat(200_000)), 0);
}

#[test]
fn many_hosts_and_conditions() {
    let conditions = "{{#if x}}a{{/if}}".repeat(10_000);
    let words = (0..100_000).map(|number| format!("a{number}.example "));
    built(&(words.collect::<String>() + &conditions), 0);
    let links = (0..20_000).map(|number| format!("<a href=\"https://h{number}.example\">x</a>"));
    built(&(links.collect::<String>() + &conditions), 0);
    let open = (0..10_000).map(|number| {
        format!("{{{{#if x}}}}<a href=\"https://h{number}.example\">{{{{/if}}}}<i id=i{number}>")
    });
    built(&open.collect::<String>(), 0);
}

#[test]
fn many_comments() {
    built(&"<!-- -->".repeat(150_000), 0);
    built(&"<!-- > - -- -->".repeat(100_000), 0);
    built(&"<!--".repeat(100_000), 0);
    built(&"<title></title><style></style>".repeat(50_000), 0);
}

#[test]
fn many_conditional_partials() {
    let parts = (0..20_000).map(|number| {
        format!("{{{{#if x{number}}}}}{{{{#partial 'p{number}'}}}}x{{{{/partial}}}}{{{{/if}}}}")
    });
    built(&parts.collect::<String>(), 0);
}

#[test]
fn many_braces() {
    built(&"{{{{".repeat(100_000), 0);
}

#[test]
fn many_missing_includes() {
    let includes = (0..20_000).map(|number| format!("{{{{> components/c{number}}}}}"));
    built(&includes.collect::<String>(), 0);
}

#[test]
fn many_templates_in_an_include_cycle() {
    const SIZE: usize = 1_000;
    let playground = Playground::new();
    let name = |number: usize| format!("components/ring/r{}", number % SIZE);
    let files: Vec<(String, String)> = (0..SIZE)
        .map(|number| {
            let text = format!("{{{{> {}}}}}<a href='/x'>", name(number + 1));
            (format!("templates/{}.html", name(number)), text)
        })
        .chain([
            ("templates/pages/checkout.html".to_owned(), format!("{{{{> {}}}}}", name(0))),
            (
                "templates/pages/home.html".to_owned(),
                format!("{{{{> {}}}}}{{{{> layout/base}}}}", name(7)),
            ),
        ])
        .collect();
    let files: Vec<(&str, &str)> =
        files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    playground.theme(&files);
    let run = playground.build(&["--no-bundle", "--out", "out"]);
    assert_eq!(run.status, 0, "{:.400}", run.messages);
    let copies = playground.files("out");
    assert_eq!(copies.iter().filter(|path| path.contains("stencil-guard-kept")).count(), SIZE);
}
