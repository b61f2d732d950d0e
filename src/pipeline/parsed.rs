//! Compares the parsed templates that a bundle holds with the theme's own.

use crate::bundle::{parsed_names, parsed_path};
use crate::text::{Code, Finding};
use crate::theme::{ParsedTexts, Theme, template_path};
use std::collections::{BTreeMap, BTreeSet};

/// A parsed file: the texts of a template and of everything that it includes, by name.
type Texts = BTreeMap<String, String>;

/// Returns what is wrong with a bundle's parsed templates, given by file name. The platform renders these
/// instead of the theme's own templates and finds each by its file name, so both must be the same.
pub fn stale(theme: &Theme, parsed: &BTreeMap<String, Vec<u8>>) -> Vec<Finding> {
    if parsed.is_empty() {
        return Vec::new();
    }
    let read = |(path, bytes): (&String, &Vec<u8>)| {
        Some((path.clone(), serde_json::from_slice::<ParsedTexts>(bytes).ok()?.0))
    };
    let files: Option<BTreeMap<String, Texts>> = parsed.iter().map(read).collect();
    let Some(files) = files else {
        let message = "the bundle holds a parsed template that cannot be read";
        return vec![Finding::new(Code::StaleBundle, message).help(BUNDLE_AGAIN)];
    };
    let needed = parsed_names(theme);
    let stale = theme.template_names().filter(|name| is_stale(theme, &needed, &files, name));
    let pages = files.iter().filter_map(|(path, texts)| foreign_page(theme, path, texts));
    stale.map(stale_template).chain(pages.map(foreign)).collect()
}

/// Whether the parsed file of this name is missing, has another text, or lacks a template that it includes.
fn is_stale(
    theme: &Theme,
    needed: &BTreeMap<String, BTreeSet<String>>,
    files: &BTreeMap<String, Texts>,
    name: &str,
) -> bool {
    let own = String::from_utf8_lossy(theme.template(name).unwrap_or_default());
    let path = parsed_path(name);
    let is_whole = |texts: &Texts| {
        needed.get(&path).is_none_or(|names| names.iter().all(|name| texts.contains_key(name)))
    };
    let is_there = files.get(&path).map_or(!name.starts_with("pages/"), is_whole);
    !is_there || files.values().filter_map(|texts| texts.get(name)).any(|text| *text != own)
}

/// Returns the page of a parsed file if the theme has no page of that name.
fn foreign_page<'t>(theme: &Theme, path: &str, texts: &'t Texts) -> Option<&'t str> {
    let mut names = texts.keys().filter(|name| name.starts_with("pages/"));
    let name = names.find(|name| parsed_path(name) == path)?;
    theme.template(name).is_none().then_some(name)
}

fn stale_template(name: &str) -> Finding {
    let message = "the bundle's parsed template, which the platform renders, differs from this one";
    let finding = Finding::new(Code::StaleBundle, message).help(BUNDLE_AGAIN);
    finding.in_file(template_path(name))
}

fn foreign(page: &str) -> Finding {
    let message = format!("the bundle holds a page that the theme does not have: `{page}`");
    Finding::new(Code::StaleBundle, message).help(BUNDLE_AGAIN)
}

const BUNDLE_AGAIN: &str = "bundle the theme again";
