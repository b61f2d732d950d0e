//! What templates print without escaping it may end what it is printed into.

use super::{assert_heads, assert_pages, judged, layout};
use stencil_guard::pipeline::PageOutcome;

#[test]
fn what_is_not_escaped_may_end_what_it_is_printed_into() {
    let raw = [
        "{{{theme_settings.note}}}",
        "{{&theme_settings.note}}",
        "{{{lang 'zz'}}}",
        "{{concat '</title>' '<noscript>'}}",
        "{{concat x y}}",
        "{{jsContext}}",
        "{{{jsContext}}}",
        "{{nl2br x}}",
        "{{region name='x'}}",
        "{{getVar 'x'}}",
        "{{#replace 'a' 'b'}}x{{/replace}}",
        "{{{stylesheet 'x'}}}",
        "{{truncate x 5}}",
        "{{#each (pluck list 'x')}}{{this}}{{/each}}",
        "{{getFontsCollection}}",
    ];
    for raw in raw {
        for around in [
            "<!-- | -->@",
            "<title>|</title>@",
            "<style>|</style>@",
            "<meta name=\"|\">@",
            "<meta name='|'>@",
            "<meta name=|>@",
            "<html |>@",
            "<script type=application/json>|</script>@",
            "<script>var dataLayer = [|]</script>@",
            "<noscript>|</noscript>@",
            "<!doctype |>@",
        ] {
            let head = around.replace('|', raw);
            assert_heads(&[&head], &[]);
        }
    }
}

#[test]
fn what_is_escaped_or_plain_stays_inside() {
    for printed in [
        "{{theme_settings.note}}",
        "{{lang 'zz'}}",
        "{{lang 'zz' a=b}}",
        "{{cdn '/x.css'}}",
        "{{nonce}}",
        "{{#if x}}a{{else}}b{{/if}}",
        "{{#each list}}{{this}}{{/each}}",
        "{{#with x}}{{y}}{{/with}}",
        "{{#customer}}{{name}}{{/customer}}",
    ] {
        for around in [
            "<!-- | -->@",
            "<title>|</title>@",
            "<style>|</style>@",
            "<meta name=\"|\">@",
            "<html lang='|'>@",
            "<script type=application/json>|</script>@",
        ] {
            assert_heads(&[], &[&around.replace('|', printed)]);
        }
    }
    assert_heads(
        &[
            "<template>{{{x}}}</template>@",
            "<template>{{concat x y}}</template>@",
            "<meta name={{x}}>@",
            "<meta {{x}}=y>@",
            "<script type={{x}}></script>@",
            "{{{stylesheet 'a' title='\"><noscript>'}}}@",
            "{{{stylesheet 'a' title=x}}}@",
            "{{{stylesheet x}}}@",
            "{{stylesheet 'a'}}@",
            "{{head.styles}}@",
            "<script>var dataLayer = [{{{langJson}}}]</script>@",
        ],
        &[
            "<script type=application/ld+json>{{{json x}}}</script>@",
            "{{{stylesheet '/a.css' media='print'}}}@",
            "{{{stylesheet '/a.css'}}}{{{head.meta_tags}}}{{{resourceHints}}}@",
            "<html lang={{x}}>@",
            "<template>{{x}}{{{stylesheet 'x'}}}</template>@",
            "<html lang=\"{{x}}\" class='{{y}}'>@",
        ],
    );
}

#[test]
fn a_variable_may_hold_markup_that_a_template_put_together() {
    let head = |include: &str| {
        let layout = layout(&format!("{include}@"));
        let files = [
            ("layout/base", layout.as_str()),
            ("components/title", "<title>{{title}}</title>"),
            ("components/outer", "{{> components/title}}"),
            ("components/metas", "{{{head.meta_tags}}}"),
        ];
        judged("pages/home", &files).0
    };
    for include in [
        "{{> components/title title=(concat '</title>' '<noscript>')}}",
        "{{> components/title (x)}}",
        "{{> components/outer title=(concat a b)}}",
        "{{#> components/title title=(concat a b)}}{{/components/title}}",
        "{{#each (x)}}{{> components/title}}{{/each}}",
        "{{> components/metas head=x}}",
        "{{#with x}}{{> components/metas}}{{/with}}",
    ] {
        assert_ne!(head(include), PageOutcome::Guarded, "{include}");
    }
    for include in [
        "{{> components/title title='x'}}",
        "{{> components/title title=x}}",
        "{{> components/title title=(lang 'x')}}",
        "{{> components/title}}",
        "{{> components/title x}}",
        "{{> components/metas}}",
        "{{> components/metas x=1}}",
    ] {
        assert_eq!(head(include), PageOutcome::Guarded, "{include}");
    }
}

#[test]
fn kept_pages_print_what_they_like() {
    assert_pages(
        &[],
        &[
            "<!-- {{{x}}} --><title>{{{y}}}</title><p title=\"{{{z}}}\">PAY</p>",
            "<script>var a = {{{jsContext}}}; var b = {{{json c}}}</script>PAY{{{checkout.checkout_content}}}",
            "<h1 {{{x}}}>{{{y}}}</h1>{{#each list}}{{{this}}}{{/each}}",
            "<img src={{{x}}} alt={{y}}>",
        ],
    );
}
