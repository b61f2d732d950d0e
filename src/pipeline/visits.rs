//! What each kind of visitor gets from each page of a guarded theme, for display.
//!
//! It only asks the verifier; `judge` decides whether the outcome is as it should be.

use super::Guarded;
use super::audience::{self, SHOPPERS, Visitors};
use super::words::{doubt, name};
use crate::guard::plan::Mechanism;
use crate::verify::{Outcome, Place, Verdict, Visitor};
use std::collections::{BTreeMap, BTreeSet};

/// What one kind of visitor gets from a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// The visitors, in words, as the subject of a sentence.
    pub who: String,
    /// Where they look at the page.
    pub place: Place,
    /// What they get.
    pub outcome: Outcome,
    /// The addresses that they are sent to.
    pub leads_to: BTreeSet<String>,
    /// Why the outcome is uncertain, each in one clause.
    pub doubts: Vec<String>,
}

/// Returns what each kind of visitor gets, by page. Kinds of shoppers who get the same share one entry.
pub fn visits(
    guarded: &Guarded,
    mechanism: &Mechanism,
    guards_development: bool,
    has_settings: bool,
) -> BTreeMap<String, Vec<Visit>> {
    let groups = match mechanism {
        Mechanism::Dispatch(groups) => groups.as_slice(),
        Mechanism::Redirect | Mechanism::None => &[],
    };
    let templates = &guarded.templates;
    let audience =
        audience::gather(templates, Some(groups), guards_development, has_settings, &|_, _| true);
    let mut visits: BTreeMap<String, Vec<Visit>> = BTreeMap::new();
    for Visitors { visitor, verdicts, .. } in audience.into_iter().filter(|kind| !kind.is_mixed) {
        for (page, verdict) in verdicts {
            visits.entry(page).or_default().push(visit(&visitor, verdict));
        }
    }
    visits.values_mut().for_each(tell_once);
    visits
}

fn visit(visitor: &Visitor, verdict: Verdict) -> Visit {
    Visit {
        who: capitalized(&name(visitor).phrase),
        place: visitor.place,
        outcome: verdict.outcome,
        leads_to: verdict.leads_to,
        doubts: verdict.doubts.iter().map(doubt).collect(),
    }
}

fn capitalized(phrase: &str) -> String {
    let mut characters = phrase.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

/// Merges the entries of shoppers if all of them get the same.
fn tell_once(visits: &mut Vec<Visit>) {
    let same = |one: &Visit, other: &Visit| {
        (one.outcome, &one.leads_to, &one.doubts) == (other.outcome, &other.leads_to, &other.doubts)
    };
    let shoppers = visits.get(..SHOPPERS).unwrap_or_default();
    if shoppers.windows(2).all(|pair| same(&pair[0], &pair[1])) && !shoppers.is_empty() {
        visits.drain(1..SHOPPERS);
        visits[0].who = "Shoppers, signed in or not".to_owned();
    }
}
