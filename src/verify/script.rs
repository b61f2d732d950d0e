//! Determines whether a script runs, and what a script of unknown origin may do.
//!
//! Its results are hints only: none of them proves that a script leaves.

use super::indirect::{may_navigate, spelled_out};
use super::split_names::completed;
use super::tag::{self, HOLE, absolute};
use crate::syntax::javascript::{self, Code, Timing, Value, Way, WayKind};
use crate::text::patterns::pattern;
use regex::Regex;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use url::Url;

/// Whether and when the content of a script element runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Runs {
    AtOnce,
    Later,
    Perhaps,
    Never,
}

/// Types of script that browsers run.
const SCRIPT_TYPES: &[&str] = &[
    "application/ecmascript",
    "application/javascript",
    "application/x-ecmascript",
    "application/x-javascript",
    "text/ecmascript",
    "text/javascript",
    "text/javascript1.0",
    "text/javascript1.1",
    "text/javascript1.2",
    "text/javascript1.3",
    "text/javascript1.4",
    "text/javascript1.5",
    "text/jscript",
    "text/livescript",
    "text/x-ecmascript",
    "text/x-javascript",
];

/// Returns the type of a script element in lower case; that of JavaScript if it has none.
fn kind(attributes: &[(String, String)]) -> String {
    match tag::value(attributes, "type") {
        None | Some("") => "text/javascript".to_owned(),
        Some(kind) => kind.trim_ascii().to_ascii_lowercase(),
    }
}

/// Returns whether a script element with these attributes runs what it holds.
pub(super) fn runs(attributes: &[(String, String)]) -> Runs {
    let value = |name| tag::value(attributes, name);
    // Output that the template prints into the tag may become an attribute, unless it is in a value.
    let is_open = attributes.iter().any(|(name, _)| name.contains(HOLE));
    match kind(attributes).as_str() {
        // Browsers still respect these old attributes.
        _ if is_open || ["language", "event", "for"].iter().any(|name| value(name).is_some()) => {
            Runs::Perhaps
        }
        _ if value("src").is_some() => Runs::Never,
        "module" => Runs::Later,
        _ if value("nomodule").is_some() => Runs::Never,
        kind if kind.contains(HOLE) => Runs::Perhaps,
        kind if SCRIPT_TYPES.contains(&kind) => Runs::AtOnce,
        _ => Runs::Never,
    }
}

/// Whether a script element with these attributes may load and run a file before what follows it.
pub(super) fn loads_before_all_else(attributes: &[(String, String)]) -> bool {
    let has = |name| tag::value(attributes, name).is_some();
    let kind = kind(attributes);
    // Deferred scripts run after the document has been read.
    let waits = has("defer") || has("nomodule") || kind == "module";
    let is_open = attributes.iter().any(|(name, _)| name.contains(HOLE));
    (has("src") || is_open)
        && !waits
        && (kind.contains(HOLE) || SCRIPT_TYPES.contains(&kind.as_str()))
}

/// What a script of unknown origin may do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reading {
    /// The addresses that it leads to by itself; `None` for one that it does not name.
    pub(super) leaves: BTreeSet<Option<String>>,
    /// Whether it goes to another page at all, by itself or on a user action.
    pub(super) goes: bool,
    /// Whether it goes to an address that it gets from elsewhere.
    pub(super) goes_anywhere: bool,
    /// Whether it goes by itself to an address that it gets from elsewhere.
    pub(super) goes_there: bool,
    /// Whether it goes by itself to an address that it reads from an element of the page.
    pub(super) reads_page: bool,
    /// The IDs of elements that it clicks or submits by itself; an empty one stands for any element.
    pub(super) clicked: BTreeSet<String>,
    /// Whether it may insert or run what another element holds.
    pub(super) inserts: bool,
    /// The hosts that it names; a NUL stands for a part that is computed at run time.
    pub(super) hosts: BTreeSet<String>,
    /// The words from which it may put an address together; empty if it does not.
    pub(super) pieces: BTreeSet<String>,
    /// Whether it only stores data, so that what follows works as it would without the script.
    pub(super) is_inert: bool,
    /// Whether all of it was parsed without errors.
    pub(super) is_whole: bool,
}

/// Cache of scripts that were read; most pages of a theme have the same scripts.
#[derive(Default)]
pub(super) struct Readings(Mutex<HashMap<String, Arc<Reading>>>);

impl Readings {
    /// Returns what a script may do.
    pub(super) fn of(&self, script: &str) -> Arc<Reading> {
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(reading) = known().get(script) {
            return Arc::clone(reading);
        }
        let reading = Arc::new(read(script));
        known().insert(script.to_owned(), Arc::clone(&reading));
        reading
    }
}

/// Words of which a script needs one to insert or run what an element holds.
const INSERTS: &[&str] =
    &["Function", "HTML", "append", "eval", "insert", "replace", "setTimeout", "write"];

/// Reads a script as it is written, and in its worst forms: with the missing parts of its names filled in,
/// and with letters decoded that it spells by their code.
fn read(script: &str) -> Reading {
    let mut reading = read_written(script);
    for worst in [completed(script), spelled_out(script)].into_iter().flatten() {
        let worst = read_written(&worst);
        let leaves = (reading.leaves.is_empty() && !worst.leaves.is_empty()).then_some(None);
        reading.leaves.extend(leaves);
        reading.goes |= worst.goes;
        reading.goes_anywhere |= worst.goes_anywhere;
        reading.goes_there |= worst.goes_there;
        reading.inserts |= worst.inserts;
        reading.reads_page |= worst.reads_page;
        reading.clicked.extend(worst.clicked);
        reading.hosts.extend(worst.hosts);
        reading.is_inert &= worst.is_inert;
    }
    reading
}

fn read_written(text: &str) -> Reading {
    let script = javascript::read(&Code::with_holes(text, HOLE));
    let mut leaves: BTreeSet<Option<String>> = BTreeSet::new();
    let (mut goes_anywhere, mut goes_there) = (false, false);
    for way in script.ways.iter().filter(|way| way.kind == WayKind::Leaves) {
        goes_anywhere |= is_open(way);
        if way.timing != Timing::Waits {
            goes_there |= is_open(way);
            leaves.extend(addresses(&way.targets, &script.texts));
        }
    }
    // A `plaintext` element turns the rest of the page into text, which hides it.
    let hides = script.texts.iter().any(|text| text.contains("<plaintext"));
    if hides && leaves.is_empty() {
        leaves.insert(script.texts.iter().find_map(|text| absolute(text)));
    }
    let may_navigate = may_navigate(text, &script.texts);
    let is_pieced = goes_anywhere || may_navigate || script.ways.iter().any(|way| !way.is_seen());
    let seen = script.ways.iter().filter(|way| way.is_seen());
    let targets = seen.flat_map(|way| &way.targets);
    let targets: Vec<String> = targets.map(|target| target.with_holes(HOLE)).collect();
    let by_itself = script.ways.iter().filter(|way| way.timing != Timing::Waits);
    let named = script.texts.iter().chain(&targets).flat_map(|text| hosts(text));
    let open = targets.iter().filter_map(|target| open_host(target));
    Reading {
        inserts: !script.is_inert && INSERTS.iter().any(|word| text.contains(word)),
        reads_page: goes_there && reads_elements(text),
        clicked: by_itself.clone().filter(|way| way.kind == WayKind::Clicks).map(clicked).collect(),
        goes_there,
        leaves,
        goes: hides || may_navigate || script.ways.iter().any(|way| way.kind != WayKind::Opens),
        goes_anywhere,
        hosts: named.chain(open).collect(),
        pieces: if is_pieced { pieces(&script.texts) } else { BTreeSet::new() },
        is_inert: script.is_inert,
        is_whole: script.is_whole,
    }
}

/// Matches what returns the text or an attribute of an element of the page.
static READS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?-u:\b)(?:action|content|getAttribute|href|innerHTML|innerText|links|nodeValue|outerHTML|src|text|textContent|title|value)(?-u:\b)|\.\s*(?:attr|html|prop|val)\s*\(",
    )
});

/// Whether a script may read an address from an element of the page.
fn reads_elements(script: &str) -> bool {
    READS.is_match(&script.replace("location.href", ""))
}

/// Returns the ID of the element that a script clicks; empty if it is unknown.
fn clicked(way: &Way) -> String {
    way.targets.first().map(|id| id.with_holes(HOLE)).unwrap_or_default()
}

/// Returns the addresses that a way leads to: its own, or else the first that the script names.
fn addresses(targets: &[Value], texts: &BTreeSet<String>) -> Vec<Option<String>> {
    let is_known = |target: &&Value| !target.is_unknown();
    let own: Vec<Option<String>> =
        targets.iter().filter(is_known).map(|target| absolute(&target.with_holes(HOLE))).collect();
    match own.is_empty() {
        true => vec![texts.iter().find_map(|text| absolute(text))],
        false => own,
    }
}

/// Whether the host that a way leads to is unknown.
fn is_open(way: &Way) -> bool {
    let is_open =
        |target: &Value| target.is_unknown() || open_host(&target.with_holes(HOLE)).is_some();
    way.targets.is_empty() || way.targets.iter().any(is_open)
}

/// Returns the host of an address, if it contains a hole.
fn open_host(address: &str) -> Option<String> {
    let address = address.trim_start();
    let scheme = ["https:", "http:"].into_iter().find(|scheme| address.starts_with(scheme));
    let rest = address[scheme.map_or(0, str::len)..].strip_prefix("//")?;
    let host = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    host.contains(HOLE).then(|| host.to_ascii_lowercase())
}

/// Maximum number of words that are put together.
const MAX_WORDS: usize = 300;

/// Returns the words in texts; none if there are too many.
fn pieces(texts: &BTreeSet<String>) -> BTreeSet<String> {
    let words: BTreeSet<String> =
        texts.iter().flat_map(|text| words(text)).take(MAX_WORDS + 1).collect();
    if words.len() > MAX_WORDS { BTreeSet::new() } else { words }
}

fn is_part(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "-.".contains(letter)
}

/// Returns the words of a text that may be a part of a host.
pub(super) fn words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|letter| !is_part(letter)).filter(|word| word.len() > 1);
    words.map(str::to_ascii_lowercase)
}

/// Returns the hosts that a text names.
pub(super) fn hosts(text: &str) -> Vec<String> {
    let plain = text.contains('%').then(|| decoded(text));
    let text = plain.as_deref().unwrap_or(text);
    let words = words(text).map(|word| word.trim_matches('.').to_owned());
    let full = absolute(text).and_then(|address| Url::parse(&address).ok());
    let full = full.and_then(|address| Some(address.host_str()?.to_owned()));
    words.filter(|word| word.contains('.')).chain(full).collect()
}

/// Decodes the percent escapes in a text.
fn decoded(text: &str) -> String {
    let text = text.replace('+', "%2B").replace(['&', '='], " ");
    let mut decoded = url::form_urlencoded::parse(text.as_bytes());
    decoded.next().map(|(text, _)| text.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leads_to(script: &str) -> Vec<Option<String>> {
        read(script).leaves.into_iter().collect()
    }

    #[test]
    fn scripts_that_navigate_by_themselves_leave() {
        let there = [Some("https://a.example/".to_owned())];
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
            "loca\0tion = 'https://a.example'",
            "window.lo\0on.replace('/cart')",
            "location.re\0lace('/cart')",
        ] {
            assert_eq!(leads_to(script), [None], "{script}");
        }
    }

    #[test]
    fn ordinary_shop_scripts_do_not_leave() {
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
            "var item\0 = 'https://a.example'",
            "product_\0_location = 'https://a.example'",
            "{{",
        ] {
            assert_eq!(leads_to(script), [], "{script}");
        }
    }
}
