//! The shapes that the platform and its bundler require of the theme's JSON files.

use super::shape::{LIST, List, OBJECT, Object, Others, Shape};
use super::vocabulary::{FEATURES, INDUSTRIES, PURPOSES, TYPES};

/// The shape of `config.json` in a theme for one store.
pub(super) static PRIVATE_CONFIG: Shape = Shape::Object(Object {
    required: &["meta"],
    members: &[
        ("name", &Shape::Text),
        ("version", &Shape::Text),
        ("meta", &PRIVATE_META),
        ("settings", &SETTINGS),
        ("read_only_files", &Shape::List(LIST)),
        ("variations", &PRIVATE_VARIATIONS),
    ],
    ..OBJECT
});

/// The shape of `config.json` in a theme for the marketplace.
pub(super) static MARKETPLACE_CONFIG: Shape = Shape::Object(Object {
    required: &["name", "version", "meta", "settings", "variations"],
    members: &[
        ("name", &Shape::Text),
        ("version", &Shape::Text),
        ("meta", &MARKETPLACE_META),
        ("settings", &SETTINGS),
        ("read_only_files", &Shape::List(LIST)),
        ("variations", &MARKETPLACE_VARIATIONS),
    ],
    ..OBJECT
});

static PRIVATE_META: Shape = Shape::Object(Object {
    required: &["author_name", "author_email", "author_support_url"],
    members: &[
        ("price", &Shape::Integer),
        ("author_name", &Shape::Text),
        ("author_email", &Shape::Text),
        ("author_support_url", &Shape::Text),
        ("documentation_url", &Shape::Text),
        ("composed_image", &Shape::Text),
        ("features", &Shape::List(List { items: Some(&Shape::FilledText), unique: true, ..LIST })),
    ],
    ..OBJECT
});

static MARKETPLACE_META: Shape = Shape::Object(Object {
    required: &[
        "price",
        "documentation_url",
        "author_name",
        "author_email",
        "author_support_url",
        "composed_image",
        "features",
    ],
    members: &[
        ("price", &Shape::Integer),
        ("author_name", &Shape::Text),
        ("author_email", &Shape::Text),
        ("author_support_url", &Shape::Text),
        ("documentation_url", &Shape::Text),
        ("composed_image", &Shape::Text),
        (
            "features",
            &Shape::List(List {
                items: Some(&Shape::OneOf(FEATURES)),
                least: 1,
                unique: true,
                ..LIST
            }),
        ),
    ],
    ..OBJECT
});

static SETTINGS: Shape = Shape::Object(Object {
    members: &[(
        "_images",
        &Shape::Object(Object { others: Others::Some(has_a_character, &IMAGE_SIZE), ..OBJECT }),
    )],
    ..OBJECT
});

static IMAGE_SIZE: Shape = Shape::Object(Object {
    members: &[("width", &Shape::Natural), ("height", &Shape::Natural)],
    ..OBJECT
});

static PRIVATE_VARIATIONS: Shape =
    Shape::List(List { items: Some(&PRIVATE_VARIATION), most: 4, ..LIST });

static MARKETPLACE_VARIATIONS: Shape =
    Shape::List(List { items: Some(&MARKETPLACE_VARIATION), least: 1, most: 4, ..LIST });

static PRIVATE_VARIATION: Shape = Shape::Object(Object {
    required: &["name", "id", "meta"],
    members: &[
        ("name", &Shape::Text),
        ("id", &Shape::Text),
        (
            "meta",
            &Shape::Object(Object {
                required: &["description"],
                members: &[
                    ("desktop_screenshot", &Shape::Text),
                    ("mobile_screenshot", &Shape::Text),
                    ("description", &Shape::Text),
                    ("demo_url", &Shape::Text),
                    ("optimized_for", &Shape::List(PURPOSE_LIST)),
                    ("industries", &Shape::List(INDUSTRY_LIST)),
                    ("translations", &DESCRIPTIONS),
                ],
                ..OBJECT
            }),
        ),
    ],
    ..OBJECT
});

static MARKETPLACE_VARIATION: Shape = Shape::Object(Object {
    required: &["name", "id", "meta"],
    members: &[
        ("name", &Shape::Text),
        ("id", &Shape::Text),
        (
            "meta",
            &Shape::Object(Object {
                required: &[
                    "desktop_screenshot",
                    "mobile_screenshot",
                    "description",
                    "demo_url",
                    "optimized_for",
                ],
                members: &[
                    ("desktop_screenshot", &Shape::Text),
                    ("mobile_screenshot", &Shape::Text),
                    ("description", &Shape::Text),
                    ("demo_url", &Shape::Text),
                    ("optimized_for", &Shape::List(List { least: 1, ..PURPOSE_LIST })),
                    ("industries", &Shape::List(INDUSTRY_LIST)),
                    ("translations", &DESCRIPTIONS),
                ],
                ..OBJECT
            }),
        ),
    ],
    ..OBJECT
});

const PURPOSE_LIST: List = List { items: Some(&Shape::OneOf(PURPOSES)), unique: true, ..LIST };
const INDUSTRY_LIST: List = List { items: Some(&Shape::OneOf(INDUSTRIES)), unique: true, ..LIST };

static DESCRIPTIONS: Shape = Shape::Object(Object {
    members: &[("i18n.description", &TRANSLATION)],
    others: Others::None,
    ..OBJECT
});

/// A text in several languages.
static TRANSLATION: Shape = Shape::Object(Object {
    required: &["default"],
    members: &[("default", &Shape::FilledText)],
    others: Others::Only(ends_in_language, &Shape::FilledText),
    ..OBJECT
});

/// The shape of `schemaTranslations.json`.
pub(super) static TRANSLATIONS: Shape =
    Shape::Object(Object { others: Others::Only(is_translation_key, &TRANSLATION), ..OBJECT });

/// The shape of `schema.json`.
pub(super) static SCHEMA: Shape = Shape::List(List { items: Some(&GROUP), ..LIST });

static GROUP: Shape = Shape::Object(Object {
    required: &["name", "settings"],
    members: &[
        ("name", &Shape::FilledText),
        ("settings", &Shape::List(List { items: Some(&SETTING), ..LIST })),
    ],
    ..OBJECT
});

static SETTING: Shape = Shape::Object(Object {
    required: &["type"],
    members: &[
        ("type", &Shape::OneOf(TYPES)),
        ("content", &Shape::Text),
        ("label", &Shape::Text),
        ("id", &Shape::FilledText),
        ("reference", &Shape::FilledText),
        ("reference_default", &Shape::TextOrBoolean),
        ("force_reload", &Shape::Boolean),
        ("options", &Shape::List(List { items: Some(&OPTION), ..LIST })),
    ],
    by_type: &[
        ("heading", &["content"]),
        ("paragraph", &["content"]),
        ("select", &["label", "id", "options"]),
        ("imageDimension", &["label", "id", "options"]),
        ("font", &["label", "id", "options"]),
        ("color", &["label", "id"]),
        ("checkbox", &["label", "id"]),
    ],
    ..OBJECT
});

static OPTION: Shape = Shape::Object(Object {
    required: &["label", "value"],
    members: &[
        ("group", &Shape::FilledText),
        ("label", &Shape::FilledText),
        ("value", &Shape::FilledTextOrNumber),
    ],
    ..OBJECT
});

/// Reports whether a JavaScript `.` would match anything in `name`.
fn has_a_character(name: &str) -> bool {
    !name.chars().all(is_line_break)
}

/// Reports whether a key begins with `i18n` and one more character.
fn is_translation_key(name: &str) -> bool {
    let rest = name.strip_prefix("i18n").and_then(|rest| rest.chars().next());
    rest.is_some_and(|next| !is_line_break(next))
}

/// Reports whether a name ends like `en` or `en-GB`; the rest of the name does not matter.
fn ends_in_language(name: &str) -> bool {
    let ends_in_two_letters = |text: &str| {
        let last = text.as_bytes().last_chunk::<2>();
        last.is_some_and(|last| last.iter().all(u8::is_ascii_lowercase))
    };
    let is_region = |text: &str| text.len() >= 2 && text.bytes().all(|b| b.is_ascii_alphanumeric());
    ends_in_two_letters(name)
        || name
            .rsplit_once('-')
            .is_some_and(|(language, region)| ends_in_two_letters(language) && is_region(region))
}

fn is_line_break(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn language_names_are_recognised_by_their_ending() {
        for name in ["en", "en-GB", "zh-Hans", "default", "x-en", "EN-xx", "1en-419"] {
            assert!(ends_in_language(name), "{name}");
        }
        for name in ["EN", "e", "", "en-G", "en-", "en_GB", "en-é1"] {
            assert!(!ends_in_language(name), "{name}");
        }
    }

    #[test]
    fn translation_key_needs_text_after_its_prefix() {
        assert!(is_translation_key("i18n.A") && is_translation_key("i18n-"));
        assert!(!is_translation_key("i18n") && !is_translation_key("i18n\n"));
        assert!(!is_translation_key("x.i18n.A") && !has_a_character("") && !has_a_character("\n"));
    }
}
