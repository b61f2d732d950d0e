//! Reads start tags as browsers do: their attributes, and the addresses in them.
//!
//! A NUL stands for whatever the template prints that is not known.

use super::Doubt;
use super::suspect_text::leads;
use url::Url;

/// Stands for what a template prints and what is not known in advance.
pub(super) const HOLE: char = '\0';

/// The same as a string.
pub(super) const UNKNOWN: &str = "\0";

/// Stands for the nonce of the store's policy; a noncharacter, which no text contains.
pub(super) const NONCE: &str = "\u{fdd0}";

/// Returns the attributes of a tag, with their names in lower case, from the text between its name and its
/// `>`.
pub(super) fn attributes(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = text.trim_start_matches(is_between);
    while !rest.is_empty() {
        // An equals sign may be the first character of a name, but no later one.
        let is_end = |&(at, c): &(usize, char)| (at > 0 && c == '=') || is_between(c);
        let end = rest.char_indices().find(is_end).map_or(rest.len(), |(at, _)| at);
        let (name, after) = rest.split_at(end);
        let (value, after) = match after.trim_ascii_start().strip_prefix('=') {
            Some(value) => {
                let value = value.trim_ascii_start();
                let (own, after) = value_of(value);
                // White space in an unquoted value that is printed begins another attribute.
                if own.contains(HOLE) && !value.starts_with(['"', '\'']) {
                    found.push((UNKNOWN.to_owned(), String::new()));
                }
                (own, after)
            }
            None => ("", after),
        };
        found.push((name.to_ascii_lowercase(), decoded(value)));
        rest = after.trim_start_matches(is_between);
    }
    found
}

/// Returns the value of the first attribute with this name; browsers ignore any further one.
pub(super) fn value<'a>(attributes: &'a [(String, String)], name: &str) -> Option<&'a str> {
    attributes.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
}

/// Returns the script in an attribute: a handler, or an address or document that runs a script.
pub(super) fn script_of<'v>(name: &str, value: &'v str) -> Option<&'v str> {
    if name.starts_with("on") {
        return Some(value);
    }
    if name == "srcdoc" {
        return leads(value).then(|| script_in(value));
    }
    let (scheme, script) = value.split_once(':')?;
    // Browsers remove these characters from addresses, wherever they are.
    let scheme: String = scheme.chars().filter(|c| !"\t\n\r".contains(*c)).collect();
    let is_scheme = match scheme.trim_matches(is_around_address).to_ascii_lowercase().as_str() {
        "javascript" => true,
        // Most `data:` addresses hold images, which need not be read.
        "data" => leads(script),
        _ => false,
    };
    (is_scheme && ADDRESSES.contains(&name)).then(|| script_in(script))
}

/// Returns the first script of a document; text that is not a document is a script itself.
fn script_in(document: &str) -> &str {
    let start = document.to_ascii_lowercase().find("<script");
    let inner = start.and_then(|start| document[start..].split_once('>'));
    inner.map_or(document, |(_, script)| script)
}

/// Attributes that hold the address of a page.
const ADDRESSES: &[&str] = &["action", "data", "formaction", "href", "src", "xlink:href"];

/// Whether browsers strip a character from both ends of an address.
fn is_around_address(character: char) -> bool {
    character != HOLE && character <= ' '
}

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

/// Decodes the character references in a value, as far as they stand for ASCII.
fn decoded(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        decoded.push_str(before);
        let (character, after) = reference(after).unwrap_or(('&', after));
        decoded.push(character);
        rest = after;
    }
    decoded + rest
}

/// Returns the character of a reference, given the text after its `&`, and what follows the reference.
fn reference(text: &str) -> Option<(char, &str)> {
    let Some(number) = text.strip_prefix('#') else { return named_reference(text) };
    let (digits, radix) = match number.strip_prefix(['x', 'X']) {
        Some(hex) => (hex, 16),
        None => (number, 10),
    };
    let end = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
    let (number, rest) = digits.split_at(end);
    let character = u32::from_str_radix(number, radix).ok().filter(|code| *code > 0);
    let character = character.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER);
    (end > 0).then(|| (character, rest.strip_prefix(';').unwrap_or(rest)))
}

fn named_reference(text: &str) -> Option<(char, &str)> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let (_, character) = NAMED.iter().find(|(known, _)| *known == name)?;
    match rest.strip_prefix(';') {
        Some(rest) => Some((*character, rest)),
        None if OPEN_ENDED.contains(&name) && !rest.starts_with('=') => Some((*character, rest)),
        None => None,
    }
}

/// Names of references that need no semicolon.
const OPEN_ENDED: &[&str] = &["AMP", "GT", "LT", "QUOT", "amp", "gt", "lt", "quot"];

/// Named references to ASCII characters.
const NAMED: &[(&str, char)] = &[
    ("AMP", '&'),
    ("DiacriticalGrave", '`'),
    ("GT", '>'),
    ("Hat", '^'),
    ("LT", '<'),
    ("NewLine", '\n'),
    ("QUOT", '"'),
    ("Tab", '\t'),
    ("UnderBar", '_'),
    ("VerticalLine", '|'),
    ("amp", '&'),
    ("apos", '\''),
    ("ast", '*'),
    ("bsol", '\\'),
    ("colon", ':'),
    ("comma", ','),
    ("commat", '@'),
    ("dollar", '$'),
    ("equals", '='),
    ("excl", '!'),
    ("grave", '`'),
    ("gt", '>'),
    ("lbrace", '{'),
    ("lbrack", '['),
    ("lcub", '{'),
    ("lowbar", '_'),
    ("lpar", '('),
    ("lsqb", '['),
    ("lt", '<'),
    ("midast", '*'),
    ("num", '#'),
    ("percnt", '%'),
    ("period", '.'),
    ("plus", '+'),
    ("quest", '?'),
    ("quot", '"'),
    ("rbrace", '}'),
    ("rbrack", ']'),
    ("rcub", '}'),
    ("rpar", ')'),
    ("rsqb", ']'),
    ("semi", ';'),
    ("sol", '/'),
    ("verbar", '|'),
    ("vert", '|'),
];

/// Returns the absolute address in a text, as browsers spell it. Unknown output may only follow its host.
pub(super) fn absolute(text: &str) -> Option<String> {
    let text = text.trim_matches(is_around_address);
    let known = text.split(HOLE).next().unwrap_or_default();
    let after_scheme = known.split_once("//")?.1;
    if known.len() < text.len() && !after_scheme.contains('/') {
        return None;
    }
    let full = if known.starts_with("//") { format!("https:{known}") } else { known.to_owned() };
    let url = Url::parse(&full).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then(|| url.to_string())
}

/// What a `meta` refresh does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refresh {
    /// Whether it leads away without any delay.
    pub(super) is_at_once: bool,
    /// Where it leads.
    pub(super) target: Target,
}

impl Refresh {
    /// Returns the doubt to record if the refresh proves nothing.
    pub(super) fn doubt(self) -> Doubt {
        match self.target {
            Target::Full(target) => Doubt::Refresh(Some(target)),
            Target::Unknown => Doubt::Refresh(None),
            Target::Shop => Doubt::RefreshInside,
        }
    }
}

/// Where a refresh leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// To this absolute address.
    Full(String),
    /// To another page of the shop.
    Shop,
    /// To an unknown address.
    Unknown,
}

/// Parses the `content` of a `meta` refresh, by the steps that browsers take: a number, a separator, and then
/// an address with or without `url=` before it. Returns `None` if it leads to no other page.
pub(super) fn refresh(content: &str) -> Option<Refresh> {
    let content = content.trim_ascii_start();
    let is_number = |c: char| c.is_ascii_digit() || c == '.';
    let (delay, rest) = content.split_at(content.find(|c| !is_number(c)).unwrap_or(content.len()));
    if rest.starts_with(HOLE) {
        return Some(Refresh { is_at_once: false, target: Target::Unknown });
    }
    let after_space = rest.trim_ascii_start();
    let after_separator = after_space.strip_prefix([';', ',']);
    let is_cut = after_separator.is_none() && after_space.len() == rest.len();
    if delay.is_empty() || is_cut {
        return None;
    }
    let rest = after_separator.unwrap_or(after_space).trim_ascii_start();
    let address = unquoted(after_url(rest).unwrap_or(rest)).trim_matches(is_around_address);
    // Without an address, or with only a fragment, it stays on the same page.
    let is_elsewhere = !address.is_empty() && !address.starts_with('#');
    let is_at_once = delay.chars().all(|c| "0.".contains(c));
    let target = match absolute(address) {
        Some(address) => Target::Full(address),
        None if address.contains([HOLE, ':', '\\']) => Target::Unknown,
        None => Target::Shop,
    };
    is_elsewhere.then_some(Refresh { is_at_once, target })
}

/// Returns the text inside the quotes that open here, or the whole text if none do.
fn unquoted(text: &str) -> &str {
    let inner =
        |quote: char| Some(text.strip_prefix(quote)?.split(quote).next().unwrap_or_default());
    inner('"').or_else(|| inner('\'')).unwrap_or(text)
}

/// Returns the text after `url=`.
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
        let read = attributes(
            " a=\"1>2\" B='x' c=d/e hidden x = y a=second n=\"&amp;&#45;&x&#45x&ampx&lt\"/",
        );
        let expected = [
            ("a", "1>2"),
            ("b", "x"),
            ("c", "d/e"),
            ("hidden", ""),
            ("x", "y"),
            ("a", "second"),
            ("n", "&-&x-x&ampx<"),
        ];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(read, expected);
        assert_eq!(value(&read, "a"), Some("1>2"));
    }

    #[test]
    fn refresh_content_yields_target_and_timing() {
        let there = Target::Full("https://a.example/".to_owned());
        let leads = |content: &str| refresh(content).map(|it| (it.is_at_once, it.target));
        for content in [
            "0;url=https://a.example",
            "0; URL='https://a.example/'",
            "0,https://a.example",
            "0.0;url=//a.example",
            ".0;url='//a.example",
            "0;url=https://a.example/\0",
            "0 https://a.example",
        ] {
            assert_eq!(leads(content), Some((true, there.clone())), "{content}");
        }
        for content in
            ["5;url=https://a.example", ".1;url=https://a.example", "0.9;url=//a.example"]
        {
            assert_eq!(leads(content), Some((false, there.clone())), "{content}");
        }
        for content in ["0;url=/cart", "0;cart", "0; ?a=b", "0 url", "0;url"] {
            assert_eq!(leads(content), Some((true, Target::Shop)), "{content}");
        }
        for content in
            ["0;url=https://a.example\0", "0;;url=https://a.example", "0;url=https://a.ex ample"]
        {
            assert_eq!(leads(content), Some((true, Target::Unknown)), "{content}");
        }
        for content in ["\0", "1\0;url=https://a.example"] {
            assert_eq!(leads(content), Some((false, Target::Unknown)), "{content}");
        }
        for content in [
            "0",
            "",
            "0;",
            "0;url=",
            "0;url=#top",
            "x",
            ";url=https://a.example",
            "0https://a.example",
            "0url=https://a.example",
        ] {
            assert_eq!(leads(content), None, "{content}");
        }
    }
}
