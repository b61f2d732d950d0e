//! Writes JSON as JavaScript's `JSON.stringify(value, null, 2)` does, so that the generated files equal those
//! of the official bundler byte for byte.
//!
//! It is written by hand, because no library writes numbers and orders keys as JavaScript does.

use serde_json::Value;

/// Writes `value` as text.
pub fn write(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    write_value(&mut out, value, 0);
    out
}

/// Writes an object of texts. Duplicate keys are written twice, so callers must not pass any.
pub fn write_texts<'a>(entries: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<u8> {
    let mut out = Vec::new();
    let entries = entries.into_iter().collect();
    write_object(&mut out, entries, 0, write_text);
    out
}

fn write_value(out: &mut Vec<u8>, value: &Value, depth: usize) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) => write_number(out, number.as_f64()),
        Value::String(text) => write_text(out, text),
        Value::Array(items) => write_array(out, items, depth),
        Value::Object(members) => {
            let entries = members.iter().map(|(key, value)| (key.as_str(), value));
            write_object(out, entries.collect(), depth, |out, value| {
                write_value(out, value, depth + 1);
            });
        }
    }
}

fn write_array(out: &mut Vec<u8>, items: &[Value], depth: usize) {
    out.push(b'[');
    for (index, item) in items.iter().enumerate() {
        new_line(out, index > 0, depth + 1);
        write_value(out, item, depth + 1);
    }
    if !items.is_empty() {
        new_line(out, false, depth);
    }
    out.push(b']');
}

fn write_object<T>(
    out: &mut Vec<u8>,
    mut entries: Vec<(&str, T)>,
    depth: usize,
    write_member: impl Fn(&mut Vec<u8>, T),
) {
    // The sort is stable: keys that are no indices keep their order, after the indices.
    entries.sort_by_key(|(key, _)| array_index(key).map_or(u64::MAX, u64::from));
    let is_empty = entries.is_empty();
    out.push(b'{');
    for (index, (key, value)) in entries.into_iter().enumerate() {
        new_line(out, index > 0, depth + 1);
        write_text(out, key);
        out.extend_from_slice(b": ");
        write_member(out, value);
    }
    if !is_empty {
        new_line(out, false, depth);
    }
    out.push(b'}');
}

fn new_line(out: &mut Vec<u8>, comma: bool, depth: usize) {
    if comma {
        out.push(b',');
    }
    out.push(b'\n');
    out.resize(out.len() + 2 * depth, b' ');
}

/// Returns the number that `key` spells, if JavaScript treats it as an array index.
fn array_index(key: &str) -> Option<u32> {
    let is_canonical = key == "0" || !key.starts_with(['0', '+']);
    let index: u32 = key.parse().ok().filter(|_| is_canonical)?;
    (index < u32::MAX).then_some(index)
}

fn write_number(out: &mut Vec<u8>, number: Option<f64>) {
    match number {
        // Covers -0, which JavaScript writes without its sign.
        Some(0.0) => out.push(b'0'),
        Some(number) if number.is_finite() => {
            out.extend_from_slice(ryu_js::Buffer::new().format_finite(number).as_bytes());
        }
        _ => out.extend_from_slice(b"null"),
    }
}

/// Writes a text in quotes; `serde_json` escapes exactly what JavaScript escapes.
fn write_text(out: &mut Vec<u8>, text: &str) {
    out.reserve(text.len() + 2);
    // Writing a text to memory cannot fail.
    let _ = serde_json::to_writer(out, text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn text(value: &Value) -> String {
        String::from_utf8(write(value)).unwrap()
    }

    #[test]
    fn containers_are_indented_by_two_spaces() {
        assert_eq!(text(&json!({})), "{}");
        assert_eq!(text(&json!([])), "[]");
        assert_eq!(
            text(&json!({"a": [1, {"b": null}], "c": {}})),
            "{\n  \"a\": [\n    1,\n    {\n      \"b\": null\n    }\n  ],\n  \"c\": {}\n}"
        );
    }

    #[test]
    fn array_index_keys_come_first() {
        let entries = [
            ("b", ""),
            ("10", ""),
            ("01", ""),
            ("2", ""),
            ("4294967295", ""),
            ("0", ""),
            ("-1", ""),
            ("+3", ""),
        ];
        let written = String::from_utf8(write_texts(entries)).unwrap();
        let keys: Vec<&str> = written.split('"').skip(1).step_by(4).collect();
        assert_eq!(keys, ["0", "2", "10", "b", "01", "4294967295", "-1", "+3"]);
    }

    #[test]
    fn numbers_are_formatted_like_in_javascript() {
        let cases = [
            (json!(1.0), "1"),
            (json!(1e3), "1000"),
            (json!(-0.0), "0"),
            (json!(12_345_678_901_234_567_890_u64), "12345678901234567000"),
            (json!(1e21), "1e+21"),
            (json!(1e-7), "1e-7"),
            (json!(0.1), "0.1"),
            (json!(-5), "-5"),
        ];
        for (value, expected) in cases {
            assert_eq!(text(&value), expected);
        }
    }

    #[test]
    fn only_characters_that_need_it_are_escaped() {
        assert_eq!(
            text(&json!("\"\\\u{8}\u{c}\n\r\t\0\u{1f}")),
            "\"\\\"\\\\\\b\\f\\n\\r\\t\\u0000\\u001f\""
        );
        let plain = "/<>\u{7f}\u{2028}\u{2029}é😀";
        assert_eq!(text(&json!(plain)), format!("\"{plain}\""));
    }
}
