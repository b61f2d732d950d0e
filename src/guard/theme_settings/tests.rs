use super::*;
use crate::text::{Code, EditSet};

fn theme(files: &[(&str, Option<&str>)]) -> Theme {
    let files = files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), text.map(|it| it.as_bytes().to_vec())));
    Theme::default().with(files)
}

fn applied(before: &Theme) -> Theme {
    let Changes { edits, new_file } = plan(before, &Chosen::default()).unwrap();
    let edited = edits.into_iter().map(|(path, edit)| {
        let text = EditSet::new(vec![edit]).unwrap().apply(before.bytes(path).unwrap());
        (path.to_owned(), Some(text))
    });
    let added = new_file.map(|(path, text)| (path.to_owned(), Some(text)));
    before.with(edited.chain(added).collect::<Vec<_>>())
}

/// Themes whose files have many layouts.
fn rows() -> Vec<Theme> {
    let configs = [
        "{\n  \"name\": \"A\",\n  \"settings\": {\n    \"a\": 1\n  }\n}\n",
        "{\r\n\t\"settings\": {\r\n\r\n\t\t\"a\": 1 }, \"variations\": []\r\n}",
        "{\"settings\":{\"a\":1}}",
        "{ \"settings\": { } }",
        "{\"settings\":{}}",
        "{\"settings\": {\n  }, \"b\": 1}",
        "{\n    \"name\": \"A\"\n}",
        "{}",
    ];
    let schemas = [
        None,
        Some("[]"),
        Some("[\n]\n"),
        Some("[\n  {\n    \"name\": \"x\",\n    \"settings\": []\n  }\n]"),
        Some("[{\"name\":\"x\",\"settings\":[{\"id\":\"b\"}]}]"),
        Some("[\r\n\t{\"name\":\"x\",\"settings\":[]}\r\n]\r\n"),
    ];
    let translations = [
        None,
        Some("{}"),
        Some("{\n  \"i18n.a\": {\n    \"default\": \"b\"\n  }\n}\n"),
        Some("{\"i18n.a\":{\"default\":\"b\",\"fr\":\"c\"}}"),
        Some(TRANSLATED),
    ];
    let mut themes = Vec::new();
    for config in configs {
        for schema in schemas {
            for translation in translations {
                let files = [(CONFIG, Some(config)), (SCHEMA, schema), (TRANSLATIONS, translation)];
                themes.push(theme(&files));
            }
        }
    }
    themes
}

#[test]
fn added_settings_are_present_and_removed_byte_for_byte() {
    for before in rows() {
        let after = applied(&before);
        let json = |path: &str| -> serde_json::Value {
            serde_json::from_slice(after.bytes(path).unwrap()).unwrap()
        };
        let config = json(CONFIG);
        assert_eq!(config["settings"][ENABLED], true);
        assert_eq!(config["settings"][STOREFRONT], "");
        let section = &json(SCHEMA)[0];
        assert_eq!(section["settings"][1]["id"], ENABLED);
        let has_translations = before.bytes(TRANSLATIONS).is_some();
        assert_eq!(section["name"] == "i18n.StencilGuard", has_translations);
        if has_translations {
            assert_eq!(json(TRANSLATIONS)["i18n.StencilGuard"]["default"], section_name());
        }
        assert_eq!(after.with(restored(&after)).files, before.files);
        assert!(plan(&after, &Chosen::default()).is_err());
    }
}

fn section_name() -> &'static str {
    &labels()[0].english
}

/// Translations into some languages: one in two regions, one that appears twice, and one that this tool has
/// no texts for.
const TRANSLATED: &str = "{\n  \"i18n.a\": {\n    \"default\": \"b\",\n    \"de\": \"c\",\n    \"zh\": \"d\"\n  },\n  \
                          \"i18n.b\": {\n    \"default\": \"b\",\n    \"pt-BR\": \"e\",\n    \"de\": \"f\",\n    \"pt\": \"g\"\n  }\n}\n";

#[test]
fn labels_are_added_in_the_languages_of_the_theme() {
    let before = theme(&[(CONFIG, Some("{}")), (TRANSLATIONS, Some(TRANSLATED))]);
    let after = applied(&before);
    let text = std::str::from_utf8(after.bytes(TRANSLATIONS).unwrap()).unwrap();
    assert!(
        text.contains(
            "\n  \"i18n.StencilGuardEnabled\": {\n    \"default\": \"Send shoppers to the storefront\",\n    \
             \"de\": \"K\u{e4}ufer zur Storefront schicken\",\n    \
             \"pt-BR\": \"Enviar os compradores para o storefront\",\n    \
             \"pt\": \"Enviar os compradores para o storefront\"\n  },"
        ),
        "{text}"
    );
    let name = "\n  \"i18n.StencilGuard\": {\n    \"default\": \"Stencil Guard\"\n  },";
    assert!(text.contains(name), "{text}");
    assert!(text.ends_with(&TRANSLATED[1..]), "{text}");
}

#[test]
fn insertions_add_lines_without_changing_existing_ones() {
    let config = "{\n  \"settings\": {\n    \"a\": 1\n  }\n}\n";
    let schema = "[\n    {\n        \"name\": \"x\",\n        \"settings\": []\n    }\n]\n";
    let after = applied(&theme(&[(CONFIG, Some(config)), (SCHEMA, Some(schema))]));
    for (path, before) in [(CONFIG, config), (SCHEMA, schema)] {
        let text = std::str::from_utf8(after.bytes(path).unwrap()).unwrap();
        let mut lines = text.lines();
        assert!(before.lines().all(|line| lines.any(|other| other == line)), "{text}");
    }
    let text = std::str::from_utf8(after.bytes(SCHEMA).unwrap()).unwrap();
    assert!(text.contains("\n            {\n                \"type\": \"checkbox\",\n"), "{text}");
}

#[test]
fn removal_also_removes_values_set_in_the_editor() {
    let config = "{\"settings\":{\"a\":1},\"variations\":[{\"settings\":{\"a\":2}}]}";
    let before = theme(&[(CONFIG, Some(config))]);
    let after = applied(&before);
    let text = String::from_utf8(after.bytes(CONFIG).unwrap().to_vec()).unwrap();
    let set = text
        .replace("\"a\":2", "\"a\":2,\"stencil_guard_enabled\":false")
        .replace("_storefront\": \"\"", "_storefront\": \"https://b.example\"");
    let after = after.with([(CONFIG.to_owned(), Some(set.into_bytes()))]);
    assert_eq!(after.with(restored(&after)).files, before.files);
}

#[test]
fn storefront_setting_is_read_from_the_printed_page() {
    let set = |value: &str| {
        let page = format!("<script nonce=\"\" data-page=\"a\" data-storefront=\"{value}\">");
        set_in(&page).map(|storefront| storefront.base().to_owned())
    };
    assert_eq!(set("https://a.example/x&#x3D;&amp;/").as_deref(), Some("https://a.example/x=&"));
    for none in ["", "javascript:x", "https://u@a.example", &format!("https://{}", "a".repeat(60))]
    {
        assert_eq!(set(none), None, "{none}");
    }
    assert_eq!(set_in("<script>"), None);
}

#[test]
fn taken_names_and_malformed_files_are_refused() {
    let taken =
        |files: &[(&str, Option<&str>)]| plan(&theme(files), &Chosen::default()).unwrap_err();
    let plain = (CONFIG, Some("{\"settings\":{}}"));
    for files in [
        vec![(CONFIG, Some("{\"settings\":{\"stencil_guard_enabled\":1}}"))],
        vec![(CONFIG, Some("{\"variations\":[{\"settings\":{\"stencil_guard_storefront\":1}}]}"))],
        vec![plain, (SCHEMA, Some("[{\"settings\":[{\"id\":\"stencil_guard_enabled\"}]}]"))],
        vec![plain, (TRANSLATIONS, Some("{\"i18n.StencilGuard\":{}}"))],
    ] {
        assert_eq!(taken(&files).code, Code::NameTaken);
    }
    for files in [
        vec![(CONFIG, Some("{\"settings\":1}"))],
        vec![(CONFIG, Some("[]"))],
        vec![plain, (SCHEMA, Some("{}"))],
        vec![plain, (TRANSLATIONS, Some("[]"))],
        vec![plain, (SCHEMA, Some("["))],
    ] {
        assert_eq!(taken(&files).code, Code::InvalidJson);
    }
}

#[test]
fn values_set_in_the_editor_are_carried_over() {
    let config = "{\"settings\":{\"a\":1},\"variations\":[{},{\"settings\":{\"a\":2}}]}";
    let chosen = Chosen(vec![
        Choice { variation: None, name: ENABLED.to_owned(), value: "false".to_owned() },
        Choice { variation: Some(1), name: STOREFRONT.to_owned(), value: "\"x\"".to_owned() },
    ]);
    let before = theme(&[(CONFIG, Some(config))]);
    let edits = plan(&before, &chosen).unwrap().edits;
    let of_config = edits.into_iter().filter(|(path, _)| *path == CONFIG).map(|(_, edit)| edit);
    let text = EditSet::new(of_config.collect()).unwrap().apply(config.as_bytes());
    let json: serde_json::Value = serde_json::from_slice(&text).unwrap();
    assert_eq!(json["settings"][ENABLED], false);
    assert_eq!(json["settings"][STOREFRONT], "");
    assert_eq!(json["variations"][1]["settings"][STOREFRONT], "x");
    let head = (crate::theme::template_path(names::HEAD), Some(STOREFRONT.into()));
    let guarded = before.with([head, (CONFIG.to_owned(), Some(text))]);
    assert_eq!(
        chosen.0,
        super::chosen(&guarded)
            .0
            .into_iter()
            .filter(|it| it.value != "\"\"")
            .rev()
            .collect::<Vec<_>>()
    );
    assert_eq!(super::chosen(&before), Chosen::default());
}
