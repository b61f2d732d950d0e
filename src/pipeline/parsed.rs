//! Compares the parsed templates that a bundle holds with the theme's own.

use crate::text::{Code, Finding};
use crate::theme::Theme;
use std::collections::BTreeMap;

/// What is stale of a bundle's parsed templates, which the platform renders instead of the theme's
/// own: they must say the same.
pub fn stale(theme: &Theme, parsed: &[Vec<u8>]) -> Vec<Finding> {
    if parsed.is_empty() {
        return Vec::new();
    }
    let read = |bytes: &Vec<u8>| serde_json::from_slice::<BTreeMap<String, String>>(bytes).ok();
    let files: Option<Vec<BTreeMap<String, String>>> = parsed.iter().map(read).collect();
    let Some(files) = files else {
        let message = "the bundle holds a parsed template that cannot be read";
        return vec![Finding::new(Code::StaleBundle, message).help(BUNDLE_AGAIN)];
    };
    let is_stale = |name: &&str| {
        let own = String::from_utf8_lossy(theme.template(name).unwrap_or_default());
        let mut parsed = files.iter().filter_map(|file| file.get(*name)).peekable();
        let is_missing = name.starts_with("pages/") && parsed.peek().is_none();
        is_missing || parsed.any(|text| *text != own)
    };
    let finding = |name: &str| {
        let message =
            "the bundle's parsed template, which the platform renders, is another than this";
        let finding = Finding::new(Code::StaleBundle, message).help(BUNDLE_AGAIN);
        finding.in_file(format!("templates/{name}.html"))
    };
    theme.template_names().filter(is_stale).map(finding).collect()
}

const BUNDLE_AGAIN: &str = "bundle the theme again";
