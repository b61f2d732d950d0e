//! Themes that people guarded themselves, each in another style, and what `check` must say of them.

use crate::driver::STOREFRONT;
use crate::styles::{STYLES, theme};
use stencil_guard::guard::group::Group;
use stencil_guard::guard::storefront::Storefront;
use stencil_guard::pipeline::PageFate;
use stencil_guard::pipeline::inspect::{self, CheckOptions};

fn letter(fate: PageFate, is_wrong: bool) -> char {
    match fate {
        PageFate::Kept => 'K',
        PageFate::Guarded if is_wrong => 'L',
        PageFate::Guarded => 'G',
        PageFate::Open => 'O',
        PageFate::Uncertain => '?',
        PageFate::Refused | PageFate::Shown => '!',
    }
}

#[test]
fn every_style_is_judged_rightly() {
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
        let fates = checked.pages.values().map(|page| letter(page.fate, page.reason.is_some()));
        let reasons: Vec<_> = checked.pages.values().map(|page| &page.reason).collect();
        assert_eq!(fates.collect::<String>(), style.fates, "{}: {reasons:#?}", style.what);
    }
}
