//! Kept pages that lead away from where their text is printed by other names.

use super::judged;
use stencil_guard::pipeline::PageOutcome;

const GO: &str = "<script>location.replace('https://shop.example.com/x')</script>";
const REFRESH: &str = "<meta http-equiv=\"refresh\" content=\"0;url=https://shop.example.com/x\">";
const INSIDE: &str = "<meta http-equiv=\"refresh\" content=\"0;url=/\">";

/// What becomes of the checkout with this text, among some templates.
fn checkout(text: &str) -> PageOutcome {
    let files = [
        ("pages/checkout", text),
        (
            "layout/pay",
            "<!doctype html><html><head>{{> head}}</head><body>{{> @partial-block}}</body></html>",
        ),
        (
            "layout/plain",
            "<!doctype html><html><head></head><body>{{> @partial-block}}{{> components/pay}}</body></html>",
        ),
        ("layout/two", "{{#> layout/plain}}{{> @partial-block}}{{/layout/plain}}"),
        (
            "layout/block",
            "<!doctype html><html><head></head><body>{{#block \"page\"}}{{/block}}</body></html>",
        ),
        ("components/pay", "<p>PAY</p>"),
        ("components/boxes/one", GO),
        ("components/leave", GO),
    ];
    judged("pages/checkout", &files).0
}

#[test]
fn a_kept_page_is_judged_by_bodies_that_are_printed_elsewhere() {
    for leaving in [GO, REFRESH, INSIDE] {
        for text in [
            "{{#*inline \"components/pay\"}}@{{/inline}}{{> components/pay}}",
            "{{> components/pay}}{{#*inline \"components/pay\"}}@{{/inline}}",
            "{{#> layout/plain}}@<p>PAY</p>{{/layout/plain}}",
            "{{#> layout/pay}}{{#*inline \"head\"}}@{{/inline}}<p>PAY</p>{{/layout/pay}}",
            "{{#> layout/two}}@<p>PAY</p>{{/layout/two}}",
            "{{#> layout/plain}}{{#*inline \"components/pay\"}}@{{/inline}}{{/layout/plain}}",
            "{{#> layout/none}}@<p>PAY</p>{{/layout/none}}",
            "{{#partial \"page\"}}@{{/partial}}{{> layout/block}}",
            "{{#partial \"pay\"}}@{{/partial}}{{> pay}}",
            "{{#partial \"components/pay\"}}@{{/partial}}{{> components/pay}}",
            "{{#partial (concat 'pa' 'ge')}}@{{/partial}}{{> layout/block}}",
            "{{#partial x}}@{{/partial}}{{> layout/block}}",
            "{{#block \"nothing\"}}@{{/block}}",
            "{{#block x}}@{{/block}}",
            "{{#*inline \"x\"}}@{{/inline}}{{#partial \"page\"}}{{> x}}{{/partial}}{{> layout/block}}",
            "{{#if customer}}{{#*inline \"x\"}}@{{/inline}}{{> x}}{{/if}}",
        ] {
            let text = text.replace('@', leaving);
            assert_ne!(checkout(&text), PageOutcome::Kept, "{text}");
        }
    }
    for text in [
        "{{> (concat 'components/' 'leave')}}{{#if false}}{{> components/leave}}{{/if}}",
        "{{> (lookup . 'x')}}{{#if false}}{{> components/leave}}{{/if}}",
        "{{#each list}}{{{dynamicComponent \"components/boxes\"}}}{{/each}}",
        "{{{dynamicComponent \"components/boxes\"}}}",
        "{{> (concat 'components/stencil-guard' '/head') template='x' page_type='x'}}{{#if false}}{{> components/stencil-guard/head}}{{/if}}",
        "{{> (lookup . 'x') template='x'}}{{> components/stencil-guard/head}}",
        "{{#with x}}{{> (lookup . 'x')}}{{/with}}{{> components/stencil-guard/head}}",
        "{{#block x}}{{/block}}{{#if false}}{{> components/leave}}{{/if}}",
    ] {
        let text = format!("{text}<p>PAY</p>");
        assert_ne!(checkout(&text), PageOutcome::Kept, "{text}");
    }
}

#[test]
fn a_kept_page_that_prints_only_what_stays_is_kept() {
    for text in [
        "{{#> layout/plain}}<p>PAY</p>{{/layout/plain}}",
        "{{#> layout/pay}}{{#*inline \"head\"}}<title>x</title>{{/inline}}<p>PAY</p>{{/layout/pay}}",
        "{{#*inline \"components/leave\"}}<p>PAY</p>{{/inline}}{{> components/leave}}",
        "{{#partial \"components/leave\"}}<p>PAY</p>{{/partial}}{{> components/leave}}",
        "{{#> components/pay}}<script>location.replace('https://shop.example.com')</script>{{/components/pay}}",
        "{{#partial \"other\"}}<script>location.replace('https://shop.example.com')</script>{{/partial}}{{> layout/block}}",
        "{{> (lookup . 'x')}}{{> components/stencil-guard/head}}",
        "{{> (concat 'components/' 'pay') template='x'}}{{> components/pay}}{{#if false}}{{> components/leave}}{{/if}}",
    ] {
        let text = format!("{text}<p>PAY</p>");
        assert_eq!(checkout(&text), PageOutcome::Kept, "{text}");
    }
}
