//! Pages that members of allowed groups go on seeing in the conditional mode, whatever is odd about them.

use crate::driver::Playground;

const MEMBERS: &[&str] =
    &["--no-bundle", "--out", "out", "--mode", "conditional", "--allow-group", "7"];

/// What a build and a check of it say of a theme whose layout has this in its body.
fn built(body: &str) -> (i32, String) {
    let playground = Playground::new();
    let layout = format!("<!doctype html><html><head></head><body>SHOP{body}</body></html>");
    playground.theme(&[
        ("templates/layout/base.html", &layout),
        ("templates/layout/pay.html", "<!doctype html><html><body>PAY</body></html>"),
        ("templates/pages/checkout.html", "{{> layout/pay}}"),
        ("templates/pages/order-confirmation.html", "{{> layout/pay}}"),
    ]);
    let run = playground.build(MEMBERS);
    if run.status == 0 {
        let checked = playground.run(&["check", "out"]);
        assert_eq!(checked.status, 0, "{body}: {}{}", checked.results, checked.messages);
    }
    (run.status, run.messages)
}

#[test]
fn odd_markup_that_members_saw_before_they_see_again() {
    for body in [
        "<title>{{{x}}}</title><!-- where our location is -->",
        "{{#if a}}<title>{{/if}}<!-- navigation -->",
        "<style>{{{x}}}</style><!-- refresh -->",
        "<{{x}} {{{y}}}><!-- location -->",
        "<textarea>{{{x}}}</textarea><script type=text/x-template>location</script>",
    ] {
        let (status, messages) = built(body);
        assert_eq!(status, 0, "{body}: {messages}");
    }
}

#[test]
fn odd_markup_with_a_script_that_leads_members_to_the_storefront_stops_the_build() {
    for body in [
        "<textarea>{{{x}}}</textarea><script>location = 'https://shop.example.com'</script>",
        "{{#if a}}<title>{{/if}}<script>location.replace('https://shop.example.com')</script>",
    ] {
        let (status, messages) = built(body);
        assert_eq!(status, 1, "{body}: {messages}");
        assert!(messages.contains("templates/pages/home.html"), "{body}: {messages}");
    }
}

#[test]
fn a_part_with_a_name_of_which_only_the_start_is_known_is_no_guard_unless_the_guard_begins_so() {
    for (block, is_harmless) in [
        ("{{#block (concat 'banner-' x)}}{{/block}}", true),
        ("{{#block (concat 'banner' (concat '-' x))}}{{/block}}", true),
        ("{{#block (concat (concat 'ban' 'ner-') x)}}{{/block}}", true),
        ("{{#block (concat 'components/s' x)}}{{/block}}", false),
        ("{{#block (concat '/components//s' x)}}{{/block}}", false),
        ("{{#block (concat '' x)}}{{/block}}", false),
        ("{{#block (concat x '-banner')}}{{/block}}", false),
        ("{{#block x}}{{/block}}", false),
    ] {
        let (status, messages) = built(block);
        assert_eq!(status == 0, is_harmless, "{block}: {messages}");
    }
}
