//! Takes a guard out of a theme, whichever mode and version of this tool put it in.
//!
//! It goes by what stands in the templates and needs no record of what was done, so it also works
//! after a part was restored by hand.

use super::plan::GUARD;
use super::{links, names, rename};
use crate::syntax::ast::Statement;
use crate::text::{EditSet, Span, TextEdit};
use crate::theme::Theme;
use crate::theme::pages::{TemplateFile, Templates, literal_name};
use std::collections::BTreeMap;

/// The theme without its guard; `None` if it has none.
pub fn undo(theme: &Theme) -> Option<Theme> {
    if !is_ours(theme) && !links::undo::is_renamed(theme) {
        return None;
    }
    let templates = Templates::new(theme);
    let layouts = names::moved(theme.template_names(), "layout/", names::LAYOUTS);
    let moved_back: BTreeMap<&str, &str> =
        layouts.iter().map(|(layout, moved)| (moved.as_str(), layout.as_str())).collect();
    let restored =
        templates.iter().filter(|(name, _)| !names::is_added(name)).filter_map(|(name, file)| {
            Some((path_of(name), Some(unguarded(theme, name, file, &moved_back)?)))
        });
    let removed = theme
        .template_names()
        .filter(|name| names::is_added(name))
        .map(|name| (path_of(name), None));
    let renamed = rename::restored(theme).map(|config| ("config.json".to_owned(), Some(config)));
    let result = theme.with(restored.chain(removed).chain(renamed).collect::<Vec<_>>());
    Some(without_empty_folders(links::undo::undo(&result)))
}

/// Whether what stands under a guard's names was written by this tool: the script in its partials
/// says so.
fn is_ours(theme: &Theme) -> bool {
    let holds_script = |name| {
        let text = theme.template(name).unwrap_or_default();
        memchr::memmem::find(text, MARK).is_some()
    };
    holds_script(names::HEAD) || holds_script(names::PAGE) || rename::is_recorded(theme)
}

/// The script's name for what it remembers; every version of it has one.
const MARK: &[u8] = b"stencil-guard:";

/// The text of a template before the guard; `None` if it is the same.
fn unguarded(
    theme: &Theme,
    name: &str,
    file: &TemplateFile,
    layouts: &BTreeMap<&str, &str>,
) -> Option<Vec<u8>> {
    let source = theme.template(name)?;
    if let Some(moved) = dispatched(source, file) {
        let text = theme.template(&moved)?;
        // What was moved had no front matter, so it is read without.
        let text = match name.starts_with("pages/") {
            true => with_own_layouts(text, &crate::theme::pages::includes(text), layouts),
            false => text.to_vec(),
        };
        return Some([&source[..file.text_start], &text].concat());
    }
    let includes_back = with_own_layouts(source, &file.includes, layouts);
    let text = match name.starts_with("pages/") {
        true => without_guard_line(&includes_back, file.text_start),
        false if name.starts_with("layout/") => without_guard(&includes_back),
        false => includes_back,
    };
    (text != source).then_some(text)
}

/// The template that a dispatch leads to, if that is all that the file holds.
fn dispatched(source: &[u8], file: &TemplateFile) -> Option<String> {
    let text = &file.syntax.statements()?;
    let text = match text {
        [Statement::Content(blank), rest @ ..] if blank.end <= file.text_start => rest,
        all => all,
    };
    let [Statement::Block(block)] = text else {
        return None;
    };
    let ([Statement::Partial(through)], Some([Statement::Partial(instead)])) =
        (block.body.as_slice(), block.inverse.as_deref())
    else {
        return None;
    };
    let through = literal_name(&through.call.callee.kind)?;
    let is_ours = through.starts_with(names::LAYOUTS) || through.starts_with(names::PAGES);
    let leads_away = literal_name(&instead.call.callee.kind)? == names::PAGE;
    (is_ours && leads_away && block.span.end == source.len()).then_some(through)
}

/// `source` with its includes of kept layouts named as they were.
fn with_own_layouts(
    source: &[u8],
    includes: &[crate::theme::pages::Include],
    layouts: &BTreeMap<&str, &str>,
) -> Vec<u8> {
    let renamed =
        includes.iter().filter_map(|include| Some((include, layouts.get(include.name.as_str())?)));
    let edits = renamed.flat_map(|(include, layout)| {
        include.name_spans.iter().map(|span| TextEdit {
            span: *span,
            replacement: layout.as_bytes().to_vec(),
            origin: "undo".to_owned(),
        })
    });
    EditSet::new(edits.collect()).map_or_else(|_| source.to_vec(), |edits| edits.apply(source))
}

fn without_guard(source: &[u8]) -> Vec<u8> {
    let found = memchr::memmem::find_iter(source, GUARD);
    let edits = found.map(|at| removal(at, GUARD.len()));
    EditSet::new(edits.collect()).map_or_else(|_| source.to_vec(), |edits| edits.apply(source))
}

/// A page without the guard that stands on a line of its own before its text.
fn without_guard_line(source: &[u8], text_start: usize) -> Vec<u8> {
    let line = [&b"\r\n"[..], b"\n"].map(|end| [GUARD.as_bytes(), end].concat());
    let found = line.iter().find(|line| source[text_start..].starts_with(line));
    match found {
        Some(line) => [&source[..text_start], &source[text_start + line.len()..]].concat(),
        None => source.to_vec(),
    }
}

fn removal(at: usize, length: usize) -> TextEdit {
    TextEdit {
        span: Span::new(at, at + length),
        replacement: Vec::new(),
        origin: "undo".to_owned(),
    }
}

/// The folders of a guard go with its files.
fn without_empty_folders(mut theme: Theme) -> Theme {
    let is_used =
        |folder: &String| theme.files.keys().any(|path| path.starts_with(&format!("{folder}/")));
    let is_of_guard =
        |folder: &str| folder == "templates/components" || folder.contains("/stencil-guard");
    let unused: Vec<String> = theme
        .directories
        .iter()
        .filter(|folder| is_of_guard(folder) && !is_used(folder))
        .cloned()
        .collect();
    theme.directories.retain(|folder| !unused.contains(folder));
    theme
}

fn path_of(template: &str) -> String {
    format!("templates/{template}.html")
}
