//! What visitors of each kind get from each page of a guarded theme, for those who want to read it.
//!
//! It asks the verifier and adds nothing; whether that is as it should be is said by `judge`.

use super::Guarded;
use super::audience::{self, Visitors};
use super::words::doubt;
use crate::guard::plan::Mechanism;
use crate::verify::{Customer, Outcome, Place, Scripts, Verdict, Visitor};
use std::collections::{BTreeMap, BTreeSet};

/// What visitors of one kind get from a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Who they are, in words, as the subject of a sentence.
    pub who: String,
    /// Whether they see it in a frame of another page.
    pub is_framed: bool,
    /// What they get.
    pub outcome: Outcome,
    /// The addresses to which what they get leads.
    pub leads_to: BTreeSet<String>,
    /// Why the outcome is uncertain, each in one clause.
    pub doubts: Vec<String>,
}

/// What visitors of each kind get, by page. Kinds of shoppers who get the same are told once.
pub fn visits(
    guarded: &Guarded,
    mechanism: &Mechanism,
    guards_development: bool,
) -> BTreeMap<String, Vec<Visit>> {
    let groups = match mechanism {
        Mechanism::Dispatch(groups) => groups.as_slice(),
        Mechanism::Redirect | Mechanism::None => &[],
    };
    let audience =
        audience::gather(&guarded.theme, &guarded.templates, Some(groups), guards_development);
    let mut visits: BTreeMap<String, Vec<Visit>> = BTreeMap::new();
    for Visitors { visitor, verdicts, .. } in audience {
        for (page, verdict) in verdicts {
            visits.entry(page).or_default().push(visit(&visitor, verdict));
        }
    }
    visits.values_mut().for_each(tell_once);
    visits
}

fn visit(visitor: &Visitor, verdict: Verdict) -> Visit {
    Visit {
        who: name(visitor),
        is_framed: visitor.place == Place::Frame,
        outcome: verdict.outcome,
        leads_to: verdict.leads_to,
        doubts: verdict.doubts.iter().map(doubt).collect(),
    }
}

fn name(visitor: &Visitor) -> String {
    match (visitor.scripts, visitor.place, &visitor.customer) {
        (Scripts::Off, ..) => "Visitors without scripts".to_owned(),
        (Scripts::WithNonce, ..) => "Visitors of a store with a content security policy".to_owned(),
        (_, Place::Frame, _) => "Visitors in a frame of another page".to_owned(),
        (_, Place::CheckoutPath, _) => "Visitors at an address of the checkout".to_owned(),
        _ if visitor.is_development => "Developers on their own computers".to_owned(),
        (_, _, customer) => customer_name(customer),
    }
}

fn customer_name(customer: &Customer) -> String {
    match customer {
        Customer::Guest => "Guests".to_owned(),
        Customer::Member { group_id: 0, group_name } if group_name.is_empty() => {
            "Customers in no group".to_owned()
        }
        Customer::Member { group_id: u64::MAX, .. } => "Customers in any other group".to_owned(),
        Customer::Member { group_id: 0, group_name } => {
            format!("Members of customer group \"{group_name}\"")
        }
        Customer::Member { group_id, .. } => format!("Members of customer group {group_id}"),
    }
}

/// How many kinds of shoppers lead the audience.
const SHOPPERS: usize = 3;

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
