//! Templates that are found by a name at run time: kept pages get a copy of their folder.

use crate::driver::Playground;
use stencil_guard::Theme;
use stencil_guard::theme::pages::Templates;

const SHOP_LINK: &str = "<a href=\"/about-us/\">x</a>";
const CHECKOUT: &str = "{{#partial \"page\"}}{{> components/side}}{{{checkout.checkout_content}}}{{/partial}}{{> layout/base}}";
const CATEGORY: &str = "{{#partial \"page\"}}{{> components/side}}{{/partial}}{{> layout/base}}";
const SIDE: &str = "{{#each category.facets}}{{{dynamicComponent \"components/facets\"}}}{{/each}}";

/// What a checkout and a category page share, by the name of what is odd about it.
const SHARED: &[(&str, &[(&str, &str)])] = &[
    ("one folder", &[("components/side", SIDE), ("components/facets/multi", SHOP_LINK)]),
    (
        "a slash at either end, single quotes",
        &[
            ("components/side", "{{{dynamicComponent '/components/facets/'}}}"),
            ("components/facets/multi", SHOP_LINK),
        ],
    ),
    (
        "names in other letters",
        &[
            ("components/side", SIDE),
            ("components/facets/Multi", SHOP_LINK),
            ("components/facets/multi", SHOP_LINK),
            ("components/facets/2col", SHOP_LINK),
        ],
    ),
    (
        "folders that differ in what is no letter",
        &[
            (
                "components/side",
                "{{{dynamicComponent 'components/a-b'}}}{{{dynamicComponent 'components/a/b'}}}{{{dynamicComponent 'components/A/b'}}}",
            ),
            ("components/a-b/x", SHOP_LINK),
            ("components/a/b/x", SHOP_LINK),
            ("components/A/b/x", SHOP_LINK),
        ],
    ),
    (
        "a component that includes the link",
        &[
            ("components/side", SIDE),
            ("components/facets/multi", "{{> components/item}}"),
            ("components/facets/plain", "no link"),
            ("components/item", SHOP_LINK),
        ],
    ),
    (
        "a component that prints its own folder",
        &[
            ("components/side", SIDE),
            (
                "components/facets/multi",
                "{{#each below}}{{{dynamicComponent 'components/facets'}}}{{/each}}<a href=\"/x/\">x</a>",
            ),
        ],
    ),
    (
        "a folder inside a folder",
        &[
            ("components/side", SIDE),
            ("components/facets/multi", "{{{dynamicComponent 'components/facets/sub'}}}"),
            ("components/facets/sub/one", SHOP_LINK),
        ],
    ),
    (
        "a component that is included by its name, too",
        &[
            (
                "components/side",
                "{{> components/facets/multi}}{{{dynamicComponent 'components/facets'}}}",
            ),
            ("components/facets/multi", SHOP_LINK),
        ],
    ),
    (
        "a component in a layout that all share",
        &[
            ("components/side", "side"),
            (
                "layout/base",
                "<html><head></head>{{{dynamicComponent 'components/facets'}}}{{#block \"page\"}}{{/block}}</html>",
            ),
            ("components/facets/multi", SHOP_LINK),
        ],
    ),
    (
        "a folder beside the components",
        &[("components/side", "{{{dynamicComponent 'facets'}}}"), ("facets/multi", SHOP_LINK)],
    ),
    (
        "a folder that holds the side bar itself",
        &[
            ("components/side", "{{{dynamicComponent 'components'}}}<a href=\"/y/\">y</a>"),
            ("components/multi", SHOP_LINK),
        ],
    ),
];

fn playground(shared: &[(&str, &str)]) -> Playground {
    let playground = Playground::new();
    let of_name =
        |(name, text): &(&str, &str)| (format!("templates/{name}.html"), (*text).to_owned());
    let pages = [("pages/checkout", CHECKOUT), ("pages/category", CATEGORY)];
    let files: Vec<_> = shared.iter().chain(&pages).map(of_name).collect();
    let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    playground.theme(&files);
    playground
}

/// Whether a page prints an address that leads into the shop.
fn leads_away(theme: &Theme, page: &str) -> bool {
    let templates = Templates::new(theme);
    let has_link = |name: &&str| {
        let text = String::from_utf8_lossy(theme.template(name).unwrap()).into_owned();
        text.contains("<a href=\"/")
    };
    templates.closure(page).iter().any(has_link)
}

#[test]
fn links_in_dynamic_components_are_renamed_for_kept_pages_only() {
    for (what, shared) in SHARED {
        for mode in ["redirect", "conditional", "links"] {
            let playground = playground(shared);
            let group: &[&str] = if mode == "conditional" { &["--allow-group", "7"] } else { &[] };
            let arguments =
                [&["--mode", mode, "--bundle", "b.zip", "--out", "out"], group].concat();
            let run = playground.build(&arguments);
            assert_eq!(run.status, 0, "{what}, {mode}: {}", run.messages);
            let theme = Theme::load(playground.path("out")).unwrap();
            assert!(!leads_away(&theme, "pages/checkout"), "{what}, {mode}");
            assert!(leads_away(&theme, "pages/category"), "{what}, {mode}");
            let again = playground.run(&["undo", "out", "--no-bundle", "--out", "undone"]);
            assert_eq!(again.status, 0, "{what}, {mode}: {}", again.messages);
            for path in playground.files("theme") {
                let (before, after) = (format!("theme/{path}"), format!("undone/{path}"));
                assert_eq!(
                    playground.read(&before),
                    playground.read(&after),
                    "{what}, {mode}: {path}"
                );
            }
            let copies = playground.files("undone");
            assert!(!copies.iter().any(|path| path.contains("kept")), "{what}, {mode}: {copies:?}");
        }
    }
}
