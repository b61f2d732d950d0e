//! Compares what each page of a guarded theme does, for every kind of visitor, with what it should do.

use super::PageOutcome;
use super::audience::{self, Expected, Visitors};
use super::hosts::{is_own_page, is_own_script, leads_to, names_storefront};
use super::{odd_markup, words};
use crate::guard::plan::{Mechanism, Policy};
use crate::text::{Code, Finding, Severity};
use crate::theme::Theme;
use crate::theme::pages::Templates;
use crate::theme::template_path;
use crate::verify::{Doubt, Outcome, Scripts, Verdict, Visitor};
use std::collections::{BTreeMap, BTreeSet};

/// Compares what each page does, for every kind of visitor, with what it should do. Problems of pages in
/// `allowed_open` are warnings, not errors.
pub(super) fn judge(
    theme: &Theme,
    templates: &Templates,
    policy: &Policy,
    allowed_open: &BTreeSet<String>,
    findings: &mut Vec<Finding>,
) -> BTreeMap<String, PageOutcome> {
    let groups = match &policy.mechanism {
        Mechanism::Dispatch(groups) => groups.as_slice(),
        Mechanism::Redirect | Mechanism::None => &[],
    };
    let is_wanted = |expected, page: &str| expected != Expected::Any || policy.kept.contains(page);
    let mut audience = audience::gather(
        templates,
        Some(groups),
        policy.guard_development,
        policy.theme_settings,
        &is_wanted,
    );
    audience::add_files(&mut audience, theme, templates, &policy.kept);
    let pages = templates.pages().map(|page| {
        let is_kept = policy.kept.contains(page);
        let of_page = audience.iter().filter_map(|visitors| {
            let verdict = visitors.verdicts.get(page)?;
            is_judged(visitors, verdict, is_kept, policy).then_some((visitors, verdict))
        });
        let of_page: Vec<(&Visitors, &Verdict)> = of_page.collect();
        let verdicts =
            of_page.iter().map(|(it, verdict)| (it.expected == Expected::Allowed, *verdict));
        let (mut outcome, mut finding) = outcome(page, is_kept, policy, verdicts);
        let is_lost = finding.as_ref().is_some_and(|it| it.code == Code::PageLost);
        if is_lost && is_kept {
            let seen = seen(&of_page);
            if odd_markup::is_unchanged(templates, page, &seen, &policy.storefront) {
                (outcome, finding) = (PageOutcome::Kept, None);
            }
        }
        let is_allowed = matches!(outcome, PageOutcome::Open | PageOutcome::Uncertain)
            && allowed_open.contains(page);
        findings
            .extend(finding.map(|finding| if is_allowed { downgraded(finding) } else { finding }));
        (page.to_owned(), outcome)
    });
    pages.collect()
}

/// Whether it matters what these visitors get. Kept pages may send browsers without scripts anywhere but to
/// the storefront.
fn is_judged(visitors: &Visitors, verdict: &Verdict, is_kept: bool, policy: &Policy) -> bool {
    let is_without_scripts = visitors.visitor.scripts == Scripts::Off;
    let is_exempt = visitors.expected == Expected::Shopper && is_kept && is_without_scripts;
    !is_exempt || leads_to(verdict, &policy.storefront)
}

/// Returns the visitors who are judged on a page, with their verdicts.
fn seen<'v>(of_page: &[(&'v Visitors, &'v Verdict)]) -> Vec<(&'v Visitor, &'v Verdict)> {
    of_page.iter().map(|(visitors, verdict)| (&visitors.visitor, *verdict)).collect()
}

/// Turns findings about why no guard could be placed into warnings, unless a page is open that may not be.
pub(super) fn downgrade_placement_errors(
    findings: &mut [Finding],
    templates: &Templates,
    pages: &BTreeMap<String, PageOutcome>,
    allowed_open: &BTreeSet<String>,
) {
    let mut open = pages.iter().filter(|(_, outcome)| **outcome == PageOutcome::Open);
    if open.any(|(page, _)| !allowed_open.contains(page)) {
        return;
    }
    let names = allowed_open.iter().flat_map(|page| templates.closure(page));
    let paths: BTreeSet<String> = names.map(template_path).collect();
    let is_reason = |finding: &&mut Finding| {
        let place = finding.primary.as_ref();
        finding.code == Code::AmbiguousHtml && place.is_some_and(|at| paths.contains(&at.path))
    };
    for finding in findings.iter_mut().filter(is_reason) {
        finding.severity = Severity::Warning;
    }
}

/// Turns a finding into a warning, because the user allows it.
fn downgraded(finding: Finding) -> Finding {
    if finding.code == Code::CannotTell {
        let help = Some("it may be, by --allow-open".to_owned());
        return Finding { severity: Severity::Warning, help, ..finding };
    }
    let message = "shoppers still see this page, which --allow-open says they may";
    Finding { severity: Severity::Warning, message: message.to_owned(), help: None, ..finding }
}

/// Returns what becomes of one page, given its verdicts for all visitors, and the finding if something is
/// wrong.
fn outcome<'v>(
    page: &str,
    is_kept: bool,
    Policy { mechanism, storefront, .. }: &Policy,
    verdicts: impl Iterator<Item = (bool, &'v Verdict)>,
) -> (PageOutcome, Option<Finding>) {
    let path = template_path(page);
    let is_guarded = !is_kept && *mechanism != Mechanism::None;
    for (is_allowed, verdict) in verdicts {
        let outcome = verdict.outcome;
        let is_away = matches!(outcome, Outcome::Redirected | Outcome::Replaced);
        let is_own = match is_allowed {
            true => is_own_page(verdict, Some(storefront)),
            false => is_own_script(verdict, Some(storefront)),
        };
        let is_uncertain = outcome == Outcome::Uncertain && !is_own;
        let leaks = matches!(mechanism, Mechanism::Dispatch(_)) && outcome == Outcome::Redirected;
        match (outcome, is_guarded && !is_allowed) {
            (Outcome::Refused, _) => return (PageOutcome::Refused, None),
            (_, true) if verdict.doubts.contains(&Doubt::ScriptBefore) => {
                return (PageOutcome::Uncertain, Some(uncertain(path, verdict, false)));
            }
            (_, true) if !is_away || leaks => return (PageOutcome::Open, Some(open(path))),
            (_, false) if is_kept && !is_away && names_storefront(verdict, Some(storefront)) => {
                return (PageOutcome::Uncertain, Some(uncertain(path, verdict, true)));
            }
            (_, false) if is_away && *mechanism != Mechanism::None => {
                return (PageOutcome::Guarded, Some(lost(path)));
            }
            (_, false) if is_uncertain && *mechanism != Mechanism::None => {
                return match verdict.doubts.iter().any(is_of_script) {
                    true => (PageOutcome::Uncertain, Some(uncertain(path, verdict, false))),
                    false => (PageOutcome::Guarded, Some(perhaps_lost(path, verdict))),
                };
            }
            _ => {}
        }
    }
    let outcome = match (is_guarded, is_kept) {
        (true, _) => PageOutcome::Guarded,
        (false, true) => PageOutcome::Kept,
        (false, false) => PageOutcome::Shown,
    };
    (outcome, None)
}

/// Whether a doubt is about a script, or about where its relative addresses lead.
fn is_of_script(doubt: &Doubt) -> bool {
    matches!(doubt, Doubt::UnknownScript(_) | Doubt::Base(_) | Doubt::SetAddress)
}

fn open(path: String) -> Finding {
    let message = "shoppers would still see this page: its guard does not stand on every path";
    Finding::new(Code::OpenPage, message)
        .in_file(path)
        .help("keep the page by name with --keep, or simplify how it includes its layout")
}

fn uncertain(path: String, verdict: &Verdict, names_storefront: bool) -> Finding {
    let named = names_storefront.then(|| words::NAMES_STOREFRONT.to_owned());
    let reasons: Vec<String> = verdict.doubts.iter().map(words::doubt).chain(named).collect();
    Finding::new(Code::CannotTell, words::message(Code::CannotTell, &reasons.join("; ")))
        .in_file(path)
        .help("look at that script; if it is fine, say so with --allow-open")
}

fn lost(path: String) -> Finding {
    let message = "this page would be hidden from somebody who should see it";
    Finding::new(Code::PageLost, message).in_file(path).help(
        "include its layout directly and without a context, or give up the page with --no-keep",
    )
}

/// Reports a page that may be hidden, with the reasons.
fn perhaps_lost(path: String, verdict: &Verdict) -> Finding {
    let reasons: Vec<String> = verdict.doubts.iter().map(words::doubt).collect();
    let reasons = reasons.join("; ");
    Finding {
        message: format!("this page may be hidden from somebody who should see it: {reasons}"),
        ..lost(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::link_rules::Rules;
    use crate::guard::link_settings::{BackLinks, KeptChrome, LinkSettings};
    use crate::guard::paths::PathTable;
    use crate::guard::search_engines::SearchEngines;
    use crate::guard::storefront::Storefront;
    use crate::guard::texts::Texts;
    use crate::guard::theme_settings::Chosen;

    fn policy(kept: &[&str]) -> Policy {
        let links = LinkSettings {
            own_hosts: Vec::new(),
            rules: Rules::new(&[]).unwrap(),
            kept_chrome: KeptChrome::Full,
            hidden: Vec::new(),
            back_links: BackLinks::Strip,
        };
        Policy {
            mechanism: Mechanism::Redirect,
            kept: kept.iter().map(|&page| page.to_owned()).collect(),
            storefront: Storefront::parse("https://a.example").unwrap(),
            paths: PathTable::default(),
            texts: Texts::default(),
            search_engines: SearchEngines::None,
            links,
            guard_development: false,
            guard_editor: false,
            theme_settings: false,
            chosen: Chosen::default(),
            theme_name: None,
        }
    }

    /// Judges pages that are given by name and content.
    fn outcomes(
        pages: &[(&str, &str)],
        policy: &Policy,
        allowed: &BTreeSet<String>,
    ) -> (Vec<PageOutcome>, Vec<Finding>) {
        let pages = pages.iter().map(|(name, text)| {
            (format!("templates/pages/{name}.html"), Some(text.as_bytes().to_vec()))
        });
        let theme = Theme::default().with(pages);
        let mut findings = Vec::new();
        let outcomes = judge(&theme, &Templates::new(&theme), policy, allowed, &mut findings);
        (outcomes.into_values().collect(), findings)
    }

    #[test]
    fn open_page_is_an_error_unless_allowed() {
        let allowed = BTreeSet::from(["pages/home".to_owned()]);
        let (outcomes, findings) =
            outcomes(&[("home", "SHOP"), ("cart", "SHOP")], &policy(&[]), &allowed);
        assert_eq!(outcomes, [PageOutcome::Open; 2]);
        let severities: Vec<Severity> = findings.iter().map(|finding| finding.severity).collect();
        assert_eq!(severities, [Severity::Error, Severity::Warning]);
        assert!(findings[1].message.contains("--allow-open"), "{}", findings[1].message);
    }

    #[test]
    fn noscript_refresh_on_kept_page_must_not_target_storefront() {
        let outcome = |target: &str| {
            let refresh = format!("<meta http-equiv=refresh content='0;url={target}'>");
            let page = format!("<html><head><noscript>{refresh}</noscript></head>SHOP");
            outcomes(&[("checkout", &page)], &policy(&["pages/checkout"]), &BTreeSet::new()).0
        };
        assert_eq!(outcome("https://help.example/scripts"), [PageOutcome::Kept]);
        assert_eq!(outcome("https://a.example/"), [PageOutcome::Guarded]);
    }

    #[test]
    fn script_to_the_storefront_makes_a_kept_page_uncertain() {
        let outcome = |address: &str, allowed: &[&str]| {
            let page = format!("<html><script>location.replace({address})</script>SHOP");
            let allowed = allowed.iter().map(|&page| page.to_owned()).collect();
            let (outcomes, findings) =
                outcomes(&[("checkout", &page)], &policy(&["pages/checkout"]), &allowed);
            (outcomes[0], findings.first().map(|finding| (finding.code, finding.severity)))
        };
        let cannot_tell = |severity| (PageOutcome::Uncertain, Some((Code::CannotTell, severity)));
        assert_eq!(outcome("'https://a.example/x'", &[]), cannot_tell(Severity::Error));
        let allowed = &["pages/checkout"];
        assert_eq!(outcome("'https://a.example/x'", allowed), cannot_tell(Severity::Warning));
        // That is the shop's own business; `links` warns about it.
        assert_eq!(outcome("'https://old-browsers.example'", &[]), (PageOutcome::Kept, None));
        assert_eq!(outcome("'/'", &[]), (PageOutcome::Kept, None));
    }

    #[test]
    fn development_server_needs_a_guard_only_on_request() {
        let script = crate::guard::script::script(&policy(&[]).redirect());
        let refresh =
            "<noscript><meta http-equiv=refresh content='0;url=https://a.example/'></noscript>";
        let guard = format!("<script nonce=\"{{{{nonce}}}}\">{script}</script>{refresh}");
        let page = format!("<html>{{{{#unless in_development}}}}{guard}{{{{/unless}}}}SHOP");
        let outcome = |guard_development| {
            let policy = Policy { guard_development, ..policy(&[]) };
            outcomes(&[("home", &page)], &policy, &BTreeSet::new()).0
        };
        assert_eq!(outcome(false), [PageOutcome::Guarded]);
        assert_eq!(outcome(true), [PageOutcome::Open]);
    }
}
