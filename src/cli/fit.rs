//! Wraps prose between words to the width of the terminal. A pipe gets the lines unwrapped.
//!
//! Not for documents whose lines must not change, such as diffs and settings files.

use std::io::{stderr, stdout};
use terminal_size::{Width, terminal_size_of};
use textwrap::core::display_width;
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

/// Wraps results, which go to standard output.
pub(super) fn results(text: &str) -> String {
    fitted(text, terminal_size_of(stdout()).map(|(width, _)| width))
}

/// Wraps messages, which go to standard error.
pub(super) fn messages(text: &str) -> String {
    fitted(text, terminal_size_of(stderr()).map(|(width, _)| width))
}

fn fitted(text: &str, width: Option<Width>) -> String {
    let Some(Width(width)) = width else { return text.to_owned() };
    text.split_inclusive('\n').map(|line| broken(line, width.into())).collect()
}

/// Breaks a line into lines of at most `width` columns. A longer word stays whole.
fn broken(line: &str, width: usize) -> String {
    let text = line.trim_end_matches('\n');
    let plain = anstream::adapter::strip_str(text).to_string();
    if display_width(text) <= width || is_exact(&plain) {
        return line.to_owned();
    }
    let (blank, text) = text.split_at(text.len() - text.trim_start_matches(' ').len());
    let indent = " ".repeat(indent(&plain, width));
    let options = Options::new(width)
        .initial_indent(blank)
        .subsequent_indent(&indent)
        .break_words(false)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    textwrap::wrap(text, options).join("\n") + &line[blank.len() + text.len()..]
}

/// Reports whether a line must not be wrapped: a command to copy, a line of code, or carets below it.
fn is_exact(line: &str) -> bool {
    let text = line.trim_start();
    let is_code =
        text.trim_start_matches(|it: char| it.is_ascii_digit() || it == ' ').starts_with('|');
    is_code || text.starts_with("stencil")
}

/// Returns the indent of continuation lines. They align with the text after a label or a number if that
/// leaves at least half of `width`.
fn indent(line: &str, width: usize) -> usize {
    let blank = line.chars().take_while(|it| *it == ' ').count();
    let text = &line[blank..];
    let label = match text.strip_prefix("= ").and_then(|text| text.find(": ")) {
        Some(at) => Some(at + 4),
        None => text.rfind("  ").map(|at| at + 2),
    };
    let label = label.map(|at| blank + text[..at].chars().count());
    match (label.filter(|at| 2 * at <= width), blank) {
        (Some(at), _) => at,
        (None, 0) => 0,
        (None, blank) => blank + 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(width: u16, text: &str) -> String {
        fitted(text, Some(Width(width)))
    }

    #[test]
    fn prose_is_wrapped_between_words() {
        assert_eq!(at(10, "one two three four\nx\n"), "one two\nthree four\nx\n");
        assert_eq!(at(10, "  one two three\n"), "  one two\n    three\n");
        assert_eq!(at(20, "  kept  one two three four\n"), "  kept  one two\n        three four\n");
        assert_eq!(
            at(20, " = help: one two three four\n"),
            " = help: one two\n         three four\n"
        );
        // There is no room beside the label.
        assert_eq!(at(12, "  kept  one two three\n"), "  kept  one\n    two\n    three\n");
        // Colours take no room.
        assert_eq!(at(7, "\u{1b}[1mone two\u{1b}[0m\n"), "\u{1b}[1mone two\u{1b}[0m\n");
    }

    #[test]
    fn copyable_lines_are_not_wrapped() {
        for text in [
            "  stencil-guard push a-very-long-name.zip --channel 1\n",
            "12 | {{> components/some/long/name}} and more\n",
            "   |     ^^^^^^^^^^ here is what is wrong\n",
            "https://www.example.com/a/very/long/address\n",
            "",
        ] {
            assert_eq!(at(10, text), text);
        }
        assert_eq!(fitted("one two three\n", None), "one two three\n");
    }
}
