//! What front matter, about which the platform's tools differ, means for a place for the guard.

use crate::syntax::ast::Statement;
use crate::text::{Code, Finding, Severity, Span};
use crate::theme::pages::TemplateFile;
use crate::theme::template_path;

/// Whether a line can stand at `at` in a template, and stay a line for whoever reads the template from there.
pub(super) fn takes_text(source: &[u8], file: &TemplateFile, at: usize) -> bool {
    file.syntax.statements().is_some_and(|statements| is_text(source, statements, at))
}

fn is_text(source: &[u8], statements: &[Statement], at: usize) -> bool {
    let around = |span: Span| span.start < at && at <= span.end;
    statements.iter().filter(|statement| around(statement.span())).any(
        |statement| match statement {
            Statement::Content(_) => true,
            // A short comment would end with the line.
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

/// Whether `at` lies in what ends the comment.
fn ends_at(source: &[u8], comment: Span, at: usize) -> bool {
    const END: &[u8] = b"--}}";
    comment.of(source).ends_with(END) && at > comment.end - END.len()
}

/// An error where the development server begins the text of a page inside a tag.
pub(super) fn dropped(page: &str, start: usize) -> Finding {
    let message =
        "the platform's development server drops everything before this place, the guard too";
    let help = "remove the line of dashes before it";
    finding(message).at(template_path(page), Span::empty(start)).help(help)
}

/// An error where a guard before the text would hide the front matter from those who read it.
pub(super) fn fragile(page: &str) -> Finding {
    let message = "some of the platform's tools read front matter here and others print it, so no place for the guard suits all";
    let help = "put the line of dashes first in the file, and no tags between it and the next";
    finding(message).in_file(template_path(page)).help(help)
}

fn finding(message: &str) -> Finding {
    Finding { severity: Severity::Error, ..Finding::new(Code::FrontMatter, message) }
}
