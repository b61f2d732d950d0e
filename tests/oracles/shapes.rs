//! The grammar of the generated templates, as data.
//!
//! `«rule»` stands for one of the rule's alternatives. Each rule's first alternative calls no rule
//! that could call it again: it is taken where nesting would get too deep.

/// Shapes found in real themes, one row each; a template is a row of them.
#[rustfmt::skip]
pub(crate) const SHAPES: &[(&str, &[&str])] = &[
    ("mustache in a quoted value", &[r#"<a href="«mustache»" id="x-«mustache»">«body»</a>"#]),
    ("block in a quoted value", &[r#"<p class="a {{#if «value»}}«word»{{/if}}">«body»</p>"#]),
    ("same quote inside as outside", &[r#"<img alt="{{lang "x.y"}}" src="{{cdn "img/«word».png" a="b"}}">"#]),
    ("single-quoted value", &["<i title='«mustache»' data-x='{{lang 'a.b'}}'></i>"]),
    ("unquoted value", &["<input maxlength={{«path»}}>", "<a href={{url}}«ws»class=«mustache»>«body»</a>"]),
    ("attribute name from a mustache", &[
        "<input {{#if «value»}}checked{{/if}}>", "<input {{«path»}}«ws»{{{«path»}}}=1>",
    ]),
    ("the same attribute twice", &[r#"<a {{#if «value»}}href="a"{{else}}href="«mustache»"{{/if}}>x</a>"#]),
    ("include in a value", &[r#"<svg class="«include»" id='{{> x/«word»}}'/>"#]),
    ("angle bracket in a value", &[
        r#"<p title="a > b" x-on="() => c < 1">"#, r#"<p data-x="{{#each a}}<b>{{this}}</b>{{/each}}">"#,
    ]),
    ("value over several lines", &[
        "<p title=\"a«eol»  «mustache»«eol»b\">", "<p style='«eol»{{#if a}}«eol»b{{/if}}'>",
    ]),
    ("tag over several lines", &[
        "<a«eol»  href=\"«mustache»\"«eol»  {{#if a}}«eol»x{{/if}}«eol»>«body»</a>",
    ]),
    ("tag name glued to a block", &[r#"<span{{#if «value»}} class="x"{{/if}}>«body»</span>"#]),
    ("tag name from a mustache", &[
        "<h{{#if a}}1{{else}}2{{/if}}>«body»</h{{#if a}}1{{else}}2{{/if}}>",
        "<{{«path»}}>«body»</{{«path»}}>",
    ]),
    ("malformed tag", &[
        r#"<a href="a"">«body»</a>"#, r#"<a href="a"class="«mustache»">"#, "<div <p «mustache»>«body»",
        "<a href='«mustache»>«body»",
    ]),
    ("framework attributes", &[
        r#"<div x-data="{ a: {} }" @click="b = !b" :class="{'c': «word»}">«mustache»</div>"#,
    ]),
    ("tag opened in one branch, closed in another", &[
        "{{#if a}}<a href=\"«mustache»\">{{else}}<span>{{/if}}«body»{{#if a}}</a>{{else}}</span>{{/if}}",
    ]),
    ("tags that do not balance", &["<div><p>«body»</div></section>", "</a>«body»<li><b>"]),
    ("upper-case tags", &["<DIV CLASS=\"«mustache»\">«body»</DIV>", "<BR><A HREF='x'>«body»</A>"]),
    ("mustache in a script", &[
        "<script>var a = {{{json «value»}}}; // «mustache»«eol»</script>",
        "<style>a{color:{{«path»}}}</style>",
    ]),
    ("block in a script", &[
        "<script>{{#if «value»}}a(){{else}}b(){{/if}}</script>",
        "<style>{{#each a}}b {c:d}«eol»{{/each}}</style>",
    ]),
    ("include in a script", &["<script>«include»</script>", "<style>{{> css/«word»}}</style>"]),
    ("markup in a script string", &[r#"<script>x = "<a href='«mustache»'>" + '<\/a>';</script>"#]),
    ("mustache in a title", &["<title>«mustache»</title>"]),
    ("mustache in a textarea", &["<textarea a=\"b\">«mustache»«eol»«body»</textarea>"]),
    ("closing braces of another language", &[
        "<style>@media x { a { b: c }}</style>", "function f() { if (a) { b(); }}",
        "var a = {b: {c: {}}};«body»",
    ]),
    ("tags in an HTML comment", &["<!-- <a href=\"x\">a</a> -->", "<!--«eol»<p>«eol»-->"]),
    ("mustaches in an HTML comment", &["<!-- «mustache» «block» -->"]),
    ("includes in an HTML comment", &["<!-- «include» -->", "<!--«include»-->"]),
    ("block across HTML comments", &["<!-- {{#if a}} -->«body»<!-- {{/if}} -->"]),
    ("conditional comment", &["<!--[if lt IE 9]><p>«mustache»</p><![endif]-->"]),
    ("HTML comment with three dashes", &["<!--- «word» --->", "<!---«mustache»--->"]),
    ("long comment", &["{{!-- «word» --}}", "{{~!-- «word» --~}}", "{{!----}}"]),
    ("comment over several lines", &[
        "{{!--«eol»  «word»«eol»--}}", "{{!«eol»«word»«eol»«eol»}}", "{{!-- a«eol»--~}}",
    ]),
    ("comment with mustaches", &["{{!-- «mustache» }} {{ --}}", "{{!-- {{> x}} {{#if}} --}}"]),
    ("comment with HTML", &["{{!-- <a href=\"x\">«word»</a> -- > --}}"]),
    ("short comment", &["{{! «word» }}", "{{!«word»}}", "{{!}}", "{{~! a ~}}", "{{!-}}", "{{! a -- b }}"]),
    ("disabled include", &["{{!> x}}", "{{!> components/«word» a=b}}"]),
    ("comment ending in three dashes", &["{{!-- «word» ---}}", "{{!------}}", "{{!---}} a --}}"]),
    ("triple stash", &["{{{«path»}}}", "{{{«call»}}}", "{{~{«call»}~}}", "{{{«path»}~}}"]),
    ("whitespace control", &[
        "{{~«call»~}}", "{{~#if a~}}«body»{{~else~}}«body»{{~/if~}}", "«word» {{~> x ~}}",
        "{{~^a~}}b{{~^~}}c{{~/a~}}",
    ]),
    ("else if", &[
        "{{#if «value»}}«body»{{else if «value»}}«body»{{else}}«body»{{/if}}",
        "{{#if a}}«body»{{else if b}}{{else unless c as |d|}}«body»{{/if}}",
        "{{#a}}{{~else each b~}}«body»{{^}}«body»{{/a}}",
    ]),
    ("else with blanks", &[
        "{{#if a}}«body»{{ else }}«body»{{/if}}", "{{#if a}}{{«ws»else«ws»}}«body»{{/if}}",
        "{{#if a}}b{{ else«ws»if c }}«body»{{/if}}",
    ]),
    ("sub-expression", &["{{concat («call») 'a'}}", "{{#if (compare a «value»)}}«body»{{/if}}"]),
    ("nested sub-expression", &[
        "{{#or (if a '==' (add «value» 1)) (if («call») (b c))}}«body»{{/or}}",
        "{{a (b (c (d e=(f g=(«call»)))))}}",
    ]),
    ("operator string", &[
        "{{#if a '>' 2}}«body»{{/if}}", "{{#if a \"!=\" b}}x{{/if}}", "{{#if a '===' '}}'}}x{{/if}}",
    ]),
    ("literal segment", &[
        "{{a.[0]}}", "{{#each a.[b c].[d]}}{{[e]}}{{/each}}", "{{[«word» {}]}}", "{{a/[this]/b}}",
        "{{@[a]}}",
    ]),
    ("parent path", &[
        "{{#each a}}{{../../x}}{{../y}}{{../../../z.[0]}}{{/each}}", "{{../.}}", "{{..}}", "{{./a}}",
        "{{this/a}}", "{{this.b}}",
    ]),
    ("root path", &["{{@root.a}}", "{{#if @root.«word».b}}{{@../index}}{{/if}}", "{{@key}}"]),
    ("mustache over several lines", &[
        "{{concat«eol»  'a'«eol»  «value»«eol»}}", "{{#if a«eol»  'b'«eol»}}«body»{{/if«eol»}}",
        "{{x 'a«eol»b'}}",
    ]),
    ("include over several lines", &[
        "{{> components/x«eol»    a=b«eol»    c='«word»'«eol»}}", "{{>«eol»x«eol»}}",
    ]),
    ("include without a blank", &["{{>x}}", "{{>components/«word»}}"]),
    ("quoted include", &["{{> 'x'}}", "{{> \"components/«word»\" a=1}}", "{{>'x'b=1}}"]),
    ("string as a mustache", &[
        "{{'a.b' c=d}}", "{{\"«word»\"}}", "{{'it\\'s'}}", "{{#'a'}}b{{/a}}", "{{12}}", "{{#1.0}}{{/1}}",
        "{{true}}{{null}}{{undefined a}}",
    ]),
    ("dynamic component", &["{{{dynamicComponent 'components/products'}}}", "{{dynamicComponent «value»}}"]),
    ("template element", &["<template id=\"a\"><p>«mustache»</p>«block»</template>"]),
    ("noscript element", &["<noscript><img src=\"«mustache»\">«include»</noscript>"]),
    ("raw block", &[
        "{{{{raw}}}} {{x}} {{{{/raw}}}}", "{{{{raw a=b}}}}«body» {{{{/raw}}}}", "{{{{raw}}}}{{{{/raw}}}}",
        "{{{{a}}}} {{{{b}}}} {{{{/b}}}} «word»{{{{/a}}}}", "{{{{ a }}}} {{{{/a }}}} {{{{/a}}}}",
        "{{{{a.b}}}} {{{{/a.b}}}}", "{{{{a}}}}{{{{/b}}}}{{{{/a}}}}", "{{{{raw}}}}x{{{{{y}}}}}{{{{/raw}}}}",
    ]),
    ("escaped mustache", &[
        "\\{{a}}", "«word»\\{{«path»}} {{b}}", "\\\\{{«path»}}", "\\\\\\{{a}}", "\\{{a}}\\{{b}}",
        "\\{{a}}\\\\{{b}}", "\\{{{a}}} «body»", "\\{{{{a}}}}", "\\{{#if}}{{b}}",
    ]),
    ("ampersand mustache", &["{{&«path»}}", "{{& «call»}}", "{{~&a~}}", "{{&'a'}}"]),
    ("inverted block", &[
        "{{^a}}«body»{{/a}}", "{{^a}}«body»{{^}}«body»{{/a}}", "{{^a b=c}}{{else}}«body»{{/a}}",
        "{{^ if b}}«body»{{/if}}", "{{#a}}«body»{{^}}{{/a}}", "{{#a}}b{{^b}}c{{/b}}{{/a}}",
        "{{^a}}b{{else if c}}{{/a}}",
    ]),
    ("inline partial", &[
        "{{#*inline 'a'}}«body»{{/inline}}", "{{#* inline \"a\" b=c}}«body»{{/inline}}", "{{~#*a~}}{{/a}}",
        "{{* a}}", "{{*a b}}", "{{#*inline 'a'}}{{else}}{{/inline}}",
    ]),
    ("partial block", &[
        "{{#> x}}«body»{{/x}}", "{{#>components/«word» a=b}}«body»{{/components/x}}",
        "{{~#> 'x'~}}«body»{{/'x'}}", "{{#> (a b)}}{{/a}}", "{{#> x}}{{> @partial-block}}{{/x}}",
        "{{#> x}}{{else}}{{/x}}", "{{#> x as |a|}}{{/x}}",
    ]),
    ("refused by itself", &[
        "{{a a.b=1}}", "{{[a]b}}", "{{a 1e5}}", "{{a 12.}}", "{{#a/b}}{{/a.b}}", "{{^a}}{{/b}}",
        "{{#a as ||}}{{/a}}", "{{#a as |[b c]|}}{{/a}}", "{{}name}", "{{a b=1 c}}", "{{a/../b}}",
        "{{«ws»}}",
    ]),
    ("block params", &[
        "{{#each «value» as |a|}}{{a}}{{/each}}", "{{#each a as |b c|}}«body»{{else}}d{{/each}}",
        "{{#a as«ws»|b«ws»c|}}{{/a}}", "{{^a as |b|}}{{/a}}", "{{#a as|b|}}{{/a}}", "{{#a as b}}{{/a}}",
    ]),
];

/// What shapes are made of.
#[rustfmt::skip]
pub(crate) const RULES: &[(&str, &[&str])] = &[
    ("word", &[
        "a", "shop", "x-y", "b_1", "café", "日本", "😀", "true1", "else2", "as", "A", "if", "10a", "a:b", "$",
        "-", "é?",
    ]),
    ("ws", &[" ", "  ", "\n", "\r\n", "\t", "\u{a0}", "\r", "\u{feff}", "\u{3000}", "\u{b}"]),
    ("eol", &["\n", "\r\n", "\r", "\n\n", " \n", "\r\n\t"]),
    ("path", &[
        "a", "«word»", "a.b.c", "../a", "this", ".", "@index", "a.[b c]", "a/b", "a.[0].b", "this.a",
        "../../b", "@root.x", "«word».«word»",
    ]),
    ("literal", &[
        "'a'", "\"«word»\"", "12", "-1", "1.50", "007", "true", "false", "null", "undefined", "'it\\'s'",
        "''", "\"a\\\"b\"", "'«eol»'", "'\\\\'", "99999999999999999999999",
    ]),
    ("value", &["a", "«literal»", "«path»", "(«call»)", "(«call»)"]),
    ("arguments", &[
        "", " «value»", " «value»«ws»«value»", " «word»=«value»", "«ws»«value» «word»=«value»«ws»b=«value»",
        " a«ws»=«ws»«value»", " [a b]=«value»",
    ]),
    ("call", &[
        "a", "«path»«arguments»", "«word»«arguments»", "«literal»«arguments»", "lang 'x.y' «word»=«value»",
    ]),
    ("mustache", &["{{a}}", "{{«call»}}", "{{ «call» }}", "{{{«call»}}}", "{{«ws»«call»«ws»}}"]),
    ("include", &[
        "{{> x}}", "{{> components/«word»}}", "{{> «word»«arguments»}}", "{{>(lookup . 'x')}}",
        "{{> ../x}}", "{{> a.b.c}}", "{{> @partial-block }}", "{{> 1}}", "{{> [a b]/c }}", "{{> «path» }}",
        "{{> x 'a' «value»}}", "{{> (a) b=c}}",
    ]),
    ("block", &[
        "{{#a}}b{{/a}}", "{{#if «value»}}«body»{{/if}}", "{{#each a}}«body»{{else}}«body»{{/each}}",
        "{{#unless «value»}}«body»{{^}}«body»{{/unless}}", "{{#a.b c}}«body»{{/a.b}}",
        "{{# a }}«body»{{/ a }}", "{{#partial 'page'}}«body»{{/partial}}", "{{#[a]}}{{/a}}",
        "{{#a/b}}{{/a/b}}",
    ]),
    ("body", &[
        "b", "", "«word»", "«mustache»", "«include»", "«block»", "«word»«eol»«mustache» ", "«shape»",
        "«shape»«eol»«shape»",
    ]),
];

/// What a broken template may have at any place.
#[rustfmt::skip]
pub(crate) const TOKENS: &[&str] = &[
    "{{", "}}", "{{{", "}}}", "{{{{", "}}}}", "{{{{/", "{{#", "{{/", "{{^", "{{^}}", "{{else}}",
    "{{else", "else", "{{>", "{{#>", "{{#*", "{{*", "{{&", "{{!", "{{!--", "--}}", "--~}}", "~",
    "(", ")", "[", "]", "|", "as |", "=", ".", "..", "../", "/", "@", "'", "\"", "\\", "\\{{",
    "\\\\{{", "true", "-1", "{{/if}}", "{{#if a}}", " ", "\n", "\r", "\t", "a", "this", "!", "&",
    "#", ";", ",", "%", "`", "<", ">", "\u{a0}", "\u{3000}", "\u{feff}", "\u{1680}", "\u{85}",
];

/// Bytes that a careless reader stumbles over.
#[rustfmt::skip]
pub(crate) const ODD: &[&[u8]] = &[
    b"\0", b"\xEF\xBB\xBF", b"\xC2\xA0", b"\r\n", b"\r", b"\xF0\x9F\x98\x80", b"\xFF", b"\xE2\x82",
    b"\xC0\x80", b"\xED\xA0\x80", b"\xF0\x9F", b"\x80", b"\xF5", b"\x1F", b"\x7F",
];
