//! The dispatching guard: it moves layouts that are documents, unchanged, and replaces each with one line
//! that includes either the moved layout or the document that redirects to the storefront.
//!
//! A page that prints anything besides such a layout is moved and dispatched in the same way.

use super::PlanError;
use super::draft::Draft;
use super::front_matter::fragile;
use super::prints::{Printed, Prints, Question};
use crate::guard::condition::Condition;
use crate::guard::group::Group;
use crate::guard::{names, snippets};
use crate::text::{Code, EditSet, Finding, Span, TextEdit};
use crate::theme::pages::{TemplateFile, Templates};
use crate::theme::template_path;

pub(super) fn plan(draft: &mut Draft<'_>, groups: &[Group]) -> Result<(), PlanError> {
    let page = draft.lead(snippets::page_partial)?;
    draft.add(names::PAGE, page.into_bytes());
    let condition = groups.iter().fold(draft.condition(), Condition::or_group);
    for layout in draft.documents.keys().copied().collect::<Vec<_>>() {
        let kept = draft.keep_layout(layout);
        let length = draft.theme.template(layout).unwrap_or_default().len();
        draft.note_amp(layout);
        draft.edit(layout, Span::new(0, length), dispatch(&condition, &kept), "guard");
    }
    draft.free_kept_pages();
    let moved = names::moved(draft.templates.pages(), "pages/", names::PAGES);
    let mut prints = Prints::new(draft.templates, Question::Whole);
    for (page, file) in draft.guarded_pages() {
        let in_development = draft.templates.in_development(page);
        let also_there =
            |templates: Templates| Prints::new(&templates, Question::Whole).page(draft, page);
        let all = [prints.page(draft, page)].into_iter().chain(in_development.map(also_there));
        if all.collect::<Vec<_>>().iter().any(|printed| *printed != Printed::Layout)
            && let Some(name) = moved.get(page)
        {
            move_page(draft, page, file, name, &condition);
        }
    }
    if !groups.is_empty() {
        warn_about_signing_in(draft);
    }
    Ok(())
}

/// Returns the one line: the template for visitors who are let through, else the document that redirects.
fn dispatch(condition: &Condition, template: &str) -> Vec<u8> {
    let through = format!("{{{{> {template}}}}}");
    let instead = format!("{{{{> {}}}}}", names::PAGE);
    condition.wrap(&through, &instead).into_bytes()
}

/// Moves a page's text to `name`. There, it includes the layouts unguarded, because the page itself
/// dispatches.
fn move_page(
    draft: &mut Draft<'_>,
    page: &str,
    file: &TemplateFile,
    name: &str,
    condition: &Condition,
) {
    let source = draft.theme.template(page).unwrap_or_default();
    let mut edits = vec![TextEdit::new(Span::new(0, file.starts.guard), "", "front matter")];
    for include in
        file.includes.iter().filter(|include| draft.is_document(include)).collect::<Vec<_>>()
    {
        names::check_restorable_name(page, include)
            .into_iter()
            .for_each(|finding| draft.find(finding));
        let layout = draft.keep_layout(&include.name);
        let spans = include.name_spans.iter();
        edits.extend(spans.map(|span| TextEdit::new(*span, &*layout, "layout without guard")));
    }
    match EditSet::new(edits) {
        Ok(edits) if ends_line(source, file.starts.guard) => draft.add(name, edits.apply(source)),
        Ok(_) => draft.add(name, names::NO_TEXT.into()),
        Err(overlap) => draft.find(Finding::new(Code::AmbiguousHtml, overlap.to_string())),
    }
    draft.note_amp(page);
    if file.starts.is_fragile {
        draft.find(fragile(page));
    }
    let start = file.starts.guard;
    let mut text = dispatch(condition, name);
    if !ends_line(source, start) {
        text.insert(0, b'\n');
    }
    draft.edit(page, Span::new(start, source.len()), text, "guard");
}

/// Reports whether a line can begin at `at`, after front matter whose last line may lack its ending.
fn ends_line(source: &[u8], at: usize) -> bool {
    source[..at].last().is_none_or(|last| *last == b'\n')
}

fn warn_about_signing_in(draft: &mut Draft<'_>) {
    let page = "pages/auth/login";
    if draft.templates.get(page).is_some() && !draft.policy.kept.contains(page) {
        draft.find(
            Finding::new(
                Code::NoSignIn,
                "members of the allowed groups cannot sign in, except by a login token, because the sign-in page is guarded",
            )
            .in_file(template_path(page))
            .help("keep it with --keep auth/login"),
        );
    }
}
