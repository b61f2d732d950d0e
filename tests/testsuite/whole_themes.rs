//! What `check` says of whole themes before and after each way to guard them: our own, and those that
//! `STENCIL_GUARD_THEMES` names.

#![allow(clippy::print_stderr)] // what cannot be told of a theme is listed

use crate::driver::{STOREFRONT, options};
use crate::themes::{folder, names};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use stencil_guard::guard::group::Group;
use stencil_guard::guard::plan::Mechanism;
use stencil_guard::guard::storefront::Storefront;
use stencil_guard::pipeline::checked_page::CheckedPage;
use stencil_guard::pipeline::inspect::{self, CheckOptions};
use stencil_guard::pipeline::{self, PageOutcome};
use stencil_guard::theme::Theme;
use stencil_guard::verify::Outcome;

/// Themes of which is known how many pages are kept and how many are not; nothing of them is uncertain.
const KNOWN: &[(&str, usize, usize)] = &[("shop", 3, 47), ("Cornerstone 6.21.0", 2, 47)];
/// Of so many pairs of a page and a visitor, the verdict on one may be uncertain.
const ONE_OF: usize = 50;

type Pages = BTreeMap<String, CheckedPage>;

fn themes() -> Vec<PathBuf> {
    let more = std::env::var_os("STENCIL_GUARD_THEMES").unwrap_or_default();
    let more = std::env::split_paths(&more).filter(|path| !path.as_os_str().is_empty());
    names().into_iter().map(|name| folder().join(name)).chain(more).collect()
}

/// What `check` says of each page.
fn checked(theme: &Theme, groups: &[Group]) -> Pages {
    let options = CheckOptions {
        storefront: Some(Storefront::parse(STOREFRONT).unwrap()),
        allowed: Some(groups.to_vec()),
        ..CheckOptions::default()
    };
    inspect::check(theme, &options).unwrap().pages
}

fn count(pages: &Pages, outcome: PageOutcome) -> usize {
    pages.values().filter(|page| page.outcome == outcome).count()
}

fn outcomes(pages: &Pages) -> BTreeMap<&str, PageOutcome> {
    pages.iter().map(|(name, page)| (name.as_str(), page.outcome)).collect()
}

/// The pages of which cannot be told what some visitor gets, by name. They are few; of our own themes and
/// of those that we know there are none.
fn cannot_tell<'p>(what: &str, pages: &'p Pages, is_known: bool) -> BTreeSet<&'p str> {
    let visitors = pages.iter().flat_map(|(name, page)| {
        page.visitors.iter().map(move |(_, outcome)| (name.as_str(), *outcome))
    });
    let all = visitors.clone().count();
    let uncertain: Vec<&str> = visitors
        .filter(|(_, outcome)| *outcome == Outcome::Uncertain)
        .map(|(name, _)| name)
        .collect();
    let names: BTreeSet<&str> = uncertain.iter().copied().collect();
    let most = if is_known { 0 } else { all / ONE_OF };
    assert!(uncertain.len() <= most, "{what}: {} of {all}: {names:?}", uncertain.len());
    if !names.is_empty() {
        eprintln!("{what}: cannot tell {} of {all} pairs: {names:?}", uncertain.len());
    }
    names
}

fn groups_of(mechanism: &Mechanism) -> &[Group] {
    match mechanism {
        Mechanism::Dispatch(groups) => groups,
        Mechanism::Redirect | Mechanism::None => &[],
    }
}

#[test]
fn guarding_closes_the_open_pages_of_whole_themes() {
    let groups = vec![Group::parse("7").unwrap(), Group::parse("name:Staff").unwrap()];
    let modes = [
        Mechanism::Redirect,
        Mechanism::Dispatch(groups),
        Mechanism::Dispatch(Vec::new()),
        Mechanism::None,
    ];
    let mut counted = 0;
    for path in themes() {
        let theme = stencil_guard::theme::load(&path).unwrap();
        let known = KNOWN.iter().find(|(name, ..)| is_it(name, &path));
        let is_known = known.is_some() || path.starts_with(folder());
        let before = checked(&theme, &[]);
        let what = path.display().to_string();
        cannot_tell(&what, &before, is_known);
        if let Some((_, kept, open)) = known {
            let found = (count(&before, PageOutcome::Kept), count(&before, PageOutcome::Open));
            assert_eq!(found, (*kept, *open), "{what}");
            assert_eq!(kept + open, before.len(), "{what}");
            counted += 1;
        }
        for mechanism in &modes {
            let what = format!("{what}, {mechanism:?}");
            let guarded = pipeline::guard(&theme, &options(mechanism.clone())).unwrap().theme;
            let after = checked(&guarded, groups_of(mechanism));
            cannot_tell(&what, &after, is_known);
            let outcome = |outcome: PageOutcome| match outcome {
                PageOutcome::Open | PageOutcome::Uncertain if *mechanism != Mechanism::None => {
                    PageOutcome::Guarded
                }
                outcome => outcome,
            };
            let expected =
                outcomes(&before).into_iter().map(|(name, before)| (name, outcome(before)));
            assert_eq!(outcomes(&after), expected.collect(), "{what}");
        }
    }
    assert!(counted > 0);
}

/// Whether a theme is the one of that name, which is its folder or what it calls itself.
fn is_it(name: &str, path: &Path) -> bool {
    let config = std::fs::read(path.join("config.json")).unwrap_or_default();
    let config: serde_json::Value = serde_json::from_slice(&config).unwrap_or_default();
    let text = |member: &str| config[member].as_str().unwrap_or_default().to_owned();
    path.ends_with(name) || format!("{} {}", text("name"), text("version")) == name
}
