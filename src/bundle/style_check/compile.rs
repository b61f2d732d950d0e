//! Compiles one style sheet with the library and the platform's functions.

use super::files::SheetFiles;
use super::functions;
use super::{StyleOutcome, StylePlace, StyleSheet};
use grass_compiler::codemap::SpanLoc;
use grass_compiler::{Error, ErrorKind, NullLogger, Options};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::thread;

/// The stack size for the library, in bytes: enough for the 1024 nested calls that the official compiler
/// allows. The system commits only what is used.
const STACK: usize = 512 << 20;

/// Compiles a style sheet, on a stack of its own.
///
/// The compilation may run forever or use up all memory, and a stack overflow ends the process.
pub fn compile(sheet: &StyleSheet) -> StyleOutcome {
    let work = || catch_unwind(AssertUnwindSafe(|| compile_here(sheet)));
    let outcome = thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        thread.map(|thread| thread.join())
    });
    match outcome {
        Ok(Ok(Ok(outcome))) => outcome,
        Ok(_) => StyleOutcome::Unfinished("the Sass library grass gave up".to_owned()),
        Err(error) => {
            StyleOutcome::Unfinished(format!("the compiler could not be started: {error}"))
        }
    }
}

fn compile_here(sheet: &StyleSheet) -> StyleOutcome {
    let files = SheetFiles::new(&sheet.files);
    let mut options = Options::default().fs(&files).logger(&NullLogger);
    for (name, function) in functions::all() {
        options = options.add_custom_fn(name, function);
    }
    functions::set(&sheet.settings);
    match grass_compiler::from_path(&sheet.root, &options) {
        Ok(_) => StyleOutcome::Compiled,
        Err(error) => refusal(*error, &files),
    }
}

fn refusal(error: Error, files: &SheetFiles<'_>) -> StyleOutcome {
    match error.kind() {
        ErrorKind::ParseError { message, loc, .. } => {
            let message = message.trim_end().trim_end_matches('.').to_owned();
            match is_taken_elsewhere(&message, &loc) {
                true => StyleOutcome::Taken,
                false => StyleOutcome::Refused { message, place: place(&loc, files) },
            }
        }
        ErrorKind::IoError(error) => {
            StyleOutcome::Refused { message: error.to_string(), place: None }
        }
        _ => StyleOutcome::Unfinished("the Sass library grass gave up".to_owned()),
    }
}

/// Reports whether the library rejects something that the official compiler (LibSass, which is older)
/// accepts: sums of colours, anything in `calc()`, which LibSass passes on unread, and names that begin with
/// a digit.
fn is_taken_elsewhere(message: &str, location: &SpanLoc) -> bool {
    let text = location.file.source();
    let at = offset(text, location.begin.line, location.begin.column);
    let before = text[..at].rsplit([';', '{', '}']).next().unwrap_or_default();
    let is_in_calc = before.rfind("calc(").is_some_and(|start| !before[start..].contains(')'));
    let is_digit = text[at..].starts_with(|c: char| c.is_ascii_digit());
    let is_sum = message.starts_with("Undefined operation") && !message.contains("null ");
    let is_name = message == "Expected identifier" && is_digit && before.ends_with(['.', '#']);
    is_in_calc || message.contains("in calculations") || is_sum || is_name
}

fn place(location: &SpanLoc, files: &SheetFiles<'_>) -> Option<StylePlace> {
    let file = files.alias(Path::new(location.file.name()))?.to_owned();
    let text = location.file.source();
    let start = offset(text, location.begin.line, location.begin.column);
    let end = offset(text, location.end.line, location.end.column).max(start);
    Some(StylePlace { file, line: location.begin.line + 1, start, end })
}

/// Returns the byte offset of a line and a column of characters, both counted from 0.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let rest = &text[start..];
    start + rest.char_indices().nth(column).map_or(rest.len(), |(at, _)| at)
}
