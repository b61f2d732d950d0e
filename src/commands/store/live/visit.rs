//! Visits the pages of a live store, following redirects within the store, and judges what is there.

use super::Pages;
use super::addresses::{self, Found};
use crate::guard::storefront::Storefront;
use crate::pipeline::live::{self, Judged, LiveOutcome, PageResponse};
use crate::report::store::LivePage;
use crate::store::guest::{FetchError, Guest, WebPage};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

/// How many redirects to follow for one page.
const MAX_REDIRECTS: usize = 5;

/// The visits of one guest, with the answers so far.
pub(super) struct Visits<'a> {
    guest: &'a Guest<'a>,
    /// Origins at which the store shows its theme.
    own: BTreeSet<String>,
    storefront: &'a Storefront,
    pages: &'a Pages,
    seen: RefCell<BTreeMap<Url, Result<WebPage, FetchError>>>,
}

impl<'a> Visits<'a> {
    pub(super) fn new(
        guest: &'a Guest<'a>,
        own: BTreeSet<String>,
        storefront: &'a Storefront,
        pages: &'a Pages,
    ) -> Self {
        Self { guest, own, storefront, pages, seen: RefCell::default() }
    }

    /// Whether an address belongs to the store.
    pub(super) fn is_own(&self, address: &Url) -> bool {
        self.own.contains(&address.origin().ascii_serialization())
    }

    /// Forgets all answers, so that pages are fetched again.
    pub(super) fn forget(&self) {
        self.seen.borrow_mut().clear();
        self.guest.forgive();
    }

    /// Visits a page, and judges what a guest gets.
    pub(super) fn page(&self, found: &Found) -> LivePage {
        let mut at = found.address.clone();
        let (mut judged, mut is_absent) = (None, false);
        for _ in 0..=MAX_REDIRECTS {
            let answer = self.answer(&at);
            is_absent = matches!(answer, Err(FetchError::NoHost));
            match self.step(found, &at, answer) {
                Step::On(next) => at = next,
                Step::End(end) => {
                    judged = Some(end);
                    break;
                }
            }
        }
        let Judged { outcome, leads_to, reason } = judged.unwrap_or_else(|| {
            Judged::because(LiveOutcome::Unknown, "the store redirects again and again")
        });
        LivePage {
            path: path(&found.address),
            page: found.page.map(|page| page.trim_start_matches("pages/").to_owned()),
            sent_to: (at != found.address).then(|| self.short(&at)),
            outcome,
            leads_to,
            reason,
            is_absent,
        }
    }

    fn step(&self, found: &Found, at: &Url, answer: Result<WebPage, FetchError>) -> Step {
        let page = match answer {
            Ok(page) => page,
            Err(missed) => return Step::End(unknown(&missed)),
        };
        let target = page.header("location").filter(|_| (300..400).contains(&page.status));
        let Some(target) = target else { return Step::End(self.arrived(found, at, &page)) };
        match at.join(target) {
            Ok(next) if self.is_own(&next) => Step::On(next),
            // Without a cart, a guest cannot see the checkout.
            Ok(next) if self.is_kept(found.page) => Step::End(Judged {
                leads_to: BTreeSet::from([next.to_string()]),
                ..Judged::because(LiveOutcome::SentOn, "the store sends a guest on")
            }),
            Ok(next) => Step::End(Judged::led(next.as_str(), self.storefront)),
            Err(_) => {
                Step::End(Judged::because(LiveOutcome::Unknown, "the store redirects to nowhere"))
            }
        }
    }

    /// Judges the page at which the redirects end.
    fn arrived(&self, found: &Found, at: &Url, page: &WebPage) -> Judged {
        let html = page.text();
        if let Some(reason) = why_unknown(page, &html) {
            return Judged::because(LiveOutcome::Unknown, reason);
        }
        let is_there = *at == found.address;
        let shown = if is_there { found.page } else { addresses::page(at) };
        let is_kept = self.is_kept(shown);
        if !is_there && (is_kept || self.is_kept(found.page)) {
            return Judged::because(LiveOutcome::SentOn, "the store sends a guest on");
        }
        let policies: Vec<&str> = page.headers("content-security-policy").collect();
        let is_checkout = shown == Some("pages/checkout");
        let answered = PageResponse { html: &html, policies: &policies, is_checkout };
        live::judge(answered, is_kept, self.storefront)
    }

    fn is_kept(&self, page: Option<&str>) -> bool {
        page.is_some_and(|page| self.pages.is_kept(page))
    }

    fn answer(&self, address: &Url) -> Result<WebPage, FetchError> {
        if let Some(seen) = self.seen.borrow().get(address) {
            return seen.clone();
        }
        let answer = self.guest.get(address);
        self.seen.borrow_mut().insert(address.clone(), answer.clone());
        answer
    }

    /// Returns an address, without its host if that belongs to the store.
    fn short(&self, address: &Url) -> String {
        if self.is_own(address) { path(address) } else { address.to_string() }
    }
}

enum Step {
    On(Url),
    End(Judged),
}

/// Returns the path and query of an address.
pub(super) fn path(address: &Url) -> String {
    address[url::Position::BeforePath..url::Position::AfterQuery].to_owned()
}

/// Returns why an answer does not show what a guest gets; `None` if it is a page of the theme.
fn why_unknown(page: &WebPage, html: &str) -> Option<String> {
    let status = page.status;
    let is_challenge = page.header("cf-mitigated").is_some()
        || (matches!(status, 403 | 429 | 503) && html.contains("/cdn-cgi/challenge-platform/"));
    if is_challenge {
        return Some("a check for bots stands in front of it".to_owned());
    }
    let kind = page.header("content-type").unwrap_or("no type").to_ascii_lowercase();
    match status {
        429 => Some("the host refuses further requests for now (status 429)".to_owned()),
        503 => Some("the store is closed for maintenance (status 503)".to_owned()),
        _ if html.contains("id=\"guestTkn\"") => Some("the store is not launched yet".to_owned()),
        200..300 | 404 | 410 if !kind.starts_with("text/html") => {
            Some(format!("the answer is not a page, but {kind}"))
        }
        200..300 | 404 | 410 => {
            let charset =
                kind.split_once("charset=").map(|(_, name)| name.trim_matches(['"', ' ']));
            let is_read = charset.is_none_or(|name| name == "utf-8" || name == "utf8");
            (!is_read).then(|| format!("the answer is not a page in UTF-8, but {kind}"))
        }
        _ => Some(format!("the answer has the status {status}")),
    }
}

fn unknown(missed: &FetchError) -> Judged {
    let reason = match missed {
        FetchError::NoHost => "there is no such host".to_owned(),
        FetchError::NotSecure(reason) => format!(
            "its connection is not secure ({reason}); after a change of the checkout's address the certificate takes some minutes"
        ),
        FetchError::Closed => "the host refuses further requests for now (status 429)".to_owned(),
        FetchError::Failed(reason) => format!("no answer: {reason}"),
    };
    Judged::because(LiveOutcome::Unknown, reason)
}
