//! The numbers of the errors that a store reports for an uploaded theme, and their meanings.

/// The numbers and their meanings. A meaning is empty if the store's own text is enough; those errors are
/// temporary.
const ERRORS: &[(&str, &str)] = &[
    ("TR-100", ""),
    ("TR-101", ""),
    (
        "TR-300",
        "the file is not a zip that the store can read; large source maps (`.js.map`) are one known cause",
    ),
    ("TR-301", "the zip could not be unpacked"),
    ("TR-400", "a file of a kind that the store does not take is in the theme"),
    (
        "TR-500",
        "the bundle has more than 50 MB, or a template has more than 1 MB with all it includes",
    ),
    ("TR-600", "the page `templates/pages/home.html` is missing"),
    ("TR-601", "a template is missing, or a file below `templates/` is not `.html`"),
    ("TR-700", ""),
    ("TR-800", "the file `config.json` is not what the store wants to read there"),
    (
        "TR-900",
        "the file `config.json` does not say who made the theme: `meta.author_name`, `author_email`, `author_support_url`",
    ),
    ("TR-901", "a variation in `config.json` has no `id`"),
    ("TR-902", "two variations in `config.json` have the same `id`"),
    ("TR-1000", "the file `schema.json` is not what the store wants to read there"),
    ("TR-1001", "the file `schema.json` is missing"),
    ("TR-1002", "the file `schema.json` is not what the store wants to read there"),
    ("TR-1003", "the file `schema.json` is not what the store wants to read there"),
    ("TR-1004", "the file `schema.json` is not what the store wants to read there"),
    ("TR-1005", "the file `schema.json` is not what the store wants to read there"),
    ("TR-1006", "the file `schema.json` has more than 64 KB without white space"),
    ("TR-1200", ""),
    ("TR-1300", ""),
    ("TR-1400", "the block before a page's text is not YAML that the store can read"),
    ("TR-1401", "the block before a page's text is not YAML that the store can read"),
    ("TR-1500", "another theme is being uploaded at the same time"),
    ("TR-1600", ""),
    ("TR-1700", ""),
    ("TR-1800", ""),
    ("TR-1801", ""),
    ("TR-1802", ""),
    ("TR-1803", ""),
    ("TR-3402", "the theme that is active cannot be changed"),
    (
        "TR-4400",
        "a setting that `schema.json` shows as a text field has more than 64 characters in `config.json`",
    ),
];

/// Returns the meaning of the number in an error's text; `None` if there is none.
pub(super) fn meaning(text: &str) -> Option<&'static str> {
    find(text).map(|(_, meaning)| *meaning).filter(|meaning| !meaning.is_empty())
}

/// Whether the same request may succeed a little later.
pub(super) fn is_passing(text: &str) -> bool {
    let is_of_server = text.contains("server_error") || text.contains("A server error occurred");
    find(text).map_or(is_of_server, |(_, meaning)| meaning.is_empty())
}

fn find(text: &str) -> Option<&'static (&'static str, &'static str)> {
    let at = text.find("TR-")?;
    let number = &text[at + 3..];
    let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
    let number = &text[at..at + 3 + end];
    ERRORS.iter().find(|(known, _)| *known == number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_numbers_are_matched_exactly() {
        assert!(meaning("x (TR-300)").unwrap().contains("not a zip"));
        assert!(meaning("TR-3402").unwrap().contains("active"));
        assert_eq!(meaning("TR-100"), None);
        assert!(is_passing("TR-100") && is_passing("A server error occurred (server_error)"));
        assert!(!is_passing("TR-1000") && !is_passing("something else"));
        assert_eq!(meaning("no number"), None);
    }
}
