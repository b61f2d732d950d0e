//! Moves places in the guarded theme to the same bytes in the theme as it was read, which is the one that the
//! user knows.

use crate::text::{Finding, Location, Span};
use crate::theme::Theme;
use std::collections::HashMap;

/// Moves all places of `findings` from `made` to `read`. A place that the guard has changed keeps only its
/// file.
pub(super) fn move_back(findings: &mut [Finding], made: &Theme, read: &Theme) {
    // Each file is compared once, because it may have many places.
    let mut known: HashMap<String, Option<CommonEnds>> = HashMap::new();
    for finding in findings {
        let related = finding.related.iter_mut().map(|(place, _)| place);
        for place in finding.primary.iter_mut().chain(related) {
            let alike = known.entry(place.path.clone());
            let alike = alike
                .or_insert_with_key(|path| CommonEnds::of(made.bytes(path)?, read.bytes(path)?));
            place.span = moved(place, alike.as_ref());
        }
    }
}

/// What two versions of a file have in common.
struct CommonEnds {
    new_length: usize,
    old_length: usize,
    /// The length of their common prefix in bytes.
    start: usize,
    /// The length of their common suffix in bytes.
    end: usize,
}

impl CommonEnds {
    fn of(new: &[u8], old: &[u8]) -> Option<Self> {
        Some(Self {
            new_length: new.len(),
            old_length: old.len(),
            start: common(new.iter(), old.iter()),
            end: common(new.iter().rev(), old.iter().rev()),
        })
    }
}

/// Returns the original place; `alike` is `None` if the file is in only one of the themes.
fn moved(place: &Location, alike: Option<&CommonEnds>) -> Option<Span> {
    let span = place.span?;
    let Some(alike) = alike.filter(|alike| span.end > alike.start) else { return Some(span) };
    let behind = alike.new_length.checked_sub(span.start)?;
    let start = alike.old_length.checked_sub(behind)?;
    (behind <= alike.end).then(|| Span::new(start, start + (span.end - span.start)))
}

/// Returns the length of the common prefix of two sequences.
fn common<'a>(one: impl Iterator<Item = &'a u8>, other: impl Iterator<Item = &'a u8>) -> usize {
    one.zip(other).take_while(|(one, other)| one == other).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_before_and_after_an_edit_map_back() {
        let theme = |text: &str| Theme::default().with([("a".to_owned(), Some(text.into()))]);
        let (made, read) = (theme("one NEW two"), theme("one two"));
        let moved = |start, end| {
            let place = Location { path: "a".to_owned(), span: Some(Span::new(start, end)) };
            let alike = CommonEnds::of(made.bytes("a").unwrap(), read.bytes("a").unwrap());
            moved(&place, alike.as_ref())
        };
        assert_eq!(moved(0, 3), Some(Span::new(0, 3)));
        assert_eq!(moved(8, 11), Some(Span::new(4, 7)));
        assert_eq!(moved(4, 7), None);
    }
}
