//! Says what a visitor gets from each page of any theme, from its templates alone.
//!
//! It knows no plan, no rule and no name of a generated file: it follows the templates as the
//! engine would for that visitor on a live store and looks for what leaves the server first. Which
//! scripts are known to leave, it is told.

mod condition;
mod groups;
mod output;
mod place;
mod questioned;
mod script;
mod switches;
mod tag;
mod value;
pub mod ways_out;

use crate::syntax::ast::{Block, BlockKind, Call, Statement};
use crate::theme::pages::{Templates, literal_name, prints_nothing};
use condition::Scene;
use output::{Browser, Output};
use questioned::Questioned;
use rayon::prelude::*;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use value::Truth;

pub use groups::groups;
pub use switches::switches;

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
        }
    }
}

/// What a visitor gets from a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
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
    /// A script that nobody knows seems to lead to this address.
    UnknownScript(String),
    /// The browser leaves, but something can be seen before that.
    SeenFirst,
    /// It leaves on some ways through the templates only.
    SomeWays,
    /// A policy in the page itself may keep the script from running.
    Restricted,
    /// A `meta` element leads away, and the page that it stands in is shown until then.
    PageBehindRefresh,
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
    let of_page = |page: &&str| {
        let mut first_hand: Vec<(Questioned<'_>, Verdict)> = Vec::new();
        let mut verdict = |visitor| {
            let mut earlier = first_hand.iter();
            if let Some((_, verdict)) = earlier.find(|(other, _)| other.speaks_for(visitor)) {
                return verdict.clone();
            }
            let visitor = Questioned::new(visitor);
            let verdict = follow(templates, page, &visitor, known_scripts);
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

/// What a visitor gets from one page.
pub fn judge_page(
    templates: &Templates,
    page: &str,
    visitor: &Visitor,
    known_scripts: KnownScripts<'_>,
) -> Verdict {
    follow(templates, page, &Questioned::new(visitor), known_scripts)
}

fn follow(
    templates: &Templates,
    page: &str,
    visitor: &Questioned<'_>,
    known_scripts: KnownScripts<'_>,
) -> Verdict {
    let scene = Scene { page, visitor, sees_page: true };
    let browser = Browser { visitor, known: known_scripts };
    let mut walk = Walk {
        templates,
        scene,
        browser,
        output: Output::new(),
        known: BTreeMap::new(),
        printing: BTreeSet::new(),
        prints_shop: false,
        left_in: BTreeSet::new(),
        is_gone: false,
        alternatives: 0,
        dead_ends: HashSet::new(),
        depth: 0,
        visits: 0,
    };
    match walk.template(scene.page, true) {
        Some(()) => walk.verdict(),
        None => Verdict {
            outcome: Outcome::Refused,
            leads_to: BTreeSet::new(),
            doubts: BTreeSet::new(),
        },
    }
}

struct Walk<'a> {
    templates: &'a Templates,
    scene: Scene<'a>,
    browser: Browser<'a>,
    output: Output,
    /// What the output is after a template that starts with some output, with and without sight of
    /// the page.
    known: BTreeMap<(String, bool, Output), Output>,
    /// Templates that may print something.
    printing: BTreeSet<String>,
    /// Whether anything is printed that only the shop knows.
    prints_shop: bool,
    /// Templates in which the browser left.
    left_in: BTreeSet<String>,
    /// Whether the browser has left on every way.
    is_gone: bool,
    /// How many ways that are joined later go round what is followed.
    alternatives: usize,
    /// Templates that include none in which the browser left, at any depth.
    dead_ends: HashSet<&'a str>,
    depth: usize,
    visits: usize,
}

/// Includes inside one another that are followed; beyond, anything may be printed.
const DEEPEST: usize = 100;
/// Templates that are followed for one page, counted as often as they are; themes come nowhere near.
const MOST_VISITS: usize = 2_000;

impl<'a> Walk<'a> {
    fn verdict(self) -> Verdict {
        let Output { seen, left, leaves_later, leads_to, links, mut doubts, .. } = self.output;
        let is_alone = self.printing.len() <= 1 && !self.prints_shop;
        let outcome = match (left, leaves_later) {
            (true, _) if is_alone => Outcome::Replaced,
            (true, _) => Outcome::Redirected,
            (false, true) if is_alone && !seen => Outcome::Replaced,
            (false, true) => {
                doubts.insert(Doubt::PageBehindRefresh);
                Outcome::Uncertain
            }
            (false, false) if doubts.is_empty() => Outcome::Shown,
            (false, false) => Outcome::Uncertain,
        };
        let is_replaced = outcome == Outcome::Replaced;
        if outcome != Outcome::Uncertain {
            doubts.clear();
        }
        let links = links.into_iter().filter(|_| is_replaced);
        Verdict { outcome, leads_to: leads_to.into_iter().chain(links).collect(), doubts }
    }

    /// Follows one template; `None` if the engine refuses it.
    fn template(&mut self, name: &str, sees_page: bool) -> Option<()> {
        let statements = self.templates.get(name)?.syntax.statements()?;
        let key = (name.to_owned(), sees_page, self.output.clone());
        if let Some(after) = self.known.get(&key) {
            self.output = after.clone();
            return Some(());
        }
        if self.depth == DEEPEST || self.visits == MOST_VISITS {
            self.output.read_anything();
            return Some(());
        }
        self.visits += 1;
        // What includes itself prints anything.
        let mut unknown = self.output.clone();
        unknown.read_anything();
        self.known.insert(key.clone(), unknown);
        self.depth += 1;
        self.statements(name, statements, sees_page);
        self.depth -= 1;
        self.known.insert(key, self.output.clone());
        Some(())
    }

    fn statements(&mut self, name: &str, statements: &[Statement], sees_page: bool) {
        for statement in statements {
            match statement {
                // What is not looked at need not be found.
                Statement::Content(_) if self.is_skimmed(name) => {}
                Statement::Content(span) => {
                    self.text(name, self.templates.content(name, *span));
                }
                Statement::Partial(partial) => self.include(name, &partial.call, sees_page),
                Statement::Block(block) => self.block(name, block, sees_page),
                Statement::Mustache(mustache) if prints_nonce(&mustache.call) => {
                    self.prints(name);
                    self.output.read_nonce();
                }
                Statement::Mustache(mustache) if !prints_nothing(&mustache.call) => {
                    // A document that only leads away prints words, but no markup of the shop.
                    self.prints_shop |= !mustache.escaped;
                    self.print_unknown(name);
                }
                Statement::Mustache(_) | Statement::Comment(_) => {}
            }
        }
    }

    fn text(&mut self, name: &str, text: &[u8]) {
        if !text.trim_ascii().is_empty() {
            self.prints(name);
        }
        // Behind what leaves, only its own words count.
        if self.output.left && !self.left_in.contains(name) {
            return;
        }
        let text = String::from_utf8_lossy(text);
        match text.contains(tag::NONCE) {
            true => self.output.read(&text.replace(tag::NONCE, tag::UNKNOWN), self.browser),
            false => self.output.read(&text, self.browser),
        }
        if self.output.left {
            self.left_in.insert(name.to_owned());
        }
    }

    fn block(&mut self, name: &str, block: &Block, sees_page: bool) {
        if block.kind == BlockKind::Partial {
            return self.include(name, &block.call, sees_page);
        }
        let helper = literal_name(&block.call.callee.kind).unwrap_or_default();
        let inverse = block.inverse.as_deref().unwrap_or_default();
        let truth = Scene { sees_page, ..self.scene }.block(&helper, &block.call);
        let truth = if block.kind == BlockKind::Inverted { truth.not() } else { truth };
        match truth {
            Truth::Yes => self.statements(name, &block.body, sees_page),
            Truth::No => self.statements(name, inverse, sees_page),
            Truth::Unknown => {
                let before = self.output.clone();
                self.alternatives += 1;
                self.statements(name, &block.body, sees_page);
                let body = std::mem::replace(&mut self.output, before);
                self.statements(name, inverse, sees_page);
                self.alternatives -= 1;
                self.output = self.output.clone().join(body);
            }
            Truth::Elsewhere if helper == "partial" || block.kind == BlockKind::Decorator => {}
            Truth::Elsewhere => {
                self.prints_shop = true;
                self.print_unknown(name);
                self.lose_sight(name, &block.body);
                self.lose_sight(name, inverse);
            }
        }
    }

    /// Follows a body that is printed anywhere from never to often, with other variables: what it
    /// may print counts, what it prints for sure does not.
    fn lose_sight(&mut self, name: &str, body: &[Statement]) {
        let before = self.output.clone();
        self.alternatives += 1;
        self.statements(name, body, false);
        self.alternatives -= 1;
        self.output = self.output.clone().join(before);
    }

    /// Whether it makes no difference any more what a template prints: the browser has left on every way,
    /// something of the shop is printed for sure, and nothing in it is read for where the browser is sent.
    fn is_idle(&mut self, name: &str) -> bool {
        self.is_gone |= self.alternatives == 0 && self.output.left;
        let is_alone = self.printing.len() <= 1 && !self.prints_shop;
        self.is_gone && !is_alone && !self.output.takes_unknown() && !self.leads_back(name)
    }

    /// Whether a template is, or includes at any depth, one in which the browser left.
    fn leads_back(&mut self, name: &str) -> bool {
        if self.left_in.contains(name) {
            return true;
        }
        let includes = |name: &str| {
            let file = self.templates.get(name);
            file.into_iter().flat_map(|file| &file.includes).map(|include| include.name.as_str())
        };
        let mut next: Vec<&'a str> = includes(name).collect();
        let mut seen = HashSet::new();
        while let Some(name) = next.pop() {
            if self.left_in.contains(name) {
                return true;
            }
            if !self.dead_ends.contains(name) && seen.insert(name) {
                next.extend(includes(name));
            }
        }
        self.dead_ends.extend(seen);
        false
    }

    fn prints(&mut self, name: &str) {
        if !self.printing.contains(name) {
            self.printing.insert(name.to_owned());
        }
    }

    /// Whether a template is known to print something, and its words do not count any more.
    fn is_skimmed(&self, name: &str) -> bool {
        self.output.left && self.printing.contains(name) && !self.left_in.contains(name)
    }

    fn print_unknown(&mut self, name: &str) {
        self.prints(name);
        self.output.read_unknown();
    }

    fn include(&mut self, from: &str, call: &Call, sees_page: bool) {
        let name = literal_name(&call.callee.kind);
        if name.as_ref().is_some_and(|name| self.is_idle(name)) {
            return;
        }
        let hides = call.hash.iter().any(|pair| TESTED_VARIABLES.contains(&pair.key.as_str()));
        let sees_page = sees_page && call.params.is_empty() && !hides;
        // What some template defines at run time may stand for the file.
        let is_defined = name.as_ref().is_some_and(|name| self.templates.is_defined(name));
        let before = self.output.clone();
        self.alternatives += usize::from(is_defined);
        let is_followed = name.is_some_and(|name| self.template(&name, sees_page).is_some());
        self.alternatives -= usize::from(is_defined);
        if is_defined || !is_followed {
            let followed = std::mem::replace(&mut self.output, before);
            self.prints_shop = true;
            self.print_unknown(from);
            if is_followed {
                self.output = self.output.clone().join(followed);
            }
        }
    }
}

/// Whether a call prints the nonce that the store's policy asks for; a helper does, so that it is the
/// same whatever the variables are.
fn prints_nonce(call: &Call) -> bool {
    literal_name(&call.callee.kind).as_deref() == Some("nonce")
}

/// Variables that a hash argument of an include would hide.
const TESTED_VARIABLES: &[&str] = &["template", "page_type", "in_development", "customer"];
