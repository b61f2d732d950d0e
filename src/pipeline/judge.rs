//! Compares what each page of a guarded theme does, for every kind of visitor, with what it should do.

use super::PageFate;
use super::audience::{self, Right};
use crate::guard::plan::{Mechanism, Policy};
use crate::text::{Code, Finding, Severity};
use crate::theme::Theme;
use crate::theme::pages::Templates;
use crate::verify::{Doubt, Outcome, Verdict};
use std::collections::{BTreeMap, BTreeSet};

/// Compares what each page does with what it should do, for every kind of visitor. Pages that are
/// `allowed_open` are told, but are no error.
pub(super) fn judge(
    theme: &Theme,
    templates: &Templates,
    policy: &Policy,
    allowed_open: &BTreeSet<String>,
    findings: &mut Vec<Finding>,
) -> BTreeMap<String, PageFate> {
    let groups = match &policy.mechanism {
        Mechanism::Dispatch(groups) => groups.as_slice(),
        Mechanism::Redirect | Mechanism::None => &[],
    };
    let audience = audience::gather(theme, templates, Some(groups), policy.guard_development);
    let pages = templates.pages().map(|page| {
        let is_kept = policy.kept.contains(page);
        let expected = audience.iter().filter(|visitors| match visitors.right {
            Right::Indifferent => is_kept,
            Right::Shopper | Right::ShopperUnderPolicy | Right::Allowed | Right::Unsaid => true,
        });
        let of_page = expected.filter_map(|visitors| {
            Some((visitors.right == Right::Allowed, visitors.verdicts.get(page)?))
        });
        let (fate, finding) = fate(page, is_kept, &policy.mechanism, of_page);
        let is_allowed = fate == PageFate::Open && allowed_open.contains(page);
        findings.extend(finding.map(|finding| if is_allowed { allowed(finding) } else { finding }));
        (page.to_owned(), fate)
    });
    pages.collect()
}

/// Makes warnings of what says why no guard could be placed, where no page is open that may not be.
pub(super) fn excuse(
    findings: &mut [Finding],
    templates: &Templates,
    pages: &BTreeMap<String, PageFate>,
    allowed_open: &BTreeSet<String>,
) {
    let mut open = pages.iter().filter(|(_, fate)| **fate == PageFate::Open);
    if open.any(|(page, _)| !allowed_open.contains(page)) {
        return;
    }
    let names = allowed_open.iter().flat_map(|page| templates.closure(page));
    let paths: BTreeSet<String> = names.map(|name| format!("templates/{name}.html")).collect();
    let is_reason = |finding: &&mut Finding| {
        let place = finding.primary.as_ref();
        finding.code == Code::AmbiguousHtml && place.is_some_and(|at| paths.contains(&at.path))
    };
    for finding in findings.iter_mut().filter(is_reason) {
        finding.severity = Severity::Warning;
    }
}

/// What the user said may be.
fn allowed(finding: Finding) -> Finding {
    let message = "shoppers still see this page, which --allow-open says they may";
    Finding { severity: Severity::Warning, message: message.to_owned(), help: None, ..finding }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::links::rules::Rules;
    use crate::guard::links::{KeptChrome, LinkSettings};
    use crate::guard::storefront::Storefront;

    #[test]
    fn an_open_page_is_an_error_unless_it_is_allowed() {
        let page = |name: &str| (format!("templates/pages/{name}.html"), Some(b"SHOP".to_vec()));
        let theme = Theme::default().with([page("home"), page("cart")]);
        let links = LinkSettings {
            own_hosts: Vec::new(),
            rules: Rules::new(&[]).unwrap(),
            kept_chrome: KeptChrome::Full,
        };
        let policy = Policy {
            mechanism: Mechanism::Redirect,
            kept: BTreeSet::new(),
            storefront: Storefront::parse("https://a.example").unwrap(),
            links,
            guard_development: false,
            theme_name: None,
        };
        let allowed = BTreeSet::from(["pages/home".to_owned()]);
        let mut findings = Vec::new();
        let pages = judge(&theme, &Templates::new(&theme), &policy, &allowed, &mut findings);
        assert!(pages.values().all(|fate| *fate == PageFate::Open));
        let severities: Vec<Severity> = findings.iter().map(|finding| finding.severity).collect();
        assert_eq!(severities, [Severity::Error, Severity::Warning]);
        assert!(findings[1].message.contains("--allow-open"), "{}", findings[1].message);
    }
}
