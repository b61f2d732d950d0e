//! Ways to damage a guarded theme, as tables; `mutations` tries them.

pub(crate) const HEAD: &str = "components/stencil-guard/head";
pub(crate) const PAGE: &str = "components/stencil-guard/page";
const BASE: &str = "layout/base";
const EMPTY: &str = "layout/empty";
const HOME: &str = "pages/home";
const INCLUDE: &str = "{{> components/stencil-guard/head}}";
const DOCUMENT: &str =
    "<!doctype html><html><head><title>Shop</title></head><body>Shop</body></html>";

/// The one damage that opens no page: it is noticed as what it is.
pub(crate) const LINK_RESTORED: &str = "a kept link restored";

/// One way to damage a theme.
pub(crate) struct Damage {
    pub(crate) what: &'static str,
    pub(crate) act: Act,
}

pub(crate) enum Act {
    /// In this template, every occurrence of the first text becomes the second.
    Replace(&'static str, &'static str, &'static str),
    /// In this template, the first text goes from where it is to before the second.
    Move(&'static str, &'static str, &'static str),
    /// In this template, the helper `or` becomes another.
    Helper(&'static str, &'static str),
    /// The template gets this text, or goes away.
    Set(&'static str, Option<&'static str>),
    /// This stands before all else in the template.
    Prepend(&'static str, &'static str),
    /// The template gets the text that it had before the guard.
    Restore(&'static str),
    /// The content of the first script in the template becomes what stands around `@`, which is it.
    Script(&'static str, &'static str),
}

use Act::{Helper, Move, Prepend, Replace, Restore, Script, Set};

const fn damage(what: &'static str, act: Act) -> Damage {
    Damage { what, act }
}

/// Where the guard is included, in redirect mode.
pub(crate) const INCLUDES: &[Damage] = &[
    damage("removed", Replace(BASE, INCLUDE, "")),
    damage("removed from the other layout", Replace(EMPTY, INCLUDE, "")),
    damage(
        "in a comment",
        Replace(BASE, INCLUDE, "{{!-- {{> components/stencil-guard/head}} --}}"),
    ),
    damage("in a short comment", Replace(BASE, INCLUDE, "{{! > components/stencil-guard/head}}")),
    damage(
        "in an HTML comment",
        Replace(BASE, INCLUDE, "<!-- {{> components/stencil-guard/head}} -->"),
    ),
    damage(
        "in noscript",
        Replace(BASE, INCLUDE, "<noscript>{{> components/stencil-guard/head}}</noscript>"),
    ),
    damage(
        "in a template",
        Replace(BASE, INCLUDE, "<template>{{> components/stencil-guard/head}}</template>"),
    ),
    damage(
        "in the title",
        Replace(BASE, INCLUDE, "<title>{{> components/stencil-guard/head}}</title>"),
    ),
    damage(
        "in an attribute",
        Replace(BASE, INCLUDE, "<meta content='{{> components/stencil-guard/head}}'>"),
    ),
    damage(
        "in a script",
        Replace(BASE, INCLUDE, "<script>{{> components/stencil-guard/head}}</script>"),
    ),
    damage(
        "behind a setting",
        Replace(
            BASE,
            INCLUDE,
            "{{#if theme_settings.guard}}{{> components/stencil-guard/head}}{{/if}}",
        ),
    ),
    damage(
        "behind false",
        Replace(BASE, INCLUDE, "{{#if false}}{{> components/stencil-guard/head}}{{/if}}"),
    ),
    damage(
        "for customers only",
        Replace(BASE, INCLUDE, "{{#if customer}}{{> components/stencil-guard/head}}{{/if}}"),
    ),
    damage(
        "for guests only",
        Replace(
            BASE,
            INCLUDE,
            "{{#unless customer}}{{> components/stencil-guard/head}}{{/unless}}",
        ),
    ),
    damage(
        "in a loop",
        Replace(BASE, INCLUDE, "{{#each banners}}{{> components/stencil-guard/head}}{{/each}}"),
    ),
    damage(
        "in another context",
        Replace(BASE, INCLUDE, "{{> components/stencil-guard/head settings}}"),
    ),
    damage(
        "with a page's name",
        Replace(BASE, INCLUDE, "{{> components/stencil-guard/head template='pages/checkout'}}"),
    ),
    damage("below the content", Move(BASE, INCLUDE, "</body>")),
    damage("below the head", Move(BASE, INCLUDE, "<body")),
    damage("after text", Replace(BASE, INCLUDE, "Welcome {{> components/stencil-guard/head}}")),
    damage(
        "after a heading",
        Replace(BASE, INCLUDE, "<h1></h1>{{> components/stencil-guard/head}}"),
    ),
    damage(
        "after a variable",
        Replace(BASE, INCLUDE, "{{settings.store_name}}{{> components/stencil-guard/head}}"),
    ),
    damage(
        "after a component",
        Replace(BASE, INCLUDE, "{{> components/common/header}}{{> components/stencil-guard/head}}"),
    ),
    damage(
        "after a comment left open",
        Replace(BASE, INCLUDE, "<!-- {{> components/stencil-guard/head}}"),
    ),
    damage(
        "after a comment perhaps left open",
        Replace(
            BASE,
            INCLUDE,
            "{{#if theme_settings.x}}<!--{{/if}}{{> components/stencil-guard/head}}",
        ),
    ),
    damage(
        "after a policy",
        Replace(
            BASE,
            INCLUDE,
            "<meta http-equiv=\"content-security-policy\" content=\"script-src 'none'\">{{> components/stencil-guard/head}}",
        ),
    ),
    damage("of another name", Replace(BASE, INCLUDE, "{{> components/stencil-guard/heads}}")),
    damage("of something else", Replace(BASE, INCLUDE, "{{> components/common/skip-link}}")),
    damage(
        "taken over by a partial",
        Prepend(HOME, "{{#partial \"components/stencil-guard/head\"}}{{/partial}}"),
    ),
    damage("its file emptied", Set(HEAD, Some(""))),
    damage("its file gone", Set(HEAD, None)),
    damage("layout restored", Restore(BASE)),
    damage("other layout restored", Restore(EMPTY)),
    damage("layout without a document", Set(BASE, Some("{{#block \"page\"}}{{/block}}"))),
];

/// The condition of the redirect, in the file that is included.
pub(crate) const CONDITIONS: &[Damage] = &[
    damage("without else", Replace(HEAD, "}}{{else}}", "}}")),
    damage("inverted block", Replace(HEAD, "{{#or ", "{{^or ")),
    damage("all for or", Helper(HEAD, "all")),
    damage("and for or", Helper(HEAD, "and")),
    damage(
        "!== for ===",
        Replace(HEAD, "template '===' 'pages/checkout'", "template '!==' 'pages/checkout'"),
    ),
    damage(
        "!= for ===",
        Replace(
            HEAD,
            "template '===' 'pages/order-complete'",
            "template '!=' 'pages/order-complete'",
        ),
    ),
    damage(
        "unless for if",
        Replace(
            HEAD,
            "(if template '===' 'pages/checkout')",
            "(unless template '===' 'pages/checkout')",
        ),
    ),
    damage("true", Replace(HEAD, "(if in_development '===' true)", "true")),
    damage("true in a test", Replace(HEAD, "(if in_development '===' true)", "(if true)")),
    damage(
        "not in development",
        Replace(HEAD, "(if in_development '===' true)", "(if in_development '!==' true)"),
    ),
    damage(
        "unless in development",
        Replace(HEAD, "(if in_development '===' true)", "(unless in_development)"),
    ),
    damage(
        "in production",
        Replace(HEAD, "(if in_development '===' true)", "(if in_production '===' true)"),
    ),
    damage(
        "a setting",
        Replace(HEAD, "(if in_development '===' true)", "theme_settings.show_shop"),
    ),
    damage("any template", Replace(HEAD, "(unless template)", "(if template)")),
    damage("customers", Replace(HEAD, "(unless template)", "customer")),
    damage(
        "all groups but one",
        Replace(HEAD, "(unless template)", "(if customer.customer_group_id '!=' 7)"),
    ),
    damage("a group", Replace(HEAD, "(unless template)", "(if customer.customer_group_id '==' 7)")),
    damage(
        "an unquoted group",
        Replace(HEAD, "(unless template)", "(if customer.customer_group_name '===' Staff)"),
    ),
    damage(
        "another page kept",
        Replace(HEAD, "(unless template)", "(if template '===' 'pages/cart')"),
    ),
    damage("nor for or", Helper(HEAD, "nor")),
    damage("a page type", Replace(HEAD, "(unless template)", "(if page_type '===' 'category')")),
    damage("a helper that does not exist", Helper(HEAD, "orr")),
    damage("a kept page lost", Replace(HEAD, "(if template '===' 'pages/order-complete')", "")),
    damage("with for or", Helper(HEAD, "with")),
];

/// What the guard prints, wherever.
pub(crate) const GUARDS: &[Damage] = &[
    damage("script emptied", Script(PAGE, "")),
    damage("script never run", Script(PAGE, "function leave(){@}")),
    damage("script after a condition", Script(PAGE, "if(window.guard)@")),
    damage("script after another statement", Script(PAGE, "window.name='';@")),
    damage("script followed by a stop", Script(PAGE, "@;window.stop()")),
    damage("script in a comment", Script(PAGE, "/*@*/")),
    damage("script as a text", Script(PAGE, "`@`")),
    damage("exemption widened", Replace(PAGE, "order-confirmation|", "order-confirmation|cart|")),
    damage("exemption of everything", Replace(PAGE, "(embedded-)?checkout|", "|")),
    damage("assign for replace", Replace(PAGE, "location.replace(", "location.assign(")),
    damage("nothing for replace", Replace(PAGE, "location.replace(", "(")),
    damage(
        "host of the script changed",
        Replace(PAGE, "\"https://shop.example.com\"", "\"https://shap.example.com\""),
    ),
    damage(
        "http in the script",
        Replace(PAGE, "\"https://shop.example.com\"", "\"http://shop.example.com\""),
    ),
    damage(
        "a host that only starts alike",
        Replace(PAGE, "\"https://shop.example.com\"", "\"https://shop.example.com.example\""),
    ),
    damage(
        "a path in the script",
        Replace(PAGE, "\"https://shop.example.com\"", "\"//shop.example.com/fr\""),
    ),
    damage(
        "host of the refresh changed",
        Replace(PAGE, "0;url=https://shop.example.com/", "0;url=https://shop.example.con/"),
    ),
    damage(
        "nothing without scripts for customers",
        Replace(PAGE, "<noscript>", "{{#if customer}}<template>{{/if}}<noscript>"),
    ),
    damage(
        "a refresh that browsers do not understand",
        Replace(PAGE, "0;url=https://shop", "0https://shop"),
    ),
    damage("refresh late", Replace(PAGE, "0;url=", "30;url=")),
    damage(
        "refresh to the shop itself",
        Replace(PAGE, "0;url=https://shop.example.com/", "0;url=/"),
    ),
    damage("refresh removed", Replace(PAGE, "http-equiv=\"refresh\"", "name=\"refresh\"")),
    damage(
        "host of the link changed",
        Replace(
            PAGE,
            "<a href=\"https://shop.example.com/\"",
            "<a href=\"https://shop.exampel.com/\"",
        ),
    ),
    damage(
        "script of another type",
        Replace(PAGE, "<script nonce", "<script type=\"text/template\" nonce"),
    ),
    damage("script as a module", Replace(PAGE, "<script nonce", "<script type=module nonce")),
    damage("script elsewhere", Replace(PAGE, "<script nonce", "<script src=/guard.js nonce")),
    damage("another element", Replace(PAGE, "<script nonce", "<script-x nonce")),
    damage("script left open", Replace(PAGE, "</script>", "</scrip>")),
    damage("script behind text", Replace(PAGE, "<script nonce", "Shop<script nonce")),
    damage("script in a comment of HTML", Replace(PAGE, "<script nonce", "<!--<script nonce")),
    damage(
        "script behind a mustache",
        Replace(PAGE, "<script nonce", "{{{head.scripts}}}<script nonce"),
    ),
    damage(
        "script behind a setting",
        Replace(
            PAGE,
            "<script nonce=\"{{nonce}}\"",
            "{{#if theme_settings.go}}<script{{else}}<script type=x{{/if}}",
        ),
    ),
];

/// Pages, in all modes.
pub(crate) const PAGES: &[Damage] = &[
    damage("a document of its own", Set(HOME, Some(DOCUMENT))),
    damage("text before its layout", Prepend(HOME, "<p>Shop</p>")),
    damage("a component before its layout", Prepend(HOME, "{{> components/common/header}}")),
    damage("a new page", Set("pages/custom/new", Some(DOCUMENT))),
    damage("a new page with a new layout", Set("pages/custom/new", Some("{{> layout/new}}"))),
    damage("a page without any layout", Set(HOME, Some("{{> components/common/header}}"))),
    damage(
        "a layout in another context",
        Set(HOME, Some("{{#with settings}}{{> layout/base}}{{/with}}")),
    ),
    damage(
        "the name of a kept page",
        Set(HOME, Some("{{> layout/base template='pages/checkout'}}")),
    ),
    damage(
        "a kept page that a script leaves",
        Prepend("pages/checkout", "<script>location.replace('https://shop.example.com/')</script>"),
    ),
    damage(
        "a kept page that a script leaves from its content",
        Replace(
            "pages/checkout",
            "<header class=\"checkout-header\">",
            "<script>location.href = \"https://shop.example.com/\"</script><header>",
        ),
    ),
    damage(
        "a kept page that a refresh leaves",
        Prepend(
            "pages/checkout",
            "<meta http-equiv=\"refresh\" content=\"0;url=https://shop.example.com/\">",
        ),
    ),
    damage(LINK_RESTORED, Restore("pages/checkout")),
    damage(
        "a kept page emptied of its name",
        Set("pages/checkout", Some("{{> layout/base template='x'}}")),
    ),
];

/// The line that stands for a layout, in conditional and replace mode.
pub(crate) const DISPATCHES: &[Damage] = &[
    damage(
        "the shop for everybody",
        Replace(BASE, "{{> components/stencil-guard/page}}", "{{> layout/stencil-guard/base}}"),
    ),
    damage(
        "the redirect for everybody",
        Replace(EMPTY, "{{> layout/stencil-guard/empty}}", "{{> components/stencil-guard/page}}"),
    ),
    damage("nothing instead", Replace(BASE, "{{> components/stencil-guard/page}}", "")),
    damage("layout restored", Restore(BASE)),
    damage("other layout restored", Restore(EMPTY)),
    damage("text before it", Prepend(BASE, "<p>Shop</p>")),
    damage("inverted", Replace(BASE, "{{#or ", "{{^or ")),
    damage("true", Replace(BASE, "(if in_development '===' true)", "true")),
    damage(
        "in production",
        Replace(BASE, "(if in_development '===' true)", "(if in_production '===' true)"),
    ),
    damage("customers", Replace(BASE, "(unless template)", "(if customer)")),
    damage("any template", Replace(EMPTY, "(unless template)", "(if template)")),
    damage(
        "!== for ===",
        Replace(EMPTY, "template '===' 'pages/checkout'", "template '!==' 'pages/checkout'"),
    ),
    damage("another page", Replace(BASE, "(unless template)", "(if template '===' 'pages/cart')")),
    damage(
        "a group more",
        Replace(BASE, "(unless template)", "(if customer.customer_group_id '==' 9)"),
    ),
    damage("redirect page emptied", Set(PAGE, Some(""))),
    damage("redirect page gone", Set(PAGE, None)),
    damage("redirect page filled", Set(PAGE, Some(DOCUMENT))),
];

/// The groups of conditional mode.
pub(crate) const GROUPS: &[Damage] = &[
    damage("another number", Replace(BASE, "customer_group_id '==' 7", "customer_group_id '==' 8")),
    damage("all but one", Replace(BASE, "customer_group_id '==' 7", "customer_group_id '!=' 7")),
    damage(
        "as a type of its own",
        Replace(BASE, "customer_group_id '==' 7", "customer_group_id '===' 7"),
    ),
    damage("at least", Replace(BASE, "customer_group_id '==' 7", "customer_group_id '>=' 7")),
    damage("another name", Replace(BASE, "'Staff'", "'Stuff'")),
    damage("an unquoted name", Replace(BASE, "'Staff'", "Staff")),
    damage("a name that is empty", Replace(BASE, "'Staff'", "''")),
    damage(
        "everybody but the name",
        Replace(BASE, "customer_group_name '==='", "customer_group_name '!=='"),
    ),
];
