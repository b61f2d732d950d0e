//! Compares what each page of a guarded theme does, for every kind of visitor, with what it should do.

use super::PageFate;
use crate::guard::group::Group;
use crate::guard::plan::{Mechanism, Policy};
use crate::guard::script::leads_to;
use crate::text::{Code, Finding};
use crate::theme::Theme;
use crate::theme::pages::Templates;
use crate::verify::{self, Customer, Doubt, Outcome, Verdict, Visitor};
use std::collections::BTreeMap;

/// Compares what each page does with what it should do, for every kind of visitor.
pub(super) fn judge(
    theme: &Theme,
    templates: &Templates,
    policy: &Policy,
    findings: &mut Vec<Finding>,
) -> BTreeMap<String, PageFate> {
    let groups = match &policy.mechanism {
        Mechanism::Dispatch(groups) => groups.as_slice(),
        Mechanism::Redirect | Mechanism::None => &[],
    };
    let shoppers = shoppers().map(|customer| (false, customer));
    let members = groups.iter().map(|group| (true, member(group)));
    let verdicts: Vec<(bool, BTreeMap<String, Verdict>)> = shoppers
        .into_iter()
        .chain(members)
        .map(|(is_allowed, customer)| {
            let visitor = Visitor { customer, scripts: true };
            (is_allowed, verify::judge(theme, templates, &visitor, &leads_to))
        })
        .collect();
    let pages = templates.pages().map(|page| {
        let is_kept = policy.kept.contains(page);
        let of_page =
            verdicts.iter().filter_map(|(allowed, verdicts)| Some((*allowed, verdicts.get(page)?)));
        let (fate, finding) = fate(page, is_kept, &policy.mechanism, of_page);
        findings.extend(finding);
        (page.to_owned(), fate)
    });
    pages.collect()
}

/// One customer of each kind that is in no group with a name.
pub(super) fn shoppers() -> [Customer; 3] {
    let member = |group_id: u64| Customer::Member { group_id, group_name: String::new() };
    [Customer::Guest, member(0), member(u64::MAX)]
}

/// A customer of a group.
pub(super) fn member(group: &Group) -> Customer {
    match group {
        Group::Id(id) => Customer::Member { group_id: id.get(), group_name: String::new() },
        Group::Name(name) => Customer::Member { group_id: 0, group_name: name.clone() },
    }
}

/// Whether what speaks against a page being shown is nothing but a script of the shop's own.
fn is_own_script(verdict: &Verdict) -> bool {
    let is_script = |doubt: &Doubt| matches!(doubt, Doubt::UnknownScript(_));
    verdict.outcome == Outcome::Uncertain && verdict.doubts.iter().all(is_script)
}

/// What becomes of one page, given what each visitor gets, and what is wrong with that.
fn fate<'v>(
    page: &str,
    is_kept: bool,
    mechanism: &Mechanism,
    verdicts: impl Iterator<Item = (bool, &'v Verdict)>,
) -> (PageFate, Option<Finding>) {
    let path = format!("templates/{page}.html");
    let is_guarded = !is_kept && *mechanism != Mechanism::None;
    for (is_allowed, verdict) in verdicts {
        let outcome = verdict.outcome;
        let is_away = matches!(outcome, Outcome::Redirected | Outcome::Replaced);
        let is_uncertain = outcome == Outcome::Uncertain && !is_own_script(verdict);
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
