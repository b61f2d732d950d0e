//! Builds `parsed/lang.json`: the texts of all language files.

use super::{js_json, json_file};
use crate::text::Finding;
use crate::theme::Theme;
use std::borrow::Cow;

/// Returns the content of the file, and what is wrong with the language files.
pub(super) fn parsed(theme: &Theme) -> (Vec<u8>, Vec<Finding>) {
    let mut texts: Vec<(String, Cow<'_, str>)> = Vec::new();
    let mut findings = Vec::new();
    for (path, file) in theme.files.range("lang/".to_owned()..) {
        let Some(name) = path.strip_prefix("lang/") else {
            break;
        };
        if name.contains('/') || name.starts_with('.') {
            continue;
        }
        findings.extend(json_file::refusal(theme, path));
        let key = name.strip_suffix(".json").unwrap_or(name).to_lowercase();
        let text = String::from_utf8_lossy(&file.bytes);
        match texts.iter_mut().find(|(other, _)| *other == key) {
            Some((_, earlier)) => *earlier = text,
            None => texts.push((key, text)),
        }
    }
    let entries = texts.iter().map(|(key, text)| (key.as_str(), text.as_ref()));
    (js_json::write_texts(entries), findings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::tests::theme;

    #[test]
    fn language_files_are_embedded_as_raw_text() {
        let (bytes, findings) = parsed(&theme(&[
            ("lang/EN.json", "{}"),
            ("lang/en.json", "{ \"a\":\r\n 1 }\n"),
            ("lang/es-AR.json", "{}"),
            ("lang/.hidden.json", "x"),
            ("lang/notes.txt", "no JSON"),
        ]));
        let expected = "{\n  \"en\": \"{ \\\"a\\\":\\r\\n 1 }\\n\",\n  \"es-ar\": \"{}\",\n  \"notes.txt\": \"no JSON\"\n}";
        assert_eq!(String::from_utf8(bytes).unwrap(), expected);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].primary.as_ref().unwrap().path, "lang/notes.txt");
        assert_eq!(parsed(&theme(&[])).0, b"{}");
    }
}
