//! Several storefronts, and the number of the cart that is handed on: what a settings file may say about them, and
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
fn without_scripts_the_server_says_which_storefront_it_is() {
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
fn an_address_is_tried_on_the_storefront_of_its_host() {
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

#[test]
fn capital_letters_in_the_name_of_a_language_do_not_count() {
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
fn a_damaged_row_is_noticed() {
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
fn rows_that_cannot_be_are_refused_where_they_stand() {
    let row =
        |text: &str| format!("storefront = \"https://www.example.com\"\n\n[[storefronts]]\n{text}");
    for (settings, message, place) in [
        (row("host = \"ca.example\"\n"), "missing field `url`", "toml:3:1"),
        (row("url = \"https://a.example\"\n"), "needs `host` or `locale`", "toml:4:7"),
        (row("locale = \"fr\"\nurl = \"http://a.example\"\n"), "must use https", "toml:5:7"),
        (row("locale = \"f/r\"\nurl = \"https://a.example\"\n"), "is no language", "toml:4:10"),
        (
            row("host = \"https://ca.example\"\nurl = \"https://a.example\"\n"),
            "is no host",
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
fn a_language_that_the_theme_does_not_have_is_no_ones() {
    let playground = playground(&TWO.replace("\"fr\"", "\"fr-FR\""));
    let run = playground.run(&["build", "theme", "--no-bundle", "--out", "out"]);
    assert!(run.messages.contains("warning[unused-storefront]"), "{}", run.messages);
}

#[test]
fn the_number_of_the_cart_stands_on_the_cart_alone() {
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
        assert!(run.messages.contains("error[other-guard]"), "{}", run.messages);
    }
    let run = playground("").run(&[
        "paths",
        "theme",
        "--storefront",
        "https://www.example.com",
        "--cart-param",
        "cartId",
    ]);
    assert!(
        run.results.contains("The cart leads there with its number as `cartId`."),
        "{}",
        run.results
    );
    for name in ["", "action", "token", "a b", "a&b", "a=b", "a-b{{x}}"] {
        let run = playground("").run(&["build", "theme", "--cart-param", name]);
        assert_eq!(run.status, 2, "{name}: {}", run.messages);
    }
}
