//! Restores the names of links, and removes the copies that were made for them.

use super::edits;
use crate::guard::names;
use crate::text::{EditSet, TextEdit};
use crate::theme::pages::Templates;
use crate::theme::{Theme, template_path};
use std::collections::BTreeMap;

/// Reports whether links were renamed in the theme, going by what only this tool writes.
pub fn is_renamed(theme: &Theme) -> bool {
    let has_copies = theme.template_names().any(names::is_copy);
    has_copies || theme.template(names::LINKS).is_some()
}

/// Returns the theme with its original links. Nothing else of a guard may be left in it.
pub fn undo(theme: &Theme) -> Theme {
    let originals = theme.template_names().filter(|name| !names::is_reserved(name));
    let bare = names::bare_copies(originals);
    let before_links: Vec<&str> = theme
        .template_names()
        .filter(|name| !names::is_reserved(name) || names::is_bare(name))
        .collect();
    let kept = names::copies(before_links.iter().copied());
    let folders = names::folder_copies(before_links.iter().copied());
    let folder_of: BTreeMap<&str, &str> =
        folders.iter().map(|(name, copy)| (copy.as_str(), name.as_str())).collect();
    let copies = bare.iter().chain(&kept);
    let source_of: BTreeMap<&str, &str> =
        copies.map(|(name, copy)| (copy.as_str(), name.as_str())).collect();
    let templates = Templates::new(theme);
    let restored = templates.iter().filter_map(|(name, file)| {
        let path = template_path(name);
        if names::is_copy(name) || name == names::LINKS {
            return Some((path, None));
        }
        let copied =
            file.includes.iter().filter(|include| source_of.contains_key(include.name.as_str()));
        let includes = copied.flat_map(|include| {
            let original = original(&source_of, &include.name);
            include.name_spans.iter().map(move |span| (*span, original))
        });
        let dynamic = file.dynamic_folders.iter();
        let folders =
            dynamic.filter_map(|folder| Some((folder.span, *folder_of.get(folder.name.as_str())?)));
        let edits = includes.chain(folders);
        let edits = edits.map(|(span, original)| TextEdit::new(span, original, "undo"));
        let source = theme.template(name)?;
        let text = EditSet::new(edits.collect()).ok()?.apply(source);
        let text = edits::restored(&text).unwrap_or(text);
        (text != source).then_some((path, Some(text)))
    });
    let texts = theme.files.iter().filter(|(path, _)| path.starts_with("lang/"));
    let texts =
        texts.filter_map(|(path, file)| Some((path.clone(), Some(edits::restored(&file.bytes)?))));
    theme.with(restored.chain(texts).collect::<Vec<_>>())
}

/// Returns the template that a copy, or the copy of a copy, was made from.
fn original<'n>(source_of: &BTreeMap<&'n str, &'n str>, copy: &'n str) -> &'n str {
    let mut name = copy;
    while let Some(source) = source_of.get(name) {
        name = source;
    }
    name
}
