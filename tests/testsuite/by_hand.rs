//! Themes that people guarded themselves, each in another style, and what `check` must say of them.

use crate::driver::STOREFRONT;
use crate::styles::{STYLES, theme};
use stencil_guard::guard::group::Group;
use stencil_guard::guard::storefront::Storefront;
use stencil_guard::pipeline::PageOutcome;
use stencil_guard::pipeline::inspect::{self, CheckOptions};

fn letter(outcome: PageOutcome, is_wrong: bool) -> char {
    match outcome {
        PageOutcome::Kept => 'K',
        PageOutcome::Guarded if is_wrong => 'L',
        PageOutcome::Guarded => 'G',
        PageOutcome::Open => 'O',
        PageOutcome::Uncertain => '?',
        PageOutcome::Refused | PageOutcome::Shown => '!',
    }
}

#[test]
fn every_hand_written_guard_style_is_judged_correctly() {
    assert!(STYLES.len() >= 15);
    for style in STYLES {
        let groups: Vec<Group> =
            style.group.iter().map(|group| Group::parse(group).unwrap()).collect();
        let options = CheckOptions {
            storefront: Some(Storefront::parse(STOREFRONT).unwrap()),
            allowed: Some(groups),
            ..CheckOptions::default()
        };
        let checked = inspect::check(&theme(style), &options).unwrap();
        let outcomes =
            checked.pages.values().map(|page| letter(page.outcome, page.reason.is_some()));
        let reasons: Vec<_> = checked.pages.values().map(|page| &page.reason).collect();
        assert_eq!(outcomes.collect::<String>(), style.outcomes, "{}: {reasons:#?}", style.what);
    }
}
