//! The kinds of visitors who may look at a page, and what each of them should get.
//!
//! This module knows the visitors; what is wrong if one of them gets something else is decided elsewhere.

use super::theme_settings;
use crate::guard::group::Group;
use crate::guard::script::leads_to;
use crate::guard::theme_settings::is_setting;
use crate::theme::Theme;
use crate::theme::pages::Templates;
use crate::theme::values::{self, NamedText};
use crate::verify::{self, Customer, Place, Scripts, Verdict, Visitor};
use std::collections::{BTreeMap, BTreeSet};

/// What a visitor should get from guarded pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    /// Never the page.
    Shopper,
    /// Never the page, on a store that has a content security policy.
    ShopperUnderPolicy,
    /// The page.
    Allowed,
    /// Anything: the options do not say.
    Unspecified,
    /// Anything: every outcome is harmless.
    Any,
}

/// Visitors of one kind, and the verdict of each page for them.
pub(super) struct Visitors {
    /// Who they are.
    pub(super) visitor: Visitor,
    /// What they should get.
    pub(super) expected: Expected,
    /// Whether the kind only combines properties of other kinds; reports name it only if something is wrong
    /// for it alone.
    pub(super) is_mixed: bool,
    /// What they get, by page.
    pub(super) verdicts: BTreeMap<String, Verdict>,
}

impl Visitors {
    /// Whether they visit the store in the usual way.
    pub(super) fn is_usual(&self) -> bool {
        let Visitor { customer, settings, .. } = self.visitor.clone();
        let is_as_built = settings.is_empty() || settings == theme_settings::as_built();
        is_as_built && self.visitor == Visitor { settings, ..Visitor::new(customer) }
    }
}

/// Judges the pages for every kind of visitor, in the order in which problems are reported: shoppers first.
///
/// `allowed` is `None` if the options do not say who may see guarded pages. `has_settings` says whether the
/// theme has the guard's own settings. Pages for which `is_wanted` returns false get no verdict.
pub(super) fn gather(
    templates: &Templates,
    allowed: Option<&[Group]>,
    guards_development: bool,
    has_settings: bool,
    is_wanted: &(dyn Fn(Expected, &str) -> bool + Sync),
) -> Vec<Visitors> {
    let mut kinds = kinds(templates, allowed, guards_development);
    if has_settings {
        kinds.iter_mut().for_each(|kind| kind.visitor.settings = theme_settings::as_built());
        let changed = theme_settings::changed().into_iter();
        kinds.extend(changed.map(|(visitor, should_see, is_mixed)| {
            let expected = if should_see { Expected::Allowed } else { Expected::Shopper };
            Kind { visitor, expected, is_mixed }
        }));
    }
    let visitors: Vec<Visitor> = kinds.iter().map(|kind| kind.visitor.clone()).collect();
    let is_wanted = |visitor: usize, page: &str| is_wanted(kinds[visitor].expected, page);
    let verdicts = verify::judge_some(templates, &visitors, &leads_to, &is_wanted);
    let judged = kinds.iter().zip(visitors).zip(verdicts);
    judged
        .map(|((kind, visitor), verdicts)| {
            let Kind { expected, is_mixed, .. } = *kind;
            Visitors { visitor, expected, is_mixed, verdicts }
        })
        .collect()
}

/// Returns the kinds of visitor that the templates, or the options, tell apart.
fn kinds(templates: &Templates, allowed: Option<&[Group]>, guards_development: bool) -> Vec<Kind> {
    let allowed: Option<BTreeSet<Customer>> =
        allowed.map(|groups| groups.iter().map(member).collect());
    let mut asked = verify::groups(templates);
    asked.extend(allowed.iter().flatten().cloned());
    let both = with_number_and_name(&asked);
    let expected = |customer: &Customer| match &allowed {
        Some(allowed) if halves(customer).any(|half| allowed.contains(&half)) => Expected::Allowed,
        Some(_) => Expected::Shopper,
        None => Expected::Unspecified,
    };
    let shoppers = shoppers().map(|customer| (customer, Expected::Shopper));
    let members = asked.into_iter().chain(both).map(|customer| {
        let expected = expected(&customer);
        (customer, expected)
    });
    let customers: Vec<(Customer, Expected)> = shoppers.into_iter().chain(members).collect();
    let usual = customers.iter().map(|(customer, expected)| Kind {
        visitor: Visitor::new(customer.clone()),
        expected: *expected,
        is_mixed: halves(customer).count() > 1,
    });
    let odd = odd_guests(guards_development);
    let odd = odd.map(|(visitor, expected)| Kind { visitor, expected, is_mixed: false });
    let mixed =
        customers.iter().skip(1).flat_map(|(customer, expected)| mixed(customer, *expected));
    usual.chain(odd).chain(mixed).collect()
}

/// Adds what the script files loaded by kept pages do, and what the texts and settings that they print name.
pub(super) fn add_files(
    audience: &mut [Visitors],
    theme: &Theme,
    templates: &Templates,
    kept: &BTreeSet<String>,
) {
    // The storefront that is set in the theme editor is the guard's, which kept pages do not print.
    let is_own = |setting: &NamedText| setting.key.rsplit('.').next().is_some_and(is_setting);
    for page in templates.pages().filter(|page| kept.contains(*page)) {
        let mut reach = verify::of_files(theme, templates, page);
        let texts = values::looked_up(theme, templates, page);
        let settings = values::of_settings(theme, templates, page);
        let settings = settings.iter().filter(|setting| !is_own(setting));
        reach.join(&verify::of_texts(texts.iter().chain(settings)));
        let runs = |visitors: &&mut Visitors| visitors.visitor.scripts == Scripts::Run;
        let verdicts = audience.iter_mut().filter(runs);
        for verdict in verdicts.filter_map(|visitors| visitors.verdicts.get_mut(page)) {
            verdict.reach.join(&reach);
        }
    }
}

/// Visitors of one kind, before they are judged.
struct Kind {
    visitor: Visitor,
    expected: Expected,
    is_mixed: bool,
}

/// Returns signed-in customers whose browser or place is not the usual one.
fn mixed(customer: &Customer, expected: Expected) -> impl Iterator<Item = Kind> {
    let visitor = Visitor::new(customer.clone());
    let under_policy =
        if expected == Expected::Shopper { Expected::ShopperUnderPolicy } else { expected };
    let kinds = [
        (Visitor { scripts: Scripts::Off, ..visitor.clone() }, expected),
        (Visitor { scripts: Scripts::WithNonce, ..visitor.clone() }, under_policy),
        (Visitor { place: Place::Frame, ..visitor }, expected),
    ];
    kinds.into_iter().map(|(visitor, expected)| Kind { visitor, expected, is_mixed: true })
}

/// The maximum number of pairs of a group ID and a group name.
const MAX_PAIRS: usize = 64;

/// Returns customers with both a group ID and a group name, paired from the groups that templates ask for by
/// either.
fn with_number_and_name(asked: &BTreeSet<Customer>) -> Vec<Customer> {
    let numbers = asked.iter().filter_map(|customer| match customer {
        Customer::Member { group_id, .. } if *group_id > 0 => Some(*group_id),
        _ => None,
    });
    let pairs = numbers.flat_map(|group_id| {
        asked.iter().filter_map(move |customer| match customer {
            Customer::Member { group_id: 0, group_name } => {
                Some(Customer::Member { group_id, group_name: group_name.clone() })
            }
            _ => None,
        })
    });
    pairs.take(MAX_PAIRS).collect()
}

/// Returns the customer with only the group ID, and with only the group name.
fn halves(customer: &Customer) -> impl Iterator<Item = Customer> {
    let (group_id, group_name) = match customer {
        Customer::Guest => (0, ""),
        Customer::Member { group_id, group_name } => (*group_id, group_name.as_str()),
    };
    let number = (group_id > 0).then(|| Customer::Member { group_id, group_name: String::new() });
    let name = (!group_name.is_empty())
        .then(|| Customer::Member { group_id: 0, group_name: group_name.to_owned() });
    number.into_iter().chain(name)
}

/// Returns guests whose browser, place or server is not the usual one.
fn odd_guests(guards_development: bool) -> [(Visitor, Expected); 5] {
    let guest = || Visitor::new(Customer::Guest);
    let development = if guards_development { Expected::Shopper } else { Expected::Any };
    [
        (Visitor { scripts: Scripts::Off, ..guest() }, Expected::Shopper),
        (Visitor { scripts: Scripts::WithNonce, ..guest() }, Expected::ShopperUnderPolicy),
        (Visitor { place: Place::Frame, ..guest() }, Expected::Shopper),
        // The checkout must work there; the store decides which page that is.
        (Visitor { place: Place::CheckoutPath, ..guest() }, Expected::Any),
        (Visitor { is_development: true, ..guest() }, development),
    ]
}

/// The number of kinds of ordinary shoppers, which come first.
pub(super) const SHOPPERS: usize = 3;

/// Returns one customer of each kind that is in no named group.
pub(super) fn shoppers() -> [Customer; SHOPPERS] {
    let member = |group_id: u64| Customer::Member { group_id, group_name: String::new() };
    [Customer::Guest, member(0), member(u64::MAX)]
}

/// Returns a customer of a group.
fn member(group: &Group) -> Customer {
    match group {
        Group::Id(id) => Customer::Member { group_id: id.get(), group_name: String::new() },
        Group::Name(name) => Customer::Member { group_id: 0, group_name: name.clone() },
    }
}
