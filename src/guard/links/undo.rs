//! Gives links their names back, and takes out the copies that were made for them.

use super::edits;
use crate::guard::names;
use crate::text::{EditSet, TextEdit};
use crate::theme::Theme;
use crate::theme::pages::Templates;
use std::collections::BTreeMap;

/// Whether links were renamed in the theme, going by what only this tool writes.
pub fn is_renamed(theme: &Theme) -> bool {
    let has_copies = theme.template_names().any(names::is_copy);
    has_copies || theme.template(names::LINKS).is_some()
}

/// The theme with its links as they were. Nothing else of a guard may be left in it.
pub fn undo(theme: &Theme) -> Theme {
    let originals = theme.template_names().filter(|name| !names::is_reserved(name));
    let copies = names::copies(originals);
    let original_of: BTreeMap<&str, &str> =
        copies.iter().map(|(name, copy)| (copy.as_str(), name.as_str())).collect();
    let templates = Templates::new(theme);
    let restored = templates.iter().filter_map(|(name, file)| {
        let path = format!("templates/{name}.html");
        if names::is_copy(name) || name == names::LINKS {
            return Some((path, None));
        }
        let includes = file.includes.iter().flat_map(|include| {
            let original = original_of.get(include.name.as_str());
            original.into_iter().flat_map(|original| {
                include.name_spans.iter().map(|span| TextEdit {
                    span: *span,
                    replacement: original.as_bytes().to_vec(),
                    origin: "undo".to_owned(),
                })
            })
        });
        let source = theme.template(name)?;
        let text = EditSet::new(includes.collect()).ok()?.apply(source);
        let text = edits::restored(&text).unwrap_or(text);
        (text != source).then_some((path, Some(text)))
    });
    theme.with(restored.collect::<Vec<_>>())
}
