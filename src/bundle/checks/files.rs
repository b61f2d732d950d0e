//! Files that the platform may refuse, and what an earlier bundler left.

use crate::bundle::selection;
use crate::text::{Code, Finding};
use crate::theme::Theme;

/// Largest map of a script or style sheet, in bytes.
const MOST_OF_A_MAP: usize = 5_000_000;

/// Kinds of files that are programs; the platform has a list of what it refuses, but keeps it to
/// itself.
const PROGRAMS: &[&str] = &[
    "asp", "aspx", "bat", "cgi", "cmd", "com", "dll", "exe", "jar", "jsp", "msi", "php", "phtml",
    "pl", "ps1", "py", "rb", "scr", "sh", "so", "vbs",
];

/// Everything about the files of `theme` but their content.
pub(super) fn check(theme: &Theme) -> Vec<Finding> {
    let suspects = selection::files(theme, false).filter_map(|path| suspect(theme, path));
    stale(theme).into_iter().chain(suspects).collect()
}

fn suspect(theme: &Theme, path: &str) -> Option<Finding> {
    let extension = path.rsplit_once('.')?.1.to_ascii_lowercase();
    let length = theme.bytes(path)?.len();
    let message = if PROGRAMS.contains(&extension.as_str()) {
        "this file is a program; the platform may refuse a theme that holds one (TR-400)".to_owned()
    } else if extension == "map" && length > MOST_OF_A_MAP {
        format!(
            "this map has {length} bytes; the platform may refuse more than {MOST_OF_A_MAP} (TR-300)"
        )
    } else {
        return None;
    };
    let help = "remove it from the theme; a shop does not need it";
    Some(Finding::new(Code::SuspectFile, message).in_file(path).help(help))
}

fn stale(theme: &Theme) -> Option<Finding> {
    let names: Vec<&str> = theme.stale.iter().map(String::as_str).collect();
    (!names.is_empty()).then(|| {
        let names = super::some_of(&names);
        let message =
            format!("an earlier bundler left {names} in the theme; stencil-guard regenerates them");
        Finding::new(Code::StaleParts, message).help("remove them; nothing reads them")
    })
}
