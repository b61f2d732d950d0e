//! Whether a script runs, and what one of unknown origin seems to do, read from its text.
//!
//! It only finds what is worth a look: nothing it says is a proof that a script leaves.

use super::tag::{self, HOLE, absolute};

/// Whether and when the content of a script element runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Runs {
    AtOnce,
    Later,
    Perhaps,
    Never,
}

/// Types of script that browsers run.
const SCRIPT_TYPES: &[&str] =
    &["", "text/javascript", "application/javascript", "text/ecmascript", "application/ecmascript"];

/// Whether a script element with these attributes runs what it holds.
pub(super) fn runs(attributes: &[(String, String)]) -> Runs {
    let value = |name| tag::value(attributes, name);
    let kind = value("type").map(|kind| kind.trim().to_ascii_lowercase());
    // Of what the template prints into the tag, only a value cannot become an attribute.
    let is_open = attributes.iter().any(|(name, _)| name.contains(HOLE));
    match kind.as_deref() {
        // Old attributes that browsers still heed.
        _ if is_open || ["language", "event", "for"].iter().any(|name| value(name).is_some()) => {
            Runs::Perhaps
        }
        _ if value("src").is_some() || value("nomodule").is_some() => Runs::Never,
        Some("module") => Runs::Later,
        Some(kind) if kind.contains(HOLE) => Runs::Perhaps,
        Some(kind) if !SCRIPT_TYPES.contains(&kind) => Runs::Never,
        _ => Runs::AtOnce,
    }
}

/// Where a script seems to lead as soon as it runs: it navigates outside of any function that is
/// merely defined, and names an absolute address.
pub(super) fn seems_to_lead_to(script: &str) -> Option<String> {
    let (code, texts) = split(script);
    if !navigates_at_once(&code) {
        return None;
    }
    texts.iter().find_map(|text| absolute(text))
}

/// The code with its strings and comments blanked, and the strings.
fn split(script: &str) -> (String, Vec<String>) {
    let (mut code, mut texts) = (String::new(), Vec::new());
    let mut rest = script;
    while let Some(first) = rest.chars().next() {
        if matches!(first, '"' | '\'' | '`') {
            let inner = &rest[1..];
            let end = end_of_text(inner, first);
            texts.push(inner[..end].replace("\\/", "/"));
            code.push_str("\"\"");
            rest = inner.get(end + 1..).unwrap_or_default();
        } else if rest.starts_with("//") {
            rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
        } else if rest.starts_with("/*") {
            rest = rest.split_once("*/").map_or("", |(_, after)| after);
        } else {
            code.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    (code, texts)
}

fn end_of_text(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if character == quote => return at,
            _ => {}
        }
    }
    text.len()
}

/// Ways to leave a page, without blanks.
const NAVIGATIONS: &[&str] = &[
    "location=",
    "location.href=",
    "location.replace(",
    "location.assign(",
    "location[\"\"](",
    "location[\"\"]=",
    "open(\"\"",
];

/// Whether the code navigates outside of the bodies of functions that are only defined.
fn navigates_at_once(code: &str) -> bool {
    let code: String = code.chars().filter(|character| !character.is_whitespace()).collect();
    let starts: Vec<usize> = NAVIGATIONS
        .iter()
        .flat_map(|way| code.match_indices(way).filter(|(at, way)| assigns(&code, at + way.len())))
        .map(|(at, _)| at)
        .collect();
    let mut open: Vec<bool> = Vec::new();
    for (at, character) in code.char_indices() {
        if starts.contains(&at) && !open.contains(&true) {
            return true;
        }
        match character {
            '{' => open.push(is_defined_only(&code[..at])),
            '}' => {
                open.pop();
            }
            _ => {}
        }
    }
    false
}

/// Not a comparison: no second `=` follows.
fn assigns(code: &str, end: usize) -> bool {
    !(code[..end].ends_with('=') && code[end..].starts_with('='))
}

/// Whether the brace after `before` opens the body of a function that is not called on the spot.
fn is_defined_only(before: &str) -> bool {
    let Some(head) = before.strip_suffix("=>").or_else(|| before.strip_suffix(')')) else {
        return false;
    };
    let is_arrow = before.ends_with("=>");
    let head = head.strip_suffix(')').filter(|_| is_arrow).unwrap_or(head);
    let start = head.rfind('(').unwrap_or(0);
    let keyword = head[..start].rfind("function").filter(|at| {
        let name = &head[at + "function".len()..start];
        name.chars().all(|c| c.is_alphanumeric() || "_$*".contains(c))
    });
    let begin = match keyword {
        Some(at) => &head[..at],
        None if is_arrow => &head[..start],
        None => return false,
    };
    let is_called = begin.ends_with(['!', '+', '-', '~']) || begin == "(" || begin.ends_with(";(");
    !is_called
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_seems_to_leave_if_it_navigates_at_once_to_an_address() {
        for script in [
            "location.replace('https://a.example' + location.pathname)",
            "if (!/checkout/.test(location.pathname)) { window.location.href = \"https://a.example\"; }",
            "(function () { top.location = '//a.example' })()",
            "!function(){location.assign(`https://a.example`)}()",
            "(() => { window.location['href'] = 'https:\\/\\/a.example' })()",
        ] {
            assert_eq!(seems_to_lead_to(script).as_deref(), Some("https://a.example/"), "{script}");
        }
    }

    #[test]
    fn scripts_of_a_shop_do_not() {
        for script in [
            "function back() { location.replace('https://a.example') }",
            "var go = function () { location.href = 'https://a.example' }",
            "button.onclick = () => { location = 'https://a.example' }",
            "(function () { location.replace('/cart') })()",
            "if (location.href == 'https://a.example') x()",
            "// location.replace('https://a.example')\nx('https://a.example')",
            "var text = \"location.replace('https://a.example')\"",
            "{{",
        ] {
            assert_eq!(seems_to_lead_to(script), None, "{script}");
        }
    }
}
