//! All templates as the official assembler sees them, including those of packages.

use super::external;
use super::source::{self, Source};
use crate::theme::Theme;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// All templates of a theme by name, and the package templates that they refer to.
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
                Some(((*name).to_owned(), source::own(theme, theme.template_file(name)?)))
            })
            .collect();
        let mut sources = Self { theme, by_name };
        sources.add_external();
        sources
    }

    /// Returns a template by its name; leading slashes are ignored.
    pub fn get(&self, name: &str) -> Option<&Source<'a>> {
        self.by_name.get(name.trim_start_matches('/'))
    }

    /// Returns the names of the theme's templates that get a parsed file: all except hidden ones.
    pub fn listed(&self) -> impl Iterator<Item = &str> {
        self.by_name
            .keys()
            .map(String::as_str)
            .filter(|name| !file_name(name).is_empty() && !file_name(name).starts_with('.'))
            .filter(|name| !external::is_external(name) || self.theme.template(name).is_some())
    }

    /// Returns the names of the package templates that get a parsed file of their own.
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

    /// Returns the templates that get a parsed file, and all that they include, with their names.
    pub fn reached(&self) -> Vec<(&str, &Source<'a>)> {
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

    /// Returns the path of a template below the theme's root.
    pub fn path(&self, name: &str) -> String {
        external::package_path(name)
            .filter(|_| self.theme.template(name).is_none())
            .unwrap_or_else(|| format!("templates/{}.html", name.trim_start_matches('/')))
    }

    /// Reports whether the theme has the folder of a dynamic component.
    pub fn has_folder(&self, folder: &str) -> bool {
        let folder = format!("templates/{}", folder.trim_start_matches('/'));
        self.theme.directories.contains(&folder)
    }

    /// Reads package templates that are referred to, until there are no new ones.
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

fn file_name(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}
