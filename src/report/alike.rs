//! Merges warnings, for people, that differ only in the thing that they are about, and keeps their places.

use crate::text::{Code, Finding, Severity};
use std::collections::BTreeMap;

/// The maximum number of further places listed for a merged warning.
const MAX_PLACES: usize = 9;

/// Returns the findings with equal warnings merged into the first of them.
pub(super) fn merged<'f>(findings: impl Iterator<Item = &'f Finding>) -> Vec<Finding> {
    let mut merged: Vec<Finding> = Vec::new();
    let mut firsts: BTreeMap<(Code, &str, Option<&str>), (usize, usize)> = BTreeMap::new();
    for finding in findings {
        let Some(said) = said(finding) else {
            merged.push(finding.clone());
            continue;
        };
        let key = (finding.code, said, finding.help.as_deref());
        let (first, others) = firsts.entry(key).or_insert((merged.len(), 0));
        match merged.get_mut(*first) {
            Some(first) => {
                *others += 1;
                let place = finding.primary.clone().map(|place| (place, "and this".to_owned()));
                let places = place.into_iter().chain(finding.related.clone());
                let room = MAX_PLACES.saturating_sub(first.related.len());
                first.related.extend(places.take(room));
            }
            None => merged.push(finding.clone()),
        }
    }
    for (first, others) in firsts.into_values().filter(|(_, others)| *others > 0) {
        if let Some(first) = merged.get_mut(first) {
            first.message = format!("{} ({others} more like it)", first.message);
        }
    }
    merged
}

/// Returns the text of a warning without the name that it begins with, if it begins with one.
fn said(finding: &Finding) -> Option<&str> {
    let message = finding.message.as_str();
    let named = message.strip_prefix('`').and_then(|rest| rest.split_once("` "));
    (finding.severity == Severity::Warning).then(|| named.map_or(message, |(_, said)| said))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    fn about(code: Code, message: &str, start: usize) -> Finding {
        Finding::new(code, message).at("templates/a.html", Span::new(start, start + 1))
    }

    #[test]
    fn equal_warnings_are_merged() {
        let link = |message, start| about(Code::LinkDoubtful, message, start);
        let findings = vec![
            link("`{{a}}` leads to x: it stays, but who knows", 1),
            about(Code::LinkKept, "`{{b}}` leads to x: it stays", 2),
            link("`{{c}}` leads to y: it stays, but who knows", 3),
            link("`{{d}}` leads to x: it stays, but who knows", 4),
            about(Code::LinkKept, "`{{e}}` leads to x: it stays", 5),
            link("`{{f}}` leads to x: it stays, but who knows", 6),
            link("`{{g}}` leads to x: it stays, but who knows", 7).help("another rule"),
            about(Code::FileLeftOut, "this file is left out", 8),
            about(Code::FileLeftOut, "this file is left out", 9),
            about(Code::LinkStays, "`{{h}}` stays", 10),
            about(Code::LinkStays, "`{{i}}` stays", 11),
        ];
        let merged = merged(findings.iter());
        let messages: Vec<&str> = merged.iter().map(|it| it.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "`{{a}}` leads to x: it stays, but who knows (2 more like it)",
                "`{{b}}` leads to x: it stays",
                "`{{c}}` leads to y: it stays, but who knows",
                "`{{e}}` leads to x: it stays",
                "`{{g}}` leads to x: it stays, but who knows",
                "this file is left out (1 more like it)",
                "`{{h}}` stays",
                "`{{i}}` stays",
            ]
        );
        let others = merged[0].related.iter().map(|(place, _)| place.span.map(|span| span.start));
        assert_eq!(others.collect::<Vec<_>>(), [Some(4), Some(6)]);
    }

    #[test]
    fn merged_warning_lists_first_places_and_counts_all() {
        let many = (0..50).map(|start| about(Code::FileLeftOut, "this file is left out", start));
        let merged = merged(many.collect::<Vec<_>>().iter());
        assert_eq!(merged[0].message, "this file is left out (49 more like it)");
        assert_eq!((merged.len(), merged[0].related.len()), (1, MAX_PLACES));
    }
}
