//! Includes whose names the official assembler, which searches text, reads differently than the engine does,
//! or does not see at all: the template that the engine needs is then not in the bundle.

use super::closure::closure;
use super::source::Source;
use super::sources::Sources;
use crate::text::{Code, Finding, Severity, Span};
use crate::theme::pages::{Include, TemplateFile, Templates};
use crate::theme::references::{Reference, looked_up};
use crate::theme::template_path;

const PLAIN_NAME: &str = "give the file a path of letters, digits, `_`, `-` and `/` only, and include it by that name; the official bundler ends a name at any other character";
const PLAIN_CALL: &str = "write the include plainly: no `~` or space before `>`, and no braces in its arguments, which the official bundler cannot read";

/// Returns the include that the assembler reads as `reference`, if the engine reads another name there.
pub(super) fn include<'t>(file: &'t TemplateFile, reference: &Reference) -> Option<&'t Include> {
    // The includes are in the order of the text.
    let is_before = |include: &Include| {
        include.name_spans.first().is_some_and(|name| name.end < reference.span.start)
    };
    let first = file.includes.partition_point(is_before);
    let touching =
        file.includes[first..].iter().take_while(|include| is_read_as(include, reference));
    touching.into_iter().find(|include| !agree(include, reference))
}

/// Reports whether `reference` is how the assembler reads `include`. It may read no more than the quote.
fn is_read_as(include: &Include, reference: &Reference) -> bool {
    let touches =
        |name: &Span| name.start <= reference.span.end && reference.span.start <= name.end;
    include.name_spans.first().is_some_and(touches)
}

fn agree(include: &Include, reference: &Reference) -> bool {
    looked_up(&include.name) == looked_up(&reference.name)
}

/// Returns the finding for a name as the assembler reads it, if there is no such template.
pub(super) fn unreadable(name: &str, read: &str) -> Finding {
    let message = format!(
        "the official bundler reads the name `{name}` as `{read}`, and there is no such template"
    );
    Finding::new(Code::MissingPartial, message).help(PLAIN_NAME)
}

/// Returns a warning for each include that the assembler reads differently or not at all, if that keeps a
/// template out of the bundle.
pub(super) fn left_out(sources: &Sources<'_>, templates: &Templates) -> Vec<Finding> {
    let own = sources.listed().filter_map(|name| {
        let source = sources.get(name).filter(|source| source.has_places())?;
        Some((name, source, templates.get(name)?))
    });
    own.flat_map(|(name, source, file)| {
        let includes = file.includes.iter();
        let includes = includes.filter(|include| !templates.is_defined(&include.name));
        includes.filter_map(move |include| doubt(sources, name, source, include))
    })
    .collect()
}

/// Returns the warning for an include of the template `name` that the assembler does not follow as the engine
/// does, but that does not stop it.
fn doubt(
    sources: &Sources<'_>,
    name: &str,
    source: &Source<'_>,
    include: &Include,
) -> Option<Finding> {
    let Include { name: wanted, span, .. } = include;
    let read = source.references.partials.iter().find(|found| is_read_as(include, found));
    let (what, help) = match read {
        Some(read) if agree(include, read) || sources.get(&read.name).is_none() => return None,
        Some(read) => (format!("reads the name `{wanted}` as `{}`", read.name), PLAIN_NAME),
        None if sources.get(wanted).is_none() => return None,
        None => ("does not see this include".to_owned(), PLAIN_CALL),
    };
    let is_there =
        || closure(sources, name).iter().any(|(key, _)| looked_up(key) == looked_up(wanted));
    let message =
        format!("the official bundler {what}, so `{wanted}` does not come with this template");
    (!is_there()).then(|| Finding {
        severity: Severity::Warning,
        ..Finding::new(Code::MissingPartial, message).at(template_path(name), *span).help(help)
    })
}
