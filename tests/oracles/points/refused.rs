//! Points about what the official bundler refuses.

use super::case::{Case, Ending, Point, case, config, parsed, point, with};

pub(super) fn points() -> Vec<Point> {
    vec![
        point(56, "a configuration lacks what it needs or has too much", configurations()),
        point(57, "texts of the schema and their translations fit", translations()),
        point(58, "front matter is YAML without stray commas", front_matter()),
        point(59, "language files are JSON, and need not be complete", languages()),
        point(60, "a template and a bundle have a largest size", sizes()),
    ]
}

fn configurations() -> Vec<Case> {
    let refused = |from: &str, to: &str| config(from, to).ends(Ending::Refused("invalid-config"));
    let variation = r#"{"name": "Light", "id": "light", "meta": {"description": ""}}"#;
    let variations = |count: usize| -> String {
        let ids: Vec<String> =
            (0..count).map(|at| variation.replace("light", &at.to_string())).collect();
        ids.join(",")
    };
    vec![
        refused("\"meta\": {\"author_name\"", "\"other\": {\"author_name\""),
        refused("\"author_name\": \"A\", ", ""),
        refused("\"author_email\": \"a@example.com\", ", ""),
        refused(", \"author_support_url\": \"x\"", ""),
        refused(variation, &variations(5)),
        config(variation, &variations(4)),
        config(variation, &[variation; 2].join(",")).ends(Ending::Stricter("variations")),
        config(variation, "").ends(Ending::Refused("variations")),
        with("config.json", b"{\"name\": \"caf\xe9\", \"settings\": {}, \"meta\": {\"author_name\": \"\xe9\", \"author_email\": \"a\", \"author_support_url\": \"\"}, \"variations\": [{\"name\": \"L\", \"id\": \"l\", \"meta\": {\"description\": \"\"}}]}"),
        case().for_marketplace().ends(Ending::Refused("invalid-config")),
    ]
}

fn translations() -> Vec<Case> {
    let schema = r#"[{"name": "i18n.Name", "settings": []}]"#;
    let refused = Ending::Refused("invalid-translations");
    let with = |translations: &str| {
        with("schema.json", schema).file("schemaTranslations.json", translations)
    };
    vec![
        with(r#"{"i18n.Name": {"default": "x"}}"#),
        with(r#"{"i18n.Name": {"default": "x"}, "i18n.RegionName.X": {"default": "x"}}"#),
        with("{}").ends(refused),
        with(r#"{"i18n.Name": {"default": "x"}, "i18n.Unused": {"default": "x"}}"#).ends(refused),
        with(r#"{"i18n.Name": {"fr": "x"}}"#).ends(refused),
        super::case::with("schema.json", schema).ends(refused),
    ]
}

fn front_matter() -> Vec<Case> {
    let page = |block: &str| with("templates/pages/p.html", format!("---\n{block}\n---\n"));
    let warned = Ending::Warned("front-matter");
    vec![
        page("a: b,").ends(warned),
        page("a: [x, {y: 'z ; '}]").ends(warned),
        page("a:\n\tb: c").ends(warned),
        page("a: 1\na: 2").ends(warned),
        page("a: {{theme_settings.unknown}}"),
        page("a: {{theme_settings.known}}"),
        page("a: [").ends(warned),
        page("a, : b"),
        config("\"settings\": {\"known\": \"k\"},", "").ends(warned),
    ]
}

fn languages() -> Vec<Case> {
    vec![
        with("lang/notes.txt", "no JSON").ends(Ending::Refused("invalid-json")),
        with("lang/de.json", "\u{feff}{}").ends(Ending::Refused("invalid-json")),
        with("templates/pages/p.html", "{{lang \"gone.x\"}}"),
        case().without("lang/en.json").directory("lang").is("parsed/lang.json", "{}").incomplete(),
        case().file("lang/sub/en.json", "{}").ends(Ending::Refused("language-folder")),
    ]
}

fn sizes() -> Vec<Case> {
    const MOST: usize = 1_048_575;
    let around = "{\"large\":\"\"}".len();
    let large = |length: usize| with("templates/large.html", "x".repeat(length - around));
    vec![
        large(MOST).has(&[&parsed("large")]),
        large(MOST + 1).ends(Ending::RefusedEarly("too-large")),
        with("templates/large.html", "é\n".repeat((MOST - around) / 3)),
        with("assets/noise.bin", noise(52_500_000)).ends(Ending::RefusedEarly("too-large")),
    ]
}

/// Bytes that no compression makes fewer.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 56) as u8
    };
    (0..length).map(|_| next()).collect()
}
