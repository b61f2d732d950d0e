//! `check` proves what guarded pages tell search engines and shoppers, by the record of the theme; each damage is
//! noticed, and what an earlier version wrote is not taken for one.

use crate::driver::{Playground, Run, STOREFRONT};

const HEAD: &str = "out/templates/components/stencil-guard/head.html";
const PAGE: &str = "out/templates/components/stencil-guard/page.html";
const RECORD: &str = "out/templates/components/stencil-guard/record.html";
const LAYOUT: &str = "out/templates/layout/base.html";

/// The small theme, guarded.
fn guarded(files: &[(&str, &str)], flags: &[&str]) -> Playground {
    let playground = Playground::new();
    playground.theme(files);
    playground.write("texts.toml", "[texts]\nde = \"Zum Shop\"\nar = \"إلى المتجر\"\n");
    let run = playground.build(&[&["--no-bundle", "--out", "out"], flags].concat());
    assert_eq!(run.status, 0, "{}", run.messages);
    let check = playground.run(&["check", "out"]);
    assert_eq!(check.status, 0, "{flags:?}: {} {}", check.results, check.messages);
    playground
}

/// Checks the theme with one file changed, and puts that back.
fn damaged(playground: &Playground, file: &str, from: &str, to: &str) -> Run {
    let text = playground.read(file);
    let changed = text.replacen(from, to, 1);
    assert_ne!(text, changed, "{from}");
    playground.write(file, changed);
    let run = playground.run(&["check", "out"]);
    playground.write(file, text);
    run
}

const NOINDEX: &str = "<meta name=\"robots\" content=\"noindex\">";

#[test]
fn missing_noindex_on_any_guarded_page_is_an_error() {
    for (mode, file) in [("redirect", HEAD), ("replace", PAGE)] {
        let playground = guarded(&[], &["--mode", mode, "--search-engines", "noindex"]);
        for (to, pages) in [
            ("", "cart home"),
            ("<meta name=\"robots\" content=\"index\">", "cart home"),
            ("<meta name=\"robot\" content=\"noindex\">", "cart home"),
            ("<!--<meta name=\"robots\" content=\"noindex\">-->", "cart home"),
            ("<template><meta name=\"robots\" content=\"noindex\"></template>", "cart home"),
            (
                "{{#if theme_settings.x}}<meta name=\"robots\" content=\"noindex\">{{/if}}",
                "cart home",
            ),
            (
                "{{#if template '===' 'pages/cart'}}<meta name=\"robots\" content=\"noindex\">{{/if}}",
                "home",
            ),
        ] {
            let run = damaged(&playground, file, NOINDEX, to);
            assert_eq!(run.status, 1, "{mode} {to}: {} {}", run.results, run.messages);
            let message = "error[other-guard]: this guarded page does not tell search engines to leave it out";
            assert!(run.messages.contains(message), "{mode} {to}: {}", run.messages);
            for page in ["cart", "home"] {
                let is_named = run.messages.contains(&format!("pages/{page}.html"));
                assert_eq!(is_named, pages.contains(page), "{to}: {}", run.messages);
            }
        }
        // Said otherwise, it is said.
        for to in [
            "<META NAME=robots CONTENT=\"nofollow, NOINDEX\">",
            "<meta content='none' name='Robots'>",
        ] {
            let run = damaged(&playground, file, NOINDEX, to);
            assert_eq!(run.status, 0, "{mode} {to}: {} {}", run.results, run.messages);
        }
    }
}

#[test]
fn canonical_link_must_be_single_and_name_the_storefront() {
    let link = "<link rel=\"canonical\" href=\"https://shop.example.com/\">";
    for (mode, file) in [("redirect", HEAD), ("replace", PAGE)] {
        let playground = guarded(&[], &["--mode", mode, "--search-engines", "canonical"]);
        let twice = [link, link].concat();
        for (from, to, message) in [
            (link, "", "does not name the page of the storefront"),
            (
                link,
                "{{#if customer}}<link rel=canonical href=https://shop.example.com/>{{/if}}",
                "does not name",
            ),
            (link, "<link rel=\"alternate\" href=\"https://shop.example.com/\">", "does not name"),
            (link, &twice, "may have two canonical links"),
            (
                link,
                "<link rel=\"canonical\" href=\"https://shop.example.co/\">",
                "names `https://shop.example.co/`",
            ),
            ("/cart.php\">", "/cart.ph\">", "names `https://shop.example.com/cart.ph`"),
        ] {
            let run = damaged(&playground, file, from, to);
            assert_eq!(run.status, 1, "{mode} {to}: {} {}", run.results, run.messages);
            assert!(
                run.messages.contains("error[other-guard]: this guarded page"),
                "{}",
                run.messages
            );
            assert!(run.messages.contains(message), "{mode} {to}: {}", run.messages);
        }
    }
    // The head of the theme is sent along.
    let playground = guarded(&[], &["--search-engines", "canonical"]);
    for own in ["{{{head.meta_tags}}}", "<link rel='canonical' href='/'>"] {
        let run = damaged(&playground, LAYOUT, "<title>", &format!("{own}<title>"));
        assert!(run.messages.contains("may have two canonical links"), "{own}: {}", run.messages);
    }
    // What an address holds that only the server knows is not there to be compared.
    let page = ("templates/pages/product.html", "{{> layout/base}}");
    let playground = guarded(&[page], &["--mode", "replace", "--search-engines", "canonical"]);
    let same = "https://shop.example.com{{settings.request.absolute_path}}";
    let other = "https://shop.example.org{{settings.request.absolute_path}}";
    let run = damaged(&playground, PAGE, same, other);
    assert!(run.messages.contains("names `https://shop.example.org`"), "{}", run.messages);
}

#[test]
fn each_storefront_needs_its_own_canonical_link() {
    let rows = "search-engines = \"canonical\"\nmode = \"replace\"\n[[storefronts]]\nhost = \"a.example\"\nurl = \"https://www.a.example\"\n";
    let playground = guarded(&[("stencil-guard.toml", rows)], &[]);
    let run = damaged(
        &playground,
        PAGE,
        "href=\"https://www.a.example/\"",
        "href=\"https://www.b.example/\"",
    );
    assert_eq!(run.status, 1, "{} {}", run.results, run.messages);
    let link = "<link rel=\"canonical\" href=\"https://www.a.example/\">";
    let run = damaged(&playground, PAGE, link, "");
    assert!(run.messages.contains("does not name the page"), "{}", run.messages);
}

#[test]
fn storefront_link_must_match_the_recorded_texts() {
    let german = ("lang/de.json", "{}");
    for (mode, file) in [("redirect", HEAD), ("replace", PAGE)] {
        let playground = guarded(&[german], &["--mode", mode, "--config", "texts.toml"]);
        let check = playground.run(&["check", "out"]);
        assert!(check.results.contains(", texts ar de"), "{}", check.results);
        let template = playground.read(file);
        let start = template.find("<template>").unwrap();
        let end = template.find("</template>").unwrap() + "</template>".len();
        for (file, from, to) in [
            (file, "Zum Shop", "Zum Shopp"),
            (file, "Continue to the store", "Pay again"),
            (file, "lang=\"ar\" dir=\"rtl\"", "lang=\"ar\" dir=\"ltr\""),
            (file, "<template><a target=\"_top\"", "<template><a"),
            (file, &template[start..end], ""),
            (RECORD, "de Zum Shop", "de Zur Kasse"),
            (RECORD, "\"de Zum Shop\"", ""),
        ] {
            let run = damaged(&playground, file, from, to);
            assert_eq!(run.status, 1, "{mode} {from}: {} {}", run.results, run.messages);
            let message = "error[other-guard]: the guard's link to the storefront does not have";
            assert!(run.messages.contains(message), "{mode} {from}: {}", run.messages);
        }
        // A record of an earlier version says nothing of texts; settings do.
        let record = playground.read(RECORD);
        let row = record.lines().find(|line| line.starts_with("texts = ")).unwrap();
        playground.write(RECORD, record.replace(&format!("{row}\n"), ""));
        let run = damaged(&playground, file, "Zum Shop", "Zum Shopp");
        assert_eq!(run.status, 0, "{} {}", run.results, run.messages);
        let run = playground.run(&["check", "out", "--config", "texts.toml"]);
        assert_eq!(run.status, 0, "{} {}", run.results, run.messages);
        playground.write("other.toml", "[texts]\nde = \"Los\"\n");
        let run = playground.run(&["check", "out", "--config", "other.toml"]);
        assert_eq!(run.status, 1, "{} {}", run.results, run.messages);
    }
}

/// An earlier version wrote its own texts in all languages, whichever the theme has.
#[test]
fn texts_in_languages_the_theme_lacks_are_accepted() {
    let names = ["de", "es", "fr", "it", "ja", "nl", "pl", "pt", "sv"];
    let files: Vec<String> = names.iter().map(|name| format!("lang/{name}.json")).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|file| (file.as_str(), "{}")).collect();
    let playground = guarded(&files, &[]);
    let full = playground.read(HEAD);
    assert!(full.contains("Weiter zum Shop") && full.contains("Fortsätt till butiken"));
    for (file, _) in &files {
        std::fs::remove_file(playground.path(&format!("out/{file}"))).unwrap();
        std::fs::remove_file(playground.path(&format!("theme/{file}"))).unwrap();
    }
    let check = playground.run(&["check", "out"]);
    assert_eq!(check.status, 0, "{} {}", check.results, check.messages);
    let undo = playground.run(&["undo", "out", "--no-bundle", "--out", "undone"]);
    assert_eq!(undo.status, 0, "{}", undo.messages);
    // Built again, it is what the theme alone would become: one text, and no condition on languages.
    let again = ["build", "out", "--storefront", STOREFRONT, "--no-bundle", "--out", "again"];
    assert_eq!(playground.run(&again).status, 0);
    playground.build(&["--no-bundle", "--out", "plain"]);
    for path in playground.files("plain").iter().filter(|path| path.starts_with("templates/")) {
        let files = ["plain", "again"].map(|folder| playground.read(&format!("{folder}/{path}")));
        assert_eq!(files[0], files[1], "{path}");
    }
    let head = playground.read(&HEAD.replace("out/", "plain/"));
    assert!(!head.contains("locale_name") && head.contains("Continue to the store"), "{head}");
    for path in playground.files("theme").iter().filter(|path| path.starts_with("templates/")) {
        let files = ["theme", "undone"].map(|folder| playground.read(&format!("{folder}/{path}")));
        assert_eq!(files[0], files[1], "{path}");
    }
}
