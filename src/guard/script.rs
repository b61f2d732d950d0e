//! The redirect script, minified, with its settings.
//!
//! Nothing of a request gets into it: all it knows beyond its settings it reads in the browser.

use std::panic;
use std::sync::LazyLock;

use minify_js::{Session, TopLevelMode, minify};
use serde_json::{Value, json};

use super::storefront::Storefront;

const SOURCE: &str = include_str!("../../snippets/redirect.js");

static SCRIPT: LazyLock<String> =
    LazyLock::new(|| minified(SOURCE).unwrap_or_else(|| SOURCE.trim().to_owned()));

/// The text of the script element that takes shoppers to `storefront`.
#[must_use]
pub fn script(storefront: &Storefront) -> String {
    let settings = json!({ "storefront": storefront.base() }).to_string();
    format!("{}({})", *SCRIPT, escaped(&settings))
}

/// Where a script leads that is, byte for byte, one of ours.
#[must_use]
pub fn leads_to(text: &str) -> Option<String> {
    let settings = text.strip_prefix(SCRIPT.as_str())?.strip_prefix('(')?.strip_suffix(')')?;
    let settings: Value = serde_json::from_str(settings).ok()?;
    let storefront = Storefront::parse(settings.get("storefront")?.as_str()?).ok()?;
    (script(&storefront) == text).then(|| storefront.base().to_owned())
}

/// The minifier panics on some valid code and writes wrong code for other, hence the fence.
fn minified(source: &str) -> Option<String> {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let result = panic::catch_unwind(|| {
        let session = Session::new();
        let mut out = Vec::new();
        minify(&session, TopLevelMode::Module, source.as_bytes(), &mut out).ok().map(|()| out)
    });
    panic::set_hook(hook);
    let code = String::from_utf8(result.ok()??).ok()?;
    let code = code.trim().trim_end_matches(';');
    let code = if code.starts_with('(') { code.to_owned() } else { format!("({code})") };
    is_safe(&code).then_some(code)
}

/// Whether the code means the same to a template engine, to its tools and to an HTML parser.
fn is_safe(code: &str) -> bool {
    let lower = code.to_ascii_lowercase();
    let misread = ["{{", "</script", "<!--", "---", "\0", "\n", "\r"];
    !misread.iter().any(|text| lower.contains(text))
}

/// JSON in which nothing can end a script, open a tag or look like front matter. Braces are left
/// alone unless doubled, since JSON itself needs them.
fn escaped(json: &str) -> String {
    let pairs = [
        ("<", "\\u003c"),
        (">", "\\u003e"),
        ("&", "\\u0026"),
        ("{{", "\\u007b\\u007b"),
        ("}}", "\\u007d\\u007d"),
        ("---", "\\u002d\\u002d\\u002d"),
        ("\u{2028}", "\\u2028"),
        ("\u{2029}", "\\u2029"),
    ];
    pairs.iter().fold(json.to_owned(), |text, (from, to)| text.replace(from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_source_itself_could_be_used() {
        assert!(is_safe(&SOURCE.replace('\n', " ")));
        assert!(!SOURCE.contains("</"));
    }

    #[test]
    fn minifies_the_source() {
        let code = minified(SOURCE).unwrap();
        assert!(code.starts_with('(') && code.ends_with(')'), "{code}");
        assert!(code.len() < SOURCE.len() / 2, "{}: {code}", code.len());
        if let Ok(folder) = std::env::var("GUARD_DUMP") {
            std::fs::write(folder, &code).unwrap();
        }
    }

    #[test]
    fn survives_what_the_minifier_does_not() {
        assert_eq!(minified("if (a) b(); else c();"), None);
        assert_eq!(minified("let = {"), None);
        assert_eq!(minified("x('<scr' + 'ipt><' + '/script>')"), None);
    }

    #[test]
    fn settings_are_an_argument() {
        let storefront = Storefront::parse("https://shop.example/a---b&c").unwrap();
        let text = script(&storefront);
        assert!(
            text.ends_with(
                r#")({"storefront":"https://shop.example/a\u002d\u002d\u002db\u0026c"})"#
            ),
            "{text}"
        );
    }

    #[test]
    fn only_our_own_script_is_known_again() {
        let base = "https://shop.example/a---b&c";
        let text = script(&Storefront::parse(base).unwrap());
        assert_eq!(leads_to(&text).as_deref(), Some(base));
        for other in [
            text.replace("location.replace", "location.assign"),
            text.replace("https:", "http:"),
            format!("{text};"),
            format!("if(0){text}"),
            String::new(),
        ] {
            assert_eq!(leads_to(&other), None, "{other}");
        }
    }

    #[test]
    fn escapes_what_could_be_misread() {
        assert_eq!(
            escaped("\"</a>{{x}}\u{2028}\""),
            r#""\u003c/a\u003e\u007b\u007bx\u007d\u007d\u2028""#
        );
    }
}
