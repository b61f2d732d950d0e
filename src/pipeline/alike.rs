//! Doubts about links that differ in the address alone are told once, with all the places.

use crate::guard::links::LEADS_TO;
use crate::text::{Code, Finding, Severity};
use std::collections::BTreeMap;

/// The findings, where those that say the same of several links are one, at the first of them.
pub(super) fn merged(findings: Vec<Finding>) -> Vec<Finding> {
    let mut result: Vec<Finding> = Vec::new();
    let mut firsts: BTreeMap<(Severity, String, Option<String>), (usize, usize)> = BTreeMap::new();
    for finding in findings {
        let Some(said) = said(&finding) else {
            result.push(finding);
            continue;
        };
        let key = (finding.severity, said.to_owned(), finding.help.clone());
        let (first, others) = firsts.entry(key).or_insert((result.len(), 0));
        match result.get_mut(*first) {
            Some(first) => {
                *others += 1;
                let place = finding.primary.map(|place| (place, "and this".to_owned()));
                first.related.extend(place.into_iter().chain(finding.related));
            }
            None => result.push(finding),
        }
    }
    for (first, others) in firsts.into_values().filter(|(_, others)| *others > 0) {
        if let Some(first) = result.get_mut(first) {
            first.message = format!("{} ({others} more like it)", first.message);
        }
    }
    result
}

/// What a doubt says of a link besides its address.
fn said(finding: &Finding) -> Option<&str> {
    let is_doubt = finding.code == Code::LinkDoubtful;
    let (_, said) = finding.message.split_once(LEADS_TO).filter(|_| is_doubt)?;
    Some(said)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    fn link(code: Code, written: &str, rest: &str, start: usize) -> Finding {
        let message = format!("`{written}` leads to {rest}");
        Finding::new(code, message).at("templates/a.html", Span::new(start, start + 1))
    }

    #[test]
    fn doubts_that_say_the_same_are_one() {
        let doubt = |written, rest, start| link(Code::LinkDoubtful, written, rest, start);
        let findings = vec![
            doubt("{{a}}", "x: it stays, but who knows", 1),
            link(Code::LinkKept, "{{b}}", "x: it stays", 2),
            doubt("{{c}}", "y: it stays, but who knows", 3),
            doubt("{{d}}", "x: it stays, but who knows", 4),
            link(Code::LinkKept, "{{e}}", "x: it stays", 5),
            doubt("{{f}}", "x: it stays, but who knows", 6),
            doubt("{{g}}", "x: it stays, but who knows", 7).help("another rule"),
            Finding::new(Code::LinkDoubtful, "something else"),
            Finding::new(Code::LinkDoubtful, "something else"),
        ];
        let merged = merged(findings);
        let messages: Vec<&str> = merged.iter().map(|it| it.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "`{{a}}` leads to x: it stays, but who knows (2 more like it)",
                "`{{b}}` leads to x: it stays",
                "`{{c}}` leads to y: it stays, but who knows",
                "`{{e}}` leads to x: it stays",
                "`{{g}}` leads to x: it stays, but who knows",
                "something else",
                "something else",
            ]
        );
        let others = merged[0].related.iter().map(|(place, _)| place.span.map(|span| span.start));
        assert_eq!(others.collect::<Vec<_>>(), [Some(4), Some(6)]);
    }
}
