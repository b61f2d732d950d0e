//! `check` as a user meets it: its table, its exit status, its document for programs.

use crate::driver::{Playground, Run, STOREFRONT, copy_folder};
use crate::themes::{folder, names};
use serde_json::Value;
use snapbox::{assert_data_eq, str};

/// The small theme, guarded into the folder `out`.
fn guarded(arguments: &[&str]) -> Playground {
    let playground = Playground::new();
    playground.theme(&[]);
    let run = playground.build(&[&["--no-bundle", "--out", "out"], arguments].concat());
    assert_eq!(run.status, 0, "{}", run.messages);
    playground
}

fn check(playground: &Playground, arguments: &[&str]) -> Run {
    playground.run(&[&["check"], arguments].concat())
}

fn document(run: &Run) -> Value {
    serde_json::from_str(&run.results).unwrap()
}

#[test]
fn guarded_theme_gets_a_short_summary() {
    let playground = guarded(&[]);
    let run = check(&playground, &["out", "--storefront", STOREFRONT]);
    assert_eq!((run.status, run.messages.as_str()), (0, ""));
    assert_data_eq!(
        run.results,
        str![[r#"
Small 1.0, as it stands
judged by its own record: mode redirect
  kept           2 pages  checkout, order-confirmation
  guarded        2 pages  lead to https://shop.example.com; browsers still receive their text
  ways out       3        3 that no template shows

Addresses that only the hosted shop has arrive at the storefront as they are: /cart.php
  build the theme again, and say which platform the storefront is on (--paths catalyst), or where they lead (--fallback /, [[path]])

No page is open.

"#]]
    );
}

#[test]
fn open_and_uncertain_pages_are_listed_with_the_reason() {
    let playground = Playground::new();
    playground.theme(&[
        (
            "templates/pages/blog.html",
            "<html><head><script>location.replace('https://a.example' + location.pathname)</script></head></html>",
        ),
        ("templates/pages/brand.html", "{{> layout/base}"),
    ]);
    let run = check(&playground, &["theme"]);
    assert_eq!(run.status, 1);
    assert_data_eq!(
        run.results,
        str![[r#"
Small 1.0, as it stands
  kept           2 pages  checkout, order-confirmation
  broken         1 page   brand
  open           2 pages
  cannot tell    1 page
  ways out       3        3 that no template shows

open: shown to every shopper
  cart, home

cannot tell: a script of unknown origin seems to lead to https://a.example/
  blog

This theme is not guarded as it should be.
`stencil-guard build` guards it; --keep and --allow-open say what may be seen.
--allow-open names pages that may stay as they are.

"#]]
    );
    assert!(run.messages.contains("warning[template-rejected]"), "{}", run.messages);
    assert!(!run.messages.contains("open-page"), "{}", run.messages);
}

#[test]
fn each_page_finding_names_the_flags_that_help() {
    let playground = guarded(&[]);
    let strange =
        "<html><head><script>location.replace('https://a.example')</script></head></html>";
    playground.write("theme/templates/pages/blog.html", strange);
    for (arguments, code, page, flags) in [
        (&["theme"][..], "open-page", "cart", "--keep cart, --allow-open cart"),
        (&["theme"], "cannot-tell", "blog", "--allow-open blog"),
        (&["out", "--keep", "cart"], "page-lost", "cart", "--no-keep cart"),
    ] {
        let run = check(&playground, &[arguments, &["--format", "json"]].concat());
        let document = document(&run);
        let path = format!("templates/pages/{page}.html");
        let mut findings = document["findings"].as_array().unwrap().iter();
        let finding = findings
            .find(|finding| finding["code"] == code && finding["place"]["path"] == path.as_str())
            .unwrap_or_else(|| panic!("{code}: {document}"));
        assert!(finding["help"].as_str().unwrap().contains(flags), "{finding}");
    }
    let run = check(&playground, &["out", "--keep", "cart"]);
    assert!(run.results.contains("--no-keep names pages that may be guarded."), "{}", run.results);
}

#[test]
fn redirect_to_anything_but_the_storefront_is_an_error() {
    let playground = guarded(&[]);
    let run = check(&playground, &["out", "--storefront", "https://shop.example.org"]);
    assert_eq!(run.status, 1);
    let message = "2 pages lead to https://shop.example.com, which is not the storefront";
    assert!(run.messages.contains(message), "{}", run.messages);
    assert!(run.messages.contains("components/stencil-guard/head.html:1:"), "{}", run.messages);
    let run = check(&playground, &["out", "--storefront", "https://shop.example.com/fr"]);
    assert_eq!(run.status, 1);
    let run = check(&playground, &["out", "--format", "json"]);
    assert_eq!(run.status, 0);
    let found = serde_json::json!([{"address": STOREFRONT, "pages": 2}]);
    assert_eq!(document(&run)["destinations"], found);
}

#[test]
fn allowed_groups_are_detected_and_compared() {
    let groups = ["--allow-group", "7", "--allow-group", "name:Staff's"];
    let playground = guarded(&[&["--mode", "conditional"], &groups[..]].concat());
    let record = "out/templates/components/stencil-guard/record.html";
    std::fs::remove_file(playground.path(record)).unwrap();
    let run = check(&playground, &["out"]);
    assert_eq!(run.status, 0, "{}", run.results);
    assert!(run.results.contains("  groups  7, name:Staff's\n"), "{}", run.results);
    assert!(run.messages.contains("note[groups-found]"), "{}", run.messages);
    let run = check(&playground, &[&["out"], &groups[..]].concat());
    assert_eq!((run.status, run.messages.as_str()), (0, ""));
    let run = check(&playground, &["out", "--allow-group", "7"]);
    assert_eq!(run.status, 1);
    let reason = "open: shown to members of customer group \"Staff's\"\n  cart, home\n";
    assert!(run.results.contains(reason), "{}", run.results);
    let run = check(&playground, &[&["out", "--allow-group", "8"], &groups[..]].concat());
    assert_eq!(run.status, 1);
    let reason = "lost: hidden from members of customer group 8\n  cart, home\n";
    assert!(run.results.contains(reason), "{}", run.results);
}

#[test]
fn kept_pages_come_from_flags_and_the_settings_file() {
    let playground = guarded(&["--keep", "cart"]);
    let run = check(&playground, &["out", "--keep", "checkout"]);
    assert_eq!(run.status, 1);
    assert!(run.results.contains("open: shown to every shopper\n  cart\n"), "{}", run.results);
    assert_eq!(check(&playground, &["out", "--keep", "cart"]).status, 0);
    let settings = format!("keep = ['cart']\nmode = 'redirect'\nstorefront = '{STOREFRONT}'\n");
    playground.write("settings.toml", &settings);
    assert_eq!(check(&playground, &["out", "--config", "settings.toml"]).status, 0);
    let run = check(&playground, &["out", "--keep", "cart", "--no-keep", "checkout"]);
    assert!(run.results.contains("open: shown to every shopper\n  checkout\n"), "{}", run.results);
    let run = check(&playground, &["out", "--keep", "home", "--keep", "cart"]);
    assert!(run.results.contains("lost: hidden from every shopper\n  home\n"), "{}", run.results);
    assert!(run.results.contains("  lost           1 page\n"), "{}", run.results);
    assert!(!run.results.contains("  guarded "), "{}", run.results);
}

#[test]
fn check_honours_development_and_link_settings() {
    let playground = guarded(&[]);
    let settings = |more: &str| {
        playground.write("settings.toml", format!("storefront = '{STOREFRONT}'\n{more}"));
        check(&playground, &["out", "--config", "settings.toml"])
    };
    assert_eq!((settings("").status, settings("").messages.as_str()), (0, ""));
    let run = settings("guard-development = true");
    assert_eq!(run.status, 1);
    let reason = "open: shown to developers on their own computers\n  cart, home\n";
    assert!(run.results.contains(reason), "{}", run.results);
    let page = "<a href='https://old.example/'>old</a><a class=help href='{{urls.home}}'>h</a>{{> layout/base}}";
    playground.write("out/templates/pages/checkout.html", page);
    let links = |more: &str| {
        let messages = settings(more).messages;
        ["warning[back-link]", "note: and this"]
            .map(|text| messages.matches(text).count())
            .iter()
            .sum::<usize>()
    };
    assert_eq!(links(""), 1);
    assert_eq!(links("own-host = ['old.example']"), 2);
    let rule = "[[rule]]\nname = 'help'\nclass = ['help']\ndo = 'keep'\nwhy = 'w'\n";
    playground.write("rules/mine.toml", rule);
    assert_eq!(links("patches = 'rules'"), 0);
}

#[test]
fn script_that_navigates_off_a_kept_page_is_a_warning() {
    let playground = guarded(&[]);
    let page = "<script>location.href = '/elsewhere'</script>{{> layout/base}}";
    playground.write("out/templates/pages/checkout.html", page);
    let run = check(&playground, &["out", "--storefront", STOREFRONT]);
    assert_eq!(run.status, 0, "{}", run.messages);
    let warning = "warning[navigating-script]: a script of a kept page leads to `/elsewhere`";
    assert!(run.messages.contains(warning), "{}", run.messages);
    assert!(run.messages.contains("templates/pages/checkout.html"), "{}", run.messages);
}

#[test]
fn injected_script_values_are_not_groups() {
    let playground = guarded(&[]);
    let page = "{{inject 'customerGroup' customer.customer_group_name}}{{> layout/base}}";
    playground.write("out/templates/pages/home.html", page);
    let run = check(&playground, &["out", "--format", "json"]);
    assert!(!run.results.contains("customerGroup"), "{}", run.results);
}

#[test]
fn json_report_is_one_document() {
    let playground = guarded(&[]);
    let run = check(&playground, &["out", "--format", "json"]);
    assert_eq!((run.status, run.messages.as_str()), (0, ""));
    let report = document(&run);
    assert_eq!((&report["command"], &report["status"]), (&"check".into(), &"done".into()));
    let away = "redirected";
    let visitors = serde_json::json!({
        "guest": away,
        "customer": away,
        "customer-of-another-group": away,
        "without-scripts": away,
        "under-a-policy": away,
        "in-a-frame": away,
        "at-a-checkout-path": "shown",
        "developer": "shown",
    });
    let cart = serde_json::json!({
        "page": "pages/cart",
        "outcome": "guarded",
        "leads_to": [STOREFRONT],
        "sends_text": true,
        "visitors": visitors,
    });
    assert_eq!(report["pages"][0], cart);
    let run = check(&playground, &["theme", "--format", "json"]);
    assert_eq!(run.status, 1);
    let report = document(&run);
    assert_eq!(report["pages"][0]["reason"], "shown to every shopper");
    assert_eq!(report["findings"][0]["code"], "open-page");
    for arguments in [["nowhere", "--format=json"], ["out", "--format=json"]] {
        let run = check(&playground, &[&arguments[..], &["--keep", "crt"]].concat());
        assert_eq!(run.status, 2);
        assert_eq!(document(&run)["status"], "failed");
    }
}

#[test]
fn failed_check_exits_with_2_and_prints_no_results() {
    let playground = guarded(&[]);
    for (arguments, message) in [
        (&["nowhere"][..], "cannot read nowhere"),
        (&["out", "--keep", "crt"], "the theme has no page `crt`"),
        (&["out", "--storefront", "shop"], "is not an absolute address"),
        (&["out", "--allow-group", "Staff"], "names no customer group"),
    ] {
        let run = check(&playground, arguments);
        assert_eq!((run.status, run.results.as_str()), (2, ""), "{arguments:?}");
        assert!(run.messages.contains(message), "{}", run.messages);
    }
}

#[test]
fn freshly_built_bundle_passes_check() {
    let playground = Playground::new();
    playground.theme(&[]);
    assert_eq!(playground.build(&["--bundle", "a.zip"]).status, 0);
    let run = check(&playground, &["a.zip", "--storefront", STOREFRONT]);
    assert_eq!((run.status, run.messages.as_str()), (0, ""));
}

#[test]
fn every_theme_guarded_by_build_passes_check() {
    let modes: &[&[&str]] = &[
        &["--mode", "redirect"],
        &["--mode", "conditional", "--allow-group", "7", "--allow-group", "name:B2B \u{e9}'s"],
        &["--mode", "replace", "--keep", "home"],
    ];
    for name in names() {
        let playground = Playground::new();
        copy_folder(&folder().join(&name), &playground.path("theme"));
        for mode in modes {
            let run = playground.build(&[&["--no-bundle", "--out", "out"], *mode].concat());
            assert_eq!(run.status, 0, "{name} {mode:?}: {}", run.messages);
            let run =
                check(&playground, &[&["out", "--storefront", STOREFRONT], &mode[2..]].concat());
            assert_eq!(run.status, 0, "{name} {mode:?}: {}\n{}", run.results, run.messages);
        }
    }
}

#[test]
fn link_from_a_kept_page_into_the_shop_is_a_warning() {
    for mode in ["redirect", "replace"] {
        let playground = Playground::new();
        let page = "<a href=\"{{urls.home}}\">x</a><a href=\"#\">y</a>{{> layout/base}}";
        playground.theme(&[("templates/pages/checkout.html", page)]);
        assert_eq!(playground.build(&["--mode", mode, "--no-bundle", "--out", "out"]).status, 0);
        assert_eq!(check(&playground, &["out", "--storefront", STOREFRONT]).messages, "");
        playground.write("out/templates/pages/checkout.html", page);
        let run = check(&playground, &["out", "--storefront", STOREFRONT]);
        assert_eq!(run.status, 0);
        assert_eq!(run.messages.matches("warning[back-link]").count(), 1, "{}", run.messages);
        assert!(run.messages.contains("templates/pages/checkout.html:1:4"), "{}", run.messages);
    }
}

#[test]
fn guard_behind_a_theme_setting_names_the_setting() {
    let playground = guarded(&[]);
    let layout = playground.read("out/templates/layout/base.html");
    let include = "{{> components/stencil-guard/head}}";
    for (open, state) in
        [("{{#if theme_settings.headless}}", "on"), ("{{#unless theme_settings.headless}}", "off")]
    {
        let helper = open.trim_start_matches("{{#").split(' ').next().unwrap();
        let switched = layout.replace(include, &format!("{open}{include}{{{{/{helper}}}}}"));
        assert_ne!(switched, layout);
        playground.write("out/templates/layout/base.html", &switched);
        let run = check(&playground, &["out"]);
        assert_eq!(run.status, 1);
        let reason = format!(
            "cannot tell: it redirects only while the theme setting `headless` is {state}\n  cart, home\n"
        );
        assert!(run.results.contains(&reason), "{}", run.results);
    }
}

#[test]
fn a_guard_without_the_stores_nonce_is_a_warning() {
    let playground = guarded(&[]);
    let path = "out/templates/components/stencil-guard/head.html";
    let head = playground.read(path);
    playground.write(path, head.replace(" nonce=\"{{nonce}}\"", ""));
    let run = check(&playground, &["out"]);
    assert_eq!(run.status, 0);
    let message = "warning[blocked-by-policy]";
    assert!(run.messages.contains(message), "{}", run.messages);
    assert!(
        run.messages
            .contains("2 guarded pages are shown if the store has a content security policy"),
        "{}",
        run.messages
    );
}

#[test]
fn allow_open_accepts_an_open_page() {
    let playground = guarded(&[]);
    playground.write("out/templates/pages/home.html", "<p>SHOP</p>");
    assert_eq!(check(&playground, &["out"]).status, 1);
    assert_eq!(check(&playground, &["out", "--allow-open", "cart"]).status, 1);
    let run = check(&playground, &["out", "--allow-open", "home"]);
    assert_eq!(run.status, 0, "{}", run.results);
    assert!(run.results.contains("open: shown to every shopper\n  home\n"), "{}", run.results);
    assert!(run.results.contains("\n--allow-open allows every open page.\n"), "{}", run.results);
}

#[test]
fn kept_page_noscript_refresh_may_not_go_to_the_storefront() {
    let refresh = |target: &str| {
        let playground = Playground::new();
        let page = format!(
            "<html><head><noscript><meta http-equiv=refresh content='0;url={target}'></noscript></head>SHOP"
        );
        playground.theme(&[("templates/pages/checkout.html", &page)]);
        let run = check(&playground, &["theme", "--storefront", "https://shop.example.com"]);
        let built = playground.build(&["--no-bundle", "--out", "out"]);
        (run.results.contains("lost: "), built.status)
    };
    assert_eq!(refresh("https://help.example/scripts"), (false, 0));
    assert_eq!(refresh("https://shop.example.com/"), (true, 1));
}

#[test]
fn ways_out_of_kept_pages_are_listed_by_destination() {
    let playground = Playground::new();
    let page = "{{> layout/base}}<a href=\"{{urls.home}}\"></a><a href=\"https://social.example\"></a><a href=\"/checkout\"></a><a href=\"{{url}}\"></a>{{{region name=\"banner\"}}}";
    playground.theme(&[("templates/pages/order-confirmation.html", page)]);
    let run = playground.build(&["--mode", "links", "--no-bundle", "--out", "out"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    let ends = |theme: &str, arguments: &[&str]| -> Vec<String> {
        let run = check(&playground, &[&[theme, "--format", "json"], arguments].concat());
        let ways = document(&run)["ways_out"].as_array().unwrap().clone();
        let last = |way: &&Value| way["place"]["path"] == "templates/pages/order-confirmation.html";
        ways.iter().filter(last).map(|way| format!("{} {}", way["end"], way["written"])).collect()
    };
    let others = [
        "\"outside\" \"https://social.example\"",
        "\"kept\" \"/checkout\"",
        "\"unknown\" \"{{url}}\"",
        "\"unknown\" \"region \\\"banner\\\"\"",
    ];
    assert_eq!(ends("theme", &[])[0], "\"open\" \"{{urls.home}}\"");
    assert_eq!(ends("theme", &["--keep", "home"])[0], "\"kept\" \"{{urls.home}}\"");
    assert_eq!(ends("theme", &[])[1..], others);
    let after = ends("out", &[]);
    assert!(!after.iter().any(|way| way.contains("urls.home")), "{after:?}");
    let run = check(&playground, &["theme"]);
    let line = "1 to kept pages, 1 to other hosts, 1 into open pages, 1 whose end stencil-guard cannot tell, 4 that no template shows";
    assert!(run.results.contains(line), "{}", run.results);
}

#[test]
fn github_format_annotates_lines_with_findings() {
    let playground = Playground::new();
    playground.theme(&[(
        "templates/pages/checkout.html",
        "<a href=\"/cart.php\">,</a>\n{{> layout/base}}",
    )]);
    let run = playground.run(&["check", "theme", "--format", "github"]);
    assert_eq!((run.status, run.messages.as_str()), (1, ""));
    assert!(run.results.lines().all(|line| line.starts_with("::")), "{}", run.results);
    let start = "::warning title=back-link,file=theme/templates/pages/checkout.html,line=1,col=";
    assert!(run.results.lines().any(|line| line.starts_with(start)), "{}", run.results);
    let open = "::error title=open-page,file=theme/templates/pages/home.html";
    assert!(run.results.lines().any(|line| line.starts_with(open)), "{}", run.results);
    let run = playground.run(&["check", "theme", "--keep", "x", "--format", "github"]);
    assert_eq!(run.status, 2);
    assert!(
        run.results.starts_with("::error title=unknown-page::the theme has no page `x`"),
        "{run:?}"
    );
}
