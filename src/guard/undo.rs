//! Removes a guard from a theme, whichever mode and version of this tool added it.
//!
//! It reads the templates themselves and needs no record of the changes, so it also works after parts were
//! restored by hand.

use super::plan::{GUARD, record};
use super::{hide, links, names, rename, theme_settings};
use crate::syntax::ast::Statement;
use crate::text::{Code, EditSet, Finding, Span, TextEdit};
use crate::theme::pages::{Include, TemplateFile, Templates, includes, literal_name, text_starts};
use crate::theme::{Theme, template_path};
use std::collections::BTreeMap;

/// Returns the theme without its guard; `None` if it has none.
pub fn undo(theme: &Theme) -> Option<Theme> {
    undo_scanned(theme, &Templates::new(theme))
}

/// Like [`undo`], for a theme whose templates are already scanned.
pub fn undo_scanned(theme: &Theme, templates: &Templates) -> Option<Theme> {
    if !is_ours(theme) && !links::undo::is_renamed(theme) && !has_lost_guard(theme, templates) {
        return None;
    }
    let layouts = names::moved(theme.template_names(), "layout/", names::LAYOUTS);
    let moved_back: BTreeMap<&str, &str> =
        layouts.iter().map(|(layout, moved)| (moved.as_str(), layout.as_str())).collect();
    let restored =
        templates.iter().filter(|(name, _)| !names::is_added(name)).filter_map(|(name, file)| {
            Some((template_path(name), Some(unguarded(theme, name, file, &moved_back)?)))
        });
    let removed = theme
        .template_names()
        .filter(|name| names::is_added(name))
        .map(|name| (template_path(name), None));
    let renamed = rename::restored(theme).map(|config| ("config.json".to_owned(), Some(config)));
    let result = theme.with(restored.chain(removed).chain(renamed).collect::<Vec<_>>());
    let result = match theme_settings::is_ours(theme) {
        true => result.with(theme_settings::restored(&result)),
        false => result,
    };
    Some(without_empty_folders(links::undo::undo(&result)))
}

/// Returns an error for each template of an undone theme whose original text was in a missing guard file.
pub fn lost(undone: &Templates) -> Vec<Finding> {
    let all = undone
        .iter()
        .flat_map(|(name, file)| file.includes.iter().map(move |include| (name, include)));
    let lost = all.filter(|(_, include)| names::is_reserved(&include.name));
    let finding = |(name, include): (&str, &Include)| {
        let message = format!(
            "an earlier guard kept the text of this template in `{}`, which is gone, so it cannot be undone",
            include.name
        );
        Finding::new(Code::MissingPartial, message)
            .at(template_path(name), include.span)
            .help("put the template back from the original theme")
    };
    lost.map(finding).collect()
}

/// Reports whether this tool wrote the files under a guard's names: its script or a record shows that.
fn is_ours(theme: &Theme) -> bool {
    let holds_script = |name| {
        let text = theme.template(name).unwrap_or_default();
        MARKS.iter().any(|mark| memchr::memmem::find(text, mark).is_some())
    };
    let is_recorded = rename::is_recorded(theme) || record::is_there(theme);
    holds_script(names::HEAD) || holds_script(names::PAGE) || is_recorded
}

/// Reports whether templates include a guard's partial that somebody removed without removing the rest.
fn has_lost_guard(theme: &Theme, templates: &Templates) -> bool {
    let is_lost = |name: &str| theme.template(name).is_none();
    let includes = |wanted: &str| {
        let mut includes = templates.iter().flat_map(|(_, file)| &file.includes);
        includes.any(|include| include.name == wanted)
    };
    [names::HEAD, names::PAGE, names::HIDE].into_iter().any(|name| is_lost(name) && includes(name))
}

/// The key under which the script stores what it remembers: the current one, and that of earlier versions.
const MARKS: [&[u8]; 2] = [b"`stencil-guard`", b"stencil-guard:"];

/// Returns a template's text from before the guard; `None` if it is the same.
fn unguarded(
    theme: &Theme,
    name: &str,
    file: &TemplateFile,
    layouts: &BTreeMap<&str, &str>,
) -> Option<Vec<u8>> {
    let source = theme.template(name)?;
    let text = match dispatched(source, file) {
        Some(moved) => undispatched(theme, name, file, &moved, layouts)?,
        None => {
            let includes_back = with_own_layouts(source, &file.includes, layouts);
            match name.starts_with("pages/") {
                true => without(&without_guard_lines(&includes_back), GUARD),
                false if name.starts_with("layout/") => without(&includes_back, GUARD),
                false => includes_back,
            }
        }
    };
    let text = without(&text, hide::INCLUDE);
    (text != source).then_some(text)
}

/// Returns the original text of a template that only dispatches to `moved`, where that text is now.
fn undispatched(
    theme: &Theme,
    name: &str,
    file: &TemplateFile,
    moved: &str,
    layouts: &BTreeMap<&str, &str>,
) -> Option<Vec<u8>> {
    let text = theme.template(moved)?;
    // The moved text has no front matter.
    let text = match name.starts_with("pages/") {
        true => with_own_layouts(text, &includes(text), layouts),
        false => text.to_vec(),
    };
    let before = &theme.template(name)?[..file.starts.guard];
    Some(match text == names::NO_TEXT.as_bytes() {
        true => without_line_end(before).to_vec(),
        false => [before, &text].concat(),
    })
}

/// Returns the template that a dispatch includes, if the file holds no other text.
fn dispatched(source: &[u8], file: &TemplateFile) -> Option<String> {
    let text = &file.syntax.statements()?;
    let is_text = |statement: &&Statement| statement.span().end > file.starts.guard;
    let text: Vec<&Statement> = text.iter().filter(is_text).collect();
    let [Statement::Block(block)] = text.as_slice() else {
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

/// Returns `source` with the original names in its includes of moved layouts.
fn with_own_layouts(
    source: &[u8],
    includes: &[Include],
    layouts: &BTreeMap<&str, &str>,
) -> Vec<u8> {
    let renamed =
        includes.iter().filter_map(|include| Some((include, layouts.get(include.name.as_str())?)));
    let edits = renamed.flat_map(|(include, layout)| {
        include.name_spans.iter().map(|span| TextEdit::new(*span, *layout, "undo"))
    });
    EditSet::new(edits.collect()).map_or_else(|_| source.to_vec(), |edits| edits.apply(source))
}

/// Removes every occurrence of one of this tool's includes.
fn without(source: &[u8], include: &str) -> Vec<u8> {
    let found = memchr::memmem::find_iter(source, include);
    let edits = found.map(|at| TextEdit::new(Span::new(at, at + include.len()), "", "undo"));
    EditSet::new(edits.collect()).map_or_else(|_| source.to_vec(), |edits| edits.apply(source))
}

/// Removes the guards on lines of their own, at each place where a tool of the platform starts to read the
/// page's text.
fn without_guard_lines(source: &[u8]) -> Vec<u8> {
    let starts = text_starts(source);
    let mut text = source.to_vec();
    // From the end, so that earlier offsets stay valid.
    for start in
        starts.development.into_iter().filter(|&at| at > starts.guard).chain([starts.guard])
    {
        text = without_guard_line(&text, start);
    }
    text
}

fn without_guard_line(source: &[u8], start: usize) -> Vec<u8> {
    let line = [&b"\r\n"[..], b"\n"].map(|end| [GUARD.as_bytes(), end].concat());
    let (before, rest) = source.split_at(start);
    match line.iter().find_map(|line| rest.strip_prefix(line.as_slice())) {
        Some(rest) => [before, rest].concat(),
        None if rest == GUARD.as_bytes() => without_line_end(before).to_vec(),
        None => source.to_vec(),
    }
}

/// Returns a text without its last line ending.
fn without_line_end(text: &[u8]) -> &[u8] {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    text.strip_suffix(b"\r").unwrap_or(text)
}

/// Removes the guard's folders if they are empty.
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
