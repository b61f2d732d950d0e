//! What the engine includes, defines and never loads.

use super::{judged, layout};
use stencil_guard::pipeline::PageOutcome;

/// What becomes of the home page that includes a page with this text.
fn including(other: &str) -> PageOutcome {
    let files = [("pages/home", "{{> pages/other}}"), ("pages/other", other)];
    judged("pages/home", &files).0
}

#[test]
fn the_front_matter_of_an_included_page_is_printed() {
    for front in [
        "x: <noscript>",
        "x: <!--",
        "x: <title>",
        "x: <script>",
        "x: y",
        "x: '<template>'",
        "x: {{y}}",
        "x: {{{y}}}",
        "x: <html a=\"",
        "# <noscript>",
    ] {
        let text = format!("---\n{front}\n---\n{{{{> layout/base}}}}");
        assert_ne!(including(&text), PageOutcome::Guarded, "{front}");
        let text = text.replace('\n', "\r\n");
        assert_ne!(including(&text), PageOutcome::Guarded, "{front}");
        let own = judged("pages/home", &[("pages/home", &text)]);
        assert_eq!(own.0, PageOutcome::Guarded, "{front}");
    }
    assert_eq!(including("{{> layout/base}}"), PageOutcome::Guarded);
    assert_eq!(including("\n{{> layout/base}}"), PageOutcome::Guarded);
    let other = [
        ("pages/home", "{{> components/between}}"),
        ("components/between", "{{> pages/other}}"),
        ("pages/other", "---\nx: <noscript>\n---\n{{> layout/base}}"),
        ("layout/base", &layout("@")),
    ];
    assert_ne!(judged("pages/home", &other).0, PageOutcome::Guarded);
}

/// What becomes of the home page whose own text is this, before it includes the layout.
fn home_with(before: &str) -> PageOutcome {
    judged("pages/home", &[("pages/home", &format!("{before}{{{{> layout/base}}}}"))]).0
}

#[test]
fn a_name_that_is_found_at_run_time_may_be_the_guards() {
    for before in [
        "{{#partial (concat \"components/stencil-guard\" \"/head\")}}{{/partial}}",
        "{{#partial (concat 'components/' (concat 'stencil-guard/' 'head'))}}x{{/partial}}",
        "{{#partial theme_settings.x}}{{/partial}}",
        "{{#partial x}}<p>SHOP</p>{{/partial}}",
        "{{#partial (lookup . 'x')}}{{/partial}}",
        "{{#if customer}}{{#partial x}}{{/partial}}{{/if}}",
        "{{#each list}}{{#partial this}}{{/partial}}{{/each}}",
        "{{^partial \"components/stencil-guard/head\"}}x{{/partial}}",
        "{{#partial \"components/stencil-guard/head\"}}{{/partial}}",
        "{{#partial \"layout/base\"}}<html>SHOP</html>{{/partial}}",
        "{{partial \"components/stencil-guard/head\"}}",
        "{{> components/defines}}",
        "{{> (concat 'components' '/defines')}}{{#if false}}{{> components/defines}}{{/if}}",
        "{{#*inline \"components/stencil-guard/head\"}}{{/inline}}",
        "{{#*inline x}}{{/inline}}",
    ] {
        let defines = "{{#partial x}}{{/partial}}";
        let page = format!("{before}{{{{> layout/base}}}}");
        let files = [("pages/home", page.as_str()), ("components/defines", defines)];
        assert_ne!(judged("pages/home", &files).0, PageOutcome::Guarded, "{before}");
    }
    for before in [
        "{{#partial \"page\"}}<p>x</p>{{/partial}}",
        "{{#partial (concat 'pa' 'ge')}}<p>x</p>{{/partial}}",
        "{{#partial 5}}<p>x</p>{{/partial}}",
        "{{#partial}}<p>x</p>{{/partial}}",
        "{{#partial \"toString\"}}<p>x</p>{{/partial}}",
        "{{#*inline \"x\"}}<p>x</p>{{/inline}}",
        "{{#if false}}{{#partial x}}{{/partial}}{{/if}}",
    ] {
        assert_eq!(home_with(before), PageOutcome::Guarded, "{before}");
    }
}

#[test]
fn a_guard_that_the_engine_never_loads_is_none() {
    let guard = "components/stencil-guard/head";
    for head in [
        "{{#block \"GUARD\"}}{{/block}}",
        "{{#block (concat \"components/\" \"stencil-guard/head\")}}{{/block}}",
        "{{#block \"GUARD\"}}<p>x</p>{{/block}}",
        "{{~#> GUARD}}{{/GUARD}}",
        "{{#> [GUARD]}}{{/[GUARD]}}",
        "{{#partial \"toString\"}}@{{/partial}}{{#block \"toString\"}}{{/block}}",
        "{{#partial \"__proto__\"}}@{{/partial}}{{#block \"__proto__\"}}{{/block}}",
        "{{#partial \"x\"}}@{{/partial}}{{#block y}}{{/block}}",
        "{{#partial 5}}@{{/partial}}{{#block 5}}{{/block}}",
        "{{#block \"x\"}}{{/block}}{{#partial \"x\"}}@{{/partial}}",
        "{{#*inline \"x\"}}@{{/inline}}{{#block \"x\"}}{{/block}}",
        "{{#if x}}{{#*inline \"x\"}}@{{/inline}}{{/if}}{{> x}}",
        "{{> components/wrap}}",
        "{{#> components/empty}}@{{/components/empty}}",
        "{{> components/defines}}{{#> components/wrap}}@{{/components/wrap}}",
        "{{#> components/own}}@{{/components/own}}",
        "{{#*inline \"u\"}}{{/inline}}{{#partial \"x\"}}@{{/partial}}{{> x}}",
        "{{#block '/GUARD'}}{{/block}}{{#if false}}@{{/if}}",
        "{{^block \"x\"}}@{{/block}}",
    ] {
        let head = head.replace("GUARD", guard);
        let layout = layout(&head);
        let files = [
            ("layout/base", layout.as_str()),
            ("components/wrap", "{{> @partial-block}}"),
            ("components/empty", "<meta charset=utf-8>"),
            ("components/defines", "{{#partial '@partial-block'}}x{{/partial}}"),
            ("components/own", "{{#> (concat '@partial-' 'block')}}<p>x</p>{{/undefined}}"),
        ];
        assert_ne!(judged("pages/home", &files).0, PageOutcome::Guarded, "{head}");
    }
    for head in [
        "{{#block \"x\"}}@{{/block}}",
        "{{#partial \"x\"}}@{{/partial}}{{#block \"x\"}}{{/block}}",
        "{{#partial \"x\"}}@{{/partial}}{{> x}}",
        "{{#block \"GUARD\"}}{{/block}}{{#if false}}@{{/if}}",
        "{{#block \"GUARD\"}}{{/block}}{{!-- @ --}}",
        "{{> \"GUARD\"}}",
        "{{#> GUARD}}{{/GUARD}}",
        "{{#> components/none}}@{{/components/none}}",
        "{{#> components/wrap}}@{{/components/wrap}}",
        "{{#> components/deeper}}@{{/components/deeper}}",
        "{{#*inline \"x\"}}@{{/inline}}{{> x}}",
        "{{> x}}{{#*inline \"x\"}}@{{/inline}}",
        "{{#> components/inner}}{{#*inline \"y\"}}@{{/inline}}{{/components/inner}}",
    ] {
        let head = head.replace("GUARD", guard);
        let layout = layout(&head);
        let files = [
            ("layout/base", layout.as_str()),
            ("components/wrap", "{{> @partial-block}}"),
            ("components/deeper", "{{> components/wrap}}"),
            ("components/inner", "{{> y}}"),
        ];
        assert_eq!(judged("pages/home", &files).0, PageOutcome::Guarded, "{head}");
    }
}
