//! Path rules from the settings to the guarded theme: what is refused, what is said, and what `check` sees.

use crate::driver::{Playground, STOREFRONT};

/// A theme with some of the pages that every store has, guarded by a settings file.
fn playground(settings: &str) -> Playground {
    let playground = Playground::new();
    let page = "{{> layout/base}}";
    playground.theme(&[
        ("templates/pages/cart.html", page),
        ("templates/pages/auth/login.html", page),
        ("templates/pages/category.html", page),
    ]);
    let settings = format!("storefront = \"{STOREFRONT}\"\n{settings}");
    playground.write("theme/stencil-guard.toml", settings);
    playground
}

#[test]
fn what_cannot_be_a_rule_is_refused_at_its_place() {
    let rule = |from: &str, to: &str| format!("[[path]]\nfrom = \"{from}\"\nto = \"{to}\"\n");
    for (settings, place, words) in [
        ("paths = \"cattalyst\"".to_owned(), ":2:9", "did you mean `catalyst`?"),
        ("[[path]]\nfrom = \"/a\"\n".to_owned(), ":2:1", "missing field `to`"),
        ("[[path]]\nto = \"/a\"\n".to_owned(), ":3:6", "needs `from` or `page`"),
        (rule("/a", "javascript:alert(1)"), ":4:6", "neither a path"),
        (rule("/a", "ftp://x.example/"), ":4:6", "neither a path"),
        (rule("/a", "https://me:pw@x.example/"), ":4:6", "user name or password"),
        (rule("/a", "//x.example/"), ":4:6", "two slashes"),
        (rule("/a", "/{b"), ":4:6", "a brace without its partner"),
        (rule("/a", "/{b:float}"), ":4:6", "`{b:float}` is not a value"),
        (rule("a", "/b"), ":3:8", "must begin with `/`"),
        (rule("/(a|b)", "/b"), ":3:8", "remove it"),
        (rule("/a", "https://x.example/"), ":4:6", "not the storefront's origin"),
        (rule("/cart.php", "/c/{token}"), ":4:6", "hands on `token`"),
        (rule("/*", "/x") + &rule("/a", "/b"), ":6:8", "never reached: stencil-guard.toml:3"),
        (rule("/a", "/b").replace("to =", "too ="), ":4:1", "a path rule has no `too`"),
        ("fallback = \"https://x.example/\"".to_owned(), ":2:12", "not a plain path"),
        ("origins = [\"https://x.example/a\"]".to_owned(), ":2:11", "has a path"),
    ] {
        let playground = playground(&settings);
        let before = playground.files("");
        let run = playground.run(&["build", "theme"]);
        assert_eq!(run.status, 2, "{settings}: {run:?}");
        let is_right = run.messages.contains(place) && run.messages.contains(words);
        assert!(is_right, "{settings}: {}", run.messages);
        assert_eq!(playground.files(""), before);
    }
}

#[test]
fn rules_that_no_script_should_hold_are_refused() {
    let rules: String = (0..1000)
        .map(|number| format!("[[path]]\nfrom = \"/{number}\"\nto = \"/{}\"\n", "x".repeat(60)))
        .collect();
    let run = playground(&rules).run(&["build", "theme"]);
    assert!(run.status == 2 && run.messages.contains("at most 64000 are allowed"), "{run:?}");
}

#[test]
fn many_rules_are_warned_of_before_they_are_too_many() {
    for (rules, is_told) in [(100, false), (900, true)] {
        let rule = |at| format!("[[path]]\nfrom = '/a{at}'\nto = '/b{at}'\n");
        let playground = playground(&(0..rules).map(rule).collect::<String>());
        let run = playground.run(&["build", "theme", "--dry-run"]);
        assert_eq!(run.status, 0, "{}", run.messages);
        assert_eq!(run.messages.contains("many-path-rules"), is_told, "{}", run.messages);
    }
}

#[test]
fn a_rule_for_a_page_that_is_kept_is_pointed_out() {
    let rule = "keep = [\"cart\"]\n[[path]]\nfrom = \"/cart.php\"\nto = \"/basket\"\n";
    let run = playground(rule).run(&["build", "theme", "--dry-run"]);
    let words =
        "warning[path-of-kept-page]: the rule at stencil-guard.toml:4 is for the page `cart`";
    assert!(run.status == 0 && run.messages.contains(words), "{run:?}");
}

#[test]
fn addresses_that_arrive_as_they_are_are_named_once() {
    let run = playground("").run(&["build", "theme", "--dry-run"]);
    assert!(
        run.results.contains("arrive at the storefront as they are: /cart.php, /login.php\n"),
        "{run:?}"
    );
    for settings in ["paths = \"catalyst\"", "fallback = \"/help\"", "paths = \"none\""] {
        let run = playground(settings).run(&["build", "theme", "--dry-run"]);
        assert!(run.status == 0 && !run.results.contains("as they are"), "{settings}: {run:?}");
    }
}

#[test]
fn links_from_outside_lead_where_the_rules_say() {
    let run = playground("paths = \"catalyst\"").run(&["build", "theme", "--dry-run"]);
    assert!(
        run.results.contains("`Edit cart` (checkout) now leads to /cart/ on the storefront"),
        "{run:?}"
    );
}

const HEAD: &str = "out/templates/components/stencil-guard/head.html";

#[test]
fn check_notices_rules_that_were_changed() {
    let settings = "paths = \"catalyst\"\n[[path]]\nfrom = \"/a\"\nto = \"/1\"\n[[path]]\nfrom = \"/b\"\nto = \"/2\"\n";
    let playground = playground(settings);
    let build = playground.run(&["build", "theme", "--no-bundle", "--out", "out"]);
    assert_eq!(build.status, 0, "{build:?}");
    let guard = playground.read(HEAD);
    let check = || playground.run(&["check", "out", "--config", "theme/stencil-guard.toml"]);
    let by_record = || playground.run(&["check", "out"]);
    assert_eq!(by_record().status, 0, "{:?}", by_record());
    assert_eq!(check().status, 0, "{:?}", check());
    let rules = (r#"{"from":"/a","to":"/1"}"#, r#"{"from":"/b","to":"/2"}"#);
    let swapped = format!("{},{}", rules.1, rules.0);
    for (damage, from, to, words) in [
        (
            "a host",
            r#""to":"/cart/""#,
            r#""to":"https://shop.exampel.com/cart/""#,
            "not a named origin",
        ),
        ("the order", &format!("{},{}", rules.0, rules.1), &swapped, "its rule 1 is"),
        (
            "a fallback",
            r#""from":"/*.php","to":"/""#,
            r#""from":"/*.php","to":"/x""#,
            "not those of the settings",
        ),
        ("a rule", &format!("{},", rules.0), "", "its rule 1 is"),
        ("the storefront", STOREFRONT, "https://shop.exampel.com", "which is not the storefront"),
    ] {
        let damaged = guard.replace(from, to);
        assert_ne!(damaged, guard, "{damage}: {guard}");
        playground.write(HEAD, damaged);
        let run = check();
        assert!(run.status == 1 && format!("{run:?}").contains(words), "{damage}: {run:?}");
        assert_eq!(by_record().status, 1, "{damage}: {:?}", by_record());
    }
    // The whole table, and the code that follows it.
    let plain = playground.run(&[
        "build",
        "theme",
        "--no-bundle",
        "--out",
        "plain",
        "--config",
        "none.toml",
    ]);
    assert_eq!(plain.status, 2, "{plain:?}");
    let start = guard.find(",\"paths\":[").unwrap();
    let end = guard.rfind(")</script>").unwrap();
    playground.write(HEAD, format!("{}}}{}", &guard[..start], &guard[end..]));
    let run = check();
    assert!(run.status == 1 && run.messages.contains("it has 0 rules"), "{run:?}");
}

#[test]
fn a_guard_with_rules_is_undone_and_built_again() {
    let playground = playground("paths = \"catalyst\"\n");
    for mode in ["redirect", "replace"] {
        let build = |theme: &str, out: &str, paths: &str| {
            let run = playground.run(&[
                "build",
                theme,
                "--mode",
                mode,
                "--paths",
                paths,
                "--storefront",
                STOREFRONT,
                "--no-bundle",
                "--out",
                out,
            ]);
            assert_eq!(run.status, 0, "{run:?}");
        };
        build("theme", &format!("{mode}-1"), "catalyst");
        build(&format!("{mode}-1"), &format!("{mode}-2"), "wordpress");
        build("theme", &format!("{mode}-3"), "wordpress");
        let files = |folder: &str| {
            let names = playground.files(folder);
            names
                .into_iter()
                .map(|name| (playground.read(&format!("{folder}/{name}")), name))
                .collect::<Vec<_>>()
        };
        assert_eq!(files(&format!("{mode}-2")), files(&format!("{mode}-3")));
        let undo = playground.run(&[
            "undo",
            &format!("{mode}-2"),
            "--no-bundle",
            "--out",
            &format!("{mode}-4"),
        ]);
        assert_eq!(undo.status, 0, "{undo:?}");
        let head = playground.read(&format!("{mode}-4/templates/layout/base.html"));
        assert_eq!(head, playground.read("theme/templates/layout/base.html"));
    }
}

/// The logo leads home and the cart's link to the cart; what a template does not say enough about leads nowhere.
#[test]
fn links_may_lead_to_the_storefront_instead_of_nowhere() {
    let playground = playground("back-links = \"storefront\"\npaths = \"catalyst\"\n");
    let page = "theme/templates/pages/checkout.html";
    let text = "<a href=\"{{urls.home}}\">Logo</a><a href='{{urls.cart}}'>Cart</a><a href=\"/login.php?action=logout\">Out</a>\
                <a href=\"{{url}}\">?</a><form action=\"{{urls.search}}\"><button formaction=\"/\">b</button></form>{{> layout/base}}";
    playground.write(page, text);
    let run = playground.run(&["build", "theme", "--no-bundle", "--out", "out"]);
    assert_eq!(run.status, 0, "{run:?}");
    let built = playground.read("out/templates/pages/checkout.html");
    for part in [
        format!(
            "<a data-guard-retargeted href=\"{STOREFRONT}/\" data-guard-href=\"{{{{urls.home}}}}\">Logo</a>"
        ),
        format!(
            "<a data-guard-retargeted href=\"{STOREFRONT}/cart/\" data-guard-href='{{{{urls.cart}}}}'>Cart</a>"
        ),
        format!(
            "<a data-guard-retargeted href=\"{STOREFRONT}/logout/\" data-guard-href=\"/login.php?action=logout\">"
        ),
        "<a data-guard-href=\"{{url}}\">".to_owned(),
        "<form method=\"dialog\" data-guard-action=\"{{urls.search}}\">".to_owned(),
        "<button formmethod=\"dialog\" data-guard-formaction=\"/\">".to_owned(),
    ] {
        assert!(built.contains(&part), "{part}: {built}");
    }
    let undo = playground.run(&["undo", "out", "--no-bundle", "--out", "undone"]);
    assert_eq!(undo.status, 0, "{undo:?}");
    assert_eq!(playground.read("undone/templates/pages/checkout.html"), text);
}
