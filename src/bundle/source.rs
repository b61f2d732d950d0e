//! One template as the official assembler sees it: decoded text and its references.

use crate::theme::references::{self, References};
use crate::theme::{File, Theme};
use std::borrow::Cow;
use std::sync::Arc;

/// One template.
#[derive(Clone, Debug)]
pub(super) struct Source<'a> {
    /// The whole text, including front matter; bytes that are not UTF-8 are replaced.
    pub text: Cow<'a, str>,
    /// The references in the text.
    pub references: Arc<References>,
    /// The names of `references.partials` as they are looked up, followed by those of the templates in the
    /// dynamic folders.
    pub includes: Vec<String>,
}

impl Source<'_> {
    /// Reports whether the spans of the references are positions in the text; not so for the rewritten text
    /// of a package's template, or for text with replaced bytes.
    pub fn has_places(&self) -> bool {
        matches!(self.text, Cow::Borrowed(_))
    }
}

/// Reads one of the theme's own templates.
pub(super) fn own<'a>(theme: &Theme, file: &'a File) -> Source<'a> {
    let text = String::from_utf8_lossy(&file.bytes);
    let references = file.derived(0, |_| references::find(&text));
    let partials = references.partials.iter().map(|found| found.name.clone());
    let dynamic = folder_templates(theme, &references, "");
    Source { includes: partials.chain(dynamic).collect(), references, text }
}

/// Returns the templates directly in the dynamic folders of `references`, each prefixed with `base`.
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
