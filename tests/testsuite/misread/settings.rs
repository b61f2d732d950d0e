//! Conditions that read other variables than it looks, or other values.

use super::{assert_heads, judged, layout};
use stencil_guard::pipeline::PageOutcome;

const ON: &str = "{{#if theme_settings.x}}@{{/if}}";
const OFF: &str = "{{#unless theme_settings.x}}{{> components/stencil-guard/head}}{{/unless}}";

#[test]
fn a_hash_or_context_hides_the_settings_from_an_included_template() {
    let head = |include: &str| {
        let layout = layout(&format!("{ON}{include}"));
        let files = [
            ("layout/base", layout.as_str()),
            ("components/second", OFF),
            ("components/third", "{{> components/second}}"),
        ];
        judged("pages/home", &files).0
    };
    for include in [
        "{{> components/second theme_settings=settings}}",
        "{{> components/second theme_settings=\"x\"}}",
        "{{> components/second a=1 theme_settings=null}}",
        "{{> components/third theme_settings=settings}}",
        "{{> components/second settings}}",
        "{{> components/second this}}",
        "{{#with settings}}{{> components/second}}{{/with}}",
        "{{#each list as |theme_settings|}}{{> components/second}}{{/each}}",
        "{{> components/second [theme_settings]=settings}}",
    ] {
        assert_ne!(head(include), PageOutcome::Guarded, "{include}");
    }
    for include in [
        "{{> components/second}}",
        "{{> components/third}}",
        "{{> components/second other=settings}}",
    ] {
        assert_eq!(head(include), PageOutcome::Guarded, "{include}");
    }
}

#[test]
fn a_switch_is_the_same_one_only_by_the_same_name() {
    let two = |one: &str, other: &str| {
        format!(
            "{{{{#if theme_settings.{one}}}}}@{{{{/if}}}}{{{{#unless theme_settings.{other}}}}}@{{{{/unless}}}}"
        )
    };
    for (one, other) in [
        ("a.b", "[a.b]"),
        ("[a.b]", "a.b"),
        ("[a.b].c", "a.[b.c]"),
        ("a.[b.c]", "a.b.c"),
        ("a", "A"),
        ("a", "[a ]"),
        ("[a.b]", "[a.b]"),
    ] {
        assert_heads(&[&two(one, other)], &[]);
    }
    for (one, other) in [("a", "a"), ("[a]", "a"), ("[a b]", "[a b]"), ("a-b", "[a-b]")] {
        assert_heads(&[], &[&two(one, other)]);
    }
    assert_heads(
        &[
            "{{#if theme_settings.x}}@{{/if}}{{#and true theme_settings.x}}{{else}}@{{/and}}",
            "{{#or theme_settings.x}}@{{/or}}{{#and theme_settings.x true}}{{else}}@{{/and}}",
            "{{#if [theme_settings.x]}}@{{/if}}{{#unless theme_settings.x}}@{{/unless}}",
            "{{#if ../theme_settings.x}}@{{/if}}{{#unless theme_settings.x}}@{{/unless}}",
            "{{#if theme_settings.x '==' true}}@{{/if}}{{#unless theme_settings.x}}@{{/unless}}",
        ],
        &[
            "{{#if theme_settings.x}}@{{/if}}{{#all true theme_settings.x}}{{else}}@{{/all}}",
            "{{#or theme_settings.x}}@{{/or}}{{#unless theme_settings.x}}@{{/unless}}",
            "{{#and true false}}{{else}}@{{/and}}",
            "{{#and theme_settings.x theme_settings.y}}@{{else}}@{{/and}}",
        ],
    );
}

#[test]
fn the_number_of_a_group_is_read_as_javascript_reads_numbers() {
    // Whoever is in the group sees the page, and nobody said that they may.
    let guarded = |number: &str| {
        let condition = format!("{{{{#if customer.customer_group_id '==' {number}}}}}");
        let files = [("layout/base", layout(&format!("{condition}{{{{else}}}}@{{{{/if}}}}")))];
        super::groups(&[(files[0].0, &files[0].1)])
    };
    for number in
        ["'0x7'", "'0b111'", "'0O7'", "'\u{feff}7'", "'7e0'", "'+7'", "'7.'", "7", "' 7 '"]
    {
        assert_eq!(guarded(number), ["7"], "{number}");
    }
    for number in ["'0x'", "'7n'", "'-0x7'", "'7_0'", "'inf'", "'\u{85}7'", "'0'", "''"] {
        assert_eq!(guarded(number), [""; 0], "{number}");
    }
}
