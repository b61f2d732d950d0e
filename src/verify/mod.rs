//! Says what a visitor gets from each page of any theme, from its templates alone.
//!
//! It knows no plan, no rule and no name of a generated file: it follows the templates as the
//! engine would for that visitor on a live store and looks for what leaves the server first. Which
//! scripts are known to leave, it is told.

mod condition;
mod definitions;
mod elements;
mod groups;
mod loaded;
mod loose;
mod output;
mod place;
mod reach;
mod roundabout;
mod script;
mod shared_map;
mod split_names;
mod switches;
mod tag;
mod tells;
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
pub use loaded::of_files;
pub use reach::Reach;
pub use switches::switches;
pub use tells::Tells;

/// Who a visitor is to the store.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Customer {
    /// Nobody who is signed in.
    Guest,
    /// A customer who is signed in.
    Member {
        /// The number of the customer group; 0 without one, or if only its name is known; the
        /// largest for a group that nobody asks for.
        group_id: u64,
        /// Its name; empty without one, or if only its number is known.
        group_name: String,
    },
}

/// Which scripts of a page a browser runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scripts {
    /// All.
    Run,
    /// None: they are switched off.
    Off,
    /// Those with the nonce that the store's content security policy asks for; the browser still
    /// takes what stands in `noscript` for text.
    WithNonce,
}

/// Where a page is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In a window of its own, at its own address.
    Window,
    /// In a frame of another page.
    Frame,
    /// At an address of the hosted checkout.
    CheckoutPath,
}

/// Who looks at a page, with what, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visitor {
    /// Who.
    pub customer: Customer,
    /// What the browser does.
    pub scripts: Scripts,
    /// Where.
    pub place: Place,
    /// Whether it is the local development server that shows the page, not the store.
    pub is_development: bool,
    /// Switches among the theme's settings of which it is known whether they are on.
    pub switches: BTreeMap<String, bool>,
    /// Settings of the theme of which more is known.
    pub settings: BTreeMap<String, Setting>,
}

/// What a setting of the theme is in a store.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Setting {
    /// The store does not have it.
    Missing,
    /// A switch that is on or off.
    Switch(bool),
    /// A text without letters that mean something to browsers.
    Text(String),
}

impl Visitor {
    /// A customer who visits the store as most do.
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
    /// What leaves for the storefront, whatever the theme's settings are.
    Redirected,
    /// The same, and nothing but the template that holds it.
    Replaced,
    /// One or the other, or the page is seen before the browser leaves.
    Uncertain,
    /// Nothing: the engine refuses the template.
    Refused,
}

/// Why an outcome is not certain.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// A script that nobody knows seems to lead away, to this address if it names one.
    UnknownScript(Option<String>),
    /// The browser leaves, but something can be seen before that.
    SeenFirst,
    /// It leaves on some ways through the templates only.
    SomeWays,
    /// Before what leads away, a script runs that may keep it from that.
    ScriptBefore,
    /// A policy in the page itself may keep the script from running.
    Restricted,
    /// Where the page's text begins is not the same for all of the platform's tools, and neither is what they
    /// make of it.
    FrontMatter,
    /// A `meta` element leads away, and the page that it stands in is shown until then.
    PageBehindRefresh,
    /// A `meta` element leads away, to this address but later, or to one that nobody knows.
    Refresh(Option<String>),
    /// A `meta` element leads to another page of the shop.
    RefreshInside,
    /// What browsers make of the page's markup is not clear.
    Markup,
    /// All relative addresses of the page begin with this one, or with one that nobody knows.
    Base(Option<String>),
    /// A script leads to an address that the theme's settings hold.
    SetAddress,
}

/// What a visitor gets from a page, and what that rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What they get.
    pub outcome: Outcome,
    /// The addresses to which what they get leads, as they are spelled there.
    pub leads_to: BTreeSet<String>,
    /// Why the outcome is uncertain; empty if it is not.
    pub doubts: BTreeSet<Doubt>,
    /// How far scripts of the page may reach when somebody does something.
    pub reach: Reach,
    /// What the page tells search engines.
    pub tells: Tells,
}

impl Verdict {
    /// One verdict for two readings of a page.
    fn joined_with(mut self, other: Self) -> Self {
        let is_away = |outcome| matches!(outcome, Outcome::Redirected | Outcome::Replaced);
        self.outcome = match (self.outcome, other.outcome) {
            (one, other) if one == other => one,
            // What the engine refuses is shown to nobody.
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
        self.tells.join(&other.tells);
        self
    }
}

/// Tells the scripts that are known to leave as soon as they run, and for where, from all others.
/// In a frame such a script hides the page instead; at an address of the checkout it does nothing.
pub type KnownScripts<'a> = &'a (dyn Fn(&str) -> Option<String> + Sync);

/// What each visitor gets from every page, by page name; in the order of the visitors.
pub fn judge(
    templates: &Templates,
    visitors: &[Visitor],
    known_scripts: KnownScripts<'_>,
) -> Vec<BTreeMap<String, Verdict>> {
    judge_some(templates, visitors, known_scripts, &|_, _| true)
}

/// The same for those visitors and pages, by number and name, that somebody wants to know about.
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

/// What a visitor gets from one page, whatever the theme's settings are.
pub fn judge_page(
    templates: &Templates,
    page: &str,
    visitor: &Visitor,
    known_scripts: KnownScripts<'_>,
) -> Verdict {
    ask(templates, page, visitor, (known_scripts, &Readings::default())).1
}

/// The pieces of templates, by name, that a page includes but prints for none of these visitors.
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

/// More switches than this are not turned in all ways.
const MOST_SWITCHES: usize = 5;

/// The same, with what was asked about the visitor. Where it depends on switches among the theme's settings,
/// these are turned in all ways: a guard may be another for each, and whole for all.
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
    let is_open = verdict.doubts.contains(&Doubt::SomeWays) && switches.len() <= MOST_SWITCHES;
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

/// What a visitor gets, whichever of the platform's tools says where the page's text begins.
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

/// One verdict for many, if all of them lead away.
fn all_away(mut verdicts: impl Iterator<Item = Verdict>) -> Option<Verdict> {
    let away =
        |verdict: &Verdict| matches!(verdict.outcome, Outcome::Redirected | Outcome::Replaced);
    let first = verdicts.next().filter(away)?;
    verdicts.try_fold(first, |mut all, one| {
        // To be sent the page's text is less than not to be.
        all.outcome = all.outcome.min(one.outcome);
        all.leads_to.extend(one.leads_to.iter().cloned());
        all.tells.join(&one.tells);
        away(&one).then_some(all)
    })
}
