//! The redirect script, minified, with its settings.
//!
//! Nothing from a request gets into it: it reads everything beyond its settings in the browser.

use std::panic;
use std::sync::LazyLock;

use memchr::memmem;
use minify_js::{Session, TopLevelMode, minify};
use serde::{Deserialize, Serialize};

use super::paths::{PathRule, PathTable};
use super::storefront::{ScopedStorefront, Storefront, Visit};

const REDIRECT: &str = include_str!("../../snippets/redirect.js");
const PATHS: &str = include_str!("../../snippets/paths.js");
const STOREFRONTS: &str = include_str!("../../snippets/storefronts.js");
const CART: &str = include_str!("../../snippets/cart.js");
const SETTING: &str = include_str!("../../snippets/setting.js");

static SCRIPT: LazyLock<String> = LazyLock::new(|| minified_or_as_written(REDIRECT));

static LEAD: LazyLock<String> = LazyLock::new(|| minified_or_as_written(PATHS));
static CHOOSE: LazyLock<String> = LazyLock::new(|| minified_or_as_written(STOREFRONTS));
static WITH_CART: LazyLock<String> = LazyLock::new(|| minified_or_as_written(CART));
static BY_SETTING: LazyLock<String> = LazyLock::new(|| minified_or_as_written(SETTING));

/// Finds the script. Every template is searched, and building a finder takes longer than a search.
static SCRIPT_FINDER: LazyLock<memmem::Finder<'_>> =
    LazyLock::new(|| memmem::Finder::new(SCRIPT.as_bytes()));

/// The settings of a script, as serialized into it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    storefront: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    storefronts: Vec<WrittenFurther>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    paths: Vec<PathRule>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cart: Option<String>,
    /// Serialized under a short name, because every guarded page holds it.
    #[serde(default, rename = "all", skip_serializing_if = "std::ops::Not::not")]
    everywhere: bool,
    #[serde(default, rename = "editor", skip_serializing_if = "std::ops::Not::not")]
    guards_editor: bool,
}

/// A further storefront, as serialized into a script.
#[derive(Serialize, Deserialize)]
struct WrittenFurther {
    #[serde(flatten)]
    visit: Visit,
    url: String,
}

impl From<&ScopedStorefront> for WrittenFurther {
    fn from(further: &ScopedStorefront) -> Self {
        Self { visit: further.visit.clone(), url: further.storefront.base().to_owned() }
    }
}

impl WrittenFurther {
    fn read(self) -> Option<ScopedStorefront> {
        Some(ScopedStorefront { visit: self.visit, storefront: Storefront::parse(&self.url).ok()? })
    }
}

/// The settings of the redirect script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// The storefront to redirect to.
    pub storefront: Storefront,
    /// The path rules.
    pub paths: PathTable,
    /// Whether it also redirects at the addresses of the hosted checkout, because a page there is guarded.
    /// Otherwise it leaves those alone, whatever the server's condition says.
    pub everywhere: bool,
    /// Whether it also redirects in the frame of the theme editor.
    pub guards_editor: bool,
    /// Whether the theme editor may set the storefront.
    pub reads_setting: bool,
}

impl Redirect {
    /// Redirects to the same path on `storefront`.
    pub fn to(storefront: Storefront) -> Self {
        Self {
            storefront,
            paths: PathTable::default(),
            everywhere: false,
            guards_editor: false,
            reads_setting: false,
        }
    }
}

/// Returns the text of the script element that redirects shoppers to the storefront.
#[must_use]
pub fn script(redirect: &Redirect) -> String {
    let Redirect { storefront, paths, everywhere, guards_editor, reads_setting } = redirect;
    let cart = paths.cart_param().map(str::to_owned);
    let lead = match (paths.is_empty(), cart.is_some()) {
        (true, false) => String::new(),
        (false, false) => format!(",{}", *LEAD),
        (true, true) => format!(",{}()", *WITH_CART),
        (false, true) => format!(",{}({})", *WITH_CART, *LEAD),
    };
    let settings = Written {
        storefront: storefront.base().to_owned(),
        storefronts: storefront.further().iter().map(WrittenFurther::from).collect(),
        paths: paths.rules().to_vec(),
        cart,
        everywhere: *everywhere,
        guards_editor: *guards_editor,
    };
    // Serializing these settings to JSON cannot fail.
    let written = escaped(&serde_json::to_string(&settings).unwrap_or_default());
    let written = if *reads_setting { format!("{}({written})", *BY_SETTING) } else { written };
    match settings.storefronts.is_empty() {
        true => format!("{}({written}{lead})", *SCRIPT),
        false => format!("{}({}({written}){lead})", *SCRIPT, *CHOOSE),
    }
}

/// Returns the settings of a script that is, byte for byte, one of this tool's.
#[must_use]
pub fn told(text: &str) -> Option<Redirect> {
    let arguments = text.strip_prefix(SCRIPT.as_str())?.strip_prefix('(')?;
    let arguments = arguments.strip_prefix(CHOOSE.as_str()).map_or(arguments, |rest| &rest[1..]);
    let setting = arguments.strip_prefix(BY_SETTING.as_str());
    let reads_setting = setting.is_some();
    let arguments = setting.map_or(arguments, |rest| &rest[1..]);
    // Whatever follows the settings is compared as a whole below.
    let mut settings = serde_json::Deserializer::from_str(arguments).into_iter::<Written>();
    let Written { storefront, storefronts, paths, cart, everywhere, guards_editor } =
        settings.next()?.ok()?;
    let further: Option<Vec<ScopedStorefront>> =
        storefronts.into_iter().map(WrittenFurther::read).collect();
    let storefront = Storefront::parse(&storefront).ok()?.with(further?);
    let paths = PathTable::from_rules(paths).with_cart_param(cart);
    let redirect = Redirect { storefront, paths, everywhere, guards_editor, reads_setting };
    (script(&redirect) == text).then_some(redirect)
}

/// Returns the settings of this tool's scripts in a template.
#[must_use]
pub fn parse_all(template: &[u8]) -> Vec<Redirect> {
    let starts = SCRIPT_FINDER.find_iter(template);
    let scripts = starts.filter_map(|start| {
        let script = &template[start..];
        let end = memmem::find(script, b"</script>")?;
        told(std::str::from_utf8(&script[..end]).ok()?)
    });
    scripts.collect()
}

/// Returns the storefront of a script that is, byte for byte, one of this tool's.
#[must_use]
pub fn leads_to(text: &str) -> Option<String> {
    Some(told(text)?.storefront.base().to_owned())
}

fn minified_or_as_written(source: &str) -> String {
    minified(source).unwrap_or_else(|| source.trim().to_owned())
}

/// Minifies code; `None` if that fails or its result is unsafe. The minifier panics on some valid code and
/// writes wrong code for some.
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

/// Reports whether neither a template engine, its tools nor an HTML parser can misread the code.
fn is_safe(code: &str) -> bool {
    let lower = code.to_ascii_lowercase();
    let misread = ["{{", "</script", "<!--", "---", "\0", "\n", "\r"];
    !misread.iter().any(|text| lower.contains(text))
}

/// Escapes JSON so that nothing in it can end a script, open a tag or look like front matter. Only doubled
/// braces are escaped, because JSON itself needs single ones.
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
    fn unminified_source_is_safe_to_embed() {
        for source in [REDIRECT, PATHS, STOREFRONTS, CART, SETTING] {
            assert!(is_safe(&source.replace('\n', " ")));
            assert!(!source.contains("</"));
        }
    }

    #[test]
    fn minifies_the_source() {
        for source in [REDIRECT, PATHS, STOREFRONTS, CART, SETTING] {
            let code = minified(source).unwrap();
            assert!(code.starts_with('(') && code.ends_with(')'), "{code}");
            assert!(code.len() < source.len() / 2, "{}: {code}", code.len());
        }
    }

    /// Every guarded page holds the script, so it must not grow unnoticed.
    #[test]
    fn the_script_without_rules_is_small() {
        let text = script(&Redirect::to(Storefront::parse("https://shop.example.com").unwrap()));
        assert!(text.len() <= 1288, "{}", text.len());
        assert!(!text.contains("locale") && !text.contains("cart\""), "{text}");
        assert!(!text.contains("dataset.storefront"), "{text}");
    }

    #[test]
    fn failed_or_unsafe_minification_returns_none() {
        assert_eq!(minified("if (a) b(); else c();"), None);
        assert_eq!(minified("let = {"), None);
        assert_eq!(minified("x('<scr' + 'ipt><' + '/script>')"), None);
    }

    #[test]
    fn settings_are_passed_as_an_argument() {
        let storefront = Storefront::parse("https://shop.example/a---b&c").unwrap();
        let text = script(&Redirect::to(storefront));
        assert!(
            text.ends_with(
                r#")({"storefront":"https://shop.example/a\u002d\u002d\u002db\u0026c"})"#
            ),
            "{text}"
        );
    }

    #[test]
    fn only_unmodified_own_scripts_are_recognised() {
        let base = "https://shop.example/a---b&c";
        let text = script(&Redirect::to(Storefront::parse(base).unwrap()));
        assert_eq!(leads_to(&text).as_deref(), Some(base));
        let redirect =
            Redirect { reads_setting: true, ..Redirect::to(Storefront::parse(base).unwrap()) };
        assert_eq!(told(&script(&redirect)), Some(redirect));
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
    fn characters_that_could_be_misread_are_escaped() {
        assert_eq!(
            escaped("\"</a>{{x}}\u{2028}\""),
            r#""\u003c/a\u003e\u007b\u007bx\u007d\u007d\u2028""#
        );
    }
}
