//! Several storefronts, and the cart ID that is handed on: what a settings file may say about them, and
//! what a guarded theme does.

use crate::driver::Playground;

const HEAD: &str = "out/templates/components/stencil-guard/head.html";

const TWO: &str = "storefront = \"https://www.example.com\"

[[storefronts]]
host = \"store.example.ca\"
url = \"https://www.example.ca\"

[[storefronts]]
host = \"store.example.ca\"
locale = \"fr\"
url = \"https://www.example.ca/fr/\"
";

fn playground(settings: &str) -> Playground {
    let playground = Playground::new();
    playground.theme(&[]);
    playground.write("theme/lang/fr.json", "{}");
    playground.write("theme/stencil-guard.toml", settings);
    playground
}

#[test]
fn each_host_and_language_has_its_storefront() {
    for mode in ["redirect", "replace"] {
        let playground = playground(&format!("mode = \"{mode}\"\n{TWO}"));
        let run = playground.run(&["build", "theme", "--no-bundle", "--out", "out"]);
        assert_eq!((run.status, run.messages.as_str()), (0, ""));
        playground.write("out/stencil-guard.toml", "");
        let check = playground.run(&["check", "out"]);
        assert_eq!(check.status, 0, "{} {}", check.results, check.messages);
        for site in
            ["https://www.example.com", "https://www.example.ca", "https://www.example.ca/fr"]
        {
            assert!(check.results.contains(site), "{}", check.results);
        }
        let sites = "storefronts https://www.example.ca/fr https://www.example.ca,";
        assert!(check.results.contains(sites), "{}", check.results);
        let undo = playground.run(&["undo", "out", "--no-bundle", "--out", "undone"]);
        assert_eq!(undo.status, 0, "{}", undo.messages);
        let files = |folder: &str| -> Vec<(String, String)> {
            let names =
                playground.files(folder).into_iter().filter(|name| name.starts_with("templates/"));
            names.map(|name| (name.clone(), playground.read(&format!("{folder}/{name}")))).collect()
        };
        assert_eq!(files("undone"), files("theme"));
    }
}

#[test]
fn server_picks_the_storefront_for_visitors_without_scripts() {
    let playground = playground(TWO);
    playground.run(&["build", "theme", "--no-bundle", "--out", "out"]);
    let text = playground.read(HEAD);
    let both = "{{#all (if settings.request.host '===' 'store.example.ca') (if (toLowerCase locale_name) '===' 'fr')}}";
    let host = "{{else}}{{#all (if settings.request.host '===' 'store.example.ca')}}";
    let link = |opening: &str, url: &str| {
        format!("{opening}<meta http-equiv=\"refresh\" content=\"0;url={url}\"><a href=\"{url}\"")
    };
    for (opening, url) in [
        (both, "https://www.example.ca/fr/"),
        (host, "https://www.example.ca/"),
        ("{{else}}", "https://www.example.com/"),
    ] {
        assert_eq!(text.matches(&link(opening, url)).count(), 1, "{text}");
    }
    assert!(text.ends_with("</a>{{/all}}{{/all}}</noscript>{{/or}}"), "{text}");
    assert!(text.contains("data-locale=\"{{toLowerCase locale_name}}\""), "{text}");
}

#[test]
fn paths_try_uses_the_storefront_of_the_host() {
    let playground = playground(TWO);
    for (address, lead) in [
        ("/a?b", "https://www.example.com/a?b"),
        ("https://store.example.com/a", "https://www.example.com/a"),
        ("https://store.example.ca/a", "https://www.example.ca/a"),
    ] {
        let run = playground.run(&["paths", "theme", "--try", address]);
        assert!(run.results.contains(&format!(" {lead} ")), "{}", run.results);
    }
    let run = playground.run(&["paths", "theme"]);
    let line = "Shoppers on store.example.ca in the language fr are led to https://www.example.ca/fr instead.";
    assert!(run.results.contains(line), "{}", run.results);
    let run = playground.run(&["paths", "theme", "--format", "json"]);
    assert!(
        run.results.contains("\"locale\": \"fr\",\n      \"url\": \"https://www.example.ca/fr\""),
        "{}",
        run.results
    );
}

/// What the server prints for shoppers of each storefront.
fn for_each(common: &str, ca: &str, ca_fr: &str) -> String {
    let host = "(if settings.request.host '===' 'store.example.ca')";
    format!(
        "{{{{#all {host} (if (toLowerCase locale_name) '===' 'fr')}}}}{ca_fr}{{{{else}}}}{{{{#all {host}}}}}{ca}{{{{else}}}}{common}{{{{/all}}}}{{{{/all}}}}"
    )
}

#[test]
fn links_on_kept_pages_lead_to_the_shoppers_storefront() {
    let checkout =
        "<a href='/terms/'>T</a><a class=\"logo\" href=\"{{urls.home}}\">L</a>{{> layout/base}}\n";
    let raw = format!("{{{{{{{{noop}}}}}}}}x{{{{{{{{/noop}}}}}}}}{checkout}");
    for mode in ["redirect", "replace", "links"] {
        let settings = format!("back-links = \"storefront\"\nmode = \"{mode}\"\n{TWO}");
        let playground = playground(&settings);
        playground.write("theme/templates/pages/checkout.html", checkout);
        playground.write("theme/templates/pages/order-confirmation.html", &raw);
        let run = playground.run(&["build", "theme", "--no-bundle", "--out", "out"]);
        assert_eq!(run.status, 0, "{} {}", run.results, run.messages);
        let [all, ca, ca_fr] = ["example.com", "example.ca", "example.ca/fr"]
            .map(|site| format!("https://www.{site}"));
        let home = for_each(&format!("{all}/"), &format!("{ca}/"), &format!("{ca_fr}/"));
        let terms =
            for_each(&format!("{all}/terms/"), &format!("{ca}/terms/"), &format!("{ca_fr}/terms/"));
        let pages = ["checkout", "order-confirmation"]
            .map(|page| playground.read(&format!("out/templates/pages/{page}.html")));
        for (address, written) in [(home, "\"{{urls.home}}\""), (terms, "'/terms/'")] {
            let link =
                format!("data-guard-retargeted href=\"{address}\" data-guard-href={written}");
            assert!(pages[0].contains(&link), "{link} in {}", pages[0]);
        }
        // Behind a raw block, nobody knows whether the engine reads a condition.
        let home = "href=\"https://www.example.com/\" data-guard-href=\"{{urls.home}}\"";
        assert!(pages[1].contains(home) && !pages[1].contains("{{#all"), "{}", pages[1]);
        playground.write("out/stencil-guard.toml", "");
        if mode != "links" {
            let check = playground.run(&["check", "out"]);
            assert_eq!(check.status, 0, "{mode}: {} {}", check.results, check.messages);
        }
        let undo = playground.run(&["undo", "out", "--no-bundle", "--out", "undone"]);
        assert_eq!(undo.status, 0, "{}", undo.messages);
        for page in ["checkout", "order-confirmation"] {
            let files = ["theme", "undone"]
                .map(|folder| playground.read(&format!("{folder}/templates/pages/{page}.html")));
            assert_eq!(files[0], files[1]);
        }
    }
}

#[test]
fn links_in_texts_lead_to_the_default_storefront() {
    let playground = playground(&format!("back-links = \"storefront\"\n{TWO}"));
    playground.write("theme/templates/pages/checkout.html", "{{{lang 'a'}}}{{> layout/base}}");
    playground.write("theme/lang/en.json", r#"{"a": "<a href='/brands/'>x</a>"}"#);
    let run = playground.run(&["build", "theme", "--no-bundle", "--out", "out"]);
    assert_eq!(run.status, 0, "{} {}", run.results, run.messages);
    let text = playground.read("out/lang/en.json");
    assert!(text.contains(r#"href=\"https://www.example.com/brands/\" "#), "{text}");
    assert!(!text.contains("{{"), "{text}");
}

#[test]
fn report_lists_the_other_storefronts() {
    let playground = playground(TWO);
    let run = playground.run(&["report", "theme", "--output", "report.html"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    let report = playground.read("report.html");
    for sentence in [
        "Shoppers on store.example.ca in the language fr are led to https://www.example.ca/fr instead.",
        "Shoppers on store.example.ca are led to https://www.example.ca instead.",
    ] {
        assert_eq!(report.matches(sentence).count(), 1, "{sentence}");
    }
}

#[test]
fn locale_names_are_case_insensitive() {
    let settings = |locale: &str| {
        format!("{TWO}\n[[storefronts]]\nlocale = \"{locale}\"\nurl = \"https://www.example.br\"\n")
    };
    let texts = ["pt-BR", "pt-br"].map(|locale| {
        let playground = playground(&settings(locale));
        playground.write("theme/lang/pt-BR.json", "{}");
        let run = playground.run(&["build", "theme", "--no-bundle", "--out", "out"]);
        assert_eq!((run.status, run.messages.as_str()), (0, ""));
        playground.read(HEAD)
    });
    assert_eq!(texts[0], texts[1]);
    assert!(texts[0].contains("\"locale\":\"pt-br\""), "{}", texts[0]);
    let both = format!("{}{}", settings("pt-BR"), &settings("PT-br")[TWO.len()..]);
    let run = playground(&both).run(&["build", "theme"]);
    assert_eq!(run.status, 2, "{}", run.results);
    assert!(run.messages.contains("for the same host and language"), "{}", run.messages);
}

#[test]
fn check_detects_a_damaged_row() {
    let playground = playground(TWO);
    playground.run(&["build", "theme", "--no-bundle", "--out", "out"]);
    playground.write("out/stencil-guard.toml", "");
    let text = playground.read(HEAD);
    for (from, to) in [
        ("\"url\":\"https://www.example.ca\"", "\"url\":\"https://www.example.co\""),
        ("\"host\":\"store.example.ca\",\"url\"", "\"host\":\"store.example.co\",\"url\""),
        (",\"locale\":\"fr\"", ""),
    ] {
        let damaged = text.replacen(from, to, 1);
        assert_ne!(text, damaged, "{from}");
        playground.write(HEAD, damaged);
        let run = playground.run(&["check", "out"]);
        assert_eq!(run.status, 1, "{to}: {} {}", run.results, run.messages);
    }
    // Where browsers without scripts are led, too.
    playground.write(HEAD, text.replace("https://www.example.ca/\"", "https://www.example.co/\""));
    let run = playground.run(&["check", "out"]);
    assert!(run.messages.contains("error[other-host]"), "{}", run.messages);
}

#[test]
fn invalid_rows_are_refused_with_their_place() {
    let row =
        |text: &str| format!("storefront = \"https://www.example.com\"\n\n[[storefronts]]\n{text}");
    for (settings, message, place) in [
        (row("host = \"ca.example\"\n"), "missing field `url`", "toml:3:1"),
        (row("url = \"https://a.example\"\n"), "needs `host` or `locale`", "toml:4:7"),
        (row("locale = \"fr\"\nurl = \"http://a.example\"\n"), "must use https", "toml:5:7"),
        (row("locale = \"f/r\"\nurl = \"https://a.example\"\n"), "is not a language", "toml:4:10"),
        (
            row("host = \"https://ca.example\"\nurl = \"https://a.example\"\n"),
            "is not a host",
            "toml:4:8",
        ),
        (
            row("host = \"a.example\"\nurl = \"https://A.example/fr\"\n"),
            "is a storefront's host",
            "toml:4:8",
        ),
        (
            row("host = \"www.example.com\"\nurl = \"https://a.example\"\n"),
            "is a storefront's host",
            "toml:4:8",
        ),
        (row("name = \"ca.example\"\nurl = \"https://a.example\"\n"), "has no `name`", "toml:4:1"),
        (
            TWO.replace("locale = \"fr\"\n", ""),
            "stencil-guard.toml:4 names a storefront for the same host and language",
            "toml:8:8",
        ),
    ] {
        let playground = playground(&settings);
        for command in ["build", "check", "paths"] {
            let run = playground.run(&[command, "theme"]);
            assert_eq!(run.status, 2, "{settings}{}", run.results);
            assert!(
                run.messages.contains(message) && run.messages.contains(place),
                "{command}: {}",
                run.messages
            );
        }
    }
    let playground = playground(&row("locale = \"fr\"\nurl = \"https://old.mybigcommerce.com\"\n"));
    let run = playground.run(&["build", "theme"]);
    assert_eq!(run.status, 2, "{}", run.messages);
}

#[test]
fn locale_missing_from_the_theme_is_warned_about() {
    let playground = playground(&TWO.replace("\"fr\"", "\"fr-FR\""));
    let run = playground.run(&["build", "theme", "--no-bundle", "--out", "out"]);
    assert!(run.messages.contains("warning[unused-storefront]"), "{}", run.messages);
}

#[test]
fn cart_id_is_printed_on_the_cart_page_only() {
    for mode in ["redirect", "replace"] {
        let playground =
            playground(&format!("storefront = \"https://www.example.com\"\nmode = \"{mode}\"\n"));
        let run = playground.run(&["build", "theme", "--no-bundle", "--out", "out"]);
        assert_eq!(run.status, 0, "{}", run.messages);
        let all = |folder: &str| -> String {
            let names =
                playground.files(folder).into_iter().filter(|name| name.starts_with("templates/"));
            names.map(|name| playground.read(&format!("{folder}/{name}"))).collect()
        };
        assert!(!all("out").contains("cart_id"));
        let run = playground.run(&[
            "build",
            "theme",
            "--no-bundle",
            "--out",
            "out",
            "--cart-param",
            "cartId",
            "--paths",
            "catalyst",
        ]);
        assert_eq!(run.status, 0, "{}", run.messages);
        let cart =
            " data-cart=\"{{#or (if template '===' 'pages/cart')}}{{cart_id}}{{else}}{{/or}}\"";
        let text = all("out");
        assert_eq!((text.matches(cart).count(), text.matches("cart_id").count()), (1, 1), "{text}");
        playground.write("out/stencil-guard.toml", "");
        let run = playground.run(&["check", "out"]);
        assert_eq!(run.status, 0, "{} {}", run.results, run.messages);
        assert!(run.results.contains("cart-param cartId"), "{}", run.results);
        playground.write("out/stencil-guard.toml", "cart-param = \"basket\"\n");
        let run = playground.run(&["check", "out"]);
        let message =
            "error[other-guard]: the guard hands on the cart ID as `cartId`, not as `basket`";
        assert!(run.messages.contains(message), "{}", run.messages);
    }
    let without = playground("storefront = \"https://www.example.com\"\npaths = \"catalyst\"\n");
    assert_eq!(without.run(&["build", "theme", "--no-bundle", "--out", "out"]).status, 0);
    without.write("out/stencil-guard.toml", "cart-param = \"basket\"\n");
    let run = without.run(&["check", "out"]);
    let message = "error[other-guard]: the guard does not hand on the cart ID as `basket`";
    assert!(run.messages.contains(message), "{}", run.messages);
    let run = playground("").run(&[
        "paths",
        "theme",
        "--storefront",
        "https://www.example.com",
        "--cart-param",
        "cartId",
    ]);
    assert!(
        run.results.contains("The cart leads there with its ID as `cartId`."),
        "{}",
        run.results
    );
    for name in ["", "action", "token", "a b", "a&b", "a=b", "a-b{{x}}"] {
        let run = playground("").run(&["build", "theme", "--cart-param", name]);
        assert_eq!(run.status, 2, "{name}: {}", run.messages);
    }
}

#[test]
fn unused_cart_param_is_warned_about_with_a_fix() {
    let settings = "storefront = \"https://www.example.com\"\ncart-param = \"cartId\"\n";
    let elsewhere = format!(
        "{settings}origins = [\"https://pay.example.com\"]\n\n[[path]]\nfrom = \"/cart.php\"\nto = \"https://pay.example.com/\"\n"
    );
    for (settings, flags, why, help) in [
        (settings, &["--keep", "cart"][..], "the page `cart` is kept", "--no-keep cart"),
        (settings, &["--mode", "links"], "the mode `links` redirects nobody", "use another mode"),
        (&elsewhere, &[], "the cart leads to https://pay.example.com/, which", "[[path]]"),
    ] {
        let playground = playground(settings);
        let build = ["build", "theme", "--no-bundle", "--out", "out"];
        let run = playground.run(&[&build, flags].concat());
        assert_eq!(run.status, 0, "{}", run.messages);
        let message =
            format!("warning[unused-cart-param]: no storefront receives the cart ID: {why}");
        assert!(run.messages.contains(&message) && run.messages.contains(help), "{}", run.messages);
    }
    let playground = playground(settings);
    std::fs::remove_file(playground.path("theme/templates/pages/cart.html")).unwrap();
    let run = playground.run(&["build", "theme", "--no-bundle", "--out", "out"]);
    assert!(run.messages.contains("the theme has no page `cart`"), "{}", run.messages);
    let used = playground_with_home(settings);
    let run = used.run(&["build", "theme", "--no-bundle", "--out", "out"]);
    assert_eq!((run.status, run.messages.as_str()), (0, ""));
}

/// The cart leads to the home page of a storefront, which may read the number as well.
fn playground_with_home(settings: &str) -> Playground {
    playground(&format!("{settings}[[path]]\nfrom = \"/cart.php\"\nto = \"/\"\n"))
}
