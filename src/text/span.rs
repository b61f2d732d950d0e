//! A range of bytes in one file.

use std::ops::Range;

/// A half-open range of byte offsets in one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The offset of the first byte.
    pub start: usize,
    /// The offset after the last byte; never less than `start`.
    pub end: usize,
}

impl Span {
    /// Creates the span of the bytes `start..end`.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end, "a span ends before it starts");
        Self { start, end }
    }

    /// Creates the empty span before byte `offset`.
    pub fn empty(offset: usize) -> Self {
        Self::new(offset, offset)
    }

    /// Returns the span as a range, for slicing.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// Returns the number of bytes.
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Reports whether the span is empty.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Returns the bytes of `source` that the span covers.
    pub fn of(self, source: &[u8]) -> &[u8] {
        &source[self.range()]
    }

    /// Returns the smallest span that covers both.
    pub fn to(self, other: Span) -> Span {
        Span::new(self.start.min(other.start), self.end.max(other.end))
    }

    /// Reports whether `offset` is inside the span.
    pub fn contains(self, offset: usize) -> bool {
        self.range().contains(&offset)
    }
}
