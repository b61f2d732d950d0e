//! Judges what a guest gets from a page that a store has answered with, using the verdict for templates.
//!
//! The page is treated as a template without any Stencil tags except the nonce of its policy. This module
//! opens no connection and knows only the addresses that it is given.

mod policy;

use self::policy::Inline;
use super::hosts;
use super::words;
use crate::guard::script::told;
use crate::guard::storefront::Storefront;
use crate::guard::theme_settings;
use crate::theme::pages::Templates;
use crate::theme::{Theme, template_path};
use crate::verify::{self, Customer, Outcome, Place, Scripts, Verdict, Visitor};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;

/// A page as a store answers with it.
#[derive(Clone, Copy, Debug)]
pub struct PageResponse<'a> {
    /// The page's text.
    pub html: &'a str,
    /// The content security policies that came with it.
    pub policies: &'a [&'a str],
    /// Whether the page's address is one of the checkout.
    pub is_checkout: bool,
}

/// What becomes of a page on a live store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LiveOutcome {
    /// The page is shown to a guest, as it should be.
    Kept,
    /// The page redirects a guest to the storefront.
    Guarded,
    /// The store itself redirects a guest.
    SentOn,
    /// The page is shown to a guest, although it should not be.
    Open,
    /// The page redirects a guest, although everybody should see it.
    Lost,
    /// The page redirects a guest to a site that is not the storefront.
    Misled,
    /// The tool cannot tell.
    Unknown,
}

/// The result of judging one page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The outcome.
    pub outcome: LiveOutcome,
    /// The addresses that a guest is redirected to.
    pub leads_to: BTreeSet<String>,
    /// The reason, in one clause, if there is more to say.
    pub reason: Option<String>,
}

impl Judged {
    /// Returns a page whose outcome has one reason.
    pub fn because(outcome: LiveOutcome, reason: impl Into<String>) -> Self {
        Self { outcome, leads_to: BTreeSet::new(), reason: Some(reason.into()) }
    }

    /// Returns a page that redirects a guest to one address: guarded if the storefront holds it, otherwise
    /// misled.
    pub fn led(address: &str, storefront: &Storefront) -> Self {
        let leads_to = BTreeSet::from([address.to_owned()]);
        match storefront.holds(address) {
            true => Self { outcome: LiveOutcome::Guarded, leads_to, reason: None },
            false => misled(leads_to, storefront),
        }
    }
}

/// The name under which the answer is judged as the only page of a theme.
const PAGE: &str = "pages/answer";

/// Judges what a guest gets from a page that everybody should see, or nobody.
pub fn judge(answered: PageResponse<'_>, is_kept: bool, storefront: &Storefront) -> Judged {
    let inline = policy::inline(answered.policies);
    let templates = templates(answered.html, &inline);
    let set = theme_settings::set_in(answered.html);
    let leads_to = |script: &str| {
        let redirect = told(script)?;
        let storefront = set.as_ref().filter(|_| redirect.reads_setting);
        Some(storefront.unwrap_or(&redirect.storefront).base().to_owned())
    };
    let verdict = |visitor: &Visitor| verify::judge_page(&templates, PAGE, visitor, &leads_to);
    let place = if answered.is_checkout { Place::CheckoutPath } else { Place::Window };
    let usual = Visitor { place, ..Visitor::new(Customer::Guest) };
    let guest = match inline {
        Inline::All => usual.clone(),
        _ => Visitor { scripts: Scripts::WithNonce, ..usual.clone() },
    };
    let without_scripts = Visitor { scripts: Scripts::Off, ..usual.clone() };
    let in_a_frame = Visitor { place: Place::Frame, ..guest.clone() };
    let first = verdict(&guest);
    if is_kept {
        return kept(&first, &verdict(&without_scripts), storefront);
    }
    let judged = guarded(&first, &Visitor::new(Customer::Guest), storefront);
    if judged.outcome != LiveOutcome::Guarded {
        return blocked(judged, &inline, &verdict(&usual));
    }
    let others = [without_scripts, in_a_frame];
    let others = others.iter().map(|visitor| guarded(&verdict(visitor), visitor, storefront));
    others.into_iter().find(|other| other.outcome != LiveOutcome::Guarded).unwrap_or(judged)
}

/// Returns the templates of a theme that consists of the answer alone.
fn templates(html: &str, inline: &Inline) -> Templates {
    // Split `{{`, so that it is not read as a tag. No known script contains it.
    let mut text = String::with_capacity(html.len());
    // Served pages have no front matter; the comment keeps their start from being read as one.
    text.push_str("<!-- -->");
    for letter in html.chars() {
        if letter == '{' && text.ends_with('{') {
            text.push(' ');
        }
        text.push(letter);
    }
    for nonce in inline.nonces() {
        for quote in ['"', '\''] {
            let printed = format!("nonce={quote}{nonce}{quote}");
            text = text.replace(&printed, &format!("nonce={quote}{{{{nonce}}}}{quote}"));
        }
    }
    let file = (template_path(PAGE), Some(text.into_bytes()));
    Templates::new(&Theme::default().with([file]))
}

/// Judges a page that everybody should see.
fn kept(guest: &Verdict, without_scripts: &Verdict, storefront: &Storefront) -> Judged {
    let is_away =
        |verdict: &Verdict| matches!(verdict.outcome, Outcome::Redirected | Outcome::Replaced);
    let doubts = guest.doubts.iter().map(words::doubt);
    let named = hosts::names_storefront(guest, Some(storefront));
    let named = named.then(|| words::NAMES_STOREFRONT.to_owned());
    let reasons: Vec<String> = doubts.chain(named.clone()).collect();
    let is_doubtful = guest.outcome == Outcome::Uncertain || named.is_some();
    let lost = |verdict: &Verdict, reason: &str| Judged {
        leads_to: verdict.leads_to.clone(),
        ..Judged::because(LiveOutcome::Lost, reason)
    };
    if is_away(guest) {
        return lost(guest, "everybody should see this page");
    }
    if is_away(without_scripts) && hosts::leads_to(without_scripts, storefront) {
        return lost(without_scripts, "visitors without scripts should see this page");
    }
    match is_doubtful && !hosts::is_own_script(guest, Some(storefront)) {
        true => Judged::because(LiveOutcome::Unknown, reasons.join("; ")),
        false => Judged { outcome: LiveOutcome::Kept, leads_to: BTreeSet::new(), reason: None },
    }
}

/// Judges a page that nobody should see.
fn guarded(verdict: &Verdict, visitor: &Visitor, storefront: &Storefront) -> Judged {
    match verdict.outcome {
        Outcome::Shown => {
            let who = words::name(visitor).phrase;
            Judged::because(LiveOutcome::Open, format!("shown to {who}"))
        }
        Outcome::Uncertain | Outcome::Refused => {
            let doubts: Vec<String> = verdict.doubts.iter().map(words::doubt).collect();
            Judged::because(LiveOutcome::Unknown, doubts.join("; "))
        }
        Outcome::Redirected | Outcome::Replaced => {
            let leads_to = verdict.leads_to.clone();
            match leads_to.iter().all(|address| storefront.holds(address)) {
                true => Judged { outcome: LiveOutcome::Guarded, leads_to, reason: None },
                false => misled(leads_to, storefront),
            }
        }
    }
}

/// Changes the reason if a page is shown only because the store's policy blocks the redirect.
fn blocked(judged: Judged, inline: &Inline, without_policy: &Verdict) -> Judged {
    let would_leave = matches!(without_policy.outcome, Outcome::Redirected | Outcome::Replaced);
    match (judged.outcome, inline) {
        (LiveOutcome::Open, Inline::Hashes) => Judged::because(
            LiveOutcome::Unknown,
            "the store's content security policy allows scripts by their hashes, which stencil-guard does not compare",
        ),
        (LiveOutcome::Open, Inline::Nonces(_)) if would_leave => Judged::because(
            LiveOutcome::Open,
            "the store's content security policy blocks the script that leads away",
        ),
        _ => judged,
    }
}

fn misled(leads_to: BTreeSet<String>, storefront: &Storefront) -> Judged {
    let reason = format!("the storefront is {}", storefront.base());
    Judged { leads_to, ..Judged::because(LiveOutcome::Misled, reason) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::script::{Redirect, script};

    fn storefront() -> Storefront {
        Storefront::parse("https://a.example").unwrap()
    }

    fn page(nonce: &str) -> String {
        let script = script(&Redirect::to(storefront()));
        format!(
            "<!doctype html><html><head><meta charset=\"utf-8\"><script nonce=\"{nonce}\">{script}</script><noscript><meta http-equiv=\"refresh\" content=\"0;url=https://a.example/\"></noscript><title>{{{{x</title></head><body>SHOP</body></html>"
        )
    }

    fn outcome(html: &str, policies: &[&str], is_kept: bool) -> (LiveOutcome, String) {
        let answered = PageResponse { html, policies, is_checkout: false };
        let judged = judge(answered, is_kept, &storefront());
        (judged.outcome, judged.reason.unwrap_or_default())
    }

    #[test]
    fn responses_are_judged_like_templates() {
        let (guarded, shop) = (page(""), "<html><body>SHOP {{{x}}} {{> y}}</body></html>");
        assert_eq!(outcome(&guarded, &[], false).0, LiveOutcome::Guarded);
        assert_eq!(outcome(&guarded, &[], true).0, LiveOutcome::Lost);
        assert_eq!(outcome(shop, &[], false), (LiveOutcome::Open, "shown to guests".to_owned()));
        assert_eq!(outcome(shop, &[], true).0, LiveOutcome::Kept);
        let script_only = guarded.replace("<noscript>", "<template>");
        let expected = (LiveOutcome::Open, "shown to visitors without scripts".to_owned());
        assert_eq!(outcome(&script_only, &[], false), expected);
        let other = guarded.replace("a.example", "b.example");
        assert_eq!(outcome(&other, &[], false).0, LiveOutcome::Misled);
        let changed = guarded.replace("location.replace", "location.assign");
        assert_eq!(outcome(&changed, &[], false).0, LiveOutcome::Unknown);
        assert_eq!(
            outcome(&format!("---\nx: y\n---\n{guarded}"), &[], false).0,
            LiveOutcome::Unknown
        );
        let foreign =
            "<html><script>location.href = 'https://b.example' + location.pathname</script>SHOP";
        assert_eq!(outcome(foreign, &[], false).0, LiveOutcome::Unknown);
        let mixed = format!("<html><body>{}", page(""));
        assert_eq!(
            outcome(&mixed, &[], false).0,
            LiveOutcome::Guarded,
            "nothing is seen before it"
        );
        assert_eq!(outcome(&format!("SHOP{}", page("")), &[], false).0, LiveOutcome::Unknown);
    }

    #[test]
    fn content_security_policy_decides_which_scripts_run() {
        for (policy, expected) in [
            ("frame-ancestors 'self'", LiveOutcome::Guarded),
            ("script-src 'self' 'unsafe-inline'", LiveOutcome::Guarded),
            ("script-src 'self' 'nonce-abc'", LiveOutcome::Guarded),
            ("default-src 'none'; script-src-elem 'nonce-abc'", LiveOutcome::Guarded),
            ("script-src 'self' 'unsafe-inline' 'nonce-xyz'", LiveOutcome::Open),
            ("script-src 'self'", LiveOutcome::Open),
            ("default-src https:", LiveOutcome::Open),
            ("sandbox allow-forms", LiveOutcome::Open),
            ("script-src 'sha256-AAAA'", LiveOutcome::Unknown),
        ] {
            let (outcome, reason) = outcome(&page("abc"), &[policy], false);
            assert_eq!(outcome, expected, "{policy}: {reason}");
            assert!(
                outcome == LiveOutcome::Guarded || reason.contains("policy"),
                "{policy}: {reason}"
            );
        }
        // With several policies, each one counts.
        let both = ["script-src 'nonce-abc'", "script-src 'self'"];
        assert_eq!(outcome(&page("abc"), &both, false).0, LiveOutcome::Open);
        assert_eq!(
            outcome(&page("abc"), &["img-src *, script-src 'self'"], false).0,
            LiveOutcome::Open
        );
    }

    #[test]
    fn redirect_script_does_nothing_at_checkout_addresses() {
        let answered = PageResponse { html: &page(""), policies: &[], is_checkout: true };
        assert_eq!(judge(answered, false, &storefront()).outcome, LiveOutcome::Open);
    }

    #[test]
    fn redirects_to_other_addresses_are_misled() {
        for (address, expected) in [
            ("https://a.example", LiveOutcome::Guarded),
            ("https://a.example/x?y", LiveOutcome::Guarded),
            ("https://a.example?x", LiveOutcome::Guarded),
            ("https://a.example.evil.example/", LiveOutcome::Misled),
            ("http://a.example/", LiveOutcome::Misled),
        ] {
            assert_eq!(Judged::led(address, &storefront()).outcome, expected, "{address}");
        }
    }
}
