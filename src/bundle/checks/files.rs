//! Checks for files that the platform may refuse, and for files that an earlier bundler left.

use crate::bundle::selection;
use crate::text::{Code, Finding};
use crate::theme::Theme;

/// Extensions of programs. The platform refuses some kinds of files, but does not publish which.
const PROGRAMS: &[&str] = &[
    "asp", "aspx", "bat", "cgi", "cmd", "com", "dll", "exe", "jar", "jsp", "msi", "php", "phtml",
    "pl", "ps1", "py", "rb", "scr", "sh", "so", "vbs",
];

/// Returns everything that is wrong with the files of `theme`, apart from their content.
pub(super) fn check(theme: &Theme) -> Vec<Finding> {
    let suspects = selection::files(theme, false).filter_map(suspect);
    stale(theme).into_iter().chain(suspects).collect()
}

fn suspect(path: &str) -> Option<Finding> {
    let extension = path.rsplit_once('.')?.1.to_ascii_lowercase();
    PROGRAMS.contains(&extension.as_str()).then(|| {
        let message =
            "this file is a program; the platform may refuse a theme that holds one (TR-400)";
        let help = "remove it from the theme; a shop does not need it";
        Finding::new(Code::SuspectFile, message).in_file(path).help(help)
    })
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
