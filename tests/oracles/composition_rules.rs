//! The grammar of the small themes in `compositions.rs`, as data.
//!
//! `«rule»` stands for one of the rule's alternatives, `/@` for the theme's number, `GUARD` for what leads away as
//! soon as it is read, `AWAY` for a script that leads away wherever it stands.

/// What whole themes are made of, file by file: no browser and no engine reads them otherwise than it looks.
#[rustfmt::skip]
pub(crate) const RULES: &[(&str, &[&str])] = &[
    ("layout", &[
        "<!doctype html>«blank»<html«attribute»><head>«early»«guard»«head»</head><body>«body»«content»</body></html>",
        "«blank»<!doctype html><html><head>«guard»«head»</head><body«attribute»>«content»«body»</body></html>",
        "{{#if customer.customer_group_id '==' 7}}«document»{{else}}GUARD{{/if}}",
        "«silent»{{> components/@/head}}<body>«content»</body></html>",
    ]),
    ("open layout", &[
        "<!doctype html><html«attribute»><head>«early»«head»</head><body>«body»«content»</body></html>",
        "«blank»<html><head>«head»</head><body>«content»{{> components/@/a}}</body></html>",
    ]),
    ("document", &["<html><head>«head»</head><body>«body»«content»</body></html>"]),
    ("head file", &["<!doctype html><html><head>«early»«guard»«head»</head>"]),
    ("page", &[
        "«front»{{#partial 'page'}}«body»{{/partial}}«blank»{{> layout/@}}",
        "«front»«silent»{{#partial 'page'}}«body»{{/partial}}{{#if customer}}{{> layout/@}}{{else}}{{> layout/@}}{{/if}}",
        "«front»{{#> layout/@}}«body»{{/layout/@}}",
        "«front»{{> layout/@}}",
        "{{#*inline 'unused'}}«body»{{/inline}}{{> layout/@}}",
        "{{> 'layout/@' a='b'}}",
    ]),
    ("content", &[
        "{{#block 'page'}}{{/block}}", "{{#block 'page'}}«body»{{/block}}", "<main>{{#block \"page\"}}{{/block}}</main>",
    ]),
    ("front", &[
        "", "", "---\nproducts:\n  new:\n    limit: 4\n---\n", "---\r\na: b\r\n---\r\n", "---\n---\n",
    ]),
    ("blank", &["", "\n", "  \n\t", "<!-- note -->", "<!-- {{word}} -->", "{{! note }}", "\u{feff}"]),
    ("silent", &[
        "", "{{! note }}", "{{!-- {{> components/@/a}} --}}", "{{inject 'a' word}}",
        "{{#partial 'p'}}«body»{{/partial}}", "{{#if none}}{{/if}}", "{{#*inline 'i'}}«body»{{/inline}}",
    ]),
    ("attribute", &["", " class=\"no-js\"", " lang='{{word}}'", " data-x=\"{{#if yes}}a{{else}}b{{/if}}\"", " {{#if yes}}hidden{{/if}}"]),
    ("early", &[
        "", "", "<meta charset=\"utf-8\">", "<title>{{word}}</title>", "<link rel=\"icon\" href=\"{{word}}\">", "«blank»",
        "<style>a { b: {{word}} }</style>", "<script>var dataLayer = [];</script>", "«silent»", "<title>t</title>«early»",
        "{{#if yes}}<title>a</title>{{else}}<title>b</title>{{/if}}", "<script type=\"application/json\">{\"a\": 1}</script>",
    ]),
    ("guard", &[
        "GUARD", "GUARD", "{{> components/@/guard}}", "{{>components/@/guard a=1}}", "{{> \"components/@/guard\"}}",
        "{{#*inline 'g'}}GUARD{{/inline}}{{> g}}", "{{> g}}{{#*inline 'g'}}GUARD{{/inline}}",
        "{{#partial 'g'}}GUARD{{/partial}}{{#block 'g'}}{{/block}}", "{{#block 'none'}}GUARD{{/block}}",
        "{{#if template}}GUARD{{/if}}", "{{#unless customer.customer_group_id '==' 7}}GUARD{{/unless}}",
        "{{#if customer}}GUARD{{else}}GUARD{{/if}}",
        "{{#> components/@/around}}GUARD{{/components/@/around}}", "{{#if yes}}GUARD{{else}}GUARD{{/if}}",
        "{{#if template '===' 'pages/kept'}}{{else}}{{> components/@/guard}}{{/if}}",
        "{{#> missing}}GUARD{{/missing}}", "{{> (concat 'components/@/' 'guard')}}{{!> components/@/guard}}",
    ]),
    ("head", &[
        "", "<title>{{word}}</title>", "<link rel=\"stylesheet\" href=\"{{word}}\">", "<style>{{#if yes}}a{{/if}}</style>",
        "<script>var a = \"{{word}}\";</script>", "{{> components/@/c}}", "<meta name=\"a\" content=\"{{word}}\">«head»",
        "<noscript><style>a{}</style></noscript>", "{{{word}}}",
    ]),
    ("body", &[
        "<p>SHOP</p>", "<p>{{word}}</p>«body»", "{{> components/@/a}}", "{{> components/@/b}}«body»", "<!-- «text» -->«body»",
        "{{#if yes}}«body»{{else}}«text»{{/if}}", "{{#unless none}}«body»{{/unless}}", "{{#each list}}«text»{{/each}}<p>x</p>",
        "<a href=\"/cart\">{{{word}}}</a>", "<script>var b = {{{json list}}};</script>«body»", "<h1>{{word}}</h1>«silent»",
        "{{#with list}}«text»{{/with}}<i>SHOP</i>", "{{#> components/@/around}}«body»{{/components/@/around}}",
        "<textarea>{{word}}</textarea>«body»", "<svg><path d=\"{{word}}\"/></svg>«body»", "{{concat word 'x'}}«body»",
        "{{#block (concat 'parts-' word)}}«body»{{/block}}", "{{#block (concat 'p' (concat '-' word))}}<p>SHOP</p>{{/block}}",
    ]),
    ("text", &["text", "<b>text</b>", "{{word}}", "{{#if yes}}text{{/if}}", "{{> components/@/c}}"]),
    ("a", &["<p>SHOP</p>{{> components/@/b}}", "{{#if yes}}<b>«text»</b>{{/if}}{{> components/@/b}}", "<ul>{{#each list}}<li>{{> components/@/c}}</li>{{/each}}</ul>"]),
    ("b", &["<p>B</p>", "{{> components/@/c}}<p>{{{word}}}</p>", "<p>{{#if none}}a{{else}}«text»{{/if}}</p>"]),
    ("c", &["", "<!-- c -->", "{{! c }}", "<script>var c = 1;</script>", "<style>c{}</style>"]),
    ("damaged guard", &[
        "<!-- GUARD -->", "<template>GUARD</template>", "<noscript>GUARD</noscript>", "<title>GUARD</title>",
        "<p>seen</p>GUARD", "{{#if yes}}GUARD{{/if}}", "{{#if none}}GUARD{{/if}}", "{{#each list}}GUARD{{/each}}",
        "{{!-- GUARD --}}", "{{#*inline 'g'}}GUARD{{/inline}}", "{{#partial 'g'}}GUARD{{/partial}}", "{{word}}GUARD",
        "{{#block 'page'}}GUARD{{/block}}", "{{#> components/@/a}}GUARD{{/components/@/a}}", "{{{word}}}GUARD", "",
        "{{#partial 'g'}}GUARD{{/partial}}{{#partial 'g'}}{{/partial}}{{#block 'g'}}{{/block}}", "{{> components/@/c}}",
        "{{#block 'g'}}{{/block}}{{#partial 'g'}}GUARD{{/partial}}", "{{#if customer}}GUARD{{/if}}", "<script>GUARD",
        "{{#partial word}}{{/partial}}{{#block 'g'}}GUARD{{/block}}", "{{#block word}}GUARD{{/block}}", "<style>{{{word}}}</style>GUARD",
        "{{> (concat 'components/@/' word)}}", "{{#with list}}{{#unless template}}GUARD{{/unless}}{{/with}}",
        "<script>var a = {{{word}}};</script>GUARD", "<!-- {{> components/@/c}} GUARD", "<meta name=\"{{{word}}}\">GUARD",
        "{{#if yes}}<!--{{/if}}GUARD<!-- -->", "{{#if yes}}<template>{{/if}}GUARD{{#if yes}}</template>{{/if}}",
        "<script {{word}}></script>GUARD", "<{{word}}>GUARD", "<tit{{! }}le>GUARD</title>", "<!-{{! }}- GUARD -->",
        "{{#> components/@/around}}{{#*inline 'g'}}GUARD{{/inline}}{{/components/@/around}}{{> g}}",
        "{{> components/@/guard word}}", "{{^customer}}GUARD{{/customer}}", "<meta {{#if yes}}hidden{{/if}}=\">GUARD\">", "{{> components/@/guard template=word}}", "{{#with word}}{{#if template}}GUARD{{/if}}{{/with}}",
        "{{#partial 'parts-word'}}{{/partial}}{{#block (concat 'parts-' word)}}GUARD{{/block}}",
        "{{#partial 'p-word'}}{{/partial}}{{#block (concat (concat 'p' '-') word)}}GUARD{{/block}}",
        "{{#partial '@partial-block'}}{{/partial}}{{#> components/@/around}}GUARD{{/components/@/around}}", "{{#partial '@partial-block'}}{{/partial}}{{#block '@partial-block'}}GUARD{{/block}}",
    ]),
    ("leaving", &[
        "AWAY", "{{#if yes}}AWAY{{/if}}", "{{#each list}}AWAY{{/each}}", "{{#*inline 'l'}}AWAY{{/inline}}{{> l}}", "<!-- -->AWAY",
        "{{#> missing}}AWAY{{/missing}}", "{{#> components/@/around}}AWAY{{/components/@/around}}", "{{#with list}}AWAY{{/with}}",
        "{{#partial 'l'}}AWAY{{/partial}}{{#block 'l'}}{{/block}}", "{{#block 'none'}}AWAY{{/block}}", "{{#unless none}}AWAY{{/unless}}",
        "{{#if yes}}<!-- {{/if}}AWAY<!-- -->", "<p title=\"{{{word}}}\">AWAY", "{{#partial word}}AWAY{{/partial}}{{#block 'l'}}{{/block}}",
        "<script>loca{{word}}tion.href = 'https://shop.example.com/';</script>", "<{{! }}script>location = 'https://shop.example.com/'</script>",
        "<script>{{#if yes}}loca{{else}}x{{/if}}tion = 'https://shop.example.com/';</script>", "{{#block word}}AWAY{{/block}}",
        "<meta http-equiv=\"{{#if yes}}refresh{{/if}}\" content=\"0;url=https://shop.example.com/\">", "{{> (concat 'components/@/' word)}}",
        "<me{{! }}ta http-equiv=refresh content='0;url=https://shop.example.com/'>", "<script>top.{{word}} = 'https://shop.example.com/'</script>",
        "<script {{#if none}}type=text/plain{{/if}}>location.assign('https://shop.example.com/')</script>",
        "<textarea>{{{word}}}</textarea>AWAY", "<style>AWAY</style>", "<!-- AWAY -->", "<template>AWAY</template>", "<title>AWAY</title>",
        "<script type=module>1</script><script>{{#each list}}location = 'https://shop.example.com/';{{/each}}</script>",
        "{{#partial 'parts-word'}}AWAY{{/partial}}{{#block (concat 'parts-' word)}}{{/block}}",
        "{{#each list as |if|}}{{#if 0}}AWAY{{/if}}{{/each}}", "{{#each list as |inject|}}{{#inject}}AWAY{{/inject}}{{/each}}",
        "{{#*inline 'parts-word'}}AWAY{{/inline}}{{> (concat 'parts-' word)}}",
        "{{#partial '@partial-block'}}AWAY{{/partial}}{{> (concat '@partial-' 'block')}}", "{{#block '@partial-block'}}AWAY{{/block}}",
        "{{#partial '@partial-block'}}AWAY{{/partial}}{{#> components/@/around}}text{{/components/@/around}}",
    ]),
];

/// What a template may have at any place after it was damaged.
#[rustfmt::skip]
pub(crate) const TOKENS: &[&str] = &[
    "<", ">", "\"", "'", "<!--", "-->", "</script>", "<script>", "</head>", "<p>", "x", "{{! }}", "{{word}}", "{{{word}}}", "{{#if yes}}",
    "{{/if}}", "{{else}}", "{{> components/@/c}}", "{{> components/@/guard}}", "{{#partial 'page'}}", "{{/partial}}", "---\n", "<title>",
    "</title>", "<template>", "</template>", "<noscript>", "</noscript>", "{{~! ~}}", "{{#each list}}{{/each}}", "{{#block 'g'}}{{/block}}",
];
