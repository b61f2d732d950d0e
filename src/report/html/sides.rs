//! One file before and after, side by side, as rows of lines without the parts that are the same.

use super::super::diff::{CONTEXT, differing, lines, text};
use serde::Serialize;
use similar::{DiffOp, DiffTag, TextDiff};
use std::ops::Range;

/// One row; a side without a line has no cell.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub(super) struct Row {
    /// The appearance: `same`, `changed` or `gap`.
    kind: &'static str,
    before: Option<Cell>,
    after: Option<Cell>,
}

/// One line.
#[derive(Debug, Serialize, PartialEq, Eq)]
struct Cell {
    number: usize,
    head: String,
    marked: String,
    tail: String,
}

/// The maximum length of one line in bytes.
const LONGEST: usize = 600;
/// The bytes that a cut line shows before its changed part.
const LEAD: usize = 80;

/// The maximum number of bytes of HTML around the code of one row.
const MARKUP: usize = 250;

impl Row {
    /// Returns the maximum number of bytes of HTML that the row takes.
    pub(super) fn size(&self) -> usize {
        let cells = self.before.iter().chain(&self.after);
        let texts = cells.flat_map(|cell| [&cell.head, &cell.marked, &cell.tail]);
        let letters = texts.flat_map(|text| text.bytes());
        MARKUP + letters.map(|byte| if b"<>&\"'`=".contains(&byte) { 6 } else { 1 }).sum::<usize>()
    }
}

/// Returns the rows of the changes and the lines around them.
pub(super) fn rows(before: &Option<Vec<u8>>, after: &Option<Vec<u8>>) -> Vec<Row> {
    let (before, after) = (text(before), text(after));
    let (before, after) = (lines(&before), lines(&after));
    let diff = TextDiff::from_slices(&before, &after);
    let mut rows = Vec::new();
    for ops in diff.grouped_ops(CONTEXT) {
        if !rows.is_empty() {
            rows.push(Row { kind: "gap", before: None, after: None });
        }
        rows.extend(ops.iter().flat_map(|op| rows_of(op, &before, &after)));
    }
    rows
}

fn rows_of(op: &DiffOp, before: &[&str], after: &[&str]) -> Vec<Row> {
    let (old, new) = (op.old_range(), op.new_range());
    let is_same = op.tag() == DiffTag::Equal;
    let row = |at: usize| {
        let old = line(&old, at, before);
        let new = line(&new, at, after);
        let (old_mark, new_mark) = match (is_same, old, new) {
            (false, Some((_, old)), Some((_, new))) => marks(old, new),
            _ => (0..0, 0..0),
        };
        Row {
            kind: if is_same { "same" } else { "changed" },
            before: old.map(|(number, text)| cell(number, text, old_mark)),
            after: new.map(|(number, text)| cell(number, text, new_mark)),
        }
    };
    (0..old.len().max(new.len())).map(row).collect()
}

/// Returns the line at an index of a range, with its number from 1.
fn line<'l>(range: &Range<usize>, at: usize, lines: &[&'l str]) -> Option<(usize, &'l str)> {
    let index = range.start + at;
    let text = lines.get(index).filter(|_| index < range.end)?;
    Some((index + 1, text.trim_end_matches('\n')))
}

/// Returns the part that differs in each of two lines.
fn marks(old: &str, new: &str) -> (Range<usize>, Range<usize>) {
    // `differing` reads lines of a diff, which start with a sign.
    let (old, new) = differing(&format!("-{old}"), &format!("+{new}"));
    let without_sign = |range: Range<usize>| match range.start {
        0 => 0..0,
        start => start - 1..range.end - 1,
    };
    (without_sign(old), without_sign(new))
}

/// Returns a line with its mark; a long line is cut around the mark.
fn cell(number: usize, text: &str, mark: Range<usize>) -> Cell {
    let start = match text.len() > LONGEST {
        true => text.floor_char_boundary(mark.start.saturating_sub(LEAD)),
        false => 0,
    };
    let end = text.floor_char_boundary(text.len().min(start + LONGEST));
    let mark = mark.start.min(end)..mark.end.min(end);
    let more = |left_out: usize| match left_out {
        0 => String::new(),
        number => format!("[… {number} more bytes …]"),
    };
    Cell {
        number,
        head: more(start) + &text[start..mark.start.max(start)],
        marked: text[mark.clone()].to_owned(),
        tail: text[mark.end.max(start)..end].to_owned() + &more(text.len() - end),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str) -> Option<Vec<u8>> {
        Some(text.as_bytes().to_vec())
    }

    #[test]
    fn changed_lines_are_paired_side_by_side() {
        let rows = rows(&bytes("a\n<head>\nb\n"), &bytes("a\n<head>{{> x}}\nb\nc\n"));
        let texts = |cell: &Option<Cell>| {
            cell.as_ref()
                .map(|cell| format!("{} {}[{}]{}", cell.number, cell.head, cell.marked, cell.tail))
        };
        let table: Vec<_> =
            rows.iter().map(|row| (row.kind, texts(&row.before), texts(&row.after))).collect();
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            table,
            [
                ("same", some("1 []a"), some("1 []a")),
                ("changed", some("2 <head>[]"), some("2 <head>[{{> x}}]")),
                ("same", some("3 []b"), some("3 []b")),
                ("changed", None, some("4 []c")),
            ]
        );
    }

    #[test]
    fn long_unchanged_runs_are_collapsed() {
        let long = "same\n".repeat(40);
        let rows = rows(&bytes(&format!("a\n{long}b\n")), &bytes(&format!("A\n{long}B\n")));
        let kinds: Vec<&str> = rows.iter().map(|row| row.kind).collect();
        assert_eq!(kinds.len(), 9);
        assert_eq!(kinds[4], "gap");
    }

    #[test]
    fn long_lines_are_cut_around_the_change() {
        let text = format!("{}\u{e9}{}", "x".repeat(3_000), "y".repeat(3_000));
        let cell = cell(1, &text, 3_000..3_002);
        assert_eq!(cell.marked, "\u{e9}");
        assert!(cell.head.starts_with("[… 2920 more bytes …]"), "{}", cell.head);
        assert!(cell.tail.ends_with("bytes …]") && cell.tail.len() < 600);
        for at in 0..text.len() {
            let at = text.floor_char_boundary(at);
            super::cell(1, &text, at..at);
        }
    }
}
