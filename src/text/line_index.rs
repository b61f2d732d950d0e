//! Converts byte offsets to lines and columns, for messages.

use memchr::memchr_iter;

/// A line and a column, as editors count them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters; a byte that is not UTF-8 counts as one.
    pub column: usize,
}

/// The offsets at which the lines of a file start. A line ends after its line feed.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<usize>,
    /// Offsets inside long lines, each with the number of characters before it in its line, so that no column
    /// has to be counted from the start of a long line.
    marks: Vec<(usize, usize)>,
}

/// The approximate number of bytes between two marks.
const STRIDE: usize = 1024;

impl LineIndex {
    /// Indexes `source`.
    pub fn new(source: &[u8]) -> Self {
        let after_line_feeds = memchr_iter(b'\n', source).map(|at| at + 1);
        let starts: Vec<usize> = std::iter::once(0).chain(after_line_feeds).collect();
        let mut marks = Vec::new();
        for (number, &start) in starts.iter().enumerate() {
            let end = starts.get(number + 1).copied().unwrap_or(source.len());
            mark_line(source, start, end, &mut marks);
        }
        Self { starts, marks }
    }

    /// Returns the position of byte `offset`. `source` must be the indexed text; an offset beyond its end
    /// means the end.
    pub fn position(&self, source: &[u8], offset: usize) -> Position {
        let offset = offset.min(source.len());
        let line = self.starts.partition_point(|&start| start <= offset);
        let start = self.starts[line - 1];
        let marks = &self.marks[..self.marks.partition_point(|&(at, _)| at <= offset)];
        let (from, before) =
            marks.last().copied().filter(|(at, _)| *at > start).unwrap_or((start, 0));
        Position { line, column: before + characters(&source[from..offset]) + 1 }
    }
}

/// Adds the marks of the line from `start` to `end`, none of them inside a character.
fn mark_line(source: &[u8], start: usize, end: usize, marks: &mut Vec<(usize, usize)>) {
    let (mut from, mut before) = (start, 0);
    while end - from > STRIDE {
        let continues = |byte: &u8| (0x80..0xc0).contains(byte);
        let inside = source[from + STRIDE..end].iter().take_while(|byte| continues(byte)).count();
        let at = from + STRIDE + inside;
        before += characters(&source[from..at]);
        marks.push((at, before));
        from = at;
    }
}

fn characters(text: &[u8]) -> usize {
    String::from_utf8_lossy(text).chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn counts_lines_and_characters_from_one() {
        let source = "a\r\n\u{e9}{{x}}\n".as_bytes();
        let index = LineIndex::new(source);
        let place = |offset| {
            let position = index.position(source, offset);
            (position.line, position.column)
        };
        assert_eq!(place(0), (1, 1));
        assert_eq!(place(3), (2, 1));
        assert_eq!(place(5), (2, 2));
        assert_eq!(place(source.len()), (3, 1));
        assert_eq!(place(99), (3, 1));
    }

    /// However long a line is, a position reads only a limited part of it.
    #[test]
    fn long_lines_have_marks_at_regular_intervals() {
        let source = "\u{e9}<a href=x>".repeat(20_000);
        let marks = LineIndex::new(source.as_bytes()).marks;
        assert!(marks.windows(2).all(|pair| pair[1].0 - pair[0].0 < STRIDE + 4));
        assert!(source.len() - marks.last().unwrap().0 <= STRIDE);
    }

    proptest! {
        #[test]
        fn columns_are_the_same_as_without_marks(
            pieces in prop::collection::vec(
                prop::sample::select(vec!["a".as_bytes(), "\u{e9}".as_bytes(), "\u{1f600}".as_bytes(), b"\n", b"\xff", b"\xe2\x82", b"\x80"]),
                1..6,
            ),
            times in 1_usize..1200,
            at in any::<prop::sample::Index>(),
        ) {
            let source = pieces.concat().repeat(times);
            let offset = at.index(source.len() + 1);
            let position = LineIndex::new(&source).position(&source, offset);
            let start = source[..offset].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            prop_assert_eq!(position.column, characters(&source[start..offset]) + 1);
        }
    }
}
