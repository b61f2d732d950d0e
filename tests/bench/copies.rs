//! Copies of a theme in which each template stands several times, under several names.

use std::io::Result;
use std::path::Path;

use walkdir::WalkDir;

/// Files besides the templates that a bundle of templates alone needs.
const REST: [&str; 3] = ["config.json", "schema.json", "schemaTranslations.json"];

/// Writes the templates of a theme so many times, each copy including only its own.
pub(crate) fn write(theme: &Path, target: &Path, count: usize) -> Result<()> {
    copy_folder(&theme.join("lang"), &target.join("lang"))?;
    for name in REST.iter().filter(|name| theme.join(name).is_file()) {
        std::fs::copy(theme.join(name), target.join(name))?;
    }
    let templates = theme.join("templates");
    for entry in WalkDir::new(&templates).into_iter().flatten() {
        let Ok(path) = entry.path().strip_prefix(&templates) else {
            continue;
        };
        if !entry.file_type().is_file() || path.extension().is_none_or(|end| end != "html") {
            continue;
        }
        let text = String::from_utf8_lossy(&std::fs::read(entry.path())?).into_owned();
        for copy in 0..count {
            let name = renamed(&path.to_string_lossy(), copy);
            let file = target.join("templates").join(name);
            std::fs::create_dir_all(file.parent().unwrap_or(target))?;
            std::fs::write(file, with_own_names(&text, copy))?;
        }
    }
    Ok(())
}

/// Copies a file, or a folder with all that is in it but links.
pub(crate) fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    if from.is_file() {
        return std::fs::copy(from, to).map(drop);
    }
    for entry in WalkDir::new(from).into_iter().flatten() {
        let target = to.join(entry.path().strip_prefix(from).unwrap_or(entry.path()));
        if entry.file_type().is_dir() {
            std::fs::create_dir_all(target)?;
        } else if entry.file_type().is_file() {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// The name of a copy, in the same top folder: `pages/home` becomes `pages/copy3/home`. The first
/// copy has the theme's own names.
fn renamed(name: &str, copy: usize) -> String {
    if copy == 0 {
        return name.to_owned();
    }
    match name.split_once('/') {
        Some((top, rest)) => format!("{top}/copy{copy}/{rest}"),
        None => format!("copy{copy}-{name}"),
    }
}

/// A text whose includes lead to templates of the same copy.
fn with_own_names(text: &str, copy: usize) -> String {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_-/".contains(c);
    let mut result = String::new();
    let mut rest = text;
    while let Some((at, length)) = next_call(rest) {
        let (before, after) = rest.split_at(at + length);
        let start = after.find(is_name).unwrap_or(after.len());
        let end = after[start..].find(|c| !is_name(c)).map_or(after.len(), |end| start + end);
        let is_named = after[..start].chars().all(|c| c.is_whitespace() || "'\"".contains(c));
        result.push_str(before);
        match is_named && end > start {
            true => {
                result.push_str(&(after[..start].to_owned() + &renamed(&after[start..end], copy)))
            }
            false => result.push_str(&after[..end]),
        }
        rest = &after[end..];
    }
    result + rest
}

/// Where the next include begins, and how long its beginning is.
fn next_call(text: &str) -> Option<(usize, usize)> {
    let calls = ["{{>", "{{#>", "{{dynamicComponent", "{{{dynamicComponent"];
    calls.iter().filter_map(|call| Some((text.find(call)?, call.len()))).min()
}
