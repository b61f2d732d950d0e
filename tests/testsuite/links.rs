//! What becomes of links on kept pages: shapes by name, copies, rules, explanations; and a table beside
//! each test theme that says it of every link.

use crate::driver::{Playground, Run, STOREFRONT, copy_folder, options};
use crate::themes::{folder, names};
use snapbox::{Data, assert_data_eq};
use std::fmt::Write;
use std::path::Path;
use stencil_guard::guard::links::{Link, Outcome};
use stencil_guard::guard::plan::Mechanism;
use stencil_guard::pipeline;
use stencil_guard::text::Code;
use stencil_guard::text::LineIndex;

/// The text between the ends of a checkout page that holds `body`, after a build; undoing it must
/// give it back.
fn built(body: &str) -> String {
    let playground = Playground::new();
    let page = "templates/pages/checkout.html";
    let text = format!("{{{{#partial \"page\"}}}}[[{body}]]{{{{/partial}}}}{{{{> layout/base}}}}");
    playground.theme(&[(page, &text)]);
    let run = playground.build(&["--no-bundle", "--out", "out"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    let undo = playground.run(&["undo", "out", "--no-bundle", "--out", "undone"]);
    assert_eq!(undo.status, 0, "{}", undo.messages);
    assert_eq!(playground.read(&format!("undone/{page}")), text);
    let result = playground.read(&format!("out/{page}"));
    let (_, rest) = result.split_once("[[").unwrap();
    rest.split_once("]]").unwrap().0.to_owned()
}

#[track_caller]
fn becomes(before: &str, after: &str) {
    assert_eq!(built(before), after);
}

#[track_caller]
fn stays(body: &str) {
    becomes(body, body);
}

#[test]
fn an_anchor_may_straddle_branches() {
    becomes(
        "{{#if u}}<a href=\"{{u}}\">{{else}}<span>{{/if}}x{{#if u}}</a>{{else}}</span>{{/if}}",
        "{{#if u}}<a data-guard-href=\"{{u}}\">{{else}}<span>{{/if}}x{{#if u}}</a>{{else}}</span>{{/if}}",
    );
}

#[test]
fn a_start_tag_may_end_in_a_branch() {
    becomes(
        "<a href=\"{{url}}\" {{#unless ajax}}data-x=\"1\">{{/unless}}<b>x</b></a>",
        "<a data-guard-href=\"{{url}}\" {{#unless ajax}}data-x=\"1\">{{/unless}}<b>x</b></a>",
    );
}

#[test]
fn an_attribute_may_stand_twice() {
    becomes(
        "<a href=\"/\" href=\"/login.php\">x</a>",
        "<a data-guard-href=\"/\" data-guard-href=\"/login.php\">x</a>",
    );
    becomes("<a href=\"#\" href=\"/\">x</a>", "<a href=\"#\" data-guard-href=\"/\">x</a>");
    becomes(
        "<a {{#if a}}href=\"/\"{{else}}href=\"{{urls.checkout.single_address}}\"{{/if}}>x</a>",
        "<a {{#if a}}data-guard-href=\"/\"{{else}}href=\"{{urls.checkout.single_address}}\"{{/if}}>x</a>",
    );
}

#[test]
fn values_need_no_quotes_or_single_ones() {
    becomes("<a href={{url}}>x</a>", "<a data-guard-href={{url}}>x</a>");
    becomes("<a href=/login.php class=b>", "<a data-guard-href=/login.php class=b>");
    becomes("<a href='{{urls.home}}'>", "<a data-guard-href='{{urls.home}}'>");
    stays("<a href=#top>x</a><a href='tel:1'>y</a>");
}

#[test]
fn the_same_quotes_may_stand_inside_a_mustache() {
    becomes(
        "<a title=\"{{lang \"a.b\"}}\" href=\"{{concat \"/\" \"about\"}}\">",
        "<a title=\"{{lang \"a.b\"}}\" data-guard-href=\"{{concat \"/\" \"about\"}}\">",
    );
}

#[test]
fn letters_may_be_upper_case() {
    becomes("<A HREF=\"/\" CLASS=x>", "<A data-guard-HREF=\"/\" CLASS=x>");
    becomes(
        "<FORM ACTION=\"{{urls.search}}\" METHOD=\"GET\">",
        "<FORM method=\"dialog\" data-guard-ACTION=\"{{urls.search}}\" data-guard-METHOD=\"GET\">",
    );
}

#[test]
fn links_in_symbols_are_links_and_uses_are_not() {
    becomes(
        "<svg><symbol id=\"s\"><a xlink:href=\"/\"><path/></a></symbol></svg><svg><use xlink:href=\"#s\"/></svg>",
        "<svg><symbol id=\"s\"><a data-guard-xlink:href=\"/\"><path/></a></symbol></svg><svg><use xlink:href=\"#s\"/></svg>",
    );
    stays("<svg><image href=\"/x.png\"/></svg><link rel=\"canonical\" href=\"/\">");
}

#[test]
fn a_base_stays() {
    stays("<base href=\"/\" target=\"_top\">");
}

#[test]
fn links_to_a_place_under_a_base_need_a_look() {
    let playground = Playground::new();
    let layout =
        "<html><head><base href=\"/\"></head><a href=\"#top\">x</a><a href=\"#\">y</a></html>";
    playground.theme(&[("templates/layout/base.html", layout)]);
    let run = playground.build(&["--no-bundle", "--out", "out"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    let expected = "warning[link-doubtful]: the heads of pages/checkout and pages/order-confirmation set a base address, so that `#top` leads there unless a script stops it (2 such links)";
    assert!(run.messages.contains(expected), "{}", run.messages);
    assert_eq!(run.messages.matches("[link-doubtful]").count(), 1, "{}", run.messages);
    assert!(playground.read("out/templates/layout/base.html").contains("<a href=\"#top\">"));
    playground.write("theme/templates/pages/order-confirmation.html", "<html>PAID</html>");
    let run = playground.build(&["--no-bundle", "--out", "out"]);
    let expected = "the head of pages/checkout sets a base address, so that";
    assert!(run.messages.contains(expected), "{}", run.messages);
}

#[test]
fn comments_stay() {
    stays("<!-- <a href=\"/\"> -->{{!-- <a href=\"/\"> --}}{{! <a href=\"/\"> }}");
    stays("<!--[if IE]><a href=\"/\">x</a><![endif]-->");
    stays("<script>var a = 1 < 2; // <b href='/'>\n</script><textarea><a href=\"/\"></textarea>");
}

#[test]
fn a_form_keeps_its_fields_and_submits_nothing() {
    becomes(
        "<form class=\"f\" method=\"post\" action=\"{{urls.subscribe.action}}\"><input name=\"e\"><button>x</button></form>",
        "<form class=\"f\" data-guard-method=\"post\" method=\"dialog\" data-guard-action=\"{{urls.subscribe.action}}\"><input name=\"e\"><button>x</button></form>",
    );
    becomes(
        "<form action=\"/search.php\">",
        "<form method=\"dialog\" data-guard-action=\"/search.php\">",
    );
    stays("<form method=\"post\"><button>x</button></form>");
    stays("<form action=\"\" method=\"post\"></form><form action=\"#\"></form>");
}

#[test]
fn one_branch_of_a_form_that_leads_inside_takes_the_others_with_it() {
    becomes(
        "<form {{#if a}}action=\"/checkout\"{{else}}action=\"/search.php\"{{/if}} method=\"post\">",
        "<form {{#if a}}method=\"dialog\" data-guard-action=\"/checkout\"{{else}}method=\"dialog\" data-guard-action=\"/search.php\"{{/if}} data-guard-method=\"post\">",
    );
}

#[test]
fn a_method_that_another_branch_needs_stays() {
    becomes(
        "{{#if a}}<form action=\"{{remove_url}}\" {{else}}<form action=\"/\" {{/if}} method=\"post\">",
        "{{#if a}}<form action=\"{{remove_url}}\" {{else}}<form method=\"dialog\" data-guard-action=\"/\" {{/if}} method=\"post\">",
    );
}

#[test]
fn elements_glued_to_a_mustache_are_links() {
    becomes(
        "<form{{x}} action=\"/\"><button{{x}} formaction=\"/\"><{{t}} xlink:href=\"/\">",
        "<form{{x}} method=\"dialog\" data-guard-action=\"/\"><button{{x}} formmethod=\"dialog\" data-guard-formaction=\"/\"><{{t}} data-guard-xlink:href=\"/\">",
    );
}

#[test]
fn empty_elements_of_an_image_hide_nothing() {
    becomes(
        "<svg><title/><style/></svg><a href=\"/\">",
        "<svg><title/><style/></svg><a data-guard-href=\"/\">",
    );
}

#[test]
fn an_address_of_any_name_can_be_undone() {
    let playground = Playground::new();
    playground
        .theme(&[("templates/pages/checkout.html", "<a href=\"/terms/\">x</a>{{> layout/base}}")]);
    let storefront = "https://data-guard-x.example/data-guard-y";
    let build = ["build", "theme", "--storefront", storefront, "--no-bundle", "--out", "out"];
    assert_eq!(playground.run(&build).status, 0);
    assert_eq!(playground.run(&["undo", "out", "--no-bundle", "--out", "undone"]).status, 0);
    let page = "templates/pages/checkout.html";
    assert_eq!(
        playground.read(&format!("undone/{page}")),
        playground.read(&format!("theme/{page}"))
    );
}

#[test]
fn a_submit_button_with_an_action_of_its_own_submits_nothing() {
    becomes(
        "<button formaction=\"/login.php\" formmethod=\"post\">x</button><input type=\"submit\" formaction='/'>",
        "<button formmethod=\"dialog\" data-guard-formaction=\"/login.php\" data-guard-formmethod=\"post\">x</button><input type=\"submit\" formmethod=\"dialog\" data-guard-formaction='/'>",
    );
}

#[test]
fn areas_and_listed_data_attributes_are_links() {
    becomes("<area href=\"/\">", "<area data-guard-href=\"/\">");
    becomes(
        "<div data-url=\"{{urls.search}}\"></div>",
        "<div data-guard-data-url=\"{{urls.search}}\"></div>",
    );
    stays("<div data-url=\"{{url}}\" data-image=\"/\" data-product-url=\"/\"></div>");
}

#[test]
fn legal_pages_lead_to_the_storefront() {
    becomes(
        "<a class=\"l\" href='/pages/terms/?a=\"b\"&amp;c={x}#d'>",
        "<a class=\"l\" data-guard-retargeted href=\"https://shop.example.com/pages/terms/?a=%22b%22&amp;c=%7Bx%7D#d\" data-guard-href='/pages/terms/?a=\"b\"&amp;c={x}#d'>",
    );
}

#[test]
fn an_element_that_a_mustache_names_is_judged_by_its_link() {
    becomes("<{{tag}} href=\"/\">", "<{{tag}} data-guard-href=\"/\">");
}

#[test]
fn what_is_no_plain_attribute_stays() {
    stays("<a data-href-{{x}}=\"/\" h{{y}}=\"/\" hre=\"/\" :href=\"/\">");
}

/// Two pages that share a header, whose link the kept one must lose.
fn shared_header(playground: &Playground) {
    playground.theme(&[
        ("templates/components/head er/Top.html", "<a href=\"{{urls.home}}\">x</a>{{> components/plain}}"),
        ("templates/components/plain.html", "<p>plain</p>"),
        (
            "templates/layout/base.html",
            "<html><head></head><body>{{> 'components/head er/Top'}}{{#block \"page\"}}{{/block}}</body></html>",
        ),
    ]);
}

#[test]
fn what_other_pages_use_is_changed_in_a_copy() {
    let playground = Playground::new();
    shared_header(&playground);
    let run = playground.build(&["--mode", "links", "--no-bundle", "--out", "out"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    let same = ["components/head er/Top", "components/plain", "layout/base", "pages/home"];
    for name in same {
        let path = format!("templates/{name}.html");
        assert_eq!(
            playground.read(&format!("out/{path}")),
            playground.read(&format!("theme/{path}"))
        );
    }
    let copy = playground.read("out/templates/components/stencil-guard-kept/head-er/top.html");
    assert_eq!(copy, "<a data-guard-href=\"{{urls.home}}\">x</a>{{> components/plain}}");
    let layout = playground.read("out/templates/layout/stencil-guard-kept/base.html");
    assert!(layout.contains("{{> 'components/stencil-guard-kept/head-er/top'}}"), "{layout}");
    let page = playground.read("out/templates/pages/checkout.html");
    assert!(page.contains("{{> layout/stencil-guard-kept/base}}"), "{page}");
}

#[test]
fn a_copied_layout_carries_the_guard_like_its_original() {
    let playground = Playground::new();
    shared_header(&playground);
    assert_eq!(playground.build(&["--no-bundle", "--out", "redirect"]).status, 0);
    let layout = playground.read("redirect/templates/layout/stencil-guard-kept/base.html");
    assert!(layout.contains("<head>{{> components/stencil-guard/head}}"), "{layout}");
    let run = playground.build(&["--mode", "replace", "--no-bundle", "--out", "replace"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    let layout = playground.read("replace/templates/layout/stencil-guard-kept/base.html");
    assert!(layout.contains("{{> components/stencil-guard/page}}"), "{layout}");
    for out in ["redirect", "replace"] {
        assert_eq!(playground.run(&["undo", out, "--no-bundle", "--out", "undone"]).status, 0);
        for file in playground.files("theme") {
            assert_eq!(
                playground.read(&format!("undone/{file}")),
                playground.read(&format!("theme/{file}"))
            );
        }
        assert_eq!(
            playground.files("undone").iter().filter(|file| file.contains("kept")).count(),
            0
        );
    }
}

#[test]
fn a_link_that_cannot_be_renamed_stops_the_build() {
    let playground = Playground::new();
    let layout = "<html><head></head>{{> components/box/one}}{{#block \"page\"}}{{/block}}</html>";
    let home = "{{#partial \"components/box/one\"}}x{{/partial}}{{> layout/base}}";
    playground.theme(&[
        ("templates/layout/base.html", layout),
        ("templates/components/box/one.html", "<a href=\"/about/\">x</a>"),
        ("templates/pages/home.html", home),
    ]);
    let run = playground.build(&["--no-bundle", "--out", "out"]);
    assert_eq!(run.status, 1, "{}", run.messages);
    assert!(run.messages.contains("error[link-stays]"), "{}", run.messages);
    assert!(run.messages.contains("templates/components/box/one.html:1:4"), "{}", run.messages);
    assert!(!playground.path("out").exists());
}

#[test]
fn attributes_of_the_guards_own_stop_the_build() {
    let playground = Playground::new();
    playground.theme(&[("templates/components/x.html", "<a data-guard-href=\"/\">")]);
    let run = playground.build(&["--no-bundle", "--out", "out"]);
    assert_eq!(run.status, 1, "{}", run.messages);
    assert!(run.messages.contains("error[name-taken]"), "{}", run.messages);
}

#[test]
fn a_host_of_the_stores_own_is_inside() {
    let playground = Playground::new();
    let link = "<a href=\"https://old.example.com/about/\">x</a>{{> layout/base}}";
    playground.theme(&[("templates/pages/checkout.html", link)]);
    let run = playground.build(&["--no-bundle", "--out", "out"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    assert!(run.messages.contains("another host: old.example.com"), "{}", run.messages);
    assert!(playground.read("out/templates/pages/checkout.html").contains("<a href="));
    let own = ["--own-host", "old.example.com", "--no-bundle", "--out", "own"];
    assert_eq!(playground.build(&own).status, 0);
    assert!(playground.read("own/templates/pages/checkout.html").contains("<a data-guard-href="));
    let run = playground.build(&["--own-host", "https://old.example.com"]);
    assert_eq!(run.status, 2);
    assert!(run.messages.contains("write it without scheme and path"), "{}", run.messages);
}

#[test]
fn a_bad_rule_is_shown_at_its_place() {
    let playground = Playground::new();
    playground.theme(&[]);
    playground.write("rules/a.toml", "[[rule]]\nname = 'x'\nwhy = 'y'\ndo = 'burn'\n");
    let run = playground.build(&["--patches", "rules"]);
    assert_eq!(run.status, 2);
    assert!(run.messages.contains("rules/a.toml:4:6"), "{}", run.messages);
    let run = playground.build(&["--patches", "theme"]);
    assert!(run.messages.contains("there is no file of rules"), "{}", run.messages);
    assert_eq!(playground.build(&["--patches", "nowhere"]).status, 2);
}

#[test]
fn scripts_that_navigate_are_reported_and_stay() {
    let playground = Playground::new();
    let text = "<button onclick=\"location.href='/'\">x</button>{{> layout/base}}";
    playground.theme(&[("templates/pages/checkout.html", text)]);
    let run = playground.build(&["--no-bundle", "--out", "out"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    assert!(run.messages.contains("warning[navigating-script]"), "{}", run.messages);
    assert_eq!(playground.read("out/templates/pages/checkout.html"), text);
}

const CHROME: &[(&str, &str)] = &[
    (
        "templates/layout/base.html",
        "<html><head>{{{head.scripts}}}</head><body><svg id=\"icons\"></svg>\n{{> components/top}}\n<NAV class=\"a\"><nav><a href=\"/\">x</a></nav></NAV>{{#if a}}{{> components/top}}{{/if}}{{> components/frame}}<footer>{{#each pages}}<a href=\"{{url}}\">y</a>{{/each}}</footer><header>{{#block \"hero\"}}{{/block}}</header>{{> components/icons}}{{{footer.scripts}}}</body></html>",
    ),
    ("templates/components/top.html", "<div>{{> components/menu}}</div>"),
    ("templates/components/menu.html", "<a href=\"{{urls.home}}\">x</a>"),
    (
        "templates/components/frame.html",
        "<main>{{> components/menu}}{{#block \"page\"}}{{/block}}</main>",
    ),
    ("templates/components/icons.html", "<svg id=\"more\"></svg>"),
];

#[test]
fn kept_pages_can_do_without_what_is_around_them() {
    let playground = Playground::new();
    playground.theme(CHROME);
    let bare = ["--kept-chrome", "bare", "--mode", "links", "--no-bundle", "--out", "out"];
    let run = playground.build(&bare);
    assert_eq!(run.status, 0, "{}", run.messages);
    let copies = "out/templates/components/stencil-guard-bare";
    assert_eq!(
        playground.read("out/templates/layout/stencil-guard-bare/base.html"),
        "<html><head>{{{head.scripts}}}</head><body><svg id=\"icons\"></svg>\n{{> components/stencil-guard/logo}}\n{{#if a}}{{/if}}{{> components/stencil-guard-bare/frame}}<header>{{#block \"hero\"}}{{/block}}</header>{{> components/icons}}{{{footer.scripts}}}</body></html>"
    );
    assert_eq!(
        playground.read(&format!("{copies}/frame.html")),
        "<main>{{#block \"page\"}}{{/block}}</main>"
    );
    assert_eq!(playground.files(copies), ["frame.html"]);
    assert!(
        playground.read("out/templates/components/stencil-guard/logo.html").contains("getImage")
    );
    let again = ["build", "out", "--storefront", STOREFRONT, "--no-bundle", "--out", "full"];
    assert_eq!(playground.run(&again).status, 0);
    assert_eq!(playground.run(&["undo", "out", "--no-bundle", "--out", "undone"]).status, 0);
    for file in playground.files("theme") {
        let read = |folder: &str| playground.read(&format!("{folder}/{file}"));
        assert_eq!(read("undone"), read("theme"), "{file}");
    }
    assert_eq!(playground.files("undone").len(), playground.files("theme").len() + 1);
}

#[test]
fn a_layout_is_bare_however_a_kept_page_includes_it() {
    let playground = Playground::new();
    let layout = "<html><head></head><header><a href=\"/\">x</a></header>{{#block \"page\"}}{{/block}}</html>";
    playground.theme(&[
        ("templates/layout/base.html", layout),
        ("templates/components/wrap.html", "{{> layout/base}}"),
        ("templates/pages/order-confirmation.html", "{{> components/wrap}}"),
    ]);
    for mode in ["links", "redirect", "replace"] {
        let run = playground.build(&[
            "--mode",
            mode,
            "--kept-chrome",
            "bare",
            "--no-bundle",
            "--out",
            mode,
        ]);
        assert_eq!(run.status, 0, "{}", run.messages);
        let text = |name: &str| playground.read(&format!("{mode}/templates/{name}.html"));
        assert!(text("pages/checkout").contains("{{> layout/stencil-guard-bare/base}}"));
        assert!(
            text("pages/order-confirmation").contains("{{> components/stencil-guard-bare/wrap}}")
        );
        assert_eq!(
            text("components/stencil-guard-bare/wrap"),
            "{{> layout/stencil-guard-bare/base}}"
        );
        let name = match mode {
            "replace" => "layout/stencil-guard/stencil-guard-bare/base",
            _ => "layout/stencil-guard-bare/base",
        };
        assert!(!text(name).contains("<header>") && text(name).contains("stencil-guard/logo"));
        assert_eq!(playground.run(&["undo", mode, "--no-bundle", "--out", "undone"]).status, 0);
        for file in playground.files("theme") {
            let read = |folder: &str| playground.read(&format!("{folder}/{file}"));
            assert_eq!(read("undone"), read("theme"), "{file}");
        }
    }
}

#[test]
fn attributes_that_a_component_prints_into_a_tag_are_links() {
    let playground = Playground::new();
    let page =
        "<a {{> components/attributes}}>x</a><form {{> components/attributes}}>{{> layout/base}}";
    playground.theme(&[
        ("templates/components/attributes.html", "class=\"b\" href=\"{{urls.home}}\" action='/'"),
        ("templates/pages/checkout.html", page),
    ]);
    let run = playground.build(&["--no-bundle", "--out", "out"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    assert_eq!(
        playground.read("out/templates/components/attributes.html"),
        "class=\"b\" data-guard-href=\"{{urls.home}}\" method=\"dialog\" data-guard-action='/'"
    );
}

#[test]
fn an_address_that_an_include_gives_needs_a_look() {
    let playground = Playground::new();
    let page = "{{> components/button url=urls.checkout.single_address}}{{> layout/base}}";
    playground.theme(&[
        ("templates/components/button.html", "<a href=\"{{url}}\">x</a>"),
        ("templates/pages/checkout.html", page),
    ]);
    let run = playground.build(&["--no-bundle", "--out", "out"]);
    let expected =
        "it leads nowhere now, but its address is given by a template that includes this one";
    assert!(run.messages.contains(expected), "{}", run.messages);
}

#[test]
fn a_template_that_ends_inside_a_tag_needs_a_look() {
    let playground = Playground::new();
    let page = "{{> components/open}} href=\"/\">x</a>{{> layout/base}}";
    playground.theme(&[
        ("templates/components/open.html", "<a class=\"b\""),
        ("templates/pages/checkout.html", page),
    ]);
    let run = playground.build(&["--no-bundle", "--out", "out"]);
    assert!(run.messages.contains("this template ends inside a tag"), "{}", run.messages);
}

#[test]
fn what_is_included_by_a_name_found_at_run_time_needs_a_look() {
    let playground = Playground::new();
    let page = "{{> (lookup . 'p')}}{{{dynamicComponent theme_settings.x}}}{{> layout/base}}";
    playground.theme(&[("templates/pages/checkout.html", page)]);
    let run = playground.build(&["--no-bundle", "--out", "out"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    let expected = "what is included here is found at run time only, so its links are not looked at (1 more like it)";
    assert!(run.messages.contains(expected), "{}", run.messages);
}

#[test]
fn a_page_that_a_kept_page_includes_is_changed_in_a_copy() {
    let playground = Playground::new();
    let promo = "{{#partial \"page\"}}<a href=\"/\">x</a>{{/partial}}{{> layout/base}}";
    playground.theme(&[
        ("templates/pages/promo.html", promo),
        ("templates/pages/checkout.html", "{{> pages/promo}}"),
    ]);
    let run = playground.build(&["--mode", "links", "--no-bundle", "--out", "out"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    assert_eq!(playground.read("out/templates/pages/promo.html"), promo);
    assert_eq!(
        playground.read("out/templates/pages/checkout.html"),
        "{{> components/stencil-guard-kept/stencil-guard-other/pages/promo}}"
    );
}

#[test]
fn a_layout_of_kept_pages_only_is_bare_already() {
    let playground = Playground::new();
    playground.theme(&[
        (
            "templates/layout/own.html",
            "<html><head></head><header><a href=\"/\">x</a></header></html>",
        ),
        ("templates/pages/checkout.html", "{{> layout/own}}"),
    ]);
    let run = playground.build(&["--kept-chrome", "bare", "--no-bundle", "--out", "out"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    assert!(playground.read("out/templates/pages/checkout.html").contains("{{> layout/own}}"));
}

fn explain(playground: &Playground, arguments: &[&str]) -> Run {
    playground.run(&[&["explain"], arguments].concat())
}

#[test]
fn a_decision_is_explained() {
    let playground = Playground::new();
    copy_folder(&folder().join("shop"), &playground.path("theme"));
    let checkout = "theme/templates/pages/checkout.html";
    let run = explain(&playground, &[&format!("{checkout}:11")]);
    assert_eq!((run.status, run.messages.as_str()), (0, ""));
    let expected = "\
note[link-renamed]: `{{urls.home}}` leads to a guarded page: it leads nowhere now
  --> templates/pages/checkout.html:11:21
   |
11 |     <a class=\"logo\" href=\"{{urls.home}}\">
   |                     ^^^^^^^^^^^^^^^^^^^
   |
   = help: rule `guarded-page` of generic.toml: it would take shoppers back into the old shop

";
    assert_eq!(run.results, expected);
    // As it is printed, with a column; another column of the line has another link or none.
    let same = explain(&playground, &[&format!("{checkout}:11:21")]);
    assert_eq!(same.results, expected);
    assert_eq!(explain(&playground, &[&format!("{checkout}:11:40")]).results, expected);
    let beside = explain(&playground, &[&format!("{checkout}:11:2")]);
    assert!(beside.messages.contains("no kept page has a link there"), "{beside:?}");
    let kept = explain(&playground, &[checkout, "--keep", "home"]);
    assert!(kept.results.contains("rule `kept-page`"), "{}", kept.results);
    let json = explain(&playground, &[checkout, "--format", "json"]);
    assert!(json.results.contains("\"code\": \"link-renamed\""), "{}", json.results);
}

#[test]
fn each_code_is_explained() {
    let playground = Playground::new();
    for code in Code::ALL {
        let run = explain(&playground, &[code.as_str()]);
        let severity = format!("{:?}", code.severity()).to_lowercase();
        let expected = format!("{code} ({severity})\n  {}\n", code.meaning());
        assert_eq!((run.status, run.results, run.messages), (0, expected, String::new()));
    }
    let run = explain(&playground, &["invalid-settings", "usage"]);
    assert_eq!(run.results.matches(" (error)\n  ").count(), 2, "{run:?}");
    let run = explain(&playground, &["open-page", "back-link", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&run.results).unwrap();
    assert_eq!(json["codes"][1]["code"], "back-link");
    assert_eq!(json["codes"][1]["severity"], "warning");
    let run = explain(&playground, &["open-pages"]);
    assert_eq!(run.status, 2);
    let words = "`open-pages` is neither a template of a theme nor the code of a finding";
    assert!(
        run.messages.contains(words) && run.messages.contains("did you mean `open-page`?"),
        "{run:?}"
    );
}

#[test]
fn what_cannot_be_explained_is_an_error() {
    let playground = Playground::new();
    copy_folder(&folder().join("shop"), &playground.path("theme"));
    for (place, message) in [
        ("theme/templates/pages/checkout.html:1", "no kept page has a link there"),
        ("theme/templates/pages/home.html", "no kept page has a link there"),
        ("theme/config.json", "is neither a template nor a language file of a theme"),
        ("nowhere.html", "is neither a template nor a language file of a theme"),
    ] {
        let run = explain(&playground, &[place]);
        assert_eq!(run.status, 2, "{place}");
        assert!(run.messages.contains(message), "{place}: {}", run.messages);
    }
}

/// All links of a theme whose cart is kept, too.
fn links(theme: &Path) -> Vec<Link> {
    let theme = stencil_guard::theme::load(theme).unwrap();
    pipeline::guard(&theme, &options(Mechanism::None)).unwrap().links
}

#[test]
fn every_link_of_the_theme_of_links_becomes_what_it_says() {
    let theme = stencil_guard::theme::load(&folder().join("odd-links")).unwrap();
    for link in links(&folder().join("odd-links")) {
        let source = theme.template(&link.template).unwrap();
        let tag = String::from_utf8_lossy(&source[link.tag..]).into_owned();
        let (_, then) = tag.split_once("data-then=\"").unwrap();
        let expected = match then.split('"').next().unwrap() {
            "stay" => link.outcome == Outcome::Keep,
            "strip" => link.outcome == Outcome::Strip,
            "lead" => matches!(link.outcome, Outcome::Retarget(_)),
            other => panic!("{other}"),
        };
        assert!(expected, "{link:?}: {tag:.80}");
    }
}

#[test]
fn every_link_stands_in_the_table_of_its_theme() {
    let (mut stay, mut strip) = (0, 0);
    for name in names() {
        let theme = stencil_guard::theme::load(&folder().join(&name)).unwrap();
        let mut table = String::new();
        for link in links(&folder().join(&name)) {
            let source = theme.template(&link.template).unwrap();
            let line = LineIndex::new(source).position(source, link.name.start).line;
            let outcome = match &link.outcome {
                Outcome::Keep => "stay".to_owned(),
                Outcome::Strip => "strip".to_owned(),
                Outcome::Retarget(arrival) => arrival.address.clone(),
            };
            *(if link.outcome == Outcome::Keep { &mut stay } else { &mut strip }) += 1;
            let text = String::from_utf8_lossy(link.span().of(source)).replace('\n', " ");
            let Link { template, element, .. } = &link;
            let rule = &link.reason.rule;
            let _ = writeln!(table, "{outcome:<6} {rule:<14} {template}:{line} <{element}> {text}");
        }
        let path = folder().join(format!("{name}.links.txt"));
        assert_data_eq!(table, Data::read_from(&path, None).raw());
    }
    assert!(stay >= 60 && strip >= 60, "only {stay} stay and {strip} do not");
}
