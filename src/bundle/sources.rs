//! All templates as the official assembler has them: decoded text and what it refers to, and the
//! findings about references that lead nowhere.

use super::external;
use super::misread;
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
    /// a warning if only the official assembler does, as in a comment. And a warning for each include that
    /// only the engine sees.
    pub fn missing(&self, templates: &Templates) -> Vec<Finding> {
        let mut places: BTreeMap<Lost<'_>, Vec<Location>> = BTreeMap::new();
        for (template, source) in self.reached() {
            let at = |reference: &Reference| Location {
                path: self.path(template),
                span: matches!(source.text, Cow::Borrowed(_)).then_some(reference.span),
            };
            let file = templates.get(template).filter(|_| matches!(source.text, Cow::Borrowed(_)));
            let partials = source.references.partials.iter().zip(&source.includes);
            for (reference, name) in partials.filter(|(_, name)| self.get(name).is_none()) {
                let lost = match file.and_then(|file| misread::include(file, reference)) {
                    Some(include) => Lost::Misread(&include.name, name),
                    None => Lost::Template(name),
                };
                places.entry(lost).or_default().push(at(reference));
            }
            let folders = source.references.folders.iter();
            for reference in folders.filter(|folder| !self.has_folder(&folder.name)) {
                places.entry(Lost::Folder(&reference.name)).or_default().push(at(reference));
            }
        }
        let missing = places.into_iter().map(|(lost, places)| {
            let mut finding = missing(lost, places);
            if let Lost::Template(name) = lost
                && !external::is_external(name)
                && !templates.needs(name)
            {
                finding.severity = Severity::Warning;
                finding.help = Some(NOT_NEEDED.to_owned());
            }
            finding
        });
        missing.chain(misread::left_out(self, templates)).collect()
    }

    /// The templates that get a parsed file and those they include, with their names.
    fn reached(&self) -> Vec<(&str, &Source<'a>)> {
        let mut next: Vec<&str> = self.listed().chain(self.listed_external()).collect();
        let mut seen: BTreeMap<&str, &Source<'a>> = BTreeMap::new();
        while let Some(name) = next.pop() {
            if let Some(source) = self.get(name)
                && seen.insert(name, source).is_none()
            {
                next.extend(source.includes.iter().map(String::as_str));
            }
        }
        seen.into_iter().collect()
    }

    /// Where a template lies below the theme's root.
    fn path(&self, name: &str) -> String {
        external::package_path(name)
            .filter(|_| self.theme.template(name).is_none())
            .unwrap_or_else(|| format!("templates/{}.html", name.trim_start_matches('/')))
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
    let references = file.derived(0, |_| references::find(&text));
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
            .filter(|rest| !rest.contains('/'))
            .filter_map(|rest| rest.strip_suffix(".html").filter(|name| !name.is_empty()))
            .map(|name| format!("{base}{folder}/{name}"))
            .collect()
    };
    folders.into_iter().flat_map(names_in).collect()
}

fn file_name(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// What is mentioned and not there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Lost<'a> {
    Template(&'a str),
    /// The engine's name, and what the assembler reads of it.
    Misread(&'a str, &'a str),
    Folder(&'a str),
}

fn missing(lost: Lost<'_>, mut places: Vec<Location>) -> Finding {
    places.sort_by(|one, other| (&one.path, one.span).cmp(&(&other.path, other.span)));
    let mut places = places.into_iter();
    Finding {
        primary: places.next(),
        related: places.map(|place| (place, "also referred to here".to_owned())).collect(),
        ..match lost {
            Lost::Misread(name, read) => misread::unreadable(name, read),
            Lost::Folder(name) => nowhere(
                format!("the folder `templates/{name}` of dynamic components does not exist"),
                OWN,
            ),
            Lost::Template(name) if name.contains(['"', '\'']) && external::is_external(name) => {
                nowhere(format!("the official bundler cannot follow `{name}`"), QUOTED)
            }
            Lost::Template(name) if external::is_external(name) => {
                nowhere(format!("the package template `{name}` is not there"), PACKAGE)
            }
            Lost::Template(name) => nowhere(format!("the template `{name}` does not exist"), OWN),
        }
    }
}

fn nowhere(what: String, help: &str) -> Finding {
    Finding::new(Code::MissingPartial, what).help(help)
}

const OWN: &str = "create the file or remove the reference; the platform's bundler counts references in comments, too";
const PACKAGE: &str = "run `npm ci` in the theme's folder first, or remove the reference; a zip downloaded from the store needs no packages";
const QUOTED: &str = "inside a package, includes must be written without quotes; ask its author, or do without the template";
