//! Determines what a visitor gets from each page of a theme, from its templates alone.
//!
//! This module knows no plan, no rules and no names of generated files: it follows the templates as the
//! engine would for that visitor on a live store, and looks for the redirect in the output. The caller
//! supplies the scripts that are known to leave.

mod condition;
mod definitions;
mod elements;
mod groups;
mod indirect;
mod loaded;
mod output;
mod place;
mod reach;
mod script;
mod search_directives;
mod shared_map;
mod split_names;
mod suspect_text;
mod switches;
mod tag;
mod tracked_visitor;
mod unique;
mod value;
mod walk;
pub mod ways_out;

use crate::text::Span;
use crate::theme::pages::Templates;
use rayon::prelude::*;
use schemars::JsonSchema;
use script::Readings;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use tracked_visitor::TrackedVisitor;
use walk::{branches, follow};

pub use groups::groups;
pub use loaded::{of_files, of_texts};
pub use reach::Reach;
pub use search_directives::SearchDirectives;
pub use switches::switches;

/// Who a visitor is to the store.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Customer {
    /// A visitor who is not signed in.
    Guest,
    /// A customer who is signed in.
    Member {
        /// The number of the customer group; 0 if there is none or only its name is known; `u64::MAX` for a
        /// group that no condition asks for.
        group_id: u64,
        /// The name of the group; empty if there is none or only its number is known.
        group_name: String,
    },
}

/// Which scripts of a page a browser runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scripts {
    /// All scripts.
    Run,
    /// None, because scripts are switched off.
    Off,
    /// Scripts with the nonce that the store's content security policy requires; the browser still reads the
    /// content of `noscript` as text.
    WithNonce,
}

/// Where a page is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In its own window, at its own address.
    Window,
    /// In a frame of another page.
    Frame,
    /// At an address of the hosted checkout.
    CheckoutPath,
}

/// A visitor: who they are, how their browser works, and where they see the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visitor {
    /// Who the visitor is to the store.
    pub customer: Customer,
    /// Which scripts the browser runs.
    pub scripts: Scripts,
    /// Where the page is shown.
    pub place: Place,
    /// Whether the local development server shows the page, and not the store.
    pub is_development: bool,
    /// Switches among the theme's settings that are known to be on or off.
    pub switches: BTreeMap<String, bool>,
    /// Theme settings whose value in the store is known.
    pub settings: BTreeMap<String, Setting>,
}

/// The value of a theme setting in a store.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Setting {
    /// The store does not have it.
    Missing,
    /// A switch that is on or off.
    Switch(bool),
    /// A text without characters that mean something to browsers.
    Text(String),
}

impl Visitor {
    /// Creates a visitor who sees the store as most do: in a window, with scripts.
    pub fn new(customer: Customer) -> Self {
        Self {
            customer,
            scripts: Scripts::Run,
            place: Place::Window,
            is_development: false,
            switches: BTreeMap::new(),
            settings: BTreeMap::new(),
        }
    }
}

/// What a visitor gets from a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The page itself.
    Shown,
    /// The browser leaves for the storefront, whatever the theme's settings are.
    Redirected,
    /// The browser leaves for the storefront, and the response holds nothing but the template that redirects.
    Replaced,
    /// Shown or redirected, or the page is seen before the browser leaves.
    Uncertain,
    /// Nothing: the engine refuses the template.
    Refused,
}

/// Why an outcome is not certain.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// An unknown script seems to leave the page, for this address if it names one.
    UnknownScript(Option<String>),
    /// The browser leaves, but something can be seen before that.
    SeenFirst,
    /// The browser leaves on some paths through the templates only.
    SomeWays,
    /// A script that runs before the redirect may prevent it.
    ScriptBefore,
    /// A policy in the page itself may keep the script from running.
    Restricted,
    /// The platform's tools disagree on where the page's text begins, and so on what the page does.
    FrontMatter,
    /// A `meta` refresh leads away, but the page around it is shown until then.
    PageBehindRefresh,
    /// A `meta` refresh to this address that is delayed or not certain; `None` if the address is unknown.
    Refresh(Option<String>),
    /// A `meta` refresh to another page of the shop.
    RefreshInside,
    /// It is unclear how browsers read the page's markup.
    Markup,
    /// A `base` element makes all relative addresses of the page begin with this one; `None` if it is
    /// unknown.
    Base(Option<String>),
    /// A script leads to an address from the theme's settings.
    SetAddress,
}

/// What a visitor gets from a page, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What the visitor gets.
    pub outcome: Outcome,
    /// The addresses that it leads to, as they are spelled there.
    pub leads_to: BTreeSet<String>,
    /// Why the outcome is uncertain; empty if it is not.
    pub doubts: BTreeSet<Doubt>,
    /// How far the scripts of the page may reach.
    pub reach: Reach,
    /// What the page tells search engines.
    pub search: SearchDirectives,
}

impl Verdict {
    /// Merges the verdicts of two readings of a page.
    fn joined_with(mut self, other: Self) -> Self {
        let is_away = |outcome| matches!(outcome, Outcome::Redirected | Outcome::Replaced);
        self.outcome = match (self.outcome, other.outcome) {
            (one, other) if one == other => one,
            // Nobody sees a page that the engine refuses.
            (Outcome::Refused, one) | (one, Outcome::Refused) => one,
            (one, other) if is_away(one) && is_away(other) => one.min(other),
            _ => {
                self.doubts.insert(Doubt::FrontMatter);
                Outcome::Uncertain
            }
        };
        self.leads_to.extend(other.leads_to);
        self.doubts.extend(other.doubts);
        self.reach.join(&other.reach);
        self.search.join(&other.search);
        self
    }
}

/// A function that returns where a script leads, if it is known to leave as soon as it runs. In a frame, such
/// a script hides the page instead; at an address of the checkout, it does nothing.
pub type KnownScripts<'a> = &'a (dyn Fn(&str) -> Option<String> + Sync);

/// Returns what each visitor gets from every page: one map by page name per visitor, in the visitors' order.
pub fn judge(
    templates: &Templates,
    visitors: &[Visitor],
    known_scripts: KnownScripts<'_>,
) -> Vec<BTreeMap<String, Verdict>> {
    judge_some(templates, visitors, known_scripts, &|_, _| true)
}

/// Does the same, but only for the visitors (by index) and pages (by name) that `is_wanted` accepts.
pub fn judge_some(
    templates: &Templates,
    visitors: &[Visitor],
    known_scripts: KnownScripts<'_>,
    is_wanted: &(dyn Fn(usize, &str) -> bool + Sync),
) -> Vec<BTreeMap<String, Verdict>> {
    let pages: Vec<&str> = templates.pages().collect();
    let readings = Readings::default();
    let scripts = (known_scripts, &readings);
    let of_page = |page: &&str| {
        let mut first_hand: Vec<(TrackedVisitor<'_>, Verdict)> = Vec::new();
        let mut verdict = |visitor| {
            let mut earlier = first_hand.iter();
            if let Some((_, verdict)) = earlier.find(|(other, _)| other.speaks_for(visitor)) {
                return verdict.clone();
            }
            let (visitor, verdict) = ask(templates, page, visitor, scripts);
            first_hand.push((visitor, verdict.clone()));
            verdict
        };
        let visitors = visitors.iter().enumerate();
        visitors
            .map(|(number, visitor)| is_wanted(number, page).then(|| verdict(visitor)))
            .collect()
    };
    let verdicts: Vec<Vec<Option<Verdict>>> = pages.par_iter().map(of_page).collect();
    let mut by_visitor = vec![BTreeMap::new(); visitors.len()];
    for (page, verdicts) in pages.into_iter().zip(verdicts) {
        for (of_visitor, verdict) in by_visitor.iter_mut().zip(verdicts) {
            of_visitor.extend(verdict.map(|verdict| (page.to_owned(), verdict)));
        }
    }
    by_visitor
}

/// Returns what a visitor gets from one page, whatever the theme's settings are.
pub fn judge_page(
    templates: &Templates,
    page: &str,
    visitor: &Visitor,
    known_scripts: KnownScripts<'_>,
) -> Verdict {
    ask(templates, page, visitor, (known_scripts, &Readings::default())).1
}

/// Returns the branches of blocks, by template name, that a page includes but prints for none of these
/// visitors.
pub fn unprinted(
    templates: &Templates,
    page: &str,
    visitors: &[&Visitor],
    known_scripts: KnownScripts<'_>,
) -> BTreeSet<(String, Span)> {
    let mut found: BTreeMap<(String, Span), bool> = BTreeMap::new();
    let readings = Readings::default();
    for visitor in visitors {
        let visitor = TrackedVisitor::new(visitor);
        let scripts = (known_scripts, &readings);
        for (piece, is_printed) in branches(templates, page, &visitor, scripts) {
            *found.entry(piece).or_default() |= is_printed;
        }
    }
    found.into_iter().filter(|(_, is_printed)| !is_printed).map(|(piece, _)| piece).collect()
}

/// Maximum number of switches that are tried in all combinations.
const MAX_SWITCHES: usize = 5;

/// Judges one page, and also returns what was asked about the visitor. If the verdict depends on switches
/// among the theme's settings, tries all their combinations: each may have a different guard, and all of them
/// a complete one.
fn ask<'v>(
    templates: &Templates,
    page: &str,
    visitor: &'v Visitor,
    scripts: (KnownScripts<'_>, &Readings),
) -> (TrackedVisitor<'v>, Verdict) {
    let tracked_visitor = TrackedVisitor::new(visitor);
    let verdict = follow_each(templates, page, &tracked_visitor, scripts);
    let mut switches = tracked_visitor.asked_switches();
    switches.retain(|name| {
        !visitor.switches.contains_key(name) && !visitor.settings.contains_key(name)
    });
    let is_open = verdict.doubts.contains(&Doubt::SomeWays) && switches.len() <= MAX_SWITCHES;
    let turned = (is_open && !switches.is_empty()).then(|| {
        let turn = |ways: usize| {
            let switches = switches.iter().enumerate();
            let on = switches.map(|(at, name)| (name.clone(), ways >> at & 1 == 1));
            let mut visitor = visitor.clone();
            visitor.switches.extend(on);
            follow_each(templates, page, &TrackedVisitor::new(&visitor), scripts)
        };
        all_away((0..1 << switches.len()).map(turn))
    });
    (tracked_visitor, turned.flatten().unwrap_or(verdict))
}

/// Follows a page as each of the platform's tools reads it, in case they disagree on where its text begins.
fn follow_each(
    templates: &Templates,
    page: &str,
    visitor: &TrackedVisitor<'_>,
    scripts: (KnownScripts<'_>, &Readings),
) -> Verdict {
    let verdict = follow(templates, page, visitor, scripts);
    match templates.in_development(page) {
        Some(templates) => verdict.joined_with(follow(&templates, page, visitor, scripts)),
        None => verdict,
    }
}

/// Merges the verdicts into one, if all of them lead away.
fn all_away(mut verdicts: impl Iterator<Item = Verdict>) -> Option<Verdict> {
    let away =
        |verdict: &Verdict| matches!(verdict.outcome, Outcome::Redirected | Outcome::Replaced);
    let first = verdicts.next().filter(away)?;
    verdicts.try_fold(first, |mut all, one| {
        // `Redirected`, where the page's text is still sent, is weaker than `Replaced`.
        all.outcome = all.outcome.min(one.outcome);
        all.leads_to.extend(one.leads_to.iter().cloned());
        all.search.join(&one.search);
        away(&one).then_some(all)
    })
}
