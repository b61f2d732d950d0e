//! Everybody who may look at a page, and what each of them should get.
//!
//! It knows who there is, not what is wrong if somebody gets something else.

use crate::guard::group::Group;
use crate::guard::script::leads_to;
use crate::theme::pages::Templates;
use crate::verify::{self, Customer, Place, Scripts, Verdict, Visitor};
use std::collections::{BTreeMap, BTreeSet};

/// What somebody should get from guarded pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Right {
    /// Never the page.
    Shopper,
    /// Never the page, on a store that has a content security policy.
    ShopperUnderPolicy,
    /// The page.
    Allowed,
    /// Whatever it is: nobody said.
    Unsaid,
    /// Whatever it is: it harms nobody.
    Indifferent,
}

/// Visitors of one kind, and what each page does for them.
pub(super) struct Visitors {
    /// Who they are.
    pub(super) visitor: Visitor,
    /// What they should get.
    pub(super) right: Right,
    /// What they get, by page.
    pub(super) verdicts: BTreeMap<String, Verdict>,
}

/// Every kind of visitor, in the order in which a page's shortcomings are told: shoppers first.
/// Without `allowed`, nobody said who may see guarded pages. Pages that are not wanted for a kind have no
/// verdict.
pub(super) fn gather(
    templates: &Templates,
    allowed: Option<&[Group]>,
    guards_development: bool,
    is_wanted: &(dyn Fn(Right, &str) -> bool + Sync),
) -> Vec<Visitors> {
    let allowed: Option<BTreeSet<Customer>> =
        allowed.map(|groups| groups.iter().map(member).collect());
    let mut asked = verify::groups(templates);
    asked.extend(allowed.iter().flatten().cloned());
    let right = |customer: &Customer| match &allowed {
        Some(allowed) if allowed.contains(customer) => Right::Allowed,
        Some(_) => Right::Shopper,
        None => Right::Unsaid,
    };
    let shoppers = shoppers().map(|customer| (Visitor::new(customer), Right::Shopper));
    let members = asked.into_iter().map(|customer| {
        let right = right(&customer);
        (Visitor::new(customer), right)
    });
    let all = shoppers.into_iter().chain(members).chain(odd_guests(guards_development));
    let (visitors, rights): (Vec<Visitor>, Vec<Right>) = all.unzip();
    let is_wanted = |visitor: usize, page: &str| is_wanted(rights[visitor], page);
    let verdicts = verify::judge_some(templates, &visitors, &leads_to, &is_wanted);
    let judged = visitors.into_iter().zip(rights).zip(verdicts);
    judged.map(|((visitor, right), verdicts)| Visitors { visitor, right, verdicts }).collect()
}

/// Guests whose browser, place or server is not the usual one.
fn odd_guests(guards_development: bool) -> [(Visitor, Right); 5] {
    let guest = || Visitor::new(Customer::Guest);
    let development = if guards_development { Right::Shopper } else { Right::Indifferent };
    [
        (Visitor { scripts: Scripts::Off, ..guest() }, Right::Shopper),
        (Visitor { scripts: Scripts::WithNonce, ..guest() }, Right::ShopperUnderPolicy),
        (Visitor { place: Place::Frame, ..guest() }, Right::Shopper),
        // The checkout must work there; which page that is, the store decides.
        (Visitor { place: Place::CheckoutPath, ..guest() }, Right::Indifferent),
        (Visitor { is_development: true, ..guest() }, development),
    ]
}

/// How many kinds of ordinary shoppers there are; they come first.
pub(super) const SHOPPERS: usize = 3;

/// One customer of each kind that is in no group with a name.
fn shoppers() -> [Customer; SHOPPERS] {
    let member = |group_id: u64| Customer::Member { group_id, group_name: String::new() };
    [Customer::Guest, member(0), member(u64::MAX)]
}

/// A customer of a group.
fn member(group: &Group) -> Customer {
    match group {
        Group::Id(id) => Customer::Member { group_id: id.get(), group_name: String::new() },
        Group::Name(name) => Customer::Member { group_id: 0, group_name: name.clone() },
    }
}
