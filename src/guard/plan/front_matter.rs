//! Decides where the guard can go around front matter, which the platform's tools read differently.

use crate::syntax::ast::Statement;
use crate::text::{Code, Finding, Severity, Span};
use crate::theme::pages::TemplateFile;
use crate::theme::template_path;

/// Reports whether a line can be inserted at `at`, and stays a line for tools that read the template from
/// there.
pub(super) fn takes_text(source: &[u8], file: &TemplateFile, at: usize) -> bool {
    file.syntax.statements().is_some_and(|statements| is_text(source, statements, at))
}

fn is_text(source: &[u8], statements: &[Statement], at: usize) -> bool {
    let around = |span: Span| span.start < at && at <= span.end;
    statements.iter().filter(|statement| around(statement.span())).any(
        |statement| match statement {
            Statement::Content(_) => true,
            // A short comment would end at the braces of the inserted line.
            Statement::Comment(span) => {
                at < span.end
                    && span.of(source).starts_with(b"{{!--")
                    && !ends_at(source, *span, at)
            }
            Statement::Block(block) => {
                let inverse = block.inverse.as_deref().unwrap_or_default();
                is_text(source, &block.body, at) || is_text(source, inverse, at)
            }
            Statement::Mustache(_) | Statement::Partial(_) => false,
        },
    )
}

/// Reports whether `at` lies inside the `--}}` that ends the comment.
fn ends_at(source: &[u8], comment: Span, at: usize) -> bool {
    const END: &[u8] = b"--}}";
    comment.of(source).ends_with(END) && at > comment.end - END.len()
}

/// Returns an error where the development server begins a page's text inside a tag.
pub(super) fn dropped(page: &str, start: usize) -> Finding {
    let message =
        "the platform's development server drops everything before this place, the guard too";
    let help = "remove the line of dashes before it";
    finding(message).at(template_path(page), Span::empty(start)).help(help)
}

/// Returns an error where a guard before the text would hide the front matter from the tools that read it.
pub(super) fn fragile(page: &str) -> Finding {
    let message = "some of the platform's tools read front matter here and others print it, so no place for the guard suits all";
    let help = "put the line of dashes first in the file, and no tags between it and the next";
    finding(message).in_file(template_path(page)).help(help)
}

fn finding(message: &str) -> Finding {
    Finding { severity: Severity::Error, ..Finding::new(Code::FrontMatter, message) }
}
