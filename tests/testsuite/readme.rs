//! Every example in README.md and in the pages below `docs/` is run, so that they stay true.

use crate::driver::{Playground, copy_folder};
use crate::themes::folder;
use crate::watch::Running;
use std::path::Path;

/// The pages below `docs/`.
const PAGES: [&str; 9] =
    ["settings", "paths", "links", "watch", "check", "store", "ci", "bundle", "inside-the-theme"];

/// README.md and the pages that it leads to, one after the other.
fn readme() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
    let start = page("README.md");
    let pages: Vec<String> = PAGES.iter().map(|name| page(&format!("docs/{name}.md"))).collect();
    start + &pages.concat()
}

/// The code blocks of a language.
fn blocks(language: &str) -> Vec<String> {
    let readme = readme();
    let fence = format!("```{language}\n");
    let starts = readme.match_indices(&fence).map(|(at, _)| &readme[at + fence.len()..]);
    starts.map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

/// A place with the theme that the examples speak of, as a folder and as a zip.
fn playground() -> Playground {
    let playground = Playground::new();
    copy_folder(&folder().join("shop"), &playground.path("my-theme"));
    let run = playground.run(&[
        "build",
        "my-theme",
        "--mode",
        "redirect",
        "--storefront",
        "https://www.example.com",
        "--no-bundle",
        "--dry-run",
    ]);
    assert_eq!(run.status, 0, "{}", run.messages);
    let files = playground.files("my-theme");
    let contents: Vec<Vec<u8>> = files
        .iter()
        .map(|name| std::fs::read(playground.path("my-theme").join(name)).unwrap())
        .collect();
    let entries: Vec<(&str, &[u8])> = files
        .iter()
        .zip(&contents)
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
        .collect();
    playground.write("my-theme.zip", crate::driver::zip(&entries));
    playground
}

/// The words of a command line.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for character in line.chars() {
        match character {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            _ => words.last_mut().unwrap().push(character),
        }
    }
    words
}

#[test]
fn commands_do_what_they_should() {
    let playground = playground();
    let blocks = blocks("console");
    let lines: Vec<&str> = blocks.iter().flat_map(|block| block.lines()).collect();
    assert!(lines.len() >= 8, "{lines:?}");
    for line in lines {
        let words = words(line.strip_prefix("$ stencil-guard ").unwrap());
        let arguments: Vec<&str> = words.iter().map(String::as_str).collect();
        let run = playground.run(&arguments);
        assert_eq!(run.status, 0, "{line}: {}", run.messages);
    }
    assert!(playground.path("Shop-1.0.0-guarded.zip").is_file());
    assert!(playground.path("guarded/templates/components/stencil-guard/head.html").is_file());
}

#[cfg(feature = "store")]
#[test]
fn commands_for_a_store_do_what_they_should() {
    let world = crate::store::world::World::new();
    // The recipe begins with a channel that nobody set up.
    world.store.state().channels.get_mut(&2).unwrap().site =
        "https://store-standin1-2.mybigcommerce.com".to_owned();
    let blocks = blocks("console store");
    let lines: Vec<&str> = blocks.iter().flat_map(|block| block.lines()).collect();
    assert!(!lines.is_empty());
    for line in lines {
        let words = words(line.strip_prefix("$ stencil-guard ").unwrap());
        let arguments: Vec<&str> = words.iter().map(String::as_str).collect();
        let run = match arguments[0] {
            "build" => world.playground.run(&arguments),
            // No store of the examples is live.
            "deploy" => world.run(&[&arguments[..], &["--no-live-check"]].concat()),
            _ => world.run(&arguments),
        };
        assert_eq!(run.status, 0, "{line}: {}", run.messages);
    }
    world.assert_token_is_safe();
}

/// The recipe in `docs/store.md` leads from a channel that nobody set up to one that is guarded, and back.
#[cfg(feature = "store")]
#[test]
fn the_recipe_for_catalyst_leads_from_nothing_to_done_and_back() {
    let page = include_str!("../../docs/store.md");
    let recipe = page.split("### Catalyst on shop.example.com").nth(1).unwrap();
    let recipe = recipe.split("\n## ").next().unwrap();
    let lines = recipe.lines().filter_map(|line| line.strip_prefix("$ stencil-guard "));
    let lines: Vec<&str> = lines.filter(|line| !line.starts_with("check ")).collect();
    let world = crate::store::world::World::new();
    {
        let mut state = world.store.state();
        state.checkout_settings["should_redirect_to_storefront_for_auth"] = false.into();
        let channel = state.channels.get_mut(&2).unwrap();
        channel.site = "https://store-standin1-2.mybigcommerce.com".to_owned();
        channel.checkout = None;
    }
    let seen = || {
        let state = world.store.state();
        let channel = &state.channels[&2];
        let routes: Vec<(String, String)> =
            channel.routes.iter().map(|one| (one.kind.clone(), one.route.clone())).collect();
        let auth = state.checkout_settings["should_redirect_to_storefront_for_auth"] == true;
        let theme = state.shown(2).zip.clone();
        (channel.site.clone(), channel.checkout.clone(), routes, auth, theme)
    };
    let before = seen();
    let run = |line: &str| {
        let words = words(line);
        let arguments: Vec<&str> = words.iter().map(String::as_str).collect();
        let live = if arguments[0] == "deploy" { &["--no-live-check"][..] } else { &[] };
        let run = world.run(&[&arguments[..], live].concat());
        assert_eq!(run.status, 0, "{line}: {}", run.messages);
        run
    };
    let way_back = lines.iter().position(|line| line.starts_with("rollback")).unwrap();
    for line in &lines[..way_back] {
        run(line);
    }
    let (site, checkout, routes, auth, theme) = seen();
    assert_eq!(site, "https://shop.example.com");
    assert_eq!((checkout.as_deref(), auth), (Some("https://checkout.example.com"), true));
    for (kind, path) in [("cart", "/cart/"), ("login", "/login/"), ("logout", "/logout/")] {
        assert!(routes.contains(&(kind.to_owned(), path.to_owned())), "{routes:?}");
    }
    assert_ne!(theme, before.4);
    // A plan after it finds nothing left to do.
    let plan =
        run("routes plan --channel 2 --paths catalyst --storefront https://shop.example.com");
    assert!(plan.results.contains("Nothing is to be changed."), "{}", plan.results);
    assert_eq!(plan.messages, "");
    for line in &lines[way_back..] {
        run(line);
    }
    assert!(seen() == before, "not all is as it was");
    world.assert_token_is_safe();
}

#[cfg(feature = "store")]
#[test]
fn the_routes_of_ones_own_are_read() {
    let world = crate::store::world::World::new();
    world.playground.write("stencil-guard.toml", blocks("toml routes").concat());
    let run = world.run(&["routes", "plan", "--channel", "2"]);
    assert_eq!((run.status, run.messages.as_str()), (0, ""));
    for route in ["/basket", "/p/{slug}", "/login/"] {
        assert!(run.results.contains(&format!(" {route} ")), "{}", run.results);
    }
}

#[cfg(feature = "store")]
#[test]
fn the_live_check_can_be_asked_for() {
    for line in blocks("console live").iter().flat_map(|block| block.lines()) {
        let line = line.strip_prefix("$ stencil-guard ").unwrap();
        // The storefront itself shows no theme, so nobody is asked.
        let storefront = line.split("--storefront ").nth(1).and_then(|rest| rest.split(' ').next());
        let storefront = format!("{}/", storefront.unwrap());
        let line = line.replace("https://checkout.example.com", &storefront);
        let words = words(&line);
        let arguments: Vec<&str> = words.iter().map(String::as_str).collect();
        let messages = Playground::new().run(&arguments).messages;
        assert!(messages.contains("is the storefront itself"), "{line}: {messages}");
    }
}

#[cfg(feature = "store")]
#[test]
fn every_option_about_a_store_is_explained() {
    let readme = readme();
    let commands = ["channels", "download", "push", "deploy", "rollback"];
    let commands = commands.map(|command| vec![command]).into_iter();
    let routes = ["plan", "apply", "restore"].map(|action| vec!["routes", action]);
    for command in commands.chain(routes) {
        let help = Playground::new().run(&[&command[..], &["--help"]].concat()).results;
        for option in help.split_whitespace().filter(|word| word.starts_with("--")) {
            let option = option.split('[').next().unwrap();
            assert!(
                option == "--help" || readme.contains(option),
                "README.md does not mention {option} of {command:?}"
            );
        }
    }
}

#[test]
fn the_start_leads_to_every_page() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let start = std::fs::read_to_string(root.join("README.md")).unwrap();
    let mut files: Vec<String> = std::fs::read_dir(root.join("docs"))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    let mut pages = PAGES.map(|name| format!("{name}.md"));
    pages.sort();
    assert_eq!(files, pages);
    for page in pages {
        assert!(start.contains(&format!("](docs/{page})")), "README.md has no link to {page}");
    }
}

#[test]
fn the_first_command_makes_the_bundle_it_names() {
    let playground = Playground::new();
    copy_folder(&folder().join("shop"), &playground.path("tests/themes/shop"));
    let block = blocks("sh").into_iter().next().unwrap();
    let words = words(block.trim().strip_prefix("cargo run --release -- ").unwrap());
    let arguments: Vec<&str> = words.iter().map(String::as_str).collect();
    let run = playground.run(&arguments);
    assert_eq!(run.status, 0, "{}", run.messages);
    let name = "Shop-1.0.0-guarded.zip";
    assert!(readme().contains(name) && playground.path(name).is_file());
}

/// What is said to be printed is printed, in that order; a line with dots stands for any lines.
#[test]
fn transcripts_are_what_is_printed() {
    let blocks = blocks("text");
    let transcripts = blocks.iter().filter_map(|block| block.strip_prefix("$ stencil-guard "));
    let mut seen = 0;
    for (line, expected) in transcripts.filter_map(|block| block.split_once('\n')) {
        let words = words(line);
        let arguments: Vec<&str> = words.iter().map(String::as_str).collect();
        let run = playground().run(&arguments);
        assert_eq!(run.status, 0, "{line}: {}", run.messages);
        let mut printed = run.results.lines();
        for wanted in expected.lines().filter(|line| !line.is_empty() && line.trim() != "\u{2026}")
        {
            assert!(printed.any(|line| line == wanted), "`{wanted}` is not in {}", run.results);
        }
        seen += 1;
    }
    assert!(seen > 0);
}

#[test]
fn the_watcher_makes_the_copy_that_it_names() {
    let playground = playground();
    std::fs::create_dir(playground.path("work")).unwrap();
    std::fs::rename(playground.path("my-theme"), playground.path("work/my-theme")).unwrap();
    let block = blocks("sh").into_iter().find(|block| block.contains(" watch ")).unwrap();
    let words = words(block.trim().strip_prefix("stencil-guard ").unwrap());
    let arguments: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut running = Running::start(&playground.path("work"), &arguments);
    while !running.line().ends_with(" files written") {}
    assert!(playground.path("guarded/config.json").is_file());
}

#[test]
fn two_storefronts_in_two_countries_have_their_shoppers() {
    let playground = playground();
    let settings = blocks("toml storefronts").concat();
    playground.write("my-theme/stencil-guard.toml", settings);
    playground.write("my-theme/lang/fr.json", "{}");
    for (host, site) in [("ca", "https://www.example.ca"), ("com", "https://www.example.com")] {
        let address = format!("https://store.example.{host}/shoes/?a=b");
        let run = playground.run(&["paths", "my-theme", "--try", &address]);
        let target = format!("{site}/shoes/?a=b");
        assert_eq!(run.results.split_whitespace().nth(1), Some(target.as_str()), "{run:?}");
    }
    let run = playground.run(&["build", "my-theme", "--no-bundle", "--out", "two"]);
    assert_eq!((run.status, run.messages.contains("warning")), (0, false), "{run:?}");
    assert_eq!(playground.run(&["check", "two"]).status, 0);
}

#[test]
fn the_path_rules_lead_where_they_say() {
    let playground = playground();
    let settings = blocks("toml paths").into_iter().next().unwrap();
    playground.write("my-theme/stencil-guard.toml", settings);
    let tries = [
        ("/cart.php?action=add&x=1", "https://www.example.com/basket?x=1"),
        ("/fr//login.php?action=logout", "https://www.example.com/fr/goodbye"),
        ("/login.php?action=create_account", "https://www.example.com/join"),
        ("/login.php", "https://www.example.com/sign-in"),
        ("/account.php?action=view_order&order_id=12", "https://www.example.com/me/orders/12"),
        ("/account.php?action=view_order&order_id=x", "https://www.example.com/me/orders"),
        ("/account.php?action=inbox", "https://www.example.com/me"),
        (
            "/search.php?search_query=a%20b&utm_source=y",
            "https://www.example.com/find?q=a%20b&utm_source=y",
        ),
        ("/compare/1/2", "https://www.example.com/compare?ids=1,2"),
        ("/giftcertificates.php?a=b&gclid=1", "https://www.example.com/?gclid=1"),
        ("/free/path/", "https://www.example.com/free/path/"),
    ];
    for (address, target) in tries {
        let run = playground.run(&["paths", "my-theme", "--try", address]);
        assert_eq!(run.results.split_whitespace().nth(1), Some(target), "{run:?}");
    }
    for (page, target) in [
        ("product", "https://www.example.com/all/blue"),
        ("blog-post", "https://stories.example.com/blue/"),
    ] {
        let tried = ["paths", "my-theme", "--try", "/shoes/blue/", "--page", page];
        let run = playground.run(&tried);
        assert_eq!(run.results.split_whitespace().nth(1), Some(target), "{run:?}");
    }
}

#[test]
fn the_settings_are_read() {
    let playground = playground();
    let settings = blocks("toml").into_iter().next().unwrap();
    playground.write("my-theme/stencil-guard.toml", settings);
    let run = playground.run(&["build", "my-theme"]);
    assert_eq!(run.status, 0, "{}", run.messages);
    assert!(
        playground.path("guarded.zip").is_file()
            && playground.path("guarded/config.json").is_file()
    );
    assert!(playground.read("guarded/config.json").contains("\"Checkout only\""));
}

#[test]
fn every_option_is_explained() {
    let readme = readme();
    for command in
        ["init", "build", "bundle", "check", "diff", "paths", "report", "snapshot", "watch"]
    {
        let help = Playground::new().run(&[command, "--help"]).results;
        for option in help.split_whitespace().filter(|word| word.starts_with("--")) {
            assert!(
                option == "--help" || readme.contains(option),
                "README.md does not mention {option} of {command}"
            );
        }
    }
}

/// The commands of a recipe that are ours, after the key that they stand behind.
fn recipe(name: &str, key: &str) -> Vec<Vec<String>> {
    let text = blocks(&format!("yaml {name}")).concat();
    let lines = text.lines().filter_map(|line| line.split_once(key));
    lines.filter_map(|(_, command)| command.strip_prefix("stencil-guard ")).map(words).collect()
}

#[test]
fn the_recipes_pass_until_a_decision_moves() {
    let playground = playground();
    let theme = |name: &str| playground.path("my-theme").join(name);
    let settings = "storefront = 'https://www.example.com'\n";
    std::fs::write(theme("stencil-guard.toml"), settings).unwrap();
    let run = |words: &[String]| {
        let program = std::path::Path::new(env!("CARGO_BIN_EXE_stencil-guard"));
        let mut command = std::process::Command::new(program);
        command.args(words).current_dir(theme("")).output().unwrap().status.code()
    };
    let take = ["snapshot", ".", "--dir", "guard-snapshot"].map(str::to_owned);
    assert_eq!(run(&take), Some(0));
    let (hook, job) = (recipe("pre-commit", "entry: "), recipe("github-actions", "run: "));
    assert_eq!((hook.len(), job.len()), (1, 3));
    for words in hook.iter().chain(&job) {
        assert_eq!(run(words), Some(0), "{words:?}");
    }
    let home = theme("templates/pages/checkout.html");
    let text = std::fs::read_to_string(&home).unwrap();
    std::fs::write(&home, text + "<a href=\"/cart.php\">cart</a>").unwrap();
    assert_eq!((run(&hook[0]), run(&job[0])), (Some(1), Some(1)));
}

#[test]
fn links_change_as_shown() {
    let playground = playground();
    let example = blocks("html").join("");
    let (before, after) = example.trim().split_once("       ").unwrap();
    let checkout = "templates/pages/checkout.html";
    assert!(playground.read(&format!("my-theme/{checkout}")).contains(before));
    let build = ["build", "my-theme", "--storefront", "https://www.example.com", "--no-bundle"];
    let run = playground.run(&[&build[..], &["--out", "out"]].concat());
    assert_eq!(run.status, 0, "{}", run.messages);
    assert!(playground.read(&format!("out/{checkout}")).contains(after.trim()));
}

#[test]
fn the_rule_does_what_it_says() {
    let playground = playground();
    let rule = blocks("toml rule").join("");
    playground.write("rules/mine.toml", rule);
    let build = ["build", "my-theme", "--storefront", "https://www.example.com", "--no-bundle"];
    let run = playground.run(&[&build[..], &["--patches", "rules", "--out", "out"]].concat());
    assert_eq!(run.status, 0, "{}", run.messages);
    let logo = "<a class=\"logo\" data-guard-retargeted href=\"https://www.example.com/\" data-guard-href=";
    assert!(playground.read("out/templates/pages/checkout.html").contains(logo));
}
