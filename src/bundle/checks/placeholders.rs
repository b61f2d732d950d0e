//! Checks that templates print what scripts of the store and its apps need to run.

use crate::text::{Code, Finding};
use crate::theme::Theme;
use memchr::memmem;

/// Names that templates must print: each must be alone in braces in some template.
const REQUIRED: &[&str] = &["head.scripts", "footer.scripts"];

/// Reports the required names that no template prints.
pub(super) fn check(theme: &Theme) -> Option<Finding> {
    let is_missing = |name: &&&str| {
        let mut templates = theme.template_names().filter_map(|template| theme.template(template));
        !templates.any(|text| prints(text, name))
    };
    let missing = REQUIRED.iter().filter(is_missing).map(|name| format!("`{{{{{{{name}}}}}}}`"));
    let missing: Vec<String> = missing.collect();
    (!missing.is_empty()).then(|| {
        let message = format!("no template prints {}", missing.join(" or "));
        Finding::new(Code::MissingPlaceholder, message).help(
            "add it to the layout; without it scripts of the store and its apps do not run, and some official bundlers stop here",
        )
    })
}

/// Reports whether `text` contains `name` in braces.
fn prints(text: &[u8], name: &str) -> bool {
    memmem::find_iter(text, name).any(|at| {
        text[..at].trim_ascii_end().ends_with(b"{")
            && text[at + name.len()..].trim_ascii_start().starts_with(b"}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_is_printed_only_if_alone_in_braces() {
        assert!(prints(b"{{{head.scripts}}}", "head.scripts"));
        assert!(prints(b"{{ head.scripts\n}}", "head.scripts"));
        assert!(!prints(b"{{#if head.scripts}}", "head.scripts"));
        assert!(!prints(b"head.scripts", "head.scripts"));
    }
}
