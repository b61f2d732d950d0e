//! What becomes of each page of a theme as it stands, and which finding reports a problem.

use super::PageOutcome;
use super::audience::{Expected, SHOPPERS, Visitors};
use super::checked_page::CheckedPage;
use super::hosts::{self, bare};
use super::theme_settings;
use super::words::{self, doubt, message};
use super::{odd_markup, switched};
use crate::guard::script::leads_to;
use crate::guard::storefront::Storefront;
use crate::text::{Code, Finding, Severity};
use crate::theme::pages::Templates;
use crate::theme::template_path;
use crate::verify::{Customer, Doubt, Outcome, Scripts, Verdict, Visitor};
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

/// A theme with everything needed to judge it.
pub(super) struct Checker<'a> {
    pub(super) templates: &'a Templates,
    /// Pages that everybody should see.
    pub(super) kept: BTreeSet<String>,
    /// Pages that everybody may see.
    pub(super) allowed_open: BTreeSet<String>,
    pub(super) audience: Vec<Visitors>,
    pub(super) storefront: Option<&'a Storefront>,
}

/// A problem with a page.
struct Wrong {
    outcome: PageOutcome,
    code: Code,
    reason: String,
}

impl Checker<'_> {
    /// Returns what becomes of one page, and the finding if something is wrong.
    pub(super) fn page(&self, name: &str) -> (CheckedPage, Option<Finding>) {
        let is_kept = self.kept.contains(name);
        let mut page = CheckedPage {
            outcome: if is_kept { PageOutcome::Kept } else { PageOutcome::Guarded },
            reason: None,
            leads_to: BTreeSet::new(),
            sends_text: false,
            visitors: Vec::new(),
        };
        let mut wrong = None;
        let is_unchanged = OnceCell::new();
        for visitors in &self.audience {
            let Some(verdict) = visitors.verdicts.get(name) else { continue };
            if verdict.outcome == Outcome::Refused {
                page.outcome = PageOutcome::Refused;
                return (page, None);
            }
            if !visitors.is_mixed {
                page.visitors.push((words::name(&visitors.visitor).id, verdict.outcome));
            }
            if is_kept && self.is_elsewhere(verdict, &visitors.visitor) {
                continue;
            }
            let is_odd = is_kept && verdict.outcome == Outcome::Uncertain;
            let is_odd = is_odd && !hosts::names_storefront(verdict, self.storefront);
            if is_odd && *is_unchanged.get_or_init(|| self.is_unchanged(name)) {
                continue;
            }
            if is_away(verdict) {
                let addresses = verdict.leads_to.iter().filter(|it| !theme_settings::is_set(it));
                page.leads_to.extend(addresses.map(|address| bare(address)));
                page.sends_text |= verdict.outcome == Outcome::Redirected;
            }
            let should_see = should_see(visitors.expected, is_kept, verdict);
            if let (None, Some(should_see)) = (&wrong, should_see) {
                wrong = match is_kept && hosts::names_storefront(verdict, self.storefront) {
                    true => Some(self.named(name, verdict, &visitors.visitor)),
                    false => self.wrong(name, verdict, visitors, should_see, &mut page),
                };
            }
        }
        let finding = wrong.map(|wrong| self.finding(name, &mut page, wrong));
        (page, finding)
    }

    /// Whether only the theme's own markup makes a kept page uncertain.
    fn is_unchanged(&self, name: &str) -> bool {
        let seen = self.audience.iter().filter_map(|visitors| {
            let verdict = visitors.verdicts.get(name)?;
            let is_elsewhere = self.is_elsewhere(verdict, &visitors.visitor);
            (!is_elsewhere).then_some((&visitors.visitor, verdict))
        });
        let seen: Vec<(&Visitor, &Verdict)> = seen.collect();
        self.storefront.is_some_and(|it| odd_markup::is_unchanged(self.templates, name, &seen, it))
    }

    fn finding(&self, name: &str, page: &mut CheckedPage, wrong: Wrong) -> Finding {
        let message = message(wrong.code, &wrong.reason);
        let mut finding = Finding::new(wrong.code, message)
            .in_file(template_path(name))
            .help(help(name, wrong.code));
        let is_allowed = self.allowed_open.contains(name) && wrong.code != Code::PageLost;
        if is_allowed {
            finding.severity = Severity::Warning;
            finding = finding.help("it may be, by --allow-open");
        }
        page.outcome = wrong.outcome;
        page.reason = Some(wrong.reason);
        finding
    }

    /// Reports a page whose guard does nothing because the page is served at addresses of the checkout.
    pub(super) fn open_at_checkout(&self, name: &str, page: &mut CheckedPage) -> Finding {
        let reason = "its guard does nothing at the addresses of the checkout, where it stands";
        let (outcome, code) = (PageOutcome::Open, Code::OpenPage);
        self.finding(name, page, Wrong { outcome, code, reason: reason.to_owned() })
    }

    /// Describes the problem of a kept page with a script that names the storefront and navigates somewhere.
    fn named(&self, page: &str, verdict: &Verdict, visitor: &Visitor) -> Wrong {
        let doubts = (!verdict.doubts.is_empty()).then(|| self.doubts(page, verdict, visitor));
        let reasons = doubts.into_iter().chain([words::NAMES_STOREFRONT.to_owned()]);
        let reason = reasons.collect::<Vec<_>>().join("; ");
        Wrong { outcome: PageOutcome::Uncertain, code: Code::CannotTell, reason }
    }

    /// Describes the problem, if there is one, with what a visitor gets who should see a page, or should not.
    fn wrong(
        &self,
        page: &str,
        verdict: &Verdict,
        Visitors { visitor, is_mixed, expected, .. }: &Visitors,
        should_see: bool,
        told: &mut CheckedPage,
    ) -> Option<Wrong> {
        let who = self.who(page, visitor, verdict.outcome);
        let is_own = match expected {
            Expected::Allowed => hosts::is_own_page(verdict, self.storefront),
            _ => hosts::is_own_script(verdict, self.storefront),
        };
        let is_own = should_see && is_own;
        let (outcome, code, reason) = match (verdict.outcome, should_see) {
            (Outcome::Shown, false) => {
                (PageOutcome::Open, Code::OpenPage, format!("shown to {who}"))
            }
            (Outcome::Uncertain, false) if stays_inside(verdict) => {
                (PageOutcome::Open, Code::OpenPage, format!("shown to {who}"))
            }
            (Outcome::Uncertain, _) if is_own => return None,
            (Outcome::Uncertain, _) => {
                (PageOutcome::Uncertain, Code::CannotTell, self.doubts(page, verdict, visitor))
            }
            (Outcome::Redirected | Outcome::Replaced, true) => {
                (PageOutcome::Guarded, Code::PageLost, format!("hidden from {who}"))
            }
            _ => return None,
        };
        if *is_mixed {
            told.visitors.push((words::name(visitor).id, verdict.outcome));
        }
        Some(Wrong { outcome, code, reason })
    }

    /// Returns the visitors for a message: every shopper if all kinds of shoppers get the same, otherwise
    /// this kind.
    fn who(&self, page: &str, visitor: &Visitor, outcome: Outcome) -> String {
        let shoppers = &self.audience[..SHOPPERS];
        let same = |other: &Visitors| {
            other.verdicts.get(page).is_some_and(|verdict| verdict.outcome == outcome)
        };
        match shoppers.iter().any(|other| other.visitor == *visitor) && shoppers.iter().all(same) {
            true => "every shopper".to_owned(),
            false => words::name(visitor).phrase,
        }
    }

    /// Returns why a page is uncertain.
    fn doubts(&self, page: &str, verdict: &Verdict, visitor: &Visitor) -> String {
        let switched = verdict
            .doubts
            .contains(&Doubt::SomeWays)
            .then(|| switched::explain(self.templates, page, visitor, &leads_to));
        let doubts = verdict.doubts.iter().map(|one| match (one, &switched) {
            (Doubt::SomeWays, Some(Some(switch))) => switch.clone(),
            _ => doubt(one),
        });
        doubts.collect::<Vec<_>>().join("; ")
    }

    /// Whether the visitor runs no scripts and the page does not lead to the storefront.
    fn is_elsewhere(&self, verdict: &Verdict, visitor: &Visitor) -> bool {
        let leads_there = |storefront| hosts::leads_to(verdict, storefront);
        visitor.scripts == Scripts::Off && !self.storefront.is_none_or(leads_there)
    }

    /// Warns if the guard stops working once the store has a content security policy.
    pub(super) fn blocked_by_policy(
        &self,
        pages: &BTreeMap<String, CheckedPage>,
    ) -> Option<Finding> {
        let under_policy = self
            .audience
            .iter()
            .find(|visitors| visitors.expected == Expected::ShopperUnderPolicy)?;
        let is_shown = |name: &&String| {
            let outcome = under_policy.verdicts.get(*name).map(|verdict| verdict.outcome);
            matches!(outcome, Some(Outcome::Shown | Outcome::Uncertain))
        };
        let guarded = pages.iter().filter(|(_, page)| page.outcome == PageOutcome::Guarded);
        let lost = guarded.filter(|(_, page)| page.reason.is_none()).map(|(name, _)| name);
        let lost: Vec<&String> = lost.filter(is_shown).collect();
        let count = lost.len();
        let finding = Finding::new(
            Code::BlockedByPolicy,
            format!("{count} guarded pages are shown if the store has a content security policy"),
        );
        let first = lost.first()?;
        Some(
            finding
                .in_file(template_path(first))
                .help("give the redirect script the store's nonce: <script nonce=\"{{nonce}}\">"),
        )
    }

    /// Returns the groups that the options do not mention and whose members see pages that are neither kept
    /// nor shown to guests.
    pub(super) fn groups(&self) -> Vec<String> {
        let sees = |visitors: &&Visitors| {
            let mut verdicts = visitors.verdicts.iter();
            let is_shown = |(page, verdict): (&String, &Verdict)| {
                !self.kept.contains(page)
                    && verdict.outcome == Outcome::Shown
                    && !self.is_open(page)
            };
            visitors.expected == Expected::Unspecified && verdicts.any(is_shown)
        };
        self.audience
            .iter()
            .filter(sees)
            .filter_map(|visitors| match &visitors.visitor.customer {
                Customer::Member { group_id: 0, group_name } => Some(format!("name:{group_name}")),
                Customer::Member { group_id, .. } => Some(group_id.to_string()),
                Customer::Guest => None,
            })
            .collect::<BTreeSet<String>>()
            .into_iter()
            .collect()
    }

    /// Whether guests see a page.
    fn is_open(&self, page: &str) -> bool {
        let guests = self.audience.first().and_then(|visitors| visitors.verdicts.get(page));
        guests.is_some_and(|verdict| verdict.outcome == Outcome::Shown)
    }
}

/// Returns the help text for a problem with a page.
fn help(page: &str, code: Code) -> String {
    let page = page.strip_prefix("pages/").unwrap_or(page);
    match code {
        Code::OpenPage => format!(
            "guard it with `stencil-guard build`, or say that it may be seen: --keep {page}, --allow-open {page}"
        ),
        Code::PageLost => {
            format!("build the theme again, or say that the page may be guarded: --no-keep {page}")
        }
        _ => format!("if that is fine, say so: --allow-open {page}"),
    }
}

/// Whether every doubt is about a refresh to another page of the shop.
fn stays_inside(verdict: &Verdict) -> bool {
    verdict.doubts.iter().all(|doubt| *doubt == Doubt::RefreshInside)
}

fn is_away(verdict: &Verdict) -> bool {
    matches!(verdict.outcome, Outcome::Redirected | Outcome::Replaced)
}

/// Whether a visitor should see a page; `None` if either is right.
fn should_see(expected: Expected, is_kept: bool, verdict: &Verdict) -> Option<bool> {
    match expected {
        Expected::ShopperUnderPolicy => None,
        _ if is_kept => Some(true),
        Expected::Allowed => Some(true),
        Expected::Shopper => Some(false),
        Expected::Unspecified => (verdict.outcome == Outcome::Uncertain).then_some(false),
        Expected::Any => None,
    }
}
