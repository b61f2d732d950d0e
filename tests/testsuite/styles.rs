//! A theme that people guarded themselves, in many styles: for `by_hand`, and for the oracles, which
//! render the same themes.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use stencil_guard::guard::script::{Redirect, script};
use stencil_guard::guard::storefront::Storefront;
use stencil_guard::theme::Theme;

/// What becomes of the pages of a theme: cart, checkout, home, order-confirmation. `K` is kept, `G`
/// guarded, `L` kept by wish but lost, `O` open, `?` cannot tell.
pub(crate) type Outcomes = &'static str;

pub(crate) struct Style {
    pub(crate) what: &'static str,
    files: &'static [(&'static str, &'static str)],
    #[allow(dead_code)] // the oracles ask for verdicts, not for what is right
    pub(crate) group: Option<&'static str>,
    #[allow(dead_code)]
    pub(crate) outcomes: Outcomes,
}

const fn style(
    what: &'static str,
    outcomes: Outcomes,
    files: &'static [(&'static str, &'static str)],
) -> Style {
    Style { what, files, group: None, outcomes }
}

/// `OURS` stands for our script, `HAND` for one that people write, `META` for a refresh without
/// scripts, `SHOP` for the shop's document from its title on.
pub(crate) const STYLES: &[Style] = &[
    style("nothing", "OKOK", &[]),
    style(
        "unless, and one page forgotten",
        "?K??",
        &[(
            "layout/base",
            "<html><head>{{#unless template '===' 'pages/checkout'}}HAND{{/unless}}SHOP",
        )],
    ),
    style(
        "our script behind nested conditions",
        "GKGK",
        &[(
            "layout/base",
            "<html><head>{{#if template '!==' 'pages/checkout'}}{{#unless template '==' 'pages/order-confirmation'}}OURSMETA{{/unless}}{{/if}}SHOP",
        )],
    ),
    style(
        "our script, nothing without scripts",
        "OKOK",
        &[(
            "layout/base",
            "<html><head>{{#contains template 'order'}}{{else}}{{#is template 'pages/checkout'}}{{else}}OURS{{/is}}{{/contains}}SHOP",
        )],
    ),
    style("our script without exemption", "GLGL", &[("layout/base", "<html><head>OURSMETASHOP")]),
    style("a script without exemption", "????", &[("layout/base", "<html><head>HANDSHOP")]),
    style(
        "a script that looks at the path itself",
        "????",
        &[(
            "layout/base",
            "<html><head><script>if (!/^\\/checkout/.test(location.pathname)) { location.href = 'https://shop.example.com'; }</script>SHOP",
        )],
    ),
    style(
        "in a header component",
        "?K??",
        &[
            (
                "layout/base",
                "<html><head></head><body>{{> components/header}}<p>Shop</p></body></html>",
            ),
            (
                "components/header",
                "{{#if template '===' 'pages/checkout'}}{{else}}HAND{{/if}}<header>Shop</header>",
            ),
        ],
    ),
    style(
        "our script in a head component",
        "GKGK",
        &[
            ("layout/base", "<html><head>{{> components/head}}SHOP"),
            (
                "components/head",
                "{{#or (if template '===' 'pages/checkout') (if template '===' 'pages/order-confirmation')}}{{else}}OURSMETA{{/or}}",
            ),
        ],
    ),
    style(
        "our script at the end of the body",
        "?K?K",
        &[(
            "layout/base",
            "<html><head></head><body><p>Shop</p>{{#or (if template '===' 'pages/checkout') (if template '===' 'pages/order-confirmation')}}{{else}}OURS{{/or}}</body></html>",
        )],
    ),
    style(
        "a refresh before the shop",
        "?K?K",
        &[(
            "layout/base",
            "<html><head>{{#or (if template '===' 'pages/checkout') (if template '===' 'pages/order-confirmation')}}{{else}}<meta http-equiv=\"refresh\" content=\"0; url=https://shop.example.com/\">{{/or}}SHOP",
        )],
    ),
    style(
        "a refresh instead of the shop",
        "GKGK",
        &[(
            "layout/base",
            "{{#if template '===' 'pages/checkout'}}<html><head>SHOP{{else if page_type '===' 'orderconfirmation'}}<html><head>SHOP{{else}}<html><head><meta http-equiv=refresh content=\"0;url=https://shop.example.com/\"></head></html>{{/if}}",
        )],
    ),
    style(
        "a refresh to somewhere in the shop",
        "OKOK",
        &[(
            "layout/base",
            "{{#or (if template '===' 'pages/checkout') (if template '===' 'pages/order-confirmation')}}<html><head>SHOP{{else}}<html><head><meta http-equiv=refresh content=\"0;url=/checkout\"></head></html>{{/or}}",
        )],
    ),
    style(
        "wrapped inline",
        "GKGK",
        &[(
            "layout/base",
            "{{#or (if page_type '===' 'checkout') (if page_type '===' 'orderconfirmation')}}<html><head>SHOP{{else}}<html><head>OURSMETA</head><body></body></html>{{/or}}",
        )],
    ),
    style(
        "wrapped in an inverted block",
        "GKGK",
        &[(
            "layout/base",
            "{{^or (if page_type '===' 'checkout') (if page_type '===' 'orderconfirmation')}}<html><head>OURSMETA</head></html>{{else}}<html><head>SHOP{{/or}}",
        )],
    ),
    style(
        "a page of its own for each page",
        "GKOK",
        &[("pages/cart", "<!doctype html><html><head>OURSMETA</head></html>")],
    ),
    style(
        "a switch in the theme's settings",
        "?K?K",
        &[(
            "layout/base",
            "<html><head>{{#if theme_settings.headless}}{{#or (if template '===' 'pages/checkout') (if template '===' 'pages/order-confirmation')}}{{else}}OURSMETA{{/or}}{{/if}}SHOP",
        )],
    ),
    style(
        "customers let through",
        "OKOK",
        &[(
            "layout/base",
            "{{#or customer (if template '===' 'pages/checkout') (if template '===' 'pages/order-confirmation')}}<html><head>SHOP{{else}}<html><head>OURSMETA</head></html>{{/or}}",
        )],
    ),
    Style {
        what: "a group let through by name",
        outcomes: "GKGK",
        group: Some("name:Staff"),
        files: &[(
            "layout/base",
            "{{#or (if customer.customer_group_name '===' 'Staff') (if template '===' 'pages/checkout') (if template '===' 'pages/order-confirmation')}}<html><head>SHOP{{else}}<html><head>OURSMETA</head></html>{{/or}}",
        )],
    },
    Style {
        what: "a group let through by an unquoted name",
        outcomes: "?K?K",
        group: Some("name:Staff"),
        files: &[(
            "layout/base",
            "{{#or (if customer.customer_group_name '===' Staff) (if template '===' 'pages/checkout') (if template '===' 'pages/order-confirmation')}}<html><head>SHOP{{else}}<html><head>OURSMETA</head></html>{{/or}}",
        )],
    },
    style(
        "a name misspelled",
        "GLGK",
        &[(
            "layout/base",
            "<html><head>{{#or (if template '===' 'page/checkout') (if template '===' 'pages/order-confirmation')}}{{else}}OURSMETA{{/or}}SHOP",
        )],
    ),
    style(
        "a script in a file",
        "OKOK",
        &[(
            "layout/base",
            "<html><head><script src=\"{{cdn 'assets/js/guard.js'}}\"></script>SHOP",
        )],
    ),
    style(
        "a function that waits for the load",
        "????",
        &[(
            "layout/base",
            "<html><head><script>addEventListener('load', function () { location.replace('https://shop.example.com') })</script>SHOP",
        )],
    ),
    style(
        "a handler of the body",
        "????",
        &[(
            "layout/base",
            "<html><head></head><body onload=\"location.href='https://shop.example.com'\">Shop</body></html>",
        )],
    ),
    style(
        "a style that hides the shop",
        "OKOK",
        &[("layout/base", "<html><head><style>body { display: none }</style>SHOP")],
    ),
    style(
        "a path printed into a script",
        "????",
        &[(
            "layout/base",
            "<html><head><script>location.replace('https://shop.example.com' + '{{settings.request.absolute_path}}')</script>SHOP",
        )],
    ),
    style(
        "a script in what a page has printed elsewhere",
        "O?OK",
        &[("pages/checkout", "{{#partial \"page\"}}HAND{{/partial}}{{> layout/base}}")],
    ),
    style(
        "our script in what pages have printed in the head",
        "GKGK",
        &[
            ("layout/base", "<html><head>{{#block \"first\"}}{{/block}}SHOP"),
            ("pages/cart", "{{#partial \"first\"}}OURSMETA{{/partial}}{{> layout/base}}"),
            ("pages/home", "{{#partial \"first\"}}OURSMETA{{/partial}}{{> layout/base}}"),
        ],
    ),
    style(
        "our script in a block that a page prints something else in",
        "GLOL",
        &[
            ("layout/base", "<html><head>{{#block \"first\"}}OURSMETA{{/block}}SHOP"),
            ("pages/home", "{{#partial \"first\"}}{{/partial}}{{> layout/base}}"),
        ],
    ),
    style(
        "a name that is gone inside a block",
        "????",
        &[(
            "layout/base",
            "<html><head>{{#block \"first\"}}{{#if @root.template '===' 'pages/cart'}}OURSMETA{{/if}}{{/block}}SHOP",
        )],
    ),
    style(
        "one guard while a switch is on, another while it is off",
        "GKGK",
        &[(
            "layout/base",
            "<html><head>{{#or (if template '===' 'pages/checkout') (if template '===' 'pages/order-confirmation')}}{{else}}{{#if theme_settings.quick}}OURSMETA{{/if}}{{#unless theme_settings.quick}}<meta charset=utf-8>OURSMETA{{/unless}}{{/or}}SHOP",
        )],
    ),
    style(
        "nothing for customers without scripts",
        "OKOK",
        &[(
            "layout/base",
            "<html><head>{{#or (if template '===' 'pages/checkout') (if template '===' 'pages/order-confirmation')}}{{else}}OURS{{#unless customer}}META{{/unless}}{{/or}}SHOP",
        )],
    ),
    style(
        "a group let through by number and name",
        "OKOK",
        &[(
            "layout/base",
            "{{#all (if customer.customer_group_id '==' 7) (if customer.customer_group_name '===' 'Staff')}}<html><head>SHOP{{else}}{{#or (if template '===' 'pages/checkout') (if template '===' 'pages/order-confirmation')}}<html><head>SHOP{{else}}<html><head>OURSMETA</head></html>{{/or}}{{/all}}",
        )],
    ),
    style(
        "a script that leads to the front page of the shop",
        "?K?K",
        &[("layout/base", "<html><head><script>location.href = '/';</script>SHOP")],
    ),
    style(
        "our script after what belongs into a head",
        "GKGK",
        &[(
            "layout/base",
            "<html><head>{{{resourceHints}}}{{{head.meta_tags}}}{{{stylesheet '/assets/css/theme.css'}}}{{#or (if template '===' 'pages/checkout') (if template '===' 'pages/order-confirmation')}}{{else}}OURSMETA{{/or}}SHOP",
        )],
    ),
    style(
        "a script that hides its end, and what follows",
        "????",
        &[("layout/base", "<html><head><script><!-- <script> </script>OURSMETA--></script>SHOP")],
    ),
];

/// The shop that is guarded by hand.
const SMALL: &[(&str, &str)] = &[
    ("layout/base", "<html><head>SHOP"),
    ("pages/cart", "{{> layout/base}}"),
    ("pages/checkout", "{{> layout/base}}"),
    ("pages/home", "{{> layout/base}}"),
    ("pages/order-confirmation", "{{> layout/base}}"),
];

/// The theme that is guarded in this style.
pub(crate) fn theme(style: &Style) -> Theme {
    let ours = script(&Redirect::to(Storefront::parse("https://shop.example.com").unwrap()));
    let filled = |text: &str| {
        text.replace("OURS", &format!("<script nonce=\"{{{{nonce}}}}\">{ours}</script>"))
            .replace("HAND", "<script>window.location.replace(\"https://shop.example.com\" + location.pathname);</script>")
            .replace("META", "<noscript><meta http-equiv=\"refresh\" content=\"0;url=https://shop.example.com/\"></noscript>")
            .replace("SHOP", "<title>Shop</title>{{{head.scripts}}}</head><body>{{#block \"page\"}}{{/block}}</body></html>")
    };
    let config = ("config.json".to_owned(), Some(b"{}".to_vec()));
    let files = SMALL.iter().chain(style.files);
    let files =
        files.map(|(name, text)| (format!("templates/{name}.html"), Some(filled(text).into())));
    Theme::default().with(files.chain([config]))
}
