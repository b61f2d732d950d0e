//! What visitors of each kind get from each page of a guarded theme, for those who want to read it.
//!
//! It asks the verifier and adds nothing; whether that is as it should be is said by `judge`.

use super::Guarded;
use super::judge::{member, shoppers};
use super::words::doubt;
use crate::guard::plan::Mechanism;
use crate::guard::script::leads_to;
use crate::verify::{self, Customer, Outcome, Verdict, Visitor};
use std::collections::{BTreeMap, BTreeSet};

/// What visitors of one kind get from a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Who they are, in words, as the subject of a sentence.
    pub who: String,
    /// What they get.
    pub outcome: Outcome,
    /// The addresses to which what they get leads.
    pub leads_to: BTreeSet<String>,
    /// Why the outcome is uncertain, each in one clause.
    pub doubts: Vec<String>,
}

/// What visitors of each kind get, by page. Kinds of shoppers who get the same are told once.
pub fn visits(guarded: &Guarded, mechanism: &Mechanism) -> BTreeMap<String, Vec<Visit>> {
    let mut visits: BTreeMap<String, Vec<Visit>> = BTreeMap::new();
    for (who, visitor) in visitors(mechanism) {
        let verdicts = verify::judge(&guarded.theme, &guarded.templates, &visitor, &leads_to);
        for (page, verdict) in verdicts {
            visits.entry(page).or_default().push(visit(who.clone(), verdict));
        }
    }
    visits.values_mut().for_each(tell_once);
    visits
}

/// How many kinds of shoppers lead the list.
const SHOPPERS: usize = 3;

/// Every kind of visitor: shoppers first, then members of allowed groups, then browsers without scripts.
fn visitors(mechanism: &Mechanism) -> Vec<(String, Visitor)> {
    let groups = match mechanism {
        Mechanism::Dispatch(groups) => groups.as_slice(),
        Mechanism::Redirect | Mechanism::None => &[],
    };
    let names: [&str; SHOPPERS] =
        ["Guests", "Customers in no group", "Customers in any other group"];
    let visitor = |customer: Customer, scripts: bool| Visitor { customer, scripts };
    let shoppers = names.into_iter().map(str::to_owned).zip(shoppers());
    let members =
        groups.iter().map(|group| (format!("Members of customer group {group}"), member(group)));
    let mut all: Vec<(String, Visitor)> =
        shoppers.chain(members).map(|(who, customer)| (who, visitor(customer, true))).collect();
    all.push(("Browsers without scripts".to_owned(), visitor(Customer::Guest, false)));
    all
}

fn visit(who: String, verdict: Verdict) -> Visit {
    Visit {
        who,
        outcome: verdict.outcome,
        leads_to: verdict.leads_to,
        doubts: verdict.doubts.iter().map(doubt).collect(),
    }
}

/// Puts shoppers in one line if all of them get the same.
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
