//! Shapes that could leave a page open, or take a kept one away, without anybody noticing.

use crate::driver::Playground;

const SHOP: &str =
    "<!doctype html><html><head></head><body>SHOP{{#block \"page\"}}{{/block}}</body></html>";

/// What a build with these templates besides the small theme's ends with, and says.
fn built(templates: &[(&str, &str)]) -> (i32, String, Playground) {
    let playground = Playground::new();
    let files: Vec<(String, &str)> =
        templates.iter().map(|(name, text)| (format!("templates/{name}.html"), *text)).collect();
    let files: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    playground.theme(&files);
    let run = playground.build(&["--no-bundle", "--out", "out"]);
    (run.status, run.messages, playground)
}

/// Whether the page prints the guard before all else.
fn guards_itself(playground: &Playground, page: &str) -> bool {
    let text = playground.read(&format!("out/templates/pages/{page}.html"));
    text.starts_with("{{> components/stencil-guard/head}}\n")
}

#[test]
fn kept_page_hiding_its_name_from_its_layout_stops_the_build() {
    for include in
        ["{{> layout/base template=\"custom\"}}", "{{#with settings}}{{> layout/base}}{{/with}}"]
    {
        let (status, messages, _) =
            built(&[("components/doc", include), ("pages/order-complete", "{{> components/doc}}")]);
        assert_eq!(status, 1, "{include}");
        assert!(messages.contains("a kept page hides its name from its layout here"), "{messages}");
        assert!(messages.contains("templates/components/doc.html"), "{messages}");
    }
}

#[test]
fn pages_guard_themselves_if_the_layout_head_is_optional() {
    for head in
        ["{{#if theme_settings.h}}<head></head>{{/if}}", "{{#block \"h\"}}<head></head>{{/block}}"]
    {
        let layout = format!(
            "<html>{head}<body>SHOP<script>function back(){{location.replace(\"/\")}}</script></body></html>"
        );
        let pay = [
            ("layout/pay", SHOP),
            ("pages/checkout", "{{> layout/pay}}"),
            ("pages/order-confirmation", "{{> layout/pay}}"),
        ];
        let (status, messages, playground) =
            built(&[&pay[..], &[("layout/base", &layout)]].concat());
        assert_eq!(status, 0, "{messages}");
        let home = playground.read("out/templates/pages/home.html");
        assert!(home.contains("---\n{{> components/stencil-guard/head}}\n"), "{home}");
        assert!(guards_itself(&playground, "cart"));
    }
}

#[test]
fn page_partial_named_like_a_layout_is_not_the_layout() {
    for defined in [
        "{{#partial \"layout/base\"}}SHOP{{/partial}}",
        "{{#*inline \"layout/base\"}}SHOP{{/inline}}",
    ] {
        let page = format!("{defined}{{{{> layout/base}}}}");
        let (status, messages, playground) = built(&[("pages/page", &page)]);
        assert_eq!(status, 0, "{messages}");
        assert!(guards_itself(&playground, "page"), "{defined}");
    }
}

#[test]
fn guard_precedes_output_before_the_layout() {
    for before in
        ["<h1>SHOP</h1>", "{{product.title}}", "{{> components/banner}}", "{{#each a}}x{{/each}}"]
    {
        let page = format!("{before}{{{{> layout/base}}}}");
        let (status, messages, playground) =
            built(&[("pages/page", &page), ("components/banner", "<p>SHOP</p>")]);
        assert_eq!(status, 0, "{messages}");
        assert!(guards_itself(&playground, "page"), "{before}");
    }
}

#[test]
fn navigating_theme_script_does_not_stop_the_build() {
    let layout = SHOP.replace(
        "</body>",
        "<script>function f(){window.location.replace(\"/x\")}</script></body>",
    );
    let (status, messages, _) = built(&[("layout/base", &layout)]);
    assert_eq!(status, 0, "{messages}");
}

#[test]
fn page_with_a_very_long_include_chain_guards_itself() {
    let names: Vec<(String, String)> = (0..3000)
        .map(|number| {
            (format!("components/c{number}"), format!("{{{{> components/c{}}}}}", number + 1))
        })
        .collect();
    let mut templates: Vec<(&str, &str)> =
        names.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    templates.extend([("components/c3000", SHOP), ("pages/page", "{{> components/c0}}")]);
    let (status, messages, playground) = built(&templates);
    assert_eq!(status, 0, "{messages}");
    assert!(guards_itself(&playground, "page"));
}

#[test]
fn unguardable_page_needs_allow_open() {
    let layout = "<html class=\"{{#if a}}x\"{{/if}}><head></head><body>SHOP</body></html>";
    let files = [("layout/odd", layout), ("pages/odd", "{{> layout/odd}}")];
    let (status, messages, playground) = built(&files);
    assert_eq!(status, 1);
    assert!(messages.contains("error[ambiguous-html]"), "{messages}");
    let build =
        |page: &str| playground.build(&["--no-bundle", "--out", "out", "--allow-open", page]);
    assert_eq!(build("home").status, 1);
    let run = build("odd");
    assert_eq!(run.status, 0, "{}", run.messages);
    assert!(run.messages.contains("warning[ambiguous-html]"), "{}", run.messages);
    assert_eq!(playground.run(&["check", "out", "--allow-open", "odd"]).status, 0);
}
