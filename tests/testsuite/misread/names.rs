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
