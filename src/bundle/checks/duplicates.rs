//! Checks the theme's JSON files for duplicate member names: all but the last are silently lost.

use super::{config, schema, translations};
use crate::bundle::json_file;
use crate::text::{Code, Finding, Span};
use crate::theme::Theme;

/// Returns one finding for each member whose name an earlier member already has.
pub(super) fn check(theme: &Theme) -> Vec<Finding> {
    let own = [config::PATH, schema::PATH, translations::PATH];
    let languages = theme.files.range("lang/".to_owned()..).map(|(path, _)| path.as_str());
    let languages = languages.take_while(|path| path.starts_with("lang/"));
    own.into_iter().chain(languages).flat_map(|path| in_file(theme, path)).collect()
}

fn in_file(theme: &Theme, path: &str) -> Vec<Finding> {
    let content = theme.files.get(path).map(|file| json_file::content(file));
    let finding = |(name, span): &(String, Span)| {
        let message = format!("`{name}` appears twice; only the last one counts");
        Finding::new(Code::DuplicateKey, message).at(path, *span).help("remove one of them")
    };
    content.iter().flat_map(|content| &content.repeated).map(finding).collect()
}
