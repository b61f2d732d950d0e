//! What a start tag says: its attributes, as browsers read them, and addresses in them.
//!
//! A NUL stands wherever the template prints something that is not known.

use url::Url;

/// Stands for what a template prints and nobody knows beforehand.
pub(super) const HOLE: char = '\0';

/// The same as a text.
pub(super) const UNKNOWN: &str = "\0";

/// Stands for the nonce of the store's policy; no character of a text.
pub(super) const NONCE: &str = "\u{fdd0}";

/// The attributes of a tag, names in small letters, from the text between its name and its `>`.
pub(super) fn attributes(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = text.trim_start_matches(is_between);
    while !rest.is_empty() {
        // An equals sign begins a name, but is in none.
        let is_end = |&(at, c): &(usize, char)| (at > 0 && c == '=') || is_between(c);
        let end = rest.char_indices().find(is_end).map_or(rest.len(), |(at, _)| at);
        let (name, after) = rest.split_at(end);
        let (value, after) = match after.trim_start().strip_prefix('=') {
            Some(value) => value_of(value.trim_start()),
            None => ("", after),
        };
        found.push((name.to_ascii_lowercase(), decoded(value)));
        rest = after.trim_start_matches(is_between);
    }
    found
}

/// The value of the first attribute of that name; browsers ignore any further one.
pub(super) fn value<'a>(attributes: &'a [(String, String)], name: &str) -> Option<&'a str> {
    attributes.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
}

/// The script that an attribute is: a handler, or an address that is run.
pub(super) fn script_of<'v>(name: &str, value: &'v str) -> Option<&'v str> {
    if name.starts_with("on") {
        return Some(value);
    }
    let (scheme, script) = value.split_once(':')?;
    let is_scheme = scheme.trim().eq_ignore_ascii_case("javascript");
    (is_scheme && ADDRESSES.contains(&name)).then_some(script)
}

/// Attributes that hold the address of a page.
const ADDRESSES: &[&str] = &["action", "formaction", "href", "src", "xlink:href"];

fn is_between(character: char) -> bool {
    character.is_ascii_whitespace() || character == '/'
}

fn value_of(text: &str) -> (&str, &str) {
    let quoted = ['"', '\''].into_iter().find_map(|quote| {
        let inner = text.strip_prefix(quote)?;
        Some(inner.split_once(quote).unwrap_or((inner, "")))
    });
    quoted.unwrap_or_else(|| {
        text.split_at(text.find(|c: char| c.is_ascii_whitespace()).unwrap_or(text.len()))
    })
}

/// The character references that addresses are written with.
fn decoded(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        decoded.push_str(before);
        let reference = after.split_once(';').and_then(|(name, rest)| Some((named(name)?, rest)));
        match reference {
            Some((character, after)) => {
                decoded.push(character);
                rest = after;
            }
            None => {
                decoded.push('&');
                rest = after;
            }
        }
    }
    decoded + rest
}

fn named(name: &str) -> Option<char> {
    let number = |text: &str| match text.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => text.parse().ok(),
    };
    match name {
        "amp" => Some('&'),
        "quot" => Some('"'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "sol" => Some('/'),
        "colon" => Some(':'),
        _ => char::from_u32(number(name.strip_prefix('#')?)?),
    }
}

/// The address that a text names in full, as browsers spell it. What is printed into it may follow
/// its host only.
pub(super) fn absolute(text: &str) -> Option<String> {
    let text = text.trim();
    let known = text.split(HOLE).next().unwrap_or_default();
    let after_scheme = known.split_once("//")?.1;
    if known.len() < text.len() && !after_scheme.contains('/') {
        return None;
    }
    let full = if known.starts_with("//") { format!("https:{known}") } else { known.to_owned() };
    let url = Url::parse(&full).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then(|| url.to_string())
}

/// Where `content` of a refreshing `meta` leads at once, by the steps that browsers take: a number, a
/// separator, and then an address with or without `url=` before it.
pub(super) fn refresh_target(content: &str) -> Option<String> {
    let content = content.trim_ascii_start();
    let is_number = |c: char| c.is_ascii_digit() || c == '.';
    let (delay, rest) = content.split_at(content.find(|c| !is_number(c)).unwrap_or(content.len()));
    // Of a fraction, browsers heed the whole part only.
    if delay.split('.').next()?.parse::<u64>().ok()? > 0 {
        return None;
    }
    let after_space = rest.trim_ascii_start();
    let after_separator = after_space.strip_prefix([';', ',']);
    if after_separator.is_none() && after_space.len() == rest.len() {
        return None;
    }
    let rest = after_separator.unwrap_or(after_space).trim_ascii_start();
    absolute(value_of(after_url(rest).unwrap_or(rest)).0)
}

/// What stands behind `url=`.
fn after_url(text: &str) -> Option<&str> {
    let (name, rest) = text.split_at_checked(3)?;
    let is_named = name.eq_ignore_ascii_case("url");
    is_named.then(|| rest.trim_ascii_start().strip_prefix('=')).flatten().map(str::trim_ascii_start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read_as_browsers_do() {
        let read = attributes(" a=\"1>2\" B='x' c=d/e hidden x = y a=second n=\"&amp;&#45;&x\"/");
        let expected = [
            ("a", "1>2"),
            ("b", "x"),
            ("c", "d/e"),
            ("hidden", ""),
            ("x", "y"),
            ("a", "second"),
            ("n", "&-&x"),
        ];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(read, expected);
        assert_eq!(value(&read, "a"), Some("1>2"));
    }

    #[test]
    fn a_refresh_leads_where_it_says_and_at_once() {
        let target = |content: &str| refresh_target(content);
        let shop = Some("https://a.example/".to_owned());
        for content in [
            "0;url=https://a.example",
            "0; URL='https://a.example/'",
            "0,https://a.example",
            "0.9;url=//a.example",
        ] {
            assert_eq!(target(content), shop, "{content}");
        }
        assert_eq!(target("0;url=https://a.example/\0"), shop);
        assert_eq!(target("0 https://a.example"), shop);
        for content in [
            "5;url=https://a.example",
            "0",
            "0;url=/cart",
            "0;url=https://a.example\0",
            "x",
            ";url=https://a.example",
            "0https://a.example",
            "0url=https://a.example",
            "0;;url=https://a.example",
        ] {
            assert_eq!(target(content), None, "{content}");
        }
    }
}
