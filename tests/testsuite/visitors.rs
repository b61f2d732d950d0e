//! Visitors who are judged together get what each of them gets alone.

use crate::damaged::{Case, cases};
use crate::styles::{STYLES, theme};
use crate::themes;
use std::collections::{BTreeMap, BTreeSet};
use stencil_guard::guard::script::leads_to;
use stencil_guard::theme::Theme;
use stencil_guard::theme::pages::Templates;
use stencil_guard::verify::{
    Customer, Place, Scripts, Visitor, groups, judge, judge_page, switches,
};

/// Guests of every kind, then customers; each switch among the settings once on and once off.
fn visitors(templates: &Templates) -> Vec<Visitor> {
    let guest = || Visitor::new(Customer::Guest);
    let member = |group_id| Customer::Member { group_id, group_name: String::new() };
    let customers = [member(0), member(u64::MAX)].into_iter().chain(groups(templates));
    let switches: BTreeSet<String> =
        templates.pages().flat_map(|page| switches(templates, page)).collect();
    let switched = switches.iter().flat_map(|name| {
        [true, false].map(|is_on| {
            let switches = BTreeMap::from([(name.clone(), is_on)]);
            Visitor { switches, ..guest() }
        })
    });
    let odd = [
        guest(),
        Visitor { scripts: Scripts::Off, ..guest() },
        Visitor { scripts: Scripts::WithNonce, ..guest() },
        Visitor { place: Place::Frame, ..guest() },
        Visitor { place: Place::CheckoutPath, ..guest() },
        Visitor { is_development: true, ..guest() },
    ];
    odd.into_iter().chain(customers.map(Visitor::new)).chain(switched).collect()
}

/// Compares both ways; how many verdicts there are that are not the first guest's.
fn compare(what: &str, theme: &Theme) -> usize {
    let templates = Templates::new(theme);
    let visitors = visitors(&templates);
    let together = judge(&templates, &visitors, &leads_to);
    let mut differing = 0;
    for (visitor, of_visitor) in visitors.iter().zip(&together) {
        for (page, verdict) in of_visitor {
            let alone = judge_page(&templates, page, visitor, &leads_to);
            assert_eq!(*verdict, alone, "{what}, {page}, {visitor:?}");
            differing += usize::from(*verdict != together[0][page]);
        }
    }
    differing
}

#[test]
fn judging_visitors_together_matches_judging_each_alone() {
    let styles = STYLES.iter().map(|style| compare(style.what, &theme(style)));
    assert!(styles.sum::<usize>() >= 50);
    for Case { guarded, damaged, .. } in cases() {
        assert!(compare("guarded", &guarded) > 0);
        damaged.iter().for_each(|(what, theme)| {
            compare(what, theme);
        });
    }
    for name in themes::names() {
        let theme = stencil_guard::theme::load(&themes::folder().join(&name)).unwrap();
        compare(&name, &theme);
    }
}
