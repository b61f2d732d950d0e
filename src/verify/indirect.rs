//! Finds scripts that hide what they do: by names and texts that they put together, or by acting through
//! something else.
//!
//! Such a script goes nowhere that can be found, but may go anywhere.

use super::suspect_text::leads;
use crate::text::patterns::{pattern, texts};
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Matches code that runs a text, submits a form or follows a link indirectly.
static INDIRECT_NAVIGATION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?-u:\b)(?:(?:eval|globalEval|execScript|dispatchEvent|httpEquiv|Reflect)(?-u:\b)|(?:assign|defineProperty|defineProperties|extend|set)\s*\(\s*(?:window|self|globalThis|document|top|parent|frames|this)(?-u:\b)|import\s*\(\s*['"`]data:)|\.\s*constructor\s*\(|\.\s*(?:submit|requestSubmit|click)\s*(?:[;,)\n]|$)|trigger(?:Handler)?\s*\(\s*['"](?:submit|click)|(?:submit|requestSubmit|click|open)\s*(?:\.\s*(?:call|apply|bind)(?-u:\b)|['"`]\s*\])"#,
    )
});

/// Matches a property of a window or document by a name in brackets.
static IN_BRACKETS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?-u:\b)(?:window|self|top|parent|globalThis|frames|document|defaultView|this)\s*\[([^\[\]]*[\[\]]?)",
    )
});

/// Matches an assignment of a window or document to another name.
static ALIAS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"=\s*(?:window|self|globalThis|top|parent|document|frames|this)\s*[;,)\n]")
});

/// Matches a property by a name in brackets that is not a literal.
static BY_NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r"[\w$)]\s*\[\s*[A-Za-z_$]"));

/// Elements that redirect, or change where links lead, without a user action.
const LEADING_ELEMENTS: &[&str] = &["base", "meta"];

/// Whether a script that contains these texts may go to another page undetected.
pub(super) fn may_navigate(script: &str, texts_in_it: &BTreeSet<String>) -> bool {
    let is_tag = |text: &str| {
        text.strip_prefix('<').is_some_and(|name| name.starts_with(|c: char| c.is_alphabetic()))
    };
    let makes = |element: &str| script.contains("createElement") && texts_in_it.contains(element);
    let loads = || {
        makes("script") && texts_in_it.iter().any(|text| text.contains("//"))
            || script.contains("import") && script.contains("http")
    };
    let is_address = |text: &str| text.trim_start().to_ascii_lowercase().starts_with("javascript:");
    // An attribute value that holds a document is not a script.
    is_tag(script.trim_start()) && leads(script)
        || INDIRECT_NAVIGATION.is_match(script)
        || script.contains("navigation") && script.contains("navigate")
        || ALIAS.is_match(script) && BY_NAME.is_match(script)
        || loads()
        || LEADING_ELEMENTS.iter().any(|element| makes(element))
        || texts(&IN_BRACKETS, script).any(|index| !is_plain(index))
        || texts_in_it.iter().any(|text| {
            let lower = || text.to_ascii_lowercase();
            (text.contains('<') || is_address(text) || makes("script"))
                && (leads(text) || lower().contains("refresh") || lower().contains("<base"))
        })
}

/// Whether an index, up to its closing bracket, is written out as a number or a string.
fn is_plain(index: &str) -> bool {
    let Some(text) = index.strip_suffix(']').map(str::trim) else { return false };
    let inner =
        ['\'', '"'].iter().find_map(|quote| text.strip_prefix(*quote)?.strip_suffix(*quote));
    let is_number = !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    is_number || inner.is_some_and(|inner| !inner.contains(['\'', '"', '\\', '+', '`']))
}

/// Decodes the letters that a script spells by their code (`\x61`, `\u0061`); `None` if there are none.
pub(super) fn spelled_out(script: &str) -> Option<String> {
    let mut plain = String::with_capacity(script.len());
    let mut is_changed = false;
    let mut rest = script;
    while let Some(at) = rest.find("\\u").into_iter().chain(rest.find("\\x")).min() {
        plain.push_str(&rest[..at]);
        let escape = &rest[at + 2..];
        let found = match (rest.as_bytes()[at + 1], escape.strip_prefix('{')) {
            (b'u', Some(braced)) => braced.find('}').map(|end| (&braced[..end], end + 2)),
            (b'u', None) => escape.get(..4).map(|digits| (digits, 4)),
            _ => escape.get(..2).map(|digits| (digits, 2)),
        };
        let letter = found.and_then(|(digits, length)| {
            let letter = char::from_u32(u32::from_str_radix(digits, 16).ok()?)?;
            Some((letter, length)).filter(|(letter, _)| letter.is_ascii_alphanumeric())
        });
        match letter {
            Some((letter, length)) => {
                is_changed = true;
                plain.push(letter);
                rest = &escape[length..];
            }
            None => {
                plain.push_str(&rest[at..at + 2]);
                rest = escape;
            }
        }
    }
    plain.push_str(rest);
    is_changed.then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn computed_names_may_navigate_but_literal_ones_may_not() {
        let none = BTreeSet::new();
        for script in
            ["window[x]", "top['a' + b]", "self[['a'].join('')]", "document[`a`]", "parent[a[0]]"]
        {
            assert!(may_navigate(script, &none), "{script}");
        }
        for script in [
            "window['a']",
            "list[x]",
            "frames[0]",
            "retrieval(x)",
            "evaluate(x)",
            "a.submit()",
            "window.x[y]",
        ] {
            assert!(!may_navigate(script, &none), "{script}");
        }
        let texts = |text: &str| BTreeSet::from([text.to_owned(), "script".to_owned()]);
        assert!(may_navigate("x", &texts("<img onerror=location='x'>")));
        assert!(may_navigate("createElement('script')", &texts("location='x'")));
        assert!(!may_navigate("x", &texts("location='x'")));
    }

    #[test]
    fn escaped_letters_are_decoded() {
        let spelled = |text: &str| spelled_out(text).unwrap_or_default();
        assert_eq!(spelled(r"\u006cocat\u{69}on['\x61']"), "location['a']");
        assert_eq!([spelled(r"\u003cx \x"), spelled("x"), spelled(r"\u00e9\u12")], ["", "", ""]);
    }
}
