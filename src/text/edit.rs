//! Sorted, disjoint and invertible edits of one file.

use super::Span;

/// An edit that replaces the bytes of `span` by `replacement`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextEdit {
    /// The bytes to replace; empty to insert.
    pub span: Span,
    /// The new bytes.
    pub replacement: Vec<u8>,
    /// The purpose of the edit, for the message when two edits overlap.
    pub origin: String,
}

impl TextEdit {
    /// Creates an edit that replaces the bytes of `span`, for the purpose `origin`.
    pub(crate) fn new(span: Span, replacement: impl Into<Vec<u8>>, origin: &str) -> Self {
        Self { span, replacement: replacement.into(), origin: origin.to_owned() }
    }
}

/// Two edits that change the same bytes or start at the same offset.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("two edits meet at byte {at}: {first} and {second}")]
pub struct Overlap {
    /// The offset at which the second edit starts.
    pub at: usize,
    /// The origin of the first edit.
    pub first: String,
    /// The origin of the second edit.
    pub second: String,
}

/// Edits of one file, sorted by position and without overlaps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EditSet {
    edits: Vec<TextEdit>,
}

impl EditSet {
    /// Creates a set from `edits` in any order.
    ///
    /// # Errors
    /// When two edits overlap or start at the same offset.
    pub fn new(mut edits: Vec<TextEdit>) -> Result<Self, Overlap> {
        edits.sort_by_key(|edit| edit.span);
        for pair in edits.windows(2) {
            let (first, second) = (&pair[0], &pair[1]);
            if second.span.start < first.span.end || second.span.start == first.span.start {
                return Err(Overlap {
                    at: second.span.start,
                    first: first.origin.clone(),
                    second: second.origin.clone(),
                });
            }
        }
        Ok(Self { edits })
    }

    /// Reports whether the set holds no edit.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// Returns `source` with all edits applied. Edits beyond its end are applied at its end.
    pub fn apply(&self, source: &[u8]) -> Vec<u8> {
        let mut result = Vec::with_capacity(source.len());
        let mut copied = 0;
        for edit in &self.edits {
            result.extend_from_slice(&source[copied..edit.span.start.min(source.len())]);
            result.extend_from_slice(&edit.replacement);
            copied = edit.span.end.min(source.len());
        }
        result.extend_from_slice(&source[copied..]);
        result
    }

    /// Returns the offset in the source of the byte at `offset` in the result of [`EditSet::apply`]; for an
    /// inserted byte, the start of its edit.
    pub fn source_offset(&self, offset: usize) -> usize {
        let (mut source, mut result) = (0, 0);
        for edit in &self.edits {
            let unchanged = edit.span.start - source;
            if offset < result + unchanged {
                break;
            }
            result += unchanged + edit.replacement.len();
            source = edit.span.end;
            if offset < result {
                return edit.span.start;
            }
        }
        source + (offset - result)
    }

    /// Returns the edits that turn the result of [`EditSet::apply`] back into `source`.
    pub fn inverse(&self, source: &[u8]) -> EditSet {
        let mut edits = Vec::with_capacity(self.edits.len());
        let (mut copied, mut written) = (0, 0);
        for edit in &self.edits {
            written += edit.span.start - copied;
            edits.push(TextEdit {
                span: Span::new(written, written + edit.replacement.len()),
                replacement: edit.span.of(source).to_vec(),
                origin: format!("undo of {}", edit.origin),
            });
            written += edit.replacement.len();
            copied = edit.span.end;
        }
        EditSet { edits }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn edit(start: usize, end: usize, text: &str) -> TextEdit {
        TextEdit::new(Span::new(start, end), text, &format!("{start}..{end}"))
    }

    #[test]
    fn overlap_error_names_both_origins() {
        let overlap = EditSet::new(vec![edit(4, 6, "x"), edit(1, 5, "y")]).unwrap_err();
        assert_eq!(overlap.to_string(), "two edits meet at byte 4: 1..5 and 4..6");
        assert!(EditSet::new(vec![edit(2, 2, "x"), edit(2, 2, "y")]).is_err());
    }

    proptest! {
        #[test]
        fn edits_change_only_their_spans_and_can_be_undone(
            source in proptest::collection::vec(any::<u8>(), 0..60),
            cuts in proptest::collection::btree_set(0usize..60, 0..8),
            text in ".{0,4}",
        ) {
            let cuts: Vec<usize> = cuts.into_iter().filter(|&cut| cut <= source.len()).collect();
            let edits = cuts.chunks_exact(2).map(|cut| edit(cut[0], cut[1], &text)).collect();
            let set = EditSet::new(edits).unwrap();
            let changed = set.apply(&source);
            let undone = set.inverse(&source).apply(&changed);
            prop_assert_eq!(&undone, &source);
            for (at, byte) in changed.iter().enumerate() {
                let from = set.source_offset(at);
                let was_put_in = set.edits.iter().any(|edit| edit.span.start == from);
                prop_assert!(was_put_in || source[from] == *byte);
            }
            if set.is_empty() {
                prop_assert_eq!(&changed, &source);
            }
        }
    }
}
