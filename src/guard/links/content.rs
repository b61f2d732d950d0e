//! Finds the templates that are a page's own content, not part of the layout around it.

use crate::theme::Theme;
use crate::theme::pages::Templates;
use std::collections::{BTreeMap, BTreeSet};

/// Start tags that only a whole document has.
const DOCUMENT: &[&str] = &["html", "head", "body"];

/// Returns, for each template, the pages whose content it is part of.
pub fn content_of<'t>(
    theme: &Theme,
    templates: &'t Templates,
    pages: impl Iterator<Item = &'t str>,
) -> BTreeMap<&'t str, BTreeSet<&'t str>> {
    let mut content: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for page in pages {
        let mut next = vec![page];
        while let Some(name) = next.pop() {
            if content.entry(name).or_default().insert(page) {
                let included = templates.included_by(name).into_iter();
                next.extend(included.filter(|name| !is_around(theme, templates, name)));
            }
        }
    }
    content
}

fn is_around(theme: &Theme, templates: &Templates, name: &str) -> bool {
    let is_document = || {
        let markup = templates.markup(theme, name);
        markup.tags.iter().any(|tag| DOCUMENT.contains(&tag.element.as_str()))
    };
    name.starts_with("layout/") || is_document()
}
