//! Byte offsets to lines and columns, for messages.

use memchr::memchr_iter;

/// A place as people count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters; a byte that is not UTF-8 counts as one.
    pub column: usize,
}

/// Where the lines of a file begin. A line ends after its line feed.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    /// Indexes `source`.
    pub fn new(source: &[u8]) -> Self {
        let after_line_feeds = memchr_iter(b'\n', source).map(|at| at + 1);
        Self { starts: std::iter::once(0).chain(after_line_feeds).collect() }
    }

    /// The place of byte `offset` of the same `source`; an offset beyond its end means the end.
    pub fn position(&self, source: &[u8], offset: usize) -> Position {
        let offset = offset.min(source.len());
        let line = self.starts.partition_point(|&start| start <= offset);
        let start = self.starts[line - 1];
        let column = String::from_utf8_lossy(&source[start..offset]).chars().count() + 1;
        Position { line, column }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_lines_and_characters_from_one() {
        let source = "a\r\né{{x}}\n".as_bytes();
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
}
