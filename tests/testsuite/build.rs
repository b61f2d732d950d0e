//! `build` as a user meets it: what is written, what is said, and what is left alone.

use crate::driver::{Playground, STOREFRONT, theme_zip};
use serde_json::Value;
use snapbox::{assert_data_eq, str};

const INCLUDE: &str = "{{> components/stencil-guard/head}}";

#[test]
fn build_changes_nothing_but_the_guard() {
    let playground = Playground::new();
    playground.theme(&[
        ("assets/x.bin", "\u{0}\u{1}"),
        (".git/HEAD", "x"),
        ("node_modules/a/a.js", "x"),
        ("parsed/lang.json", "old"),
    ]);
    let run = playground.build(&["--no-bundle", "--out", "out"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    assert_data_eq!(
        run.results,
        str![[r#"
Every channel that uses this theme is affected, not only the headless one.

Small 1.0, guarded for https://shop.example.com
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
  route cart                    "Edit cart" in the checkout; what follows signing out in the checkout, where guests see no prices
  route checkout                the way back into the checkout after signing in or out
  route login                   the link in the message that the cart is empty; "Sign in" in the checkout, where shoppers sign in on the storefront
  route logout                  "Sign out" in the checkout, where shoppers sign in on the storefront
  route create_account          "Create an account" in an embedded checkout; "create an account" beside several shipping addresses
  route forgot_password         "Forgot password?" in the checkout, unless shoppers sign in on the storefront
  route account_order_status    the order in e-mails about invoices and orders that are ready for pickup
  route recover_abandoned_cart  the cart in e-mails about abandoned carts
  site address                  "Continue shopping" after an order
  checkout settings             terms and conditions in the checkout
  control panel                 the privacy policy in the checkout
  page account/download-item    downloads after an order

Links that no template holds
  the store's scripts (Script Manager), mail templates and Page Builder content may hold some
    look for links and scripts there that lead to guarded pages

Written
  folder  out (2 kB)

"#]]
    );
    let mut expected = playground.files("theme");
    expected.retain(|name| {
        ![".git/", "node_modules/", "parsed/"].iter().any(|gone| name.starts_with(gone))
    });
    expected.extend([
        ".stencil-guard/files".to_owned(),
        "templates/components/stencil-guard/head.html".to_owned(),
        "templates/components/stencil-guard/record.html".to_owned(),
    ]);
    expected.sort();
    assert_eq!(playground.files("out"), expected);
    for name in expected.iter().filter(|name| !name.contains("stencil-guard")) {
        let guarded = std::fs::read(playground.path(&format!("out/{name}"))).unwrap();
        let original = std::fs::read(playground.path(&format!("theme/{name}"))).unwrap();
        if name == "templates/layout/base.html" {
            let text = String::from_utf8(guarded).unwrap();
            assert_eq!(
                text.replacen(&format!("<head>{INCLUDE}"), "<head>", 1).as_bytes(),
                original
            );
        } else {
            assert_eq!(guarded, original, "{name}");
        }
    }
}

#[test]
fn a_dry_run_writes_nothing() {
    let playground = Playground::new();
    playground.theme(&[]);
    let run = playground.build(&["--no-bundle", "--out", "out", "--dry-run"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    assert!(run.results.contains("Would write\n  folder  out"), "{}", run.results);
    assert_eq!(playground.files("").len(), 7);
}

#[test]
fn json_report_is_one_document() {
    let playground = Playground::new();
    playground.theme(&[]);
    let run = playground.build(&["--no-bundle", "--format", "json"]);
    assert_eq!((run.status, run.messages.as_str()), (0, ""));
    let report: Value = serde_json::from_str(&run.results).unwrap();
    assert_eq!(
        (&report["schema"], &report["command"], &report["status"]),
        (&1.into(), &"build".into(), &"done".into())
    );
    assert_eq!(report["pages"][0], serde_json::json!({"page": "pages/cart", "outcome": "guarded"}));
    assert_eq!(
        report["pages"][1],
        serde_json::json!({"page": "pages/checkout", "outcome": "kept"})
    );

    for arguments in
        [["--format", "json", "--keep", "chekout"], ["--format", "json", "--nonsense", "x"]]
    {
        let run = playground.build(&arguments);
        assert_eq!(run.status, 2);
        let report: Value = serde_json::from_str(&run.results).unwrap();
        assert_eq!(
            (&report["status"], &report["findings"][0]["severity"]),
            (&"failed".into(), &"error".into())
        );
    }
}

#[test]
fn pages_are_kept_and_guarded_by_name() {
    let playground = Playground::new();
    playground.theme(&[]);
    let outcomes = |arguments: &[&str]| {
        let run = playground.build(&[&["--no-bundle", "--format", "json"], arguments].concat());
        let report: Value = serde_json::from_str(&run.results).unwrap();
        let pages = report["pages"].as_array().unwrap().clone();
        pages
            .iter()
            .filter(|page| page["outcome"] == "kept")
            .map(|page| page["page"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        outcomes(&["--keep", "cart"]),
        ["pages/cart", "pages/checkout", "pages/order-confirmation"]
    );
    assert_eq!(
        outcomes(&["--keep", "pages/cart", "--no-keep", "checkout", "--stop-payments"]),
        ["pages/cart", "pages/order-confirmation"]
    );
    for spelling in
        ["cart", "cart.html", "pages/cart", "pages/cart.html", "templates/pages/cart.html"]
    {
        assert!(outcomes(&["--keep", spelling]).contains(&"pages/cart".to_owned()), "{spelling}");
    }
    playground.write("theme/templates/pages/account/orders/invoice.html", "");
    playground.write("theme/templates/pages/account/inbox.html", "");
    let usual = ["pages/checkout", "pages/order-confirmation"];
    for (names, kept) in [
        (&["account/*"][..], &["pages/account/inbox", "pages/account/orders/invoice"][..]),
        (&["*/invoice"], &["pages/account/orders/invoice"]),
        (&["essentials"], &["pages/account/orders/invoice"]),
        (
            &["account", "gift-certificates"],
            &["pages/account/inbox", "pages/account/orders/invoice"],
        ),
    ] {
        let flags: Vec<&str> = names.iter().flat_map(|name| ["--keep", name]).collect();
        assert_eq!(outcomes(&flags), [kept, &usual].concat(), "{names:?}");
    }
    for (name, help) in [
        ("invoice", "did you mean `account/orders/invoice`?"),
        ("invoce", "did you mean `account/orders/invoice`?"),
        ("templates/pages/crt.html", "did you mean `cart`?"),
        (
            "nothing/*",
            "a page is named by its file below templates/pages, like `cart` or `auth/login`",
        ),
    ] {
        let run = playground.build(&["--keep", name]);
        assert!(run.messages.contains(&format!("= help: {help}\n")), "{name}: {}", run.messages);
    }
    let run = playground.build(&["--keep", "crt"]);
    assert_eq!(run.status, 2);
    assert_data_eq!(
        run.messages,
        str![[r#"
error: the theme has no page `crt`
 |
 = help: did you mean `cart`?

"#]]
    );
}

#[test]
fn flags_override_the_settings_file() {
    let playground = Playground::new();
    playground.theme(&[(
        "stencil-guard.toml",
        "storefront = 'https://file.example'\nbundle = false\nkeep = ['cart']\n",
    )]);
    let run = playground.run(&["build", "theme"]);
    assert!(
        run.results.contains("guarded for https://file.example\n  kept         3 pages"),
        "{run:?}"
    );
    let run = playground.run(&["build", "theme", "--storefront", "https://flag.example"]);
    assert!(
        run.results.contains("guarded for https://flag.example\n  kept         3 pages"),
        "{run:?}"
    );
    playground.write("other.toml", "bundle = false\nstorefrnt = 'x'\n");
    let run = playground.run(&["build", "theme", "--config", "other.toml"]);
    assert_eq!(run.status, 2);
    assert_data_eq!(
        run.messages,
        str![[r#"
error: there is no setting `storefrnt`
 --> other.toml:2:1
  |
2 | storefrnt = 'x'
  | ^^^^^^^^^
  |
  = help: did you mean `storefront`?

"#]]
    );
}

#[test]
fn zip_with_or_without_top_folder_builds_like_a_folder() {
    let playground = Playground::new();
    playground.theme(&[]);
    playground.write(
        "flat.zip",
        theme_zip(&[("parsed/templates/x.json", b"stale"), ("manifest.json", b"stale")]),
    );
    let inside: Vec<(String, &str)> = crate::driver::small_theme()
        .iter()
        .map(|(name, text)| (format!("top/{name}"), *text))
        .collect();
    let inside: Vec<(&str, &[u8])> =
        inside.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    playground.write("top.zip", crate::driver::zip(&inside));
    for source in ["theme", "flat.zip", "top.zip"] {
        let out = format!("out-{source}");
        let run = playground.run(&[
            "build",
            source,
            "--storefront",
            "https://a.example",
            "--no-bundle",
            "--out",
            &out,
        ]);
        assert_eq!(run.status, 0, "{source}: {}", run.messages);
        assert_eq!(playground.files(&out), playground.files("out-theme"));
        for name in playground.files(&out) {
            assert_eq!(
                playground.read(&format!("{out}/{name}")),
                playground.read(&format!("out-theme/{name}"))
            );
        }
    }
}

#[test]
fn theme_name_changes_only_config_json() {
    let playground = Playground::new();
    playground.theme(&[]);
    let run =
        playground.build(&["--no-bundle", "--out", "out", "--theme-name", "Small (checkout)"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    let expected =
        playground.read("theme/config.json").replace("\"Small\"", "\"Small (checkout)\"");
    assert_eq!(playground.read("out/config.json"), expected);
}

#[test]
fn rebuild_rewrites_only_changed_files() {
    let playground = Playground::new();
    playground.theme(&[("assets/gone.txt", "x")]);
    playground.build(&["--no-bundle", "--out", "out"]);
    let written =
        |name: &str| std::fs::metadata(playground.path(name)).unwrap().modified().unwrap();
    let before = written("out/templates/pages/home.html");
    std::fs::remove_file(playground.path("theme/assets/gone.txt")).unwrap();
    playground.write("theme/lang/en.json", "{ }\n");
    let run = playground.build(&["--no-bundle", "--out", "out"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    assert!(!playground.path("out/assets/gone.txt").exists());
    assert_eq!(playground.read("out/lang/en.json"), "{ }\n");
    assert_eq!(written("out/templates/pages/home.html"), before);
}

#[test]
fn an_open_page_stops_the_build() {
    let playground = Playground::new();
    // Something is shown before the head, where the guard has to stand.
    playground.theme(&[(
        "templates/layout/base.html",
        "<html><p>shop</p><head></head><body></body></html>",
    )]);
    let run = playground.build(&["--out", "out"]);
    assert_eq!(run.status, 1);
    assert!(
        run.messages.contains("error[open-page]: shoppers would still see this page"),
        "{}",
        run.messages
    );
    assert!(run.messages.contains("templates/pages/home.html"), "{}", run.messages);
    assert_eq!(playground.files("").len(), 7);
}

#[test]
fn ambiguous_guard_position_is_reported_not_guessed() {
    let playground = Playground::new();
    playground.theme(&[(
        "templates/layout/base.html",
        "<html>\n{{#if a}}<!-- {{/if}}\n<head></head></html>",
    )]);
    let run = playground.build(&["--no-bundle", "--out", "out"]);
    assert_eq!(run.status, 1);
    assert_data_eq!(
        run.messages,
        str![[r#"
error[ambiguous-html]: the place for the guard is not certain: a block before its `<head>` leaves a tag or comment open in one branch only
 --> templates/layout/base.html:3:1
  |
3 | <head></head></html>
  | ^^^^^
  |
  = help: give the layout one plain <head> outside of any {{#block}}


"#]]
    );
}

#[test]
fn no_command_is_an_error_and_version_flags_work() {
    let playground = Playground::new();
    assert_eq!(playground.run(&[]).status, 2);
    let version = playground.run(&["--version"]).results;
    assert!(version.starts_with("stencil-guard 0.1.0\nmeasured on stencil-cli "), "{version}");
    assert_eq!(playground.run(&["-V"]).results, "stencil-guard 0.1.0\n");
}

/// The versions of the platform's tools that the program names are those that the tests compare with.
#[test]
fn measured_versions_match_those_the_oracles_pin() {
    let version = Playground::new().run(&["--version"]).results;
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracles");
    let lists = ["package.json", "bundler/package.json"]
        .map(|name| std::fs::read_to_string(folder.join(name)).unwrap_or_default());
    let measured = version.lines().nth(1).unwrap().trim_start_matches("measured on ");
    for tool in measured.split(", ") {
        let (name, number) = tool.split_once(' ').unwrap();
        let pinned = format!("/{name}\": \"{number}\"");
        assert!(lists.iter().any(|list| list.contains(&pinned)), "{pinned}");
    }
}

#[test]
fn json_report_lists_files_and_links() {
    let playground = Playground::new();
    playground.theme(&[(
        "templates/pages/checkout.html",
        "<a href=\"/cart.php\">Cart</a>\n{{> layout/base}}",
    )]);
    let run = playground.build(&["--no-bundle", "--out", "out", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.results).unwrap();
    let files = &report["files"];
    let edited = ["templates/layout/base.html", "templates/pages/checkout.html"];
    assert_eq!(files["edited"], serde_json::json!(edited));
    let added =
        ["head", "record"].map(|name| format!("templates/components/stencil-guard/{name}.html"));
    assert_eq!(files["added"], serde_json::json!(added));
    assert_eq!(files["removed"], serde_json::json!([]));
    let link = &report["links"][0];
    assert_eq!(link["place"]["path"], "templates/pages/checkout.html");
    assert_eq!((&link["place"]["line"], &link["place"]["column"]), (&1.into(), &4.into()));
    assert_eq!((&link["element"], &link["attribute"]), (&"a".into(), &"href".into()));
    assert_eq!((&link["value"], &link["becomes"]), (&"/cart.php".into(), &"renamed".into()));
    assert_eq!(link["leads_to"], serde_json::json!(["guarded"]));
    assert_eq!(link["rule"]["name"], "guarded-page");
}

#[test]
fn a_run_that_writes_nothing_says_so() {
    let playground = Playground::new();
    playground.theme(&[]);
    let words =
        "Nothing is written: the settings ask for neither a bundle nor a folder (--out DIR).\n";
    for arguments in [&["--no-bundle"][..], &["--no-bundle", "--dry-run"]] {
        let run = playground.build(arguments);
        assert!(run.results.ends_with(words), "{}", run.results);
    }
    for arguments in [&["--no-bundle", "--out", "out"][..], &["--dry-run"], &[]] {
        let run = playground.build(arguments);
        assert!(!run.results.contains("Nothing is written"), "{}", run.results);
    }
    let undo = playground.run(&["undo", "out", "--no-bundle"]);
    assert!(undo.results.ends_with(words), "{}", undo.results);
}

#[test]
fn only_build_prints_how_to_roll_back() {
    let playground = Playground::new();
    playground.theme(&[]);
    let (upload, back) =
        ("stencil push -f ", "To go back, do the same with the theme's own zip.\n");
    let build = playground.build(&["--out", "out"]).results;
    assert!(build.contains(upload) && build.ends_with(back), "{build}");
    for arguments in [&["bundle", "theme"], &["undo", "out"]] {
        let run = playground.run(arguments).results;
        assert!(run.contains(upload) && !run.contains(back), "{run}");
    }
}

#[test]
fn too_deep_nesting_stops_the_build() {
    let playground = Playground::new();
    let deep =
        format!("{}<html><head></head></html>{}", "{{#if a}}".repeat(300), "{{/if}}".repeat(300));
    playground.theme(&[("templates/pages/deep.html", &deep)]);
    let run = playground.build(&["--no-bundle", "--out", "out"]);
    assert_eq!(run.status, 1);
    assert!(
        run.messages.contains("error[nested-too-deeply]: more than 200 levels are nested here"),
        "{}",
        run.messages
    );
    assert!(!playground.path("out").exists());
}

#[test]
fn bundle_command_packs_an_unguarded_theme_reproducibly() {
    let playground = Playground::new();
    playground.theme(&[]);
    let run = playground.run(&["bundle", "theme"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    // What talks to a store does it by itself.
    let own = ":\n  stencil-guard push Small-1.0.zip --channel CHANNEL --activate\nOr with";
    assert_eq!(run.results.contains(own), cfg!(feature = "store"), "{}", run.results);
    assert_data_eq!(
        run.results.replace(own, ", with"),
        str![[r#"
Small 1.0, as it stands
  shown        4 pages

Written
  bundle  Small-1.0.zip ([..])

To upload and activate it on one channel (a headless channel has no theme screen), with BigCommerce's own tool, in a folder where `stencil init` was run:
  stencil push -f Small-1.0.zip -a -c CHANNEL
CHANNEL is the channel's number in the control panel. `-a` activates the first variation of the
theme; `-a NAME` another.

"#]]
    );
    // The bundle is a theme again, and the same one.
    let run = playground.run(&["bundle", "Small-1.0.zip", "--bundle", "again.zip"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    let read = |name: &str| std::fs::read(playground.path(name)).unwrap();
    assert!(read("Small-1.0.zip") == read("again.zip"));
}

#[test]
fn top_folder_is_found_despite_other_config_json_files() {
    let playground = Playground::new();
    let small = crate::driver::small_theme();
    let mut entries: Vec<(String, &str)> =
        small.iter().map(|(name, text)| (format!("top/{name}"), *text)).collect();
    entries.push(("top/assets/js/config.json".to_owned(), "{}"));
    let entries: Vec<(&str, &[u8])> =
        entries.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    playground.write("top.zip", crate::driver::zip(&entries));
    let run =
        playground.run(&["build", "top.zip", "--storefront", "https://a.example", "--no-bundle"]);
    assert_eq!(run.status, 0, "{}", run.messages);
}

#[test]
fn rebuild_replaces_files_by_folders_and_vice_versa() {
    let playground = Playground::new();
    playground.theme(&[("assets/a", "file"), ("assets/b/c/d", "deep")]);
    let build = || {
        let run = playground.build(&["--no-bundle", "--out", "out"]);
        assert_eq!(run.status, 0, "{}", run.messages);
    };
    build();
    std::fs::remove_file(playground.path("theme/assets/a")).unwrap();
    std::fs::remove_dir_all(playground.path("theme/assets/b")).unwrap();
    playground.write("theme/assets/a/b", "now a folder");
    playground.write("theme/assets/b", "now a file");
    build();
    assert_eq!(playground.read("out/assets/a/b"), "now a folder");
    assert_eq!(playground.read("out/assets/b"), "now a file");
}

#[test]
fn rebuild_leaves_nothing_of_an_earlier_guard() {
    let playground = Playground::new();
    playground.theme(&[]);
    playground.build(&["--no-bundle", "--out", "one", "--mode", "replace"]);
    let again = |source: &str, mode: &str| {
        let all = [
            "build",
            source,
            "--storefront",
            "https://a.example",
            "--no-bundle",
            "--out",
            "two",
            "--mode",
            mode,
        ];
        assert_eq!(playground.run(&all).status, 0);
    };
    again("one", "replace");
    again("theme", "links");
    let left: Vec<String> =
        playground.files("two").into_iter().filter(|name| name.contains("components")).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn keep_flag_overrides_no_keep_in_the_settings_file() {
    let playground = Playground::new();
    playground.theme(&[("stencil-guard.toml", "no-keep = ['checkout']\nbundle = false\n")]);
    let run = playground.build(&["--keep", "checkout"]);
    assert!(run.results.contains("kept         2 pages  checkout, order-confirmation"), "{run:?}");
}

#[test]
fn guarding_checkout_requires_stop_payments_flag() {
    let playground = Playground::new();
    playground.theme(&[]);
    for mode in ["redirect", "replace"] {
        let flags = ["--mode", mode, "--no-keep", "checkout", "--dry-run"];
        let run = playground.build(&flags);
        let words = "`checkout` would be guarded, and nobody could pay any more";
        assert!(run.status == 2 && run.messages.contains(words), "{run:?}");
        let run = playground.build(&[&flags[..], &["--stop-payments"]].concat());
        assert_eq!(run.status, 0, "{run:?}");
    }
    // Nobody is kept from it where no page is guarded.
    assert_eq!(
        playground.build(&["--mode", "links", "--no-keep", "checkout", "--dry-run"]).status,
        0
    );
}

/// The confirmation stands below the checkout's address, which the script of other guards leaves alone.
#[test]
fn order_confirmation_is_guarded_at_checkout_addresses() {
    let playground = Playground::new();
    playground.theme(&[]);
    let flags = ["--no-keep", "order-confirmation", "--no-bundle", "--out", "out"];
    assert_eq!(playground.build(&flags).status, 0);
    let head = "out/templates/components/stencil-guard/head.html";
    let guard = playground.read(head);
    assert!(guard.contains("\"all\":true"), "{guard}");
    let check = || playground.run(&["check", "out", "--storefront", STOREFRONT]);
    assert_eq!(check().status, 0, "{:?}", check());
    playground.write(head, guard.replace(",\"all\":true", ""));
    let words = "open: its guard does nothing at the addresses of the checkout, where it stands\n  order-confirmation\n";
    let run = check();
    assert!(run.status == 1 && run.results.contains(words), "{run:?}");
}
