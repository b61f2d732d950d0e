//! All templates as the official assembler has them: decoded text and what it refers to, and the
//! findings about references that lead nowhere.

use super::external;
use super::references::{self, Reference, References};
use crate::text::{Code, Finding, Location, Severity};
use crate::theme::pages::Templates;
use crate::theme::{File, Theme};
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One template.
#[derive(Clone, Debug)]
pub(super) struct Source<'a> {
    /// Its whole text, front matter included; bytes that are not UTF-8 are replaced.
    pub text: Cow<'a, str>,
    /// What the text mentions.
    pub references: Arc<References>,
    /// The names of `references.partials` as they are looked up, then those of the templates in
    /// its dynamic folders.
    pub includes: Vec<String>,
}

/// All templates of a theme by name, and those of packages that they refer to.
#[derive(Debug)]
pub(super) struct Sources<'a> {
    theme: &'a Theme,
    by_name: BTreeMap<String, Source<'a>>,
}

impl<'a> Sources<'a> {
    /// Reads all templates of `theme`.
    pub fn new(theme: &'a Theme) -> Self {
        let names: Vec<&str> = theme.template_names().collect();
        let by_name = names
            .par_iter()
            .filter_map(|name| {
                Some(((*name).to_owned(), source(theme, theme.template_file(name)?)))
            })
            .collect();
        let mut sources = Self { theme, by_name };
        sources.add_external();
        sources
    }

    /// One template by a name that a template may spell with a leading slash.
    pub fn get(&self, name: &str) -> Option<&Source<'a>> {
        self.by_name.get(name.trim_start_matches('/'))
    }

    /// The names of the templates that get a parsed file: all but hidden ones.
    pub fn listed(&self) -> impl Iterator<Item = &str> {
        self.by_name
            .keys()
            .map(String::as_str)
            .filter(|name| !file_name(name).is_empty() && !file_name(name).starts_with('.'))
            .filter(|name| !external::is_external(name) || self.theme.template(name).is_some())
    }

    /// The names of package templates that get a parsed file of their own.
    pub fn listed_external(&self) -> Vec<&str> {
        let packages: BTreeSet<String> = self
            .listed()
            .filter_map(|name| self.get(name))
            .flat_map(|source| &source.references.partials)
            .filter(|reference| reference.quoted)
            .filter_map(|reference| external::templates_folder(&reference.name))
            .collect();
        self.by_name
            .keys()
            .map(String::as_str)
            .filter(|name| packages.iter().any(|folder| name.starts_with(folder)))
            .collect()
    }

    /// One finding for each name that is mentioned and not there: an error if the engine needs it,
    /// a warning if only the official assembler does, as in a comment.
    pub fn missing(&self, templates: &Templates) -> Vec<Finding> {
        let mut places: BTreeMap<(&str, bool), Vec<Location>> = BTreeMap::new();
        for (path, source) in self.reached() {
            let at = |reference: &Reference| Location {
                path: path.clone(),
                span: matches!(source.text, Cow::Borrowed(_)).then_some(reference.span),
            };
            let partials = source.references.partials.iter().zip(&source.includes);
            for (reference, name) in partials.filter(|(_, name)| self.get(name).is_none()) {
                let list = places.entry((name, false)).or_default();
                list.push(at(reference));
            }
            let folders = source.references.folders.iter();
            for reference in folders.filter(|folder| !self.has_folder(&folder.name)) {
                let list = places.entry((&reference.name, true)).or_default();
                list.push(at(reference));
            }
        }
        places
            .into_iter()
            .map(|((name, is_folder), places)| {
                let mut finding = missing(name, is_folder, places);
                if !is_folder && !external::is_external(name) && !templates.needs(name) {
                    finding.severity = Severity::Warning;
                    finding.help = Some(NOT_NEEDED.to_owned());
                }
                finding
            })
            .collect()
    }

    /// The listed templates and those they include, with their paths.
    fn reached(&self) -> Vec<(String, &Source<'a>)> {
        let mut next: Vec<&str> = self.listed().collect();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        while let Some(name) = next.pop() {
            if let Some(source) = self.get(name)
                && seen.insert(name)
            {
                next.extend(source.includes.iter().map(String::as_str));
            }
        }
        let path = |name: &str| {
            external::package_path(name)
                .filter(|_| self.theme.template(name).is_none())
                .unwrap_or_else(|| format!("templates/{}.html", name.trim_start_matches('/')))
        };
        seen.into_iter().filter_map(|name| Some((path(name), self.get(name)?))).collect()
    }

    fn has_folder(&self, folder: &str) -> bool {
        let folder = format!("templates/{}", folder.trim_start_matches('/'));
        self.theme.directories.contains(&folder)
    }

    /// Reads the templates of packages that are referred to, until there are no new ones.
    fn add_external(&mut self) {
        let mentioned = |source: &Source<'_>| -> Vec<String> {
            let external = |name: &&String| external::is_external(name);
            source.includes.iter().filter(external).cloned().collect()
        };
        let mut next: Vec<String> = self.by_name.values().flat_map(mentioned).collect();
        next.extend(external::whole_packages(self.theme, &self.by_name));
        while let Some(name) = next.pop() {
            if self.by_name.contains_key(&name) {
                continue;
            }
            if let Some(source) = external::read(self.theme, &name) {
                next.extend(mentioned(&source));
                self.by_name.insert(name, source);
            }
        }
    }
}

/// What to do about a name that nothing renders.
const NOT_NEEDED: &str =
    "no page needs it, but the official bundler would stop here; remove the mention if you use it";

/// One template of the theme's own.
fn source<'a>(theme: &Theme, file: &'a File) -> Source<'a> {
    let text = String::from_utf8_lossy(&file.bytes);
    let references = file.known(0, |_| references::find(&text));
    let partials = references.partials.iter().map(|found| found.name.clone());
    let dynamic = folder_templates(theme, &references, "");
    Source { includes: partials.chain(dynamic).collect(), references, text }
}

/// The templates directly in the dynamic folders that `references` names, each behind `base`.
pub(super) fn folder_templates(theme: &Theme, references: &References, base: &str) -> Vec<String> {
    let mut folders: Vec<&str> = Vec::new();
    for folder in &references.folders {
        if !folders.contains(&folder.name.as_str()) {
            folders.push(&folder.name);
        }
    }
    let names_in = |folder: &str| -> Vec<String> {
        let path = format!("templates/{}/", folder.trim_start_matches('/'));
        let files = theme.files.range(path.clone()..).map(|(path, _)| path);
        files
            .map_while(|file| file.strip_prefix(&path))
            .filter(|rest| !rest.contains('/') && !rest.starts_with('.'))
            .filter_map(|rest| rest.strip_suffix(".html"))
            .map(|name| format!("{base}{folder}/{name}"))
            .collect()
    };
    folders.into_iter().flat_map(names_in).collect()
}

fn file_name(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

fn missing(name: &str, is_folder: bool, mut places: Vec<Location>) -> Finding {
    let what = match (is_folder, external::is_external(name)) {
        (true, _) => format!("the folder `templates/{name}` of dynamic components does not exist"),
        (false, true) => format!("the package template `{name}` is not there"),
        (false, false) => format!("the template `{name}` does not exist"),
    };
    let help = if external::is_external(name) {
        "run `npm ci` in the theme's folder first, or remove the reference; a zip downloaded from the store needs no packages"
    } else {
        "create the file or remove the reference; the platform's bundler counts references in comments, too"
    };
    places.sort_by(|one, other| (&one.path, one.span).cmp(&(&other.path, other.span)));
    let mut places = places.into_iter();
    let mut finding = Finding::new(Code::MissingPartial, what).help(help);
    finding.primary = places.next();
    finding.related = places.map(|place| (place, "also referred to here".to_owned())).collect();
    finding
}
