//! Points about texts in generated files: bytes, languages, the schema.

use super::case::{Case, Ending, Point, case, parsed, point, with};

pub(super) fn points() -> Vec<Point> {
    vec![
        point(
            28,
            "bytes that are no UTF-8, a byte order mark and NUL",
            vec![
                with("templates/bytes.html", b"\xef\xbb\xbfa\xed\xa0\x80b\xff\0\x1f\x7f\r\n\xe2\x80\xa8c\xf0\x9f")
                    .is(
                        &parsed("bytes"),
                        "{\n  \"bytes\": \"\u{feff}a\u{fffd}\u{fffd}\u{fffd}b\u{fffd}\\u0000\\u001f\u{7f}\\r\\n\u{2028}c\u{fffd}\"\n}",
                    ),
            ],
        ),
        point(
            30,
            "language files are kept as raw texts under lower-cased names",
            vec![
                with("lang/es-AR.json", "{ \"a\":\r\n \"é\" }\n")
                    .file("lang/es-419.json", "{}")
                    .file("lang/es.json", "{}")
                    .file("lang/EN.JSON", "{}")
                    .keys("parsed/lang.json", &["en.json", "en", "es-419", "es-ar", "es"])
                    .holds("parsed/lang.json", "\"es-ar\": \"{ \\\"a\\\":\\r\\n \\\"é\\\" }\\n\""),
                with("lang/EN.json", "{\"first\": \"x\"}")
                    .is("parsed/lang.json", "{\n  \"en\": \"{}\"\n}"),
                with("lang/2.json", "{}").keys("parsed/lang.json", &["2", "en"]),
                with("lang/fr.json", "{\"a\": \"\\ud800\"}").keys("parsed/lang.json", &["en", "fr"]),
                with("lang/fr.json", format!("{}{}", "[".repeat(200), "]".repeat(200)))
                    .keys("parsed/lang.json", &["en", "fr"]),
            ],
        ),
        point(
            31,
            "a hidden language file is nowhere",
            vec![
                with("lang/.hidden.json", "{}")
                    .keys("parsed/lang.json", &["en"])
                    .has_no(&["lang/.hidden.json"]),
                with("lang/.hidden", "no JSON").keys("parsed/lang.json", &["en"]).ends(Ending::Mended),
            ],
        ),
        point(32, "settings that templates read are marked in the schema", reloads()),
        point(33, "numbers and keys of the schema are written as JavaScript writes them", numbers()),
    ]
}

/// A setting of the schema.
fn setting(id: &str, more: &str) -> String {
    format!(r#"{{"type": "checkbox", "label": "l", "id": "{id}"{more}}}"#)
}

fn schema(settings: &[String]) -> String {
    format!(r#"[{{"name": "n", "settings": [{}]}}]"#, settings.join(","))
}

/// A theme with a template of this text and a schema with settings `a`, `b` and `c`.
fn reading(text: &str) -> Case {
    let settings = ["a", "b", "c"].map(|id| setting(id, ""));
    with("templates/t.html", text).file("schema.json", schema(&settings))
}

fn marked(id: &str) -> String {
    format!("\"id\": \"{id}\",\n        \"force_reload\": true")
}

fn reloads() -> Vec<Case> {
    let only = |text: &str, marks: &[&str]| {
        ["a", "b", "c"].iter().fold(reading(text), |case, id| {
            if marks.contains(id) {
                case.holds("schema.json", &marked(id))
            } else {
                case.lacks("schema.json", &marked(id))
            }
        })
    };
    let settings = [
        r#"{"force_reload": false, "type": "checkbox", "label": "l", "id": "a"}"#.to_owned(),
        setting("b", ", \"force_reload\": false"),
        setting("toString", ""),
    ];
    vec![
        only("{{theme_settings.a}}", &["a"]),
        only(" theme_settings.a theme_settings.b ", &["a"]),
        only(" theme_settings.a  theme_settings.b ", &["a", "b"]),
        only("theme_settings.a mytheme_settings.b ", &[]),
        only(" theme_settings.a", &[]),
        only(" theme_settings.a.x theme_settings.b-y\ntheme_settings.c\n", &["a", "b", "c"]),
        only("{{lookup theme_settings 'a'}}", &[]),
        with("templates/t.html", "{{theme_settings.a}}")
            .file("schema.json", schema(&settings))
            .holds("schema.json", "{\n        \"force_reload\": true,\n        \"type\"")
            .holds("schema.json", "\"id\": \"b\",\n        \"force_reload\": false")
            .holds("schema.json", &marked("toString")),
    ]
}

fn numbers() -> Vec<Case> {
    let values =
        "1.0, 1e3, -0, 12345678901234567890, 1e21, 1e-7, 0.1, 5e-324, 1e400, 100e-2, 1.5E+5";
    let more =
        format!(r#", "other": [{values}], "b": 1, "10": 2, "2": 3, "b": {{"x": [], "y": {{}}}}"#);
    vec![
        with("schema.json", schema(&[setting("a", &more)]))
            .holds(
                "schema.json",
                "1,\n          1000,\n          0,\n          12345678901234567000",
            )
            .holds("schema.json", "{\n        \"2\": 3,\n        \"10\": 2,\n        \"type\"")
            .holds("schema.json", "\"b\": {\n          \"x\": [],\n          \"y\": {}\n        }"),
        case()
            .file("schema.json", schema(&[setting("a", ", \"reference\": \"\\ud800\\/\\u0041\"")]))
            .ends(Ending::Stricter("invalid-json")),
    ]
}
