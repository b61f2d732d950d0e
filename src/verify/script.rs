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

/// What a script seems to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Leaving {
    /// It leads to this address.
    To(String),
    /// It leads somewhere.
    Somewhere,
}

/// Where a script seems to lead by itself: it navigates outside of any function that waits for somebody.
pub(super) fn seems_to_leave(script: &str) -> Option<Leaving> {
    let (code, texts) = split(script);
    // What makes text of the rest of the page hides it as well.
    let hides = texts.iter().any(|text| text.contains("<plaintext"));
    if !hides && !navigates_by_itself(&code, &texts) {
        return None;
    }
    let address = texts.iter().find_map(|text| absolute(text));
    Some(address.map_or(Leaving::Somewhere, Leaving::To))
}

/// Whether a script may keep what follows it from being read as it stands there.
pub(super) fn disturbs(script: &str) -> bool {
    let (code, _) = split(script);
    ["document.write(", "document.writeln(", "document.open(", "window.stop("]
        .iter()
        .any(|way| code.contains(way))
}

/// Texts that tell when a function runs; they stay in the code.
const LOADED: &[&str] = &["load", "DOMContentLoaded", "pageshow"];
/// Windows that a page opens itself in, instead of a new one.
const OWN_WINDOW: &[&str] = &["_self", "_top", "_parent"];

/// The code without blanks, its strings, regular expressions and comments blanked, and the strings.
fn split(script: &str) -> (String, Vec<String>) {
    let (mut code, mut texts) = (String::new(), Vec::new());
    let mut rest = script;
    while let Some(first) = rest.chars().next() {
        if matches!(first, '"' | '\'' | '`') {
            let inner = &rest[1..];
            let end = end_of_text(inner, first);
            let text = &inner[..end];
            let kept = if LOADED.contains(&text) { text } else { "" };
            code.extend(["\"", kept, "\""]);
            texts.push(text.replace("\\/", "/"));
            rest = inner.get(end + 1..).unwrap_or_default();
        } else if rest.starts_with("//") {
            rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
        } else if rest.starts_with("/*") {
            rest = rest.split_once("*/").map_or("", |(_, after)| after);
        } else if first == '/' && begins_expression(&code) {
            code.push_str("\"\"");
            rest = after_regular_expression(&rest[1..]);
        } else {
            code.extend(Some(first).filter(|first| !first.is_whitespace()));
            rest = &rest[first.len_utf8()..];
        }
    }
    (code, texts)
}

/// Whether an expression begins after this code, so that a slash begins a regular expression.
fn begins_expression(before: &str) -> bool {
    before.is_empty()
        || before.ends_with(['(', ',', '=', ':', '[', '!', '&', '|', '?', '{', '}', ';', '+', '>'])
        || before.ends_with("return")
}

fn after_regular_expression(text: &str) -> &str {
    let (mut escaped, mut in_class) = (false, false);
    for (at, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => in_class = true,
            ']' => in_class = false,
            '/' if !in_class => return &text[at + 1..],
            '\n' => return &text[at..],
            _ => {}
        }
    }
    ""
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

/// What follows `location`, or another name for it, where a page is left.
const NAVIGATIONS: &[&str] = &[
    "=",
    ".href=",
    ".host=",
    ".hostname=",
    ".pathname=",
    ".replace(",
    ".assign(",
    "[\"\"](",
    "[\"\"]=",
];

/// Where the code navigates: just behind the object that does.
fn navigations(code: &str, texts: &[String]) -> Vec<usize> {
    let mut names = vec!["location"];
    names.extend(other_names(code));
    let is_name = |c: char| c.is_alphanumeric() || "_$".contains(c);
    let after = |name: &str, at: usize| {
        let (before, after) = (&code[..at], &code[at + name.len()..]);
        let is_whole = !before.ends_with(is_name);
        // A property of something else has nothing to do with another name for it.
        let is_object = name == "location" || !before.ends_with('.');
        let leaves = NAVIGATIONS.iter().any(|way| {
            let rest = after.strip_prefix(way);
            rest.is_some_and(|rest| !(way.ends_with('=') && rest.starts_with('=')))
        });
        // Its own declaration sets no location.
        let is_declared = name != "location" && after.starts_with('=');
        (is_whole && is_object && leaves && !is_declared).then_some(at)
    };
    let locations = names
        .iter()
        .flat_map(|name| code.match_indices(name).filter_map(|(at, _)| after(name, at)));
    let opens = texts.iter().any(|text| OWN_WINDOW.contains(&text.as_str()));
    let calls = ["navigation.navigate(", "open(\"\",\"\"", "open(\"\"+"];
    let calls = calls.iter().filter(|call| opens || call.starts_with("navigation"));
    locations.chain(calls.flat_map(|call| code.match_indices(call).map(|(at, _)| at))).collect()
}

/// Variables that stand for the location.
fn other_names(code: &str) -> impl Iterator<Item = &str> {
    let ends = ["=location", "=window.location", "=document.location", "=self.location"];
    ends.into_iter().flat_map(move |end| {
        code.match_indices(end).filter_map(move |(at, _)| {
            let after = &code[at + end.len()..];
            let is_all = after.is_empty() || after.starts_with([';', ',', ')', '}']);
            let name =
                code[..at].rsplit(|c: char| !(c.is_alphanumeric() || "_$".contains(c))).next()?;
            // Blanks are gone: the keyword stands before the name.
            let name = ["var", "let", "const"]
                .iter()
                .find_map(|word| name.strip_prefix(word))
                .unwrap_or(name);
            (is_all && !name.is_empty() && name != "location" && name != "href").then_some(name)
        })
    })
}

/// Whether the code navigates outside of the bodies of functions that wait for somebody.
fn navigates_by_itself(code: &str, texts: &[String]) -> bool {
    let starts = navigations(code, texts);
    let mut open: Vec<bool> = Vec::new();
    for (at, character) in code.char_indices() {
        if starts.contains(&at) && !open.contains(&true) {
            return true;
        }
        match character {
            '{' => open.push(waits(code, at)),
            '}' => {
                open.pop();
            }
            _ => {}
        }
    }
    false
}

/// What stands before a function that runs without anybody's doing.
const RUNS_BY_ITSELF: &[&str] = &[
    ";(",
    "setTimeout(",
    "setInterval(",
    "requestAnimationFrame(",
    "$(",
    "jQuery(",
    ".ready(",
    ".then(",
    "onload=",
    "(\"load\",",
    "(\"DOMContentLoaded\",",
    "(\"pageshow\",",
];

/// Whether the brace at `brace` opens the body of a function that runs only when somebody does something.
fn waits(code: &str, brace: usize) -> bool {
    let before = &code[..brace];
    let Some((begin, name)) = head_of_function(before) else { return false };
    let begin = begin.strip_suffix("async").unwrap_or(begin);
    let is_called = begin.ends_with(['!', '+', '-', '~'])
        || begin == "("
        || RUNS_BY_ITSELF.iter().any(|way| begin.ends_with(way))
        || (!name.is_empty() && is_called_by_name(code, name));
    !is_called
}

/// What stands before the function whose body follows this, and the function's name; nothing if no function
/// does.
fn head_of_function(before: &str) -> Option<(&str, &str)> {
    let is_part = |c: char| c.is_alphanumeric() || "_$".contains(c);
    if let Some(arrow) = before.strip_suffix("=>") {
        let one = arrow.trim_end_matches(is_part);
        let many = arrow.strip_suffix(')').map(|inner| &inner[..inner.rfind('(').unwrap_or(0)]);
        return Some((many.unwrap_or(one), ""));
    }
    let head = before.strip_suffix(')')?;
    let head = &head[..head.rfind('(')?];
    let named = head.trim_end_matches(|c| is_part(c) || c == '*');
    // Blanks are gone: the keyword stands before the name.
    let at = head[named.len()..].rfind("function").map(|at| named.len() + at)?;
    Some((&head[..at], head[at + "function".len()..].trim_start_matches('*')))
}

/// Whether a function is called by its name, or given to what calls it.
fn is_called_by_name(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(at, _)| {
        let (before, after) = (&code[..at], &code[at + name.len()..]);
        let is_whole = !before.ends_with(|c: char| c.is_alphanumeric() || "_$.".contains(c));
        let is_given = RUNS_BY_ITSELF.iter().any(|way| before.ends_with(way));
        is_whole && (after.starts_with('(') || is_given)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leads_to(script: &str) -> Option<Leaving> {
        seems_to_leave(script)
    }

    #[test]
    fn a_script_seems_to_leave_if_it_navigates_by_itself() {
        let there = Some(Leaving::To("https://a.example/".to_owned()));
        for script in [
            "location.replace('https://a.example' + location.pathname)",
            "if (!/checkout/.test(location.pathname)) { window.location.href = \"https://a.example\"; }",
            "(function () { top.location = '//a.example' })()",
            "!function(){location.assign(`https://a.example`)}()",
            "(() => { window.location['href'] = 'https:\\/\\/a.example' })()",
            "function go() { location.replace('https://a.example') } go();",
            "document.addEventListener('DOMContentLoaded', function () { location = 'https://a.example' })",
            "setTimeout(() => { location = 'https://a.example' }, 0)",
            "$(function () { location.href = 'https://a.example' })",
            "function go() { location.replace('https://a.example') } window.onload = go",
            "var l = window.location; l.replace('https://a.example')",
            "var is = /[\"'/]\\//.test(x); location.replace('https://a.example')",
            "window.open('https://a.example', '_self')",
            "navigation.navigate('https://a.example')",
            "window.name = ''; (a => { const b = x => { y() }; location.replace(a) })('https://a.example')",
            "location.pathname = 'https://a.example'",
        ] {
            assert_eq!(leads_to(script), there, "{script}");
        }
        for script in [
            "location.replace('/cart')",
            "location.href = x",
            "(function () { location.replace('/cart') })()",
            "location.host = 'a.example'",
        ] {
            assert_eq!(leads_to(script), Some(Leaving::Somewhere), "{script}");
        }
    }

    #[test]
    fn scripts_of_a_shop_do_not() {
        for script in [
            "function back() { location.replace('https://a.example') }",
            "var go = function () { location.href = 'https://a.example' }",
            "button.onclick = () => { location = 'https://a.example' }",
            "$(function () { $('a').click(function () { location = '/cart' }) })",
            "addEventListener('click', function () { location = '/cart' })",
            "if (location.href == 'https://a.example') x()",
            "// location.replace('https://a.example')\nx('https://a.example')",
            "var text = \"location.replace('https://a.example')\"",
            "var url = location.href; url.replace('https://a.example', '')",
            "var l = location; l.search.replace('a', 'b')",
            "request.open('GET', 'https://a.example')",
            "window.open('https://a.example')",
            "var allocation = 1",
            "{{",
        ] {
            assert_eq!(leads_to(script), None, "{script}");
        }
    }

    #[test]
    fn a_script_that_writes_or_stops_disturbs() {
        assert!(disturbs("document.write('<plaintext>')"));
        assert!(disturbs("window.stop()"));
        assert!(!disturbs("var text = 'document.write()'"));
    }
}
