//! Copies of folders of which a kept page prints one template, by a name that is found at run time.
//!
//! A template there keeps its own name, and all of them are in the copy, so that the same one is found.

use super::copies::Copies;
use super::plan::{Planner, renaming};
use crate::text::TextEdit;
use crate::theme::template_path;
use std::collections::{BTreeMap, BTreeSet};

impl<'a> Planner<'a> {
    /// What is included by its name.
    pub(super) fn named(&self) -> BTreeSet<&'a str> {
        let files = self.closure.keys().filter_map(|name| self.templates.get(name));
        files.flat_map(|file| &file.includes).map(|include| include.name.as_str()).collect()
    }

    /// Whether the kept pages need a copy of a folder: one of its templates changes, in a copy.
    fn is_copied_folder(&self, folder: &str, changed: &BTreeSet<&str>) -> bool {
        let mut members = self.templates.in_folder(folder);
        members.any(|name| changed.contains(name) && self.is_copied(name))
    }

    /// The edits that make a template take its dynamic components from copies.
    pub(super) fn folder_edits(
        &self,
        name: &str,
        changed: &BTreeSet<&str>,
        copies: &BTreeMap<String, String>,
    ) -> Vec<TextEdit> {
        let file = self.templates.get(name);
        let folders = file.into_iter().flat_map(|file| &file.dynamic_folders);
        let copied = folders.filter(|folder| self.is_copied_folder(&folder.name, changed));
        let edits = copied.filter_map(|folder| Some((folder.span, copies.get(&folder.name)?)));
        edits.map(|(span, copy)| renaming(span, copy)).collect()
    }

    /// The files of all copies of folders.
    pub(super) fn folder_copies(
        &self,
        changed: &BTreeSet<&str>,
        copies: &Copies,
    ) -> Vec<(String, Vec<u8>)> {
        let files = self.closure.keys().filter_map(|name| self.templates.get(name));
        let folders: BTreeSet<&str> = files
            .flat_map(|file| &file.dynamic_folders)
            .map(|folder| folder.name.as_str())
            .collect();
        let copied = folders.into_iter().filter(|folder| self.is_copied_folder(folder, changed));
        let copied = copied.filter_map(|folder| Some((folder, copies.folders.get(folder)?)));
        let members = copied.flat_map(|(folder, copy)| {
            self.templates
                .in_folder(folder)
                .map(move |name| (name, format!("{copy}{}", &name[folder.len()..])))
        });
        // Edits that meet are told where the template itself is looked at.
        let texts = members.filter_map(|(name, copy)| {
            let edits = self.template_edits(name, changed, copies).ok()?;
            Some((template_path(&copy), edits.apply(self.theme.template(name)?)))
        });
        texts.collect()
    }
}
