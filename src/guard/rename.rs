//! Renames the theme in `config.json`, and records the old name so that it can be restored.

use super::names;
use crate::text::{EditSet, Finding, Overlap, TextEdit};
use crate::theme::{Theme, json};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// A renaming and the record that undoes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renaming {
    /// The edit of `config.json`.
    pub edit: TextEdit,
    /// The template that records the old name.
    pub record: String,
}

const BEFORE: &str = "{{! The theme was renamed; its name was ";
const AFTER: &str = " }}";

/// Plans to rename the theme with this `config.json`.
///
/// # Errors
/// When `config` is not JSON, or not an object.
pub fn rename(config: &[u8], name: &str) -> Result<Renaming, Finding> {
    let edit = json::rename(config, name)?;
    let old = String::from_utf8_lossy(edit.span.of(config)).into_owned();
    // Encodes everything but letters and digits, so that no template engine or tool can misread it.
    let record = format!("{BEFORE}{}{AFTER}", utf8_percent_encode(&old, NON_ALPHANUMERIC));
    Ok(Renaming { edit, record })
}

/// Reports whether the theme holds a record of a renaming.
pub(super) fn is_recorded(theme: &Theme) -> bool {
    theme.template(names::RENAMED).is_some_and(|record| record.starts_with(BEFORE.as_bytes()))
}

/// Returns `config.json` with its old name, if the theme holds a record of a renaming.
pub(super) fn restored(theme: &Theme) -> Option<Vec<u8>> {
    let record = std::str::from_utf8(theme.template(names::RENAMED)?).ok()?;
    let old = decoded(record.strip_prefix(BEFORE)?.strip_suffix(AFTER)?)?;
    let config = theme.bytes("config.json")?;
    let mut edit = json::rename(config, "").ok()?;
    edit.replacement = old.into_bytes();
    if edit.replacement.is_empty() {
        // The renaming added the whole member.
        let start = memchr::memchr(b'{', config)? + 1;
        let comma = usize::from(config[edit.span.end..].starts_with(b", ")) * 2;
        edit.span = crate::text::Span::new(start, edit.span.end + comma);
    }
    let edits: Result<EditSet, Overlap> = EditSet::new(vec![edit]);
    Some(edits.ok()?.apply(config))
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (byte, length) = match first {
            '%' => (u8::from_str_radix(rest.get(1..3)?, 16).ok()?, 3),
            letter => (u8::try_from(letter).ok()?, 1),
        };
        bytes.push(byte);
        rest = &rest[length..];
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn original_name_is_restored_byte_for_byte() {
        for config in [
            "{\"name\":\"A\"}",
            "{ \"x\": {\"name\": 1},\n\t\"name\" : \"\\u00e9 --- {{x}} \\\"\" , \"y\": 2 }",
            "{}",
            "{\"y\": 2}",
            "{\"name\": null}",
        ] {
            let renaming = rename(config.as_bytes(), "B \"---\" {{>").unwrap();
            assert!(!renaming.record[3..].contains("{{") && !renaming.record.contains("---"));
            let renamed = EditSet::new(vec![renaming.edit]).unwrap().apply(config.as_bytes());
            let files = [
                ("config.json".to_owned(), Some(renamed)),
                (crate::theme::template_path(names::RENAMED), Some(renaming.record.into_bytes())),
            ];
            let theme = Theme::default().with(files);
            assert_eq!(String::from_utf8(restored(&theme).unwrap()).unwrap(), config);
        }
    }
}
