//! Whether guarded pages tell search engines and shoppers what they should.

use super::PageOutcome;
use super::checked_page::CheckedPage;
use crate::guard::names;
use crate::guard::script::{Redirect, parse_all};
use crate::guard::search_engines::{Counterpart, SearchEngines, counterpart, has_own_canonical};
use crate::guard::texts::Texts;
use crate::text::{Code, Finding, Location};
use crate::theme::pages::Templates;
use crate::theme::texts::languages;
use crate::theme::{Theme, template_path};
use crate::verify::{SearchDirectives, Verdict};
use std::collections::{BTreeMap, BTreeSet};

/// A theme with the results of checking its pages.
pub(super) struct Judged<'a> {
    pub(super) theme: &'a Theme,
    pub(super) templates: &'a Templates,
    pub(super) pages: &'a BTreeMap<String, CheckedPage>,
    /// The verdicts of the pages for guests.
    pub(super) verdicts: &'a BTreeMap<String, Verdict>,
}

/// What is wrong with what a page tells search engines.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Wrong {
    NotHidden,
    NoCanonical,
    SecondCanonical,
    Elsewhere(String),
}

impl Judged<'_> {
    /// Returns what guarded pages do not tell search engines, or tell them in addition.
    pub(super) fn search_engines(&self, asked: SearchEngines) -> Vec<Finding> {
        let templates = self.theme.template_names().filter_map(|name| self.theme.template(name));
        let told = templates.flat_map(parse_all).next();
        let mut wrong: BTreeMap<Wrong, Vec<&str>> = BTreeMap::new();
        for (name, page) in self.pages {
            let verdict = self.verdicts.get(name);
            let Some(verdict) = verdict.filter(|_| page.outcome == PageOutcome::Guarded) else {
                continue;
            };
            let found = match asked {
                SearchEngines::None => None,
                SearchEngines::NoIndex => (!verdict.search.hides).then_some(Wrong::NotHidden),
                SearchEngines::Canonical => told.as_ref().and_then(|told| {
                    let has_own = || has_own_canonical(self.theme, self.templates, name);
                    let has_own = page.sends_text && has_own();
                    canonical(&verdict.search, &expected(name, told, has_own))
                }),
            };
            if let Some(found) = found {
                wrong.entry(found).or_default().push(name);
            }
        }
        wrong.iter().map(|(wrong, pages)| finding(wrong, pages)).collect()
    }

    /// Finds guards whose link to the storefront has other texts.
    pub(super) fn texts(&self, texts: &Texts) -> Vec<Finding> {
        let languages = languages(self.theme);
        let is_other = |name: &&str| {
            let template = self.theme.template(name).unwrap_or_default();
            let text = String::from_utf8_lossy(template);
            !parse_all(template).is_empty() && !texts.stand_in(&text, &languages)
        };
        let others = [names::HEAD, names::PAGE].into_iter().filter(is_other);
        let message = "the guard's link to the storefront does not have the right words everywhere";
        others
            .map(|name| {
                Finding::new(Code::OtherGuard, message)
                    .in_file(template_path(name))
                    .help("guard the theme again with these texts")
            })
            .collect()
    }
}

/// The canonical links that a page should have.
struct Expected {
    /// Whether every shopper gets one.
    always: bool,
    /// The addresses that these links may have, up to the part that the server prints.
    addresses: BTreeSet<String>,
    /// Whether the page's own head may have one.
    has_own: bool,
}

fn expected(page: &str, told: &Redirect, has_own: bool) -> Expected {
    let address = |found| match found {
        Counterpart::At(address) => Some(address),
        Counterpart::SamePath | Counterpart::Unknown => None,
    };
    let counterparts: Vec<(Counterpart, &str)> = told
        .storefront
        .all()
        .map(|storefront| {
            let alone = storefront.clone().with(Vec::new());
            (counterpart(page, &told.paths, &alone), storefront.base())
        })
        .collect();
    let always = counterparts.iter().all(|(found, _)| matches!(found, Counterpart::At(_)));
    let same_path = counterparts.iter().filter(|(found, _)| *found == Counterpart::SamePath);
    let mut addresses: BTreeSet<String> = same_path.map(|(_, base)| (*base).to_owned()).collect();
    addresses.extend(counterparts.into_iter().filter_map(|(found, _)| address(found)));
    Expected { always, addresses, has_own }
}

/// Returns what is wrong with the canonical links of a page.
fn canonical(search: &SearchDirectives, expected: &Expected) -> Option<Wrong> {
    if search.most > 1 || expected.has_own && search.most > 0 {
        return Some(Wrong::SecondCanonical);
    }
    let strange = search.addresses.iter().find(|address| !expected.addresses.contains(*address));
    if let Some(address) = strange {
        return Some(Wrong::Elsewhere(address.clone()));
    }
    let is_wanted = !expected.has_own && !expected.addresses.is_empty();
    let is_there = if expected.always { search.least } else { search.most } > 0;
    (is_wanted && !is_there).then_some(Wrong::NoCanonical)
}

/// Returns one finding for all pages with the same problem.
fn finding(wrong: &Wrong, pages: &[&str]) -> Finding {
    let what = match wrong {
        Wrong::NotHidden => "does not tell search engines to leave it out".to_owned(),
        Wrong::NoCanonical => "does not name the page of the storefront, for all shoppers, that \
            it stands for"
            .to_owned(),
        Wrong::SecondCanonical => "may have two canonical links".to_owned(),
        Wrong::Elsewhere(address) => {
            format!("names `{address}` to search engines, which is not the page that it stands for")
        }
    };
    let places = pages.iter().map(|page| Location { path: template_path(page), span: None });
    Finding::new(Code::OtherGuard, format!("this guarded page {what}"))
        .at_all(places, "likewise")
        .help("guard the theme again with these settings")
}
