//! Reads the scripts of a theme: those in templates, and the files that pages load.
//!
//! Each file is analyzed once. The addresses in a script are reported as they are spelled there; other
//! modules determine what they mean for shoppers.

use super::Theme;
use super::pages::{TemplateFile, Templates};
use super::script_bundles::{self, source_of};
use crate::syntax::ast::ExpressionKind;
use crate::syntax::calls::each_call;
use crate::syntax::html::{Markup, markup};
use crate::syntax::javascript::{self, Code, Script, Timing, Value, WayKind};
use crate::syntax::parse;
use crate::text::Span;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// A place in a script that leads to another page.
#[derive(Clone, Debug, PartialEq)]
pub struct Lead {
    /// Where it is in its file.
    pub span: Span,
    /// Whether the script writes a link there and does not navigate itself.
    pub is_link: bool,
    /// Whether it runs only after the visitor does something.
    pub waits: bool,
    /// The address as a template would spell it; `{{unknown}}` marks the parts known only at run time.
    pub address: String,
    /// The address in readable form; empty if nothing is known of it.
    pub written: String,
}

/// The analysis of one script file.
#[derive(Clone, Debug)]
struct ScriptFile {
    leads: Vec<Lead>,
    /// The addresses to which it navigates, as far as they are known.
    targets: Vec<Value>,
    imports: Vec<javascript::Import>,
    /// The script files of the theme that it names without importing them.
    named: Vec<String>,
    /// The templates that it requests.
    templates: BTreeSet<String>,
}

/// The analysis of the scripts of a template.
#[derive(Default)]
struct InTemplate {
    leads: Arc<Vec<Lead>>,
    /// The script files that it names.
    files: Vec<String>,
    /// Whether it loads a script file whose name is put together when the page is printed.
    loads_any: bool,
}

/// Returns where the scripts and handlers of a template lead.
pub fn of_template(theme: &Theme, templates: &Templates, name: &str) -> Arc<Vec<Lead>> {
    in_template(theme, templates, name).leads.clone()
}

fn in_template(theme: &Theme, templates: &Templates, name: &str) -> Arc<InTemplate> {
    let source = theme.template(name).unwrap_or_default();
    let find = |file: &TemplateFile| {
        let mut found = in_markup(source, &templates.markup(theme, name));
        each_call(file.syntax.statements().unwrap_or_default(), &mut |call| {
            let given = call.hash.iter().map(|pair| &pair.value.kind);
            found.files.extend(given.filter_map(|given| match given {
                ExpressionKind::String(text) if is_script(text) => Some(text.clone()),
                _ => None,
            }));
        });
        found
    };
    templates.derived(name, find).unwrap_or_default()
}

fn in_markup(source: &[u8], markup: &Markup) -> InTemplate {
    let (mut leads, mut files) = (Vec::new(), Vec::new());
    for pieces in scripts(source, markup) {
        let code = Code::in_template(source, &pieces);
        let script = javascript::read(&code);
        files.extend(script.texts.iter().flat_map(|text| files_in(text)));
        let place = |span: Range<usize>| Span::new(code.origin(span.start), code.origin(span.end));
        leads.extend(self::leads(&script, place));
    }
    for value in handlers(source, markup) {
        if let Some(code) = Code::in_attribute(source, value) {
            leads.extend(self::leads(&javascript::read(&code), |_| value));
        }
    }
    leads.sort_by_key(|lead| lead.span);
    let mut loads_any = false;
    for (element, value) in of_elements(source, markup) {
        let named = match (element, is_plain(&value)) {
            ("script", true) => vec![value.clone()],
            _ => files_in(&value),
        };
        loads_any |= element == "script" && is_put_together(&value, &named);
        files.extend(named);
    }
    InTemplate { leads: Arc::new(leads), files, loads_any }
}

/// Elements that load scripts, each with the attribute that names the script.
const LOADING: &[(&str, &str)] =
    &[("script", "src"), ("script", "href"), ("script", "xlink:href"), ("link", "href")];

/// Returns the elements that load scripts, each with the address that names the script.
fn of_elements(source: &[u8], markup: &Markup) -> Vec<(&'static str, String)> {
    let named = LOADING.iter().flat_map(|(element, attribute)| {
        let tags = markup.tags.iter().filter(move |tag| tag.element == *element);
        let values = tags.flat_map(|tag| tag.named(source, attribute));
        values.filter_map(|value| value.value).map(move |value| (*element, value))
    });
    named
        .map(|(element, value)| (element, String::from_utf8_lossy(value.of(source)).into_owned()))
        .collect()
}

/// Whether an address is that of a file of the theme, whose name it does not spell out in one piece.
fn is_put_together(address: &str, named: &[String]) -> bool {
    let is_of_theme = ["cdn", "getVar"].iter().any(|helper| address.contains(helper));
    !is_plain(address) && is_of_theme && (named.is_empty() || address.contains("concat"))
}

/// Reports whether an address is plain text, without mustaches, a query or blanks.
fn is_plain(address: &str) -> bool {
    !address.contains(['{', '?', ' '])
}

/// Returns the script files that a text names; the text may be a template.
fn files_in(text: &str) -> Vec<String> {
    let words = text.split(['"', '\'', '?', ' ', '}', '{', '#', '(', ')', '<', '>']);
    words.filter(|word| is_script(word)).map(str::to_owned).collect()
}

/// The extensions of script files.
const ENDS: &[&str] = &[".js", ".mjs", ".jsx"];

fn is_script(path: &str) -> bool {
    ENDS.iter().any(|end| path.ends_with(end))
}

/// Returns the pieces of each script; only mustaches separate the pieces.
fn scripts(source: &[u8], markup: &Markup) -> Vec<Vec<Span>> {
    let mut scripts: Vec<Vec<Span>> = Vec::new();
    let pieces = markup.scripts.iter().filter(|text| text.element == "script");
    for piece in pieces.map(|text| text.span) {
        let before = scripts.last_mut().and_then(|pieces| Some((*pieces.last()?, pieces)));
        match before {
            // Another reading of the same text.
            Some((before, _)) if piece.start < before.end => {}
            Some((before, pieces)) if is_gap(&source[before.start..piece.start]) => {
                pieces.push(piece)
            }
            _ => scripts.push(vec![piece]),
        }
    }
    scripts
}

fn is_gap(text: &[u8]) -> bool {
    let lower = text.to_ascii_lowercase();
    memchr::memmem::find(&lower, b"</script").is_none()
}

/// Returns the values of attributes that are scripts.
fn handlers(source: &[u8], markup: &Markup) -> Vec<Span> {
    let attributes = markup.tags.iter().flat_map(|tag| &tag.attributes);
    let scripts = attributes.filter_map(|attribute| {
        let name = attribute.name.of(source).to_ascii_lowercase();
        let value = attribute.value?;
        let text = value.of(source).trim_ascii_start();
        let scheme = text.get(..11).map(<[u8]>::to_ascii_lowercase);
        let is_script = name.starts_with(b"on") || scheme.as_deref() == Some(b"javascript:");
        is_script.then_some(value)
    });
    scripts.collect()
}

fn leads(script: &Script, place: impl Fn(Range<usize>) -> Span) -> Vec<Lead> {
    let mut leads = Vec::new();
    for way in script.ways.iter().filter(|way| way.is_seen()) {
        let lead = |address: String, written: String| Lead {
            span: place(way.span.clone()),
            is_link: false,
            waits: way.timing == Timing::Waits,
            address,
            written,
        };
        match way.targets.as_slice() {
            [] => leads.push(lead("{{unknown}}".to_owned(), String::new())),
            targets => leads.extend(targets.iter().map(|target| match target.is_unknown() {
                true => lead("{{unknown}}".to_owned(), String::new()),
                false => lead(target.as_link(), target.for_people()),
            })),
        }
    }
    for (span, value) in &script.links {
        let text = value.as_link();
        let addresses = links_in(&text).into_iter().map(|address| Lead {
            span: place(span.clone()),
            is_link: true,
            waits: true,
            written: address.replace("{{unknown}}", "…").trim_start_matches('…').to_owned(),
            address,
        });
        leads.extend(addresses);
    }
    leads
}

/// Returns the addresses of the links in a piece of markup.
fn links_in(text: &str) -> Vec<String> {
    let source = text.as_bytes();
    let tags = markup(source, &parse(source)).tags;
    let links = tags.iter().filter(|tag| tag.element == "a");
    let values = links.flat_map(|tag| tag.named(source, "href")).filter_map(|href| href.value);
    values.map(|value| String::from_utf8_lossy(value.of(source)).into_owned()).collect()
}

/// Returns the script files of a theme that `pages` load, each with where it leads.
pub fn loaded_by(
    theme: &Theme,
    templates: &Templates,
    pages: &[&str],
) -> BTreeMap<String, Vec<Lead>> {
    let files = reached(theme, templates, pages);
    let of_file = |path: String| {
        let leads = file(theme, &path)?.leads.clone();
        Some((path, leads))
    };
    files.into_iter().filter_map(of_file).collect()
}

/// Returns the templates that the scripts of `pages` request, each with a script file that requests it.
pub fn asked_for(theme: &Theme, templates: &Templates, pages: &[&str]) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for path in reached(theme, templates, pages) {
        let file = file(theme, &path);
        let asked = file.map(|file| file.templates.clone()).unwrap_or_default();
        for name in asked {
            names.entry(name).or_insert_with(|| path.clone());
        }
    }
    names
}

/// Returns the script files that `pages` load, directly or through other script files.
fn reached(theme: &Theme, templates: &Templates, pages: &[&str]) -> BTreeSet<String> {
    let mut found: BTreeSet<String> = BTreeSet::new();
    pages.iter().for_each(|page| found.append(&mut loaded(theme, templates, page)));
    found
}

/// Returns the addresses to which the script files of a page navigate, as far as they are known.
pub fn targets_of_files(theme: &Theme, templates: &Templates, page: &str) -> Vec<Value> {
    let files = loaded(theme, templates, page);
    let files = files.iter().filter_map(|path| file(theme, path));
    let targets = files.flat_map(|file| file.targets.clone());
    targets.chain(targets_of_bundles(theme, templates, page)).collect()
}

/// Returns the addresses to which the bundles navigate that a page loads and whose sources were read
/// instead, as far as a bundle spells them out: its code may not be that of the sources.
fn targets_of_bundles(theme: &Theme, templates: &Templates, page: &str) -> Vec<Value> {
    let names = templates.closure(page).into_iter();
    let named = names.flat_map(|name| in_template(theme, templates, name).files.clone());
    let paths: BTreeSet<String> =
        named.map(|name| name.trim_start_matches(['.', '/']).to_owned()).collect();
    let bundles = paths.iter().filter(|path| source_of(theme, path) != **path);
    let files = bundles.filter_map(|path| theme.files.get(path.as_str()));
    files.flat_map(|file| script_bundles::targets(file)).collect()
}

/// Returns the script files that a page loads, directly or through other script files.
fn loaded(theme: &Theme, templates: &Templates, page: &str) -> BTreeSet<String> {
    let mut loaded = BTreeSet::new();
    let mut next: Vec<String> = Vec::new();
    for template in templates.closure(page) {
        let found = in_template(theme, templates, template);
        next.extend(found.files.iter().filter_map(|named| entry(theme, named)));
        if found.loads_any {
            next.extend(script_files(theme).cloned());
        }
    }
    while let Some(path) = next.pop() {
        let Some(file) = file(theme, &path) else { continue };
        if !loaded.insert(path.clone()) {
            continue;
        }
        let imports = file.imports.iter().filter(|import| is_for(page, &import.keys));
        next.extend(imports.filter_map(|import| resolved(theme, &path, &import.path)));
        next.extend(file.named.iter().filter_map(|name| entry(theme, name)));
    }
    loaded
}

/// Returns the script files of a theme.
fn script_files(theme: &Theme) -> impl Iterator<Item = &String> {
    let assets = theme.files.range("assets/".to_owned()..).map(|(path, _)| path);
    assets.take_while(|path| path.starts_with("assets/")).filter(|path| is_script(path))
}

/// Resolves a name in a page to a file of the theme, as the platform serves it: leading dots and slashes do
/// not count, and the name may omit `assets/`.
fn entry(theme: &Theme, name: &str) -> Option<String> {
    let plain = name.trim_start_matches(['.', '/']);
    let paths = [source_of(theme, plain), format!("assets/{plain}")];
    paths.into_iter().find(|path| theme.files.contains_key(path))
}

/// Reports whether an import with these keys, which are page types, is loaded on `page`.
fn is_for(page: &str, keys: &BTreeSet<String>) -> bool {
    let plain =
        |text: &str| text.replace(|c: char| !c.is_ascii_alphanumeric(), "").to_ascii_lowercase();
    let last = page.rsplit('/').next().unwrap_or_default();
    let is_type = |key: &String| {
        let key = plain(key);
        let is_account = page.starts_with("pages/account/");
        match key.as_str() {
            "default" | "global" => true,
            _ if is_account => {
                ["account", "shippingaddress", "wishlist"].iter().any(|word| key.contains(word))
            }
            _ => key == plain(last) || page.replace('/', "").ends_with(&key),
        }
    };
    keys.is_empty() || keys.iter().any(is_type)
}

/// Resolves the path of an import in a module to a file of the theme.
fn resolved(theme: &Theme, from: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    match path.chars().next() {
        Some('.') => {}
        Some('/') => return entry(theme, path),
        _ => return None,
    }
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    let path = parts.join("/");
    let names = [path.clone(), format!("{path}.js"), format!("{path}/index.js")];
    names.into_iter().find(|name| theme.files.contains_key(name))
}

/// Returns the analysis of a script file; `None` if the theme has no such file.
fn file(theme: &Theme, path: &str) -> Option<Arc<ScriptFile>> {
    let name = path.rsplit('/').next().unwrap_or_default();
    let file = theme.files.get(path).filter(|_| is_script(name) || !name.contains('.'))?;
    Some(file.derived(0, script_file))
}

fn script_file(source: &[u8]) -> ScriptFile {
    let text = String::from_utf8_lossy(source);
    let code = Code::with_holes(&text, '\u{fdd1}');
    let script = javascript::read(&code);
    let leads = leads(&script, |span| Span::new(span.start, span.end));
    let named = script.texts.iter().filter(|text| text.starts_with("/assets/"));
    let named = named.flat_map(|text| files_in(text)).collect();
    let ways = script.ways.into_iter().filter(|way| way.kind == WayKind::Leaves);
    ScriptFile {
        leads,
        targets: ways.flat_map(|way| way.targets).collect(),
        imports: script.imports,
        named,
        templates: script.templates,
    }
}
