//! Moves places in the guarded theme to where the same bytes stand in the theme as it was read,
//! which is what the user looks at.

use crate::text::{Finding, Location, Span};
use crate::theme::Theme;

/// Moves all places of `findings` from `made` to `read`. A place that the guard has changed keeps
/// its file only.
pub(super) fn move_back(findings: &mut [Finding], made: &Theme, read: &Theme) {
    for finding in findings {
        let related = finding.related.iter_mut().map(|(place, _)| place);
        for place in finding.primary.iter_mut().chain(related) {
            place.span = moved(place, made, read);
        }
    }
}

fn moved(place: &Location, made: &Theme, read: &Theme) -> Option<Span> {
    let span = place.span?;
    let (Some(new), Some(old)) = (made.bytes(&place.path), read.bytes(&place.path)) else {
        return Some(span);
    };
    if span.end <= common(new.iter(), old.iter()) {
        return Some(span);
    }
    let behind = new.len().checked_sub(span.start)?;
    let is_same = behind <= common(new.iter().rev(), old.iter().rev());
    let start = old.len().checked_sub(behind)?;
    is_same.then(|| Span::new(start, start + (span.end - span.start)))
}

/// How many items two sequences begin with alike.
fn common<'a>(one: impl Iterator<Item = &'a u8>, other: impl Iterator<Item = &'a u8>) -> usize {
    one.zip(other).take_while(|(one, other)| one == other).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_found_again_before_and_behind_an_edit() {
        let theme = |text: &str| Theme::default().with([("a".to_owned(), Some(text.into()))]);
        let (made, read) = (theme("one NEW two"), theme("one two"));
        let moved = |start, end| {
            let place = Location { path: "a".to_owned(), span: Some(Span::new(start, end)) };
            moved(&place, &made, &read)
        };
        assert_eq!(moved(0, 3), Some(Span::new(0, 3)));
        assert_eq!(moved(8, 11), Some(Span::new(4, 7)));
        assert_eq!(moved(4, 7), None);
    }
}
