//! What `check` says of whole themes before and after each way to guard them: our own, and those that
//! `STENCIL_GUARD_THEMES` names.

use crate::driver::{STOREFRONT, options};
use crate::themes::{folder, names};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use stencil_guard::guard::group::Group;
use stencil_guard::guard::plan::Mechanism;
use stencil_guard::guard::storefront::Storefront;
use stencil_guard::pipeline::inspect::{self, CheckOptions};
use stencil_guard::pipeline::{self, PageFate};
use stencil_guard::theme::Theme;

/// Themes of which is known how many pages are kept and how many are not.
const KNOWN: &[(&str, usize, usize)] = &[("shop", 3, 47), ("Cornerstone 6.21.0", 2, 47)];

fn themes() -> Vec<PathBuf> {
    let more = std::env::var_os("STENCIL_GUARD_THEMES").unwrap_or_default();
    let more = std::env::split_paths(&more).filter(|path| !path.as_os_str().is_empty());
    names().into_iter().map(|name| folder().join(name)).chain(more).collect()
}

/// What becomes of each page, as `check` says it.
fn fates(theme: &Theme, groups: &[Group]) -> BTreeMap<String, PageFate> {
    let options = CheckOptions {
        storefront: Some(Storefront::parse(STOREFRONT).unwrap()),
        allowed: Some(groups.to_vec()),
        ..CheckOptions::default()
    };
    let checked = inspect::check(theme, &options).unwrap();
    checked.pages.into_iter().map(|(name, page)| (name, page.fate)).collect()
}

fn count(fates: &BTreeMap<String, PageFate>, fate: PageFate) -> usize {
    fates.values().filter(|other| **other == fate).count()
}

fn guarded(theme: &Theme, mechanism: Mechanism) -> Theme {
    pipeline::guard(theme, &options(mechanism)).unwrap().theme
}

#[test]
fn whole_themes_are_open_until_they_are_guarded() {
    let groups = [Group::parse("7").unwrap(), Group::parse("name:Staff").unwrap()];
    let modes =
        [Mechanism::Redirect, Mechanism::Dispatch(groups.to_vec()), Mechanism::Dispatch(vec![])];
    let mut known = 0;
    for path in themes() {
        let theme = stencil_guard::theme::load(&path).unwrap();
        let before = fates(&theme, &[]);
        let (kept, open) = (count(&before, PageFate::Kept), count(&before, PageFate::Open));
        let broken = count(&before, PageFate::Refused);
        assert_eq!(kept + open + broken, before.len(), "{}: {before:?}", path.display());
        for (_, kept_there, open_there) in KNOWN.iter().filter(|(name, ..)| is_it(name, &path)) {
            assert_eq!((kept, open), (*kept_there, *open_there), "{}", path.display());
            known += 1;
        }
        for mechanism in &modes {
            let allowed = match mechanism {
                Mechanism::Dispatch(groups) => groups.as_slice(),
                Mechanism::Redirect | Mechanism::None => &[],
            };
            let after = fates(&guarded(&theme, mechanism.clone()), allowed);
            let expected = before.iter().map(|(name, fate)| match fate {
                PageFate::Open => (name.clone(), PageFate::Guarded),
                fate => (name.clone(), *fate),
            });
            let what = || format!("{} {mechanism:?}", path.display());
            assert_eq!(after, expected.collect(), "{}", what());
        }
        assert_eq!(fates(&guarded(&theme, Mechanism::None), &[]), before, "{}", path.display());
    }
    assert!(known > 0);
}

/// Whether a theme is the one of that name, which is its folder or what it calls itself.
fn is_it(name: &str, path: &Path) -> bool {
    let config = std::fs::read(path.join("config.json")).unwrap_or_default();
    let config: serde_json::Value = serde_json::from_slice(&config).unwrap_or_default();
    let text = |member: &str| config[member].as_str().unwrap_or_default().to_owned();
    path.ends_with(name) || format!("{} {}", text("name"), text("version")) == name
}
