//! Links in language files that kept pages print: judged like those of templates, changed where no other page
//! prints the text, and named with file, key and line.

use crate::driver::{Playground, Run};

const LAYOUT: &str = "{{> layout/base}}";

/// A theme whose checkout holds `checkout` and whose front page holds `home`.
fn playground(checkout: &str, home: &str, languages: &[(&str, &str)]) -> Playground {
    let playground = Playground::new();
    let page = |body: &str| format!("{{{{#partial \"page\"}}}}{body}{{{{/partial}}}}{LAYOUT}");
    let (checkout, home) = (page(checkout), page(home));
    let mut files = vec![
        ("templates/pages/checkout.html", checkout.as_str()),
        ("templates/pages/home.html", home.as_str()),
    ];
    files.extend(languages);
    playground.theme(&files);
    playground
}

/// Builds, and undoes it again.
fn build(playground: &Playground, more: &[&str]) -> Run {
    let arguments = [&["--no-bundle", "--out", "out", "--format", "json"], more].concat();
    let run = playground.build(&arguments);
    assert_eq!(run.status, 0, "{} {}", run.results, run.messages);
    if !playground.files("out").iter().any(|path| path.contains("components/stencil-guard/")) {
        return run;
    }
    let undo = playground.run(&["undo", "out", "--no-bundle", "--out", "undone"]);
    assert_eq!(undo.status, 0, "{}", undo.messages);
    for path in playground.files("theme") {
        let (before, after) = (format!("theme/{path}"), format!("undone/{path}"));
        assert_eq!(playground.read(&before), playground.read(&after), "{path}");
    }
    run
}

/// What the checkout asks for, the text `a.b` as it is spelled, and as it is after a build.
const CHANGED: &[(&str, &str, &str)] = &[
    (
        "<script>window.language = {{{langJson \"a\"}}};</script>",
        r#"See <a href=\"/contact-us/\">us</a>"#,
        r#"See <a data-guard-href=\"/contact-us/\">us</a>"#,
    ),
    (
        "{{{lang 'a.b'}}}",
        "<a class='c' href='/login.php'>x</a>",
        "<a class='c' data-guard-href='/login.php'>x</a>",
    ),
    (
        "{{{lang 'a.b' name=x}}}",
        r#"<a href=\"{url}\">{name}</a>"#,
        r#"<a data-guard-href=\"{url}\">{name}</a>"#,
    ),
    (
        "{{> components/note text=(lang 'a.b')}}",
        "<a href=/about/>x</a>",
        "<a data-guard-href=/about/>x</a>",
    ),
    (
        "{{{lang (concat 'a.' x)}}}",
        "\\u00e9\\ud83d\\ude00\\t<a href=\\u0022\\/x\\u0022>",
        "\\u00e9\\ud83d\\ude00\\t<a data-guard-href=\\u0022\\/x\\u0022>",
    ),
    ("{{{langJson}}}", "<A HREF='/brands/'>x</A>", "<A data-guard-HREF='/brands/'>x</A>"),
    (
        "{{{lang 'a.b'}}}",
        r#"<form action=\"/search.php\" method='get'>"#,
        r#"<form method=\"dialog\" data-guard-action=\"/search.php\" data-guard-method='get'>"#,
    ),
    (
        "{{{lang 'a.b'}}}",
        "{n, plural, one{{x} <a href='/'>item</a>} other{<a href='/brands/'># items</a>}}",
        "{n, plural, one{{x} <a data-guard-href='/'>item</a>} other{<a data-guard-href='/brands/'># items</a>}}",
    ),
    (
        "{{{lang 'a.b'}}}",
        "<a href='mailto:a@a.example'>x</a>",
        "<a href='mailto:a@a.example'>x</a>",
    ),
    (
        "{{{lang 'a.b'}}}",
        "<a href='tel:1'>x</a><a href='#top'>y</a>",
        "<a href='tel:1'>x</a><a href='#top'>y</a>",
    ),
    ("{{{lang 'a.b'}}}", "<a href='/checkout'>x</a>", "<a href='/checkout'>x</a>"),
    ("{{{lang 'a.bc'}}}", "<a href='/about/'>x</a>", "<a href='/about/'>x</a>"),
    ("{{{langJson 'b'}}}", "<a href='/about/'>x</a>", "<a href='/about/'>x</a>"),
];

#[test]
fn texts_used_only_on_kept_pages_are_changed() {
    for (checkout, before, after) in CHANGED {
        let file = |text: &str| format!("{{\n  \"a\": {{ \"b\": \"{text}\" }}\n}}\n");
        let playground = playground(
            checkout,
            "",
            &[("lang/en.json", &file(before)), ("templates/components/note.html", "{{{text}}}")],
        );
        for mode in ["redirect", "replace", "links"] {
            build(&playground, &["--mode", mode]);
            assert_eq!(playground.read("out/lang/en.json"), file(after), "{checkout}, {mode}");
        }
    }
}

/// What templates put into the text `a.b`, and whether its link stays as it is, without a warning.
const FILLED: &[(&str, bool)] = &[
    ("{{{lang 'a.b' url=file_url name=x}}}", true),
    ("{{#each files}}{{{lang 'a.b' url=this.file_url}}}{{/each}}", true),
    ("{{> components/note text=(lang 'a.b' url=urls.checkout.single_address)}}", true),
    ("{{{lang 'a.b' url=file_url}}}{{{lang 'a.b' url=urls.brands}}}", false),
    ("{{{lang 'a.b' url=file_url}}}{{{langJson 'a'}}}", false),
    ("{{{lang 'a.b' url=file_url}}}{{{lang 'a.b'}}}", false),
    ("{{{lang 'a.b' url=(concat file_url x)}}}", false),
    ("{{{lang 'a.b' url=product.url}}}", false),
];

#[test]
fn links_in_texts_are_judged_by_their_arguments() {
    let text = r#"<a href=\"{url}\" target=\"_blank\">{name}</a>"#;
    let english = format!("{{\n  \"a\": {{ \"b\": \"{text}\" }}\n}}\n");
    for (checkout, stays) in FILLED {
        for home in ["", *checkout] {
            let files = [
                ("lang/en.json", english.as_str()),
                ("templates/components/note.html", "{{{text}}}"),
            ];
            let playground = playground(checkout, home, &files);
            let run = build(&playground, &["--mode", "links"]);
            let is_told =
                run.results.contains("the text `a.b`") && run.results.contains("\"warning\"");
            assert_eq!(!is_told, *stays || home.is_empty(), "{checkout} {home}: {}", run.results);
            let is_same = playground.read("out/lang/en.json") == english;
            assert_eq!(is_same, *stays || !home.is_empty(), "{checkout} {home}");
        }
    }
}

/// Texts of the checkout, how it asks for them, and whether a link that is filled in stays as it is.
const HANDED_ON: &[(&str, &str, bool)] = &[
    ("optimized_checkout", "{{{langJson 'optimized_checkout'}}}", true),
    ("optimized_checkout", "{{{langJson}}}", true),
    (
        "optimized_checkout",
        "{{{langJson 'optimized_checkout'}}}{{{lang 'optimized_checkout.a'}}}",
        false,
    ),
    ("header", "{{{langJson 'header'}}}", false),
];

#[test]
fn links_filled_in_by_the_checkout_app_stay_unchanged() {
    for (section, checkout, stays) in HANDED_ON {
        let text = r#"<a href=\"{url}\">terms</a> <a href=\"/sale/\">sale</a>"#;
        let english = format!("{{ \"{section}\": {{ \"a\": \"{text}\" }} }}");
        let playground = playground(checkout, "", &[("lang/en.json", &english)]);
        build(&playground, &["--mode", "links"]);
        let after = playground.read("out/lang/en.json");
        assert_eq!(
            after.contains(r#"<a href=\"{url}\">"#),
            *stays,
            "{section} {checkout}: {after}"
        );
        assert!(after.contains(r#"<a data-guard-href=\"/sale/\">"#), "{section}: {after}");
    }
}

/// So that the front page is shown to somebody.
const MEMBERS: &[&str] = &["--mode", "conditional", "--allow-group", "7"];

/// What the front page asks for, so that the text is not the checkout's alone.
const SHARED: &[&str] = &[
    "{{{lang 'a.b'}}}",
    "{{lang 'a.b'}}",
    "{{{lang x}}}",
    "{{{langJson 'a'}}}",
    "{{> components/note text=(lang 'a.b')}}",
    "{{{lang (concat 'a.' x)}}}",
];

#[test]
fn shared_texts_are_warned_about_with_file_key_and_line() {
    let english = "{\n  \"a\": {\n    \"b\": \"<a href=\\\"/contact-us/\\\">us</a>\"\n  }\n}\n";
    for home in SHARED {
        let playground = playground(
            "{{{lang 'a.b'}}}",
            home,
            &[
                ("lang/en.json", english),
                ("lang/fr.json", english),
                ("templates/components/note.html", "{{{text}}}"),
            ],
        );
        build(&playground, MEMBERS);
        assert_eq!(playground.read("out/lang/en.json"), english, "{home}");
        let run = playground.build(&[&["--no-bundle", "--out", "out"], MEMBERS].concat());
        let message = "warning[link-doubtful]: the text `a.b`: `/contact-us/` leads to some place in the store, and stays, because other pages print this text, too";
        assert_eq!(run.messages.matches(message).count(), 1, "{home}: {}", run.messages);
        let explain =
            ["explain", "theme/lang/en.json:3", "--storefront", "https://shop.example.com"];
        let run = playground.run(&explain);
        assert!(run.results.contains("the text `a.b`"), "{home}: {} {}", run.results, run.messages);
        let run = playground.build(&[&["--no-bundle", "--out", "out"], MEMBERS].concat());
        for place in ["lang/en.json:3:14", "lang/fr.json"] {
            assert!(run.messages.contains(place), "{home}: {}", run.messages);
        }
    }
}

#[test]
fn texts_shared_only_with_hidden_pages_are_changed() {
    let english = "{\"a\": {\"b\": \"<a href=\\\"/contact-us/\\\">us</a>\"}}";
    let changed = english.replace("href", "data-guard-href");
    for home in SHARED {
        let files = [("lang/en.json", english), ("templates/components/note.html", "{{{text}}}")];
        let playground = playground("{{{lang 'a.b'}}}", home, &files);
        for mode in ["redirect", "replace"] {
            build(&playground, &["--mode", mode]);
            assert_eq!(playground.read("out/lang/en.json"), changed, "{home}, {mode}");
        }
        // Merchants may switch the guard off; e-mails are no pages.
        build(&playground, &["--theme-settings"]);
        assert_eq!(playground.read("out/lang/en.json"), english, "{home}");
        playground.write("theme/templates/email/order.html", "{{{lang 'a.b'}}}");
        build(&playground, &[]);
        assert_eq!(playground.read("out/lang/en.json"), english, "{home}");
    }
}

#[test]
fn rules_can_retarget_links_in_texts() {
    let rule = "[[rule]]\nname = 'contact'\nfile = ['lang/*']\npath = ['/contact-us/']\nretarget = '{path}'\nwhy = 'w'\n";
    let english = r#"{"a": {"b": "<a href=\"/contact-us/\">us</a>"}}"#;
    let playground = playground("{{{lang 'a.b'}}}", "", &[("lang/en.json", english)]);
    playground.write("rules/own.toml", rule);
    build(&playground, &["--patches", "rules"]);
    let address = r#"<a data-guard-retargeted href=\"https://shop.example.com/contact-us/\" data-guard-href=\"/contact-us/\">"#;
    let after = playground.read("out/lang/en.json");
    assert!(after.contains(address), "{after}");
    serde_json::from_str::<serde_json::Value>(&after).unwrap();
}

#[test]
fn guard_attributes_are_refused_in_texts() {
    let english = r#"{"a": "<a data-guard-href='/'>"}"#;
    let playground = playground("", "", &[("lang/en.json", english)]);
    let run = playground.build(&["--no-bundle", "--out", "out"]);
    assert_eq!(run.status, 1, "{}", run.messages);
    assert!(run.messages.contains("error[name-taken]"), "{}", run.messages);
}
