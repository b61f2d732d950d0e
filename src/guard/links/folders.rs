//! Copies folders from which a kept page includes a template by a name that is found at run time.
//!
//! The copy holds all templates of the folder under their own names, so that the include finds the same one.

use super::copies::Copies;
use super::plan::{Planner, renaming};
use crate::text::TextEdit;
use crate::theme::template_path;
use std::collections::{BTreeMap, BTreeSet};

impl<'a> Planner<'a> {
    /// Returns the names that templates include.
    pub(super) fn named(&self) -> BTreeSet<&'a str> {
        let files = self.closure.keys().filter_map(|name| self.templates.get(name));
        files.flat_map(|file| &file.includes).map(|include| include.name.as_str()).collect()
    }

    /// Reports whether the kept pages need a copy of a folder: one of its templates changes, in a copy.
    fn is_copied_folder(&self, folder: &str, changed: &BTreeSet<&str>) -> bool {
        let mut members = self.templates.in_folder(folder);
        members.any(|name| changed.contains(name) && self.is_copied(name))
    }

    /// Returns the edits that make a template take its dynamic components from copies.
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

    /// Returns the files of all copies of folders.
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
        // Overlapping edits are reported where the template itself is planned.
        let texts = members.filter_map(|(name, copy)| {
            let edits = self.template_edits(name, changed, copies).ok()?;
            Some((template_path(&copy), edits.apply(self.theme.template(name)?)))
        });
        texts.collect()
    }
}
