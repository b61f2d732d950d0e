//! Compares what each page of a guarded theme does, for every kind of visitor, with what it should do.

use super::PageFate;
use crate::guard::group::Group;
use crate::guard::plan::{Mechanism, Policy};
use crate::text::{Code, Finding};
use crate::theme::Theme;
use crate::theme::pages::Templates;
use crate::verify::{self, Outcome, Visitor};
use std::collections::BTreeMap;

/// Compares what each page does with what it should do, for every kind of visitor.
pub(super) fn judge(
    theme: &Theme,
    templates: &Templates,
    policy: &Policy,
    findings: &mut Vec<Finding>,
) -> BTreeMap<String, PageFate> {
    let verdicts: Vec<(bool, BTreeMap<String, Outcome>)> = visitors(&policy.mechanism)
        .into_iter()
        .map(|(allowed, visitor)| (allowed, verify::judge(theme, templates, &visitor)))
        .collect();
    let pages = templates.pages().map(|page| {
        let is_kept = policy.kept.contains(page);
        let of_page = verdicts
            .iter()
            .filter_map(|(allowed, outcomes)| Some((*allowed, *outcomes.get(page)?)));
        let (fate, finding) = fate(page, is_kept, &policy.mechanism, of_page);
        findings.extend(finding);
        (page.to_owned(), fate)
    });
    pages.collect()
}

/// One visitor of each kind, and whether guarded pages are for them.
fn visitors(mechanism: &Mechanism) -> Vec<(bool, Visitor)> {
    let customer = |group_id: u64, group_name: &str| Visitor::Customer {
        group_id,
        group_name: group_name.to_owned(),
    };
    // No store has a group of this name, and none has so many groups.
    let other = customer(u64::MAX, "\u{0}");
    let mut visitors = vec![(false, Visitor::Guest), (false, customer(0, "")), (false, other)];
    if let Mechanism::Dispatch(groups) = mechanism {
        visitors.extend(groups.iter().map(|group| match group {
            Group::Id(id) => (true, customer(id.get(), "")),
            Group::Name(name) => (true, customer(0, name)),
        }));
    }
    visitors
}

/// What becomes of one page, given what each visitor gets, and what is wrong with that.
fn fate(
    page: &str,
    is_kept: bool,
    mechanism: &Mechanism,
    outcomes: impl Iterator<Item = (bool, Outcome)>,
) -> (PageFate, Option<Finding>) {
    let path = format!("templates/{page}.html");
    let is_guarded = !is_kept && *mechanism != Mechanism::None;
    for (is_allowed, outcome) in outcomes {
        let is_away = matches!(outcome, Outcome::Redirected | Outcome::Replaced);
        let is_uncertain = outcome == Outcome::Uncertain;
        let leaks = matches!(mechanism, Mechanism::Dispatch(_)) && outcome == Outcome::Redirected;
        match (outcome, is_guarded && !is_allowed) {
            (Outcome::Refused, _) => return (PageFate::Refused, None),
            (_, true) if !is_away || leaks => return (PageFate::Open, Some(open(path))),
            (_, false) if (is_away || is_uncertain) && *mechanism != Mechanism::None => {
                return (PageFate::Guarded, Some(lost(path)));
            }
            _ => {}
        }
    }
    let fate = match (is_guarded, is_kept) {
        (true, _) => PageFate::Guarded,
        (false, true) => PageFate::Kept,
        (false, false) => PageFate::Shown,
    };
    (fate, None)
}

fn open(path: String) -> Finding {
    let message = "shoppers would still see this page: its guard does not stand on every path";
    Finding::new(Code::OpenPage, message)
        .in_file(path)
        .help("keep the page by name with --keep, or simplify how it includes its layout")
}

fn lost(path: String) -> Finding {
    let message = "this page would be hidden from somebody who should see it";
    Finding::new(Code::PageLost, message).in_file(path).help(
        "include its layout directly and without a context, or give up the page with --no-keep",
    )
}
